//! How functions that CPython has in C take their arguments, and what it says when these do not fit: natives, and the library's own functions
//! that stand for such ones. And the reverse: natives that CPython has in Python.

use super::bind::{missing_text, too_many_text};
use super::native::{Native, is_wrapper, lists};
use super::object::Object;
use super::program::Linked;
use super::value::{Symbol, Value};
use super::{Context, symbols, types};
use crate::bytecode::preemption::Version;
use std::rc::Rc;

/// Methods of sequences that took their arguments in an old way before 3.13, and functions of `time` that still do.
const OLD: &str = "find rfind index rindex count startswith endswith insert gmtime strftime ctime";

/// Methods that since 3.12 ask for the class that defines them, and so have the arguments parsed that nobody may give by name
/// (CPython 3.12, Modules/_asynciomodule.c, Modules/_queuemodule.c).
const PARSED: &str =
    "exception get_loop set_result set_exception add_done_callback remove_done_callback get_nowait";

/// What CPython's messages tell of a function in C.
pub(super) struct Signature<'a> {
    /// `__new__` where a class is called.
    name: &'a str,
    /// The type or module that messages name with it, or nothing.
    of: &'a str,
    /// How many parameters there are, by position only, by position, and how many must be given.
    all: usize,
    unnamed: usize,
    positional: usize,
    required: usize,
    variadic: bool,
    takes_keywords: bool,
    wrapper: bool,
    /// It is parsed as if it had names.
    parsed: bool,
    old: bool,
    version: Version,
}

impl Signature<'_> {
    /// What messages that parse the arguments call it.
    fn parser_name(&self) -> &str {
        match self.name {
            "__new__" => self.of,
            name => name,
        }
    }

    fn is_parsed(&self) -> bool {
        self.parsed || self.unnamed < self.all
    }

    /// What is wrong with the number of arguments, `plain` by position and `named` by keyword; empty if nothing. CPython has one sentence for each
    /// way in which a function in C takes its arguments (Python/getargs.c, Objects/typeobject.c): by their names, by position only, one or none,
    /// and as an operator.
    pub fn wrong_count(&self, plain: usize, named: usize) -> String {
        let (least, most, all, name) = (self.required, self.positional, self.all, self.name);
        let called = || match name {
            "__new__" => self.of.to_owned(),
            _ if self.of.is_empty() => name.to_owned(),
            _ => [self.of, ".", name].concat(),
        };
        let parsed = self.is_parsed();
        if !parsed && !self.takes_keywords && named > 0 {
            return match self.wrapper {
                true => format!("wrapper {name}() takes no keyword arguments"),
                false => format!("{}() takes no keyword arguments", called()),
            };
        }
        // It looks at its one argument before it hands the rest on.
        let parsed = parsed && name != "sorted";
        let (few, many) = (plain < least, plain > most && !self.variadic);
        if !parsed {
            return match few || many {
                true => self.wrong_positional(plain, few, &called()),
                false => String::new(),
            };
        }
        let called = self.parser_name();
        if all == 0 {
            // Before 3.13 it forgets to look for keywords.
            let given = plain + named * usize::from(self.version.at_least(3, 13));
            return match given {
                0 => String::new(),
                _ => format!("{called}() takes no arguments"),
            };
        }
        let too_many = plain + named > all && !self.variadic && !self.takes_keywords;
        let (limit, exact, bound, kind, given) = if too_many {
            if ["int", "str"].contains(&called) && named == 0 && self.version.at_least(3, 13) {
                return format!("{called} expected at most {all} arguments, got {plain}");
            }
            let kind = if plain == 0 { "keyword " } else { "" };
            (all, false, "at most", kind, plain + named)
        } else if many && most == 0 {
            return format!("{called}() takes no positional arguments");
        } else if many {
            (most, least == most, "at most", "positional ", plain)
        } else if plain < self.unnamed.min(least) {
            let first = self.unnamed.min(least);
            (first, first == most, "at least", "positional ", plain)
        } else {
            return String::new();
        };
        let bound = if exact { "exactly" } else { bound };
        let s = if limit == 1 { "" } else { "s" };
        format!("{called}() takes {bound} {limit} {kind}argument{s} ({given} given)")
    }

    /// The same of what takes its arguments by position only, too few or too many.
    fn wrong_positional(&self, plain: usize, few: bool, called: &str) -> String {
        let (least, most, name) = (self.required, self.positional, self.name);
        let limit = if few { least } else { most };
        let s = if limit == 1 { "" } else { "s" };
        let exact = least == most && !self.variadic;
        let bound = match (exact, few) {
            (true, _) => "exactly ",
            (_, true) => "at least ",
            (_, false) => "at most ",
        };
        if self.old && lists(OLD, name) {
            return format!("{name}() takes {bound}{limit} argument{s} ({plain} given)");
        }
        let alone = matches!(name, "__new__" | "sorted");
        if exact && most < 2 && !alone && !self.wrapper {
            return match most {
                0 => format!("{called}() takes no arguments ({plain} given)"),
                _ => format!("{called}() takes exactly one argument ({plain} given)"),
            };
        }
        let called = match name {
            // What takes two hands an empty name to the common check.
            _ if self.wrapper && most > 1 => " ",
            _ if self.wrapper => "",
            "__new__" => &[self.of, " "].concat(),
            "rotate" if self.old && self.of == "deque" => "deque.rotate ",
            name => &[name, " "].concat(),
        };
        let bound = if exact { "" } else { bound };
        format!("{called}expected {bound}{limit} argument{s}, got {plain}")
    }

    pub fn missing(&self, name: &str, at: usize) -> String {
        format!(
            "{}() missing required argument '{name}' (pos {})",
            self.parser_name(),
            at + 1
        )
    }

    /// There is no parameter of that name, or it has an argument already, at that place; empty if that does not matter.
    pub fn left_over(&self, given: &str, at: Option<usize>) -> String {
        if let Some(at) = at {
            let (name, place) = (self.parser_name(), at + 1);
            return format!(
                "argument for {name}() given by name ('{given}') and position ({place})"
            );
        }
        let name = match self.parser_name() {
            // It hands its keywords on.
            "sorted" => "sort",
            // They look themselves.
            "zip_longest" => return "zip_longest() got an unexpected keyword argument".to_owned(),
            name => name,
        };
        if self.all == 0 {
            String::new()
        } else if self.version.at_least(3, 13) {
            format!("{name}() got an unexpected keyword argument '{given}'")
        } else if self.version.at_least(3, 7) {
            format!("'{given}' is an invalid keyword argument for {name}()")
        } else {
            format!("'{given}' is an invalid keyword argument for this function")
        }
    }
}

impl Context<'_> {
    /// How a native takes its arguments; what it is called on is known where it is a method.
    #[cold]
    #[inline(never)]
    pub(super) fn signature<'a>(&self, native: &'a Native, object: Option<Value>) -> Signature<'a> {
        let of = native.method_of.unwrap_or(types::OBJECT);
        let version = self.machine.version;
        let sequence = [types::STR, types::BYTES, types::BYTEARRAY, types::DEQUE].contains(&of);
        // Tasks have methods of their own.
        let task = of == types::FUTURE
            && object.is_some_and(|o| types::derives(self.machine.type_number(o), types::TASK))
            && native.name != "get_loop";
        let of_type = match native.method_of {
            _ if task => "Task",
            // They are written once for several types.
            Some(types::DICT_VIEW | types::ITERATOR) => {
                types::name(object.map_or(of, |o| self.type_number(o)))
            }
            of => of.map_or("", types::name),
        };
        // Before 3.13 it parsed nothing.
        let unnamed = match native.name {
            "replace" if !version.at_least(3, 13) => native.parameters.len(),
            _ => native.parameters.iter().filter(|p| !p.by_name).count(),
        };
        Signature {
            name: native.name,
            of: native.module.unwrap_or(of_type),
            all: native.parameters.len(),
            unnamed,
            positional: native.positional,
            required: native.required,
            variadic: native.variadic,
            takes_keywords: native.takes_keywords,
            wrapper: native.is_wrapper(),
            parsed: of == types::FUTURE && version.at_least(3, 12) && lists(PARSED, native.name),
            old: sequence && !version.at_least(3, 13),
            version,
        }
    }

    /// What is wrong with a call of a function of the library that CPython has in C; empty if nothing is there. None of others.
    /// `slots` are the parameters with what was given and the defaults.
    #[cold]
    #[inline(never)]
    pub(super) fn wrong_in_c(
        &self,
        linked: &Linked,
        slots: &[Value],
        defaults: usize,
        given: usize,
        names: &[Symbol],
    ) -> Option<String> {
        let whole = &linked.code.qualified_name;
        let of = self.machine.counterpart(linked)?;
        let (of, name, own) = match whole.rsplit_once('.') {
            Some((class, "__init__" | "__new__" | "__call__")) => (class, "__new__", 1),
            Some((class, name)) => (class, name, 1),
            None => (of, whole.as_str(), 0),
        };
        let p = linked.code.parameters;
        let positional = (p.positional_only + p.positional) as usize;
        let version = self.machine.version;
        let signature = Signature {
            name,
            of,
            all: slots.len() - own,
            unnamed: (p.positional_only as usize).saturating_sub(own),
            positional: positional - own,
            required: (positional - own).saturating_sub(defaults),
            variadic: p.star,
            takes_keywords: p.double_star,
            wrapper: is_wrapper(None, name),
            parsed: own > 0 && lists(PARSED, name),
            old: true,
            version,
        };
        let plain = given.saturating_sub(own);
        let mut text = signature.wrong_count(plain, names.len());
        let place = |name: &Symbol| {
            let found = linked.slots[..slots.len()].iter().position(|s| s == name)?;
            (found >= p.positional_only as usize).then_some(found - own)
        };
        if text.is_empty()
            && let Some(at) = slots[..positional].iter().position(|v| v.is_null())
        {
            text = signature.missing(self.name(linked.slots[at]), at - own);
        }
        let mut left = names.iter().map(|n| (self.name(*n), place(n)));
        if text.is_empty()
            && let Some((name, at)) = left.find(|(_, at)| at.is_none_or(|at| at < plain))
        {
            text = signature.left_over(name, at);
        }
        Some(text)
    }

    /// What is wrong with a call of a native that CPython has in Python, as a method of `class`. CPython 3.12, Python/ceval.c,
    /// initialize_locals.
    #[cold]
    #[inline(never)]
    pub(super) fn wrong_in_python(
        &self,
        class: &str,
        native: &Native,
        plain: usize,
        names: &[Symbol],
    ) -> String {
        let all = &native.parameters;
        let mut problem = None;
        for name in names {
            let text = self.name(*name);
            match all.iter().position(|p| p.name == *name) {
                Some(at) if at >= plain.min(native.positional) => continue,
                Some(_) => problem = Some(format!("got multiple values for argument '{text}'")),
                None => problem = Some(format!("got an unexpected keyword argument '{text}'")),
            }
            break;
        }
        let (least, most) = (native.required, native.positional);
        if problem.is_none() && plain > most && !native.variadic {
            problem = Some(too_many_text(
                most + 1,
                most - least,
                plain + 1,
                names.len(),
            ));
        }
        let missing = || {
            let open = all[..least].iter().skip(plain).map(|p| p.name);
            let open = open.filter(|name| !names.contains(name));
            missing_text(open.map(|name| self.name(name)).collect(), "positional")
        };
        match problem.or_else(missing) {
            Some(text) => [class, ".", native.name, "() ", &text].concat(),
            None => String::new(),
        }
    }
}

impl super::Machine {
    /// `__qualname__` of a function: what was put there, or as it was defined.
    #[cold]
    pub fn qualified_name(&self, function: Value) -> Rc<str> {
        let Some(Object::Function(f)) = self.heap.object(function) else {
            return "?".into();
        };
        let own = f.attributes.get(symbols::QUALNAME);
        let own = own.and_then(|name| self.heap.text(name));
        let linked = &self.program.codes[f.code as usize];
        own.unwrap_or(&linked.code.qualified_name).into()
    }

    /// The module in which CPython has in C what a function of the library stands for.
    pub fn counterpart(&self, linked: &Linked) -> Option<&'static str> {
        let module = self.text(self.modules[linked.module as usize].name);
        (!linked.user).then(|| crate::library::counterpart(module, &linked.code.qualified_name))?
    }
}

//! Native functions: their registry and how they take arguments.
//!
//! A group of natives is one file with one table of [`Definition`]s, and one line in `GROUPS`.

use super::value::{Symbol, Value};
use super::{Context, Outcome, types};

/// A native: arguments are borrowed (the caller releases them), the result is owned.
pub type Function = fn(&mut Context<'_>, &[Value]) -> Outcome;

/// How a native is registered. Methods take their object as first argument, `self`, which is not named in `parameters`.
#[derive(Clone, Copy)]
pub struct Definition {
    /// Its name in Python.
    pub name: &'static str,
    pub function: Function,
    /// The parameters' names, separated by spaces. `*` before one takes the rest of the positional ones as they come (variadic: the native
    /// gets them all behind the fixed ones); a name with `=` may be left out (NULL is passed); after a lone `/` names before it are positional-only;
    /// after a lone `|` they are keyword-only. Example: `"key= | default="`.
    pub parameters: &'static str,
}

/// Shorthand for tables.
pub const fn define(
    name: &'static str,
    parameters: &'static str,
    function: Function,
) -> Definition {
    Definition {
        name,
        function,
        parameters,
    }
}

/// Where a group's natives are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Names everywhere.
    Builtins,
    /// Methods (and class methods) of a built-in type. Class methods' names begin with `@`: their first argument is the type.
    Type(u16),
    /// Attributes of a native module.
    Module(&'static str),
}

/// One file's natives.
pub struct Group {
    pub place: Place,
    pub natives: &'static [Definition],
}

/// A native made ready.
#[derive(Clone)]
pub struct Native {
    pub name: &'static str,
    pub function: Function,
    pub parameters: Box<[Parameter]>,
    pub variadic: bool,
    /// Keywords that fit no parameter come as a dict behind a NULL, after everything else.
    pub takes_keywords: bool,
    pub method_of: Option<u16>,
    /// The module that messages name with it.
    pub module: Option<&'static str>,
    pub class_method: bool,
    /// How many must be given at least, without `self`.
    pub required: usize,
    /// How many may be given by position.
    pub positional: usize,
    /// It takes all items of its first argument, which may block in between, see `Context::gathers`.
    pub gathers: bool,
    /// It looks at or changes what lies outside of all processes.
    pub outside: bool,
    /// A call by position with fitting arguments needs nothing but these: no look at the first one beyond its type, no list.
    pub direct: bool,
    /// The same where it is `__new__`, called through its type.
    pub makes: bool,
}

/// Functions that go through all items of their first argument.
const GATHER: [&str; 4] = ["sorted", "sum", "min", "max"];

/// Functions of `_kernel` that look at or change what lies outside of all processes, see [`super::watch::outside`].
const OUTSIDE: [&str; 23] = [
    "file_open",
    "file_read",
    "file_write",
    "file_seek",
    "file_truncate",
    "file_unlock",
    "file_close",
    "path_size",
    "path_remove",
    "path_rename",
    "paths",
    "shared_wait",
    "semaphore_acquire",
    "semaphore_release",
    "semaphore_value",
    "pipe_send",
    "pipe_receive",
    "pipe_wait",
    "cell_get",
    "cell_set",
    "exit_code",
    "exit_process",
    "kill",
];

/// Whether a name is among those that a text lists, with spaces between.
#[inline(never)]
pub fn lists(names: &str, name: &str) -> bool {
    names.split(' ').any(|n| n == name)
}

/// Special methods that CPython has as functions.
const METHODS: &str = "__new__ __format__ __round__ __reversed__ __length_hint__ __enter__ __exit__ __get__ __init_subclass__";

/// Whether a method of a type stands for an operator.
pub fn is_wrapper(of: Option<u16>, name: &str) -> bool {
    let function = match (of, name) {
        (Some(types::DICT | types::SET | types::FROZENSET), "__contains__")
        | (Some(types::DICT | types::LIST), "__getitem__") => true,
        (_, name) => lists(METHODS, name),
    };
    name.starts_with("__") && !function
}

/// So many parameters, with `self`, has a native that is called directly.
pub const DIRECT: usize = 6;

#[derive(Clone, Copy)]
pub struct Parameter {
    pub name: Symbol,
    pub required: bool,
    pub by_name: bool,
}

/// All natives by number, and the tables that find them.
#[derive(Default)]
pub struct Natives {
    pub all: Vec<Native>,
    /// For each built-in type its methods.
    pub methods: Vec<Vec<(Symbol, u16)>>,
    pub builtins: Vec<(Symbol, u16)>,
    pub modules: Vec<(&'static str, Vec<(Symbol, u16)>)>,
    /// For each built-in type its methods and those of its bases, by symbol.
    found: Vec<Box<[(Symbol, u16)]>>,
    /// For each built-in type the `__new__` that a call of it comes to, where nothing else is to be looked at.
    makers: Vec<Option<u16>>,
}

/// Types that take all items of their first argument, see `Context::gathers`.
pub const GATHERING_TYPES: [u16; 4] = [types::LIST, types::TUPLE, types::SET, types::FROZENSET];

impl Natives {
    /// Reads the groups' tables; `intern` gives names their symbols.
    pub fn new(groups: &[&Group], intern: &mut impl FnMut(&str) -> Symbol) -> Natives {
        let mut natives = Natives {
            methods: vec![Vec::new(); types::COUNT as usize],
            ..Natives::default()
        };
        for group in groups {
            for definition in group.natives {
                let number = natives.all.len() as u16;
                let class_method = definition.name.starts_with('@');
                let name = definition.name.trim_start_matches('@');
                let symbol = intern(name);
                let mut native = Native {
                    name,
                    function: definition.function,
                    parameters: Box::default(),
                    variadic: false,
                    takes_keywords: false,
                    method_of: None,
                    module: match group.place {
                        Place::Module("_kernel") if name == "sleep" => Some("time"),
                        Place::Module("_kernel") if name == "get_running_loop" => Some("_asyncio"),
                        Place::Module(module) if module != "_kernel" => Some(module),
                        _ => None,
                    },
                    class_method,
                    required: 0,
                    positional: 0,
                    gathers: group.place == Place::Builtins && GATHER.contains(&name),
                    outside: group.place == Place::Module("_kernel") && OUTSIDE.contains(&name),
                    direct: false,
                    makes: false,
                };
                native.read(definition.parameters, intern);
                match group.place {
                    Place::Builtins => natives.builtins.push((symbol, number)),
                    Place::Type(of) => {
                        native.method_of = Some(of);
                        natives.methods[of as usize].push((symbol, number));
                    }
                    Place::Module(module) => {
                        match natives.modules.iter_mut().find(|(m, _)| *m == module) {
                            Some((_, list)) => list.push((symbol, number)),
                            None => natives.modules.push((module, vec![(symbol, number)])),
                        }
                    }
                }
                let fits = native.takes_what_lies_there() && !native.outside;
                native.makes = fits && native.name == "__new__";
                native.direct = fits && native.receives_its_own();
                natives.all.push(native);
            }
        }
        let all = (0..types::COUNT).map(|of| natives.with_bases(of)).collect();
        natives.found = all;
        let new = intern("__new__");
        let maker = |of: u16| {
            let number = natives.method(of, new)?;
            let plain = !types::is_exception(of) && !GATHERING_TYPES.contains(&of);
            (plain && natives.all[number as usize].makes).then_some(number)
        };
        natives.makers = (0..types::COUNT).map(maker).collect();
        natives
    }

    fn with_bases(&self, mut of: u16) -> Box<[(Symbol, u16)]> {
        let mut found = Vec::new();
        loop {
            found.extend_from_slice(&self.methods[of as usize]);
            if of == types::OBJECT {
                break;
            }
            of = types::base(of);
        }
        // The first of a name stays: it is the nearest.
        found.sort_by_key(|(name, _)| *name);
        found.dedup_by_key(|(name, _)| *name);
        found.into()
    }

    /// The method of a built-in type or of its bases.
    pub fn method(&self, of: u16, name: Symbol) -> Option<u16> {
        let found = &self.found[of as usize];
        let at = found.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        Some(found[at].1)
    }

    /// The `__new__` that a call of a built-in type comes to, if it needs nothing but fitting arguments by position.
    pub fn maker(&self, of: u16) -> Option<u16> {
        self.makers[of as usize]
    }
}

impl Native {
    fn read(&mut self, text: &str, intern: &mut impl FnMut(&str) -> Symbol) {
        let mut parameters = Vec::new();
        let mut keyword_only = false;
        for word in text.split_whitespace() {
            match word {
                "/" => parameters
                    .iter_mut()
                    .for_each(|p: &mut Parameter| p.by_name = false),
                "|" => keyword_only = true,
                "**" => self.takes_keywords = true,
                _ if word.starts_with('*') => self.variadic = true,
                _ => {
                    let required = !word.ends_with('=');
                    self.required += required as usize;
                    self.positional += !keyword_only as usize;
                    parameters.push(Parameter {
                        name: intern(word.trim_end_matches('=')),
                        required,
                        by_name: true,
                    });
                }
            }
        }
        self.parameters = parameters.into();
    }

    /// Whether it stands for an operator: CPython's method-wrapper, no function of its own.
    pub fn is_wrapper(&self) -> bool {
        self.method_of.is_some() && is_wrapper(self.method_of, self.name)
    }

    /// The class in which CPython has it in Python. CPython 3.12, Lib/asyncio/base_events.py, Lib/asyncio/events.py.
    pub fn python_class(&self) -> Option<&'static str> {
        match (self.method_of?, self.name) {
            (types::LOOP, _) => Some("BaseEventLoop"),
            (types::HANDLE, "when") => Some("TimerHandle"),
            (types::HANDLE, _) => Some("Handle"),
            _ => None,
        }
    }

    /// Its first argument is of its type, or it has none.
    fn receives_its_own(&self) -> bool {
        match self.method_of {
            Some(of) => of != types::OBJECT && !self.class_method && self.name != "__new__",
            None => true,
        }
    }

    /// Its parameters are few, and each is one argument by position or missing at the end.
    fn takes_what_lies_there(&self) -> bool {
        let (first, rest) = self
            .parameters
            .split_at(self.required.min(self.parameters.len()));
        !self.variadic
            && !self.takes_keywords
            && !self.gathers
            && first.iter().all(|p| p.required)
            && rest.iter().all(|p| !p.required)
            && self.required <= self.positional
            && self.parameters.len() < DIRECT
    }
}

//! What exceptions of built-in types keep beside their arguments: `errno`, `obj`, a group's `exceptions`. Each is an attribute under its name
//! with a space before it, so that it is not in `__dict__`.

use super::call::Arguments;
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, Machine, Outcome, symbols, types};

/// The names, in the order of the arguments by place that give them.
const MEMBERS: &[(u16, &str)] = &[
    (types::OS_ERROR, "errno strerror filename - filename2"),
    (types::STOP_ITERATION, "value"),
    (types::SYSTEM_EXIT, "code"),
    (types::IMPORT_ERROR, "msg name path name_from"),
    (types::NAME_ERROR, "name"),
    (types::ATTRIBUTE_ERROR, "name obj"),
    (
        types::UNICODE_DECODE_ERROR,
        "encoding object start end reason",
    ),
    (
        types::UNICODE_ENCODE_ERROR,
        "encoding object start end reason",
    ),
    (types::BASE_EXCEPTION_GROUP, "message exceptions"),
];

impl Machine {
    /// The names of the members that exceptions of a class have, none for most, and the type they come from.
    pub fn members(&self, class: Value) -> (u16, &'static str) {
        let has = |(of, _): &&(u16, &str)| self.is_subclass(class, types::value(*of));
        MEMBERS.iter().find(has).copied().unwrap_or_default()
    }

    /// Whether an attribute of an exception is none to the program.
    pub fn is_member(&self, name: Symbol) -> bool {
        self.text(name).starts_with(' ')
    }

    /// Gives an exception what its arguments by place say of it.
    pub fn fill_members(&mut self, exception: Value) {
        let Some(Object::Exception(e)) = self.heap.object(exception) else {
            return;
        };
        let (class, args) = (e.class, e.args);
        let Some(Object::Tuple(items)) = self.heap.object(args) else {
            return;
        };
        let (of, names) = self.members(class);
        let fills = match of {
            types::OS_ERROR => (2..6).contains(&items.len()),
            types::UNICODE_DECODE_ERROR | types::UNICODE_ENCODE_ERROR => true,
            types::IMPORT_ERROR => items.len() == 1,
            _ => false,
        };
        if !fills {
            return;
        }
        let items = items.to_vec();
        let number = |value: &Value| value.as_int().is_some();
        let is_blocking = self.is_subclass(class, types::value(types::BLOCKING_IO_ERROR));
        // What a file is called is no argument; a BlockingIOError's third is no file.
        let (names, file) = match items.get(2) {
            Some(third) if of == types::OS_ERROR => match third {
                none if none.is_none() => ("errno strerror", false),
                third if is_blocking && number(third) => ("errno strerror", false),
                _ => (names, true),
            },
            _ => (names, false),
        };
        if file {
            for value in &items[..2] {
                self.heap.retain(*value);
            }
            let short = self.heap.tuple(items[..2].to_vec());
            if let Some(Object::Exception(e)) = self.heap.object_mut(exception) {
                e.args = short;
            }
        }
        for (name, value) in names.split(' ').zip(&items) {
            self.heap.retain(*value);
            self.set_member(exception, name, *value);
        }
        if file {
            self.heap.release(args);
        }
    }

    /// Sets a member of an exception; takes over `value`.
    pub fn set_member(&mut self, exception: Value, name: &str, value: Value) {
        let symbol = self.symbol(&[" ", name].concat());
        if let Some(Object::Exception(e)) = self.heap.object_mut(exception) {
            let old = e.attributes.set(symbol, value);
            self.heap.release_all(old);
        }
    }

    /// A member of an exception (borrowed), or None.
    pub fn member(&self, exception: Value, name: &str) -> Value {
        self.given_member(exception, name).unwrap_or(Value::NONE)
    }

    /// The same if something was set.
    pub fn given_member(&self, exception: Value, name: &str) -> Option<Value> {
        let symbol = self.program.names.find(&[" ", name].concat())?;
        match self.heap.object(exception) {
            Some(Object::Exception(e)) => e.attributes.get(symbol)?.given(),
            _ => None,
        }
    }
}

impl Context<'_> {
    /// Whether a name is one of an exception's members.
    pub fn has_member(&self, exception: Value, name: Symbol) -> bool {
        let (_, names) = self.machine.members(self.type_of(exception));
        names.split(' ').any(|member| member == self.name(name))
    }

    /// A new exception of this class with these arguments by place, as `__new__` makes it.
    pub fn make_exception(&mut self, class: Value, args: &[Value]) -> Outcome {
        let (of, _) = self.machine.members(class);
        let args = self.tuple_of(args);
        let check = match of {
            types::BASE_EXCEPTION_GROUP => {
                let group = self.call_library("_exceptions", "group", &[class, args]);
                self.heap().release(args);
                return group;
            }
            types::UNICODE_DECODE_ERROR => "check_decoding",
            types::UNICODE_ENCODE_ERROR => "check_encoding",
            _ => return Ok(self.machine.exception(class, args)),
        };
        if let Err(control) = self.call_library("_exceptions", check, &[args]) {
            self.heap().release(args);
            return Err(control);
        }
        Ok(self.machine.exception(class, args))
    }

    /// Raises what says that text cannot be encoded or decoded.
    pub fn unicode_error(
        &mut self,
        kind: u16,
        (name, given): (&str, Value),
        (start, end): (usize, usize),
        reason: &str,
    ) -> Outcome {
        let name = self.heap().str(name);
        let given = self.heap().retain(given);
        let reason = self.heap().str(reason);
        let place = |at: usize| Value::int(at as i64);
        let args = self
            .heap()
            .tuple(vec![name, given, place(start), place(end), reason]);
        Err(super::Control::Raise(
            self.machine.exception(types::value(kind), args),
        ))
    }

    /// Gives an exception (owned) the members that arguments say by name; takes over all of the arguments.
    pub fn name_members(&mut self, exception: Value, mut arguments: Arguments) -> Outcome {
        let class = self.type_of(exception);
        let (of, names) = self.machine.members(class);
        let names = match of {
            types::IMPORT_ERROR if self.machine.version.at_least(3, 12) => &names[4..],
            types::IMPORT_ERROR => "name path",
            types::NAME_ERROR | types::ATTRIBUTE_ERROR => names,
            _ => "",
        };
        let named = arguments.values.len() - arguments.names.len();
        let values = arguments.values.split_off(named);
        self.machine.heap.release_all(arguments.values);
        let mut wrong = None;
        for (name, value) in arguments.names.iter().zip(values) {
            let name = self.name(*name).to_owned();
            if wrong.is_none() && names.split(' ').any(|member| member == name) {
                self.machine.set_member(exception, &name, value);
            } else {
                self.heap().release(value);
                wrong.get_or_insert(name);
            }
        }
        let Some(wrong) = wrong else {
            return Ok(exception);
        };
        self.heap().release(exception);
        let text = match names {
            "" => [
                self.machine.class_name(class),
                "() takes no keyword arguments",
            ]
            .concat(),
            _ => {
                let of = types::name(of);
                match self.machine.version.at_least(3, 13) {
                    true => format!("{of}() got an unexpected keyword argument '{wrong}'"),
                    false => format!("'{wrong}' is an invalid keyword argument for {of}()"),
                }
            }
        };
        self.error(types::TYPE_ERROR, &text)
    }

    /// Whether a class of OSErrors has an `__init__` of the program's, but no `__new__`: then they get their arguments from that alone.
    pub(super) fn only_initializes(&self, class: Value) -> bool {
        let is_error = (self.machine).is_subclass(class, types::value(types::OS_ERROR));
        let own = |name| {
            let found = self.machine.class_attribute(class, name);
            found.is_some_and(|it| !matches!(it.view(), View::Native(_)))
        };
        is_error && own(symbols::INIT) && !own(symbols::NEW)
    }
}

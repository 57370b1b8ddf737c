//! Attributes: lookup along classes, properties, methods, `__getattr__` and its kin.

use super::call::Arguments;
use super::frame::{After, FRAME_USER};
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};

/// What a lookup found.
pub(super) enum Found {
    /// A value to be given as it is; borrowed.
    Plain(Value),
    /// A function, to be bound to the object; borrowed.
    Bind(Value),
    /// A property's getter, to be called with the object; borrowed.
    Getter(Value),
    /// An object with `__get__` in its class, and that function; borrowed.
    Descriptor {
        descriptor: Value,
        function: Value,
    },
    /// A class method's function, to be bound to the class; borrowed.
    BindClass(Value),
    /// An owned value made for the occasion.
    Made(Value),
    /// `__getattribute__` of the object's class; borrowed.
    Asked(Value),
    Missing,
}

impl Context<'_> {
    /// `object.name`; takes over `object`. `Called` for a property or `__getattr__`.
    pub fn load_attribute(&mut self, object: Value, name: Symbol) -> Outcome {
        let result = self.get_attribute(object, name, After::Push);
        self.heap().release(object);
        result
    }

    /// `object.name` with the object borrowed; frames it needs end in `after`.
    pub fn get_attribute(&mut self, object: Value, name: Symbol, after: After) -> Outcome {
        let found = self.find_attribute(object, name)?;
        self.take_attribute(found, object, name, after)
    }

    /// What was found of `object.name`.
    fn take_attribute(
        &mut self,
        found: Found,
        object: Value,
        name: Symbol,
        after: After,
    ) -> Outcome {
        match found {
            Found::Plain(value) => Ok(self.record_attribute_read(object, name, value)),
            Found::Made(value) => Ok(value),
            Found::Bind(function) => Ok(self.bound(function, object)),
            Found::BindClass(function) => {
                let class = if self.machine.is_class(object) {
                    object
                } else {
                    self.type_of(object)
                };
                Ok(self.bound(function, class))
            }
            Found::Getter(getter) if getter.is_none() => {
                self.lacks_accessor(object, name, "getter")
            }
            Found::Getter(getter) => {
                self.heap().retain(object);
                self.call_borrowed(
                    getter,
                    Arguments {
                        values: vec![object],
                        names: Vec::new(),
                    },
                    after,
                )
            }
            Found::Descriptor {
                descriptor,
                function,
            } => {
                let values = if self.machine.is_class(object) {
                    vec![descriptor, Value::NONE, object]
                } else {
                    vec![descriptor, object, self.type_of(object)]
                };
                for value in &values {
                    self.machine.heap.retain(*value);
                }
                let names = Vec::new();
                self.call_borrowed(function, Arguments { values, names }, after)
            }
            Found::Asked(function) => self.ask_attribute(function, object, name, after),
            Found::Missing => match self.special(object, symbols::GET_ATTR) {
                Some(function) => self.call_with_name(function, object, name, after),
                None => self.no_attribute(object, name),
            },
        }
    }

    fn call_with_name(
        &mut self,
        function: Value,
        object: Value,
        name: Symbol,
        after: After,
    ) -> Outcome {
        let text = self.name(name).to_owned();
        let values = vec![self.heap().retain(object), self.heap().str(&text)];
        let names = Vec::new();
        self.call_borrowed(function, Arguments { values, names }, after)
    }

    /// Calls `__getattribute__`, and `__getattr__` if that finds nothing. CPython 3.12, Objects/typeobject.c, slot_tp_getattr_hook.
    #[cold]
    #[inline(never)]
    fn ask_attribute(
        &mut self,
        function: Value,
        object: Value,
        name: Symbol,
        after: After,
    ) -> Outcome {
        let Some(missing) = self.special(object, symbols::GET_ATTR) else {
            return self.call_with_name(function, object, name, after);
        };
        let text = self.name(name).to_owned();
        let text = self.heap().str(&text);
        let result = self.call_now(function, &[object, text]);
        self.heap().release(text);
        match result {
            Err(Control::Raise(e)) if self.is_a(e, types::ATTRIBUTE_ERROR) => {
                self.heap().release(e);
                self.call_with_name(missing, object, name, after)
            }
            other => other,
        }
    }

    /// `object.__getattribute__(name)`: without asking the class's own.
    pub fn get_plain_attribute(&mut self, object: Value, name: Symbol) -> Outcome {
        match self.find(object, name, false)? {
            Found::Missing => self.no_attribute(object, name),
            found => self.take_attribute(found, object, name, After::Push),
        }
    }

    /// `LoadMethod`: `object -> function object` or `value NULL`, without making a bound method.
    pub fn load_method(&mut self, name: Symbol) -> Outcome<()> {
        let object = self.thread.peek(1);
        match self.find_attribute(object, name)? {
            Found::Bind(function) => {
                self.heap().retain(function);
                self.thread.pop();
                self.thread.push(function);
                self.thread.push(object);
            }
            Found::Plain(value) => {
                let value = self.record_attribute_read(object, name, value);
                self.thread.pop();
                self.thread.push(value);
                self.thread.push(Value::NULL);
                self.heap().release(object);
            }
            // Made for this access: it is owned already, and must not be made twice.
            Found::Made(value) => {
                self.thread.pop();
                self.thread.push(value);
                self.thread.push(Value::NULL);
                self.heap().release(object);
            }
            _ => {
                self.thread.pop();
                // A frame's result lands below the NULL that the call expects.
                let result = match self.load_attribute(object, name) {
                    Err(Control::Called) => {
                        let depth = self.thread.frames.len() - 1;
                        self.finish_now(depth)
                    }
                    other => other,
                };
                let value = result?;
                self.thread.push(value);
                self.thread.push(Value::NULL);
            }
        }
        Ok(())
    }

    /// The same for what a module on top has under this name; false, and nothing is done, for anything else. Attributes of modules are no
    /// variables in the trace.
    #[inline]
    pub(super) fn load_module_method(&mut self, name: Symbol) -> bool {
        let at = self.thread.stack.len() - 1;
        let View::Module(number) = self.thread.stack[at].view() else {
            return false;
        };
        let Some(value) = self.module_attribute(number, name) else {
            return false;
        };
        self.thread.stack[at] = self.machine.heap.retain(value);
        self.thread.stack.push(Value::NULL);
        true
    }

    /// A bound method; what it binds is retained.
    pub fn bound(&mut self, function: Value, object: Value) -> Value {
        self.heap().retain(function);
        self.heap().retain(object);
        self.heap()
            .add(Object::Method(Box::new([function, object])))
    }

    #[inline]
    pub(super) fn find_attribute(&mut self, object: Value, name: Symbol) -> Outcome<Found> {
        self.find(object, name, true)
    }

    /// Finds an attribute; `asks` the class's own `__getattribute__` if it has one.
    fn find(&mut self, object: Value, name: Symbol, asks: bool) -> Outcome<Found> {
        match object.view() {
            View::Module(number) => match self.module_attribute(number, name) {
                Some(value) => Ok(Found::Plain(value)),
                None if name == symbols::DICT && self.machine.modules[number as usize].user => self
                    .call_library("_attributes", "globals", &[object])
                    .map(Found::Made),
                None => match self.lazy_attribute(number, name)? {
                    Some(value) => Ok(Found::Plain(value)),
                    None => Ok(self
                        .late_attribute(number, name)?
                        .map_or(Found::Missing, Found::Made)),
                },
            },
            View::Type(_) => self.type_attribute(object, name),
            View::Object(h) => match self.machine.heap.get(h) {
                Object::Instance(i) => {
                    let class = i.class;
                    let own = i.attributes.get(name);
                    if asks
                        && matches!(self.machine.heap.object(class), Some(Object::Class(c)) if c.has.get_attribute)
                        && let Some(function) = self.special(object, symbols::GET_ATTRIBUTE)
                    {
                        return Ok(Found::Asked(function));
                    }
                    self.instance_attribute(class, own, object, name)
                }
                Object::Exception(e) => {
                    let class = e.class;
                    let own = e.attributes.get(name);
                    match self.instance_attribute(class, own, object, name)? {
                        Found::Missing => Ok(self
                            .exception_attribute(object, name)
                            .map_or(Found::Missing, Found::Made)),
                        found => Ok(found),
                    }
                }
                Object::Future(f) if let Some(more) = f.derived() => {
                    let (class, own) = (more.class, more.attributes.get(name));
                    self.derived_future_attribute(class, own, object, name)
                }
                Object::Class(_) => self.class_level_attribute(object, name),
                Object::Super(pair) => {
                    let [class, of] = **pair;
                    self.super_attribute(class, of, name)
                }
                Object::Function(f) => {
                    if let Some(value) = f.attributes.get(name) {
                        return Ok(Found::Plain(value));
                    }
                    if name == symbols::ANNOTATIONS {
                        return Ok(self.no_annotations(object));
                    }
                    self.native_attribute(object, name)
                }
                Object::Method(pair) => {
                    let function = pair[0];
                    if name == symbols::CALL {
                        return Ok(Found::Plain(object));
                    }
                    if name == symbols::SELF || name == symbols::FUNC {
                        let value = pair[(name == symbols::SELF) as usize];
                        return Ok(Found::Plain(value));
                    }
                    if matches!(
                        self.machine.heap.object(function),
                        Some(Object::Function(_))
                    ) {
                        return self.find_attribute(function, name);
                    }
                    self.native_attribute(object, name)
                }
                Object::Loop(l) => match l.attributes.get(name) {
                    Some(value) => Ok(Found::Plain(value)),
                    None => self.native_attribute(object, name),
                },
                _ => self.native_attribute(object, name),
            },
            _ => self.native_attribute(object, name),
        }
    }

    pub(super) fn instance_attribute(
        &mut self,
        class: Value,
        own: Option<Value>,
        object: Value,
        name: Symbol,
    ) -> Outcome<Found> {
        let found = self.machine.class_attribute(class, name);
        if let Some(value) = found
            && let Some(Object::Property(parts)) = self.machine.heap.object(value)
        {
            return Ok(Found::Getter(parts[0]));
        }
        if own.is_some()
            && let Some(value) = found
            && self.is_own(value)
            && (self.special(value, symbols::SET).is_some()
                || self.special(value, symbols::DELETE_).is_some())
            && let Some(function) = self.special(value, symbols::GET)
        {
            return Ok(Found::Descriptor {
                descriptor: value,
                function,
            });
        }
        if let Some(value) = own {
            return Ok(Found::Plain(value));
        }
        match found {
            Some(value) => Ok(self.bind_found(value)),
            None if name == symbols::CLASS => Ok(Found::Plain(class)),
            None if name == symbols::DOC => Ok(Found::Plain(Value::NONE)),
            None if name == symbols::DICT => match self.live_attributes(class, object)? {
                Some(dict) => Ok(Found::Made(dict)),
                None => Ok(Found::Missing),
            },
            // `real` of what derives from int.
            None => match self.machine.heap.base(object) {
                Some(base) => {
                    let text = self.name(name).to_owned();
                    let value = super::library::attribute(self, base, &text);
                    value.map_or(Ok(Found::Missing), |value| value.map(Found::Made))
                }
                None => Ok(Found::Missing),
            },
        }
    }

    /// `__dict__` of an instance: for the program a dict whose changes reach the instance, for the library a copy.
    /// None if the class has slots only.
    pub(super) fn live_attributes(
        &mut self,
        class: Value,
        object: Value,
    ) -> Outcome<Option<Value>> {
        if matches!(self.machine.heap.object(class), Some(Object::Class(c)) if c.has.slotted) {
            return Ok(None);
        }
        if self
            .thread
            .frames
            .last()
            .is_none_or(|f| f.flags & FRAME_USER == 0)
        {
            return Ok(Some(self.attributes_dict(object)));
        }
        self.call_library("_attributes", "dict", &[object])
            .map(Some)
    }

    /// Calls a function of a module of the library.
    pub fn call_library(&mut self, module: &str, function: &str, args: &[Value]) -> Outcome {
        let name = self.symbol(module);
        let module = self.import(name)?;
        let name = self.symbol(function);
        let found = match module.view() {
            View::Module(number) => self.module_attribute(number, name),
            _ => None,
        };
        self.call_now(found.unwrap_or(Value::NONE), args)
    }

    /// How something found in a class is seen through an instance.
    pub(super) fn bind_found(&mut self, value: Value) -> Found {
        match value.view() {
            View::Native(n) => {
                let native = &self.machine.natives.all[n as usize];
                match (native.class_method, native.method_of) {
                    (true, _) => Found::BindClass(value),
                    (false, Some(_)) => Found::Bind(value),
                    (false, None) => Found::Plain(value),
                }
            }
            _ => match self.machine.heap.object(value) {
                Some(Object::Function(_)) => Found::Bind(value),
                Some(Object::StaticMethod(inner)) => Found::Plain(*inner),
                Some(Object::ClassMethod(inner)) => Found::BindClass(*inner),
                Some(Object::Property(parts)) => Found::Getter(parts[0]),
                Some(Object::Instance(_)) => match self.special(value, symbols::GET) {
                    Some(function) => Found::Descriptor {
                        descriptor: value,
                        function,
                    },
                    None => Found::Plain(value),
                },
                _ => Found::Plain(value),
            },
        }
    }

    /// Attributes of everything that is neither module, class nor instance: the natives of its type, then facts.
    pub(super) fn native_attribute(&mut self, object: Value, name: Symbol) -> Outcome<Found> {
        let number = self.type_number(object);
        if let Some(native) = self.machine.natives.method(number, name) {
            return Ok(self.bind_found(Value::native(native)));
        }
        if name == symbols::CLASS {
            return Ok(Found::Plain(types::value(number)));
        }
        // What can be called is as good as its `__call__`.
        if name == symbols::CALL
            && [types::FUNCTION, types::METHOD, types::NATIVE].contains(&number)
        {
            return Ok(Found::Plain(object));
        }
        let text = self.name(name).to_owned();
        if let Some(value) = super::library::attribute(self, object, &text) {
            return value.map(Found::Made);
        }
        Ok(self.fact(object, name).map_or(Found::Missing, Found::Made))
    }

    pub(super) fn no_attribute(&mut self, object: Value, name: Symbol) -> Outcome {
        if self.in_user_frame() && self.is_unsupported(object, name) {
            let of = match object.view() {
                View::Module(_) => self.plain_repr(object),
                _ => ["'", &self.type_name(object), "'"].concat(),
            };
            let message = format!("`{}` of {of} is not supported", self.name(name));
            return self.reject(&message, "the help lists what is");
        }
        // A method asks its function.
        let object = match self.machine.heap.object(object) {
            Some(Object::Method(pair)) => pair[0],
            _ => object,
        };
        let text = self.name(name);
        let text = match object.view() {
            View::Module(number) => {
                let module = self.machine.modules[number as usize].name;
                [
                    "module '",
                    self.name(module),
                    "' has no attribute '",
                    text,
                    "'",
                ]
                .concat()
            }
            _ if self.machine.is_class(object) => [
                "type object '",
                self.machine.class_name(object),
                "' has no attribute '",
                text,
                "'",
            ]
            .concat(),
            _ => [
                "'",
                &self.type_name(object),
                "' object has no attribute '",
                text,
                "'",
            ]
            .concat(),
        };
        let raised = self.error(types::ATTRIBUTE_ERROR, &text);
        self.note_name(raised, name, object)
    }

    /// A module's global, borrowed.
    #[inline]
    pub fn module_attribute(&self, module: u16, name: Symbol) -> Option<Value> {
        let m = &self.machine.modules[module as usize];
        let slot = m.globals.find(name)?;
        m.slots[slot as usize].given()
    }

    /// What a module's own `__getattr__` (PEP 562) gives, owned. The library has it for what few programs need.
    pub fn late_attribute(&mut self, module: u16, name: Symbol) -> Outcome<Option<Value>> {
        let Some(function) = self.module_attribute(module, symbols::GET_ATTR) else {
            return Ok(None);
        };
        let text = self.name(name).to_owned();
        let text = self.heap().str(&text);
        let value = self.call_now(function, &[text]);
        self.heap().release(text);
        value.map(Some)
    }

    /// A new tuple of borrowed values.
    pub fn tuple_of(&mut self, items: &[Value]) -> Value {
        for item in items {
            self.machine.heap.retain(*item);
        }
        self.heap().tuple(items.to_vec())
    }
}

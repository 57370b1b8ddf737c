//! Setting and deleting attributes: properties, descriptors, `__setattr__` and its kin.

use super::call::Arguments;
use super::frame::After;
use super::object::{Class, Hooks, Object};
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};

impl Context<'_> {
    /// `StoreAttribute`: the stack is `value object`.
    pub fn store_attribute(&mut self, name: Symbol) -> Outcome<()> {
        let object = self.thread.pop();
        let value = self.thread.pop();
        let result = self.set_attribute(object, name, value);
        self.heap().release(object);
        match result {
            // The frame of `__setattr__` or a setter drops its result itself.
            Err(Control::Called) => Err(Control::Called),
            other => other,
        }
    }

    /// `object.name = value`; takes over `value`, `object` is borrowed.
    pub fn set_attribute(&mut self, object: Value, name: Symbol, value: Value) -> Outcome<()> {
        self.set_attribute_then(object, name, value, After::Drop)
    }

    /// The same; a frame that it needs ends in `after`.
    pub fn set_attribute_then(
        &mut self,
        object: Value,
        name: Symbol,
        value: Value,
        after: After,
    ) -> Outcome<()> {
        let class = self.type_of(object);
        // The class's own, or for a class that of its metaclass.
        let hooked = matches!(self.machine.heap.object(class), Some(Object::Class(c)) if c.has.set_attribute)
            || matches!(self.machine.heap.object(object), Some(Object::Class(c)) if c.meta.given().is_some());
        if hooked && let Some(function) = self.special(object, symbols::SET_ATTR) {
            let text = self.name(name).to_owned();
            let text = self.heap().str(&text);
            self.heap().retain(object);
            let arguments = Arguments {
                values: vec![object, text, value],
                names: Vec::new(),
            };
            return self
                .call_borrowed(function, arguments, after)
                .map(|v| self.heap().release(v));
        }
        self.set_past_hook(object, name, value, after)
    }

    /// The same past `__setattr__`, as `object.__setattr__` does it; a frame that it needs ends in `after`.
    pub fn set_past_hook(
        &mut self,
        object: Value,
        name: Symbol,
        value: Value,
        after: After,
    ) -> Outcome<()> {
        let class = self.type_of(object);
        if let Some(Object::Class(_)) = self.machine.heap.object(class) {
            if let Some(found) = self.machine.class_attribute(class, name)
                && let Some(Object::Property(parts)) = self.machine.heap.object(found)
            {
                let setter = parts[1];
                if setter.is_null() || setter.is_none() {
                    self.heap().release(value);
                    return self.lacks_accessor(object, name, "setter");
                }
                self.heap().retain(object);
                let arguments = Arguments {
                    values: vec![object, value],
                    names: Vec::new(),
                };
                return self
                    .call_borrowed(setter, arguments, after)
                    .map(|v| self.heap().release(v));
            }
            if let Some(found) = self.machine.class_attribute(class, name)
                && self.is_own(found)
                && let Some(function) = self.special(found, symbols::SET)
            {
                self.heap().retain(found);
                self.heap().retain(object);
                let arguments = Arguments {
                    values: vec![found, object, value],
                    names: Vec::new(),
                };
                return self
                    .call_borrowed(function, arguments, after)
                    .map(|v| self.heap().release(v));
            }
        }
        self.set_own_attribute(object, name, value)
    }

    /// Sets an attribute in the object itself, past `__setattr__` and properties; takes over `value`.
    pub fn set_own_attribute(&mut self, object: Value, name: Symbol, value: Value) -> Outcome<()> {
        self.record_attribute_write(object, name, value);
        if let View::Module(number) = object.view() {
            let module = &self.machine.modules[number as usize];
            if self.in_user_frame() && !module.user && module.globals.find(name).is_none() {
                self.heap().release(value);
                let text = [
                    "setting `",
                    self.name(name),
                    "` in this module is not supported",
                ];
                return self.reject(&text.concat(), "keep it in a variable of the program");
            }
            let globals = std::rc::Rc::make_mut(&mut self.machine.modules[number as usize].globals);
            let slot = globals.slot(name);
            self.machine.fit_globals(number);
            let old = std::mem::replace(
                &mut self.machine.modules[number as usize].slots[slot as usize],
                value,
            );
            self.heap().release(old);
            return Ok(());
        }
        if self.set_future_fact(object, name, value) {
            self.heap().release(value);
            return Ok(());
        }
        if let Some(Object::Instance(i)) = self.machine.heap.object(object)
            && let Some(Object::Class(c)) = self.machine.heap.object(i.class)
            && c.has.slotted
            && i.attributes.get(name).is_none()
            && !self.has_slot(i.class, name)
        {
            self.heap().release(value);
            return self.no_attribute(object, name).map(|_| ());
        }
        // Natives and the library would not call it.
        if self.event_loop(object).is_some() && self.in_user_frame() && self.is_loop_method(name) {
            self.heap().release(value);
            let hint = "call a function of the program instead";
            return self.reject("replacing a method of a loop is not supported", hint);
        }
        let old = match self.machine.heap.object_mut(object) {
            Some(Object::Instance(_) | Object::Exception(_)) if name == symbols::CLASS => {
                self.heap().release(value);
                return self.reject(
                    "changing an object's class is not supported",
                    "make another object",
                );
            }
            Some(Object::Class(_)) if name == symbols::QUALNAME => {
                self.heap().release(value);
                let hint = "name it in the class statement";
                return self.reject("changing a class's `__qualname__` is not supported", hint);
            }
            // An `object()` has no attributes of its own.
            Some(Object::Instance(i)) if !matches!(i.class.view(), View::Type(_)) => {
                i.attributes.set(name, value)
            }
            Some(Object::Class(c)) => {
                let old = c.attributes.set(name, value);
                refresh(c, name);
                old
            }
            Some(Object::Function(_)) => return self.set_function_attribute(object, name, value),
            Some(Object::Generator(_)) if matches!(name, symbols::NAME | symbols::QUALNAME) => {
                self.heap().release(value);
                let hint = "name its function";
                return self.reject("changing a generator's name is not supported", hint);
            }
            Some(Object::Loop(l)) => l.attributes.set(name, value),
            Some(Object::Future(f)) if f.derived().is_some() => {
                f.derived_mut().and_then(|m| m.attributes.set(name, value))
            }
            Some(Object::Exception(_)) => return self.set_exception_attribute(object, name, value),
            Some(Object::Traceback(_) | Object::Frame(_)) => {
                self.heap().release(value);
                let hint = "make a list of what is wanted of it";
                return self.reject("changing a traceback or a frame is not supported", hint);
            }
            _ => {
                self.heap().release(value);
                return self.cannot_change(object, name);
            }
        };
        match old {
            Some(old) => self.heap().release(old),
            None => self.heap().grow(24),
        }
        Ok(())
    }

    /// What a built-in object says of an attribute that is to be set or deleted.
    #[cold]
    fn cannot_change(&mut self, object: Value, name: Symbol) -> Outcome<()> {
        let name_text = self.name(name);
        if self.machine.is_class(object) {
            let of = self.machine.class_name(object);
            let text = [
                "cannot set '",
                name_text,
                "' attribute of immutable type '",
                of,
                "'",
            ];
            let text = text.concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        let number = self.type_number(object);
        let (what, end) = match self.machine.natives.method(number, name) {
            Some(_) => ("attribute", "' is read-only"),
            None if self.machine.version.at_least(3, 13) => (
                "has no attribute",
                "' and no __dict__ for setting new attributes",
            ),
            None => ("has no attribute", "'"),
        };
        let text = [
            "'",
            &self.type_name(object),
            "' object ",
            what,
            " '",
            name_text,
            end,
        ]
        .concat();
        self.error(types::ATTRIBUTE_ERROR, &text)
    }

    /// CPython 3.12, Objects/funcobject.c, func_getsetlist.
    fn set_function_attribute(
        &mut self,
        function: Value,
        name: Symbol,
        value: Value,
    ) -> Outcome<()> {
        let object = self.machine.heap.object(value);
        let must = match name {
            symbols::NAME | symbols::QUALNAME if !matches!(object, Some(Object::Str(_))) => {
                "string"
            }
            symbols::DEFAULTS if !value.is_none() && !matches!(object, Some(Object::Tuple(_))) => {
                "tuple"
            }
            symbols::DEFAULTS => {
                let value = if value.is_none() { Value::NULL } else { value };
                let old = self
                    .function(function)
                    .map(|f| std::mem::replace(&mut f.defaults, value));
                self.heap().release_all(old);
                return Ok(());
            }
            symbols::CODE_OBJECT | symbols::DICT => {
                self.heap().release(value);
                let text = "changing a function's code or dict is not supported";
                return self.reject(text, "make another function");
            }
            _ if self.name(name) == "__kwdefaults__" => {
                self.heap().release(value);
                let text = "changing a function's `__kwdefaults__` is not supported";
                return self.reject(text, "make another function");
            }
            _ => {
                let old = self
                    .function(function)
                    .and_then(|f| f.attributes.set(name, value));
                if old.is_none() {
                    self.heap().grow(24);
                }
                self.heap().release_all(old);
                return Ok(());
            }
        };
        self.heap().release(value);
        let text = [self.name(name), " must be set to a ", must, " object"].concat();
        self.error(types::TYPE_ERROR, &text)
    }

    /// `del object.name`; the object is borrowed.
    pub fn delete_attribute(&mut self, object: Value, name: Symbol) -> Outcome<()> {
        let class = self.type_of(object);
        let plain = matches!(self.machine.heap.object(object), Some(Object::Instance(_)))
            && matches!(self.machine.heap.object(class), Some(Object::Class(c)) if !c.has.delete_attribute);
        if !plain && let Some(function) = self.special(object, symbols::DELETE_ATTR) {
            let text = self.name(name).to_owned();
            let text = self.heap().str(&text);
            let result = self.call_now(function, &[object, text]);
            self.heap().release(text);
            let value = result?;
            self.heap().release(value);
            return Ok(());
        }
        self.delete_past_hook(object, name)
    }

    /// The same past `__delattr__`, as `object.__delattr__` does it.
    pub fn delete_past_hook(&mut self, object: Value, name: Symbol) -> Outcome<()> {
        let class = self.type_of(object);
        if let Some(found) = self.machine.class_attribute(class, name) {
            let call = match self.machine.heap.object(found) {
                Some(Object::Property(parts)) => match parts[2].given().filter(|d| !d.is_none()) {
                    Some(deleter) => Some((deleter, vec![object])),
                    None => {
                        return self.lacks_accessor(object, name, "deleter");
                    }
                },
                Some(Object::Instance(_)) => self
                    .special(found, symbols::DELETE_)
                    .map(|function| (function, vec![found, object])),
                _ => None,
            };
            if let Some((function, arguments)) = call {
                let value = self.call_now(function, &arguments)?;
                self.heap().release(value);
                return Ok(());
            }
        }
        self.delete_own_attribute(object, name)
    }

    /// CPython 3.12, Objects/descrobject.c, property_descr_get and property_descr_set.
    pub(super) fn lacks_accessor<T>(
        &mut self,
        object: Value,
        name: Symbol,
        what: &str,
    ) -> Outcome<T> {
        let class = self.type_of(object);
        let of = match self.machine.heap.object(class) {
            Some(Object::Class(c)) => c.qualified_name.to_string(),
            _ => self.type_name(object),
        };
        let name = self.name(name);
        let text = format!("property '{name}' of '{of}' object has no {what}");
        self.error(types::ATTRIBUTE_ERROR, &text)
    }

    /// Deletes an attribute from the object itself.
    fn delete_own_attribute(&mut self, object: Value, name: Symbol) -> Outcome<()> {
        if let View::Module(number) = object.view() {
            let module = &mut self.machine.modules[number as usize];
            if let Some(slot) = module.globals.find(name)
                && !module.slots[slot as usize].is_null()
            {
                let old = std::mem::replace(&mut module.slots[slot as usize], Value::NULL);
                self.heap().release(old);
                return Ok(());
            }
        }
        let old = match self.machine.heap.object_mut(object) {
            Some(Object::Instance(i)) => i.attributes.remove(name),
            Some(Object::Exception(e)) => e.attributes.remove(name),
            Some(Object::Class(c)) => c.attributes.remove(name),
            Some(Object::Function(f)) => f.attributes.remove(name),
            Some(Object::Future(f)) => f.derived_mut().and_then(|m| m.attributes.remove(name)),
            Some(Object::Loop(l)) => l.attributes.remove(name),
            _ => return self.cannot_change(object, name),
        };
        match old {
            Some(old) => {
                self.heap().release(old);
                Ok(())
            }
            None if matches!(self.machine.heap.object(object), Some(Object::Exception(_))) => {
                self.delete_exception_attribute(object, name)
            }
            None => self.no_attribute(object, name).map(|_| ()),
        }
    }
}

/// Keeps a class's hooks true after an attribute was set.
fn refresh(class: &mut Class, name: Symbol) {
    let Hooks {
        get_attribute,
        get_missing,
        set_attribute,
        delete_attribute,
        delete,
        subclass_hook: _,
        slotted: _,
    } = &mut class.has;
    match name {
        symbols::GET_ATTRIBUTE => *get_attribute = true,
        symbols::GET_ATTR => *get_missing = true,
        symbols::SET_ATTR => *set_attribute = true,
        symbols::DELETE_ATTR => *delete_attribute = true,
        symbols::DELETE => *delete = true,
        _ => {}
    }
}

//! Making instances: `__new__`, `__init__`, and the built-in types when called.

use super::call::Arguments;
use super::frame::After;
use super::native::Native;
use super::object::{Attributes, Instance, Object};
use super::value::{Value, View};
use super::{Context, Control, Outcome, symbols, types};

/// Types whose `__init__` fills what `__new__` made empty.
const FILLED_BY_INIT: &[u16] = &[
    types::LIST,
    types::DICT,
    types::SET,
    types::DEQUE,
    types::BYTEARRAY,
];

impl Context<'_> {
    /// Makes an instance of a class of the program, or calls what stands for it.
    pub fn call_class(&mut self, class: Value, mut arguments: Arguments, after: After) -> Outcome {
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return Ok(Value::NONE);
        };
        let (layout, has_meta) = (c.layout, c.meta.given().is_some());
        if has_meta && let Some(function) = self.special(class, symbols::CALL) {
            arguments.values.insert(0, self.machine.heap.retain(class));
            return self.call_borrowed(function, arguments, after);
        }
        self.instantiate(class, layout, arguments, after)
    }

    /// `type.__call__`: past the class of the class.
    pub fn instantiate(
        &mut self,
        class: Value,
        layout: u16,
        arguments: Arguments,
        after: After,
    ) -> Outcome {
        if let Some(new) = self.machine.class_attribute(class, symbols::NEW)
            && !matches!(new.view(), View::Native(_))
        {
            return self.call_own_new(class, new, arguments, after);
        }
        let instance = match layout {
            types::OBJECT => self.bare_instance(class, Value::NULL),
            _ if types::is_exception(layout) => match self.exception_of(class, &arguments) {
                Ok(instance) => instance,
                Err(e) => {
                    self.machine.heap.release_all(arguments.values);
                    return Err(e);
                }
            },
            types::FUTURE | types::TASK => self.bare_future(class),
            _ => match self.derived_instance(class, layout, &arguments) {
                Ok(instance) => instance,
                Err(e) => {
                    self.machine.heap.release_all(arguments.values);
                    return Err(e);
                }
            },
        };
        self.initialize(class, instance, arguments, after)
    }

    /// An exception with the arguments by place (all borrowed).
    fn exception_of(&mut self, class: Value, arguments: &Arguments) -> Outcome {
        let plain = match self.only_initializes(class) {
            true => 0,
            false => arguments.values.len() - arguments.names.len(),
        };
        self.make_exception(class, &arguments.values[..plain])
    }

    /// An instance with nothing in it; takes over `base`.
    pub fn bare_instance(&mut self, class: Value, base: Value) -> Value {
        self.heap().retain(class);
        self.heap().add(Object::Instance(Box::new(Instance {
            class,
            attributes: Attributes::default(),
            base,
            deleted: false,
        })))
    }

    /// An instance of a class that derives from a built-in type, around a value of that type.
    fn derived_instance(&mut self, class: Value, layout: u16, arguments: &Arguments) -> Outcome {
        let own_init = self
            .machine
            .class_attribute(class, symbols::INIT)
            .is_some_and(|init| !matches!(init.view(), View::Native(_)));
        let passed = if own_init && FILLED_BY_INIT.contains(&layout) {
            Arguments {
                values: Vec::new(),
                names: Vec::new(),
            }
        } else {
            let mut passed = self.machine.retain_arguments(arguments);
            // These leave keywords to an `__init__`. CPython 3.12, Objects/tupleobject.c, tuple_vectorcall and tuple_new.
            if own_init && matches!(layout, types::TUPLE | types::FLOAT | types::FROZENSET) {
                let positional = passed.values.len() - passed.names.len();
                let named = passed.values.split_off(positional);
                self.heap().release_all(named);
                passed.names.clear();
            }
            passed
        };
        let base = self.call_type(layout, passed, After::Push)?;
        // `str(x)` may give `x` itself.
        let plain = self.machine.heap.plain(base);
        self.heap().retain(plain);
        self.heap().release(base);
        Ok(self.bare_instance(class, plain))
    }

    /// Calls `__init__` on a new instance (owned).
    fn initialize(
        &mut self,
        class: Value,
        instance: Value,
        mut arguments: Arguments,
        after: After,
    ) -> Outcome {
        let init = self.machine.class_attribute(class, symbols::INIT);
        let new = self.machine.class_attribute(class, symbols::NEW);
        let own_new = new.is_some_and(|new| !matches!(new.view(), View::Native(_)));
        // Futures begin anew, and what a `__new__` gave an exception as arguments gives way; OSErrors decide which of both they take.
        let again = self.future(instance).is_some()
            || own_new
                && matches!(
                    self.machine.heap.object(instance),
                    Some(Object::Exception(_))
                )
                && !self.is_a(instance, types::OS_ERROR);
        if let Some(init) = init
            && (again || !matches!(init.view(), View::Native(_)))
        {
            self.heap().retain(instance);
            arguments.values.insert(0, instance);
            let depth = self.thread.frames.len();
            return match self.call_borrowed(init, arguments, After::Init(instance)) {
                Err(Control::Called) if after != After::Push => self.finish_now(depth),
                Err(Control::Called) => Err(Control::Called),
                Err(other) => {
                    self.heap().release(instance);
                    Err(other)
                }
                Ok(value) => {
                    self.heap().release(value);
                    Ok(instance)
                }
            };
        }
        if let Some(Object::Exception(_)) = self.machine.heap.object(instance) {
            return self.name_members(instance, arguments);
        }
        let count = arguments.values.len();
        self.machine.heap.release_all(arguments.values);
        let takes_none = match self.machine.heap.object(instance) {
            Some(Object::Instance(i)) => i.base.is_null() && count > 0 && !own_new,
            _ => false,
        };
        if takes_none {
            self.heap().release(instance);
            let text = [self.machine.class_name(class), "() takes no arguments"].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        Ok(instance)
    }

    fn call_own_new(
        &mut self,
        class: Value,
        new: Value,
        arguments: Arguments,
        after: After,
    ) -> Outcome {
        let function = match self.machine.heap.object(new) {
            Some(Object::StaticMethod(inner)) => *inner,
            _ => new,
        };
        let mut passed = self.machine.retain_arguments(&arguments);
        passed.values.insert(0, self.machine.heap.retain(class));
        let depth = self.thread.frames.len();
        let instance = match self.call_borrowed(function, passed, After::Push) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        };
        let instance = match instance {
            Ok(instance) => instance,
            Err(e) => {
                self.machine.heap.release_all(arguments.values);
                return Err(e);
            }
        };
        if self.machine.is_instance(instance, class) {
            let of = self.type_of(instance);
            return self.initialize(of, instance, arguments, after);
        }
        self.machine.heap.release_all(arguments.values);
        Ok(instance)
    }

    /// A native of a built-in type, called on an instance of a class that derives from it, or as its `__new__`.
    pub(super) fn call_inherited(&mut self, native: &Native, mut arguments: Arguments) -> Outcome {
        let first = arguments.values[0];
        let of = native.method_of.unwrap_or(types::OBJECT);
        if of == types::OBJECT || types::is_exception(of) {
            return self.call_native_plain(native, arguments);
        }
        if let Some(Object::Class(c)) = self.machine.heap.object(first) {
            if native.name != "__new__" || of == types::TYPE || of == types::SUPER {
                return self.call_native_plain(native, arguments);
            }
            let layout = c.layout;
            if !types::derives(layout, of) {
                self.machine.heap.release_all(arguments.values);
                let (of, name) = (types::name(of), self.machine.class_name(first).to_owned());
                return self.fail(
                    types::TYPE_ERROR,
                    &[
                        of,
                        ".__new__(",
                        &name,
                        "): ",
                        &name,
                        " is not a subtype of ",
                        of,
                    ],
                );
            }
            arguments.values[0] = types::value(of);
            let base = self.call_native_plain(native, arguments)?;
            let plain = self.machine.heap.plain(base);
            self.heap().retain(plain);
            self.heap().release(base);
            let instance = self.bare_instance(first, plain);
            self.heap().release(first);
            return Ok(instance);
        }
        let Some(base) = self.machine.heap.base(first) else {
            return self.call_native_plain(native, arguments);
        };
        if let "keys" | "values" | "items" = native.name
            && self.machine.is_ordered(self.type_of(first))
        {
            return self.call_native_plain(native, arguments);
        }
        if native.name == "__getitem__" && arguments.values.len() == 2 {
            let result = self.item_of_base(first, base, arguments.values[1]);
            self.machine.heap.release_all(arguments.values);
            return result;
        }
        arguments.values[0] = self.heap().retain(base);
        let result = self.call_native_plain(native, arguments);
        // `a += b` gives `a`, not what is under it.
        let result = match result {
            Ok(value) if value.is(base) && native.name.starts_with("__i") => {
                self.heap().retain(first);
                self.heap().release(value);
                Ok(first)
            }
            other => other,
        };
        self.heap().release(first);
        result
    }

    /// Calls a built-in type: its `__new__` native, or an exception.
    pub fn call_type(&mut self, number: u16, mut arguments: Arguments, after: After) -> Outcome {
        if types::is_exception(number) {
            return match self.exception_of(types::value(number), &arguments) {
                Ok(exception) => self.name_members(exception, arguments),
                Err(e) => {
                    self.machine.heap.release_all(arguments.values);
                    Err(e)
                }
            };
        }
        match self.machine.natives.method(number, symbols::NEW) {
            Some(native) => {
                arguments.values.insert(0, types::value(number));
                self.call_borrowed(Value::native(native), arguments, after)
            }
            None => {
                self.machine.heap.release_all(arguments.values);
                let name = types::name(number);
                if [types::HANDLE, types::TIMER_HANDLE].contains(&number) {
                    let text = ["making a ", name, " by hand is not supported"].concat();
                    return self.reject(&text, "`call_soon` and `call_later` give one");
                }
                let text = ["cannot create '", name, "' instances"].concat();
                self.error(types::TYPE_ERROR, &text)
            }
        }
    }
}

impl super::Machine {
    /// The same arguments once more.
    fn retain_arguments(&mut self, arguments: &Arguments) -> Arguments {
        for value in &arguments.values {
            self.heap.retain(*value);
        }
        Arguments {
            values: arguments.values.clone(),
            names: arguments.names.clone(),
        }
    }
}

//! Calls of natives.

use super::call::Arguments;
use super::native::DIRECT;
use super::object::Object;
use super::value::{Value, View};
use super::{Context, Outcome, types};

impl Context<'_> {
    /// A call of a native, or of a built-in type that one makes, whose arguments, and whose callable and receiver or NULL before them, lie on
    /// the stack. None, and nothing is done, where more has to be looked at.
    #[inline(never)]
    pub(super) fn call_native_direct(&mut self, count: usize) -> Option<Outcome> {
        let stack = &self.thread.stack;
        let base = stack.len() - count - 2;
        let natives = &self.machine.natives;
        let (number, start) = match stack[base].view() {
            View::Native(number) => (number, base + 1 + usize::from(stack[base + 1].is_null())),
            // The type is the first argument, where the receiver would lie.
            View::Type(of) if stack[base + 1].is_null() => (natives.maker(of)?, base + 1),
            _ => return None,
        };
        let given = stack.len() - start;
        let native = &natives.all[number as usize];
        let offset = usize::from(native.method_of.is_some());
        if given < offset + native.required || given > offset + native.positional {
            return None;
        }
        let mut arguments = [Value::NULL; DIRECT];
        arguments[..given].copy_from_slice(&stack[start..]);
        if start == base + 1 && stack[start].is_null() {
            arguments[0] = stack[base];
        } else if !native.direct
            || native
                .method_of
                .is_some_and(|of| !types::derives(self.machine.type_number(arguments[0]), of))
        {
            return None;
        }
        let (function, all) = (native.function, offset + native.parameters.len());
        self.thread.stack.truncate(base);
        let result = function(self, &arguments[..all]);
        for argument in &arguments[..given] {
            self.machine.heap.release(*argument);
        }
        Some(result)
    }

    /// A call of a native: parameters in order, missing ones NULL, the variadic rest behind.
    pub(super) fn call_native(&mut self, number: u16, arguments: Arguments) -> Outcome {
        let natives = self.machine.natives.clone();
        let native = &natives.all[number as usize];
        if native.outside {
            // In turns they are called by `call_outside`, unless somebody calls them in an unusual way.
            self.check_no_turns("of such a call")?;
        }
        if let Some(of) = native.method_of
            && of != types::OBJECT
            && !native.class_method
            && native.name != "__new__"
        {
            match arguments.values.first() {
                Some(first)
                    if self.machine.type_number(*first) == of
                        || self.machine.is_instance(*first, types::value(of)) => {}
                first => return self.unfit_receiver(native, of, first.copied(), arguments),
            }
        }
        if let (Some(of), "__new__") = (native.method_of, native.name)
            && of != types::OBJECT
        {
            let name = types::name(of);
            let problem = match arguments.values.first() {
                None => format!("{name}.__new__(): not enough arguments"),
                Some(class) if !self.machine.is_class(*class) => {
                    format!(
                        "{name}.__new__(X): X is not a type object ({})",
                        self.type_name(*class)
                    )
                }
                Some(class) if !self.machine.is_subclass(*class, types::value(of)) => {
                    let given = self.machine.class_name(*class);
                    format!("{name}.__new__({given}): {given} is not a subtype of {name}")
                }
                Some(_) => String::new(),
            };
            if !problem.is_empty() {
                self.machine.heap.release_all(arguments.values);
                return self.error(types::TYPE_ERROR, &problem);
            }
        }
        if native.method_of.is_some()
            && let Some(first) = arguments.values.first()
            && let Some(Object::Instance(_) | Object::Class(_)) = self.machine.heap.object(*first)
        {
            return self.call_inherited(native, arguments);
        }
        self.call_native_plain(native, arguments)
    }

    /// A method of a built-in type is called on what is not of that type.
    #[cold]
    pub(super) fn unfit_receiver(
        &mut self,
        native: &super::native::Native,
        of: u16,
        first: Option<Value>,
        arguments: Arguments,
    ) -> Outcome {
        let (of, name) = (types::name(of), native.name);
        let text = match first.map(|first| self.type_name(first)) {
            None if name.starts_with("__") => {
                format!("descriptor '{name}' of '{of}' object needs an argument")
            }
            None => format!("unbound method {of}.{name}() needs an argument"),
            Some(given) if name.starts_with("__") => {
                format!("descriptor '{name}' requires a '{of}' object but received a '{given}'")
            }
            Some(given) => {
                format!(
                    "descriptor '{name}' for '{of}' objects doesn't apply to a '{given}' object"
                )
            }
        };
        self.machine.heap.release_all(arguments.values);
        self.error(types::TYPE_ERROR, &text)
    }

    /// As `call_native`, the first argument being what the native's type expects.
    pub fn call_native_plain(
        &mut self,
        native: &super::native::Native,
        arguments: Arguments,
    ) -> Outcome {
        let offset = (native.method_of.is_some()) as usize;
        let given = arguments.values.len() - arguments.names.len();
        let result = if arguments.names.is_empty()
            && given >= offset + native.required
            && given <= offset + native.positional
            && given == offset + native.parameters.len()
            && !native.variadic
        {
            (native.function)(self, &arguments.values)
        } else {
            let scratch = self.machine.scratch.len();
            match self.arrange(native, &arguments, offset, given) {
                Ok(arranged) => {
                    let result = (native.function)(self, &arranged);
                    while self.machine.scratch.len() > scratch {
                        let dict = self.machine.scratch.pop().unwrap_or(Value::NULL);
                        self.heap().release(dict);
                    }
                    result
                }
                Err(e) => Err(e),
            }
        };
        self.machine.heap.release_all(arguments.values);
        result
    }

    pub(super) fn arrange(
        &mut self,
        native: &super::native::Native,
        arguments: &Arguments,
        offset: usize,
        given: usize,
    ) -> Outcome<Vec<Value>> {
        let mut values = vec![Value::NULL; offset + native.parameters.len()];
        let plain = given.saturating_sub(offset);
        if given < offset {
            let text = ["unbound method ", native.name, "() needs an argument"].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        let signature = self.signature(native, arguments.values.first().copied());
        let text = match native.python_class() {
            Some(class) => self.wrong_in_python(class, native, plain, &arguments.names),
            None => signature.wrong_count(plain, arguments.names.len()),
        };
        if !text.is_empty() {
            return self.error(types::TYPE_ERROR, &text);
        }
        values[..offset].copy_from_slice(&arguments.values[..offset]);
        let fixed = plain.min(native.positional);
        values[offset..offset + fixed].copy_from_slice(&arguments.values[offset..offset + fixed]);
        if native.variadic {
            values.extend_from_slice(&arguments.values[offset + fixed..given]);
        }
        let mut extra = Vec::new();
        let mut left = None;
        for (at, name) in arguments.names.iter().enumerate() {
            match native
                .parameters
                .iter()
                .position(|p| p.name == *name && p.by_name)
            {
                Some(p) if values[offset + p].is_null() => {
                    values[offset + p] = arguments.values[given + at]
                }
                Some(p) => left = left.or(Some((*name, Some(p)))),
                None if native.takes_keywords => extra.push((*name, arguments.values[given + at])),
                None => left = left.or(Some((*name, None))),
            }
        }
        for (at, parameter) in native.parameters.iter().enumerate() {
            if parameter.required && values[offset + at].is_null() {
                let text = signature.missing(self.name(parameter.name), at);
                return self.error(types::TYPE_ERROR, &text);
            }
        }
        if let Some((name, at)) = left {
            let text = signature.left_over(self.name(name), at);
            if !text.is_empty() {
                return self.error(types::TYPE_ERROR, &text);
            }
        }
        if !extra.is_empty() {
            let dict = self.new_dict();
            for (name, value) in extra {
                let text = self.name(name).to_owned();
                let key = self.heap().str(&text);
                self.dict_set(dict, key, value)?;
                self.heap().release(key);
            }
            // The caller borrows it: it dies with the call.
            self.machine.scratch.push(dict);
            values.extend([Value::NULL, dict]);
        }
        Ok(values)
    }
}

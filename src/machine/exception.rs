//! Attributes of exceptions that are facts about them.

use super::object::Object;
use super::value::{Symbol, Value};
use super::{Context, Outcome, symbols, types};

/// The class that `OSError` makes of an error's number. PEP 3151.
pub fn class_of_error(number: i64) -> u16 {
    match number {
        1 | 13 => types::PERMISSION_ERROR,
        2 => types::FILE_NOT_FOUND_ERROR,
        3 => types::PROCESS_LOOKUP_ERROR,
        4 => types::INTERRUPTED_ERROR,
        10 => types::CHILD_PROCESS_ERROR,
        11 | 114 | 115 => types::BLOCKING_IO_ERROR,
        17 => types::FILE_EXISTS_ERROR,
        20 => types::NOT_A_DIRECTORY_ERROR,
        21 => types::IS_A_DIRECTORY_ERROR,
        32 | 108 => types::BROKEN_PIPE_ERROR,
        103 => types::CONNECTION_ABORTED_ERROR,
        104 => types::CONNECTION_RESET_ERROR,
        110 => types::TIMEOUT_ERROR,
        111 => types::CONNECTION_REFUSED_ERROR,
        _ => types::OS_ERROR,
    }
}

impl Context<'_> {
    /// `args`, `__cause__` and the like; owned.
    pub fn exception_attribute(&mut self, exception: Value, name: Symbol) -> Option<Value> {
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return None;
        };
        let first = |cx: &Context<'_>, at: usize| match cx.machine.heap.object(e.args) {
            Some(Object::Tuple(items)) => items.get(at).copied().unwrap_or(Value::NONE),
            _ => Value::NONE,
        };
        let value = match name {
            symbols::ARGS => e.args,
            symbols::CAUSE => e.cause.given().unwrap_or(Value::NONE),
            symbols::CONTEXT => e.context.given().unwrap_or(Value::NONE),
            symbols::SUPPRESS_CONTEXT => Value::bool(e.suppress_context),
            symbols::TRACEBACK => return Some(self.traceback_object(exception)),
            symbols::CLASS => e.class,
            _ if self.has_member(exception, name) => {
                let text = self.name(name);
                match self.machine.given_member(exception, text) {
                    Some(value) => value,
                    None => match name {
                        symbols::CODE if self.exception_args(exception).len() > 1 => e.args,
                        symbols::VALUE | symbols::CODE => first(self, 0),
                        _ => Value::NONE,
                    },
                }
            }
            _ => return None,
        };
        Some(self.heap().retain(value))
    }

    /// Sets an attribute of an exception; takes over `value`.
    pub fn set_exception_attribute(
        &mut self,
        exception: Value,
        name: Symbol,
        value: Value,
    ) -> Outcome<()> {
        if name == symbols::TRACEBACK {
            let given = self.give_traceback(exception, value);
            self.heap().release(value);
            return given;
        }
        let is_exception = matches!(self.machine.heap.object(value), Some(Object::Exception(_)))
            || value.is_none();
        let is_member = self.has_member(exception, name);
        if is_member && self.machine.group_members(exception).is_some() {
            self.heap().release(value);
            return self.error(types::ATTRIBUTE_ERROR, "readonly attribute");
        }
        let problem = match name {
            symbols::CAUSE if !is_exception => {
                "exception cause must be None or derive from BaseException"
            }
            symbols::CONTEXT if !is_exception => {
                "exception context must be None or derive from BaseException"
            }
            symbols::SUPPRESS_CONTEXT if !value.is(Value::TRUE) && !value.is(Value::FALSE) => {
                "attribute value type must be bool"
            }
            _ => "",
        };
        if name == symbols::DICT {
            let of = self.type_name(value);
            let is_dict = matches!(self.machine.heap.object(value), Some(Object::Dict(_)));
            self.heap().release(value);
            if is_dict {
                return self.reject("replacing `__dict__` is not supported", "set attributes");
            }
            let text = ["__dict__ must be set to a dictionary, not a '", &of, "'"].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        if !problem.is_empty() {
            self.heap().release(value);
            return self.error(types::TYPE_ERROR, problem);
        }
        if is_member {
            let name = self.name(name).to_owned();
            self.machine.set_member(exception, &name, value);
            return Ok(());
        }
        let plain = match name {
            symbols::CAUSE | symbols::CONTEXT if value.is_none() => Value::NULL,
            symbols::ARGS => {
                let items = self.items(value);
                self.heap().release(value);
                let items = items?;
                self.heap().tuple(items)
            }
            _ => value,
        };
        let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) else {
            return Ok(());
        };
        let old = match name {
            symbols::ARGS => std::mem::replace(&mut e.args, plain),
            symbols::CAUSE => {
                e.suppress_context = true;
                std::mem::replace(&mut e.cause, plain)
            }
            symbols::CONTEXT => std::mem::replace(&mut e.context, plain),
            symbols::SUPPRESS_CONTEXT => {
                e.suppress_context = value.is(Value::TRUE);
                value
            }
            _ => e.attributes.set(name, value).unwrap_or(Value::NULL),
        };
        self.heap().release(old);
        Ok(())
    }

    /// Deletes an attribute of an exception, or says why that cannot be done.
    pub fn delete_exception_attribute(&mut self, exception: Value, name: Symbol) -> Outcome<()> {
        let text = match name {
            symbols::SUPPRESS_CONTEXT => "can't delete numeric/char attribute".to_owned(),
            symbols::DICT => "cannot delete __dict__".to_owned(),
            symbols::CLASS => "can't delete __class__ attribute".to_owned(),
            symbols::ARGS | symbols::CAUSE | symbols::CONTEXT | symbols::TRACEBACK => {
                [self.name(name), " may not be deleted"].concat()
            }
            _ if self.has_member(exception, name) => {
                if ["start", "end"].contains(&self.name(name)) {
                    let text = "can't delete numeric/char attribute";
                    return self.error(types::TYPE_ERROR, text);
                }
                return self.set_exception_attribute(exception, name, Value::NONE);
            }
            _ => return self.no_attribute(exception, name).map(|_| ()),
        };
        self.error(types::TYPE_ERROR, &text)
    }

    /// Attributes of functions, futures, coroutines and the like that are facts about them; owned.
    pub fn fact(&mut self, object: Value, name: Symbol) -> Option<Value> {
        if let crate::machine::value::View::Native(number) = object.view()
            && (name == symbols::NAME || name == symbols::QUALNAME)
        {
            let text = self.machine.natives.all[number as usize].name;
            return Some(self.heap().str(text));
        }
        match self.machine.heap.object(object)? {
            Object::Future(_) => self.future_fact(object, name),
            Object::Traceback(_) | Object::Frame(_) | Object::Code(_) => {
                self.inspected(object, name)
            }
            Object::Loop(_) => {
                let (_, value) = *self.machine.loop_methods.iter().find(|(n, _)| *n == name)?;
                Some(match self.function(value) {
                    Some(_) => self.bound(value, object),
                    None => self.heap().retain(value),
                })
            }
            Object::Function(f) => {
                let linked = self.machine.program.codes[f.code as usize].clone();
                let (code, module) = (f.code, f.module);
                match name {
                    symbols::NAME => {
                        let text = self.name(linked.name).to_owned();
                        Some(self.heap().str(&text))
                    }
                    symbols::QUALNAME => Some(self.heap().str(&linked.code.qualified_name)),
                    symbols::MODULE => {
                        let text = self
                            .name(self.machine.modules[module as usize].name)
                            .to_owned();
                        Some(self.heap().str(&text))
                    }
                    symbols::DOC => Some(match &linked.code.docstring {
                        Some(text) => self.heap().str(text),
                        None => Value::NONE,
                    }),
                    symbols::DICT => Some(self.attributes_dict(object)),
                    symbols::CODE_OBJECT => Some(self.heap().add(Object::Code(code))),
                    symbols::DEFAULTS => {
                        let value = self
                            .function(object)?
                            .defaults
                            .given()
                            .unwrap_or(Value::NONE);
                        Some(self.heap().retain(value))
                    }
                    _ => None,
                }
            }
            Object::Generator(g) => {
                let code = self.machine.program.codes[g.frame.code as usize].clone();
                match name {
                    symbols::NAME => {
                        let text = self.name(code.name).to_owned();
                        Some(self.heap().str(&text))
                    }
                    symbols::QUALNAME => Some(self.heap().str(&code.code.qualified_name)),
                    _ => None,
                }
            }
            // A bound native.
            Object::Method(pair) => {
                let crate::machine::value::View::Native(number) = pair[0].view() else {
                    return None;
                };
                let natives = self.machine.natives.clone();
                let native = &natives.all[number as usize];
                let owner = match native.method_of {
                    _ if native.class_method => self.machine.class_name(pair[1]).to_owned(),
                    Some(of) if native.is_wrapper() => types::name(of).to_owned(),
                    _ => self.short_name(pair[1]),
                };
                let native = native.name;
                match name {
                    symbols::NAME => Some(self.heap().str(native)),
                    symbols::QUALNAME => Some(self.heap().str(&[&owner, ".", native].concat())),
                    _ => None,
                }
            }
            Object::Property(parts) => {
                let text = self.name(name);
                let at = ["fget", "fset", "fdel"].iter().position(|n| *n == text)?;
                let value = parts[at];
                Some(self.heap().retain(value))
            }
            Object::Range(parts) => {
                let at = [symbols::START, symbols::STOP, symbols::STEP]
                    .iter()
                    .position(|n| *n == name)?;
                Some(Value::int(parts[at]))
            }
            Object::Slice(parts) => {
                let at = [symbols::START, symbols::STOP, symbols::STEP]
                    .iter()
                    .position(|n| *n == name)?;
                let value = parts[at];
                Some(self.heap().retain(value))
            }
            Object::Deque(d) if self.name(name) == "maxlen" => {
                Some(d.limit.map_or(Value::NONE, |n| Value::int(n as i64)))
            }
            _ => None,
        }
    }
}

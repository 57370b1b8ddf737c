//! Attributes of classes and of `super()`.

use super::attribute::Found;
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, Outcome, symbols, types};

impl Context<'_> {
    /// An attribute of a class of the program.
    pub(super) fn class_level_attribute(&mut self, class: Value, name: Symbol) -> Outcome<Found> {
        if name == symbols::ANNOTATIONS
            && let Some(Object::Class(c)) = self.machine.heap.object(class)
            && c.attributes.get(name).is_none()
        {
            return Ok(self.no_annotations(class));
        }
        if let Some(value) = self.machine.class_attribute(class, name) {
            return Ok(match self.machine.heap.object(value) {
                Some(Object::StaticMethod(inner)) => Found::Plain(*inner),
                Some(Object::ClassMethod(inner)) => Found::BindClass(*inner),
                Some(Object::Instance(_)) => match self.special(value, symbols::GET) {
                    Some(function) => Found::Descriptor {
                        descriptor: value,
                        function,
                    },
                    None => Found::Plain(value),
                },
                _ => match value.view() {
                    View::Native(n) if self.machine.natives.all[n as usize].class_method => {
                        Found::BindClass(value)
                    }
                    _ => Found::Plain(value),
                },
            });
        }
        // What the class of the class has, bound to the class.
        if let Some(value) = self.special(class, name) {
            return Ok(match self.machine.heap.object(value) {
                Some(Object::Function(_)) => Found::Made(self.bound(value, class)),
                Some(Object::Property(parts)) => Found::Getter(parts[0]),
                _ => Found::Plain(value),
            });
        }
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return Ok(Found::Missing);
        };
        let made = match name {
            symbols::NAME => {
                let text = self.machine.text(c.name).to_owned();
                self.heap().str(&text)
            }
            symbols::QUALNAME => {
                let text = c.qualified_name.clone();
                self.heap().str(&text)
            }
            symbols::MODULE => {
                let text = self
                    .machine
                    .text(self.machine.modules[c.module as usize].name)
                    .to_owned();
                self.heap().str(&text)
            }
            symbols::BASES => {
                let items = c.bases.to_vec();
                self.tuple_of(&items)
            }
            symbols::MRO => {
                let items = c.order.to_vec();
                self.tuple_of(&items)
            }
            symbols::DOC => Value::NONE,
            symbols::CLASS => types::value(types::TYPE),
            symbols::DICT => self.attributes_dict(class),
            _ => return Ok(self.of_all_classes(name)),
        };
        Ok(Found::Made(made))
    }

    /// A method of `type`.
    fn of_all_classes(&self, name: Symbol) -> Found {
        let method = self.machine.natives.method(types::TYPE, name);
        method.map_or(Found::Missing, |it| Found::Bind(Value::native(it)))
    }

    pub(super) fn type_attribute(&mut self, object: Value, name: Symbol) -> Outcome<Found> {
        let View::Type(number) = object.view() else {
            return Ok(Found::Missing);
        };
        if let Some(native) = self.machine.natives.method(number, name) {
            let class_method = self.machine.natives.all[native as usize].class_method;
            let value = Value::native(native);
            return Ok(if class_method {
                Found::BindClass(value)
            } else {
                Found::Plain(value)
            });
        }
        let text = match name {
            symbols::NAME => types::name(number),
            symbols::QUALNAME => types::name(number),
            symbols::MODULE => match types::qualified_name(number).rsplit_once('.') {
                Some((module, _)) => module,
                None => "builtins",
            },
            symbols::DOC => return Ok(Found::Plain(Value::NONE)),
            symbols::CLASS => return Ok(Found::Plain(types::value(types::TYPE))),
            symbols::BASES | symbols::MRO => {
                let mut order = types::order(number);
                if name == symbols::BASES {
                    order.truncate(2 + usize::from(number == types::EXCEPTION_GROUP));
                    order.remove(0);
                }
                return Ok(Found::Made(self.heap().tuple(order)));
            }
            symbols::DICT => {
                let methods = self.machine.natives.methods[number as usize].clone();
                let dict = self.new_dict();
                for (name, native) in methods {
                    let text = self.name(name).to_owned();
                    let key = self.heap().str(&text);
                    self.dict_set(dict, key, Value::native(native))?;
                    self.heap().release(key);
                }
                return Ok(Found::Made(dict));
            }
            _ => return Ok(self.of_all_classes(name)),
        };
        let value = self.heap().str(text);
        Ok(Found::Made(value))
    }

    pub(super) fn super_attribute(
        &mut self,
        class: Value,
        of: Value,
        name: Symbol,
    ) -> Outcome<Found> {
        let of_class = if self.machine.is_class(of) {
            of
        } else {
            self.type_of(of)
        };
        let order: Vec<Value> = match self.machine.heap.object(of_class) {
            Some(Object::Class(c)) => c.order.to_vec(),
            _ => vec![of_class],
        };
        let from = order
            .iter()
            .position(|entry| entry.is(class))
            .map_or(order.len(), |at| at + 1);
        for entry in &order[from..] {
            let found = match entry.view() {
                View::Type(number) => self.machine.natives.method(number, name).map(Value::native),
                _ => match self.machine.heap.object(*entry) {
                    Some(Object::Class(c)) => c.attributes.get(name),
                    _ => None,
                },
            };
            if let Some(value) = found {
                return Ok(match self.bind_found(value) {
                    Found::Bind(f) if self.machine.is_class(of) => Found::Plain(f),
                    Found::Bind(f) => Found::Made(self.bound(f, of)),
                    Found::BindClass(f) => Found::Made(self.bound(f, of_class)),
                    Found::Getter(getter) => Found::Made(self.call_now(getter, &[of])?),
                    Found::Descriptor {
                        descriptor,
                        function,
                    } => Found::Made(self.call_now(function, &[descriptor, of, of_class])?),
                    other => other,
                });
            }
        }
        if name == symbols::CLASS {
            return Ok(Found::Plain(types::value(types::SUPER)));
        }
        Ok(Found::Missing)
    }
}

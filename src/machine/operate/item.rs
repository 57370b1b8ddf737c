//! `object[key]`, and `in`.

use std::rc::Rc;

use super::super::native::lists;
use super::super::object::{Object, Text};
use super::super::value::{Value, View};
use super::super::{Context, Outcome, symbols, types};

/// Classes of the library that are written in Python here and take type arguments: `Queue[int]`.
const GENERIC: &str = "_Kind AbstractAsyncContextManager AbstractContextManager ChainMap ContextVar Field Future Queue SimpleQueue Token \
    UserDict cached_property chain partial partialmethod";

impl Context<'_> {
    pub fn get_item(&mut self, container: Value, key: Value) -> Outcome {
        let View::Object(handle) = container.view() else {
            return self.no_item(container, key);
        };
        match self.machine.heap.get(handle) {
            Object::List(items) => match key.as_int().and_then(|i| place(i, items.len())) {
                Some(at) => {
                    let item = items[at];
                    Ok(self.machine.heap.retain(item))
                }
                None => self.sequence_item(container, key),
            },
            Object::Dict(_) => match self.dict_get(container, key)? {
                Some(value) => Ok(self.machine.heap.retain(value)),
                None => self.raise_key_error(key),
            },
            Object::Tuple(_)
            | Object::Str(_)
            | Object::Bytes(_)
            | Object::ByteArray(_)
            | Object::Range(_)
            | Object::Deque(_) => self.sequence_item(container, key),
            Object::Instance(_) | Object::Exception(_) => {
                match self.call_special(container, symbols::GET_ITEM, &[key]) {
                    Some(result) => result,
                    None => match self.machine.heap.base(container) {
                        Some(base) => self.item_of_base(container, base, key),
                        None => self.no_item(container, key),
                    },
                }
            }
            Object::Class(_) => self.item_of_class(container, key),
            _ => self.no_item(container, key),
        }
    }

    /// `Class[key]`: the class of the class is asked, then `__class_getitem__`.
    fn item_of_class(&mut self, container: Value, key: Value) -> Outcome {
        if let Some(result) = self.call_special(container, symbols::GET_ITEM, &[key]) {
            return result;
        }
        match self
            .machine
            .class_attribute(container, symbols::CLASS_GET_ITEM)
        {
            Some(method) => {
                let method = match self.machine.heap.object(method) {
                    Some(Object::ClassMethod(inner)) => *inner,
                    _ => method,
                };
                self.call_now(method, &[container, key])
            }
            None if self.is_generic(container) => {
                self.call_library("types", "GenericAlias", &[container, key])
            }
            None => {
                let name = self.machine.class_name(container).to_owned();
                self.fail(
                    types::TYPE_ERROR,
                    &["type '", &name, "' is not subscriptable"],
                )
            }
        }
    }

    /// Whether a class is one of the library's that take type arguments.
    #[cold]
    fn is_generic(&self, class: Value) -> bool {
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return false;
        };
        c.order.iter().any(|entry| {
            self.machine.is_of_library(*entry) && lists(GENERIC, self.machine.class_name(*entry))
        })
    }

    /// An item of a value whose class derives from a built-in type. A dict's class may have `__missing__`.
    pub fn item_of_base(&mut self, container: Value, base: Value, key: Value) -> Outcome {
        if matches!(self.machine.heap.object(base), Some(Object::Dict(_)))
            && self.special(container, symbols::MISSING).is_some()
        {
            return match self.dict_get(base, key)? {
                Some(value) => Ok(self.machine.heap.retain(value)),
                None => self
                    .call_special(container, symbols::MISSING, &[key])
                    .unwrap_or(Ok(Value::NONE)),
            };
        }
        self.get_item(base, key)
    }

    #[cold]
    fn no_item(&mut self, container: Value, key: Value) -> Outcome {
        match container.view() {
            // `type` has no `__class_getitem__`, or every class would.
            View::Type(types::TYPE) => {
                self.call_library("types", "GenericAlias", &[container, key])
            }
            View::Type(_) => self.item_of_class(container, key),
            _ => self.type_error("'", container, "' object is not subscriptable"),
        }
    }

    fn sequence_item(&mut self, container: Value, key: Value) -> Outcome {
        let length = self.builtin_length(container).unwrap_or(0);
        if let Some(index) = self.index(key)? {
            if let Some(Object::BigInt(_)) = self.machine.heap.object(key) {
                return self.error(
                    types::INDEX_ERROR,
                    "cannot fit 'int' into an index-sized integer",
                );
            }
            let Some(at) = place(index, length) else {
                return self.out_of_range(container, false);
            };
            return Ok(match self.machine.heap.object(container) {
                Some(Object::Str(text)) => {
                    let c = if text.is_ascii() {
                        text.text.as_bytes()[at] as char
                    } else {
                        text.text.chars().nth(at).unwrap_or(' ')
                    };
                    self.character(c)
                }
                Some(Object::Bytes(bytes)) => Value::int(bytes[at] as i64),
                Some(Object::ByteArray(bytes)) => Value::int(bytes[at] as i64),
                Some(Object::Range(parts)) => Value::int(parts[0] + at as i64 * parts[2]),
                _ => {
                    let item = self.element(container, at).unwrap_or(Value::NONE);
                    self.heap().retain(item)
                }
            });
        }
        if !matches!(self.machine.heap.object(key), Some(Object::Slice(_))) {
            return self.bad_index(container, key);
        }
        let object = match self.machine.heap.object(container) {
            Some(Object::Str(_)) => return self.slice_text(container, key),
            Some(Object::Deque(_)) => return self.bad_index(container, key),
            Some(Object::Range(parts)) => {
                let parts = **parts;
                let places = self.places(key, length)?;
                Object::Range(Box::new([
                    parts[0] + places.start * parts[2],
                    parts[0] + places.stop * parts[2],
                    parts[2] * places.step,
                ]))
            }
            Some(Object::Bytes(bytes)) => {
                let bytes = bytes.clone();
                let places = self.places(key, length)?;
                Object::Bytes(places.each().map(|at| bytes[at]).collect())
            }
            Some(Object::ByteArray(bytes)) => {
                let bytes = bytes.clone();
                let places = self.places(key, length)?;
                Object::ByteArray(places.each().map(|at| bytes[at]).collect())
            }
            _ => {
                let places = self.places(key, length)?;
                let mut items = Vec::with_capacity(places.count);
                for at in places.each() {
                    // `__index__` of the slice may have changed the list.
                    if let Some(item) = self.element(container, at) {
                        items.push(self.machine.heap.retain(item));
                    }
                }
                match self.machine.heap.object(container) {
                    Some(Object::Tuple(_)) => Object::Tuple(items.into()),
                    _ => Object::List(items),
                }
            }
        };
        Ok(self.heap().add(object))
    }

    #[cold]
    fn bad_index<T>(&mut self, container: Value, key: Value) -> Outcome<T> {
        let name = self.type_name(key);
        match self.type_number(container) {
            types::STR => self.fail(
                types::TYPE_ERROR,
                &["string indices must be integers, not '", &name, "'"],
            ),
            types::DEQUE => self.fail(
                types::TYPE_ERROR,
                &["sequence index must be integer, not '", &name, "'"],
            ),
            types::BYTES => self.fail(
                types::TYPE_ERROR,
                &["byte indices must be integers or slices, not ", &name],
            ),
            _ => self.type_error(
                "",
                container,
                &[" indices must be integers or slices, not ", &name].concat(),
            ),
        }
    }
    #[cold]
    fn out_of_range<T>(&mut self, container: Value, assigning: bool) -> Outcome<T> {
        let text = match self.type_number(container) {
            types::LIST if assigning => "list assignment index out of range",
            types::LIST => "list index out of range",
            types::STR => "string index out of range",
            types::BYTES => "index out of range",
            types::BYTEARRAY => "bytearray index out of range",
            types::RANGE => "range object index out of range",
            types::DEQUE => "deque index out of range",
            _ => "tuple index out of range",
        };
        self.error(types::INDEX_ERROR, text)
    }

    pub fn set_item(&mut self, container: Value, key: Value, value: Value) -> Outcome<()> {
        match self.machine.heap.object_mut(container) {
            Some(Object::List(items)) => {
                if let Some(at) = key.as_int().and_then(|i| place(i, items.len())) {
                    let old = std::mem::replace(&mut items[at], value);
                    self.heap().retain(value);
                    self.heap().release(old);
                    return Ok(());
                }
                if let Some(index) = self.index(key)? {
                    let length = self.builtin_length(container).unwrap_or(0);
                    return match place(index, length) {
                        Some(at) => self.set_item(container, Value::int(at as i64), value),
                        None => self.out_of_range(container, true),
                    };
                }
                match self.machine.heap.object(key) {
                    Some(Object::Slice(_)) => self.set_slice(container, key, value),
                    _ => self.bad_index(container, key),
                }
            }
            Some(Object::Dict(_)) => self.dict_set(container, key, value),
            Some(Object::Deque(_)) => {
                let Some(index) = self.index(key)? else {
                    return self.bad_index(container, key);
                };
                let length = self.builtin_length(container).unwrap_or(0);
                let Some(at) = place(index, length) else {
                    return self.out_of_range(container, true);
                };
                let mut old = self.heap().retain(value);
                if let Some(Object::Deque(deque)) = self.machine.heap.object_mut(container) {
                    std::mem::swap(&mut deque.items[at], &mut old);
                }
                self.heap().release(old);
                Ok(())
            }
            Some(Object::ByteArray(bytes)) => {
                let length = bytes.len();
                let Some(index) = self.index(key)? else {
                    return match self.machine.heap.object(key) {
                        Some(Object::Slice(_)) => self.set_bytes(container, key, value),
                        _ => self.bad_index(container, key),
                    };
                };
                if place(index, length).is_none() {
                    return self.out_of_range(container, false);
                }
                let byte = self.need_index(value)?;
                if !(0..256).contains(&byte) {
                    return self.error(types::VALUE_ERROR, "byte must be in range(0, 256)");
                }
                // What gave the value may have shortened it.
                if let Some(Object::ByteArray(bytes)) = self.machine.heap.object_mut(container)
                    && let Some(at) = place(index, bytes.len())
                {
                    bytes[at] = byte as u8;
                    return Ok(());
                }
                self.out_of_range(container, false)
            }
            Some(Object::Instance(_) | Object::Exception(_)) => {
                match self.call_special(container, symbols::SET_ITEM, &[key, value]) {
                    Some(result) => {
                        let result = result?;
                        self.heap().release(result);
                        Ok(())
                    }
                    None => match self.machine.heap.base(container) {
                        Some(base) if self.is_changeable(base) => self.set_item(base, key, value),
                        _ => self.type_error(
                            "'",
                            container,
                            "' object does not support item assignment",
                        ),
                    },
                }
            }
            _ => self.type_error("'", container, "' object does not support item assignment"),
        }
    }

    /// Whether items of a built-in object can be set and deleted.
    fn is_changeable(&self, value: Value) -> bool {
        matches!(
            self.machine.heap.object(value),
            Some(Object::List(_) | Object::Dict(_) | Object::Deque(_) | Object::ByteArray(_))
        )
    }

    pub fn delete_item(&mut self, container: Value, key: Value) -> Outcome<()> {
        match self.machine.heap.object(container) {
            Some(Object::List(items)) => {
                let length = items.len();
                let Some(index) = self.index(key)? else {
                    return match self.machine.heap.object(key) {
                        Some(Object::Slice(_)) => self.delete_slice(container, key),
                        _ => self.bad_index(container, key),
                    };
                };
                let Some(at) = place(index, length) else {
                    return self.out_of_range(container, true);
                };
                if let Some(Object::List(items)) = self.machine.heap.object_mut(container) {
                    let old = items.remove(at);
                    self.resized(1, 0);
                    self.heap().release(old);
                }
                Ok(())
            }
            Some(Object::Dict(_)) => match self.take_key(container, key)? {
                Some((key, value)) => {
                    self.heap().release(key);
                    self.heap().release(value);
                    Ok(())
                }
                None => self.raise_key_error(key),
            },
            Some(Object::Deque(deque)) => {
                let length = deque.items.len();
                let Some(index) = self.index(key)? else {
                    return self.bad_index(container, key);
                };
                let Some(at) = place(index, length) else {
                    return self.out_of_range(container, true);
                };
                if let Some(Object::Deque(deque)) = self.machine.heap.object_mut(container)
                    && let Some(old) = deque.items.remove(at)
                {
                    self.resized(1, 0);
                    self.heap().release(old);
                }
                Ok(())
            }
            Some(Object::ByteArray(bytes)) => {
                let length = bytes.len();
                if let Some(Object::Slice(_)) = self.machine.heap.object(key) {
                    return self.delete_bytes(container, key);
                }
                let at = self.index(key)?.and_then(|i| place(i, length));
                match self.machine.heap.object_mut(container) {
                    Some(Object::ByteArray(bytes)) if at.is_some() => {
                        bytes.remove(at.unwrap_or(0));
                        Ok(())
                    }
                    _ => self.out_of_range(container, false),
                }
            }
            Some(Object::Instance(_) | Object::Exception(_)) => {
                match self.call_special(container, symbols::DELETE_ITEM, &[key]) {
                    Some(result) => {
                        let result = result?;
                        self.heap().release(result);
                        Ok(())
                    }
                    None => match self.machine.heap.base(container) {
                        Some(base) if self.is_changeable(base) => self.delete_item(base, key),
                        Some(_) => self.type_error(
                            "'",
                            container,
                            "' object doesn't support item deletion",
                        ),
                        None => self.type_error(
                            "'",
                            container,
                            "' object does not support item deletion",
                        ),
                    },
                }
            }
            Some(
                Object::Tuple(_)
                | Object::Str(_)
                | Object::Bytes(_)
                | Object::Range(_)
                | Object::Set(..),
            ) if key.as_int().is_some() => {
                self.type_error("'", container, "' object doesn't support item deletion")
            }
            _ => self.type_error("'", container, "' object does not support item deletion"),
        }
    }

    /// A str of one character.
    pub fn character(&mut self, c: char) -> Value {
        let mut buffer = [0; 4];
        let text: Rc<str> = (&*c.encode_utf8(&mut buffer)).into();
        self.heap().add(Object::Str(Text { text, length: 1 }))
    }
}

/// An index, counted from the end if negative, as a place.
#[inline]
pub fn place(index: i64, length: usize) -> Option<usize> {
    let at = if index < 0 {
        index.wrapping_add(length as i64)
    } else {
        index
    };
    (at >= 0 && (at as usize) < length).then_some(at as usize)
}

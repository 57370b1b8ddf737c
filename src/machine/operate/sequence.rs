//! Sequences: joining, repeating, extending.

use super::super::object::{Deque, Object, Text};
use super::super::value::Value;
use super::super::{Context, Outcome, types};

impl Context<'_> {
    /// `a + b` of sequences; None if the left one is none.
    pub(super) fn concatenate(&mut self, a: Value, b: Value) -> Outcome<Option<Value>> {
        let kind = self.type_number(a);
        if kind == types::STR {
            let (Some(Object::Str(x)), Some(Object::Str(y))) =
                (self.machine.heap.object(a), self.machine.heap.object(b))
            else {
                return self.not_concatenable("str", b);
            };
            let length = x.length + y.length;
            let text = [&*x.text, &*y.text].concat().into();
            return Ok(Some(self.heap().add(Object::Str(Text { text, length }))));
        }
        if let Some(x) = self.shared_bytes(a) {
            let Some(y) = self.shared_bytes(b) else {
                let name = self.type_name(a);
                return self.type_error("can't concat ", b, &[" to ", &name].concat());
            };
            let bytes = [&x[..], &y[..]].concat();
            return Ok(Some(self.heap().add(if kind == types::BYTEARRAY {
                Object::ByteArray(bytes)
            } else {
                Object::Bytes(bytes.into())
            })));
        }
        let name = match kind {
            types::LIST => "list",
            types::TUPLE => "tuple",
            types::DEQUE => "deque",
            _ => return Ok(None),
        };
        if self.type_number(b) != kind {
            return self.not_concatenable(name, b);
        }
        let mut items = self.items(a)?;
        items.extend(self.items(b)?);
        Ok(Some(self.sequence_like(a, items)))
    }

    #[cold]
    fn not_concatenable<T>(&mut self, name: &str, other: Value) -> Outcome<T> {
        self.type_error(
            &["can only concatenate ", name, " (not \""].concat(),
            other,
            &["\") to ", name].concat(),
        )
    }

    /// A list, tuple or deque of these items (owned), as `like` is one.
    pub fn sequence_like(&mut self, like: Value, mut items: Vec<Value>) -> Value {
        let object = match self.machine.heap.object(like) {
            Some(Object::Tuple(_)) => Object::Tuple(items.into()),
            Some(Object::Deque(deque)) => {
                let limit = deque.limit;
                let extra = limit.map_or(0, |limit| items.len().saturating_sub(limit));
                let dropped: Vec<Value> = items.drain(..extra).collect();
                self.heap().release_all(dropped);
                Object::Deque(Box::new(Deque {
                    items: items.into(),
                    limit,
                }))
            }
            _ => Object::List(items),
        };
        self.heap().add(object)
    }

    /// `sequence * count`
    pub(super) fn repeat(&mut self, sequence: Value, count: Value) -> Outcome {
        let Some(count) = self.size(count)? else {
            return self.type_error("can't multiply sequence by non-int of type '", count, "'");
        };
        let count = count.max(0) as usize;
        let length = self.builtin_length(sequence).unwrap_or(0);
        self.reserve(length.saturating_mul(count).saturating_mul(8))?;
        let object = match self.machine.heap.object(sequence) {
            Some(Object::Str(text)) => Object::Str(Text {
                text: text.text.repeat(count).into(),
                length: text.length * count as u32,
            }),
            Some(Object::Bytes(bytes)) => Object::Bytes(bytes.repeat(count).into()),
            Some(Object::ByteArray(bytes)) => Object::ByteArray(bytes.repeat(count)),
            _ => {
                let mut items = Vec::with_capacity(length * count);
                for _ in 0..count {
                    for at in 0..length {
                        if let Some(item) = self.element(sequence, at) {
                            items.push(self.machine.heap.retain(item));
                        }
                    }
                }
                return Ok(self.sequence_like(sequence, items));
            }
        };
        Ok(self.heap().add(object))
    }

    pub(super) fn is_sequence(&self, value: Value) -> bool {
        matches!(
            self.machine.heap.object(value),
            Some(
                Object::Str(_)
                    | Object::List(_)
                    | Object::Tuple(_)
                    | Object::Bytes(_)
                    | Object::ByteArray(_)
                    | Object::Deque(_)
            )
        )
    }

    pub fn retain_each(&mut self, values: &[Value]) {
        for value in values {
            self.machine.heap.retain(*value);
        }
    }

    pub(super) fn repeat_in_place(&mut self, list: Value, count: i64) -> Outcome<()> {
        let length = self.builtin_length(list).unwrap_or(0);
        let count = count.max(0) as usize;
        self.reserve(length.saturating_mul(count).saturating_mul(8))?;
        let items = match self.machine.heap.object_mut(list) {
            Some(Object::List(items)) => items,
            Some(Object::ByteArray(bytes)) => {
                *bytes = bytes.repeat(count);
                self.heap().bytes += length * count;
                return Ok(());
            }
            _ => return Ok(()),
        };
        if count == 0 {
            let old = std::mem::take(items);
            self.resized(length, 0);
            self.heap().release_all(old);
            return Ok(());
        }
        let more = items.repeat(count - 1);
        items.extend_from_slice(&more);
        self.retain_each(&more);
        self.resized(length, length * count);
        Ok(())
    }

    /// `list.extend(iterable)`, `deque.extend(iterable)`
    pub fn extend(&mut self, sequence: Value, iterable: Value) -> Outcome<()> {
        let new = self.items(iterable)?;
        let count = new.len();
        match self.machine.heap.object_mut(sequence) {
            Some(Object::List(items)) => {
                items.extend(new);
                self.resized(0, count);
            }
            Some(Object::Deque(deque)) => {
                deque.items.extend(new);
                let extra = deque
                    .limit
                    .map_or(0, |limit| deque.items.len().saturating_sub(limit));
                let dropped: Vec<Value> = deque.items.drain(..extra).collect();
                self.resized(dropped.len(), count);
                self.heap().release_all(dropped);
            }
            _ => self.heap().release_all(new),
        }
        Ok(())
    }
}

//! `in`, and finding equal items.

use std::rc::Rc;

use super::super::object::{Object, ViewKind};
use super::super::value::Value;
use super::super::{Context, Outcome, symbols, types};
use super::integer::Number;
use super::truth::range_length;

impl Context<'_> {
    /// `item in container`
    pub fn contains(&mut self, item: Value, container: Value) -> Outcome<bool> {
        match self.machine.heap.object(container) {
            Some(Object::Dict(_) | Object::Set(..) | Object::DictView(_, ViewKind::Keys)) => {
                if let Some(Object::Set(..)) = self.machine.heap.object(container) {
                    let sought = self.sought(item);
                    let found = self.has_key(container, sought);
                    self.heap().release(sought);
                    return found;
                }
                self.has_key(container, item)
            }
            Some(Object::List(_) | Object::Tuple(_) | Object::Deque(_)) => {
                Ok(self.find_element(container, item, 0, usize::MAX)?.is_some())
            }
            Some(Object::Str(text)) => {
                let text = text.text.clone();
                match self.shared_text(item) {
                    Some(part) => Ok(text.contains(&*part)),
                    None => self.type_error(
                        "'in <string>' requires string as left operand, not ",
                        item,
                        "",
                    ),
                }
            }
            Some(Object::Bytes(_) | Object::ByteArray(_)) => self.contains_bytes(item, container),
            Some(Object::Range(parts)) => {
                let parts = **parts;
                match self.number(item) {
                    Some(number) => Ok(range_index(&parts, &number).is_some()),
                    None if self.has_own_class(item) => self.contains_by_iteration(item, container),
                    None => Ok(false),
                }
            }
            Some(Object::DictView(of, ViewKind::Items)) => {
                let of = self.machine.heap.plain(*of);
                let (Some(key), Some(value), None) = (
                    self.element(item, 0),
                    self.element(item, 1),
                    self.element(item, 2),
                ) else {
                    return Ok(false);
                };
                match self.dict_get(of, key)? {
                    Some(found) => self.same(found, value),
                    None => Ok(false),
                }
            }
            Some(Object::Instance(_) | Object::Class(_)) => {
                if let Some(method) = self.special(container, symbols::CONTAINS)
                    && method.is_none()
                {
                    return self.type_error("'", container, "' object is not a container");
                }
                match self.call_special(container, symbols::CONTAINS, &[item]) {
                    Some(result) => {
                        let result = result?;
                        let truth = self.truth(result);
                        self.heap().release(result);
                        truth
                    }
                    None => match self.machine.heap.base(container) {
                        Some(base) if self.special(container, symbols::ITER).is_none() => {
                            self.contains(item, base)
                        }
                        _ => self.contains_by_iteration(item, container),
                    },
                }
            }
            _ => self.contains_by_iteration(item, container),
        }
    }

    fn contains_by_iteration(&mut self, item: Value, container: Value) -> Outcome<bool> {
        let iterator = match self.iterator(container) {
            Ok(iterator) => iterator,
            Err(control) => {
                let own = matches!(
                    self.machine.heap.object(container),
                    Some(Object::Instance(_))
                ) && self.special(container, symbols::ITER).is_some();
                if !own && self.drop_if(&control, types::TYPE_ERROR) {
                    return self.type_error("argument of type '", container, "' is not iterable");
                }
                return Err(control);
            }
        };
        let mut found = false;
        let result = self.each(iterator, &mut |cx, candidate| {
            found = cx.same(candidate, item)?;
            Ok(!found)
        });
        self.heap().release(iterator);
        result.map(|_| found)
    }

    fn contains_bytes(&mut self, item: Value, container: Value) -> Outcome<bool> {
        let whole: Rc<[u8]> = self.shared_bytes(container).unwrap_or_default();
        if let Some(part) = self.shared_bytes(item) {
            return Ok(part.is_empty() || whole.windows(part.len()).any(|w| *w == *part));
        }
        match self.index(item)? {
            Some(byte) if (0..256).contains(&byte) => Ok(whole.contains(&(byte as u8))),
            Some(_) => self.error(types::VALUE_ERROR, "byte must be in range(0, 256)"),
            None => self.type_error("a bytes-like object is required, not '", item, "'"),
        }
    }

    /// The bytes of bytes or bytearray.
    pub fn shared_bytes(&self, value: Value) -> Option<Rc<[u8]>> {
        match self.machine.heap.object(value)? {
            Object::Bytes(b) => Some(b.clone()),
            Object::ByteArray(b) => Some(b[..].into()),
            _ => None,
        }
    }

    /// Where an equal item is in a list, tuple or deque, between two places.
    pub fn find_element(
        &mut self,
        sequence: Value,
        item: Value,
        from: usize,
        to: usize,
    ) -> Outcome<Option<usize>> {
        let deque = matches!(self.machine.heap.object(sequence), Some(Object::Deque(_)));
        let length = self.builtin_length(sequence);
        let mut at = from;
        while at < to
            && let Some(element) = self.element(sequence, at)
        {
            self.heap().retain(element);
            let same = self.same(element, item);
            self.heap().release(element);
            let same = same?;
            // CPython 3.12, Modules/_collectionsmodule.c, deque_contains.
            if deque && self.builtin_length(sequence) != length {
                return self.error(types::RUNTIME_ERROR, "deque mutated during iteration");
            }
            if same {
                return Ok(Some(at));
            }
            at += 1;
        }
        Ok(None)
    }
}

/// Where a number is in a range.
pub fn range_index(parts: &[i64; 3], number: &Number) -> Option<u64> {
    let whole = match number {
        Number::Int(i) => *i,
        Number::Float(f) if f.fract() == 0.0 && f.abs() < 9e18 => *f as i64,
        _ => return None,
    };
    let distance = whole as i128 - parts[0] as i128;
    let step = parts[2] as i128;
    let steps = distance / step;
    (distance % step == 0 && steps >= 0 && steps < range_length(parts) as i128)
        .then_some(steps as u64)
}

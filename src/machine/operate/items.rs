//! Going through whole iterables.

use super::super::object::{Object, ViewKind};
use super::super::value::Value;
use super::super::{Context, Control, Outcome, symbols, types};
use super::truth::range_length;

impl Context<'_> {
    /// All values of an iterable, owned.
    pub fn items(&mut self, iterable: Value) -> Outcome<Vec<Value>> {
        match self.machine.heap.object(iterable) {
            Some(Object::List(items)) => {
                let items = items.clone();
                items.iter().for_each(|v| {
                    self.machine.heap.retain(*v);
                });
                return Ok(items);
            }
            Some(Object::Tuple(items)) => {
                let items = items.to_vec();
                items.iter().for_each(|v| {
                    self.machine.heap.retain(*v);
                });
                return Ok(items);
            }
            Some(Object::Range(parts)) => {
                let length = range_length(parts) as usize;
                self.reserve(length.saturating_mul(16))?;
            }
            _ => {}
        }
        let mut items = Vec::new();
        let result = self.each(iterable, &mut |cx, item| {
            items.push(cx.heap().retain(item));
            if items.len() & 0xFFF == 0 {
                cx.reserve(items.len() * 16)?;
            }
            Ok(true)
        });
        match result {
            Ok(()) => Ok(items),
            Err(e) => {
                self.heap().release_all(items);
                Err(e)
            }
        }
    }

    /// Calls `f` with every value of an iterable (borrowed) until it gives false.
    pub fn each(
        &mut self,
        iterable: Value,
        f: &mut dyn FnMut(&mut Context<'_>, Value) -> Outcome<bool>,
    ) -> Outcome<()> {
        let iterator = self.iterator(iterable)?;
        let result = loop {
            match self.next_now(iterator) {
                Ok(Some(item)) => {
                    let go_on = self.count_step().and_then(|()| f(self, item));
                    self.heap().release(item);
                    match go_on {
                        Ok(true) => {}
                        Ok(false) => break Ok(()),
                        Err(e) => break Err(e),
                    }
                }
                Ok(None) => break Ok(()),
                Err(e) => break Err(e),
            }
        };
        self.heap().release(iterator);
        result
    }

    /// Whether a value cannot be iterated over at all.
    pub fn iterator_problem(&mut self, value: Value) -> bool {
        self.builtin_length(value).is_none()
            && !self.is_iterator(value)
            && self.special(value, symbols::ITER).is_none()
            && self.special(value, symbols::GET_ITEM).is_none()
    }

    /// A key, a value or a pair of both; owned.
    pub fn entry_part(&mut self, key: Value, value: Value, kind: ViewKind) -> Value {
        let heap = self.heap();
        match kind {
            ViewKind::Keys => heap.retain(key),
            ViewKind::Values => heap.retain(value),
            ViewKind::Items => {
                heap.retain(key);
                heap.retain(value);
                heap.tuple(vec![key, value])
            }
        }
    }

    /// Whether it is an exception of this built-in type; then it is released: the caller handles it.
    pub fn drop_if(&mut self, control: &Control, kind: u16) -> bool {
        let Control::Raise(exception) = control else {
            return false;
        };
        let caught = self.machine.is_instance(*exception, types::value(kind));
        if caught {
            self.heap().release(*exception);
        }
        caught
    }
}

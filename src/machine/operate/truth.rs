//! Truth and length.

use super::super::object::Object;
use super::super::value::{Value, View};
use super::super::{Context, Outcome, symbols, types};

impl Context<'_> {
    pub fn truth(&mut self, value: Value) -> Outcome<bool> {
        Ok(match value.view() {
            View::Bool(b) => b,
            View::Int(i) => i != 0,
            View::Float(f) => f != 0.0,
            View::None | View::Null => false,
            View::Object(h) => match self.machine.heap.get(h) {
                Object::Str(t) => t.length != 0,
                Object::Instance(_) | Object::Exception(_) => return self.truth_of_own(value),
                _ => self.builtin_length(value) != Some(0),
            },
            _ => true,
        })
    }

    fn truth_of_own(&mut self, value: Value) -> Outcome<bool> {
        match self.call_special(value, symbols::BOOL, &[]) {
            Some(result) => self.checked_truth(result?),
            None if self.special(value, symbols::LEN).is_some() => Ok(self.length(value)? != 0),
            None => match self.machine.heap.base(value) {
                Some(base) => self.truth(base),
                None => Ok(true),
            },
        }
    }

    /// The bool that `__bool__` gave (owned).
    pub fn checked_truth(&mut self, result: Value) -> Outcome<bool> {
        if let View::Bool(b) = result.view() {
            return Ok(b);
        }
        let name = self.type_name(result);
        self.heap().release(result);
        self.fail(
            types::TYPE_ERROR,
            &["__bool__ should return bool, returned ", &name],
        )
    }

    /// The length that `__len__` gave (owned).
    pub fn checked_length(&mut self, result: Value) -> Outcome<usize> {
        let length = self.index(result);
        let name = self.type_name(result);
        self.heap().release(result);
        match length? {
            Some(length) if length >= 0 => Ok(length as usize),
            Some(_) => self.error(types::VALUE_ERROR, "__len__() should return >= 0"),
            None => self.fail(
                types::TYPE_ERROR,
                &["'", &name, "' object cannot be interpreted as an integer"],
            ),
        }
    }

    /// `len(value)`.
    pub fn length(&mut self, value: Value) -> Outcome<usize> {
        if !self.has_own_class(value)
            && let Some(length) = self.builtin_length(value)
        {
            return Ok(length);
        }
        match self.call_special(value, symbols::LEN, &[]) {
            Some(result) => self.checked_length(result?),
            None => match self.builtin_length(value) {
                Some(length) => Ok(length),
                None => self.type_error("object of type '", value, "' has no len()"),
            },
        }
    }

    /// The length of a built-in container.
    pub fn builtin_length(&self, value: Value) -> Option<usize> {
        Some(match self.machine.heap.object(value)? {
            Object::Str(t) => t.length as usize,
            Object::Bytes(b) => b.len(),
            Object::ByteArray(b) => b.len(),
            Object::List(items) => items.len(),
            Object::Tuple(items) => items.len(),
            Object::Dict(d) => d.len(),
            Object::Set(d, _) => d.len(),
            Object::Deque(d) => d.items.len(),
            Object::Range(parts) => range_length(parts) as usize,
            Object::DictView(of, _) => return self.builtin_length(*of),
            Object::Instance(i) => return self.builtin_length(i.base),
            _ => return None,
        })
    }
}

/// How many numbers a range has.
pub fn range_length(&[start, stop, step]: &[i64; 3]) -> u64 {
    let (low, high, step) = if step > 0 {
        (start, stop, step as u64)
    } else {
        (stop, start, step.unsigned_abs())
    };
    if low >= high {
        0
    } else {
        ((high as i128 - low as i128 - 1) as u64) / step + 1
    }
}

//! Equality.

use super::super::heap::Heap;
use super::super::object::Object;
use super::super::value::{Value, View};
use super::super::{Context, Outcome};
use super::integer::{Number, compare_numbers};
use super::truth::range_length;
use crate::bytecode::Comparison;

/// Whether two values are the same or equal, where that can be told without running the program's code.
/// None if it cannot.
pub fn same_in(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    Some(match (a.view(), b.view()) {
        (View::Int(x), View::Int(y)) => x == y,
        (View::Object(x), View::Object(y)) => match (heap.get(x), heap.get(y)) {
            (Object::Str(x), Object::Str(y)) => x.text == y.text,
            (Object::Tuple(x), Object::Tuple(y)) => {
                let mut certain = x.len() == y.len();
                if certain {
                    for (x, y) in x.iter().zip(y.iter()) {
                        certain &= same_in(heap, *x, *y)?;
                    }
                }
                certain
            }
            (Object::Bytes(x), Object::Bytes(y)) => x == y,
            (Object::BigInt(x), Object::BigInt(y)) => x == y,
            (Object::Method(x), Object::Method(y)) => x[0].is(y[0]) && x[1].is(y[1]),
            (Object::Traceback(x), Object::Traceback(y)) => x == y,
            (Object::Str(_), Object::Tuple(_)) | (Object::Tuple(_), Object::Str(_)) => false,
            _ => return None,
        },
        (View::Object(x), _) => plain_beside(heap.get(x), b)?,
        (_, View::Object(y)) => plain_beside(heap.get(y), a)?,
        _ => match (a.as_number(), b.as_number()) {
            (Some(_), Some(_)) => return None,
            _ => false,
        },
    })
}

/// `a is b`. An exception makes its traceback anew each time it is asked: those that say the same are one in CPython.
pub fn is_same(heap: &Heap, a: Value, b: Value) -> bool {
    a.is(b)
        || matches!((heap.object(a), heap.object(b)), (Some(Object::Traceback(x)), Some(Object::Traceback(y))) if x == y)
}

/// An object and a value that is none: False for what never equals such a value.
fn plain_beside(object: &Object, _: Value) -> Option<bool> {
    match object {
        Object::Str(_)
        | Object::Tuple(_)
        | Object::List(_)
        | Object::Dict(_)
        | Object::Bytes(_) => Some(false),
        _ => None,
    }
}

impl Context<'_> {
    /// `a is b or a == b`: how containers compare.
    pub fn same(&mut self, a: Value, b: Value) -> Outcome<bool> {
        match same_in(&self.machine.heap, a, b) {
            Some(same) => Ok(same),
            None => self.equal(a, b),
        }
    }

    /// The truth of `a == b`.
    pub fn equal(&mut self, a: Value, b: Value) -> Outcome<bool> {
        if self.has_own_class(a) || self.has_own_class(b) {
            let result = self.compare(Comparison::Equal, a, b)?;
            let truth = self.truth(result);
            self.heap().release(result);
            return truth;
        }
        self.equal_builtin(a, b)
    }

    /// `==` of values whose types are not the program's.
    pub(super) fn equal_builtin(&mut self, a: Value, b: Value) -> Outcome<bool> {
        if let (Some(x), Some(y)) = (self.number(a), self.number(b)) {
            return Ok(compare_numbers(&x, &y) == Some(std::cmp::Ordering::Equal));
        }
        let (Some(x), Some(y)) = (a.as_object(), b.as_object()) else {
            return Ok(a.is(b));
        };
        if x == y {
            return Ok(true);
        }
        match (self.machine.heap.get(x), self.machine.heap.get(y)) {
            (Object::Str(x), Object::Str(y)) => Ok(x.text == y.text),
            (Object::Bytes(x), Object::Bytes(y)) => Ok(x == y),
            (Object::ByteArray(x), Object::ByteArray(y)) => Ok(x == y),
            (Object::ByteArray(x), Object::Bytes(y)) => Ok(x[..] == y[..]),
            (Object::Bytes(x), Object::ByteArray(y)) => Ok(x[..] == y[..]),
            (Object::List(_), Object::List(_))
            | (Object::Tuple(_), Object::Tuple(_))
            | (Object::Deque(_), Object::Deque(_)) => {
                if self.builtin_length(a) != self.builtin_length(b) {
                    return Ok(false);
                }
                self.sink(" in comparison")?;
                let different = self.first_difference(a, b);
                self.rise();
                Ok(different?.is_none())
            }
            (Object::Dict(x), Object::Dict(y)) => {
                if x.len() != y.len() {
                    return Ok(false);
                }
                self.sink(" in comparison")?;
                let equal = self.equal_dicts(a, b);
                self.rise();
                equal
            }
            (Object::Range(x), Object::Range(y)) => {
                let length = range_length(x);
                Ok(length == range_length(y)
                    && (length == 0 || x[0] == y[0] && (length == 1 || x[2] == y[2])))
            }
            (Object::Slice(x), Object::Slice(y)) => {
                let (x, y) = (**x, **y);
                for (x, y) in x.into_iter().zip(y) {
                    if !self.same(x, y)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Object::Method(x), Object::Method(y)) => Ok(x[0].is(y[0]) && x[1].is(y[1])),
            (Object::Traceback(x), Object::Traceback(y)) => Ok(x == y),
            _ if self.is_set_like(a) && self.is_set_like(b) => {
                Ok(self.builtin_length(a) == self.builtin_length(b) && self.is_subset(a, b)?)
            }
            _ => Ok(false),
        }
    }

    fn equal_dicts(&mut self, a: Value, b: Value) -> Outcome<bool> {
        let mut place = 0;
        while let Some((entry, next)) = self.entry_from(a, place) {
            place = next;
            let Some(other) = self.find_key(b, entry.hash, entry.key)? else {
                return Ok(false);
            };
            let Some(other) = self.entry_at(b, other) else {
                return Ok(false);
            };
            self.heap().retain(entry.value);
            self.heap().retain(other.value);
            let same = self.same(entry.value, other.value);
            self.heap().release(entry.value);
            self.heap().release(other.value);
            if !same? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The first place where two sequences of the same type differ (one may end there).
    pub(super) fn first_difference(&mut self, a: Value, b: Value) -> Outcome<Option<usize>> {
        let mut at = 0;
        loop {
            match (self.element(a, at), self.element(b, at)) {
                (Some(x), Some(y)) => {
                    if let Some(same) = same_in(&self.machine.heap, x, y) {
                        if !same {
                            return Ok(Some(at));
                        }
                    } else {
                        // The program's `__eq__` could change the sequences.
                        self.heap().retain(x);
                        self.heap().retain(y);
                        let same = self.equal(x, y);
                        self.heap().release(x);
                        self.heap().release(y);
                        if !same? {
                            return Ok(Some(at));
                        }
                    }
                }
                (None, None) => return Ok(None),
                _ => return Ok(Some(at)),
            }
            at += 1;
        }
    }

    /// The element of a list, tuple or deque; borrowed.
    #[inline]
    pub fn element(&self, sequence: Value, at: usize) -> Option<Value> {
        match self.machine.heap.object(sequence)? {
            Object::List(items) => items.get(at).copied(),
            Object::Tuple(items) => items.get(at).copied(),
            Object::Deque(d) => d.items.get(at).copied(),
            _ => None,
        }
    }
}

impl Number {
    pub fn equals(&self, other: &Number) -> bool {
        compare_numbers(self, other) == Some(std::cmp::Ordering::Equal)
    }
}

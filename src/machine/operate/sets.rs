//! Set algebra.

use super::super::object::{Frozen, Object};
use super::super::value::Value;
use super::super::{Context, Outcome};
use crate::bytecode::Operator;

impl Context<'_> {
    /// `a op b` of two sets or views: a new set, of the left one's type.
    pub(super) fn combine(&mut self, op: Operator, a: Value, b: Value) -> Outcome {
        let frozen = match self.machine.heap.object(a) {
            Some(Object::Set(_, frozen)) => *frozen,
            // A view combines as the set of its items.
            _ => {
                let set = self.set_of(a, Frozen::No)?;
                let result = if op == Operator::And {
                    self.combine(op, set, b)
                } else {
                    self.change(op, set, b).map(|()| set)
                };
                if !matches!(result, Ok(result) if result.is(set)) {
                    self.heap().release(set);
                }
                return result;
            }
        };
        if let Operator::And = op {
            return self.intersect(a, b, frozen);
        }
        self.combined(op, a, b, frozen)
    }

    /// A changed copy of a set, made in CPython's way, which decides the order.
    pub fn combined(&mut self, op: Operator, a: Value, b: Value, frozen: Frozen) -> Outcome {
        let other = match self.machine.heap.object(b) {
            Some(Object::Dict(_) | Object::Set(..)) => self.builtin_length(b),
            _ => None,
        };
        let own = self.builtin_length(a).unwrap_or(0);
        match (op, other) {
            // Unless the other one is much smaller, the difference is built up, not taken away.
            (Operator::Subtract, Some(other)) if own >> 2 <= other => {
                let result = self.new_set(frozen);
                let mut place = 0;
                while let Some((entry, next)) = self.entry_from(a, place) {
                    place = next;
                    if self.find_key(b, entry.hash, entry.key)?.is_none() {
                        self.set_add_hashed(result, entry.hash, entry.key)?;
                    }
                }
                Ok(result)
            }
            // What is in one only: the other one's copy, changed by this one.
            (Operator::Xor, _) => {
                let result = self.set_of(b, frozen)?;
                self.finish_change(op, result, a)
            }
            _ => {
                let result = self.copy_table(a, frozen);
                self.finish_change(op, result, b)
            }
        }
    }

    fn finish_change(&mut self, op: Operator, result: Value, with: Value) -> Outcome {
        match self.change(op, result, with) {
            Ok(()) => Ok(result),
            Err(e) => {
                self.heap().release(result);
                Err(e)
            }
        }
    }

    /// A set of what is in a set and an iterable.
    pub fn intersect(&mut self, set: Value, iterable: Value, frozen: Frozen) -> Outcome {
        let (mut set, mut other) = (set, iterable);
        // CPython goes through the smaller of two sets.
        if let Some(Object::Set(..)) = self.machine.heap.object(other)
            && self.builtin_length(other) > self.builtin_length(set)
        {
            std::mem::swap(&mut set, &mut other);
        }
        let result = self.new_set(frozen);
        let done = self.each(other, &mut |cx, item| {
            let hash = cx.hash(item)?;
            if cx.find_key(set, hash, item)?.is_some() {
                cx.set_add_hashed(result, hash, item)?;
            }
            Ok(true)
        });
        match done {
            Ok(()) => Ok(result),
            Err(e) => {
                self.heap().release(result);
                Err(e)
            }
        }
    }

    /// `a op= b` of a set and a set or view.
    pub(super) fn combine_in_place(&mut self, op: Operator, a: Value, b: Value) -> Outcome<()> {
        if op == Operator::And {
            let result = self.combine(op, a, b)?;
            self.exchange_tables(a, result);
            self.heap().release(result);
            return Ok(());
        }
        if a.is(b) && op != Operator::Or {
            self.clear_table(a);
            return Ok(());
        }
        self.change(op, a, b)
    }

    /// Exchanges the contents of two sets.
    pub fn exchange_tables(&mut self, a: Value, b: Value) {
        let other = self.set_mut(b).map(std::mem::take).unwrap_or_default();
        if let Some(table) = self.set_mut(a) {
            let old = std::mem::replace(table, other);
            if let Some(table) = self.set_mut(b) {
                *table = old;
            }
        }
    }

    /// Adds, takes out or flips the items of an iterable.
    pub fn change(&mut self, op: Operator, set: Value, iterable: Value) -> Outcome<()> {
        match op {
            Operator::Or => self.set_extend(set, iterable),
            Operator::Subtract => {
                self.each(iterable, &mut |cx, item| {
                    cx.discard(set, item).map(|_| true)
                })?;
                if let Some(set) = self.set_mut(set) {
                    set.tidy();
                }
                Ok(())
            }
            _ => {
                if set.is(iterable) {
                    self.clear_table(set);
                    return Ok(());
                }
                // Each item once, whatever the iterable repeats.
                let other = match self.machine.heap.object(iterable) {
                    Some(Object::Set(..) | Object::Dict(_)) => self.heap().retain(iterable),
                    _ => self.set_of(iterable, Frozen::No)?,
                };
                let result = self.each(other, &mut |cx, item| {
                    if !cx.discard(set, item)? {
                        cx.set_add(set, item)?;
                    }
                    Ok(true)
                });
                self.heap().release(other);
                result
            }
        }
    }

    /// Takes an item out of a set; false if it is not there.
    pub fn discard(&mut self, set: Value, item: Value) -> Outcome<bool> {
        match self.take_key(set, item)? {
            Some((key, _)) => {
                self.heap().release(key);
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

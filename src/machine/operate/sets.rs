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
            _ => Frozen::No,
        };
        // CPython goes through the smaller one for `&`.
        let (mut a, mut b) = (a, b);
        if op == Operator::And && self.builtin_length(b) > self.builtin_length(a) {
            std::mem::swap(&mut a, &mut b);
        }
        let result = match op {
            Operator::And => self.new_set(frozen),
            _ => self.set_of(a, frozen)?,
        };
        let done = match op {
            Operator::And => self.each(b, &mut |cx, item| {
                if cx.contains(item, a)? {
                    cx.set_add(result, item)?;
                }
                Ok(true)
            }),
            _ => self.change(op, result, b),
        };
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
        let other = self.table_mut(b).map(std::mem::take).unwrap_or_default();
        if let Some(table) = self.table_mut(a) {
            let old = std::mem::replace(table, other);
            if let Some(table) = self.table_mut(b) {
                *table = old;
            }
        }
    }

    /// Adds, takes out or flips the items of an iterable.
    pub fn change(&mut self, op: Operator, set: Value, iterable: Value) -> Outcome<()> {
        match op {
            Operator::Or => self.set_extend(set, iterable),
            Operator::Subtract => self.each(iterable, &mut |cx, item| {
                cx.discard(set, item)?;
                Ok(true)
            }),
            _ => {
                // Each item once, whatever the iterable repeats.
                let other = self.set_of(iterable, Frozen::No)?;
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

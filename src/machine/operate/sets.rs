//! Set algebra.

use super::super::object::{Frozen, Object, ViewKind};
use super::super::value::Value;
use super::super::{Context, Outcome, symbols};
use super::mapping::{ENTRY_BYTES, Table};
use crate::bytecode::Operator;

impl Context<'_> {
    /// `a op b` of two sets or views: a new set, of the left one's type.
    pub(super) fn combine(&mut self, op: Operator, a: Value, b: Value) -> Outcome {
        if self.is_view(a) || self.is_view(b) {
            if op == Operator::And {
                return self.intersect_view(a, b);
            }
            let set = self.set_of(a, Frozen::No)?;
            return self.finish_change(op, set, b);
        }
        let frozen = match self.machine.heap.object(a) {
            Some(Object::Set(_, frozen)) => *frozen,
            _ => Frozen::No,
        };
        if let Operator::And = op {
            return self.intersect(a, b, frozen);
        }
        self.combined(op, a, b, frozen)
    }

    /// `a & b` of a view and any iterable. CPython 3.12, Objects/dictobject.c, _PyDictView_Intersect.
    fn intersect_view(&mut self, a: Value, b: Value) -> Outcome {
        let (mut view, mut other) = if self.is_view(a) { (a, b) } else { (b, a) };
        let length = self.builtin_length(view);
        let longer = self.builtin_length(other) > length;
        match self.machine.heap.object(other) {
            Some(Object::Set(_, Frozen::No)) if longer || self.builtin_length(other) == length => {
                return self.intersect(other, view, Frozen::No);
            }
            Some(Object::DictView(..)) if longer => std::mem::swap(&mut view, &mut other),
            _ => {}
        }
        let result = self.new_set(Frozen::No);
        let done = self.each(other, &mut |cx, item| {
            if cx.contains(item, view)? {
                cx.set_add(result, item)?;
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
        let done = self.each_hashed(other, &mut |cx, hash, item| {
            if cx.find_key(set, hash, item)?.is_some() {
                cx.set_add_hashed(result, hash, item)?;
            }
            Ok(())
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
                self.each_hashed(iterable, &mut |cx, hash, item| {
                    cx.discard_hashed(set, hash, item).map(|_| ())
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
                    Some(Object::Set(..)) => self.heap().retain(iterable),
                    _ => self.set_of(iterable, Frozen::No)?,
                };
                let result = self.each_hashed(other, &mut |cx, hash, item| {
                    if !cx.discard_hashed(set, hash, item)? {
                        cx.set_add_hashed(set, hash, item)?;
                    }
                    Ok(())
                });
                self.heap().release(other);
                result
            }
        }
    }

    /// What is looked for in a set (owned): instead of a set, which has no hash, the frozenset that equals it.
    /// CPython 3.12, Objects/setobject.c, set_contains.
    pub fn sought(&mut self, item: Value) -> Value {
        let plain = self.machine.heap.plain(item);
        let is_set = matches!(
            self.machine.heap.object(plain),
            Some(Object::Set(_, Frozen::No))
        );
        match self.special(item, symbols::HASH) {
            Some(method) if !method.is_none() => self.heap().retain(item),
            _ if is_set => self.copy_table(plain, Frozen::Yes),
            _ => self.heap().retain(item),
        }
    }

    /// Calls `f` with every item of an iterable and its hash, which a set knows.
    fn each_hashed(
        &mut self,
        iterable: Value,
        f: &mut dyn FnMut(&mut Context<'_>, u64, Value) -> Outcome<()>,
    ) -> Outcome<()> {
        if !matches!(self.machine.heap.object(iterable), Some(Object::Set(..))) {
            return self.each(iterable, &mut |cx, item| {
                let hash = cx.hash(item)?;
                f(cx, hash, item).map(|()| true)
            });
        }
        let mut place = 0;
        while let Some((entry, next)) = self.entry_from(iterable, place) {
            place = next;
            self.heap().retain(entry.key);
            let done = f(self, entry.hash, entry.key);
            self.heap().release(entry.key);
            done?;
        }
        Ok(())
    }

    fn discard_hashed(&mut self, set: Value, hash: u64, item: Value) -> Outcome<bool> {
        let Some(place) = self.find_key(set, hash, item)? else {
            return Ok(false);
        };
        if let Some((key, _)) = self.take_entry(set, place) {
            self.heap().release(key);
        }
        Ok(true)
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

    /// A set of what an iterable gives.
    pub fn set_of(&mut self, iterable: Value, frozen: Frozen) -> Outcome {
        if let Some(Object::Set(..)) = self.machine.heap.object(iterable) {
            return Ok(self.copy_table(iterable, frozen));
        }
        let set = self.new_set(frozen);
        match self.set_extend(set, iterable) {
            Ok(()) => Ok(set),
            Err(e) => {
                self.heap().release(set);
                Err(e)
            }
        }
    }

    /// Puts everything of an iterable into a set.
    pub fn set_extend(&mut self, set: Value, iterable: Value) -> Outcome<()> {
        if let Some(Object::Dict(_) | Object::Set(..)) = self.machine.heap.object(iterable) {
            let more = self.table(iterable).map_or(0, Table::len);
            if set.is(iterable) || more == 0 {
                return Ok(());
            }
            let empty = self.set_mut(set).is_some_and(|target| target.expect(more));
            if empty && let Some(Object::Set(source, _)) = self.machine.heap.object(iterable) {
                // Both are in the heap, so one must be taken out.
                let source = (**source).clone();
                for entry in source.iter() {
                    self.machine.heap.retain(entry.key);
                }
                self.heap().bytes += ENTRY_BYTES * more;
                if let Some(target) = self.set_mut(set) {
                    target.fill_from(&source);
                }
                return Ok(());
            }
            let mut place = 0;
            while let Some((entry, next)) = self.entry_from(iterable, place) {
                place = next;
                self.set_add_hashed(set, entry.hash, entry.key)?;
            }
            return Ok(());
        }
        self.each(iterable, &mut |cx, item| {
            cx.set_add(set, item).map(|_| true)
        })
    }

    /// Sets, frozensets and views of keys and items compare and combine as sets.
    pub fn is_set_like(&self, value: Value) -> bool {
        matches!(
            self.machine.heap.object(value),
            Some(Object::Set(..) | Object::DictView(_, ViewKind::Keys | ViewKind::Items))
        )
    }

    /// Views of keys and items combine with any iterable.
    pub fn is_view(&self, value: Value) -> bool {
        matches!(
            self.machine.heap.object(value),
            Some(Object::DictView(_, ViewKind::Keys | ViewKind::Items))
        )
    }

    pub fn is_subset(&mut self, a: Value, b: Value) -> Outcome<bool> {
        if let Some(Object::DictView(_, ViewKind::Items)) = self.machine.heap.object(a) {
            let mut all = true;
            self.each(a, &mut |cx, item| {
                all = cx.contains(item, b)?;
                Ok(all)
            })?;
            return Ok(all);
        }
        let mut place = 0;
        while let Some((entry, next)) = self.entry_from(a, place) {
            place = next;
            let found = match self.machine.heap.object(b) {
                Some(Object::Set(..)) => self.find_key(b, entry.hash, entry.key)?.is_some(),
                _ => self.contains(entry.key, b)?,
            };
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts an item into a set; false if it was there.
    pub fn set_add(&mut self, set: Value, item: Value) -> Outcome<bool> {
        let hash = self.hash(item)?;
        self.set_add_hashed(set, hash, item)
    }

    pub fn set_add_hashed(&mut self, set: Value, hash: u64, item: Value) -> Outcome<bool> {
        if self.find_key(set, hash, item)?.is_some() {
            return Ok(false);
        }
        self.heap().retain(item);
        self.heap().bytes += ENTRY_BYTES;
        if let Some(table) = self.set_mut(set) {
            table.push(hash, item);
        }
        Ok(true)
    }

    pub fn new_set(&mut self, frozen: Frozen) -> Value {
        self.heap().add(Object::Set(Box::default(), frozen))
    }
}

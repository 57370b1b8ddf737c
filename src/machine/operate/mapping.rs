//! Looking up and changing dicts and sets.

use super::super::dict::{Dict, Entry};
use super::super::object::{Frozen, Object};
use super::super::set::Set;
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::equal::same_in;

/// What an entry counts for among the live bytes.
pub const ENTRY_BYTES: usize = 24;

/// A dict's or set's table.
#[derive(Clone, Copy)]
pub enum Table<'a> {
    Dict(&'a Dict),
    Set(&'a Set),
}

impl Table<'_> {
    #[inline]
    pub fn find(self, hash: u64, same: impl FnMut(Value) -> bool) -> Option<usize> {
        match self {
            Table::Dict(d) => d.find(hash, same),
            Table::Set(s) => s.find(hash, same),
        }
    }
    pub fn at(self, place: usize) -> Option<Entry> {
        match self {
            Table::Dict(d) => d.at(place),
            Table::Set(s) => s.at(place),
        }
    }
    pub fn next_from(self, place: usize) -> Option<(Entry, usize)> {
        match self {
            Table::Dict(d) => d.next_from(place),
            Table::Set(s) => s.next_from(place),
        }
    }
    #[allow(clippy::len_without_is_empty)]
    pub fn len(self) -> usize {
        match self {
            Table::Dict(d) => d.len(),
            Table::Set(s) => s.len(),
        }
    }
}

impl Context<'_> {
    /// The table of a dict, a set or a view of a dict.
    #[inline]
    pub fn table(&self, container: Value) -> Option<Table<'_>> {
        match self.machine.heap.object(container)? {
            Object::Dict(d) => Some(Table::Dict(d)),
            Object::Set(s, _) => Some(Table::Set(s)),
            Object::DictView(of, _) => self.table(*of),
            Object::Instance(i) => self.table(i.base),
            _ => None,
        }
    }
    pub fn dict_mut(&mut self, dict: Value) -> Option<&mut Dict> {
        match self.machine.heap.object_mut(dict)? {
            Object::Dict(d) => Some(d),
            _ => None,
        }
    }
    pub fn set_mut(&mut self, set: Value) -> Option<&mut Set> {
        match self.machine.heap.object_mut(set)? {
            Object::Set(s, _) => Some(s),
            _ => None,
        }
    }
    /// The first entry at or after a place and the place behind it.
    pub fn entry_from(&self, container: Value, place: usize) -> Option<(Entry, usize)> {
        self.table(container)?.next_from(place)
    }
    pub fn entry_at(&self, container: Value, place: usize) -> Option<Entry> {
        self.table(container)?.at(place)
    }

    /// The place of a key in a dict or set.
    #[inline]
    pub fn find_key(&mut self, container: Value, hash: u64, key: Value) -> Outcome<Option<usize>> {
        let mut doubtful = false;
        let heap = &self.machine.heap;
        let Some(table) = self.table(container) else {
            return Ok(None);
        };
        let found = table.find(hash, |k| {
            same_in(heap, k, key).unwrap_or_else(|| {
                doubtful = true;
                false
            })
        });
        if found.is_some() || !doubtful {
            Ok(found)
        } else {
            self.ask_keys(container, hash, key)
        }
    }

    /// The long way: keys whose `__eq__` must be asked, which may change the container.
    #[cold]
    fn ask_keys(&mut self, container: Value, hash: u64, key: Value) -> Outcome<Option<usize>> {
        let mut candidates = Vec::new();
        if let Some(table) = self.table(container) {
            table.find(hash, |k| {
                candidates.push(k);
                false
            });
        }
        for candidate in &candidates {
            self.heap().retain(*candidate);
        }
        let mut result = Ok(None);
        for candidate in &candidates {
            match self.same(*candidate, key) {
                Ok(false) => {}
                Ok(true) => {
                    result = Ok(self
                        .table(container)
                        .and_then(|t| t.find(hash, |k| k.is(*candidate))));
                    break;
                }
                Err(e) => {
                    result = Err(e);
                    break;
                }
            }
        }
        self.heap().release_all(candidates);
        result
    }

    /// The value of a key; borrowed.
    #[inline]
    pub fn dict_get(&mut self, dict: Value, key: Value) -> Outcome<Option<Value>> {
        let hash = self.hash(key)?;
        let place = self.find_key(dict, hash, key)?;
        Ok(place.and_then(|p| self.entry_at(dict, p)).map(|e| e.value))
    }

    /// The value of a key that is a str; borrowed.
    pub fn dict_get_str(&mut self, dict: Value, key: &str) -> Option<Value> {
        let key = self.heap().str(key);
        let value = self.dict_get(dict, key).ok().flatten();
        self.heap().release(key);
        value
    }

    /// `dict[key] = value`.
    #[inline]
    pub fn dict_set(&mut self, dict: Value, key: Value, value: Value) -> Outcome<()> {
        let hash = self.hash(key)?;
        self.dict_set_hashed(dict, hash, key, value)
    }
    pub fn dict_set_hashed(
        &mut self,
        dict: Value,
        hash: u64,
        key: Value,
        value: Value,
    ) -> Outcome<()> {
        let place = self.find_key(dict, hash, key)?;
        self.heap().retain(value);
        match place {
            Some(place) => {
                let old = self.dict_mut(dict).and_then(|t| t.replace(place, value));
                if let Some(old) = old {
                    self.heap().release(old);
                }
            }
            None => {
                self.heap().retain(key);
                self.heap().bytes += ENTRY_BYTES;
                if let Some(table) = self.dict_mut(dict) {
                    table.push(hash, key, value);
                }
            }
        }
        Ok(())
    }

    /// Takes a key out of a dict or set; key and value are then the caller's.
    pub fn take_key(&mut self, container: Value, key: Value) -> Outcome<Option<(Value, Value)>> {
        let hash = self.hash(key)?;
        let place = self.find_key(container, hash, key)?;
        Ok(place.and_then(|place| self.take_entry(container, place)))
    }
    pub fn take_entry(&mut self, container: Value, place: usize) -> Option<(Value, Value)> {
        let entry = match self.machine.heap.object_mut(container)? {
            Object::Dict(d) => d.remove(place)?,
            Object::Set(s, _) => s.remove(place)?,
            _ => return None,
        };
        let heap = self.heap();
        heap.bytes = heap.bytes.saturating_sub(ENTRY_BYTES);
        Some((entry.key, entry.value))
    }
    /// Takes everything out.
    pub fn clear_table(&mut self, container: Value) {
        let entries: Vec<Entry> = match self.machine.heap.object_mut(container) {
            Some(Object::Dict(d)) => d.clear().collect(),
            Some(Object::Set(s, _)) => s.clear().collect(),
            _ => return,
        };
        let heap = self.heap();
        heap.bytes = heap.bytes.saturating_sub(ENTRY_BYTES * entries.len());
        for entry in entries {
            heap.release(entry.key);
            heap.release(entry.value);
        }
    }

    /// Whether a key is in a dict or an item in a set.
    pub fn has_key(&mut self, container: Value, key: Value) -> Outcome<bool> {
        let hash = self.hash(key)?;
        Ok(self.find_key(container, hash, key)?.is_some())
    }

    pub fn new_dict(&mut self) -> Value {
        self.heap().add(Object::Dict(Box::default()))
    }
    /// A copy of a dict or set, a set with this mutability.
    pub fn copy_table(&mut self, container: Value, frozen: Frozen) -> Value {
        let copy = match self.machine.heap.object(container) {
            Some(Object::Set(set, _)) => Object::Set(Box::new(set.copy()), frozen),
            Some(Object::Dict(dict)) => Object::Dict(dict.clone()),
            _ => Object::Dict(Box::default()),
        };
        super::super::parts::each_part(&copy, &mut |part| {
            self.machine.heap.retain(part);
        });
        self.heap().add(copy)
    }

    /// Puts a mapping's entries into a dict. When they are keywords of a call, of what `call` holds, a key that is there already is an error;
    /// otherwise `call` is NULL.
    pub fn dict_merge(&mut self, dict: Value, mapping: Value, call: Value) -> Outcome<()> {
        let mapping = self.machine.heap.plain(mapping);
        if !matches!(self.machine.heap.object(mapping), Some(Object::Dict(_))) {
            if self.has_keys_method(mapping) {
                return self.merge_own(dict, mapping);
            }
            if call.given().is_some() {
                return self.not_spread(
                    call,
                    " argument after ** must be a mapping, not ",
                    mapping,
                );
            }
            return self.type_error("'", mapping, "' object is not a mapping");
        }
        let mut place = 0;
        while let Some((entry, next)) = self.entry_from(mapping, place) {
            place = next;
            if call.given().is_some() && self.find_key(dict, entry.hash, entry.key)?.is_some() {
                let (function, key) = (self.callable_text(call)?, self.str(entry.key)?);
                let problem = " got multiple values for keyword argument '";
                return self.fail(types::TYPE_ERROR, &[&function, problem, &key, "'"]);
            }
            self.dict_set_hashed(dict, entry.hash, entry.key, entry.value)?;
        }
        Ok(())
    }

    /// `dict.update(other)`: a mapping or pairs.
    pub fn dict_update(&mut self, dict: Value, other: Value) -> Outcome<()> {
        let other = self.machine.heap.plain(other);
        if matches!(self.machine.heap.object(other), Some(Object::Dict(_))) {
            return self.dict_merge(dict, other, Value::NULL);
        }
        if self.has_keys_method(other) {
            return self.merge_own(dict, other);
        }
        let mut number = 0usize;
        self.each(other, &mut |cx, pair| {
            let parts = match cx.items(pair) {
                Ok(parts) => parts,
                Err(control) if cx.drop_if(&control, types::TYPE_ERROR) => {
                    let text = number.to_string();
                    return cx.fail(
                        types::TYPE_ERROR,
                        &[
                            "cannot convert dictionary update sequence element #",
                            &text,
                            " to a sequence",
                        ],
                    );
                }
                Err(control) => return Err(control),
            };
            let result = match parts[..] {
                [key, value] => cx.dict_set(dict, key, value),
                _ => {
                    let (number, length) = (number.to_string(), parts.len().to_string());
                    cx.fail(
                        types::VALUE_ERROR,
                        &[
                            "dictionary update sequence element #",
                            &number,
                            " has length ",
                            &length,
                            "; 2 is required",
                        ],
                    )
                }
            };
            cx.heap().release_all(parts);
            number += 1;
            result.map(|()| true)
        })
    }

    /// Whether an instance is a mapping as `dict.update` sees it.
    pub fn has_keys_method(&mut self, value: Value) -> bool {
        let keys = self.symbol("keys");
        self.special(value, keys).is_some()
    }
    /// Merges an instance with `keys` and `__getitem__`.
    pub fn merge_own(&mut self, dict: Value, mapping: Value) -> Outcome<()> {
        let name = self.symbol("keys");
        let Some(keys) = self.call_special(mapping, name, &[]) else {
            return Ok(());
        };
        let keys = keys?;
        let result = self.each(keys, &mut |cx, key| {
            let value = cx.get_item(mapping, key)?;
            let stored = cx.dict_set(dict, key, value);
            cx.heap().release(value);
            stored.map(|_| true)
        });
        self.heap().release(keys);
        result
    }
}

//! A dict: entries in order of insertion, and an index into them once there are more than a few.

use super::value::Value;

/// A table of this size has no index: its few entries are searched one by one.
const SMALLEST: usize = 8;
const EMPTY: u32 = u32::MAX;

/// Entries in order; a removed one leaves a gap until the next growth, which comes when it comes in CPython, since who goes through
/// a dict that changes sees it (CPython 3.12, Objects/dictobject.c, insertion_resize). Hashing and comparing are the machine's, since
/// they may need the heap; so a search takes the hash and a function that compares keys.
#[derive(Clone, Default)]
pub struct Dict {
    entries: Vec<Option<Entry>>,
    index: Vec<u32>,
    live: usize,
    /// How many more entries fit in before it grows.
    room: usize,
}

/// A key with its hash, and the value.
#[derive(Clone, Copy)]
pub struct Entry {
    pub hash: u64,
    pub key: Value,
    pub value: Value,
}

impl Dict {
    pub fn len(&self) -> usize {
        self.live
    }
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The entry's place, if the key is there.
    pub fn find(&self, hash: u64, mut same: impl FnMut(Value) -> bool) -> Option<usize> {
        if self.index.is_empty() {
            return self
                .entries
                .iter()
                .position(|e| matches!(e, Some(e) if e.hash == hash && same(e.key)));
        }
        let mask = self.index.len() - 1;
        let mut at = spread(hash) & mask;
        loop {
            let place = self.index[at];
            if place == EMPTY {
                return None;
            }
            if let Some(Some(e)) = self.entries.get(place as usize)
                && e.hash == hash
                && same(e.key)
            {
                return Some(place as usize);
            }
            at = (at + 1) & mask;
        }
    }

    /// The entry at a place, if it is not a gap.
    pub fn at(&self, place: usize) -> Option<Entry> {
        self.entries.get(place).copied().flatten()
    }

    /// Replaces the value at a place and gives back the old one.
    pub fn replace(&mut self, place: usize, value: Value) -> Option<Value> {
        let entry = self.entries.get_mut(place)?.as_mut()?;
        Some(std::mem::replace(&mut entry.value, value))
    }

    /// Adds a key that is not there yet.
    pub fn push(&mut self, hash: u64, key: Value, value: Value) {
        if self.room == 0 {
            self.rebuild();
        }
        self.room -= 1;
        let place = self.entries.len();
        self.entries.push(Some(Entry { hash, key, value }));
        self.live += 1;
        if !self.index.is_empty() {
            self.link(hash, place);
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, place: usize) -> Option<Entry> {
        let entry = self.entries.get_mut(place)?.take()?;
        self.live -= 1;
        Some(entry)
    }

    /// Takes everything out.
    pub fn clear(&mut self) -> impl Iterator<Item = Entry> + use<> {
        std::mem::take(self).entries.into_iter().flatten()
    }

    /// The entries in order of insertion.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    /// The first entry at or after a place, and the place behind it.
    pub fn next_from(&self, place: usize) -> Option<(Entry, usize)> {
        let found = (place..self.entries.len()).find(|&p| self.entries[p].is_some())?;
        self.entries[found].map(|entry| (entry, found + 1))
    }

    /// The last entry's place; gaps behind it are dropped.
    pub fn last(&mut self) -> Option<usize> {
        while let Some(None) = self.entries.last() {
            self.entries.pop();
        }
        self.entries.len().checked_sub(1)
    }

    fn rebuild(&mut self) {
        self.entries.retain(Option::is_some);
        let size = (self.live * 3).next_power_of_two().max(SMALLEST);
        self.room = size * 2 / 3 - self.live;
        self.index = Vec::new();
        if size == SMALLEST {
            return;
        }
        self.index = vec![EMPTY; size];
        for place in 0..self.entries.len() {
            if let Some(e) = self.entries[place] {
                self.link(e.hash, place);
            }
        }
    }

    fn link(&mut self, hash: u64, place: usize) {
        let mask = self.index.len() - 1;
        let mut at = spread(hash) & mask;
        while self.index[at] != EMPTY {
            at = (at + 1) & mask;
        }
        self.index[at] = place as u32;
    }
}

/// Small integers hash to themselves; this moves them apart.
fn spread(hash: u64) -> usize {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as usize
}

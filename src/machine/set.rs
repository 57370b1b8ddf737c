//! The table of a set, laid out as CPython lays it out (Objects/setobject.c), since a set's order is its table's.

use super::dict::Entry;
use super::value::Value;

/// The smallest table.
const SMALLEST: usize = 8;
/// How many slots behind the first are tried before jumping on.
const PROBES: usize = 9;
/// The hash of a slot whose item was taken out.
const REMOVED: u64 = u64::MAX;

/// A hash table with open addressing. Hashing and comparing are the machine's, as with `Dict`.
#[derive(Clone, Default)]
pub struct Set {
    /// Empty until the first item, otherwise a power of two. Slots without an item have the key NULL.
    slots: Vec<(u64, Value)>,
    /// Slots in use or once used.
    fill: usize,
    used: usize,
    /// Where `pop` goes on to look.
    finger: usize,
}

impl Set {
    pub fn len(&self) -> usize {
        self.used
    }
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }
    fn mask(&self) -> usize {
        self.slots.len().max(SMALLEST) - 1
    }

    /// The item's place, if it is there.
    pub fn find(&self, hash: u64, mut same: impl FnMut(Value) -> bool) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mut found = None;
        self.probe(hash, |at, (h, key)| {
            if h == hash && !key.is_null() && same(key) {
                found = Some(at);
                return true;
            }
            key.is_null() && h != REMOVED
        });
        found
    }

    /// Visits slots in the order of CPython's search until `stop` says so.
    #[inline]
    fn probe(&self, hash: u64, mut stop: impl FnMut(usize, (u64, Value)) -> bool) {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut at = hash as usize & mask;
        loop {
            let probes = if at + PROBES <= mask { PROBES } else { 0 };
            for slot in at..=at + probes {
                if stop(slot, self.slots[slot]) {
                    return;
                }
            }
            perturb >>= 5;
            at = (at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb)) & mask;
        }
    }

    fn put(&mut self, hash: u64, key: Value) {
        let mut free = 0;
        self.probe(hash, |at, (h, key)| {
            free = at;
            key.is_null() && h != REMOVED
        });
        self.slots[free] = (hash, key);
    }

    /// Adds an item that is not there yet.
    pub fn push(&mut self, hash: u64, key: Value) {
        if self.slots.is_empty() {
            self.slots = vec![(0, Value::NULL); SMALLEST];
        }
        self.used += 1;
        // A slot whose item was taken out is used again.
        let mut free = None;
        let mut end = 0;
        self.probe(hash, |at, (h, key)| {
            end = at;
            if key.is_null() && h == REMOVED {
                free = Some(at);
            }
            key.is_null() && h != REMOVED
        });
        if let Some(at) = free {
            self.slots[at] = (hash, key);
            return;
        }
        self.slots[end] = (hash, key);
        self.fill += 1;
        if self.fill * 5 >= self.mask() * 3 {
            self.resize_for_use();
        }
    }

    fn resize_for_use(&mut self) {
        self.resize(if self.used > 50_000 {
            self.used * 2
        } else {
            self.used * 4
        });
    }
    fn resize(&mut self, at_least: usize) {
        let mut size = SMALLEST;
        while size <= at_least {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![(0, Value::NULL); size]);
        self.fill = self.used;
        for (hash, key) in old {
            if !key.is_null() {
                self.put(hash, key);
            }
        }
    }

    /// Makes room for the items of another set or a dict; whether there is nothing in it then, nor traces of anything.
    pub fn expect(&mut self, more: usize) -> bool {
        if (self.fill + more) * 5 >= self.mask() * 3 {
            self.resize((self.used + more) * 2);
        }
        self.fill == 0
    }
    /// After much was taken out: drops the traces of it.
    pub fn tidy(&mut self) {
        if self.fill - self.used > self.mask() / 4 {
            self.resize_for_use();
        }
    }
    /// A copy with CPython's layout, which is not always the same one.
    pub fn copy(&self) -> Set {
        let mut copy = Set::default();
        if self.used > 0 {
            copy.expect(self.used);
            copy.fill_from(self);
        }
        copy
    }
    /// Takes over the items of another set; it has none itself, and no traces of any.
    pub fn fill_from(&mut self, other: &Set) {
        self.fill = other.used;
        self.used = other.used;
        if self.mask() == other.mask() && other.fill == other.used {
            self.slots = other.slots.clone();
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![(0, Value::NULL); SMALLEST];
        }
        for entry in other.iter() {
            self.put(entry.hash, entry.key);
        }
    }
    /// As the compiler of CPython stores a constant: made anew from its own order.
    pub fn rebuilt(&self) -> Set {
        let mut set = Set::default();
        self.iter()
            .for_each(|entry| set.push(entry.hash, entry.key));
        set
    }

    /// Takes an item out.
    pub fn remove(&mut self, place: usize) -> Option<Entry> {
        let (hash, key) = *self.slots.get(place)?;
        if key.is_null() {
            return None;
        }
        self.slots[place] = (REMOVED, Value::NULL);
        self.used -= 1;
        Some(entry(hash, key))
    }

    /// The place of the item that `pop` takes.
    pub fn pop_place(&mut self) -> Option<usize> {
        if self.used == 0 {
            return None;
        }
        let mask = self.mask();
        let mut at = self.finger & mask;
        while self.slots[at].1.is_null() {
            at = (at + 1) & mask;
        }
        self.finger = at + 1;
        Some(at)
    }

    /// Takes everything out.
    pub fn clear(&mut self) -> impl Iterator<Item = Entry> + use<> {
        std::mem::take(self)
            .slots
            .into_iter()
            .filter(|(_, key)| !key.is_null())
            .map(|(hash, key)| entry(hash, key))
    }
    pub fn iter(&self) -> impl Iterator<Item = Entry> {
        self.slots
            .iter()
            .filter(|(_, key)| !key.is_null())
            .map(|(hash, key)| entry(*hash, *key))
    }
    pub fn at(&self, place: usize) -> Option<Entry> {
        self.slots
            .get(place)
            .filter(|(_, key)| !key.is_null())
            .map(|(hash, key)| entry(*hash, *key))
    }
    /// The first item at or after a place, and the place behind it.
    pub fn next_from(&self, place: usize) -> Option<(Entry, usize)> {
        let found = (place..self.slots.len()).find(|&at| !self.slots[at].1.is_null())?;
        let (hash, key) = self.slots[found];
        Some((entry(hash, key), found + 1))
    }
}

fn entry(hash: u64, key: Value) -> Entry {
    Entry {
        hash,
        key,
        value: Value::NONE,
    }
}

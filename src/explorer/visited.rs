//! The states that were seen: fingerprints and their numbers, for several threads of the explorer at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::graph::Node;
use crate::machine::fingerprint::Mix;

/// How many parts there are when several look at once.
const PARTS: usize = 64;

/// States by their fingerprints, numbered in the order in which they came.
pub struct Visited {
    parts: Vec<Mutex<Table>>,
    next: AtomicU32,
}

impl Visited {
    /// For so many that look at once.
    pub fn new(jobs: usize) -> Visited {
        let parts = if jobs > 1 { PARTS } else { 1 };
        Visited {
            parts: (0..parts).map(|_| Mutex::default()).collect(),
            next: AtomicU32::new(0),
        }
    }

    /// The number of the state with this fingerprint, and whether it is new.
    pub fn insert(&self, fingerprint: Mix) -> (Node, bool) {
        let part = fingerprint.1 as usize % self.parts.len();
        let mut table = self.parts[part].lock().expect("nobody panics in it");
        table.insert(fingerprint, &self.next)
    }

    /// How many states were seen.
    pub fn len(&self) -> usize {
        self.next.load(Ordering::Relaxed) as usize
    }
}

/// An open hash table.
#[derive(Default)]
struct Table {
    fingerprints: Vec<Mix>,
    nodes: Vec<Node>,
    /// Places of entries plus one; 0 is free. Its length is a power of two.
    slots: Vec<u32>,
}

impl Table {
    fn insert(&mut self, fingerprint: Mix, next: &AtomicU32) -> (Node, bool) {
        if (self.fingerprints.len() + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = fingerprint.0 as usize & mask;
        while self.slots[at] != 0 {
            let place = self.slots[at] as usize - 1;
            if self.fingerprints[place] == fingerprint {
                return (self.nodes[place], false);
            }
            at = (at + 1) & mask;
        }
        let node = next.fetch_add(1, Ordering::Relaxed);
        self.fingerprints.push(fingerprint);
        self.nodes.push(node);
        self.slots[at] = self.nodes.len() as u32;
        (node, true)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots = vec![0; size];
        for (number, fingerprint) in self.fingerprints.iter().enumerate() {
            let mut at = fingerprint.0 as usize & (size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = number as u32 + 1;
        }
    }
}

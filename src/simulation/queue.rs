//! The queue of timed events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What happens at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timed {
    /// What the thread waits for: a deadline, the end of a wake-up latency, a switch interval; its state says which.
    Thread(u32),
    /// What the core is busy with is done: a thread switch, native work, a system call.
    Done(u8),
    /// The quantum of the core's thread is over.
    Quantum(u8),
    /// Packets of the network arrive.
    Packets,
    /// A signal of the scenario arrives.
    Signal(u8),
}

/// An entry. What is due at the same time comes in the order in which it was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub at: u64,
    number: u64,
    pub what: Timed,
    /// The entry counts only while the thread or core still has this token: nothing is ever removed from the middle.
    pub token: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    number: u64,
}

impl Queue {
    pub fn plan(&mut self, at: u64, what: Timed, token: u32) {
        self.number += 1;
        self.heap.push(Reverse(Entry {
            at,
            number: self.number,
            what,
            token,
        }));
    }
    pub fn first(&self) -> Option<Entry> {
        self.heap.peek().map(|entry| entry.0)
    }
    pub fn pop(&mut self) {
        self.heap.pop();
    }
}

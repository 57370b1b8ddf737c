//! Round robin: first come, first served, and after its quantum a thread queues again.

use std::collections::VecDeque;

use super::policy::{Definition, Policy};

pub const DEFINITION: Definition = Definition {
    id: "round-robin",
    name: "Round robin",
    summary: "Ready threads take turns in the order in which they became ready, for one quantum each.",
    new: |quantum| {
        Box::new(RoundRobin {
            // A quantum of nothing would let nobody run.
            quantum: quantum.max(1),
            ready: VecDeque::new(),
        })
    },
};

#[derive(Clone)]
struct RoundRobin {
    quantum: u64,
    ready: VecDeque<u32>,
}

impl Policy for RoundRobin {
    fn add(&mut self, thread: u32, _now: u64) {
        self.ready.push_back(thread);
    }
    fn len(&self) -> usize {
        self.ready.len()
    }
    fn get(&self, place: usize) -> u32 {
        self.ready[place]
    }
    fn take(&mut self, place: usize) -> u32 {
        self.ready
            .remove(place)
            .expect("a place within the ready queue")
    }
    fn quantum(&self, _thread: u32) -> u64 {
        self.quantum
    }
    fn copy(&self) -> Box<dyn Policy> {
        Box::new(self.clone())
    }
}

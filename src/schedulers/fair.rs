//! Fair share, as on Linux: whoever had the least time on a core is next, and who wakes from sleep takes the core of a thread that
//! had much more.

use super::policy::{Definition, Policy};

pub const DEFINITION: Definition = Definition {
    id: "fair",
    name: "Fair share",
    summary: "The ready thread that had the least time on a core is next, and one that wakes up need not wait for the end \
              of a quantum.",
    new: |quantum| {
        Box::new(Fair {
            // A quantum of nothing would let nobody run.
            quantum: quantum.max(1),
            had: Vec::new(),
            floor: 0,
            ready: Vec::new(),
        })
    },
};

/// So much less time than others, in nanoseconds, a thread has had at most when it wakes up, however long it slept (Linux 5.10,
/// kernel/sched/fair.c, `place_entity`: half of `sysctl_sched_latency`).
const CREDIT: u64 = 3_000_000;

/// By so much more than the woken thread a running one must have had its core to lose it (Linux 5.10,
/// kernel/sched/fair.c, `sysctl_sched_wakeup_granularity`).
const GRANULARITY: u64 = 1_000_000;

#[derive(Clone)]
struct Fair {
    quantum: u64,
    /// For each thread the time it had on cores, or what is reckoned as such: its virtual runtime.
    had: Vec<u64>,
    /// What a thread of average luck had; it only grows.
    floor: u64,
    /// The least first, and of equals the one that came first.
    ready: Vec<u32>,
}

impl Fair {
    fn had(&mut self, thread: u32) -> &mut u64 {
        let floor = self.floor;
        let needed = thread as usize + 1;
        if self.had.len() < needed {
            self.had.resize(needed, floor);
        }
        &mut self.had[thread as usize]
    }
}

impl Policy for Fair {
    fn add(&mut self, thread: u32, _now: u64) {
        let least = self.floor.saturating_sub(CREDIT);
        let had = self.had(thread);
        *had = least.max(*had);
        let had = *had;
        let place = self
            .ready
            .partition_point(|&other| self.had[other as usize] <= had);
        self.ready.insert(place, thread);
    }
    fn len(&self) -> usize {
        self.ready.len()
    }
    fn get(&self, place: usize) -> u32 {
        self.ready[place]
    }
    fn take(&mut self, place: usize) -> u32 {
        self.ready.remove(place)
    }
    fn quantum(&self, _thread: u32) -> u64 {
        self.quantum
    }
    fn ran(&mut self, thread: u32, time: u64) {
        let had = self.had(thread);
        *had += time;
        let had = *had;
        let first = self.ready.first().map(|&first| self.had[first as usize]);
        self.floor = self.floor.max(first.map_or(had, |first| first.min(had)));
    }
    fn preempted_by(&mut self, woken: u32, running: &[u32]) -> Option<u32> {
        let limit = *self.had(woken) + GRANULARITY;
        let most = running.iter().copied().max_by_key(|&thread| {
            (
                self.had.get(thread as usize).copied(),
                std::cmp::Reverse(thread),
            )
        })?;
        (*self.had(most) > limit).then_some(most)
    }
    fn copy(&self) -> Box<dyn Policy> {
        Box::new(self.clone())
    }
}

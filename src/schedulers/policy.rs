//! What a policy of the operating system is: the order in which ready threads get cores.

/// How a policy is registered: it explains itself, so that pickers and help read it from here.
pub struct Definition {
    /// As given on the command line and in links.
    pub id: &'static str,
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Makes one; the quantum is in virtual nanoseconds.
    pub new: fn(quantum: u64) -> Box<dyn Policy>,
}

/// The ready queue of an operating system. Threads are known by their numbers; times are virtual nanoseconds.
pub trait Policy {
    /// The thread became ready and no core took it at once.
    fn add(&mut self, thread: u32, now: u64);
    /// How many threads are ready.
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The thread at this place of the order in which they are to run, 0 being next.
    fn get(&self, place: usize) -> u32;
    /// The thread at this place gets a core.
    fn take(&mut self, place: usize) -> u32;
    /// How long the thread may run before another ready thread gets its core; `u64::MAX` for as long as it likes.
    fn quantum(&self, thread: u32) -> u64;
    /// The thread had a core for so long; told when it leaves it, and whenever a thread becomes ready.
    fn ran(&mut self, _thread: u32, _time: u64) {}
    /// Which of the running threads gives its core up at once for the ready thread that woke up just now, if any.
    fn preempted_by(&mut self, _woken: u32, _running: &[u32]) -> Option<u32> {
        None
    }
    /// A copy, for copies of the simulation.
    fn copy(&self) -> Box<dyn Policy>;
}

impl Clone for Box<dyn Policy> {
    fn clone(&self) -> Box<dyn Policy> {
        self.copy()
    }
}

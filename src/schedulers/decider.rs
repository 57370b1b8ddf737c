//! Who decides at the points where the rules leave a choice.

/// What is to be chosen. Choices of each sort are numbered from 0, and only those with two options or more count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// Which ready thread a core takes; by default the one the policy names.
    Core,
    /// Which of the threads waiting for the GIL its release wakes; by default the first that came.
    Gil,
    /// Which of the threads waiting for a lock its release wakes; by default the first that came.
    Lock,
}

/// Decides. The default is always option 0.
pub trait Decider {
    /// The number of executed instructions from which on [`Decider::preempt`] wants to be asked; `u64::MAX` for never.
    fn next_preemption(&self) -> u64;
    /// At the first preemption point from there on: the thread to switch to, out of these, or None to let the thread go on.
    /// `executed` is the number of instructions executed so far. Afterwards `next_preemption` is a larger number than before.
    fn preempt(&mut self, executed: u64, options: &[u32]) -> Option<u32>;
    /// The place of the option to take, out of `count` threads, at least two, which `option` names.
    fn choose(
        &mut self,
        choice: Choice,
        number: u64,
        count: usize,
        option: &dyn Fn(usize) -> u32,
    ) -> usize;
    /// Decisions of a given schedule that could not be followed.
    fn unfit(&self) -> u32 {
        0
    }
    /// A copy, for copies of the simulation.
    fn copy(&self) -> Box<dyn Decider>;
}

impl Clone for Box<dyn Decider> {
    fn clone(&self) -> Box<dyn Decider> {
        self.copy()
    }
}

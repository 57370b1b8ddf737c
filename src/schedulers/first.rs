//! The decider that never deviates: what the rules say first.

use super::decider::{Choice, Decider};

#[derive(Clone, Copy, Default)]
pub struct First;

impl Decider for First {
    fn next_preemption(&self) -> u64 {
        u64::MAX
    }
    fn preempt(&mut self, _executed: u64, _options: &[u32]) -> Option<u32> {
        None
    }
    fn choose(
        &mut self,
        _choice: Choice,
        _number: u64,
        _count: usize,
        _option: &dyn Fn(usize) -> u32,
    ) -> usize {
        0
    }
    fn copy(&self) -> Box<dyn Decider> {
        Box::new(*self)
    }
}

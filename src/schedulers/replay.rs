//! Replay: decides as a schedule says, and by the rules where it says nothing.

use super::decider::{Choice, Decider};
use super::schedule::Schedule;

#[derive(Clone)]
pub struct Replay {
    schedule: Schedule,
    /// The next entry among its preemptions.
    next: usize,
    unfit: u32,
}

impl Replay {
    pub fn new(schedule: Schedule) -> Replay {
        Replay {
            schedule,
            next: 0,
            unfit: 0,
        }
    }
}

impl Decider for Replay {
    fn next_preemption(&self) -> u64 {
        self.schedule
            .preemptions()
            .get(self.next)
            .map_or(u64::MAX, |&(at, _)| at)
    }
    fn preempt(&mut self, _executed: u64, options: &[u32]) -> Option<u32> {
        let &(_, thread) = self.schedule.preemptions().get(self.next)?;
        self.next += 1;
        if !options.contains(&thread) {
            self.unfit += 1;
            return None;
        }
        Some(thread)
    }
    fn choose(
        &mut self,
        choice: Choice,
        number: u64,
        count: usize,
        option: &dyn Fn(usize) -> u32,
    ) -> usize {
        let Some(thread) = self.schedule.choice(choice, number) else {
            return 0;
        };
        match (0..count).find(|&place| option(place) == thread) {
            Some(place) => place,
            None => {
                self.unfit += 1;
                0
            }
        }
    }
    fn unfit(&self) -> u32 {
        self.unfit
    }
    fn copy(&self) -> Box<dyn Decider> {
        Box::new(self.clone())
    }
}

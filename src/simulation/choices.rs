//! Where the rules leave a choice: asking the decider, and keeping what it decided otherwise.

use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::schedulers::{Choice, Decider, Deviation};

/// Numbers the choices and keeps the deviations.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    counts: [u64; 3],
    pub deviations: Vec<Deviation>,
}

impl Choices {
    pub fn choose(
        &mut self,
        decider: &mut dyn Decider,
        choice: Choice,
        count: usize,
        option: &dyn Fn(usize) -> u32,
    ) -> usize {
        let number = self.counts[choice as usize];
        self.counts[choice as usize] += 1;
        let place = decider.choose(choice, number, count, option);
        if place != 0 {
            let task = option(place);
            self.deviations.push(Deviation::Choose {
                choice,
                number,
                task,
            });
        }
        place
    }
}

impl<E: Engine> Simulation<E> {
    /// Asks, at a preemption point that the schedule waits for, which thread to switch to from this one.
    fn switch_to(&mut self, from: u32) -> Option<u32> {
        self.enter_process_of(from);
        let executed = self.engine.executed();
        let options: Vec<u32> = (0..self.threads.len() as u32)
            // Whatever switches, it is within a process.
            .filter(|&thread| self.engine.process(thread) == self.processes.current)
            .filter(|&thread| thread != from && self.can_switch_to(thread))
            .collect();
        let tasks: Vec<u32> = options
            .iter()
            .map(|&thread| self.engine.task(thread))
            .collect();
        let task = self.decider.preempt(executed, &tasks);
        self.next_preemption = self.decider.next_preemption();
        let place = tasks.iter().position(|&other| Some(other) == task)?;
        self.choices.deviations.push(Deviation::Preempt {
            at: executed,
            task: tasks[place],
        });
        Some(options[place])
    }

    /// Whether the thread would execute instructions as soon as it is let.
    fn can_switch_to(&self, thread: u32) -> bool {
        let of = &self.threads[thread as usize];
        let executes = match of.activity {
            Activity::Execute | Activity::Compute(_) => true,
            Activity::Look | Activity::Interrupted => true,
            Activity::Native(_) => false,
            // As far as can be known now.
            Activity::TakeLock => of
                .lock
                .is_some_and(|(lock, _)| self.engine.lock_is_free(lock)),
        };
        match of.state {
            State::GilWait | State::GilLook => true,
            State::Waking | State::SwitchWait => executes,
            State::Ready => executes,
            State::Core(core) if self.rules.gil => executes && !self.cores[core as usize].runs(),
            State::Core(core) => {
                self.executing.contains(&core) || executes && !self.cores[core as usize].runs()
            }
            State::New | State::Blocked | State::Ended => false,
        }
    }

    /// With the GIL, at a preemption point of its holder: drops it if the schedule says so now.
    pub(super) fn preempt_by_schedule(&mut self, holder: u32) -> bool {
        if self.engine.executed() < self.next_preemption {
            return false;
        }
        let to = self.switch_to(holder);
        if to.is_some() {
            self.drop_gil(holder, to);
        }
        to.is_some()
    }

    /// Without the GIL, before an instruction of the thread on this core: another one executes alone, if the schedule says so,
    /// until it blocks, ends, or is switched from; all others stand still meanwhile.
    pub(super) fn switch_by_schedule(&mut self, core: u8) {
        let Some(from) = self.cores[core as usize].thread else {
            return;
        };
        let Some(to) = self.switch_to(self.alone.unwrap_or(from)) else {
            return;
        };
        self.alone = None;
        self.stall_others();
        if self.state(to) == State::Ready {
            let place = (0..self.policy.len()).find(|&place| self.policy.get(place) == to);
            self.preempt(from, core);
            if let Some(place) = place {
                self.assign(place);
            }
        }
        self.alone = Some(to);
    }

    /// The thread cannot execute after all: what the schedule kept for it is free again.
    pub(super) fn pass_turn(&mut self, thread: u32) {
        if self.alone == Some(thread) {
            self.alone = None;
            self.stall_others();
        }
        self.unreserve_gil(thread);
    }

    /// Whoever executes beside the present moment's thread cannot have done so in the past.
    pub(super) fn stall_others(&mut self) {
        for &core in &self.executing {
            let clock = &mut self.cores[core as usize].clock;
            *clock = self.now.max(*clock);
        }
    }
}

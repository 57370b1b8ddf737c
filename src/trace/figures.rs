//! What is measured of each task: how long it ran, was ready, waited.

use super::event::*;
use super::format::{FIGURE_WORDS, put_u64, u64_at};
use super::state::{State, Status};

/// A task's figures, in virtual nanoseconds; [`NEVER`] for what did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// When its first instruction ran.
    pub first_run: u64,
    pub end: u64,
    /// On a core (and, with a GIL, not waiting for it); of an asyncio task: being stepped by a loop whose thread runs.
    pub running: u64,
    pub ready: u64,
    pub gil_wait: u64,
    /// Blocked or suspended; of an asyncio task also: being stepped while its thread is blocked.
    pub blocked: u64,
    /// How often it got a core, or the loop's turn.
    pub switches: u64,
}

impl Default for Figures {
    fn default() -> Figures {
        Figures {
            first_run: NEVER,
            end: NEVER,
            running: 0,
            ready: 0,
            gil_wait: 0,
            blocked: 0,
            switches: 0,
        }
    }
}

impl Figures {
    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        let words: [u64; FIGURE_WORDS] = [
            self.first_run,
            self.end,
            self.running,
            self.ready,
            self.gil_wait,
            self.blocked,
            self.switches,
        ];
        put_u64(bytes, &words);
    }

    pub(super) fn decode(bytes: &[u8]) -> Figures {
        let word = |i: usize| u64_at(bytes, i * 8);
        Figures {
            first_run: word(0),
            end: word(1),
            running: word(2),
            ready: word(3),
            gil_wait: word(4),
            blocked: word(5),
            switches: word(6),
        }
    }

    fn add(&mut self, status: Status, duration: u64) {
        match status {
            Status::Ready => self.ready += duration,
            Status::Running => self.running += duration,
            Status::GilWait => self.gil_wait += duration,
            Status::Suspended | Status::Blocked => self.blocked += duration,
            Status::NotStarted | Status::Ended(_) => {}
        }
    }
}

/// Measures while the events are folded.
pub struct Meter {
    figures: Vec<Figures>,
    /// Up to when each task's time is accounted for.
    until: Vec<u64>,
    /// Runs and resumes.
    pub switches: u64,
}

impl Meter {
    /// A meter for so many tasks.
    pub fn new(tasks: u32) -> Meter {
        Meter {
            figures: vec![Figures::default(); tasks as usize],
            until: vec![0; tasks as usize],
            switches: 0,
        }
    }

    /// Sees an event before it is applied.
    pub fn see(&mut self, before: &State, event: &Event) {
        match event.kind {
            Kind::Spawn => self.account(before, event.a, event.time),
            Kind::Begin | Kind::End => {
                self.account(before, event.task, event.time);
                if let Some(figures) = self.figures.get_mut(event.task as usize) {
                    let moment = if event.kind == Kind::End {
                        &mut figures.end
                    } else {
                        &mut figures.first_run
                    };
                    *moment = (*moment).min(event.time);
                }
            }
            Kind::Run | Kind::Resume => {
                self.account(before, event.task, event.time);
                self.switches += 1;
                if let Some(figures) = self.figures.get_mut(event.task as usize) {
                    figures.switches += 1;
                }
            }
            Kind::Preempt
            | Kind::GilWait
            | Kind::GilAcquire
            | Kind::Block
            | Kind::Wake
            | Kind::Schedule
            | Kind::Suspend => self.account(before, event.task, event.time),
            _ => {}
        }
    }

    /// The figures when the run is over.
    pub fn finish(mut self, state: &State, time: u64) -> (Vec<Figures>, u64) {
        for id in 0..self.figures.len() as u32 {
            self.account(state, id, time);
        }
        (self.figures, self.switches)
    }

    /// Books the time since the last booking under what the task has been doing.
    fn account(&mut self, state: &State, task: TaskId, now: u64) {
        let status = state.task(task).status;
        let thread = state.thread_of(task);
        if let Some(current) = state.stepped_by(task) {
            self.book(current, status, now);
        }
        // A task that is being stepped does what its thread does.
        self.book(
            task,
            if thread == task {
                status
            } else {
                state.task(thread).status
            },
            now,
        );
    }

    fn book(&mut self, task: TaskId, status: Status, now: u64) {
        let (Some(figures), Some(until)) = (
            self.figures.get_mut(task as usize),
            self.until.get_mut(task as usize),
        ) else {
            return;
        };
        figures.add(status, now.saturating_sub(*until));
        *until = now.max(*until);
    }
}

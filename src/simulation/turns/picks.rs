//! Timers that are due at once: which of them an event loop takes first is a matter of chance.

use super::{At, Sleeps, Turns};
use crate::schedulers::HOLD;
use crate::simulation::Engine;
use crate::trace::NEVER;

impl<E: Engine> Turns<E> {
    /// The first thread whose event loop takes timers next, once so many instructions are executed.
    pub fn polling(&self, at: u64) -> Option<u32> {
        let polls = |of: &At| matches!(of, At::Pick | At::Poll { .. });
        let thread = self.threads.iter().position(polls);
        let thread = thread.filter(|_| self.engine.executed() >= at);
        thread.map(|thread| thread as u32)
    }

    /// What the thread's event loop can do next, if that is a matter of chance: timers that it can take, and whether it can go on without one.
    pub fn picks(&self, thread: u32) -> Option<(usize, bool)> {
        let any = self.sleeps == Sleeps::Any;
        let due = || {
            self.engine
                .due_timers(thread, if any { NEVER } else { self.now })
        };
        match self.threads[thread as usize] {
            At::Pick => Some((due(), self.engine.has_ready(thread).0)),
            At::Poll { woken: false, .. } if self.can_run(thread) => {
                Some((due(), false)).filter(|&(due, _)| due > 1 || any && due > 0)
            }
            _ => None,
        }
    }

    /// Takes a timer, or no other one, as an entry of a schedule says.
    pub fn pick(&mut self, thread: u32, code: u32) {
        if let At::Poll { .. } = self.threads[thread as usize] {
            self.switch_to(thread);
        }
        let place = code & HOLD;
        self.threads[thread as usize] = if place == HOLD { At::Ready } else { At::Pick };
        if place == HOLD {
            self.engine.hold_timers(thread);
        } else if let Some(when) = self.engine.pick_timer(thread, place as usize) {
            self.now = self.now.max(when);
            self.shown = self.shown.max(when);
        }
    }
}

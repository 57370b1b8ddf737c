//! Runs in turns that a schedule says, and by the rules where it says nothing.

use super::{At, Turns};
use crate::schedulers::{EARLY, HOLD, PICK};
use crate::simulation::{End, Engine};
use crate::trace::Outcome;

impl<E: Engine> Turns<E> {
    /// The thread that goes on if nobody says otherwise: the one that ran, else the first that can, else the first to wake.
    pub fn default_thread(&self) -> Option<u32> {
        let count = self.threads.len() as u32;
        if let Some(thread) = self.running
            && self.can_run(thread)
        {
            return Some(thread);
        }
        if let Some(thread) = (0..count).find(|&thread| self.can_run(thread)) {
            return Some(thread);
        }
        let sleepers = (0..count).filter(|&thread| self.deadline(thread).is_some());
        sleepers.min_by_key(|&thread| self.deadline(thread))
    }

    /// Runs to the end, or to the first preemption point at or after `stop` instructions; a pair of the script says: once so
    /// many instructions are executed, it is this task's turn. How many of them could not be followed; `needed` gets those
    /// without which the run would have been another one, `taken` all turns that differ from the one before.
    pub fn replay(
        &mut self,
        script: &[(u64, u32)],
        stop: Option<u64>,
        needed: &mut Vec<(u64, u32)>,
        taken: &mut Vec<(u64, u32)>,
    ) -> u32 {
        // Entries by the rules, at this number of instructions: needed if one after them is.
        let mut idle: Vec<(u64, u32)> = Vec::new();
        // Timers taken by the rules: needed if something at the same number comes after them, were it only the stop.
        let mut usual: Vec<(u64, u32)> = Vec::new();
        let keep = |needed: &mut Vec<(u64, u32)>, usual: &mut Vec<(u64, u32)>, at: u64| {
            let usual = usual.drain(..);
            needed.extend(usual.filter(|it| it.0 == at));
        };
        // Since a loop began to pick timers: where that stands, and whether it picks as it would by the rules.
        let mut picked: Option<(usize, bool)> = None;
        let mut unfit = 0;
        let mut rest = script.iter().peekable();
        while self.end.is_none() {
            let executed = self.engine.executed();
            if let Some(&&(at, code)) = rest.peek().filter(|it| it.1 >= PICK)
                && let Some(thread) = self.polling(at)
            {
                rest.next();
                let waited = self.threads[thread as usize] != At::Pick;
                keep(needed, &mut usual, at);
                let (from, by_rule) = picked.get_or_insert((needed.len(), waited));
                *by_rule &= matches!(code & HOLD, 0 | HOLD);
                let alone = needed[*from..].iter().all(|it| it.1 >= PICK);
                if code & HOLD == HOLD
                    && *by_rule
                    && alone
                    && self.engine.due_timers(thread, self.now) == 0
                {
                    // The loop would have taken the same.
                    usual = needed.split_off(*from);
                    usual.push((at, code));
                } else {
                    needed.push((at, code));
                }
                if code & HOLD == HOLD {
                    picked = None;
                }
                taken.push((at, code));
                self.pick(thread, code);
                continue;
            }
            let early = rest.peek().filter(|(_, code)| *code >= EARLY);
            self.early_from = early.map_or(u64::MAX, |&&(at, _)| at);
            let mut next = None;
            let default = self.default_thread();
            if let Some(&&(at, task)) = rest
                .peek()
                .filter(|(at, task)| *at <= executed && *task < PICK)
            {
                rest.next();
                idle.retain(|other| other.0 == at);
                idle.push((at, task));
                if default.is_none_or(|default| self.engine.task(default) != task) {
                    keep(needed, &mut usual, at);
                    needed.append(&mut idle);
                }
                let named = (0..self.threads.len() as u32).find(|&it| self.engine.task(it) == task);
                next = named.filter(|&it| self.can_run(it) || self.deadline(it).is_some());
                unfit += u32::from(next.is_none());
            } else if rest.peek().is_none() && stop.is_some_and(|stop| stop <= executed) {
                keep(needed, &mut usual, executed);
                // No event tells of it: the run is not over.
                self.end = Some(Box::new(End {
                    outcome: Outcome::Limit,
                    message: String::from(
                        "the schedule ends here, and leaves the next turn to you",
                    ),
                    hint: String::new(),
                    line: 0,
                }));
                break;
            }
            let Some(thread) = next.or(default) else {
                self.deadlock();
                break;
            };
            let task = self.engine.task(thread);
            let due = match self.threads[thread as usize] {
                // It is the first to wake.
                At::Poll { until, .. } if !self.can_run(thread) => {
                    Some(self.engine.due_timers(thread, until)).filter(|&due| due > 1)
                }
                _ => self.picks(thread).map(|(due, _)| due),
            };
            if let Some(due) = due {
                // By the rules it takes all that are due.
                taken.extend(std::iter::repeat_n((executed, PICK), due));
                taken.push((executed, PICK | HOLD));
            }
            if taken.last().is_none_or(|&(_, last)| last != task) {
                taken.push((executed, task));
            }
            let ahead = match rest.peek() {
                Some(&&(at, task)) => Some(at).filter(|_| task < PICK),
                None => stop,
            };
            self.turn(thread, ahead.map(|at| at.saturating_sub(executed)));
        }
        unfit
    }

    /// Goes on by the rules, even where a replay stopped, for about so many instructions at most.
    pub fn go_on(&mut self, instructions: u64) {
        if self.end().is_some_and(|end| end.outcome == Outcome::Limit) {
            self.end = None;
        }
        let until = self.engine.executed().saturating_add(instructions);
        while self.end.is_none() && self.engine.executed() < until {
            match self.default_thread() {
                Some(thread) => {
                    self.turn(thread, Some(until - self.engine.executed()));
                }
                None => self.deadlock(),
            }
        }
    }
}

//! The GIL as CPython had it before 3.2 (CPython 2.7, Python/ceval.c, `PyEval_EvalFrameEx`; Python/thread_pthread.h).
//!
//! It is a plain lock. Every 100 ticks its holder releases it, which wakes a thread that waits, and takes it again. On one core the
//! woken thread runs only if the operating system takes the core from the holder. On several it races with the holder, and
//! mostly loses: it was woken in vain, and every hundred ticks cost a call of the operating system (David Beazley,
//! Understanding the Python GIL, PyCon 2010).

use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::trace::{Event, FLAG_TICKS, Kind, NEVER, NO_TASK};

/// One in so many races is won by the woken thread. Measured on CPython 2.7.18, two cores: beside a thread that computes, one
/// that wakes from I/O goes on 0.015 ms later than alone.
const RACES_TO_WIN: u64 = 8;

impl<E: Engine> Simulation<E> {
    /// How many instructions the holder may execute before it has to look whether its ticks are over. Nothing would come of
    /// it while nobody waits.
    pub(super) fn ticks_left(&self, executed: u64) -> u64 {
        match self.rules.check_interval {
            Some(interval) if !self.gil.waiters.is_empty() => {
                ((self.gil.checks + 1) * interval).saturating_sub(executed)
            }
            _ => NEVER,
        }
    }

    /// `sys.setcheckinterval`: from now on the holder looks every so many instructions.
    pub(super) fn set_check_interval(&mut self, ticks: u64) {
        if self.rules.check_interval.is_some() {
            self.rules.check_interval = Some(ticks);
            self.check_ticks(ticks);
        }
    }

    /// Whether a check interval passed since the last check, which counts as made now.
    fn check_ticks(&mut self, interval: u64) -> bool {
        let checks = self.engine.executed() / interval.max(1);
        let passed = checks > self.gil.checks;
        self.gil.checks = checks;
        passed
    }

    /// The holder came to a preemption point: if its ticks are over, it releases the GIL, wakes a waiter, and takes the GIL again
    /// as soon as the call is done.
    pub(super) fn ticks_over(&mut self, thread: u32, core: u8) {
        let Some(interval) = self.rules.check_interval else {
            return;
        };
        if self.gil.waiters.is_empty() || !self.check_ticks(interval) {
            return;
        }
        self.let_go_of_gil(thread, FLAG_TICKS);
        let Some(waiter) = self.next_gil_waiter() else {
            return;
        };
        if self.idle == 0 {
            // Ready at once, as no core has to be woken. It runs as soon as the operating system prefers it.
            self.awake(waiter);
        } else if self.gil.races.below(RACES_TO_WIN) == 0 {
            self.gil.reserved = Some(waiter);
            self.ready(waiter);
        } else {
            let late = self.now + 2 * self.rules.cost_call;
            self.enter_until(waiter, State::Waking, late);
        }
        self.go_on_with(thread, core, Activity::Native(self.rules.cost_call));
    }

    /// The thread begins to wait for the old GIL.
    pub(super) fn wait_for_ticks(&mut self, thread: u32) {
        self.enter(thread, State::GilWait);
        if self.gil.waiters.len() == 1 {
            let interval = self.rules.check_interval.unwrap_or(1);
            self.check_ticks(interval);
            self.plan_ticks_of_computing(thread);
        }
    }

    /// Work in Python whose instructions are not modelled has its ticks as well. Of those only the check is planned at which the
    /// waiter wins.
    pub(super) fn plan_ticks_of_computing(&mut self, waiter: u32) {
        let (Some(interval), Some(holder)) = (self.rules.check_interval, self.gil.holder) else {
            return;
        };
        if !matches!(self.thread(holder).activity, Activity::Compute(_)) {
            return;
        }
        let mut checks = 1;
        while self.gil.races.below(RACES_TO_WIN) != 0 {
            checks += 1;
        }
        let time = checks * (interval * self.rules.cost_instruction + self.rules.cost_call);
        self.enter_until(waiter, State::GilWait, self.now + time);
    }

    /// The waiter wins the race for the GIL against a thread that computes, if that is still so.
    pub(super) fn ticks_of_computing_over(&mut self, waiter: u32) {
        self.enter(waiter, State::GilWait);
        let Some(holder) = self.gil.holder else {
            return;
        };
        if let State::Core(core) = self.state(holder)
            && matches!(self.thread(holder).activity, Activity::Compute(_))
            && self.cores[core as usize].runs()
        {
            self.interrupt(core);
            self.let_go_of_gil(holder, FLAG_TICKS);
            if let Some(waiter) = self.next_gil_waiter() {
                self.gil.reserved = Some(waiter);
                self.ready(waiter);
            }
            let event = Event {
                a: NO_TASK,
                ..self.event(holder, Kind::GilWait)
            };
            self.engine.emit(event);
            self.leave_core(holder);
            self.wait_for_gil(holder);
        }
    }
}

//! The GIL as CPython has it since 3.2 (CPython 3.12, Python/ceval_gil.c, `take_gil` and `drop_gil`).
//!
//! Who wants it while it is held waits on a condition variable, for one switch interval at most. If that passes and no
//! other thread got the GIL meanwhile, it sets the drop request; the holder drops the GIL at its next preemption point, wakes one
//! waiter, and waits until another thread took it. It is never handed over: the woken thread takes it if it is still free.

use std::collections::VecDeque;

use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::schedulers::{Choice, random::Chance};
use crate::trace::{Event, FLAG_BLOCKING, FLAG_IN_LOOP, FLAG_REQUESTED, Kind, NO_TASK};

#[derive(Clone, Debug)]
pub struct Gil {
    pub holder: Option<u32>,
    last_holder: Option<u32>,
    /// How often it went from one thread to another (`switch_number`).
    switches: u64,
    /// The drop request is set (`gil_drop_request`).
    pub requested: bool,
    /// Threads that wait for it, first come first (`cond`).
    pub waiters: VecDeque<u32>,
    /// The thread that dropped it on request and waits until another took it (`switch_cond`).
    dropper: Option<u32>,
    /// Only this thread may take it next: by the schedule, or because it was quicker.
    pub(super) reserved: Option<u32>,
    /// Before 3.2: how many check intervals had passed at the last check, and how the races for the GIL end.
    pub(super) checks: u64,
    pub(super) races: Chance,
}

impl Gil {
    /// Free; chances are drawn from the seed.
    pub fn new(seed: u64) -> Gil {
        Gil {
            holder: None,
            last_holder: None,
            switches: 0,
            requested: false,
            waiters: VecDeque::new(),
            dropper: None,
            reserved: None,
            checks: 0,
            races: Chance::new(seed),
        }
    }

    fn is_free_for(&self, thread: u32) -> bool {
        self.holder.is_none() && self.reserved.is_none_or(|only| only == thread)
    }
}

impl<E: Engine> Simulation<E> {
    /// Whether the thread, which has a core, has the GIL or could take it (or there is none). Otherwise it waits for it.
    pub(super) fn hold_gil(&mut self, thread: u32) -> bool {
        if !self.rules.gil || self.gil.holder == Some(thread) {
            return true;
        }
        if self.gil.is_free_for(thread) {
            self.take_gil(thread);
            return true;
        }
        let event = Event {
            a: self
                .gil
                .holder
                .map_or(NO_TASK, |holder| self.engine.task(holder)),
            ..self.event(thread, Kind::GilWait)
        };
        self.engine.emit(event);
        self.leave_core(thread);
        self.wait_for_gil(thread);
        false
    }

    fn take_gil(&mut self, thread: u32) {
        self.gil.holder = Some(thread);
        self.gil.requested = false;
        self.gil.reserved = None;
        if self.gil.last_holder != Some(thread) {
            self.gil.last_holder = Some(thread);
            self.gil.switches += 1;
        }
        self.emit(thread, Kind::GilAcquire);
        if let Some(dropper) = self.gil.dropper.take() {
            self.rouse(dropper);
        }
    }

    pub(super) fn wait_for_gil(&mut self, thread: u32) {
        self.gil.waiters.push_back(thread);
        if self.rules.check_interval.is_some() {
            return self.wait_for_ticks(thread);
        }
        self.thread(thread).switches = self.gil.switches;
        let until = self.now.saturating_add(self.rules.switch_interval);
        self.enter_until(thread, State::GilWait, until);
    }

    /// The thread waited a whole interval: it wakes up to look.
    pub(super) fn gil_interval_over(&mut self, thread: u32) {
        if self.rules.check_interval.is_some() {
            return self.ticks_of_computing_over(thread);
        }
        // The one that waits longest is the first.
        if let Some(place) = self.gil.waiters.iter().position(|&other| other == thread) {
            self.gil.waiters.remove(place);
        }
        let at = self.now + self.rules.wake_latency;
        self.enter_until(thread, State::GilLook, at);
    }

    /// The look at the GIL after the interval. It is so short that no core is counted for it: a thread that slept all the time
    /// comes before one that computes.
    pub(super) fn gil_look(&mut self, thread: u32) {
        if self.gil.is_free_for(thread) {
            return self.awake(thread);
        }
        let unchanged = self.thread(thread).switches == self.gil.switches;
        self.wait_for_gil(thread);
        let Some(holder) = self.gil.holder.filter(|_| unchanged) else {
            return;
        };
        if self.gil.requested {
            return;
        }
        self.gil.requested = true;
        let event = Event {
            a: self.engine.task(holder),
            ..self.event(thread, Kind::GilRequest)
        };
        self.engine.emit(event);
        // Work of the holder whose instructions are not modelled can be interrupted anywhere.
        if let State::Core(core) = self.state(holder)
            && let Activity::Compute(_) = self.thread(holder).activity
            && self.cores[core as usize].runs()
        {
            self.interrupt(core);
            self.drop_gil(holder, None);
        }
    }

    /// The holder releases the GIL because it is about to block or ends.
    pub(super) fn release_gil(&mut self, thread: u32, blocking: bool) {
        if !self.rules.gil || self.gil.holder != Some(thread) {
            return;
        }
        let mut flags = 0;
        if blocking {
            flags = FLAG_BLOCKING | self.in_loop(thread);
        }
        self.free_gil(thread, flags);
    }

    /// The holder releases the GIL because it was asked to, and waits until another thread took it. By the schedule that
    /// may have to be a certain one.
    pub(super) fn drop_gil(&mut self, thread: u32, reserved: Option<u32>) {
        self.gil.reserved = reserved;
        self.free_gil(thread, FLAG_REQUESTED);
        let event = Event {
            a: NO_TASK,
            ..self.event(thread, Kind::GilWait)
        };
        self.engine.emit(event);
        self.leave_core(thread);
        self.enter(thread, State::SwitchWait);
        self.gil.dropper = Some(thread);
    }

    fn free_gil(&mut self, thread: u32, flags: u8) {
        self.let_go_of_gil(thread, flags);
        self.signal_gil_waiter();
    }

    /// As [`Self::free_gil`], without waking anybody.
    pub(super) fn let_go_of_gil(&mut self, thread: u32, flags: u8) {
        let event = Event {
            flags,
            ..self.event(thread, Kind::GilRelease)
        };
        self.engine.emit(event);
        self.gil.holder = None;
        if flags & FLAG_REQUESTED != 0 {
            self.gil.requested = false;
        }
    }

    /// The thread for which the GIL was kept does not come.
    pub(super) fn unreserve_gil(&mut self, thread: u32) {
        if self.gil.reserved == Some(thread) {
            self.gil.reserved = None;
            self.signal_gil_waiter();
            // Perhaps nobody else wants it.
            if self.gil.waiters.is_empty()
                && let Some(dropper) = self.gil.dropper.take()
            {
                self.rouse(dropper);
            }
        }
    }

    fn signal_gil_waiter(&mut self) {
        if let Some(waiter) = self.next_gil_waiter() {
            self.rouse(waiter);
        }
    }

    /// Takes the thread to be woken from those that wait for the GIL.
    pub(super) fn next_gil_waiter(&mut self) -> Option<u32> {
        let waiters = &self.gil.waiters;
        let place = match self.gil.reserved {
            Some(only) => waiters.iter().position(|&waiter| waiter == only),
            None if waiters.len() < 2 => (waiters.len() == 1).then_some(0),
            None => {
                let engine = &self.engine;
                let option = |place: usize| engine.task(waiters[place]);
                let decider = self.decider.as_mut();
                let place = self
                    .choices
                    .choose(decider, Choice::Gil, waiters.len(), &option);
                Some(place)
            }
        };
        place.and_then(|place| self.gil.waiters.remove(place))
    }

    /// Whether the computing holder must drop the GIL before it goes on. It is asked when it gets its core back.
    pub(super) fn asked_while_computing(&mut self, thread: u32) -> bool {
        if self.gil.requested && self.gil.holder == Some(thread) {
            self.drop_gil(thread, None);
            return true;
        }
        if self.rules.check_interval.is_some()
            && let Some(&waiter) = self.gil.waiters.front()
        {
            self.plan_ticks_of_computing(waiter);
        }
        self.rules.gil && self.preempt_by_schedule(thread)
    }

    /// Whether somebody could notice that the GIL is released for a moment that ends at `until`.
    pub(super) fn gil_is_wanted(&self, until: u64) -> bool {
        self.gil.requested
            || !self.gil.waiters.is_empty()
            || self.queue.first().is_some_and(|entry| entry.at <= until)
    }

    /// [`FLAG_IN_LOOP`] if the thread is stepping an asyncio task.
    pub(super) fn in_loop(&self, thread: u32) -> u8 {
        if self.engine.actor(thread) == self.engine.task(thread) {
            0
        } else {
            FLAG_IN_LOOP
        }
    }
}

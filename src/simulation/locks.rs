//! Locks of threads. They are not handed over: a woken waiter takes the lock if it is still free, otherwise it waits again.

use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::machine::value::Value;
use crate::schedulers::Choice;
use crate::trace::{Event, Kind, Tag, TaskId};

impl<E: Engine> Simulation<E> {
    /// The thread on a core wants a lock that was held when it tried.
    pub(super) fn want_lock(&mut self, thread: u32, lock: Value, deadline: u64) {
        self.thread(thread).lock = Some((lock, deadline));
        if self.engine.lock_is_free(lock) || deadline <= self.now {
            let taken = self.engine.lock_is_free(lock);
            if taken {
                self.set_clock_for(thread);
                self.engine.lock_take(lock, thread);
            }
            return self.lock_result(thread, taken);
        }
        self.release_gil(thread, true);
        self.wait_for_lock(thread, lock, deadline);
    }

    fn wait_for_lock(&mut self, thread: u32, lock: Value, deadline: u64) {
        let (wait, thing) = self.engine.lock_wait(lock);
        if let Some(waiters) = self.engine.lock_waiters(lock) {
            waiters.push_back(thread);
        }
        let event = Event {
            flags: self.in_loop(thread),
            a: thing,
            b: wait as u32,
            tag: Tag::Time,
            value: deadline,
            ..self.event(thread, Kind::Block)
        };
        self.engine.emit(event);
        self.leave_core(thread);
        self.enter_until(thread, State::Blocked, deadline);
    }

    /// A woken waiter, which has a core, tries; whether it can go on.
    pub(super) fn take_lock(&mut self, thread: u32) -> bool {
        let Some((lock, deadline)) = self.thread(thread).lock else {
            self.thread(thread).activity = Activity::Execute;
            return true;
        };
        if self.engine.lock_is_free(lock) {
            self.set_clock_for(thread);
            self.engine.lock_take(lock, thread);
            self.lock_result(thread, true);
        } else if deadline <= self.now {
            self.lock_result(thread, false);
        } else {
            self.pass_turn(thread);
            self.wait_for_lock(thread, lock, deadline);
            return false;
        }
        true
    }

    /// The wait for the lock is over.
    fn lock_result(&mut self, thread: u32, taken: bool) {
        self.thread(thread).activity = Activity::Execute;
        if let Some((lock, _)) = self.thread(thread).lock.take() {
            self.engine.lock_drop(lock);
        }
        self.engine.deliver(thread, Value::bool(taken));
    }

    /// The time of a blocked thread is over; if it waited for a lock, it did not get it.
    pub(super) fn lock_timed_out(&mut self, thread: u32) {
        if let Some((lock, _)) = self.thread(thread).lock {
            if let Some(waiters) = self.engine.lock_waiters(lock) {
                waiters.retain(|&waiter| waiter != thread);
            }
            self.lock_result(thread, false);
        }
    }

    /// A lock that threads wait for was given back: one of them wakes up.
    pub(super) fn lock_freed(&mut self, lock: Value, by: TaskId) {
        let Some(waiters) = self.engine.lock_waiters(lock) else {
            return;
        };
        let mut place = 0;
        if waiters.len() > 1 {
            let waiters = waiters.clone();
            let engine = &self.engine;
            let option = |place: usize| engine.task(waiters[place]);
            let decider = self.decider.as_mut();
            place = self
                .choices
                .choose(decider, Choice::Lock, waiters.len(), &option);
        }
        let waiters = self.engine.lock_waiters(lock);
        if let Some(thread) = waiters.and_then(|waiters| waiters.remove(place)) {
            self.thread(thread).activity = Activity::TakeLock;
            self.wake(thread, by);
        }
    }
}

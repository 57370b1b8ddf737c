//! Signals: when they arrive, and how they interrupt what the main thread waits for.

use super::queue::Timed;
use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::machine::Trap;
use crate::machine::signals::{Arrival, name};
use crate::machine::sockets::Call;
use crate::trace::{Event, Kind, NO_TASK, Outcome};

impl<E: Engine> Simulation<E> {
    /// These signals are to arrive at these times.
    pub fn plan_signals(&mut self, signals: &[(u64, u8)]) {
        for &(at, signal) in signals {
            self.queue.plan(at, Timed::Signal(signal), 0);
        }
    }

    /// A signal arrives, at the main thread (as those to the process do) or at another one. Who waits with the main thread's file for signals is woken by what is written there; the main thread's own wait is
    /// interrupted.
    pub(super) fn signal_arrives(&mut self, signal: u8, at_main: bool) {
        match self.engine.signal_arrives(signal) {
            Arrival::Nothing => {}
            Arrival::Fatal => {
                let message = format!(
                    "{} ended the process: it has no handler for it",
                    name(signal)
                );
                self.finish(Outcome::Exception, message);
            }
            Arrival::Handled(file) => {
                let event = Event {
                    a: self.engine.thing(name(signal)),
                    b: self.engine.string("arrives"),
                    ..self.event(0, Kind::Operate)
                };
                self.engine.emit(event);
                if let Some(file) = file {
                    self.network
                        .call(&Call::Send(file, Box::new([signal])), self.now);
                    self.tell_network(NO_TASK);
                }
                if at_main && self.is_blocked(0) {
                    self.interrupt_wait();
                }
            }
        }
    }

    pub(super) fn is_blocked(&self, thread: u32) -> bool {
        self.threads
            .get(thread as usize)
            .is_some_and(|of| of.state == State::Blocked)
    }

    /// The main thread's wait is broken off: it wakes up to call the handler.
    fn interrupt_wait(&mut self) {
        if let Some((lock, deadline)) = self.thread(0).lock.take() {
            if let Some(waiters) = self.engine.lock_waiters(lock) {
                waiters.retain(|&waiter| waiter != 0);
            }
            self.thread(0).waits = Some(Trap::Acquire { lock, deadline });
        }
        let now = self.now;
        let over = self.threads[0].until;
        match &mut self.thread(0).waits {
            Some(Trap::Sleep(left) | Trap::Reply { ns: left, .. }) => {
                *left = over.saturating_sub(now).max(1);
                // A sleeper has its result already.
                self.engine.retract(0);
            }
            Some(_) => {}
            None => return,
        }
        self.thread(0).activity = Activity::Interrupted;
        self.wake(0, NO_TASK);
    }

    /// The main thread, which has a core and the GIL, calls the handler of the signal that interrupted its wait.
    pub(super) fn interrupted(&mut self, thread: u32, core: u8) {
        let retry = self.thread(thread).waits.take();
        self.thread(thread).activity = Activity::Execute;
        self.execute_on(core, thread);
        self.call_handler(core, retry);
    }

    /// Calls a handler on the main thread, which executes on this core.
    pub(super) fn call_handler(&mut self, core: u8, retry: Option<Trap>) {
        self.set_clock_for(0);
        if let Some(stop) = self.engine.call_handler(retry) {
            let signals = self.engine.take_signals();
            self.stopped(0, core, stop, signals);
        }
    }
}

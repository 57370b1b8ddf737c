//! Turns: one thread runs at a time, and somebody says which.
//!
//! Here nothing takes time but sleeping: an instruction, a switch, waking up cost nothing. A thread that sleeps goes on
//! when nothing else can, in the order of the deadlines, or at any moment. Locks are not handed over: of the threads that
//! wait for a free lock any may take it. Under these rules a run depends on nothing but the order of the turns, so they are what
//! the explorer goes through, and what a schedule of version 2 replays.

mod picks;
mod replay;
mod traps;

use super::Engine;
use crate::machine::value::Value;
use crate::machine::{Clock, Stop, Trap};
use crate::trace::{Event, FLAG_REQUESTED, Kind, NEVER, NO_CORE, NO_TASK, Outcome};

use super::{End, Rules, events, processes};

/// When sleeps end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sleeps {
    /// In the order of their deadlines, and only when nothing else can run.
    #[default]
    Ordered,
    /// At any moment.
    Any,
}

/// Where a thread is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// It can run. It has begun, and is not about to continue after a wait.
    Ready,
    /// It was started and has not run yet.
    New,
    /// It wants a lock (owned), until a deadline.
    Lock {
        lock: Value,
        deadline: u64,
    },
    /// It sleeps, or waits for a reply.
    Asleep {
        until: u64,
    },
    /// Its event loop polls; `woken`: another thread gave it work.
    Poll {
        until: u64,
        woken: bool,
    },
    /// Its event loop is about to take timers, and which ones it takes first is a matter of chance.
    Pick,
    Ended,
}

/// Why a thread's turn is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// It stands before a shared access; only while exploring.
    Paused,
    /// It reached the preemption point at which it was to stop.
    Preempted,
    /// It waits, or has ended.
    Waits,
    /// The whole run is over.
    Over,
}

/// The state of a run in turns.
#[derive(Clone)]
pub struct Turns<E> {
    pub engine: E,
    pub threads: Vec<At>,
    /// Virtual nanoseconds; only sleeping moves it.
    pub now: u64,
    pub sleeps: Sleeps,
    /// A turn is over as soon as it has started a thread.
    pub until_start: bool,
    /// From so many instructions on a loop stops before it takes timers, due or not: the schedule says which.
    early_from: u64,
    /// A turn is over after so many instructions.
    pub patience: u64,
    rules: Rules,
    /// The time that the trace shows: instructions cost something there, so that a timeline has room for them.
    shown: u64,
    running: Option<u32>,
    end: Option<Box<End>>,
}

impl<E: Engine> Turns<E> {
    /// The main thread, number 0, is to begin.
    pub fn new(engine: E, rules: Rules, sleeps: Sleeps) -> Turns<E> {
        Turns {
            engine,
            threads: vec![At::New],
            now: 0,
            sleeps,
            until_start: false,
            early_from: u64::MAX,
            patience: u64::MAX,
            rules,
            shown: 0,
            running: None,
            end: None,
        }
    }

    /// The run is at its limit after so many instructions, if it was not to be sooner.
    pub fn stop_after(&mut self, instructions: u64) {
        self.rules.limit_instructions = self.rules.limit_instructions.min(instructions);
    }

    /// How the run ended, if it did.
    pub fn end(&self) -> Option<&End> {
        self.end.as_deref()
    }

    /// Virtual nanoseconds, as the trace shows them.
    pub fn time(&self) -> u64 {
        self.shown
    }

    /// Whether a thread could go on, leaving sleepers aside that nothing wakes yet.
    pub fn can_run(&self, thread: u32) -> bool {
        match self.threads[thread as usize] {
            At::Ready | At::New => true,
            At::Lock { lock, deadline } => {
                self.engine.is_free_for(thread, lock) || deadline <= self.now
            }
            At::Asleep { until } => until <= self.now || self.sleeps == Sleeps::Any,
            At::Poll { until, woken } => {
                woken || until <= self.now || self.sleeps == Sleeps::Any && until != NEVER
            }
            At::Pick => true,
            At::Ended => false,
        }
    }

    /// Until when a thread waits at most, if it does.
    pub fn deadline(&self, thread: u32) -> Option<u64> {
        match self.threads[thread as usize] {
            At::Lock { deadline, .. } => Some(deadline),
            At::Asleep { until } | At::Poll { until, .. } => Some(until),
            At::Ready | At::New | At::Pick | At::Ended => None,
        }
        .filter(|&deadline| deadline != NEVER)
    }

    /// Nothing can run any more.
    pub fn deadlock(&mut self) {
        let message = "no thread can go on: all wait, and nothing will wake any of them";
        self.finish(Outcome::Deadlock, String::from(message));
    }

    /// Gives a thread its turn, to the first preemption point at or after so many instructions, or for as long as it can.
    pub fn turn(&mut self, thread: u32, soft: Option<u64>) -> Halt {
        let process = self.engine.process(thread);
        self.engine.enter(process);
        self.switch_to(thread);
        let (from, at) = (self.engine.events(), self.engine.executed());
        self.wake(thread);
        self.engine.place(from, self.shown, at, 0);
        let soft_at = soft.map(|soft| self.engine.executed().saturating_add(soft));
        let over_at = self.engine.executed().saturating_add(self.patience);
        loop {
            let executed = self.engine.executed();
            let hard = self.rules.limit_instructions.saturating_sub(executed);
            if hard == 0 {
                self.limit("instructions");
                return Halt::Over;
            }
            let hard = hard.min(over_at.saturating_sub(executed));
            if hard == 0 {
                return Halt::Preempted;
            }
            self.engine.set_clock(Clock {
                base: self.now,
                at: executed,
                cost: 0,
                core: 0,
            });
            let from = self.engine.events();
            let soft = soft_at.map(|at| at.saturating_sub(executed));
            let stop = self.engine.run(thread, hard, soft);
            let cost = self.rules.cost_instruction;
            self.engine.place(from, self.shown, executed, cost);
            self.shown += (self.engine.executed() - executed) * cost;
            self.signals();
            match stop {
                Stop::Spent | Stop::Signalled => {}
                Stop::Paused => return Halt::Paused,
                Stop::Preempted => return Halt::Preempted,
                Stop::Trap(trap) => {
                    let starts = matches!(trap, Trap::Start { .. } | Trap::Fork { .. });
                    let stop = self.until_start && starts;
                    if !self.trap(thread, trap) {
                        return match self.end {
                            Some(_) => Halt::Over,
                            None => Halt::Waits,
                        };
                    }
                    // A call of the operating system is a preemption point as well.
                    if stop || soft_at.is_some_and(|at| self.engine.executed() >= at) {
                        return Halt::Preempted;
                    }
                }
                Stop::Ended(exception) => {
                    let text = exception.map(|it| self.engine.exception_text(thread, it));
                    self.ended(thread, text);
                    return if self.end.is_some() {
                        Halt::Over
                    } else {
                        Halt::Waits
                    };
                }
                Stop::Rejected { message, hint } => {
                    let line = self.engine.line(thread);
                    self.finish(Outcome::Rejected, message.into());
                    if let Some(end) = &mut self.end {
                        (end.hint, end.line) = (hint.into(), line);
                    }
                    return Halt::Over;
                }
                Stop::Limit(name) => {
                    self.limit(name);
                    return Halt::Over;
                }
            }
        }
    }

    /// Ends the run at a limit: one of the machine's, or "instructions".
    pub fn limit(&mut self, name: &str) {
        self.finish(Outcome::Limit, super::limits::message(name, &self.rules));
    }

    /// The thread that has a turn stops, the other one goes on.
    fn switch_to(&mut self, thread: u32) {
        if self.running == Some(thread)
            && matches!(self.threads[thread as usize], At::Ready | At::Pick)
        {
            return;
        }
        if let Some(old) = self.running.filter(|&old| old != thread) {
            self.give_way(old);
        }
        let of = self.threads[thread as usize];
        if self.running != Some(thread) || !matches!(of, At::Ready) {
            if matches!(of, At::Lock { .. } | At::Asleep { .. } | At::Poll { .. }) {
                if let Some(deadline) = self.deadline(thread).filter(|_| !self.is_free(thread)) {
                    self.now = self.now.max(deadline);
                    self.shown = self.shown.max(deadline);
                }
                let event = Event {
                    a: NO_TASK,
                    core: NO_CORE,
                    ..self.event(thread, Kind::Wake)
                };
                self.engine.emit(event);
            }
            self.emit(thread, Kind::Run);
            if self.rules.gil {
                self.emit(thread, Kind::GilAcquire);
            }
            if of == At::New {
                self.emit(thread, Kind::Begin);
            }
        }
        self.running = Some(thread);
    }

    /// Whether what the thread waits for has happened, its deadline aside.
    fn is_free(&self, thread: u32) -> bool {
        match self.threads[thread as usize] {
            At::Lock { lock, .. } => self.engine.is_free_for(thread, lock),
            At::Poll { woken, .. } => woken,
            _ => false,
        }
    }

    /// The running thread, if it could go on, goes back among those that are ready.
    fn give_way(&mut self, thread: u32) {
        if self.threads[thread as usize] != At::Ready {
            return;
        }
        if self.rules.gil {
            let event = Event {
                flags: FLAG_REQUESTED,
                ..self.event(thread, Kind::GilRelease)
            };
            self.engine.emit(event);
        }
        self.emit(thread, Kind::Preempt);
    }

    /// The thread's wait is over.
    fn wake(&mut self, thread: u32) {
        let of = std::mem::replace(&mut self.threads[thread as usize], At::Ready);
        if let At::Lock { lock, .. } = of {
            let taken = self.engine.is_free_for(thread, lock);
            if let Some(waiters) = self.engine.lock_waiters(lock) {
                waiters.retain(|&waiter| waiter != thread);
            }
            if self.engine.tries_again(thread, lock, !taken) {
                return;
            }
            if taken {
                self.engine.lock_take(lock, thread);
            }
            self.engine.lock_drop(lock);
            self.engine.deliver(thread, Value::bool(taken));
        }
    }

    fn ended(&mut self, thread: u32, exception: Option<String>) {
        let plain = self.event(thread, Kind::End);
        let (outcome, message) = events::ended(&mut self.engine, plain, exception);
        self.threads[thread as usize] = At::Ended;
        if thread == 0 {
            return self.finish(outcome, message);
        }
        if self.rules.gil {
            self.emit(thread, Kind::GilRelease);
        }
    }

    /// The process ends at once, with all its threads; the run with the first one.
    fn end_process(&mut self, process: u32, code: i32) {
        if process == 0 {
            return self.finish(processes::outcome(code), processes::exit_text(code));
        }
        for thread in 0..self.threads.len() as u32 {
            let of = self.threads[thread as usize];
            if self.engine.process(thread) != process || of == At::Ended {
                continue;
            }
            let plain = self.event(thread, Kind::End);
            let event = processes::end(&mut self.engine, plain, code);
            self.engine.emit(event);
            if self.rules.gil && self.running == Some(thread) && of == At::Ready {
                self.emit(thread, Kind::GilRelease);
            }
            if let At::Lock { lock, .. } = of
                && let Some(waiters) = self.engine.lock_waiters(lock)
            {
                waiters.retain(|&waiter| waiter != thread);
            }
            self.threads[thread as usize] = At::Ended;
        }
        self.engine.end_process(process, code);
    }

    fn finish(&mut self, outcome: Outcome, message: String) {
        let plain = self.event(0, Kind::Finish);
        let end = events::finish(&mut self.engine, plain, outcome, message);
        self.end = Some(Box::new(end));
    }

    fn event(&self, thread: u32, kind: Kind) -> Event {
        events::event(&self.engine, thread, kind, self.shown, 0)
    }

    fn emit(&mut self, thread: u32, kind: Kind) {
        let event = self.event(thread, kind);
        self.engine.emit(event);
    }
}

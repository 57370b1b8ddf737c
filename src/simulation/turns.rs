//! Turns: one thread runs at a time, and somebody says which.
//!
//! Here nothing takes time but sleeping: an instruction, a switch, waking up cost nothing. A thread that sleeps goes on
//! when nothing else can, in the order of the deadlines, or at any moment. Locks are not handed over: of the threads that
//! wait for a free lock any may take it. Under these rules a run depends on nothing but the order of the turns, so they are what
//! the explorer goes through, and what a schedule of version 2 replays.

use super::Engine;
use crate::machine::value::Value;
use crate::machine::{Clock, Signal, Stop, Trap};
use crate::trace::{
    Ending, Event, FLAG_BLOCKING, FLAG_IN_LOOP, FLAG_REQUESTED, Kind, NEVER, NO_CORE, NO_TASK,
    Outcome, Tag, TaskId, Wait,
};

use super::{End, Rules};

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
            patience: u64::MAX,
            rules,
            shown: 0,
            running: None,
            end: None,
        }
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
            At::Lock { lock, deadline } => self.engine.lock_is_free(lock) || deadline <= self.now,
            At::Asleep { until } => until <= self.now || self.sleeps == Sleeps::Any,
            At::Poll { until, woken } => woken || until <= self.now,
            At::Ended => false,
        }
    }

    /// Until when a thread waits at most, if it does.
    pub fn deadline(&self, thread: u32) -> Option<u64> {
        match self.threads[thread as usize] {
            At::Lock { deadline, .. } => Some(deadline),
            At::Asleep { until } | At::Poll { until, .. } => Some(until),
            At::Ready | At::New | At::Ended => None,
        }
        .filter(|&deadline| deadline != NEVER)
    }

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

    /// Runs to the end; a pair of the script says: once so many instructions are executed, it is this task's turn.
    /// How many of them could not be followed; `needed` gets those without which the run would have been another one.
    pub fn replay(&mut self, script: &[(u64, u32)], needed: &mut Vec<(u64, u32)>) -> u32 {
        // Entries by the rules, at this number of instructions: needed if one after them is.
        let mut idle: Vec<(u64, u32)> = Vec::new();
        let mut unfit = 0;
        let mut rest = script.iter().peekable();
        while self.end.is_none() {
            let executed = self.engine.executed();
            let mut next = None;
            let default = self.default_thread();
            if let Some(&&(at, task)) = rest.peek().filter(|(at, _)| *at <= executed) {
                rest.next();
                idle.retain(|other| other.0 == at);
                idle.push((at, task));
                if default.is_none_or(|default| self.engine.task(default) != task) {
                    needed.append(&mut idle);
                }
                let named = (0..self.threads.len() as u32).find(|&it| self.engine.task(it) == task);
                next = named.filter(|&it| self.can_run(it) || self.deadline(it).is_some());
                unfit += u32::from(next.is_none());
            }
            let Some(thread) = next.or(default) else {
                self.deadlock();
                break;
            };
            let soft = rest.peek().map(|(at, _)| at.saturating_sub(executed));
            self.turn(thread, soft);
        }
        unfit
    }

    /// Nothing can run any more.
    pub fn deadlock(&mut self) {
        let message = "no thread can go on: all wait, and nothing will wake any of them";
        self.finish(Outcome::Deadlock, String::from(message));
    }

    /// Gives a thread its turn, to the first preemption point at or after so many instructions, or for as long as it can.
    pub fn turn(&mut self, thread: u32, soft: Option<u64>) -> Halt {
        self.switch_to(thread);
        self.wake(thread);
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
            let cost = (self.engine.executed() - executed) * self.rules.cost_instruction;
            self.engine.spread(from, self.shown, self.shown + cost);
            self.shown += cost;
            self.signals();
            match stop {
                Stop::Spent | Stop::Signalled => {}
                Stop::Paused => return Halt::Paused,
                Stop::Preempted => return Halt::Preempted,
                Stop::Trap(trap) => {
                    let stop = self.until_start && matches!(trap, Trap::Start { .. });
                    if !self.trap(thread, trap) {
                        return Halt::Waits;
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
        if self.running == Some(thread) && self.threads[thread as usize] == At::Ready {
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
            At::Lock { lock, .. } => self.engine.lock_is_free(lock),
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
            let taken = self.engine.lock_is_free(lock);
            if let Some(waiters) = self.engine.lock_waiters(lock) {
                waiters.retain(|&waiter| waiter != thread);
            }
            if taken {
                self.engine.lock_take(lock, thread);
            }
            self.engine.lock_drop(lock);
            self.engine.deliver(thread, Value::bool(taken));
        }
    }

    /// Does what the thread asks for; whether it can go on.
    fn trap(&mut self, thread: u32, trap: Trap) -> bool {
        match trap {
            Trap::Sleep(0) | Trap::Write | Trap::Compute(_) | Trap::Native(_) => {
                self.engine.deliver(thread, Value::NONE);
                true
            }
            Trap::Sleep(time) => self.sleep(thread, Wait::Sleep, 0, time),
            Trap::Reply { thing, ns } => self.sleep(thread, Wait::Reply, thing, ns),
            Trap::Network(_) | Trap::Ready { .. } | Trap::Signal { .. } => {
                let line = self.engine.line(thread);
                self.finish(
                    Outcome::Rejected,
                    String::from("orders of programs with connections or signals are not explored"),
                );
                if let Some(end) = &mut self.end {
                    (end.hint, end.line) =
                        (String::from("run it under a schedule of its own"), line);
                }
                false
            }
            Trap::Start { thread: new } => {
                self.engine.deliver(thread, Value::NONE);
                while self.threads.len() <= new as usize {
                    self.threads.push(At::New);
                }
                true
            }
            Trap::Acquire { lock, deadline } => {
                let free = self.engine.lock_is_free(lock);
                if free || deadline <= self.now {
                    if free {
                        self.engine.lock_take(lock, thread);
                    }
                    self.engine.lock_drop(lock);
                    self.engine.deliver(thread, Value::bool(free));
                    return true;
                }
                let (wait, thing) = self.engine.lock_wait(lock);
                if let Some(waiters) = self.engine.lock_waiters(lock) {
                    waiters.push_back(thread);
                }
                self.block(thread, wait, thing, deadline);
                self.threads[thread as usize] = At::Lock { lock, deadline };
                false
            }
            Trap::Poll { deadline, .. } => {
                self.engine.deliver(thread, Value::NONE);
                if deadline <= self.now {
                    return true;
                }
                self.block(thread, Wait::Poll, 0, deadline);
                self.threads[thread as usize] = At::Poll {
                    until: deadline,
                    woken: false,
                };
                false
            }
        }
    }

    fn sleep(&mut self, thread: u32, wait: Wait, thing: u32, time: u64) -> bool {
        self.engine.deliver(thread, Value::NONE);
        let until = self.now.saturating_add(time).min(NEVER - 1);
        self.block(thread, wait, thing, until);
        self.threads[thread as usize] = At::Asleep { until };
        false
    }

    fn block(&mut self, thread: u32, wait: Wait, thing: u32, deadline: u64) {
        let flags = self.in_loop(thread);
        if self.rules.gil {
            let event = Event {
                flags: FLAG_BLOCKING | flags,
                ..self.event(thread, Kind::GilRelease)
            };
            self.engine.emit(event);
        }
        let event = Event {
            flags,
            a: thing,
            b: wait as u32,
            tag: Tag::Time,
            value: deadline,
            ..self.event(thread, Kind::Block)
        };
        self.engine.emit(event);
    }

    fn in_loop(&self, thread: u32) -> u8 {
        let of_task = self.engine.actor(thread) != self.engine.task(thread);
        if of_task { FLAG_IN_LOOP } else { 0 }
    }

    fn signals(&mut self) {
        for signal in self.engine.take_signals() {
            // Who waits for a lock looks whether it is free.
            if let Signal::LoopWoken(event_loop) = signal
                && let Some(host) = self.engine.loop_thread(event_loop)
                && let At::Poll { woken, .. } = &mut self.threads[host as usize]
            {
                *woken = true;
            }
        }
    }

    fn ended(&mut self, thread: u32, exception: Option<String>) {
        let ending = match exception {
            Some(_) => Ending::Raised,
            None => Ending::Returned,
        };
        let event = Event {
            flags: ending as u8,
            b: self.engine.string(exception.as_deref().unwrap_or_default()),
            ..self.event(thread, Kind::End)
        };
        self.engine.emit(event);
        self.threads[thread as usize] = At::Ended;
        if thread == 0 {
            let outcome = match exception {
                Some(_) => Outcome::Exception,
                None => Outcome::Finished,
            };
            return self.finish(outcome, exception.unwrap_or_default());
        }
        if self.rules.gil {
            self.emit(thread, Kind::GilRelease);
        }
    }

    fn finish(&mut self, outcome: Outcome, message: String) {
        let event = Event {
            flags: outcome as u8,
            b: self.engine.string(&message),
            ..self.event(0, Kind::Finish)
        };
        self.engine.emit(event);
        self.end = Some(Box::new(End {
            outcome,
            message,
            hint: String::new(),
            line: 0,
        }));
    }

    fn event(&self, thread: u32, kind: Kind) -> Event {
        Event {
            time: self.shown,
            task: self.task(thread),
            line: self.engine.line(thread),
            kind,
            core: 0,
            tag: Tag::Absent,
            flags: 0,
            a: 0,
            b: 0,
            value: 0,
        }
    }

    fn task(&self, thread: u32) -> TaskId {
        self.engine.task(thread)
    }

    fn emit(&mut self, thread: u32, kind: Kind) {
        let event = self.event(thread, kind);
        self.engine.emit(event);
    }
}

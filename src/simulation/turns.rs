//! Turns: one thread runs at a time, and somebody says which.
//!
//! Here nothing takes time but sleeping: an instruction, a switch, waking up cost nothing. A thread that sleeps goes on
//! when nothing else can, in the order of the deadlines, or at any moment. Locks are not handed over: of the threads that
//! wait for a free lock any may take it. Under these rules a run depends on nothing but the order of the turns, so they are what
//! the explorer goes through, and what a schedule of version 2 replays.

use super::Engine;
use crate::machine::value::Value;
use crate::machine::{Clock, Signal, Stop, Trap};
use crate::schedulers::{EARLY, HOLD, PICK};
use crate::trace::{
    Event, FLAG_BLOCKING, FLAG_IN_LOOP, FLAG_REQUESTED, Kind, NEVER, NO_CORE, NO_TASK, Outcome,
    Tag, Wait,
};

use super::{End, Rules, events};

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
            At::Lock { lock, deadline } => self.engine.lock_is_free(lock) || deadline <= self.now,
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

    /// Nothing can run any more.
    pub fn deadlock(&mut self) {
        let message = "no thread can go on: all wait, and nothing will wake any of them";
        self.finish(Outcome::Deadlock, String::from(message));
    }

    /// Gives a thread its turn, to the first preemption point at or after so many instructions, or for as long as it can.
    pub fn turn(&mut self, thread: u32, soft: Option<u64>) -> Halt {
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
            // The machine rejects processes when threads take turns.
            Trap::Fork { .. } | Trap::Exit(_) => true,
            Trap::Poll { deadline, .. } => {
                self.engine.deliver(thread, Value::NONE);
                let late = self.engine.has_ready(thread).1;
                let any = self.sleeps == Sleeps::Any || self.engine.executed() >= self.early_from;
                let until = if any { NEVER } else { self.now };
                if deadline <= self.now
                    && (late || any)
                    && self.engine.due_timers(thread, until) > 0
                {
                    self.threads[thread as usize] = At::Pick;
                    return false;
                }
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

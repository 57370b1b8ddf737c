//! What a thread asks for, and that it waits.

use super::{At, Sleeps, Turns};
use crate::machine::value::Value;
use crate::machine::{Signal, Trap};
use crate::simulation::Engine;
use crate::trace::{Event, FLAG_BLOCKING, FLAG_IN_LOOP, Kind, NEVER, Outcome, Tag, Wait};

impl<E: Engine> Turns<E> {
    /// Does what the thread asks for; whether it can go on.
    pub(super) fn trap(&mut self, thread: u32, trap: Trap) -> bool {
        match trap {
            Trap::Sleep(0) | Trap::Write | Trap::Compute(_) | Trap::Native(_) => {
                self.engine.deliver(thread, Value::NONE);
                true
            }
            Trap::Sleep(time) => self.sleep(thread, Wait::Sleep, 0, time),
            Trap::Reply { thing, ns } => self.sleep(thread, Wait::Reply, thing, ns),
            Trap::Network(_) | Trap::Ready { .. } | Trap::Signal { .. } => {
                let why = "orders of programs with connections or signals are not explored";
                self.reject(thread, why);
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
                if (free || deadline <= self.now) && self.engine.tries_again(thread, lock, !free) {
                    return true;
                }
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
            Trap::Before { .. } | Trap::Done => true,
            Trap::Fork {
                thread: new,
                process,
                ..
            } => {
                self.engine.deliver(thread, Value::int(process.into()));
                while self.threads.len() <= new as usize {
                    self.threads.push(At::New);
                }
                true
            }
            Trap::Exit(code) => {
                self.end_process(self.engine.process(thread), code);
                self.signals();
                false
            }
            Trap::Poll { .. } if self.has_processes() => {
                self.reject(
                    thread,
                    "orders of processes beside an event loop are not explored",
                );
                false
            }
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

    fn has_processes(&self) -> bool {
        (0..self.threads.len() as u32).any(|thread| self.engine.process(thread) > 0)
    }

    fn reject(&mut self, thread: u32, why: &str) {
        let line = self.engine.line(thread);
        self.finish(Outcome::Rejected, String::from(why));
        if let Some(end) = &mut self.end {
            (end.hint, end.line) = (String::from("run it under a schedule of its own"), line);
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

    pub(super) fn signals(&mut self) {
        for signal in self.engine.take_signals() {
            // Who waits for a lock looks whether it is free.
            if let Signal::Killed { process, code } = signal {
                self.end_process(process, code);
            }
            if let Signal::LoopWoken(event_loop) = signal
                && let Some(host) = self.engine.loop_thread(event_loop)
                && let At::Poll { woken, .. } = &mut self.threads[host as usize]
            {
                *woken = true;
            }
        }
    }
}

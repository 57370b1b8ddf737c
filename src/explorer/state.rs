//! A state of the search: every thread stands before an operation that concerns others, or waits.

use std::cell::RefCell;
use std::rc::Rc;

use crate::machine::Machine;
use crate::machine::fingerprint::{Mix, Numbers, Walk};
use crate::machine::object::Object;
use crate::machine::value::Value;
use crate::machine::watch::{Pause, Registry};
use crate::simulation::turns::{At, Halt, Turns};
use crate::simulation::{End, Engine};
use crate::trace::{NEVER, Outcome, Wait};

/// What a schedule is made of: from that number of executed instructions on it is this thread's turn.
pub type Run = (u64, u32);

/// A state. Copying it copies the run.
#[derive(Clone)]
pub struct State {
    pub turns: Turns<Machine>,
    /// Why each thread that could run does not: it stands before a shared access.
    pub pauses: Vec<Option<Pause>>,
    /// The turns so far, if they are to become a schedule.
    pub log: Option<Vec<Run>>,
}

/// What sort of end it is; two ends with the same text and output are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terminal {
    pub outcome: Outcome,
    text: Mix,
}

impl State {
    /// The state in which the main thread is about to begin, run on to the start of the first other thread.
    pub fn first(mut turns: Turns<Machine>, registry: &Rc<RefCell<Registry>>) -> State {
        turns.engine.turns = true;
        turns.until_start = true;
        turns.turn(0, None);
        turns.until_start = false;
        turns.engine.watch(registry);
        let mut state = State {
            turns,
            pauses: Vec::new(),
            log: None,
        };
        state.fit();
        state
    }

    fn fit(&mut self) {
        self.pauses.resize(self.turns.threads.len(), None);
    }

    /// Takes a thread's next shared step, and all steps that concern nobody else.
    pub fn step(&mut self, thread: u32) {
        self.run(thread, false);
        self.settle();
    }

    /// Lets a thread run to its next pause.
    fn run(&mut self, thread: u32, apart: bool) {
        let paused = self.pauses[thread as usize].take();
        if let Some(log) = &mut self.log {
            let pauses = self.pauses.iter().flatten().chain(&paused);
            let ahead: u64 = pauses.map(|pause| pause.ahead).sum();
            log.push((self.turns.engine.executed - ahead, thread));
        }
        self.turns.engine.go_on(thread, paused.is_some(), apart);
        let halt = self.turns.turn(thread, None);
        self.fit();
        if halt == Halt::Paused {
            let pause = self.turns.engine.watch.pause.take();
            // A schedule would not have let it begin.
            if pause.is_some_and(|pause| pause.idle)
                && let Some(log) = &mut self.log
            {
                log.pop();
            }
            self.pauses[thread as usize] = pause;
        }
    }

    /// Takes all steps that concern nobody else; their order does not matter.
    pub fn settle(&mut self) {
        loop {
            while self.turns.end().is_none()
                && let Some(thread) = self.local()
            {
                self.run(thread, true);
            }
            if self.turns.end().is_some() || self.options().next().is_some() {
                return;
            }
            // Nothing else can run: time passes.
            let count = self.turns.threads.len() as u32;
            let Some(next) = (0..count).filter_map(|it| self.turns.deadline(it)).min() else {
                return;
            };
            if next <= self.turns.now {
                return;
            }
            self.turns.now = next;
        }
    }

    /// A thread whose next step concerns nobody else.
    fn local(&self) -> Option<u32> {
        let count = self.turns.threads.len() as u32;
        (0..count).find(|&thread| match self.turns.threads[thread as usize] {
            At::New => true,
            At::Ready => self.pauses[thread as usize].is_none(),
            At::Lock { lock, .. } => self.is_for_thread(lock) && self.turns.can_run(thread),
            At::Asleep { .. } => self.turns.can_run(thread),
            At::Poll { .. } => self.turns.can_run(thread) && self.is_alone(thread),
            At::Ended => false,
        })
    }

    /// Whether the lock stands for a thread's start or end.
    fn is_for_thread(&self, lock: Value) -> bool {
        matches!(self.turns.engine.heap.object(lock),
            Some(Object::Lock(lock)) if matches!(lock.wait, Wait::Join | Wait::Start))
    }

    fn is_alone(&self, thread: u32) -> bool {
        let mut all = self.turns.threads.iter().enumerate();
        all.all(|(at, of)| at == thread as usize || *of == At::Ended)
    }

    /// The threads that can take a shared step.
    pub fn options(&self) -> impl Iterator<Item = u32> {
        let count = self.turns.threads.len() as u32;
        (0..count).filter(|&thread| self.can_step(thread))
    }

    fn can_step(&self, thread: u32) -> bool {
        match (
            self.turns.threads[thread as usize],
            &self.pauses[thread as usize],
        ) {
            (At::Ready, Some(pause)) => match self.turns.engine.heap.object(pause.wants) {
                Some(Object::Lock(lock)) => {
                    lock.count == 0 || lock.reentrant && lock.owner == thread
                }
                _ => true,
            },
            (At::Ready | At::New | At::Ended, _) => false,
            _ => self.turns.can_run(thread),
        }
    }

    /// Equal for states from which the same follows.
    pub fn fingerprint(&self, numbers: &mut Numbers, clock: bool) -> Mix {
        let machine = &self.turns.engine;
        let mut walk = Walk::new(machine, numbers);
        let now = self.turns.now;
        let left = |deadline: u64| {
            if deadline == NEVER {
                NEVER
            } else {
                deadline.saturating_sub(now)
            }
        };
        for (thread, at) in machine.threads.iter().zip(&self.turns.threads) {
            match *at {
                At::Ended => {
                    walk.mix.add(1);
                    continue;
                }
                At::Ready => walk.mix.add(2),
                At::New => walk.mix.add(3),
                At::Lock { lock, deadline } => {
                    walk.mix.add(4);
                    walk.mix.add(left(deadline));
                    walk.value(lock);
                }
                At::Asleep { until } => {
                    walk.mix.add(5);
                    walk.mix.add(left(until));
                }
                At::Poll { until, woken } => {
                    walk.mix.add(6 + u64::from(woken));
                    walk.mix.add(left(until));
                }
            }
            walk.thread(thread);
        }
        if clock {
            walk.mix.add(now);
        }
        walk.rest();
        walk.finish()
    }

    /// What sort of end this is. A state that cannot go on and has not ended is a deadlock.
    pub fn terminal(&self) -> Terminal {
        let watch = &self.turns.engine.watch;
        let mut text = Mix(watch.output[0], watch.output[1]);
        let end = self.turns.end();
        for byte in end.map_or("", |end: &End| &end.message).bytes() {
            text.add(byte.into());
        }
        Terminal {
            outcome: end.map_or(Outcome::Deadlock, |end| end.outcome),
            text,
        }
    }

    /// The task that a thread is in the trace.
    pub fn task(&self, thread: u32) -> u32 {
        self.turns.engine.task(thread)
    }
}

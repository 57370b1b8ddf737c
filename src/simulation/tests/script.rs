//! An engine for tests: threads that follow scripts. Statements are separated by `;`:
//! `run 100` executes instructions, each a preemption point; `call 40` instructions with one at the end only; `take a`, `try a 5ms`
//! (with a time limit) and `free a` are about lock `a`; `start 1`; `sleep 5ms`; `reply 5ms`; `compute 5ms`; `native 5ms`; `print`; `poll 5ms`, `poll` (for
//! ever) and `notify` (the main thread's loop); `raise`; `loop 3 {` ... `}`.

use std::collections::VecDeque;

use crate::machine::value::{Value, View};
use crate::machine::{Clock, Signal, Stop, Trap};
use crate::simulation::Engine;
use crate::trace::*;

#[derive(Clone, Debug, PartialEq)]
enum Statement {
    Run(u64),
    Call(u64),
    Take(usize, Option<u64>),
    Free(usize),
    Start(u32),
    Trap(Trap),
    Poll(u64),
    Notify,
    Raise,
}

#[derive(Clone, Default)]
struct Lock {
    owner: Option<u32>,
    waiters: VecDeque<u32>,
}

#[derive(Clone, Default)]
pub struct Script {
    threads: Vec<Vec<Statement>>,
    /// For each thread the statement it is at, and instructions of it executed.
    places: Vec<(usize, u64)>,
    locks: Vec<Lock>,
    clock: Clock,
    executed: u64,
    /// As `executed`, but without the instruction under way.
    begun: u64,
    signals: Vec<Signal>,
    /// Whether `Statement`s that are instructions are recorded one by one.
    pub shows_instructions: bool,
    pub log: String,
}

fn time(text: &str) -> u64 {
    let (digits, unit) = text.split_at(text.find(|c: char| c.is_alphabetic()).unwrap());
    let unit = match unit {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        _ => panic!("{text}"),
    };
    digits.parse::<u64>().unwrap() * unit
}

fn lock(name: &str) -> usize {
    (name.as_bytes()[0] - b'a') as usize
}

fn parse(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut loops: Vec<(usize, usize)> = Vec::new();
    for line in text
        .split([';', '\n'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let word = |n: usize| words.get(n).copied().unwrap_or_else(|| panic!("{line}"));
        statements.push(match word(0) {
            "run" => Statement::Run(word(1).parse().unwrap()),
            "call" => Statement::Call(word(1).parse().unwrap()),
            "take" => Statement::Take(lock(word(1)), None),
            "try" => Statement::Take(lock(word(1)), Some(time(word(2)))),
            "free" => Statement::Free(lock(word(1))),
            "start" => Statement::Start(word(1).parse().unwrap()),
            "sleep" => Statement::Trap(Trap::Sleep(time(word(1)))),
            "reply" => Statement::Trap(Trap::Reply {
                thing: 1,
                ns: time(word(1)),
            }),
            "compute" => Statement::Trap(Trap::Compute(time(word(1)))),
            "native" => Statement::Trap(Trap::Native(time(word(1)))),
            "print" => Statement::Trap(Trap::Write),
            "poll" if words.len() == 1 => Statement::Poll(NEVER),
            "poll" => Statement::Poll(time(word(1))),
            "notify" => Statement::Notify,
            "raise" => Statement::Raise,
            "loop" => {
                loops.push((word(1).parse().unwrap(), statements.len()));
                continue;
            }
            "}" => {
                let (count, from) = loops.pop().unwrap();
                let body: Vec<Statement> = statements[from..].to_vec();
                (1..count).for_each(|_| statements.extend_from_slice(&body));
                continue;
            }
            _ => panic!("{line}"),
        });
    }
    statements
}

impl Script {
    pub fn new(threads: &[&str]) -> Script {
        Script {
            threads: threads.iter().map(|text| parse(text)).collect(),
            places: vec![(0, 0); threads.len()],
            locks: vec![Lock::default(); 4],
            ..Script::default()
        }
    }

    fn note(&mut self, thread: u32, what: &str) {
        let time = self.clock.now(self.begun);
        let core = self.clock.core;
        self.line(time, thread, core, what);
    }

    /// A line of the log: microseconds, the core, the thread, what happened.
    fn line(&mut self, time: u64, thread: u32, core: u8, what: &str) {
        let core = if core == NO_CORE {
            String::from("-")
        } else {
            core.to_string()
        };
        let time = format!("{}.{:03}", time / 1000, time % 1000);
        self.log
            .push_str(&format!("{time:>10} {core} {thread} {what}\n"));
    }
}

impl Engine for Script {
    fn run(&mut self, thread: u32, hard: u64, soft: Option<u64>) -> Stop {
        let from = self.executed;
        loop {
            if self.executed - from == hard {
                return Stop::Spent;
            }
            let (place, done) = self.places[thread as usize];
            let Some(statement) = self.threads[thread as usize].get(place).cloned() else {
                return Stop::Ended(None);
            };
            self.begun = self.executed;
            if self.shows_instructions
                && matches!(statement, Statement::Run(_) | Statement::Call(_))
            {
                self.note(thread, "instruction");
            }
            self.executed += 1;
            self.places[thread as usize] = (place + 1, 0);
            let mut point = true;
            match statement {
                Statement::Run(count) | Statement::Call(count) => {
                    if done + 1 < count {
                        self.places[thread as usize] = (place, done + 1);
                        point = matches!(statement, Statement::Run(_));
                    }
                }
                Statement::Take(lock, limit) => {
                    if self.locks[lock].owner.is_some() {
                        let now = self.clock.now(self.executed);
                        let deadline = limit.map_or(NEVER, |limit| now + limit);
                        let lock = Value::thing(lock as u32);
                        return Stop::Trap(Trap::Acquire { lock, deadline });
                    }
                    self.lock_take(Value::thing(lock as u32), thread);
                }
                Statement::Free(lock) => {
                    self.locks[lock].owner = None;
                    self.note(thread, &format!("Release {}", (b'a' + lock as u8) as char));
                    if !self.locks[lock].waiters.is_empty() {
                        self.signals
                            .push(Signal::LockFreed(Value::thing(lock as u32)));
                        return Stop::Signalled;
                    }
                }
                Statement::Start(new) => return Stop::Trap(Trap::Start { thread: new }),
                Statement::Trap(trap) => return Stop::Trap(trap),
                Statement::Poll(time) => {
                    let now = self.clock.now(self.executed);
                    let event_loop = Value::thing(0);
                    let deadline = now.saturating_add(time);
                    return Stop::Trap(Trap::Poll {
                        event_loop,
                        deadline,
                    });
                }
                Statement::Notify => {
                    self.signals.push(Signal::LoopWoken(Value::thing(0)));
                    return Stop::Signalled;
                }
                Statement::Raise => return Stop::Ended(Some(Value::int(1))),
            }
            if point && soft.is_some_and(|soft| self.executed - from >= soft) {
                return Stop::Preempted;
            }
        }
    }
    fn executed(&self) -> u64 {
        self.executed
    }
    fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
        self.begun = clock.at;
    }
    fn take_signals(&mut self) -> Vec<Signal> {
        std::mem::take(&mut self.signals)
    }
    fn task(&self, thread: u32) -> TaskId {
        thread
    }
    fn actor(&self, thread: u32) -> TaskId {
        thread
    }
    fn line(&self, _thread: u32) -> u32 {
        0
    }
    fn deliver(&mut self, thread: u32, value: Value) {
        if value == Value::FALSE {
            self.note(thread, "gets False");
        }
    }
    fn exception_text(&mut self, _thread: u32, _exception: Value) -> String {
        String::from("Error")
    }
    fn lock_is_free(&self, lock: Value) -> bool {
        self.locks[index(lock)].owner.is_none()
    }
    fn lock_take(&mut self, lock: Value, thread: u32) {
        assert!(self.lock_is_free(lock));
        self.locks[index(lock)].owner = Some(thread);
        self.note(
            thread,
            &format!("Acquire {}", (b'a' + index(lock) as u8) as char),
        );
    }
    fn lock_wait(&self, lock: Value) -> (Wait, ThingId) {
        (Wait::Lock, index(lock) as u32 + 1)
    }
    fn lock_waiters(&mut self, lock: Value) -> Option<&mut VecDeque<u32>> {
        Some(&mut self.locks[index(lock)].waiters)
    }
    fn lock_drop(&mut self, _lock: Value) {}
    fn loop_thread(&self, _event_loop: Value) -> Option<u32> {
        Some(0)
    }
    fn emit(&mut self, event: Event) {
        let mut what = format!("{:?}", event.kind);
        let other = |task: TaskId| {
            if task == NO_TASK {
                String::from("-")
            } else {
                task.to_string()
            }
        };
        match event.kind {
            Kind::GilWait | Kind::GilRequest | Kind::Wake => {
                what.push_str(&format!(" {}", other(event.a)))
            }
            Kind::GilRelease if event.flags & FLAG_REQUESTED != 0 => what.push_str(" requested"),
            Kind::GilRelease if event.flags & FLAG_BLOCKING != 0 => what.push_str(" blocking"),
            Kind::GilRelease if event.flags & FLAG_TICKS != 0 => what.push_str(" ticks"),
            Kind::Block => {
                what.push_str(&format!(" {:?}", Wait::from_byte(event.b as u8).unwrap()))
            }
            Kind::Finish => {
                what.push_str(&format!(" {:?}", Outcome::from_byte(event.flags).unwrap()))
            }
            _ => {}
        }
        self.line(event.time, event.task, event.core, &what);
    }
    fn string(&mut self, _text: &str) -> StringId {
        0
    }
}

fn index(lock: Value) -> usize {
    match lock.view() {
        View::Thing(number) => number as usize,
        _ => panic!("{lock:?} is no lock"),
    }
}

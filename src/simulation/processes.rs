//! Processes: each has a GIL of its own, all share the cores. One that ends takes its threads along.
//!
//! What the engine hands over belongs to one process, and the rules of the GIL are written for one: the simulation always
//! stands in the process of the thread that it deals with.

use super::gil::Gil;
use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::trace::{Ending, Event, Kind, Outcome};

/// What starting a process costs, in instructions: of the parent (`os.fork` 0.34 ms and what `start` does around it: 0.5 ms
/// in all) and of the child until its function begins (1.3 ms forked, 95 ms with fresh memory, where it starts an interpreter
/// and imports the program). Measured with CPython 3.11 to 3.13 on Linux; an instruction is 50 ns at the default.
const FORK: u64 = 10_000;
const BEGIN_FORKED: u64 = 26_000;
const BEGIN_FRESH: u64 = 1_900_000;

/// The processes as the simulation sees them.
#[derive(Clone, Debug)]
pub struct Processes {
    /// The one that the simulation stands in.
    pub current: u32,
    /// The GILs of the others, by process.
    gils: Vec<Gil>,
}

impl Default for Processes {
    fn default() -> Processes {
        Processes {
            current: 0,
            gils: vec![Gil::new(0)],
        }
    }
}

impl<E: Engine> Simulation<E> {
    /// From now on it is about this thread.
    pub(super) fn enter_process_of(&mut self, thread: u32) {
        let process = self.engine.process(thread);
        let current = self.processes.current;
        if process == current {
            return;
        }
        self.engine.enter(process);
        let gils = &mut self.processes.gils;
        if gils.len() <= process as usize {
            gils.resize(process as usize + 1, Gil::new(self.rules.seed));
        }
        std::mem::swap(&mut self.gil, &mut gils[current as usize]);
        std::mem::swap(&mut self.gil, &mut gils[process as usize]);
        self.processes.current = process;
    }

    /// A process was made: its maker is busy with that, its main thread begins after what comes before its first instruction.
    pub(super) fn fork(&mut self, thread: u32, core: u8, new: u32, fresh: bool) {
        let cost = self.rules.cost_instruction;
        self.start(new);
        let begin = if fresh { BEGIN_FRESH } else { BEGIN_FORKED };
        self.thread(new).activity = Activity::Native(begin * cost);
        self.go_on_with(thread, core, Activity::Compute(FORK * cost));
    }

    /// The process ends at once, with all its threads; the run with the first one.
    pub(super) fn end_process(&mut self, process: u32, code: i32) {
        if process == 0 {
            return self.finish(outcome(code), exit_text(code));
        }
        for thread in 0..self.threads.len() as u32 {
            if self.engine.process(thread) != process || self.state(thread) == State::Ended {
                continue;
            }
            self.enter_process_of(thread);
            let plain = self.event(thread, Kind::End);
            let event = end(&mut self.engine, plain, code);
            self.engine.emit(event);
            if self.gil.holder == Some(thread) {
                self.gil.holder = None;
                self.emit(thread, Kind::GilRelease);
            }
            if self.state(thread) == State::Ready {
                let mut queue = 0..self.policy.len();
                if let Some(place) = queue.find(|&place| self.policy.get(place) == thread) {
                    self.policy.take(place);
                }
            }
            if let State::Core(core) = self.state(thread) {
                self.cores[core as usize].stopped = None;
            }
            if let Some((lock, _)) = self.thread(thread).lock.take()
                && let Some(waiters) = self.engine.lock_waiters(lock)
            {
                waiters.retain(|&waiter| waiter != thread);
            }
            self.leave_core(thread);
            self.enter(thread, State::Ended);
        }
        self.engine.end_process(process, code);
    }
}

/// How the run ends with its first process.
pub fn outcome(code: i32) -> Outcome {
    match code {
        0 => Outcome::Finished,
        _ => Outcome::Exception,
    }
}

/// The end of a thread that ends with its process.
pub fn end<E: Engine>(engine: &mut E, plain: Event, code: i32) -> Event {
    let ending = match code {
        0 => Ending::Returned,
        _ => Ending::Raised,
    };
    Event {
        flags: ending as u8,
        b: engine.string(&exit_text(code)),
        ..plain
    }
}

/// What is said about a process that did not end well.
pub fn exit_text(code: i32) -> String {
    match code {
        -15 => String::from("terminated"),
        -9 => String::from("killed"),
        0 => String::new(),
        ..0 => ["ended by signal ", &code.unsigned_abs().to_string()].concat(),
        _ => ["exit code ", &code.to_string()].concat(),
    }
}

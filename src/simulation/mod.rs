//! The simulation: the only place where time moves and effects happen.
//!
//! Time is virtual nanoseconds. Threads that execute instructions have clocks of their own, and everything else is a timed event;
//! whatever comes first is done first, ties by fixed rules, so that the same program and settings give the same run. It drives an
//! [`Engine`], asks a [`Policy`] which ready thread gets a core and a [`Decider`] where the rules leave a choice. It knows
//! nothing of Python's objects and instructions, nor of how a trace is stored.

mod choices;
mod cores;
mod engine;
mod events;
mod gil;
mod limits;
mod locks;
mod machine;
pub mod network;
mod old_gil;
mod processes;
mod queue;
mod signals;
mod sockets;
#[cfg(test)]
mod tests;
mod threads;
mod traps;
pub mod turns;

use std::collections::VecDeque;

use choices::Choices;
use cores::Core;
pub use engine::Engine;
use gil::Gil;
use network::Network;
use processes::Processes;
use queue::Queue;
use threads::{State, Thread};

use crate::machine::{Clock, Signal, Stop};
use crate::schedulers::{Decider, Policy, Schedule};
use crate::trace::{Event, Kind, NEVER, Outcome};

/// The most cores there can be.
pub const CORES: u8 = 64;

/// The numbers a run depends on. Times are virtual nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether there is a GIL.
    pub gil: bool,
    /// 1 to [`CORES`].
    pub cores: u8,
    /// `sys.getswitchinterval()`.
    pub switch_interval: u64,
    /// What an instruction costs.
    pub cost_instruction: u64,
    /// What it costs the operating system to give a core to another thread.
    pub cost_switch: u64,
    /// What a system call that does not block costs.
    pub cost_call: u64,
    /// From the end of a wait until the thread is ready; measured on Linux: 46 µs.
    pub wake_latency: u64,
    /// What a packet takes from one end of a connection to the other.
    pub network_latency: u64,
    /// How many bytes a connection holds in each direction.
    pub network_buffer: usize,
    /// Before CPython 3.2 (`sys.getcheckinterval()`): after so many ticks the GIL's holder lets others try. There is no switch
    /// interval then.
    pub check_interval: Option<u64>,
    /// What chances are drawn from.
    pub seed: u64,
    pub limit_instructions: u64,
    pub limit_time: u64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            gil: true,
            cores: 2,
            switch_interval: 5_000_000,
            cost_instruction: 50,
            cost_switch: 5_000,
            cost_call: 2_000,
            wake_latency: 50_000,
            network_latency: 500_000,
            network_buffer: 128_000,
            check_interval: None,
            seed: 0,
            limit_instructions: 200_000_000,
            limit_time: 3_600_000_000_000,
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub outcome: Outcome,
    /// Why, unless it simply finished.
    pub message: String,
    /// What to do about it, for programs that were rejected.
    pub hint: String,
    /// The line, for programs that were rejected; 0 if unknown.
    pub line: u32,
}

/// The state of a run.
#[derive(Clone)]
pub struct Simulation<E> {
    pub engine: E,
    rules: Rules,
    policy: Box<dyn Policy>,
    decider: Box<dyn Decider>,
    /// The time of what is being handled. It can step back by less than an instruction, as cores have clocks of their own.
    now: u64,
    queue: Queue,
    threads: Vec<Thread>,
    cores: Vec<Core>,
    /// Free cores, a bit for each.
    idle: u64,
    /// Cores on which instructions are executed. With the GIL there is one at most for each process.
    executing: Vec<u8>,
    /// The thread that became ready by waking up just now.
    woken: Option<u32>,
    /// Threads that have their core and are to go on.
    going: VecDeque<u32>,
    /// Of the process that the simulation stands in.
    gil: Gil,
    network: Network,
    /// When the next packets are planned to arrive, and the plan's token.
    packets_at: u64,
    packets_token: u32,
    processes: Processes,
    /// Without the GIL: the only thread that may execute, by the schedule.
    alone: Option<u32>,
    choices: Choices,
    /// From this number of executed instructions on the decider is to be asked.
    next_preemption: u64,
    turn: u64,
    end: Option<End>,
}

impl<E: Engine> Simulation<E> {
    /// The main thread, number 0, is ready to run.
    pub fn new(
        engine: E,
        rules: Rules,
        policy: Box<dyn Policy>,
        decider: Box<dyn Decider>,
    ) -> Simulation<E> {
        let cores = rules.cores.clamp(1, CORES);
        let mut simulation = Simulation {
            engine,
            rules,
            policy,
            next_preemption: decider.next_preemption(),
            decider,
            now: 0,
            queue: Queue::default(),
            threads: Vec::new(),
            cores: vec![Core::default(); cores as usize],
            idle: u64::MAX >> (CORES - cores),
            executing: Vec::new(),
            woken: None,
            going: VecDeque::new(),
            gil: Gil::new(rules.seed),
            processes: Processes::default(),
            network: Network::new(rules.network_latency, rules.network_buffer),
            packets_at: NEVER,
            packets_token: 0,
            alone: None,
            choices: Choices::default(),
            turn: 0,
            end: None,
        };
        // The interpreter was running before: its first turn is no switch.
        simulation.cores[0].ran_before(0);
        simulation.start(0);
        simulation.settle();
        simulation
    }

    /// Runs to the end.
    pub fn run(&mut self) -> &End {
        while self.end.is_none() {
            self.step();
        }
        self.end
            .get_or_insert_with(|| unreachable!("the loop ends with an end"))
    }

    /// How the run ended, if it did.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Virtual nanoseconds so far.
    pub fn time(&self) -> u64 {
        self.now
    }

    /// The schedule that gives this run again, under the same settings.
    pub fn schedule(&self) -> Schedule {
        Schedule::new(self.choices.deviations.clone())
    }

    /// How many of a given schedule's entries could not be followed.
    pub fn unfit(&self) -> u32 {
        self.decider.unfit()
    }

    /// Does what comes next: a timed event, or instructions up to the next one.
    fn step(&mut self) {
        while let Some(entry) = self.queue.first()
            && !self.is_valid(entry.what, entry.token)
        {
            self.queue.pop();
        }
        let first = self.queue.first();
        let due = first.map_or(NEVER, |entry| entry.at);
        let core = self.next_core();
        let clock = core.map_or(NEVER, |core| self.cores[core as usize].clock);
        if due.min(clock) > self.rules.limit_time && due.min(clock) != NEVER {
            self.now = self.rules.limit_time;
            return self.reach_limit("time");
        }
        match (core, first) {
            (Some(core), _) if clock < due => {
                self.now = clock;
                if self.cores[core as usize].stopped.is_some() {
                    self.go_on_after_stop(core);
                } else if !self.rules.gil && self.engine.executed() >= self.next_preemption {
                    self.switch_by_schedule(core);
                } else {
                    self.execute(core, due.min(self.rules.limit_time));
                }
            }
            (_, Some(entry)) => {
                self.now = entry.at;
                self.fire(entry.what);
            }
            (_, None) => {
                let message = "no thread can go on: all wait, and nothing will wake any of them";
                return self.finish(Outcome::Deadlock, String::from(message));
            }
        }
        if self.end.is_none() {
            self.settle();
        }
    }

    /// The core whose next instruction comes first; of several the one that executed least recently, then the lowest.
    fn next_core(&self) -> Option<u8> {
        if let Some(alone) = self.alone {
            let has = |core: &&u8| self.cores[**core as usize].thread == Some(alone);
            return self.executing.iter().find(has).copied();
        }
        let key = |core: &&u8| {
            let of = &self.cores[**core as usize];
            (of.clock, of.turn, **core)
        };
        self.executing.iter().min_by_key(key).copied()
    }

    /// Executes instructions on a core: all that begin before `due`, before the next instruction of another core, and
    /// before the schedule interferes.
    fn execute(&mut self, core: u8, due: u64) {
        let place = core as usize;
        let Some(thread) = self.cores[place].thread else {
            return;
        };
        self.enter_process_of(thread);
        let clock = self.cores[place].clock;
        let cost = self.rules.cost_instruction;
        let executed = self.engine.executed();
        let mut hard = self.rules.limit_instructions.saturating_sub(executed);
        if hard == 0 {
            return self.reach_limit("instructions");
        }
        if cost > 0 && due != NEVER {
            hard = hard.min((due - clock).div_ceil(cost).max(1));
        }
        if self.executing.len() > 1 && self.alone.is_none() {
            hard = hard.min(self.lead(core, clock));
        }
        let scheduled = self.next_preemption.saturating_sub(executed);
        let soft = if thread == 0 && self.engine.is_interrupted() {
            Some(0)
        } else if !self.rules.gil {
            hard = hard.min(scheduled);
            None
        } else if self.gil.requested {
            Some(0)
        } else {
            let soft = scheduled.min(self.ticks_left(executed));
            (soft < hard).then_some(soft)
        };
        self.turn += 1;
        self.cores[place].turn = self.turn;
        self.set_clock(core, clock);
        let stop = self.engine.run(thread, hard, soft);
        let clock = clock + (self.engine.executed() - executed) * cost;
        self.cores[place].clock = clock;
        let signals = self.engine.take_signals();
        if self.executing.len() > 1 && self.alone.is_none() {
            // Other cores have not come that far yet.
            if !matches!(stop, Stop::Spent) || !signals.is_empty() {
                self.cores[place].stopped = Some(Box::new((stop, signals)));
            }
        } else {
            self.now = clock;
            self.stopped(thread, core, stop, signals);
        }
    }

    /// Goes on with what stopped the thread, now that its time has come.
    fn stopped(&mut self, thread: u32, core: u8, stop: Stop, signals: Vec<Signal>) {
        self.enter_process_of(thread);
        self.signals(thread, signals);
        if self.state(thread) == State::Ended {
            return;
        }
        match stop {
            Stop::Spent | Stop::Signalled | Stop::Paused => {}
            Stop::Preempted if thread == 0 && self.engine.is_interrupted() => {
                self.call_handler(core, None);
            }
            Stop::Preempted => {
                if self.gil.requested {
                    self.drop_gil(thread, None);
                } else if !self.preempt_by_schedule(thread) {
                    self.ticks_over(thread, core);
                }
            }
            Stop::Trap(trap) => self.trap(thread, core, trap),
            Stop::Ended(exception) => {
                let text = exception.map(|exception| self.engine.exception_text(thread, exception));
                self.ended(thread, text);
            }
            Stop::Rejected { message, hint } => {
                let line = self.engine.line(thread);
                self.finish(Outcome::Rejected, message.into());
                if let Some(end) = &mut self.end {
                    (end.hint, end.line) = (hint.into(), line);
                }
            }
            Stop::Limit(name) => self.reach_limit(name),
        }
    }

    /// How many instructions the core may execute before another one is first, at least one.
    fn lead(&self, core: u8, clock: u64) -> u64 {
        let others = self.executing.iter().filter(|&&other| other != core);
        let next = others.map(|&other| self.cores[other as usize].clock).min();
        let ahead = next.map_or(0, |next| next.saturating_sub(clock));
        ahead
            .checked_div(self.rules.cost_instruction)
            .map_or(1, |_| ahead.div_ceil(self.rules.cost_instruction).max(1))
    }

    fn set_clock(&mut self, core: u8, base: u64) {
        self.engine.set_clock(Clock {
            base,
            at: self.engine.executed(),
            cost: self.rules.cost_instruction,
            core,
        });
    }

    /// Sets the clock for what the engine does for a thread between instructions.
    fn set_clock_for(&mut self, thread: u32) {
        self.set_clock(self.core_of(thread), self.now);
    }

    /// The thread's bottom frame is done. The run ends with the main thread.
    fn ended(&mut self, thread: u32, exception: Option<String>) {
        let plain = self.event(thread, Kind::End);
        let (outcome, message) = events::ended(&mut self.engine, plain, exception);
        if thread == 0 {
            return self.finish(outcome, message);
        }
        self.release_gil(thread, false);
        self.leave_core(thread);
        self.enter(thread, State::Ended);
    }

    fn finish(&mut self, outcome: Outcome, message: String) {
        let plain = self.event(0, Kind::Finish);
        self.end = Some(events::finish(&mut self.engine, plain, outcome, message));
    }

    /// An event of the thread, now, without anything particular.
    fn event(&self, thread: u32, kind: Kind) -> Event {
        events::event(&self.engine, thread, kind, self.now, self.core_of(thread))
    }

    fn emit(&mut self, thread: u32, kind: Kind) {
        let event = self.event(thread, kind);
        self.engine.emit(event);
    }
}

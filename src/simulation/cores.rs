//! Cores: which thread has which, what a switch costs, and quanta.

use super::queue::Timed;
use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::machine::{Signal, Stop};
use crate::schedulers::Choice;
use crate::trace::{FLAG_WOKEN, Kind, NO_CORE};

#[derive(Clone, Debug, Default)]
pub struct Core {
    pub thread: Option<u32>,
    /// The thread that had it last.
    last: Option<u32>,
    /// The operating system is switching to the thread.
    switching: bool,
    /// When the thread that executes instructions begins its next one.
    pub clock: u64,
    /// When it last executed: of cores at the same time, the one that waits longest comes first.
    pub turn: u64,
    /// What stopped its thread at `clock`, while other cores have not come that far.
    pub stopped: Option<Box<(Stop, Vec<Signal>)>>,
    /// When its present quantum, or the one it counts from, began.
    quantum_from: u64,
    /// Up to when the policy knows that its thread ran.
    accounted: u64,
    /// The woken thread for which its quantum ends early.
    yields_to: Option<u32>,
    /// The end of the quantum is planned.
    armed: bool,
    /// Since when it is busy with what is not instructions.
    busy_from: u64,
    /// Tokens of what is planned: the end of what it is busy with, and of the quantum.
    done_token: u32,
    quantum_token: u32,
}

impl Core {
    /// The thread was on this core before the run.
    pub fn ran_before(&mut self, thread: u32) {
        self.last = Some(thread);
    }
    /// Whether it really runs a thread: it is not free, and no switch is under way.
    pub fn runs(&self) -> bool {
        self.thread.is_some() && !self.switching
    }
}

impl<E: Engine> Simulation<E> {
    /// Tells the policy how long the core's thread ran since it was last told.
    fn account(&mut self, core: u8) {
        let now = self.now;
        let of = &mut self.cores[core as usize];
        if of.runs()
            && let Some(thread) = of.thread
        {
            self.policy.ran(thread, now.saturating_sub(of.accounted));
            of.accounted = now.max(of.accounted);
        }
    }

    /// Before a thread becomes ready, the policy is told how long those that run have done so.
    pub(super) fn account_all(&mut self) {
        for core in 0..self.cores.len() as u8 {
            self.account(core);
        }
    }

    /// A thread woke up and there may be no free core for it: it may get that of another one at once.
    fn let_woken_preempt(&mut self) {
        let Some(woken) = self.woken.take() else {
            return;
        };
        if self.idle != 0 || self.state(woken) != State::Ready {
            return;
        }
        let runs = self.cores.iter().filter(|core| core.runs());
        let running: Vec<u32> = runs.filter_map(|core| core.thread).collect();
        let Some(preempted) = self.policy.preempted_by(woken, &running) else {
            return;
        };
        if let State::Core(core) = self.state(preempted) {
            let of = &mut self.cores[core as usize];
            of.armed = true;
            of.yields_to = Some(woken);
            self.queue
                .plan(self.now, Timed::Quantum(core), of.quantum_token);
        }
    }

    /// Gives free cores to ready threads, and lets threads that got one go on, until nothing changes.
    pub(super) fn settle(&mut self) {
        loop {
            if let Some(thread) = self.going.pop_front() {
                self.proceed(thread);
            } else if self.idle != 0 && !self.policy.is_empty() {
                let place = self.choose_ready();
                self.assign(place);
            } else {
                break;
            }
        }
        self.let_woken_preempt();
        if !self.policy.is_empty() {
            self.arm_quanta();
        }
    }

    /// The place in the ready queue of the thread that gets a core next.
    fn choose_ready(&mut self) -> usize {
        let count = self.policy.len();
        // As long as there are cores for all, their order decides nothing.
        if count <= self.idle.count_ones() as usize {
            return 0;
        }
        let policy = &self.policy;
        let engine = &self.engine;
        let option = |place| engine.task(policy.get(place));
        self.choices
            .choose(self.decider.as_mut(), Choice::Core, count, &option)
    }

    /// This ready thread gets a core: the one it had last if that is free, else the lowest free one.
    pub(super) fn assign(&mut self, place: usize) {
        let thread = self.policy.take(place);
        let last = self.thread(thread).last_core;
        let free = last != NO_CORE && self.idle & (1 << last) != 0;
        let core = if free {
            last
        } else {
            self.idle.trailing_zeros() as u8
        };
        self.idle &= !(1 << core);
        self.enter(thread, State::Core(core));
        self.thread(thread).last_core = core;
        let switch = self.cores[core as usize].last != Some(thread);
        let of = &mut self.cores[core as usize];
        of.thread = Some(thread);
        of.last = Some(thread);
        of.switching = true;
        let cost = if switch { self.rules.cost_switch } else { 0 };
        if cost == 0 {
            self.switched(core);
        } else {
            self.busy(core, cost);
        }
    }

    /// The thread really has its core.
    fn switched(&mut self, core: u8) {
        let now = self.now;
        let of = &mut self.cores[core as usize];
        of.switching = false;
        of.quantum_from = now;
        of.yields_to = None;
        of.accounted = now;
        if let Some(thread) = of.thread {
            self.emit(thread, Kind::Run);
            self.going.push_back(thread);
        }
    }

    /// The thread leaves its core, if it has one, for another state, which the caller sets.
    pub(super) fn leave_core(&mut self, thread: u32) {
        let State::Core(core) = self.state(thread) else {
            return;
        };
        self.stop_executing(thread, core);
        self.account(core);
        let of = &mut self.cores[core as usize];
        of.thread = None;
        of.switching = false;
        of.armed = false;
        of.done_token = of.done_token.wrapping_add(1);
        of.quantum_token = of.quantum_token.wrapping_add(1);
        self.idle |= 1 << core;
    }

    /// The thread executes no further instructions for now.
    pub(super) fn stop_executing(&mut self, thread: u32, core: u8) {
        let Some(place) = self.executing.iter().position(|&other| other == core) else {
            return;
        };
        self.executing.remove(place);
        self.thread(thread).free_at = self.cores[core as usize].clock;
        if self.alone == Some(thread) {
            self.alone = None;
            self.stall_others();
        }
    }

    /// The core does something that takes its time and is no instructions.
    pub(super) fn busy(&mut self, core: u8, time: u64) {
        let of = &mut self.cores[core as usize];
        of.busy_from = self.now;
        of.done_token = of.done_token.wrapping_add(1);
        let token = of.done_token;
        self.queue
            .plan(self.now.saturating_add(time), Timed::Done(core), token);
    }

    /// What the core's thread was busy with is broken off; the rest remains to be done.
    pub(super) fn interrupt(&mut self, core: u8) {
        let of = &mut self.cores[core as usize];
        of.done_token = of.done_token.wrapping_add(1);
        let passed = self.now.saturating_sub(of.busy_from);
        let Some(thread) = of.thread else { return };
        match &mut self.thread(thread).activity {
            Activity::Compute(left) | Activity::Native(left) => *left = left.saturating_sub(passed),
            Activity::Execute | Activity::TakeLock | Activity::Look | Activity::Interrupted => {}
        }
    }

    /// The time has come at which the core's thread stopped.
    pub(super) fn go_on_after_stop(&mut self, core: u8) {
        let of = &mut self.cores[core as usize];
        if let Some(thread) = of.thread
            && let Some(stopped) = of.stopped.take()
        {
            let (stop, signals) = *stopped;
            self.now = self.now.max(of.clock);
            self.stopped(thread, core, stop, signals);
        }
    }

    /// What the core was busy with is done.
    fn core_done(&mut self, core: u8) {
        if self.cores[core as usize].switching {
            return self.switched(core);
        }
        if let Some(thread) = self.cores[core as usize].thread {
            self.thread(thread).activity = Activity::Execute;
            // A computing thread keeps the GIL.
            self.going.push_back(thread);
        }
    }

    /// Threads are ready and no core is free: quanta count now. Those that ended meanwhile do not, as nobody was ready.
    fn arm_quanta(&mut self) {
        let now = self.now;
        for core in 0..self.cores.len() {
            let of = &mut self.cores[core];
            let Some(thread) = of.thread.filter(|_| !of.armed && !of.switching) else {
                continue;
            };
            let quantum = self.policy.quantum(thread);
            let Some(over) =
                (now.saturating_sub(of.quantum_from) / quantum + 1).checked_mul(quantum)
            else {
                continue;
            };
            of.armed = true;
            let at = of.quantum_from.saturating_add(over);
            self.queue
                .plan(at, Timed::Quantum(core as u8), of.quantum_token);
        }
    }

    fn quantum_over(&mut self, core: u8) {
        self.cores[core as usize].armed = false;
        if self.cores[core as usize].stopped.is_some() {
            // It may be about to leave the core by itself.
            self.go_on_after_stop(core);
            let of = &mut self.cores[core as usize];
            of.armed = of.thread.is_some();
            if of.armed {
                self.queue
                    .plan(self.now, Timed::Quantum(core), of.quantum_token);
            }
            return;
        }
        if let Some(thread) = self.cores[core as usize].thread
            && !self.policy.is_empty()
        {
            self.preempt(thread, core);
        }
    }

    /// The thread has to give its core up, whatever it is doing there.
    pub(super) fn preempt(&mut self, thread: u32, core: u8) {
        if !self.executing.contains(&core) {
            self.interrupt(core);
        }
        let mut event = self.event(thread, Kind::Preempt);
        if let Some(woken) = self.cores[core as usize].yields_to {
            (event.flags, event.a) = (FLAG_WOKEN, self.engine.task(woken));
        }
        self.engine.emit(event);
        self.leave_core(thread);
        self.ready(thread);
    }

    /// Handles the next timed event, which is due.
    pub(super) fn fire(&mut self, what: Timed) {
        self.queue.pop();
        match what {
            Timed::Thread(thread) => self.thread_due(thread),
            Timed::Done(core) => self.core_done(core),
            Timed::Quantum(core) => self.quantum_over(core),
            Timed::Packets => self.packets_due(),
            Timed::Signal(signal) => self.signal_arrives(signal, true),
        }
    }

    /// Whether what was planned is still to happen.
    pub(super) fn is_valid(&self, what: Timed, token: u32) -> bool {
        token
            == match what {
                Timed::Thread(thread) => self.threads[thread as usize].token,
                Timed::Done(core) => self.cores[core as usize].done_token,
                Timed::Quantum(core) => self.cores[core as usize].quantum_token,
                Timed::Packets => self.packets_token,
                Timed::Signal(_) => 0,
            }
    }
}

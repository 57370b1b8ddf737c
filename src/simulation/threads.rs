//! The states of OS threads.

use super::queue::Timed;
use super::{Engine, Simulation};
use crate::machine::Trap;
use crate::machine::value::Value;
use crate::trace::{Event, Kind, NEVER, NO_CORE, NO_TASK, TaskId};

/// Where a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Made but not started.
    New,
    /// In the ready queue of the operating system.
    Ready,
    /// It has this core.
    Core(u8),
    /// Waits for a time, a reply, a lock or its event loop.
    Blocked,
    /// Its wait is over; it is ready after the wake-up latency.
    Waking,
    /// Waits for the GIL, for one switch interval at most.
    GilWait,
    /// The switch interval is over; after the wake-up latency it looks at the GIL.
    GilLook,
    /// It dropped the GIL on request and waits until another thread took it.
    SwitchWait,
    Ended,
}

/// What a thread does when it has a core. Durations are virtual nanoseconds that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    /// Executes instructions, with the GIL.
    Execute,
    /// Python work whose instructions are not modelled: with the GIL, and preemptible anywhere.
    Compute(u64),
    /// Native work or a system call, without the GIL.
    Native(u64),
    /// Tries to take the lock it waited for.
    TakeLock,
    /// Looks at what it waits for: files that are ready.
    Look,
    /// A signal interrupted its wait: calls the handler.
    Interrupted,
}

#[derive(Clone, Debug)]
pub struct Thread {
    pub state: State,
    pub activity: Activity,
    /// The core it ran on last.
    pub last_core: u8,
    /// Its first instruction has run.
    pub began: bool,
    /// When its last instruction ended; on another core the next one cannot begin before.
    pub free_at: u64,
    /// Grows whenever the timed event it waits for becomes void.
    pub token: u32,
    /// The lock it waits for (owned), and until when.
    pub lock: Option<(Value, u64)>,
    /// It waits in its event loop's poll.
    pub polls: bool,
    /// Until when it is blocked at most.
    pub until: u64,
    /// What it waits for, unless that is a lock.
    pub waits: Option<Trap>,
    /// The number of switches of the GIL when it began to wait for it.
    pub switches: u64,
}

impl Thread {
    pub fn new() -> Thread {
        Thread {
            state: State::New,
            activity: Activity::Execute,
            last_core: NO_CORE,
            began: false,
            free_at: 0,
            token: 0,
            lock: None,
            polls: false,
            until: NEVER,
            waits: None,
            switches: 0,
        }
    }
}

impl Default for Thread {
    fn default() -> Thread {
        Thread::new()
    }
}

impl<E: Engine> Simulation<E> {
    pub(super) fn thread(&mut self, thread: u32) -> &mut Thread {
        &mut self.threads[thread as usize]
    }

    pub(super) fn state(&self, thread: u32) -> State {
        self.threads[thread as usize].state
    }

    /// The core the thread has, for events.
    pub(super) fn core_of(&self, thread: u32) -> u8 {
        match self.state(thread) {
            State::Core(core) => core,
            _ => NO_CORE,
        }
    }

    /// The thread goes into a state, in which what was planned for it before is void.
    pub(super) fn enter(&mut self, thread: u32, state: State) {
        let thread = self.thread(thread);
        thread.state = state;
        thread.token = thread.token.wrapping_add(1);
    }

    /// As [`Self::enter`]; at `at` the state ends by itself, unless it is [`NEVER`].
    pub(super) fn enter_until(&mut self, thread: u32, state: State, at: u64) {
        self.enter(thread, state);
        if at != NEVER {
            let token = self.thread(thread).token;
            self.queue.plan(at, Timed::Thread(thread), token);
        }
    }

    /// The thread is started: it is ready at once, since it does not sleep.
    pub(super) fn start(&mut self, thread: u32) {
        while self.threads.len() <= thread as usize {
            self.threads.push(Thread::new());
        }
        if self.state(thread) == State::New {
            self.ready(thread);
        }
    }

    pub(super) fn ready(&mut self, thread: u32) {
        self.enter(thread, State::Ready);
        self.account_all();
        self.policy.add(thread, self.now);
    }

    /// The thread becomes ready after it slept or waited.
    pub(super) fn awake(&mut self, thread: u32) {
        self.ready(thread);
        self.woken = Some(thread);
    }

    /// The blocked thread's wait is over, through a task or by itself.
    pub(super) fn wake(&mut self, thread: u32, by: TaskId) {
        self.thread(thread).polls = false;
        let event = Event {
            a: by,
            ..self.event(thread, Kind::Wake)
        };
        self.engine.emit(event);
        self.rouse(thread);
    }

    /// The operating system needs its time to make a sleeping thread ready.
    pub(super) fn rouse(&mut self, thread: u32) {
        self.enter_until(thread, State::Waking, self.now + self.rules.wake_latency);
    }

    /// The timed event the thread waits for.
    pub(super) fn thread_due(&mut self, thread: u32) {
        self.enter_process_of(thread);
        match self.state(thread) {
            State::Blocked => {
                self.lock_timed_out(thread);
                self.wake(thread, NO_TASK);
            }
            State::Waking => self.awake(thread),
            State::GilWait => self.gil_interval_over(thread),
            State::GilLook => self.gil_look(thread),
            State::New | State::Ready | State::Core(_) | State::SwitchWait | State::Ended => {}
        }
    }

    /// The thread has its core and goes on with what it has to do there.
    pub(super) fn proceed(&mut self, thread: u32) {
        self.enter_process_of(thread);
        loop {
            let State::Core(core) = self.state(thread) else {
                return;
            };
            match self.thread(thread).activity {
                Activity::TakeLock => {
                    if !self.take_lock(thread) {
                        return;
                    }
                }
                Activity::Look => {
                    if !self.look(thread) {
                        return;
                    }
                }
                Activity::Interrupted => {
                    if self.hold_gil(thread) {
                        self.interrupted(thread, core);
                    }
                    return;
                }
                Activity::Native(left) => return self.busy(core, left),
                Activity::Compute(left) => {
                    if self.hold_gil(thread) && !self.asked_while_computing(thread) {
                        self.busy(core, left);
                    }
                    return;
                }
                Activity::Execute => {
                    if self.hold_gil(thread) {
                        self.execute_on(core, thread);
                    }
                    return;
                }
            }
        }
    }

    pub(super) fn execute_on(&mut self, core: u8, thread: u32) {
        if !self.threads[thread as usize].began {
            self.thread(thread).began = true;
            self.emit(thread, Kind::Begin);
        }
        let clock = self.now.max(self.thread(thread).free_at);
        self.cores[core as usize].clock = clock;
        self.executing.push(core);
    }
}

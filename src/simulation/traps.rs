//! What threads ask for: sleeping, waiting, working, polling, starting others.

use std::collections::VecDeque;

use super::threads::{Activity, State};
use super::{Engine, Simulation};
use crate::machine::value::Value;
use crate::machine::{Signal, Trap};
use crate::trace::{Event, Kind, Tag, ThingId, Wait};

impl<E: Engine> Simulation<E> {
    pub(super) fn trap(&mut self, thread: u32, core: u8, trap: Trap) {
        match trap {
            Trap::Sleep(0) | Trap::Write => {
                self.engine.deliver(thread, Value::NONE);
                self.system_call(thread, core);
            }
            Trap::Sleep(time) => self.wait(thread, Wait::Sleep, 0, time, trap),
            Trap::Reply { thing, ns } => self.wait(thread, Wait::Reply, thing, ns, trap),
            Trap::Compute(time) => {
                self.engine.deliver(thread, Value::NONE);
                self.go_on_with(thread, core, Activity::Compute(time));
            }
            Trap::Native(time) => {
                self.engine.deliver(thread, Value::NONE);
                self.release_gil(thread, true);
                self.go_on_with(thread, core, Activity::Native(time));
            }
            Trap::Acquire { lock, deadline } => self.want_lock(thread, lock, deadline),
            Trap::Start { thread: new } => {
                self.engine.deliver(thread, Value::NONE);
                self.start(new);
            }
            Trap::Fork {
                thread: new,
                process,
                fresh,
            } => {
                self.engine.deliver(thread, Value::int(process.into()));
                self.fork(thread, core, new, fresh);
            }
            Trap::Before { .. } | Trap::Done => unreachable!("only in turns"),
            Trap::Exit(code) => {
                let process = self.engine.process(thread);
                self.end_process(process, code);
                let signals = self.engine.take_signals();
                self.signals(thread, signals);
            }
            Trap::Poll {
                event_loop,
                deadline,
            } => self.poll(thread, core, event_loop, deadline),
            Trap::Network(call) => self.network_call(thread, core, &call),
            Trap::Ready { .. } => self.want_ready(thread, core, trap),
            Trap::Signal { signal, to_process } => {
                self.engine.deliver(thread, Value::NONE);
                self.signal_arrives(signal, to_process);
                if thread == 0 && self.engine.is_interrupted() && self.end.is_none() {
                    self.call_handler(core, None);
                }
            }
        }
    }

    /// Blocks for a time.
    fn wait(&mut self, thread: u32, wait: Wait, thing: ThingId, time: u64, trap: Trap) {
        self.thread(thread).waits = Some(trap);
        self.engine.deliver(thread, Value::NONE);
        // A deadline beyond all time would be none.
        let deadline = self.now.saturating_add(time).min(u64::MAX - 1);
        self.block(thread, wait, thing, deadline);
    }

    pub(super) fn block(&mut self, thread: u32, wait: Wait, thing: ThingId, deadline: u64) {
        self.release_gil(thread, true);
        let event = Event {
            flags: self.in_loop(thread),
            a: thing,
            b: wait as u32,
            tag: Tag::Time,
            value: deadline,
            ..self.event(thread, Kind::Block)
        };
        self.engine.emit(event);
        self.leave_core(thread);
        self.thread(thread).until = deadline;
        self.enter_until(thread, State::Blocked, deadline);
    }

    /// The thread keeps its core, but executes no instructions for now.
    pub(super) fn go_on_with(&mut self, thread: u32, core: u8, activity: Activity) {
        self.stop_executing(thread, core);
        self.thread(thread).activity = activity;
        self.going.push_back(thread);
    }

    /// A call of the operating system that does not block: the GIL is released meanwhile, which is not recorded when nobody could
    /// notice it.
    pub(super) fn system_call(&mut self, thread: u32, core: u8) {
        let time = self.rules.cost_call;
        if self.rules.gil && self.gil_is_wanted(self.now + time) {
            self.release_gil(thread, true);
            self.go_on_with(thread, core, Activity::Native(time));
        } else {
            self.cores[core as usize].clock += time;
        }
    }

    /// What the thread did just now that concerns others.
    pub(super) fn signals(&mut self, thread: u32, signals: Vec<Signal>) {
        let mut signals = VecDeque::from(signals);
        while let Some(signal) = signals.pop_front() {
            let by = self.engine.actor(thread);
            match signal {
                Signal::LockFreed(lock) => self.lock_freed(lock, by),
                Signal::Killed { process, code } => {
                    self.end_process(process, code);
                    self.enter_process_of(thread);
                    signals.extend(self.engine.take_signals());
                }
                Signal::SwitchInterval(ns) => self.rules.switch_interval = ns,
                Signal::CheckInterval(ticks) => self.set_check_interval(ticks),
                Signal::LoopWoken(event_loop) => {
                    if let Some(host) = self.engine.loop_thread(event_loop)
                        && self.state(host) == State::Blocked
                        && self.thread(host).polls
                    {
                        self.wake(host, by);
                    }
                }
            }
        }
    }
}

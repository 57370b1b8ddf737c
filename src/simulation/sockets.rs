//! Threads and event loops at the network: calls, and waiting until files are ready.

use super::queue::Timed;
use super::threads::Activity;
use super::{Engine, Simulation};
use crate::machine::Trap;
use crate::machine::sockets::{Answer, Call};
use crate::machine::value::Value;
use crate::trace::{NEVER, NO_TASK, TaskId, Wait};

impl<E: Engine> Simulation<E> {
    pub(super) fn network_call(&mut self, thread: u32, core: u8, call: &Call) {
        let answer = self.network.call(call, self.now);
        self.engine.answer(thread, answer);
        self.tell_network(self.engine.actor(thread));
        self.system_call(thread, core);
    }

    /// Packets arrive.
    pub(super) fn packets_due(&mut self) {
        self.packets_at = NEVER;
        self.network.deliver(self.now);
        self.tell_network(NO_TASK);
    }

    /// Wakes who waits for what changed, and plans the next arrival.
    pub(super) fn tell_network(&mut self, by: TaskId) {
        for (file, mask) in self.network.take_changes() {
            self.wake_at_file(file, mask, by);
        }
        let next = self.network.next().unwrap_or(NEVER);
        if next != self.packets_at {
            self.packets_at = next;
            self.packets_token = self.packets_token.wrapping_add(1);
            if next != NEVER {
                self.queue.plan(next, Timed::Packets, self.packets_token);
            }
        }
    }

    /// A connection to be accepted wakes one thread, everything else all.
    fn wake_at_file(&mut self, file: u32, mask: u8, by: TaskId) {
        for thread in 0..self.threads.len() as u32 {
            let waits = match self.threads[thread as usize].waits {
                Some(Trap::Ready {
                    socket,
                    mask: wanted,
                    ..
                }) => socket == file && wanted & (mask | self.network.events(file)) != 0,
                _ => false,
            };
            if waits && self.is_blocked(thread) {
                self.thread(thread).activity = Activity::Look;
                self.wake(thread, by);
                if self.network.is_listening(file) {
                    break;
                }
            }
        }
        let watchers: Vec<Value> = self.network.watchers(file).collect();
        for event_loop in watchers {
            if let Some(host) = self.engine.loop_thread(event_loop)
                && self.is_blocked(host)
                && matches!(self.threads[host as usize].waits, Some(Trap::Poll { event_loop: polled, .. }) if polled.is(event_loop))
                && self.network.is_ready(event_loop)
            {
                self.wake(host, by);
            }
        }
    }

    /// The event loop polls.
    pub(super) fn poll(&mut self, thread: u32, core: u8, event_loop: Value, deadline: u64) {
        if deadline <= self.now || self.network.is_ready(event_loop) {
            self.deliver_events(thread, event_loop);
            return self.system_call(thread, core);
        }
        let waiting = self.thread(thread);
        waiting.polls = true;
        waiting.waits = Some(Trap::Poll {
            event_loop,
            deadline,
        });
        waiting.activity = Activity::Look;
        self.block(thread, Wait::Poll, 0, deadline);
    }

    fn deliver_events(&mut self, thread: u32, event_loop: Value) {
        let found = self.network.collect(event_loop);
        if found.is_empty() {
            return self.engine.deliver(thread, Value::NONE);
        }
        let found = found
            .into_iter()
            .map(|(file, events)| i64::from(file) << 2 | i64::from(events));
        self.engine.answer(thread, Answer::Numbers(found.collect()));
    }

    /// The thread waits until a socket is ready.
    pub(super) fn want_ready(&mut self, thread: u32, core: u8, trap: Trap) {
        let Trap::Ready {
            socket,
            mask,
            thing,
            deadline,
        } = trap
        else {
            return;
        };
        let ready = self.network.events(socket) & mask != 0;
        if ready || deadline <= self.now {
            self.engine.deliver(thread, Value::bool(ready));
            return self.system_call(thread, core);
        }
        let waiting = self.thread(thread);
        waiting.waits = Some(trap);
        waiting.activity = Activity::Look;
        self.block(thread, Wait::Io, thing, deadline);
    }

    /// A woken thread, which has a core, looks at what it waited for; whether it can go on.
    pub(super) fn look(&mut self, thread: u32) -> bool {
        self.thread(thread).activity = Activity::Execute;
        match self.thread(thread).waits.take() {
            Some(Trap::Poll { event_loop, .. }) => self.deliver_events(thread, event_loop),
            Some(
                trap @ Trap::Ready {
                    socket,
                    mask,
                    thing,
                    deadline,
                },
            ) => {
                let ready = self.network.events(socket) & mask != 0;
                if !ready && deadline > self.now {
                    self.pass_turn(thread);
                    let waiting = self.thread(thread);
                    waiting.waits = Some(trap);
                    waiting.activity = Activity::Look;
                    self.block(thread, Wait::Io, thing, deadline);
                    return false;
                }
                self.engine.deliver(thread, Value::bool(ready));
            }
            _ => {}
        }
        true
    }
}

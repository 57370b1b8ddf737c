//! The machine as the simulation's engine.

use std::collections::VecDeque;

use super::Engine;
use crate::machine::frame::{Reach, Thread};
use crate::machine::object::Object;
use crate::machine::outside::Outside;
use crate::machine::signals::Arrival;
use crate::machine::sockets::Answer;
use crate::machine::value::Value;
use crate::machine::{Clock, Context, Machine, Signal, Stop, Trap};
use crate::trace::{Event, StringId, TaskId, ThingId, ThingKind, Wait};

impl Engine for Machine {
    fn run(&mut self, thread: u32, hard: u64, soft: Option<u64>) -> Stop {
        Machine::run(self, thread, hard, soft)
    }
    fn executed(&self) -> u64 {
        self.executed
    }
    fn set_clock(&mut self, clock: Clock) {
        // The machine counts an instruction before it executes it; its events are of the time at which it begins.
        self.clock = Clock {
            at: clock.at + 1,
            ..clock
        };
    }
    fn take_signals(&mut self) -> Vec<Signal> {
        std::mem::take(&mut self.signals)
    }
    fn task(&self, thread: u32) -> TaskId {
        self.threads[thread as usize].task
    }
    fn actor(&self, thread: u32) -> TaskId {
        self.threads[thread as usize].actor()
    }
    fn process(&self, thread: u32) -> u32 {
        self.threads[thread as usize].process
    }
    fn enter(&mut self, process: u32) {
        self.enter_process(process);
    }
    fn end_process(&mut self, process: u32, code: i32) {
        Machine::end_process(self, process, code);
    }
    fn line(&self, thread: u32) -> u32 {
        self.threads[thread as usize].line
    }
    fn deliver(&mut self, thread: u32, value: Value) {
        Machine::deliver(self, thread, value);
    }
    fn retract(&mut self, thread: u32) {
        if let Some(value) = self.threads[thread as usize].stack.pop() {
            self.heap.release(value);
        }
    }
    fn answer(&mut self, thread: u32, answer: Answer) {
        Machine::answer(self, thread, answer);
    }
    fn signal_arrives(&mut self, signal: u8) -> Arrival {
        Machine::signal_arrives(self, signal)
    }
    fn is_interrupted(&self) -> bool {
        self.interrupts.is_pending()
    }
    fn call_handler(&mut self, retry: Option<Trap>) -> Option<Stop> {
        Machine::call_handler(self, 0, retry)
    }
    fn exception_text(&mut self, thread: u32, exception: Value) -> String {
        let mut own = std::mem::replace(&mut self.threads[thread as usize], Thread::new(0));
        let mut context = Context {
            machine: self,
            thread: &mut own,
            number: thread,
        };
        let text = context.exception_line(exception);
        context.heap().release(exception);
        self.threads[thread as usize] = own;
        text
    }
    fn lock_is_free(&self, lock: Value) -> bool {
        if let Some((shared, side)) = Outside::of_lock(lock) {
            return self.outside.is_ready(shared, side);
        }
        matches!(self.heap.object(lock), Some(Object::Lock(of)) if of.count == 0)
    }
    fn is_free_for(&self, thread: u32, lock: Value) -> bool {
        match Outside::of_lock(lock) {
            Some((shared, side)) => self.outside.is_ready(shared, side),
            None => self.lock_of(thread, lock).is_some_and(|of| of.count == 0),
        }
    }
    fn tries_again(&mut self, thread: u32, lock: Value, late: bool) -> bool {
        if late {
            self.threads[thread as usize].reach = Reach::Late;
        }
        Outside::of_lock(lock).is_some()
    }
    fn lock_take(&mut self, lock: Value, thread: u32) {
        Machine::lock_take(self, lock, thread);
    }
    fn lock_wait(&self, lock: Value) -> (Wait, ThingId) {
        Machine::lock_wait(self, lock)
    }
    fn lock_waiters(&mut self, lock: Value) -> Option<&mut VecDeque<u32>> {
        if let Some((shared, side)) = Outside::of_lock(lock) {
            return Some(&mut self.outside.objects[shared as usize].waiters[side as usize]);
        }
        match self.heap.object_mut(lock) {
            Some(Object::Lock(of)) => Some(&mut of.waiters),
            _ => None,
        }
    }
    fn lock_drop(&mut self, lock: Value) {
        self.heap.release(lock);
    }
    fn loop_thread(&self, event_loop: Value) -> Option<u32> {
        match self.heap.object(event_loop) {
            Some(Object::Loop(of)) => Some(of.thread),
            _ => None,
        }
    }
    fn due_timers(&self, thread: u32, until: u64) -> usize {
        Machine::due_timers(self, thread, until)
    }
    fn has_ready(&self, thread: u32) -> (bool, bool) {
        Machine::has_ready(self, thread)
    }
    fn pick_timer(&mut self, thread: u32, place: usize) -> Option<u64> {
        Machine::pick_timer(self, thread, place)
    }
    fn hold_timers(&mut self, thread: u32) {
        Machine::hold_timers(self, thread);
    }
    fn emit(&mut self, event: Event) {
        self.recorder.push(event);
    }
    fn string(&mut self, text: &str) -> StringId {
        self.recorder.string(text)
    }
    fn thing(&mut self, name: &str) -> ThingId {
        self.recorder.thing(ThingKind::Other, name)
    }
    fn events(&self) -> u32 {
        self.recorder.len()
    }
    fn place(&mut self, from: u32, start: u64, at: u64, cost: u64) {
        self.recorder.place(from, start, at, cost);
    }
}

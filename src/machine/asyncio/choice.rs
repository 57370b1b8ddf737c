//! Which of several timers that are due at once an event loop takes first, and which it leaves for a later iteration. On a real clock
//! that is a matter of chance; in a run in turns somebody can decide it.

use super::timers;
use crate::machine::Machine;
use crate::machine::asyncio::object::EventLoop;
use crate::machine::object::Object;
use crate::machine::value::Value;

impl Machine {
    fn loop_of(&mut self, thread: u32) -> Option<&mut EventLoop> {
        let event_loop = self.threads[thread as usize].event_loop;
        match self.heap.object_mut(event_loop) {
            Some(Object::Loop(of)) => Some(of),
            _ => None,
        }
    }

    /// The timers of the thread's loop that are due by then, those that were cancelled left out, in the order in which the loop would take
    /// them, each with the rest of the heap without it.
    fn due(&self, thread: u32, until: f64) -> Vec<(f64, Value)> {
        let event_loop = self.threads[thread as usize].event_loop;
        let Some(Object::Loop(of)) = self.heap.object(event_loop) else {
            return Vec::new();
        };
        let mut heap = of.timers.clone();
        let mut all = Vec::new();
        while heap.first().is_some_and(|(when, _)| *when < until)
            && let Some((when, handle)) = timers::pop(&mut heap)
        {
            let cancelled =
                matches!(self.heap.object(handle), Some(Object::Handle(of)) if of.cancelled);
            if !cancelled {
                all.push((when, handle));
            }
        }
        all
    }

    /// How many timers of the thread's loop are due by then (virtual nanoseconds).
    pub fn due_timers(&self, thread: u32, until: u64) -> usize {
        self.due(thread, until as f64 / 1e9 + 1e-9).len()
    }

    /// Whether the thread's loop has something to run in its next iteration, whatever timers it takes; and whether it left some.
    pub fn has_ready(&self, thread: u32) -> (bool, bool) {
        let event_loop = self.threads[thread as usize].event_loop;
        match self.heap.object(event_loop) {
            Some(Object::Loop(of)) => (!of.ready.is_empty(), of.late),
            _ => (false, false),
        }
    }

    /// Takes one of the timers into the next iteration, by its place in their order; when it was due, in virtual nanoseconds.
    pub fn pick_timer(&mut self, thread: u32, place: usize) -> Option<u64> {
        let (when, handle) = self.due(thread, f64::INFINITY).get(place).copied()?;
        if let Some(Object::Handle(of)) = self.heap.object_mut(handle) {
            of.scheduled = false;
        }
        let of = self.loop_of(thread)?;
        of.timers.retain(|(_, other)| !other.is(handle));
        timers::heapify(&mut of.timers);
        of.ready.push_back(handle.into());
        of.held = true;
        Some((when * 1e9).round() as u64)
    }

    /// The next iteration takes no other timers.
    pub fn hold_timers(&mut self, thread: u32) {
        if let Some(of) = self.loop_of(thread) {
            of.held = true;
        }
    }
}

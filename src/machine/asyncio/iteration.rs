//! The event loop's iteration. CPython 3.12, Lib/asyncio/base_events.py, BaseEventLoop._run_once.

use super::timers;
use crate::machine::asyncio::object::{Entered, Entry};
use crate::machine::call::Arguments;
use crate::machine::frame::After;
use crate::machine::object::Object;
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Control, Outcome, Trap, types};
use crate::trace::{Event, Kind, NEVER};

/// Seconds that a callback may take unless the loop's `slow_callback_duration` says otherwise.
const SLOW: f64 = 0.1;

impl Context<'_> {
    /// `LoopTurn`: the next callback of the batch, or the next iteration.
    pub fn loop_turn(&mut self) -> Outcome<()> {
        let event_loop = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.function);
        let thread = self.thread.task;
        if self
            .event_loop(event_loop)
            .is_some_and(|l| l.entered.is_some())
        {
            self.leave_entry(event_loop);
            // So that a schedule can name what comes after a builtin, which executes nothing of the program.
            self.machine.executed += u64::from(self.machine.turns);
        }
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        if l.polling {
            l.polling = false;
            l.woken = false;
            let found = self.thread.pop();
            if !found.is_none() {
                self.files_ready(event_loop, found)?;
            }
            return self.begin_batch(event_loop);
        }
        if l.batch > 0 {
            l.batch -= 1;
            let entry = l.ready.pop_front();
            return match entry {
                Some(Entry { value, turn }) => {
                    if let (Some(turn), Some(t)) = (turn, self.task(value)) {
                        t.line = turn.line;
                    }
                    self.run_entry(value)
                }
                None => Ok(()),
            };
        }
        if l.stopping && l.iterated {
            l.stopping = false;
            l.iterated = false;
            let frame = self.thread.frames.pop();
            self.leave_loop(event_loop);
            if let Some(frame) = frame {
                self.heap().release(frame.function);
            }
            self.thread.push(Value::NONE);
            return Ok(());
        }
        // The next iteration: how long to wait.
        self.drop_cancelled_timers(event_loop);
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        l.iterated = true;
        let deadline = match (l.ready.is_empty() && !l.stopping, l.timers.first()) {
            (false, _) => 0,
            (true, Some((when, _))) => super::super::kernel::locks::seconds(*when),
            (true, None) => NEVER,
        };
        let (ready, set) = (l.ready.len() as u32, l.timers.len() as u32);
        l.polling = true;
        self.record(Event {
            a: ready,
            b: set,
            task: thread,
            ..self.event(Kind::Loop)
        });
        Err(Control::Trap(Box::new(Trap::Poll {
            event_loop,
            deadline,
        })))
    }

    /// An entry begins to run in its context (owned, NULL for an empty one).
    fn enter_entry(&mut self, event_loop: Value, entry: Value, context: Value) {
        let context = self.enter_context(context);
        let since = self.machine.now();
        let debug = self.event_loop(event_loop).is_some_and(|l| l.debug);
        let entry = if debug {
            self.heap().retain(entry)
        } else {
            Value::NULL
        };
        if let Some(l) = self.event_loop(event_loop) {
            l.entered = Some(Entered {
                context,
                entry,
                since,
            });
        }
    }

    /// The entry that ran is done. In debug mode it is told of when it kept the loop for long.
    pub(super) fn leave_entry(&mut self, event_loop: Value) {
        let Some(entered) = self.event_loop(event_loop).and_then(|l| l.entered.take()) else {
            return;
        };
        let inner = self.enter_context(entered.context);
        self.heap().release(inner);
        if entered.entry.is_null() {
            return;
        }
        let seconds = (self.machine.now() - entered.since) as f64 / 1e9;
        let name = self.symbol("slow_callback_duration");
        let limit = match self.machine.heap.object(event_loop) {
            Some(Object::Loop(l)) => l.attributes.get(name).and_then(Value::as_number),
            _ => None,
        };
        if seconds >= limit.unwrap_or(SLOW) {
            let shown = match self.task(entered.entry) {
                Some(_) => self.repr(entered.entry).unwrap_or_default(),
                None => self.handle_text(entered.entry),
            };
            let text = format!("Executing {shown} took {seconds:.3} seconds");
            let text = self.heap().str(&text);
            let told = self.call_library("asyncio.loops", "log", &[Value::int(30), text]);
            self.heap().release(text);
            if let Ok(nothing) | Err(Control::Raise(nothing)) = told {
                self.heap().release(nothing);
            }
        }
        self.heap().release(entered.entry);
    }

    /// After the poll: timers that are due become ready, in the order of the heap; what is ready now is this iteration's batch.
    fn begin_batch(&mut self, event_loop: Value) -> Outcome<()> {
        // CPython takes what is due within the clock's resolution.
        let end = self.loop_time() + 1e-9;
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        let held = std::mem::take(&mut l.held);
        l.late = held && l.timers.first().is_some_and(|(when, _)| *when < end);
        let mut due = Vec::new();
        while !held && l.timers.first().is_some_and(|(when, _)| *when < end) {
            let Some((_, handle)) = timers::pop(&mut l.timers) else {
                break;
            };
            due.push(handle);
        }
        l.ready
            .extend(due.iter().map(|&handle| Entry::from(handle)));
        l.batch = l.ready.len();
        for handle in due {
            if let Some(Object::Handle(c)) = self.machine.heap.object_mut(handle) {
                c.scheduled = false;
            }
        }
        Ok(())
    }

    fn drop_cancelled_timers(&mut self, event_loop: Value) {
        let Some(l) = self.event_loop(event_loop) else {
            return;
        };
        if l.cancelled_timers == 0 {
            return;
        }
        let mut heap = std::mem::take(&mut l.timers);
        let mut count = l.cancelled_timers;
        let cancelled = |cx: &Context<'_>, handle: Value| matches!(cx.machine.heap.object(handle), Some(Object::Handle(c)) if c.cancelled);
        let mut dropped = Vec::new();
        if heap.len() > 100 && count * 2 > heap.len() {
            let (gone, kept) = heap.into_iter().partition(|(_, h)| cancelled(self, *h));
            dropped = gone;
            heap = kept;
            timers::heapify(&mut heap);
            count = 0;
        } else {
            while heap.first().is_some_and(|(_, h)| cancelled(self, *h)) {
                dropped.extend(timers::pop(&mut heap));
                count = count.saturating_sub(1);
            }
        }
        if let Some(l) = self.event_loop(event_loop) {
            l.timers = heap;
            l.cancelled_timers = count;
        }
        for (_, handle) in dropped {
            if let Some(Object::Handle(c)) = self.machine.heap.object_mut(handle) {
                c.scheduled = false;
            }
            self.heap().release(handle);
        }
    }

    /// Runs an entry (owned) of the ready queue.
    fn run_entry(&mut self, entry: Value) -> Outcome<()> {
        if self.is_task(entry) {
            let event_loop = self.future(entry).map_or(Value::NULL, |f| f.event_loop);
            if self.event_loop(event_loop).is_some_and(|l| l.debug) {
                let context = self.thread.context;
                self.heap().retain(context);
                self.enter_entry(event_loop, entry, context);
            }
            return self.step_task(entry, false);
        }
        let Some(Object::Handle(c)) = self.machine.heap.object(entry) else {
            return Ok(());
        };
        if c.cancelled {
            self.heap().release(entry);
            return Ok(());
        }
        let (target, args, context, event_loop) = (c.target, c.args, c.context, c.event_loop);
        let values = self.items(args)?;
        let Some(handle) = entry.as_object() else {
            return Ok(());
        };
        self.heap().retain(context);
        self.enter_entry(event_loop, entry, context);
        match self.call_borrowed(
            target,
            Arguments {
                values,
                names: Vec::new(),
            },
            After::LoopCallback(handle),
        ) {
            Ok(value) => {
                self.heap().release(value);
                self.heap().release(entry);
                Ok(())
            }
            Err(Control::Raise(e))
                if self
                    .thread
                    .frames
                    .last()
                    .is_some_and(|f| f.code == self.machine.loop_code) =>
            {
                self.callback_raised(handle, e)
            }
            // It goes on without a frame that would own the entry.
            Err(trap @ Control::Trap(_)) => {
                self.heap().release(entry);
                Err(trap)
            }
            Err(other) => Err(other),
        }
    }

    /// A callback raised (owned).
    pub fn callback_raised(&mut self, handle: Handle, exception: Value) -> Outcome<()> {
        let handle = Value::object(handle);
        if self.is_a(exception, types::KEYBOARD_INTERRUPT)
            || self.is_a(exception, types::SYSTEM_EXIT)
        {
            self.heap().release(handle);
            return Err(Control::Raise(exception));
        }
        let Some(Object::Handle(c)) = self.machine.heap.object(handle) else {
            return Ok(());
        };
        let (target, args, event_loop) = (c.target, c.args, c.event_loop);
        let shown = self.call_text(target, args, event_loop);
        let message = ["Exception in callback ", &shown].concat();
        self.heap().retain(event_loop);
        // What the handler raises was raised while this one was handled.
        self.heap().retain(exception);
        let outer = std::mem::replace(&mut self.thread.handled, exception);
        self.call_exception_handler(event_loop, &message, exception, "handle", handle);
        let inner = std::mem::replace(&mut self.thread.handled, outer);
        self.heap().release(inner);
        self.heap().release(event_loop);
        self.heap().release(exception);
        self.heap().release(handle);
        Ok(())
    }
}

//! The turn that goes from one task to the next: what `await asyncio.sleep(0)` does, taken in one go.

use crate::machine::Context;
use crate::machine::Control;
use crate::machine::frame::After;
use crate::machine::generator::With;
use crate::machine::object::{Future, FutureState, Generator, GeneratorState, Object, Task};
use crate::machine::value::Value;
use crate::trace::{Event, Kind, NO_TASK};

impl Context<'_> {
    /// A task (owned by its step) that waits for nothing but its turn goes to the end of the queue, and the task at its front runs: what
    /// [`Context::leave_step`], the loop's turn and [`Context::step_task`] would do. False, and nothing is done, if the next entry
    /// needs more than that.
    pub(super) fn next_turn(&mut self, task: Value) -> bool {
        let Some(f) = self.future(task) else {
            return false;
        };
        let event_loop = f.event_loop;
        let Some(t) = f.task.as_deref() else {
            return false;
        };
        let (id, plain) = (
            t.id,
            t.context.is_null() && t.outer.as_deref().is_some_and(|o| !o.eager),
        );
        if !plain || self.machine.watch.on || self.thread.context.given().is_some() {
            return false;
        }
        let below = self.thread.frames.last();
        if below.is_none_or(|f| f.code != self.machine.loop_code || !f.function.is(event_loop))
            || self.machine.executed >= self.machine.until
            || !self.machine.signals.is_empty()
            || !self.machine.heap.dying.is_empty()
        {
            return false;
        }
        let Some(l) = self.event_loop(event_loop) else {
            return false;
        };
        if l.batch == 0 || l.closed || l.entered.is_some() || l.debug {
            return false;
        }
        let Some(next) = l.ready.front().copied() else {
            return false;
        };
        self.look_ahead(event_loop);
        let Some(Object::Future(f)) = self.machine.heap.object(next) else {
            return false;
        };
        let Some(t) = f.task.as_deref() else {
            return false;
        };
        let (coroutine, next_id, line) = (t.coroutine, t.id, t.line);
        let ready = f.state == FutureState::Pending
            && t.waiter.is_null()
            && t.context.is_null()
            && !t.must_cancel
            && t.outer.is_none()
            && next_id != NO_TASK
            && id != NO_TASK;
        if !ready
            || !matches!(self.machine.heap.object(coroutine), Some(Object::Generator(g)) if g.state == GeneratorState::Suspended)
        {
            return false;
        }
        let outer = self.task(task).and_then(|t| t.outer.take());
        // The loop's hold on the current task goes from the one to the other.
        if let Some(l) = self.event_loop(event_loop) {
            l.batch -= 1;
            l.ready.pop_front();
            l.ready.push_back(task);
            l.current = Some(next);
        }
        self.heap().release(task);
        self.heap().retain(next);
        let stepping = outer.as_deref().and_then(|o| o.stepping);
        if let Some(t) = self.task(next) {
            t.outer = outer;
        }
        if self.machine.recorder.is_on() {
            self.thread.stepping = stepping;
            let event = Event {
                task: id,
                a: stepping.unwrap_or(NO_TASK),
                ..self.event(Kind::Schedule)
            };
            self.record(event);
            self.thread.stepping = Some(next_id);
            self.record(Event {
                a: self.thread.task,
                line,
                ..self.event(Kind::Resume)
            });
        }
        self.thread.stepping = Some(next_id);
        let handle = next.as_object();
        let after = handle.map_or(After::Drop, After::TaskStep);
        // A suspended coroutine that is sent None only gets its frame.
        matches!(
            self.resume(coroutine, With::Value(Value::NONE), after),
            Err(Control::Called)
        )
    }

    /// Asks for the tasks that come next. Thousands of them do not fit into the processor's cache, and the way to a frame goes
    /// through six objects, of which each tells where the next one is: whoever goes it has to wait six times. So each turn asks for
    /// one object of each of the next few tasks, and they come while it goes on.
    #[inline]
    fn look_ahead(&self, event_loop: Value) {
        let heap = &self.machine.heap;
        let Some(Object::Loop(l)) = heap.object(event_loop) else {
            return;
        };
        let object = |value: &Value| heap.object(*value);
        let future = |at: usize| -> Option<&Future> {
            match l.ready.get(at).and_then(object) {
                Some(Object::Future(f)) => Some(f),
                _ => None,
            }
        };
        let task = |at: usize| -> Option<&Task> { future(at).and_then(|f| f.task.as_deref()) };
        let generator = |at: usize| -> Option<&Generator> {
            match task(at).map(|t| heap.object(t.coroutine)) {
                Some(Some(Object::Generator(g))) => Some(g),
                _ => None,
            }
        };
        if let Some(g) = generator(1) {
            for value in g.stack.iter().rev().take(3) {
                object(value).map(fetch);
            }
        }
        if let Some(g) = generator(2) {
            g.stack.first().map(fetch);
        }
        if let Some(g) = generator(3) {
            fetch(g);
            fetch(&g.frame.pc);
            fetch(&g.stack);
            fetch(&g.around);
        }
        if let Some(t) = task(4) {
            object(&t.coroutine).map(fetch);
        }
        if let Some(t) = task(5) {
            fetch(t);
            fetch(&t.line);
        }
        if let Some(f) = future(6) {
            fetch(f);
            fetch(&f.event_loop);
            fetch(&f.task);
        }
        l.ready.get(7).and_then(object).map(fetch);
    }
}

/// Asks for what is there, without waiting for it.
fn fetch<T>(at: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: it is harmless at any address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(at).cast()) };
    }
    let _ = at;
}

//! The turn that goes from one task to the next: what `await asyncio.sleep(0)` does, taken in one go.

use crate::machine::frame::{After, FRAME_ENTERED, FRAME_THROWN, FRAME_USER, Frame};
use crate::machine::generator::With;
use crate::machine::object::{
    EventLoop, Future, FutureState, Generator, GeneratorKind, GeneratorState, Object, Task,
};
use crate::machine::value::Value;
use crate::machine::{Context, Control};
use crate::trace::{Event, Kind, NO_TASK, TaskId, Wait};

/// Whose turn is next, and how it goes on.
struct Turn {
    event_loop: Value,
    /// The task that comes next, its coroutine, its number in the trace, and the line at which it was suspended.
    task: Value,
    coroutine: Value,
    id: TaskId,
    line: u32,
}

impl Context<'_> {
    /// What `YieldFrom` does where a task's own coroutine awaits nothing but its turn: the coroutine is suspended, and the task at the front
    /// of the ready queue goes on. False, and nothing is done, if anything else has to be looked at.
    pub(in crate::machine) fn give_turn(&mut self) -> bool {
        let stack = &self.thread.stack;
        let length = stack.len();
        if !stack[length - 2].is(Value::turn(false)) || !stack[length - 1].is_none() {
            return false;
        }
        let Some((task, turn)) = self.turn_to_give() else {
            return false;
        };
        // It runs again when the coroutine goes on.
        if let Some(frame) = self.thread.frames.last_mut() {
            frame.pc -= 1;
        }
        self.thread.stack.truncate(length - 2);
        self.hand_over(task, &turn);
        true
    }

    /// `await asyncio.sleep(0)` as one, where `Call` finds callable, self and argument on the stack: what follows up to `YieldFrom`
    /// is done as well. False, and nothing is done, where the call is of something else or the thread may have to stop in between.
    #[inline]
    pub(in crate::machine) fn await_turn(&mut self) -> bool {
        // `GetAwaitable`, `LoadConstant` and `YieldFrom`; the call itself has been counted.
        const REST: u64 = 3;
        let length = self.thread.stack.len();
        let (callable, receiver) = (self.thread.stack[length - 3], self.thread.stack[length - 2]);
        let Some(Object::Function(f)) = self.machine.heap.object(callable) else {
            return false;
        };
        if !receiver.is_null()
            || self.machine.executed + REST >= self.machine.until
            || !self.gives_turn(f.code)
        {
            return false;
        }
        let Some((task, turn)) = self.turn_to_give() else {
            return false;
        };
        if let Some(frame) = self.thread.frames.last_mut() {
            frame.pc += REST as u32 - 1;
        }
        self.machine.executed += REST;
        self.thread.stack.truncate(length - 3);
        self.machine.heap.release(callable);
        self.hand_over(task, &turn);
        true
    }

    /// The task whose own coroutine runs here, and the one that goes on if it waits for its turn. None if more than a frame has to be
    /// exchanged.
    #[inline]
    fn turn_to_give(&self) -> Option<(Value, Turn)> {
        let count = self.thread.frames.len();
        let frame = self.thread.frames.last()?;
        let After::TaskStep(handle) = frame.after else {
            return None;
        };
        let plain = |g: &Generator| {
            g.kind == GeneratorKind::Coroutine
                && g.outer.is_null()
                && g.around.is_null()
                && g.handled.is_null()
                && g.frame.flags & FRAME_USER != 0
        };
        if count < 2
            || !self.thread.handled.is_null()
            || !self.generator(frame.generator).is_some_and(plain)
        {
            return None;
        }
        let task = Value::object(handle);
        let turn = self.next_in_turn(task, count - 2)?;
        // Else it is recorded that the frame is entered.
        let detail = self.machine.recorder.wants_detail();
        let entered = |g: &Generator| !detail || g.frame.flags & FRAME_ENTERED != 0;
        let next = self.generator(turn.coroutine)?;
        (plain(next) && entered(next)).then_some((task, turn))
    }

    /// Suspends the coroutine that runs, whose task waits for its turn at the `YieldFrom` that its frame stands at, and lets the next one go on.
    #[inline]
    fn hand_over(&mut self, task: Value, turn: &Turn) {
        let Some(frame) = self.thread.frames.pop() else {
            return;
        };
        let base = frame.base as usize;
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(frame.generator) {
            g.state = GeneratorState::Suspended;
            // The rest is as it was when the frame began to run.
            g.frame.pc = frame.pc;
            g.frame.line = frame.line;
            g.frame.flags = frame.flags & !FRAME_THROWN;
            g.stack.extend_from_slice(&self.thread.stack[base..]);
            g.stack.push(Value::turn(true));
        }
        self.thread.stack.truncate(base);
        self.machine.heap.release(frame.generator);
        let line = self.thread.line;
        self.restore_line();
        let mut id = NO_TASK;
        if let Some(t) = self.task(task) {
            t.line = line;
            id = t.id;
        }
        self.suspended(line, id, Wait::Turn, 0, None);
        self.pass_turn(task, id, turn);
        self.machine.heap.retain(turn.coroutine);
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(turn.coroutine) {
            g.state = GeneratorState::Running;
            self.thread.line = g.frame.line;
            let mut frame = Frame {
                base: base as u32,
                generator: turn.coroutine,
                after: turn.task.as_object().map_or(After::Drop, After::TaskStep),
                ..g.frame
            };
            self.thread.stack.append(&mut g.stack);
            match self.thread.stack.last_mut() {
                // Its own turn has come: `YieldFrom` is over as well.
                Some(top)
                    if top.is(Value::turn(true)) && self.machine.executed < self.machine.until =>
                {
                    *top = Value::NONE;
                    frame.pc += 1;
                    self.machine.executed += 1;
                }
                _ => self.thread.stack.push(Value::NONE),
            }
            self.thread.frames.push(frame);
        }
    }

    fn generator(&self, value: Value) -> Option<&Generator> {
        match self.machine.heap.object(value) {
            Some(Object::Generator(g)) => Some(g),
            _ => None,
        }
    }

    /// A task (owned by its step) that waits for nothing but its turn goes to the end of the queue, and the task at its front runs: what
    /// [`Context::leave_step`], the loop's turn and [`Context::step_task`] would do. False, and nothing is done, if the next entry
    /// needs more than that.
    pub(super) fn next_turn(&mut self, task: Value) -> bool {
        let below = self.thread.frames.len().wrapping_sub(1);
        let Some(turn) = self.next_in_turn(task, below) else {
            return false;
        };
        let id = self.task(task).map_or(NO_TASK, |t| t.id);
        self.pass_turn(task, id, &turn);
        let handle = turn.task.as_object();
        let after = handle.map_or(After::Drop, After::TaskStep);
        // A suspended coroutine that is sent None only gets its frame.
        matches!(
            self.resume(turn.coroutine, With::Value(Value::NONE), after),
            Err(Control::Called)
        )
    }

    /// The task at the front of the queue, if a turn can go to it from this one without anything in between; `below` is the place of the
    /// loop's frame.
    #[inline]
    fn next_in_turn(&self, task: Value, below: usize) -> Option<Turn> {
        let Some(Object::Future(f)) = self.machine.heap.object(task) else {
            return None;
        };
        let event_loop = f.event_loop;
        let t = f.task.as_deref()?;
        if t.id == NO_TASK
            || !t.context.is_null()
            || (t.outer.as_deref())
                .is_none_or(|o| o.eager || o.woken_by.iter().any(|v| !v.is_null()))
            || self.machine.watch.on
            || self.thread.context.given().is_some()
        {
            return None;
        }
        let below = self.thread.frames.get(below)?;
        if below.code != self.machine.loop_code
            || !below.function.is(event_loop)
            || self.machine.executed >= self.machine.until
            || !self.machine.signals.is_empty()
            || !self.machine.heap.dying.is_empty()
        {
            return None;
        }
        let Some(Object::Loop(l)) = self.machine.heap.object(event_loop) else {
            return None;
        };
        if l.batch == 0 || l.closed || l.entered.is_some() || l.debug {
            return None;
        }
        let next = *l.ready.front()?;
        self.look_ahead(l);
        let Some(Object::Future(f)) = self.machine.heap.object(next) else {
            return None;
        };
        let t = f.task.as_deref()?;
        let ready = f.state == FutureState::Pending
            && t.waiter.is_null()
            && t.context.is_null()
            && !t.must_cancel
            && t.outer.is_none()
            && t.id != NO_TASK;
        let turn = Turn {
            event_loop,
            task: next,
            coroutine: t.coroutine,
            id: t.id,
            line: t.line,
        };
        let suspended = |g: &Generator| g.state == GeneratorState::Suspended;
        (ready && self.generator(turn.coroutine).is_some_and(suspended)).then_some(turn)
    }

    /// A task, of this number in the trace, leaves its step and goes to the end of the queue; the step of the next one begins.
    #[inline]
    fn pass_turn(&mut self, task: Value, id: TaskId, turn: &Turn) {
        let outer = self.task(task).and_then(|t| t.outer.take());
        // The loop's hold on the current task goes from the one to the other.
        if let Some(l) = self.event_loop(turn.event_loop) {
            l.batch -= 1;
            l.ready.pop_front();
            l.ready.push_back(task);
            l.current = Some(turn.task);
        }
        self.machine.heap.release(task);
        self.machine.heap.retain(turn.task);
        let stepping = outer.as_deref().and_then(|o| o.stepping);
        if let Some(t) = self.task(turn.task) {
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
            self.thread.stepping = Some(turn.id);
            self.record(Event {
                a: self.thread.task,
                line: turn.line,
                ..self.event(Kind::Resume)
            });
        }
        self.thread.stepping = Some(turn.id);
    }

    /// Asks for the tasks that come next. Thousands of them do not fit into the processor's cache, and the way to a frame goes
    /// through six objects, of which each tells where the next one is: whoever goes it has to wait six times. So each turn asks for
    /// one object of each of the next few tasks, and they come while it goes on.
    #[inline]
    fn look_ahead(&self, l: &EventLoop) {
        // Fewer stay in the cache by themselves.
        if l.ready.len() < 200 {
            return;
        }
        let heap = &self.machine.heap;
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

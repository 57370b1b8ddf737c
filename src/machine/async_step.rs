//! Steps of async generators (what `__anext__`, `asend`, `athrow` and `aclose` give) and who drives them, and the loop that closes the
//! generators that nobody else does. CPython 3.12, Objects/genobject.c, PyAsyncGenASend and PyAsyncGenAThrow.

use super::frame::{After, Driver};
use super::generator::With;
use super::object::{AsyncStep, AsyncStepKind, GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome, types};

impl Context<'_> {
    /// Sends an owned value into a step that lies on the stack. CPython 3.12, Objects/genobject.c, async_gen_asend_send and
    /// async_gen_athrow_send.
    pub(super) fn async_step(&mut self, step: Value, sent: Value, by: Driver) -> Outcome<()> {
        let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) else {
            return Ok(());
        };
        s.thrown = false;
        let (generator, kind, started, finished) = (s.generator, s.kind, s.started, s.finished);
        let sends = kind == AsyncStepKind::Send;
        if finished {
            self.heap().release(sent);
            return self.reused(kind);
        }
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return Ok(());
        };
        let (state, closing) = (g.state, g.closing);
        if state == GeneratorState::Finished && !sends {
            self.heap().release(sent);
            return self.async_step_ended(by, Ok(())).and(Err(Control::Called));
        }
        if started {
            return self.resume(generator, With::Value(sent), After::AsyncStep(by));
        }
        if let Err(control) = self.refuse_first(step, kind, closing, sent) {
            self.heap().release(sent);
            return Err(control);
        }
        let value = self.begin_step(step);
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        g.closing |= kind == AsyncStepKind::Close;
        if state == GeneratorState::Finished {
            self.heap().release_all([sent, value]);
            return self.async_step_over(by, None).and(Err(Control::Called));
        }
        if state == GeneratorState::Created && kind == AsyncStepKind::Close {
            g.state = GeneratorState::Finished;
            let stack = std::mem::take(&mut g.stack);
            self.heap().release_all(stack);
            self.heap().release(value);
            return self.async_step_over(by, None).and(Err(Control::Called));
        }
        g.busy = true;
        let with = if !sends {
            With::Exception(value)
        } else if sent.is_none() && value.given().is_some() {
            With::Value(value)
        } else {
            self.heap().release(value);
            With::Value(sent)
        };
        let depth = self.thread.frames.len();
        let resumed = self.resume(generator, with, After::AsyncStep(by));
        self.unless_resumed(resumed, depth, generator, by)
    }

    /// Throws an owned exception into a step that lies on the stack. CPython 3.12, Objects/genobject.c, async_gen_asend_throw and
    /// async_gen_athrow_throw.
    pub(super) fn throw_into_async_step(
        &mut self,
        step: Value,
        exception: Value,
        by: Driver,
    ) -> Outcome<()> {
        let rewritten = self.machine.version.at_least(3, 13);
        let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) else {
            return Ok(());
        };
        s.thrown = true;
        let (generator, kind, started) = (s.generator, s.kind, s.started);
        let refused = if s.finished {
            self.reused(kind)
        } else if rewritten && !started {
            self.refuse_busy(step, true)
        } else {
            Ok(())
        };
        if let Err(control) = refused {
            self.heap().release(exception);
            return Err(control);
        }
        if rewritten && !started {
            let unused = self.begin_step(step);
            self.heap().release(unused);
            if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
                g.busy = true;
            }
        }
        let depth = self.thread.frames.len();
        let resumed = match by {
            Driver::Await => self.throw_on(generator, exception, After::AsyncStep(by)),
            _ => self.resume(generator, With::Exception(exception), After::AsyncStep(by)),
        };
        self.unless_resumed(resumed, depth, generator, by)
    }

    /// `close()` of a step. CPython 3.12 and 3.13, Objects/genobject.c, async_gen_asend_close.
    pub(super) fn close_async_step(&mut self, step: Value) -> Outcome {
        let finished = match self.machine.heap.object(step) {
            Some(Object::AsyncStep(s)) => s.finished,
            _ => true,
        };
        if finished || !self.machine.version.at_least(3, 13) {
            self.finish_step(step);
            return Ok(Value::NONE);
        }
        let exit = self.machine.generator_exit();
        self.drive_async_step(step, With::Exception(exit), Driver::Close)
    }

    /// Drives a step (borrowed) from outside a coroutine. `Called` if it runs now.
    pub(super) fn drive_async_step(&mut self, step: Value, with: With, by: Driver) -> Outcome {
        let (below, depth) = (self.thread.stack.len(), self.thread.frames.len());
        self.heap().retain(step);
        self.thread.push(step);
        let driven = match with {
            With::Value(value) => self.async_step(step, value, by),
            With::Exception(exception) => self.throw_into_async_step(step, exception, by),
        };
        // It could not begin: no frame of its generator will take it off.
        if let Err(Control::Raise(_)) = driven
            && self.thread.frames.len() == depth
            && self.thread.stack.len() == below + 1
        {
            self.take_async_step();
        }
        driven.map(|()| Value::NONE)
    }

    fn reused(&mut self, kind: AsyncStepKind) -> Outcome<()> {
        let text = if kind == AsyncStepKind::Send {
            "cannot reuse already awaited __anext__()/asend()"
        } else {
            "cannot reuse already awaited aclose()/athrow()"
        };
        self.error(types::RUNTIME_ERROR, text)
    }

    /// An error if a step may not begin with the value sent (borrowed) into it.
    fn refuse_first(
        &mut self,
        step: Value,
        kind: AsyncStepKind,
        closing: bool,
        sent: Value,
    ) -> Outcome<()> {
        let ends = kind != AsyncStepKind::Send;
        self.refuse_busy(step, ends)?;
        if ends && closing {
            self.finish_step(step);
            return self.raise(types::STOP_ASYNC_ITERATION, Vec::new());
        }
        if ends && !sent.is_none() {
            let text = "can't send non-None value to a just-started coroutine";
            return self.error(types::RUNTIME_ERROR, text);
        }
        Ok(())
    }

    /// RuntimeError if another step of the generator is under way; then this one `ends`, from 3.13 on always.
    fn refuse_busy(&mut self, step: Value, ends: bool) -> Outcome<()> {
        let Some(Object::AsyncStep(s)) = self.machine.heap.object(step) else {
            return Ok(());
        };
        let (kind, generator) = (s.kind, s.generator);
        if !matches!(self.machine.heap.object(generator), Some(Object::Generator(g)) if g.busy) {
            return Ok(());
        }
        if ends || self.machine.version.at_least(3, 13) {
            self.finish_step(step);
        }
        let text = match kind {
            AsyncStepKind::Send => "anext(): asynchronous generator is already running",
            AsyncStepKind::Throw => "athrow(): asynchronous generator is already running",
            AsyncStepKind::Close => "aclose(): asynchronous generator is already running",
        };
        self.error(types::RUNTIME_ERROR, text)
    }

    /// The step counts as started; what it was made to send or throw, owned, or NULL.
    fn begin_step(&mut self, step: Value) -> Value {
        match self.machine.heap.object_mut(step) {
            Some(Object::AsyncStep(s)) => {
                s.started = true;
                std::mem::replace(&mut s.value, Value::NULL)
            }
            _ => Value::NULL,
        }
    }

    /// The step can not be driven again.
    fn finish_step(&mut self, step: Value) {
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            s.finished = true;
        }
    }

    /// Its generator may have had no frame to resume: then the step is over.
    fn unless_resumed(
        &mut self,
        resumed: Outcome<()>,
        depth: usize,
        generator: Value,
        by: Driver,
    ) -> Outcome<()> {
        match resumed {
            Err(Control::Raise(exception)) if self.thread.frames.len() == depth => {
                if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
                    g.busy = false;
                }
                self.async_step_over(by, Some(exception))
                    .and(Err(Control::Called))
            }
            other => other,
        }
    }

    /// Takes the step off the stack.
    pub(super) fn take_async_step(&mut self) {
        let step = self.thread.pop();
        self.heap().release(step);
    }

    /// The async generator under a step yielded (owned), which ends the step that lies on the stack.
    pub(super) fn async_step_yielded(&mut self, by: Driver, value: Value) -> Outcome<()> {
        let step = self.thread.peek(1);
        let closing = match self.machine.heap.object_mut(step) {
            Some(Object::AsyncStep(s)) => {
                s.finished = true;
                s.kind == AsyncStepKind::Close
            }
            _ => false,
        };
        if closing {
            self.heap().release(value);
            let text = "async generator ignored GeneratorExit";
            let Err(control) = self.error::<()>(types::RUNTIME_ERROR, text) else {
                return Ok(());
            };
            return self.async_step_ended(by, Err(control));
        }
        match by {
            Driver::Await => {
                self.take_async_step();
                self.thread.push(value);
                Ok(())
            }
            Driver::Hand => {
                self.take_async_step();
                let args = (!value.is_none()).then_some(value);
                self.raise(types::STOP_ITERATION, args.into_iter().collect())
            }
            Driver::Close => {
                self.heap().release(value);
                self.async_step_ended(by, Ok(()))
            }
            Driver::Task(task) => {
                self.take_async_step();
                self.task_returned(task, value)
            }
        }
    }

    /// The async generator under a step ended: by itself, or with an exception (owned). The AsyncStep lies on the stack.
    pub fn async_step_over(&mut self, by: Driver, exception: Option<Value>) -> Outcome<()> {
        let kept = !self.machine.version.at_least(3, 13);
        let step = self.thread.peek(1);
        let mut kind = AsyncStepKind::Send;
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            kind = s.kind;
            s.finished = !(kept && s.thrown && kind != AsyncStepKind::Send);
        }
        let closes = kind == AsyncStepKind::Close;
        let end = match exception {
            None if closes => Ok(()),
            None => self.raise(types::STOP_ASYNC_ITERATION, Vec::new()),
            Some(e)
                if closes
                    && (self.is_a(e, types::GENERATOR_EXIT)
                        || self.is_a(e, types::STOP_ASYNC_ITERATION)) =>
            {
                self.heap().release(e);
                Ok(())
            }
            Some(e) => Err(Control::Raise(e)),
        };
        self.async_step_ended(by, end)
    }

    /// The step on the stack ends with None or by raising.
    fn async_step_ended(&mut self, by: Driver, end: Outcome<()>) -> Outcome<()> {
        let step = self.thread.peek(1);
        if end.is_ok() {
            self.finish_step(step);
        }
        self.take_async_step();
        if matches!(by, Driver::Task(_)) && !self.machine.heap.dying.is_empty() {
            self.part_with_frame()?;
        }
        match (by, end) {
            (Driver::Await, Ok(())) => {
                self.thread.push(Value::NONE);
                Ok(())
            }
            (Driver::Hand, Ok(())) => self.raise(types::STOP_ITERATION, Vec::new()),
            (Driver::Close, Ok(())) => {
                self.thread.push(Value::NONE);
                Ok(())
            }
            (Driver::Close, Err(Control::Raise(e)))
                if self.is_a(e, types::GENERATOR_EXIT)
                    || self.is_a(e, types::STOP_ITERATION)
                    || self.is_a(e, types::STOP_ASYNC_ITERATION) =>
            {
                self.heap().release(e);
                self.thread.push(Value::NONE);
                Ok(())
            }
            (Driver::Task(task), Ok(())) => self.task_returned(task, Value::NONE),
            (Driver::Task(task), Err(Control::Raise(e))) => self.task_raised(task, e),
            (_, end) => end,
        }
    }

    /// A new awaitable step of an async generator; takes over `value`.
    pub fn new_async_step(&mut self, generator: Value, kind: AsyncStepKind, value: Value) -> Value {
        self.meet_loop(generator);
        self.heap().retain(generator);
        self.heap().add(Object::AsyncStep(Box::new(AsyncStep {
            generator,
            value,
            kind,
            started: false,
            finished: false,
            thrown: false,
        })))
    }

    /// The loop under which an async generator is first iterated closes it when nobody else does. CPython 3.12, Lib/asyncio/base_events.py,
    /// _asyncgen_firstiter_hook.
    pub(super) fn meet_loop(&mut self, generator: Value) {
        let event_loop = self.thread.event_loop;
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return;
        };
        // It happens once: one that died under a loop, and that a task closes, is not met again.
        if event_loop.is_null() || g.number != 0 {
            return;
        }
        let mut number = 0;
        if let Some(l) = self.event_loop(event_loop) {
            l.generator_number += 1;
            number = l.generator_number;
            l.generators.insert(number, generator);
        }
        self.heap().retain(event_loop);
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.event_loop = event_loop;
            g.number = number;
        }
    }

    /// An async generator that its loop knows dies: if it stands at a `yield`, a task closes it. Whether that will be.
    pub(super) fn part_from_loop(&mut self, generator: Value) -> Outcome<bool> {
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(false);
        };
        let event_loop = std::mem::replace(&mut g.event_loop, Value::NULL);
        let number = g.number;
        let open = g.state == GeneratorState::Suspended && !g.closing;
        if let Some(l) = self.event_loop(event_loop) {
            l.generators.remove(&number);
        }
        let method = self.loop_method("_close_generator").filter(|_| open);
        let result = match method {
            Some(method) => self
                .call_now(method, &[event_loop, generator])
                .map(|_| true),
            None => Ok(false),
        };
        self.heap().release(event_loop);
        result
    }
}

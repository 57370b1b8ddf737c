//! Steps of async generators, and the loop that closes them.

use super::frame::{After, Sending};
use super::generator::With;
use super::object::{AsyncStep, AsyncStepKind, GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome, types};

impl Context<'_> {
    /// One step of an async generator, awaited by the innermost frame. CPython 3.12, Objects/genobject.c, async_gen_asend_send and
    /// async_gen_athrow_send.
    pub(super) fn async_step(&mut self, step: Value, sent: Value) -> Outcome<()> {
        let Some(Object::AsyncStep(s)) = self.machine.heap.object(step) else {
            return Ok(());
        };
        let (generator, kind, started, finished) = (s.generator, s.kind, s.started, s.finished);
        let sends = kind == AsyncStepKind::Send;
        if finished {
            self.heap().release(sent);
            return self.error(
                types::RUNTIME_ERROR,
                if sends {
                    "cannot reuse already awaited __anext__()/asend()"
                } else {
                    "cannot reuse already awaited aclose()/athrow()"
                },
            );
        }
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return Ok(());
        };
        let (state, busy, closing) = (g.state, g.busy, g.closing);
        if state == GeneratorState::Finished && !sends {
            self.heap().release(sent);
            return self.step_over_nothing();
        }
        if started {
            return self.resume(generator, With::Value(sent), After::Send(Sending::Async));
        }
        self.heap().release(sent);
        if busy {
            if !sends || self.machine.version.at_least(3, 13) {
                self.finish_step(step);
            }
            return self.error(
                types::RUNTIME_ERROR,
                match kind {
                    AsyncStepKind::Send => "anext(): asynchronous generator is already running",
                    AsyncStepKind::Throw => "athrow(): asynchronous generator is already running",
                    AsyncStepKind::Close => "aclose(): asynchronous generator is already running",
                },
            );
        }
        if closing && !sends {
            self.finish_step(step);
            return self.raise(types::STOP_ASYNC_ITERATION, Vec::new());
        }
        let mut value = Value::NULL;
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            s.started = true;
            value = std::mem::replace(&mut s.value, Value::NULL);
        }
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        g.closing |= kind == AsyncStepKind::Close;
        if state == GeneratorState::Finished {
            self.heap().release(value);
            return self.async_step_over(None).and(Err(Control::Called));
        }
        if state == GeneratorState::Created && kind == AsyncStepKind::Close {
            g.state = GeneratorState::Finished;
            let stack = std::mem::take(&mut g.stack);
            self.heap().release_all(stack);
            self.heap().release(value);
            return self.async_step_over(None).and(Err(Control::Called));
        }
        g.busy = true;
        let with = match kind {
            AsyncStepKind::Send => With::Value(if value.is_null() { Value::NONE } else { value }),
            AsyncStepKind::Throw | AsyncStepKind::Close => With::Exception(value),
        };
        let depth = self.thread.frames.len();
        let resumed = self.resume(generator, with, After::Send(Sending::Async));
        // It could not even be resumed.
        if self.thread.frames.len() == depth && matches!(resumed, Err(Control::Raise(_))) {
            if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
                g.busy = false;
            }
            self.finish_step(step);
        }
        resumed
    }

    /// The step can not be awaited again.
    fn finish_step(&mut self, step: Value) {
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            s.finished = true;
        }
    }

    /// The step on the stack ends with None, its generator untouched.
    fn step_over_nothing(&mut self) -> Outcome<()> {
        let step = self.thread.pop();
        self.finish_step(step);
        self.heap().release(step);
        self.thread.push(Value::NONE);
        Err(Control::Called)
    }

    /// The async generator under a step ended: by itself, or with an exception (owned). The AsyncStep lies on the stack.
    pub fn async_step_over(&mut self, exception: Option<Value>) -> Outcome<()> {
        let step = self.thread.pop();
        let mut kind = AsyncStepKind::Send;
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            s.finished = true;
            kind = s.kind;
        }
        self.heap().release(step);
        match exception {
            None if kind == AsyncStepKind::Close => self.thread.push(Value::NONE),
            None => return self.raise(types::STOP_ASYNC_ITERATION, Vec::new()),
            Some(e)
                if kind == AsyncStepKind::Close
                    && (self.is_a(e, types::GENERATOR_EXIT)
                        || self.is_a(e, types::STOP_ASYNC_ITERATION)) =>
            {
                self.heap().release(e);
                self.thread.push(Value::NONE);
            }
            Some(e) => return Err(Control::Raise(e)),
        }
        Ok(())
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
        })))
    }

    /// The loop under which an async generator is first iterated closes it when nobody else does. CPython 3.12, Lib/asyncio/base_events.py,
    /// _asyncgen_firstiter_hook.
    pub(super) fn meet_loop(&mut self, generator: Value) {
        let event_loop = self.thread.event_loop;
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return;
        };
        if event_loop.is_null() || g.event_loop.given().is_some() {
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

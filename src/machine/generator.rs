//! Generators, coroutines and async generators: resuming, yielding, throwing, closing.

use super::asyncio::object::FutureState;
use super::frame::{
    After, Driver, FRAME_ENTERED, FRAME_HANDLES, FRAME_THROWN, FRAME_USER, Sending,
};
use super::object::{GeneratorKind, GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome, types};
use crate::trace::{Event, Kind};

/// What a generator is resumed with; owned.
#[derive(Clone, Copy)]
pub enum With {
    Value(Value),
    Exception(Value),
}

impl Context<'_> {
    /// Resumes a generator (borrowed). `Called` if it runs now; the result of an ended one is given as `after` demands.
    pub fn resume(&mut self, generator: Value, with: With, after: After) -> Outcome<()> {
        let around = self.thread.handled;
        if let With::Exception(exception) = with {
            self.catch(exception);
        }
        self.resume_within(generator, with, after, around)
    }

    /// As `resume`; `around` (borrowed) counts as being handled around it.
    pub(super) fn resume_within(
        &mut self,
        generator: Value,
        with: With,
        after: After,
        around: Value,
    ) -> Outcome<()> {
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        match (g.state, with) {
            (GeneratorState::Running, _) => {
                let text = match g.kind {
                    GeneratorKind::Generator => "generator already executing",
                    GeneratorKind::Coroutine => "coroutine already executing",
                    GeneratorKind::AsyncGenerator => "async generator already executing",
                };
                return self.error(types::VALUE_ERROR, text);
            }
            (GeneratorState::Finished, With::Exception(exception)) => {
                if g.kind == GeneratorKind::Coroutine {
                    self.heap().release(exception);
                    return self.awaited_before();
                }
                return Err(Control::Raise(exception));
            }
            (GeneratorState::Finished, With::Value(value)) => {
                if g.kind == GeneratorKind::Coroutine {
                    self.heap().release(value);
                    return self.awaited_before();
                }
                self.heap().release(value);
                return self.ended_before(after);
            }
            (GeneratorState::Created, With::Exception(exception)) => {
                g.state = GeneratorState::Finished;
                let stack = std::mem::take(&mut g.stack);
                let code = g.frame.code;
                let entry = self.unstarted_entry(code, stack);
                // It handles nothing that could become the exception's context.
                if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
                    e.traceback.push(entry);
                }
                return Err(Control::Raise(exception));
            }
            (GeneratorState::Created, With::Value(value)) if !value.is_none() => {
                let text = match g.kind {
                    GeneratorKind::Generator => {
                        "can't send non-None value to a just-started generator"
                    }
                    GeneratorKind::Coroutine => {
                        "can't send non-None value to a just-started coroutine"
                    }
                    GeneratorKind::AsyncGenerator => {
                        "can't send non-None value to a just-started async generator"
                    }
                };
                return self.error(types::TYPE_ERROR, text);
            }
            _ => {}
        }
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        let first = g.state == GeneratorState::Created;
        g.state = GeneratorState::Running;
        let mut frame = g.frame.resumed(self.thread.stack.len(), generator, after);
        frame.object = std::mem::replace(&mut g.held, Value::NULL);
        self.thread.stack.append(&mut g.stack);
        let own = std::mem::replace(&mut g.handled, Value::NULL);
        g.outer = self.thread.handled;
        g.around = around;
        if g.outer.is_null() && around.is_null() && own.is_null() {
            frame.flags &= !FRAME_HANDLES;
        } else {
            frame.flags |= FRAME_HANDLES;
        }
        self.thread.handled = if own.is_null() {
            self.machine.heap.retain(around)
        } else {
            own
        };
        self.machine.heap.retain(generator);
        if self.thread.frames.len() >= self.machine.limits.recursion {
            self.thread.frames.push(frame);
            let depth = self.thread.frames.len() - 1;
            self.drop_frames(depth);
            return self.error(types::RECURSION_ERROR, "maximum recursion depth exceeded");
        }
        self.thread.frames.push(frame);
        self.restore_line();
        if frame.flags & FRAME_USER != 0
            && self.machine.recorder.wants_detail()
            && (first || frame.flags & FRAME_ENTERED == 0)
        {
            self.record_enter();
        }
        match with {
            With::Value(value) => {
                if !first {
                    self.thread.push(value);
                }
                Err(Control::Called)
            }
            With::Exception(exception) => self.throw_deeper(exception),
        }
    }

    #[cold]
    fn awaited_before(&mut self) -> Outcome<()> {
        let text = "cannot reuse already awaited coroutine";
        self.error(types::RUNTIME_ERROR, text)
    }

    /// A generator that had ended is resumed: the same as if it ended now.
    pub(super) fn ended_before(&mut self, after: After) -> Outcome<()> {
        match after {
            After::ForIterator { target } => {
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.jump(target);
                Err(Control::Called)
            }
            After::Send(Sending::Value) => self.raise(types::STOP_ITERATION, Vec::new()),
            After::AsyncStep(by) => self.async_step_over(by, None).and(Err(Control::Called)),
            After::Send(_) => Err(Control::Called),
            After::YieldFrom => {
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.thread.push(Value::NONE);
                Err(Control::Called)
            }
            _ => Ok(()),
        }
    }

    /// `Yield`: the innermost frame is a generator's and yields an owned value.
    pub fn yield_value(&mut self, value: Value) -> Outcome<()> {
        let generator = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.generator);
        let is_async = matches!(self.machine.heap.object(generator), Some(Object::Generator(g)) if g.kind == GeneratorKind::AsyncGenerator);
        if is_async {
            // What an async generator yields ends the step; only its awaits go further down.
            let after = self.suspend();
            if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
                g.busy = false;
            }
            if let After::AsyncStep(by) = after {
                return self.async_step_yielded(by, value);
            }
            if let After::Finalizer(owner) = after {
                self.heap().release(value);
                self.ignored_exit(owner);
            }
            return Ok(());
        }
        self.pass_down(value)
    }

    fn exit_ignored(&mut self, generator: Value) -> Outcome<()> {
        let what = match self.machine.heap.object(generator) {
            Some(Object::Generator(g)) => match g.kind {
                GeneratorKind::Generator => "generator",
                GeneratorKind::Coroutine => "coroutine",
                GeneratorKind::AsyncGenerator => "async generator",
            },
            _ => return Ok(()),
        };
        let text = [what, " ignored GeneratorExit"].concat();
        self.error(types::RUNTIME_ERROR, &text)
    }

    /// A dying generator (owned) yielded when it was closed.
    fn ignored_exit(&mut self, generator: Value) {
        if let Err(Control::Raise(e)) = self.exit_ignored(generator) {
            self.report_ignored(e, generator);
        }
        // It is not closed again.
        self.heap().retain(generator);
        self.forget_generator(generator);
        self.finalized(generator);
    }

    /// Suspends frames until one takes the yielded value.
    pub(super) fn pass_down(&mut self, value: Value) -> Outcome<()> {
        let line = if self.in_user_frame() {
            self.thread.line
        } else {
            0
        };
        loop {
            let generator = self
                .thread
                .frames
                .last()
                .map_or(Value::NULL, |f| f.generator);
            match self.suspend() {
                After::ForIterator { .. } => {
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Value) => {
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Default) => {
                    let default = self.thread.pop();
                    self.heap().release(default);
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Close) => {
                    self.heap().release(value);
                    return self.exit_ignored(generator);
                }
                After::AsyncStep(Driver::Hand) => {
                    self.take_async_step();
                    self.thread.push(value);
                    return Ok(());
                }
                After::AsyncStep(Driver::Close) => {
                    self.take_async_step();
                    self.heap().release(value);
                    return self.error(types::RUNTIME_ERROR, "coroutine ignored GeneratorExit");
                }
                After::AsyncStep(Driver::Task(task)) => {
                    self.take_async_step();
                    return self.task_yielded(task, value, line);
                }
                After::YieldFrom | After::AsyncStep(Driver::Await) => {
                    // The frame below waits for this one: it yields the same, and its instruction runs again when it is resumed.
                    if let Some(f) = self.thread.frames.last_mut() {
                        f.pc -= 1;
                    }
                }
                After::TaskStep(task) => return self.task_yielded(task, value, line),
                After::Finalizer(owner) => {
                    self.heap().release(value);
                    self.ignored_exit(owner);
                    return Ok(());
                }
                _ => {
                    self.heap().release(value);
                    return Ok(());
                }
            }
        }
    }

    /// Takes the innermost frame off into its generator.
    pub(super) fn suspend(&mut self) -> After {
        let Some(mut frame) = self.thread.frames.pop() else {
            return After::Drop;
        };
        let generator = frame.generator;
        let after = frame.after;
        let is_generator = matches!(self.machine.heap.object(generator), Some(Object::Generator(g)) if g.kind != GeneratorKind::Coroutine);
        if is_generator && frame.flags & FRAME_ENTERED != 0 && self.machine.recorder.is_on() {
            self.record(Event {
                line: frame.line,
                ..self.event(Kind::Leave)
            });
            frame.flags &= !FRAME_ENTERED;
        }
        frame.flags &= !(FRAME_THROWN | FRAME_HANDLES);
        let base = frame.base as usize;
        let mut release = Value::NULL;
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.state = GeneratorState::Suspended;
            g.stack.extend_from_slice(&self.thread.stack[base..]);
            self.thread.stack.truncate(base);
            let outer = std::mem::replace(&mut g.outer, Value::NULL);
            let own = std::mem::replace(&mut self.thread.handled, outer);
            if own.is(g.around) {
                release = own;
            } else {
                g.handled = own;
                if !own.is_null() {
                    frame.flags |= FRAME_HANDLES;
                }
            }
            g.held = frame.object;
            g.frame = frame.into();
        }
        self.heap().release(release);
        self.heap().release(generator);
        self.restore_line();
        after
    }

    /// `YieldFrom`: the stack is `iterator value`. Some: the iterator is done (and popped); None: frames changed.
    pub fn yield_from(&mut self) -> Outcome<Option<Value>> {
        let value = self.thread.pop();
        let iterator = self.thread.peek(1);
        let Some(handle) = iterator.as_object() else {
            if iterator.is(Value::turn(false)) {
                self.thread.pop();
                self.thread.push(Value::turn(true));
                return self.yield_here(Value::NONE);
            }
            if iterator.is_turn() {
                return self.done_with(Value::NONE);
            }
            return self.no_iterator(iterator);
        };
        match self.machine.heap.get_mut(handle) {
            Object::Generator(_) => self
                .resume(iterator, With::Value(value), After::YieldFrom)
                .map(|()| None),
            Object::Future(f) => {
                if f.state == FutureState::Pending {
                    if f.blocking {
                        return self.error(types::RUNTIME_ERROR, "await wasn't used with future");
                    }
                    f.blocking = true;
                    self.heap().retain(iterator);
                    return self.yield_here(iterator);
                }
                let result = self.raised_result(iterator)?;
                self.done_with(result)
            }
            Object::AsyncStep(_) => self
                .async_step(iterator, value, Driver::Await)
                .map(|()| None),
            Object::Iterator(_) | Object::RangeIterator { .. } => {
                self.take_stop_value();
                match self.next_now(iterator)? {
                    Some(item) => self.yield_here(item),
                    None => {
                        let value = self.take_stop_value();
                        self.done_with(value)
                    }
                }
            }
            _ => {
                if let Some(coroutine) = self.wrapped_coroutine(iterator) {
                    self.thread.pop();
                    self.heap().retain(coroutine);
                    self.heap().release(iterator);
                    self.thread.push(coroutine);
                    return self
                        .resume(coroutine, With::Value(value), After::YieldFrom)
                        .map(|()| None);
                }
                if !self.is_iterator(iterator) {
                    self.heap().release(value);
                    return self.no_iterator(iterator);
                }
                let outcome = if value.is_none() {
                    self.next_now_or_stop(iterator)
                } else {
                    self.send_now(iterator, value)
                };
                self.heap().release(value);
                match outcome? {
                    Ok(item) => self.yield_here(item),
                    Err(result) => self.done_with(result),
                }
            }
        }
    }

    /// What `__await__` gave is no iterator.
    #[cold]
    fn no_iterator<T>(&mut self, given: Value) -> Outcome<T> {
        self.type_error("__await__() returned non-iterator of type '", given, "'")
    }

    /// The coroutine in what its `__await__` gave, which the library makes (`coroutine_wrapper`); borrowed.
    fn wrapped_coroutine(&mut self, iterator: Value) -> Option<Value> {
        let name = self.symbol("_coroutine");
        let coroutine = self.instance(iterator)?.attributes.get(name)?;
        let class = self.type_of(iterator);
        (self.machine.is_of_library(class) && self.is_coroutine(coroutine)).then_some(coroutine)
    }

    /// What ended a native iterator carried; None otherwise.
    pub(super) fn take_stop_value(&mut self) -> Value {
        std::mem::replace(&mut self.machine.stop_value, Value::NONE)
    }

    /// The iterator of `YieldFrom` is done with a result.
    pub(super) fn done_with(&mut self, result: Value) -> Outcome<Option<Value>> {
        let iterator = self.thread.pop();
        self.heap().release(iterator);
        Ok(Some(result))
    }

    /// The innermost frame yields from its `YieldFrom`, which will run again.
    pub(super) fn yield_here(&mut self, value: Value) -> Outcome<Option<Value>> {
        if let Some(f) = self.thread.frames.last_mut() {
            f.pc -= 1;
        }
        self.pass_down(value).map(|()| None)
    }
}

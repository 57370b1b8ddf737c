//! How frames end: returning, raising, and what becomes of the result.

use super::frame::{
    After, FRAME_ENTERED, FRAME_HELD, FRAME_PLAIN, FRAME_THROWN, FRAME_USER, Frame, Sending,
};
use super::object::{GeneratorState, Object};
use super::program::Import;
use super::value::{Value, View};
use super::{Context, Control, Outcome, Stop, types};
use crate::bytecode::Instruction;
use crate::trace::{Event, Kind};

impl Context<'_> {
    /// The innermost frame returns a value (owned).
    pub fn return_value(&mut self, value: Value) -> Outcome<()> {
        let frame = self.leave_frame();
        match frame.after {
            After::Push | After::Next { .. } => self.thread.push(value),
            After::Drop => self.heap().release(value),
            After::LoopCallback(handle) => {
                self.heap().release(value);
                self.heap().release(Value::object(handle));
            }
            After::Init(instance) => {
                if !value.is_none() {
                    let text = [
                        "__init__() should return None, not '",
                        &self.type_name(value),
                        "'",
                    ]
                    .concat();
                    self.heap().release(value);
                    self.heap().release(instance);
                    return self.error(types::TYPE_ERROR, &text);
                }
                self.thread.push(instance);
            }
            After::BuildClass => {
                self.heap().release(value);
                return self.finish_class(frame.object);
            }
            After::Truth { negate } => {
                let truth = self.truth(value);
                self.heap().release(value);
                let truth = truth?;
                self.thread.push(Value::bool(truth != negate));
            }
            After::Condition {
                target,
                wanted,
                length,
            } => return self.decide(value, target, wanted, length),
            After::ForIterator { target } => {
                self.heap().release(value);
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.jump(target);
            }
            After::Send(Sending::Value) => {
                let args = if value.is_none() {
                    Vec::new()
                } else {
                    vec![value]
                };
                return self.raise(types::STOP_ITERATION, args);
            }
            // The default is on the stack already.
            After::Send(Sending::Default) => self.heap().release(value),
            After::Send(Sending::Close) if self.machine.version.at_least(3, 13) => {
                self.thread.push(value);
            }
            After::Send(Sending::Close) => {
                self.heap().release(value);
                self.thread.push(Value::NONE);
            }
            After::AsyncStep(by) => {
                self.heap().release(value);
                return self.async_step_over(by, None);
            }
            After::YieldFrom => {
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.thread.push(value);
            }
            After::TaskStep(task) => {
                if !self.machine.heap.dying.is_empty() {
                    self.part_with_frame()?;
                }
                return self.task_returned(task, value);
            }
            After::Operator { stage } => {
                if value.is(Value::NOT_IMPLEMENTED) {
                    let instruction = self.instruction_before();
                    return self.operator(instruction, stage + 1);
                }
                return self.operator_done(value);
            }
            After::Finalizer(owner) => {
                self.heap().release(value);
                self.finalized(owner);
            }
            After::Thread => self.heap().release(value),
            After::Interrupted => {
                self.heap().release(value);
                return self.wait_again();
            }
            After::Import { module } => {
                self.heap().release(value);
                self.machine.modules[module as usize].state = Import::Done;
                self.thread.push(Value::module(module));
            }
            After::AttributeDefault(default) => {
                self.heap().release(default);
                self.thread.push(value);
            }
        }
        Ok(())
    }

    /// The same for a frame that nothing but its result concerns; false for any other, of which nothing is done.
    #[inline]
    pub fn leave_plain_frame(&mut self, value: Value) -> bool {
        let Some(frame) = self.thread.frames.last() else {
            return false;
        };
        if frame.flags & !FRAME_USER != FRAME_PLAIN {
            return false;
        }
        let (base, function) = (frame.base as usize, frame.function);
        let depth = self.thread.frames.len() - 1;
        self.thread.frames.truncate(depth);
        self.clear_variables(base);
        self.restore_line();
        self.machine.heap.release(function);
        self.thread.push(value);
        true
    }

    /// Takes the innermost frame away, with its slots and operands, and says so. Its class namespace stays owned by the caller.
    fn leave_frame(&mut self) -> Frame {
        let Some(mut frame) = self.thread.frames.pop() else {
            return Frame::default();
        };
        if frame.flags & FRAME_HELD != 0 {
            self.part_with_held(&mut frame);
        }
        let slots = self.machine.program.codes[frame.code as usize].slots.len();
        self.clear_stack(frame.base as usize + slots);
        self.clear_variables(frame.base as usize);
        if frame.flags & FRAME_ENTERED != 0 && self.machine.recorder.is_on() {
            let line = frame.line;
            self.record(Event {
                line,
                ..self.event(Kind::Leave)
            });
        }
        self.restore_line();
        if frame.code == self.machine.loop_code {
            self.leave_loop(frame.function);
        }
        self.heap().release(frame.function);
        if !matches!(frame.after, After::BuildClass) {
            self.heap().release(frame.object);
        }
        if frame.generator.given().is_some() {
            self.finish_generator(frame.generator);
        }
        frame
    }

    /// The line that events carry is the innermost user frame's.
    #[inline]
    pub fn restore_line(&mut self) {
        if let Some(frame) = self
            .thread
            .frames
            .iter()
            .rev()
            .find(|f| f.flags & FRAME_USER != 0)
        {
            self.thread.line = frame.line;
        }
    }

    /// Releases the stack down to a length.
    #[inline]
    pub fn clear_stack(&mut self, length: usize) {
        while self.thread.stack.len() > length {
            let value = self.thread.pop();
            self.machine.heap.release(value);
        }
    }

    /// The same for variables, of which the first dies first.
    #[inline]
    fn clear_variables(&mut self, base: usize) {
        for &value in self.thread.stack.get(base..).unwrap_or(&[]) {
            self.machine.heap.release(value);
        }
        self.thread.stack.truncate(base);
    }

    fn finish_generator(&mut self, generator: Value) {
        let mut outer = Value::NULL;
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.state = GeneratorState::Finished;
            g.busy = false;
            g.frame.function = Value::NULL;
            outer = std::mem::replace(&mut g.outer, Value::NULL);
        }
        let inner = std::mem::replace(&mut self.thread.handled, outer);
        self.heap().release(inner);
        self.heap().release(generator);
    }

    /// Sets where the innermost frame goes on.
    pub fn jump(&mut self, target: u32) {
        if let Some(frame) = self.thread.frames.last_mut() {
            frame.pc = target;
        }
    }

    /// The instruction that the innermost frame executed last.
    pub fn instruction_before(&self) -> crate::bytecode::Instruction {
        match self.thread.frames.last() {
            Some(f) if f.pc > 0 => {
                self.machine.program.codes[f.code as usize].instructions[f.pc as usize - 1]
            }
            _ => crate::bytecode::Instruction::Nop,
        }
    }

    /// Removes frames above `depth` without running anything.
    pub fn drop_frames(&mut self, depth: usize) {
        while self.thread.frames.len() > depth {
            let frame = self.leave_frame();
            match frame.after {
                After::Init(v) | After::AttributeDefault(v) => self.heap().release(v),
                After::Finalizer(owner) => self.finalized(owner),
                After::Interrupted => self.drop_retry(),
                _ => {}
            }
        }
    }

    /// What to do about an operation that gave no value. None: go on with the innermost frame.
    pub fn handle(&mut self, control: Control, depth: usize) -> Option<Stop> {
        let mut exception = match control {
            Control::Raise(exception) => exception,
            Control::Called => return None,
            Control::Trap(trap) => return Some(Stop::Trap(*trap)),
            Control::Reject(message, hint) => return Some(Stop::Rejected { message, hint }),
            Control::Limit(name) => return Some(Stop::Limit(name)),
        };
        self.begin_raise(exception);
        loop {
            if self.thread.frames.len() <= depth {
                return Some(Stop::Ended(Some(exception)));
            }
            if self.find_handler(exception) {
                return None;
            }
            let Some(frame) = self.thread.frames.last().copied() else {
                return Some(Stop::Ended(Some(exception)));
            };
            exception = self.generator_exception(&frame, exception);
            let frame = self.leave_frame();
            if frame.flags & FRAME_THROWN != 0 {
                self.chain_thrown(exception);
            }
            let outcome = match frame.after {
                After::Init(owned) => {
                    self.heap().release(owned);
                    continue;
                }
                After::BuildClass => {
                    self.heap().release(frame.object);
                    continue;
                }
                After::Send(Sending::Close)
                    if self.is_a(exception, types::GENERATOR_EXIT)
                        || self.is_a(exception, types::STOP_ITERATION) =>
                {
                    self.heap().release(exception);
                    self.thread.push(Value::NONE);
                    return None;
                }
                After::AsyncStep(by) => match self.async_step_over(by, Some(exception)) {
                    Ok(()) => return None,
                    Err(Control::Raise(e)) => {
                        exception = e;
                        continue;
                    }
                    Err(other) => Err(other),
                },
                After::Next { target } if self.is_a(exception, types::STOP_ITERATION) => {
                    self.heap().release(exception);
                    let iterator = self.thread.pop();
                    self.heap().release(iterator);
                    self.jump(target);
                    return None;
                }
                After::AttributeDefault(default) => {
                    if self.is_a(exception, types::ATTRIBUTE_ERROR) {
                        self.heap().release(exception);
                        self.thread.push(default);
                        return None;
                    }
                    self.heap().release(default);
                    continue;
                }
                After::Interrupted => {
                    self.drop_retry();
                    continue;
                }
                After::TaskStep(task) => {
                    let dying = !self.machine.heap.dying.is_empty();
                    match if dying {
                        self.part_with_frame()
                    } else {
                        Ok(())
                    } {
                        Ok(()) => self.task_raised(task, exception),
                        other => other,
                    }
                }
                After::LoopCallback(handle) => self.callback_raised(handle, exception),
                After::Finalizer(owner) => {
                    let closed = self.is_a(exception, types::GENERATOR_EXIT)
                        || self.is_a(exception, types::STOP_ITERATION);
                    if closed
                        && matches!(self.machine.heap.object(owner), Some(Object::Generator(_)))
                    {
                        self.heap().release(exception);
                    } else {
                        self.report_ignored(exception, owner);
                    }
                    self.finalized(owner);
                    return None;
                }
                _ => continue,
            };
            match outcome {
                Ok(()) => return None,
                Err(Control::Raise(e)) => exception = e,
                Err(other) => return self.handle(other, depth),
            }
        }
    }

    /// Notes where the exception came from: its context, and an event if it is new.
    fn begin_raise(&mut self, exception: Value) {
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return;
        };
        let fresh = e.traceback.is_empty();
        let thrown = std::mem::take(&mut self.thread.thrown);
        if fresh && !thrown && e.context.is_null() {
            self.set_context(exception);
        }
        let quiet = self.is_a(exception, types::STOP_ITERATION)
            || self.is_a(exception, types::STOP_ASYNC_ITERATION)
            || self.is_a(exception, types::GENERATOR_EXIT);
        if fresh && !quiet && self.machine.recorder.is_on() && self.in_user_frame() {
            let text = self.exception_line(exception);
            let b = self.machine.recorder.string(&text);
            self.record(Event {
                b,
                ..self.event(Kind::Raise)
            });
        }
    }

    /// An exception is raised (not raised again): what is being handled becomes its context, whatever that was before. A chain
    /// that led back to it is cut. CPython 3.12, Python/errors.c, _PyErr_SetObject.
    pub fn set_context(&mut self, exception: Value) {
        let handled = self.thread.handled;
        if handled.is_null() || handled.is(exception) {
            return;
        }
        let mut chain = handled;
        let mut dropped = Value::NULL;
        // A program may have made a circle: who follows with half the steps is met in it.
        let mut slow = handled;
        let mut odd = false;
        while let Some(Object::Exception(e)) = self.machine.heap.object_mut(chain) {
            if e.context.is(exception) {
                dropped = std::mem::replace(&mut e.context, Value::NULL);
                break;
            }
            chain = e.context;
            if chain.is(slow) {
                break;
            }
            if odd && let Some(Object::Exception(e)) = self.machine.heap.object(slow) {
                slow = e.context;
            }
            odd = !odd;
        }
        self.heap().release(dropped);
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
            let old = std::mem::replace(&mut e.context, handled);
            self.heap().retain(handled);
            self.heap().release(old);
        }
    }

    /// An exception comes into a generator from outside: only what that generator itself handles makes it set a context.
    /// CPython 3.12, Objects/genobject.c, gen_send_ex2.
    pub fn chain_thrown(&mut self, exception: Value) {
        let generator = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.generator);
        if let Some(Object::Generator(g)) = self.machine.heap.object(generator)
            && !g.around.is(self.thread.handled)
        {
            self.set_context(exception);
            // What it passed since it was last caught is forgotten. CPython 3.11, Python/errors.c, _PyErr_ChainStackItem.
            if !self.machine.version.at_least(3, 12)
                && let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception)
            {
                let kept = e.traceback.len().min(e.caught as usize);
                let dropped = e.traceback.split_off(kept);
                self.release_traceback(dropped);
            }
        }
    }

    /// An exception is caught, or goes to who throws it into a generator: its traceback is now its own.
    pub(super) fn catch(&mut self, exception: Value) {
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
            e.caught = e.traceback.len() as u32;
        }
    }

    /// Whether the innermost frame is the user's.
    pub fn in_user_frame(&self) -> bool {
        self.thread
            .frames
            .last()
            .is_some_and(|f| f.flags & FRAME_USER != 0)
    }

    /// Looks for a handler in the innermost frame and goes there, the exception pushed.
    fn find_handler(&mut self, exception: Value) -> bool {
        let Some(frame) = self.thread.frames.last().copied() else {
            return false;
        };
        let linked = self.machine.program.codes[frame.code as usize].clone();
        let at = frame.pc.saturating_sub(1);
        // Raising again what was caught here leaves the traceback as it is.
        let again = match linked.instructions.get(at as usize) {
            Some(Instruction::Reraise(_) | Instruction::EndAsyncFor) => true,
            Some(Instruction::Raise(0)) => self.thread.handled.is(exception),
            _ => false,
        };
        if !again
            && matches!(
                self.machine.heap.object(exception),
                Some(Object::Exception(_))
            )
        {
            let entry = self.trace_entry(at);
            if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
                e.traceback.push(entry);
            }
        }
        let Some(handler) = linked
            .code
            .handlers
            .iter()
            .find(|h| h.start <= at && at < h.end)
        else {
            return false;
        };
        self.catch(exception);
        self.clear_stack(frame.base as usize + linked.slots.len() + handler.depth as usize);
        self.thread.push(exception);
        self.jump(handler.target);
        self.restore_line();
        true
    }

    /// StopIteration that leaves a generator becomes a RuntimeError (PEP 479).
    fn generator_exception(&mut self, frame: &Frame, exception: Value) -> Value {
        let Some(Object::Generator(g)) = self.machine.heap.object(frame.generator) else {
            return exception;
        };
        use super::object::GeneratorKind::*;
        let kind = g.kind;
        let text = match kind {
            Generator if self.is_a(exception, types::STOP_ITERATION) => {
                "generator raised StopIteration"
            }
            Coroutine if self.is_a(exception, types::STOP_ITERATION) => {
                "coroutine raised StopIteration"
            }
            AsyncGenerator if self.is_a(exception, types::STOP_ITERATION) => {
                "async generator raised StopIteration"
            }
            AsyncGenerator if self.is_a(exception, types::STOP_ASYNC_ITERATION) => {
                "async generator raised StopAsyncIteration"
            }
            _ => return exception,
        };
        let message = self.heap().str(text);
        let args = self.heap().tuple(vec![message]);
        let wrapped = self
            .machine
            .exception(types::value(types::RUNTIME_ERROR), args);
        self.heap().retain(exception);
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(wrapped) {
            e.cause = exception;
            e.context = exception;
            e.suppress_context = true;
        }
        wrapped
    }

    /// Whether an exception is of a built-in type or derives from it.
    pub fn is_a(&self, exception: Value, kind: u16) -> bool {
        match self.machine.type_of(exception).view() {
            View::Type(number) => types::derives(number, kind),
            _ => self.machine.is_instance(exception, types::value(kind)),
        }
    }
}

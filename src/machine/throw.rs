//! Exceptions thrown into generators, and how they are closed.

use super::frame::{After, Driver, FRAME_THROWN, Sending};
use super::generator::With;
use super::object::{GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome, Stop, types};
use crate::bytecode::Instruction;

impl Context<'_> {
    /// The innermost frame was just resumed to raise. If it waits for another generator, that one gets the exception first.
    pub(super) fn throw_deeper(&mut self, exception: Value) -> Outcome<()> {
        let Some(frame) = self.thread.frames.last().copied() else {
            return Err(Control::Raise(exception));
        };
        let code = self.machine.program.codes[frame.code as usize].clone();
        if code.instructions.get(frame.pc as usize) == Some(&Instruction::YieldFrom) {
            // As if the instruction had run: its result or exception comes after it.
            self.jump(frame.pc + 1);
            let iterator = self.thread.peek(1);
            if self.is_a(exception, types::GENERATOR_EXIT)
                && let Err(e) = self.close_iterator(iterator)
            {
                self.heap().release(exception);
                return Err(e);
            }
            match self.machine.heap.object(iterator) {
                Some(Object::Generator(_)) if !self.is_a(exception, types::GENERATOR_EXIT) => {
                    return self.throw_on(iterator, exception, After::YieldFrom);
                }
                Some(Object::AsyncStep(_)) if !self.is_a(exception, types::GENERATOR_EXIT) => {
                    return self.throw_into_async_step(iterator, exception, Driver::Await);
                }
                Some(Object::Instance(_)) if !self.is_a(exception, types::GENERATOR_EXIT) => {
                    if let Some(method) = self.throw_method(iterator)? {
                        return self.throw_into_own(method, exception);
                    }
                }
                _ => {}
            }
        }
        self.chain_thrown(exception);
        self.thread.thrown = true;
        Err(Control::Raise(exception))
    }

    /// The `throw` of an iterator of the program's, if it has one; owned.
    pub(super) fn throw_method(&mut self, iterator: Value) -> Outcome<Option<Value>> {
        let name = self.symbol("throw");
        let depth = self.thread.frames.len();
        let found = match self.get_attribute(iterator, name, After::Push) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        };
        match found {
            Ok(method) => Ok(Some(method)),
            Err(control) if self.drop_if(&control, types::ATTRIBUTE_ERROR) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// What the innermost frame waits for has a `throw` of its own (owned), which gets what was thrown, as it was given.
    pub(super) fn throw_into_own(&mut self, method: Value, exception: Value) -> Outcome<()> {
        let given = match self.machine.thrown.take() {
            Some(given) => {
                self.heap().release(exception);
                given
            }
            None => vec![exception],
        };
        let outcome = self.call_now(method, &given);
        self.heap().release_all(given);
        self.heap().release(method);
        match self.stop_value(outcome)? {
            Ok(item) => {
                self.yield_here(item)?;
                Err(Control::Called)
            }
            Err(result) => {
                if let Some(result) = self.done_with(result)? {
                    self.thread.push(result);
                }
                Err(Control::Called)
            }
        }
    }

    /// Whether what a generator waits for in the end is an iterator of the program's that has a `throw`.
    pub fn ends_in_own_throw(&mut self, mut generator: Value) -> Outcome<bool> {
        for _ in 0..1000 {
            if !self.awaits_inside(generator) {
                return Ok(false);
            }
            let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
                return Ok(false);
            };
            let Some(inner) = g.stack.last().copied() else {
                return Ok(false);
            };
            if self.is_own(inner) {
                let method = self.throw_method(inner)?;
                self.heap().release_all(method);
                return Ok(method.is_some());
            }
            generator = inner;
        }
        Ok(false)
    }

    /// Closes what a generator that is being closed waits for. CPython 3.12, Objects/genobject.c, gen_close_iter.
    pub(super) fn close_iterator(&mut self, iterator: Value) -> Outcome<()> {
        match self.machine.heap.object(iterator) {
            Some(Object::Generator(g)) if g.state == GeneratorState::Suspended => {
                let exit = self.machine.generator_exit();
                let depth = self.thread.frames.len();
                let resumed =
                    self.resume(iterator, With::Exception(exit), After::Send(Sending::Close));
                self.finish_closing(resumed.map(|()| Value::NONE), depth)
            }
            Some(Object::AsyncStep(_)) => {
                let depth = self.thread.frames.len();
                let closed = self.close_async_step(iterator);
                self.finish_closing(closed, depth)
            }
            Some(Object::Instance(_)) => {
                match self.call_special(iterator, super::symbols::CLOSE, &[]) {
                    Some(result) => {
                        let result = result?;
                        self.heap().release(result);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Lets what was resumed to raise run to its end, down to `depth`.
    fn finish_closing(&mut self, resumed: Outcome, depth: usize) -> Outcome<()> {
        let control = match resumed {
            Ok(_) => return Ok(()),
            Err(control) => control,
        };
        // Its own handlers come first.
        if !matches!(control, Control::Called) {
            if self.thread.frames.len() <= depth {
                return Err(control);
            }
            match self.handle(control, depth) {
                Some(Stop::Ended(Some(exception))) => return Err(Control::Raise(exception)),
                Some(Stop::Rejected { message, hint }) => {
                    return Err(Control::Reject(message, hint));
                }
                Some(Stop::Limit(name)) => return Err(Control::Limit(name)),
                _ => {}
            }
        }
        let value = self.finish_now(depth)?;
        self.heap().release(value);
        Ok(())
    }

    /// Throws an exception into the generator that the innermost frame waits for.
    pub(super) fn throw_on(
        &mut self,
        generator: Value,
        exception: Value,
        after: After,
    ) -> Outcome<()> {
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.frame.flags |= FRAME_THROWN;
        }
        let waiting = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.generator);
        let around = match self.machine.heap.object(waiting) {
            Some(Object::Generator(g)) => g.around,
            _ => self.thread.handled,
        };
        self.resume_within(generator, With::Exception(exception), after, around)
    }

    /// What is being handled around the innermost frame's generator, if it has one (borrowed). That can be something else after each resumption,
    /// so its handlers do not save it.
    pub fn handled_around(&self) -> Option<Value> {
        let generator = self.thread.frames.last()?.generator;
        match self.machine.heap.object(generator)? {
            Object::Generator(g) => Some(g.around),
            _ => None,
        }
    }
}

//! What `await`, `async for` and `with` need.

use super::call::Arguments;
use super::frame::After;
use super::object::{GeneratorKind, Object};
use super::value::{Symbol, Value};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::Instruction;

impl Context<'_> {
    /// `BeforeWith`: `manager -> exit entered`.
    pub fn before_with(&mut self) -> Outcome<()> {
        self.enter_manager(
            symbols::ENTER,
            symbols::EXIT,
            "the context manager protocol",
        )
    }

    /// `BeforeAsyncWith`: `manager -> exit awaitable`.
    pub fn before_async_with(&mut self) -> Outcome<()> {
        self.enter_manager(
            symbols::ASYNC_ENTER,
            symbols::ASYNC_EXIT,
            "the asynchronous context manager protocol",
        )
    }

    pub(super) fn enter_manager(
        &mut self,
        enter: Symbol,
        exit: Symbol,
        protocol: &str,
    ) -> Outcome<()> {
        let manager = self.thread.peek(1);
        let class = self.type_of(manager);
        let (Some(enter_f), Some(exit_f)) = (
            self.machine.class_attribute(class, enter),
            self.machine.class_attribute(class, exit),
        ) else {
            let mut text = format!(
                "'{}' object does not support {protocol}",
                self.type_name(manager)
            );
            if self.machine.class_attribute(class, enter).is_some() {
                text.push_str(&format!(" (missed {} method)", self.name(exit)));
            }
            return self.error(types::TYPE_ERROR, &text);
        };
        let mut values = vec![manager];
        let exit_f = self.bind_special(exit_f, &mut values);
        let bound = match values.first() {
            Some(first) => self.bound(exit_f, *first),
            None => self.heap().retain(exit_f),
        };
        self.thread.pop();
        self.thread.push(bound);
        let result = self.call_bound(enter_f, vec![manager], After::Push);
        self.heap().release(manager);
        self.thread.push(result?);
        Ok(())
    }

    /// `WithExceptStart`: `exit previous exception -> exit previous exception result`.
    pub fn with_except_start(&mut self) -> Outcome<()> {
        let exception = self.thread.peek(1);
        let exit = self.thread.peek(3);
        let class = self.type_of(exception);
        self.heap().retain(class);
        self.heap().retain(exception);
        let traceback = self.traceback_object(exception);
        let arguments = Arguments {
            values: vec![class, exception, traceback],
            names: Vec::new(),
        };
        let result = self.call_borrowed(exit, arguments, After::Push)?;
        self.thread.push(result);
        Ok(())
    }

    /// `GetAwaitable`: what `await` drives; takes over the value.
    pub fn get_awaitable(&mut self, value: Value, place: u32) -> Outcome {
        match self.machine.heap.object(value) {
            Some(Object::Generator(g)) if g.kind == GeneratorKind::Coroutine => {
                // A coroutine that another frame is already awaiting waits inside.
                if g.state == super::object::GeneratorState::Suspended && self.awaits_inside(value)
                {
                    self.heap().release(value);
                    return self.error(types::RUNTIME_ERROR, "coroutine is being awaited already");
                }
                Ok(value)
            }
            Some(Object::Generator(g))
                if self.machine.program.codes[g.frame.code as usize].awaitable =>
            {
                Ok(value)
            }
            Some(Object::Future(_) | Object::AsyncStep(_)) => Ok(value),
            _ if value.is_turn() => Ok(value),
            _ => match self.special(value, symbols::AWAIT) {
                Some(function) => {
                    let result = self.call_bound(function, vec![value], After::Push);
                    self.heap().release(value);
                    let given = result?;
                    if self.type_number(given) == types::COROUTINE {
                        self.heap().release(given);
                        return self.error(types::TYPE_ERROR, "__await__() returned a coroutine");
                    }
                    Ok(given)
                }
                None => {
                    let name = self.type_name(value);
                    self.heap().release(value);
                    let text = match place {
                        1 => format!(
                            "'async with' received an object from __aenter__ that does not implement __await__: {name}"
                        ),
                        2 => format!(
                            "'async with' received an object from __aexit__ that does not implement __await__: {name}"
                        ),
                        _ => format!("object {name} can't be used in 'await' expression"),
                    };
                    self.error(types::TYPE_ERROR, &text)
                }
            },
        }
    }

    pub fn awaits_inside(&self, generator: Value) -> bool {
        match self.machine.heap.object(generator) {
            Some(Object::Generator(g)) => {
                let linked = &self.machine.program.codes[g.frame.code as usize];
                linked.instructions.get(g.frame.pc as usize) == Some(&Instruction::YieldFrom)
            }
            _ => false,
        }
    }

    /// `GetAsyncIterator`.
    pub fn get_async_iterator(&mut self) -> Outcome<()> {
        let value = self.thread.peek(1);
        if matches!(self.machine.heap.object(value), Some(Object::Generator(g)) if g.kind == GeneratorKind::AsyncGenerator)
        {
            return Ok(());
        }
        let Some(function) = self.special(value, symbols::ASYNC_ITER) else {
            let text = [
                "'async for' requires an object with __aiter__ method, got ",
                &self.type_name(value),
            ]
            .concat();
            return self.error(types::TYPE_ERROR, &text);
        };
        self.thread.pop();
        let result = self.call_bound(function, vec![value], After::Push);
        self.heap().release(value);
        let result = result?;
        if self.type_number(result) == types::COROUTINE {
            let problem = self.no_async_iterator(result);
            self.heap().release(result);
            return problem;
        }
        self.thread.push(result);
        Ok(())
    }

    /// `GetAsyncNext`: `iterator -> iterator awaitable`.
    pub fn get_async_next(&mut self) -> Outcome<()> {
        let iterator = self.thread.peek(1);
        if self.machine.type_number(iterator) == types::ASYNC_GENERATOR {
            let step =
                self.new_async_step(iterator, super::object::AsyncStepKind::Send, Value::NONE);
            self.thread.push(step);
            return Ok(());
        }
        match self.call_special(iterator, symbols::ASYNC_NEXT, &[]) {
            Some(result) => {
                let value = result?;
                let name = self.type_name(value);
                let awaitable = match self.get_awaitable(value, 0) {
                    Err(Control::Called) => {
                        let depth = self.thread.frames.len() - 1;
                        self.finish_now(depth)
                    }
                    other => other,
                };
                let cause = match awaitable {
                    Err(Control::Raise(cause)) => cause,
                    other => {
                        self.thread.push(other?);
                        return Ok(());
                    }
                };
                let problem = "'async for' received an invalid object from __anext__: ";
                let raised = self.fail(types::TYPE_ERROR, &[problem, &name]);
                if let Err(Control::Raise(exception)) = raised
                    && let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception)
                {
                    (e.cause, e.context, e.suppress_context) = (cause, cause, true);
                    self.heap().retain(cause);
                }
                raised
            }
            None => self.no_async_iterator(iterator),
        }
    }

    fn no_async_iterator(&mut self, given: Value) -> Outcome<()> {
        let problem =
            "'async for' received an object from __aiter__ that does not implement __anext__: ";
        self.type_error(problem, given, "")
    }

    /// `EndAsyncFor`: `iterator exception ->`.
    pub fn end_async_for(&mut self) -> Outcome<()> {
        let exception = self.thread.pop();
        if !self.is_a(exception, types::STOP_ASYNC_ITERATION) {
            return Err(Control::Raise(exception));
        }
        self.heap().release(exception);
        let iterator = self.thread.pop();
        self.heap().release(iterator);
        Ok(())
    }
}

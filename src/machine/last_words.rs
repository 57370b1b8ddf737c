//! What dying objects still have to do.

use super::frame::After;
use super::generator::With;
use super::object::{GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome};
use crate::bytecode::Instruction;

impl Context<'_> {
    fn is_known_to_loop(&self, value: Value) -> bool {
        matches!(self.machine.heap.object(value), Some(Object::Generator(g)) if g.event_loop.given().is_some())
    }

    /// As it is then: finished, or kept by the task that closes it, or to be closed at once.
    fn dies_under_loop(&mut self, generator: Value) -> Outcome<()> {
        match self.part_from_loop(generator) {
            Err(Control::Raise(e)) => self.heap().release(e),
            other => drop(other?),
        }
        self.heap().release(generator);
        Ok(())
    }

    /// The frame of a task's coroutine is gone: async generators that died with it are told to their loop before the task's end is.
    pub fn part_with_frame(&mut self) -> Outcome<()> {
        while let Some(place) =
            (self.machine.heap.dying.iter()).position(|v| self.is_known_to_loop(*v))
        {
            if let Some(generator) = self.machine.heap.dying.remove(place) {
                self.dies_under_loop(generator)?;
            }
        }
        Ok(())
    }

    /// What dying objects still have to do, one at a time.
    #[cold]
    pub fn last_words(&mut self) -> Outcome<()> {
        while let Some(value) = self.machine.heap.dying.pop_front() {
            if self.is_known_to_loop(value) {
                self.dies_under_loop(value)?;
                continue;
            }
            match self.machine.heap.object_mut(value) {
                Some(Object::Generator(g)) if g.state == GeneratorState::Created => {
                    g.state = GeneratorState::Finished;
                    let (line, code) = (g.line, g.frame.code);
                    self.never_awaited(line, code);
                    self.forget_generator(value);
                }
                Some(Object::Generator(_)) => {
                    if !self.would_run_when_closed(value) {
                        self.forget_generator(value);
                        continue;
                    }
                    let exit = self.machine.generator_exit();
                    self.postpone_others();
                    return self.resume(value, With::Exception(exit), After::Finalizer(value));
                }
                Some(Object::AsyncStep(step)) => {
                    step.finished = true;
                    let (generator, kind) = (step.generator, step.kind);
                    self.step_never_awaited(generator, kind);
                    self.heap().release(value);
                }
                Some(Object::Future(_)) => self.future_last_words(value),
                Some(Object::Instance(i)) => {
                    i.deleted = true;
                    match self.special(value, super::symbols::DELETE) {
                        Some(function) => {
                            if let Some(outcome) = self.delete(value, function) {
                                return outcome;
                            }
                        }
                        None => self.heap().release(value),
                    }
                }
                _ => self.heap().release(value),
            }
        }
        Ok(())
    }

    /// Calls `__del__` of an object (owned). Some: it has a frame, or something worse than an exception happened.
    fn delete(&mut self, value: Value, function: Value) -> Option<Outcome<()>> {
        self.postpone_others();
        let (depth, postponed) = (self.thread.frames.len(), self.thread.postponed.len());
        self.heap().retain(value);
        let arguments = super::call::Arguments {
            values: vec![value],
            names: Vec::new(),
        };
        let called = self.call_borrowed(function, arguments, After::Finalizer(value));
        if self.thread.frames.len() > depth {
            return Some(called.map(drop));
        }
        let over = self.thread.postponed.len() < postponed;
        match called {
            Ok(result) => self.heap().release(result),
            Err(Control::Raise(exception)) if over => self.heap().release(exception),
            Err(Control::Raise(exception)) => self.report_ignored(exception, value),
            Err(other) => return Some(Err(other)),
        }
        if !over {
            self.finalized(value);
        }
        None
    }

    /// A finalizer is about to run: what died beside its object waits until that is gone.
    fn postpone_others(&mut self) {
        let others = std::mem::take(&mut self.machine.heap.dying);
        self.thread.postponed.push(others);
    }

    /// A finalizer is over, and its object (owned) is gone.
    pub(super) fn finalized(&mut self, owner: Value) {
        self.heap().release(owner);
        if let Some(others) = self.thread.postponed.pop() {
            let fresh = std::mem::replace(&mut self.machine.heap.dying, others);
            for value in fresh.into_iter().rev() {
                self.machine.heap.dying.push_front(value);
            }
        }
    }

    /// Ends a generator that has nothing to run, and releases it.
    pub(super) fn forget_generator(&mut self, generator: Value) {
        let mut parts = Vec::new();
        let (mut held, mut waits) = (Value::NULL, false);
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.state = GeneratorState::Finished;
            parts = std::mem::take(&mut g.stack);
            parts.push(std::mem::replace(&mut g.frame.function, Value::NULL));
            parts.push(std::mem::replace(&mut g.handled, Value::NULL));
            held = std::mem::replace(&mut g.held, Value::NULL);
            let code = &self.machine.program.codes[g.frame.code as usize];
            waits = code.instructions.get(g.frame.pc as usize) == Some(&Instruction::YieldFrom);
        }
        parts = self.part_with_suspended(held, parts, waits);
        self.heap().release_all(parts);
        self.heap().release(generator);
    }

    /// Whether closing a suspended generator could run any of its code (or of one it waits for).
    pub(super) fn would_run_when_closed(&self, mut generator: Value) -> bool {
        for _ in 0..1000 {
            let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
                return false;
            };
            let linked = &self.machine.program.codes[g.frame.code as usize];
            let waits =
                linked.instructions.get(g.frame.pc as usize) == Some(&Instruction::YieldFrom);
            let at = if waits {
                g.frame.pc
            } else {
                g.frame.pc.saturating_sub(1)
            };
            if linked
                .code
                .handlers
                .iter()
                .any(|h| h.start <= at && at < h.end)
            {
                return true;
            }
            match (waits, g.stack.last()) {
                (true, Some(inner)) => generator = *inner,
                _ => return false,
            }
        }
        true
    }
}

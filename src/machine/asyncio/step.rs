//! Steps: how a task's coroutine is resumed and what its end does to the task. CPython 3.12, Modules/_asynciomodule.c, task_step_impl.

use crate::machine::asyncio::object::FutureState;
use crate::machine::frame::{After, Driver, Step};
use crate::machine::generator::With;
use crate::machine::object::{GeneratorState, Object};
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Control, Outcome, types};
use crate::trace::{Ending, Event, Kind, NO_TASK, TaskId};

impl Context<'_> {
    /// Runs one step of a task (owned by the step): resumes its coroutine. An `eager` one ends in the task's being the result for the
    /// frame below.
    pub fn step_task(&mut self, task: Value, eager: bool) -> Outcome<()> {
        let Some(f) = self.future(task) else {
            return Ok(());
        };
        if f.state != FutureState::Pending {
            self.heap().release(task);
            return Ok(());
        }
        let (message, event_loop) = (f.cancel_message, f.event_loop);
        let Some(t) = f.task.as_mut() else {
            return Ok(());
        };
        let waiter = std::mem::replace(&mut t.waiter, Value::NULL);
        let cancel = t.must_cancel;
        let (coroutine, id, context, line) = (t.coroutine, t.id, t.context, t.line);
        self.set_must_cancel(task, false);
        let mut woken_by = [waiter, Value::NULL];
        let with = if waiter.is_null() && !cancel {
            With::Value(Value::NONE)
        } else {
            self.what_it_waited_for(waiter, cancel, message)
        };
        if let With::Exception(exception) = with {
            woken_by[1] = self.heap().retain(exception);
        }
        self.heap().retain(context);
        let mut current = None;
        if let Some(l) = self.event_loop(event_loop) {
            current = l.current.replace(task);
        }
        let step = Step {
            task,
            current,
            stepping: self.thread.stepping,
            context: self.enter_context(context),
            line: self.thread.line,
            eager,
            woken_by,
        };
        self.thread.steps.push(step);
        if id != NO_TASK {
            self.thread.stepping = Some(id);
            if self.machine.recorder.is_on() {
                self.record_step(coroutine, line);
            }
        }
        let Some(handle) = task.as_object() else {
            return Ok(());
        };
        let resumed = match self.machine.heap.object(coroutine) {
            Some(Object::AsyncStep(_)) => self
                .drive_async_step(coroutine, with, Driver::Task(handle))
                .map(drop),
            _ => self.resume(coroutine, with, After::TaskStep(handle)),
        };
        match resumed {
            // It could not even start, or ended before it ran.
            Err(Control::Raise(e)) if self.is_in_step(handle) && !self.runs_step(handle) => {
                self.task_raised(handle, e)
            }
            other => other,
        }
    }

    /// A step begins, at the line where the last one ended.
    fn record_step(&mut self, coroutine: Value, line: u32) {
        let first = match self.machine.heap.object(coroutine) {
            Some(Object::Generator(g)) => g.state == GeneratorState::Created,
            Some(Object::AsyncStep(s)) => !s.started,
            _ => false,
        };
        let line = if first {
            self.coroutine_line(coroutine)
        } else {
            line
        };
        self.record(Event {
            a: self.thread.task,
            line,
            ..self.event(Kind::Resume)
        });
        if first {
            self.record(Event {
                line,
                ..self.event(Kind::Begin)
            });
        }
    }

    /// Whether the innermost step is the task's.
    fn is_in_step(&self, task: Handle) -> bool {
        let step = self.thread.steps.last();
        step.is_some_and(|step| step.task.is(Value::object(task)))
    }

    /// Whether the innermost frames belong to the task's step.
    fn runs_step(&self, task: Handle) -> bool {
        self.thread
            .frames
            .iter()
            .rev()
            .take_while(|f| f.generator.given().is_some())
            .any(|f| {
                f.after == After::TaskStep(task) || f.after == After::AsyncStep(Driver::Task(task))
            })
    }

    /// The line at which a suspended coroutine (or the one it waits for) stands in the program.
    pub(super) fn coroutine_line(&self, mut coroutine: Value) -> u32 {
        let mut line = 0;
        for _ in 0..1000 {
            let g = match self.machine.heap.object(coroutine) {
                Some(Object::Generator(g)) => g,
                Some(Object::AsyncStep(step)) => {
                    coroutine = step.generator;
                    continue;
                }
                _ => break,
            };
            if g.frame.flags & crate::machine::frame::FRAME_USER != 0 {
                line = if g.frame.line > 0 {
                    g.frame.line
                } else {
                    self.machine.program.codes[g.frame.code as usize]
                        .code
                        .first_line
                };
            }
            match g.stack.last() {
                Some(inner) => coroutine = *inner,
                None => break,
            }
        }
        line
    }

    /// The step is over: what was before it is again.
    pub(super) fn leave_step(&mut self, task: Value) {
        let Some(f) = self.future(task) else {
            return;
        };
        let event_loop = f.event_loop;
        let Some(step) = self.thread.steps.pop_if(|step| step.task.is(task)) else {
            return;
        };
        if let Some(l) = self.event_loop(event_loop) {
            l.current = step.current;
            if step.eager {
                l.eager.retain(|t| !t.is(task));
            }
        }
        self.heap().release_all(step.woken_by);
        let context = self.enter_context(step.context);
        // A variable set for the first time made a context.
        if context.given().is_some() {
            match self.task(task) {
                Some(t) if t.context.is_null() => t.context = context,
                _ => self.heap().release(context),
            }
        }
        self.thread.stepping = step.stepping;
        if step.eager {
            self.heap().retain(task);
            self.thread.push(task);
            let pending = self
                .future(task)
                .is_some_and(|f| f.state == FutureState::Pending);
            if pending {
                self.register_task(task);
            } else if let Some(t) = self.task(task) {
                let coroutine = std::mem::replace(&mut t.coroutine, Value::NULL);
                self.heap().release(coroutine);
            }
        }
    }

    fn ended(&mut self, task: Value, id: TaskId, how: Ending, exception: Value) {
        if id != NO_TASK && self.machine.recorder.is_on() {
            let b = match exception.given() {
                Some(e) => {
                    let text = self.exception_line(e);
                    self.machine.recorder.string(&text)
                }
                None => 0,
            };
            let event = Event {
                flags: how as u8,
                b,
                task: id,
                ..self.event(Kind::End)
            };
            self.record(event);
        }
        self.forget_task(task);
    }

    fn facts(&mut self, task: Value) -> (TaskId, bool) {
        self.task(task)
            .map_or((NO_TASK, false), |t| (t.id, t.must_cancel))
    }

    /// The coroutine returned (owned).
    pub fn task_returned(&mut self, task: Handle, value: Value) -> Outcome<()> {
        let task = Value::object(task);
        let (id, must_cancel) = self.facts(task);
        if must_cancel {
            // It was asked to cancel while it ran its last part.
            self.set_must_cancel(task, false);
            self.heap().release(value);
            self.ended(task, id, Ending::Cancelled, Value::NULL);
            let message = self.future(task).map_or(Value::NULL, |f| f.cancel_message);
            self.cancel_plain(task, message)?;
        } else {
            self.ended(task, id, Ending::Returned, Value::NULL);
            self.set_result(task, value)?;
        }
        self.leave_step(task);
        self.heap().release(task);
        Ok(())
    }

    /// The coroutine raised (owned).
    pub fn task_raised(&mut self, task: Handle, exception: Value) -> Outcome<()> {
        let task = Value::object(task);
        let (id, _) = self.facts(task);
        // No frame raised it: the step could not begin, or an async generator was over.
        if matches!(self.machine.heap.object(exception), Some(Object::Exception(e)) if e.traceback.is_empty() && e.context.is_null())
        {
            self.set_context(exception);
        }
        if self.is_a(exception, types::CANCELLED_ERROR) {
            self.ended(task, id, Ending::Cancelled, Value::NULL);
            let old = match self.future(task) {
                Some(f) => std::mem::replace(&mut f.exception, exception),
                None => exception,
            };
            self.heap().release(old);
            self.cancel_plain(task, Value::NULL)?;
            self.leave_step(task);
            self.heap().release(task);
            return Ok(());
        }
        let fatal = self.is_a(exception, types::KEYBOARD_INTERRUPT)
            || self.is_a(exception, types::SYSTEM_EXIT);
        self.ended(task, id, Ending::Raised, exception);
        self.heap().retain(exception);
        self.set_exception(task, exception)?;
        self.leave_step(task);
        if fatal {
            // CPython's Handle._run keeps the task in a variable then, and its frame is part of the traceback.
            self.machine.set_member(exception, "task", task);
            return Err(Control::Raise(exception));
        }
        self.heap().release(task);
        self.heap().release(exception);
        Ok(())
    }
}

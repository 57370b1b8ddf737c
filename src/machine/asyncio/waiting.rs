//! Waiting: what a task's coroutine yields, and what its next step gets of it. CPython 3.12, Modules/_asynciomodule.c,
//! task_step_handle_result_impl and task_wakeup.

use crate::machine::asyncio::object::{Callback, FutureState};
use crate::machine::generator::With;
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Control, Outcome, types};
use crate::trace::{Event, Kind, NO_TASK, Tag, TaskId, Wait};

impl Context<'_> {
    /// The coroutine yielded (owned): a future to wait for, or None for its next turn. It did so at a line of the program, 0 if in the
    /// library.
    pub fn task_yielded(&mut self, task: Handle, value: Value, line: u32) -> Outcome<()> {
        let task = Value::object(task);
        let Some(f) = self.future(task) else {
            return Ok(());
        };
        let event_loop = f.event_loop;
        let Some(t) = f.task.as_ref() else {
            return Ok(());
        };
        let (id, must_cancel, coroutine) = (t.id, t.must_cancel, t.coroutine);
        let line = if line == 0 {
            self.coroutine_line(coroutine)
        } else {
            line
        };
        if let Some(t) = self.task(task) {
            t.line = line;
        }
        if value.is_none() {
            self.suspended(line, id, Wait::Turn, 0, None);
            if self.next_turn(task, coroutine, line) {
                return Err(Control::Called);
            }
            self.leave_step(task);
            let result = self.make_ready(event_loop, task);
            self.heap().release(task);
            return result;
        }
        let problem = match self.future(value) {
            Some(_) if value.is(task) => Some("Task cannot await on itself: "),
            Some(f) if !f.event_loop.is(event_loop) => Some("attached to a different loop"),
            Some(f) if !f.blocking => Some("yield was used instead of yield from in task "),
            Some(_) => None,
            None => Some("Task got bad yield: "),
        };
        if let Some(text) = problem {
            return self.bad_yield(task, value, text);
        }
        let Some(f) = self.future(value) else {
            return Ok(());
        };
        f.blocking = false;
        let (mut wait, mut thing, deadline) = (f.wait, f.thing, f.deadline);
        if let Some(t) = &f.task {
            (wait, thing) = (Wait::Task, t.id);
        } else if f.children.given().is_some() {
            wait = Wait::Tasks;
        }
        if wait == Wait::Task && thing == NO_TASK {
            (wait, thing) = (Wait::Future, 0);
        }
        self.suspended(
            line,
            id,
            wait,
            thing,
            (wait == Wait::Sleep).then_some(deadline),
        );
        self.leave_step(task);
        self.heap().retain(task);
        let callback = Callback::of_future(task, Value::NULL);
        self.add_callback(value, callback)?;
        let message = self.future(task).map_or(Value::NULL, |f| f.cancel_message);
        if let Some(t) = self.task(task) {
            t.waiter = value;
        }
        if must_cancel && self.cancel_as_it_is(value, message)? {
            self.set_must_cancel(task, false);
        }
        self.heap().release(task);
        Ok(())
    }

    pub(super) fn suspended(
        &mut self,
        line: u32,
        id: TaskId,
        wait: Wait,
        thing: u32,
        deadline: Option<u64>,
    ) {
        if id == NO_TASK || !self.machine.recorder.is_on() {
            return;
        }
        let (tag, value) = match deadline {
            Some(at) => (Tag::Time, at),
            None => (Tag::Absent, 0),
        };
        let event = Event {
            a: thing,
            b: wait as u32,
            tag,
            value,
            line,
            ..self.event(Kind::Suspend)
        };
        self.record(event);
    }

    /// What it yielded is no future it can wait for: the next step raises RuntimeError in it.
    fn bad_yield(&mut self, task: Value, value: Value, text: &str) -> Outcome<()> {
        let message = if text.starts_with("attached") {
            format!(
                "Task {} got Future {} attached to a different loop",
                self.repr(task)?,
                self.repr(value)?
            )
        } else {
            let shown = self.repr(if text.starts_with("Task cannot") {
                task
            } else {
                value
            })?;
            [text, &shown].concat()
        };
        let text = self.heap().str(&message);
        let args = self.heap().tuple(vec![text]);
        let exception = self
            .machine
            .exception(types::value(types::RUNTIME_ERROR), args);
        self.heap().release(value);
        let event_loop = self.future(task).map_or(Value::NULL, |f| f.event_loop);
        // A failed future to wait for carries the exception into the next step. Nobody sees it: it is what no other future is.
        let carrier = self.new_future(event_loop, Wait::Turn, 0);
        if let Some(f) = self.future(carrier) {
            f.state = FutureState::Finished;
            f.exception = exception;
        }
        self.leave_step(task);
        if let Some(t) = self.task(task) {
            t.waiter = carrier;
        }
        let result = self.make_ready(event_loop, task);
        self.heap().release(task);
        result
    }

    /// What a task's next step is resumed with. A future that failed or was cancelled throws its exception in; the task's own cancellation
    /// replaces it.
    pub(super) fn what_it_waited_for(
        &mut self,
        waiter: Value,
        cancel: bool,
        message: Value,
    ) -> With {
        let mut with = With::Value(Value::NONE);
        if let Some(f) = self.future(waiter) {
            let cancelled = f.state == FutureState::Cancelled;
            let failed = f.exception.given().is_some() || cancelled;
            // The error of a cancelled future is raised, and that of gather's, which is a class in Python; others are only taken.
            let raised = cancelled || f.children.given().is_some();
            if failed && let Err(Control::Raise(e)) = self.future_result(waiter) {
                if raised {
                    self.set_context(e);
                }
                with = With::Exception(e);
            }
        }
        if cancel {
            let keep = matches!(with, With::Exception(e) if self.is_a(e, types::CANCELLED_ERROR));
            if !keep {
                if let With::Exception(e) = with {
                    self.heap().release(e);
                }
                let args = match message.given().filter(|m| !m.is_none()) {
                    Some(m) => self.tuple_of(&[m]),
                    None => self.heap().tuple(Vec::new()),
                };
                with = With::Exception(
                    self.machine
                        .exception(types::value(types::CANCELLED_ERROR), args),
                );
            }
        }
        with
    }
}

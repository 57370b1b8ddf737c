//! Tasks: how a coroutine is stepped through futures. CPython 3.12, Modules/_asynciomodule.c, task_step_impl.

use crate::machine::frame::{After, Step};
use crate::machine::generator::With;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Callback, FutureState, GeneratorKind, GeneratorState, Object, Task};
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Control, Outcome, types};
use crate::trace::{Ending, Event, Kind, NO_TASK, Tag, TaskId, TaskKind, ThingKind, Wait};

pub static GROUP: Group = Group {
    place: Place::Type(types::TASK),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define(
        "__new__",
        "coro | loop= name= context= eager_start=",
        |cx, a| {
            let event_loop = match a[2].given().filter(|v| !v.is_none()) {
                Some(given) => given,
                None => cx.running_loop()?,
            };
            let running = cx.event_loop(event_loop).is_some_and(|l| l.running);
            if a[5].is(Value::TRUE) && running {
                return cx.start_eagerly(event_loop, a[1], a[3], a[4]);
            }
            cx.create_task(event_loop, a[1], a[3], a[4], true)
        },
    ),
    define("get_coro", "", |cx, a| {
        let value = cx
            .task(a[0])
            .map_or(Value::NONE, |t| t.coroutine.given().unwrap_or(Value::NONE));
        Ok(cx.heap().retain(value))
    }),
    define("get_name", "", |cx, a| {
        let value = cx.task(a[0]).map_or(Value::NONE, |t| t.name);
        Ok(cx.heap().retain(value))
    }),
    define("set_name", "value", |cx, a| {
        let text = cx.str(a[1])?;
        cx.name_task(a[0], &text);
        Ok(Value::NONE)
    }),
    define("get_context", "", |cx, a| {
        if let Some(context) = cx.task(a[0]).and_then(|t| t.context.given()) {
            return Ok(cx.heap().retain(context));
        }
        let (module, class) = (cx.symbol("contextvars"), cx.symbol("Context"));
        let module = cx.import(module)?;
        let crate::machine::value::View::Module(number) = module.view() else {
            return Ok(Value::NONE);
        };
        let Some(class) = cx.module_attribute(number, class) else {
            return Ok(Value::NONE);
        };
        let context = cx.call_now(class, &[])?;
        if let Some(t) = cx.task(a[0]) {
            t.context = context;
        }
        Ok(cx.heap().retain(context))
    }),
    define("_context", "", |cx, a| {
        let context = cx.task(a[0]).and_then(|t| t.context.given());
        Ok(cx.heap().retain(context.unwrap_or(Value::NONE)))
    }),
    define("cancelling", "", |cx, a| {
        Ok(Value::int(
            cx.task(a[0]).map_or(0, |t| t.cancel_requests as i64),
        ))
    }),
    define("uncancel", "", |cx, a| {
        let rewritten = cx.machine.version.at_least(3, 13);
        let Some(t) = cx.task(a[0]) else {
            return Ok(Value::int(0));
        };
        t.cancel_requests = t.cancel_requests.saturating_sub(1);
        if rewritten && t.cancel_requests == 0 {
            t.must_cancel = false;
        }
        Ok(Value::int(t.cancel_requests as i64))
    }),
    define("set_result", "result", |cx, _| {
        cx.error(
            types::RUNTIME_ERROR,
            "Task does not support set_result operation",
        )
    }),
    define("set_exception", "exception", |cx, _| {
        cx.error(
            types::RUNTIME_ERROR,
            "Task does not support set_exception operation",
        )
    }),
    define("get_stack", "| limit=", |cx, _| {
        Ok(cx.heap().list(Vec::new()))
    }),
];

impl Context<'_> {
    pub fn task(&mut self, value: Value) -> Option<&mut Task> {
        self.future(value).and_then(|f| f.task.as_mut())
    }

    /// `Task(coro, loop=..., name=..., context=...)`: the first step is put into the ready queue. A task that is not `shown` has no part in
    /// the trace.
    pub fn create_task(
        &mut self,
        event_loop: Value,
        coroutine: Value,
        name: Value,
        context: Value,
        shown: bool,
    ) -> Outcome {
        let task = self.new_coroutine_task(event_loop, coroutine, name, context, shown)?;
        self.register_task(task);
        if let Err(e) = self.make_ready(event_loop, task) {
            self.heap().release(task);
            return Err(e);
        }
        Ok(task)
    }

    /// `Task(..., eager_start=True)`: the first step runs at once, on top of the frame that makes the task. CPython 3.12,
    /// Modules/_asynciomodule.c, task_eager_start.
    fn start_eagerly(
        &mut self,
        event_loop: Value,
        coroutine: Value,
        name: Value,
        context: Value,
    ) -> Outcome {
        let task = self.new_coroutine_task(event_loop, coroutine, name, context, true)?;
        if let Some(l) = self.event_loop(event_loop) {
            l.eager.push(task);
        }
        self.step_task(task, true)?;
        // It is over already, and the task is pushed.
        Err(Control::Called)
    }

    /// A task with its name and context, not yet known to its loop.
    fn new_coroutine_task(
        &mut self,
        event_loop: Value,
        coroutine: Value,
        name: Value,
        context: Value,
        shown: bool,
    ) -> Outcome {
        if !matches!(self.machine.heap.object(coroutine), Some(Object::Generator(g)) if g.kind == GeneratorKind::Coroutine)
        {
            let text = ["a coroutine was expected, got ", &self.repr(coroutine)?].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        self.machine.tasks += 1;
        if self.machine.tasks as usize > self.machine.limits.tasks {
            return Err(Control::Limit("tasks"));
        }
        let given = name.given().filter(|n| !n.is_none());
        let text = match given {
            Some(name) => self.str(name)?,
            None => {
                self.machine.task_names += 1;
                format!("Task-{}", self.machine.task_names)
            }
        };
        let id = if shown && self.machine.recorder.is_on() {
            let label = self.coroutine_label(coroutine);
            self.new_task(TaskKind::Coroutine, &text, &label)
        } else if shown {
            self.new_task(TaskKind::Coroutine, "", "")
        } else {
            NO_TASK
        };
        let name = self.heap().str(&text);
        let context = self.context_or_current(context);
        let future = self.new_future(event_loop, Wait::Task, id);
        self.heap().retain(coroutine);
        if let Some(f) = self.future(future) {
            f.task = Some(Task {
                id,
                coroutine,
                name,
                waiter: Value::NULL,
                must_cancel: false,
                cancel_requests: 0,
                context,
                number: 0,
                line: 0,
            });
        }
        if id != NO_TASK {
            self.record(Event {
                a: id,
                ..self.event(Kind::Spawn)
            });
        }
        Ok(future)
    }

    /// Puts a task on its loop's list.
    fn register_task(&mut self, task: Value) {
        let event_loop = self.future(task).map_or(Value::NULL, |f| f.event_loop);
        let mut number = 0;
        if let Some(l) = self.event_loop(event_loop) {
            l.task_number += 1;
            number = l.task_number;
            l.tasks.insert(number, task);
        }
        if let Some(t) = self.task(task) {
            t.number = number;
        }
    }

    pub fn name_task(&mut self, task: Value, text: &str) {
        let name = self.heap().str(text);
        let mut id = NO_TASK;
        let mut old = name;
        if let Some(t) = self.task(task) {
            old = std::mem::replace(&mut t.name, name);
            id = t.id;
        }
        self.heap().release(old);
        if id != NO_TASK {
            self.machine.recorder.rename(id, text);
        }
    }

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
        let cancel = std::mem::take(&mut t.must_cancel);
        let (coroutine, id, context, line) = (t.coroutine, t.id, t.context, t.line);
        let mut woken_by = [waiter, Value::NULL];
        let with = if waiter.is_null() && !cancel {
            With::Value(Value::NONE)
        } else {
            self.what_it_waited_for(waiter, cancel, message)
        };
        if let With::Exception(exception) = with {
            woken_by[1] = self.heap().retain(exception);
        }
        self.heap().retain(task);
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
        match self.resume(coroutine, with, After::TaskStep(handle)) {
            // It could not even start, or ended before it ran.
            Err(Control::Raise(e)) if !self.runs_step(handle) => self.task_raised(handle, e),
            other => other,
        }
    }

    /// A step begins, at the line where the last one ended.
    fn record_step(&mut self, coroutine: Value, line: u32) {
        let first = matches!(self.machine.heap.object(coroutine), Some(Object::Generator(g)) if g.state == GeneratorState::Created);
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

    /// What a task's next step is resumed with. A future that failed or was cancelled throws its exception in; the task's own cancellation
    /// replaces it.
    fn what_it_waited_for(&mut self, waiter: Value, cancel: bool, message: Value) -> With {
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

    /// Whether the innermost frames belong to the task's step.
    fn runs_step(&self, task: Handle) -> bool {
        self.thread
            .frames
            .iter()
            .rev()
            .take_while(|f| f.generator.given().is_some())
            .any(|f| f.after == After::TaskStep(task))
    }

    /// The line at which a suspended coroutine (or the one it waits for) stands in the program.
    fn coroutine_line(&self, mut coroutine: Value) -> u32 {
        let mut line = 0;
        for _ in 0..1000 {
            let Some(Object::Generator(g)) = self.machine.heap.object(coroutine) else {
                break;
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
    fn leave_step(&mut self, task: Value) {
        let Some(f) = self.future(task) else {
            return;
        };
        let event_loop = f.event_loop;
        let Some(step) = self.thread.steps.pop_if(|step| step.task.is(task)) else {
            return;
        };
        let mut current = None;
        if let Some(l) = self.event_loop(event_loop) {
            current = std::mem::replace(&mut l.current, step.current);
            if step.eager {
                l.eager.retain(|t| !t.is(task));
            }
        }
        self.heap().release_all(current);
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

    /// Takes a task off its loop's list, and lets its coroutine go when it is done.
    pub fn forget_task(&mut self, task: Value) {
        let Some(f) = self.future(task) else { return };
        let event_loop = f.event_loop;
        let number = f.task.as_ref().map_or(0, |t| t.number);
        if let Some(l) = self.event_loop(event_loop) {
            l.tasks.remove(&number);
        }
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
            if let Some(t) = self.task(task) {
                t.must_cancel = false;
            }
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
            // CPython's Handle._run keeps the task in a variable then, and its frame is part of the traceback: the task never dies.
            if let Some(f) = self.future(task) {
                f.log_traceback = false;
            }
            self.heap().release(task);
            return Err(Control::Raise(exception));
        }
        self.heap().release(task);
        self.heap().release(exception);
        Ok(())
    }

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
            if self.next_turn(task) {
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
        let callback = Callback {
            target: task,
            args: Value::NULL,
            context: Value::NULL,
            cancelled: false,
            scheduled: false,
            when: None,
            created: None,
            event_loop: Value::NULL,
        };
        self.add_callback(value, callback)?;
        let message = self.future(task).map_or(Value::NULL, |f| f.cancel_message);
        if let Some(t) = self.task(task) {
            t.waiter = value;
        }
        if must_cancel
            && self.cancel_future(value, message)?
            && let Some(t) = self.task(task)
        {
            t.must_cancel = false;
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

    /// `task.cancel(msg)`. CPython 3.12, Modules/_asynciomodule.c, _asyncio_Task_cancel_impl.
    pub fn cancel_task(&mut self, task: Value, message: Value) -> Outcome<bool> {
        let Some(f) = self.future(task) else {
            return Ok(false);
        };
        f.log_traceback = false;
        if f.state != FutureState::Pending {
            return Ok(false);
        }
        let mut waiter = Value::NULL;
        let mut id = NO_TASK;
        if let Some(t) = self.task(task) {
            t.cancel_requests += 1;
            waiter = t.waiter;
            id = t.id;
        }
        if id != NO_TASK {
            self.record(Event {
                a: id,
                ..self.event(Kind::Cancel)
            });
        }
        if waiter.given().is_some() {
            self.heap().retain(waiter);
            let cancelled = self.cancel_future(waiter, message);
            self.heap().release(waiter);
            if cancelled? {
                return Ok(true);
            }
        }
        self.heap().retain(message);
        let mut old = Value::NULL;
        if let Some(f) = self.future(task) {
            old = std::mem::replace(&mut f.cancel_message, message);
            if let Some(t) = &mut f.task {
                t.must_cancel = true;
            }
        }
        self.heap().release(old);
        Ok(true)
    }

    /// The running event loop, or RuntimeError.
    pub fn running_loop(&mut self) -> Outcome {
        match self.thread.event_loop.given() {
            Some(event_loop) => Ok(event_loop),
            None => self.error(types::RUNTIME_ERROR, "no running event loop"),
        }
    }

    /// The kind of thing for a name the library uses.
    pub fn thing_kind(name: &str) -> ThingKind {
        match name {
            "lock" => ThingKind::Lock,
            "rlock" => ThingKind::RLock,
            "event" => ThingKind::Event,
            "condition" => ThingKind::Condition,
            "semaphore" => ThingKind::Semaphore,
            "barrier" => ThingKind::Barrier,
            "queue" => ThingKind::Queue,
            "future" => ThingKind::Future,
            "group" => ThingKind::Group,
            "reply" => ThingKind::Reply,
            _ => ThingKind::Other,
        }
    }
}

//! Tasks: their methods, how they are made, and cancelling. CPython 3.12, Modules/_asynciomodule.c, TaskObj.

use crate::machine::asyncio::object::{FutureState, Task};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::value::Value;
use crate::machine::{Context, Control, Outcome, types};
use crate::trace::{Event, Kind, NO_TASK, TaskKind, ThingKind, Wait};

pub static GROUP: Group = Group {
    place: Place::Type(types::TASK),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define(
        "__new__",
        "coro | loop= name= context= eager_start=",
        |cx, a| {
            let event_loop = cx.loop_for_future(a[2])?;
            let running = cx.event_loop(event_loop).is_some_and(|l| l.running);
            if a[5].is(Value::TRUE) && running {
                return cx.start_eagerly(event_loop, a[1], a[3], a[4]);
            }
            cx.create_task(event_loop, a[1], a[3], a[4], true)
        },
    ),
    define(
        "__init__",
        "coro | loop= name= context= eager_start=",
        |cx, a| {
            if a[5].is(Value::TRUE) {
                return cx.reject(
                    "an eager task of a class that derives from asyncio.Task is not supported",
                    "leave out `eager_start`",
                );
            }
            let event_loop = cx.loop_for_future(a[2])?;
            let fresh = cx.new_coroutine_task(event_loop, a[1], a[3], a[4], true)?;
            cx.initialize_derived(a[0], fresh)?;
            cx.register_task(a[0]);
            cx.make_ready(event_loop, a[0])?;
            Ok(Value::NONE)
        },
    ),
    define("get_coro", "", |cx, a| {
        let value = cx
            .task(a[0])
            .map_or(Value::NONE, |t| t.coroutine.given().unwrap_or(Value::NONE));
        Ok(cx.heap().retain(value))
    }),
    define("get_name", "", |cx, a| {
        let value = cx.name_of_task(a[0]);
        Ok(cx.heap().retain(value))
    }),
    define("set_name", "value /", |cx, a| {
        let text = cx.str(a[1])?;
        cx.name_task(a[0], &text);
        Ok(Value::NONE)
    }),
    define("get_context", "", |cx, a| {
        if let Some(context) = cx.task(a[0]).and_then(|t| t.context.given()) {
            return Ok(cx.heap().retain(context));
        }
        // A step that runs has the one that its first variable made.
        let running = cx.context_of_step(a[0]).map(|context| *context);
        if let Some(context) = running.and_then(Value::given) {
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
        if let Some(place) = cx.context_of_step(a[0]) {
            *place = context;
            cx.heap().retain(context);
        } else {
            cx.except_from_turns(a[0]);
        }
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
        let left = t.cancel_requests;
        if rewritten && left == 0 {
            cx.set_must_cancel(a[0], false);
        }
        Ok(Value::int(left as i64))
    }),
    define("set_result", "result /", |cx, _| {
        cx.error(
            types::RUNTIME_ERROR,
            "Task does not support set_result operation",
        )
    }),
    define("set_exception", "exception /", |cx, _| {
        cx.error(
            types::RUNTIME_ERROR,
            "Task does not support set_exception operation",
        )
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
        if self.acts_as_coroutine(coroutine) {
            return self.reject(
                "a task of an object with `send`, `throw` and `close` of its own is not supported",
                "write the coroutine as `async def`",
            );
        }
        if !self.is_coroutine(coroutine) {
            let text = ["a coroutine was expected, got ", &self.repr(coroutine)?].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        self.machine.tasks += 1;
        if self.machine.tasks as usize > self.machine.limits.tasks {
            return Err(Control::Limit("tasks"));
        }
        let recorded = shown && self.machine.recorder.is_on();
        let mut string = 0;
        let name = match name.given().filter(|n| !n.is_none()) {
            Some(name) => {
                let text = self.str(name)?;
                string = self.machine.recorder.string(&text);
                self.heap().str(&text)
            }
            None => {
                self.machine.task_names += 1;
                let number = self.machine.task_names as i64;
                if recorded {
                    string = self.machine.recorder.fresh_string(&default_name(number));
                }
                Value::int(number)
            }
        };
        let id = if recorded {
            let label = self.coroutine_label(coroutine);
            self.new_task(TaskKind::Coroutine, string, &label)
        } else if shown {
            self.new_task(TaskKind::Coroutine, 0, "")
        } else {
            NO_TASK
        };
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
    pub(super) fn register_task(&mut self, task: Value) {
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

    /// A task's name, borrowed: a str, made of the number that stands for it until somebody asks.
    pub(super) fn name_of_task(&mut self, task: Value) -> Value {
        let name = self.task(task).map_or(Value::NONE, |t| t.name);
        let Some(number) = name.as_int() else {
            return name;
        };
        let name = self.heap().str(&default_name(number));
        if let Some(t) = self.task(task) {
            t.name = name;
        }
        name
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

    /// Takes a task off its loop's list, and lets its coroutine go when it is done.
    pub fn forget_task(&mut self, task: Value) {
        let Some(f) = self.future(task) else { return };
        let event_loop = f.event_loop;
        let number = f.task.as_ref().map_or(0, |t| t.number);
        if let Some(l) = self.event_loop(event_loop) {
            l.tasks.remove(&number);
        }
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
            let cancelled = self.cancel_as_it_is(waiter, message);
            self.heap().release(waiter);
            if cancelled? {
                return Ok(true);
            }
        }
        self.heap().retain(message);
        let mut old = Value::NULL;
        if let Some(f) = self.future(task) {
            old = std::mem::replace(&mut f.cancel_message, message);
        }
        self.set_must_cancel(task, true);
        self.heap().release(old);
        Ok(true)
    }

    /// Whether the task's next step is to throw a cancellation in. Its loop counts such tasks.
    pub(super) fn set_must_cancel(&mut self, task: Value, must: bool) {
        let Some(t) = self.task(task) else {
            return;
        };
        let did = std::mem::replace(&mut t.must_cancel, must);
        if did == must {
            return;
        }
        if must {
            self.except_from_turns(task);
        } else {
            let event_loop = self.future(task).map_or(Value::NULL, |f| f.event_loop);
            if let Some(l) = self.event_loop(event_loop) {
                l.exceptional = l.exceptional.saturating_sub(1);
            }
        }
    }

    /// One task more of its loop's that turns have to look at.
    fn except_from_turns(&mut self, task: Value) {
        let event_loop = self.future(task).map_or(Value::NULL, |f| f.event_loop);
        if let Some(l) = self.event_loop(event_loop) {
            l.exceptional += 1;
        }
    }

    /// The loop that a future or task belongs to, borrowed: the one given, else what `asyncio.get_event_loop` gives. CPython 3.12,
    /// Modules/_asynciomodule.c, future_init.
    pub(super) fn loop_for_future(&mut self, given: Value) -> Outcome {
        let own = given.given().filter(|v| !v.is_none());
        if let Some(event_loop) = own.or(self.thread.event_loop.given()) {
            return Ok(event_loop);
        }
        let event_loop = self.call_library("asyncio.loops", "get_event_loop", &[])?;
        // The library remembers it.
        self.heap().release(event_loop);
        Ok(event_loop)
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

/// What a task is called that was given no name.
fn default_name(number: i64) -> String {
    format!("Task-{number}")
}

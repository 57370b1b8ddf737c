//! Futures. CPython 3.12, Modules/_asynciomodule.c, FutureObj.

use crate::machine::asyncio::object::{Callback, Future, FutureState, More};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Attributes, Object};
use crate::machine::value::{Symbol, Value};
use crate::machine::{Context, Outcome, types};
use crate::trace::{NEVER, Wait};

pub static GROUP: Group = Group {
    place: Place::Type(types::FUTURE),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "| loop=", new),
    define("__init__", "| loop=", |cx, a| {
        let fresh = new(cx, a)?;
        cx.initialize_derived(a[0], fresh)?;
        Ok(Value::NONE)
    }),
    define("result", "", result),
    define("exception", "", exception),
    define("done", "", |cx, a| {
        Ok(Value::bool(
            cx.future(a[0])
                .is_some_and(|f| f.state != FutureState::Pending),
        ))
    }),
    define("cancelled", "", |cx, a| {
        Ok(Value::bool(
            cx.future(a[0])
                .is_some_and(|f| f.state == FutureState::Cancelled),
        ))
    }),
    define("cancel", "msg=", |cx, a| {
        cx.cancel_future(a[0], a[1]).map(Value::bool)
    }),
    define("set_result", "result", |cx, a| {
        cx.heap().retain(a[1]);
        cx.set_result(a[0], a[1])?;
        Ok(Value::NONE)
    }),
    define("set_exception", "exception", |cx, a| {
        cx.heap().retain(a[1]);
        cx.set_exception(a[0], a[1])?;
        Ok(Value::NONE)
    }),
    define("add_done_callback", "fn | context=", add_done_callback),
    define("remove_done_callback", "fn", remove_done_callback),
    define("get_loop", "", |cx, a| {
        let value = cx.future(a[0]).map_or(Value::NONE, |f| f.event_loop);
        Ok(cx.heap().retain(value))
    }),
    define("_make_cancelled_error", "", |cx, a| {
        Ok(cx.cancelled_error(a[0]))
    }),
    define("__await__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
    define("__iter__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
];

fn new(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let event_loop = match a[1].given().filter(|v| !v.is_none()) {
        Some(given) => given,
        None => match cx.thread.event_loop.given() {
            Some(running) => running,
            None => return cx.error(types::RUNTIME_ERROR, "no running event loop"),
        },
    };
    let thing = cx.new_thing(crate::trace::ThingKind::Future);
    Ok(cx.new_future(event_loop, Wait::Future, thing))
}

fn result(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    cx.raised_result(a[0])
}

fn exception(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some(f) = cx.future(a[0]) else {
        return Ok(Value::NONE);
    };
    match f.state {
        FutureState::Pending => cx.error(types::INVALID_STATE_ERROR, "Exception is not set."),
        FutureState::Cancelled => {
            let error = cx.cancelled_error(a[0]);
            cx.set_context(error);
            Err(crate::machine::Control::Raise(error))
        }
        FutureState::Finished => {
            f.log_traceback = false;
            let exception = f.exception.given().unwrap_or(Value::NONE);
            Ok(cx.heap().retain(exception))
        }
    }
}

fn add_done_callback(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let context = cx.context_or_current(a[2]);
    cx.heap().retain(a[1]);
    let callback = Callback::of_future(a[1], context);
    cx.add_callback(a[0], callback)?;
    Ok(Value::NONE)
}

fn remove_done_callback(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let targets: Vec<Value> = cx.future(a[0]).map_or(Vec::new(), |f| {
        f.callbacks.iter().map(|c| c.target).collect()
    });
    let mut same = Vec::new();
    for target in targets {
        same.push(cx.equal(target, a[1])?);
    }
    let Some(f) = cx.future(a[0]) else {
        return Ok(Value::int(0));
    };
    let (mut kept, mut removed) = (Vec::new(), Vec::new());
    for (callback, same) in std::mem::take(&mut f.callbacks).into_iter().zip(same) {
        if same {
            removed.push(callback)
        } else {
            kept.push(callback)
        }
    }
    f.callbacks = kept;
    let count = removed.len();
    for callback in removed {
        cx.drop_callback(callback);
    }
    Ok(Value::int(count as i64))
}

impl Context<'_> {
    /// A new pending future of a loop (borrowed).
    pub fn new_future(&mut self, event_loop: Value, wait: Wait, thing: u32) -> Value {
        let created = self.creation(event_loop);
        self.heap().retain(event_loop);
        self.heap().add(Object::Future(Box::new(Future {
            state: FutureState::Pending,
            result: Value::NULL,
            exception: Value::NULL,
            traceback: Value::NULL,
            callbacks: Vec::new(),
            event_loop,
            log_traceback: false,
            blocking: false,
            cancel_message: Value::NULL,
            wait,
            thing,
            deadline: NEVER,
            children: Value::NULL,
            unfinished: 0,
            cancel_requested: false,
            log_destroy: true,
            more: created.map(|line| {
                Box::new(More {
                    created: Some(line),
                    class: Value::NULL,
                    attributes: Attributes::default(),
                })
            }),
            task: None,
        })))
    }

    /// `future.result()`.
    pub fn future_result(&mut self, future: Value) -> Outcome {
        let Some(f) = self.future(future) else {
            return Ok(Value::NONE);
        };
        match f.state {
            FutureState::Pending => self.error(types::INVALID_STATE_ERROR, "Result is not set."),
            FutureState::Cancelled => {
                let error = self.cancelled_error(future);
                Err(crate::machine::Control::Raise(error))
            }
            FutureState::Finished => {
                f.log_traceback = false;
                let (result, exception) = (f.result, f.exception);
                let traceback = std::mem::replace(&mut f.traceback, Value::NULL);
                let entries = match self.machine.heap.object_mut(traceback) {
                    Some(Object::Traceback(entries)) => std::mem::take(entries).into_vec(),
                    _ => Vec::new(),
                };
                self.heap().release(traceback);
                self.set_traceback(exception, entries);
                match exception.given() {
                    Some(exception) => Err(crate::machine::Control::Raise(
                        self.heap().retain(exception),
                    )),
                    None => Ok(self.heap().retain(result)),
                }
            }
        }
    }

    /// The result for who asks for it: an exception is raised anew, so it gets a new context.
    pub fn raised_result(&mut self, future: Value) -> Outcome {
        let result = self.future_result(future);
        if let Err(crate::machine::Control::Raise(exception)) = &result {
            self.set_context(*exception);
        }
        result
    }

    /// The CancelledError of a cancelled future, with its message.
    pub fn cancelled_error(&mut self, future: Value) -> Value {
        let (kept, message) = match self.future(future) {
            Some(f) if f.state == FutureState::Cancelled => (
                std::mem::replace(&mut f.exception, Value::NULL),
                f.cancel_message,
            ),
            // gather asks this of children that were not cancelled, too.
            Some(f) => (Value::NULL, f.cancel_message),
            None => (Value::NULL, Value::NULL),
        };
        if let Some(kept) = kept.given() {
            return kept;
        }
        let args = match message.given().filter(|m| !m.is_none()) {
            Some(message) => self.tuple_of(&[message]),
            None => self.heap().tuple(Vec::new()),
        };
        self.machine
            .exception(types::value(types::CANCELLED_ERROR), args)
    }

    /// `future.set_result(result)`; takes over the result.
    pub fn set_result(&mut self, future: Value, result: Value) -> Outcome<()> {
        match self.future(future) {
            Some(f) if f.state == FutureState::Pending => {
                f.state = FutureState::Finished;
                f.result = result;
                self.schedule_callbacks(future)
            }
            _ => {
                self.heap().release(result);
                self.error(types::INVALID_STATE_ERROR, "invalid state")
            }
        }
    }

    /// `future.set_exception(exception)`; takes over the exception (or its class).
    pub fn set_exception(&mut self, future: Value, exception: Value) -> Outcome<()> {
        if !self
            .future(future)
            .is_some_and(|f| f.state == FutureState::Pending)
        {
            self.heap().release(exception);
            return self.error(types::INVALID_STATE_ERROR, "invalid state");
        }
        let mut exception = self.to_exception(exception, "invalid exception object")?;
        if self
            .type_of(exception)
            .is(types::value(types::STOP_ITERATION))
        {
            let text =
                "StopIteration interacts badly with generators and cannot be raised into a Future";
            if !self.machine.version.at_least(3, 13) {
                self.heap().release(exception);
                return self.error(types::TYPE_ERROR, text);
            }
            let text = self.heap().str(text);
            let args = self.heap().tuple(vec![text]);
            let wrapped = self
                .machine
                .exception(types::value(types::RUNTIME_ERROR), args);
            self.heap().retain(exception);
            if let Some(Object::Exception(e)) = self.machine.heap.object_mut(wrapped) {
                e.cause = exception;
                e.context = exception;
                e.suppress_context = true;
            }
            exception = wrapped;
        }
        let entries = self.traceback_entries(exception);
        let traceback = if entries.is_empty() {
            Value::NULL
        } else {
            self.heap().add(Object::Traceback(entries.into()))
        };
        if let Some(f) = self.future(future) {
            f.state = FutureState::Finished;
            f.exception = exception;
            f.traceback = traceback;
            f.log_traceback = true;
        }
        self.schedule_callbacks(future)
    }

    /// `future.cancel(msg)`, of a task too. Whether it had an effect.
    pub fn cancel_future(&mut self, future: Value, message: Value) -> Outcome<bool> {
        let Some(f) = self.future(future) else {
            return Ok(false);
        };
        if f.task.is_some() {
            // Tasks may wait for each other in a circle.
            self.sink("")?;
            let cancelled = self.cancel_task(future, message);
            self.rise();
            return cancelled;
        }
        let children = f.children;
        if children.given().is_some() && f.state == FutureState::Pending {
            let any = self.cancel_children(children, message)?;
            if any && let Some(f) = self.future(future) {
                f.cancel_requested = true;
            }
            return Ok(any);
        }
        self.cancel_plain(future, message)
    }

    fn cancel_children(&mut self, children: Value, message: Value) -> Outcome<bool> {
        let mut any = false;
        let mut problem = None;
        for child in self.items(children)? {
            if problem.is_none() {
                match self.cancel_as_it_is(child, message) {
                    Ok(cancelled) => any |= cancelled,
                    Err(control) => problem = Some(control),
                }
            }
            self.heap().release(child);
        }
        problem.map_or(Ok(any), Err)
    }

    /// Cancels it as a mere future: what ends a task that was cancelled, too.
    pub fn cancel_plain(&mut self, future: Value, message: Value) -> Outcome<bool> {
        self.heap().retain(message);
        let Some(f) = self.future(future) else {
            return Ok(false);
        };
        f.log_traceback = false;
        if f.state != FutureState::Pending {
            self.heap().release(message);
            return Ok(false);
        }
        f.state = FutureState::Cancelled;
        let old = std::mem::replace(&mut f.cancel_message, message);
        self.heap().release(old);
        self.schedule_callbacks(future)?;
        Ok(true)
    }

    /// Facts of futures that are plain attributes in CPython.
    pub fn future_fact(&mut self, future: Value, name: Symbol) -> Option<Value> {
        let text = self.name(name).to_owned();
        let f = self.future(future)?;
        match text.as_str() {
            "_cancel_requested" => Some(Value::bool(f.cancel_requested)),
            "_asyncio_future_blocking" => Some(Value::bool(f.blocking)),
            "_log_destroy_pending" => Some(Value::bool(f.log_destroy)),
            "_state" => {
                let text = match f.state {
                    FutureState::Pending => "PENDING",
                    FutureState::Finished => "FINISHED",
                    FutureState::Cancelled => "CANCELLED",
                };
                Some(self.heap().str(text))
            }
            "_loop" => {
                let value = f.event_loop;
                Some(self.heap().retain(value))
            }
            "_cancel_message" => {
                let value = f.cancel_message.given().unwrap_or(Value::NONE);
                Some(self.heap().retain(value))
            }
            "_must_cancel" => f.task.as_ref().map(|t| Value::bool(t.must_cancel)),
            "_fut_waiter" => {
                let waiter = f.task.as_ref()?.waiter;
                let shown = self.future(waiter).is_some_and(|w| w.wait != Wait::Turn);
                Some(self.heap().retain(if shown { waiter } else { Value::NONE }))
            }
            "_num_cancels_requested" => f
                .task
                .as_ref()
                .map(|t| Value::int(t.cancel_requests as i64)),
            _ => None,
        }
    }

    /// Sets one of the plain attributes the library needs to set; whether there is such a one.
    pub fn set_future_fact(&mut self, future: Value, name: Symbol, value: Value) -> bool {
        if self.future(future).is_none() {
            return false;
        }
        let text = self.name(name).to_owned();
        let truth = value.is(Value::TRUE);
        let Some(f) = self.future(future) else {
            return false;
        };
        match text.as_str() {
            "_log_destroy_pending" => f.log_destroy = truth,
            "_cancel_requested" => f.cancel_requested = truth,
            "_asyncio_future_blocking" => f.blocking = truth,
            "_log_traceback" => f.log_traceback = truth,
            "_cancel_message" => {
                let old = std::mem::replace(&mut f.cancel_message, value);
                self.heap().retain(value);
                self.heap().release(old);
            }
            _ => return false,
        }
        true
    }
}

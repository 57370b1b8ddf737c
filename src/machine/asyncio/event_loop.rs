//! The event loop and its methods. CPython 3.12, Lib/asyncio/base_events.py, BaseEventLoop.

use crate::machine::asyncio::object::EventLoop;
use crate::machine::call::Arguments;
use crate::machine::frame::{After, Frame};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::{Symbol, Value};
use crate::machine::{Context, Outcome, Signal, types};
use crate::trace::{Event, Kind, NO_TASK, ThingKind, Wait};

pub static GROUP: Group = Group {
    place: Place::Type(types::LOOP),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "", |cx, _| {
        Ok(cx.heap().add(Object::Loop(Box::default())))
    }),
    define("time", "", |cx, _| Ok(Value::float(cx.loop_time()))),
    define("is_running", "", |cx, a| {
        Ok(Value::bool(cx.event_loop(a[0]).is_some_and(|l| l.running)))
    }),
    define("is_closed", "", |cx, a| {
        Ok(Value::bool(cx.event_loop(a[0]).is_some_and(|l| l.closed)))
    }),
    define("get_debug", "", |cx, a| {
        Ok(Value::bool(cx.event_loop(a[0]).is_some_and(|l| l.debug)))
    }),
    define("set_debug", "enabled", |cx, a| {
        let debug = cx.truth(a[1])?;
        if let Some(l) = cx.event_loop(a[0]) {
            l.debug = debug;
        }
        Ok(Value::NONE)
    }),
    define("stop", "", |cx, a| {
        if let Some(l) = cx.event_loop(a[0]) {
            l.stopping = true;
        }
        Ok(Value::NONE)
    }),
    define("run_forever", "", run_forever),
    define("create_future", "", |cx, a| {
        let thing = cx.new_thing(ThingKind::Future);
        Ok(cx.new_future(a[0], Wait::Future, thing))
    }),
    define("create_task", "coro | name= context=", create_task),
    define("get_task_factory", "", |cx, a| {
        let factory = cx.event_loop(a[0]).and_then(|l| l.task_factory);
        let factory = factory.unwrap_or(Value::NONE);
        Ok(cx.heap().retain(factory))
    }),
    define("_set_task_factory", "factory", |cx, a| {
        cx.heap().retain(a[1]);
        let factory = Some(a[1]).filter(|f| !f.is_none());
        let old = cx
            .event_loop(a[0])
            .and_then(|l| std::mem::replace(&mut l.task_factory, factory));
        cx.heap().release_all(old);
        Ok(Value::NONE)
    }),
    define("call_soon", "callback *args | context=", |cx, a| {
        let handle = cx.new_handle(a, 1, None, "call_soon")?;
        cx.make_ready(a[0], handle)?;
        Ok(handle)
    }),
    define(
        "call_soon_threadsafe",
        "callback *args | context=",
        |cx, a| {
            let handle = cx.new_handle(a, 1, None, "call_soon_threadsafe")?;
            cx.put_ready(a[0], handle)?;
            if let Some(l) = cx.event_loop(a[0]) {
                l.woken = true;
            }
            let own =
                cx.event_loop(a[0]).is_some_and(|l| l.running) && cx.thread.event_loop.is(a[0]);
            if !own {
                cx.machine.signals.push(Signal::LoopWoken(a[0]));
            }
            Ok(handle)
        },
    ),
    define("call_later", "delay callback *args | context=", |cx, a| {
        let Some(delay) = a[1].as_number() else {
            return cx.error(types::TYPE_ERROR, "delay must not be None");
        };
        let when = cx.loop_time() + delay;
        cx.call_at(a, when)
    }),
    define("call_at", "when callback *args | context=", |cx, a| {
        let Some(when) = a[1].as_number() else {
            return cx.error(types::TYPE_ERROR, "when cannot be None");
        };
        cx.call_at(a, when)
    }),
];

/// Through the task factory if there is one.
fn create_task(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    if cx.event_loop(a[0]).is_some_and(|l| l.closed) {
        return cx.error(types::RUNTIME_ERROR, "Event loop is closed");
    }
    let factory = cx.event_loop(a[0]).and_then(|l| l.task_factory);
    if factory.is_none() {
        return cx.create_task(a[0], a[1], a[2], a[3], true);
    }
    let values: Vec<Value> = a[..4]
        .iter()
        .map(|v| v.given().unwrap_or(Value::NONE))
        .collect();
    match cx.loop_method("_make_task") {
        Some(method) => cx.call_pushed(method, &values),
        None => Ok(Value::NONE),
    }
}

/// Pushes the frame in which the loop turns until it is stopped.
fn run_forever(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let thread = cx.number;
    let running_here = cx.thread.event_loop.given().is_some();
    let Some(l) = cx.event_loop(a[0]) else {
        return Ok(Value::NONE);
    };
    if l.closed {
        return cx.error(types::RUNTIME_ERROR, "Event loop is closed");
    }
    if l.running {
        return cx.error(types::RUNTIME_ERROR, "This event loop is already running");
    }
    if running_here {
        return cx.error(
            types::RUNTIME_ERROR,
            "Cannot run the event loop while another loop is running",
        );
    }
    l.running = true;
    l.thread = thread;
    l.batch = 0;
    cx.heap().retain(a[0]);
    cx.heap().retain(a[0]);
    cx.thread.event_loop = a[0];
    let base = cx.thread.stack.len() as u32;
    let code = cx.machine.loop_code;
    cx.push_frame(Frame {
        code,
        base,
        function: a[0],
        ..Frame::default()
    })
}

impl Context<'_> {
    pub fn event_loop(&mut self, value: Value) -> Option<&mut EventLoop> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Loop(l)) => Some(l),
            _ => None,
        }
    }

    /// The time as loops tell it, in seconds.
    pub fn loop_time(&self) -> f64 {
        self.machine.now() as f64 / 1e9
    }

    /// A method of loops that is Python; borrowed.
    pub fn loop_method(&mut self, name: &str) -> Option<Value> {
        let name = self.symbol(name);
        let methods = &self.machine.loop_methods;
        methods.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }

    /// Whether loops have a method of this name, native or Python.
    pub fn is_loop_method(&self, name: Symbol) -> bool {
        let heap = &self.machine.heap;
        let mut of_library = self.machine.loop_methods.iter();
        self.machine.natives.method(types::LOOP, name).is_some()
            || of_library.any(|(n, value)| *n == name && heap.object(*value).is_some())
    }

    /// Calls a Python function with borrowed arguments for the frame that called this native.
    pub fn call_pushed(&mut self, function: Value, args: &[Value]) -> Outcome {
        for value in args {
            self.machine.heap.retain(*value);
        }
        let arguments = Arguments {
            values: args.to_vec(),
            names: Vec::new(),
        };
        self.call_borrowed(function, arguments, After::Push)
    }

    /// Puts a handle or a task (borrowed) at the end of the loop's ready queue.
    pub fn make_ready(&mut self, event_loop: Value, entry: Value) -> Outcome<()> {
        self.check_thread(event_loop)?;
        self.put_ready(event_loop, entry)
    }

    /// The same from any thread.
    pub fn put_ready(&mut self, event_loop: Value, entry: Value) -> Outcome<()> {
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        if l.closed {
            return self.error(types::RUNTIME_ERROR, "Event loop is closed");
        }
        l.ready.push_back(entry.into());
        self.heap().retain(entry);
        if let Some(t) = self.task(entry) {
            let id = t.id;
            if id != NO_TASK && self.machine.recorder.is_on() {
                let a = self.thread.stepping.unwrap_or(NO_TASK);
                let a = if a == id { NO_TASK } else { a };
                self.record(Event {
                    task: id,
                    a,
                    ..self.event(Kind::Schedule)
                });
            }
        }
        Ok(())
    }

    /// The loop no longer runs in this thread.
    pub fn leave_loop(&mut self, event_loop: Value) {
        self.leave_entry(event_loop);
        if let Some(l) = self.event_loop(event_loop) {
            l.running = false;
            l.polling = false;
            l.stopping = false;
            l.iterated = false;
            l.batch = 0;
        }
        let own = std::mem::replace(&mut self.thread.event_loop, Value::NULL);
        self.heap().release(own);
        self.thread.stepping = None;
    }
}

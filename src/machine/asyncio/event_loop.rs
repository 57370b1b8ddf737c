//! The event loop's iteration. CPython 3.12, Lib/asyncio/base_events.py, BaseEventLoop._run_once.

use super::timers;
use crate::bytecode::preemption::Version;
use crate::machine::call::Arguments;
use crate::machine::frame::{After, Frame};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Callback, Entered, Entry, EventLoop, Object};
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Control, Outcome, Signal, Trap, types};
use crate::trace::{Event, Kind, NEVER, NO_TASK, ThingKind, Wait};

pub static GROUP: Group = Group {
    place: Place::Type(types::LOOP),
    natives: METHODS,
};
pub static HANDLES: Group = Group {
    place: Place::Type(types::HANDLE),
    natives: HANDLE_METHODS,
};

/// Seconds that a callback may take unless the loop's `slow_callback_duration` says otherwise.
const SLOW: f64 = 0.1;

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
        let handle = cx.new_handle(a, 1, None)?;
        cx.make_ready(a[0], handle)?;
        Ok(handle)
    }),
    define(
        "call_soon_threadsafe",
        "callback *args | context=",
        |cx, a| {
            let handle = cx.new_handle(a, 1, None)?;
            cx.make_ready(a[0], handle)?;
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

const HANDLE_METHODS: &[Definition] = &[
    define("cancel", "", |cx, a| {
        let mut owner = Value::NULL;
        let mut parts = Vec::new();
        if let Some(Object::Handle(c)) = cx.machine.heap.object_mut(a[0])
            && !c.cancelled
        {
            c.cancelled = true;
            if c.scheduled {
                owner = c.event_loop;
            }
            parts = vec![
                std::mem::replace(&mut c.target, Value::NULL),
                std::mem::replace(&mut c.args, Value::NULL),
            ];
        }
        cx.heap().release_all(parts);
        if let Some(l) = cx.event_loop(owner) {
            l.cancelled_timers += 1;
        }
        Ok(Value::NONE)
    }),
    define("cancelled", "", |cx, a| {
        Ok(Value::bool(
            matches!(cx.machine.heap.object(a[0]), Some(Object::Handle(c)) if c.cancelled),
        ))
    }),
    define("when", "", |cx, a| match cx.machine.heap.object(a[0]) {
        Some(Object::Handle(c)) => Ok(Value::float(c.when.unwrap_or(0.0))),
        _ => Ok(Value::NONE),
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

    /// A handle for `callback *args` as a native got them: `fixed` parameters, then the context, then the rest.
    pub fn new_handle(&mut self, a: &[Value], fixed: usize, when: Option<f64>) -> Outcome {
        let event_loop = a[0];
        if self.event_loop(event_loop).is_some_and(|l| l.closed) {
            return self.error(types::RUNTIME_ERROR, "Event loop is closed");
        }
        let (target, context) = (a[fixed], a[fixed + 1]);
        let args = self.tuple_of(&a[fixed + 2..]);
        self.heap().retain(target);
        self.heap().retain(event_loop);
        let context = self.context_or_current(context);
        let created = self.creation(event_loop);
        Ok(self.heap().add(Object::Handle(Box::new(Callback {
            target,
            args,
            context,
            cancelled: false,
            scheduled: when.is_some(),
            when,
            created,
            event_loop,
        }))))
    }

    fn call_at(&mut self, a: &[Value], when: f64) -> Outcome {
        let handle = self.new_handle(a, 2, Some(when))?;
        self.heap().retain(handle);
        if let Some(l) = self.event_loop(a[0]) {
            timers::push(&mut l.timers, (when, handle));
        }
        Ok(handle)
    }

    /// Puts a handle or a task (borrowed) at the end of the loop's ready queue.
    pub fn make_ready(&mut self, event_loop: Value, entry: Value) -> Outcome<()> {
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

    /// `LoopTurn`: the next callback of the batch, or the next iteration.
    pub fn loop_turn(&mut self) -> Outcome<()> {
        let event_loop = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.function);
        let thread = self.thread.task;
        if self
            .event_loop(event_loop)
            .is_some_and(|l| l.entered.is_some())
        {
            self.leave_entry(event_loop);
        }
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        if l.polling {
            l.polling = false;
            l.woken = false;
            let found = self.thread.pop();
            if !found.is_none() {
                self.files_ready(event_loop, found)?;
            }
            return self.begin_batch(event_loop);
        }
        if l.batch > 0 {
            l.batch -= 1;
            let entry = l.ready.pop_front();
            return match entry {
                Some(Entry { value, turn }) => {
                    if let (Some(turn), Some(t)) = (turn, self.task(value)) {
                        t.line = turn.line;
                    }
                    self.run_entry(value)
                }
                None => Ok(()),
            };
        }
        if l.stopping && l.iterated {
            l.stopping = false;
            l.iterated = false;
            let frame = self.thread.frames.pop();
            self.leave_loop(event_loop);
            if let Some(frame) = frame {
                self.heap().release(frame.function);
            }
            self.thread.push(Value::NONE);
            return Ok(());
        }
        // The next iteration: how long to wait.
        self.drop_cancelled_timers(event_loop);
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        l.iterated = true;
        let deadline = match (l.ready.is_empty() && !l.stopping, l.timers.first()) {
            (false, _) => 0,
            (true, Some((when, _))) => super::super::kernel::locks::seconds(*when),
            (true, None) => NEVER,
        };
        let (ready, set) = (l.ready.len() as u32, l.timers.len() as u32);
        l.polling = true;
        self.record(Event {
            a: ready,
            b: set,
            task: thread,
            ..self.event(Kind::Loop)
        });
        Err(Control::Trap(Box::new(Trap::Poll {
            event_loop,
            deadline,
        })))
    }

    /// An entry begins to run in its context (owned, NULL for an empty one).
    fn enter_entry(&mut self, event_loop: Value, entry: Value, context: Value) {
        let context = self.enter_context(context);
        let since = self.machine.now();
        let debug = self.event_loop(event_loop).is_some_and(|l| l.debug);
        let entry = if debug {
            self.heap().retain(entry)
        } else {
            Value::NULL
        };
        if let Some(l) = self.event_loop(event_loop) {
            l.entered = Some(Entered {
                context,
                entry,
                since,
            });
        }
    }

    /// The entry that ran is done. In debug mode it is told of when it kept the loop for long.
    fn leave_entry(&mut self, event_loop: Value) {
        let Some(entered) = self.event_loop(event_loop).and_then(|l| l.entered.take()) else {
            return;
        };
        let inner = self.enter_context(entered.context);
        self.heap().release(inner);
        if entered.entry.is_null() {
            return;
        }
        let seconds = (self.machine.now() - entered.since) as f64 / 1e9;
        let name = self.symbol("slow_callback_duration");
        let limit = match self.machine.heap.object(event_loop) {
            Some(Object::Loop(l)) => l.attributes.get(name).and_then(Value::as_number),
            _ => None,
        };
        if seconds >= limit.unwrap_or(SLOW) {
            let shown = match self.task(entered.entry) {
                Some(_) => self.repr(entered.entry).unwrap_or_default(),
                None => self.handle_text(entered.entry),
            };
            self.write_error(&format!("Executing {shown} took {seconds:.3} seconds\n"));
        }
        self.heap().release(entered.entry);
    }

    /// Under a loop in debug mode, the line that makes something now; 0 in the library.
    pub fn creation(&mut self, event_loop: Value) -> Option<u32> {
        let debug = self.event_loop(event_loop).is_some_and(|l| l.debug);
        debug.then(|| {
            if self.in_user_frame() {
                self.thread.line
            } else {
                0
            }
        })
    }

    /// ` created at a.py:3`, as reprs show it in debug mode.
    pub fn creation_text(&self, created: Option<u32>) -> String {
        match created {
            Some(0) => String::from(" created"),
            Some(line) => format!(" created at {}:{line}", self.machine.file),
            None => String::new(),
        }
    }

    /// `<Handle f() at a.py:3>`. CPython 3.12, Lib/asyncio/events.py, Handle._repr_info.
    pub fn handle_text(&mut self, handle: Value) -> String {
        let Some(Object::Handle(c)) = self.machine.heap.object(handle) else {
            return String::new();
        };
        let (target, args, when, cancelled) = (c.target, c.args, c.when, c.cancelled);
        let (event_loop, created) = (c.event_loop, c.created);
        let mut text = String::from(if when.is_some() {
            "<TimerHandle"
        } else {
            "<Handle"
        });
        if cancelled {
            text.push_str(" cancelled");
        }
        if let Some(when) = when {
            text.push_str(&format!(" when={}", self.plain_repr(Value::float(when))));
        }
        if !cancelled {
            text.push(' ');
            text.push_str(&self.call_text(target, args, event_loop));
        }
        text + &self.creation_text(created) + ">"
    }

    /// `f(1) at a.py:3`: from 3.13 on the arguments are shown in debug mode only.
    fn call_text(&mut self, target: Value, args: Value, event_loop: Value) -> String {
        let debug = self.event_loop(event_loop).is_some_and(|l| l.debug);
        let shown = debug || self.machine.version < Version::V3_13;
        self.arguments_text(args, Value::NULL, shown)
            .and_then(|arguments| self.callback_text(target, &arguments, shown))
            .unwrap_or_default()
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

    /// After the poll: timers that are due become ready, in the order of the heap; what is ready now is this iteration's batch.
    fn begin_batch(&mut self, event_loop: Value) -> Outcome<()> {
        // CPython takes what is due within the clock's resolution.
        let end = self.loop_time() + 1e-9;
        let Some(l) = self.event_loop(event_loop) else {
            return Ok(());
        };
        let held = std::mem::take(&mut l.held);
        l.late = held && l.timers.first().is_some_and(|(when, _)| *when < end);
        let mut due = Vec::new();
        while !held && l.timers.first().is_some_and(|(when, _)| *when < end) {
            let Some((_, handle)) = timers::pop(&mut l.timers) else {
                break;
            };
            due.push(handle);
        }
        l.ready
            .extend(due.iter().map(|&handle| Entry::from(handle)));
        l.batch = l.ready.len();
        for handle in due {
            if let Some(Object::Handle(c)) = self.machine.heap.object_mut(handle) {
                c.scheduled = false;
            }
        }
        Ok(())
    }

    fn drop_cancelled_timers(&mut self, event_loop: Value) {
        let Some(l) = self.event_loop(event_loop) else {
            return;
        };
        if l.cancelled_timers == 0 {
            return;
        }
        let mut heap = std::mem::take(&mut l.timers);
        let mut count = l.cancelled_timers;
        let cancelled = |cx: &Context<'_>, handle: Value| matches!(cx.machine.heap.object(handle), Some(Object::Handle(c)) if c.cancelled);
        let mut dropped = Vec::new();
        if heap.len() > 100 && count * 2 > heap.len() {
            let (gone, kept) = heap.into_iter().partition(|(_, h)| cancelled(self, *h));
            dropped = gone;
            heap = kept;
            timers::heapify(&mut heap);
            count = 0;
        } else {
            while heap.first().is_some_and(|(_, h)| cancelled(self, *h)) {
                dropped.extend(timers::pop(&mut heap));
                count = count.saturating_sub(1);
            }
        }
        if let Some(l) = self.event_loop(event_loop) {
            l.timers = heap;
            l.cancelled_timers = count;
        }
        for (_, handle) in dropped {
            if let Some(Object::Handle(c)) = self.machine.heap.object_mut(handle) {
                c.scheduled = false;
            }
            self.heap().release(handle);
        }
    }

    /// Runs an entry (owned) of the ready queue.
    fn run_entry(&mut self, entry: Value) -> Outcome<()> {
        if self.is_task(entry) {
            let event_loop = self.future(entry).map_or(Value::NULL, |f| f.event_loop);
            if self.event_loop(event_loop).is_some_and(|l| l.debug) {
                let context = self.thread.context;
                self.heap().retain(context);
                self.enter_entry(event_loop, entry, context);
            }
            return self.step_task(entry, false);
        }
        let Some(Object::Handle(c)) = self.machine.heap.object(entry) else {
            return Ok(());
        };
        if c.cancelled {
            self.heap().release(entry);
            return Ok(());
        }
        let (target, args, context, event_loop) = (c.target, c.args, c.context, c.event_loop);
        let values = self.items(args)?;
        let Some(handle) = entry.as_object() else {
            return Ok(());
        };
        self.heap().retain(context);
        self.enter_entry(event_loop, entry, context);
        match self.call_borrowed(
            target,
            Arguments {
                values,
                names: Vec::new(),
            },
            After::LoopCallback(handle),
        ) {
            Ok(value) => {
                self.heap().release(value);
                self.heap().release(entry);
                Ok(())
            }
            Err(Control::Raise(e))
                if self
                    .thread
                    .frames
                    .last()
                    .is_some_and(|f| f.code == self.machine.loop_code) =>
            {
                self.callback_raised(handle, e)
            }
            // It goes on without a frame that would own the entry.
            Err(trap @ Control::Trap(_)) => {
                self.heap().release(entry);
                Err(trap)
            }
            Err(other) => Err(other),
        }
    }

    /// A callback raised (owned).
    pub fn callback_raised(&mut self, handle: Handle, exception: Value) -> Outcome<()> {
        let handle = Value::object(handle);
        if self.is_a(exception, types::KEYBOARD_INTERRUPT)
            || self.is_a(exception, types::SYSTEM_EXIT)
        {
            self.heap().release(handle);
            return Err(Control::Raise(exception));
        }
        let Some(Object::Handle(c)) = self.machine.heap.object(handle) else {
            return Ok(());
        };
        let (target, args, event_loop) = (c.target, c.args, c.event_loop);
        let shown = self.call_text(target, args, event_loop);
        let message = ["Exception in callback ", &shown].concat();
        self.heap().retain(event_loop);
        // What the handler raises was raised while this one was handled.
        self.heap().retain(exception);
        let outer = std::mem::replace(&mut self.thread.handled, exception);
        self.call_exception_handler(event_loop, &message, exception, "handle", handle);
        let inner = std::mem::replace(&mut self.thread.handled, outer);
        self.heap().release(inner);
        self.heap().release(event_loop);
        self.heap().release(exception);
        self.heap().release(handle);
        Ok(())
    }
}

//! Handles: callbacks that a loop is to call, soon or at a time. CPython 3.12, Lib/asyncio/events.py, Handle and TimerHandle.

use super::timers;
use crate::bytecode::preemption::Version;
use crate::machine::asyncio::object::Callback;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::Value;
use crate::machine::{Context, Outcome, types};

pub static GROUP: Group = Group {
    place: Place::Type(types::HANDLE),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
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

impl Context<'_> {
    /// A handle for `callback *args` as the method of a loop got them: `fixed` parameters, then the context, then the rest.
    pub fn new_handle(
        &mut self,
        a: &[Value],
        fixed: usize,
        when: Option<f64>,
        method: &str,
    ) -> Outcome {
        let event_loop = a[0];
        let (target, context) = (a[fixed], a[fixed + 1]);
        match self.event_loop(event_loop) {
            Some(l) if l.closed => {
                return self.error(types::RUNTIME_ERROR, "Event loop is closed");
            }
            Some(l) if l.debug => self.check_call(event_loop, target, method)?,
            _ => {}
        }
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

    /// What a loop looks at in debug mode. CPython 3.12, Lib/asyncio/base_events.py, _check_thread and _check_callback.
    fn check_call(&mut self, event_loop: Value, callback: Value, method: &str) -> Outcome<()> {
        if method != "call_soon_threadsafe" {
            self.check_thread(event_loop)?;
        }
        if self.is_coroutine(callback) || self.is_coroutine_function(callback) {
            let text = ["coroutines cannot be used with ", method, "()"];
            return self.fail(types::TYPE_ERROR, &text);
        }
        if !self.is_callable(callback) {
            let shown = self.repr(callback)?;
            let text = [
                "a callable object was expected by ",
                method,
                "(), got ",
                &shown,
            ];
            return self.fail(types::TYPE_ERROR, &text);
        }
        Ok(())
    }

    /// RuntimeError in debug mode if the loop runs in another thread.
    pub(super) fn check_thread(&mut self, event_loop: Value) -> Outcome<()> {
        let me = self.number;
        match self.event_loop(event_loop) {
            Some(l) if l.debug && l.running && l.thread != me => self.error(
                types::RUNTIME_ERROR,
                "Non-thread-safe operation invoked on an event loop other than the current one",
            ),
            _ => Ok(()),
        }
    }

    pub(super) fn call_at(&mut self, a: &[Value], when: f64) -> Outcome {
        let handle = self.new_handle(a, 2, Some(when), "call_at")?;
        self.heap().retain(handle);
        if let Some(l) = self.event_loop(a[0]) {
            timers::push(&mut l.timers, (when, handle));
        }
        Ok(handle)
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
    pub(super) fn call_text(&mut self, target: Value, args: Value, event_loop: Value) -> String {
        let debug = self.event_loop(event_loop).is_some_and(|l| l.debug);
        let shown = debug || self.machine.version < Version::V3_13;
        self.arguments_text(args, Value::NULL, shown)
            .and_then(|arguments| self.callback_text(target, &arguments, shown))
            .unwrap_or_default()
    }
}

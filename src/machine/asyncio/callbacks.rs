//! What a future's end sets going: its callbacks, and what it has to say when nobody asked for its outcome. CPython 3.12,
//! Modules/_asynciomodule.c, future_schedule_callbacks and FutureObj_finalize.

use crate::bytecode::preemption::Version;
use crate::machine::asyncio::object::{Callback, FutureState};
use crate::machine::object::Object;
use crate::machine::value::{Symbol, Value};
use crate::machine::{Context, Outcome};

impl Context<'_> {
    /// Puts the future's callbacks into its loop's ready queue, in order.
    pub(super) fn schedule_callbacks(&mut self, future: Value) -> Outcome<()> {
        let Some(f) = self.future(future) else {
            return Ok(());
        };
        let event_loop = f.event_loop;
        for callback in std::mem::take(&mut f.callbacks) {
            self.schedule_callback(event_loop, future, callback)?;
        }
        Ok(())
    }

    pub(super) fn schedule_callback(
        &mut self,
        event_loop: Value,
        future: Value,
        mut callback: Callback,
    ) -> Outcome<()> {
        if self.is_task(callback.target) {
            // A waiting task's wake-up: its next step finds the result at its await.
            let result = self.make_ready(event_loop, callback.target);
            self.drop_callback(callback);
            return result;
        }
        callback.args = self.tuple_of(&[future]);
        self.heap().retain(event_loop);
        callback.event_loop = event_loop;
        let handle = self.heap().add(Object::Handle(Box::new(callback)));
        let result = self.make_ready(event_loop, handle);
        self.heap().release(handle);
        result
    }

    /// `add_done_callback` with a callback made ready; takes it over.
    pub fn add_callback(&mut self, future: Value, callback: Callback) -> Outcome<()> {
        let Some(f) = self.future(future) else {
            return Ok(());
        };
        if f.state == FutureState::Pending {
            // Most have only one.
            f.callbacks.reserve_exact(1);
            f.callbacks.push(callback);
            return Ok(());
        }
        let event_loop = f.event_loop;
        self.schedule_callback(event_loop, future, callback)
    }

    pub fn drop_callback(&mut self, c: Callback) {
        self.heap()
            .release_all([c.target, c.args, c.context, c.event_loop]);
    }

    pub fn is_task(&self, value: Value) -> bool {
        matches!(self.machine.heap.object(value), Some(Object::Future(f)) if f.task.is_some())
    }

    /// A future or task dies: an exception that nobody saw, or a task that never ended.
    pub fn future_last_words(&mut self, future: Value) {
        let derived = self.future(future).is_some_and(|f| f.derived().is_some());
        let name =
            derived.then(|| [&self.type_name(future), " exception was never retrieved"].concat());
        let (message, exception, event_loop, key) = match self.future(future) {
            Some(f) if f.task.is_some() && f.state == FutureState::Pending => {
                f.log_destroy = false;
                (
                    "Task was destroyed but it is pending!",
                    Value::NULL,
                    f.event_loop,
                    "task",
                )
            }
            Some(f) => {
                f.log_traceback = false;
                let what = if let Some(name) = &name {
                    name
                } else if f.task.is_some() {
                    "Task exception was never retrieved"
                } else if f.children.given().is_some() {
                    "_GatheringFuture exception was never retrieved"
                } else {
                    "Future exception was never retrieved"
                };
                (what, f.exception, f.event_loop, "future")
            }
            None => return,
        };
        self.forget_task(future);
        // From 3.13 on logging cannot print a traceback any more when modules come to an end.
        let silent = self.machine.ending == 2
            && self.machine.version >= Version::V3_13
            && matches!(self.machine.heap.object(exception), Some(Object::Exception(e)) if !e.traceback.is_empty());
        if !silent {
            self.heap().retain(event_loop);
            self.call_exception_handler(event_loop, message, exception, key, future);
            self.heap().release(event_loop);
        }
        self.heap().release(future);
    }

    /// `loop.call_exception_handler({...})`; problems inside it are dropped.
    pub fn call_exception_handler(
        &mut self,
        event_loop: Value,
        message: &str,
        exception: Value,
        key: &str,
        value: Value,
    ) {
        let dict = self.heap().add(Object::Dict(Box::default()));
        let text = self.heap().str(message);
        let mut pairs = vec![("message", text)];
        if exception.given().is_some() {
            pairs.push(("exception", self.machine.heap.retain(exception)));
        }
        pairs.push((key, self.machine.heap.retain(value)));
        for (key, value) in pairs {
            let key = self.heap().str(key);
            let _ = self.dict_set(dict, key, value);
            self.heap().release(key);
            self.heap().release(value);
        }
        let name: Symbol = self.symbol("call_exception_handler");
        let handler = self
            .machine
            .loop_methods
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| *v);
        if let Some(handler) = handler {
            match self.call_now(handler, &[event_loop, dict]) {
                Ok(v) => self.heap().release(v),
                Err(crate::machine::Control::Raise(e)) => self.heap().release(e),
                Err(_) => {}
            }
        }
        self.heap().release(dict);
    }
}

//! Contexts of context variables, as the library's `contextvars` makes them: instances whose dict of values is never changed but
//! replaced, so that a copy is cheap. A thread that never set a variable has none, which is the same as an empty one.

use crate::machine::Context;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::Value;

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("context", "", |cx, _| {
        let context = cx.thread.context.given().unwrap_or(Value::NONE);
        Ok(cx.heap().retain(context))
    }),
    define("set_context", "context", |cx, a| {
        let context = if a[0].is_none() { Value::NULL } else { a[0] };
        cx.heap().retain(context);
        let old = cx.enter_context(context);
        Ok(old.given().unwrap_or(Value::NONE))
    }),
    define("copy_context", "", |cx, _| {
        let copy = cx.context_or_current(Value::NULL);
        Ok(copy.given().unwrap_or(Value::NONE))
    }),
];

impl Context<'_> {
    /// The context given, or a copy of the thread's; owned, NULL for an empty one.
    pub fn context_or_current(&mut self, given: Value) -> Value {
        if let Some(context) = given.given().filter(|c| !c.is_none()) {
            return self.heap().retain(context);
        }
        let copy = match self.machine.heap.object(self.thread.context) {
            Some(Object::Instance(instance)) => instance.clone(),
            _ => return Value::NULL,
        };
        self.heap().retain(copy.class);
        for (_, value) in &copy.attributes.0 {
            self.machine.heap.retain(*value);
        }
        self.heap().add(Object::Instance(copy))
    }

    /// Where the context lies (NULL for an empty one) of a task whose step runs in this thread, which a step within may have put aside.
    pub fn context_of_step(&mut self, task: Value) -> Option<&mut Value> {
        let steps = &mut self.thread.steps;
        let at = steps.iter().rposition(|step| step.task.is(task))?;
        match steps.get_mut(at + 1) {
            Some(within) => Some(&mut within.context),
            None => Some(&mut self.thread.context),
        }
    }

    /// Makes a context (owned) the thread's and gives back the one that was (owned).
    pub fn enter_context(&mut self, context: Value) -> Value {
        std::mem::replace(&mut self.thread.context, context)
    }
}

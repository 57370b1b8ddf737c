//! asyncio for the library: what is native in CPython beyond the classes themselves.

use crate::machine::asyncio::object::FutureState;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{GeneratorKind, Object};
use crate::machine::value::Value;
use crate::machine::{Context, symbols};
use crate::trace::Wait;

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("waiter", "loop wait thing", |cx, a| {
        let wait = cx.wait_kind(a[1]);
        let thing = if wait == Wait::Sleep {
            0
        } else {
            cx.wait_subject(wait, a[2])
        };
        let future = cx.new_future(a[0], wait, thing);
        if wait == Wait::Sleep
            && let Some(at) = a[2].as_number()
            && let Some(f) = cx.future(future)
        {
            f.deadline = super::locks::seconds(at);
        }
        Ok(future)
    }),
    define("waits_for", "waiter thing", |cx, a| {
        let wait = cx.future(a[0]).map_or(Wait::Future, |f| f.wait);
        let thing = cx.wait_subject(wait, a[1]);
        if let Some(f) = cx.future(a[0]) {
            f.thing = thing;
        }
        Ok(Value::NONE)
    }),
    define("method", "function instance", |cx, a| {
        let pair = [a[0], a[1]].map(|v| cx.heap().retain(v));
        Ok(cx.heap().add(Object::Method(Box::new(pair))))
    }),
    define("running_loop", "", |cx, _| {
        let value = cx.thread.event_loop.given().unwrap_or(Value::NONE);
        Ok(cx.heap().retain(value))
    }),
    define("get_running_loop", "", |cx, _| {
        let value = cx.running_loop()?;
        Ok(cx.heap().retain(value))
    }),
    define("_set_result_unless_cancelled", "future result", |cx, a| {
        if cx
            .future(a[0])
            .is_some_and(|f| f.state == FutureState::Pending)
        {
            cx.heap().retain(a[1]);
            cx.set_result(a[0], a[1])?;
        }
        Ok(Value::NONE)
    }),
    define("index", "value", |cx, a| {
        cx.need_index(a[0]).map(Value::int)
    }),
    define("current_task", "loop=", |cx, a| {
        let event_loop = match a[0].given().filter(|v| !v.is_none()) {
            Some(given) => given,
            None => cx.running_loop()?,
        };
        let value = cx
            .event_loop(event_loop)
            .and_then(|l| l.current)
            .unwrap_or(Value::NONE);
        Ok(cx.heap().retain(value))
    }),
    define("all_tasks", "loop", |cx, a| {
        let tasks: Vec<Value> = cx.event_loop(a[0]).map_or(Vec::new(), |l| {
            l.tasks.values().chain(&l.eager).copied().collect()
        });
        for task in &tasks {
            cx.machine.heap.retain(*task);
        }
        Ok(cx.heap().list(tasks))
    }),
    define("quiet_task", "coro loop", |cx, a| {
        cx.create_task(a[1], a[0], Value::NULL, Value::NULL, false)
    }),
    define("bare_yield", "", |_, _| Ok(Value::turn(false))),
    define("is_coroutine", "value", |cx, a| {
        Ok(Value::bool(
            cx.is_coroutine(a[0]) || cx.acts_as_coroutine(a[0]),
        ))
    }),
    define("is_coroutine_function", "value", |cx, a| {
        Ok(Value::bool(cx.is_coroutine_function(a[0])))
    }),
    define("make_awaitable", "function", |cx, a| {
        let Some(code) = cx.function(a[0]).map(|f| f.code) else {
            return Ok(Value::FALSE);
        };
        let program = std::rc::Rc::make_mut(&mut cx.machine.program);
        let linked = &mut program.codes[code as usize];
        let kind = linked.code.kind;
        if kind == crate::bytecode::CodeKind::Generator {
            std::rc::Rc::make_mut(linked).awaitable = true;
        }
        Ok(Value::bool(matches!(
            kind,
            crate::bytecode::CodeKind::Generator | crate::bytecode::CodeKind::Coroutine
        )))
    }),
    define("is_awaitable", "value", |cx, a| {
        let native = cx.is_coroutine(a[0])
            || a[0].is_turn()
            || matches!(cx.machine.heap.object(a[0]), Some(Object::Future(_)));
        Ok(Value::bool(
            native || cx.special(a[0], symbols::AWAIT).is_some(),
        ))
    }),
    define("open_asyncgens", "loop", |cx, a| {
        let generators = cx
            .event_loop(a[0])
            .map(|l| std::mem::take(&mut l.generators));
        let generators: Vec<Value> = generators.unwrap_or_default().into_values().collect();
        for generator in &generators {
            cx.machine.heap.retain(*generator);
        }
        Ok(cx.heap().list(generators))
    }),
    define("close_loop", "loop", |cx, a| {
        let mut parts = Vec::new();
        let mut watched = false;
        if let Some(l) = cx.event_loop(a[0]) {
            l.closed = true;
            watched = !l.files.is_empty();
            parts.extend(l.ready.drain(..).map(|e| e.value));
            parts.extend(l.timers.drain(..).map(|t| t.1));
            parts.extend(std::mem::take(&mut l.files).into_values().flatten());
        }
        cx.heap().release_all(parts);
        Ok(Value::bool(watched))
    }),
    define("make_ready", "loop handle", |cx, a| {
        cx.put_ready(a[0], a[1])?;
        Ok(Value::NONE)
    }),
    define("handle", "loop callback *args | context=", |cx, a| {
        cx.new_handle(a, 1, None, "add_signal_handler")
    }),
    define("watched", "loop file", |cx, a| {
        let file = a[1].as_int().unwrap_or(0) as u32;
        let handles = cx
            .event_loop(a[0])
            .and_then(|l| l.files.get(&file).copied());
        let handles = handles.unwrap_or([Value::NULL; 2]);
        let handles = handles.map(|h| h.given().unwrap_or(Value::NONE));
        Ok(cx.tuple_of(&handles))
    }),
    define("watch", "loop file reader writer", |cx, a| {
        let file = a[1].as_int().unwrap_or(0) as u32;
        let handles = [a[2], a[3]].map(|h| if h.is_none() { Value::NULL } else { h });
        for handle in handles {
            cx.machine.heap.retain(handle);
        }
        let old = cx
            .event_loop(a[0])
            .and_then(|l| match handles.iter().all(|h| h.is_null()) {
                true => l.files.remove(&file),
                false => l.files.insert(file, handles),
            });
        cx.heap().release_all(old.into_iter().flatten());
        Ok(Value::NONE)
    }),
    define("attach", "name function", |cx, a| {
        let name = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
        let symbol = cx.symbol(&name);
        cx.heap().retain(a[1]);
        cx.machine.loop_methods.push((symbol, a[1]));
        Ok(Value::NONE)
    }),
];

impl Context<'_> {
    /// Whether calling it makes a coroutine: a function or a method.
    pub fn is_coroutine_function(&mut self, mut value: Value) -> bool {
        while let Some(Object::Method(pair)) = self.machine.heap.object(value) {
            value = pair[0];
        }
        let code = self.function(value).map(|f| f.code);
        code.is_some_and(|c| {
            self.machine.program.codes[c as usize].code.kind == crate::bytecode::CodeKind::Coroutine
        })
    }

    pub fn is_coroutine(&self, value: Value) -> bool {
        match self.machine.heap.object(value) {
            // To 3.11 asyncio takes plain generators, too.
            Some(Object::Generator(g)) => {
                g.kind == GeneratorKind::Coroutine
                    || g.kind == GeneratorKind::Generator && !self.machine.version.at_least(3, 12)
            }
            Some(Object::AsyncStep(_)) => true,
            _ => false,
        }
    }

    /// Whether a value's class, one of the program's, has all that asyncio asks of a coroutine. CPython 3.12, Lib/_collections_abc.py,
    /// Coroutine.__subclasshook__.
    pub fn acts_as_coroutine(&mut self, value: Value) -> bool {
        self.is_own(value)
            && [
                symbols::AWAIT,
                symbols::SEND,
                symbols::THROW,
                symbols::CLOSE,
            ]
            .iter()
            .all(|name| self.special(value, *name).is_some())
    }
}

//! Threads, time, work and reports for the library.

use super::locks::seconds;
use crate::machine::call::Arguments;
use crate::machine::frame::{After, Thread};
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Outcome, Trap, types};
use crate::trace::{Event, FLAG_IN_LOOP, FLAG_WITHOUT_GIL, Kind, Tag, TaskKind};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("now", "", |cx, _| {
        cx.machine.watch.registry.borrow_mut().clock |= cx.machine.watch.on();
        Ok(Value::float(cx.machine.now() as f64 / 1e9))
    }),
    define("now_ns", "", |cx, _| {
        cx.machine.watch.registry.borrow_mut().clock |= cx.machine.watch.on();
        Ok(Value::int(cx.machine.now() as i64))
    }),
    define("cpu_count", "", |cx, _| {
        Ok(Value::int(cx.machine.cores as i64))
    }),
    define("sleep", "seconds /", sleep),
    define("work", "text seconds holds_gil", work),
    define("reply", "text seconds", reply),
    define("start_thread", "function thread daemon ended", start_thread),
    define("thread_object", "", |cx, _| {
        let object = cx.thread.object.given().unwrap_or(Value::NONE);
        Ok(cx.heap().retain(object))
    }),
    define("set_thread_object", "object", |cx, a| {
        cx.heap().retain(a[0]);
        let old = std::mem::replace(&mut cx.thread.object, a[0]);
        cx.heap().release(old);
        Ok(Value::NONE)
    }),
    define("thread_ident", "", |cx, _| {
        Ok(Value::int(cx.thread.ident as i64))
    }),
    define("set_thread_name", "thread name label", set_thread_name),
    define("thread_excepthook", "exception name", |cx, a| {
        let name = cx.machine.heap.text(a[1]).unwrap_or("?").to_owned();
        let text = ["Exception in thread ", &name, ":\n", &cx.traceback(a[0])].concat();
        cx.write_error(&text);
        cx.heap().retain(a[0]);
        let old = std::mem::replace(&mut cx.thread.failed, a[0]);
        cx.heap().release(old);
        Ok(Value::NONE)
    }),
    define("loaded", "module", |cx, a| {
        let name = cx.machine.heap.text(a[0]).unwrap_or("");
        let found = (!cx.machine.finalized).then(|| cx.machine.find_module(name));
        Ok(found.flatten().map_or(Value::NONE, Value::module))
    }),
    define("report_error", "text exception", |cx, a| {
        let mut text = [cx.machine.heap.text(a[0]).unwrap_or(""), "\n"].concat();
        if !a[1].is_none() {
            text.push_str(&cx.traceback_by_library(a[1]));
        }
        cx.write_error(&text);
        Ok(Value::NONE)
    }),
    define("thing", "kind", |cx, a| {
        let kind = Context::thing_kind(cx.machine.heap.text(a[0]).unwrap_or(""));
        Ok(Value::thing(cx.new_thing(kind)))
    }),
    define("acquired", "thing", |cx, a| report(cx, a[0], Kind::Acquire)),
    define("released", "thing", |cx, a| report(cx, a[0], Kind::Release)),
    define("operate", "thing name value=", operate),
];

/// The duration an argument means, as CPython's `time.sleep` checks it.
fn duration(cx: &mut Context<'_>, value: Value) -> Outcome<u64> {
    match value.as_number() {
        Some(s) if s < 0.0 => cx.error(types::VALUE_ERROR, "sleep length must be non-negative"),
        Some(s) => Ok(seconds(s)),
        None => {
            let text = [
                "'",
                &cx.type_name(value),
                "' object cannot be interpreted as an integer",
            ]
            .concat();
            cx.error(types::TYPE_ERROR, &text)
        }
    }
}

fn sleep(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let ns = duration(cx, a[0])?;
    Err(Control::Trap(Box::new(Trap::Sleep(ns))))
}

fn work(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let ns = duration(cx, a[1])?;
    let holds_gil = cx.truth(a[2])?;
    let text = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    let label = cx.machine.recorder.string(&text);
    let mut flags = if holds_gil { 0 } else { FLAG_WITHOUT_GIL };
    if cx.thread.stepping.is_some() {
        flags |= FLAG_IN_LOOP;
    }
    cx.record(Event {
        a: label,
        tag: Tag::Time,
        value: ns,
        flags,
        ..cx.event(Kind::Work)
    });
    Err(Control::Trap(Box::new(if holds_gil {
        Trap::Compute(ns)
    } else {
        Trap::Native(ns)
    })))
}

fn reply(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let ns = duration(cx, a[1])?;
    let text = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    let thing = cx
        .machine
        .recorder
        .thing(crate::trace::ThingKind::Reply, &text);
    Err(Control::Trap(Box::new(Trap::Reply { thing, ns })))
}

fn start_thread(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    cx.machine.tasks += 1;
    if cx.machine.tasks as usize > cx.machine.limits.tasks {
        return Err(Control::Limit("tasks"));
    }
    let (name, label) = cx.machine.thread_names.take().unwrap_or_default();
    let string = cx.machine.recorder.string(&name);
    let task = cx.new_task(TaskKind::Thread, string, &label);
    let mut thread = Thread::new(task);
    thread.process = cx.thread.process;
    thread.daemon = cx.truth(a[2])?;
    for value in &a[..4] {
        cx.machine.heap.retain(*value);
    }
    thread.object = a[1];
    thread.end_lock = a[3];
    let number = cx.machine.threads.len() as u32;
    // The new thread's first frame is made as if it ran already.
    let machine = &mut *cx.machine;
    let mut inner = Context {
        machine,
        thread: &mut thread,
        number,
    };
    let result = inner.call(
        a[0],
        Value::NULL,
        Arguments {
            values: Vec::new(),
            names: Vec::new(),
        },
        After::Thread,
    );
    match result {
        Err(Control::Called) => {}
        Ok(value) => cx.heap().release(value),
        Err(other) => return Err(other),
    }
    cx.machine.threads.push(thread);
    cx.note_start(number);
    cx.record(Event {
        a: task,
        ..cx.event(Kind::Spawn)
    });
    Err(Control::Trap(Box::new(Trap::Start { thread: number })))
}

fn set_thread_name(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let text = |cx: &Context<'_>, v: Value| cx.machine.heap.text(v).unwrap_or("").to_owned();
    let (name, label) = (text(cx, a[1]), text(cx, a[2]));
    let known = if cx.thread.object.is(a[0]) && a[0].given().is_some() {
        Some(cx.thread.task)
    } else {
        cx.machine
            .threads
            .iter()
            .find(|t| t.object.is(a[0]) && a[0].as_object().is_some())
            .map(|t| t.task)
    };
    match known {
        Some(task) => cx.machine.recorder.rename(task, &name),
        None => cx.machine.thread_names = Some((name, label)),
    }
    Ok(Value::NONE)
}

fn report(cx: &mut Context<'_>, thing: Value, kind: Kind) -> Outcome {
    if let View::Thing(a) = thing.view() {
        cx.name_thing(a);
        cx.record(Event {
            a,
            ..cx.event(kind)
        });
    }
    Ok(Value::NONE)
}

fn operate(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    if let View::Thing(thing) = a[0].view()
        && cx.machine.recorder.is_on()
    {
        cx.name_thing(thing);
        let name = cx.machine.heap.text(a[1]).unwrap_or("").to_owned();
        let b = cx.machine.recorder.string(&name);
        let (tag, value) = cx.payload(a[2]);
        cx.record(Event {
            a: thing,
            b,
            tag,
            value,
            ..cx.event(Kind::Operate)
        });
    }
    Ok(Value::NONE)
}

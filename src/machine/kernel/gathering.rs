//! asyncio.gather for the library: what it does for each of its arguments, of which there may be very many.

use crate::machine::asyncio::object::{Callback, FutureState};
use crate::machine::library::list::append;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::value::Value;
use crate::machine::{Context, Outcome, types};
use crate::trace::Wait;

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("gathering", "loop children different", |cx, a| {
        let future = cx.new_future(a[0], Wait::Tasks, 0);
        cx.heap().retain(a[1]);
        let different = a[2].as_int().unwrap_or(0);
        if let Some(f) = cx.future(future) {
            f.children = a[1];
            f.unfinished = different as u32;
        }
        Ok(future)
    }),
    define(
        "adopt",
        "argument loop by_argument children callback",
        adopt,
    ),
    define(
        "more_to_come",
        "outer child return_exceptions",
        more_to_come,
    ),
    define("outcome", "future", outcome),
];

/// Makes a coroutine a child of a gathering, if its loop is known and makes tasks as usual. False, and nothing is done, for any other argument.
fn adopt(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let (coroutine, event_loop, by_argument, children) = (a[0], a[1], a[2], a[3]);
    let usual = cx
        .event_loop(event_loop)
        .is_some_and(|l| !l.closed && l.task_factory.is_none());
    if !usual || !cx.is_coroutine(coroutine) {
        return Ok(Value::FALSE);
    }
    let known = cx.dict_get(by_argument, coroutine)?;
    let child = match known {
        Some(child) => cx.heap().retain(child),
        None => {
            let task = cx.create_task(event_loop, coroutine, Value::NULL, Value::NULL, true)?;
            if let Some(f) = cx.future(task) {
                f.log_destroy = false;
            }
            cx.dict_set(by_argument, coroutine, task)?;
            let context = cx.context_or_current(Value::NULL);
            let target = cx.heap().retain(a[4]);
            cx.add_callback(task, Callback::of_future(target, context))?;
            task
        }
    };
    append(cx, &[children, child])?;
    cx.heap().release(child);
    Ok(Value::TRUE)
}

/// Counts a child that ended. True if that is all there is to do: it ended well, or its exception is to be among the results, and the
/// gathering still waits for others.
fn more_to_come(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let keeps = cx.truth(a[2])?;
    let well = cx
        .future(a[1])
        .is_some_and(|f| f.state == FutureState::Finished && f.exception.is_null());
    let Some(outer) = cx.future(a[0]) else {
        return Ok(Value::FALSE);
    };
    outer.unfinished = outer.unfinished.saturating_sub(1);
    let waits = outer.state == FutureState::Pending && outer.unfinished > 0;
    Ok(Value::bool(waits && (well || keeps)))
}

/// What `gather(return_exceptions=True)` gives for a child that is done: its result, its exception, or a CancelledError with the message of its
/// cancellation, an empty one if there is none (CPython 3.12, Lib/asyncio/tasks.py, gather).
fn outcome(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some(f) = cx.future(a[0]) else {
        return Ok(Value::NONE);
    };
    if f.state != FutureState::Cancelled {
        f.log_traceback = false;
        let value = f.exception.given().unwrap_or(f.result);
        return Ok(cx.heap().retain(value));
    }
    let message = match f.cancel_message.given().filter(|m| !m.is_none()) {
        Some(message) => cx.heap().retain(message),
        None => cx.heap().str(""),
    };
    let arguments = cx.heap().tuple(vec![message]);
    let class = types::value(types::CANCELLED_ERROR);
    Ok(cx.machine.exception(class, arguments))
}

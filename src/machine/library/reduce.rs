//! Builtins that go through an iterable: min, max, sum, any, all.

use super::super::native::{Group, Place, define};
use super::super::object::Object;
use super::super::value::{Value, View};
use super::super::{Context, Outcome, types};
use crate::bytecode::{Comparison, Operator};

pub const GROUP: Group = Group {
    place: Place::Builtins,
    natives: &[
        define("min", "*values | key= default=", |cx, args| {
            extreme(cx, args, Comparison::Less, "min")
        }),
        define("max", "*values | key= default=", |cx, args| {
            extreme(cx, args, Comparison::Greater, "max")
        }),
        define("sum", "iterable / start=", sum),
        define("any", "iterable /", |cx, args| quantify(cx, args[0], true)),
        define("all", "iterable /", |cx, args| quantify(cx, args[0], false)),
    ],
};

fn quantify(cx: &mut Context<'_>, iterable: Value, wanted: bool) -> Outcome {
    let mut found = false;
    cx.each(iterable, &mut |cx, item| {
        found = cx.truth(item)? == wanted;
        Ok(!found)
    })?;
    Ok(Value::bool(found == wanted))
}

fn extreme(cx: &mut Context<'_>, args: &[Value], op: Comparison, name: &str) -> Outcome {
    let (key, default, values) = (args[0], args[1], &args[2..]);
    let key = key.given().filter(|key| !key.is_none());
    // The best item and its key, owned.
    let mut best: Option<(Value, Value)> = None;
    let result = match values {
        [] => {
            return cx.fail(
                types::TYPE_ERROR,
                &[name, " expected at least 1 argument, got 0"],
            );
        }
        [iterable] => cx.each(*iterable, &mut |cx, item| {
            better(cx, &mut best, item, key, op)
        }),
        _ if default.given().is_some() => {
            return cx.fail(
                types::TYPE_ERROR,
                &[
                    "Cannot specify a default for ",
                    name,
                    "() with multiple positional arguments",
                ],
            );
        }
        _ => values
            .iter()
            .try_for_each(|item| better(cx, &mut best, *item, key, op).map(|_| ())),
    };
    if let Some((_, of)) = best {
        cx.heap().release(of);
    }
    match (result, best) {
        (Ok(()), Some((item, _))) => Ok(item),
        (Ok(()), None) => match default.given() {
            Some(default) => Ok(cx.heap().retain(default)),
            None => {
                let text = match cx.machine.version.at_least(3, 12) {
                    true => "() iterable argument is empty",
                    false => "() arg is an empty sequence",
                };
                cx.fail(types::VALUE_ERROR, &[name, text])
            }
        },
        (Err(e), best) => {
            if let Some((item, _)) = best {
                cx.heap().release(item);
            }
            Err(e)
        }
    }
}

/// Keeps the better of what is best so far and the next item.
fn better(
    cx: &mut Context<'_>,
    best: &mut Option<(Value, Value)>,
    item: Value,
    key: Option<Value>,
    op: Comparison,
) -> Outcome<bool> {
    let of = match key {
        Some(key) => cx.call_now(key, &[item])?,
        None => cx.heap().retain(item),
    };
    if let Some((old, old_of)) = *best {
        match cx.compares(op, of, old_of) {
            Ok(true) => {
                cx.heap().release(old);
                cx.heap().release(old_of);
            }
            other => {
                cx.heap().release(of);
                return other.map(|_| true);
            }
        }
    }
    *best = Some((cx.heap().retain(item), of));
    Ok(true)
}

fn sum(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let start = args[1].given().unwrap_or(Value::int(0));
    let wrong = match cx.machine.heap.object(start) {
        Some(Object::Str(_)) => "sum() can't sum strings [use ''.join(seq) instead]",
        Some(Object::Bytes(_)) => "sum() can't sum bytes [use b''.join(seq) instead]",
        Some(Object::ByteArray(_)) => "sum() can't sum bytearray [use b''.join(seq) instead]",
        _ => "",
    };
    if !wrong.is_empty() {
        return cx.error(types::TYPE_ERROR, wrong);
    }
    let mut total = cx.heap().retain(start);
    // Since 3.12 floats are summed with compensation (Neumaier).
    let compensates = cx.machine.version.at_least(3, 12);
    let mut lost = 0.0;
    let result = cx.each(args[0], &mut |cx, item| {
        if let (View::Float(x), Some(y)) = (total.view(), item.as_number()) {
            if compensates && let View::Float(_) = item.view() {
                let sum = x + y;
                lost += if x.abs() >= y.abs() {
                    (x - sum) + y
                } else {
                    (y - sum) + x
                };
                total = Value::float(sum);
            } else {
                total = Value::float(x + y);
            }
            return Ok(true);
        }
        settle(&mut total, &mut lost);
        let next = cx.binary(Operator::Add, total, item)?;
        cx.heap().release(total);
        total = next;
        Ok(true)
    });
    settle(&mut total, &mut lost);
    match result {
        Ok(()) => Ok(total),
        Err(e) => {
            cx.heap().release(total);
            Err(e)
        }
    }
}

/// Adds what rounding lost.
fn settle(total: &mut Value, lost: &mut f64) {
    if let View::Float(f) = total.view()
        && *lost != 0.0
        && lost.is_finite()
    {
        *total = Value::float(f + *lost);
    }
    *lost = 0.0;
}

//! range and slice.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::operate::{range_index, range_length};
use super::super::value::Value;
use super::super::{Context, Outcome, types};

pub const RANGE: Group = Group {
    place: Place::Type(types::RANGE),
    natives: RANGE_METHODS,
};
pub const SLICE: Group = Group {
    place: Place::Type(types::SLICE),
    natives: &[
        define("__new__", "start= stop= step= /", new_slice),
        define("indices", "length /", indices),
    ],
};

const RANGE_METHODS: &[Definition] = &[
    define("__new__", "start= stop= step= /", new_range),
    define("index", "value /", index),
    define("count", "value /", |cx, args| {
        cx.contains(args[1], args[0])
            .map(|found| Value::int(found as i64))
    }),
    define("__reversed__", "", |cx, args| Ok(reversed(cx, args[0]))),
];

/// How many of the three parameters (behind the type) were given, which must be one at least.
fn count_given(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome<usize> {
    match args[1..].iter().take_while(|v| !v.is_null()).count() {
        0 => cx.fail(
            types::TYPE_ERROR,
            &[name, " expected at least 1 argument, got 0"],
        ),
        count => Ok(count),
    }
}

fn new_range(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let given = count_given(cx, args, "range")?;
    let mut parts = [0; 3];
    for (part, given) in parts.iter_mut().zip(&args[1..=given]) {
        *part = cx.need_index(*given)?;
        if matches!(*part, i64::MIN | i64::MAX) {
            return cx.reject(
                "ranges beyond 64 bits are not supported",
                "use smaller numbers",
            );
        }
    }
    let parts = match given {
        1 => [0, parts[0], 1],
        2 => [parts[0], parts[1], 1],
        _ => parts,
    };
    if parts[2] == 0 {
        return cx.error(types::VALUE_ERROR, "range() arg 3 must not be zero");
    }
    Ok(cx.heap().add(Object::Range(Box::new(parts))))
}

fn parts(cx: &Context<'_>, range: Value) -> [i64; 3] {
    match cx.machine.heap.object(range) {
        Some(Object::Range(parts)) => **parts,
        _ => [0, 0, 1],
    }
}

fn index(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let parts = parts(cx, args[0]);
    match cx
        .number(args[1])
        .and_then(|number| range_index(&parts, &number))
    {
        Some(at) => Ok(Value::int(at as i64)),
        None if cx.number(args[1]).is_some_and(|n| !n.is_float()) => {
            let text = cx.repr(args[1])?;
            cx.fail(types::VALUE_ERROR, &[&text, " is not in range"])
        }
        None => cx.error(types::VALUE_ERROR, "sequence.index(x): x not in sequence"),
    }
}

/// An iterator from the end.
pub fn reversed(cx: &mut Context<'_>, range: Value) -> Value {
    let parts = parts(cx, range);
    let left = range_length(&parts);
    let next = parts[0].wrapping_add(parts[2].wrapping_mul(left as i64 - 1));
    cx.heap().add(Object::RangeIterator {
        next,
        step: -parts[2],
        left,
    })
}

fn new_slice(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let given = count_given(cx, args, "slice")?;
    let mut parts = [Value::NONE; 3];
    match args[1..=given] {
        [stop] => parts[1] = stop,
        _ => parts[..given].copy_from_slice(&args[1..=given]),
    }
    cx.retain_each(&parts);
    Ok(cx.heap().add(Object::Slice(Box::new(parts))))
}

fn indices(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let length = cx.need_index(args[1])?;
    if length < 0 {
        return cx.error(types::VALUE_ERROR, "length should not be negative");
    }
    let places = cx.places(args[0], length as usize)?;
    Ok(cx.heap().tuple(vec![
        Value::int(places.start),
        Value::int(places.stop),
        Value::int(places.step),
    ]))
}

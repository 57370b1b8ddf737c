//! Methods of tuples.

use super::super::native::{Definition, Group, Place, define};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::list;

pub const GROUP: Group = Group {
    place: Place::Type(types::TUPLE),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "iterable= /", new),
    define("index", "value start= stop= /", index),
    define("count", "value /", list::count),
];

fn new(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if cx.type_number(args[1]) == types::TUPLE {
        return Ok(cx.heap().retain(args[1]));
    }
    let items = if args[1].is_null() {
        Vec::new()
    } else {
        cx.items(args[1])?
    };
    Ok(cx.heap().tuple(items))
}

fn index(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    match list::find_between(cx, args)? {
        Some(at) => Ok(Value::int(at as i64)),
        None => cx.error(types::VALUE_ERROR, "tuple.index(x): x not in tuple"),
    }
}

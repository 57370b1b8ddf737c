//! The built-in types' methods and the functions that need no frames: one file a group, one line each in [`GROUPS`].
//!
//! A native whose parameters end in a word `**` gets the keywords that fit no parameter as a dict behind a NULL, after everything
//! else and only if there are any: see [`keywords`].

mod builtins;
mod byte_text;
mod bytes;
mod consists;
mod deque;
mod dict;
mod heap_queue;
mod iterators;
pub mod list;
mod math;
mod numbers;
mod ranges;
mod reduce;
mod search;
mod set;
mod sort;
pub mod special;
mod strings;
mod tuple;
mod whole_numbers;

use super::native::Group;
use super::value::Value;
use super::{Context, Outcome};

/// All groups of this module. The special methods stand behind the others, since programs seldom ask for them.
pub const GROUPS: &[&Group] = &all();

const METHODS: &[&Group] = &[
    &builtins::GROUP,
    &byte_text::ARRAY,
    &byte_text::GROUP,
    &bytes::GROUP,
    &bytes::ARRAY,
    &consists::GROUP,
    &deque::GROUP,
    &dict::GROUP,
    &dict::VIEWS,
    &heap_queue::GROUP,
    &iterators::BUILTINS,
    &iterators::ENUMERATE,
    &iterators::FILTER,
    &iterators::MAP,
    &iterators::METHODS,
    &iterators::REVERSED,
    &iterators::ZIP,
    &list::GROUP,
    &math::GROUP,
    &numbers::BOOL,
    &numbers::FLOAT,
    &numbers::INT,
    &ranges::RANGE,
    &ranges::SLICE,
    &reduce::GROUP,
    &search::GROUP,
    &set::GROUP,
    &set::FROZEN,
    &sort::GROUP,
    &strings::GROUP,
    &tuple::GROUP,
];

const fn all() -> [&'static Group; METHODS.len() + special::GROUPS.len()] {
    let mut groups = [special::GROUPS[0]; METHODS.len() + special::GROUPS.len()];
    let mut at = 0;
    while at < groups.len() {
        groups[at] = if at < METHODS.len() {
            METHODS[at]
        } else {
            special::GROUPS[at - METHODS.len()]
        };
        at += 1;
    }
    groups
}

/// A variadic native's arguments without the keywords, and these as a dict.
pub fn keywords(args: &[Value]) -> (&[Value], Option<Value>) {
    match args {
        [rest @ .., mark, dict] if mark.is_null() => (rest, Some(*dict)),
        _ => (args, None),
    }
}

/// Data attributes of built-in values: `range.start`, `deque.maxlen`, `int.real`. None if there is no such.
pub fn attribute(cx: &mut Context<'_>, value: Value, name: &str) -> Option<Outcome> {
    use super::object::Object;
    let found = match (cx.machine.heap.object(value), name) {
        (Some(Object::Range(parts)), "start") => Value::int(parts[0]),
        (Some(Object::Range(parts)), "stop") => Value::int(parts[1]),
        (Some(Object::Range(parts)), "step") => Value::int(parts[2]),
        (Some(Object::Slice(parts)), "start") => parts[0],
        (Some(Object::Slice(parts)), "stop") => parts[1],
        (Some(Object::Slice(parts)), "step") => parts[2],
        (Some(Object::Deque(deque)), "maxlen") => {
            deque.limit.map_or(Value::NONE, |l| Value::int(l as i64))
        }
        (_, "real" | "numerator" | "imag" | "denominator") => {
            let number = cx.number(value)?;
            match name {
                "real" => return Some(cx.from_number(number)),
                "imag" if number.is_float() => Value::float(0.0),
                "imag" => Value::int(0),
                _ if number.is_float() => return None,
                "denominator" => Value::int(1),
                _ => return Some(cx.from_number(number)),
            }
        }
        _ => return None,
    };
    Some(Ok(cx.heap().retain(found)))
}

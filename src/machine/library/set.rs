//! Methods of sets and frozensets.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::{Frozen, Object};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use crate::bytecode::Operator;

pub const GROUP: Group = Group {
    place: Place::Type(types::SET),
    natives: METHODS,
};
pub const FROZEN: Group = Group {
    place: Place::Type(types::FROZENSET),
    natives: FROZEN_METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "iterable= /", |cx, args| {
        new(cx, args, Frozen::No)
    }),
    define("__init__", "iterable= /", |cx, args| {
        if !args[1].is(args[0]) {
            cx.clear_table(args[0]);
        }
        match args[1].given() {
            Some(_) => change(cx, args, Operator::Or),
            None => Ok(Value::NONE),
        }
    }),
    define("add", "element /", add),
    define("discard", "element /", discard),
    define("remove", "element /", remove),
    define("pop", "", pop),
    define("clear", "", clear),
    define(
        "copy",
        "",
        |cx, args| Ok(cx.copy_table(args[0], Frozen::No)),
    ),
    define("update", "*others", |cx, args| {
        change(cx, args, Operator::Or)
    }),
    define("difference_update", "*others", |cx, args| {
        change(cx, args, Operator::Subtract)
    }),
    define("intersection_update", "*others", intersect_in_place),
    define("symmetric_difference_update", "other /", |cx, args| {
        change(cx, args, Operator::Xor)
    }),
    define("union", "*others", |cx, args| {
        changed(cx, args, Operator::Or)
    }),
    define("difference", "*others", |cx, args| {
        changed(cx, args, Operator::Subtract)
    }),
    define("intersection", "*others", intersection),
    define("symmetric_difference", "other /", |cx, args| {
        changed(cx, args, Operator::Xor)
    }),
    define("issubset", "other /", is_subset),
    define("issuperset", "other /", is_superset),
    define("isdisjoint", "other /", is_disjoint),
];

const FROZEN_METHODS: &[Definition] = &[
    define("__new__", "iterable= /", new_frozen),
    define("copy", "", |cx, args| Ok(cx.heap().retain(args[0]))),
    define("union", "*others", |cx, args| {
        changed(cx, args, Operator::Or)
    }),
    define("difference", "*others", |cx, args| {
        changed(cx, args, Operator::Subtract)
    }),
    define("intersection", "*others", intersection),
    define("symmetric_difference", "other /", |cx, args| {
        changed(cx, args, Operator::Xor)
    }),
    define("issubset", "other /", is_subset),
    define("issuperset", "other /", is_superset),
    define("isdisjoint", "other /", is_disjoint),
];

fn new(cx: &mut Context<'_>, args: &[Value], frozen: Frozen) -> Outcome {
    match args[1].given() {
        Some(iterable) => cx.set_of(iterable, frozen),
        None => Ok(cx.new_set(frozen)),
    }
}

fn new_frozen(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if cx.type_number(args[1]) == types::FROZENSET {
        return Ok(cx.heap().retain(args[1]));
    }
    new(cx, args, Frozen::Yes)
}

fn add(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    cx.set_add(args[0], args[1])?;
    Ok(Value::NONE)
}

/// Takes an item out, a set as the frozenset that equals it.
fn take(cx: &mut Context<'_>, set: Value, item: Value) -> Outcome<bool> {
    let sought = cx.sought(item);
    let found = cx.discard(set, sought);
    cx.heap().release(sought);
    found
}

fn discard(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    take(cx, args[0], args[1])?;
    Ok(Value::NONE)
}

fn remove(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if take(cx, args[0], args[1])? {
        Ok(Value::NONE)
    } else {
        cx.raise_key_error(args[1])
    }
}

fn pop(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let first = cx.set_mut(args[0]).and_then(|s| s.pop_place());
    match first.and_then(|place| cx.take_entry(args[0], place)) {
        Some((item, _)) => Ok(item),
        None => {
            let text = cx.heap().str("pop from an empty set");
            cx.raise(types::KEY_ERROR, vec![text])
        }
    }
}

fn clear(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    cx.clear_table(args[0]);
    Ok(Value::NONE)
}

fn change(cx: &mut Context<'_>, args: &[Value], op: Operator) -> Outcome {
    for other in &args[1..] {
        if other.is(args[0]) {
            if op != Operator::Or {
                cx.clear_table(args[0]);
            }
            continue;
        }
        cx.change(op, args[0], *other)?;
    }
    Ok(Value::NONE)
}

/// A changed copy, of the same type.
fn changed(cx: &mut Context<'_>, args: &[Value], op: Operator) -> Outcome {
    let frozen = mutability(cx, args[0]);
    let mut result = cx.copy_table(args[0], frozen);
    for (at, other) in args[1..].iter().enumerate() {
        if at == 0 || op == Operator::Subtract {
            let next = cx.combined(op, if at == 0 { args[0] } else { result }, *other, frozen);
            cx.heap().release(result);
            result = next?;
        } else if let Err(e) = cx.change(op, result, *other) {
            cx.heap().release(result);
            return Err(e);
        }
    }
    Ok(result)
}

fn mutability(cx: &Context<'_>, set: Value) -> Frozen {
    match cx.machine.heap.object(set) {
        Some(Object::Set(_, frozen)) => *frozen,
        _ => Frozen::No,
    }
}

fn intersection(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let frozen = mutability(cx, args[0]);
    let mut result = cx.copy_table(args[0], frozen);
    for other in &args[1..] {
        let next = cx.intersect(result, *other, frozen);
        cx.heap().release(result);
        result = next?;
    }
    Ok(result)
}

fn intersect_in_place(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let result = intersection(cx, args)?;
    cx.exchange_tables(args[0], result);
    cx.heap().release(result);
    Ok(Value::NONE)
}

/// Another iterable as a set: itself if it is one (retained).
fn as_set(cx: &mut Context<'_>, other: Value) -> Outcome {
    if cx.is_set_like(other) {
        Ok(cx.heap().retain(other))
    } else {
        cx.set_of(other, Frozen::No)
    }
}

fn is_subset(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let other = as_set(cx, args[1])?;
    let result = cx.is_subset(args[0], other);
    cx.heap().release(other);
    result.map(Value::bool)
}

fn is_superset(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let other = as_set(cx, args[1])?;
    let result = cx.is_subset(other, args[0]);
    cx.heap().release(other);
    result.map(Value::bool)
}

pub fn is_disjoint(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut disjoint = true;
    let set = args[0];
    cx.each(args[1], &mut |cx, item| {
        disjoint = !cx.contains(item, set)?;
        Ok(disjoint)
    })?;
    Ok(Value::bool(disjoint))
}

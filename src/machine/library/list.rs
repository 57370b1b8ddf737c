//! Methods of lists.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::value::Value;
use super::super::{Context, Outcome, types};

pub const GROUP: Group = Group {
    place: Place::Type(types::LIST),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__init__", "iterable= /", init),
    define("__new__", "iterable= /", new),
    define("append", "object /", append),
    define("extend", "iterable /", extend),
    define("insert", "index object /", insert),
    define("pop", "index= /", pop),
    define("remove", "value /", remove),
    define("index", "value start= stop= /", index),
    define("count", "value /", count),
    define("reverse", "", reverse),
    define("copy", "", copy),
    define("clear", "", clear),
    define("sort", "| key= reverse=", super::sort::sort),
];

fn new(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = if args[1].is_null() {
        Vec::new()
    } else {
        cx.items(args[1])?
    };
    Ok(cx.heap().list(items))
}

fn init(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let fresh = new(cx, args)?;
    if let Some(from) = items_of(cx, fresh).map(std::mem::take)
        && let Some(items) = items_of(cx, args[0])
    {
        let old = std::mem::replace(items, from);
        cx.heap().release_all(old);
    }
    cx.heap().release(fresh);
    Ok(Value::NONE)
}

/// `list.append(item)`.
pub fn append(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let item = cx.heap().retain(args[1]);
    if let Some(items) = items_of(cx, args[0]) {
        items.push(item);
        cx.heap().bytes += 8;
    }
    Ok(Value::NONE)
}

/// The items of a list.
pub fn items_of<'a>(cx: &'a mut Context<'_>, list: Value) -> Option<&'a mut Vec<Value>> {
    match cx.machine.heap.object_mut(list) {
        Some(Object::List(items)) => Some(items),
        _ => None,
    }
}

fn extend(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    cx.extend(args[0], args[1])?;
    Ok(Value::NONE)
}

fn insert(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let index = cx.need_index(args[1])?;
    let item = cx.heap().retain(args[2]);
    if let Some(items) = items_of(cx, args[0]) {
        let at = clamp(index, items.len());
        items.insert(at, item);
        cx.heap().bytes += 8;
    }
    Ok(Value::NONE)
}

/// An index, counted from the end if negative, held to 0..=length.
pub fn clamp(index: i64, length: usize) -> usize {
    let length = length as i64;
    let index = if index < 0 {
        index.saturating_add(length).max(0)
    } else {
        index
    };
    index.min(length) as usize
}

fn pop(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let index = if args[1].is_null() {
        -1
    } else {
        cx.need_index(args[1])?
    };
    let length = cx.builtin_length(args[0]).unwrap_or(0);
    if length == 0 {
        return cx.error(types::INDEX_ERROR, "pop from empty list");
    }
    let Some(at) = super::super::operate::place(index, length) else {
        return cx.error(types::INDEX_ERROR, "pop index out of range");
    };
    let item = items_of(cx, args[0]).map_or(Value::NONE, |items| items.remove(at));
    cx.resized(1, 0);
    Ok(item)
}

fn remove(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(at) = cx.find_element(args[0], args[1], 0, usize::MAX)? else {
        return cx.error(types::VALUE_ERROR, "list.remove(x): x not in list");
    };
    let item = match items_of(cx, args[0]) {
        Some(items) if at < items.len() => items.remove(at),
        _ => return Ok(Value::NONE),
    };
    cx.resized(1, 0);
    cx.heap().release(item);
    Ok(Value::NONE)
}

fn index(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    match find_between(cx, args)? {
        Some(at) => Ok(Value::int(at as i64)),
        None => {
            let text = cx.repr(args[1])?;
            cx.fail(types::VALUE_ERROR, &[&text, " is not in list"])
        }
    }
}

/// `index` of sequences: value, start, stop.
pub fn find_between(cx: &mut Context<'_>, args: &[Value]) -> Outcome<Option<usize>> {
    let length = cx.builtin_length(args[0]).unwrap_or(0);
    let mut bounds = [0, usize::MAX];
    for (bound, given) in bounds.iter_mut().zip(&args[2..]) {
        if given.given().is_some() {
            match cx.index(*given)? {
                Some(index) if index >= 0 => *bound = index as usize,
                Some(index) => *bound = clamp(index, length),
                None => {
                    return cx.error(
                        types::TYPE_ERROR,
                        "slice indices must be integers or have an __index__ method",
                    );
                }
            }
        }
    }
    cx.find_element(args[0], args[1], bounds[0], bounds[1])
}

/// `count` of sequences.
pub fn count(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut number = 0;
    let mut from = 0;
    while let Some(at) = cx.find_element(args[0], args[1], from, usize::MAX)? {
        number += 1;
        from = at + 1;
    }
    Ok(Value::int(number))
}

fn reverse(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if let Some(items) = items_of(cx, args[0]) {
        items.reverse();
    }
    Ok(Value::NONE)
}

fn copy(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = cx.items(args[0])?;
    Ok(cx.heap().list(items))
}

fn clear(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let old = items_of(cx, args[0])
        .map(std::mem::take)
        .unwrap_or_default();
    cx.resized(old.len(), 0);
    cx.heap().release_all(old);
    Ok(Value::NONE)
}

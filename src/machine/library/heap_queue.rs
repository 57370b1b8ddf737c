//! The heap operations of `heapq`, with CPython's comparisons in its order.

use super::super::native::{Group, Place, define};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use crate::bytecode::Comparison;

pub const GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: &[
        define("heap_push", "heap item /", push),
        define("heap_pop", "heap /", pop),
        define("heap_replace", "heap item /", replace),
        define("heapify", "heap /", heapify),
    ],
};

fn push(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let item = cx.heap().retain(args[1]);
    if let Some(items) = super::list::items_of(cx, args[0]) {
        items.push(item);
        let last = items.len() - 1;
        cx.resized(0, 1);
        rise(cx, args[0], 0, last)?;
    }
    Ok(Value::NONE)
}

fn pop(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(items) = super::list::items_of(cx, args[0]) else {
        return Ok(Value::NONE);
    };
    let Some(last) = items.pop() else {
        return cx.error(types::INDEX_ERROR, "index out of range");
    };
    let first = match items.first_mut() {
        Some(first) => std::mem::replace(first, last),
        None => last,
    };
    let empty = items.is_empty();
    cx.resized(1, 0);
    if !empty && let Err(e) = sink(cx, args[0], 0) {
        cx.heap().release(first);
        return Err(e);
    }
    Ok(first)
}

fn replace(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let item = cx.heap().retain(args[1]);
    let first = super::list::items_of(cx, args[0])
        .and_then(|items| items.first_mut())
        .map(|first| std::mem::replace(first, item));
    match first {
        Some(first) => match sink(cx, args[0], 0) {
            Ok(()) => Ok(first),
            Err(e) => {
                cx.heap().release(first);
                Err(e)
            }
        },
        None => {
            cx.heap().release(item);
            cx.error(types::INDEX_ERROR, "index out of range")
        }
    }
}

fn heapify(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let length = cx.builtin_length(args[0]).unwrap_or(0);
    for at in (0..length / 2).rev() {
        sink(cx, args[0], at)?;
    }
    Ok(Value::NONE)
}

/// Whether one item is less than another. A heap must not be changed meanwhile.
fn less(cx: &mut Context<'_>, list: Value, a: usize, b: usize) -> Outcome<bool> {
    let (Some(x), Some(y)) = (cx.element(list, a), cx.element(list, b)) else {
        return cx.error(types::RUNTIME_ERROR, "list changed size during iteration");
    };
    if let (Some(x), Some(y)) = (x.as_int(), y.as_int()) {
        return Ok(x < y);
    }
    cx.retain_each(&[x, y]);
    let result = cx.compares(Comparison::Less, x, y);
    cx.heap().release_all([x, y]);
    result
}

fn swap(cx: &mut Context<'_>, list: Value, a: usize, b: usize) {
    if let Some(items) = super::list::items_of(cx, list)
        && a.max(b) < items.len()
    {
        items.swap(a, b);
    }
}

/// Moves an item up to where its parent is not larger.
fn rise(cx: &mut Context<'_>, list: Value, top: usize, mut at: usize) -> Outcome<()> {
    while at > top {
        let parent = (at - 1) / 2;
        if !less(cx, list, at, parent)? {
            break;
        }
        swap(cx, list, at, parent);
        at = parent;
    }
    Ok(())
}

/// Moves an item down to a leaf along the smaller children, then up again: most items belong near the leaves.
fn sink(cx: &mut Context<'_>, list: Value, top: usize) -> Outcome<()> {
    let end = cx.builtin_length(list).unwrap_or(0);
    let mut at = top;
    while at < end / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < end && !less(cx, list, child, child + 1)? {
            child += 1;
        }
        swap(cx, list, at, child);
        at = child;
    }
    rise(cx, list, top, at)
}

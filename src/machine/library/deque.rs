//! `collections.deque`.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::{Deque, Object};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::list;

pub const GROUP: Group = Group {
    place: Place::Type(types::DEQUE),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "iterable= maxlen=", new),
    define("__init__", "iterable= maxlen=", init),
    define("append", "item /", append),
    define("appendleft", "item /", append_left),
    define("pop", "", pop),
    define("popleft", "", pop_left),
    define("extend", "iterable /", extend),
    define("extendleft", "iterable /", extend_left),
    define("remove", "value /", remove),
    define("rotate", "n= /", rotate),
    define("clear", "", clear),
    define("copy", "", copy),
    define("count", "value /", list::count),
    define("index", "value start= stop= /", index),
    define("insert", "index item /", insert),
    define("reverse", "", reverse),
    define("__reversed__", "", super::dict::reversed),
];

fn deque<'a>(cx: &'a mut Context<'_>, value: Value) -> Option<&'a mut Deque> {
    match cx.machine.heap.object_mut(value) {
        Some(Object::Deque(deque)) => Some(deque),
        _ => None,
    }
}

fn new(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let limit = limit(cx, args[2])?;
    let result = cx.heap().add(Object::Deque(Box::new(Deque {
        limit,
        ..Deque::default()
    })));
    if let Some(iterable) = args[1].given()
        && let Err(e) = cx.extend(result, iterable)
    {
        cx.heap().release(result);
        return Err(e);
    }
    Ok(result)
}

fn limit(cx: &mut Context<'_>, value: Value) -> Outcome<Option<usize>> {
    let Some(limit) = value.given().filter(|v| !v.is_none()) else {
        return Ok(None);
    };
    match cx.index(limit)? {
        Some(limit) if limit >= 0 => Ok(Some(limit as usize)),
        Some(_) => cx.error(types::VALUE_ERROR, "maxlen must be non-negative"),
        None => cx.error(types::TYPE_ERROR, "an integer is required"),
    }
}

fn init(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let limit = limit(cx, args[2])?;
    let mut old = Default::default();
    if let Some(deque) = deque(cx, args[0]) {
        deque.limit = limit;
        old = std::mem::take(&mut deque.items);
    }
    cx.heap().release_all(old);
    if let Some(iterable) = args[1].given() {
        cx.extend(args[0], iterable)?;
    }
    Ok(Value::NONE)
}

fn push(cx: &mut Context<'_>, value: Value, item: Value, left: bool) {
    cx.heap().retain(item);
    let mut dropped = None;
    if let Some(deque) = deque(cx, value) {
        let items = &mut deque.items;
        if left {
            items.push_front(item);
        } else {
            items.push_back(item);
        }
        if deque.limit.is_some_and(|limit| items.len() > limit) {
            dropped = if left {
                items.pop_back()
            } else {
                items.pop_front()
            };
        }
    }
    match dropped {
        Some(item) => cx.heap().release(item),
        None => cx.resized(0, 1),
    }
}

fn append(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    push(cx, args[0], args[1], false);
    Ok(Value::NONE)
}

fn append_left(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    push(cx, args[0], args[1], true);
    Ok(Value::NONE)
}

fn pop(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let item = deque(cx, args[0]).and_then(|d| d.items.pop_back());
    popped(cx, item)
}

fn pop_left(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let item = deque(cx, args[0]).and_then(|d| d.items.pop_front());
    popped(cx, item)
}

fn popped(cx: &mut Context<'_>, item: Option<Value>) -> Outcome {
    match item {
        Some(item) => {
            cx.resized(1, 0);
            Ok(item)
        }
        None => cx.error(types::INDEX_ERROR, "pop from an empty deque"),
    }
}

fn extend(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    cx.extend(args[0], args[1])?;
    Ok(Value::NONE)
}

fn extend_left(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = cx.items(args[1])?;
    for item in &items {
        push(cx, args[0], *item, true);
    }
    cx.heap().release_all(items);
    Ok(Value::NONE)
}

fn remove(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(at) = cx.find_element(args[0], args[1], 0, usize::MAX)? else {
        return not_in(cx, args[1]);
    };
    if let Some(item) = deque(cx, args[0]).and_then(|d| d.items.remove(at)) {
        cx.resized(1, 0);
        cx.heap().release(item);
    }
    Ok(Value::NONE)
}

fn rotate(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let steps = if args[1].is_null() {
        1
    } else {
        cx.need_index(args[1])?
    };
    if let Some(deque) = deque(cx, args[0])
        && !deque.items.is_empty()
    {
        let steps = steps.rem_euclid(deque.items.len() as i64) as usize;
        deque.items.rotate_right(steps);
    }
    Ok(Value::NONE)
}

fn clear(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let old = deque(cx, args[0])
        .map(|d| std::mem::take(&mut d.items))
        .unwrap_or_default();
    cx.resized(old.len(), 0);
    cx.heap().release_all(old);
    Ok(Value::NONE)
}

fn copy(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let copy = deque(cx, args[0]).cloned().unwrap_or_default();
    for item in &copy.items {
        cx.machine.heap.retain(*item);
    }
    Ok(cx.heap().add(Object::Deque(Box::new(copy))))
}

fn index(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    match list::find_between(cx, args)? {
        Some(at) => Ok(Value::int(at as i64)),
        None => not_in(cx, args[1]),
    }
}

fn not_in(cx: &mut Context<'_>, value: Value) -> Outcome {
    let text = cx.repr(value)?;
    cx.fail(types::VALUE_ERROR, &[&text, " is not in deque"])
}

fn insert(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let index = cx.need_index(args[1])?;
    if let Some(deque) = deque(cx, args[0])
        && deque.limit.is_some_and(|limit| deque.items.len() >= limit)
    {
        return cx.error(types::INDEX_ERROR, "deque already at its maximum size");
    }
    let item = cx.heap().retain(args[2]);
    if let Some(deque) = deque(cx, args[0]) {
        let at = list::clamp(index, deque.items.len());
        deque.items.insert(at, item);
    }
    cx.resized(0, 1);
    Ok(Value::NONE)
}

fn reverse(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if let Some(deque) = deque(cx, args[0]) {
        deque.items.make_contiguous().reverse();
    }
    Ok(Value::NONE)
}

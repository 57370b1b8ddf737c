//! Iterators that are builtins: enumerate, zip, map, filter, reversed, iter.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::{Iterator, Object};
use super::super::value::Value;
use super::super::{Context, Outcome, symbols, types};

pub const ENUMERATE: Group = Group {
    place: Place::Type(types::ENUMERATE),
    natives: &[define("__new__", "iterable start=", enumerate)],
};
pub const ZIP: Group = Group {
    place: Place::Type(types::ZIP),
    natives: &[define("__new__", "*iterables | strict=", zip)],
};
pub const MAP: Group = Group {
    place: Place::Type(types::MAP),
    natives: &[define("__new__", "function *iterables", map)],
};
pub const FILTER: Group = Group {
    place: Place::Type(types::FILTER),
    natives: &[define("__new__", "function iterable /", filter)],
};
pub const REVERSED: Group = Group {
    place: Place::Type(types::REVERSED),
    natives: &[define("__new__", "sequence /", reversed)],
};
pub const BUILTINS: Group = Group {
    place: Place::Builtins,
    natives: &[define("iter", "object sentinel= /", iter)],
};
pub const METHODS: Group = Group {
    place: Place::Type(types::ITERATOR),
    natives: ITERATOR_METHODS,
};

const ITERATOR_METHODS: &[Definition] = &[
    define("__iter__", "", |cx, args| Ok(cx.heap().retain(args[0]))),
    define("__next__", "", |cx, args| match cx.next(args[0])? {
        Some(value) => Ok(value),
        None => cx.raise(types::STOP_ITERATION, Vec::new()),
    }),
    define("__length_hint__", "", |cx, args| {
        let left = match cx.machine.heap.object(args[0]) {
            Some(Object::RangeIterator { left, .. }) => *left as usize,
            Some(Object::Iterator(i)) => match **i {
                Iterator::Reversed { next, .. } => next,
                Iterator::Sequence { of, next } => cx
                    .builtin_length(of)
                    .map_or(0, |length| length.saturating_sub(next)),
                Iterator::Dict { of, size, left, .. } => {
                    let same = cx.builtin_length(of) == Some(size);
                    if same { left } else { 0 }
                }
                Iterator::Deque { of, next, size } => {
                    let same = cx.builtin_length(of) == Some(size);
                    if same { size - next } else { 0 }
                }
                _ => return Ok(Value::NOT_IMPLEMENTED),
            },
            _ => 0,
        };
        Ok(Value::int(left as i64))
    }),
];

fn enumerate(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let count = if args[2].is_null() {
        0
    } else {
        cx.need_index(args[2])?
    };
    let of = cx.iterator(args[1])?;
    Ok(cx.new_iterator(Iterator::Enumerate { of, count }))
}

/// An iterator over each.
fn iterators(cx: &mut Context<'_>, iterables: &[Value]) -> Outcome<Vec<Value>> {
    let mut of = Vec::with_capacity(iterables.len());
    for iterable in iterables {
        match cx.iterator(*iterable) {
            Ok(iterator) => of.push(iterator),
            Err(e) => {
                cx.heap().release_all(of);
                return Err(e);
            }
        }
    }
    Ok(of)
}

fn zip(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let strict = match args[1].given() {
        Some(strict) => cx.truth(strict)?,
        None => false,
    };
    let of = iterators(cx, &args[2..])?;
    Ok(cx.new_iterator(Iterator::Zip { of, strict }))
}

fn map(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if args.len() < 3 {
        return cx.error(types::TYPE_ERROR, "map() must have at least two arguments.");
    }
    let of = iterators(cx, &args[2..])?;
    let function = cx.heap().retain(args[1]);
    Ok(cx.new_iterator(Iterator::Map { function, of }))
}

fn filter(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let of = cx.iterator(args[2])?;
    let function = cx.heap().retain(args[1]);
    Ok(cx.new_iterator(Iterator::Filter { function, of }))
}

pub fn reversed(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let value = match cx.special(args[1], symbols::REVERSED) {
        Some(_) => args[1],
        None => cx.machine.heap.plain(args[1]),
    };
    match cx.machine.heap.object(value) {
        Some(Object::Range(_)) => return Ok(super::ranges::reversed(cx, value)),
        Some(Object::Dict(_) | Object::DictView(..) | Object::Deque(_)) => {
            return super::dict::reversed(cx, &[value]);
        }
        Some(
            Object::List(_)
            | Object::Tuple(_)
            | Object::Str(_)
            | Object::Bytes(_)
            | Object::ByteArray(_),
        ) => {
            let next = cx.builtin_length(value).unwrap_or(0);
            cx.heap().retain(value);
            return Ok(cx.new_iterator(Iterator::Reversed { of: value, next }));
        }
        _ => {}
    }
    let own = cx.special(value, symbols::REVERSED);
    if own.is_some_and(|own| !own.is_none())
        && let Some(result) = cx.call_special(value, symbols::REVERSED, &[])
    {
        return result;
    }
    if own.is_none()
        && cx.special(value, symbols::GET_ITEM).is_some()
        && cx.special(value, symbols::LEN).is_some()
    {
        let next = cx.length(value)?;
        cx.heap().retain(value);
        return Ok(cx.new_iterator(Iterator::Reversed { of: value, next }));
    }
    cx.type_error("'", value, "' object is not reversible")
}

fn iter(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(sentinel) = args[1].given() else {
        return cx.iterator(args[0]);
    };
    if !cx.is_callable(args[0]) {
        return cx.error(
            types::TYPE_ERROR,
            "iter(object, sentinel): object must be callable",
        );
    }
    let function = cx.heap().retain(args[0]);
    let sentinel = cx.heap().retain(sentinel);
    Ok(cx.new_iterator(Iterator::Calls { function, sentinel }))
}

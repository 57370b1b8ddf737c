//! Methods of dicts and of their views.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::{Frozen, Iterator, Object, ViewKind};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::keywords;

pub const GROUP: Group = Group {
    place: Place::Type(types::DICT),
    natives: METHODS,
};
pub const VIEWS: Group = Group {
    place: Place::Type(types::DICT_VIEW),
    natives: &[
        define("isdisjoint", "other /", super::set::is_disjoint),
        define("__reversed__", "", reversed),
    ],
};

const METHODS: &[Definition] = &[
    define("__new__", "*args **", new),
    define("__init__", "*args **", |cx, args| {
        fill(cx, args[0], &args[1..], "dict")?;
        Ok(Value::NONE)
    }),
    define("get", "key default= /", get),
    define("setdefault", "key default= /", set_default),
    define("pop", "key default= /", pop),
    define("popitem", "", pop_item),
    define("update", "*args **", update),
    define("keys", "", |cx, args| view(cx, args[0], ViewKind::Keys)),
    define("values", "", |cx, args| view(cx, args[0], ViewKind::Values)),
    define("items", "", |cx, args| view(cx, args[0], ViewKind::Items)),
    define("copy", "", copy),
    define("clear", "", clear),
    define("@fromkeys", "iterable value= /", from_keys),
    define("__reversed__", "", reversed),
];

fn new(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let dict = cx.new_dict();
    match fill(cx, dict, &args[1..], "dict") {
        Ok(()) => Ok(dict),
        Err(e) => {
            cx.heap().release(dict);
            Err(e)
        }
    }
}

/// Updates from at most one mapping or iterable of pairs, then from keywords.
fn fill(cx: &mut Context<'_>, dict: Value, args: &[Value], name: &str) -> Outcome<()> {
    let (args, named) = keywords(args);
    match args {
        [] => {}
        [other] => cx.dict_update(dict, *other)?,
        _ => {
            let count = args.len().to_string();
            return cx.fail(
                types::TYPE_ERROR,
                &[name, " expected at most 1 argument, got ", &count],
            );
        }
    }
    match named {
        Some(named) => cx.dict_merge(dict, named, Value::NULL),
        None => Ok(()),
    }
}

fn get(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let found = cx.dict_get(args[0], args[1])?;
    let value = found.or(args[2].given()).unwrap_or(Value::NONE);
    Ok(cx.heap().retain(value))
}

fn set_default(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let value = match cx.dict_get(args[0], args[1])? {
        Some(value) => value,
        None => {
            let value = args[2].given().unwrap_or(Value::NONE);
            cx.dict_set(args[0], args[1], value)?;
            value
        }
    };
    Ok(cx.heap().retain(value))
}

fn pop(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    // An empty one is not asked: nothing is hashed.
    let found = match cx.dict_mut(args[0]) {
        Some(dict) if dict.is_empty() => None,
        _ => cx.take_key(args[0], args[1])?,
    };
    match (found, args[2].given()) {
        (Some((key, value)), _) => {
            cx.heap().release(key);
            Ok(value)
        }
        (None, Some(default)) => Ok(cx.heap().retain(default)),
        (None, None) => cx.raise_key_error(args[1]),
    }
}

fn pop_item(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let last = cx.dict_mut(args[0]).and_then(|d| d.last());
    match last.and_then(|place| cx.take_entry(args[0], place)) {
        Some((key, value)) => {
            // Its place is free again.
            cx.dict_mut(args[0]).and_then(|d| d.last());
            Ok(cx.heap().tuple(vec![key, value]))
        }
        None => {
            let text = cx.heap().str("popitem(): dictionary is empty");
            cx.raise(types::KEY_ERROR, vec![text])
        }
    }
}

fn update(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    fill(cx, args[0], &args[1..], "update")?;
    Ok(Value::NONE)
}

fn view(cx: &mut Context<'_>, dict: Value, kind: ViewKind) -> Outcome {
    cx.heap().retain(dict);
    Ok(cx.heap().add(Object::DictView(dict, kind)))
}

fn copy(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    Ok(cx.copy_table(args[0], Frozen::No))
}

fn clear(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    cx.clear_table(args[0]);
    Ok(Value::NONE)
}

fn from_keys(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let value = args[2].given().unwrap_or(Value::NONE);
    let dict = cx.new_dict();
    match cx.each(args[1], &mut |cx, key| {
        cx.dict_set(dict, key, value).map(|()| true)
    }) {
        Ok(()) => Ok(dict),
        Err(e) => {
            cx.heap().release(dict);
            Err(e)
        }
    }
}

/// An iterator over a dict or view from its end: over what is in it now.
pub fn reversed(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = cx.items(args[0])?;
    let next = items.len();
    let of = cx.heap().list(items);
    Ok(cx.new_iterator(Iterator::Reversed { of, next }))
}

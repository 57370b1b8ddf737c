//! Methods of exceptions.

use crate::machine::call::Arguments;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::Value;
use crate::machine::{symbols, types};

pub static GROUP: Group = Group {
    place: Place::Type(types::BASE_EXCEPTION),
    natives: METHODS,
};
pub static BASE_GROUP: Group = Group {
    place: Place::Type(types::BASE_EXCEPTION_GROUP),
    natives: GROUP_METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "*arguments **", |cx, a| {
        let (args, _) = crate::machine::library::keywords(&a[1..]);
        cx.make_exception(a[0], args)
    }),
    define("__init__", "*arguments **", |cx, a| {
        let (args, keywords) = crate::machine::library::keywords(&a[1..]);
        let args = cx.tuple_of(args);
        let mut old = args;
        if let Some(Object::Exception(e)) = cx.machine.heap.object_mut(a[0]) {
            old = std::mem::replace(&mut e.args, args);
        }
        cx.heap().release(old);
        cx.machine.fill_members(a[0]);
        let mut arguments = Arguments {
            values: Vec::new(),
            names: Vec::new(),
        };
        cx.add_keywords(keywords.unwrap_or(Value::NULL), &mut arguments);
        cx.heap().retain(a[0]);
        let named = cx.name_members(a[0], arguments)?;
        cx.heap().release(named);
        Ok(Value::NONE)
    }),
    define("__str__", "", |cx, a| {
        let text = cx.exception_text(a[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("with_traceback", "traceback /", |cx, a| {
        cx.give_traceback(a[0], a[1])?;
        Ok(cx.heap().retain(a[0]))
    }),
    define("add_note", "note /", |cx, a| {
        if cx.machine.heap.text(a[1]).is_none() {
            return cx.type_error("note must be a str, not '", a[1], "'");
        }
        let known = match cx.machine.heap.object(a[0]) {
            Some(Object::Exception(e)) => e.attributes.get(symbols::NOTES),
            _ => None,
        };
        let list = match known {
            Some(list) => list,
            None => {
                let list = cx.heap().list(Vec::new());
                if let Some(Object::Exception(e)) = cx.machine.heap.object_mut(a[0]) {
                    e.attributes.set(symbols::NOTES, list);
                }
                list
            }
        };
        cx.heap().retain(a[1]);
        match cx.machine.heap.object_mut(list) {
            Some(Object::List(items)) => {
                items.push(a[1]);
                Ok(Value::NONE)
            }
            _ => {
                cx.heap().release(a[1]);
                let text = "Cannot add note: __notes__ is not a list";
                cx.error(types::TYPE_ERROR, text)
            }
        }
    }),
];

const GROUP_METHODS: &[Definition] = &[
    define("split", "*arguments", |cx, a| {
        cx.call_library("_exceptions", "split", a)
    }),
    define("subgroup", "*arguments", |cx, a| {
        cx.call_library("_exceptions", "subgroup", a)
    }),
    define("derive", "*arguments", |cx, a| {
        cx.call_library("_exceptions", "derive", a)
    }),
];

//! `getattr` and its kin, and `object`'s own methods.

use crate::bytecode::CodeKind;
use crate::machine::frame::After;
use crate::machine::library::special::format;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::{Symbol, Value, View};
use crate::machine::{Context, Control, Outcome, symbols, types};

pub static GROUP: Group = Group {
    place: Place::Builtins,
    natives: FUNCTIONS,
};
pub static OBJECT: Group = Group {
    place: Place::Type(types::OBJECT),
    natives: OBJECT_METHODS,
};

const FUNCTIONS: &[Definition] = &[
    define("getattr", "object name default= /", |cx, a| {
        let name = name(cx, a[1])?;
        let Some(default) = a[2].given() else {
            return cx.get_attribute(a[0], name, After::Push);
        };
        cx.heap().retain(default);
        or_default(cx, a[0], name, default)
    }),
    define("hasattr", "object name /", |cx, a| {
        let name = name(cx, a[1])?;
        let found = or_default(cx, a[0], name, Value::NULL)?;
        cx.heap().release(found);
        Ok(Value::bool(found.given().is_some()))
    }),
    define("setattr", "object name value /", |cx, a| {
        let name = name(cx, a[1])?;
        cx.heap().retain(a[2]);
        let depth = cx.thread.frames.len();
        match cx.set_attribute_then(a[0], name, a[2], After::Push) {
            Err(Control::Called) => {
                let result = cx.finish_now(depth)?;
                cx.heap().release(result);
                Ok(Value::NONE)
            }
            other => other.map(|()| Value::NONE),
        }
    }),
    define("vars", "object= /", |cx, a| {
        if a[0].is_null() {
            return locals(cx, a);
        }
        match or_default(cx, a[0], symbols::DICT, Value::NULL)? {
            found if found.is_null() => cx.error(
                types::TYPE_ERROR,
                "vars() argument must have __dict__ attribute",
            ),
            found => Ok(found),
        }
    }),
    define("globals", "", |cx, _| {
        let module = cx.thread.frames.last().map_or(0, |f| f.module);
        cx.call_library("_attributes", "globals", &[Value::module(module)])
    }),
    define("locals", "", locals),
    define("dir", "object= /", |cx, a| match a[0].given() {
        Some(object) => cx.call_library("_attributes", "dir", &[object]),
        None => {
            let names = locals(cx, a)?;
            let sorted = cx.call_library("_attributes", "sorted", &[names]);
            cx.heap().release(names);
            sorted
        }
    }),
    define("delattr", "object name /", |cx, a| {
        let name = name(cx, a[1])?;
        cx.delete_attribute(a[0], name)?;
        Ok(Value::NONE)
    }),
];

const OBJECT_METHODS: &[Definition] = &[
    define("__init__", "*arguments **", |cx, a| {
        if a.len() > 1 {
            let class = cx.type_of(a[0]);
            let own = |name| {
                cx.machine
                    .class_attribute(class, name)
                    .is_some_and(|found| !matches!(found.view(), View::Native(_)))
            };
            let of = match own(symbols::INIT) {
                true => "object",
                false => cx.machine.class_name(class),
            };
            if of == "object" || !own(symbols::NEW) {
                let what = ".__init__() takes exactly one argument (the instance to initialize)";
                return cx.error(types::TYPE_ERROR, &[of, what].concat());
            }
        }
        Ok(Value::NONE)
    }),
    define("@__init_subclass__", "", |_, _| Ok(Value::NONE)),
    define("__setattr__", "name value /", |cx, a| {
        let name = name(cx, a[1])?;
        cx.heap().retain(a[2]);
        cx.set_past_hook(a[0], name, a[2], After::Push)?;
        Ok(Value::NONE)
    }),
    define("__delattr__", "name /", |cx, a| {
        let name = name(cx, a[1])?;
        cx.delete_past_hook(a[0], name)?;
        Ok(Value::NONE)
    }),
    define("__getattribute__", "name /", |cx, a| {
        let name = name(cx, a[1])?;
        cx.get_plain_attribute(a[0], name)
    }),
    define("__repr__", "", |cx, a| {
        // Built-in objects have one of their own.
        let text = cx.built_in_repr(a[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("__str__", "", |cx, a| {
        let text = cx.repr(a[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("__format__", "spec /", |cx, a| {
        format(cx, a, |cx, value, spec| match spec {
            "" => cx.str(value),
            _ => cx.unformattable(value),
        })
    }),
    define("__eq__", "other /", |_, a| {
        Ok(if a[0].is(a[1]) {
            Value::TRUE
        } else {
            Value::NOT_IMPLEMENTED
        })
    }),
    define("__ne__", "other /", |_, a| {
        Ok(if a[0].is(a[1]) {
            Value::FALSE
        } else {
            Value::NOT_IMPLEMENTED
        })
    }),
    define("__hash__", "", |_, a| {
        let hash = crate::machine::operate::hash::identity_hash(a[0]);
        Ok(Value::int(hash as i64))
    }),
];

/// The variables of the function that asks, those that are bound, as they are now.
fn locals(cx: &mut Context<'_>, _: &[Value]) -> Outcome {
    let Some(frame) = cx.thread.frames.last().copied() else {
        return Ok(Value::NONE);
    };
    let linked = cx.machine.program.codes[frame.code as usize].clone();
    match linked.code.kind {
        CodeKind::Function
        | CodeKind::Generator
        | CodeKind::Coroutine
        | CodeKind::AsyncGenerator => {}
        CodeKind::Module => {
            let module = Value::module(frame.module);
            return cx.call_library("_attributes", "globals", &[module]);
        }
        _ => {
            return cx.reject(
                "the names of a class body or a comprehension are not supported as a dict",
                "ask for them in a function or in the module",
            );
        }
    }
    let dict = cx.new_dict();
    for (at, name) in linked.slots.iter().enumerate() {
        let slot = cx.thread.stack[frame.base as usize + at];
        let value = match cx.machine.heap.object(slot) {
            Some(Object::Cell(value)) => *value,
            _ => slot,
        };
        let text = cx.name(*name).to_owned();
        if value.is_null() || !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue;
        }
        let key = cx.heap().str(&text);
        cx.dict_set(dict, key, value)?;
        cx.heap().release(key);
    }
    Ok(dict)
}

fn name(cx: &mut Context<'_>, value: Value) -> Outcome<Symbol> {
    match cx.machine.heap.text(value).map(str::to_owned) {
        Some(text) => Ok(cx.symbol(&text)),
        None => {
            let text = [
                "attribute name must be string, not '",
                &cx.type_name(value),
                "'",
            ]
            .concat();
            cx.error(types::TYPE_ERROR, &text)
        }
    }
}

/// The attribute, or the default (taken over) if AttributeError is raised.
fn or_default(cx: &mut Context<'_>, object: Value, name: Symbol, default: Value) -> Outcome {
    let depth = cx.thread.frames.len();
    let outcome = match cx.get_attribute(object, name, After::Push) {
        Err(Control::Called) => cx.finish_now(depth),
        other => other,
    };
    match outcome {
        Ok(value) => {
            cx.heap().release(default);
            Ok(value)
        }
        Err(Control::Raise(e)) if cx.is_a(e, types::ATTRIBUTE_ERROR) => {
            cx.heap().release(e);
            Ok(default)
        }
        Err(other) => {
            cx.heap().release(default);
            Err(other)
        }
    }
}

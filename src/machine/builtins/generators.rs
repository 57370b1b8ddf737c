//! Methods of generators, coroutines and async generators, and `next`.

use crate::machine::attribute::Found;
use crate::machine::call::Arguments;
use crate::machine::frame::{After, Driver, Sending};
use crate::machine::generator::With;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{AsyncStepKind, GeneratorKind, GeneratorState, Object};
use crate::machine::value::Value;
use crate::machine::{Context, Control, Outcome, symbols, types};

pub static BUILTINS: Group = Group {
    place: Place::Builtins,
    natives: FUNCTIONS,
};
pub static GENERATOR: Group = Group {
    place: Place::Type(types::GENERATOR),
    natives: METHODS,
};
pub static COROUTINE: Group = Group {
    place: Place::Type(types::COROUTINE),
    natives: METHODS,
};
pub static ASYNC_GENERATOR: Group = Group {
    place: Place::Type(types::ASYNC_GENERATOR),
    natives: ASYNC_METHODS,
};

pub static ASYNC_STEP: Group = Group {
    place: Place::Type(types::ASYNC_STEP),
    natives: STEP_METHODS,
};
pub static ASYNC_THROW: Group = Group {
    place: Place::Type(types::ASYNC_THROW),
    natives: STEP_METHODS,
};

const FUNCTIONS: &[Definition] = &[
    define("next", "iterator default= /", next),
    define("anext", "iterator default= /", |cx, a| {
        if a[1].given().is_some() {
            let step = cx.find_attribute(a[0], symbols::ASYNC_NEXT)?;
            if matches!(step, Found::Missing) {
                return cx.type_error("'", a[0], "' object is not an async iterator");
            }
            return cx.call_library("_attributes", "anext", &a[..2]);
        }
        if matches!(cx.machine.heap.object(a[0]), Some(Object::Generator(g)) if g.kind == GeneratorKind::AsyncGenerator)
        {
            return Ok(cx.new_async_step(a[0], AsyncStepKind::Send, Value::NONE));
        }
        match cx.call_special(a[0], symbols::ASYNC_NEXT, &[]) {
            Some(result) => result,
            None => cx.type_error("'", a[0], "' object is not an async iterator"),
        }
    }),
    define("aiter", "iterable /", |cx, a| {
        match cx.call_special(a[0], symbols::ASYNC_ITER, &[]) {
            Some(result) => result,
            None if cx.type_number(a[0]) == types::ASYNC_GENERATOR => Ok(cx.heap().retain(a[0])),
            None => cx.type_error("'", a[0], "' object is not an async iterable"),
        }
    }),
];

const METHODS: &[Definition] = &[
    define("send", "value /", |cx, a| {
        cx.heap().retain(a[1]);
        run(cx, a[0], With::Value(a[1]), Sending::Value)
    }),
    define("throw", "exception value= traceback= /", |cx, a| {
        let exception = if cx.ends_in_own_throw(a[0])? {
            let given: Vec<Value> = a[1..].iter().filter_map(|v| v.given()).collect();
            for value in &given {
                cx.machine.heap.retain(*value);
            }
            let old = cx.machine.thrown.replace(given);
            cx.heap().release_all(old.into_iter().flatten());
            // Nobody sees it.
            let args = cx.heap().tuple(Vec::new());
            cx.machine.exception(types::value(types::EXCEPTION), args)
        } else {
            thrown(cx, a[1], a[2])?
        };
        run(cx, a[0], With::Exception(exception), Sending::Value)
    }),
    define("close", "", close),
    define("__next__", "", |cx, a| {
        run(cx, a[0], With::Value(Value::NONE), Sending::Value)
    }),
    define("__iter__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
    define("__await__", "", |cx, a| {
        cx.call_library("_attributes", "coroutine_wrapper", &[a[0]])
    }),
];

const ASYNC_METHODS: &[Definition] = &[
    define("__aiter__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
    define("__anext__", "", |cx, a| {
        Ok(cx.new_async_step(a[0], AsyncStepKind::Send, Value::NONE))
    }),
    define("asend", "value /", |cx, a| {
        cx.heap().retain(a[1]);
        Ok(cx.new_async_step(a[0], AsyncStepKind::Send, a[1]))
    }),
    define("athrow", "exception value= traceback= /", |cx, a| {
        let exception = thrown(cx, a[1], a[2])?;
        Ok(cx.new_async_step(a[0], AsyncStepKind::Throw, exception))
    }),
    define("aclose", "", |cx, a| {
        let exit = cx.machine.generator_exit();
        Ok(cx.new_async_step(a[0], AsyncStepKind::Close, exit))
    }),
];

const STEP_METHODS: &[Definition] = &[
    define("send", "value /", |cx, a| {
        cx.heap().retain(a[1]);
        cx.drive_async_step(a[0], With::Value(a[1]), Driver::Hand)
    }),
    define("throw", "exception value= traceback= /", |cx, a| {
        let exception = thrown(cx, a[1], a[2])?;
        cx.drive_async_step(a[0], With::Exception(exception), Driver::Hand)
    }),
    define("close", "", |cx, a| cx.close_async_step(a[0])),
    define("__next__", "", |cx, a| {
        cx.drive_async_step(a[0], With::Value(Value::NONE), Driver::Hand)
    }),
    define("__iter__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
    define("__await__", "", |cx, a| Ok(cx.heap().retain(a[0]))),
];

fn run(cx: &mut Context<'_>, generator: Value, with: With, sending: Sending) -> Outcome {
    cx.resume(generator, with, After::Send(sending))
        .map(|()| Value::NONE)
}

fn close(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some(Object::Generator(g)) = cx.machine.heap.object_mut(a[0]) else {
        return Ok(Value::NONE);
    };
    match g.state {
        GeneratorState::Created => {
            g.state = GeneratorState::Finished;
            let stack = std::mem::take(&mut g.stack);
            cx.heap().release_all(stack);
            Ok(Value::NONE)
        }
        GeneratorState::Finished => Ok(Value::NONE),
        GeneratorState::Running | GeneratorState::Suspended => {
            let exit = cx.machine.generator_exit();
            run(cx, a[0], With::Exception(exit), Sending::Close)
        }
    }
}

fn thrown(cx: &mut Context<'_>, exception: Value, value: Value) -> Outcome {
    let exception = match value.given().filter(|v| !v.is_none()) {
        Some(value) if matches!(cx.machine.heap.object(value), Some(Object::Exception(_))) => value,
        Some(value) => return cx.call_now(exception, &[value]),
        None => exception,
    };
    cx.heap().retain(exception);
    let must = "exceptions must be classes or instances deriving from BaseException, not ";
    let message = [must, &cx.type_name(exception)].concat();
    cx.to_exception(exception, &message)
}

fn next(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let (iterator, default) = (a[0], a[1]);
    match cx.machine.heap.object(iterator) {
        Some(Object::Generator(g)) if g.kind == GeneratorKind::Generator => {
            if let Some(default) = default.given() {
                cx.heap().retain(default);
                cx.thread.push(default);
                match run(cx, iterator, With::Value(Value::NONE), Sending::Default) {
                    Err(Control::Raise(e)) => {
                        let default = cx.thread.pop();
                        cx.heap().release(default);
                        return Err(Control::Raise(e));
                    }
                    other => return other,
                }
            }
            run(cx, iterator, With::Value(Value::NONE), Sending::Value)
        }
        Some(Object::Generator(_)) => cx.type_error("'", iterator, "' object is not an iterator"),
        Some(Object::AsyncStep(_)) if default.is_null() => {
            cx.drive_async_step(iterator, With::Value(Value::NONE), Driver::Hand)
        }
        // It may block: its frame runs as any other.
        Some(Object::Instance(of)) if default.is_null() && of.base.is_null() => {
            let Some(function) = cx.special(iterator, symbols::NEXT) else {
                let text = ["'", &cx.type_name(iterator), "' object is not an iterator"].concat();
                return cx.error(types::TYPE_ERROR, &text);
            };
            let values = vec![cx.heap().retain(iterator)];
            let names = Vec::new();
            cx.call_borrowed(function, Arguments { values, names }, After::Push)
        }
        _ => match cx.next_now(iterator)? {
            Some(item) => Ok(item),
            None => match default.given() {
                Some(default) => Ok(cx.heap().retain(default)),
                None => cx.raise(types::STOP_ITERATION, Vec::new()),
            },
        },
    }
}

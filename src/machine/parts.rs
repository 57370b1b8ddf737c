//! What objects own: the values that they let go of when they die.

use super::asyncio::object::{Callback, Future};
use super::object::{Attributes, Iterator, Object};
use super::value::Value;

/// Calls `f` with every value that an object owns. What it lets go of first comes last: lists and tuples are freed from their end.
pub fn each_part(object: &Object, f: &mut impl FnMut(Value)) {
    let attributes =
        |a: &Attributes, f: &mut dyn FnMut(Value)| a.0.iter().rev().for_each(|(_, v)| f(*v));
    match object {
        Object::Free(_)
        | Object::Str(_)
        | Object::Bytes(_)
        | Object::ByteArray(_)
        | Object::BigInt(_)
        | Object::Range(_)
        | Object::RangeIterator { .. }
        | Object::Code(_)
        | Object::Lock(_) => {}
        Object::List(v) => v.iter().for_each(|v| f(*v)),
        Object::Tuple(v) => v.iter().for_each(|v| f(*v)),
        Object::Set(s, _) => s.iter().for_each(|e| f(e.key)),
        Object::Dict(d) => d.iter().rev().for_each(|e| {
            f(e.value);
            f(e.key);
        }),
        Object::Deque(d) => d.items.iter().rev().for_each(|v| f(*v)),
        Object::Slice(v) | Object::Property(v) => v.iter().for_each(|v| f(*v)),
        Object::Method(v) | Object::Super(v) => v.iter().for_each(|v| f(*v)),
        Object::Iterator(i) => match &**i {
            Iterator::Sequence { of, .. }
            | Iterator::Reversed { of, .. }
            | Iterator::Dict { of, .. }
            | Iterator::Deque { of, .. }
            | Iterator::Enumerate { of, .. } => f(*of),
            Iterator::Zip { of, .. } => of.iter().for_each(|v| f(*v)),
            Iterator::Map { function, of } => {
                f(*function);
                of.iter().for_each(|v| f(*v));
            }
            Iterator::Filter { function, of } => {
                f(*function);
                f(*of);
            }
            Iterator::Calls { function, sentinel } => {
                f(*function);
                f(*sentinel);
            }
        },
        Object::DictView(v, _)
        | Object::ClassMethod(v)
        | Object::StaticMethod(v)
        | Object::Cell(v) => f(*v),
        Object::Function(x) => {
            f(x.defaults);
            f(x.keyword_defaults);
            x.closure.iter().for_each(|v| f(*v));
            attributes(&x.attributes, f);
        }
        Object::Class(x) => {
            f(x.meta);
            x.bases.iter().for_each(|v| f(*v));
            attributes(&x.attributes, f);
            // The order's first entry is the class itself, which must not keep itself alive.
            x.order.iter().skip(1).for_each(|v| f(*v));
        }
        Object::Instance(x) => {
            f(x.class);
            f(x.base);
            attributes(&x.attributes, f);
        }
        Object::Exception(x) => {
            f(x.class);
            f(x.context);
            f(x.cause);
            x.traceback.iter().rev().for_each(|e| f(e.frame));
            f(x.args);
            attributes(&x.attributes, f);
        }
        Object::Generator(x) => {
            f(x.frame.function);
            f(x.held);
            f(x.handled);
            f(x.outer);
            f(x.event_loop);
            x.stack.iter().rev().for_each(|v| f(*v));
        }
        Object::Frame(x) => {
            f(x.back);
            x.variables.iter().rev().for_each(|v| f(*v));
            f(x.namespace);
            f(x.function);
        }
        Object::Traceback(entries) => entries.iter().rev().for_each(|e| f(e.frame)),
        Object::AsyncStep(x) => {
            f(x.generator);
            f(x.value);
        }
        Object::Future(x) => future_parts(x, f),
        Object::Handle(x) => callback_parts(x, f),
        Object::Loop(x) => {
            x.ready.iter().for_each(|e| f(e.value));
            x.timers.iter().for_each(|t| f(t.1));
            x.task_factory.iter().for_each(|v| f(*v));
            x.files.values().flatten().for_each(|v| f(*v));
            x.entered.iter().for_each(|e| {
                f(e.context);
                f(e.entry);
            });
            attributes(&x.attributes, f);
        }
    }
}

/// What a future holds, in the reverse of the order in which CPython lets go of it: Modules/_asynciomodule.c, TaskObj_clear, FutureObj_clear.
fn future_parts(x: &Future, f: &mut impl FnMut(Value)) {
    if let Some(t) = &x.task {
        f(t.waiter);
        f(t.coroutine);
        f(t.name);
        f(t.context);
    }
    if let Some(more) = &x.more {
        f(more.class);
        more.attributes.0.iter().rev().for_each(|(_, v)| f(*v));
    }
    f(x.children);
    f(x.cancel_message);
    f(x.traceback);
    f(x.exception);
    f(x.result);
    x.callbacks.iter().rev().for_each(|c| callback_parts(c, f));
    f(x.event_loop);
}

fn callback_parts(x: &Callback, f: &mut impl FnMut(Value)) {
    f(x.target);
    f(x.args);
    f(x.context);
    f(x.event_loop);
}

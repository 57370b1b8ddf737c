//! Signals for the library.

use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::signals::SIGNALS;
use crate::machine::value::Value;
use crate::machine::{Control, Trap};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("signals", "", |cx, _| {
        let mut pairs = Vec::new();
        for (name, number) in SIGNALS {
            let name = cx.heap().str(name);
            let number = Value::int(i64::from(*number));
            pairs.push(cx.heap().tuple(vec![name, number]));
        }
        Ok(cx.heap().list(pairs))
    }),
    define("signal_handler", "signal", |cx, a| {
        let handler = cx.signal_handler(number(a[0])).unwrap_or(Value::NONE);
        Ok(cx.heap().retain(handler))
    }),
    define("set_signal_handler", "signal handler", |cx, a| {
        cx.heap().retain(a[1]);
        let handlers = &mut cx.machine.interrupts.handlers;
        let old = match a[1].is_none() {
            true => handlers.remove(&number(a[0]).into()),
            false => handlers.insert(number(a[0]).into(), a[1]),
        };
        cx.heap().release_all(old);
        Ok(Value::NONE)
    }),
    define("set_wakeup_file", "file", |cx, a| {
        let file = a[0].as_int().and_then(|n| u32::try_from(n).ok());
        let old = std::mem::replace(&mut cx.machine.interrupts.wakeup, file);
        Ok(Value::int(old.map_or(-1, i64::from)))
    }),
    define("raise_signal", "signal to_process", |cx, a| {
        let (signal, to_process) = (number(a[0]), cx.truth(a[1])?);
        Err(Control::Trap(Box::new(Trap::Signal { signal, to_process })))
    }),
    define("main_thread_ident", "", |cx, _| {
        let ident = if cx.number == 0 {
            cx.thread.ident
        } else {
            cx.machine.threads[0].ident
        };
        Ok(Value::int(ident as i64))
    }),
    define("in_main_thread", "", |cx, _| {
        Ok(Value::bool(cx.number == 0))
    }),
];

fn number(value: Value) -> u8 {
    value
        .as_int()
        .and_then(|n| u8::try_from(n).ok())
        .unwrap_or(0)
}

//! What the modules about the language itself ask of the machine: made classes, the exception being handled, limits.

use std::rc::Rc;

use crate::bytecode::{Code, CodeKind, Constant};
use crate::machine::call::Arguments;
use crate::machine::carets::Printer;
use crate::machine::class::MOST_IN_ORDER;
use crate::machine::frame::{After, FRAME_USER, Frame};
use crate::machine::link::Origin;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Outcome, Signal, types};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define(
        "define",
        "text bindings qualified_name module=",
        define_class,
    ),
    define("reject", "message hint", |cx, a| {
        let text = |v| cx.machine.heap.text(v).unwrap_or("").to_owned();
        let (message, hint) = (text(a[0]), text(a[1]));
        cx.reject(&message, &hint)
    }),
    define("is_own_class", "class", |cx, a| {
        let own = match cx.machine.heap.object(a[0]) {
            Some(Object::Class(c)) => {
                cx.machine.modules[c.module as usize].user && c.meta.is_null()
            }
            _ => false,
        };
        Ok(Value::bool(own))
    }),
    define("own_attributes", "object", |cx, a| {
        Ok(cx.attributes_dict(a[0]))
    }),
    define("handled", "", |cx, _| {
        let handled = cx.thread.handled.given().unwrap_or(Value::NONE);
        Ok(cx.heap().retain(handled))
    }),
    define("traceback", "exception", |cx, a| {
        let pieces = cx.traceback_pieces(a[0]);
        Ok(list_of_texts(cx, &pieces))
    }),
    // As the interpreter prints it.
    define("uncaught", "exception", |cx, a| {
        let text = cx.traceback(a[0]);
        Ok(cx.heap().str(&text))
    }),
    define("traceback_lines", "traceback", |cx, a| {
        let entries = match cx.machine.heap.object(a[0]) {
            Some(Object::Traceback(entries)) => entries.to_vec(),
            _ => Vec::new(),
        };
        let pieces = cx.entries_by_library(&entries);
        Ok(list_of_texts(cx, &pieces))
    }),
    define("source_line", "line", |cx, a| {
        let line = cx.need_index(a[0])?;
        let text = cx.machine.source_line(line as u32).unwrap_or("").to_owned();
        Ok(cx.heap().str(&text))
    }),
    define("exception_line", "exception", |cx, a| {
        let text = cx.last_line(a[0], Printer::Library, false);
        Ok(cx.heap().str(&text))
    }),
    define("group", "class arguments members", |cx, a| {
        let args = cx.heap().retain(a[1]);
        let group = cx.machine.exception(a[0], args);
        if let [message, _] = cx.exception_args(group)[..] {
            for (name, value) in [("message", message), ("exceptions", a[2])] {
                cx.heap().retain(value);
                cx.machine.set_member(group, name, value);
            }
        }
        Ok(group)
    }),
    define("notes", "exception", |cx, a| {
        let notes = cx.notes(a[0], Printer::Library);
        let notes = notes.iter().map(|note| cx.heap().str(note)).collect();
        Ok(cx.heap().list(notes))
    }),
    define("recursion_limit", "", |cx, _| {
        Ok(Value::int(cx.machine.limits.recursion as i64))
    }),
    define("set_recursion_limit", "limit", |cx, a| {
        let limit = cx.need_index(a[0])?;
        if limit < 1 {
            return cx.error(
                types::VALUE_ERROR,
                "recursion limit must be greater or equal than 1",
            );
        }
        // Deeper than this the machine's own stack would not do.
        cx.machine.limits.recursion = (limit as usize).min(100_000);
        Ok(Value::NONE)
    }),
    define("file_name", "", |cx, _| {
        let name = cx.machine.file.clone();
        Ok(cx.heap().str(&name))
    }),
    define("is_free_threaded", "", |cx, _| {
        Ok(Value::bool(cx.machine.rules.is_free_threaded()))
    }),
    define("caller", "", |cx, _| {
        let frame = cx
            .thread
            .frames
            .iter()
            .rev()
            .find(|f| f.flags & FRAME_USER != 0);
        let (line, code) = frame.map_or((0, 0), |f| (f.line, f.code));
        let name = cx.machine.program.codes[code as usize].code.name.clone();
        let name = cx.heap().str(&name);
        Ok(cx.heap().tuple(vec![Value::int(line as i64), name]))
    }),
    define("switch_interval", "", |cx, _| {
        Ok(Value::float(cx.machine.switch_interval as f64 / 1e9))
    }),
    // Handles, as the list must keep nothing alive.
    define("unfinalized", "kept", |cx, a| {
        let handles = cx.machine.unfinalized(a[0].is(Value::TRUE));
        let numbers = handles.iter().map(|h| Value::int(h.0.into())).collect();
        Ok(cx.heap().list(numbers))
    }),
    define("keep_order", "", |cx, _| {
        cx.heap().keep_order(MOST_IN_ORDER);
        Ok(Value::NONE)
    }),
    // 1: what `sys` keeps is let go of, 2: modules are taken down.
    define("end", "stage", |cx, a| {
        cx.machine.ending = a[0].as_int().unwrap_or(0) as u8;
        Ok(Value::NONE)
    }),
    define("finalize", "handle", |cx, a| {
        let handle = Handle(a[0].as_int().unwrap_or(0) as u32);
        if cx.machine.heap.has_last_words(handle) {
            let value = cx.heap().retain(Value::object(handle));
            cx.machine.heap.dying.push_back(value);
        }
        Ok(Value::NONE)
    }),
    define("set_check_interval", "ticks", |cx, a| {
        let ticks = a[0].as_int().unwrap_or(i64::MAX).max(1) as u64;
        cx.machine.signals.push(Signal::CheckInterval(ticks));
        Ok(Value::NONE)
    }),
    define("set_switch_interval", "seconds", |cx, a| {
        let ns = super::locks::seconds(a[0].as_number().unwrap_or(0.0)).max(1);
        cx.machine.switch_interval = ns;
        cx.machine.signals.push(Signal::SwitchInterval(ns));
        Ok(Value::NONE)
    }),
];

/// Compiles a class statement that the library wrote and runs it with some names bound; the class.
/// Its functions are called as if they stood in the program: `collections.namedtuple` and `dataclasses` need signatures of their own.
fn define_class(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let text = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    let qualified = cx.machine.heap.text(a[2]).unwrap_or("").to_owned();
    let name = qualified.rsplit('.').next().unwrap_or("").to_owned();
    let mut code = match crate::library::compile("<define>", &text) {
        Ok(code) => code,
        Err(problem) => return cx.fail(types::SYNTAX_ERROR, &[&problem]),
    };
    qualify(&mut code, &name, &qualified);
    let module = cx.machine.add_module("<define>", Origin::Library);
    let mut bindings = Arguments {
        values: Vec::new(),
        names: Vec::new(),
    };
    cx.add_keywords(a[1], &mut bindings);
    for (symbol, value) in bindings.names.into_iter().zip(bindings.values) {
        cx.machine.bind_global(module, symbol, value);
    }
    let own_name = cx.heap().str("__main__");
    cx.machine
        .bind_global(module, crate::machine::symbols::NAME, own_name);
    let number = cx.machine.link(&code, module, Origin::Library);
    let base = cx.thread.stack.len();
    let slots = cx.machine.program.codes[number as usize].slots.len();
    cx.thread.stack.resize(base + slots, Value::NULL);
    let frame = Frame {
        code: number,
        base: base as u32,
        module,
        after: After::Import { module },
        ..Frame::default()
    };
    let depth = cx.thread.frames.len();
    if let Err(other) = cx.push_frame(frame)
        && !matches!(other, crate::machine::Control::Called)
    {
        return Err(other);
    }
    cx.finish_now(depth)?;
    let symbol = cx.symbol(&name);
    let class = cx.module_attribute(module, symbol).unwrap_or(Value::NONE);
    let main = cx.machine.modules.iter().position(|m| m.user).unwrap_or(0) as u16;
    if let Some(Object::Class(c)) = cx.machine.heap.object_mut(class) {
        c.module = main;
    }
    Ok(cx.heap().retain(class))
}

/// Gives freshly compiled code another qualified name for its class.
fn qualify(code: &mut Rc<Code>, name: &str, qualified: &str) {
    let Some(code) = Rc::get_mut(code) else {
        return;
    };
    if let Some(rest) = code.qualified_name.strip_prefix(name)
        && (rest.is_empty() || rest.starts_with('.'))
    {
        code.qualified_name = [qualified, rest].concat();
    }
    let in_class = code.kind == CodeKind::Class;
    for constant in &mut code.constants {
        match constant {
            Constant::Code(inner) => qualify(inner, name, qualified),
            // The class body stores its qualified name.
            Constant::Str(text) if in_class && **text == *name => *text = qualified.into(),
            _ => {}
        }
    }
}

fn list_of_texts(cx: &mut Context<'_>, texts: &[String]) -> Value {
    let items = texts.iter().map(|text| cx.heap().str(text)).collect();
    cx.heap().list(items)
}

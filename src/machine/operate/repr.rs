//! `repr`, `str` and `ascii`.

use std::rc::Rc;

use super::super::object::{Frozen, FutureState, GeneratorKind, Object, ViewKind};
use super::super::value::{Handle, Value, View};
use super::super::{Context, Outcome, symbols, types};
use super::float::float_text;
use super::hash::address;
use super::text::{hexadecimal, quote, quote_bytes};

impl Context<'_> {
    pub fn repr(&mut self, value: Value) -> Outcome<String> {
        let mut out = String::new();
        self.write_repr(value, &mut out)?;
        Ok(out)
    }

    pub fn ascii(&mut self, value: Value) -> Outcome<String> {
        let text = self.repr(value)?;
        if text.is_ascii() {
            return Ok(text);
        }
        // Between quotes that are not ours: what quoting escapes is not there any more.
        let mut out = String::new();
        for c in text.chars() {
            if c.is_ascii() {
                out.push(c);
            } else {
                let mut quoted = String::new();
                quote(c.encode_utf8(&mut [0; 4]), true, &mut quoted);
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
        Ok(out)
    }

    /// `str(value)`
    pub fn str(&mut self, value: Value) -> Outcome<String> {
        match self.machine.heap.object(value) {
            Some(Object::Str(text)) => Ok(text.text.as_ref().to_owned()),
            Some(Object::Instance(_)) => {
                let method = match self.special(value, symbols::STR) {
                    Some(method) => Some(method),
                    None => self.special(value, symbols::REPR),
                };
                match method {
                    Some(method) => {
                        let result = self.call_now(method, &[value])?;
                        self.text_result(result, "__str__")
                    }
                    None => Ok(self.plain_repr(value)),
                }
            }
            Some(Object::Exception(_)) => match self.call_special(value, symbols::STR, &[]) {
                Some(result) => self.text_result(result?, "__str__"),
                None => self.exception_text(value),
            },
            _ => self.repr(value),
        }
    }

    /// As `str`, as a value; a str is itself.
    pub fn str_value(&mut self, value: Value) -> Outcome {
        if self.machine.heap.text(value).is_some() {
            return Ok(self.heap().retain(value));
        }
        let text = self.str(value)?;
        Ok(self.heap().str(&text))
    }

    fn text_result(&mut self, result: Value, method: &str) -> Outcome<String> {
        let text = self.machine.heap.text(result).map(str::to_owned);
        let name = self.type_name(result);
        self.heap().release(result);
        match text {
            Some(text) => Ok(text),
            None => self.fail(
                types::TYPE_ERROR,
                &[method, " returned non-string (type ", &name, ")"],
            ),
        }
    }

    /// What `str` makes of an exception's arguments.
    pub fn exception_text(&mut self, exception: Value) -> Outcome<String> {
        let args = self.exception_args(exception);
        let number = |cx: &Self, kind| cx.machine.is_instance(exception, types::value(kind));
        match args[..] {
            [] => Ok(String::new()),
            [one] if number(self, types::KEY_ERROR) => self.repr(one),
            [one] => self.str(one),
            [code, message] if number(self, types::OS_ERROR) => {
                let (code, message) = (self.str(code)?, self.str(message)?);
                Ok(["[Errno ", &code, "] ", &message].concat())
            }
            [message, members] if number(self, types::BASE_EXCEPTION_GROUP) => {
                let message = self.str(message)?;
                let count = self.builtin_length(members).unwrap_or(0);
                let s = if count == 1 { "" } else { "s" };
                Ok([&message, " (", &count.to_string(), " sub-exception", s, ")"].concat())
            }
            _ => {
                let mut out = String::new();
                self.write_row(&args, "(", ")", &mut out)?;
                Ok(out)
            }
        }
    }

    /// The arguments of an exception; borrowed.
    pub fn exception_args(&self, exception: Value) -> Vec<Value> {
        match self.machine.heap.object(exception) {
            Some(Object::Exception(e)) => match self.machine.heap.object(e.args) {
                Some(Object::Tuple(items)) => items.to_vec(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The repr of a value that is no container, without running code of the program: of an instance its class and address.
    pub fn plain_repr(&self, value: Value) -> String {
        match value.view() {
            View::Int(i) => i.to_string(),
            View::Float(f) => float_text(f),
            View::Bool(true) => "True".into(),
            View::Bool(false) => "False".into(),
            View::None => "None".into(),
            View::NotImplemented => "NotImplemented".into(),
            View::Ellipsis => "Ellipsis".into(),
            View::Type(number) => ["<class '", types::qualified_name(number), "'>"].concat(),
            View::Native(number) => {
                let native = &self.machine.natives.all[number as usize];
                match native.method_of {
                    Some(of) if !native.class_method => [
                        "<method '",
                        native.name,
                        "' of '",
                        types::qualified_name(of),
                        "' objects>",
                    ]
                    .concat(),
                    _ => ["<built-in function ", native.name, ">"].concat(),
                }
            }
            View::Module(number) => {
                let name = self.machine.modules[number as usize].name;
                ["<module '", self.name(name), "' (built-in)>"].concat()
            }
            View::Thing(number) => ["<thing ", &number.to_string(), ">"].concat(),
            View::Null => "<NULL>".into(),
            View::Object(handle) => {
                let mut out = String::new();
                match self.machine.heap.get(handle) {
                    Object::Str(text) => quote(&text.text, false, &mut out),
                    Object::Bytes(bytes) => quote_bytes(bytes, &mut out),
                    Object::BigInt(big) => out = big.text(10),
                    _ => write_object(&self.class_text(self.type_of(value)), handle, &mut out),
                }
                out
            }
        }
    }

    pub(super) fn write_repr(&mut self, value: Value, out: &mut String) -> Outcome<()> {
        let Some(handle) = value.as_object() else {
            out.push_str(&self.plain_repr(value));
            return Ok(());
        };
        match self.machine.heap.get(handle) {
            Object::Str(text) => quote(&text.text, false, out),
            Object::Bytes(bytes) => quote_bytes(bytes, out),
            Object::ByteArray(bytes) => {
                out.push_str("bytearray(");
                quote_bytes(bytes, out);
                out.push(')');
            }
            Object::BigInt(big) => {
                let big = big.clone();
                out.push_str(&self.big_text(&big)?);
            }
            Object::List(_) => self.write_container(handle, "[", "]", "[...]", out)?,
            Object::Tuple(_) => self.write_container(handle, "(", ")", "(...)", out)?,
            Object::Dict(_) => self.write_container(handle, "{", "}", "{...}", out)?,
            Object::Set(d, Frozen::No) if d.is_empty() => out.push_str("set()"),
            Object::Set(d, Frozen::Yes) if d.is_empty() => out.push_str("frozenset()"),
            Object::Set(_, Frozen::No) => {
                self.write_container(handle, "{", "}", "set(...)", out)?
            }
            Object::Set(_, Frozen::Yes) => {
                self.write_container(handle, "frozenset({", "})", "frozenset(...)", out)?
            }
            Object::Deque(deque) => {
                let end = match deque.limit {
                    Some(limit) => ["], maxlen=", &limit.to_string(), ")"].concat(),
                    None => String::from("])"),
                };
                self.write_container(handle, "deque([", &end, "[...]", out)?;
            }
            Object::DictView(_, kind) => {
                let start = match kind {
                    ViewKind::Keys => "dict_keys([",
                    ViewKind::Values => "dict_values([",
                    ViewKind::Items => "dict_items([",
                };
                self.write_container(handle, start, "])", "...", out)?;
            }
            Object::Range(parts) => {
                let [start, stop, step] = **parts;
                out.push_str(&["range(", &start.to_string(), ", ", &stop.to_string()].concat());
                if step != 1 {
                    out.push_str(&[", ", &step.to_string()].concat());
                }
                out.push(')');
            }
            Object::Slice(parts) => {
                let parts = **parts;
                self.write_row(&parts, "slice(", ")", out)?;
            }
            Object::Instance(_) => match self.call_special(value, symbols::REPR, &[]) {
                Some(result) => out.push_str(&self.text_result(result?, "__repr__")?),
                None => out.push_str(&self.plain_repr(value)),
            },
            Object::Exception(_) => match self.call_special(value, symbols::REPR, &[]) {
                Some(result) => out.push_str(&self.text_result(result?, "__repr__")?),
                None => {
                    out.push_str(&self.type_name(value));
                    let args = self.exception_args(value);
                    match args[..] {
                        [one] => self.write_row(&[one], "(", ")", out)?,
                        _ => self.write_row(&args, "(", ")", out)?,
                    }
                }
            },
            _ => self.write_other(value, handle, out)?,
        }
        Ok(())
    }

    /// Values with commas between.
    fn write_row(
        &mut self,
        values: &[Value],
        start: &str,
        end: &str,
        out: &mut String,
    ) -> Outcome<()> {
        out.push_str(start);
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            self.write_repr(*value, out)?;
        }
        out.push_str(end);
        Ok(())
    }

    fn write_container(
        &mut self,
        handle: Handle,
        start: &str,
        end: &str,
        again: &str,
        out: &mut String,
    ) -> Outcome<()> {
        if self.showing(handle) {
            out.push_str(again);
            return Ok(());
        }
        let result = match self.sink(" while getting the repr of an object") {
            Ok(()) => {
                out.push_str(start);
                let result = self.write_items(Value::object(handle), out);
                out.push_str(end);
                self.rise();
                result
            }
            Err(e) => Err(e),
        };
        self.shown();
        result
    }

    fn write_items(&mut self, container: Value, out: &mut String) -> Outcome<()> {
        let kind = match self.machine.heap.object(container) {
            Some(Object::Dict(_)) => Some(ViewKind::Items),
            Some(Object::DictView(_, kind)) => Some(*kind),
            Some(Object::Set(..)) => Some(ViewKind::Keys),
            _ => None,
        };
        let Some(kind) = kind else {
            let mut at = 0;
            while let Some(item) = self.element(container, at) {
                if at > 0 {
                    out.push_str(", ");
                }
                // The repr of an item may change the container.
                self.heap().retain(item);
                let result = self.write_repr(item, out);
                self.heap().release(item);
                result?;
                at += 1;
            }
            if at == 1 && matches!(self.machine.heap.object(container), Some(Object::Tuple(_))) {
                out.push(',');
            }
            return Ok(());
        };
        let pairs = matches!(self.machine.heap.object(container), Some(Object::Dict(_)));
        let mut place = 0;
        let mut first = true;
        while let Some((entry, next)) = self.entry_from(container, place) {
            place = next;
            if !std::mem::take(&mut first) {
                out.push_str(", ");
            }
            self.heap().retain(entry.key);
            self.heap().retain(entry.value);
            let result = match kind {
                ViewKind::Keys => self.write_repr(entry.key, out),
                ViewKind::Values => self.write_repr(entry.value, out),
                ViewKind::Items if pairs => self.write_repr(entry.key, out).and_then(|()| {
                    out.push_str(": ");
                    self.write_repr(entry.value, out)
                }),
                ViewKind::Items => self.write_row(&[entry.key, entry.value], "(", ")", out),
            };
            self.heap().release(entry.key);
            self.heap().release(entry.value);
            result?;
        }
        Ok(())
    }

    /// A class's name with its module, as its repr shows it.
    fn class_text(&self, class: Value) -> String {
        match self.machine.heap.object(class) {
            Some(Object::Class(c)) => {
                let module = self.name(self.machine.modules[c.module as usize].name);
                if module == "builtins" {
                    c.qualified_name.to_string()
                } else {
                    [module, ".", &c.qualified_name].concat()
                }
            }
            _ => self.machine.class_path(class),
        }
    }

    /// The qualified name of a function's or generator's code.
    fn code_name(&self, code: u32) -> Rc<crate::bytecode::Code> {
        self.machine.program.codes[code as usize].code.clone()
    }

    /// What is known by its name and its address.
    fn write_other(&mut self, value: Value, handle: Handle, out: &mut String) -> Outcome<()> {
        match self.machine.heap.get(handle) {
            Object::Function(f) => {
                let code = self.code_name(f.code);
                out.push_str(&["<function ", &code.qualified_name, &at(handle), ">"].concat());
            }
            Object::Class(_) => {
                let name = self.class_text(value);
                out.push_str(&["<class '", &name, "'>"].concat());
            }
            Object::Generator(g) => {
                let kind = match g.kind {
                    GeneratorKind::Generator => "generator",
                    GeneratorKind::Coroutine => "coroutine",
                    GeneratorKind::AsyncGenerator => "async_generator",
                };
                let code = self.code_name(g.frame.code);
                out.push_str(
                    &[
                        "<",
                        kind,
                        " object ",
                        &code.qualified_name,
                        &at(handle),
                        ">",
                    ]
                    .concat(),
                );
            }
            Object::Method(pair) => {
                let [function, object] = **pair;
                match (function.view(), self.machine.heap.object(function)) {
                    (View::Native(number), _) => {
                        let name = self.machine.natives.all[number as usize].name;
                        let kind = self.machine.class_path(self.type_of(object));
                        let place = object
                            .as_object()
                            .map_or_else(|| " at 0x7f0000000000".into(), at);
                        out.push_str(
                            &[
                                "<built-in method ",
                                name,
                                " of ",
                                &kind,
                                " object",
                                &place,
                                ">",
                            ]
                            .concat(),
                        );
                    }
                    (_, Some(Object::Function(f))) => {
                        let code = self.code_name(f.code);
                        out.push_str(&["<bound method ", &code.qualified_name, " of "].concat());
                        self.write_repr(object, out)?;
                        out.push('>');
                    }
                    _ => write_object("method", handle, out),
                }
            }
            Object::Future(f) => {
                let (state, result, exception) = (f.state, f.result, f.exception);
                let task = f.task.as_ref().map(|t| (t.name, t.coroutine));
                out.push_str(if task.is_some() { "<Task " } else { "<Future " });
                out.push_str(match state {
                    FutureState::Pending => "pending",
                    FutureState::Finished => "finished",
                    FutureState::Cancelled => "cancelled",
                });
                if let Some((name, coroutine)) = task {
                    out.push_str(" name=");
                    self.write_repr(name, out)?;
                    if let Some(Object::Generator(g)) = self.machine.heap.object(coroutine) {
                        let code = self.code_name(g.frame.code);
                        out.push_str(&[" coro=<", &code.qualified_name, "()>"].concat());
                    }
                }
                if exception.given().is_some() {
                    out.push_str(" exception=");
                    self.write_repr(exception, out)?;
                } else if state == FutureState::Finished {
                    out.push_str(" result=");
                    self.write_repr(result, out)?;
                }
                out.push('>');
            }
            Object::Lock(lock) => {
                let (held, kind) = (
                    lock.count > 0,
                    if lock.reentrant {
                        "_thread.RLock"
                    } else {
                        "_thread.lock"
                    },
                );
                let detail = if lock.reentrant {
                    let owner = if held { lock.owner } else { 0 };
                    [
                        " owner=",
                        &owner.to_string(),
                        " count=",
                        &lock.count.to_string(),
                    ]
                    .concat()
                } else {
                    String::new()
                };
                let state = if held { "<locked " } else { "<unlocked " };
                out.push_str(&[state, kind, " object", &detail, &at(handle), ">"].concat());
            }
            Object::Super(pair) => {
                let [class, object] = **pair;
                let name = self.machine.class_name(class).to_owned();
                let kind = self.type_name(object);
                out.push_str(&["<super: <class '", &name, "'>, <", &kind, " object>>"].concat());
            }
            _ => {
                let kind = self.machine.class_path(self.type_of(value));
                write_object(&kind, handle, out);
            }
        }
        Ok(())
    }

    /// An integer in decimal; CPython refuses to write very long ones.
    pub fn big_text(&mut self, big: &super::Big) -> Outcome<String> {
        let text = big.text(10);
        if text.len() - big.negative as usize > 4300 {
            return self.error(
                types::VALUE_ERROR,
                "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
            );
        }
        Ok(text)
    }
}

/// ` at 0x7f...`
fn at(handle: Handle) -> String {
    [" at 0x", &hexadecimal(address(handle.0))].concat()
}

fn write_object(kind: &str, handle: Handle, out: &mut String) {
    out.push_str(&["<", kind, " object", &at(handle), ">"].concat());
}

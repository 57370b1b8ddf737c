//! `repr`, `str` and `ascii`.

use super::super::object::{Frozen, Object, ViewKind};
use super::super::value::{Handle, Value};
use super::super::{Context, Outcome, symbols, types};
use super::text::{quote, quote_bytes};

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
                    None => match self.machine.heap.text(value) {
                        Some(text) => return Ok(text.to_owned()),
                        None => self.special(value, symbols::REPR),
                    },
                };
                match method {
                    Some(method) => {
                        let result = self.call_now(method, &[value])?;
                        self.text_result(result, "__str__")
                    }
                    None => self.repr(value),
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
        if matches!(self.machine.heap.object(value), Some(Object::Str(_))) {
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
        let member = |cx: &Self, name| cx.machine.member(exception, name);
        let code = member(self, "errno");
        if !(code.is_none() && member(self, "strerror").is_none()) {
            let (code, message) = (self.str(code)?, self.str(member(self, "strerror"))?);
            let mut text = ["[Errno ", &code, "] ", &message].concat();
            for (name, between) in [("filename", ": "), ("filename2", " -> ")] {
                let path = member(self, name);
                if path.is_none() {
                    break;
                }
                text += between;
                text += &self.repr(path)?;
            }
            return Ok(text);
        }
        if let Some(members) = self.machine.group_members(exception) {
            let message = self.str(member(self, "message"))?;
            let s = if members.len() == 1 { "" } else { "s" };
            return Ok([
                &message,
                " (",
                &members.len().to_string(),
                " sub-exception",
                s,
                ")",
            ]
            .concat());
        }
        if !member(self, "reason").is_none() {
            let text = self.call_library("_exceptions", "text", &[exception])?;
            return self.text_result(text, "__str__");
        }
        match args[..] {
            [] => Ok(String::new()),
            [one] if number(self, types::KEY_ERROR) => self.repr(one),
            [one] => self.str(one),
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
            Object::DictView(of, kind) => {
                // Only a view of an OrderedDict knows more than the dict.
                if !self.machine.heap.plain(*of).is(*of) {
                    out.push('o');
                }
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
                None => match self.machine.heap.base(value) {
                    Some(base) => self.write_derived(value, base, out)?,
                    None => out.push_str(&self.plain_repr(value)),
                },
            },
            Object::Class(_) | Object::Future(_) => {
                match self.call_special(value, symbols::REPR, &[]) {
                    Some(result) => out.push_str(&self.text_result(result?, "__repr__")?),
                    None => self.write_other(value, handle, out)?,
                }
            }
            Object::Exception(_) => match self.call_special(value, symbols::REPR, &[]) {
                Some(result) => out.push_str(&self.text_result(result?, "__repr__")?),
                None => self.write_exception(value, out)?,
            },
            _ => self.write_other(value, handle, out)?,
        }
        Ok(())
    }

    fn write_exception(&mut self, value: Value, out: &mut String) -> Outcome<()> {
        out.push_str(&self.short_name(value));
        let args = self.exception_args(value);
        self.write_row(&args, "(", ")", out)
    }

    /// What `__repr__` of a built-in type gives, whatever the object's class has of its own.
    pub fn built_in_repr(&mut self, value: Value) -> Outcome<String> {
        let mut out = String::new();
        match (value.as_object(), self.machine.heap.object(value)) {
            (_, Some(Object::Exception(_))) => self.write_exception(value, &mut out)?,
            (Some(handle), Some(Object::Future(_))) => self.write_other(value, handle, &mut out)?,
            (_, Some(Object::Instance(_))) => out = self.plain_repr(value),
            _ => self.write_repr(value, &mut out)?,
        }
        Ok(out)
    }

    /// A value of a class that derives from a built-in type: those whose repr names the type name the class.
    fn write_derived(&mut self, value: Value, base: Value, out: &mut String) -> Outcome<()> {
        let name = self.type_name(value);
        let mut text = String::new();
        self.write_repr(base, &mut text)?;
        match self.machine.heap.object(base) {
            Some(Object::Set(s, Frozen::No)) if !s.is_empty() => {
                out.push_str(&[&name, "(", &text, ")"].concat());
            }
            Some(Object::Set(..) | Object::ByteArray(_) | Object::Deque(_)) => {
                let arguments = text.find('(').map_or("", |at| &text[at..]);
                out.push_str(&[&name, arguments].concat());
            }
            _ => out.push_str(&text),
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

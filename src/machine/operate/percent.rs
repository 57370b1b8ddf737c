//! `text % values`

use super::super::object::Object;
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::compare::bytes_of;
use super::float::{Layout, digits};
use super::integer::Number;
use super::spec::{Spec, assemble, pad};

/// Where the next argument comes from.
struct Given {
    values: Vec<Value>,
    next: usize,
    /// A mapping for `%(name)s`, or NULL.
    mapping: Value,
    /// What the mapping gave, owned.
    owned: Vec<Value>,
    /// Bytes are formatted: each stands for the character of its number.
    bytes: bool,
}

impl Context<'_> {
    pub(super) fn percent(&mut self, text: Value, values: Value) -> Outcome {
        let text = self.shared_text(text).unwrap_or_default();
        let out = self.percent_text(&text, values, false)?;
        Ok(self.heap().str(&out))
    }

    /// The same for bytes and bytearrays: CPython 3.12, Objects/bytesobject.c, _PyBytes_FormatEx.
    pub(super) fn percent_bytes(&mut self, format: Value, values: Value) -> Outcome {
        let text = match self.machine.heap.object(format).and_then(bytes_of) {
            Some(bytes) => bytes.iter().map(|b| char::from(*b)).collect(),
            None => String::new(),
        };
        let out = self.percent_text(&text, values, true)?;
        let bytes: Vec<u8> = out.chars().map(|c| c as u8).collect();
        Ok(match self.machine.heap.object(format) {
            Some(Object::ByteArray(_)) => self.heap().add(Object::ByteArray(bytes)),
            _ => self.heap().add(Object::Bytes(bytes.into())),
        })
    }

    fn percent_text(&mut self, text: &str, values: Value, bytes: bool) -> Outcome<String> {
        let is_mapping = match self.machine.heap.object(self.machine.heap.plain(values)) {
            // CPython asks for `values[key]`, which all of these have.
            Some(Object::Dict(_) | Object::List(_) | Object::Range(_)) => true,
            Some(Object::Bytes(_) | Object::ByteArray(_)) => !bytes,
            _ => false,
        } || self
            .special(values, super::super::symbols::GET_ITEM)
            .is_some();
        let mapping = if is_mapping { values } else { Value::NULL };
        let list = match self.machine.heap.object(values) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => vec![values],
        };
        let mut given = Given {
            values: list,
            next: 0,
            mapping,
            owned: Vec::new(),
            bytes,
        };
        let mut out = String::new();
        let result = self.percent_all(text, &mut given, &mut out);
        self.heap().release_all(given.owned);
        result.map(|()| out)
    }

    fn percent_all(&mut self, text: &str, given: &mut Given, out: &mut String) -> Outcome<()> {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            if chars[at] != '%' {
                out.push(chars[at]);
                at += 1;
                continue;
            }
            at += 1;
            if chars.get(at) == Some(&'%') {
                out.push('%');
                at += 1;
                continue;
            }
            at = self.percent_one(&chars, at, given, out)?;
        }
        if given.next < given.values.len() && given.mapping.is_null() {
            let of = if given.bytes { "bytes" } else { "string" };
            let text = ["not all arguments converted during ", of, " formatting"].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        Ok(())
    }

    fn next_value(&mut self, given: &mut Given) -> Outcome {
        match given.values.get(given.next) {
            Some(value) => {
                given.next += 1;
                Ok(*value)
            }
            None => self.error(types::TYPE_ERROR, "not enough arguments for format string"),
        }
    }

    /// One conversion, from behind its `%`; gives the place behind it.
    fn percent_one(
        &mut self,
        chars: &[char],
        mut at: usize,
        given: &mut Given,
        out: &mut String,
    ) -> Outcome<usize> {
        let mut spec = Spec {
            align: Some('>'),
            ..Spec::PLAIN
        };
        if chars.get(at) == Some(&'(') {
            if given.mapping.is_null() {
                return self.error(types::TYPE_ERROR, "format requires a mapping");
            }
            let start = at + 1;
            let mut depth = 1;
            while depth > 0 {
                at += 1;
                match chars.get(at) {
                    Some('(') => depth += 1,
                    Some(')') => depth -= 1,
                    Some(_) => {}
                    None => return self.error(types::VALUE_ERROR, "incomplete format key"),
                }
            }
            let key: String = chars[start..at].iter().collect();
            at += 1;
            let key = if given.bytes {
                let key: Vec<u8> = key.chars().map(|c| c as u8).collect();
                self.heap().add(Object::Bytes(key.into()))
            } else {
                self.heap().str(&key)
            };
            let found = self.get_item(given.mapping, key);
            self.heap().release(key);
            // From here on it is the only argument.
            let found = found?;
            given.owned.push(found);
            given.values = vec![found];
            given.next = 0;
        }
        let mut zero = false;
        while let Some(flag) = chars.get(at) {
            match flag {
                '-' => spec.align = Some('<'),
                '+' => spec.sign = Some('+'),
                ' ' => spec.sign = spec.sign.or(Some(' ')),
                '#' => spec.alternate = true,
                '0' => zero = true,
                _ => break,
            }
            at += 1;
        }
        if let Some(width) = self.percent_number(chars, &mut at, given, "* wants int")? {
            if width < 0 {
                spec.align = Some('<');
            }
            spec.width = width.unsigned_abs() as usize;
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            let precision = self.percent_number(chars, &mut at, given, "* wants int")?;
            spec.precision = Some(precision.unwrap_or(0).max(0) as usize);
        }
        self.reserve(spec.width.saturating_add(spec.precision.unwrap_or(0)))?;
        if let Some('h' | 'l' | 'L') = chars.get(at) {
            at += 1;
        }
        let Some(&kind) = chars.get(at) else {
            return self.error(types::VALUE_ERROR, "incomplete format");
        };
        let value = self.next_value(given)?;
        if zero && spec.align == Some('>') && "diuoxXeEfFgG".contains(kind) {
            spec.align = Some('=');
            spec.fill = '0';
        }
        let text = match kind {
            's' | 'r' | 'a' | 'b' if kind != 'b' || given.bytes => {
                let text = match kind {
                    's' | 'b' if given.bytes => self.percent_own_bytes(value)?,
                    's' => self.str(value)?,
                    'r' if !given.bytes => self.repr(value)?,
                    _ => self.ascii(value)?,
                };
                let text = match spec.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text,
                };
                pad(&text, spec, '>')
            }
            'c' => {
                let text = match given.bytes {
                    true => self.percent_byte(value)?,
                    false => self.percent_character(value)?,
                };
                pad(&text, spec, '>')
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => self.percent_integer(value, kind, spec)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let Some(value) = self.real(value)? else {
                    let wanted = match given.bytes {
                        true => "float argument required, not ",
                        false => "must be real number, not ",
                    };
                    return self.type_error(wanted, value, "");
                };
                let layout = match kind {
                    'e' | 'E' => Layout::Exponent,
                    'f' | 'F' => Layout::Fixed,
                    _ => Layout::General { keep_point: false },
                };
                let mut text = digits(
                    value.abs(),
                    layout,
                    spec.precision.unwrap_or(6),
                    spec.alternate,
                );
                if kind.is_ascii_uppercase() {
                    text.make_ascii_uppercase();
                }
                assemble(
                    value.is_sign_negative() && !value.is_nan(),
                    "",
                    &text,
                    "",
                    spec,
                    3,
                )
            }
            _ => {
                let (kind, code, index) = (
                    String::from(kind),
                    super::text::hexadecimal(kind as u64),
                    at.to_string(),
                );
                return self.fail(
                    types::VALUE_ERROR,
                    &[
                        "unsupported format character '",
                        &kind,
                        "' (0x",
                        &code,
                        ") at index ",
                        &index,
                    ],
                );
            }
        };
        out.push_str(&text);
        Ok(at + 1)
    }

    /// A width or precision: digits or `*`.
    fn percent_number(
        &mut self,
        chars: &[char],
        at: &mut usize,
        given: &mut Given,
        wrong: &str,
    ) -> Outcome<Option<i64>> {
        if chars.get(*at) == Some(&'*') {
            *at += 1;
            let value = self.next_value(given)?;
            return match value.as_index() {
                Some(number) => Ok(Some(number)),
                None => self.error(types::TYPE_ERROR, wrong),
            };
        }
        let mut number = None;
        while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
            number = Some((number.unwrap_or(0) * 10 + digit as i64).min(i32::MAX as i64));
            *at += 1;
        }
        Ok(number)
    }

    fn percent_character(&mut self, value: Value) -> Outcome<String> {
        if let Some(text) = self.shared_text(value) {
            if text.chars().count() == 1 {
                return Ok(text.as_ref().to_owned());
            }
            return self.error(types::TYPE_ERROR, "%c requires int or char");
        }
        match self.index(value)? {
            Some(code) => match u32::try_from(code).ok().and_then(char::from_u32) {
                Some(c) => Ok(String::from(c)),
                None => self.error(types::OVERFLOW_ERROR, "%c arg not in range(0x110000)"),
            },
            None => self.error(types::TYPE_ERROR, "%c requires int or char"),
        }
    }

    /// `%b`, and what else counts as it.
    fn percent_own_bytes(&mut self, value: Value) -> Outcome<String> {
        let plain = self.machine.heap.plain(value);
        if let Some(bytes) = self.machine.heap.object(plain).and_then(bytes_of) {
            return Ok(bytes.iter().map(|b| char::from(*b)).collect());
        }
        let name = self.symbol("__bytes__");
        if let Some(made) = self.call_special(value, name, &[]) {
            let made = made?;
            let bytes = self.machine.heap.object(made).and_then(bytes_of);
            let text = bytes.map(|bytes| bytes.iter().map(|b| char::from(*b)).collect());
            let text = match text {
                Some(text) => Ok(text),
                None => self.type_error("__bytes__ returned non-bytes (type ", made, ")"),
            };
            self.heap().release(made);
            return text;
        }
        let problem =
            "%b requires a bytes-like object, or an object that implements __bytes__, not '";
        self.type_error(problem, value, "'")
    }

    fn percent_byte(&mut self, value: Value) -> Outcome<String> {
        match self.machine.heap.object(value).and_then(bytes_of) {
            Some([byte]) => return Ok(String::from(char::from(*byte))),
            Some(_) => {}
            None => {
                if let Some(code) = self.index(value)? {
                    return match u8::try_from(code) {
                        Ok(byte) => Ok(String::from(char::from(byte))),
                        Err(_) => self.error(types::OVERFLOW_ERROR, "%c arg not in range(256)"),
                    };
                }
            }
        }
        self.error(
            types::TYPE_ERROR,
            "%c requires an integer in range(256) or a single byte",
        )
    }

    fn percent_integer(&mut self, value: Value, kind: char, spec: Spec) -> Outcome<String> {
        let decimal = matches!(kind, 'd' | 'i' | 'u');
        let number = match self.number(value) {
            Some(Number::Float(f)) if decimal => Some(self.whole(f)?),
            Some(Number::Float(_)) => None,
            Some(number) => Some(number),
            None if decimal && self.special(value, super::super::symbols::INT).is_some() => {
                let whole = self.call_now(types::value(types::INT), &[value])?;
                let number = self.number(whole);
                self.heap().release(whole);
                number
            }
            None => self.index(value)?.map(Number::Int),
        };
        let Some(number) = number else {
            let wanted = if decimal {
                " format: a real number is required, not "
            } else {
                " format: an integer is required, not "
            };
            return self.type_error(&["%", &String::from(kind), wanted].concat(), value, "");
        };
        let base = match kind {
            'o' => 8,
            'x' | 'X' => 16,
            _ => 10,
        };
        let mut text = self.integer_text(&number, base)?;
        let negative = text.starts_with('-');
        if negative {
            text.remove(0);
        }
        if let Some(precision) = spec.precision {
            let missing = precision.saturating_sub(text.len());
            text.insert_str(0, &"0".repeat(missing));
        }
        let mut prefix = match kind {
            'o' if spec.alternate => "0o",
            'x' | 'X' if spec.alternate => "0x",
            _ => "",
        };
        if kind == 'X' {
            text.make_ascii_uppercase();
            prefix = if spec.alternate { "0X" } else { "" };
        }
        Ok(assemble(negative, prefix, &text, "", spec, 3))
    }

    /// A float's whole part as an integer, with `int()`'s errors.
    pub fn whole(&mut self, f: f64) -> Outcome<Number> {
        if f.is_nan() {
            return self.error(types::VALUE_ERROR, "cannot convert float NaN to integer");
        }
        if f.is_infinite() {
            return self.error(
                types::OVERFLOW_ERROR,
                "cannot convert float infinity to integer",
            );
        }
        let whole = f.trunc();
        Ok(if whole.abs() < 9.2e18 {
            Number::Int(whole as i64)
        } else {
            Number::Big(std::rc::Rc::new(super::Big::from_f64(whole)))
        })
    }

    /// What `float()` makes of a number or of an instance with `__float__` or `__index__`; None for anything else.
    pub fn real(&mut self, value: Value) -> Outcome<Option<f64>> {
        if let Some(number) = self.number(value) {
            return self.to_float(&number).map(Some);
        }
        if let Some(result) = self.call_special(value, super::super::symbols::FLOAT, &[]) {
            let result = result?;
            if let Some(Number::Float(f)) = self.number(result) {
                return Ok(Some(f));
            }
            let (of, name) = (self.type_name(value), self.type_name(result));
            self.heap().release(result);
            return self.fail(
                types::TYPE_ERROR,
                &[&of, ".__float__ returned non-float (type ", &name, ")"],
            );
        }
        Ok(self.index(value)?.map(|i| i as f64))
    }
}

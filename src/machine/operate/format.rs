//! `format()` and the format specifications of f-strings.

use super::super::value::{Value, View};
use super::super::{Context, Outcome, symbols, types};
use super::Big;
use super::float::{Layout, digits};
use super::integer::Number;
use super::spec::{Spec, assemble, pad};
use crate::bytecode::Conversion;

impl Context<'_> {
    /// What an f-string's `{value!conversion:spec}` gives.
    pub fn format_with(
        &mut self,
        value: Value,
        conversion: Conversion,
        spec: &str,
    ) -> Outcome<String> {
        let text = match conversion {
            Conversion::None => return self.format(value, spec),
            Conversion::Str => self.str(value)?,
            Conversion::Repr => self.repr(value)?,
            Conversion::Ascii => self.ascii(value)?,
        };
        if spec.is_empty() {
            Ok(text)
        } else {
            self.format_text(&text, spec)
        }
    }

    /// `format(value, spec)`
    #[inline(never)]
    pub fn format(&mut self, value: Value, spec: &str) -> Outcome<String> {
        // The built-in types' own make `str(value)` of it if nothing is specified.
        if self.has_own_class(value)
            && let Some(method) = self.special(value, symbols::FORMAT)
            && !(spec.is_empty() && matches!(method.view(), View::Native(_)))
        {
            let argument = self.heap().str(spec);
            let result = self.call_special(value, symbols::FORMAT, &[argument]);
            self.heap().release(argument);
            let result = result.unwrap_or(Ok(Value::NONE))?;
            let text = self.machine.heap.text(result).map(str::to_owned);
            let name = self.type_name(result);
            self.heap().release(result);
            return match text {
                Some(text) => Ok(text),
                None => self.fail(
                    types::TYPE_ERROR,
                    &["__format__ must return a str, not ", &name],
                ),
            };
        }
        if spec.is_empty() {
            return self.str(value);
        }
        if let Some(text) = self.shared_text(value) {
            return self.format_text(&text, spec);
        }
        match self.number(value) {
            Some(Number::Float(f)) => {
                let spec = self.read_spec(spec, true, "float")?;
                self.format_float(f, spec, "float")
            }
            Some(number) => {
                let name = self.type_name(value);
                let spec = self.read_spec(spec, true, &name)?;
                self.format_integer(number, spec, &name)
            }
            None => self.unformattable(value),
        }
    }

    /// Only an empty specification fits what has no format of its own.
    pub fn unformattable(&mut self, value: Value) -> Outcome<String> {
        self.type_error("unsupported format string passed to ", value, ".__format__")
    }

    fn format_text(&mut self, text: &str, spec: &str) -> Outcome<String> {
        let spec = self.read_spec(spec, false, "str")?;
        let problem = match spec {
            Spec {
                kind: Some(kind), ..
            } if kind != 's' => return self.unknown_kind(kind, "str"),
            Spec {
                sign: Some(' '), ..
            } => "Space not allowed in string format specifier",
            Spec { sign: Some(_), .. } => "Sign not allowed in string format specifier",
            Spec {
                no_negative_zero: true,
                ..
            } => "Negative zero coercion (z) not allowed in string format specifier",
            Spec {
                alternate: true, ..
            } => "Alternate form (#) not allowed in string format specifier",
            Spec {
                align: Some('='), ..
            } => "'=' alignment not allowed in string format specifier",
            Spec {
                grouping: Some(_), ..
            } => "Cannot specify ',' with 's'.",
            _ => "",
        };
        if !problem.is_empty() {
            return self.error(types::VALUE_ERROR, problem);
        }
        let cut: String = match spec.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(pad(&cut, spec, '<'))
    }

    fn unknown_kind<T>(&mut self, kind: char, of: &str) -> Outcome<T> {
        if ('!'..='~').contains(&kind) {
            let kind = String::from(kind);
            return self.fail(
                types::VALUE_ERROR,
                &[
                    "Unknown format code '",
                    &kind,
                    "' for object of type '",
                    of,
                    "'",
                ],
            );
        }
        let code = super::text::hexadecimal(kind as u64);
        self.fail(
            types::VALUE_ERROR,
            &[
                "Unknown format code '\\x",
                &code,
                "' for object of type '",
                of,
                "'",
            ],
        )
    }

    fn format_integer(&mut self, number: Number, spec: Spec, of: &str) -> Outcome<String> {
        let kind = spec.kind.unwrap_or('d');
        let base = match kind {
            'b' => 2,
            'o' => 8,
            'x' | 'X' => 16,
            'd' | 'n' | 'c' => 10,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
                let f = self.to_float(&number)?;
                return self.format_float(f, spec, of);
            }
            _ => return self.unknown_kind(kind, of),
        };
        if spec.precision.is_some() {
            return self.error(
                types::VALUE_ERROR,
                "Precision not allowed in integer format specifier",
            );
        }
        if spec.no_negative_zero {
            return self.error(types::VALUE_ERROR, "Negative zero coercion (z) not allowed in format specifier with integer format code");
        }
        if kind == 'c' {
            if spec.sign.is_some() {
                return self.error(
                    types::VALUE_ERROR,
                    "Sign not allowed with integer format specifier 'c'",
                );
            }
            if spec.alternate {
                return self.error(
                    types::VALUE_ERROR,
                    "Alternate form (#) not allowed with integer format specifier 'c'",
                );
            }
            return match number {
                Number::Int(i) if (0..0x11_0000).contains(&i) => match char::from_u32(i as u32) {
                    Some(c) => Ok(pad(c.encode_utf8(&mut [0; 4]), spec, '>')),
                    None => self.reject(
                        "half of a surrogate pair is not supported in a str",
                        "use a whole character",
                    ),
                },
                _ => self.error(types::OVERFLOW_ERROR, "%c arg not in range(0x110000)"),
            };
        }
        let mut text = self.integer_text(&number, base)?;
        let negative = text.starts_with('-');
        if negative {
            text.remove(0);
        }
        let prefix = match kind {
            _ if !spec.alternate => "",
            'b' => "0b",
            'o' => "0o",
            'x' => "0x",
            'X' => "0X",
            _ => "",
        };
        if kind == 'X' {
            text.make_ascii_uppercase();
        }
        let size = if base == 10 { 3 } else { 4 };
        Ok(assemble(negative, prefix, &text, "", spec, size))
    }

    /// An integer in some base, with a minus if it is negative.
    pub fn integer_text(&mut self, number: &Number, base: u32) -> Outcome<String> {
        match number {
            Number::Int(i) if base == 10 => Ok(i.to_string()),
            Number::Int(i) => Ok(Big::from_i128(*i as i128).text(base)),
            Number::Big(big) if base == 10 => self.big_text(big),
            _ => Ok(number.big().text(base)),
        }
    }

    fn format_float(&mut self, value: f64, spec: Spec, of: &str) -> Outcome<String> {
        let layout = match spec.kind {
            None if spec.precision.is_none() => Layout::Shortest,
            None => Layout::General { keep_point: true },
            Some('e' | 'E') => Layout::Exponent,
            Some('f' | 'F' | '%') => Layout::Fixed,
            Some('g' | 'G' | 'n') => Layout::General { keep_point: false },
            Some(kind) => return self.unknown_kind(kind, of),
        };
        let value = if spec.kind == Some('%') {
            value * 100.0
        } else {
            value
        };
        let mut text = digits(
            value.abs(),
            layout,
            spec.precision.unwrap_or(6),
            spec.alternate,
        );
        if let Some('E' | 'F' | 'G') = spec.kind {
            text.make_ascii_uppercase();
        }
        let mut negative = value.is_sign_negative() && !value.is_nan();
        if spec.no_negative_zero && !text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            negative = false;
        }
        let whole = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (whole, mut rest) = (text[..whole].to_owned(), text[whole..].to_owned());
        if spec.kind == Some('%') {
            rest.push('%');
        }
        if !value.is_finite() {
            // There are no digits to group.
            return Ok(assemble(
                negative,
                "",
                "",
                &rest,
                Spec {
                    grouping: None,
                    ..spec
                },
                3,
            ));
        }
        Ok(assemble(negative, "", &whole, &rest, spec, 3))
    }
}

//! `str.format`

use super::super::frame::After;
use super::super::value::Value;
use super::super::{Context, Control, Outcome, types};
use crate::bytecode::Conversion;

/// The arguments of a call of `format`.
struct Given<'a> {
    values: &'a [Value],
    /// A dict or NULL.
    names: Value,
    /// The next automatic number; None once numbers were given.
    next: Option<usize>,
    manual: bool,
}

impl Context<'_> {
    /// `text.format(*values, **names)`; `names` is a dict or NULL.
    pub fn format_template(
        &mut self,
        text: &str,
        values: &[Value],
        names: Value,
    ) -> Outcome<String> {
        let mut given = Given {
            values,
            names,
            next: Some(0),
            manual: false,
        };
        let chars: Vec<char> = text.chars().collect();
        self.template(&chars, &mut given, 2)
    }

    fn template(&mut self, chars: &[char], given: &mut Given, depth: u32) -> Outcome<String> {
        if depth == 0 {
            return self.error(types::VALUE_ERROR, "Max string recursion exceeded");
        }
        let mut out = String::new();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            at += 1;
            if c != '{' && c != '}' {
                out.push(c);
                continue;
            }
            if chars.get(at) == Some(&c) {
                out.push(c);
                at += 1;
                continue;
            }
            if c == '}' {
                return self.error(
                    types::VALUE_ERROR,
                    "Single '}' encountered in format string",
                );
            }
            if at == chars.len() {
                return self.error(
                    types::VALUE_ERROR,
                    "Single '{' encountered in format string",
                );
            }
            at += self.field(&chars[at..], given, depth, &mut out)?;
        }
        Ok(out)
    }

    /// `name!conversion:spec}`; gives how long it is.
    fn field(
        &mut self,
        chars: &[char],
        given: &mut Given,
        depth: u32,
        out: &mut String,
    ) -> Outcome<usize> {
        let mut at = 0;
        let end = loop {
            match chars.get(at) {
                Some('{') => return self.error(types::VALUE_ERROR, "unexpected '{' in field name"),
                // Brackets of an index hide what is in them.
                Some('[') => {
                    at = (at..chars.len())
                        .find(|&i| chars[i] == ']')
                        .unwrap_or(chars.len())
                }
                Some('}' | ':' | '!') => break at,
                Some(_) => at += 1,
                None => return self.error(types::VALUE_ERROR, "expected '}' before end of string"),
            }
            if chars.get(at) == Some(&']') {
                at += 1;
            }
        };
        let mut letter = None;
        at += 1;
        let mut closed = chars[end] == '}';
        if chars[end] == '!' {
            let Some(&found) = chars.get(at) else {
                return self.error(
                    types::VALUE_ERROR,
                    "end of string while looking for conversion specifier",
                );
            };
            at += 1;
            match chars.get(at) {
                Some('}') => closed = true,
                Some(':') | None => {}
                Some(_) => {
                    return self.error(
                        types::VALUE_ERROR,
                        "expected ':' after conversion specifier",
                    );
                }
            }
            at += 1;
            letter = Some(found);
        }
        let mut spec: &[char] = &[];
        if !closed {
            let start = at;
            let mut open = 1;
            while open > 0 {
                match chars.get(at) {
                    Some('{') => open += 1,
                    Some('}') => open -= 1,
                    Some(_) => {}
                    None => return self.error(types::VALUE_ERROR, "unmatched '{' in format spec"),
                }
                at += 1;
            }
            spec = &chars[start..at - 1];
        }
        let conversion = match letter {
            None => Conversion::None,
            Some('s') => Conversion::Str,
            Some('r') => Conversion::Repr,
            Some('a') => Conversion::Ascii,
            Some(letter) => {
                let letter = String::from(letter);
                return self.fail(
                    types::VALUE_ERROR,
                    &["Unknown conversion specifier ", &letter],
                );
            }
        };
        let value = self.field_value(&chars[..end], given)?;
        let spec = if spec.contains(&'{') {
            self.template(spec, given, depth - 1)
        } else {
            Ok(spec.iter().collect())
        };
        let result = spec.and_then(|spec| self.format_with(value, conversion, &spec));
        self.heap().release(value);
        out.push_str(&result?);
        Ok(at)
    }

    /// `0.attribute[item]`: an owned value.
    fn field_value(&mut self, chars: &[char], given: &mut Given) -> Outcome {
        let end = chars
            .iter()
            .position(|c| matches!(c, '.' | '['))
            .unwrap_or(chars.len());
        let name: String = chars[..end].iter().collect();
        let number = match name.parse::<usize>() {
            Ok(number) => {
                if given.next.is_some_and(|n| n > 0) {
                    return self.error(
                        types::VALUE_ERROR,
                        "cannot switch from automatic field numbering to manual field specification",
                    );
                }
                given.manual = true;
                Some(number)
            }
            Err(_) if name.is_empty() => {
                if given.manual {
                    return self.error(
                        types::VALUE_ERROR,
                        "cannot switch from manual field specification to automatic field numbering",
                    );
                }
                let number = given.next.unwrap_or(0);
                given.next = Some(number + 1);
                Some(number)
            }
            Err(_) => None,
        };
        let mut value = match number {
            Some(number) => match given.values.get(number) {
                Some(value) => *value,
                None => {
                    let number = number.to_string();
                    return self.fail(
                        types::INDEX_ERROR,
                        &[
                            "Replacement index ",
                            &number,
                            " out of range for positional args tuple",
                        ],
                    );
                }
            },
            None => match given
                .names
                .given()
                .and_then(|names| self.dict_get_str(names, &name))
            {
                Some(value) => value,
                None => {
                    let name = self.heap().str(&name);
                    return self.raise(types::KEY_ERROR, vec![name]);
                }
            },
        };
        self.heap().retain(value);
        let mut at = end;
        while let Some(c) = chars.get(at) {
            at += 1;
            let start = at;
            let next = match c {
                '.' => {
                    at = (start..chars.len())
                        .find(|&i| matches!(chars[i], '.' | '['))
                        .unwrap_or(chars.len());
                    let name: String = chars[start..at].iter().collect();
                    if name.is_empty() {
                        self.error(types::VALUE_ERROR, "Empty attribute in format string")
                    } else {
                        self.attribute_now(value, &name)
                    }
                }
                '[' => match (start..chars.len()).find(|&i| chars[i] == ']') {
                    Some(close) => {
                        at = close + 1;
                        let key: String = chars[start..close].iter().collect();
                        match key.parse::<i64>() {
                            _ if key.is_empty() => {
                                self.error(types::VALUE_ERROR, "Empty attribute in format string")
                            }
                            Ok(number) if !key.starts_with(['-', '+']) => {
                                self.get_item(value, Value::int(number))
                            }
                            _ => {
                                let key = self.heap().str(&key);
                                let item = self.get_item(value, key);
                                self.heap().release(key);
                                item
                            }
                        }
                    }
                    None => self.error(types::VALUE_ERROR, "Missing ']' in format string"),
                },
                _ => self.error(
                    types::VALUE_ERROR,
                    "Only '.' or '[' may follow ']' in format field specifier",
                ),
            };
            self.heap().release(value);
            value = next?;
        }
        Ok(value)
    }

    /// An attribute, whatever runs to get it.
    pub fn attribute_now(&mut self, object: Value, name: &str) -> Outcome {
        let name = self.symbol(name);
        let depth = self.thread.frames.len();
        match self.get_attribute(object, name, After::Push) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        }
    }
}

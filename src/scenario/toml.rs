//! Reads the part of TOML that headers need: keys, tables, strings, numbers, booleans and lists of them.
//!
//! Whole TOML libraries cost the worker 8 to 32 kB over the wire, this about 3: tokens come from `toml_parser`, and what
//! headers do not use (dates, inline tables, dotted keys, nested lists, exponents) is refused with a hint. All that is
//! read here means the same to any TOML reader; a test compares them.
//!
//! The build script reads scenarios with this file too.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::block::Fault;

/// A key with its value.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The table it is in: "expect.threads"; empty for the top.
    pub table: String,
    pub key: String,
    pub value: Value,
    pub key_place: Range<usize>,
    pub value_place: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// A number or a boolean, as it is written.
    Bare(String),
    List(Vec<Value>),
}

/// All entries of a text, in order; what is wrong is reported, and reading goes on with the next line.
pub fn read(text: &str, faults: &mut Vec<Fault>) -> Vec<Entry> {
    let source = Source::new(text);
    let mut reader = Reader {
        text,
        tokens: source
            .lex()
            .filter(|token| !matches!(token.kind(), TokenKind::Whitespace | TokenKind::Comment))
            .collect(),
        next: 0,
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut table = String::new();
    loop {
        match reader.peek() {
            TokenKind::Eof => return entries,
            TokenKind::Newline => reader.next += 1,
            kind => {
                let read = if kind == TokenKind::LeftSquareBracket {
                    reader.table().map(|name| table = name)
                } else {
                    reader.entry(&table, &entries).map(|it| entries.push(it))
                };
                if let Err(fault) = read.and_then(|()| reader.end_of_line()) {
                    faults.push(fault);
                    reader.skip_line();
                }
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Without blanks and comments. The last is the end.
    tokens: Vec<Token>,
    next: usize,
}

impl<'a> Reader<'a> {
    fn token(&self) -> Token {
        self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> TokenKind {
        self.token().kind()
    }

    fn place(&self) -> Range<usize> {
        let span = self.token().span();
        span.start()..span.end()
    }

    fn slice(&self) -> &'a str {
        &self.text[self.place()]
    }

    fn fault<T>(&self, message: &str, hint: &str) -> Result<T, Fault> {
        Err(Fault::new(self.place(), message).hint(hint))
    }

    fn expect(&mut self, kind: TokenKind, message: &str) -> Result<(), Fault> {
        if self.peek() != kind {
            return self.fault(message, "");
        }
        self.next += 1;
        Ok(())
    }

    fn end_of_line(&mut self) -> Result<(), Fault> {
        match self.peek() {
            TokenKind::Newline | TokenKind::Eof => Ok(()),
            _ => self.fault("the line should end here", ""),
        }
    }

    fn skip_line(&mut self) {
        while !matches!(self.peek(), TokenKind::Newline | TokenKind::Eof) {
            self.next += 1;
        }
    }

    /// `[expect.threads]`
    fn table(&mut self) -> Result<String, Fault> {
        self.next += 1;
        if self.peek() == TokenKind::LeftSquareBracket {
            return self.fault("headers have no lists of tables", "write one bracket");
        }
        let mut name = self.key()?;
        while self.peek() == TokenKind::Dot {
            self.next += 1;
            name.push('.');
            name.push_str(&self.key()?);
        }
        self.expect(TokenKind::RightSquareBracket, "a ] should be here")?;
        Ok(name)
    }

    fn key(&mut self) -> Result<String, Fault> {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let key = self.slice();
        if self.peek() != TokenKind::Atom || !key.chars().all(is_bare) {
            return self.fault(
                "a key should be here",
                "a key has letters, digits and hyphens, as in switch-interval = 5",
            );
        }
        self.next += 1;
        Ok(key.to_owned())
    }

    /// `seed = 7`
    fn entry(&mut self, table: &str, before: &[Entry]) -> Result<Entry, Fault> {
        let key_place = self.place();
        let key = self.key()?;
        if self.peek() == TokenKind::Dot {
            return self.fault("headers have no keys with dots", "write a table: [expect]");
        }
        self.expect(TokenKind::Equals, "a = should be here")?;
        let start = self.place().start;
        let value = match self.peek() {
            TokenKind::LeftSquareBracket => self.list()?,
            _ => self.scalar()?,
        };
        if before.iter().any(|it| it.table == table && it.key == key) {
            return Err(Fault::new(key_place, format!("{key} is set twice")));
        }
        let end = self.tokens[self.next - 1].span().end();
        Ok(Entry {
            table: table.to_owned(),
            key,
            value,
            key_place,
            value_place: start..end,
        })
    }

    fn list(&mut self) -> Result<Value, Fault> {
        self.next += 1;
        let mut items = Vec::new();
        loop {
            match self.peek() {
                TokenKind::Newline => self.next += 1,
                TokenKind::RightSquareBracket => {
                    self.next += 1;
                    return Ok(Value::List(items));
                }
                _ => {
                    items.push(self.scalar()?);
                    while self.peek() == TokenKind::Newline {
                        self.next += 1;
                    }
                    match self.peek() {
                        TokenKind::Comma => self.next += 1,
                        TokenKind::RightSquareBracket => {}
                        _ => return self.fault("a , or a ] should be here", ""),
                    }
                }
            }
        }
    }

    fn scalar(&mut self) -> Result<Value, Fault> {
        let token = self.slice();
        let value = match self.peek() {
            TokenKind::BasicString => self.string(token, "\"", true)?,
            TokenKind::LiteralString => self.string(token, "'", false)?,
            TokenKind::MlBasicString => self.string(token, "\"\"\"", true)?,
            TokenKind::MlLiteralString => self.string(token, "'''", false)?,
            TokenKind::Atom => return self.bare(),
            TokenKind::LeftCurlyBracket => {
                return self.fault("headers have no inline tables", "write a table: [expect]");
            }
            TokenKind::LeftSquareBracket => return self.fault("a list holds no lists here", ""),
            _ => return self.fault("a value should be here", ""),
        };
        self.next += 1;
        Ok(Value::Text(value))
    }

    /// A number or a boolean. A point and what surrounds it are separate tokens.
    fn bare(&mut self) -> Result<Value, Fault> {
        let start = self.place().start;
        let mut end = start;
        while matches!(self.peek(), TokenKind::Atom | TokenKind::Dot) && self.place().start == end {
            end = self.place().end;
            self.next += 1;
        }
        let text = &self.text[start..end];
        if matches!(text, "true" | "false") || is_number(text) {
            return Ok(Value::Bare(text.to_owned()));
        }
        Err(Fault::new(
            start..end,
            format!("{text} is neither a number nor true or false"),
        )
        .hint(format!("write text in quotes: \"{text}\"")))
    }

    fn string(&self, token: &str, quote: &str, escapes: bool) -> Result<String, Fault> {
        let inside = token
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        let Some(mut inside) = inside else {
            return self.fault("the string does not end", "");
        };
        if quote.len() == 3 {
            inside = inside.strip_prefix('\n').unwrap_or(inside);
        }
        if !escapes {
            return Ok(inside.to_owned());
        }
        let mut text = String::with_capacity(inside.len());
        let mut rest = inside;
        while let Some((plain, escaped)) = rest.split_once('\\') {
            text.push_str(plain);
            let mut chars = escaped.chars();
            let character = chars.next();
            rest = chars.as_str();
            let code = |digits: usize| {
                let code = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
                char::from_u32(code)
            };
            let decoded = match character {
                Some('n') => Some('\n'),
                Some('t') => Some('\t'),
                Some('r') => Some('\r'),
                Some('b') => Some('\u{8}'),
                Some('f') => Some('\u{c}'),
                Some(same @ ('"' | '\\')) => Some(same),
                Some('u') => code(4).inspect(|_| rest = &rest[4..]),
                Some('U') => code(8).inspect(|_| rest = &rest[8..]),
                // A backslash at the end of a line joins it with the next one.
                Some('\n') if quote.len() == 3 => {
                    rest = rest.trim_start();
                    continue;
                }
                _ => None,
            };
            match decoded {
                Some(character) => text.push(character),
                None => {
                    return self.fault(
                        "the string holds a backslash that means nothing",
                        r"write \\ for a backslash, or the whole string in single quotes",
                    );
                }
            }
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Whether TOML reads a number here: digits, perhaps a sign, perhaps a point between digits.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |text: &str| {
        text.split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    digits(whole) && (whole.len() == 1 || !whole.starts_with('0')) && fraction.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &Value) -> String {
        match value {
            Value::Text(text) => format!("{text:?}"),
            Value::Bare(bare) => bare.clone(),
            Value::List(items) => format!(
                "[{}]",
                items.iter().map(text).collect::<Vec<_>>().join(", ")
            ),
        }
    }

    fn check(header: &str, expect: &str) {
        let mut faults = Vec::new();
        let mut lines: Vec<String> = read(header, &mut faults)
            .iter()
            .map(|it| format!("{}:{}={}", it.table, it.key, text(&it.value)))
            .collect();
        lines.extend(
            faults
                .iter()
                .map(|it| format!("{:?}: {}", &header[it.place.clone()], it.message)),
        );
        assert_eq!(lines.join("\n"), expect, "{header}");
    }

    #[test]
    fn entries() {
        check("a = 1 # one\n\n b-c=\"x\"", ":a=1\n:b-c=\"x\"");
        check(
            "a = 3.12\nb = -0.5\nc = 1_000",
            ":a=3.12\n:b=-0.5\n:c=1_000",
        );
        check(
            "a = [ 'x',\n \"y\", # why\n ]\nb = []",
            ":a=[\"x\", \"y\"]\n:b=[]",
        );
        check(
            "[t]\na = true\n[t.u-v]\na = false",
            "t:a=true\nt.u-v:a=false",
        );
    }

    #[test]
    fn strings() {
        check(r#"a = "\"\\\n\u00e9""#, r#":a="\"\\\né""#);
        check(r"a = 'C:\n'", r#":a="C:\\n""#);
        check("a = \"\"\"\none\n# two\n\"\"\"", ":a=\"one\\n# two\\n\"");
        check("a = \"\"\"x \\\n   y\"\"\"", ":a=\"x y\"");
        check("a = '''\n\\'''", ":a=\"\\\\\"");
    }

    #[test]
    fn faults_name_their_place() {
        check("a = \"x\nb = 1", ":b=1\n\"\\\"x\": the string does not end");
        check(
            "a = 0.5us",
            "\"0.5us\": 0.5us is neither a number nor true or false",
        );
        check(
            "a = 1979-05-27",
            "\"1979-05-27\": 1979-05-27 is neither a number nor true or false",
        );
        check(
            "a = 012\nb = 1.",
            "\"012\": 012 is neither a number nor true or false\n\"1.\": 1. is neither a number nor true or false",
        );
        check("a 1", "\"1\": a = should be here");
        check("a =\nb = 1", ":b=1\n\"\\n\": a value should be here");
        check("a = 1 2", ":a=1\n\"2\": the line should end here");
        check("a = 1\na = 2", ":a=1\n\"a\": a is set twice");
        check("a.b = 1", "\".\": headers have no keys with dots");
        check("a = {b = 1}", "\"{\": headers have no inline tables");
        check("[[a]]", "\"[\": headers have no lists of tables");
        check("[a", "\"\": a ] should be here");
        check("a = [1 2]", "\"2\": a , or a ] should be here");
        check("a = [[1]]", "\"[\": a list holds no lists here");
        check(
            "a = \"\\q\"",
            "\"\\\"\\\\q\\\"\": the string holds a backslash that means nothing",
        );
        check("é = 1", "\"é\": a key should be here");
    }
}

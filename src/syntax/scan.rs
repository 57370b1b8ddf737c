//! Splits a program into tokens, in a loop and whatever the text is.
//!
//! The parser has its own tokens, but it calls itself for each nesting, and it says little about a bracket or a quote
//! that is missing. This scan comes first: it finds those, it is what the [limits](super::limits) count on, and it colours a
//! text that does not parse.

mod quotes;

use crate::source::{Diagnostic, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Keyword,
    Number,
    /// A whole string without fields.
    Text,
    /// The prefix and quote of an f-string.
    FieldsStart,
    /// Text between the fields of an f-string, or in a format.
    FieldsText,
    FieldsEnd,
    /// `(`, `[`, `{`, and the brace of a field.
    Open,
    Close,
    Operator,
    Comma,
    Colon,
    /// The colon before the format in a field.
    FormatColon,
    Semicolon,
    Comment,
    /// The end of a logical line.
    Newline,
    /// The end of a line inside brackets.
    Break,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
}

/// The tokens, and the first thing that is wrong with them.
pub(super) struct Scan {
    pub tokens: Vec<Token>,
    pub problem: Option<Diagnostic>,
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Letters that are their own normal form KC, alone and together: CPython normalises names, and the tables for it are not
/// part of the parser here. Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Kana, Han and Hangul.
const NORMAL: [(u32, u32); 19] = [
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x131),
    (0x134, 0x13E),
    (0x141, 0x148),
    (0x14A, 0x17E),
    (0x386, 0x386),
    (0x388, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x481),
    (0x48A, 0x52F),
    (0x5D0, 0x5EA),
    (0x620, 0x64A),
    (0xE01, 0xE30),
    (0x3041, 0x3096),
    (0x30A1, 0x30FA),
    (0x4E00, 0x9FFF),
];

fn is_normal(c: char) -> bool {
    let code = c as u32;
    c.is_ascii()
        || (0xAC00..=0xD7A3).contains(&code)
        || NORMAL
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&code))
}

/// What the scan is inside of.
#[derive(Clone, Copy)]
enum Inside {
    Bracket {
        open: u8,
        span: Span,
    },
    /// The text of an f-string.
    Fields(Quote),
    /// A field of an f-string, in its braces.
    Field(Span),
    /// The format of a field, behind its colon.
    Format(Quote),
}

#[derive(Clone, Copy)]
struct Quote {
    byte: u8,
    triple: bool,
    /// No escape stands for a character of Unicode.
    raw: bool,
    span: Span,
}

pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        inside: Vec::new(),
        in_line: false,
        scan: Scan {
            tokens: Vec::new(),
            problem: None,
        },
    };
    scanner.run();
    scanner.scan
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    inside: Vec<Inside>,
    /// The logical line holds a token already.
    in_line: bool,
    scan: Scan,
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

impl Scanner<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match self.inside.last() {
                Some(Inside::Fields(quote)) => self.fields_text(*quote, false),
                Some(Inside::Format(quote)) => self.fields_text(*quote, true),
                _ => self.token(),
            }
        }
        if let Some(inside) = self.inside.last().copied() {
            let (what, place) = match inside {
                Inside::Bracket { open, span } => {
                    (format!("'{}' was never closed", open as char), span)
                }
                Inside::Field(span) => ("'{' was never closed".to_owned(), span),
                Inside::Fields(quote) | Inside::Format(quote) => {
                    ("unterminated f-string literal".to_owned(), quote.span)
                }
            };
            self.problem(place, what, "");
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.in_line |= !matches!(kind, Kind::Comment | Kind::Newline | Kind::Break);
        let span = span(start, self.at);
        self.scan.tokens.push(Token { kind, span });
    }

    fn problem(&mut self, place: Span, message: impl Into<String>, hint: &str) {
        if self.scan.problem.is_none() {
            let mut problem = Diagnostic::error(place, message);
            if !hint.is_empty() {
                problem = problem.hint(hint);
            }
            self.scan.problem = Some(problem);
        }
    }

    fn token(&mut self) {
        let start = self.at;
        let byte = self.bytes[start];
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'\n' | b'\r' => {
                self.at += 1;
                if !self.inside.is_empty() {
                    self.push(Kind::Break, start);
                } else if self.in_line {
                    self.push(Kind::Newline, start);
                    self.in_line = false;
                }
            }
            b'\\' => {
                self.at += match (self.peek(1), self.peek(2)) {
                    (b'\r', b'\n') => 3,
                    (b'\n' | b'\r', _) => 2,
                    _ => {
                        self.problem(
                            span(start, start + 1),
                            "unexpected character after line continuation character",
                            "a backslash outside a string must be the last character of its line",
                        );
                        1
                    }
                };
            }
            b'#' => {
                self.skip_line();
                self.push(Kind::Comment, start);
            }
            b'"' | b'\'' => self.string(start, start),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'(' | b'[' | b'{' => {
                self.at += 1;
                let place = span(start, start + 1);
                self.inside.push(Inside::Bracket {
                    open: byte,
                    span: place,
                });
                self.push(Kind::Open, start);
            }
            b')' | b']' | b'}' => self.close(byte),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            _ => self.operator(),
        }
    }

    fn skip_line(&mut self) {
        while !matches!(self.peek(0), b'\n' | b'\r') && self.at < self.bytes.len() {
            self.at += 1;
        }
    }

    fn close(&mut self, byte: u8) {
        let start = self.at;
        let place = span(start, start + 1);
        self.at += 1;
        match self.inside.last() {
            Some(Inside::Bracket { open, span: opened }) => {
                let matching = match open {
                    b'(' => b')',
                    b'[' => b']',
                    _ => b'}',
                };
                if matching != byte {
                    let line = self.text[..opened.start as usize].matches('\n').count() + 1;
                    let message = format!(
                        "closing bracket '{}' does not match opening bracket '{}' on line {line}",
                        byte as char, *open as char
                    );
                    self.problem(place, message, "");
                }
                self.inside.pop();
            }
            Some(Inside::Field(opened)) => {
                if byte != b'}' {
                    let opened = *opened;
                    self.problem(opened, "f-string: '{' was never closed", "");
                }
                self.inside.pop();
            }
            _ => self.problem(
                place,
                format!("unmatched '{}'", byte as char),
                "nothing is open here that it could close",
            ),
        }
        self.push(Kind::Close, start);
    }

    fn number(&mut self) {
        let start = self.at;
        let base = (self.peek(0) == b'0').then(|| self.peek(1) | 0x20);
        let digit: fn(&u8) -> bool = match base {
            Some(b'x') => |b| b.is_ascii_hexdigit() || *b == b'_',
            Some(b'o' | b'b') => |b| b.is_ascii_digit() || *b == b'_',
            _ => {
                self.decimal();
                self.push(Kind::Number, start);
                return;
            }
        };
        self.at += 2;
        while digit(&self.peek(0)) {
            self.at += 1;
        }
        self.push(Kind::Number, start);
    }

    fn decimal(&mut self) {
        self.digits();
        if self.peek(0) == b'.' {
            self.at += 1;
            self.digits();
        }
        if self.peek(0) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.digits();
            }
        }
        if self.peek(0) | 0x20 == b'j' {
            self.at += 1;
        }
    }

    fn digits(&mut self) {
        while self.peek(0).is_ascii_digit() || self.peek(0) == b'_' {
            self.at += 1;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        for c in self.text[start..].chars() {
            let belongs = match c {
                '_' => true,
                c if c.is_ascii() => c.is_ascii_alphanumeric(),
                // Marks that combine with the letter before are no letters, but belong to the word.
                c => c.is_alphanumeric() || (self.at > start && !is_punctuation(c)),
            };
            if !belongs {
                break;
            }
            self.at += c.len_utf8();
        }
        let word = &self.text[start..self.at];
        if word.is_empty() {
            self.stray();
            return;
        }
        let is_prefix = word.len() <= 2
            && matches!(
                word.to_ascii_lowercase().as_str(),
                "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt"
            );
        if is_prefix && matches!(self.peek(0), b'"' | b'\'') {
            self.string(start, self.at);
            return;
        }
        if let Some(odd) = word.chars().find(|c| !is_normal(*c)) {
            let message = format!("the letter `{odd}` is not supported in names");
            self.problem(
                span(start, self.at),
                message,
                "write the name in letters without marks of their own; strings and comments may hold anything",
            );
        }
        let kind = if KEYWORDS.contains(&word) {
            Kind::Keyword
        } else {
            Kind::Name
        };
        self.push(kind, start);
    }

    /// A character that no token begins with.
    fn stray(&mut self) {
        let start = self.at;
        let Some(c) = self.text[start..].chars().next() else {
            return;
        };
        self.at += c.len_utf8();
        let place = span(start, self.at);
        let code = format!("U+{:04X}", c as u32);
        let (message, hint) = match c {
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '`' => (
                format!("invalid character '{c}'"),
                "strings are written in straight quotes, ' or \"",
            ),
            '$' | '?' => (format!("invalid character '{c}'"), ""),
            '!' => (
                "invalid character '!'".to_owned(),
                "write `not`, or `!=` for a comparison",
            ),
            c if c.is_whitespace() || c.is_control() => (
                format!("invalid non-printable character {code}"),
                "replace it by a space",
            ),
            c => (format!("invalid character '{c}' ({code})"), ""),
        };
        self.problem(place, message, hint);
        self.push(Kind::Operator, start);
    }

    fn operator(&mut self) {
        const LONG: [&str; 25] = [
            "**=", "//=", ">>=", "<<=", "...", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=",
            "|=", "^=", "@=", "==", ">=", "<=", "<<", ">>", "**", "//", ":=", "<>",
        ];
        let start = self.at;
        let field = self.inside.last().copied();
        if let (Some(Inside::Field(_)), b':') = (field, self.peek(0)) {
            self.at += 1;
            let fields = self.inside.iter().rev().find_map(|inside| match inside {
                Inside::Fields(quote) => Some(*quote),
                _ => None,
            });
            if let Some(quote) = fields {
                let inner = Quote {
                    raw: quote.raw,
                    ..quote
                };
                self.inside.push(Inside::Format(inner));
            }
            self.push(Kind::FormatColon, start);
            return;
        }
        let rest = &self.text[start..];
        if let Some(long) = LONG.iter().find(|long| rest.starts_with(**long)) {
            self.at += long.len();
            self.push(Kind::Operator, start);
            return;
        }
        let kind = match self.peek(0) {
            b',' => Kind::Comma,
            b':' => Kind::Colon,
            b';' => Kind::Semicolon,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>'
            | b'=' | b'.' => Kind::Operator,
            b'!' if matches!(field, Some(Inside::Field(_))) => Kind::Operator,
            _ => {
                self.stray();
                return;
            }
        };
        self.at += 1;
        self.push(kind, start);
    }
}

/// Punctuation and spaces beyond ASCII, which end a word.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}'
            | '\u{2100}'..='\u{2bff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff20}')
}

#[cfg(test)]
mod tests {
    use super::{Kind, scan};

    fn check(text: &str, expected: &str) {
        let scan = scan(text);
        assert!(scan.problem.is_none(), "{:?}", scan.problem);
        let tokens = scan.tokens.iter().filter(|t| t.kind != Kind::Newline);
        let texts: Vec<&str> = tokens
            .map(|t| &text[t.span.start as usize..t.span.end as usize])
            .collect();
        assert_eq!(texts.join(" "), expected);
    }

    #[test]
    fn splits() {
        check("x=1if y else 0x1for z", "x = 1 if y else 0x1f or z");
        check("a**=1.5e-3j;b", "a **= 1.5e-3j ; b");
        check(r#"rb'\'' 'a\\' """b"c""" "#, r#"rb'\'' 'a\\' """b"c""""#);
    }

    #[test]
    fn splits_fields() {
        check("f'{{a}}{b!r:>{w}}c'", "f' {{a}} { b ! r : > { w } } c '");
        check("f'{d['k']}' x", "f' { d [ 'k' ] } ' x");
        check("f'{x:{y:{z}}}'", "f' { x : { y : { z } } } '");
        check("f\"{f'{1}'}\"", "f\" { f' { 1 } ' } \"");
        check(
            "f'{a[b:c]}{(lambda: 1)()}'",
            "f' { a [ b : c ] } { ( lambda : 1 ) ( ) } '",
        );
    }
}

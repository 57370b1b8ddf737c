//! Quotes: strings, their escapes, and the texts and fields of f-strings.

use super::{Inside, Kind, Quote, Scanner, span};

impl Scanner<'_> {
    /// A string whose prefix begins at `start` and whose quote is at `quote`.
    pub(super) fn string(&mut self, start: usize, quote: usize) {
        let byte = self.bytes[quote];
        let prefix = self.text[start..quote].to_ascii_lowercase();
        self.at = quote;
        let triple = self.peek(1) == byte && self.peek(2) == byte;
        self.at += if triple { 3 } else { 1 };
        let quote = Quote {
            byte,
            triple,
            raw: prefix.contains(['r', 'b']),
            span: span(start, self.at),
        };
        if prefix.contains(['f', 't']) {
            self.inside.push(Inside::Fields(quote));
            self.push(Kind::FieldsStart, start);
            return;
        }
        loop {
            match self.peek(0) {
                _ if self.at >= self.bytes.len() => {
                    self.unterminated(quote, "string");
                    break;
                }
                b'\\' => self.escape(quote),
                b'\n' | b'\r' if !triple => {
                    self.unterminated(quote, "string");
                    break;
                }
                b if b == byte => {
                    if !triple {
                        self.at += 1;
                        break;
                    }
                    if self.peek(1) == byte && self.peek(2) == byte {
                        self.at += 3;
                        break;
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.push(Kind::Text, start);
    }

    /// A backslash in a string and what it takes along.
    pub(super) fn escape(&mut self, quote: Quote) {
        let start = self.at;
        let line_end = self.peek(1) == b'\r' && self.peek(2) == b'\n';
        self.at = (start + 2 + usize::from(line_end)).min(self.bytes.len());
        let digits = match self.bytes.get(start + 1) {
            Some(b'N') if !quote.raw => {
                self.problem(
                    span(start, self.at),
                    "characters by name, `\\N{...}`, are not supported here",
                    "put the character itself into the string, or its number as `\\u....`",
                );
                return;
            }
            Some(b'u') if !quote.raw => 4,
            Some(b'U') if !quote.raw => 8,
            _ => return,
        };
        let number = self.text.get(self.at..self.at + digits);
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if matches!(number, Some(0xd800..=0xdfff)) {
            self.problem(
                span(start, self.at + digits),
                "half of a surrogate pair is not supported here",
                "write the whole character",
            );
        }
    }

    pub(super) fn unterminated(&mut self, quote: Quote, what: &str) {
        // In a field, it is rather the end of the f-string around it.
        if let [.., Inside::Fields(around), Inside::Field(brace)] = self.inside[..]
            && around.byte == quote.byte
            && !quote.triple
        {
            self.problem(brace, "f-string: '{' was never closed", "close it with }");
            return;
        }
        let kind = if quote.triple { "triple-quoted " } else { "" };
        let byte = quote.byte as char;
        let end: String = std::iter::repeat_n(byte, if quote.triple { 3 } else { 1 }).collect();
        self.problem(
            quote.span,
            format!("unterminated {kind}{what} literal"),
            &format!("close it with {end}"),
        );
    }

    /// The text of an f-string up to its end or to a field, or a format up to its end or to a field inside.
    pub(super) fn fields_text(&mut self, quote: Quote, format: bool) {
        let start = self.at;
        loop {
            let byte = self.peek(0);
            let ends = self.at >= self.bytes.len()
                || (!quote.triple && matches!(byte, b'\n' | b'\r'))
                || (byte == quote.byte
                    && (!quote.triple || (self.peek(1) == byte && self.peek(2) == byte)));
            if ends || (format && byte == b'}') {
                break;
            }
            match byte {
                b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
                b'\\' => self.escape(quote),
                b'{' | b'}' if self.peek(1) == byte && !format => self.at += 2,
                b'{' | b'}' => break,
                _ => self.at += 1,
            }
        }
        if self.at > start {
            self.push(Kind::FieldsText, start);
        }
        let start = self.at;
        let byte = self.peek(0);
        match byte {
            b'{' => {
                self.at += 1;
                self.inside.push(Inside::Field(span(start, start + 1)));
                self.push(Kind::Open, start);
            }
            b'}' if format => {
                self.at += 1;
                self.inside.pop();
                self.inside.pop();
                self.push(Kind::Close, start);
            }
            b'}' => {
                self.at += 1;
                self.problem(
                    span(start, start + 1),
                    "f-string: single '}' is not allowed",
                    "write '}}' for a brace",
                );
            }
            b if b == quote.byte && !format => {
                self.at += if quote.triple { 3 } else { 1 };
                self.inside.pop();
                self.push(Kind::FieldsEnd, start);
            }
            _ => {
                if format && byte == quote.byte {
                    self.problem(span(start, start + 1), "f-string: expecting '}'", "");
                } else {
                    self.unterminated(quote, "f-string");
                }
                // Out of the whole string, to go on with the next line.
                while let Some(inside) = self.inside.pop() {
                    if matches!(inside, Inside::Fields(_)) {
                        break;
                    }
                }
            }
        }
    }
}

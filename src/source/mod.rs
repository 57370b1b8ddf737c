//! The program's text: names, lines, columns and what is wrong with it.
//!
//! It knows nothing of Python.

mod diagnostic;

pub use diagnostic::{Diagnostic, Place, Severity};

/// A piece of a source, as byte offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }
}

/// A line and a column, both from 1. The column counts code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A named text that knows its lines.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// Lines end at `\n`, `\r\n` and `\r`, as Python's do. A byte order mark is left out.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        let bytes = text.as_bytes();
        let mut line_starts = vec![0];
        for (index, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(index + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                line_starts.push(index as u32 + 1);
            }
        }
        Source {
            name: name.into(),
            text,
            line_starts,
        }
    }

    /// What the file is called, `deposit.py`.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// The line, from 1, that holds a byte offset.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= offset) as u32
    }

    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.line_starts[line as usize - 1] as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        Position {
            line,
            column: self.text[start..end.max(start)].chars().count() as u32 + 1,
        }
    }

    /// The text of a line, from 1, without its end.
    pub fn line(&self, line: u32) -> &str {
        let span = self.line_span(line);
        self.slice(span)
    }

    /// Where a line, from 1, is, without its end.
    pub fn line_span(&self, line: u32) -> Span {
        let index = line.max(1) as usize - 1;
        let length = self.text.len() as u32;
        let start = self.line_starts.get(index).copied().unwrap_or(length);
        let end = self.line_starts.get(index + 1).copied().unwrap_or(length);
        let text = &self.text[start as usize..end as usize];
        let kept = text.trim_end_matches(['\n', '\r']).len() as u32;
        Span::new(start, start + kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points() {
        let source = Source::new("a.py", "x = 'é'\r\ny = 1\rz");
        assert_eq!(source.line_count(), 3);
        assert_eq!(source.line(1), "x = 'é'");
        assert_eq!(source.line(3), "z");
        assert_eq!(source.position(7), Position { line: 1, column: 7 });
        assert_eq!(source.position(10), Position { line: 2, column: 1 });
        assert_eq!(source.position(99).line, 3);
    }
}

//! What is wrong with a program, where, and what to do about it.

use super::{Position, Source, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The program cannot run.
    Error,
    Warning,
}

/// A message about a place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub span: Span,
    /// One sentence without a full stop, beginning in lower case unless a name stands first.
    pub message: String,
    /// What to write instead, or why.
    pub hints: Vec<String>,
}

/// Where a diagnostic is, for a page that marks it in an editor. The end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub start: Position,
    pub end: Position,
}

impl Diagnostic {
    pub fn error(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            span: span.into(),
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub fn place(&self, source: &Source) -> Place {
        Place {
            start: source.position(self.span.start),
            end: source.position(self.span.end.max(self.span.start)),
        }
    }

    /// The diagnostic as text: message, place, the line with carets, hints.
    pub fn render(&self, source: &Source) -> String {
        let place = self.place(source);
        let line = place.start.line;
        let text = source.line(line);
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs stay tabs, so that the carets stand below what they mean at any tab width.
        let before: String = text
            .chars()
            .take(place.start.column as usize - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let length = text.chars().count() as u32;
        let last = if place.end.line > line {
            length + 1
        } else {
            place.end.column
        };
        let width = last.saturating_sub(place.start.column).max(1) as usize;
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut out = [
            severity,
            ": ",
            &self.message,
            "\n",
            &margin,
            "--> ",
            source.name(),
            ":",
            &number,
            ":",
            &place.start.column.to_string(),
            "\n",
            &margin,
            " |\n",
            &number,
            " | ",
            text,
            "\n",
            &margin,
            " | ",
            &before,
            &"^".repeat(width),
            "\n",
        ]
        .concat();
        for hint in &self.hints {
            out.push_str(&margin);
            out.push_str(" = hint: ");
            out.push_str(hint);
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_have_the_right_width() {
        let source = Source::new("a.py", "x = 1\n\té = foo\n");
        let diagnostic = Diagnostic::error(Span::new(12, 15), "no foo").hint("write bar");
        assert_eq!(source.slice(diagnostic.span), "foo");
        assert_eq!(
            diagnostic.render(&source),
            "error: no foo\n --> a.py:2:6\n  |\n2 | \té = foo\n  | \t    ^^^\n  = hint: write bar\n"
        );
    }

    #[test]
    fn a_place_at_the_end_gets_one_caret() {
        let source = Source::new("a.py", "x =");
        let text = Diagnostic::error(Span::new(3, 3), "nothing here").render(&source);
        assert!(text.contains("1 | x =\n  |    ^\n"), "{text}");
    }
}

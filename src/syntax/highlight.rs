//! Colours for the page: what each piece of a program is. Works for a text that does not parse as well.

use super::known::is_builtin;
use super::scan::{Kind, scan};
use crate::source::{Source, Span};

/// How a piece of a program is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    Keyword,
    Text,
    Number,
    Comment,
    Builtin,
    /// The name behind `def` or `class`.
    Definition,
    /// `await`, and the `async` of `async for` and `async with`: the task may be suspended here.
    Suspension,
}

/// The pieces that are not plain, in the order of the text.
pub fn highlight(source: &Source) -> Vec<(Span, Class)> {
    let tokens = scan(source.text()).tokens;
    let mut pieces = Vec::new();
    let mut before = "";
    for (index, token) in tokens.iter().enumerate() {
        let text = source.slice(token.span);
        let next = tokens
            .get(index + 1)
            .map_or("", |next| source.slice(next.span));
        let class = match token.kind {
            Kind::Comment => Some(Class::Comment),
            Kind::Number => Some(Class::Number),
            Kind::Text | Kind::FieldsStart | Kind::FieldsText | Kind::FieldsEnd => {
                Some(Class::Text)
            }
            Kind::Keyword if text == "await" => Some(Class::Suspension),
            Kind::Keyword if text == "async" && matches!(next, "for" | "with") => {
                Some(Class::Suspension)
            }
            Kind::Keyword => Some(Class::Keyword),
            Kind::Name if matches!(before, "def" | "class") => Some(Class::Definition),
            Kind::Name if before != "." && is_builtin(text) => Some(Class::Builtin),
            _ => None,
        };
        pieces.extend(class.map(|class| (token.span, class)));
        before = text;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_a_text_that_does_not_parse() {
        let source = Source::new("a.py", "async def f(:\n  await print(f'{x} b'  # no");
        let pieces: Vec<String> = highlight(&source)
            .iter()
            .map(|(span, class)| format!("{:?} {}", class, source.slice(*span)))
            .collect();
        assert_eq!(
            pieces.join(", "),
            "Keyword async, Keyword def, Definition f, Suspension await, Builtin print, Text f', Text  b, Text ', \
             Comment # no"
        );
    }
}

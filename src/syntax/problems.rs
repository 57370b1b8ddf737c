//! What the parser found wrong, in plain words and with a hint.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError};

use super::collect::span;
use crate::source::{Diagnostic, Source, Span};

/// After a mistake the parser finds more that are none: only the first few lines count.
const MOST_PROBLEMS: usize = 3;

/// The diagnostics of a program that does not parse.
pub(super) fn problems(
    source: &Source,
    errors: &[ParseError],
    unsupported: &[UnsupportedSyntaxError],
) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = errors.iter().map(|error| explain(source, error)).collect();
    if all.is_empty() {
        all.extend(
            unsupported
                .iter()
                .map(|e| Diagnostic::error(span(e), plain(&e.to_string()))),
        );
    }
    // Where the blocks do not line up, all that follows is guessed.
    let indentation = errors.iter().find(|error| {
        matches!(
            error.error,
            ParseErrorType::Lexical(LexicalErrorType::IndentationError)
        )
    });
    if let Some(error) = indentation {
        all = vec![explain(source, error)];
    }
    all.sort_by_key(|diagnostic| diagnostic.span);
    let mut lines: Vec<u32> = Vec::new();
    all.retain(|diagnostic| {
        let line = source.line_of(diagnostic.span.start);
        let new = !lines.contains(&line) && lines.len() < MOST_PROBLEMS;
        lines.push(line);
        new
    });
    all
}

/// Messages begin in lower case.
fn plain(message: &str) -> String {
    let mut letters = message.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            let rest = &message[first.len_utf8()..];
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => message.to_owned(),
    }
}

fn explain(source: &Source, error: &ParseError) -> Diagnostic {
    let place = span(error);
    let rest = source.slice(Span::new(place.start, source.text().len() as u32));
    let line = source.line(source.line_of(place.start)).trim_start();
    let word = line
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("");
    let (message, hint): (String, &str) = match &error.error {
        ParseErrorType::ExpectedToken {
            expected: TokenKind::Colon,
            found,
        } => match found {
            TokenKind::Equal => (
                "expected `:`, found `=`".to_owned(),
                "`=` assigns; compare with `==`",
            ),
            _ => (
                format!("expected `:`, found {found}"),
                "the first line of a block ends with `:`",
            ),
        },
        ParseErrorType::ExpectedToken { expected, found } => {
            let hint = match found {
                TokenKind::Equal => "`=` assigns; compare with `==`",
                _ => "",
            };
            (format!("expected {expected}, found {found}"), hint)
        }
        ParseErrorType::SimpleStatementsOnSameLine => {
            let hint = match word {
                "print" => "`print` is a function: put what it prints into parentheses",
                "await" | "async" => "",
                _ => "an operator, a comma or a bracket may be missing before this",
            };
            ("a statement ends before this".to_owned(), hint)
        }
        ParseErrorType::SimpleAndCompoundStatementOnSameLine => (
            "this statement needs a line of its own".to_owned(),
            "start a new line",
        ),
        ParseErrorType::ExpectedExpression => {
            let before = source.slice(Span::new(0, place.start));
            let hint = if before.ends_with("++") || rest.starts_with('=') {
                "`x += 1` adds one to `x`"
            } else {
                ""
            };
            ("expected an expression".to_owned(), hint)
        }
        ParseErrorType::UnexpectedIndentation => (
            "unexpected indentation".to_owned(),
            "line it up with the line above, or check that that one ends with `:`",
        ),
        ParseErrorType::InvalidAssignmentTarget => (
            "cannot assign to this".to_owned(),
            "`=` assigns to a name, an attribute or an item; compare with `==`",
        ),
        ParseErrorType::Lexical(LexicalErrorType::IndentationError) => (
            "the indentation matches no block around it".to_owned(),
            "line it up with the block it belongs to, and use either spaces or tabs",
        ),
        ParseErrorType::Lexical(LexicalErrorType::UnicodeError | LexicalErrorType::StringError) => {
            (
                "invalid escape in a string".to_owned(),
                "write `\\\\` for a backslash, or put an `r` before the string",
            )
        }
        ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { tok }) => {
            (format!("invalid character '{tok}'"), "")
        }
        ParseErrorType::UnexpectedIpythonEscapeCommand => ("invalid syntax".to_owned(), ""),
        ParseErrorType::OtherError(message) if message == "Expected a statement" => (
            plain(message),
            match word {
                "else" | "elif" | "except" | "finally" => {
                    "it belongs below its `if` or `try`, indented as far as that"
                }
                _ => "",
            },
        ),
        ParseErrorType::OtherError(message) if message.contains("indented block") => (
            plain(message),
            "indent the lines that belong to it, or write `pass`",
        ),
        other => (plain(&other.to_string()), ""),
    };
    let diagnostic = Diagnostic::error(place, message);
    if hint.is_empty() {
        diagnostic
    } else {
        diagnostic.hint(hint)
    }
}

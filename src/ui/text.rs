//! Text of the page as HTML, and what of it is worth a test.

use super::state::Shown;
use crate::layout::task_colour;
use crate::narration::{ENGLISH, Message, Role};
use crate::protocol::{Class, Fault, Piece};
use crate::trace::navigate::{ScrubberMark, scrubber_marks};
use crate::trace::{TaskId, Trace};

/// How many marks the scrubber can hold.
const PLACES: u32 = 400;

/// The number in plain digits.
pub fn number(number: u32) -> String {
    number.to_string()
}

/// Appends text in which nothing is markup.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
}

fn element(tag: &str, class: &str, text: &str, out: &mut String) {
    for part in ["<", tag, " class=\"", class, "\">"] {
        out.push_str(part);
    }
    escape(text, out);
    for part in ["</", tag, ">"] {
        out.push_str(part);
    }
}

/// The class that gives a task's colour: "t2".
pub fn task_class(task: TaskId) -> &'static str {
    ["t0", "t1", "t2", "t3", "t4", "t5", "t6"][task_colour(task)]
}

/// A message with its roles: tasks in their colours, code in its font.
pub fn message_html(trace: &Trace, message: &Message) -> String {
    let mut out = String::new();
    for span in message.spans(trace, &ENGLISH) {
        match span.role {
            Role::Plain => escape(&span.text, &mut out),
            Role::Task(task) => element("b", task_class(task), &span.text, &mut out),
            Role::Strong => element("b", "", &span.text, &mut out),
            Role::Alarm => element("b", "alarm", &span.text, &mut out),
            Role::Code => element("code", "", &span.text, &mut out),
        }
    }
    out
}

/// A program with its colours.
pub fn code_html(text: &str, pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for piece in pieces {
        let (start, end) = (piece.start as usize, piece.end as usize);
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        escape(before, &mut out);
        let class = match piece.class {
            Class::Keyword => "keyword",
            Class::Text => "text",
            Class::Number => "number",
            Class::Comment => "comment",
            Class::Builtin => "builtin",
            Class::Definition => "definition",
            Class::Suspension => "suspension",
        };
        element("span", class, inside, &mut out);
        at = end;
    }
    escape(&text[at..], &mut out);
    out
}

/// The colours of a program while it is edited: those of the one that ran, wherever the two are the same.
pub fn pieces_of(text: &str, run: &Shown) -> Vec<Piece> {
    let ran = &run.program.source;
    if ran == text {
        return run.program.pieces.clone();
    }
    let same = |a: &mut dyn Iterator<Item = u8>, b: &mut dyn Iterator<Item = u8>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let before = same(&mut ran.bytes(), &mut text.bytes());
    let after = same(&mut ran.bytes().rev(), &mut text.bytes().rev());
    let mut pieces = Vec::new();
    for piece in &run.program.pieces {
        let mut piece = *piece;
        let from_end = ran.len() - piece.start as usize;
        if (piece.end as usize) < before {
            pieces.push(piece);
        } else if from_end < after && from_end + before <= text.len() {
            let length = piece.end - piece.start;
            piece.start = (text.len() - from_end) as u32;
            piece.end = piece.start + length;
            pieces.push(piece);
        }
    }
    pieces
}

/// The marks of the scrubber as paths of SVG, a thousand wide: switches, awaits, findings.
pub fn scrubber_paths(trace: &Trace) -> [String; 3] {
    let mut paths = [const { String::new() }; 3];
    let last = trace.len().saturating_sub(1).max(1);
    for (step, mark) in scrubber_marks(trace, PLACES) {
        let path = &mut paths[match mark {
            ScrubberMark::Switch => 0,
            ScrubberMark::Await => 1,
            ScrubberMark::Finding => 2,
        }];
        let x = u64::from(step.saturating_sub(1)) * 1000 / u64::from(last);
        path.push('M');
        path.push_str(&x.to_string());
        path.push_str(" 0v10");
    }
    paths
}

/// What a badge shows of a task's name: "A", "T1" for "Thread-1", "M" for "main".
pub fn initials(name: &str) -> String {
    let mut text = String::new();
    // The tables for the capitals of all languages would cost the page eight kilobytes.
    text.extend(name.chars().next().map(|first| first.to_ascii_uppercase()));
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        text.push_str(&name[digits..]);
    }
    text
}

/// The line of a fault, and below it the carets; nothing if it has no place.
pub fn caret(text: &str, fault: &Fault) -> String {
    let Some(line) = (fault.line as usize)
        .checked_sub(1)
        .and_then(|line| text.lines().nth(line))
    else {
        return String::new();
    };
    let mut out = String::from(line);
    out.push('\n');
    let column = fault.column.max(1) as usize;
    // Tabs stay tabs, so that the carets stand below what they mean.
    let before = line.chars().chain(std::iter::repeat(' '));
    out.extend(
        before
            .take(column - 1)
            .map(|c| if c == '\t' { c } else { ' ' }),
    );
    let end = if fault.end_line > fault.line {
        line.chars().count() + 1
    } else {
        fault.end_column as usize
    };
    for _ in 0..end.saturating_sub(column).max(1) {
        out.push('^');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let piece = Piece {
            start: 4,
            end: 7,
            class: Class::Text,
        };
        assert_eq!(
            code_html("a < '&' <b>\n", &[piece]),
            "a &lt; <span class=\"text\">'&amp;'</span> &lt;b>\n"
        );
    }

    #[test]
    fn badges_are_short() {
        for (name, badge) in [
            ("A", "A"),
            ("main", "M"),
            ("Thread-12", "T12"),
            ("7", "7"),
            ("élan", "é"),
            ("", ""),
        ] {
            assert_eq!(initials(name), badge);
        }
    }

    #[test]
    fn carets_stand_below_what_they_mean() {
        let fault = |line, column, end_line, end_column| Fault {
            line,
            column,
            end_line,
            end_column,
            ..Fault::default()
        };
        assert_eq!(
            caret("x = 1\n\té = foo", &fault(2, 6, 2, 9)),
            "\té = foo\n\t    ^^^"
        );
        assert_eq!(caret("x =", &fault(1, 4, 1, 4)), "x =\n   ^");
        assert_eq!(caret("(a\nb", &fault(1, 1, 2, 2)), "(a\n^^");
        assert_eq!(caret("x", &fault(0, 0, 0, 0)), "");
        assert_eq!(caret("x", &fault(9, 1, 9, 1)), "");
    }
}

//! The marks below a traceback's source line: `~~~~^^~~~`. CPython 3.11, Python/traceback.c, tb_displayline; 3.13 marks calls too.

use crate::bytecode::Instruction;
use crate::bytecode::preemption::Version;

/// Operators in the order in which they are tried, with how strongly they bind.
const OPERATORS: &[(&str, u8)] = &[
    ("**", 6),
    ("//", 4),
    ("<<", 3),
    (">>", 3),
    ("*", 4),
    ("/", 4),
    ("%", 4),
    ("@", 4),
    ("+", 3),
    ("-", 3),
    ("&", 2),
    ("^", 1),
    ("|", 0),
];

/// The line of marks for what an instruction's source covers, without its indentation; None where CPython leaves it out.
/// `line` is the whole source line, `start` and `end` are bytes in it.
pub fn marks(
    line: &str,
    start: usize,
    end: usize,
    instruction: Instruction,
    version: Version,
) -> Option<String> {
    let trimmed = line.trim();
    let indent = line.len() - line.trim_start().len();
    let end = end.min(line.trim_end().len());
    if start >= end
        || start < indent
        || !line.is_char_boundary(start)
        || !line.is_char_boundary(end)
    {
        return None;
    }
    let segment = &line[start..end];
    let is_call = matches!(
        instruction,
        Instruction::Call(_) | Instruction::CallKeywords { .. } | Instruction::CallStar(_)
    );
    if version >= Version::V3_13
        && is_call
        && is_whole_value(&line[indent..start], segment, &line[end..])
    {
        return None;
    }
    let anchor = match instruction {
        Instruction::Binary(_) => operator(segment),
        Instruction::LoadItem => opening(segment, '[', ']').map(|at| (at, segment.len())),
        _ if version >= Version::V3_13 && is_call => {
            opening(segment, '(', ')').map(|at| (at, segment.len()))
        }
        _ => None,
    };
    if anchor.is_none() && segment.len() == trimmed.len() {
        return None;
    }
    let before = line[indent..start].chars().count();
    let mut text = " ".repeat(before);
    for (at, _) in segment.char_indices() {
        let strong = anchor.is_none_or(|(from, to)| (from..to).contains(&at));
        text.push(if strong { '^' } else { '~' });
    }
    Some(text)
}

/// Whether a call is all that its line assigns, or all that it returns, if it is called by a plain name: CPython 3.13, Lib/traceback.py,
/// `_should_show_carets`.
fn is_whole_value(before: &str, call: &str, after: &str) -> bool {
    let (before, after) = (before.trim_end(), after.trim_start());
    if !(after.is_empty() || after.starts_with('#')) {
        return false;
    }
    let name = call.split('(').next().unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    let assigned = before.strip_suffix('=').is_some_and(|targets| {
        !targets.contains(':') && !targets.ends_with(|c| "=!<>+-*/%&|^@".contains(c))
    });
    assigned || before == "return" && name.chars().all(plain)
}

/// Where the bracket that closes at the end of an expression opens.
fn opening(segment: &str, open: char, close: char) -> Option<usize> {
    if !segment.ends_with(close) {
        return None;
    }
    let mut found = None;
    let mut depth = 0;
    scan(segment, &mut |at, c, inside| {
        if inside == 0 && c == open && depth == 0 {
            found = Some(at);
        }
        depth = inside;
    });
    found.filter(|at| *at > 0)
}

/// The place of the operator that is applied last.
fn operator(segment: &str) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize, u8)> = None;
    let mut operand = false;
    let mut skip = 0;
    scan(segment, &mut |at, c, inside| {
        if at < skip || c.is_whitespace() {
            return;
        }
        if inside > 0 || matches!(c, ')' | ']' | '}' | '"' | '\'') {
            operand = true;
            return;
        }
        let found = OPERATORS.iter().find(|(o, _)| segment[at..].starts_with(o));
        match found {
            Some((text, strength)) if operand => {
                skip = at + text.len();
                operand = false;
                // The last of equals is applied last, but `**` binds to the right.
                if best.is_none_or(|(_, _, b)| *strength < b || *strength == b && *text != "**") {
                    best = Some((at, skip, *strength));
                }
            }
            Some(_) => {}
            None => operand = true,
        }
    });
    best.map(|(from, to, _)| (from, to))
}

/// Calls `f` with every character outside of strings and how many brackets are open before it.
fn scan(segment: &str, f: &mut dyn FnMut(usize, char, usize)) {
    let mut depth = 0usize;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in segment.char_indices() {
        if let Some(q) = quote {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == q {
                quote = None;
                f(at, c, depth);
            }
            continue;
        }
        match c {
            '"' | '\'' => {
                quote = Some(c);
                f(at, c, depth);
            }
            '(' | '[' | '{' => {
                f(at, c, depth);
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                f(at, c, depth);
            }
            _ => f(at, c, depth),
        }
    }
}

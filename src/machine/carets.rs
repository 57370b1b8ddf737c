//! A traceback entry's source and the marks below it: `~~~~^^~~~~`. To 3.12 the interpreter prints one line, and the library does so by rules
//! of its own; from 3.13 on the library prints all lines and marks calls too. CPython 3.12, Python/traceback.c, tb_displayline;
//! 3.12 and 3.13, Lib/traceback.py, StackSummary.format_frame_summary.

use std::ops::Range;

use super::width::width;
use crate::syntax::operation::{Operation, operation, whole_call};

/// What prints a traceback.
#[derive(Clone, Copy, PartialEq)]
pub enum Printer {
    Interpreter,
    Library,
    /// The library from 3.13 on.
    LibraryOfLines,
}

/// A part of the source: from `start` to `end`, in bytes, of `lines`, without their ends. The start is in the first line and the end in the
/// last one, each counted from its line's begin.
pub struct Part<'a> {
    pub lines: Vec<&'a str>,
    pub start: usize,
    pub end: usize,
    /// Whether it is marked, if that says more than the lines do.
    pub marked: bool,
    /// Whether the library has the parser that finds operators: not when modules come to an end.
    pub parses: bool,
}

/// What is printed of an entry's source, without the indentation of all of it.
pub fn shown(part: &Part<'_>, printer: Printer) -> Vec<String> {
    let Some(first) = part.lines.first().filter(|line| !line.trim().is_empty()) else {
        return Vec::new();
    };
    let (text, marks) = match printer {
        Printer::LibraryOfLines => match all_lines(part) {
            Some(lines) => return lines,
            None => (first.trim(), None),
        },
        Printer::Interpreter => {
            let text = first.trim_start_matches([' ', '\t', '\x0c']);
            (text, part.by_interpreter(first, first.len() - text.len()))
        }
        Printer::Library => (first.trim(), part.by_library(first)),
    };
    let marks = marks.filter(|_| part.marked);
    [Some(text.to_owned()), marks]
        .into_iter()
        .flatten()
        .collect()
}

fn count(text: &str) -> usize {
    text.chars().count()
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0c')
}

impl Part<'_> {
    /// The part of a line, if it is on that alone.
    fn segment<'l>(&self, line: &'l str) -> Option<&'l str> {
        match self.lines.len() {
            1 => line.get(self.start..self.end),
            _ => None,
        }
    }

    fn by_interpreter(&self, line: &str, indent: usize) -> Option<String> {
        let start = count(line.get(..self.start)?);
        let (end, anchors) = match self.segment(line) {
            Some(segment) => {
                let place = |at: usize| start + segment.get(..at).map_or(0, count);
                let anchors = anchors_of_interpreter(segment);
                (
                    start + count(segment),
                    anchors.map(|(l, r)| (place(l), place(r))),
                )
            }
            None => {
                // It takes a number of characters for one of bytes.
                let bytes = &line.as_bytes()[..count(line)];
                let spaces = bytes.iter().rev().take_while(|c| is_space(**c as char));
                (bytes.len() - spaces.count(), None)
            }
        };
        if anchors.is_none() && end as isize - start as isize == count(&line[indent..]) as isize {
            return None;
        }
        let column = |chars: usize| match line.char_indices().nth(chars) {
            Some((at, _)) => width(&line[..at]),
            None => width(line),
        };
        let (start, end) = (column(start), column(end));
        let anchors = anchors.map(|(from, to)| column(from)..column(to));
        let strong = |at: usize| anchors.as_ref().is_none_or(|part| part.contains(&at));
        let marks = (indent..end).map(|at| match at < start {
            true => ' ',
            false if strong(at) => '^',
            false => '~',
        });
        Some(marks.collect())
    }

    fn by_library(&self, line: &str) -> Option<String> {
        let before = line.get(..self.start)?;
        let segment = match self.lines.len() {
            1 => line.get(self.start..self.end)?,
            _ => line.trim_end().get(self.start..).unwrap_or(""),
        };
        let anchors = match self.lines.len() {
            1 if self.parses => anchors_of_library(segment),
            _ => None,
        };
        let marked = anchors.is_some_and(|(left, right)| right > left);
        if count(segment) >= count(line.trim()) && !marked {
            return None;
        }
        // What stands at the line's end is taken for indentation, but for the line feed.
        let missing = count(line) - count(line.trim());
        let spaces = " ".repeat(width(before).saturating_sub(missing));
        let columns = |chars: usize| width(&segment.chars().take(chars).collect::<String>());
        let all = width(segment);
        let marks = match anchors {
            Some((left, right)) => {
                let (left, right) = (columns(left), columns(right));
                let strong = "^".repeat(right.saturating_sub(left));
                [
                    "~".repeat(left),
                    strong,
                    "~".repeat(all.saturating_sub(right)),
                ]
                .concat()
            }
            None => "^".repeat(all),
        };
        Some(spaces + &marks)
    }
}

/// Where an expression's operator or brackets begin and end, in bytes.
fn anchors_of_interpreter(segment: &str) -> Option<(usize, usize)> {
    let bytes = segment.as_bytes();
    match operation(segment)?.0 {
        Operation::Binary {
            left_end,
            right_start,
        } => {
            let text = bytes.get(left_end..right_start)?;
            let place = |c: &u8| !is_space(*c as char);
            let at = text.iter().position(|c| place(c) && *c != b')')?;
            let two = text.get(at + 1).is_some_and(place);
            Some((left_end + at, left_end + at + 1 + usize::from(two)))
        }
        Operation::Subscript {
            value_end,
            slice_end,
        } => Some(brackets(bytes, value_end, slice_end)),
        Operation::Call { .. } => None,
    }
}

fn brackets(bytes: &[u8], value_end: usize, slice_end: usize) -> (usize, usize) {
    let find = |from: usize, bracket: u8| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .position(|c| *c == bracket)
            .unwrap_or(rest.len())
    };
    let right = find(slice_end + 1, b']');
    (find(value_end, b'['), (right + 1).min(bytes.len()))
}

/// The same in characters. The library goes over brackets after it looked how long the operator is, and adds characters to bytes.
fn anchors_of_library(segment: &str) -> Option<(usize, usize)> {
    let chars = |bytes: usize| {
        let whole = segment.char_indices().take_while(|(at, _)| *at < bytes);
        whole.count()
    };
    match operation(segment)?.0 {
        Operation::Binary {
            left_end,
            right_start,
        } => {
            let text = segment.get(left_end..right_start)?;
            let place = count(text) - count(text.trim_start());
            let two = text
                .chars()
                .nth(place + 1)
                .is_some_and(|c| !c.is_whitespace());
            let left = left_end + place;
            let skipped = (segment.chars().skip(left))
                .take_while(|c| c.is_whitespace() || matches!(c, ')' | '#'));
            let left = left + skipped.count();
            Some((chars(left), chars(left + 1 + usize::from(two))))
        }
        Operation::Subscript {
            value_end,
            slice_end,
        } => {
            let (left, right) = brackets(segment.as_bytes(), value_end, slice_end);
            Some((chars(left), chars(right)))
        }
        Operation::Call { .. } => None,
    }
}

/// A place in lines: which one, and the column it is shown in.
type Place = (usize, usize);

/// Where an expression's operator or brackets begin and end, in bytes.
fn anchors_over_lines(segment: &str) -> Option<(usize, usize)> {
    let bytes = segment.as_bytes();
    let (operation, end) = operation(segment)?;
    // The first such character, but for comments and the ends of lines.
    let find = |from: usize, wanted: &dyn Fn(char) -> bool| {
        let mut hidden = false;
        segment.get(from..)?.char_indices().find_map(|(at, c)| {
            hidden = c != '\n' && (hidden || matches!(c, '\\' | '#'));
            (!hidden && c != '\n' && wanted(c)).then_some(from + at)
        })
    };
    match operation {
        Operation::Binary {
            left_end,
            right_start,
        } => {
            let at = find(left_end, &|c| !c.is_whitespace() && c != ')')?;
            let next = bytes.get(at + 1).filter(|_| at + 1 < right_start);
            let two = next.is_some_and(|c| !is_space(*c as char) && !matches!(c, b'\\' | b'#'));
            Some((at, at + 1 + usize::from(two)))
        }
        Operation::Subscript { value_end, .. } => Some((find(value_end, &|c| c == '[')?, end)),
        Operation::Call { function_end } => Some((find(function_end, &|c| c == '(')?, end)),
    }
}

/// All lines, but for those in the middle of many, with marks below each. None if the part is not in them.
fn all_lines(part: &Part<'_>) -> Option<Vec<String>> {
    let original: Vec<&str> = part.lines.iter().map(|line| line.trim_end()).collect();
    let lines = dedented(&original);
    let last = lines.len() - 1;
    let removed = original[0].len() - lines[0].len();
    let start = part.start.saturating_sub(removed);
    let end = part.end.min(original[last].len()).saturating_sub(removed);
    let text = lines.join("\n");
    let before_last = text.len() - lines[last].len();
    let segment = text.get(start..before_last + end)?;
    let anchors = anchors_over_lines(segment);
    let place = |at: usize| -> Place {
        let before = &text[..start + at];
        let line = before.matches('\n').count();
        let column = before.rfind('\n').map_or(0, |end| end + 1);
        (line, width(&before[column..]))
    };
    let anchors = anchors.map(|(from, to)| (place(from), place(to)));
    let (before, within) = (&lines[0][..start], &lines[last][..end]);
    let after = &lines[last][end..];
    // It compares bytes with characters.
    let is_whole = |call: &Range<usize>| {
        call.start <= lines[0].len()
            && call.start == count(before)
            && call.end.checked_sub(before_last) == Some(count(within))
    };
    let marks = match whole_call(&text) {
        Some(None) => false,
        Some(Some(call)) if is_whole(&call) => false,
        _ => anchors.is_some() || !before.trim().is_empty() || !after.trim().is_empty(),
    };
    let mut wanted = vec![0, last];
    for (line, _) in anchors.iter().flat_map(|(from, to)| [from, to]) {
        wanted.extend(line.saturating_sub(1)..=(line + 1).min(last));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let (from, to) = (width(before), width(within));
    let mut shown = Vec::new();
    let output = |number: usize, shown: &mut Vec<String>| {
        let line = lines[number];
        shown.push(line.to_owned());
        if marks {
            let indent = count(line) - count(line.trim_start());
            let end = if number == last { to } else { width(line) };
            let is_strong =
                |at: usize| anchors.is_none_or(|(from, to)| (from..to).contains(&(number, at)));
            let marks = (0..end).map(|at| match at < indent || number == 0 && at < from {
                true => ' ',
                false if is_strong(at) => '^',
                false => '~',
            });
            shown.push(marks.collect());
        }
    };
    let mut next = 0;
    for number in wanted {
        match number - next {
            0 => {}
            1 => output(next, &mut shown),
            more => shown.push(format!("...<{more} lines>...")),
        }
        output(number, &mut shown);
        next = number + 1;
    }
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    Some(dedented(&shown).into_iter().map(str::to_owned).collect())
}

/// Lines without the white space that all begin with; of those that are nothing else nothing is left.
fn dedented<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !blank(line)) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let same = |other: &str| {
            let pairs = other.bytes().zip(indent.bytes());
            pairs.take_while(|(a, b)| a == b).count()
        };
        margin = Some(margin.map_or(indent, |margin| &margin[..same(margin)]));
    }
    let margin = margin.map_or(0, str::len);
    let lines = lines.iter();
    lines
        .map(|line| if blank(line) { "" } else { &line[margin..] })
        .collect()
}

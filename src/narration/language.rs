//! Turns a message into text with roles.

use super::english::Key;
use super::message::{Argument, Message, Part, Slot};
use crate::trace::{TaskId, Thing, Trace, duration_text, time_text};

/// Longest code or value in a sentence, in characters.
const LONGEST: usize = 60;
/// How deep a phrase may stand in a phrase: damaged messages must not recurse for ever.
const DEEPEST: u32 = 3;

/// The sentences of a language.
pub struct Language {
    /// The language's tag: "en".
    pub id: &'static str,
    /// A text for each [`Key`], in their order; see `english.rs` for the marks in it.
    pub texts: &'static [&'static str],
    /// What to call a thing that the program gave no name, by [`crate::trace::ThingKind`].
    pub things: &'static [&'static str],
}

/// What a part of a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    /// A task's name, to be shown in its colour.
    Task(TaskId),
    Strong,
    /// Something went wrong here.
    Alarm,
    /// Source text or a name from the program.
    Code,
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub role: Role,
}

impl Message {
    /// The message in a language, in parts to be shown one after the other.
    pub fn spans(&self, trace: &Trace, language: &Language) -> Vec<Span> {
        let mut writer = Writer {
            trace,
            language,
            spans: Vec::new(),
        };
        let mut rest = &self.parts[..];
        while let Some((Part::Sentence(key), after)) = rest.split_first() {
            let end = after
                .iter()
                .position(|part| matches!(part, Part::Sentence(_)))
                .unwrap_or(after.len());
            if !writer.spans.is_empty() {
                writer.push(" ", Role::Plain);
            }
            writer.template(*key, &after[..end], Role::Plain, DEEPEST);
            rest = &after[end..];
        }
        writer.spans
    }

    /// The message as plain text; code that is more than a name stands in backticks.
    pub fn text(&self, trace: &Trace, language: &Language) -> String {
        let mut text = String::new();
        for span in self.spans(trace, language) {
            let quoted = span.role == Role::Code
                && !span
                    .text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if quoted {
                text.push('`');
            }
            text.push_str(&span.text);
            if quoted {
                text.push('`');
            }
        }
        text
    }
}

struct Writer<'a> {
    trace: &'a Trace,
    language: &'a Language,
    spans: Vec<Span>,
}

impl Writer<'_> {
    fn template(&mut self, key: Key, arguments: &[Part], outer: Role, depth: u32) {
        let mut rest = self.language.texts.get(key as usize).copied().unwrap_or("");
        let mut role = outer;
        while let Some(at) = rest.find(['*', '^', '`', '{']) {
            self.push(&rest[..at], role);
            let mark = rest.as_bytes()[at];
            rest = &rest[at + 1..];
            let marked = match mark {
                b'*' => Role::Strong,
                b'^' => Role::Alarm,
                b'`' => Role::Code,
                _ => {
                    let end = rest.find('}').unwrap_or(rest.len());
                    self.slot(&rest[..end], arguments, role, depth);
                    rest = rest.get(end + 1..).unwrap_or("");
                    continue;
                }
            };
            role = if role == marked { outer } else { marked };
        }
        self.push(rest, role);
    }

    fn slot(&mut self, name: &str, arguments: &[Part], role: Role, depth: u32) {
        let argument = arguments.iter().find_map(|part| match part {
            Part::Argument(slot, argument) if name_of(*slot) == name => Some(*argument),
            _ => None,
        });
        let trace = self.trace;
        let text = match argument {
            None => return,
            Some(Argument::Phrase(key)) => {
                if depth > 0 {
                    self.template(key, arguments, role, depth - 1);
                }
                return;
            }
            Some(Argument::Task(task)) => {
                let role = if role == Role::Alarm {
                    role
                } else {
                    Role::Task(task)
                };
                return self.push(trace.task_name(task), role);
            }
            Some(Argument::Thing(thing)) => {
                let Thing { kind, name } = trace.thing(thing);
                let name = if name.is_empty() {
                    self.language.things[kind as usize]
                } else {
                    name
                };
                return self.push(name, role);
            }
            Some(Argument::Variable(location)) => {
                return self.push(trace.location(location).name, role);
            }
            Some(Argument::String(string)) => shorten(trace.string(string)),
            Some(Argument::Label(task)) => shorten(trace.task(task).label),
            Some(Argument::Value(tag, value)) => shorten(&trace.show(tag, value)),
            Some(Argument::Source(line)) => shorten(without_comment(trace.line_text(line))),
            Some(Argument::Number(number)) => number.to_string(),
            Some(Argument::Duration(time)) => duration_text(time),
            Some(Argument::Time(time)) => time_text(time),
            Some(Argument::Output(flags, start, end)) => {
                shorten(trace.written(flags, start, end).trim_end())
            }
        };
        self.push(&text, role);
    }

    /// Appends text, to the last span if that has the same role.
    fn push(&mut self, text: &str, role: Role) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.role == role => last.text.push_str(text),
            _ => self.spans.push(Span {
                text: text.to_string(),
                role,
            }),
        }
    }
}

fn name_of(slot: Slot) -> &'static str {
    Slot::ALL[slot as usize].1
}

/// One line, with an ellipsis where it gets too long.
fn shorten(text: &str) -> String {
    let mut short = String::new();
    for (count, char) in text.chars().enumerate() {
        if count == LONGEST {
            short.push('…');
            break;
        }
        short.push(if char == '\n' { '⏎' } else { char });
    }
    short
}

/// The source line without a comment at its end, unless there is a string that may contain the `#`.
fn without_comment(line: &str) -> &str {
    // A search for two bytes: the page is spared the search for strings.
    match line.as_bytes().windows(2).position(|pair| pair == b" #") {
        Some(at) if !line.contains(['"', '\'']) => line[..at].trim_end(),
        _ => line,
    }
}

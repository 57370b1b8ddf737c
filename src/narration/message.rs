//! A sentence before it is in any language: which one it is, and what it speaks of.

use super::english::Key;
use crate::trace::format::{u32_at, u64_at};
use crate::trace::{Event, LocationId, StringId, Tag, TaskId, ThingId};

/// A place in a template, written there as its name in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Slot {
    /// Who acts.
    Task,
    /// Whom it concerns.
    Other,
    /// Who runs next.
    Next,
    Thing,
    Variable,
    Value,
    /// The value before.
    Old,
    /// The value that got lost.
    New,
    /// Source text.
    Code,
    Name,
    Line,
    Time,
    Duration,
    Core,
    Number,
    Count,
    Step,
    Step2,
    Step3,
    /// A phrase of its own: why, until when.
    Reason,
    /// A phrase that closes the sentence.
    Tail,
}

impl Slot {
    /// All of them with their names, in the order of their bytes.
    pub const ALL: &[(Slot, &str)] = &[
        (Slot::Task, "task"),
        (Slot::Other, "other"),
        (Slot::Next, "next"),
        (Slot::Thing, "thing"),
        (Slot::Variable, "variable"),
        (Slot::Value, "value"),
        (Slot::Old, "old"),
        (Slot::New, "new"),
        (Slot::Code, "code"),
        (Slot::Name, "name"),
        (Slot::Line, "line"),
        (Slot::Time, "time"),
        (Slot::Duration, "duration"),
        (Slot::Core, "core"),
        (Slot::Number, "number"),
        (Slot::Count, "count"),
        (Slot::Step, "step"),
        (Slot::Step2, "step2"),
        (Slot::Step3, "step3"),
        (Slot::Reason, "reason"),
        (Slot::Tail, "tail"),
    ];
}

/// What stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    Task(TaskId),
    Thing(ThingId),
    Variable(LocationId),
    String(StringId),
    /// What a task runs.
    Label(TaskId),
    /// A value of the program.
    Value(Tag, u64),
    /// The text of a source line.
    Source(u32),
    /// A plain number.
    Number(u64),
    /// Virtual nanoseconds.
    Duration(u64),
    /// Virtual nanoseconds since the start.
    Time(u64),
    /// Text that was written: its `Output` event's `flags`, start and end.
    Output(u8, u32, u32),
    /// Another template, which takes the same arguments.
    Phrase(Key),
}

/// A piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A sentence begins; the arguments up to the next are its own.
    Sentence(Key),
    Argument(Slot, Argument),
}

/// One or more sentences as data: rendered late, by the table of a language.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Message {
    pub parts: Vec<Part>,
}

impl Message {
    /// A sentence without arguments yet.
    pub fn new(key: Key) -> Message {
        Message {
            parts: vec![Part::Sentence(key)],
        }
    }

    /// Adds another sentence; what follows belongs to it.
    pub fn and(mut self, key: Key) -> Message {
        self.parts.push(Part::Sentence(key));
        self
    }

    /// Fills a place of the last sentence.
    pub fn with(mut self, slot: Slot, argument: Argument) -> Message {
        self.parts.push(Part::Argument(slot, argument));
        self
    }

    /// Fills {task}.
    pub fn task(self, task: TaskId) -> Message {
        self.with(Slot::Task, Argument::Task(task))
    }

    /// Fills {other}.
    pub fn other(self, task: TaskId) -> Message {
        self.with(Slot::Other, Argument::Task(task))
    }

    /// Fills {thing}.
    pub fn thing(self, thing: ThingId) -> Message {
        self.with(Slot::Thing, Argument::Thing(thing))
    }

    /// Fills {variable}.
    pub fn variable(self, location: LocationId) -> Message {
        self.with(Slot::Variable, Argument::Variable(location))
    }

    /// Fills {value} with the event's.
    pub fn value(self, event: &Event) -> Message {
        self.with(Slot::Value, Argument::Value(event.tag, event.value))
    }

    /// Fills {code} with the text of a line, and {line} with its number.
    pub fn line(self, line: u32) -> Message {
        self.with(Slot::Code, Argument::Source(line))
            .number(Slot::Line, line.into())
    }

    /// Fills {duration}.
    pub fn duration(self, nanoseconds: u64) -> Message {
        self.with(Slot::Duration, Argument::Duration(nanoseconds))
    }

    /// Fills {time}.
    pub fn time(self, nanoseconds: u64) -> Message {
        self.with(Slot::Time, Argument::Time(nanoseconds))
    }

    /// Fills a place with a number.
    pub fn number(self, slot: Slot, number: u64) -> Message {
        self.with(slot, Argument::Number(number))
    }

    /// Fills {name}.
    pub fn name(self, name: StringId) -> Message {
        self.with(Slot::Name, Argument::String(name))
    }

    /// Fills {reason} with a phrase.
    pub fn reason(self, key: Key) -> Message {
        self.with(Slot::Reason, Argument::Phrase(key))
    }

    /// Fills {tail} with a phrase.
    pub fn tail(self, key: Key) -> Message {
        self.with(Slot::Tail, Argument::Phrase(key))
    }
}

impl Part {
    /// The part as 16 bytes: what it is, its place, a tag; a short and a long number.
    pub fn encode(&self) -> [u8; 16] {
        use Argument::*;
        let (kind, slot, tag, short, long) = match *self {
            Part::Sentence(key) => (0, 0, 0, 0, key as u64),
            Part::Argument(slot, argument) => {
                let (kind, tag, short, long) = match argument {
                    Task(id) => (1, 0, 0, id.into()),
                    Thing(id) => (2, 0, 0, id.into()),
                    Variable(id) => (3, 0, 0, id.into()),
                    String(id) => (4, 0, 0, id.into()),
                    Value(tag, value) => (5, tag as u8, 0, value),
                    Source(line) => (6, 0, 0, line.into()),
                    Number(number) => (7, 0, 0, number),
                    Duration(time) => (8, 0, 0, time),
                    Time(time) => (9, 0, 0, time),
                    Output(flags, start, end) => (10, flags, start, end.into()),
                    Phrase(key) => (11, 0, 0, key as u64),
                    Label(id) => (12, 0, 0, id.into()),
                };
                (kind, slot as u8, tag, short, long)
            }
        };
        let mut bytes = [kind, slot, tag, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes[4..8].copy_from_slice(&short.to_le_bytes());
        bytes[8..].copy_from_slice(&long.to_le_bytes());
        bytes
    }

    /// The part in these 16 bytes, if they are one.
    pub fn decode(bytes: &[u8]) -> Option<Part> {
        let long = u64_at(bytes, 8);
        let short = long as u32;
        let key = || Key::from_byte(u8::try_from(long).ok()?);
        let argument = match bytes[0] {
            0 => return Some(Part::Sentence(key()?)),
            1 => Argument::Task(short),
            2 => Argument::Thing(short),
            3 => Argument::Variable(short),
            4 => Argument::String(short),
            5 => Argument::Value(*Tag::ALL.get(bytes[2] as usize)?, long),
            6 => Argument::Source(short),
            7 => Argument::Number(long),
            8 => Argument::Duration(long),
            9 => Argument::Time(long),
            10 => Argument::Output(bytes[2], u32_at(bytes, 4), short),
            11 => Argument::Phrase(key()?),
            12 => Argument::Label(short),
            _ => return None,
        };
        Some(Part::Argument(
            Slot::ALL.get(bytes[1] as usize)?.0,
            argument,
        ))
    }
}

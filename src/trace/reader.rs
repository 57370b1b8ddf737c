//! Reads a trace's buffer in place. Damaged bytes are refused or read as nothing; they never make it panic.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use super::event::*;
use super::format::*;
use super::key_frames::KeyFrames;
use super::recorder::Mark;
use super::run::Run;
use super::state::State;
use super::text;
use crate::findings::{self, Finding};

/// A finished run.
pub struct Trace {
    bytes: Vec<u8>,
    sections: [Range<usize>; SECTIONS],
    run: Run,
    line_starts: OnceCell<Vec<u32>>,
    key_frames: RefCell<KeyFrames>,
}

impl Trace {
    /// Takes a buffer, after checking its version, its sections and every event's kind.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Trace, FormatError> {
        let trace = Trace::take(bytes)?;
        let whole = trace
            .section(Section::Events)
            .chunks_exact(EVENT)
            .all(|event| event_from(event).is_some())
            && std::str::from_utf8(trace.section(Section::StringText)).is_ok()
            && std::str::from_utf8(trace.section(Section::Source)).is_ok()
            && findings::are_whole(&trace);
        if whole {
            Ok(trace)
        } else {
            Err(FormatError::Damaged)
        }
    }

    /// Takes a buffer that we wrote ourselves.
    pub(super) fn trusted(bytes: Vec<u8>) -> Trace {
        Trace::take(bytes).expect("the writer makes whole sections")
    }

    fn take(bytes: Vec<u8>) -> Result<Trace, FormatError> {
        let sections = directory(&bytes)?;
        let run = Run::decode(&bytes[sections[Section::Run as usize].clone()])
            .ok_or(FormatError::Damaged)?;
        Ok(Trace {
            bytes,
            sections,
            run,
            line_starts: OnceCell::new(),
            key_frames: RefCell::default(),
        })
    }

    /// The whole buffer, to be sent or stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The buffer itself.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The number of steps.
    pub fn len(&self) -> u32 {
        self.count(Section::Events)
    }

    /// Whether nothing ran.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event of a step from 1 to [`Trace::len`].
    ///
    /// # Panics
    /// If there is no such step.
    #[inline]
    pub fn event(&self, step: u32) -> Event {
        let events = self.section(Section::Events);
        let at = (step as usize - 1) * EVENT;
        // Kinds and tags were checked when the buffer was taken.
        event_from(&events[at..at + EVENT]).expect("a checked event")
    }

    /// The event of a step, or nothing if there is no such step.
    pub fn get_event(&self, step: u32) -> Option<Event> {
        (step >= 1 && step <= self.len()).then(|| self.event(step))
    }

    /// The last step that happened at or before this virtual time; 0 if none did.
    pub fn step_at(&self, time: u64) -> u32 {
        let events = self.section(Section::Events);
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if u64_at(events, middle as usize * EVENT) <= time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// What holds after a step; step 0 is before the first.
    pub fn state_at(&self, step: u32) -> State {
        self.key_frames.borrow_mut().state_at(self, step)
    }

    /// What the analysis found, in the order of the steps at which it became true; of many alike the first.
    pub fn findings(&self) -> Vec<Finding> {
        findings::read(self)
    }

    /// The marked lines of the source, in its order.
    pub fn marks(&self) -> Vec<Mark> {
        let records = self.section(Section::Marks).chunks_exact(8);
        records
            .filter_map(|record| {
                Some(Mark {
                    line: u32_at(record, 0),
                    kind: MarkKind::from_byte(record[4])?,
                })
            })
            .collect()
    }

    /// The run as a whole.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The program.
    pub fn source(&self) -> &str {
        std::str::from_utf8(self.section(Section::Source)).unwrap_or("")
    }

    /// A line of the program, from 1, without its indentation; empty if there is none.
    pub fn line_text(&self, line: u32) -> &str {
        let source = self.source();
        let starts = self.line_starts.get_or_init(|| {
            let ends = source
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0)
                .chain(ends.map(|(at, _)| at as u32 + 1))
                .collect()
        });
        let line = line as usize;
        if line == 0 || line > starts.len() {
            return "";
        }
        let end = starts.get(line).map_or(source.len(), |&end| end as usize);
        source[starts[line - 1] as usize..end].trim()
    }

    /// All the program wrote to stdout.
    pub fn stdout(&self) -> &[u8] {
        self.section(Section::Stdout)
    }

    /// All the program, or Python on its behalf, wrote to stderr.
    pub fn stderr(&self) -> &[u8] {
        self.section(Section::Stderr)
    }

    /// The text of an `Output` event.
    pub fn output_text(&self, event: &Event) -> &str {
        self.written(event.flags, event.a, event.b)
    }

    pub(crate) fn written(&self, flags: u8, start: u32, end: u32) -> &str {
        let stream = if flags & FLAG_STDERR != 0 {
            self.stderr()
        } else {
            self.stdout()
        };
        let text = stream.get(start as usize..end as usize).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or("")
    }

    /// The event's value as Python's `repr` shows it; empty if it has none.
    pub fn value_text(&self, event: &Event) -> String {
        self.show(event.tag, event.value)
    }

    /// A value as Python's `repr` shows it.
    pub fn show(&self, tag: Tag, value: u64) -> String {
        match tag {
            // The recorder's end turned floats into texts, so the page need not carry the code that prints them.
            Tag::Absent | Tag::Float => String::new(),
            Tag::Int => (value as i64).to_string(),
            Tag::Bool => String::from(if value != 0 { "True" } else { "False" }),
            Tag::None => String::from("None"),
            Tag::Text => self.string(value as u32).to_string(),
            Tag::Time if value == NEVER => String::from("never"),
            Tag::Time => text::time_text(value),
        }
    }

    /// Where a section begins.
    pub(super) fn place(&self, section: Section) -> usize {
        self.sections[section as usize].start
    }

    pub(crate) fn section(&self, section: Section) -> &[u8] {
        &self.bytes[self.sections[section as usize].clone()]
    }

    pub(crate) fn count(&self, section: Section) -> u32 {
        (self.sections[section as usize].len() / RECORD[section as usize]) as u32
    }

    pub(crate) fn record(&self, section: Section, index: u32) -> Option<&[u8]> {
        let size = RECORD[section as usize];
        let start = (index as usize).checked_mul(size)?;
        self.section(section).get(start..start.checked_add(size)?)
    }
}

impl PartialEq for Trace {
    fn eq(&self, other: &Trace) -> bool {
        self.bytes == other.bytes
    }
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "Trace of {} steps", self.len())
    }
}

/// The sections' places, if they are whole records inside the buffer.
fn directory(bytes: &[u8]) -> Result<[Range<usize>; SECTIONS], FormatError> {
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::NotATrace);
    }
    if bytes.len() < HEADER {
        return Err(FormatError::Damaged);
    }
    let version = u32_at(bytes, MAGIC.len());
    if version != VERSION {
        return Err(FormatError::Version(version));
    }
    let mut sections = [const { 0..0 }; SECTIONS];
    for (i, section) in sections.iter_mut().enumerate() {
        let at = MAGIC.len() + 8 + i * 16;
        let (start, length) = (u64_at(bytes, at), u64_at(bytes, at + 8));
        let end = start.checked_add(length).ok_or(FormatError::Damaged)?;
        if end > bytes.len() as u64
            || !(length as usize).is_multiple_of(RECORD[i])
            || length / RECORD[i] as u64 > u32::MAX as u64
        {
            return Err(FormatError::Damaged);
        }
        *section = start as usize..end as usize;
    }
    Ok(sections)
}

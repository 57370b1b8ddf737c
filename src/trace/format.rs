//! The layout of the buffer: a magic word, a version, a directory of sections, then records of fixed size, little-endian.

use super::event::{Event, Kind, Tag};

/// The first bytes of every trace.
pub const MAGIC: &[u8; 8] = b"ILVTRACE";
/// Raised whenever the meaning of a byte changes: a reader accepts only its own version.
pub const VERSION: u32 = 1;

/// Why bytes are not a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// They do not begin with the magic word.
    NotATrace,
    /// They were made by another version.
    Version(u32),
    /// A section, a record or a text in them is damaged.
    Damaged,
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str(match self {
            FormatError::NotATrace => "this is not a trace",
            FormatError::Version(_) => "this trace was made by another version of Interleave",
            FormatError::Damaged => "this trace is damaged",
        })
    }
}

/// The sections, in the order of the directory.
#[derive(Clone, Copy)]
#[repr(usize)]
pub enum Section {
    Run,
    Events,
    StringEnds,
    StringText,
    Tasks,
    Things,
    Locations,
    Marks,
    Stdout,
    Stderr,
    Source,
    Figures,
    Findings,
    FindingSteps,
    FindingParts,
}

/// How many sections there are.
pub const SECTIONS: usize = Section::FindingParts as usize + 1;
/// Bytes before the first section.
pub const HEADER: usize = MAGIC.len() + 8 + SECTIONS * 16;
/// Bytes of a record in each section; 1 for texts.
pub const RECORD: [usize; SECTIONS] = [
    RUN_WORDS * 8,
    EVENT,
    4,
    1,
    20,
    8,
    8,
    8,
    1,
    1,
    1,
    FIGURE_WORDS * 8,
    32,
    4,
    16,
];
/// Numbers that describe the run.
pub const RUN_WORDS: usize = 24;
/// Numbers that sum up a task.
pub const FIGURE_WORDS: usize = 7;
/// Bytes of an event.
pub const EVENT: usize = 36;
/// Where in an event its flags stand.
pub const EVENT_FLAGS: usize = 19;

/// Writes a buffer, section by section.
pub struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    /// A buffer with an empty directory and room for `capacity` bytes.
    pub fn new(capacity: usize) -> Writer {
        let mut bytes = Vec::with_capacity(HEADER + capacity);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
        for _ in 0..SECTIONS {
            bytes.extend_from_slice(&(HEADER as u64).to_le_bytes());
            bytes.extend_from_slice(&0_u64.to_le_bytes());
        }
        Writer { bytes }
    }

    /// Goes on with the bytes of a buffer whose last sections are still missing.
    pub fn resume(bytes: Vec<u8>) -> Writer {
        Writer { bytes }
    }

    /// Appends a section.
    pub fn section(&mut self, section: Section, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        let length = self.bytes.len() - start;
        let at = MAGIC.len() + 8 + section as usize * 16;
        self.bytes[at..at + 8].copy_from_slice(&(start as u64).to_le_bytes());
        self.bytes[at + 8..at + 16].copy_from_slice(&(length as u64).to_le_bytes());
    }
}

/// Appends 32-bit numbers.
pub fn put_u32(bytes: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
}

/// Appends 64-bit numbers.
pub fn put_u64(bytes: &mut Vec<u8>, numbers: &[u64]) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
}

/// The 32-bit number at a place that is known to exist.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

/// The 64-bit number at a place that is known to exist.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(eight)
}

/// An event as bytes.
#[inline]
pub fn event_bytes(event: &Event) -> [u8; EVENT] {
    let mut bytes = [0; EVENT];
    bytes[..8].copy_from_slice(&event.time.to_le_bytes());
    bytes[8..12].copy_from_slice(&event.task.to_le_bytes());
    bytes[12..16].copy_from_slice(&event.line.to_le_bytes());
    bytes[16] = event.kind as u8;
    bytes[17] = event.core;
    bytes[18] = event.tag as u8;
    bytes[EVENT_FLAGS] = event.flags;
    bytes[20..24].copy_from_slice(&event.a.to_le_bytes());
    bytes[24..28].copy_from_slice(&event.b.to_le_bytes());
    bytes[28..].copy_from_slice(&event.value.to_le_bytes());
    bytes
}

/// The event in these bytes, if its kind and tag exist.
#[inline]
pub fn event_from(bytes: &[u8]) -> Option<Event> {
    Some(Event {
        time: u64_at(bytes, 0),
        task: u32_at(bytes, 8),
        line: u32_at(bytes, 12),
        kind: Kind::from_byte(bytes[16])?,
        core: bytes[17],
        tag: *Tag::ALL.get(bytes[18] as usize)?,
        flags: bytes[EVENT_FLAGS],
        a: u32_at(bytes, 20),
        b: u32_at(bytes, 24),
        value: u64_at(bytes, 28),
    })
}

//! What each step of the graph did, kept once for all steps that did the same.

use std::collections::BTreeMap;

use crate::machine::watch::{Lines, Location, Note, What};

/// Values with numbers, each kept once.
pub struct Interner<T> {
    numbers: BTreeMap<T, u32>,
    next: u32,
}

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner {
            numbers: BTreeMap::new(),
            next: 0,
        }
    }
}

impl<T: Ord> Interner<T> {
    /// The value's number.
    pub fn number(&mut self, value: T) -> u32 {
        let next = &mut self.next;
        *self.numbers.entry(value).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }

    /// All values, by number.
    pub fn into_values(self) -> Vec<T> {
        let mut all: Vec<(u32, T)> = self.numbers.into_iter().map(|(it, at)| (at, it)).collect();
        all.sort_unstable_by_key(|&(at, _)| at);
        all.into_iter().map(|(_, it)| it).collect()
    }
}

/// What a step did to a variable or a container, or that it began to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    Read {
        location: Location,
        own: bool,
        line: u32,
        /// It decides where its line goes on.
        checks: bool,
    },
    Write {
        location: Location,
        own: bool,
        line: u32,
        /// The line of the read that the value was computed from, 0 if there is none.
        from: u32,
        /// The lines of the decisions that led to it.
        under: Lines,
    },
    /// It decided where to go on by a value that was read at another line.
    Branch {
        from: u32,
        line: u32,
    },
    Wait,
}

/// What of a trail the step of a thread did itself.
pub fn label(notes: &[Note], thread: u32) -> Vec<Touch> {
    let own = notes.iter().filter(|note| note.by == thread);
    own.filter_map(touch).collect()
}

/// The touch that a note is of.
pub fn touch(note: &Note) -> Option<Touch> {
    let line = note.line;
    match note.what {
        What::Access {
            access,
            from,
            checks,
            under,
            ..
        } if access.location.kind.is_data() => Some(if access.write {
            Touch::Write {
                location: access.location,
                own: access.own,
                line,
                from,
                under,
            }
        } else {
            Touch::Read {
                location: access.location,
                own: access.own,
                line,
                checks,
            }
        }),
        What::Branch { from } => Some(Touch::Branch { from, line }),
        What::Wait => Some(Touch::Wait),
        _ => None,
    }
}

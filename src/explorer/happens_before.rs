//! Data races by happens-before: two accesses to one variable by different threads, one of them a write, and nothing that synchronizes
//! comes between them.
//!
//! Vector clocks (Fidge 1988, Mattern 1989): what a thread does before it gives a lock back, starts a thread or ends comes before what is
//! done after taking that lock, by that thread, or after joining it. Whatever of the library coordinates threads is built from
//! locks; only looking at it without taking its lock (`is_set`) is a synchronization of its own here.

use std::collections::BTreeMap;

use crate::machine::watch::{Location, Lock, Note, What};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    pub line: u32,
    pub write: bool,
    pub by: u32,
}

/// Two accesses that nothing orders, the one that came first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unordered {
    pub location: Location,
    pub sides: [Side; 2],
}

/// A location, and which object's it is: what several threads make by the same instruction is one location, but no one variable.
type Variable = (Location, u64);

/// By thread, how many of its sections came before.
type Clock = Vec<u32>;

/// The last access of a thread to a location.
#[derive(Clone, Copy)]
struct Last {
    section: u32,
    line: u32,
    /// It belongs to an update in one step.
    update: bool,
}

/// Clocks of all that synchronizes, and the last accesses to each location.
#[derive(Default)]
pub struct HappensBefore {
    threads: Vec<Clock>,
    locks: BTreeMap<Lock, Clock>,
    others: BTreeMap<Variable, Clock>,
    /// By variable, whether it wrote, and thread.
    last: BTreeMap<(Variable, bool, u32), Last>,
    /// What was found, and after how many steps.
    pub found: Vec<(Unordered, usize)>,
    steps: usize,
}

fn join(to: &mut Clock, from: &Clock) {
    to.resize(to.len().max(from.len()), 0);
    for (own, other) in to.iter_mut().zip(from) {
        *own = (*own).max(*other);
    }
}

impl HappensBefore {
    /// Goes on with the notes of one step: what a thread does in it, nobody can come between.
    pub fn step(&mut self, notes: &[Note]) {
        self.steps += 1;
        for note in notes {
            let by = note.by as usize;
            self.has(by);
            match note.what {
                What::Take(lock) => {
                    let clock = self.locks.entry(lock).or_default();
                    join(&mut self.threads[by], clock);
                }
                What::Give(lock) => {
                    join(self.locks.entry(lock).or_default(), &self.threads[by]);
                    self.threads[by][by] += 1;
                }
                What::Start(thread) => {
                    self.has(thread as usize);
                    let clock = self.threads[by].clone();
                    join(&mut self.threads[thread as usize], &clock);
                    self.threads[by][by] += 1;
                }
                What::Wait | What::Branch { .. } => {}
                What::Access { access, object, .. } => match access.location.kind {
                    kind if kind.coordinates() => {
                        let clock = self.others.entry((access.location, object)).or_default();
                        join(&mut self.threads[by], clock);
                        join(clock, &self.threads[by]);
                        self.threads[by][by] += 1;
                    }
                    kind if kind.is_variable() => {
                        let variable = (access.location, object);
                        let both = [false, true].map(|write| {
                            notes.iter().any(|other| {
                                other.by == note.by
                                    && matches!(other.what, What::Access { access: it, object: of, .. }
                                        if (it.location, of) == variable && it.write == write)
                            })
                        });
                        self.touch(note, variable, access.write, both == [true; 2]);
                    }
                    _ => {}
                },
            }
        }
    }

    /// Every thread up to this one has a clock, with one section of its own.
    fn has(&mut self, thread: usize) {
        while self.threads.len() <= thread {
            let mut clock = vec![0; self.threads.len() + 1];
            clock[self.threads.len()] = 1;
            self.threads.push(clock);
        }
    }

    fn touch(&mut self, note: &Note, variable: Variable, write: bool, update: bool) {
        let clock = &self.threads[note.by as usize];
        let second = Side {
            line: note.line,
            write,
            by: note.by,
        };
        let location = variable.0;
        let from = (variable, !write, 0);
        let to = (variable, true, u32::MAX);
        for (&(_, wrote, thread), last) in self.last.range(from..=to) {
            let ordered = last.section <= clock.get(thread as usize).copied().unwrap_or(0);
            // Two updates in one step each: whichever comes first, nothing comes between their reads and their writes.
            if thread != note.by && !ordered && !(update && last.update) {
                let first = Side {
                    line: last.line,
                    write: wrote,
                    by: thread,
                };
                let sides = [first, second];
                let unordered = Unordered { location, sides };
                if !self.found.iter().any(|(it, _)| *it == unordered) {
                    self.found.push((unordered, self.steps));
                }
            }
        }
        let last = Last {
            section: clock[note.by as usize],
            line: note.line,
            update,
        };
        self.last.insert((variable, write, note.by), last);
    }
}

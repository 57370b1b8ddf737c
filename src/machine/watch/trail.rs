//! What threads did to what they share, one note after the other: what the explorer's analyses read.

use super::Access;
use crate::bytecode::Instruction;
use crate::machine::value::{Handle, Value};
use crate::machine::{Context, Machine};

/// What a thread did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    pub by: u32,
    pub line: u32,
    pub what: What,
}

/// The sorts of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It touched something shared.
    Access {
        access: Access,
        /// Which object it is a part of, as long as one run goes on; 0 for what is in none.
        object: u64,
        /// Of a write: the line of the read that the value was computed from, 0 if there is none.
        from: u32,
        /// Of a read: it decides where the line goes on, as in `if found is None:`.
        checks: bool,
        /// Of a write: the lines of the innermost decisions that led to it, 0 where there are fewer.
        under: Lines,
    },
    /// It decided where to go on by a value that was read at another line.
    Branch {
        from: u32,
    },
    /// It calls what waits until it is told that something changed.
    Wait,
    /// It took or gave back a lock, those inside other primitives included; or it waited for the end of a process, or ended one.
    Take(Lock),
    Give(Lock),
    /// It started a thread.
    Start(u32),
}

/// A lock in the memory of a process, or what stands for the end of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    Inside(u32, Handle),
    End(u32),
}

/// Some lines.
pub type Lines = [u32; 4];

/// The notes of a part of a run.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    pub notes: Vec<Note>,
    /// Locks and starts are noted as well.
    pub order: bool,
}

impl Machine {
    /// Notes that a lock was taken or given back.
    pub fn note_lock(&mut self, by: u32, lock: Value, taken: bool) {
        if let Some(trail) = self.watch.ordered_trail()
            && let Some(handle) = lock.as_object()
        {
            let lock = Lock::Inside(self.processes.current, handle);
            let what = if taken {
                What::Take(lock)
            } else {
                What::Give(lock)
            };
            trail.notes.push(Note { by, line: 0, what });
        }
    }

    /// Notes that a process ended, or that somebody knows of it.
    pub fn note_end(&mut self, by: u32, end: u32, known: bool) {
        if let Some(trail) = self.watch.ordered_trail() {
            let lock = Lock::End(end);
            let what = if known {
                What::Take(lock)
            } else {
                What::Give(lock)
            };
            trail.notes.push(Note { by, line: 0, what });
        }
    }
}

impl Context<'_> {
    /// Notes that the running thread starts another one.
    pub fn note_start(&mut self, thread: u32) {
        let by = self.number;
        if let Some(trail) = self.machine.watch.ordered_trail() {
            let what = What::Start(thread);
            trail.notes.push(Note { by, line: 0, what });
        }
    }
}

/// The lines of the decisions that an instruction of a code depends on are put in front of others: it stands between a conditional jump
/// and its target, in the other branch, or behind a branch that leaves.
pub(super) fn decisions(instructions: &[Instruction], pc: usize, lines: &mut Lines) {
    let mut line = 0;
    for (at, instruction) in instructions.iter().enumerate() {
        let target = match *instruction {
            Instruction::Line(number) => {
                line = number;
                continue;
            }
            Instruction::JumpIfFalse(target)
            | Instruction::JumpIfTrue(target)
            | Instruction::JumpIfNone(target) => target as usize,
            _ => continue,
        };
        let within = (at.min(target)..at.max(target)).contains(&pc);
        let last = instructions[..target]
            .iter()
            .rev()
            .find(|it| !matches!(it, Instruction::Line(_)));
        let behind = pc >= target
            && target > at
            && match last {
                Some(Instruction::Jump(end)) => pc < *end as usize,
                Some(
                    Instruction::Return
                    | Instruction::Raise(_)
                    | Instruction::Reraise(_)
                    | Instruction::JumpBackward(_),
                ) => true,
                _ => false,
            };
        if (within || behind) && !lines.contains(&line) {
            lines.rotate_right(1);
            lines[0] = line;
        }
    }
}

/// Whether what the first instruction reads decides where its line goes on.
pub(super) fn decides(instructions: &[Instruction]) -> bool {
    for instruction in instructions {
        match instruction {
            Instruction::JumpIfFalse(_)
            | Instruction::JumpIfTrue(_)
            | Instruction::JumpIfNone(_) => return true,
            Instruction::Line(_)
            | Instruction::Return
            | Instruction::StoreFast(_)
            | Instruction::StoreGlobal(_)
            | Instruction::StoreDeref(_)
            | Instruction::StoreName(_)
            | Instruction::StoreAttribute(_)
            | Instruction::StoreItem => return false,
            _ => {}
        }
    }
    false
}

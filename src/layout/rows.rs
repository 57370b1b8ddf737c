//! The rows above the lanes: who has the GIL, each event loop and each core, and when.

use super::index::{Phase, Span};
use super::order::sort_by_key;
use crate::trace::{NO_CORE, TaskId};

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RowKind {
    /// That of a process.
    Gil(u32),
    /// The event loop that this thread runs.
    Loop(TaskId),
    Core(u8),
}

/// A stretch of time during which a row belongs to one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub start: u64,
    pub end: u64,
    pub first: u32,
    pub last: u32,
    pub task: TaskId,
    /// The loop stands still meanwhile.
    pub stalled: bool,
}

/// A row: its turns, in order of time.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub kind: RowKind,
    pub turns: Vec<Turn>,
    open: Option<Turn>,
}

impl Row {
    /// Adds to a loop's row what its thread ran of its own, before and after the loop.
    pub fn add_own(&mut self, spans: &[Span], thread: TaskId) {
        let running = spans.iter().filter(|span| span.phase == Phase::Running);
        self.turns.extend(running.map(|span| Turn {
            start: span.start,
            end: span.end,
            first: span.first,
            last: span.last,
            task: thread,
            stalled: false,
        }));
        sort_by_key(&mut self.turns, |turn| turn.first.into());
    }
}

/// All rows while they are made.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The present time and step.
    pub now: (u64, u32),
}

impl Rows {
    /// The row is the task's from now on.
    pub fn take(&mut self, kind: RowKind, task: TaskId) {
        if kind == RowKind::Core(NO_CORE) {
            return;
        }
        self.take_nobody(kind);
        let (time, step) = self.now;
        let turn = Turn {
            start: time,
            end: time,
            first: step,
            last: step,
            task,
            stalled: false,
        };
        self.row(kind).open = Some(turn);
    }

    /// The row is there, and nobody's from now on.
    pub fn take_nobody(&mut self, kind: RowKind) {
        self.row(kind);
        self.leave(kind);
    }

    /// The row is nobody's from now on.
    pub fn leave(&mut self, kind: RowKind) {
        let (time, step) = self.now;
        if let Some(row) = self.rows.iter_mut().find(|row| row.kind == kind)
            && let Some(turn) = row.open.take()
        {
            // A loop's turns may take no time, when instructions cost none.
            if time > turn.start || matches!(kind, RowKind::Loop(_)) {
                row.turns.push(Turn {
                    end: time,
                    last: step,
                    ..turn
                });
            }
        }
    }

    /// The thread has this core, as it may have had before.
    pub fn take_core(&mut self, core: u8, task: TaskId) {
        if self.core_of(task).is_none() {
            self.take(RowKind::Core(core), task);
        }
    }

    /// The thread leaves the core it has, if any.
    pub fn leave_core(&mut self, task: TaskId) {
        if let Some(kind) = self.core_of(task) {
            self.leave(kind);
        }
    }

    /// The loop of this thread stands still.
    pub fn stall(&mut self, thread: TaskId) {
        if let Some(turn) = self.row(RowKind::Loop(thread)).open {
            self.take(RowKind::Loop(thread), turn.task);
            if let Some(turn) = &mut self.row(RowKind::Loop(thread)).open {
                turn.stalled = true;
            }
        }
    }

    /// Closes all rows and puts them in the order in which they are shown.
    pub fn finish(mut self) -> Vec<Row> {
        for i in 0..self.rows.len() {
            self.leave(self.rows[i].kind);
        }
        sort_by_key(&mut self.rows, |row| match row.kind {
            RowKind::Gil(process) => u64::from(process),
            RowKind::Loop(thread) => 1 << 32 | u64::from(thread),
            RowKind::Core(core) => 2 << 32 | u64::from(core),
        });
        self.rows
    }

    fn row(&mut self, kind: RowKind) -> &mut Row {
        let place = self
            .rows
            .iter()
            .position(|row| row.kind == kind)
            .unwrap_or_else(|| {
                self.rows.push(Row {
                    kind,
                    turns: Vec::new(),
                    open: None,
                });
                self.rows.len() - 1
            });
        &mut self.rows[place]
    }

    fn core_of(&self, task: TaskId) -> Option<RowKind> {
        let has = |row: &&Row| {
            matches!(row.kind, RowKind::Core(_)) && row.open.is_some_and(|turn| turn.task == task)
        };
        self.rows.iter().find(has).map(|row| row.kind)
    }
}

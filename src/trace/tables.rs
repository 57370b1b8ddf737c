//! The tables of a trace: strings, tasks, things, variables.

use super::event::*;
use super::figures::Figures;
use super::format::*;
use super::reader::Trace;

/// A task, as the trace's table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task<'a> {
    pub kind: TaskKind,
    /// As the program sees it: "MainThread", "Thread-1 (deposit)", "Task-2".
    pub name: &'a str,
    /// What it runs: "deposit(2)".
    pub label: &'a str,
    /// Who created it, or [`NO_TASK`].
    pub parent: TaskId,
    /// The thread whose event loop steps it; [`NO_TASK`] for a thread.
    pub host: TaskId,
}

/// Something that tasks wait for or hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing<'a> {
    pub kind: ThingKind,
    pub name: &'a str,
}

/// A variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    pub kind: LocationKind,
    pub name: &'a str,
    /// Whether two tasks used it, after the first was spawned, and one of them wrote it.
    pub shared: bool,
}

impl Trace {
    /// The string with this number; empty if there is none.
    pub fn string(&self, id: StringId) -> &str {
        let ends = self.section(Section::StringEnds);
        if id == 0 || id > self.count(Section::StringEnds) {
            return "";
        }
        let at = (id as usize - 1) * 4;
        let start = if id > 1 { u32_at(ends, at - 4) } else { 0 };
        let range = start as usize..u32_at(ends, at) as usize;
        self.section(Section::StringText)
            .get(range)
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or("")
    }

    /// The number of tasks.
    pub fn task_count(&self) -> u32 {
        self.count(Section::Tasks)
    }

    /// The task with this number; a nameless one if there is none.
    pub fn task(&self, id: TaskId) -> Task<'_> {
        let record = self.record(Section::Tasks, id);
        let word = |i: usize| record.map_or(0, |record| u32_at(record, i * 4));
        Task {
            kind: self.task_kind(id),
            name: self.string(word(1)),
            label: self.string(word(2)),
            parent: if record.is_some() { word(3) } else { NO_TASK },
            host: if record.is_some() { word(4) } else { NO_TASK },
        }
    }

    /// What sort of task has this number, without looking up its names.
    pub fn task_kind(&self, id: TaskId) -> TaskKind {
        let record = self.record(Section::Tasks, id);
        record
            .and_then(|record| TaskKind::from_byte(record[0]))
            .unwrap_or(TaskKind::Thread)
    }

    /// What a person calls the task: "main", "A", "Thread-1", "Task-2".
    pub fn task_name(&self, id: TaskId) -> &str {
        let name = self.task(id).name;
        match name {
            "MainThread" => "main",
            // Python adds the function to the names it gives; the label already tells it.
            _ if name.starts_with("Thread-") => name.split(' ').next().unwrap_or(name),
            _ => name,
        }
    }

    /// What was measured of a task.
    pub fn figures(&self, id: TaskId) -> Figures {
        self.record(Section::Figures, id)
            .map(Figures::decode)
            .unwrap_or_default()
    }

    /// The number of things; they are numbered from 1.
    pub fn thing_count(&self) -> u32 {
        self.count(Section::Things)
    }

    /// The thing with this number; a nameless one if there is none.
    pub fn thing(&self, id: ThingId) -> Thing<'_> {
        let record = self.record(Section::Things, id.wrapping_sub(1));
        let kind = record.and_then(|record| ThingKind::from_byte(record[0]));
        Thing {
            kind: kind.unwrap_or(ThingKind::Other),
            name: record.map_or("", |record| self.string(u32_at(record, 4))),
        }
    }

    /// The number of variables.
    pub fn location_count(&self) -> u32 {
        self.count(Section::Locations)
    }

    /// The variable with this number; a nameless one if there is none.
    pub fn location(&self, id: LocationId) -> Location<'_> {
        let record = self.record(Section::Locations, id);
        let kind = record.and_then(|record| LocationKind::from_byte(record[0]));
        Location {
            kind: kind.unwrap_or(LocationKind::Global),
            name: record.map_or("", |record| self.string(u32_at(record, 4))),
            shared: record.is_some_and(|record| record[1] != 0),
        }
    }
}

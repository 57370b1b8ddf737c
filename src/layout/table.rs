//! The timeline's twin in text, for screen readers: one row per span.

use super::index::Index;
use super::words::span_text;
use crate::trace::{TaskId, Trace};

/// What a task does for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    pub task: TaskId,
    /// In words, without the task's name: "waits for the GIL".
    pub text: String,
    /// Virtual nanoseconds.
    pub start: u64,
    pub end: u64,
    /// The steps that begin and end it.
    pub first: u32,
    pub last: u32,
}

impl Index {
    /// How many rows the table has.
    pub fn table_len(&self) -> usize {
        self.lanes.iter().map(|lane| lane.spans.len()).sum()
    }

    /// The rows, lane by lane from the top, each in order of time. Made one by one: take no more than are shown.
    pub fn table<'a>(&'a self, trace: &'a Trace) -> impl Iterator<Item = TableRow> + 'a {
        self.lanes.iter().flat_map(move |lane| {
            lane.spans.iter().map(move |span| TableRow {
                task: lane.task,
                text: span_text(trace, lane, span),
                start: span.start,
                end: span.end.min(self.over),
                first: span.first,
                last: span.last,
            })
        })
    }
}

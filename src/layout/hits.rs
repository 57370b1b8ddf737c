//! Tells what lies at a place of the picture, for pointers and focus.

use super::index::{Index, Lane, Span};
use super::rows::RowKind;
use super::scene::{Rect, Scene};
use super::words::span_text;
use crate::trace::{Ending, Kind, TaskId, Trace, duration_text};

/// What lies under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub task: TaskId,
    /// The last step that had happened at the pointer's instant.
    pub step: u32,
    /// In words.
    pub text: String,
}

/// Which part of the index an area of the drawing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Spans of a lane: the first and the last one.
    Spans(u32, u32, u32),
    /// A read or write of a lane.
    Access(u32, u32),
    /// A span of ribbon or core row.
    Row(u32, u32),
    Race(u32),
    /// The name in the gutter.
    Name(u32),
}

/// A sensitive area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub rect: Rect,
    pub subject: Subject,
}

impl Scene {
    /// What lies at a place, the topmost first.
    pub fn hit(&self, index: &Index, trace: &Trace, x: f64, y: f64) -> Option<Hit> {
        let area = self
            .areas
            .iter()
            .rev()
            .find(|area| area.rect.contains(x, y))?;
        // The last step that had happened there.
        let at = trace.step_at(self.scale.time(x).max(0.0) as u64);
        match area.subject {
            Subject::Spans(lane, first, last) => {
                let lane = index.lanes.get(lane as usize)?;
                let (first, last) = (
                    lane.spans.get(first as usize)?,
                    lane.spans.get(last as usize)?,
                );
                Some(Hit {
                    task: lane.task,
                    step: at.clamp(first.first, last.last),
                    text: spans_text(index, trace, lane, first, last),
                })
            }
            Subject::Access(lane, step) => Some(Hit {
                task: index.lanes.get(lane as usize)?.task,
                step,
                text: access_text(trace, step),
            }),
            Subject::Row(row, turn) => {
                let row = index.rows.get(row as usize)?;
                let turn = row.turns.get(turn as usize)?;
                let name = trace.task_name(turn.task);
                let what = match row.kind {
                    RowKind::Gil(_) => " holds the GIL",
                    RowKind::Core(_) => " is on the core",
                    RowKind::Loop(_) if turn.stalled => " blocks the event loop",
                    RowKind::Loop(_) => " runs in the event loop",
                };
                let text = String::from(name)
                    + what
                    + &extent(turn.end - turn.start, turn.first, turn.last);
                Some(Hit {
                    task: turn.task,
                    step: at.clamp(turn.first, turn.last),
                    text,
                })
            }
            Subject::Race(race) => {
                let race = index.races.get(race as usize)?;
                let write = trace.event(race.write);
                let time = write.time - trace.event(race.read).time;
                let text = String::from("Race window on ")
                    + trace.location(write.a).name
                    + &extent(time, race.read, race.write);
                Some(Hit {
                    task: write.task,
                    step: race.write,
                    text,
                })
            }
            Subject::Name(lane) => {
                let lane = index.lanes.get(lane as usize)?;
                let mut text = String::from(trace.task_name(lane.task));
                if !trace.task(lane.task).label.is_empty() {
                    text = text + ", " + trace.task(lane.task).label;
                }
                if let Some((_, step, how)) = lane.ending {
                    text += match how {
                        Ending::Returned => ", ended at step ",
                        Ending::Raised => ", ended by an exception at step ",
                        Ending::Cancelled => ", cancelled at step ",
                    };
                    text += &step.to_string();
                }
                Some(Hit {
                    task: lane.task,
                    step: lane.spans.first()?.first,
                    text,
                })
            }
        }
    }
}

/// `, 5 ms, steps 12–20`
fn extent(time: u64, first: u32, last: u32) -> String {
    String::from(", ")
        + &duration_text(time)
        + ", steps "
        + &first.to_string()
        + "–"
        + &last.to_string()
}

fn spans_text(index: &Index, trace: &Trace, lane: &Lane, first: &Span, last: &Span) -> String {
    let mut text = String::from(trace.task_name(lane.task)) + " ";
    if first.first == last.first {
        text += &span_text(trace, lane, first);
    } else {
        text += "has stretches too short to show";
    }
    if last.end > index.over {
        return text + ", for ever, from step " + &first.first.to_string();
    }
    text + &extent(last.end - first.start, first.first, last.last)
}

/// `A writes counter: 1, step 41`
fn access_text(trace: &Trace, step: u32) -> String {
    let event = trace.event(step);
    let verb = if event.kind == Kind::Write {
        " writes "
    } else {
        " reads "
    };
    let text = String::from(trace.task_name(event.task)) + verb + trace.location(event.a).name;
    text + ": " + &trace.value_text(&event) + ", step " + &step.to_string()
}

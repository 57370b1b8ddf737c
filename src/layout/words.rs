//! Says what a part of the picture is, for pointers, focus and screen readers.

use super::index::{Index, Lane, Phase, Place, Span, is_thread};
use super::rows::RowKind;
use super::scene::{Hit, Scene, Subject};
use crate::trace::{Ending, Kind, NO_TASK, Trace, Wait, duration_text};

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
                    text: spans_text(trace, lane, first, last),
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
                    RowKind::Gil => " holds the GIL",
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

fn spans_text(trace: &Trace, lane: &Lane, first: &Span, last: &Span) -> String {
    let mut text = String::from(trace.task_name(lane.task)) + " ";
    if first.first == last.first {
        text += &span_text(trace, lane, first);
    } else {
        text += "has stretches too short to show";
    }
    text + &extent(last.end - first.start, first.first, last.last)
}

/// What the task does during a span, as the rest of a sentence that begins with its name.
pub(super) fn span_text(trace: &Trace, lane: &Lane, span: &Span) -> String {
    match span.phase {
        Phase::Running => String::from("runs ") + &lines_text(trace, lane.places(span), span),
        Phase::Native => String::from("runs native code without the GIL"),
        Phase::Stalled => match short_wait(trace, lane, span) {
            what if what.is_empty() => String::from("blocks the event loop"),
            what => String::from("blocks the event loop: ") + &what,
        },
        Phase::Ready if is_thread(trace, lane.task) => {
            String::from("is ready and waits for a core")
        }
        Phase::Ready => String::from("is ready and waits for its turn in the loop"),
        Phase::Gil => String::from("waits for the GIL"),
        Phase::Locked => {
            let mut text = String::from("waits for ") + &short_wait(trace, lane, span);
            if span.holder != NO_TASK {
                text = text + ", held by " + trace.task_name(span.holder);
            }
            text
        }
        Phase::Suspended => String::from("is suspended: ") + &short_wait(trace, lane, span),
        Phase::Waiting => String::from("waits: ") + &short_wait(trace, lane, span),
    }
}

/// `line 11`, `line 11 → 7`, or the workload that fills the most of it.
pub(super) fn lines_text(trace: &Trace, places: &[Place], span: &Span) -> String {
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return String::new();
    };
    let start = |i: usize| {
        trace
            .get_event(places[i].step)
            .map_or(span.start, |event| event.time.max(span.start))
    };
    let end = |i: usize| {
        if i + 1 < places.len() {
            start(i + 1)
        } else {
            span.end
        }
    };
    // A workload is by far the longest that a program does, so a few places tell.
    let work = (0..places.len().min(64)).find(|&i| {
        places[i].work != 0 && end(i).saturating_sub(start(i)) * 2 > span.end - span.start
    });
    if let Some(i) = work {
        return trace.string(places[i].work).to_string();
    }
    if first.line == 0 && last.line == 0 {
        return trace.task(trace.event(first.step).task).label.to_string();
    }
    let text = String::from("line ") + &first.line.to_string();
    if first.line == last.line {
        text
    } else {
        text + " → " + &last.line.to_string()
    }
}

/// What is waited for, in a word or two: what stands on the timeline.
pub(super) fn short_wait(trace: &Trace, lane: &Lane, span: &Span) -> String {
    let place = lane.places(span).first();
    let work = place
        .filter(|place| place.work != 0)
        .map_or("", |place| trace.string(place.work));
    let Some(wait) = span.wait else {
        return work.to_string();
    };
    if !work.is_empty() && !matches!(wait, Wait::Lock | Wait::Semaphore) {
        return work.to_string();
    }
    let thing = trace.thing(span.on).name;
    let (word, name) = match wait {
        Wait::Sleep => ("sleep", ""),
        Wait::Turn => ("next turn", ""),
        Wait::Lock => (if thing.is_empty() { "a lock" } else { "" }, thing),
        Wait::Semaphore => (if thing.is_empty() { "a semaphore" } else { "" }, thing),
        Wait::Event => (
            if thing.is_empty() {
                "an event"
            } else {
                "event"
            },
            thing,
        ),
        Wait::Condition => ("condition", thing),
        Wait::Barrier => ("barrier", thing),
        Wait::Get => (
            "an item of",
            if thing.is_empty() { "a queue" } else { thing },
        ),
        Wait::Put => ("room in", if thing.is_empty() { "a queue" } else { thing }),
        Wait::Drain => (
            "all done in",
            if thing.is_empty() { "a queue" } else { thing },
        ),
        Wait::Join => ("joins", trace.task_name(span.on)),
        Wait::Start => ("starts", trace.task_name(span.on)),
        Wait::Task => ("awaits", trace.task_name(span.on)),
        Wait::Tasks => ("awaits tasks", ""),
        Wait::Future => ("future", thing),
        Wait::Reply => ("reply", thing),
        Wait::Native => ("native code", ""),
        Wait::Poll => ("polls", ""),
        Wait::Thread => ("a worker thread", ""),
        Wait::Write => ("prints", ""),
    };
    match (word, name) {
        ("", name) => name.to_string(),
        (word, "") => word.to_string(),
        (word, name) => String::from(word) + " " + name,
    }
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

//! Says in words what a task does during a span.

use super::index::{Lane, Phase, Place, Span, is_thread};
use crate::trace::{NO_TASK, Trace, Wait};

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
        Wait::Io => ("waits for", thing),
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

//! Lost update: a task writes what it computed from a value that another task has replaced since.

use super::{Detector, Finding, Report};
use crate::narration::{Key, Message, Slot};
use crate::trace::{Event, FindingKind, Kind, State, Trace};

/// Compares each write with the read it was computed from.
pub struct LostUpdate;

impl Detector for LostUpdate {
    fn see(
        &mut self,
        trace: &Trace,
        before: &State,
        step: u32,
        event: &Event,
        report: &mut Report,
    ) {
        if event.kind != Kind::Write || event.b == 0 {
            return;
        }
        let Some(last) = before.variable(event.a) else {
            return;
        };
        // Had the task itself written last, the other's update would already be gone: each loss counts once.
        if last.writer == event.task || last.step <= event.b {
            return;
        }
        let read = trace.get_event(event.b);
        let same =
            |read: Event| (read.kind, read.task, read.a) == (Kind::Read, event.task, event.a);
        if !read.is_some_and(same) {
            return;
        }
        report.stale_writes.push(step);
        report.add(FindingKind::LostUpdate, event.a, || Finding {
            kind: FindingKind::LostUpdate,
            location: Some(event.a),
            thing: None,
            steps: vec![event.b, last.step, step],
            message: Message::new(Key::FoundLostUpdate)
                .task(event.task)
                .variable(event.a)
                .other(last.writer)
                .number(Slot::Step, event.b.into())
                .number(Slot::Step2, last.step.into())
                .number(Slot::Step3, step.into()),
        });
    }
}

//! Blocking call: a task of an event loop blocks or computes for long, and no other task of that loop can run.

use super::{Detector, Finding, Report};
use crate::narration::{Key, Message};
use crate::trace::{Event, FLAG_IN_LOOP, FindingKind, Kind, State, TaskId, Trace, Wait};

/// Work in a loop counts as blocking from this many virtual nanoseconds, which people begin to notice.
const LONG: u64 = 100_000_000;

/// Follows each block inside a loop to its end.
#[derive(Default)]
pub struct BlockingCall {
    open: Vec<Open>,
    /// Task and line of the last work that was reported: the block that carries it out is the same call.
    work: Option<(TaskId, u32)>,
}

/// A block that has not ended yet.
struct Open {
    thread: TaskId,
    task: TaskId,
    step: u32,
    event: Event,
}

impl Detector for BlockingCall {
    fn see(&mut self, _: &Trace, before: &State, step: u32, event: &Event, report: &mut Report) {
        let in_loop = event.flags & FLAG_IN_LOOP != 0;
        let task = before.actor(event);
        match event.kind {
            Kind::Work if in_loop && event.value >= LONG => {
                self.work = Some((task, event.line));
                add(report, Key::FoundWork, task, event, vec![step], event.value);
            }
            Kind::Block if in_loop => {
                let harmless = Wait::from_byte(event.b as u8).is_some_and(Wait::is_short_in_loop);
                let reported = self.work.take() == Some((task, event.line));
                if !harmless && !reported {
                    self.open.push(Open {
                        thread: event.task,
                        task,
                        step,
                        event: *event,
                    });
                }
            }
            Kind::Wake => {
                if let Some(place) = self.open.iter().position(|open| open.thread == event.task) {
                    let open = self.open.swap_remove(place);
                    let duration = event.time.saturating_sub(open.event.time);
                    add(
                        report,
                        Key::FoundBlock,
                        open.task,
                        &open.event,
                        vec![open.step, step],
                        duration,
                    );
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, _: &Trace, _: &State, report: &mut Report) {
        for open in self.open.drain(..) {
            add(
                report,
                Key::FoundBlockForever,
                open.task,
                &open.event,
                vec![open.step],
                0,
            );
        }
    }
}

fn add(report: &mut Report, key: Key, task: TaskId, event: &Event, steps: Vec<u32>, duration: u64) {
    report.add(FindingKind::BlockingCall, event.line, || Finding {
        kind: FindingKind::BlockingCall,
        location: None,
        thing: None,
        steps,
        message: Message::new(key)
            .task(task)
            .line(event.line)
            .duration(duration),
    });
}

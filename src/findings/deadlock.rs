//! Deadlock: the run stopped because all wait. The cycle of who waits for whom, or, without one, everybody's wait.

use super::{Detector, Finding, Report};
use crate::narration::{Key, Message, Slot, wait_reason};
use crate::trace::{
    Event, FindingKind, NO_TASK, Outcome, State, Status, TaskId, ThingId, Trace, Wait,
};

/// How many waits the message tells.
const TOLD: usize = 6;

/// Looks at the last state of a run that ended in a deadlock.
pub struct Deadlock;

impl Detector for Deadlock {
    fn see(&mut self, _: &Trace, _: &State, _: u32, _: &Event, _: &mut Report) {}

    fn end(&mut self, trace: &Trace, state: &State, report: &mut Report) {
        if trace.run().outcome != Outcome::Deadlock {
            return;
        }
        let cycle = cycle(state);
        let waits = if cycle.is_empty() {
            everybody(state)
        } else {
            cycle
        };
        let mut message = Message::default();
        for wait in waits.iter().take(TOLD) {
            message = tell(message, state, wait);
        }
        if waits.len() > TOLD {
            message = message
                .and(Key::AndMore)
                .number(Slot::Number, (waits.len() - TOLD) as u64);
        }
        let mut steps: Vec<u32> = waits
            .iter()
            .flat_map(|wait| [state.task(wait.task).since_step, wait.since])
            .collect();
        steps.retain(|&step| step != 0);
        steps.sort_unstable();
        steps.dedup();
        report.add(FindingKind::Deadlock, 0, || Finding {
            kind: FindingKind::Deadlock,
            location: None,
            thing: waits.iter().find_map(|wait| wait.thing),
            steps,
            message: message.and(Key::FoundDeadlock),
        });
    }
}

/// One task waits for another.
#[derive(Clone, Copy)]
struct Waits {
    task: TaskId,
    /// The other, or [`NO_TASK`].
    other: TaskId,
    /// What it waits for, if the other holds it.
    thing: Option<ThingId>,
    /// The step at which the other took the thing, or 0.
    since: u32,
}

/// Whom a task waits for.
fn waits_of(state: &State, task: TaskId) -> Vec<Waits> {
    // A task that its loop is stepping does what the loop's thread does.
    let thread = state.thread_of(task);
    if thread != task {
        return vec![Waits {
            task,
            other: thread,
            thing: None,
            since: 0,
        }];
    }
    let Some(wait) = state.task(task).wait else {
        return Vec::new();
    };
    if wait.kind.is_for_task() {
        return vec![Waits {
            task,
            other: wait.on,
            thing: None,
            since: 0,
        }];
    }
    let holders = state.thing(wait.on).holders.iter();
    let mut waits: Vec<Waits> = holders
        .map(|&(other, since)| Waits {
            task,
            other,
            thing: Some(wait.on),
            since,
        })
        .collect();
    // Who holds a part of what it waits for waits for the others first: the last one is followed first.
    waits.sort_by_key(|wait| wait.other != task);
    waits
}

/// The first cycle of waits, if there is one: a search in depth without recursion, as there may be many tasks.
fn cycle(state: &State) -> Vec<Waits> {
    const NEW: usize = usize::MAX;
    const DONE: usize = usize::MAX - 1;
    // Where on the path each task stands.
    let mut place = vec![NEW; state.spawned as usize];
    for start in 0..state.spawned {
        // The tasks on the path with those of their waits that are still to be followed, and the waits between them.
        let mut path: Vec<(TaskId, Vec<Waits>)> = Vec::new();
        let mut between: Vec<Waits> = Vec::new();
        let mut enter = Some(start).filter(|&task| place[task as usize] == NEW);
        while enter.is_some() || !path.is_empty() {
            if let Some(task) = enter.take() {
                place[task as usize] = path.len();
                path.push((task, waits_of(state, task)));
            }
            let Some((task, waits)) = path.last_mut() else {
                break;
            };
            let Some(wait) = waits.pop() else {
                place[*task as usize] = DONE;
                path.pop();
                between.pop();
                continue;
            };
            match place.get(wait.other as usize) {
                None | Some(&DONE) => {}
                Some(&NEW) => {
                    between.push(wait);
                    enter = Some(wait.other);
                }
                Some(&first) => {
                    between.push(wait);
                    return between.split_off(first);
                }
            }
        }
    }
    Vec::new()
}

/// The waits of all that wait, longest first.
fn everybody(state: &State) -> Vec<Waits> {
    let waiting = |status| matches!(status, Status::Blocked | Status::Suspended);
    let mut waits: Vec<Waits> = Vec::new();
    for (task, of) in state.tasks.iter().take(state.spawned as usize) {
        // A loop that polls waits for its tasks, which are listed themselves.
        let polls = of.wait.is_some_and(|wait| wait.kind == Wait::Poll);
        if waiting(of.status) && !polls {
            let none = Waits {
                task,
                other: NO_TASK,
                thing: None,
                since: 0,
            };
            waits.push(waits_of(state, task).first().copied().unwrap_or(none));
        }
    }
    waits.sort_by_key(|wait| state.task(wait.task).since_step);
    waits
}

/// Adds the sentence for one wait.
fn tell(message: Message, state: &State, wait: &Waits) -> Message {
    let Waits {
        task, other, thing, ..
    } = *wait;
    let Some(why) = state.task(task).wait else {
        return message.and(Key::WaitsInLoop).task(task).other(other);
    };
    match thing {
        Some(thing) if state.task(other).has_ended() => message
            .and(Key::WaitsForKept)
            .task(task)
            .thing(thing)
            .other(other),
        Some(thing) if other == task => message.and(Key::WaitsForOwn).task(task).thing(thing),
        Some(thing) => message
            .and(Key::WaitsForHeld)
            .task(task)
            .thing(thing)
            .other(other),
        None if other != NO_TASK && why.kind == Wait::Start => {
            message.and(Key::WaitsForStart).task(task).other(other)
        }
        None if other != NO_TASK => message.and(Key::WaitsForEnd).task(task).other(other),
        None => wait_reason(
            message.and(Key::WaitsForNothing).task(task),
            state,
            task,
            why,
        ),
    }
}

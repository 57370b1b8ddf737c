//! Lost wake-ups: a run ended with a task that waits to be told of a change, though it was told: when nobody waited yet, or
//! somebody else was woken who could make no use of it and went back to waiting.

use crate::trace::{Kind, Outcome, State, TaskId, ThingId, Trace, Wait};

/// Somebody told of a change.
struct Told {
    by: TaskId,
    thing: ThingId,
    step: u32,
    /// Who was woken, if anybody waited.
    woken: Option<TaskId>,
}

/// A wake-up that was lost.
pub struct LostWakeUp {
    pub message: String,
    pub thing: ThingId,
    pub steps: Vec<u32>,
}

/// The lost wake-up that a deadlock comes from, if it does.
pub fn find(trace: &Trace) -> Option<LostWakeUp> {
    if trace.run().outcome != Outcome::Deadlock {
        return None;
    }
    let mut state = State::start(trace);
    let mut told: Vec<Told> = Vec::new();
    for step in 1..=trace.len() {
        let event = trace.event(step);
        if event.kind == Kind::Operate && matches!(trace.string(event.b), "notify" | "set") {
            told.push(Told {
                by: state.actor(&event),
                thing: event.a,
                step,
                woken: state.thing(event.a).waiters.front().copied(),
            });
        }
        state.apply(&event);
    }
    let waits = |task: TaskId, thing: ThingId| {
        let wait = state.task(task).wait;
        wait.is_some_and(|it| matches!(it.kind, Wait::Condition | Wait::Event) && it.on == thing)
    };
    let since = |task: TaskId| state.task(task).since_step;
    for it in told.iter().rev() {
        let waiting = (0..state.spawned).find(|&task| {
            waits(task, it.thing)
                && match it.woken {
                    None => it.step < since(task),
                    Some(woken) => {
                        woken != task
                            && waits(woken, it.thing)
                            && since(task) < it.step
                            && it.step < since(woken)
                    }
                }
        });
        let Some(task) = waiting else {
            continue;
        };
        let name = |task| trace.task(task).name;
        let (thing, by) = (trace.thing(it.thing).name, name(it.by));
        let why = match it.woken {
            None => format!(
                "{by} told of a change at step {} when nobody waited yet",
                it.step
            ),
            Some(woken) => format!(
                "at step {} {by} woke {}, which waits again",
                it.step,
                name(woken)
            ),
        };
        let mut steps = vec![it.step, since(task)];
        steps.extend(it.woken.map(since));
        steps.sort_unstable();
        return Some(LostWakeUp {
            message: format!("{} waits for ever at {thing}: {why}.", name(task)),
            thing: it.thing,
            steps,
        });
    }
    None
}

//! Finds the order in which a run went that nobody explored: one with a clock, a GIL and cores.

use super::Explored;
use super::walk::{Deed, Turn, Walk};
use crate::trace::{Event, Kind, Trace};

/// What a run shows of the operations that orders are made of.
fn is_operation(event: &Event) -> bool {
    matches!(
        event.kind,
        Kind::Read | Kind::Write | Kind::Acquire | Kind::Release | Kind::Operate | Kind::Output
    )
}

/// Whether an event may be what the turn does.
fn may_be(event: &Event, turn: &Turn) -> bool {
    if event.task != turn.task {
        return false;
    }
    let same_line = event.line == turn.line;
    match (&turn.deed, event.kind) {
        (Deed::Reads(_), kind) => same_line && kind == Kind::Read,
        (Deed::Writes(_), kind) => same_line && kind == Kind::Write,
        // It has no event of its own.
        (Deed::Finds(_) | Deed::Names(_), _) => same_line,
        (Deed::Prints, kind) => same_line && kind == Kind::Output,
        (Deed::Takes(_), Kind::Acquire | Kind::Release | Kind::Operate | Kind::Block) => same_line,
        (Deed::Takes(_), _) => false,
        (Deed::Timer(_) | Deed::Holds | Deed::GoesOn, _) => true,
    }
}

fn events(run: &Trace) -> impl Iterator<Item = Event> {
    (1..=run.len()).map(|step| run.event(step))
}

impl Explored {
    /// The walk in which the tasks do all that orders are made of in the order of this run, and how many steps the run has before each of
    /// its picks. None where there is no such walk, or none is found: what a turn does is looked for by task and line.
    pub fn like(&self, run: &Trace) -> Option<(Walk, Vec<u32>)> {
        let all: Vec<Event> = events(run).collect();
        // By task: how many events are behind it.
        let mut done = vec![0; run.task_count() as usize + 1];
        let mut steps = Vec::new();
        let mut walk = self.walk(&[]);
        while !walk.turns.is_empty() {
            let next = |turn: &Turn| {
                let from = *done.get(turn.task as usize)?;
                let at = all[from..].iter().position(|it| may_be(it, turn))?;
                // An event loop takes all timers that are due, in their order.
                let is_other = turn.deed != Deed::Timer(1);
                Some((from + at, turn.task, is_other, turn.thread))
            };
            let last = steps.last().copied().unwrap_or(0);
            let thread = match (walk.turns.iter().filter_map(next).min(), &walk.turns[..]) {
                (Some((at, task, is_other, thread)), _) => {
                    if is_other {
                        done[task as usize] = at + 1;
                    }
                    steps.push(last.max(at as u32));
                    thread
                }
                // What it does, an asyncio task of the thread is said to do.
                (None, [only]) => {
                    steps.push(last);
                    only.thread
                }
                _ => return None,
            };
            if !self.step(&mut walk, thread) {
                return None;
            }
        }
        let same = self.run(&walk);
        let mut ours = events(&same).filter(is_operation);
        let mut theirs = all.iter().filter(|it| is_operation(it));
        let is_like =
            |a: Event, b: &Event| (a.task, a.line, a.kind, a.a) == (b.task, b.line, b.kind, b.a);
        let is_same = theirs.all(|b| ours.next().is_some_and(|a| is_like(a, b)));
        (is_same && ours.next().is_none()).then_some((walk, steps))
    }
}

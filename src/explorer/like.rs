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
        (Deed::Takes(_), Kind::Block) => same_line && !turn.takes_only,
        (Deed::Takes(_), Kind::Acquire | Kind::Release | Kind::Operate) => same_line,
        (Deed::Takes(_), _) => false,
        (Deed::Timer(_) | Deed::Holds | Deed::GoesOn, _) => true,
    }
}

/// What a run's tasks do, each in its order, and what is done to each location and lock and to the output. What else comes first between
/// two tasks says nothing: that may be variables of their own.
fn operations(all: &[Event]) -> [Vec<(u32, u32, Kind, u32)>; 2] {
    let of = |it: &Event| {
        let sort = match it.kind {
            Kind::Read | Kind::Write => 0,
            Kind::Output => 1,
            _ => 2,
        };
        (sort, if sort == 1 { 0 } else { it.a })
    };
    let mut operations: Vec<&Event> = all.iter().filter(|it| is_operation(it)).collect();
    let mut by_task = operations.clone();
    by_task.sort_by_key(|it| it.task);
    operations.sort_by_key(|it| of(it));
    [by_task, operations].map(|sorted| {
        let read = |it: &Event| (it.task, it.line, it.kind, it.a);
        sorted.into_iter().map(read).collect()
    })
}

fn events(run: &Trace) -> impl Iterator<Item = Event> {
    (1..=run.len()).map(|step| run.event(step))
}

impl Explored {
    /// The walk in which the tasks do all that orders are made of in the order of this run, and how many steps the run has before each of
    /// its picks. None where there is no such walk, or none is found: what a turn does is looked for by task and line.
    pub fn like(&self, run: &Trace) -> Option<(Walk, Vec<u32>)> {
        let all: Vec<Event> = events(run).collect();
        // Not all that functions of the library do has events: if need be, any event of the line will do.
        let found = self.like_by(run, &all, &may_be);
        found.or_else(|| {
            let is_there = |it: &Event, turn: &Turn| (it.task, it.line) == (turn.task, turn.line);
            self.like_by(run, &all, &is_there)
        })
    }

    /// As [`Explored::like`], for what may be an event of a turn.
    fn like_by(
        &self,
        run: &Trace,
        all: &[Event],
        may_be: &dyn Fn(&Event, &Turn) -> bool,
    ) -> Option<(Walk, Vec<u32>)> {
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
        // What a clock says is another matter.
        let clock = self.registry.borrow().clock;
        let printed = |run: &Trace| (!clock).then(|| run.stdout().to_vec());
        let end = |run: &Trace| (run.run().outcome, printed(run));
        let ours: Vec<Event> = events(&same).collect();
        let is_same = operations(&ours) == operations(all) && end(&same) == end(run);
        is_same.then_some((walk, steps))
    }
}

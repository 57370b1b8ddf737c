//! Locks taken in different orders: a deadlock is possible, even when this run was lucky.
//!
//! Who takes a lock while holding another adds an edge between them; a cycle of edges of different tasks is an inversion, unless
//! all of its tasks hold one more lock in common, or one of them had ended before another began (Havelund, Using runtime analysis to
//! guide model checking of Java programs, 2000).

use std::collections::BTreeMap;

use crate::trace::{Kind, State, TaskId, ThingId, ThingKind, Trace, Wait};

/// How many locks a cycle has at most.
const LONGEST: usize = 8;

/// A task took or wanted a lock while it held others.
#[derive(Clone, Debug)]
struct Edge {
    task: TaskId,
    from: ThingId,
    to: ThingId,
    held: Vec<ThingId>,
    step: u32,
}

/// Locks in different orders.
pub struct Inversion {
    pub message: String,
    pub steps: Vec<u32>,
    /// The names of all of them.
    pub variable: String,
}

/// The shortest cycle in a run, if there is one.
pub fn find(trace: &Trace) -> Option<Inversion> {
    let mut state = State::start(trace);
    let mut held: BTreeMap<TaskId, Vec<ThingId>> = BTreeMap::new();
    let mut edges: Vec<Edge> = Vec::new();
    // From its start to its end, in steps.
    let mut lives: BTreeMap<TaskId, (u32, u32)> = BTreeMap::from([(0, (0, u32::MAX))]);
    for step in 1..=trace.len() {
        let event = trace.event(step);
        let task = state.actor(&event);
        let is_lock = |thing| {
            thing != 0 && matches!(trace.thing(thing).kind, ThingKind::Lock | ThingKind::RLock)
        };
        let waits = matches!(event.kind, Kind::Block | Kind::Suspend)
            && Wait::from_byte(event.b as u8) == Some(Wait::Lock);
        match event.kind {
            Kind::Spawn => {
                lives.insert(event.a, (step, u32::MAX));
            }
            Kind::End => lives.entry(event.task).or_default().1 = step,
            Kind::Release => {
                if let Some(own) = held.get_mut(&task)
                    && let Some(at) = own.iter().rposition(|&thing| thing == event.a)
                {
                    own.remove(at);
                }
            }
            _ if (waits || event.kind == Kind::Acquire) && is_lock(event.a) => {
                let own = held.entry(task).or_default();
                for &from in own.iter().filter(|&&from| from != event.a) {
                    let known = |it: &Edge| (it.task, it.from, it.to) == (task, from, event.a);
                    if !own.contains(&event.a) && !edges.iter().any(known) {
                        edges.push(Edge {
                            task,
                            from,
                            to: event.a,
                            held: own.clone(),
                            step,
                        });
                    }
                }
                if event.kind == Kind::Acquire {
                    own.push(event.a);
                }
            }
            _ => {}
        }
        state.apply(&event);
    }
    let fits = |path: &[&Edge], next: &Edge| {
        path.iter().all(|it| {
            let life = |task| lives.get(&task).copied().unwrap_or((0, u32::MAX));
            let ((a, b), (c, d)) = (life(it.task), life(next.task));
            it.task != next.task
                && a < d
                && c < b
                && it.from != next.from
                && !it.held.iter().any(|lock| next.held.contains(lock))
        })
    };
    // In breadth, so that the first one is the shortest.
    let mut paths: Vec<Vec<&Edge>> = edges.iter().map(|edge| vec![edge]).collect();
    for _ in 1..LONGEST.min(edges.len()) {
        let mut longer = Vec::new();
        for path in &paths {
            let (first, last) = (path[0], path[path.len() - 1]);
            for next in edges.iter().filter(|next| next.from == last.to) {
                if fits(path, next) {
                    let mut path = path.clone();
                    path.push(next);
                    if next.to == first.from {
                        return Some(told(trace, &path));
                    }
                    longer.push(path);
                }
            }
        }
        paths = longer;
    }
    None
}

fn told(trace: &Trace, cycle: &[&Edge]) -> Inversion {
    let name = |thing| trace.thing(thing).name;
    let mut steps: Vec<u32> = cycle.iter().map(|edge| edge.step).collect();
    steps.sort_unstable();
    let parts = cycle.iter().map(|edge| {
        let task = trace.task(edge.task).name;
        format!(
            "{task} takes {} while it holds {}",
            name(edge.to),
            name(edge.from)
        )
    });
    let mut names: Vec<&str> = cycle.iter().map(|edge| name(edge.to)).collect();
    names.sort_unstable();
    Inversion {
        message: format!(
            "Locks are taken in different orders, which can end in a deadlock: {}.",
            parts.collect::<Vec<_>>().join(", ")
        ),
        steps,
        variable: names.join(", "),
    }
}

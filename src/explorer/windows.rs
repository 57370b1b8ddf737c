//! Windows: a thread acts on what it read, though another one has written it in between. That the outcome is the same all the
//! same does not matter: the next change of the program may make it another one.
//!
//! Two sorts: a *lost update* writes a value that was computed from what was read; *check then act* decides by what was read where to go
//! on, and writes there. Who reads to decide again, or waits to be told of a change, has checked anew.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::graph::{Graph, Node, Step};
use super::labels::{Touch, touch};
use crate::machine::watch::{Location, Note};

/// Where windows open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    pub location: Location,
    /// The object is one that the thread itself made.
    pub own: bool,
    /// The line of the read.
    pub line: u32,
    /// The line of the decision, if what was read decides where to go on.
    pub decision: Option<u32>,
}

/// A window that somebody else wrote into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub window: Window,
    pub by: u32,
    /// The line at which it acts.
    pub acts: u32,
    pub intruder: u32,
    /// The line at which that one wrote.
    pub wrote: u32,
}

/// How far a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Closed,
    Open,
    Intruded,
}

impl Window {
    /// What a touch of the thread itself makes of its window, and the line at which it acts on what has changed since.
    fn own(&self, touch: &Touch, phase: Phase) -> (Phase, Option<u32>) {
        match *touch {
            Touch::Read {
                location,
                own,
                line,
                checks,
            } if (location, own) == (self.location, self.own) => {
                if line == self.line {
                    (Phase::Open, None)
                } else if self.decision.is_some() && checks {
                    (Phase::Closed, None)
                } else {
                    (phase, None)
                }
            }
            Touch::Write {
                location,
                own,
                line,
                from,
                under,
            } if (location, own) == (self.location, self.own) => {
                let follows = match self.decision {
                    Some(decision) => under.contains(&decision),
                    None => from == self.line,
                };
                let acts = phase == Phase::Intruded && follows;
                (Phase::Closed, acts.then_some(line))
            }
            Touch::Wait if self.decision.is_some() => (Phase::Closed, None),
            _ => (phase, None),
        }
    }

    fn is_written_by(&self, touch: &Touch) -> bool {
        // What both made is not the same.
        matches!(*touch, Touch::Write { location, own, .. }
            if location == self.location && !(own && self.own))
    }
}

/// All windows that steps with these labels could open.
pub fn candidates(labels: &[Vec<Touch>]) -> BTreeSet<Window> {
    let all = || labels.iter().flatten();
    let mut found = BTreeSet::new();
    for touch in all() {
        let Touch::Read {
            location,
            own,
            line,
            checks,
        } = *touch
        else {
            continue;
        };
        let window = |decision| Window {
            location,
            own,
            line,
            decision,
        };
        found.extend(checks.then(|| window(Some(line))));
        for other in all() {
            match *other {
                Touch::Write {
                    location: written,
                    from,
                    ..
                } if written == location && from == line => {
                    found.insert(window(None));
                }
                Touch::Branch { from, line: at } if from == line => {
                    found.insert(window(Some(at)));
                }
                _ => {}
            }
        }
    }
    let is_written = |window: &Window| all().any(|touch| window.is_written_by(touch));
    found.retain(is_written);
    found
}

/// What the notes of a run show, in order.
pub fn in_notes(notes: &[Note]) -> Vec<Hit> {
    let mut open: BTreeMap<(u32, Window), Option<(u32, u32)>> = BTreeMap::new();
    let mut hits = Vec::new();
    let labels: Vec<Touch> = notes.iter().filter_map(touch).collect();
    let windows = candidates(&[labels]);
    for note in notes {
        let Some(touch) = touch(note) else {
            continue;
        };
        let mut closed = Vec::new();
        for (&(by, window), intruded) in &mut open {
            if by != note.by {
                if window.is_written_by(&touch) {
                    *intruded = Some((note.by, note.line));
                }
                continue;
            }
            let phase = intruded.map_or(Phase::Open, |_| Phase::Intruded);
            let (phase, acts) = window.own(&touch, phase);
            if let (Some(acts), Some((intruder, wrote))) = (acts, *intruded) {
                hits.push(Hit {
                    window,
                    by,
                    acts,
                    intruder,
                    wrote,
                });
            }
            if phase == Phase::Closed {
                closed.push((by, window));
            }
        }
        open.retain(|key, _| !closed.contains(key));
        for &window in &windows {
            let opens = matches!(touch, Touch::Read { location, own, line, .. }
                if (location, own, line) == (window.location, window.own, window.line));
            if opens {
                open.insert((note.by, window), None);
            }
        }
    }
    hits
}

/// What steps do to one window, by their labels.
struct Effects {
    /// On the thread's own, from each phase.
    own: Vec<[(Phase, bool); 3]>,
    /// Whether they write into that of others.
    intrudes: Vec<bool>,
}

impl Effects {
    fn of(window: &Window, labels: &[Vec<Touch>]) -> Effects {
        let own = |label: &Vec<Touch>| {
            [Phase::Closed, Phase::Open, Phase::Intruded].map(|mut phase| {
                let mut hit = false;
                for touch in label {
                    let (next, acts) = window.own(touch, phase);
                    (phase, hit) = (next, hit || acts.is_some());
                }
                (phase, hit)
            })
        };
        let intrudes = |label: &Vec<Touch>| label.iter().any(|it| window.is_written_by(it));
        Effects {
            own: labels.iter().map(own).collect(),
            intrudes: labels.iter().map(intrudes).collect(),
        }
    }
}

/// Where the thread at a place stands after that at another one took a step and landed elsewhere: the others keep their order.
pub fn moved(place: u16, thread: u16, lands: u16) -> u16 {
    let without = place - u16::from(place > thread);
    without + u16::from(without >= lands)
}

/// How many places are followed, two bits each.
const PLACES: u16 = 32;

/// Whether some path through the graph shows it: for each state, which threads may stand there with an open window or one that was
/// written into.
pub fn exists(window: &Window, graph: &Graph, labels: &[Vec<Touch>]) -> bool {
    let effects = Effects::of(window, labels);
    let states = graph.states();
    let mut known = vec![0u64; states];
    let mut waiting = vec![true; states];
    let mut pending: Vec<Node> = (0..states as Node).rev().collect();
    while let Some(node) = pending.pop() {
        waiting[node as usize] = false;
        let here = known[node as usize];
        for edge in graph.edges(node) {
            let label = edge.label as usize;
            let mut there = 0u64;
            let mut rest = here;
            while rest != 0 {
                let place = (rest.trailing_zeros() / 2) as u16;
                let bits = rest >> (place * 2) & 3;
                rest &= !(3 << (place * 2));
                let lands = moved(place, edge.thread(), edge.lands);
                if place != edge.thread() && lands < PLACES {
                    there |= if effects.intrudes[label] { 2 } else { bits } << (lands * 2);
                }
            }
            if edge.thread() < PLACES && edge.lands < PLACES {
                let bits = here >> (edge.thread() * 2) & 3;
                for (at, &(phase, hit)) in effects.own[label].iter().enumerate() {
                    if at > 0 && bits >> (at - 1) & 1 == 0 {
                        continue;
                    }
                    if hit {
                        return true;
                    }
                    if phase != Phase::Closed {
                        there |= 1 << (edge.lands * 2 + phase as u16 - 1);
                    }
                }
            }
            let known = &mut known[edge.to as usize];
            if *known | there != *known {
                *known |= there;
                if !std::mem::replace(&mut waiting[edge.to as usize], true) {
                    pending.push(edge.to);
                }
            }
        }
    }
    false
}

/// No thread.
const NONE: u16 = u16::MAX;
/// The thread acted.
const ACTED: u16 = u16::MAX - 1;

/// A state, the thread that came there, the thread whose window it is, how far that is.
type At = (Node, u16, u16, Phase);

/// The shortest path that shows it, by preemptions and then by steps: its cost, and its steps.
pub fn nearest(
    window: &Window,
    graph: &Graph,
    labels: &[Vec<Touch>],
) -> Option<((u32, u32), Vec<Step>)> {
    let effects = Effects::of(window, labels);
    let start: At = (0, NONE, NONE, Phase::Closed);
    let mut best: BTreeMap<At, ((u32, u32), At, Step)> = BTreeMap::new();
    let mut heap = BinaryHeap::new();
    best.insert(start, ((0, 0), start, NONE));
    heap.push(Reverse(((0, 0), start)));
    while let Some(Reverse((cost, at))) = heap.pop() {
        let (node, last, tracked, phase) = at;
        if tracked == ACTED {
            let (mut path, mut at) = (Vec::new(), at);
            while at != start {
                let (_, before, thread) = best[&at];
                path.push(thread);
                at = before;
            }
            path.reverse();
            return Some((cost, path));
        }
        if best[&at].0 < cost {
            continue;
        }
        let edges = graph.edges(node);
        let could = edges.iter().any(|edge| edge.thread() == last);
        for edge in edges {
            let label = edge.label as usize;
            let more = u32::from(could && edge.thread() != last);
            let cost = (cost.0 + more, cost.1 + 1);
            let mut reach = |tracked: u16, phase: Phase| {
                let to: At = (edge.to, edge.lands, tracked, phase);
                if best.get(&to).is_none_or(|known| cost < known.0) {
                    best.insert(to, (cost, at, edge.step));
                    heap.push(Reverse((cost, to)));
                }
            };
            if tracked == NONE {
                reach(NONE, Phase::Closed);
                let (phase, _) = effects.own[label][Phase::Closed as usize];
                if phase != Phase::Closed {
                    reach(edge.lands, phase);
                }
            } else if tracked == edge.thread() {
                let (next, hit) = effects.own[label][phase as usize];
                if hit {
                    reach(ACTED, next);
                } else if next != Phase::Closed {
                    reach(edge.lands, next);
                }
            } else {
                let next = if effects.intrudes[label] {
                    Phase::Intruded
                } else {
                    phase
                };
                reach(moved(tracked, edge.thread(), edge.lands), next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn the_others_keep_their_order() {
        // The thread at 1 lands at 3: the one at 0 stays, those at 2 and 3 close up.
        assert_eq!([0, 2, 3, 4].map(|place| moved(place, 1, 3)), [0, 1, 2, 4]);
        assert_eq!([0, 1, 2, 4].map(|place| moved(place, 3, 1)), [0, 2, 3, 4]);
        assert_eq!([0, 1, 3].map(|place| moved(place, 2, 2)), [0, 1, 3]);
    }
}

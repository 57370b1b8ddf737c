//! The graph of states: counts of paths, and shortest paths.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::count::Count;

/// A state's number.
pub type Node = u32;

/// A step of a thread from one state to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub to: Node,
    /// The thread's place in the order of the state it starts from, and what its event loop picks.
    pub step: Step,
    /// The thread's place in the order of the state it leads to.
    pub lands: u16,
    /// What it did: the number of its label.
    pub label: u32,
}

/// A step from a state: the place of a thread in the state's order and, in the high bits, what its event loop picks.
pub type Step = u16;

/// How many bits the place takes.
const PLACE_BITS: u32 = 10;

/// The step of the thread at a place.
pub fn step_of(place: u16, pick: u32) -> Step {
    place & ((1 << PLACE_BITS) - 1) | (pick << PLACE_BITS) as Step
}

/// The place of the thread that takes it.
pub fn place_of(step: Step) -> u16 {
    step & ((1 << PLACE_BITS) - 1)
}

/// What its event loop picks.
pub fn pick_of(step: Step) -> u32 {
    u32::from(step >> PLACE_BITS)
}

impl Edge {
    /// The place of the thread that takes it.
    pub fn thread(&self) -> u16 {
        place_of(self.step)
    }
}

/// States and steps. The first state is number 0.
#[derive(Default)]
pub struct Graph {
    /// Where each state's steps begin, and where the last one's end.
    starts: Vec<u32>,
    edges: Vec<Edge>,
}

/// Steps as they are found, those of a state one after the other; a state can come again with more.
#[derive(Default)]
pub struct Steps {
    of: Vec<(Node, u32)>,
    edges: Vec<Edge>,
}

impl Steps {
    /// Adds steps of a state.
    pub fn add(&mut self, from: Node, edges: &[Edge]) {
        self.of.push((from, self.edges.len() as u32));
        self.edges.extend_from_slice(edges);
    }

    /// The states with their steps.
    fn iter(&self) -> impl Iterator<Item = (Node, &[Edge])> {
        let ends = self.of.iter().skip(1).map(|&(_, start)| start as usize);
        let ends = ends.chain([self.edges.len()]);
        let states = self.of.iter().zip(ends);
        states.map(|(&(from, start), end)| (from, &self.edges[start as usize..end]))
    }
}

impl Graph {
    /// Puts steps of so many states together, each group with what its labels become, and numbers the states by their steps: so the
    /// graph does not depend on the order in which they were found. Also the new numbers, by the old ones.
    pub fn new(states: usize, groups: Vec<(Steps, Vec<u32>)>) -> (Graph, Vec<Node>) {
        let mut starts = vec![0u32; states + 1];
        for (from, edges) in groups.iter().flat_map(|(steps, _)| steps.iter()) {
            starts[from as usize + 1] += edges.len() as u32;
        }
        for at in 0..states {
            starts[at + 1] += starts[at];
        }
        let none = Edge {
            to: 0,
            step: 0,
            lands: 0,
            label: 0,
        };
        let mut edges = vec![none; starts[states] as usize];
        let mut filled = starts.clone();
        for (steps, labels) in groups {
            for (from, own) in steps.iter() {
                for edge in own {
                    let at = &mut filled[from as usize];
                    edges[*at as usize] = Edge {
                        label: labels[edge.label as usize],
                        ..*edge
                    };
                    *at += 1;
                }
            }
        }
        drop(filled);
        let before = Graph { starts, edges };
        before.renumbered()
    }

    fn renumbered(mut self) -> (Graph, Vec<Node>) {
        let states = self.states();
        for from in 0..states {
            let range = self.starts[from] as usize..self.starts[from + 1] as usize;
            self.edges[range].sort_by_key(|edge| edge.step);
        }
        // Breadth first: a state is numbered when the first step to it is.
        const NEW: Node = Node::MAX;
        let mut numbers = vec![NEW; states];
        let mut order: Vec<Node> = Vec::with_capacity(states);
        if states > 0 {
            (numbers[0], order) = (0, vec![0]);
        }
        let mut edges = Vec::with_capacity(self.edges.len());
        let mut starts = Vec::with_capacity(states + 1);
        let mut at = 0;
        while at < order.len() {
            starts.push(edges.len() as u32);
            for edge in self.edges(order[at]) {
                let number = &mut numbers[edge.to as usize];
                if *number == NEW {
                    *number = order.len() as Node;
                    order.push(edge.to);
                }
                edges.push(Edge {
                    to: *number,
                    ..*edge
                });
            }
            at += 1;
        }
        starts.push(edges.len() as u32);
        (Graph { starts, edges }, numbers)
    }

    pub fn states(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }
    pub fn transitions(&self) -> usize {
        self.edges.len()
    }
    pub fn edges(&self, from: Node) -> &[Edge] {
        let range = self.starts[from as usize] as usize..self.starts[from as usize + 1] as usize;
        &self.edges[range]
    }

    /// Whether some path comes back to where it was.
    pub fn is_endless(&self) -> bool {
        self.count(0, &[]).is_none()
    }

    /// The shortest path from a state to one without steps, as its steps; of those as short one that begins with this thread.
    pub fn to_an_end(&self, from: Node, thread: u16) -> Option<Vec<Step>> {
        let mut before: BTreeMap<Node, (Node, Step)> = BTreeMap::new();
        let mut pending = VecDeque::from([from]);
        while let Some(node) = pending.pop_front() {
            let edges = self.edges(node);
            if edges.is_empty() {
                let (mut path, mut node) = (Vec::new(), node);
                while node != from {
                    let (last, thread) = before[&node];
                    path.push(thread);
                    node = last;
                }
                path.reverse();
                return Some(path);
            }
            let (first, others): (Vec<&Edge>, Vec<&Edge>) =
                edges.iter().partition(|edge| edge.thread() == thread);
            for edge in first.into_iter().chain(others) {
                if edge.to != from && !before.contains_key(&edge.to) {
                    before.insert(edge.to, (node, edge.step));
                    pending.push_back(edge.to);
                }
            }
        }
        None
    }

    /// How many paths lead from a state to each of these. None if there are endlessly many.
    pub fn count(&self, from: Node, ends: &[Node]) -> Option<Vec<Count>> {
        let states = self.states();
        // How many steps lead to each state that can be reached.
        let mut before = vec![0u32; states];
        let mut ready: Vec<Node> = vec![from];
        let mut reached = 1;
        while let Some(node) = ready.pop() {
            for edge in self.edges(node) {
                let before = &mut before[edge.to as usize];
                *before += 1;
                if *before == 1 && edge.to != from {
                    reached += 1;
                    ready.push(edge.to);
                }
            }
        }
        if before[from as usize] > 0 {
            return None;
        }
        let mut counts = vec![Count::ZERO; states];
        counts[from as usize] = Count::ONE;
        ready.push(from);
        let mut done = 0;
        while let Some(node) = ready.pop() {
            done += 1;
            let edges = self.edges(node);
            if edges.is_empty() {
                continue;
            }
            let count = std::mem::replace(&mut counts[node as usize], Count::ZERO);
            for edge in edges {
                counts[edge.to as usize].add(&count);
                before[edge.to as usize] -= 1;
                if before[edge.to as usize] == 0 {
                    ready.push(edge.to);
                }
            }
        }
        let take = |&end: &Node| std::mem::replace(&mut counts[end as usize], Count::ZERO);
        (done == reached).then(|| ends.iter().map(take).collect())
    }

    /// The shortest ways from the first state: by preemptions, then by steps.
    pub fn ways(&self, threads: usize) -> Ways {
        let places = threads + 1;
        let mut best = vec![(u32::MAX, u32::MAX); self.states() * places];
        let mut from = vec![(0, 0, 0); best.len()];
        let none = threads;
        let mut heap = BinaryHeap::new();
        best[none] = (0, 0);
        heap.push(Reverse((0u32, 0u32, 0 as Node, none)));
        while let Some(Reverse((preemptions, length, node, last))) = heap.pop() {
            if best[node as usize * places + last] < (preemptions, length) {
                continue;
            }
            let edges = self.edges(node);
            let could = edges.iter().any(|edge| usize::from(edge.thread()) == last);
            for edge in edges {
                let thread = usize::from(edge.thread());
                let more = u32::from(could && thread != last);
                let cost = (preemptions + more, length + 1);
                let lands = usize::from(edge.lands);
                let place = edge.to as usize * places + lands;
                if cost < best[place] {
                    best[place] = cost;
                    from[place] = (node, last as u16, edge.step);
                    heap.push(Reverse((cost.0, cost.1, edge.to, lands)));
                }
            }
        }
        Ways { places, best, from }
    }
}

/// The shortest ways to all states.
pub struct Ways {
    /// One for each thread that took the last step, and one for none.
    places: usize,
    best: Vec<(u32, u32)>,
    /// The state before, the thread that had gone on there, the step.
    from: Vec<(Node, u16, Step)>,
}

impl Ways {
    /// Preemptions and steps to a state.
    pub fn cost(&self, node: Node) -> (u32, u32) {
        let start = node as usize * self.places;
        let all = &self.best[start..start + self.places];
        all.iter().copied().min().unwrap_or((u32::MAX, u32::MAX))
    }

    /// The steps of the shortest way to a state.
    pub fn path(&self, node: Node) -> Vec<Step> {
        let start = node as usize * self.places;
        let last = (0..self.places).min_by_key(|&last| self.best[start + last]);
        let (mut node, mut last) = (node, last.unwrap_or(0));
        let mut path = Vec::new();
        while last != self.places - 1 {
            let (before, had, thread) = self.from[node as usize * self.places + last];
            path.push(thread);
            (node, last) = (before, usize::from(had));
        }
        path.reverse();
        path
    }
}

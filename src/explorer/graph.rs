//! The graph of states: counts of paths, and shortest paths.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::count::Count;
use crate::machine::fingerprint::Mix;

/// A state's number.
pub type Node = u32;

/// A step of a thread from one state to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub to: Node,
    /// The thread's place in the order of the state it starts from, and of the one it leads to.
    pub thread: u16,
    pub lands: u16,
}

/// States and steps. The first state is number 0.
#[derive(Default)]
pub struct Graph {
    table: Table,
    /// Where each state's steps begin and end; empty for those that are not expanded.
    steps: Vec<(u32, u16)>,
    edges: Vec<Edge>,
    /// More steps of states that have some already, until [`Graph::finish`].
    more: Vec<(Node, Edge)>,
}

impl Graph {
    /// The number of the state with this fingerprint, and whether it is new.
    pub fn node(&mut self, fingerprint: Mix) -> (Node, bool) {
        let (node, new) = self.table.insert(fingerprint);
        if new {
            self.steps.push((0, 0));
        }
        (node, new)
    }
    pub fn states(&self) -> usize {
        self.steps.len()
    }
    pub fn transitions(&self) -> usize {
        self.edges.len()
    }
    /// Steps of a state.
    pub fn add_edges(&mut self, from: Node, edges: &[Edge]) {
        let steps = &mut self.steps[from as usize];
        if steps.1 > 0 {
            self.more.extend(edges.iter().map(|&edge| (from, edge)));
            return;
        }
        *steps = (self.edges.len() as u32, edges.len() as u16);
        self.edges.extend_from_slice(edges);
    }
    /// Puts the steps of each state together.
    pub fn finish(&mut self) {
        if self.more.is_empty() {
            return;
        }
        let mut more = std::mem::take(&mut self.more);
        more.sort_by_key(|&(from, _)| from);
        let mut rest = more.into_iter().peekable();
        let before = std::mem::take(&mut self.edges);
        for (from, steps) in self.steps.iter_mut().enumerate() {
            let start = self.edges.len();
            self.edges
                .extend_from_slice(&before[steps.0 as usize..][..steps.1 as usize]);
            while let Some((_, edge)) = rest.next_if(|&(other, _)| other as usize == from) {
                self.edges.push(edge);
            }
            *steps = (start as u32, (self.edges.len() - start) as u16);
        }
    }
    pub fn edges(&self, from: Node) -> &[Edge] {
        let (start, count) = self.steps[from as usize];
        &self.edges[start as usize..][..count as usize]
    }

    /// The number of the state with this fingerprint, if it was seen.
    pub fn find(&self, fingerprint: Mix) -> Option<Node> {
        self.table.find(fingerprint).ok()
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
            let could = edges.iter().any(|edge| usize::from(edge.thread) == last);
            for edge in edges {
                let thread = usize::from(edge.thread);
                let more = u32::from(could && thread != last);
                let cost = (preemptions + more, length + 1);
                let lands = usize::from(edge.lands);
                let place = edge.to as usize * places + lands;
                if cost < best[place] {
                    best[place] = cost;
                    from[place] = (node, last as u16, edge.thread);
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
    /// The state before, the thread that had gone on there, the one that goes on.
    from: Vec<(Node, u16, u16)>,
}

impl Ways {
    /// Preemptions and steps to a state.
    pub fn cost(&self, node: Node) -> (u32, u32) {
        let start = node as usize * self.places;
        let all = &self.best[start..start + self.places];
        all.iter().copied().min().unwrap_or((u32::MAX, u32::MAX))
    }

    /// The threads of the shortest way to a state, by their places in the orders of the states.
    pub fn path(&self, node: Node) -> Vec<u16> {
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

/// Fingerprints and their numbers: an open hash table.
#[derive(Default)]
struct Table {
    fingerprints: Vec<Mix>,
    /// Numbers plus one; 0 is free. Its length is a power of two.
    slots: Vec<u32>,
}

impl Table {
    fn insert(&mut self, fingerprint: Mix) -> (Node, bool) {
        if (self.fingerprints.len() + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        match self.find(fingerprint) {
            Ok(node) => (node, false),
            Err(at) => {
                self.fingerprints.push(fingerprint);
                self.slots[at] = self.fingerprints.len() as u32;
                (self.slots[at] - 1, true)
            }
        }
    }

    /// Its number, or the slot where it belongs.
    fn find(&self, fingerprint: Mix) -> Result<Node, usize> {
        let mask = self.slots.len() - 1;
        let mut at = fingerprint.0 as usize & mask;
        while self.slots[at] != 0 {
            let node = self.slots[at] - 1;
            if self.fingerprints[node as usize] == fingerprint {
                return Ok(node);
            }
            at = (at + 1) & mask;
        }
        Err(at)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots = vec![0; size];
        for (number, fingerprint) in self.fingerprints.iter().enumerate() {
            let mut at = fingerprint.0 as usize & (size - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = number as u32 + 1;
        }
    }
}

//! Starvation: a thread that could go on again and again never does, though every thread that can always go on gets its turn.
//!
//! In the graph that is a way round that is fair: whoever takes no step on it cannot take one at some state of it. Who starves is a
//! thread that can at some states of it, and takes no step on it. A program whose orders all end has no way round.

use std::collections::BTreeSet;

use super::graph::{Edge, Graph, Node, Step, place_of};

/// A thread that starves.
#[derive(Debug, PartialEq, Eq)]
pub struct Starving {
    /// The thread's place in the orders of the states; threads are not interchangeable in endless programs, or it is not found.
    pub thread: u16,
    /// A state of the way round at which it could go on.
    pub node: Node,
    /// Once round.
    pub round: Vec<Step>,
}

/// One way round for each thread that starves.
pub fn find(graph: &Graph, threads: usize) -> Vec<Starving> {
    let states = graph.states();
    let all = components(graph, &(0..states as Node).collect(), &|_| true);
    let mut found: Vec<Starving> = Vec::new();
    for component in &all {
        for thread in 0..threads as u16 {
            if found.iter().any(|it| it.thread == thread) {
                continue;
            }
            let can = |node: Node| graph.edges(node).iter().any(|it| it.thread() == thread);
            for part in components(graph, component, &|edge| edge.thread() != thread) {
                let sometimes = part.iter().copied().find(|&node| can(node));
                let always = part.iter().all(|&node| can(node));
                let (Some(node), false) = (sometimes, always) else {
                    continue;
                };
                let within = |edge: &&Edge| edge.thread() != thread && part.contains(&edge.to);
                let moves = |other: u16| {
                    let mut edges = part
                        .iter()
                        .flat_map(|&node| graph.edges(node))
                        .filter(within);
                    edges.any(|edge| edge.thread() == other)
                };
                let can = |node: Node, other: u16| {
                    graph.edges(node).iter().any(|edge| edge.thread() == other)
                };
                let fair = (0..threads as u16)
                    .filter(|&other| other != thread)
                    .all(|other| moves(other) || part.iter().any(|&node| !can(node, other)));
                if fair {
                    let round = round(graph, &part, node, thread);
                    found.push(Starving {
                        thread,
                        node,
                        round,
                    });
                    break;
                }
            }
        }
    }
    found
}

/// The parts of these states, with the steps that count, in which every state leads to every other: those with a step within.
fn components(
    graph: &Graph,
    states: &BTreeSet<Node>,
    counts: &dyn Fn(&Edge) -> bool,
) -> Vec<BTreeSet<Node>> {
    // Tarjan 1972, without recursion: a state's number and the lowest one that it leads to.
    let mut numbers: std::collections::BTreeMap<Node, (u32, u32, bool)> = Default::default();
    let (mut next, mut stack, mut found) = (0, Vec::new(), Vec::new());
    for &start in states {
        if numbers.contains_key(&start) {
            continue;
        }
        let mut path: Vec<(Node, usize)> = Vec::new();
        let mut enter = Some(start);
        while enter.is_some() || !path.is_empty() {
            if let Some(node) = enter.take() {
                numbers.insert(node, (next, next, true));
                next += 1;
                stack.push(node);
                path.push((node, 0));
            }
            let Some((node, at)) = path.last_mut() else {
                break;
            };
            let node = *node;
            if let Some(edge) = graph.edges(node).get(*at) {
                *at += 1;
                if !counts(edge) || !states.contains(&edge.to) {
                    continue;
                }
                match numbers.get(&edge.to).copied() {
                    None => enter = Some(edge.to),
                    Some((number, _, true)) => {
                        let own = numbers.entry(node).or_default();
                        own.1 = own.1.min(number);
                    }
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let (number, lowest, _) = numbers[&node];
            if let Some(&(before, _)) = path.last() {
                let own = numbers.entry(before).or_default();
                own.1 = own.1.min(lowest);
            }
            if number != lowest {
                continue;
            }
            let mut part = BTreeSet::new();
            while let Some(last) = stack.pop() {
                numbers.entry(last).or_default().2 = false;
                part.insert(last);
                if last == node {
                    break;
                }
            }
            let inside = |edge: &Edge| counts(edge) && part.contains(&edge.to);
            if part
                .iter()
                .any(|&node| graph.edges(node).iter().any(inside))
            {
                found.push(part);
            }
        }
    }
    found
}

/// A way from a state back to it within a part, without a thread, on which each other thread that moves in the part moves once at least.
fn round(graph: &Graph, part: &BTreeSet<Node>, start: Node, without: u16) -> Vec<Step> {
    let inside = |edge: &&Edge| edge.thread() != without && part.contains(&edge.to);
    let movers: BTreeSet<u16> = (part.iter())
        .flat_map(|&node| graph.edges(node).iter().filter(inside))
        .map(|edge| edge.thread())
        .collect();
    let (mut way, mut at): (Vec<Step>, Node) = (Vec::new(), start);
    // The nearest step of each mover in turn, then back.
    for goal in movers.into_iter().map(Some).chain([None]) {
        if goal.is_some_and(|goal| way.iter().any(|&step| place_of(step) == goal)) {
            continue;
        }
        let mut from: std::collections::BTreeMap<Node, (Node, Step)> = Default::default();
        let mut pending = std::collections::VecDeque::from([at]);
        let mut reached = None;
        'search: while let Some(node) = pending.pop_front() {
            for edge in graph.edges(node).iter().filter(inside) {
                let hit = match goal {
                    Some(goal) => edge.thread() == goal,
                    None => edge.to == start,
                };
                if hit {
                    reached = Some((node, edge));
                    break 'search;
                }
                if edge.to != at && !from.contains_key(&edge.to) {
                    from.insert(edge.to, (node, edge.step));
                    pending.push_back(edge.to);
                }
            }
        }
        if let Some((mut node, edge)) = reached {
            let mut own = vec![edge.step];
            while node != at {
                let (before, thread) = from[&node];
                own.push(thread);
                node = before;
            }
            way.extend(own.iter().rev());
            at = edge.to;
        }
        if goal.is_none() && at == start {
            break;
        }
    }
    way
}

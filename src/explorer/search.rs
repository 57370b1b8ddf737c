//! The search: every state once, in depth, so that few states are in memory as a whole.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Options;
use super::graph::{Edge, Graph, Node};
use super::state::{State, Terminal};
use crate::machine::fingerprint::Numbers;
use crate::machine::watch::{Location, Registry};

/// Two threads stand before accesses to the same variable, one of them a write, and nothing orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Race {
    pub location: Location,
    /// The lines, the lower one first.
    pub lines: (u32, u32),
    /// Whether each of them writes.
    pub writes: (bool, bool),
}

/// What a search found.
pub struct Search {
    pub graph: Graph,
    /// States in which nothing can go on.
    pub ends: Vec<(Node, Terminal)>,
    /// Where each race happens.
    pub races: BTreeMap<Race, Vec<(Node, u32, u32)>>,
    /// Why it is not complete.
    pub incomplete: Option<&'static str>,
    pub threads: usize,
}

/// After how many states somebody is told.
const TOLD: usize = 2_000;

/// How many states of one race are kept to choose the nearest one from.
const RACES: usize = 4096;

impl Search {
    /// Searches from a settled state. Ends early when something turns out to be shared.
    pub fn new(
        first: State,
        registry: &Rc<RefCell<Registry>>,
        options: &Options,
        progress: &mut dyn FnMut(usize),
    ) -> Search {
        let mut search = Search {
            graph: Graph::default(),
            ends: Vec::new(),
            races: BTreeMap::new(),
            incomplete: None,
            threads: 1,
        };
        let mut numbers = Numbers::since(&first.turns.engine);
        let clock = registry.borrow().clock;
        let (node, _) = search.graph.node(first.fingerprint(&mut numbers, clock));
        let mut stack = vec![(first, node)];
        let mut threads = Vec::new();
        let mut edges = Vec::new();
        let mut told = 0;
        while let Some((state, node)) = stack.pop() {
            if search.graph.states() >= told + TOLD {
                told = search.graph.states();
                progress(told);
            }
            search.threads = search.threads.max(state.turns.threads.len());
            threads.clear();
            if state.turns.end().is_none() {
                threads.extend(state.options());
            }
            if threads.is_empty() {
                search.ends.push((node, state.terminal()));
                continue;
            }
            search.find_races(&state, node, &threads);
            edges.clear();
            let mut state = Some(state);
            for (at, &thread) in threads.iter().enumerate() {
                let mut next = if at + 1 == threads.len() {
                    state.take()
                } else {
                    state.clone()
                }
                .expect("taken by the last one only");
                next.step(thread);
                if registry.borrow().stale {
                    return search;
                }
                let (to, new) = search.graph.node(next.fingerprint(&mut numbers, clock));
                edges.push(Edge {
                    to,
                    thread: thread as u16,
                });
                if new {
                    stack.push((next, to));
                }
            }
            search.graph.set_edges(node, &edges);
            if search.graph.states() > options.limit_states {
                search.incomplete = Some("the limit of states is reached");
                break;
            }
        }
        let registry = &mut *registry.borrow_mut();
        if registry.clock && !clock {
            // States that differ by the time only may have been taken for one.
            registry.stale = true;
        }
        if registry.missed {
            search.incomplete =
                Some("something shared is touched inside an operation that cannot be interrupted");
        }
        search
    }

    fn find_races(&mut self, state: &State, node: Node, threads: &[u32]) {
        for (at, &one) in threads.iter().enumerate() {
            let Some(a) = state.pauses[one as usize] else {
                continue;
            };
            if !a.access.location.kind.is_variable() {
                continue;
            }
            for &other in &threads[at + 1..] {
                let Some(b) = state.pauses[other as usize] else {
                    continue;
                };
                if a.access.location != b.access.location || !(a.access.write || b.access.write) {
                    continue;
                }
                let (low, high) = if (a.line, a.access.write) <= (b.line, b.access.write) {
                    (a, b)
                } else {
                    (b, a)
                };
                let race = Race {
                    location: a.access.location,
                    lines: (low.line, high.line),
                    writes: (low.access.write, high.access.write),
                };
                let all = self.races.entry(race).or_default();
                if all.len() < RACES {
                    all.push((node, one, other));
                }
            }
        }
    }
}

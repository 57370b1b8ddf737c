//! The search: every state once, in depth, so that few states are in memory as a whole.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::graph::{Edge, Graph, Node};
use super::state::{Order, State, Terminal};
use super::symmetry::Symmetry;
use super::{Mode, Options};
use crate::machine::fingerprint::Numbers;
use crate::machine::watch::{Access, Location, Registry};

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
    /// Where each race happens: between the threads at these places of the state's order.
    pub races: BTreeMap<Race, Vec<(Node, u16, u16)>>,
    /// Why it is not complete.
    pub incomplete: Option<&'static str>,
    pub threads: usize,
    /// Threads that were taken for interchangeable are not.
    pub told_apart: bool,
}

/// After how many states somebody is told.
const TOLD: usize = 2_000;

/// How many states of one race are kept to choose the nearest one from.
const RACES: usize = 4096;

/// A state that is to be expanded.
struct Entry {
    state: State,
    node: Node,
    order: Order,
    /// Threads whose next step leads to nothing new here, with what it touches: they were let go first elsewhere.
    sleep: Vec<(u32, Vec<Access>)>,
    /// The places of the threads to go on with; all, unless the state was expanded before.
    only: u64,
    /// The thread that ran last, and how many were preempted so far.
    last: Option<u32>,
    preemptions: u32,
}

/// The search while it goes on.
struct Searcher<'a> {
    search: Search,
    registry: &'a Rc<RefCell<Registry>>,
    mode: Mode,
    numbers: Numbers,
    clock: bool,
    stack: Vec<Entry>,
    /// By state, which places of threads are asleep there; only for the reduced search.
    asleep: Vec<u64>,
    /// Something was left out because of the bound on preemptions.
    pruned: bool,
}

impl Search {
    /// Nothing found yet.
    pub fn empty() -> Search {
        Search {
            graph: Graph::default(),
            ends: Vec::new(),
            races: BTreeMap::new(),
            incomplete: None,
            threads: 1,
            told_apart: false,
        }
    }

    /// Searches from a settled state. Ends early when something turns out to be shared.
    pub fn new(
        first: State,
        registry: &Rc<RefCell<Registry>>,
        options: &Options,
        progress: &mut dyn FnMut(usize),
    ) -> Search {
        let symmetry = first.symmetry.clone();
        let mut searcher = Searcher {
            search: Search::empty(),
            registry,
            mode: options.mode,
            numbers: Numbers::since(&first.turns.engine),
            clock: registry.borrow().clock,
            stack: Vec::new(),
            asleep: Vec::new(),
            pruned: false,
        };
        let order = Order::default();
        searcher.arrive(first, order, Vec::new(), None, 0);
        let mut told = 0;
        while let Some(entry) = searcher.stack.pop() {
            let states = searcher.search.graph.states();
            if states >= told + TOLD {
                told = states;
                progress(told);
            }
            searcher.expand(entry);
            if registry.borrow().stale {
                return searcher.search;
            }
            if searcher.search.graph.states() > options.limit_states {
                searcher.search.incomplete = Some("the limit of states is reached");
                break;
            }
        }
        let (mut search, clock) = (searcher.search, searcher.clock);
        search.graph.finish();
        if searcher.pruned {
            search.incomplete = Some("only so many preemptions were allowed");
        }
        search.judge(symmetry.as_deref(), clock, registry);
        search
    }

    /// Whether what was taken for granted held.
    pub fn judge(
        &mut self,
        symmetry: Option<&Symmetry>,
        clock: bool,
        registry: &Rc<RefCell<Registry>>,
    ) {
        let registry = &mut *registry.borrow_mut();
        self.told_apart = symmetry.is_some_and(|symmetry| {
            let others = |location: &Location| registry.is_touched_by_others(*location);
            self.threads != symmetry.members.len() || symmetry.guarded.iter().any(others)
        });
        if registry.clock && !clock {
            // States that differ by the time only may have been taken for one.
            registry.stale = true;
        }
        if registry.missed {
            self.incomplete =
                Some("something shared is touched inside an operation that cannot be interrupted");
        }
    }
    /// Looks for threads that stand before conflicting accesses.
    pub fn find_races(&mut self, state: &State, node: Node, threads: &[u32], order: &Order) {
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
                let places = (order.rank(one), order.rank(other));
                let (low, high, places) = if (a.line, a.access.write) <= (b.line, b.access.write) {
                    (a, b, places)
                } else {
                    (b, a, (places.1, places.0))
                };
                let race = Race {
                    location: a.access.location,
                    lines: (low.line, high.line),
                    writes: (low.access.write, high.access.write),
                };
                let all = self.races.entry(race).or_default();
                if all.len() < RACES {
                    all.push((node, places.0, places.1));
                }
            }
        }
    }
}

impl Searcher<'_> {
    /// A step led to this state; its number, and the places of the threads there.
    fn arrive(
        &mut self,
        state: State,
        mut order: Order,
        sleep: Vec<(u32, Vec<Access>)>,
        last: Option<u32>,
        preemptions: u32,
    ) -> (Node, u16) {
        let mut fingerprint = state.fingerprint(&mut self.numbers, self.clock, &mut order);
        let lands = last.map_or(0, |thread| order.rank(thread));
        if let Mode::Preemptions(_) = self.mode {
            fingerprint.add(last.map_or(0, |_| u64::from(lands) + 1));
            fingerprint.add(preemptions.into());
        }
        let (node, new) = self.search.graph.node(fingerprint);
        let bit = |thread: u32| 1u64.checked_shl(order.rank(thread).into()).unwrap_or(0);
        let mut only = u64::MAX;
        if self.mode == Mode::Reduced {
            let here = sleep.iter().fold(0, |all, (thread, _)| all | bit(*thread));
            if new {
                self.asleep.push(here);
            } else {
                // What slept whenever the state was reached before, and does not now, is still to be done.
                let asleep = &mut self.asleep[node as usize];
                only = *asleep & !here;
                *asleep &= here;
            }
        }
        if new || only != 0 && only != u64::MAX {
            self.stack.push(Entry {
                state,
                node,
                order,
                sleep,
                only,
                last,
                preemptions,
            });
        }
        (node, lands)
    }

    fn expand(&mut self, entry: Entry) {
        let Entry {
            state,
            node,
            order,
            mut sleep,
            only,
            last,
            preemptions,
        } = entry;
        self.search.threads = self.search.threads.max(state.turns.threads.len());
        let mut threads: Vec<u32> = Vec::new();
        if state.turns.end().is_none() {
            threads.extend(state.options());
        }
        if threads.is_empty() {
            if only == u64::MAX {
                self.search.ends.push((node, state.terminal()));
            }
            return;
        }
        if only == u64::MAX {
            self.search.find_races(&state, node, &threads, &order);
        }
        let goes_on = last.filter(|last| threads.contains(last));
        let cost = |thread: u32| u32::from(goes_on.is_some_and(|last| last != thread));
        if let Mode::Preemptions(most) = self.mode {
            let all = threads.len();
            threads.retain(|&thread| preemptions + cost(thread) <= most);
            self.pruned |= threads.len() < all;
        }
        let reduced = self.mode == Mode::Reduced;
        if reduced {
            let chosen = |place: u16| only.checked_shr(place.into()).is_none_or(|it| it & 1 == 1);
            threads.retain(|&thread| {
                chosen(order.rank(thread)) && !sleep.iter().any(|(other, _)| *other == thread)
            });
        }
        // Sleeping threads wake when nobody else can run: that depends on everybody.
        let count = state.turns.threads.len() as u32;
        let timed = (0..count).any(|thread| state.turns.deadline(thread).is_some());
        let mut edges: Vec<Edge> = Vec::new();
        let mut state = Some(state);
        for (at, &thread) in threads.iter().enumerate() {
            let alike = (0..at).find(|&before| order.are_alike(threads[before], thread));
            if let Some(before) = alike.filter(|_| self.mode == Mode::Counts) {
                edges.push(Edge {
                    thread: order.rank(thread),
                    ..edges[before]
                });
                continue;
            }
            let is_last = at + 1 == threads.len();
            let next = if is_last { state.take() } else { state.clone() };
            let mut next = next.expect("taken by the last one only");
            let waits = next.pauses[thread as usize].is_none();
            if reduced {
                next.turns.engine.watch.trail = Some(Vec::new());
            }
            next.step(thread);
            if self.registry.borrow().stale {
                return;
            }
            let mut awake = Vec::new();
            if let Some(mut trail) = next.turns.engine.watch.trail.take() {
                if waits {
                    // It takes the lock that it waited for.
                    trail.push(Access::SYNC);
                }
                if !timed {
                    let still = |(_, other): &&(u32, Vec<Access>)| !depend(other, &trail);
                    awake = sleep.iter().filter(still).cloned().collect();
                    sleep.push((thread, trail));
                }
            }
            let (to, lands) = self.arrive(
                next,
                Order::default(),
                awake,
                Some(thread),
                preemptions + cost(thread),
            );
            edges.push(Edge {
                to,
                thread: order.rank(thread),
                lands,
            });
        }
        self.search.graph.add_edges(node, &edges);
    }
}

/// Whether it matters in which order two steps come.
fn depend(one: &[Access], other: &[Access]) -> bool {
    one.iter()
        .any(|a| other.iter().any(|b| a.conflicts_with(*b)))
}

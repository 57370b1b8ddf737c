//! The search: every state once, in depth, so that few states are in memory as a whole.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::graph::{Edge, Graph, Node, Steps, step_of};
use super::labels::{self, Interner, Touch};
use super::state::{Order, State, Terminal, pick_of, thread_of};
use super::symmetry::Symmetry;
use super::visited::Visited;
use super::{Mode, Options};
use crate::machine::fingerprint::Numbers;
use crate::machine::watch::{Access, Location, Registry, Trail, What};

/// Two threads stand before accesses to the same variable, one of them a write, and nothing orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Race {
    pub location: Location,
    /// The lines, the lower one first.
    pub lines: (u32, u32),
    /// Whether each of them writes.
    pub writes: (bool, bool),
}

/// The races at a state, each with the places of the two threads in the state's order.
pub type Races = Vec<(Race, u16, u16)>;

/// What a search found.
#[derive(Default)]
pub struct Search {
    pub graph: Graph,
    /// By the numbers of steps' labels.
    pub labels: Vec<Vec<Touch>>,
    /// States in which nothing can go on.
    pub ends: Vec<(Node, Terminal)>,
    /// Where each race happens.
    pub races: BTreeMap<Race, Vec<(Node, u16, u16)>>,
    /// Why it is not complete.
    pub incomplete: Option<&'static str>,
    pub threads: usize,
    /// Threads that were taken for interchangeable are not.
    pub told_apart: bool,
}

/// After how many states somebody is told.
const TOLD: usize = 2_000;

/// A state that is to be expanded.
pub struct Entry {
    /// In a box, as it goes from hand to hand.
    pub state: Box<State>,
    pub node: Node,
    order: Order,
    /// Threads whose next step leads to nothing new here, with what it touches: they were let go first elsewhere.
    sleep: Vec<(u32, Vec<Access>)>,
    /// The places of the threads to go on with; all, unless the state was expanded before.
    only: u64,
    /// The thread that ran last, and how many were preempted so far.
    pub last: Option<u32>,
    pub preemptions: u32,
    /// The steps that led here, if somebody else may have to go there.
    pub path: Vec<u32>,
}

/// What one searcher noted.
#[derive(Default)]
pub struct Part {
    steps: Steps,
    labels: Interner<Vec<Touch>>,
    ends: Vec<(Node, Terminal)>,
    races: Vec<(Node, u32)>,
    race_sets: Interner<Races>,
    threads: usize,
    /// Something was left out because of the bound on preemptions.
    pruned: bool,
    /// At some state the numbers of threads decided how they stand: which one that is depends on the way there.
    pub by_number: bool,
}

/// The search while it goes on.
pub struct Searcher<'a> {
    pub part: Part,
    pub stack: Vec<Entry>,
    visited: &'a Visited,
    registry: &'a Rc<RefCell<Registry>>,
    mode: Mode,
    numbers: Numbers,
    clock: bool,
    /// Paths are kept.
    paths: bool,
    /// By state, which places of threads are asleep there; only for the reduced search.
    asleep: Vec<u64>,
}

impl Search {
    /// Searches from a settled state. Ends early when something turns out to be shared.
    pub fn new(
        first: State,
        registry: &Rc<RefCell<Registry>>,
        options: &Options,
        progress: &mut dyn FnMut(usize),
    ) -> Search {
        let symmetry = first.symmetry.clone();
        let clock = registry.borrow().clock;
        let visited = Visited::new(1);
        let mut searcher = Searcher::new(&first, registry, &visited, options.mode, false);
        searcher.begin(first);
        let (mut told, mut incomplete) = (0, None);
        while searcher.expand_next() {
            let states = visited.len();
            if states >= told + TOLD {
                told = states;
                progress(told);
            }
            if registry.borrow().stale {
                return Search::default();
            }
            if states > options.limit_states {
                incomplete = Some("the limit of states is reached");
                break;
            }
        }
        let part = searcher.part;
        let mut search = Search::of(visited, vec![part]);
        search.incomplete = search.incomplete.or(incomplete);
        search.judge(symmetry.as_deref(), clock, &mut registry.borrow_mut());
        search
    }

    /// Puts together what searchers noted.
    pub fn of(visited: Visited, parts: Vec<Part>) -> Search {
        let states = visited.len();
        // The fingerprints are not needed any more.
        drop(visited);
        let mut search = Search {
            threads: 1,
            ..Search::default()
        };
        let mut labels: Interner<Vec<Touch>> = Interner::default();
        let mut groups = Vec::new();
        let mut races: Vec<(Node, Rc<Races>)> = Vec::new();
        for part in parts {
            let own = part.labels.into_values();
            groups.push((
                part.steps,
                own.into_iter().map(|it| labels.number(it)).collect(),
            ));
            search.ends.extend(part.ends);
            search.threads = search.threads.max(part.threads);
            if part.pruned {
                search.incomplete = Some("only so many preemptions were allowed");
            }
            let sets: Vec<Rc<Races>> = part
                .race_sets
                .into_values()
                .into_iter()
                .map(Rc::new)
                .collect();
            let at = part.races.into_iter();
            races.extend(at.map(|(node, set)| (node, sets[set as usize].clone())));
        }
        search.labels = labels.into_values();
        let (graph, numbers) = Graph::new(states, groups);
        search.graph = graph;
        for (node, _) in &mut search.ends {
            *node = numbers[*node as usize];
        }
        search.ends.sort_unstable();
        for (node, set) in races {
            for &(race, one, other) in set.iter() {
                let all = search.races.entry(race).or_default();
                all.push((numbers[node as usize], one, other));
            }
        }
        search
    }

    /// Whether what was taken for granted held.
    pub fn judge(&mut self, symmetry: Option<&Symmetry>, clock: bool, registry: &mut Registry) {
        self.told_apart = symmetry.is_some_and(|symmetry| {
            let others = |location: &Location| registry.is_touched_by_others(*location);
            registry.named
                || self.threads != symmetry.members.len()
                || symmetry.guarded.iter().any(others)
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
}

/// The threads that stand before conflicting accesses, the first two of each sort.
fn races(state: &State, threads: &[u32], order: &Order) -> Races {
    let mut races: Races = Vec::new();
    let mut threads = threads.to_vec();
    threads.sort_by_key(|&thread| order.rank(thread));
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
            let same = a.access.location == b.access.location && !(a.access.own && b.access.own);
            if !same || !(a.access.write || b.access.write) {
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
            if !races.iter().any(|&(known, ..)| known == race) {
                races.push((race, places.0, places.1));
            }
        }
    }
    races
}

impl<'a> Searcher<'a> {
    /// A searcher of states that all come from this one; with `paths` others can take over from it.
    pub fn new(
        first: &State,
        registry: &'a Rc<RefCell<Registry>>,
        visited: &'a Visited,
        mode: Mode,
        paths: bool,
    ) -> Searcher<'a> {
        Searcher {
            part: Part::default(),
            stack: Vec::new(),
            visited,
            registry,
            mode,
            numbers: Numbers::since(&first.turns.engine),
            clock: registry.borrow().clock,
            paths,
            asleep: Vec::new(),
        }
    }

    /// Begins at the first state.
    pub fn begin(&mut self, first: State) {
        self.arrive(Box::new(first), Vec::new(), None, 0, Vec::new());
    }

    /// Goes on from a state that another searcher found.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn take_over(
        &mut self,
        mut state: Box<State>,
        node: Node,
        last: Option<u32>,
        preemptions: u32,
        path: Vec<u32>,
    ) {
        let mut order = Order::default();
        state.fingerprint(&mut self.numbers, self.clock, &mut order);
        self.stack.push(Entry {
            state,
            node,
            order,
            sleep: Vec::new(),
            only: u64::MAX,
            last,
            preemptions,
            path,
        });
    }

    /// Expands the state that was found last, if one is left.
    pub fn expand_next(&mut self) -> bool {
        let entry = self.stack.pop();
        entry.map(|entry| self.expand(entry)).is_some()
    }

    /// A step led to this state; its number, and the place of the thread there.
    fn arrive(
        &mut self,
        mut state: Box<State>,
        sleep: Vec<(u32, Vec<Access>)>,
        last: Option<u32>,
        preemptions: u32,
        path: Vec<u32>,
    ) -> (Node, u16) {
        let mut order = Order::default();
        let mut fingerprint = state.fingerprint(&mut self.numbers, self.clock, &mut order);
        let lands = last.map_or(0, |thread| order.landing(thread));
        self.part.by_number |= order.is_by_number();
        if let Mode::Preemptions(_) = self.mode {
            fingerprint.add(last.map_or(0, |_| u64::from(lands) + 1));
            fingerprint.add(preemptions.into());
        }
        let (node, new) = self.visited.insert(fingerprint);
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
                path,
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
            path,
        } = entry;
        self.part.threads = self.part.threads.max(state.turns.threads.len());
        let mut steps: Vec<u32> = Vec::new();
        if state.turns.end().is_none() {
            steps.extend(state.options());
        }
        if steps.is_empty() {
            if only == u64::MAX {
                self.part.ends.push((node, state.terminal()));
            }
            return;
        }
        if only == u64::MAX {
            let mut threads: Vec<u32> = steps.iter().map(|&step| thread_of(step)).collect();
            threads.dedup();
            let races = races(&state, &threads, &order);
            if !races.is_empty() {
                let set = self.part.race_sets.number(races);
                self.part.races.push((node, set));
            }
        }
        let goes_on = last.filter(|&last| steps.iter().any(|&step| thread_of(step) == last));
        let cost = |thread: u32| u32::from(goes_on.is_some_and(|last| last != thread));
        if let Mode::Preemptions(most) = self.mode {
            let all = steps.len();
            steps.retain(|&step| preemptions + cost(thread_of(step)) <= most);
            self.part.pruned |= steps.len() < all;
        }
        let reduced = self.mode == Mode::Reduced;
        if reduced {
            let chosen = |place: u16| only.checked_shr(place.into()).is_none_or(|it| it & 1 == 1);
            steps.retain(|&step| {
                let thread = thread_of(step);
                chosen(order.rank(thread)) && !sleep.iter().any(|(other, _)| *other == thread)
            });
        }
        // Sleeping threads wake when nobody else can run: that depends on everybody.
        let count = state.turns.threads.len() as u32;
        let timed = (0..count)
            .any(|it| state.turns.deadline(it).is_some() || state.turns.picks(it).is_some());
        let mut edges: Vec<Edge> = Vec::new();
        let mut state = Some(state);
        for (at, &step) in steps.iter().enumerate() {
            let (thread, pick) = (thread_of(step), pick_of(step));
            let alike = (0..at).find(|&before| order.are_alike(thread_of(steps[before]), thread));
            if let Some(before) = alike.filter(|_| self.mode == Mode::Counts) {
                edges.push(Edge {
                    step: step_of(order.rank(thread), pick),
                    ..edges[before]
                });
                continue;
            }
            let is_last = at + 1 == steps.len();
            let next = if is_last { state.take() } else { state.clone() };
            let mut next = next.expect("taken by the last one only");
            let waits = next.pauses[thread as usize].is_none();
            next.turns.engine.watch.trail = Some(Trail::default());
            next.step(step);
            if self.registry.borrow().stale {
                return;
            }
            let trail = next.turns.engine.watch.trail.take().unwrap_or_default();
            let label = self.part.labels.number(labels::label(&trail.notes, thread));
            let mut awake = Vec::new();
            if reduced && !timed {
                let accesses = trail.notes.iter().filter_map(|note| match note.what {
                    What::Access { access, .. } => Some(access),
                    _ => None,
                });
                let mut trail: Vec<Access> = accesses.collect();
                if waits {
                    // It takes the lock that it waited for.
                    trail.push(Access::SYNC);
                }
                let still = |(_, other): &&(u32, Vec<Access>)| !depend(other, &trail);
                awake = sleep.iter().filter(still).cloned().collect();
                sleep.push((thread, trail));
            }
            let mut longer = Vec::new();
            if self.paths {
                longer = path.clone();
                longer.push(step);
            }
            let spent = preemptions + cost(thread);
            let (to, lands) = self.arrive(next, awake, Some(thread), spent, longer);
            edges.push(Edge {
                to,
                step: step_of(order.rank(thread), pick),
                lands,
                label,
            });
        }
        self.part.steps.add(node, &edges);
    }
}

/// Whether it matters in which order two steps come.
fn depend(one: &[Access], other: &[Access]) -> bool {
    one.iter()
        .any(|a| other.iter().any(|b| a.conflicts_with(*b)))
}

//! The explorer: all orders of a program, as a search over its states.
//!
//! A state is a run in turns in which every thread stands before a *shared* operation, or waits; a step takes one
//! thread's operation and everything after it that concerns nobody else. Each state is kept once, by its fingerprint, and
//! orders are counted by paths through the graph of states: so the counts are exact, and far beyond what could be listed.
//!
//! What is shared is found on the way. An access to a variable counts when two threads access it after the first start and at
//! least one of them writes; when something turns out to be shared, the search begins again, knowing it.

pub mod count;
mod findings;
mod graph;
mod happens_before;
mod labels;
mod like;
mod lock_order;
pub mod often;
mod outcomes;
#[cfg(not(target_arch = "wasm32"))]
mod parallel;
mod replay;
mod sampling;
mod search;
mod starvation;
mod state;
mod symmetry;
#[cfg(test)]
pub mod tests;
mod visited;
mod wakeups;
pub mod walk;
#[cfg(test)]
mod walk_tests;
mod windows;

use std::cell::RefCell;
use std::rc::Rc;

pub use count::Count;
use search::Search;
use state::{State, Terminal};
use symmetry::Symmetry;

use crate::machine::Machine;
use crate::machine::fingerprint::Numbers;
use crate::machine::watch::Registry;
use crate::run::Ready;
use crate::simulation::turns::{Sleeps, Turns};
use crate::trace::Outcome;

/// How to explore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// All orders, counted.
    #[default]
    Counts,
    /// All outcomes and findings, without counts: of orders that differ only in steps that do not concern each other, few are
    /// looked at (sleep sets; Godefroid, Partial-Order Methods, 1996, with states remembered).
    Reduced,
    /// Only orders in which at most so many threads are made to stop while they could go on.
    Preemptions(u32),
    /// So many orders at random.
    Random { samples: u32, seed: u64 },
}

/// What to explore, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub mode: Mode,
    pub sleeps: Sleeps,
    /// How many states are visited at most.
    pub limit_states: usize,
    /// How many look at once, each on a core of its own; the results do not depend on it. Only one does in the reduced search, where what
    /// can be left out depends on what was done before, and where the limit is reached.
    pub jobs: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            mode: Mode::Counts,
            sleeps: Sleeps::Ordered,
            limit_states: 5_000_000,
            jobs: 1,
        }
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether every order was explored.
    pub complete: bool,
    /// Why not.
    pub incomplete: Option<&'static str>,
    /// How many orders there are; None if endlessly many, or if they were not counted.
    pub interleavings: Option<Count>,
    pub states: usize,
    pub transitions: usize,
    /// The ends that differ, by output and how the run ended; bad ones first, then the more frequent ones.
    pub outcomes: Vec<Ending>,
    pub findings: Vec<Finding>,
}

/// One way in which the program can end.
#[derive(Clone, Debug)]
pub struct Ending {
    pub outcome: Outcome,
    pub stdout: String,
    /// Of a program that was rejected on the way, the reason comes last.
    pub stderr: String,
    /// In how many orders; None if they were not counted.
    pub count: Option<Count>,
    /// Of a random exploration: the estimated share of all orders, and how far it may be off (95 %).
    pub share: Option<(f64, f64)>,
    /// The shortest schedule that ends so: by preemptions, then by length.
    pub schedule: String,
    pub preemptions: u32,
    /// How many steps that run has.
    pub steps: u32,
    /// Whether the run of that schedule has findings, or ends otherwise than every order is to.
    pub wrong: bool,
    terminal: Option<Terminal>,
}

/// Something that is wrong in some order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// "deadlock", "data-race", "lost-update" ...
    pub kind: &'static str,
    pub message: String,
    pub variable: String,
    /// The shortest schedule that shows it, and the steps of its run that prove it.
    pub schedule: String,
    pub steps: Vec<u32>,
    /// Of a data race: the stacks at both accesses, innermost last.
    pub stacks: Vec<Vec<String>>,
}

impl Report {
    /// Holds every order to what the program is to print: whatever ends otherwise is a finding, the shortest schedule first.
    pub fn hold_to(&mut self, output: &str) {
        let breaks = |it: &Ending| it.outcome != Outcome::Finished || it.stdout != output;
        for ending in &mut self.outcomes {
            ending.wrong |= breaks(ending);
        }
        let broken = self.outcomes.iter().filter(|it| breaks(it));
        let Some(ending) = broken.min_by_key(|it| (it.preemptions, it.schedule.len())) else {
            return;
        };
        self.findings.push(Finding {
            kind: "expectation",
            message: format!(
                "{output:?} is expected in every order; here it ends with {} and prints {:?}",
                ending.outcome.id(),
                ending.stdout
            ),
            variable: String::new(),
            schedule: ending.schedule.clone(),
            steps: vec![ending.steps],
            stacks: Vec::new(),
        });
    }
}

/// Explores all orders of a program; `progress` hears now and then how many states have been seen.
pub fn explore(ready: &Ready, options: &Options, progress: &mut dyn FnMut(usize)) -> Report {
    let Mode::Random { samples, seed } = options.mode else {
        return Explored::new(ready.clone(), options, progress).report;
    };
    let registry = Rc::new(RefCell::new(Registry::default()));
    let begun = ready.begun(options.sleeps);
    let mut symmetric = true;
    loop {
        registry.borrow_mut().begin_round();
        let (origin, first) = first(&begun, &registry, symmetric);
        let sample = sampling::sample(&first, &registry, samples, seed);
        if sample.search.told_apart {
            symmetric = false;
        } else if !registry.borrow().stale {
            return sample.report(ready, &begun, &origin, &first);
        }
    }
}

/// An exploration that can be asked further: see [`walk`].
pub struct Explored {
    pub report: Report,
    ready: Ready,
    registry: Rc<RefCell<Registry>>,
    search: Search,
    /// The recorded run up to the first start.
    begun: Turns<Machine>,
    /// The states before and after the steps that come before the first choice.
    origin: State,
    first: State,
}

impl Explored {
    /// Explores all orders, in any mode but the random one.
    pub fn new(ready: Ready, options: &Options, progress: &mut dyn FnMut(usize)) -> Explored {
        let registry = Rc::new(RefCell::new(Registry::default()));
        let begun = ready.begun(options.sleeps);
        // Who ran last, which preemptions go by, is not interchangeable with another one.
        let mut symmetric = !matches!(options.mode, Mode::Preemptions(_));
        loop {
            registry.borrow_mut().begin_round();
            let (origin, first) = first(&begun, &registry, symmetric);
            let mut search = search(&ready, &first, &registry, symmetric, options, progress);
            let reduced = options.mode == Mode::Reduced && !registry.borrow().stale;
            if reduced && !search.told_apart && search.graph.is_endless() {
                // What was left out may have been put off for ever, and who can go on at a state is not all in the graph.
                let options = Options {
                    mode: Mode::Counts,
                    ..*options
                };
                search = self::search(&ready, &first, &registry, symmetric, &options, progress);
            }
            if search.told_apart {
                symmetric = false;
                continue;
            }
            if registry.borrow().stale {
                continue;
            }
            let report = outcomes::report(&ready, &search, &begun, &origin, &first, options.mode);
            return Explored {
                report,
                ready,
                registry,
                search,
                begun,
                origin,
                first,
            };
        }
    }
}

/// The states before and after the steps that come before any shared one.
fn first(
    begun: &Turns<Machine>,
    registry: &Rc<RefCell<Registry>>,
    symmetric: bool,
) -> (State, State) {
    let origin = State::first(begun.clone(), registry);
    let mut first = origin.clone();
    first.settle();
    let beside = !registry.borrow().rewritten;
    first.turns.engine.freeze(beside);
    if symmetric && first.turns.engine.processes.all.len() == 1 {
        let mut numbers = Numbers::since(&first.turns.engine);
        first.turns.engine.heap.interchangeable = true;
        first.symmetry = Symmetry::find(&first, &mut numbers).map(Rc::new);
        first.turns.engine.heap.interchangeable = first.symmetry.is_some();
    }
    (origin, first)
}

fn search(
    ready: &Ready,
    first: &State,
    registry: &Rc<RefCell<Registry>>,
    symmetric: bool,
    options: &Options,
    progress: &mut dyn FnMut(usize),
) -> Search {
    #[cfg(not(target_arch = "wasm32"))]
    if options.jobs > 1
        && options.mode != Mode::Reduced
        && let Some(search) = parallel::search(ready, first, registry, symmetric, options)
    {
        return search;
    }
    let _ = (ready, symmetric);
    Search::new(first.clone(), registry, options, progress)
}

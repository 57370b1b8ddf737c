//! The explorer: all orders of a program, as a search over its states.
//!
//! A state is a run in turns in which every thread stands before a *shared* operation, or waits; a step takes one
//! thread's operation and everything after it that concerns nobody else. Each state is kept once, by its fingerprint, and
//! orders are counted by paths through the graph of states: so the counts are exact, and far beyond what could be listed.
//!
//! What is shared is found on the way. An access to a variable counts when two threads access it after the first start and at
//! least one of them writes; when something turns out to be shared, the search begins again, knowing it.

pub mod count;
mod graph;
mod outcomes;
mod search;
mod state;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

pub use count::Count;
use search::Search;
use state::State;

use crate::machine::watch::Registry;
use crate::run::Ready;
use crate::simulation::turns::Sleeps;
use crate::trace::Outcome;

/// What to explore, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub sleeps: Sleeps,
    /// How many states are visited at most.
    pub limit_states: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            sleeps: Sleeps::Ordered,
            limit_states: 5_000_000,
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
    pub stderr: String,
    /// In how many orders; None if they were not counted.
    pub count: Option<Count>,
    /// The shortest schedule that ends so: by preemptions, then by length.
    pub schedule: String,
    pub preemptions: u32,
    /// Whether the run of that schedule has findings.
    pub wrong: bool,
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
}

/// Explores all orders of a program; `progress` hears now and then how many states have been seen.
pub fn explore(ready: &Ready<'_>, options: &Options, progress: &mut dyn FnMut(usize)) -> Report {
    let registry = Rc::new(RefCell::new(Registry::default()));
    loop {
        registry.borrow_mut().begin_round();
        let mut first = State::first(ready.turns(options.sleeps), &registry);
        first.settle();
        first.turns.engine.heap.freeze();
        let origin = State::first(ready.turns(options.sleeps), &registry);
        let search = Search::new(first, &registry, options, progress);
        if !registry.borrow().stale {
            return outcomes::report(ready, &search, &origin);
        }
    }
}

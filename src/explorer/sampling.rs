//! Orders at random, for what is too large to be gone through.
//!
//! Choosing evenly among the threads at each state does not choose evenly among orders: those with few choices on their way are
//! met too often. So each is weighed by the number of choices on its way (Knuth, Estimating the efficiency of
//! backtrack programs, 1975), and a share is the share of the weights; the interval is that of a ratio of means.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::findings::Findings;
use super::outcomes;
use super::replay::Replayer;
use super::search::Search;
use super::state::{State, Terminal, thread_of};
use super::{Ending, Report};
use crate::machine::Machine;
use crate::machine::watch::Registry;
use crate::run::Ready;
use crate::schedulers::random::Chance;
use crate::simulation::turns::Turns;

/// How many steps an order has at most; a longer one counts as not ended.
const LONGEST: usize = 100_000;

/// Orders that were met at random.
pub struct Sample {
    /// Only what does not depend on a graph.
    pub search: Search,
    /// By how they end: the logarithms of their weights, and the shortest way there with its preemptions.
    ends: BTreeMap<Terminal, (Vec<f64>, u32, Vec<u32>)>,
    steps: usize,
    endless: u32,
}

/// Goes so many ways at random.
pub fn sample(first: &State, registry: &Rc<RefCell<Registry>>, samples: u32, seed: u64) -> Sample {
    let mut chances = Chance::new(seed);
    let mut sample = Sample {
        search: Search::default(),
        ends: BTreeMap::new(),
        steps: 0,
        endless: 0,
    };
    for _ in 0..samples {
        let mut state = first.clone();
        let (mut weight, mut preemptions) = (0.0, 0);
        let mut path: Vec<u32> = Vec::new();
        loop {
            let mut threads: Vec<u32> = Vec::new();
            if state.turns.end().is_none() {
                threads.extend(state.options());
            }
            if threads.is_empty() {
                let end = sample.ends.entry(state.terminal());
                let end = end.or_insert((Vec::new(), u32::MAX, Vec::new()));
                end.0.push(weight);
                if (preemptions, path.len()) < (end.1, end.2.len()) {
                    (end.1, end.2) = (preemptions, path.clone());
                }
                break;
            }
            if path.len() >= LONGEST {
                sample.endless += 1;
                break;
            }
            let thread = threads[chances.below(threads.len() as u64) as usize];
            let last = path.last().map(|&step| thread_of(step));
            let could = threads.iter().any(|&step| Some(thread_of(step)) == last);
            preemptions += u32::from(could && last != Some(thread_of(thread)));
            weight += (threads.len() as f64).ln();
            path.push(thread);
            state.step(thread);
            if registry.borrow().stale {
                return sample;
            }
        }
        sample.steps += path.len();
        let search = &mut sample.search;
        search.threads = search.threads.max(state.turns.threads.len());
    }
    let clock = registry.borrow().clock;
    let symmetry = first.symmetry.as_deref();
    sample
        .search
        .judge(symmetry, clock, &mut registry.borrow_mut());
    // Time is no part of anything here.
    registry.borrow_mut().stale = false;
    sample
}

impl Sample {
    /// What was met, with estimates.
    pub fn report(
        self,
        ready: &Ready,
        begun: &Turns<Machine>,
        origin: &State,
        first: &State,
    ) -> Report {
        let replayer = Replayer::new(ready, begun, origin, first);
        let mut report = Report {
            complete: false,
            incomplete: Some(if self.endless > 0 {
                "a sample, and some of its orders did not end"
            } else {
                "a sample of the orders"
            }),
            interleavings: None,
            states: 0,
            transitions: self.steps,
            outcomes: Vec::new(),
            findings: Vec::new(),
        };
        let logs = self.ends.values().flat_map(|(logs, ..)| logs);
        let most = logs.clone().copied().fold(f64::MIN, f64::max);
        let weight = |log: &f64| (log - most).exp();
        let all: f64 = logs.clone().map(weight).sum();
        let squares = |logs: &[f64]| logs.iter().map(|log| weight(log).powi(2)).sum::<f64>();
        let all_squares: f64 = self.ends.values().map(|(logs, ..)| squares(logs)).sum();
        let mut findings = Findings::default();
        for (logs, preemptions, path) in self.ends.values() {
            let share = logs.iter().map(weight).sum::<f64>() / all;
            let here = squares(logs);
            // The sum of (weight x (whether it ends so - share)) squared.
            let spread = here * (1.0 - share).powi(2) + (all_squares - here) * share.powi(2);
            let ending = replayer.ending(path, *preemptions, &mut findings);
            if report.outcomes.len() < outcomes::LOOKED_AT {
                let way = ((*preemptions, path.len() as u32), path.clone());
                findings.of_way(&replayer, &way, true);
            }
            report.outcomes.push(Ending {
                share: Some((share, 1.96 * spread.sqrt() / all)),
                ..ending
            });
        }
        findings.of_ways(&replayer);
        report.findings = findings.finish(false);
        outcomes::sort(&mut report.outcomes);
        report
    }
}

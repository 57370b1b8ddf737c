//! From the graph to what a person is told: outcomes, each with a schedule that replays it, and findings.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::graph::Node;
use super::replay::Replayer;
use super::search::Search;
use super::state::{State, Terminal};
use super::{Count, Ending, Mode, Report};
use crate::machine::Machine;
use crate::run::Ready;
use crate::simulation::turns::Turns;
use crate::trace::Outcome;

/// How many outcomes are replayed to be looked at; the others are only counted.
const REPLAYED: usize = 1_000;

/// The ways to how many outcomes are gone through with clocks; the first ones are the shortest.
pub const LOOKED_AT: usize = 50;

/// All that a search found out.
pub fn report(
    ready: &Ready,
    search: &Search,
    begun: &Turns<Machine>,
    origin: &State,
    first: &State,
    mode: Mode,
) -> Report {
    let replayer = Replayer::new(ready, begun, origin, first);
    let ways = search.graph.ways(search.threads);
    let ends: Vec<Node> = search.ends.iter().map(|&(node, _)| node).collect();
    let counts = match search.incomplete {
        None if mode == Mode::Counts => search.graph.count(0, &ends),
        _ => None,
    };
    let mut groups: BTreeMap<Terminal, (Option<Count>, Node)> = BTreeMap::new();
    for (at, &(node, terminal)) in search.ends.iter().enumerate() {
        let count = counts.as_ref().map(|counts| counts[at].clone());
        let group = groups
            .entry(terminal)
            .or_insert((count.as_ref().map(|_| Count::ZERO), node));
        if let (Some(all), Some(count)) = (&mut group.0, &count) {
            all.add(count);
        }
        if ways.cost(node) < ways.cost(group.1) {
            group.1 = node;
        }
    }
    let interleavings = counts.as_ref().map(|counts| {
        let mut all = Count::ZERO;
        counts.iter().for_each(|count| all.add(count));
        all
    });
    let mut shown: Vec<_> = groups.into_iter().collect();
    shown.sort_by_key(|&(_, (_, node))| ways.cost(node));
    let mut report = Report {
        complete: search.incomplete.is_none(),
        incomplete: search.incomplete,
        interleavings,
        states: search.graph.states(),
        transitions: search.graph.transitions(),
        outcomes: Vec::new(),
        findings: Vec::new(),
    };
    let mut findings = Findings::default();
    for (terminal, (count, node)) in shown.into_iter().take(REPLAYED) {
        let threads = replayer.follow(&ways.path(node)).threads;
        let way = (ways.cost(node), threads);
        let ending = replayer.ending(&way.1, way.0.0, &mut findings);
        if report.outcomes.len() < LOOKED_AT {
            findings.of_way(&replayer, &way, false);
        }
        report.outcomes.push(Ending {
            count,
            terminal: Some(terminal),
            ..ending
        });
    }
    sort(&mut report.outcomes);
    findings.windows(&replayer, search);
    findings.races(&replayer, search, &ways);
    if search.graph.is_endless() {
        findings.starvation(&replayer, search, &ways);
    }
    report.findings = findings.finish(report.complete);
    report
}

/// Bad ends first, then the more frequent ones.
pub fn sort(outcomes: &mut [Ending]) {
    let good = |ending: &Ending| ending.outcome == Outcome::Finished;
    outcomes.sort_by(|a, b| {
        let frequency = |ending: &Ending| {
            let share = ending.share.map_or(0.0, |(share, _)| share);
            ending.count.as_ref().map_or(share, Count::to_f64)
        };
        (good(a).cmp(&good(b)))
            .then(frequency(b).total_cmp(&frequency(a)))
            .then(a.stdout.cmp(&b.stdout))
    });
}

/// The ends of all orders, each replayed for itself; none if there are more than so many.
#[cfg(test)]
pub fn list_all(ready: &Ready, most: usize) -> Vec<(Outcome, String, String)> {
    use std::cell::RefCell;
    use std::rc::Rc;

    use crate::machine::watch::Registry;
    use crate::simulation::turns::Sleeps;

    let registry = Rc::new(RefCell::new(Registry::default()));
    let begun = ready.begun(Sleeps::Ordered);
    'round: loop {
        registry.borrow_mut().begin_round();
        let origin = State::first(begun.clone(), &registry);
        let mut first = origin.clone();
        first.settle();
        let replayer = Replayer::new(ready, &begun, &origin, &first);
        let mut ends = Vec::new();
        let mut stack = vec![(first.clone(), Vec::new())];
        while let Some((state, path)) = stack.pop() {
            let threads: Vec<u32> = match state.turns.end() {
                None => state.options().collect(),
                Some(_) => Vec::new(),
            };
            if threads.is_empty() {
                ends.push(path);
                if ends.len() > most {
                    return Vec::new();
                }
                continue;
            }
            for thread in threads {
                let mut next = state.clone();
                next.step(thread);
                if registry.borrow().stale {
                    continue 'round;
                }
                let mut longer: Vec<u32> = path.clone();
                longer.push(thread);
                stack.push((next, longer));
            }
        }
        let end = |path: &Vec<u32>| {
            let ending = replayer.ending(path, 0, &mut Findings::default());
            (ending.outcome, ending.stdout, ending.stderr)
        };
        return ends.iter().map(end).collect();
    }
}

//! From the graph to what a person is told: outcomes, each with a schedule that replays it, and findings.

use std::collections::BTreeMap;

use super::graph::{Node, Ways};
use super::search::Search;
use super::state::{Order, Run, State, Terminal};
use super::{Count, Ending, Finding, Mode, Report};
use crate::machine::Machine;
use crate::machine::fingerprint::Numbers;
use crate::narration::ENGLISH;
use crate::run::Ready;
use crate::simulation::turns::Turns;
use crate::trace::{Kind, Outcome, Trace};

/// How many outcomes are replayed to be looked at; the others are only counted.
const REPLAYED: usize = 1_000;

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
    for (terminal, (count, node)) in shown.into_iter().take(REPLAYED) {
        let (threads, _) = replayer.threads(&ways.path(node));
        let preemptions = ways.cost(node).0;
        let ending = replayer.ending(&threads, preemptions, terminal, &mut report.findings);
        report.outcomes.push(Ending { count, ..ending });
    }
    sort(&mut report.outcomes);
    races(&replayer, search, &ways, &mut report.findings);
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

/// What replays need.
pub struct Replayer<'a> {
    ready: &'a Ready,
    /// The recorded run up to the first start.
    begun: &'a Turns<Machine>,
    /// Before and after the steps that come before any shared one.
    origin: &'a State,
    first: &'a State,
    clock: bool,
}

impl<'a> Replayer<'a> {
    pub fn new(
        ready: &'a Ready,
        begun: &'a Turns<Machine>,
        origin: &'a State,
        first: &'a State,
    ) -> Replayer<'a> {
        Replayer {
            ready,
            begun,
            origin,
            first,
            clock: origin.turns.engine.watch.registry.borrow().clock,
        }
    }

    /// How the run of a path ends; what its analysis finds is added.
    pub fn ending(
        &self,
        threads: &[u32],
        preemptions: u32,
        terminal: Terminal,
        findings: &mut Vec<Finding>,
    ) -> Ending {
        let (schedule, trace) = self.replay(threads);
        find(findings, &trace, &schedule);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ending {
            outcome: trace.run().outcome,
            stdout: text(trace.stdout()),
            stderr: text(trace.stderr()),
            count: None,
            share: None,
            schedule,
            preemptions,
            wrong: !trace.findings().is_empty(),
            terminal,
        }
    }

    /// The threads of a path that goes by places in the orders of states.
    fn threads(&self, path: &[u16]) -> (Vec<u32>, State) {
        let mut state = self.first.clone();
        let mut numbers = Numbers::since(&self.first.turns.engine);
        let mut order = Order::default();
        let mut threads = Vec::new();
        for &place in path {
            state.fingerprint(&mut numbers, self.clock, &mut order);
            let (.., thread) = order.threads[usize::from(place)];
            state.step(thread);
            threads.push(thread);
        }
        (threads, state)
    }

    /// The schedule of a path, without what goes by the rules, and its run.
    fn replay(&self, threads: &[u32]) -> (String, Trace) {
        let script = self.script(threads);
        let run = self
            .ready
            .replay_from(self.begun.clone(), "", &script, None);
        let schedule = run.trace.string(run.trace.run().schedule).to_owned();
        (schedule, run.trace)
    }

    fn script(&self, threads: &[u32]) -> Vec<(u64, u32)> {
        let mut state = self.origin.clone();
        state.log = Some(Vec::new());
        state.settle();
        for &thread in threads {
            state.step(thread);
        }
        script(state.log.as_deref().unwrap_or_default(), &state)
    }
}

/// The turns of a log as a schedule has them: by tasks. Two of one task may follow each other, the first ending in a wait, after
/// which others would come first by the rules.
pub fn script(log: &[Run], state: &State) -> Vec<Run> {
    let turn = |&(at, thread): &Run| (at, state.task(thread));
    log.iter().map(turn).collect()
}

/// What the analysis of the run found and was not found before.
fn find(findings: &mut Vec<Finding>, trace: &Trace, schedule: &str) {
    for found in trace.findings() {
        let variable = found.subject(trace).unwrap_or_default();
        let kind = found.kind.id();
        let known = |other: &Finding| other.kind == kind && other.variable == variable;
        if !findings.iter().any(known) {
            findings.push(Finding {
                kind,
                message: found.message.text(trace, &ENGLISH),
                variable: variable.to_owned(),
                schedule: schedule.to_owned(),
                steps: found.steps.clone(),
            });
        }
    }
    let run = trace.run();
    if run.outcome == Outcome::Exception {
        let message = trace.string(run.message);
        let known = |other: &Finding| other.kind == "exception" && other.message == message;
        if !findings.iter().any(known) {
            findings.push(Finding {
                kind: "exception",
                message: message.to_owned(),
                variable: String::new(),
                schedule: schedule.to_owned(),
                steps: vec![trace.len()],
            });
        }
    }
}

/// The data races, each with the shortest schedule that leads into it.
fn races(replayer: &Replayer<'_>, search: &Search, ways: &Ways, findings: &mut Vec<Finding>) {
    for (race, places) in &search.races {
        let Some(&(node, one, other)) = places.iter().min_by_key(|(node, ..)| ways.cost(*node))
        else {
            continue;
        };
        let (mut threads, state) = replayer.threads(&ways.path(node));
        let mut numbers = Numbers::since(&replayer.first.turns.engine);
        let mut order = Order::default();
        state.fingerprint(&mut numbers, replayer.clock, &mut order);
        let pair = [one, other].map(|place| order.threads[usize::from(place)].2);
        threads.extend(pair);
        let (schedule, trace) = replayer.replay(&threads);
        let word = |write| if write { "writes" } else { "reads" };
        let tasks = pair.map(|it| state.task(it));
        let names = tasks.map(|it| trace.task(it).name.to_owned());
        let lines = [race.lines.0, race.lines.1];
        let (steps, variable) = match accesses(&trace, tasks, lines) {
            Some((steps, location)) => (steps, trace.location(location).name.to_owned()),
            None => {
                let name = state.turns.engine.location_name(race.location);
                (Vec::new(), name)
            }
        };
        findings.push(Finding {
            kind: "data-race",
            message: format!(
                "{} {} {variable} at line {} while {} {} it at line {}, and nothing says which comes first",
                names[0],
                word(race.writes.0),
                race.lines.0,
                names[1],
                word(race.writes.1),
                race.lines.1,
            ),
            variable,
            schedule,
            steps,
        });
    }
}

/// The last two accesses to one variable that stand side by side, by these tasks at these lines: their steps, and the
/// variable.
fn accesses(trace: &Trace, tasks: [u32; 2], lines: [u32; 2]) -> Option<(Vec<u32>, u32)> {
    let mut last: BTreeMap<u32, (u32, u32, u32)> = BTreeMap::new();
    let mut found = None;
    for step in 1..=trace.len() {
        let Some(event) = trace.get_event(step) else {
            continue;
        };
        if !matches!(event.kind, Kind::Read | Kind::Write) {
            continue;
        }
        let now = (event.task, event.line, step);
        if let Some((task, line, before)) = last.insert(event.a, now)
            && ([task, event.task], [line, event.line]) == (tasks, lines)
        {
            found = Some((vec![before, step], event.a));
        }
    }
    found
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
            let terminal = first.terminal();
            let ending = replayer.ending(path, 0, terminal, &mut Vec::new());
            (ending.outcome, ending.stdout, ending.stderr)
        };
        return ends.iter().map(end).collect();
    }
}

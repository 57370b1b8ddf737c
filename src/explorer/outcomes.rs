//! From the graph to what a person is told: outcomes, each with a schedule that replays it, and findings.

use std::collections::BTreeMap;

use super::graph::{Node, Ways};
use super::search::Search;
use super::state::{Run, State, Terminal};
use super::{Count, Ending, Finding, Report};
use crate::narration::ENGLISH;
use crate::run::Ready;
use crate::schedulers::Schedule;
use crate::simulation::turns::Sleeps;
use crate::trace::{Kind, Outcome, Trace};

/// How many outcomes are replayed to be looked at; the others are only counted.
const REPLAYED: usize = 1_000;

/// All that a search found out.
pub fn report(ready: &Ready<'_>, search: &Search, origin: &State) -> Report {
    let ways = search.graph.ways(search.threads);
    let ends: Vec<Node> = search.ends.iter().map(|&(node, _)| node).collect();
    let counts = match search.incomplete {
        None => search.graph.count(&ends),
        Some(_) => None,
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
    let mut shown: Vec<_> = groups.into_values().collect();
    shown.sort_by_key(|&(_, node)| ways.cost(node));
    let mut report = Report {
        complete: search.incomplete.is_none(),
        incomplete: search.incomplete,
        interleavings,
        states: search.graph.states(),
        transitions: search.graph.transitions(),
        outcomes: Vec::new(),
        findings: Vec::new(),
    };
    for (count, node) in shown.into_iter().take(REPLAYED) {
        let path = ways.path(node);
        let (schedule, trace) = replay(ready, origin, &path);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        report.outcomes.push(Ending {
            outcome: trace.run().outcome,
            stdout: text(trace.stdout()),
            stderr: text(trace.stderr()),
            count,
            schedule: schedule.clone(),
            preemptions: ways.cost(node).0,
            wrong: !trace.findings().is_empty(),
        });
        find(&mut report.findings, &trace, &schedule);
    }
    let bad = |ending: &Ending| ending.outcome == Outcome::Finished;
    report.outcomes.sort_by(|a, b| {
        let frequency = |ending: &Ending| ending.count.as_ref().map_or(0.0, Count::to_f64);
        (bad(a).cmp(&bad(b)))
            .then(frequency(b).total_cmp(&frequency(a)))
            .then(a.stdout.cmp(&b.stdout))
    });
    races(ready, search, origin, &ways, &mut report.findings);
    report
}

/// The schedule of a path, without what goes by the rules, and its run.
fn replay(ready: &Ready<'_>, origin: &State, path: &[u32]) -> (String, Trace) {
    let script = script(ready, origin, path);
    let schedule = Schedule::of_turns(script.clone()).to_string();
    (schedule, ready.replay("", &script).trace)
}

fn script(ready: &Ready<'_>, origin: &State, path: &[u32]) -> Vec<(u64, u32)> {
    let mut state = origin.clone();
    state.log = Some(Vec::new());
    state.settle();
    for &thread in path {
        state.step(thread);
    }
    let mut script: Vec<Run> = Vec::new();
    let mut last = None;
    for &(at, thread) in state.log.iter().flatten() {
        if last != Some(thread) {
            script.push((at, state.task(thread)));
            last = Some(thread);
        }
    }
    let mut needed = Vec::new();
    ready.turns(Sleeps::Ordered).replay(&script, &mut needed);
    needed
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
fn races(
    ready: &Ready<'_>,
    search: &Search,
    origin: &State,
    ways: &Ways,
    findings: &mut Vec<Finding>,
) {
    for (race, places) in &search.races {
        let Some(&(node, one, other)) = places.iter().min_by_key(|(node, ..)| ways.cost(*node))
        else {
            continue;
        };
        let mut path = ways.path(node);
        path.extend([one, other]);
        let (schedule, trace) = replay(ready, origin, &path);
        let variable = origin.turns.engine.location_name(race.location);
        let word = |write| if write { "writes" } else { "reads" };
        let (names, steps) = accesses(&trace, &variable, [one, other].map(|it| task(origin, it)));
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

/// A thread's task: threads that were started later than the first have not been numbered there.
fn task(_origin: &State, thread: u32) -> u32 {
    thread
}

/// The last two accesses to the variable by these tasks that stand side by side.
fn accesses(trace: &Trace, variable: &str, tasks: [u32; 2]) -> (Vec<String>, Vec<u32>) {
    let names = tasks.iter().map(|&it| trace.task(it).name.to_owned());
    let mut last: Option<(u32, u32)> = None;
    let mut steps = Vec::new();
    for step in 1..=trace.len() {
        let Some(event) = trace.get_event(step) else {
            continue;
        };
        let access = matches!(event.kind, Kind::Read | Kind::Write)
            && trace.location(event.a).name == variable;
        if !access {
            continue;
        }
        if let Some((before, by)) = last
            && by == tasks[0]
            && event.task == tasks[1]
        {
            steps = vec![before, step];
        }
        last = Some((step, event.task));
    }
    (names.collect(), steps)
}

//! What is wrong in some order: each finding once, with the shortest schedule that shows it.

use std::collections::BTreeMap;

use super::Finding;
use super::graph::Ways;
use super::replay::Replayer;
use super::search::Search;
use super::windows::{self, Hit, Window};
use super::{lock_order, starvation, wakeups};
use crate::machine::watch::Location;
use crate::narration::ENGLISH;
use crate::trace::{Event, FindingKind, Kind, Outcome, Trace};

/// The findings so far.
#[derive(Default)]
pub struct Findings {
    pub all: Vec<Finding>,
    /// Locks in different orders: worth telling unless every order was gone through and none ended in a deadlock.
    inversions: Vec<Finding>,
    /// The shortest way to each race that clocks tell.
    unordered: BTreeMap<Pair, Way>,
    /// The shortest way to each window that a run showed, by variable and sort.
    hits: BTreeMap<(Location, bool), (Way, Hit)>,
}

/// Two accesses to a variable: the lines and whether they write, the lower line first.
type Pair = (Location, [u32; 2], [bool; 2]);

/// A way to something: by preemptions and then by steps, and the threads that go on.
pub type Way = ((u32, u32), Vec<u32>);

impl Findings {
    /// Adds a finding, unless one of its kind about the same variable is known.
    fn add(&mut self, finding: Finding) {
        let alike = |other: &Finding| {
            (other.kind, &other.variable) == (finding.kind, &finding.variable)
                && (!finding.variable.is_empty() || other.message == finding.message)
        };
        if !self.all.iter().any(alike) {
            self.all.push(finding);
        }
    }

    /// What a run shows. Runs come in the order of their lengths, so the first one is the shortest.
    pub fn of_run(&mut self, trace: &Trace, schedule: &str) {
        let finding = |kind, variable: &str, message: String, steps| Finding {
            kind,
            message,
            variable: variable.to_owned(),
            schedule: schedule.to_owned(),
            steps,
            stacks: Vec::new(),
        };
        for found in trace.findings() {
            let variable = found.subject(trace).unwrap_or_default();
            let mut message = found.message.text(trace, &ENGLISH);
            let steps = found.steps.clone();
            match found.kind {
                // Looked for in all orders, see `windows`.
                FindingKind::LostUpdate => {}
                FindingKind::Deadlock => match wakeups::find(trace) {
                    Some(lost) => {
                        message = [&lost.message, " ", &message].concat();
                        let thing = trace.thing(lost.thing).name;
                        self.add(finding("lost-wakeup", thing, message, lost.steps));
                    }
                    None => self.add(finding("deadlock", variable, message, steps)),
                },
                kind => self.add(finding(kind.id(), variable, message, steps)),
            }
        }
        for (kind, message, step) in failures(trace) {
            self.add(finding(kind, "", message, vec![step]));
        }
        if let Some(found) = lock_order::find(trace) {
            let found = finding("lock-order", &found.variable, found.message, found.steps);
            if !self
                .inversions
                .iter()
                .any(|it| it.variable == found.variable)
            {
                self.inversions.push(found);
            }
        }
    }

    /// What the notes of a way to an end show.
    pub fn of_way(&mut self, replayer: &Replayer<'_>, way: &Way, windows: bool) {
        let (cost, threads) = way;
        for (found, steps) in replayer.unordered(threads) {
            let mut sides = found.sides;
            sides.sort_by_key(|side| (side.line, side.write));
            let pair = (
                found.location,
                sides.map(|it| it.line),
                sides.map(|it| it.write),
            );
            let cost = (cost.0, steps as u32);
            if self.unordered.get(&pair).is_none_or(|known| cost < known.0) {
                self.unordered
                    .insert(pair, (cost, threads[..steps].to_vec()));
            }
        }
        if !windows {
            return;
        }
        let notes: Vec<_> = replayer.notes(threads).into_iter().flatten().collect();
        for hit in windows::in_notes(&notes) {
            let key = (hit.window.location, hit.window.decision.is_some());
            if self.hits.get(&key).is_none_or(|known| *cost < known.0.0) {
                self.hits.insert(key, (way.clone(), hit));
            }
        }
    }

    /// Windows and races that ways to ends showed: all there is without a graph.
    pub fn of_ways(&mut self, replayer: &Replayer<'_>) {
        for ((_, threads), hit) in std::mem::take(&mut self.hits).into_values() {
            self.window(replayer, &hit, &threads);
        }
        for ((location, lines, writes), (_, threads)) in std::mem::take(&mut self.unordered) {
            self.race(replayer, location, lines, writes, &threads);
        }
    }

    /// Data races: those whose threads stand before the two accesses at once, and those that clocks tell from the runs.
    pub fn races(&mut self, replayer: &Replayer<'_>, search: &Search, ways: &Ways) {
        let mut nearest = std::mem::take(&mut self.unordered);
        for (race, places) in &search.races {
            let cost = |&&(node, ..): &&(u32, u16, u16)| (ways.cost(node), node);
            let Some(&(node, one, other)) = places.iter().min_by_key(cost) else {
                continue;
            };
            let way = replayer.follow(&ways.path(node));
            let mut threads = way.threads;
            threads.extend([one, other].map(|place| way.places[usize::from(place)]));
            let key = (race.location, race.lines.into(), race.writes.into());
            nearest.insert(key, (ways.cost(node), threads));
        }
        for ((location, lines, writes), (_, threads)) in nearest {
            self.race(replayer, location, lines, writes, &threads);
        }
    }

    /// A data race that a way shows: the last two accesses to the variable at these lines.
    pub fn race(
        &mut self,
        replayer: &Replayer<'_>,
        location: Location,
        lines: [u32; 2],
        writes: [bool; 2],
        threads: &[u32],
    ) {
        let (schedule, trace) = replayer.replay(threads);
        let name = replayer.name(location);
        let found = accesses(&trace, lines, writes, &name);
        let word = |write| if write { "writes" } else { "reads" };
        let mut steps = Vec::new();
        let mut stacks = Vec::new();
        let mut names = [String::from("one thread"), String::from("another one")];
        let mut variable = name.clone();
        if let Some((both, of)) = found {
            for (at, &step) in both.iter().enumerate() {
                names[at] = trace.task(trace.event(step).task).name.to_owned();
                stacks.push(stack(&trace, step));
            }
            variable = called(name, trace.location(of).name);
            steps = both.to_vec();
            steps.sort_unstable();
        }
        let at = |side: usize| match stacks.get(side).filter(|all| all.len() > 1) {
            Some(all) => format!("line {} ({})", lines[side], all.join(", ")),
            None => format!("line {}", lines[side]),
        };
        let message = format!(
            "{} {} {variable} at {} while {} {} it at {}, and nothing says which comes first",
            names[0],
            word(writes[0]),
            at(0),
            names[1],
            word(writes[1]),
            at(1),
        );
        let same = |other: &Finding| {
            other.kind == "data-race" && other.variable == variable && other.message == message
        };
        if !self.all.iter().any(same) {
            self.all.push(Finding {
                kind: "data-race",
                message,
                variable,
                schedule,
                steps,
                stacks,
            });
        }
    }

    /// Lost updates, and checks that do not hold any more when they are acted on: one of each kind for a variable.
    pub fn windows(&mut self, replayer: &Replayer<'_>, search: &Search) {
        let mut nearest: BTreeMap<(Location, bool), (Way, Window)> = BTreeMap::new();
        for window in windows::candidates(&search.labels) {
            if !windows::exists(&window, &search.graph, &search.labels) {
                continue;
            }
            let Some((cost, path)) = windows::nearest(&window, &search.graph, &search.labels)
            else {
                continue;
            };
            let key = (window.location, window.decision.is_some());
            if nearest.get(&key).is_none_or(|known| cost < known.0.0) {
                let threads = replayer.follow(&path).threads;
                nearest.insert(key, ((cost, threads), window));
            }
        }
        for ((_, threads), window) in nearest.into_values() {
            let notes: Vec<_> = replayer.notes(&threads).into_iter().flatten().collect();
            let hit = windows::in_notes(&notes)
                .into_iter()
                .find(|hit| hit.window == window);
            if let Some(hit) = hit {
                self.window(replayer, &hit, &threads);
            }
        }
    }

    /// A window that a way shows.
    pub fn window(&mut self, replayer: &Replayer<'_>, hit: &Hit, threads: &[u32]) {
        let (schedule, trace) = replayer.replay(threads);
        let Window {
            location,
            line,
            decision,
            ..
        } = hit.window;
        let tasks = [hit.by, hit.intruder].map(|it| replayer.task(threads, it));
        let [who, other] = tasks.map(|it| trace.task(it).name);
        let (acts, wrote) = (hit.acts, hit.wrote);
        let steps = between(&trace, tasks, [line, wrote, acts]);
        let mut variable = replayer.name(location);
        if let Some(&step) = steps.first()
            && let Event {
                kind: Kind::Read,
                a,
                ..
            } = trace.event(step)
        {
            variable = called(variable, trace.location(a).name);
        }
        let (kind, message) = if decision.is_some() {
            let message = format!(
                "{who} looks at {variable} at line {line} and acts on it at line {acts}; {other} changes it in between, at line {wrote}"
            );
            ("check-then-act", message)
        } else {
            let message = format!(
                "{who} reads {variable} at line {line} and writes what it made of it at line {acts}; {other} writes it in between, at line {wrote}, and that is lost"
            );
            ("lost-update", message)
        };
        let known = |it: &Finding| it.kind == kind && it.variable == variable;
        if !self.all.iter().any(known) {
            self.all.push(Finding {
                kind,
                message,
                variable,
                schedule,
                steps,
                stacks: Vec::new(),
            });
        }
    }

    /// Threads that never go on although they could.
    pub fn starvation(&mut self, replayer: &Replayer<'_>, search: &Search, ways: &Ways) {
        for it in starvation::find(&search.graph, search.threads) {
            let mut path = ways.path(it.node);
            let before = path.len();
            path.extend(&it.round);
            let way = replayer.follow(&path);
            let (mut threads, state) = (way.threads, way.state);
            let Some(&thread) = way.places.get(usize::from(it.thread)) else {
                continue;
            };
            // Then it is let go on, if that leads to an end: a run must have one.
            let rest = search.graph.to_an_end(it.node, it.thread);
            if let Some(rest) = rest {
                path.extend(rest);
                threads = replayer.follow(&path).threads;
            }
            let (schedule, trace) = replayer.replay(&threads);
            let task = state.task(thread);
            let last = (1..=trace.len()).find(|&step| {
                let event = trace.event(step);
                event.task == task && matches!(event.kind, Kind::Block | Kind::Begin)
            });
            let round = it.round.len();
            self.add(Finding {
                kind: "starvation",
                message: format!(
                    "{} could go on again and again and never does: after {} steps the others can go round for ever, {round} steps each time, though all of them get their turns",
                    trace.task(task).name,
                    before,
                ),
                variable: String::new(),
                schedule,
                steps: last.into_iter().collect(),
                stacks: Vec::new(),
            });
        }
    }

    /// All of them; `proved`: every order was gone through.
    pub fn finish(mut self, proved: bool) -> Vec<Finding> {
        let deadlocks = self.all.iter().any(|it| it.kind == "deadlock");
        if deadlocks || !proved {
            self.all.append(&mut self.inversions);
        }
        self.all
    }
}

/// Assertions that failed and other exceptions that ended a thread: what sort, what was said, at which step.
fn failures(trace: &Trace) -> Vec<(&'static str, String, u32)> {
    let stderr = String::from_utf8_lossy(trace.stderr()).into_owned();
    let mut texts: Vec<&str> = Vec::new();
    let mut within = false;
    for line in stderr.lines() {
        // A traceback ends with the first line that is not indented.
        if line.starts_with("Traceback ") {
            within = true;
        } else if within && !line.starts_with(' ') {
            texts.push(line);
            within = false;
        }
    }
    let run = trace.run();
    if run.outcome == Outcome::Exception && texts.is_empty() {
        texts.push(trace.string(run.message));
    }
    let mut found = Vec::new();
    for text in texts {
        let name = text.split(':').next().unwrap_or(text);
        let raised = (1..=trace.len()).rev().find(|&step| {
            let event = trace.event(step);
            event.kind == Kind::Raise && name.ends_with(trace.string(event.b))
        });
        let kind = if name == "AssertionError" {
            "assertion"
        } else {
            "exception"
        };
        found.push((kind, text.to_owned(), raised.unwrap_or(trace.len())));
    }
    found
}

/// Of the two names of a variable, that of the program as it is before the threads do anything, unless it says too little.
fn called(own: String, in_trace: &str) -> String {
    if own.starts_with('.') || own.ends_with("[…]") || own.contains(' ') {
        in_trace.to_owned()
    } else {
        own
    }
}

/// The stack of whoever acts at a step, innermost last: "deposit at line 9".
fn stack(trace: &Trace, step: u32) -> Vec<String> {
    let state = trace.state_at(step);
    let task = state.actor(&trace.event(step));
    let frames = state.task(task).frames.iter();
    let shown = frames.map(|frame| {
        let name = match trace.string(frame.name) {
            "" => "the module",
            name => name,
        };
        format!("{name} at line {}", frame.line)
    });
    shown.collect()
}

/// The last two accesses to one variable, one after the other, of these sorts and at these lines, by different tasks: their steps in the
/// order of the lines, and the variable.
fn accesses(
    trace: &Trace,
    lines: [u32; 2],
    writes: [bool; 2],
    name: &str,
) -> Option<([u32; 2], u32)> {
    let fits = |step: u32, side: usize| {
        let event = trace.event(step);
        (event.line, event.kind == Kind::Write) == (lines[side], writes[side])
    };
    // By variable and task, the last access.
    let mut last: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
    let mut found = None;
    for step in 1..=trace.len() {
        let event = trace.event(step);
        if !matches!(event.kind, Kind::Read | Kind::Write) {
            continue;
        }
        let own = last.entry(event.a).or_default();
        for (_, &before) in own.iter().filter(|&(&task, _)| task != event.task) {
            let both = if fits(before, 0) && fits(step, 1) {
                [before, step]
            } else if fits(before, 1) && fits(step, 0) {
                [step, before]
            } else {
                continue;
            };
            let known = found.is_some() && trace.location(event.a).name != name;
            if !known {
                found = Some((both, event.a));
            }
        }
        own.insert(event.task, step);
    }
    found
}

/// The steps of the read, of what comes in between and of what is done because of it, by the first task, the second and the first
/// again, at these lines. Containers have no events of their own: their lines stand for them.
fn between(trace: &Trace, tasks: [u32; 2], lines: [u32; 3]) -> Vec<u32> {
    let exact = |kind: Kind| matches!(kind, Kind::Read | Kind::Write);
    let lined = |kind: Kind| kind == Kind::Line;
    for counts in [&exact as &dyn Fn(Kind) -> bool, &lined] {
        let (mut read, mut wrote) = (None, None);
        let mut variable = None;
        for step in 1..=trace.len() {
            let event = trace.event(step);
            if !counts(event.kind) {
                continue;
            }
            let (own, write) = (event.task == tasks[0], event.kind == Kind::Write);
            let same = event.kind == Kind::Line || variable == Some(event.a);
            if own
                && event.line == lines[2]
                && (write || !exact(event.kind))
                && same
                && let (Some(read), Some(wrote)) = (read, wrote)
            {
                return vec![read, wrote, step];
            }
            let writes = write || !exact(event.kind);
            if own && event.line == lines[0] && !write {
                (read, wrote, variable) = (Some(step), None, Some(event.a));
            } else if event.task == tasks[1]
                && event.line == lines[1]
                && same
                && writes
                && read.is_some()
            {
                wrote = Some(step);
            }
        }
    }
    // The second may have come while the first stood at its line already.
    let at = |task, line| {
        (1..=trace.len()).rev().find(|&step| {
            let event = trace.event(step);
            (event.kind, event.task, event.line) == (Kind::Line, task, line)
        })
    };
    let all = [
        at(tasks[0], lines[0]),
        at(tasks[1], lines[1]),
        at(tasks[0], lines[2]),
    ];
    let mut steps: Vec<u32> = all.into_iter().flatten().collect();
    steps.sort_unstable();
    steps
}

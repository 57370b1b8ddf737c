//! From a path through the graph to a schedule and the run that it gives.

use super::Ending;
use super::findings::Findings;
use super::graph::{Step, pick_of, place_of};
use super::happens_before::{HappensBefore, Unordered};
use super::state::{Order, Run, State};
use crate::machine::Machine;
use crate::machine::fingerprint::Numbers;
use crate::machine::watch::{Location, Note, Trail};
use crate::run::Ready;
use crate::schedulers::PICK;
use crate::simulation::turns::Turns;
use crate::trace::{Outcome, Trace};

/// How many instructions a run executes after the last turn of its schedule: an endless one is cut off.
const LONGEST: u64 = 1_000_000;

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
    pub fn ending(&self, threads: &[u32], preemptions: u32, findings: &mut Findings) -> Ending {
        let (schedule, trace) = self.replay(threads);
        findings.of_run(&trace, &schedule);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let outcome = trace.run().outcome;
        let mut stderr = text(trace.stderr());
        if outcome == Outcome::Rejected {
            stderr += trace.string(trace.run().message);
        }
        Ending {
            outcome,
            stdout: text(trace.stdout()),
            stderr,
            count: None,
            share: None,
            schedule,
            preemptions,
            steps: trace.len(),
            wrong: !trace.findings().is_empty(),
            terminal: None,
        }
    }

    /// The threads of a path that goes by places in the orders of states.
    pub fn threads(&self, path: &[Step]) -> (Vec<u32>, State) {
        let mut state = self.first.clone();
        let mut numbers = Numbers::since(&self.first.turns.engine);
        let mut order = Order::default();
        let mut threads = Vec::new();
        for &step in path {
            state.fingerprint(&mut numbers, self.clock, &mut order);
            let (.., thread) = order.threads[usize::from(place_of(step))];
            let step = thread | pick_of(step) << 16;
            state.step(step);
            threads.push(step);
        }
        (threads, state)
    }

    /// The schedule of a path, without what goes by the rules, and its run.
    pub fn replay(&self, threads: &[u32]) -> (String, Trace) {
        let script = self.script(threads);
        let mut begun = self.begun.clone();
        begun.stop_after(script.last().map_or(0, |run| run.0) + LONGEST);
        let run = self.ready.replay_from(begun, "", &script, None);
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

    /// The state's threads in its order.
    pub fn order(&self, state: &State) -> Order {
        let mut numbers = Numbers::since(&self.first.turns.engine);
        let mut order = Order::default();
        state.fingerprint(&mut numbers, self.clock, &mut order);
        order
    }

    /// What the threads do on the way, step by step.
    pub fn notes(&self, threads: &[u32]) -> Vec<Vec<Note>> {
        let mut state = self.origin.clone();
        state.turns.engine.watch.trail = Some(Trail {
            order: true,
            ..Trail::default()
        });
        let mut all = Vec::new();
        let mut take = |state: &mut State| {
            let trail = state.turns.engine.watch.trail.as_mut();
            all.push(
                trail
                    .map(|trail| std::mem::take(&mut trail.notes))
                    .unwrap_or_default(),
            );
        };
        state.settle();
        take(&mut state);
        for &thread in threads {
            state.step(thread);
            take(&mut state);
        }
        all
    }

    /// What nothing orders on the way, and after how many steps that shows.
    pub fn unordered(&self, threads: &[u32]) -> Vec<(Unordered, usize)> {
        let mut all = HappensBefore::default();
        self.notes(threads).iter().for_each(|notes| all.step(notes));
        // The first notes are of what comes before any step.
        all.found
            .into_iter()
            .map(|(it, steps)| (it, steps - 1))
            .collect()
    }

    /// What a person calls a location.
    pub fn name(&self, location: Location) -> String {
        self.first.turns.engine.location_name(location)
    }

    /// The task that a thread is in the trace, after these steps.
    pub fn task(&self, threads: &[u32], thread: u32) -> u32 {
        let mut state = self.origin.clone();
        state.settle();
        threads.iter().for_each(|&it| state.step(it));
        state.task(thread)
    }
}

/// The turns of a log as a schedule has them: by tasks. Two of one task may follow each other, the first ending in a wait, after
/// which others would come first by the rules.
pub fn script(log: &[Run], state: &State) -> Vec<Run> {
    let mut script: Vec<Run> = Vec::with_capacity(log.len());
    let mut last = None;
    for (place, &(at, thread)) in log.iter().enumerate() {
        if thread >= PICK {
            script.push((at, thread));
            continue;
        }
        // A thread whose loop picks timers does so, and goes on after it, without being named again.
        let mut around = log[place.saturating_sub(1)..].iter().take(3);
        let picks = around.any(|other| other.1 >= PICK);
        if !picks || last != Some(thread) {
            script.push((at, state.task(thread)));
        }
        last = Some(thread);
    }
    script
}

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

/// Where a path leads.
pub struct Followed {
    /// The steps by threads.
    pub threads: Vec<u32>,
    pub state: State,
    /// The threads by their places there.
    pub places: Vec<u32>,
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

    /// Follows a path that goes by places in the orders of states.
    pub fn follow(&self, path: &[Step]) -> Followed {
        let mut state = self.first.clone();
        let mut numbers = Numbers::since(&self.first.turns.engine);
        let mut order = Order::default();
        let mut threads = Vec::new();
        state.fingerprint(&mut numbers, self.clock, &mut order);
        let mut places = order.places(None, &[]);
        for &step in path {
            let thread = places[usize::from(place_of(step))];
            let step = thread | pick_of(step) << 16;
            state.step(step);
            threads.push(step);
            state.fingerprint(&mut numbers, self.clock, &mut order);
            places = order.places(Some(thread), &places);
        }
        Followed {
            threads,
            state,
            places,
        }
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
    let turn = |&(at, it): &Run| (at, if it < PICK { state.task(it) } else { it });
    log.iter().map(turn).collect()
}

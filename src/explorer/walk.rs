//! Walks: one order, choice by choice. What can go on at each choice, where it may lead, how to come back to it.

use super::Explored;
use super::count::Count;
use super::graph::{Node, step_of};
use super::replay::script;
use super::state::{Order, Run, State, pick_of, thread_of};
use crate::machine::fingerprint::Numbers;
use crate::machine::value::Value;
use crate::machine::watch::Place;
use crate::run::AHEAD;
use crate::schedulers::{PICK, Schedule};
use crate::simulation::Engine;
use crate::simulation::turns::At;
use crate::trace::{ThingId, Trace};

/// A walk that has come so far is not followed further.
const LONGEST: usize = 20_000;

/// One who can go on at a choice, and what it does then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its number in the trace.
    pub task: u32,
    /// The step: its number among the threads, and what its event loop picks.
    pub thread: u32,
    pub line: u32,
    pub deed: Deed,
    /// It takes a lock and does nothing else: having waited for that before is no operation.
    pub takes_only: bool,
}

/// The shared operation that a thread stands before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Reads(String),
    Writes(String),
    /// It looks for a name in the directory.
    Finds(String),
    /// It makes, changes or removes one.
    Names(String),
    /// It takes, releases or notifies something, by the number of the thing if that is known.
    Takes(ThingId),
    Prints,
    /// Its event loop takes one of the timers that are due, by its place in their order, from 1.
    Timer(u32),
    /// Its event loop leaves the other timers for a later iteration.
    Holds,
    /// What it waited for has come.
    GoesOn,
}

/// A walk: the threads that were let go on, one after the other, and who could have.
#[derive(Clone)]
pub struct Walk {
    pub picks: Vec<u32>,
    /// Who could go on at each pick, and where the log stood.
    pub past: Vec<(Vec<Turn>, usize)>,
    /// Who can go on now; nobody where the run is over.
    pub turns: Vec<Turn>,
    /// The state, and where it is in the graph, if that is known.
    state: State,
    node: Option<Node>,
    /// The same with a log: here no threads are taken for interchangeable, for the sake of what a replay does by itself.
    logged: State,
}

impl Explored {
    /// Lets threads go on in this order; those that cannot are passed over.
    pub fn walk(&self, picks: &[u32]) -> Walk {
        let mut logged = self.origin.clone();
        logged.log = Some(Vec::new());
        logged.settle();
        let mut walk = Walk {
            picks: Vec::new(),
            past: Vec::new(),
            turns: Vec::new(),
            state: self.first.clone(),
            node: Some(0),
            logged,
        };
        walk.look();
        for &thread in picks {
            self.step(&mut walk, thread);
        }
        walk
    }

    /// Lets a thread go on, if it can. Whether it did.
    pub fn step(&self, walk: &mut Walk, thread: u32) -> bool {
        if walk.picks.len() >= LONGEST || !walk.turns.iter().any(|it| it.thread == thread) {
            return false;
        }
        let turns = std::mem::take(&mut walk.turns);
        walk.past.push((turns, walk.log().len()));
        walk.picks.push(thread);
        walk.node = walk
            .node
            .and_then(|node| self.next(node, &mut walk.state, thread));
        for state in [&mut walk.state, &mut walk.logged] {
            state.step(thread);
            // Where not everything was explored, something may turn out to be shared only now: it makes no choices.
            if std::mem::take(&mut self.registry.borrow_mut().stale) {
                state.settle();
            }
        }
        walk.look();
        true
    }

    /// Where a thread's step leads in the graph.
    fn next(&self, node: Node, state: &mut State, thread: u32) -> Option<Node> {
        let mut numbers = Numbers::since(&self.first.turns.engine);
        let clock = self.registry.borrow().clock;
        let mut order = Order::default();
        state.fingerprint(&mut numbers, clock, &mut order);
        let step = step_of(order.rank(thread_of(thread)), pick_of(thread));
        let mut edges = self.search.graph.edges(node).iter();
        edges.find(|edge| edge.step == step).map(|edge| edge.to)
    }

    /// Goes on to where there is a choice, or to the end.
    pub fn to_choice(&self, walk: &mut Walk) {
        while let [only] = &walk.turns[..] {
            let thread = only.thread;
            if !self.step(walk, thread) {
                return;
            }
        }
    }

    /// Goes on to the end: whoever ran goes on as long as it can.
    pub fn to_end(&self, walk: &mut Walk) {
        while let Some(first) = walk.turns.first() {
            let last = walk.picks.last().copied();
            let same = walk.turns.iter().find(|it| Some(it.thread) == last);
            let thread = same.unwrap_or(first).thread;
            if !self.step(walk, thread) {
                return;
            }
        }
    }

    /// The picks before the last choice; None if there was none.
    pub fn undo(walk: &Walk) -> Option<&[u32]> {
        let at = walk.past.iter().rposition(|(turns, _)| turns.len() > 1)?;
        Some(&walk.picks[..at])
    }

    /// The picks of the walk with another one at this place: whoever is let go on there does so one step sooner than it did, and
    /// all else stays as it was as far as it can.
    pub fn fork(&self, walk: &Walk, at: usize, thread: u32) -> Walk {
        let mut picks = walk.picks.clone();
        if let Some(later) = picks[at..].iter().position(|&it| it == thread) {
            picks.remove(at + later);
        }
        picks.insert(at, thread);
        let mut fork = self.walk(&picks);
        self.to_end(&mut fork);
        fork
    }

    /// The run as far as the walk goes: to the end, or to the choice at which it is. Its schedule leads there.
    pub fn run(&self, walk: &Walk) -> Trace {
        let script = script(walk.log(), &walk.logged);
        let stop = (!walk.turns.is_empty()).then(|| walk.at());
        let run = self
            .ready
            .replay_from(self.begun.clone(), "", &script, stop);
        run.trace
    }

    /// How many steps the run has before each pick.
    pub fn steps(&self, walk: &Walk) -> Vec<u32> {
        let log = walk.log();
        let mut turns = self.begun.clone();
        let mut events = Vec::new();
        for (at, &(_, thread)) in log.iter().enumerate() {
            events.push(turns.engine.events());
            if thread >= PICK {
                if let Some(of) = turns.polling(0) {
                    turns.pick(of, thread);
                }
                continue;
            }
            if turns.end().is_some() || thread as usize >= turns.threads.len() {
                break;
            }
            let executed = turns.engine.executed();
            let next = log.get(at + 1).filter(|next| next.1 < PICK);
            let next = next.map(|&(next, _)| next);
            turns.turn(thread, next.map(|next| next.saturating_sub(executed)));
        }
        let last = turns.engine.events();
        let step = |&(_, log): &(_, usize)| events.get(log).copied().unwrap_or(last);
        let recorded: Vec<u32> = walk.past.iter().map(step).collect();
        turns.go_on(AHEAD);
        turns.engine.recorder.steps(&recorded)
    }

    /// In how many orders the program ends with each of the report's outcomes from where the walk is; None where that is not known.
    pub fn reach(&self, walk: &Walk) -> Option<Vec<Count>> {
        let node = walk.node?;
        if self.search.incomplete.is_some() {
            return None;
        }
        let ends: Vec<_> = self.search.ends.iter().map(|&(node, _)| node).collect();
        let counts = self.search.graph.count(node, &ends)?;
        let mut sums = vec![Count::ZERO; self.report.outcomes.len()];
        for ((_, terminal), count) in self.search.ends.iter().zip(&counts) {
            let outcomes = self.report.outcomes.iter();
            if let Some(at) = outcomes
                .clone()
                .position(|it| it.terminal == Some(*terminal))
            {
                sums[at].add(count);
            }
        }
        Some(sums)
    }

    /// The walk that a schedule of turns describes, if it is one of this program.
    pub fn find(&self, schedule: &str) -> Option<Walk> {
        let schedule = Schedule::parse(schedule).ok()?;
        let mut taken = Vec::new();
        let mut turns = self.begun.clone();
        turns.replay(
            schedule.turns()?,
            schedule.stop(),
            &mut Vec::new(),
            &mut taken,
        );
        let mut walk = self.walk(&[]);
        let turns_of = |walk: &Walk| {
            let mut script = script(walk.log(), &walk.logged);
            script.dedup_by(|one, before| one.1 == before.1 && one.1 < PICK);
            script
        };
        let fits = |walk: &Walk| {
            let script = turns_of(walk);
            // Nor has it gone on for longer than until the next turn.
            let next = taken.get(script.len());
            if next.is_some_and(|&(at, _)| walk.at() > at) {
                return false;
            }
            // Turns by the rules at the very stop are not in the schedule.
            let (same, more) = script.split_at(script.len().min(taken.len()));
            taken.starts_with(same) && more.iter().all(|&(at, _)| Some(at) == schedule.stop())
        };
        // In the last turns nothing of the program may be executed.
        let is_there = |walk: &Walk| {
            let stop = schedule.stop();
            stop.is_some_and(|stop| walk.at() >= stop) && turns_of(walk).len() >= taken.len()
        };
        while !walk.turns.is_empty() && !is_there(&walk) {
            let next = walk.turns.iter().find_map(|turn| {
                let mut next = walk.clone();
                (self.step(&mut next, turn.thread) && fits(&next)).then_some(next)
            });
            walk = next?;
        }
        Some(walk)
    }
}

impl Walk {
    /// Instructions executed so far, leaving aside what threads executed beyond their last preemption point.
    fn at(&self) -> u64 {
        self.logged.now()
    }

    fn log(&self) -> &[Run] {
        self.logged.log.as_deref().unwrap_or_default()
    }

    /// Finds who can go on.
    fn look(&mut self) {
        let state = &self.state;
        if state.turns.end().is_none() {
            self.turns = state.options().map(|it| turn(state, it)).collect();
        }
    }
}

/// What a thread does when it goes on.
fn turn(state: &State, step: u32) -> Turn {
    let thread = thread_of(step);
    let machine = &state.turns.engine;
    let thing = |lock: Value| machine.lock_thing(thread, lock);
    let pause = &state.pauses[thread as usize];
    let deed = match (pause, state.turns.threads[thread as usize]) {
        (Some(pause), _) => {
            let name = || machine.location_name(pause.access.location);
            match pause.access.location.kind {
                Place::Sync => Deed::Takes(thing(pause.wants)),
                Place::Outside | Place::Ends => {
                    Deed::Takes(machine.outside_thing(pause.access.location))
                }
                Place::Output => Deed::Prints,
                Place::Path | Place::Directory if pause.access.write => Deed::Names(name()),
                Place::Path | Place::Directory => Deed::Finds(name()),
                _ if pause.access.write => Deed::Writes(name()),
                _ => Deed::Reads(name()),
            }
        }
        (None, At::Pick | At::Poll { .. }) if pick_of(step) > 0 => Deed::Timer(pick_of(step)),
        (None, At::Pick) => Deed::Holds,
        (None, At::Lock { lock, .. }) => Deed::Takes(thing(lock)),
        _ => Deed::GoesOn,
    };
    Turn {
        task: state.task(thread),
        thread: step,
        line: machine.line(thread),
        deed,
        takes_only: pause.is_some_and(|pause| !pause.wants.is_null()),
    }
}

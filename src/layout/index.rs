//! What a run's timeline is made of, folded from its events once: per lane the intervals, sorted, ready for binary search.

use super::fold::Fold;
use super::order::sort_by_key;
use super::rows::{Row, RowKind, Rows};
use crate::trace::{Ending, TaskId, TaskKind, Trace, Wait};

/// What a task does during a span. Each is drawn with a pattern of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    /// In native code, without the GIL.
    Native,
    /// Inside a blocking call; its event loop stands still.
    Stalled,
    /// Could run: waits for a core, or its turn in the loop.
    Ready,
    /// Waits for the GIL.
    Gil,
    /// Waits for a lock or a semaphore.
    Locked,
    /// An asyncio task, suspended at an await.
    Suspended,
    /// A thread that sleeps, joins, waits for a reply ...
    Waiting,
}

impl Phase {
    /// All of them, in the order of the legend.
    pub const ALL: [Phase; 8] = [
        Phase::Running,
        Phase::Native,
        Phase::Stalled,
        Phase::Ready,
        Phase::Gil,
        Phase::Locked,
        Phase::Suspended,
        Phase::Waiting,
    ];
}

/// A stretch of time during which a task does one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Virtual nanoseconds.
    pub start: u64,
    pub end: u64,
    /// The steps that begin and end it.
    pub first: u32,
    pub last: u32,
    pub phase: Phase,
    /// What is waited for, if anything.
    pub wait: Option<Wait>,
    /// The thing or task of the wait, as in the event.
    pub on: u32,
    /// Who held it when the wait began, or `NO_TASK`.
    pub holder: TaskId,
}

/// From this step on the task is at this line, or inside this workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub step: u32,
    pub line: u32,
    /// The workload as written, a string of the trace; 0 for none.
    pub work: u32,
}

/// A task's row.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    pub task: TaskId,
    pub spans: Vec<Span>,
    pub places: Vec<Place>,
    /// The steps of its reads and writes of shared variables.
    pub accesses: Vec<u32>,
    /// When, at which step and how it ended.
    pub ending: Option<(u64, u32, Ending)>,
}

/// A lost update: the steps of the read, of the write in between, and of the write that it did not know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Race {
    pub read: u32,
    pub between: u32,
    pub write: u32,
}

/// One task makes another go on, at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub step: u32,
    pub from: TaskId,
    pub to: TaskId,
}

/// A run, arranged for drawing. Built once per trace; laying out a viewport then only looks at what it shows.
#[derive(Clone, Debug)]
pub struct Index {
    /// Up to where it is drawn, in virtual nanoseconds: the run's end, or after a deadlock somewhat later, so that the
    /// waits that never end are seen.
    pub end: u64,
    /// When the run ended.
    pub over: u64,
    /// In the order they are shown.
    pub(super) lanes: Vec<Lane>,
    /// How many of the lanes before the nth need room for reads and writes.
    pub(super) tall: Vec<u32>,
    /// By task: its lane, or `NO_LANE`.
    lane_of: Vec<u32>,
    pub(super) rows: Vec<Row>,
    /// The steps at which somebody asked for the GIL.
    pub(super) requests: Vec<u32>,
    /// Sorted by the read.
    pub(super) races: Vec<Race>,
    /// The most steps between a race's read and its write.
    pub(super) longest_race: u32,
    /// All steps of races, sorted.
    pub(super) proofs: Vec<u32>,
    pub(super) links: Vec<Link>,
    /// Whether reads and writes concern more than one variable.
    pub(super) many_variables: bool,
}

const NO_LANE: u32 = u32::MAX;
/// Up to here the main thread's lane comes last, after those it starts; longer lists begin with it.
const FEW_LANES: usize = 8;

impl Index {
    /// Folds all events of the trace.
    pub fn new(trace: &Trace) -> Index {
        let mut fold = Fold::new(trace);
        for step in 1..=trace.len() {
            fold.apply(step, &trace.event(step));
        }
        fold.finish()
    }

    /// An index to be filled by a fold, with a lane for each task.
    pub(super) fn empty(tasks: u32) -> Index {
        Index {
            end: 0,
            over: 0,
            lanes: (0..tasks)
                .map(|task| Lane {
                    task,
                    ..Lane::default()
                })
                .collect(),
            tall: Vec::new(),
            lane_of: Vec::new(),
            rows: Vec::new(),
            requests: Vec::new(),
            races: Vec::new(),
            longest_race: 0,
            proofs: Vec::new(),
            links: Vec::new(),
            many_variables: false,
        }
    }

    /// Chooses and orders what is shown, once all is known.
    pub(super) fn arrange(&mut self, trace: &Trace, rows: Rows) {
        self.rows = rows.finish();
        let threads = self
            .lanes
            .iter()
            .filter(|lane| is_thread(trace, lane.task) && !lane.spans.is_empty())
            .count();
        let loops = self
            .rows
            .iter()
            .any(|row| matches!(row.kind, RowKind::Loop(_)));
        // With a loop and no second thread, the loop's row says all about the core and the GIL.
        let alone = loops && threads < 2;
        self.rows.retain(|row| {
            !row.turns.is_empty() && (!alone || matches!(row.kind, RowKind::Loop(_)))
        });
        for row in &mut self.rows {
            if let RowKind::Loop(thread) = row.kind {
                let lane = &mut self.lanes[thread as usize];
                row.add_own(&lane.spans, thread);
                // It did nothing but run its loop and what its row now shows: waiting for other threads is worth a lane.
                let waited = |span: &Span| {
                    !matches!(
                        span.wait,
                        None | Some(Wait::Write | Wait::Native | Wait::Sleep)
                    )
                };
                if !lane.spans.iter().any(waited) {
                    lane.spans.clear();
                }
            }
        }
        let tasks = self.lanes.len();
        self.lanes.retain(|lane| !lane.spans.is_empty());
        // The threads of a process stand together.
        let of = processes(trace);
        sort_by_key(&mut self.lanes, |lane| of[lane.task as usize].into());
        if self.lanes.len() <= FEW_LANES && self.lanes.first().is_some_and(|lane| lane.task == 0) {
            self.lanes.rotate_left(1);
        }
        self.lane_of = vec![NO_LANE; tasks];
        self.tall = vec![0];
        for (i, lane) in self.lanes.iter().enumerate() {
            self.lane_of[lane.task as usize] = i as u32;
            self.tall
                .push(self.tall[i] + !lane.accesses.is_empty() as u32);
        }
        sort_by_key(&mut self.races, |race| race.read.into());
        self.longest_race = self
            .races
            .iter()
            .map(|race| race.write - race.read)
            .max()
            .unwrap_or(0);
        self.proofs = self
            .races
            .iter()
            .flat_map(|race| [race.read, race.between, race.write])
            .collect();
        sort_by_key(&mut self.proofs, |&step| step.into());
        self.proofs.dedup();
        self.many_variables = (0..trace.location_count())
            .filter(|&location| trace.location(location).shared)
            .count()
            > 1;
    }

    /// The place of a task's lane, if it has one.
    pub(super) fn lane_of(&self, task: TaskId) -> Option<usize> {
        self.lane_of
            .get(task as usize)
            .filter(|&&lane| lane != NO_LANE)
            .map(|&lane| lane as usize)
    }

    /// The tasks that have a lane, from the top.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> + '_ {
        self.lanes.iter().map(|lane| lane.task)
    }
}

impl Lane {
    /// Where the task was during the steps of a span: the place at its begin, then the new ones.
    pub(super) fn places(&self, span: &Span) -> &[Place] {
        let from = self
            .places
            .partition_point(|place| place.step <= span.first)
            .saturating_sub(1);
        let to = self
            .places
            .partition_point(|place| place.step < span.last.max(span.first + 1));
        &self.places[from..to.max(from)]
    }

    /// The spans that overlap these instants: the first one, and one after the last.
    pub(super) fn visible(&self, from: f64, to: f64) -> std::ops::Range<usize> {
        let first = self.spans.partition_point(|span| (span.end as f64) < from);
        let last = self.spans.partition_point(|span| span.start as f64 <= to);
        first..last.max(first)
    }
}

/// The process of each task, by its number.
fn processes(trace: &Trace) -> Vec<u32> {
    let (mut of, mut last) = (Vec::new(), 0);
    for task in 0..trace.task_count() {
        let record = trace.task(task);
        last += u32::from(record.kind == TaskKind::Process);
        of.push(match record.kind {
            TaskKind::Process => last,
            _ => *of.get(record.parent as usize).unwrap_or(&0),
        });
    }
    of
}

/// Whether the task is a thread, and so waits for a core when it is ready.
pub(super) fn is_thread(trace: &Trace, task: TaskId) -> bool {
    trace.task(task).kind != TaskKind::Coroutine
}

//! Takes the events of a run while it happens. The hot path is [`Recorder::push`]; all analysis waits for the end.

use super::event::*;
use super::reader::Trace;
use super::strings::Strings;

/// How many events of detail (lines, calls, reads, writes) are kept before the trace gets coarser.
pub const DETAIL: u32 = 1_000_000;

/// What is known of a task when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRecord {
    pub kind: TaskKind,
    /// As the program sees it: "MainThread", "Thread-1 (deposit)", "Task-2".
    pub name: StringId,
    /// What it runs, as in a stack: "deposit(2)".
    pub label: StringId,
    /// Who created it; [`NO_TASK`] for the main thread.
    pub parent: TaskId,
    /// The thread whose event loop steps it; [`NO_TASK`] for a thread.
    pub host: TaskId,
}

/// A line of the source that is marked before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// From 1.
    pub line: u32,
    pub kind: MarkKind,
}

/// What is known of the run when it is over. Durations are virtual nanoseconds.
#[derive(Clone, Debug)]
pub struct Summary {
    pub source: String,
    pub file: String,
    pub title: String,
    /// The runtime's id: "asyncio", "threads", "free-threaded".
    pub runtime: String,
    /// The version whose rules hold: "3.12".
    pub python: String,
    pub schedule: String,
    pub outcome: Outcome,
    /// Why the run stopped, unless it simply finished.
    pub message: String,
    /// Whether there is a GIL.
    pub gil: bool,
    pub cores: u32,
    pub seed: u64,
    pub switch_interval: u64,
    pub quantum: u64,
    pub cost_instruction: u64,
    pub cost_switch: u64,
    /// When the run ended.
    pub time: u64,
    /// Instructions executed.
    pub instructions: u64,
    pub marks: Vec<Mark>,
}

impl Default for Summary {
    fn default() -> Summary {
        Summary {
            source: String::new(),
            file: String::new(),
            title: String::new(),
            runtime: String::new(),
            python: String::new(),
            schedule: String::new(),
            outcome: Outcome::Finished,
            message: String::new(),
            gil: true,
            cores: 1,
            seed: 0,
            switch_interval: 5_000_000,
            quantum: 0,
            cost_instruction: 0,
            cost_switch: 0,
            time: 0,
            instructions: 0,
            marks: Vec::new(),
        }
    }
}

/// Of so many things it is known whether their names are taken.
const THINGS: usize = 1_000;

/// Records a run. Copies are cheap as long as little was recorded; one that is off records nothing, but still
/// numbers tasks, things and locations, so that whoever drives it need not care.
#[derive(Clone)]
pub struct Recorder {
    on: bool,
    /// Detail is recorded, or the first that is not must be noted.
    detail: bool,
    detail_left: u32,
    /// The first step from which detail is missing; 0 if none is.
    pub(super) coarse_from: u32,
    pub(super) events: Vec<Event>,
    pub(super) strings: Strings,
    pub(super) tasks: Vec<TaskRecord>,
    pub(super) things: Vec<(ThingKind, StringId)>,
    pub(super) locations: Vec<(LocationKind, StringId)>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// Tasks, things, locations, bytes of stdout and of stderr so far: they count on when nothing is recorded.
    counts: [u32; 5],
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder::new()
    }
}

impl Recorder {
    /// A recorder that keeps up to [`DETAIL`] events of detail.
    pub fn new() -> Recorder {
        Recorder::with_detail(DETAIL)
    }

    /// A recorder that keeps up to `detail` lines, calls, reads and writes; everything else is always kept.
    pub fn with_detail(detail: u32) -> Recorder {
        Recorder {
            on: true,
            detail: true,
            detail_left: detail,
            coarse_from: 0,
            events: Vec::new(),
            strings: Strings::default(),
            tasks: Vec::new(),
            things: Vec::new(),
            locations: Vec::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            counts: [0; 5],
        }
    }

    /// A recorder that records nothing; it never allocates.
    pub fn off() -> Recorder {
        Recorder {
            on: false,
            detail: false,
            ..Recorder::with_detail(0)
        }
    }

    /// Stops recording and forgets what was recorded; tasks, things and locations are numbered on.
    pub fn silence(&mut self) {
        *self = Recorder {
            counts: self.counts,
            ..Recorder::off()
        };
    }

    /// Whether it records. Ask before preparing what only a trace needs, a value's `repr` for example.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Whether lines, calls, reads and writes are still recorded. Ask before preparing them.
    #[inline]
    pub fn wants_detail(&self) -> bool {
        self.detail
    }

    /// Records an event. Returns its index + 1 (which a later `Write` names as its origin in `b`), 0 if it was left out.
    #[inline]
    pub fn push(&mut self, event: Event) -> u32 {
        if event.kind.is_detail() {
            if self.detail_left == 0 {
                return self.leave_out();
            }
            self.detail_left -= 1;
        } else if !self.on {
            return 0;
        }
        self.events.push(event);
        self.events.len() as u32
    }

    #[cold]
    fn leave_out(&mut self) -> u32 {
        if self.coarse_from == 0 {
            self.coarse_from = self.events.len() as u32 + 1;
        }
        self.detail = false;
        0
    }

    /// The events from that one on are stamped with numbers of executed instructions: gives them times. The instruction of
    /// number `at` begins at `start`.
    pub fn place(&mut self, from: u32, start: u64, at: u64, cost: u64) {
        for event in self.events.get_mut(from as usize..).unwrap_or_default() {
            event.time = start + event.time.saturating_sub(at) * cost;
        }
    }

    /// How many events are recorded.
    pub fn len(&self) -> u32 {
        self.events.len() as u32
    }

    /// Whether no event is recorded.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The number of a string; the same for the same text. 0 for the empty string, and always when off.
    pub fn string(&mut self, text: &str) -> StringId {
        if self.on {
            self.strings.intern(text)
        } else {
            0
        }
    }

    /// The number of a string that is most likely new, so it is not looked for.
    pub fn fresh_string(&mut self, text: &str) -> StringId {
        if self.on { self.strings.add(text) } else { 0 }
    }

    /// The string with this number.
    pub fn text(&self, id: StringId) -> &str {
        if self.on { self.strings.get(id) } else { "" }
    }

    /// Numbers a new task, from 0, which is the main thread.
    pub fn task(&mut self, record: TaskRecord) -> TaskId {
        if self.on {
            self.tasks.push(record);
        }
        self.count(0, 1)
    }

    /// Gives a task another name.
    pub fn rename(&mut self, task: TaskId, name: &str) {
        let name = self.string(name);
        if let Some(record) = self.tasks.get_mut(task as usize) {
            record.name = name;
        }
    }

    /// Says what a task runs: "deposit(2)".
    pub fn relabel(&mut self, task: TaskId, label: &str) {
        let label = self.string(label);
        if let Some(record) = self.tasks.get_mut(task as usize) {
            record.label = label;
        }
    }

    /// Numbers a new thing that tasks wait for or hold, from 1.
    pub fn thing(&mut self, kind: ThingKind, name: &str) -> ThingId {
        let name = self.string(name);
        if self.on {
            self.things.push((kind, name));
        }
        self.count(1, 1) + 1
    }

    /// Gives a thing the name under which the program knows it, which may come after its creation.
    pub fn rename_thing(&mut self, thing: ThingId, name: &str) {
        let name = self.string(name);
        if let Some(record) = self.things.get_mut((thing as usize).wrapping_sub(1)) {
            record.1 = name;
        }
    }

    /// The kind of a thing and what it is called so far, if it is recorded.
    pub fn kind_and_name(&self, thing: ThingId) -> Option<(ThingKind, &str)> {
        let &(kind, name) = self.things.get((thing as usize).wrapping_sub(1))?;
        Some((kind, self.text(name)))
    }

    /// Whether no other thing is called as this one, as far as that is quickly told.
    pub fn is_only_thing_of_its_name(&self, thing: ThingId) -> bool {
        let name = |of: usize| self.things.get(of).map(|it| it.1);
        let own = name((thing as usize).wrapping_sub(1));
        let first = self.things.iter().take(THINGS);
        first.filter(|it| Some(it.1) == own).count() <= 1
    }

    /// Numbers a new variable, from 0: `name` as a person would write it ("counter", "account.balance", "d['k']").
    pub fn location(&mut self, kind: LocationKind, name: &str) -> LocationId {
        let name = self.string(name);
        if self.on {
            self.locations.push((kind, name));
        }
        self.count(2, 1)
    }

    /// Keeps text the program wrote to stdout; returns its bytes' start and end, `a` and `b` of [`Kind::Output`].
    pub fn write_stdout(&mut self, text: &[u8]) -> (u32, u32) {
        if self.on {
            self.stdout.extend_from_slice(text);
        }
        let start = self.count(3, text.len() as u32);
        (start, start + text.len() as u32)
    }

    /// Keeps text the program wrote to stderr; returns its bytes' start and end.
    pub fn write_stderr(&mut self, text: &[u8]) -> (u32, u32) {
        if self.on {
            self.stderr.extend_from_slice(text);
        }
        let start = self.count(4, text.len() as u32);
        (start, start + text.len() as u32)
    }

    /// Ends the recording: keeps the accesses to shared variables only, analyses, and writes the buffer.
    pub fn finish(self, summary: Summary) -> Trace {
        self.finish_knowing(summary, &[])
    }

    /// As [`Recorder::finish`]; variables are shared as well if they will be, by number.
    pub fn finish_knowing(self, summary: Summary, shared: &[bool]) -> Trace {
        super::finish::finish(self, summary, shared)
    }

    fn count(&mut self, which: usize, by: u32) -> u32 {
        let before = self.counts[which];
        self.counts[which] = before + by;
        before
    }
}

//! What holds after a step: who runs, who waits for what, what the variables are.

use super::chunks::Chunks;
use super::event::*;
use super::reader::Trace;
use std::collections::VecDeque;

/// What a task is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Status {
    /// Not spawned yet.
    #[default]
    NotStarted,
    /// A thread that could run and has no core, or an asyncio task in its loop's ready queue.
    Ready,
    /// A thread on a core, or the asyncio task its loop is stepping.
    Running,
    /// A thread that waits for the GIL.
    GilWait,
    /// An asyncio task that suspended at an await.
    Suspended,
    /// A thread that waits for something other than a core or the GIL.
    Blocked,
    Ended(Ending),
}

/// What a blocked or suspended task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitFor {
    pub kind: Wait,
    /// The task, where [`Wait::is_for_task`], else the thing (0 is none).
    pub on: u32,
    /// Virtual nanoseconds, or [`NEVER`].
    pub deadline: u64,
}

/// A function that a task is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its name with its arguments; the empty string is the module itself.
    pub name: StringId,
    /// Where it stands.
    pub line: u32,
}

/// A task at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskState {
    pub status: Status,
    /// The virtual time at which `status` began.
    pub since: u64,
    /// The step at which `status` began; queues are in this order.
    pub since_step: u32,
    /// The source line at which the innermost frame stands; 0 if unknown.
    pub line: u32,
    /// The thread's core, or [`NO_CORE`].
    pub core: u8,
    /// Whether its first instruction has run.
    pub began: bool,
    /// Whether, waiting for the GIL, it has asked the holder to drop it.
    pub asked: bool,
    /// What it waits for while blocked or suspended.
    pub wait: Option<WaitFor>,
    /// The stack, innermost last.
    pub frames: Vec<Frame>,
}

impl Default for TaskState {
    fn default() -> TaskState {
        TaskState {
            status: Status::NotStarted,
            since: 0,
            since_step: 0,
            line: 0,
            core: NO_CORE,
            began: false,
            asked: false,
            wait: None,
            frames: Vec::new(),
        }
    }
}

impl TaskState {
    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self.status, Status::Ended(_))
    }
}

/// The GIL of a process at an instant; its waiters are in [`Queues`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gil {
    /// Who holds it, or [`NO_TASK`].
    pub holder: TaskId,
    /// When it was last taken or released.
    pub since: u64,
    /// Who asked the holder to drop it, or [`NO_TASK`].
    pub asked_by: TaskId,
}

/// An event loop at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// The thread that runs it.
    pub thread: TaskId,
    /// The task it is stepping, or [`NO_TASK`].
    pub current: TaskId,
    /// When it last began or ended a task's step.
    pub since: u64,
    /// Callbacks that were ready when its iteration began.
    pub ready: u32,
    /// Timers that were set when its iteration began.
    pub timers: u32,
    /// Iterations begun.
    pub iterations: u32,
}

/// A thing that tasks hold or wait for, at an instant.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ThingState {
    /// Who holds it and since which step; once for each time it was taken.
    pub holders: Vec<(TaskId, u32)>,
    /// Who waits for it, longest first.
    pub waiters: VecDeque<TaskId>,
}

/// A variable at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Variable {
    pub tag: Tag,
    pub value: u64,
    /// Who wrote it last.
    pub writer: TaskId,
    /// The step of that write; 0 if nobody wrote it yet.
    pub step: u32,
    /// What it was before that write; [`Tag::Absent`] if it was not.
    pub old_tag: Tag,
    pub old_value: u64,
}

/// The state after a step: the fold of all events up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The last step that is contained, 0 before the first.
    pub step: u32,
    /// The virtual time of that step.
    pub time: u64,
    /// By [`TaskId`].
    pub tasks: Chunks<TaskState>,
    /// How many tasks from the first on may have been spawned.
    pub spawned: u32,
    /// By process.
    pub gils: Vec<Gil>,
    /// The thread on each core, or [`NO_TASK`].
    pub cores: Vec<TaskId>,
    /// The event loops, in order of their first step.
    pub loops: Vec<Loop>,
    /// By [`ThingId`] - 1; see [`State::thing`].
    pub things: Chunks<ThingState>,
    /// By [`LocationId`]; see [`State::variables`].
    pub locations: Chunks<Variable>,
    /// Bytes written to stdout so far.
    pub stdout: u32,
    /// Bytes written to stderr so far.
    pub stderr: u32,
    /// The step from which stacks are unknown, because the trace lacks detail; 0 if there is none.
    pub(super) coarse_from: u32,
}

/// Who waits in which order: derived from a [`State`] in one pass over its tasks.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Queues {
    /// Threads that could run and have no core, longest first.
    pub threads_ready: Vec<TaskId>,
    /// Asyncio tasks in the ready queues of their loops, first to be stepped first.
    pub tasks_ready: Vec<TaskId>,
    /// Threads that wait for the GIL, longest first.
    pub gil: Vec<TaskId>,
    /// Deadlines of those that wait with one, soonest first.
    pub timers: Vec<(u64, TaskId)>,
    /// All that are blocked or suspended, longest first.
    pub waiting: Vec<TaskId>,
}

impl State {
    /// What holds before the first step.
    pub fn start(trace: &Trace) -> State {
        State {
            step: 0,
            time: 0,
            tasks: Chunks::new(trace.task_count() as usize),
            spawned: trace.task_count().min(1),
            gils: Vec::new(),
            cores: vec![NO_TASK; trace.run().cores.min(NO_CORE.into()) as usize],
            loops: Vec::new(),
            things: Chunks::new(trace.thing_count() as usize),
            locations: Chunks::new(trace.location_count() as usize),
            stdout: 0,
            stderr: 0,
            coarse_from: trace.run().coarse_from,
        }
    }

    /// The task with this number; one that has not started if there is none.
    pub fn task(&self, id: TaskId) -> &TaskState {
        const NONE: &TaskState = &TaskState {
            status: Status::NotStarted,
            since: 0,
            since_step: 0,
            line: 0,
            core: NO_CORE,
            began: false,
            asked: false,
            wait: None,
            frames: Vec::new(),
        };
        self.tasks.get(id).unwrap_or(NONE)
    }

    /// The GIL of a process; nobody holds that of one that has not begun.
    pub fn gil(&self, process: u32) -> Gil {
        let free = Gil {
            holder: NO_TASK,
            since: 0,
            asked_by: NO_TASK,
        };
        *self.gils.get(process as usize).unwrap_or(&free)
    }

    /// The thing with this number; one that nobody holds if there is none.
    pub fn thing(&self, id: ThingId) -> &ThingState {
        const NONE: &ThingState = &ThingState {
            holders: Vec::new(),
            waiters: VecDeque::new(),
        };
        self.things.get(id.wrapping_sub(1)).unwrap_or(NONE)
    }

    /// The variable, if somebody wrote it.
    pub fn variable(&self, id: LocationId) -> Option<&Variable> {
        self.locations.get(id).filter(|variable| variable.step != 0)
    }

    /// All variables that were written, in order of their numbers.
    pub fn variables(&self) -> impl Iterator<Item = (LocationId, &Variable)> {
        self.locations
            .iter()
            .filter(|(_, variable)| variable.step != 0)
    }

    /// The things that somebody holds or waits for, in order of their numbers.
    pub fn things_in_use(&self) -> impl Iterator<Item = (ThingId, &ThingState)> {
        let in_use = |(_, thing): &(u32, &ThingState)| {
            !thing.holders.is_empty() || !thing.waiters.is_empty()
        };
        self.things
            .iter()
            .filter(in_use)
            .map(|(index, thing)| (index + 1, thing))
    }

    /// The asyncio task that this thread's loop is stepping, if it is.
    #[inline]
    pub fn stepped_by(&self, thread: TaskId) -> Option<TaskId> {
        let of_thread = |of: &&Loop| of.thread == thread && of.current != NO_TASK;
        self.loops.iter().find(of_thread).map(|of| of.current)
    }

    /// Who acts in the program's terms: the asyncio task that the thread is stepping, else the thread itself.
    #[inline]
    pub fn actor(&self, event: &Event) -> TaskId {
        if event.kind.is_of_thread() {
            self.stepped_by(event.task).unwrap_or(event.task)
        } else {
            event.task
        }
    }

    /// The thread that a task runs on: the one whose loop steps it, or itself.
    pub fn thread_of(&self, task: TaskId) -> TaskId {
        self.loops
            .iter()
            .find(|of| of.current == task)
            .map_or(task, |of| of.thread)
    }

    /// Who waits in which order.
    pub fn queues(&self, trace: &Trace) -> Queues {
        let mut queues = Queues::default();
        // Of the same type as the timers: one sort in the page's code.
        let mut order: Vec<(u64, TaskId)> = Vec::new();
        for (id, task) in self.tasks.iter().take(self.spawned as usize) {
            if let Some(wait) = task.wait
                && wait.deadline != NEVER
            {
                queues.timers.push((wait.deadline, id));
            }
            if matches!(
                task.status,
                Status::Ready | Status::GilWait | Status::Suspended | Status::Blocked
            ) {
                order.push((task.since_step.into(), id));
            }
        }
        queues.timers.sort_unstable();
        order.sort_unstable();
        for (_, id) in order {
            let queue = match self.task(id).status {
                Status::Ready if trace.task_kind(id) == TaskKind::Coroutine => {
                    &mut queues.tasks_ready
                }
                Status::Ready => &mut queues.threads_ready,
                Status::GilWait => &mut queues.gil,
                _ => &mut queues.waiting,
            };
            queue.push(id);
        }
        queues
    }
}

//! What asyncio's objects hold: futures and tasks, callbacks, event loops.

use std::collections::{BTreeMap, VecDeque};

use crate::machine::object::Attributes;
use crate::machine::value::{Handle, Value};
use crate::trace::{TaskId, ThingId, Wait};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FutureState {
    Pending,
    Finished,
    Cancelled,
}

/// An asyncio future or task. What a task's turn needs comes first, close together.
#[derive(Clone)]
#[repr(C)]
pub struct Future {
    /// Set if it is a task.
    pub task: Option<Task>,
    pub state: FutureState,
    /// The exception was never retrieved: say so when it dies.
    pub log_traceback: bool,
    /// `_asyncio_future_blocking`: set between its yield and the task's taking it.
    pub blocking: bool,
    /// A gathering future was asked to cancel.
    pub cancel_requested: bool,
    /// `_log_destroy_pending`: say so when it dies pending.
    pub log_destroy: bool,
    /// What waiting for it is called, and the thing it is about.
    pub wait: Wait,
    pub thing: ThingId,
    pub event_loop: Value,
    /// NULL until there is one.
    pub result: Value,
    /// NULL unless it failed.
    pub exception: Value,
    /// Where the exception came from, until it is raised for the first time: later it comes from nowhere. NULL if there is nothing.
    pub traceback: Value,
    pub callbacks: Vec<Callback>,
    /// `cancel(msg)`; NULL or a value.
    pub cancel_message: Value,
    /// For `Wait::Sleep` the deadline in virtual nanoseconds.
    pub deadline: u64,
    /// A gathering future's children (a list), which its cancellation cancels; NULL for others.
    pub children: Value,
    /// Of these how many have not ended, each counted once.
    pub unfinished: u32,
    pub more: Option<Box<More>>,
}

/// What few futures have.
#[derive(Clone)]
pub struct More {
    /// In debug mode the line that made it, 0 in the library.
    pub created: Option<u32>,
    /// The class of the program that derives from `asyncio.Future` or `asyncio.Task`; NULL for these themselves.
    pub class: Value,
    pub attributes: Attributes,
}

impl Future {
    /// The class of the program that it is an instance of, with its attributes.
    pub fn derived(&self) -> Option<&More> {
        self.more.as_deref().filter(|m| m.class.given().is_some())
    }

    pub fn derived_mut(&mut self) -> Option<&mut More> {
        let more = self.more.as_deref_mut();
        more.filter(|m| m.class.given().is_some())
    }
}

/// What a task has beyond a future.
#[derive(Clone)]
#[repr(C)]
pub struct Task {
    pub coroutine: Value,
    /// The future it waits for, or NULL.
    pub waiter: Value,
    /// In which its steps run; NULL while that is empty.
    pub context: Value,
    pub id: TaskId,
    /// The line of the program at which it was suspended last.
    pub line: u32,
    pub must_cancel: bool,
    pub cancel_requests: u32,
    /// Its place in the loop's list of tasks; 0 before it is there (an eager task in its first step).
    pub number: u64,
    /// A str, or the number in a name like `Task-3`.
    pub name: Value,
}

/// A callback: of a future's end, or (as a Handle object) an entry of the loop's ready queue or timers.
#[derive(Clone)]
pub struct Callback {
    /// A callable; for a future's callbacks also a task that waits for it.
    pub target: Value,
    /// A tuple of arguments or NULL.
    pub args: Value,
    /// A context or NULL.
    pub context: Value,
    pub cancelled: bool,
    /// It is among its loop's timers.
    pub scheduled: bool,
    /// For timers: the loop's time, in seconds.
    pub when: Option<f64>,
    /// In debug mode the line that made it, 0 in the library.
    pub created: Option<u32>,
    pub event_loop: Value,
}

/// An entry of a loop's ready queue.
#[derive(Clone, Copy)]
pub struct Entry {
    /// A handle to call or a task to step, owned.
    pub value: Value,
    /// Of a task that waited for nothing but its turn.
    pub turn: Option<AwaitsTurn>,
}

impl From<Value> for Entry {
    fn from(value: Value) -> Entry {
        Entry { value, turn: None }
    }
}

/// How a task's own coroutine stands that waits for its turn: what the next turn would otherwise have to look for in the task.
#[derive(Clone, Copy)]
pub struct AwaitsTurn {
    /// Borrowed from the task.
    pub coroutine: Handle,
    /// The task's number in the trace.
    pub id: TaskId,
    /// The line of the program at which it waits.
    pub line: u32,
}

impl Callback {
    /// Of a future's end, before that has come; takes over its target and its context.
    pub fn of_future(target: Value, context: Value) -> Callback {
        Callback {
            target,
            args: Value::NULL,
            context,
            cancelled: false,
            scheduled: false,
            when: None,
            created: None,
            event_loop: Value::NULL,
        }
    }
}

/// What the loop does after a callback or a task's step.
#[derive(Clone)]
pub struct Entered {
    /// The thread's context before, owned, or NULL.
    pub context: Value,
    /// In debug mode the entry, owned; NULL otherwise.
    pub entry: Value,
    /// In virtual nanoseconds.
    pub since: u64,
}

/// CPython's event loop: ready queue and timers.
#[derive(Clone, Default)]
pub struct EventLoop {
    pub ready: VecDeque<Entry>,
    /// A heap as heapq keeps it, by `when` (in seconds) only: handles, owned.
    pub timers: Vec<(f64, Value)>,
    /// How many of them are cancelled.
    pub cancelled_timers: usize,
    /// Handles still to run in this iteration.
    pub batch: usize,
    pub task_number: u64,
    pub running: bool,
    pub stopping: bool,
    /// At least one iteration ran since `run_forever` was called: only then `stop` takes effect.
    pub iterated: bool,
    pub closed: bool,
    /// The iteration is waiting in its poll.
    pub polling: bool,
    /// Something was scheduled with `call_soon_threadsafe`: the next poll, or the one that goes on after a signal, ends at once.
    pub woken: bool,
    /// Handles to call when a file can be read and when it can be written, owned or NULL.
    pub files: BTreeMap<u32, [Value; 2]>,
    /// Timers were picked for this iteration: those that are due beside them wait for a later one.
    pub held: bool,
    /// Some were left for later.
    pub late: bool,
    /// The thread that runs it.
    pub thread: u32,
    /// The task being stepped, which its step owns.
    pub current: Option<Value>,
    /// How many of its tasks have something that the entry of a turn does not know: a cancellation for their next step, a context made while
    /// they waited. While there is one, tasks themselves are asked.
    pub exceptional: usize,
    /// All tasks that are not done, by order of creation (not counted: a task leaves when it is done or dies).
    pub tasks: BTreeMap<u64, Value>,
    /// `set_task_factory`, owned.
    pub task_factory: Option<Value>,
    /// Eager tasks in their first step.
    pub eager: Vec<Value>,
    /// Async generators that were first iterated under this loop and live, by that order (not counted: one leaves when it dies).
    pub generators: BTreeMap<u64, Value>,
    pub generator_number: u64,
    /// `set_debug`.
    pub debug: bool,
    /// While an entry of the ready queue runs.
    pub entered: Option<Entered>,
    pub attributes: Attributes,
}

//! One event of a run, which is one step of the page: what happened, to whom, where and when.

/// A task's number: OS threads and asyncio tasks share one numbering, in order of creation. 0 is the main thread.
pub type TaskId = u32;
/// A string's number in the trace's table; 0 is the empty string.
pub type StringId = u32;
/// A variable's number in the trace's table of locations.
pub type LocationId = u32;
/// The number of something that tasks wait for or hold (a lock, an event, a queue, a future), from 1; 0 is none.
pub type ThingId = u32;

/// No task: "by nobody in particular", a timer for example.
pub const NO_TASK: TaskId = u32::MAX;
/// No core: the event does not happen on one.
pub const NO_CORE: u8 = u8::MAX;
/// No deadline.
pub const NEVER: u64 = u64::MAX;

/// One event. Steps are numbered from 1; step n is event n - 1. The fields `a`, `b` and `value` mean what [`Kind`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Virtual nanoseconds since the start.
    pub time: u64,
    /// Who acts. Kinds of the operating system and of the GIL name the thread; all others name the asyncio
    /// task when the thread is just stepping one.
    pub task: TaskId,
    /// The source line, from 1, at which the innermost frame of the user's program stands; 0 if none.
    pub line: u32,
    pub kind: Kind,
    /// The core it happens on, or [`NO_CORE`].
    pub core: u8,
    /// How to read `value`.
    pub tag: Tag,
    /// Bits, by kind; see the `FLAG_` constants.
    pub flags: u8,
    pub a: u32,
    pub b: u32,
    pub value: u64,
}

/// `Release of the GIL`, `Block`, `Work`: the thread is inside a step of its event loop, which cannot go on meanwhile.
pub const FLAG_IN_LOOP: u8 = 1;
/// `GilRelease`: somebody asked for it (a drop request).
pub const FLAG_REQUESTED: u8 = 2;
/// `GilRelease`: the thread is about to block.
pub const FLAG_BLOCKING: u8 = 4;
/// `GilRelease`: its ticks are over (the GIL before CPython 3.2); it takes the GIL again at once, if it can.
pub const FLAG_TICKS: u8 = 8;
/// `Preempt`: for the thread `a`, which woke up just now.
pub const FLAG_WOKEN: u8 = 1;
/// `Output`: to stderr, not stdout.
pub const FLAG_STDERR: u8 = 2;
/// `Work`: the GIL is released while it runs.
pub const FLAG_WITHOUT_GIL: u8 = 4;
/// `Write`: the value was computed from the read at step `b`, and another task wrote the location since. The
/// analysis at the end of the run sets it, not the machine.
pub const FLAG_STALE: u8 = 8;

/// How `Event::value` is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Tag {
    /// No value.
    #[default]
    Absent,
    /// A signed 64-bit integer.
    Int,
    /// The bits of a 64-bit float.
    Float,
    /// 0 or 1.
    Bool,
    /// Python's None.
    None,
    /// A [`StringId`]: the value's `repr`, at most 60 characters.
    Text,
    /// Virtual nanoseconds: a duration or a deadline; [`NEVER`] for none.
    Time,
}

macro_rules! bytes {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$inner])* $variant,)* }
        impl $name {
            /// All of them, in the order of their bytes.
            pub const ALL: &[$name] = &[$($name::$variant,)*];
            /// The value with this byte, if there is one.
            pub fn from_byte(byte: u8) -> Option<$name> {
                $name::ALL.get(byte as usize).copied()
            }
        }
    };
}

bytes! {
    /// What happened.
    Kind {
        /// The task created task `a` (`Thread.start()`, `create_task`); `a` does not run yet.
        Spawn,
        /// The task's first instruction is about to run.
        Begin,
        /// The task ended. `flags`: an [`Ending`] as a byte; `b`: the exception's text, if one ended it.
        End,
        /// OS: the thread got `core` (a context switch, whose cost has passed).
        Run,
        /// OS: the thread's quantum is over and another thread is ready, or see `FLAG_WOKEN`; it goes back to the ready queue.
        Preempt,
        /// The thread wants the GIL, which task `a` holds, and leaves its core to wait for it. Of this and the following kinds
        /// with the GIL, `b` is the process's number: each has its own.
        GilWait,
        /// The waiting thread saw no switch for a whole switch interval and asks the holder `a` to drop the GIL.
        GilRequest,
        /// The thread took the GIL.
        GilAcquire,
        /// The thread released the GIL; see `FLAG_REQUESTED`, `FLAG_BLOCKING`, `FLAG_TICKS`; none: the thread ends.
        GilRelease,
        /// The thread blocks (it leaves its core): `b` is a [`Wait`] as a byte, `a` the thing or, for `Wait::Join` and
        /// `Wait::Start`, the task waited for; `value`: the deadline. With `FLAG_IN_LOOP` the whole event loop stands still.
        Block,
        /// The thread's wait is over, through task `a` or `NO_TASK` (a timer, a reply); it is ready after the wake-up latency.
        Wake,
        /// The asyncio task is put into its loop's ready queue, through task `a` or `NO_TASK`.
        Schedule,
        /// The event loop steps the asyncio task. `a`: the thread that runs the loop.
        Resume,
        /// The asyncio task suspends at an await: `b` a [`Wait`], `a` the thing (or task, for `Wait::Task`), `value` the deadline.
        Suspend,
        /// The event loop of the thread begins an iteration: `a` callbacks are ready, `b` timers are set.
        Loop,
        /// The innermost user frame reached a new line.
        Line,
        /// A user function begins: `a` its name with its arguments, as shown in a stack; `line` is the line of its `def`.
        /// (Coroutines: when they first run. Generators: each time they are resumed.)
        Enter,
        /// The innermost user function returned, raised or (generators) yielded.
        Leave,
        /// The task read location `a`.
        Read,
        /// The task wrote location `a`. `b`: the step whose read the value was computed from, 0 if unknown.
        Write,
        /// The task took thing `a` (a lock, a semaphore's slot).
        Acquire,
        /// The task gave thing `a` back.
        Release,
        /// An operation on thing `a`, named by string `b` ("put", "get", "set", "notify", "wait"); `value`: what was put or got.
        Operate,
        /// Text was written: bytes `a..b` of the run's stdout (or stderr, with `FLAG_STDERR`).
        Output,
        /// An exception, named by string `b`, was raised in a user frame.
        Raise,
        /// The task asks task `a` to cancel.
        Cancel,
        /// Calling the `async def` function named by string `a` made a coroutine; its body did not run.
        Create,
        /// A coroutine of function `a` (string) was destroyed and had never been awaited; it was created at line `b`.
        NeverAwaited,
        /// A workload starts: string `a` is the call as written, `value` its duration; see `FLAG_WITHOUT_GIL`.
        Work,
        /// The run is over. `flags`: an [`Outcome`] as a byte; `b`: the message, if any.
        Finish,
    }
}

bytes! {
    /// What a task waits for.
    Wait {
        /// `time.sleep`, `asyncio.sleep` with a positive delay.
        Sleep,
        /// `asyncio.sleep(0)` and the like: only its next turn.
        Turn,
        Lock,
        Event,
        Condition,
        Semaphore,
        Barrier,
        /// An item of a queue.
        Get,
        /// Room in a queue.
        Put,
        /// `Queue.join()`.
        Drain,
        /// The end of a thread.
        Join,
        /// The start of a thread.
        Start,
        /// The end of an asyncio task that is awaited directly.
        Task,
        /// Several tasks: gather, wait, a TaskGroup's end.
        Tasks,
        /// A future of the program's own.
        Future,
        /// A reply from outside (a download, a query).
        Reply,
        /// Work in native code without the GIL.
        Native,
        /// The event loop has nothing ready: it waits for timers and replies.
        Poll,
        /// A function that runs in a worker thread (`to_thread`).
        Thread,
        /// The write to the terminal.
        Write,
        /// A connection: data, room for some, or somebody who connects.
        Io,
    }
}

bytes! {
    /// How a task ended.
    Ending {
        Returned,
        Raised,
        Cancelled,
    }
}

bytes! {
    /// How a run ended.
    Outcome {
        Finished,
        Exception,
        Rejected,
        Deadlock,
        Limit,
    }
}

bytes! {
    /// What sort of task it is.
    TaskKind {
        Main,
        Thread,
        Coroutine,
        /// The main thread of another process than the first.
        Process,
    }
}

bytes! {
    /// What sort of thing tasks wait for or hold.
    ThingKind {
        Lock,
        RLock,
        Event,
        Condition,
        Semaphore,
        Barrier,
        Queue,
        Future,
        Group,
        Reply,
        Other,
    }
}

bytes! {
    /// Where a shared variable lives.
    LocationKind {
        Global,
        Attribute,
        Item,
        Closure,
    }
}

bytes! {
    /// What a line of the source is marked with before anything runs.
    MarkKind {
        /// An `await` at which the task may suspend.
        Await,
        /// A place between a read and a write where the thread may be preempted.
        Preempt,
    }
}

impl Outcome {
    /// Its name in JSON.
    pub fn id(self) -> &'static str {
        ["finished", "exception", "rejected", "deadlock", "limit"][self as usize]
    }
}

impl TaskKind {
    /// Its name in JSON.
    pub fn id(self) -> &'static str {
        ["main", "thread", "task", "process"][self as usize]
    }
}

impl FindingKind {
    /// Its name in JSON.
    pub fn id(self) -> &'static str {
        ["lost-update", "deadlock", "blocking-call", "never-awaited"][self as usize]
    }
}

impl Kind {
    /// Whether it only adds detail: such events are left out once a long run has too many of them.
    #[inline]
    pub fn is_detail(self) -> bool {
        use Kind::*;
        const DETAIL: u64 = 1 << Line as u8
            | 1 << Enter as u8
            | 1 << Leave as u8
            | 1 << Read as u8
            | 1 << Write as u8
            | 1 << Create as u8;
        DETAIL >> self as u8 & 1 != 0
    }

    /// Whether the event names the OS thread even while that thread steps an asyncio task.
    #[inline]
    pub fn is_of_thread(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Run | Preempt | GilWait | GilRequest | GilAcquire | GilRelease | Block | Wake | Loop
        )
    }
}

impl Tag {
    /// All of them, in the order of their bytes.
    pub const ALL: &[Tag] = &[
        Tag::Absent,
        Tag::Int,
        Tag::Float,
        Tag::Bool,
        Tag::None,
        Tag::Text,
        Tag::Time,
    ];
}

impl Wait {
    /// Whether an event loop may do it without being said to stall: its own poll, a write to the terminal, the start of a
    /// thread for an executor.
    pub fn is_short_in_loop(self) -> bool {
        matches!(self, Wait::Poll | Wait::Write | Wait::Start)
    }

    /// Whether it is for the end or start of a task: then `a` of the event is a [`TaskId`], else a [`ThingId`].
    pub fn is_for_task(self) -> bool {
        matches!(self, Wait::Join | Wait::Start | Wait::Task)
    }
}

bytes! {
    /// What the analysis found.
    FindingKind {
        LostUpdate,
        Deadlock,
        BlockingCall,
        NeverAwaited,
    }
}

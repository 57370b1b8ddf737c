//! The English sentences. `*strong*`, `^alarm^` and `` `code` `` mark roles; a name in braces is a place to fill.

macro_rules! sentences {
    ($($key:ident = $text:expr,)*) => {
        /// Every sentence and phrase there is; its English text documents it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Key { $(#[doc = $text] $key,)* }
        impl Key {
            /// All of them, in the order of their bytes.
            pub const ALL: &[Key] = &[$(Key::$key,)*];
            /// The key with this byte, if there is one.
            pub fn from_byte(byte: u8) -> Option<Key> {
                Key::ALL.get(byte as usize).copied()
            }
        }
        /// The English texts, in the order of the keys.
        pub static ENGLISH: super::Language = super::Language { id: "en", texts: &[$($text,)*], things: THINGS };
    };
}

/// What to call a thing that the program gave no name, by kind.
const THINGS: &[&str] = &[
    "a lock",
    "a lock",
    "an event",
    "a condition",
    "a semaphore",
    "a barrier",
    "a queue",
    "a future",
    "a group of tasks",
    "a reply",
    "something",
];

sentences! {
    Start = "Nothing has run yet.",
    // Tasks.
    SpawnThread = "{task} starts {other}: it is ready, but has no core yet.",
    SpawnTask = "{task} creates {other}. None of it runs before {task} awaits or ends.",
    SpawnFirst = "{task} starts an event loop with {other} as its first task.",
    BeginProgram = "The program begins.",
    BeginLabel = "{task} begins to run `{name}`.",
    Begin = "{task} begins.",
    EndProgram = "{task} has reached the end of the program.",
    Returned = "{task} has finished.",
    Raised = "^{task} ends with an exception: {name}.^",
    CancelledEnd = "{task} ends as cancelled.",
    // Cores.
    Run = "{task} gets core {core} and runs.",
    RunAfter = "{task} gets core {core}, after being ready for {duration}.",
    RunForGil = "{task} gets core {core} and can try for the GIL.",
    Preempt = "{task} has used up its quantum and {other} is ready: {task} leaves core {core} and queues again.",
    PreemptWoken = "{task} leaves core {core} to {other}, which woke up and has had much less time on a core.",
    PreemptAny = "{task} has used up its quantum: it leaves core {core} and queues again.",
    // The GIL.
    GilWait = "{task} needs the GIL, but {other} holds it.",
    GilWaitAny = "{task} waits until it can have the GIL again.",
    GilRequest = "{task} asks {other} to drop the GIL: it has waited one switch interval ({duration}).",
    GilAcquire = "{task} takes the GIL: nobody holds it.",
    GilAcquireAfter = "{task} takes the GIL, after waiting {duration} for it.",
    GilDrop = "{task} drops the GIL, because {other} asked for it.",
    GilDropSchedule = "{task} drops the GIL here: this run follows a schedule that switches now.",
    GilBlocking = "{task} releases the GIL, because it is about to block: others can run meanwhile.",
    GilTicks = "{task} lets go of the GIL after 100 ticks, wakes a thread that waits for it, and wants it back at once.",
    GilEnd = "{task} has finished and releases the GIL.",
    GilRelease = "{task} releases the GIL.",
    // Waiting.
    Block = "{task} blocks at `{code}` {reason}{tail}.",
    BlockAny = "{task} blocks {reason}{tail}.",
    BlockLoop = "^{task} blocks the whole event loop^ at `{code}` {reason}: no other task can run meanwhile.",
    Poll = "The event loop has nothing to step: it sleeps {reason}.",
    Suspend = "{task} suspends at `{code}` {reason}{tail}.",
    SuspendAny = "{task} suspends {reason}{tail}.",
    UntilTime = "until {time}",
    UntilTurn = "for one turn of the loop",
    UntilReleased = "until {other} releases {thing}",
    UntilFree = "until {thing} is free",
    UntilSet = "until {thing} is set",
    UntilNotified = "until {thing} is notified",
    UntilSlot = "until {thing} has a free slot",
    UntilAllReach = "until all have reached {thing}",
    UntilItem = "until {thing} has an item",
    UntilRoom = "until {thing} has room",
    UntilDrained = "until all items of {thing} are done",
    UntilEnd = "until {other} ends",
    UntilStarted = "until {other} has started",
    UntilTasks = "until all it waits for is done",
    UntilFuture = "until its future has a result",
    UntilReply = "until the reply arrives",
    UntilNative = "until its native code is done",
    UntilThread = "until a worker thread has done the work",
    UntilIo = "until {thing} is ready",
    UntilWritten = "until the terminal has taken the text",
    UntilDue = "until {time}, when a timer is due",
    UntilAnything = "until something from outside wakes it",
    UntilSomething = "until it is woken",
    AtMost = ", at most until {time}",
    GoesOnWith = "; the event loop goes on with {next}",
    AtMostGoesOnWith = ", at most until {time}; the event loop goes on with {next}",
    // The end of a wait.
    WakeSleep = "{task}'s sleep is over: it is ready for a core.",
    WakeReleased = "{other} has released {thing}: {task} wakes up to take it, if it is still free.",
    WakeEnded = "{other} has ended, which {task} waited for: {task} is ready for a core.",
    WakeStarted = "{other} has started: {task} can go on, as soon as it gets a core.",
    WakeReply = "The reply {task} waited for arrives: it is ready for a core.",
    WakeIo = "{thing} is ready: {task} can go on, as soon as it gets a core.",
    WakeWritten = "The terminal has taken {task}'s text: it is ready for a core.",
    WakePoll = "Something is due: {task}'s event loop wakes up.",
    WakeTimeout = "{task}'s time limit is over: it is ready for a core.",
    WakeGil = "The GIL may be free: {task} wakes up to take it.",
    WakeBy = "{other} ends {task}'s wait: it is ready for a core.",
    WakeAlone = "{task}'s wait is over: it is ready for a core.",
    ScheduleNew = "{task} joins the event loop's ready queue: it starts when its turn comes.",
    ScheduleTurn = "{task} joins the end of the event loop's ready queue.",
    ScheduleSleep = "{task}'s sleep is over: it joins the event loop's ready queue.",
    ScheduleReply = "The reply {task} waited for arrives: it joins the event loop's ready queue.",
    ScheduleReleased = "{other} has released {thing}: {task}, next in line, joins the event loop's ready queue.",
    ScheduleEnded = "{other} has ended, which {task} awaits: {task} joins the event loop's ready queue.",
    ScheduleTimeout = "{task}'s time limit is over: it joins the event loop's ready queue.",
    ScheduleBy = "{other} ends {task}'s wait: it joins the event loop's ready queue.",
    ScheduleAlone = "{task}'s wait is over: it joins the event loop's ready queue.",
    // The event loop.
    Loop = "The event loop begins an iteration: {number} in its ready queue, {count} on timers.",
    ResumeFirst = "The event loop steps {task} for the first time.",
    Resume = "The event loop resumes {task} at `{code}`, where it had suspended.",
    ResumeAny = "The event loop resumes {task}.",
    // Code.
    LineAny = "{task} reaches line {line}.",
    Line = "{task} reaches line {line}: `{code}`.",
    Enter = "{task} enters `{name}`.",
    Leave = "{task} leaves `{name}`.",
    LeaveAny = "{task} leaves a function.",
    LeaveTo = "{task} leaves `{name}` and is back in `{code}`.",
    Read = "{task} reads *{variable} = {value}*.",
    WriteNew = "{task} writes *{variable} = {value}*.",
    Write = "{task} writes *{variable} = {value}*; it was {old}.",
    WriteOver = "{task} writes *{variable} = {value}*; it was {old}, from {other}.",
    WriteStale = "{task} writes *{variable} = {value}*, but it read {old} before {other} wrote {new}. ^{other}'s update is lost.^",
    Acquire = "{task} takes {thing}.",
    AcquireAgain = "{task} takes {thing}, which it already holds, once more.",
    ReleaseOnce = "{task} releases {thing} once, and still holds it.",
    Release = "{task} releases {thing}.",
    ReleaseTo = "{task} releases {thing}, for which {other} has waited longest.",
    Put = "{task} puts {value} into {thing}.",
    Got = "{task} gets {value} from {thing}.",
    Set = "{task} sets {thing}: all who wait for it can go on.",
    Notify = "{task} notifies {thing}.",
    Arrives = "{thing} arrives: its handler is called in the main thread.",
    Operate = "{task} calls `{name}` on {thing}.",
    Print = "{task} prints `{value}`.",
    PrintEmpty = "{task} prints an empty line.",
    PrintError = "{task} writes `{value}` to stderr.",
    Raise = "{task} raises `{name}`.",
    Cancel = "{task} cancels {other}: it will get CancelledError where it awaits.",
    Create = "{task} calls `{name}`. That only makes a coroutine: nothing of it runs yet.",
    NeverAwaited = "^The coroutine `{name}` from line {line} is gone and was never awaited: nothing of it ever ran.^",
    Work = "{task} computes for {duration}: `{name}`.",
    WorkGil = "{task} computes for {duration} and keeps the GIL, unless asked for it: `{name}`.",
    WorkWithoutGil = "{task} computes for {duration} in native code, without the GIL: `{name}`.",
    WorkLoop = "^{task} keeps the event loop busy^ for {duration} with `{name}`: no other task can run meanwhile.",
    // The end.
    Finished = "The program has ended, after {time}.",
    Exception = "^The program ends with an uncaught exception: {name}.^",
    Rejected = "^The run stops here: {name}.^",
    Deadlock = "^Deadlock:^ nothing can ever run again.",
    Limit = "^The run stops at a limit: {name}.^",
    // Findings.
    FoundLostUpdate = "{task} read {variable} at step {step} and wrote it at step {step3}. {other} wrote in between, at step {step2}.",
    FoundDeadlock = "None of them can ever go on.",
    WaitsForHeld = "{task} waits for {thing}, which {other} holds.",
    WaitsForKept = "{task} waits for {thing}, which {other} ended without releasing.",
    WaitsForOwn = "{task} waits for {thing}, which it holds itself.",
    WaitsForStart = "{task} waits for {other} to start.",
    WaitsForEnd = "{task} waits for {other} to end.",
    WaitsInLoop = "{task} cannot go on, because {other} blocks its event loop.",
    WaitsForNothing = "{task} waits {reason}, but nobody is left to bring that about.",
    AndMore = "{number} more wait.",
    FoundBlock = "{task} blocked the event loop for {duration} at line {line}, `{code}`.",
    FoundBlockForever = "{task} blocked the event loop at line {line}, `{code}`, and it never went on.",
    FoundWork = "{task} kept the event loop busy for {duration} at line {line}, `{code}`.",
    FoundNeverAwaited = "`{name}` was called at line {line}, but never awaited: nothing of it ever ran.",
}

//! Frames and threads: what is being executed.

use std::collections::VecDeque;

use super::Trap;
use super::value::{Handle, Value};
use crate::trace::TaskId;

/// A frame. Its slots start at `base` on the thread's stack, its operands follow them.
#[derive(Clone, Copy)]
pub struct Frame {
    pub code: u32,
    /// The next instruction.
    pub pc: u32,
    pub base: u32,
    pub module: u16,
    /// Bits `FRAME_`.
    pub flags: u8,
    /// The current line, as `Instruction::Line` told; 0 in library code.
    pub line: u32,
    /// The function, owned: it keeps code and closure alive. NULL for a module.
    pub function: Value,
    /// The generator this frame belongs to, owned while it runs, or NULL.
    pub generator: Value,
    /// With `FRAME_HELD` what stands for it in the heap, which has the class namespace then. Otherwise in class bodies the namespace (an
    /// instance), elsewhere NULL. Owned.
    pub object: Value,
    pub after: After,
}

impl Default for Frame {
    fn default() -> Frame {
        Frame {
            code: 0,
            pc: 0,
            base: 0,
            module: 0,
            flags: 0,
            line: 0,
            function: Value::NULL,
            generator: Value::NULL,
            object: Value::NULL,
            after: After::Push,
        }
    }
}

/// What is kept of a frame while it is suspended in its generator: the rest is given by who resumes it.
#[derive(Clone, Copy)]
pub struct Suspended {
    pub code: u32,
    pub pc: u32,
    pub line: u32,
    pub module: u16,
    pub flags: u8,
    /// As the frame's.
    pub function: Value,
}

impl Suspended {
    /// The frame again, with its slots from `base` on.
    #[inline]
    pub fn resumed(self, base: usize, generator: Value, after: After) -> Frame {
        Frame {
            code: self.code,
            pc: self.pc,
            base: base as u32,
            module: self.module,
            flags: self.flags,
            line: self.line,
            function: self.function,
            generator,
            object: Value::NULL,
            after,
        }
    }
}

impl From<Frame> for Suspended {
    fn from(frame: Frame) -> Suspended {
        Suspended {
            code: frame.code,
            pc: frame.pc,
            line: frame.line,
            module: frame.module,
            flags: frame.flags,
            function: frame.function,
        }
    }
}

/// The frame belongs to the user's program: lines and functions are recorded.
pub const FRAME_USER: u8 = 1;
/// A function's that nothing but its result concerns: what a frame has by default is as it was when it began.
pub const FRAME_PLAIN: u8 = 2;
/// `Enter` was recorded, so `Leave` will be.
pub const FRAME_ENTERED: u8 = 4;

/// The frame, a generator's, runs because the generator that waits for it had an exception thrown in.
pub const FRAME_THROWN: u8 = 8;
/// A traceback refers to it, or did.
pub const FRAME_HELD: u8 = 32;

/// The frame, a generator's, was handling an exception when it was suspended, or one was being handled around it when it was resumed.
pub const FRAME_HANDLES: u8 = 16;

/// What becomes of a frame's result.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum After {
    /// Push it for the frame below.
    Push,
    /// It must be None; push the instance (owned).
    Init(Value),
    /// Drop it.
    Drop,
    /// The class body's namespace is complete: build the class. The pieces (name, bases tuple) are on the stack below.
    BuildClass,
    /// Push its truth, possibly negated.
    Truth { negate: bool },
    /// Look what `__bool__` (or `__len__`) gave: jump if it is `wanted`; for `not`, which has no target, push the opposite.
    Condition {
        target: u32,
        wanted: bool,
        length: bool,
    },
    /// A generator resumed by `ForIterator`: push what it yields; when it returns, drop the iterator and jump.
    ForIterator { target: u32 },
    /// A generator resumed by `send`, `next`, `throw` or `close`, see [`Sending`].
    Send(Sending),
    /// An async generator resumed by a step of it, whose AsyncStep object lies on the stack.
    AsyncStep(Driver),
    /// A coroutine or generator resumed by `YieldFrom` of the frame below.
    YieldFrom,
    /// The bottom frame of an asyncio task's coroutine: its result ends the task's step.
    TaskStep(Handle),
    /// A callback called by the event loop: drop the result, an exception goes to the loop's handler.
    LoopCallback(Handle),
    /// `__next__` called by ForIterator: StopIteration ends the loop.
    Next { target: u32 },
    /// An operator's method: if it gives NotImplemented, the next candidate is tried. The operands are on the stack below, and
    /// the instruction is the one before the caller's pc.
    Operator { stage: u8 },
    /// The finalizer of a generator or `__del__`: drop the result; an exception is reported and ignored. `.0` is owned.
    Finalizer(Value),
    /// The handler of a signal that came while the frame below was waiting: drop the result, then wait again, for the last of `Thread::retries`.
    Interrupted,
    /// The bottom frame of a thread.
    Thread,
    /// The module's body: mark it imported, push the module.
    Import { module: u16 },
    /// `__getattr__`-like call for `hasattr` or `getattr` with a default (owned, NULL for hasattr): AttributeError is caught.
    AttributeDefault(Value),
}

/// Who resumed a generator by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sending {
    /// `next`, `send`, `throw`: push what is yielded, raise StopIteration at its end.
    Value,
    /// `next(it, default)`: the default is on the stack below.
    Default,
    /// `close()`: GeneratorExit or StopIteration is fine, a yield is a RuntimeError.
    Close,
}

/// Who drives a step of an async generator, and so what becomes of its result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Driver {
    /// `await`: the result is pushed.
    Await,
    /// `next`, `send`, `throw`: what is awaited further down is pushed, the result is StopIteration's value.
    Hand,
    /// `close()`: any end is fine.
    Close,
    /// An asyncio task whose coroutine it is: its end ends the task.
    Task(Handle),
}

/// A step of an asyncio task, and what it sets aside.
#[derive(Clone, Copy)]
pub struct Step {
    /// Whose it is; its frame owns it.
    pub task: Value,
    /// The loop's current task before it: an eager task's first step runs inside another's.
    pub current: Option<Value>,
    /// The same in the trace.
    pub stepping: Option<TaskId>,
    /// The thread's context, owned, or NULL.
    pub context: Value,
    /// The line below.
    pub line: u32,
    /// It began when the task was made: the task is the result for the frame below.
    pub eager: bool,
    /// The future whose end woke the task and the exception thrown in, owned, or NULL: both live at least as long as the step.
    pub woken_by: [Value; 2],
}

/// An OS thread of the simulated program, as the machine sees it.
#[derive(Clone)]
pub struct Thread {
    pub stack: Vec<Value>,
    pub frames: Vec<Frame>,
    /// The exception being handled, owned, or NULL.
    pub handled: Value,
    /// The exception on its way was thrown into a generator: it has its context already.
    pub thrown: bool,
    /// In the trace.
    pub task: TaskId,
    /// The number of the process it belongs to.
    pub process: u32,
    /// The asyncio task being stepped on this thread, in the trace, if any.
    pub stepping: Option<TaskId>,
    /// The steps of tasks that run, the innermost last.
    pub steps: Vec<Step>,
    /// `threading.Thread`, owned, or NULL.
    pub object: Value,
    /// The running event loop, owned, or NULL.
    pub event_loop: Value,
    /// The context of context variables, owned, or NULL.
    pub context: Value,
    /// The lock that is given back when it ends, owned, or NULL.
    pub end_lock: Value,
    /// The exception that ended it, owned, or NULL.
    pub failed: Value,
    pub daemon: bool,
    pub ended: bool,
    /// `threading.get_ident()`.
    pub ident: u64,
    /// The line last recorded, so that events between have one.
    pub line: u32,
    /// For each finalizer that runs, innermost last: what died with its object and has its last words when it is over. Owned.
    pub postponed: Vec<VecDeque<Value>>,
    /// What it waits for again after the handlers of signals that run.
    pub retries: Vec<Trap>,
    /// In a run in turns: how far it is with an operation on what lies outside of all processes.
    pub reach: Reach,
    /// How many things it has made that lie outside of all processes.
    pub made: u32,
}

/// How far a thread is with an operation on what lies outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// It stands before none.
    #[default]
    Inside,
    /// It stands before one, and does it next.
    Before,
    /// It waited for it until its time ran out.
    Late,
}

impl Thread {
    pub fn new(task: TaskId) -> Thread {
        Thread {
            stack: Vec::new(),
            frames: Vec::new(),
            handled: Value::NULL,
            thrown: false,
            task,
            process: 0,
            stepping: None,
            steps: Vec::new(),
            object: Value::NULL,
            event_loop: Value::NULL,
            context: Value::NULL,
            end_lock: Value::NULL,
            failed: Value::NULL,
            daemon: false,
            ended: false,
            ident: 140_000_000_000_000 + task as u64 * 4096,
            line: 0,
            postponed: Vec::new(),
            retries: Vec::new(),
            reach: Reach::Inside,
            made: 0,
        }
    }
    #[inline]
    pub fn push(&mut self, value: Value) {
        self.stack.push(value);
    }
    /// Takes the top. The compiler proved that there is one; NULL otherwise, which no instruction accepts.
    #[inline]
    pub fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::NULL)
    }
    /// The n-th value from the top, 1 being the top.
    #[inline]
    pub fn peek(&self, n: usize) -> Value {
        self.stack[self.stack.len() - n]
    }
    /// Who acts, for the trace.
    #[inline]
    pub fn actor(&self) -> TaskId {
        self.stepping.unwrap_or(self.task)
    }
}

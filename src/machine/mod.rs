//! The virtual machine: values, objects, frames, and the execution of instructions.
//!
//! It runs one thread for as many instructions as it is told, and stops at whatever is not its own affair: blocking,
//! waiting, starting threads, polling. That is a [`Trap`], and the simulation's part. It knows nothing of cores, of the
//! GIL, of schedulers, and of time only what the simulation set in [`Clock`].

mod assign;
mod async_step;
pub mod asyncio;
mod attribute;
mod awaiting;
mod bind;
pub mod builtins;
mod call;
mod call_native;
mod call_stack;
mod carets;
mod class;
mod class_level;
mod context;
mod cycles;
pub mod dict;
mod exception;
mod execute;
pub mod fingerprint;
mod flow;
pub mod frame;
mod frame_object;
mod generator;
mod group;
pub mod heap;
mod import;
mod inspection;
mod instance;
pub mod kernel;
mod last_words;
pub mod library;
mod link;
mod matching;
mod members;
mod namespace;
pub mod native;
pub mod object;
pub mod operate;
mod operator;
pub mod outside;
pub mod parts;
mod process;
pub mod program;
mod record;
pub mod set;
pub mod setup;
pub mod shared;
pub mod signals;
mod signature;
mod slots;
pub mod sockets;
mod spread;
mod statement;
mod suggest;
pub mod symbols;
#[cfg(test)]
mod tests;
mod thing_names;
mod throw;
mod traceback;
pub mod types;
mod uncommon;
mod unsupported;
pub mod value;
pub mod watch;
mod width;

use std::collections::HashMap;
use std::rc::Rc;

use frame::Thread;
use heap::Heap;
use native::Natives;
use program::{Module, Program};
use shared::SharedList;
use value::{Symbol, Value};

use crate::bytecode::preemption::{PreemptionRules, Version};
use crate::trace::{LocationId, Recorder, ThingId};

/// The machine's whole state. Copying it copies the run (the program itself is shared).
#[derive(Clone)]
pub struct Machine {
    pub heap: Heap,
    pub threads: SharedList<Thread>,
    pub modules: SharedList<Module>,
    /// Names interned while running, beyond the program's.
    pub program: Rc<Program>,
    pub natives: Rc<Natives>,
    pub recorder: Recorder,
    pub clock: Clock,
    pub rules: PreemptionRules,
    pub version: Version,
    pub limits: Limits,
    /// What happened that concerns other threads, in order; the simulation takes it after every run.
    pub signals: Vec<Signal>,
    /// Instructions executed so far, on all threads.
    pub executed: u64,
    /// `sys.getswitchinterval()`, nanoseconds.
    pub switch_interval: u64,
    /// What `random` is seeded with unless the program says.
    pub seed: u64,
    /// Cores of the simulated computer, for `cpu_count`.
    pub cores: u32,
    /// The program's file name and text, for tracebacks.
    pub file: Rc<str>,
    pub source: Rc<str>,
    /// Threads and asyncio tasks ever created.
    tasks: u32,
    /// The number in the last name `Task-n`.
    task_names: u32,
    /// Numbers given to objects for the trace.
    labels: u32,
    /// How often the name of a thing was looked for.
    searches: u32,
    /// Locations of attributes and items, by the object's label and a key.
    parts: Rc<HashMap<(u32, u64), LocationId>>,
    /// The name and label of the thread that is about to start.
    thread_names: Option<(String, String)>,
    /// Methods of event loops that are Python; owned.
    loop_methods: Vec<(Symbol, Value)>,
    /// The code whose only instruction is `LoopTurn`.
    loop_code: u32,
    /// The program's module.
    main_code: u32,
    /// `__build_class__`.
    build_class: Value,
    /// How many operations run frames inside themselves.
    nesting: u32,
    /// The exception that ended the main thread, owned, while other threads are being joined.
    failed: Option<Value>,
    /// `threading._shutdown` was called.
    shut_down: bool,
    /// The interpreter's end has begun to finalize objects.
    finalized: bool,
    /// Warnings of each process with their places: each is given once.
    warned: Vec<(u32, String)>,
    /// How far the interpreter's end is, see `_kernel.end`: what needs modules says less and less.
    ending: u8,
    /// Dicts of keywords on loan to natives; owned.
    scratch: Vec<Value>,
    /// The value of the StopIteration that ended a native iterator last, owned.
    stop_value: Value,
    /// What `throw` was called with, owned, on its way to an iterator of the program's with a `throw` of its own.
    thrown: Option<Vec<Value>>,
    /// From so many executed instructions on the thread that runs may have to stop.
    until: u64,
    /// Steps of built-in iterators so far.
    steps: u64,
    /// Bytes written so far.
    written: usize,
    /// What is noted while all orders are explored.
    pub watch: watch::Watch,
    pub processes: process::Processes,
    pub outside: outside::Outside,
    /// Threads take turns: they are not preempted within functions of the library.
    pub turns: bool,
    pub interrupts: signals::Interrupts,
}

/// Virtual time as the machine sees it: `base` up to instruction number `at` (counted from 1), then `cost` nanoseconds for each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    pub base: u64,
    pub at: u64,
    pub cost: u64,
    /// The core, for events.
    pub core: u8,
}

/// What the machine itself must not exceed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Live bytes of the heap.
    pub heap: usize,
    /// Bytes written.
    pub output: usize,
    /// Threads and asyncio tasks ever created.
    pub tasks: usize,
    /// Frames on one thread, CPython's recursion limit.
    pub recursion: usize,
    /// Instructions executed. The simulation sees to it; here it is for what runs inside natives, and for natives' own steps.
    pub instructions: u64,
}

/// Why an operation did not give a value.
#[derive(Debug)]
pub enum Control {
    /// An exception (an object of kind Exception, owned).
    Raise(Value),
    /// The thread must stop; the simulation goes on with it.
    Trap(Box<Trap>),
    /// A frame was pushed; its result is the operation's.
    Called,
    /// The program does something that is not supported, found only while running. No `except` catches it.
    Reject(Box<str>, Box<str>),
    /// A limit: what it is called.
    Limit(&'static str),
}

/// What an operation gives.
pub type Outcome<T = Value> = Result<T, Control>;

/// What a thread asks of the simulation. The result, if it is not None, is pushed when the thread goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Trap {
    /// `time.sleep`: nanoseconds.
    Sleep(u64),
    /// Blocks outside (a download, numbered in the trace) for so many nanoseconds. The GIL is released.
    Reply { thing: ThingId, ns: u64 },
    /// Work in native code, nanoseconds; the GIL is released but the core is used.
    Native(u64),
    /// Python work, nanoseconds, that holds the GIL and can be preempted at any time.
    Compute(u64),
    /// Take a lock (a value of kind Lock, owned, or an int for what processes share, see [`outside`]) that is held; deadline in virtual nanoseconds, [`NEVER`](crate::trace::NEVER) for none.
    /// The result is True, or False when the time ran out.
    Acquire { lock: Value, deadline: u64 },
    /// A thread (an index into `threads`) was made and is to start. The result is None at once.
    Start { thread: u32 },
    /// A process was made and this is its main thread, which is to start; `fresh` if its memory is not a copy. The result is
    /// the process's number.
    Fork {
        thread: u32,
        process: u32,
        fresh: bool,
    },
    /// The process ends at once, all its threads with it.
    Exit(i32),
    /// The event loop polls: until the deadline, 0 for not at all.
    Poll { event_loop: Value, deadline: u64 },
    /// Text was written; the write takes its time, the GIL is released.
    Write,
    /// A call about sockets; the result is its answer.
    Network(sockets::Call),
    /// Waits until a socket is ready for this (READ, WRITE of the network), at most until the deadline. The result is whether it is.
    Ready {
        socket: u32,
        mask: u8,
        thing: ThingId,
        deadline: u64,
    },
    /// A signal is sent, to the process itself or to this thread only.
    Signal { signal: u8, to_process: bool },
    /// In a run in turns: the thread stands before an operation on what lies outside of all processes; it does it when it goes on.
    /// While exploring it `pauses` there if others are concerned. No result.
    Before { pauses: bool },
    /// In a run in turns: it has done one. The result is there already.
    Done,
}

/// Something a thread did that can let others go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal {
    /// A lock (kind Lock) with waiting threads was given back: its first waiter may be woken.
    LockFreed(Value),
    /// `sys.setswitchinterval`, nanoseconds.
    SwitchInterval(u64),
    /// `sys.setcheckinterval` of the GIL before 3.2, ticks; at least 1.
    CheckInterval(u64),
    /// `call_soon_threadsafe`: a loop that may be polling in another thread has work.
    LoopWoken(Value),
    /// A signal ends a process, with this exit code.
    Killed { process: u32, code: i32 },
}

/// Why [`Machine::run`] returned.
#[derive(Clone, Debug)]
pub enum Stop {
    /// `hard` instructions were executed, the thread can go on anywhere.
    Spent,
    /// A preemption point was reached after `soft` instructions.
    Preempted,
    Trap(Trap),
    /// There are signals; the thread can go on anywhere.
    Signalled,
    /// While exploring: the thread stands before an access that concerns others, see [`watch`].
    Paused,
    /// The thread's bottom frame returned, or raised the exception (owned).
    Ended(Option<Value>),
    /// The program is rejected at the current line.
    Rejected {
        message: Box<str>,
        hint: Box<str>,
    },
    /// A limit of the machine.
    Limit(&'static str),
}

impl Machine {
    /// Virtual nanoseconds.
    #[inline]
    pub fn now(&self) -> u64 {
        self.clock.now(self.executed)
    }

    /// The time of an event that happens now. In turns, where instructions take no time, their number, which
    /// [`Recorder::place`] turns into the time that is shown.
    #[inline]
    pub fn stamp(&self) -> u64 {
        if self.turns {
            self.executed
        } else {
            self.now()
        }
    }
}

impl Clock {
    /// Virtual nanoseconds after so many executed instructions.
    #[inline]
    pub fn now(&self, executed: u64) -> u64 {
        self.base + executed.saturating_sub(self.at) * self.cost
    }
}

/// What natives and instructions work with: the machine and the thread that runs.
pub struct Context<'a> {
    pub machine: &'a mut Machine,
    pub thread: &'a mut Thread,
    /// The index of the thread.
    pub number: u32,
}

impl Context<'_> {
    #[inline]
    pub fn heap(&mut self) -> &mut Heap {
        &mut self.machine.heap
    }
    /// An exception of a built-in type with a message, ready to be returned as an error.
    #[cold]
    pub fn error<T>(&mut self, kind: u16, message: &str) -> Outcome<T> {
        Err(self.raised(kind, &[message]))
    }
    /// As `error`, with a message put together from parts: the same for whatever the operation would have given.
    #[cold]
    #[inline(never)]
    pub fn raised(&mut self, kind: u16, parts: &[&str]) -> Control {
        let text = self.machine.heap.str(&parts.concat());
        let args = self.machine.heap.tuple(vec![text]);
        Control::Raise(self.machine.exception(types::value(kind), args))
    }
    /// The program cannot be run further: not supported, with a hint.
    #[cold]
    pub fn reject<T>(&mut self, message: &str, hint: &str) -> Outcome<T> {
        Err(Control::Reject(message.into(), hint.into()))
    }
    pub fn symbol(&mut self, name: &str) -> Symbol {
        self.machine.symbol(name)
    }
    pub fn name(&self, symbol: Symbol) -> &str {
        self.machine.program.names.text(symbol)
    }
    /// Fails when `bytes` more would exceed the heap limit. To be asked before allocating much at once.
    pub fn reserve(&mut self, bytes: usize) -> Outcome<()> {
        if self.machine.heap.bytes.saturating_add(bytes) > self.machine.limits.heap {
            Err(Control::Limit("heap"))
        } else {
            Ok(())
        }
    }
}

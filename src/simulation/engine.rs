//! What the simulation needs of whatever executes threads: the machine, or a script in tests.

use std::collections::VecDeque;

use crate::machine::signals::Arrival;
use crate::machine::sockets::Answer;
use crate::machine::value::Value;
use crate::machine::{Clock, Signal, Stop, Trap};
use crate::trace::{Event, StringId, TaskId, ThingId, Wait};

/// Executes the instructions of one thread at a time. Threads are numbered from 0, the main thread.
pub trait Engine: Clone {
    /// Executes at most `hard` instructions of the thread; with `soft`, stops at the first preemption point once at least
    /// so many were executed.
    fn run(&mut self, thread: u32, hard: u64, soft: Option<u64>) -> Stop;
    /// Instructions executed so far, on all threads.
    fn executed(&self) -> u64;
    /// Sets the time at which the next instruction begins.
    fn set_clock(&mut self, clock: Clock);
    /// What concerns other threads and happened since the last call, in order.
    fn take_signals(&mut self) -> Vec<Signal>;

    /// The thread's number in the trace.
    fn task(&self, thread: u32) -> TaskId;
    /// The asyncio task that the thread is stepping, if any, else the thread, in the trace.
    fn actor(&self, thread: u32) -> TaskId;
    /// The number of the process that the thread belongs to.
    fn process(&self, _thread: u32) -> u32 {
        0
    }
    /// Values that are handed over from now on are of this process.
    fn enter(&mut self, _process: u32) {}
    /// The process ended with this exit code.
    fn end_process(&mut self, _process: u32, _code: i32) {}
    /// The line at which the thread stands.
    fn line(&self, thread: u32) -> u32;
    /// The result of a trap: the thread goes on with it.
    fn deliver(&mut self, thread: u32, value: Value);
    /// Takes the result of a trap back: the thread has not gone on.
    fn retract(&mut self, _thread: u32) {}
    /// The result of a call about sockets.
    fn answer(&mut self, _thread: u32, _answer: Answer) {}
    /// What becomes of a signal that arrives.
    fn signal_arrives(&mut self, _signal: u8) -> Arrival {
        Arrival::Nothing
    }
    /// Whether handlers of signals are to be called, by the main thread.
    fn is_interrupted(&self) -> bool {
        false
    }
    /// Calls one, on top of what the main thread does; with `retry` that is waiting, and it waits again afterwards. What stops it at
    /// once, if something does.
    fn call_handler(&mut self, _retry: Option<Trap>) -> Option<Stop> {
        None
    }
    /// The text of an exception (owned) that ended the thread.
    fn exception_text(&mut self, thread: u32, exception: Value) -> String;

    /// Whether nobody holds the lock.
    fn lock_is_free(&self, lock: Value) -> bool;
    /// The same of a lock that this thread wants.
    fn is_free_for(&self, _thread: u32, lock: Value) -> bool {
        self.lock_is_free(lock)
    }
    /// In a run in turns, whether a thread whose wait for the lock is over tries again by itself; `late`: its time ran out.
    fn tries_again(&mut self, _thread: u32, _lock: Value, _late: bool) -> bool {
        false
    }
    /// The thread takes the free lock.
    fn lock_take(&mut self, lock: Value, thread: u32);
    /// What blocking on the lock is called, and on which thing (for threads awaited, which task).
    fn lock_wait(&self, lock: Value) -> (Wait, ThingId);
    /// The threads that wait for the lock, first come first. Kept by the simulation. None if it is no lock.
    fn lock_waiters(&mut self, lock: Value) -> Option<&mut VecDeque<u32>>;
    /// The reference to a lock that a trap handed over is given back.
    fn lock_drop(&mut self, lock: Value);
    /// The thread that runs the event loop.
    fn loop_thread(&self, event_loop: Value) -> Option<u32>;

    fn emit(&mut self, event: Event);
    fn string(&mut self, text: &str) -> StringId;
    /// Numbers a thing that is none of the others.
    fn thing(&mut self, _name: &str) -> ThingId {
        0
    }

    /// How many timers of the thread's event loop are due by then.
    fn due_timers(&self, _thread: u32, _until: u64) -> usize {
        0
    }
    /// Whether the thread's event loop has something to run whatever timers it takes, and whether it left some for later.
    fn has_ready(&self, _thread: u32) -> (bool, bool) {
        (false, false)
    }
    /// Takes one of the timers, by its place in their order, into the loop's next iteration; when it was due.
    fn pick_timer(&mut self, _thread: u32, _place: usize) -> Option<u64> {
        None
    }
    /// The loop's next iteration takes no other timers than those that were picked.
    fn hold_timers(&mut self, _thread: u32) {}

    /// How many events were emitted.
    fn events(&self) -> u32 {
        0
    }
    /// Turns the stamps of the events from that one on, which are numbers of executed instructions, into times: the one of
    /// number `at` begins at `start`.
    fn place(&mut self, _from: u32, _start: u64, _at: u64, _cost: u64) {}
}

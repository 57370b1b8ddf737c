//! Signals: what becomes of one that arrives, and the calls of its handler. CPython 3.12, Modules/signalmodule.c.

use std::collections::BTreeMap;

use super::call::Arguments;
use super::frame::{After, Thread};
use super::object::Object;
use super::value::Value;
use super::{Context, Control, Machine, Outcome, Stop, Trap};

/// Signals with their numbers on Linux.
pub const SIGNALS: &[(&str, u8)] = &[
    ("SIGHUP", 1),
    ("SIGINT", INTERRUPT),
    ("SIGQUIT", 3),
    ("SIGABRT", 6),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGCHLD", 17),
    ("SIGCONT", 18),
    ("SIGWINCH", 28),
];
const INTERRUPT: u8 = 2;
const KILL: u8 = 9;
/// Those that nothing happens at unless they are handled: SIGPIPE (which CPython ignores), SIGCHLD, SIGCONT, SIGWINCH.
const HARMLESS: &[u8] = &[13, 17, 18, 28];

/// `SIG_DFL` and `SIG_IGN`.
const DEFAULT: i64 = 0;
const IGNORE: i64 = 1;

/// The process's signals.
#[derive(Clone, Default)]
pub struct Interrupts {
    /// What `signal.signal` set: a callable, `SIG_DFL` or `SIG_IGN`, owned.
    pub handlers: BTreeMap<u64, Value>,
    /// A bit for each that arrived and whose handler has not run; the main thread calls them, the lowest number first.
    pending: u128,
    /// The file to which a signal's number is written when it arrives.
    pub wakeup: Option<u32>,
}

impl Interrupts {
    /// Whether a handler is to be called.
    pub fn is_pending(&self) -> bool {
        self.pending != 0
    }

    /// Takes the pending signal with the lowest number.
    fn next(&mut self) -> Option<u8> {
        let signal = self.pending.trailing_zeros() as u8;
        self.is_pending().then(|| {
            self.pending &= self.pending - 1;
            signal
        })
    }
}

/// What becomes of a signal that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    Nothing,
    /// The process ends.
    Fatal,
    /// Its handler is to be called, and its number to be written to a file.
    Handled(Option<u32>),
}

/// The name of a signal, such as `SIGINT`.
pub fn name(signal: u8) -> &'static str {
    SIGNALS
        .iter()
        .find(|(_, number)| *number == signal)
        .map_or("signal", |(name, _)| name)
}

impl Machine {
    /// A signal arrives.
    pub fn signal_arrives(&mut self, signal: u8) -> Arrival {
        let handler = self
            .interrupts
            .handlers
            .get(&signal.into())
            .filter(|_| signal != KILL);
        match handler.map(|h| h.as_int()) {
            Some(Some(IGNORE)) => return Arrival::Nothing,
            Some(None) => {}
            None if signal == INTERRUPT => {}
            None | Some(Some(_)) if HARMLESS.contains(&signal) => return Arrival::Nothing,
            None | Some(Some(_)) => return Arrival::Fatal,
        }
        self.interrupts.pending |= 1 << (signal & 127);
        Arrival::Handled(self.interrupts.wakeup)
    }

    /// Calls the handler of a signal that arrived, on top of what the main thread does. With `retry` it was waiting, and waits again
    /// afterwards. What stops the thread at once, if something does.
    pub fn call_handler(&mut self, number: u32, retry: Option<Trap>) -> Option<Stop> {
        let mut thread = std::mem::replace(&mut self.threads[number as usize], Thread::new(0));
        let mut context = Context {
            machine: self,
            thread: &mut thread,
            number,
        };
        let stop = context.call_handler(retry);
        self.threads[number as usize] = thread;
        stop
    }
}

impl Context<'_> {
    fn call_handler(&mut self, retry: Option<Trap>) -> Option<Stop> {
        let waits = retry.is_some();
        self.thread.retries.extend(retry);
        let called = match self.machine.interrupts.next() {
            Some(signal) => self.begin_handler(signal, waits),
            None => Ok(Value::NONE),
        };
        let control = match called {
            Ok(value) => {
                self.heap().release(value);
                match if waits { self.wait_again() } else { Ok(()) } {
                    Ok(()) => return None,
                    Err(control) => control,
                }
            }
            Err(Control::Raise(exception)) => {
                if waits {
                    self.drop_retry();
                }
                Control::Raise(exception)
            }
            Err(control) => control,
        };
        self.handle(control, 0)
    }

    fn begin_handler(&mut self, signal: u8, waits: bool) -> Outcome {
        let handler = match self.machine.interrupts.handlers.get(&signal.into()) {
            Some(handler) if handler.as_int().is_none() => *handler,
            // Changed since it arrived.
            Some(handler) if handler.as_int() == Some(IGNORE) => return Ok(Value::NONE),
            _ => {
                let (module, name) = (self.symbol("signal"), self.symbol("default_int_handler"));
                let module = self.import(module)?;
                match module.view() {
                    super::value::View::Module(number) => {
                        self.module_attribute(number, name).unwrap_or(Value::NONE)
                    }
                    _ => Value::NONE,
                }
            }
        };
        let arguments = Arguments {
            values: vec![Value::int(signal.into()), Value::NONE],
            names: Vec::new(),
        };
        let after = if waits {
            After::Interrupted
        } else {
            After::Drop
        };
        self.call_borrowed(handler, arguments, after)
    }

    /// The handler is done: the wait that the signal interrupted goes on.
    pub fn wait_again(&mut self) -> Outcome<()> {
        let Some(mut trap) = self.thread.retries.pop() else {
            return Ok(());
        };
        if let Trap::Poll {
            event_loop,
            deadline,
        } = &mut trap
            && let Some(Object::Loop(l)) = self.machine.heap.object(*event_loop)
            && l.woken
        {
            *deadline = 0;
        }
        Err(Control::Trap(Box::new(trap)))
    }

    /// The handler raised: the wait is over.
    pub fn drop_retry(&mut self) {
        if let Some(Trap::Acquire { lock, .. }) = self.thread.retries.pop() {
            self.heap().release(lock);
        }
    }

    /// What is set for a signal, borrowed; None for what it does by itself.
    pub fn signal_handler(&self, signal: u8) -> Option<Value> {
        let handlers = &self.machine.interrupts.handlers;
        handlers
            .get(&signal.into())
            .copied()
            .filter(|h| h.as_int() != Some(DEFAULT) || signal == INTERRUPT)
    }
}

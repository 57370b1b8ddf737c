//! Locks of threads. CPython 3.12, Modules/_threadmodule.c.

use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Lock, Object};
use crate::machine::outside::Outside;
use crate::machine::value::Value;
use crate::machine::{Context, Control, Machine, Outcome, Signal, Trap, types};
use crate::trace::{Event, Kind, NEVER, ThingKind, Wait};

pub static LOCK: Group = Group {
    place: Place::Type(types::LOCK),
    natives: LOCK_METHODS,
};
pub static RLOCK: Group = Group {
    place: Place::Type(types::RLOCK),
    natives: RLOCK_METHODS,
};
pub static MAKERS: Group = Group {
    place: Place::Module("_kernel"),
    natives: MAKER_FUNCTIONS,
};

/// `threading.TIMEOUT_MAX`, in seconds.
const LONGEST: f64 = 9_223_372_036.0;

const LOCK_METHODS: &[Definition] = &[
    define("__new__", "", |cx, _| Ok(cx.new_lock(false))),
    define("acquire", "blocking= timeout=", acquire),
    define("release", "", release),
    define("locked", "", locked),
    define("__enter__", "", enter),
    define("__exit__", "*arguments", release),
];

const RLOCK_METHODS: &[Definition] = &[
    define("__new__", "", |cx, _| Ok(cx.new_lock(true))),
    define("acquire", "blocking= timeout=", acquire),
    define("release", "", release),
    define("locked", "", locked),
    define("__enter__", "", enter),
    define("__exit__", "*arguments", release),
    define("_is_owned", "", |cx, a| {
        let me = cx.number;
        Ok(Value::bool(
            cx.lock(a[0]).is_some_and(|l| l.count > 0 && l.owner == me),
        ))
    }),
    define("_release_save", "", |cx, a| {
        let count = cx
            .lock(a[0])
            .map_or(0, |l| std::mem::replace(&mut l.count, 1));
        release(cx, a)?;
        Ok(Value::int(count as i64))
    }),
    define("_acquire_restore", "saved", |cx, a| {
        let count = a[1].as_int().unwrap_or(1) as u32;
        let me = cx.number;
        let Some(l) = cx.lock(a[0]) else {
            return Ok(Value::NONE);
        };
        if l.count > 0 {
            l.restores.push((me, count));
        }
        let value = acquire(cx, &[a[0], Value::NULL, Value::NULL])?;
        if let Some(l) = cx.lock(a[0]) {
            l.count = count;
        }
        Ok(value)
    }),
];

const MAKER_FUNCTIONS: &[Definition] = &[
    define("waiter_lock", "wait thing", |cx, a| {
        let wait = cx.wait_kind(a[0]);
        let thing = cx.wait_subject(wait, a[1]);
        Ok(cx.make_lock(false, wait, thing, true))
    }),
    define("rlock_of", "thing", |cx, a| {
        let thing = cx.wait_subject(Wait::Lock, a[0]);
        Ok(cx.make_lock(true, Wait::Lock, thing, true))
    }),
    define("quiet_rlock", "thing", |cx, a| {
        let thing = cx.wait_subject(Wait::Lock, a[0]);
        Ok(cx.make_lock(true, Wait::Lock, thing, true))
    }),
];

fn enter(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    acquire(cx, &[a[0], Value::NULL, Value::NULL])
}

fn locked(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    Ok(Value::bool(cx.lock(a[0]).is_some_and(|l| l.count > 0)))
}

fn acquire(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let blocking = match a[1].given() {
        // Before 3.12 it was read as a C int.
        Some(v) if !cx.machine.version.at_least(3, 12) => cx.need_index(v)? != 0,
        Some(v) => cx.truth(v)?,
        None => true,
    };
    let timeout = match a[2].given() {
        Some(v) => match v.as_number() {
            Some(seconds) => seconds,
            None => return cx.error(types::TYPE_ERROR, "timeout value must be a number"),
        },
        None => -1.0,
    };
    if !blocking && timeout != -1.0 {
        return cx.error(
            types::VALUE_ERROR,
            "can't specify a timeout for a non-blocking call",
        );
    }
    if timeout < 0.0 && timeout != -1.0 {
        let text = match cx.machine.version.at_least(3, 13) {
            true => "timeout value must be a non-negative number",
            false => "timeout value must be positive",
        };
        return cx.error(types::VALUE_ERROR, text);
    }
    if timeout.is_nan() {
        return cx.error(types::VALUE_ERROR, "Invalid value NaN (not a number)");
    }
    if timeout > LONGEST {
        let text = match timeout * 1e9 < i64::MAX as f64 {
            true => "timeout value is too large",
            false => "timestamp out of range for platform time_t",
        };
        return cx.error(types::OVERFLOW_ERROR, text);
    }
    let me = cx.number;
    let Some(l) = cx.lock(a[0]) else {
        return Ok(Value::FALSE);
    };
    if l.reentrant && l.count > 0 && l.owner == me {
        l.count += 1;
        return Ok(Value::TRUE);
    }
    if !l.is_waiter {
        let thing = l.thing;
        cx.name_thing(thing);
    }
    let Some(l) = cx.lock(a[0]) else {
        return Ok(Value::FALSE);
    };
    if l.count == 0 {
        cx.take_lock(a[0]);
        return Ok(Value::TRUE);
    }
    if !blocking || timeout == 0.0 {
        return Ok(Value::FALSE);
    }
    let deadline = if timeout < 0.0 {
        NEVER
    } else {
        cx.machine.now() + seconds(timeout)
    };
    let lock = cx.heap().retain(a[0]);
    Err(Control::Trap(Box::new(Trap::Acquire { lock, deadline })))
}

fn release(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let me = cx.number;
    let Some(l) = cx.lock(a[0]) else {
        return Ok(Value::NONE);
    };
    if l.count == 0 {
        let text = if l.reentrant {
            "cannot release un-acquired lock"
        } else {
            "release unlocked lock"
        };
        return cx.error(types::RUNTIME_ERROR, text);
    }
    if l.reentrant && l.owner != me {
        return cx.error(types::RUNTIME_ERROR, "cannot release un-acquired lock");
    }
    l.count -= 1;
    if l.count == 0 {
        let (waited, shown, thing) = (!l.waiters.is_empty(), !l.is_waiter, l.thing);
        cx.machine.note_lock(me, a[0], false);
        if shown {
            cx.record(Event {
                a: thing,
                ..cx.event(Kind::Release)
            });
        }
        if waited {
            cx.machine.signals.push(Signal::LockFreed(a[0]));
        }
    }
    Ok(Value::NONE)
}

/// Seconds as virtual nanoseconds. A time above 0 is at least one: whoever waits for the rest of a time would wait for ever in one that
/// does not pass.
pub fn seconds(value: f64) -> u64 {
    if value <= 0.0 {
        0
    } else {
        (value * 1e9).round().clamp(1.0, 1e18) as u64
    }
}

impl Context<'_> {
    pub fn lock(&mut self, value: Value) -> Option<&mut Lock> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Lock(l)) => Some(l),
            _ => None,
        }
    }

    fn new_lock(&mut self, reentrant: bool) -> Value {
        let thing = self.new_thing(if reentrant {
            ThingKind::RLock
        } else {
            ThingKind::Lock
        });
        self.make_lock(reentrant, Wait::Lock, thing, false)
    }

    fn make_lock(&mut self, reentrant: bool, wait: Wait, thing: u32, is_waiter: bool) -> Value {
        self.heap().add(Object::Lock(Box::new(Lock {
            reentrant,
            count: 0,
            owner: 0,
            wait,
            thing,
            is_waiter,
            waiters: Default::default(),
            restores: Vec::new(),
        })))
    }

    /// Takes a free lock for the running thread.
    fn take_lock(&mut self, lock: Value) {
        let me = self.number;
        let Some(l) = self.lock(lock) else { return };
        l.count = 1;
        l.owner = me;
        let (shown, thing) = (!l.is_waiter, l.thing);
        self.machine.note_lock(me, lock, true);
        if shown {
            self.record(Event {
                a: thing,
                ..self.event(Kind::Acquire)
            });
        }
    }

    /// The kind of wait that a word of the library means.
    pub fn wait_kind(&self, word: Value) -> Wait {
        match self.machine.heap.text(word).unwrap_or("") {
            "sleep" => Wait::Sleep,
            "lock" | "rlock" => Wait::Lock,
            "event" => Wait::Event,
            "condition" => Wait::Condition,
            "semaphore" => Wait::Semaphore,
            "barrier" => Wait::Barrier,
            "get" => Wait::Get,
            "put" => Wait::Put,
            "drain" => Wait::Drain,
            "join" => Wait::Join,
            "start" => Wait::Start,
            "task" => Wait::Task,
            "tasks" => Wait::Tasks,
            "reply" => Wait::Reply,
            "thread" => Wait::Thread,
            "io" => Wait::Io,
            _ => Wait::Future,
        }
    }

    /// The number of what is waited for: a thing, a task, or a thread (whose number is known once it started: its object stands for it).
    pub fn wait_subject(&mut self, wait: Wait, subject: Value) -> u32 {
        if let crate::machine::value::View::Thing(number) = subject.view() {
            return number;
        }
        if matches!(wait, Wait::Join | Wait::Start) {
            // The thread is about to be numbered, or is.
            return match subject.as_object() {
                Some(handle) => handle.0 | THREAD_OBJECT,
                None => 0,
            };
        }
        match self.task(subject) {
            Some(t) => t.id,
            None => 0,
        }
    }
}

/// Marks a `Lock::thing` that is the handle of a `threading.Thread`, to be looked up when somebody waits.
pub const THREAD_OBJECT: u32 = 1 << 31;

impl Machine {
    /// A woken thread takes a lock that is free.
    pub fn lock_take(&mut self, lock: Value, thread: u32) {
        self.note_lock(thread, lock, true);
        let time = self.stamp();
        let core = self.clock.core;
        let (task, line) = {
            let t = &self.threads[thread as usize];
            (t.actor(), t.line)
        };
        if let Some((shared, _)) = Outside::of_lock(lock) {
            return self.shared_take(shared, thread);
        }
        let Some(Object::Lock(l)) = self.heap.object_mut(lock) else {
            return;
        };
        l.count = 1;
        l.owner = thread;
        if let Some(at) = l.restores.iter().position(|(t, _)| *t == thread) {
            l.count = l.restores.remove(at).1;
        }
        if !l.is_waiter {
            let a = l.thing;
            self.recorder.push(Event {
                time,
                task,
                line,
                kind: Kind::Acquire,
                core,
                tag: Default::default(),
                flags: 0,
                a,
                b: 0,
                value: 0,
            });
        }
    }

    /// What blocking on a lock is called: the kind of wait and the thing or task waited for.
    pub fn lock_wait(&self, lock: Value) -> (Wait, u32) {
        if let Some((shared, side)) = Outside::of_lock(lock) {
            let of = &self.outside.objects[shared as usize];
            let wait = if side == 1 { Wait::Put } else { of.wait };
            return (wait, of.thing);
        }
        let Some(Object::Lock(l)) = self.heap.object(lock) else {
            return (Wait::Lock, 0);
        };
        if l.thing & THREAD_OBJECT == 0 {
            return (l.wait, l.thing);
        }
        let object = l.thing & !THREAD_OBJECT;
        let task = self
            .threads
            .iter()
            .filter(|t| t.process == self.processes.current)
            .find(|t| t.object.as_object().is_some_and(|h| h.0 == object))
            .map_or(0, |t| t.task);
        (l.wait, task)
    }
}

//! What processes share, for the library's `multiprocessing`: semaphores, pipes, shared memory.

use std::collections::VecDeque;

use super::locks::seconds;
use super::processes::integer;
use crate::machine::frame::Reach;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Object, Text};
use crate::machine::outside::{File, Outside, Plain, SharedKind};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Machine, Outcome, Trap, types};
use crate::trace::{Event, Kind, LocationKind, NEVER, Tag, Wait};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("shared_wait", "object side timeout", wait),
    define("semaphore", "kind thing value limit shown", semaphore),
    define("semaphore_acquire", "object block timeout", acquire),
    define("semaphore_release", "object", release),
    define("semaphore_value", "object", |cx, a| {
        let SharedKind::Semaphore { count, .. } = cx.shared(a[0]) else {
            return Ok(Value::NONE);
        };
        Ok(Value::int(*count as i64))
    }),
    define("pipe", "thing duplex", pipe),
    define("pipe_send", "file message", send),
    define("pipe_receive", "file", receive),
    define("pipe_wait", "file side timeout", pipe_wait),
    define("file_close", "file", |cx, a| {
        cx.close_file(a[0]);
        Ok(Value::NONE)
    }),
    define("file_hold", "file", hold),
    define("file_adopt", "read write", |cx, a| {
        let side = |value: Value| value.as_int().map(|it| it as u32);
        let (read, write) = (side(a[0]), side(a[1]));
        Ok(cx.open(File::Pipe { read, write }))
    }),
    define("cells", "values", |cx, a| {
        let Plain::Tuple(items) = cx.pack(a[0])? else {
            return Ok(Value::NONE);
        };
        let cells = items.into_iter().map(|it| (it, None)).collect();
        let object = cx.make_outside(SharedKind::Cells(cells), Wait::Future, 0);
        Ok(Value::int(object.into()))
    }),
    define("cell_get", "object at name", cell_get),
    define("cell_set", "object at name value", cell_set),
    define("binding_name", "", |cx, _| match cx.binding_name() {
        Some(name) => Ok(cx.heap().str(&name)),
        None => Ok(Value::NONE),
    }),
];

/// How many bytes a pipe takes before its writer waits (Linux, pipe(7)), and one of sockets (`net.core.wmem_default`).
const PIPE_BYTES: usize = 65_536;
const SOCKET_BYTES: usize = 212_992;

/// The deadline that a timeout (None for none) means.
fn deadline(cx: &Context<'_>, timeout: Value) -> u64 {
    match timeout.as_number() {
        Some(time) => cx.machine.now().saturating_add(seconds(time)),
        None => NEVER,
    }
}

fn wait(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let (object, side) = (integer(cx, a[0]) as u32, integer(cx, a[1]) as u8);
    let until = deadline(cx, a[2]);
    cx.wait_shared(object, side, until)
}

fn semaphore(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let wait = cx.wait_kind(a[0]);
    let thing = cx.wait_subject(wait, a[1]);
    let kind = SharedKind::Semaphore {
        count: integer(cx, a[2]) as u64,
        limit: integer(cx, a[3]) as u64,
        shown: cx.truth(a[4])?,
    };
    let object = cx.make_outside(kind, wait, thing);
    Ok(Value::int(object.into()))
}

fn acquire(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let object = integer(cx, a[0]) as u32;
    if cx.machine.outside.is_ready(object, 0) {
        cx.machine
            .shared_take_as(object, cx.thread.actor(), cx.thread.line);
        return Ok(Value::TRUE);
    }
    let until = deadline(cx, a[2]);
    if !cx.truth(a[1])? || until <= cx.machine.now() {
        return Ok(Value::FALSE);
    }
    cx.wait_shared(object, 0, until)
}

/// Whether it could be given back.
fn release(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let object = integer(cx, a[0]) as u32;
    let thing = cx.machine.outside.objects[object as usize].thing;
    let SharedKind::Semaphore {
        count,
        limit,
        shown,
    } = cx.shared(a[0])
    else {
        return Ok(Value::NONE);
    };
    if *count >= *limit {
        return Ok(Value::FALSE);
    }
    *count += 1;
    if *shown {
        cx.record(Event {
            a: thing,
            ..cx.event(Kind::Release)
        });
    }
    cx.machine.shared_freed(object, 0, 1);
    Ok(Value::TRUE)
}

fn pipe(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let thing = match a[0].view() {
        View::Thing(thing) => thing,
        _ => 0,
    };
    let duplex = cx.truth(a[1])?;
    let mut stream = || {
        let kind = SharedKind::Stream {
            messages: VecDeque::new(),
            bytes: 0,
            capacity: if duplex { SOCKET_BYTES } else { PIPE_BYTES },
            ends: [0, 0],
        };
        cx.make_outside(kind, Wait::Get, thing)
    };
    let there = stream();
    let back = duplex.then(stream);
    let mut open = |read, write| {
        let file = File::Pipe { read, write };
        cx.machine.outside.opened(file, 1);
        cx.open(file)
    };
    let ends = vec![open(Some(there), back), open(back, Some(there))];
    Ok(cx.heap().tuple(ends))
}

/// Puts a message into a pipe, False if nobody could read it. Whoever sends more than fits waits afterwards.
fn send(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let message = cx.pack(a[1])?;
    let Some(File::Pipe {
        write: Some(to), ..
    }) = cx.file(a[0])
    else {
        return Ok(Value::NONE);
    };
    Ok(Value::bool(cx.machine.send(to, message)))
}

/// `(message,)`, or None if there is none yet, or False if there will be none.
fn receive(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some(File::Pipe {
        read: Some(from), ..
    }) = cx.file(a[0])
    else {
        return Ok(Value::NONE);
    };
    let SharedKind::Stream {
        messages,
        bytes,
        ends,
        ..
    } = &mut cx.machine.outside.objects[from as usize].kind
    else {
        return Ok(Value::NONE);
    };
    let Some(message) = messages.pop_front() else {
        let over = ends[1] == 0;
        return Ok(if over { Value::FALSE } else { Value::NONE });
    };
    *bytes -= message.size();
    cx.machine.shared_freed(from, 1, usize::MAX);
    let value = cx.unpack_plain(&message);
    Ok(cx.heap().tuple(vec![value]))
}

fn pipe_wait(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let side = integer(cx, a[1]) as u8;
    let until = deadline(cx, a[2]);
    let end = cx
        .file(a[0])
        .and_then(|file| file.ends().find(|(_, of)| *of == side));
    match end {
        Some((stream, side)) => cx.wait_shared(stream, side, until),
        None => Ok(Value::FALSE),
    }
}

/// Keeps the ends of a pipe open while a parcel with them is on its way: `(read, write)`.
fn hold(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let mut sides = vec![Value::NONE; 2];
    if let Some(file) = cx.file(a[0]) {
        cx.machine.outside.opened(file, 1);
        for (stream, side) in file.ends() {
            sides[side as usize] = Value::int(stream.into());
        }
    }
    Ok(cx.heap().tuple(sides))
}

fn cell_get(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    cx.check_raw_memory()?;
    let at = integer(cx, a[1]) as usize;
    let SharedKind::Cells(cells) = cx.shared(a[0]) else {
        return Ok(Value::NONE);
    };
    let Some((plain, location)) = cells.get(at).cloned() else {
        return cx.error(types::INDEX_ERROR, "invalid index");
    };
    let value = cx.unpack_plain(&plain);
    if cx.machine.watch.on() {
        return Ok(value.from_read(cx.thread.line));
    }
    match cx.cell_access(a, location, Kind::Read, value) {
        0 => Ok(value),
        step => Ok(value.from_read(step)),
    }
}

fn cell_set(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    cx.check_raw_memory()?;
    let at = integer(cx, a[1]) as usize;
    let plain = cx.pack(a[3])?;
    let SharedKind::Cells(cells) = cx.shared(a[0]) else {
        return Ok(Value::NONE);
    };
    let Some(cell) = cells.get_mut(at) else {
        return cx.error(types::INDEX_ERROR, "invalid index");
    };
    cell.0 = plain;
    let location = cell.1;
    cx.cell_access(a, location, Kind::Write, a[3]);
    Ok(Value::NONE)
}

impl Context<'_> {
    fn shared(&mut self, object: Value) -> &mut SharedKind {
        let object = object.as_index().unwrap_or(0) as usize;
        &mut self.machine.outside.objects[object].kind
    }

    /// Adds something shared under a name of its own.
    fn make_outside(&mut self, kind: SharedKind, wait: Wait, thing: u32) -> u32 {
        let object = self.machine.outside.add(kind, wait, thing);
        self.machine.outside.objects[object as usize].name = self.outside_name();
        object
    }

    /// In a run in turns the call is made again when the wait is over.
    fn wait_shared(&mut self, object: u32, side: u8, deadline: u64) -> Outcome {
        let lock = Outside::lock(object, side);
        if self.machine.turns {
            let ready = self.machine.outside.is_ready(object, side);
            let late = self.thread.reach == Reach::Late || deadline <= self.machine.now();
            if ready || late {
                if let SharedKind::Ended = self.machine.outside.objects[object as usize].kind {
                    self.machine.note_end(self.number, object, true);
                }
                return Ok(Value::bool(ready));
            }
        }
        Err(Control::Trap(Box::new(Trap::Acquire { lock, deadline })))
    }

    /// Records the access to shared memory; the step of a recorded one, else 0. `a`: object, index, name.
    fn cell_access(&mut self, a: &[Value], location: Option<u32>, kind: Kind, value: Value) -> u32 {
        if !self.machine.recorder.is_on() || !self.machine.recorder.wants_detail() {
            return 0;
        }
        let location = location.unwrap_or_else(|| {
            let name = self.machine.heap.text(a[2]).unwrap_or("").to_owned();
            let new = self.machine.recorder.location(LocationKind::Global, &name);
            let at = a[1].as_index().unwrap_or(0) as usize;
            if let SharedKind::Cells(cells) = self.shared(a[0]) {
                cells[at].1 = Some(new);
            }
            new
        });
        let (tag, payload) = self.payload(value);
        self.record(Event {
            a: location,
            b: if kind == Kind::Write {
                value.origin()
            } else {
                0
            },
            tag,
            value: payload,
            ..self.event(kind)
        })
    }

    /// The process's open file with that number.
    pub fn file(&mut self, number: Value) -> Option<File> {
        let files = &self.machine.processes.all[self.thread.process as usize].files;
        *files.get(number.as_int()? as usize)?
    }

    pub fn take_file(&mut self, number: Value) -> Option<File> {
        let files = &mut self.machine.processes.all[self.thread.process as usize].files;
        files.get_mut(number.as_int()? as usize)?.take()
    }

    /// Gives an open file the lowest free number.
    pub fn open(&mut self, file: File) -> Value {
        let files = &mut self.machine.processes.all[self.thread.process as usize].files;
        let free = files.iter().position(Option::is_none);
        let number = free.unwrap_or_else(|| {
            files.push(None);
            files.len() - 1
        });
        files[number] = Some(file);
        Value::int(number as i64)
    }

    /// A value (numbers, text, bytes, None, built-in types and functions, tuples of such) as it leaves the process.
    pub fn pack(&mut self, value: Value) -> Outcome<Plain> {
        Ok(match self.machine.heap.object(value) {
            None => Plain::Value(value.from_read(0)),
            Some(Object::Str(text)) => Plain::Str(text.text.clone()),
            Some(Object::Bytes(bytes)) => Plain::Bytes(bytes.clone()),
            Some(Object::BigInt(big)) => Plain::Big(big.clone()),
            Some(Object::Tuple(items)) => {
                let items = items.clone();
                let items = items.iter().map(|item| self.pack(*item));
                Plain::Tuple(items.collect::<Outcome<_>>()?)
            }
            _ => return self.error(types::TYPE_ERROR, "not plain data"),
        })
    }

    /// The value in the memory of the present process, owned.
    pub fn unpack_plain(&mut self, plain: &Plain) -> Value {
        match plain {
            Plain::Value(value) => *value,
            Plain::Str(text) => {
                let length = text.chars().count() as u32;
                let text = text.clone();
                self.heap().add(Object::Str(Text { text, length }))
            }
            Plain::Bytes(bytes) => self.machine.heap.add(Object::Bytes(bytes.clone())),
            Plain::Big(big) => self.machine.heap.add(Object::BigInt(big.clone())),
            Plain::Tuple(items) => {
                let items = items.iter().map(|item| self.unpack_plain(item)).collect();
                self.heap().tuple(items)
            }
        }
    }
}

impl Machine {
    /// A woken thread goes on with what it waited for: a semaphore is its.
    pub fn shared_take(&mut self, object: u32, thread: u32) {
        let thread = &self.threads[thread as usize];
        let (task, line) = (thread.actor(), thread.line);
        self.shared_take_as(object, task, line);
    }

    fn shared_take_as(&mut self, object: u32, task: u32, line: u32) {
        let (time, core) = (self.stamp(), self.clock.core);
        let of = &mut self.outside.objects[object as usize];
        let SharedKind::Semaphore { count, shown, .. } = &mut of.kind else {
            return;
        };
        *count -= 1;
        if *shown {
            let a = of.thing;
            self.recorder.push(Event {
                time,
                task,
                line,
                kind: Kind::Acquire,
                core,
                tag: Tag::Absent,
                flags: 0,
                a,
                b: 0,
                value: 0,
            });
        }
    }
}

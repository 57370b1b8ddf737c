//! The simulated file system: one flat directory, shared by all processes, that lives as long as the run.
//!
//! A file that is open is a number of the process for a description (its position), as on POSIX: a fork shares the position.

use super::processes::integer;
use crate::machine::call::Arguments;
use crate::machine::frame::After;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::outside::{Description, File, SharedKind, Stored, named};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Outcome, Trap};
use crate::trace::{Event, Kind, LocationKind, Wait};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};
pub static BUILTINS: Group = Group {
    place: Place::Builtins,
    natives: &[define(
        "open",
        "file mode= buffering= encoding= errors= newline= closefd= opener=",
        |cx, a| {
            let name = cx.symbol("_files");
            let module = cx.import(name)?;
            let name = cx.symbol("open");
            let function = match module.view() {
                View::Module(number) => cx.module_attribute(number, name),
                _ => None,
            };
            let given = |value: &Value| value.given().unwrap_or(Value::NONE);
            let values: Vec<Value> = a[..8].iter().map(given).collect();
            for value in &values {
                cx.machine.heap.retain(*value);
            }
            let names = Vec::new();
            let function = function.unwrap_or(Value::NULL);
            cx.call_borrowed(function, Arguments { values, names }, After::Push)
        },
    )],
};

const FUNCTIONS: &[Definition] = &[
    define("file_open", "path create exclusive truncate append", open),
    define("file_read", "file size", read),
    define("file_write", "file data", write),
    define("file_seek", "file at whence", seek),
    define("file_truncate", "file size", |cx, a| {
        let Some((_, file)) = cx.description(a[0]) else {
            return Ok(Value::NONE);
        };
        let size = integer(cx, a[1]).max(0) as usize;
        cx.machine.outside.files[file as usize]
            .bytes
            .resize(size, 0);
        cx.file_access(file, Kind::Write);
        Ok(Value::NONE)
    }),
    define("file_lock", "file", lock),
    define("file_locked", "file", |cx, a| {
        if let Some((number, _)) = cx.description(a[0]) {
            cx.machine.outside.descriptions[number as usize].locked = true;
        }
        Ok(Value::NONE)
    }),
    define("file_unlock", "file", |cx, a| {
        if let Some((number, file)) = cx.description(a[0]) {
            cx.unlock(number, file);
        }
        Ok(Value::NONE)
    }),
    // Of what was done just now: it takes its time, the GIL is released.
    define("system_call", "", |_, _| {
        Err(Control::Trap(Box::new(Trap::Write)))
    }),
    define("path_size", "path", |cx, a| {
        let outside = &cx.machine.outside;
        let file = cx
            .machine
            .heap
            .text(a[0])
            .and_then(|path| outside.paths.get(path));
        let size = file.map(|file| outside.files[*file as usize].bytes.len());
        Ok(size.map_or(Value::NONE, |size| Value::int(size as i64)))
    }),
    define("path_remove", "path", |cx, a| {
        let path = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
        let known = cx.machine.outside.paths.remove(&path).is_some();
        Ok(Value::bool(known))
    }),
    define("path_rename", "old new", |cx, a| {
        let path = |value| cx.machine.heap.text(value).unwrap_or("").to_owned();
        let (old, new) = (path(a[0]), path(a[1]));
        let file = cx.machine.outside.paths.remove(&old);
        if let Some(file) = file {
            cx.machine.outside.paths.insert(new, file);
        }
        Ok(Value::bool(file.is_some()))
    }),
    define("paths", "", |cx, _| {
        let paths: Vec<String> = cx.machine.outside.paths.keys().cloned().collect();
        let paths = paths.iter().map(|path| cx.machine.heap.str(path)).collect();
        Ok(cx.heap().list(paths))
    }),
];

/// The number of the opened file; None if there is none, False if there should be none.
fn open(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let path = cx.machine.heap.text(a[0]).unwrap_or("").to_owned();
    let known = cx.machine.outside.paths.get(&path).copied();
    let file = match known {
        Some(_) if cx.truth(a[2])? => return Ok(Value::FALSE),
        Some(file) => file,
        None if !cx.truth(a[1])? => return Ok(Value::NONE),
        None => {
            let location = cx.machine.recorder.location(LocationKind::Global, &path);
            let files = &mut cx.machine.outside.files;
            files.push(Stored {
                location,
                path: path.as_str().into(),
                name: named(&path),
                ..Stored::default()
            });
            let file = files.len() as u32 - 1;
            cx.machine.outside.paths.insert(path, file);
            file
        }
    };
    if cx.truth(a[3])? && !cx.machine.outside.files[file as usize].bytes.is_empty() {
        cx.machine.outside.files[file as usize].bytes.clear();
        cx.file_access(file, Kind::Write);
    }
    let append = cx.truth(a[4])?;
    let name = cx.outside_name();
    cx.machine.outside.descriptions.push(Description {
        file,
        at: 0,
        append,
        open: 1,
        locked: false,
        name,
        users: Vec::new(),
    });
    let number = cx.machine.outside.descriptions.len() as u32 - 1;
    Ok(cx.open(File::Open(number)))
}

/// At most so many bytes from the position on, all that are left if negative.
fn read(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some((number, file)) = cx.description(a[0]) else {
        return Ok(Value::NONE);
    };
    cx.check_one_user(number)?;
    let size = integer(cx, a[1]);
    let outside = &mut cx.machine.outside;
    let at = &mut outside.descriptions[number as usize].at;
    let rest = outside.files[file as usize]
        .bytes
        .get(*at..)
        .unwrap_or_default();
    let count = usize::try_from(size).unwrap_or(rest.len()).min(rest.len());
    let bytes = rest[..count].into();
    *at += count;
    cx.file_access(file, Kind::Read);
    Ok(cx.heap().add(Object::Bytes(bytes)))
}

fn write(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let (Some((number, file)), Some(Object::Bytes(data))) =
        (cx.description(a[0]), cx.machine.heap.object(a[1]))
    else {
        return Ok(Value::NONE);
    };
    let data = data.clone();
    cx.reserve(data.len())?;
    cx.check_one_user(number)?;
    let outside = &mut cx.machine.outside;
    let of = &mut outside.descriptions[number as usize];
    let bytes = &mut outside.files[file as usize].bytes;
    if of.append {
        of.at = bytes.len();
    }
    let end = of.at + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[of.at..end].copy_from_slice(&data);
    of.at = end;
    cx.file_access(file, Kind::Write);
    Ok(Value::int(data.len() as i64))
}

/// `lseek`: the new position, False if there is none such.
fn seek(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some((number, file)) = cx.description(a[0]) else {
        return Ok(Value::NONE);
    };
    cx.check_one_user(number)?;
    let (by, whence) = (integer(cx, a[1]), integer(cx, a[2]));
    let outside = &mut cx.machine.outside;
    let of = &mut outside.descriptions[number as usize];
    let from = match whence {
        0 => 0,
        1 => of.at as i64,
        _ => outside.files[file as usize].bytes.len() as i64,
    };
    if from + by < 0 {
        return Ok(Value::FALSE);
    }
    of.at = (from + by) as usize;
    Ok(Value::int(from + by))
}

/// The semaphore that stands for the file's lock.
fn lock(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let Some((_, file)) = cx.description(a[0]) else {
        return Ok(Value::NONE);
    };
    if let Some(lock) = cx.machine.outside.files[file as usize].lock {
        return Ok(Value::int(lock.into()));
    }
    let thing = cx.new_thing(crate::trace::ThingKind::Lock);
    let kind = SharedKind::Semaphore {
        count: 1,
        limit: 1,
        shown: true,
    };
    let outside = &mut cx.machine.outside;
    let lock = outside.add(kind, Wait::Lock, thing);
    outside.objects[lock as usize].name = outside.files[file as usize].name;
    outside.files[file as usize].lock = Some(lock);
    Ok(Value::int(lock.into()))
}

impl Context<'_> {
    fn unlock(&mut self, description: u32, file: u32) {
        let outside = &self.machine.outside;
        if let Some(lock) = outside.files[file as usize].lock
            && outside.descriptions[description as usize].locked
        {
            let a = outside.objects[lock as usize].thing;
            self.record(Event {
                a,
                ..self.event(Kind::Release)
            });
        }
        self.machine.unlock(description);
    }

    /// The process closes its open file with that number.
    pub fn close_file(&mut self, number: Value) {
        if let Some((description, file)) = self.description(number)
            && self.machine.outside.descriptions[description as usize].open == 1
        {
            self.unlock(description, file);
        }
        if let Some(file) = self.take_file(number) {
            self.machine.close(file);
        }
    }

    /// The description of an open file, and its file.
    pub fn description(&mut self, number: Value) -> Option<(u32, u32)> {
        let Some(File::Open(description)) = self.file(number) else {
            return None;
        };
        let of = &self.machine.outside.descriptions[description as usize];
        Some((description, of.file))
    }

    /// Records that a task read or wrote a file. What it writes is taken to come from what it read last: then a write in between
    /// is lost.
    fn file_access(&mut self, file: u32, kind: Kind) {
        if self.machine.watch.on() && kind == Kind::Read {
            let (task, line) = (self.thread.actor(), self.thread.line);
            let reads = &mut self.machine.outside.files[file as usize].reads;
            reads.insert(task, line);
        }
        if !self.machine.recorder.is_on() || !self.machine.recorder.wants_detail() {
            return;
        }
        let stored = &self.machine.outside.files[file as usize];
        let location = stored.location;
        let text = String::from_utf8_lossy(&stored.bytes).into_owned();
        let text = self.machine.heap.str(&text);
        let (tag, value) = self.payload(text);
        self.machine.heap.release(text);
        let task = self.thread.actor();
        let stored = &self.machine.outside.files[file as usize];
        let from = stored.reads.get(&task).copied().unwrap_or(0);
        let step = self.record(Event {
            a: location,
            b: if kind == Kind::Write { from } else { 0 },
            tag,
            value,
            ..self.event(kind)
        });
        let reads = &mut self.machine.outside.files[file as usize].reads;
        if kind == Kind::Read {
            reads.insert(task, step);
        }
    }
}

//! What lives outside the memory of all processes: semaphores, pipes, shared memory, files, the ends of processes.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::operate::Big;
use super::value::Value;
use crate::trace::{LocationId, TaskId, ThingId, Wait};

/// A value that passes from one process to another: plain data without identity.
#[derive(Clone, Debug)]
pub enum Plain {
    /// One that refers to no object: a number, None, a built-in type or function.
    Value(Value),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Big(Rc<Big>),
    Tuple(Vec<Plain>),
}

impl Plain {
    /// About as many bytes as CPython's pickle of it has.
    pub fn size(&self) -> usize {
        match self {
            Plain::Value(value) => match value.as_int() {
                Some(0..=255) => 2,
                Some(_) => 5,
                None => 3,
            },
            Plain::Str(text) => text.len() + 3,
            Plain::Bytes(bytes) => bytes.len() + 3,
            Plain::Big(big) => big.bytes() + 2,
            Plain::Tuple(items) => items.iter().map(Plain::size).sum::<usize>() + 2,
        }
    }
}

/// An open file of a process: ends of pipes, by the number of what is shared, or a file of the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Pipe {
        read: Option<u32>,
        write: Option<u32>,
    },
    /// An open file description: its position is shared by those who got it from one `open`.
    Open(u32),
}

impl File {
    /// The streams and the side of each that it is: 0 reads, 1 writes.
    pub fn ends(self) -> impl Iterator<Item = (u32, u8)> {
        let (read, write) = match self {
            File::Pipe { read, write } => (read, write),
            File::Open(_) => (None, None),
        };
        read.map(|it| (it, 0))
            .into_iter()
            .chain(write.map(|it| (it, 1)))
    }
}

/// What a shared thing is.
#[derive(Clone, Debug)]
pub enum SharedKind {
    Semaphore {
        count: u64,
        limit: u64,
        /// Taking and giving back is shown.
        shown: bool,
    },
    Stream {
        messages: VecDeque<Plain>,
        /// Bytes on the way.
        bytes: usize,
        capacity: usize,
        /// How many open files are each of its ends: 0 reads, 1 writes.
        ends: [u32; 2],
    },
    /// Shared memory, with the trace's location of each value.
    Cells(Vec<(Plain, Option<LocationId>)>),
    /// The end of a process: not yet, and over.
    End,
    Ended,
}

/// Something shared, with the threads that wait for it: for a stream, those that read and those that write.
#[derive(Clone, Debug)]
pub struct Shared {
    pub kind: SharedKind,
    /// What it is called whatever the order in which things were made; 0 until somebody says.
    pub name: u32,
    /// What waiting for it is called, and the thing or task.
    pub wait: Wait,
    pub thing: ThingId,
    pub waiters: [VecDeque<u32>; 2],
}

/// A file of the simulated file system.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub bytes: Vec<u8>,
    /// The path under which it was made, and what that gives as a number.
    pub path: Rc<str>,
    pub name: u32,
    /// Its location in the trace.
    pub location: LocationId,
    /// At which step each task read it last; at which line while exploring.
    pub reads: BTreeMap<TaskId, u32>,
    /// The semaphore that `flock` takes, once somebody did.
    pub lock: Option<u32>,
}

/// What an `open` made.
#[derive(Clone, Debug)]
pub struct Description {
    pub file: u32,
    pub at: usize,
    pub append: bool,
    /// How many open files it is.
    pub open: u32,
    /// It holds the file's lock (`flock`).
    pub locked: bool,
    /// What it is called whatever the order in which files were opened.
    pub name: u32,
    /// The threads that used it, in runs in turns.
    pub users: Vec<u32>,
}

/// A number that stands for a path (FNV-1a).
pub fn named(path: &str) -> u32 {
    let mix = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    path.bytes().fold(0x811C_9DC5, mix)
}

/// All that is outside.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    pub objects: Vec<Shared>,
    /// The directory, by path.
    pub paths: BTreeMap<String, u32>,
    pub files: Vec<Stored>,
    pub descriptions: Vec<Description>,
}

impl Outside {
    pub fn add(&mut self, kind: SharedKind, wait: Wait, thing: ThingId) -> u32 {
        self.objects.push(Shared {
            kind,
            name: 0,
            wait,
            thing,
            waiters: Default::default(),
        });
        self.objects.len() as u32 - 1
    }

    /// One more or one less open file is an end of its pipes.
    pub fn opened(&mut self, file: File, by: i32) {
        if let File::Open(description) = file {
            let open = &mut self.descriptions[description as usize].open;
            *open = open.saturating_add_signed(by);
        }
        for (stream, side) in file.ends() {
            if let SharedKind::Stream { ends, .. } = &mut self.objects[stream as usize].kind {
                let end = &mut ends[side as usize];
                *end = end.saturating_add_signed(by);
            }
        }
    }

    /// What stands for a shared thing and its side in a trap's lock.
    pub fn lock(object: u32, side: u8) -> Value {
        Value::int((object << 1 | u32::from(side)).into())
    }

    /// The shared thing that a trap's lock means, and its side.
    pub fn of_lock(lock: Value) -> Option<(u32, u8)> {
        lock.as_int()
            .map(|it| ((it >> 1) as u32, u8::from(it & 1 == 1)))
    }

    /// Whether one that waits there could go on.
    pub fn is_ready(&self, object: u32, side: u8) -> bool {
        match &self.objects[object as usize].kind {
            SharedKind::Semaphore { count, .. } => *count > 0,
            SharedKind::Stream { messages, ends, .. } if side == 0 => {
                !messages.is_empty() || ends[1] == 0
            }
            SharedKind::Stream {
                bytes,
                capacity,
                ends,
                ..
            } => bytes <= capacity || ends[0] == 0,
            SharedKind::Cells(_) | SharedKind::Ended => true,
            SharedKind::End => false,
        }
    }
}

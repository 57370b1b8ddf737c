//! Processes: each has memory of its own, made by copying its parent's (fork) or from nothing (spawn).
//!
//! The machine holds the memory of one process, the one that runs or is spoken of; that of the others is kept here. What
//! processes share is in [`outside`](super::outside) and refers to nobody's memory.

use std::rc::Rc;

use super::frame::Thread;
use super::heap::Heap;
use super::object::{Lock, Object};
use super::outside::{File, Outside, Plain, SharedKind};
use super::program::{Module, Names, Program};
use super::shared::SharedList;
use super::value::{Symbol, Value};
use super::{Machine, Signal};
use crate::bytecode::Code;
use crate::trace::ThingId;

/// What a process has for itself.
#[derive(Clone, Default)]
pub struct Memory {
    heap: Heap,
    modules: SharedList<Module>,
    program: Rc<Program>,
    loop_methods: Vec<(Symbol, Value)>,
    task_names: u32,
    loop_code: u32,
    main_code: u32,
    switch_interval: u64,
}

/// A process. Number 0 is the one that the run begins with.
#[derive(Clone, Default)]
pub struct Process {
    /// While another one is in the machine; None if it is over.
    memory: Option<Box<Memory>>,
    pub parent: u32,
    pub name: String,
    /// What stands for its end among what processes share.
    pub end: u32,
    /// Its exit code, once it is over: negative for the signal that killed it.
    pub code: Option<i32>,
    /// The stream that its end is told to.
    pub tells: Option<u32>,
    /// Open files and ends of pipes, by number.
    pub files: Vec<Option<File>>,
}

/// What all processes are made of.
#[derive(Clone)]
pub struct Processes {
    pub all: Vec<Process>,
    /// The one whose memory is in the machine.
    pub current: u32,
    /// The program, for processes that begin from nothing, and the names before it was linked.
    pub code: Rc<Code>,
    pub names: Rc<Names>,
}

impl Processes {
    pub fn new(code: &Rc<Code>, names: &Names) -> Processes {
        Processes {
            all: vec![Process::default()],
            current: 0,
            code: code.clone(),
            names: Rc::new(names.clone()),
        }
    }
}

impl Machine {
    fn swap_memory(&mut self, memory: &mut Memory) {
        use std::mem::swap;
        swap(&mut self.heap, &mut memory.heap);
        swap(&mut self.modules, &mut memory.modules);
        swap(&mut self.program, &mut memory.program);
        swap(&mut self.loop_methods, &mut memory.loop_methods);
        swap(&mut self.task_names, &mut memory.task_names);
        swap(&mut self.loop_code, &mut memory.loop_code);
        swap(&mut self.main_code, &mut memory.main_code);
        swap(&mut self.switch_interval, &mut memory.switch_interval);
    }

    /// Puts the memory of a process into the machine. Nothing happens if the process is over.
    pub fn enter_process(&mut self, process: u32) {
        let current = self.processes.current;
        if process == current {
            return;
        }
        let Some(mut memory) = self.processes.all[process as usize].memory.take() else {
            return;
        };
        self.swap_memory(&mut memory);
        let left = &mut self.processes.all[current as usize];
        left.memory = left.code.is_none().then_some(memory);
        self.processes.current = process;
    }

    /// The heap of a process; the present one's if it is over.
    pub fn heap_of(&self, process: u32) -> &Heap {
        match &self.processes.all[process as usize].memory {
            Some(memory) if process != self.processes.current => &memory.heap,
            _ => &self.heap,
        }
    }

    /// The modules of a process and its names; the present one's if it is over.
    pub fn names_of(&self, process: u32) -> (&SharedList<Module>, &Names) {
        match self.processes.all.get(process as usize) {
            Some(Process {
                memory: Some(memory),
                ..
            }) if process != self.processes.current => (&memory.modules, &memory.program.names),
            _ => (&self.modules, &self.program.names),
        }
    }

    /// The lock that a thread waits for or wants, unless it is something outside.
    pub fn lock_of(&self, thread: u32, lock: Value) -> Option<&Lock> {
        match self.heap_of(self.process_of(thread)).object(lock) {
            Some(Object::Lock(lock)) => Some(lock),
            _ => None,
        }
    }

    /// The thing in the trace that a thread waits for or wants; 0 if there is none.
    pub fn lock_thing(&self, thread: u32, lock: Value) -> ThingId {
        match Outside::of_lock(lock) {
            Some((object, _)) => self.outside.objects[object as usize].thing,
            None => self.lock_of(thread, lock).map_or(0, |lock| lock.thing),
        }
    }

    /// Whether what a thread wants is there for it: the lock is free, or its own and reentrant.
    pub fn is_there(&self, thread: u32, lock: Value) -> bool {
        match Outside::of_lock(lock) {
            Some((object, side)) => self.outside.is_ready(object, side),
            None => self
                .lock_of(thread, lock)
                .is_none_or(|lock| lock.count == 0 || lock.reentrant && lock.owner == thread),
        }
    }

    /// Whether a process is not over.
    pub fn is_alive(&self, process: u32) -> bool {
        self.processes.all[process as usize].code.is_none()
    }

    /// Freezes the memory of all processes, see [`Heap::freeze`].
    pub fn freeze(&mut self, beside: bool) {
        self.heap.freeze(beside);
        for memory in self.processes.all.iter_mut().flat_map(|it| &mut it.memory) {
            memory.heap.freeze(beside);
        }
    }

    /// Whether that froze what changed since, see [`Heap::is_rewritten`].
    pub fn is_rewritten(&self) -> bool {
        let others = self.processes.all.iter().flat_map(|it| &it.memory);
        self.heap.is_rewritten() || others.map(|it| &it.heap).any(Heap::is_rewritten)
    }

    /// The process that a thread belongs to.
    pub fn process_of(&self, thread: u32) -> u32 {
        self.threads[thread as usize].process
    }

    /// A new process whose memory is a copy of the present one's, for a thread with the next number. Its number.
    pub fn fork(&mut self, by: u32) -> u32 {
        let memory = Memory {
            heap: self.heap.forked(by, self.threads.len() as u32),
            modules: self.modules.clone(),
            program: self.program.clone(),
            loop_methods: self.loop_methods.clone(),
            task_names: self.task_names,
            loop_code: self.loop_code,
            main_code: self.main_code,
            switch_interval: self.switch_interval,
        };
        let parent = self.processes.current;
        let files = self.processes.all[parent as usize].files.clone();
        let process = self.add_process(memory, files);
        self.enter_process(process);
        for at in 0..self.modules.len() {
            // Its variables are others, under the same names.
            Rc::make_mut(&mut self.modules[at].locations).fill(0);
        }
        self.enter_process(parent);
        process
    }

    /// A new process without anything in its memory but the program, which has not begun, as the module `__mp_main__`.
    pub fn spawn(&mut self) -> u32 {
        let memory = Memory {
            program: Rc::new(Program {
                names: (*self.processes.names).clone(),
                codes: Vec::new(),
            }),
            switch_interval: 5_000_000,
            ..Memory::default()
        };
        let parent = self.processes.current;
        let process = self.add_process(memory, Vec::new());
        self.enter_process(process);
        self.prepare();
        let code = self.processes.code.clone();
        self.load_program(&code, "__mp_main__");
        self.enter_process(parent);
        process
    }

    fn add_process(&mut self, memory: Memory, files: Vec<Option<File>>) -> u32 {
        for file in files.iter().flatten() {
            self.outside.opened(*file, 1);
        }
        let end = self
            .outside
            .add(SharedKind::End, crate::trace::Wait::Join, 0);
        self.processes.all.push(Process {
            memory: Some(Box::new(memory)),
            parent: self.processes.current,
            name: String::new(),
            end,
            code: None,
            tells: None,
            files,
        });
        self.processes.all.len() as u32 - 1
    }

    /// The process is over: its memory and its open files are gone, and whoever waits for it can go on. Its threads are the
    /// caller's affair.
    pub fn end_process(&mut self, process: u32, code: i32) {
        let of = &mut self.processes.all[process as usize];
        if of.code.is_some() {
            return;
        }
        of.code = Some(code);
        of.memory = None;
        let (end, tells) = (of.end, of.tells);
        let files = std::mem::take(&mut of.files);
        for file in files.into_iter().flatten() {
            self.close(file);
        }
        if let Some(stream) = tells {
            let number = Plain::Value(Value::int(process.into()));
            let nobody = Plain::Value(Value::NONE);
            let message = Plain::Tuple(vec![
                Plain::Str("(".into()),
                Plain::Str("end".into()),
                nobody,
                number,
            ]);
            self.send(stream, message);
        }
        self.outside.objects[end as usize].kind = SharedKind::Ended;
        self.shared_freed(end, 0, usize::MAX);
    }

    /// Whether live bytes of all processes would exceed the limit with one more like the present one.
    pub fn is_too_big_to_fork(&self) -> bool {
        let others = self.processes.all.iter().flat_map(|it| &it.memory);
        let bytes: usize = others.map(|memory| memory.heap.bytes).sum();
        bytes + 2 * self.heap.bytes > self.limits.heap
    }

    /// Closes a process's file. The last end of a pipe wakes up whoever waits at the other.
    pub fn close(&mut self, file: File) {
        self.outside.opened(file, -1);
        if let File::Open(description) = file
            && self.outside.descriptions[description as usize].open == 0
        {
            self.unlock(description);
        }
        for (stream, side) in file.ends() {
            // The other side of a pipe that nobody uses any more is ready.
            self.shared_freed(stream, 1 - side, usize::MAX);
        }
    }

    /// Puts a message into a stream; false if nobody could ever read it.
    pub fn send(&mut self, stream: u32, message: Plain) -> bool {
        let SharedKind::Stream {
            messages,
            bytes,
            ends,
            ..
        } = &mut self.outside.objects[stream as usize].kind
        else {
            return false;
        };
        if ends[0] == 0 {
            return false;
        }
        *bytes += message.size();
        messages.push_back(message);
        self.shared_freed(stream, 0, 1);
        true
    }

    /// Gives back the lock of a file that an `open` got.
    pub fn unlock(&mut self, description: u32) {
        let of = &mut self.outside.descriptions[description as usize];
        let file = of.file as usize;
        if std::mem::take(&mut of.locked)
            && let Some(lock) = self.outside.files[file].lock
            && let SharedKind::Semaphore { count, .. } =
                &mut self.outside.objects[lock as usize].kind
        {
            *count = 1;
            self.shared_freed(lock, 0, 1);
        }
    }

    /// Up to so many of those who wait for something shared, at that side of it, are to look again.
    pub fn shared_freed(&mut self, object: u32, side: u8, count: usize) {
        let waiting = self.outside.objects[object as usize].waiters[side as usize].len();
        let freed = Signal::LockFreed(Value::int((object << 1 | u32::from(side)).into()));
        for _ in 0..waiting.min(count) {
            self.signals.push(freed);
        }
    }
}

impl Thread {
    /// The main thread of a process that `by` forked.
    pub fn forked(&self, task: u32, process: u32) -> Thread {
        let mut thread = Thread::new(task);
        thread.process = process;
        thread.ident = self.ident;
        thread.line = self.line;
        thread
    }
}

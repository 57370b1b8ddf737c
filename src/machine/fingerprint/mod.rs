//! A state's fingerprint: equal for states from which the same follows, whatever the order in which their objects were
//! made. Objects are numbered as they are reached from threads and modules; numbers for the trace, lines, reference counts
//! and time do not count.

mod liveness;
mod object;
mod outside;

use liveness::{handled, liveness};

use super::Machine;
use super::frame::{After, Driver, Frame, Thread};
use std::rc::Rc;

use super::program::{Linked, Module};
use super::shared::SharedList;
use super::value::{Handle, Value, View};

/// 128 bits that many words were mixed into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mix(pub u64, pub u64);

impl Mix {
    /// Mixes a word in; the order of words counts.
    #[inline]
    pub fn add(&mut self, word: u64) {
        // Multiplications by odd constants (digits of pi and of the golden ratio), whose high bits come back to the low ones. A
        // folded product of 128 bits would mix more at once, but WebAssembly has no instruction for it.
        let a = (self.0 ^ word ^ 0x243F_6A88_85A3_08D3).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let b = (self.1.rotate_left(29) ^ 0x1319_8A2E_0370_7344)
            .wrapping_add(word)
            .wrapping_mul(0xD6E8_FEB8_6659_FD93);
        self.0 = a ^ a >> 32;
        self.1 = b ^ b >> 29;
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.add(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }
}

/// What is known of a process's memory.
#[derive(Clone, Default)]
struct Base {
    /// Of modules that have not changed since then only `open` is looked at.
    modules: SharedList<Module>,
    /// By module, the slots whose objects are not frozen. Frozen ones tell themselves of their changes.
    open: Vec<Vec<usize>>,
    /// Which slots of a frame can still be read, by code and instruction, a bit each.
    live: Vec<Option<Live>>,
}

/// For one code, by instruction.
type Live = (Rc<Linked>, Rc<[u64]>);

/// What fingerprints need, kept between them.
#[derive(Default)]
pub struct Numbers {
    /// By handle: the part of a state in which it was numbered, and its number there.
    numbers: Vec<(u32, u32)>,
    part: u32,
    /// The first part of the present state.
    first: u32,
    next: u32,
    pending: Vec<Handle>,
    done: usize,
    /// Of the process that is gone through, and which one that is.
    base: Base,
    process: usize,
    /// Of the others that there were in the beginning, by number.
    bases: Vec<Base>,
    /// What stands for a thread's number where threads are interchangeable.
    ranks: Vec<u32>,
}

impl Numbers {
    /// For states that all come from this one.
    pub fn since(machine: &Machine) -> Numbers {
        let base = |process: u32| {
            let heap = machine.heap_of(process);
            let is_open = |value: &Value| {
                let object = value.as_object();
                object.is_some_and(|it| !heap.is_frozen(it))
            };
            let open = |module: &Module| {
                let slots = module.slots.iter().enumerate();
                let open = slots.filter(|(_, value)| is_open(value));
                open.map(|(slot, _)| slot).collect()
            };
            let modules = machine.names_of(process).0.clone();
            Base {
                open: modules.iter().map(open).collect(),
                modules,
                live: Vec::new(),
            }
        };
        let count = machine.processes.all.len() as u32;
        let mut bases: Vec<Base> = (0..count).map(base).collect();
        let process = machine.processes.current as usize;
        Numbers {
            base: std::mem::take(&mut bases[process]),
            process,
            bases,
            ..Numbers::default()
        }
    }

    /// From here on it is about the memory that is in the machine.
    pub fn enter(&mut self, machine: &Machine) {
        let mut process = machine.processes.current;
        // One that was made since began as its parent, or from nothing.
        while process as usize >= self.bases.len() {
            process = machine.processes.all[process as usize].parent;
        }
        let process = process as usize;
        if process != self.process {
            std::mem::swap(&mut self.base, &mut self.bases[self.process]);
            std::mem::swap(&mut self.base, &mut self.bases[process]);
            self.process = process;
        }
    }

    /// Begins a state.
    pub fn begin(&mut self) {
        self.first = self.part + 1;
    }

    /// The threads in their order; those that are not among them are called by their numbers.
    pub fn set_ranks(&mut self, threads: impl IntoIterator<Item = u32>) {
        self.ranks.clear();
        for (rank, thread) in threads.into_iter().enumerate() {
            let at = thread as usize;
            if self.ranks.len() <= at {
                self.ranks.resize(at + 1, 0);
            }
            self.ranks[at] = rank as u32;
        }
    }

    fn live(&mut self, machine: &Machine, code: u32) -> &[u64] {
        let at = code as usize;
        let live = &mut self.base.live;
        if live.len() <= at {
            live.resize(at + 1, None);
        }
        // Processes that were made later may have other code under the number.
        let linked = &machine.program.codes[at];
        let known = &mut live[at];
        match known {
            Some((of, _)) if Rc::ptr_eq(of, linked) => {}
            _ => *known = Some((linked.clone(), liveness(&linked.code))),
        }
        known.as_ref().map_or(&[], |(_, live)| live)
    }
}
/// What was found out about a part of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub mix: Mix,
    /// One of its objects belongs to another part as well.
    pub shared: bool,
    /// As long as none does, nobody else can reach them.
    pub apart: bool,
}

/// Goes through a part of a state: a thread, or what belongs to none.
pub struct Walk<'a> {
    machine: &'a Machine,
    numbers: &'a mut Numbers,
    pub mix: Mix,
    /// Something here was reached from another part as well.
    shared: bool,
    /// So may be something that was: it is frozen, and somebody else may know it.
    frozen: bool,
    /// The thread whose own things are called its own.
    me: Option<(u32, &'a Thread)>,
}

impl<'a> Walk<'a> {
    /// Begins a part. With `me` that thread's identity does not show.
    pub fn new(machine: &'a Machine, numbers: &'a mut Numbers, me: Option<u32>) -> Walk<'a> {
        numbers.part = numbers.part.wrapping_add(1);
        numbers.next = 0;
        numbers.done = 0;
        numbers.pending.clear();
        let mut walk = Walk {
            machine,
            numbers,
            mix: Mix::default(),
            shared: false,
            frozen: false,
            me: None,
        };
        walk.stand_for(me);
        walk
    }

    /// From here on the identity of this thread does not show.
    pub fn stand_for(&mut self, me: Option<u32>) {
        let machine = self.machine;
        self.me = me.map(|me| (me, &machine.threads[me as usize]));
    }

    fn number(&mut self, handle: Handle) -> u64 {
        if self.machine.heap.is_original(handle) {
            return 1 << 32 | u64::from(handle.0);
        }
        let at = handle.0 as usize;
        if self.numbers.numbers.len() <= at {
            self.numbers.numbers.resize(at + 1, (0, 0));
        }
        let known = &mut self.numbers.numbers[at];
        if known.0 != self.numbers.part {
            self.shared |= known.0 >= self.numbers.first;
            *known = (self.numbers.part, self.numbers.next);
            let number = self.numbers.next;
            self.numbers.next += 1;
            self.numbers.pending.push(handle);
            self.frozen |= self.machine.heap.is_frozen(handle) && self.may_be_known(handle);
            return u64::from(number);
        }
        u64::from(known.1)
    }

    /// Whether somebody else may know a frozen object. What a thread made before its first operation that concerns others it has told
    /// nobody.
    fn may_be_known(&self, handle: Handle) -> bool {
        let heap = &self.machine.heap;
        let maker = (heap.label(handle) >> super::watch::SITE_BITS).checked_sub(1);
        let own = maker.is_some() && maker == self.me.map(|(me, _)| me);
        !own && !heap.get(handle).is_constant()
    }

    /// Mixes a value in, an object by its number.
    pub fn value(&mut self, value: Value) {
        if let Some((_, me)) = self.me {
            let is = |own: Value| own.is(value) && !own.is_null();
            let own = if is(me.object) {
                0
            } else if is(me.end_lock) {
                1
            } else if value.is(Value::int(me.ident as i64)) {
                2
            } else {
                3
            };
            if own < 3 {
                return self.mix.add(own ^ 12 << 59);
            }
        }
        let (tag, bits) = match value.view() {
            View::Null => (0, 0),
            View::None => (1, 0),
            View::NotImplemented => (2, 0),
            View::Ellipsis => (3, 0),
            View::Bool(b) => (4, u64::from(b)),
            View::Int(i) => (5, i as u64),
            View::Float(f) => (6, f.to_bits()),
            View::Type(number) => (7, number.into()),
            View::Native(number) => (8, number.into()),
            View::Module(number) => (9, number.into()),
            View::Thing(_) => (10, 0),
            View::Turn(yielded) => (13, u64::from(yielded)),
            View::Object(handle) => (11, self.number(handle)),
        };
        self.mix.add(bits ^ tag << 59);
    }

    /// What belongs to a thread.
    pub fn thread(&mut self, thread: &Thread) {
        self.mix.add(thread.frames.len() as u64);
        for frame in &thread.frames {
            self.frame(frame);
        }
        self.mix.add(thread.stack.len() as u64);
        for (at, frame) in thread.frames.iter().enumerate() {
            let next = thread.frames.get(at + 1);
            let end = next.map_or(thread.stack.len(), |next| next.base as usize);
            self.slots(
                frame,
                &thread.stack[frame.base as usize..end],
                next.is_some(),
            );
        }
        for value in [
            thread.handled,
            thread.object,
            thread.event_loop,
            thread.context,
            thread.end_lock,
            thread.failed,
        ] {
            self.value(value);
        }
        for &value in thread.steps.iter().flat_map(|step| &step.woken_by) {
            self.value(value);
        }
        for &value in thread.postponed.iter().flatten() {
            self.value(value);
        }
        self.mix.add(
            u64::from(thread.daemon) | u64::from(thread.ended) << 1 | (thread.reach as u64) << 2,
        );
    }

    /// A frame's slots and operands. Plain values in slots that will not be read again are of no consequence.
    fn slots(&mut self, frame: &Frame, values: &[Value], calls: bool) {
        let pc = frame.pc as usize;
        let machine = self.machine;
        let code = &machine.program.codes[frame.code as usize].code;
        let live = self.numbers.live(machine, frame.code);
        let mut mask = live[pc];
        if calls {
            mask |= handled(code, live, pc.saturating_sub(1));
        }
        let slots = machine.program.codes[frame.code as usize].slots.len();
        for (at, &value) in values.iter().enumerate() {
            let dead = at < slots.min(64) && mask >> at & 1 == 0 && value.as_object().is_none();
            self.value(if dead { Value::NULL } else { value });
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.mix
            .add(u64::from(frame.code) << 32 | u64::from(frame.pc));
        self.mix.add(
            u64::from(frame.base) | u64::from(frame.module) << 32 | u64::from(frame.flags) << 48,
        );
        for value in [frame.function, frame.generator, frame.object] {
            if !value.is_null() {
                self.value(value);
            }
        }
        match frame.after {
            After::Push => self.mix.add(0),
            After::Init(value) => {
                self.mix.add(1);
                self.value(value);
            }
            // Signals come to no run that is fingerprinted.
            After::Drop | After::Interrupted => self.mix.add(2),
            After::BuildClass => self.mix.add(3),
            After::Truth { negate } => self.mix.add(4 | u64::from(negate) << 8),
            After::Condition {
                target,
                wanted,
                length,
            } => {
                let how = u64::from(wanted) | u64::from(length) << 1;
                self.mix.add(17 | how << 8 | u64::from(target) << 16);
            }
            After::ForIterator { target } => self.mix.add(5 | u64::from(target) << 8),
            After::Send(sending) => self.mix.add(6 | (sending as u64) << 8),
            After::AsyncStep(driver) => {
                let by = match driver {
                    Driver::Await => 0,
                    Driver::Hand => 1,
                    Driver::Close => 2,
                    Driver::Task(task) => {
                        self.value(Value::object(task));
                        3
                    }
                };
                self.mix.add(16 | by << 8);
            }
            After::YieldFrom => self.mix.add(7),
            After::TaskStep(task) => {
                self.mix.add(8);
                self.value(Value::object(task));
            }
            After::LoopCallback(handle) => {
                self.mix.add(9);
                self.value(Value::object(handle));
            }
            After::Next { target } => self.mix.add(10 | u64::from(target) << 8),
            After::Operator { stage } => self.mix.add(11 | u64::from(stage) << 8),
            After::Finalizer(owner) => {
                self.mix.add(12);
                self.value(owner);
            }
            After::Thread => self.mix.add(13),
            After::Import { module } => self.mix.add(14 | u64::from(module) << 8),
            After::AttributeDefault(default) => {
                self.mix.add(15);
                self.value(default);
            }
        }
    }

    /// What belongs to no thread: the modules, and the machine's own state.
    pub fn rest(&mut self) {
        let machine = self.machine;
        for (at, module) in machine.modules.iter().enumerate() {
            let base = &self.numbers.base;
            if machine.modules.is_same(&base.modules, at) {
                for place in 0..base.open[at].len() {
                    let slot = self.numbers.base.open[at][place];
                    self.mix.add((at as u64) << 32 | slot as u64);
                    self.value(module.slots[slot]);
                }
                continue;
            }
            for (slot, &value) in module.slots.iter().enumerate() {
                if !self.is_as_before(at, slot, value) {
                    self.mix.add((at as u64) << 32 | slot as u64);
                    self.value(value);
                }
            }
        }
        self.mix.add(u64::MAX);
        for &(name, value) in &machine.loop_methods {
            self.mix.add(name.0.into());
            self.value(value);
        }
        self.value(machine.failed.unwrap_or(Value::NULL));
        self.mix
            .add(u64::from(machine.task_names) << 1 | u64::from(machine.shut_down));
        self.mix.add(machine.watch.output[0]);
        self.mix.add(machine.watch.output[1]);
    }

    /// Whether a module's global is what it was at first. What is in an original object is another matter.
    fn is_as_before(&self, module: usize, slot: usize, value: Value) -> bool {
        let before = self.numbers.base.modules.get(module);
        let before = before.and_then(|it| it.slots.get(slot));
        before.is_some_and(|before| before.is(value))
            && value
                .as_object()
                .is_none_or(|it| self.machine.heap.is_original(it))
    }

    /// The frozen objects that changed since.
    pub fn changes(&mut self, hidden: &[Handle]) {
        for handle in self.machine.heap.changed() {
            if !hidden.contains(&handle) {
                self.mix.add(handle.0.into());
                self.object(handle);
            }
        }
    }

    /// With the contents of all objects that were reached.
    pub fn finish(mut self) -> Part {
        while let Some(&handle) = self.numbers.pending.get(self.numbers.done) {
            self.numbers.done += 1;
            self.object(handle);
        }
        Part {
            mix: self.mix,
            shared: self.shared,
            apart: !self.shared && !self.frozen,
        }
    }

    /// What stands for a thread's number.
    fn rank(&self, thread: u32) -> u64 {
        if let Some((me, _)) = self.me {
            return u64::from(u32::MAX) - u64::from(me == thread);
        }
        let rank = self.numbers.ranks.get(thread as usize);
        rank.copied().unwrap_or(thread).into()
    }
}

//! A state's fingerprint: equal for states from which the same follows, whatever the order in which their objects were
//! made. Objects are numbered as they are reached from threads and modules; numbers for the trace, lines, reference counts
//! and time do not count.

use super::Machine;
use super::frame::{After, Frame, Thread};
use super::heap::each_part;
use super::object::{Callback, Iterator, Object};
use super::program::Module;
use super::shared::SharedList;
use super::value::{Handle, Value, View};
use crate::bytecode::{Code, Instruction};

/// 128 bits that many words were mixed into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mix(pub u64, pub u64);

impl Mix {
    /// Mixes a word in; the order of words counts.
    #[inline]
    pub fn add(&mut self, word: u64) {
        // Folded multiplication, twice with different constants (the odd digits of pi and of the golden ratio).
        let a = u128::from(self.0 ^ word ^ 0x243F_6A88_85A3_08D3) * 0x9E37_79B9_7F4A_7C15;
        let b = u128::from(self.1 ^ word.rotate_left(29) ^ 0x1319_8A2E_0370_7344)
            * 0xD6E8_FEB8_6659_FD93;
        self.0 = (a >> 64) as u64 ^ a as u64;
        self.1 = (b >> 64) as u64 ^ (b as u64).rotate_left(17);
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
    /// Modules that have not changed since then are left out.
    modules: SharedList<Module>,
    /// Which slots of a frame can still be read, by code and instruction, a bit each.
    live: Vec<Option<Box<[u64]>>>,
    /// What stands for a thread's number where threads are interchangeable.
    ranks: Vec<u32>,
}

impl Numbers {
    /// For states that all come from this one.
    pub fn since(machine: &Machine) -> Numbers {
        Numbers {
            modules: machine.modules.clone(),
            ..Numbers::default()
        }
    }

    /// Begins a state.
    pub fn begin(&mut self) {
        self.first = self.part + 1;
    }

    /// The threads in their order.
    pub fn set_ranks(&mut self, threads: impl IntoIterator<Item = u32>) {
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
        if self.live.len() <= at {
            self.live.resize(at + 1, None);
        }
        self.live[at].get_or_insert_with(|| liveness(&machine.program.codes[at].code))
    }
}

/// Before each instruction: the slots that may be read before they are written, a bit for each of the first 64.
fn liveness(code: &Code) -> Box<[u64]> {
    let count = code.instructions.len();
    let mut live = vec![0u64; count + 1].into_boxed_slice();
    let bit = |slot: u32| 1u64.checked_shl(slot).unwrap_or(0);
    loop {
        let mut changed = false;
        for at in (0..count).rev() {
            let instruction = &code.instructions[at];
            let falls = !matches!(
                instruction,
                Instruction::Jump(_)
                    | Instruction::JumpBackward(_)
                    | Instruction::Return
                    | Instruction::Raise(_)
                    | Instruction::Reraise(_)
            );
            let mut out = if falls { live[at + 1] } else { 0 };
            if let Some(target) = instruction.target() {
                out |= live[target as usize];
            }
            let mut before = match *instruction {
                Instruction::StoreFast(slot) => out & !bit(slot),
                Instruction::LoadFast(slot)
                | Instruction::DeleteFast(slot)
                | Instruction::MakeCell(slot)
                | Instruction::LoadClosure(slot)
                | Instruction::LoadDeref(slot)
                | Instruction::StoreDeref(slot)
                | Instruction::DeleteDeref(slot)
                | Instruction::LoadClassDeref(slot) => out | bit(slot),
                _ => out,
            };
            before |= handled(code, &live, at);
            changed |= before != live[at];
            live[at] = before;
        }
        if !changed {
            return live;
        }
    }
}

/// What the handlers of an instruction read.
fn handled(code: &Code, live: &[u64], at: usize) -> u64 {
    let covers = |handler: &&crate::bytecode::Handler| {
        (handler.start as usize..handler.end as usize).contains(&at)
    };
    let all = code.handlers.iter().filter(covers);
    all.fold(0, |all, handler| all | live[handler.target as usize])
}

/// Goes through a part of a state: a thread, or what belongs to none.
pub struct Walk<'a> {
    machine: &'a Machine,
    numbers: &'a mut Numbers,
    pub mix: Mix,
    /// Something here was reached from another part as well.
    shared: bool,
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
            self.numbers.next += 1;
            self.numbers.pending.push(handle);
        }
        u64::from(known.1)
    }

    /// Mixes a value in, an object by its number.
    pub fn value(&mut self, value: Value) {
        if let Some((_, me)) = self.me {
            let own = [me.object, me.end_lock, Value::int(me.ident as i64)];
            if let Some(at) = own.iter().position(|own| own.is(value) && !own.is_null()) {
                return self.mix.add(at as u64 ^ 12 << 59);
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
        self.mix
            .add(u64::from(thread.daemon) | u64::from(thread.ended) << 1);
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
        for value in [frame.function, frame.generator, frame.namespace] {
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
            After::ForIterator { target } => self.mix.add(5 | u64::from(target) << 8),
            After::Send(sending) => self.mix.add(6 | (sending as u64) << 8),
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
            if machine.modules.is_same(&self.numbers.modules, at) {
                continue;
            }
            self.mix.add(at as u64);
            self.mix.add(module.slots.len() as u64);
            for &value in &module.slots {
                self.value(value);
            }
        }
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

    /// The original objects that changed since.
    pub fn changes(&mut self, hidden: &[Handle]) {
        for handle in self.machine.heap.changed() {
            if self.machine.heap.is_original(handle) && !hidden.contains(&handle) {
                self.mix.add(handle.0.into());
                self.object(handle);
            }
        }
    }

    /// With the contents of all objects that were reached. Whether one of them belongs to another part as well.
    pub fn finish(mut self) -> (Mix, bool) {
        while let Some(&handle) = self.numbers.pending.get(self.numbers.done) {
            self.numbers.done += 1;
            self.object(handle);
        }
        (self.mix, self.shared)
    }

    /// What stands for a thread's number.
    fn rank(&self, thread: u32) -> u64 {
        if let Some((me, _)) = self.me {
            return u64::from(u32::MAX) - u64::from(me == thread);
        }
        let rank = self.numbers.ranks.get(thread as usize);
        rank.copied().unwrap_or(thread).into()
    }

    fn object(&mut self, handle: Handle) {
        let object = self.machine.heap.get(handle);
        self.mix.add(discriminant(object));
        self.own(object);
        // The parts are gone through twice to keep their number out of the way of the borrow.
        let machine = self.machine;
        each_part(machine.heap.get(handle), &mut |part| self.value(part));
    }

    /// What an object is beside the values it owns.
    fn own(&mut self, object: &Object) {
        match object {
            Object::Free(_)
            | Object::Tuple(_)
            | Object::Slice(_)
            | Object::Method(_)
            | Object::Property(_)
            | Object::ClassMethod(_)
            | Object::StaticMethod(_)
            | Object::Super(_)
            | Object::Cell(_) => {}
            Object::Str(text) => self.mix.bytes(text.text.as_bytes()),
            Object::Bytes(bytes) => self.mix.bytes(bytes),
            Object::ByteArray(bytes) => self.mix.bytes(bytes),
            Object::BigInt(big) => self.mix.bytes(format!("{big:?}").as_bytes()),
            Object::List(items) => self.mix.add(items.len() as u64),
            Object::Dict(dict) => self.mix.add(dict.len() as u64),
            Object::Set(set, frozen) => self.mix.add((set.len() as u64) << 1 | *frozen as u64),
            Object::Deque(deque) => {
                self.mix.add(deque.items.len() as u64);
                self.mix
                    .add(deque.limit.map_or(u64::MAX, |limit| limit as u64));
            }
            Object::Range(range) => range.iter().for_each(|&part| self.mix.add(part as u64)),
            Object::Iterator(iterator) => self.iterator(iterator),
            Object::DictView(_, kind) => self.mix.add(*kind as u64),
            Object::Function(function) => {
                self.mix
                    .add(u64::from(function.code) << 16 | u64::from(function.module));
                self.names(&function.attributes);
            }
            Object::Class(class) => {
                self.mix.add(u64::from(class.name.0));
                self.mix.bytes(class.qualified_name.as_bytes());
                self.names(&class.attributes);
            }
            Object::Instance(instance) => {
                self.mix.add(u64::from(instance.deleted));
                self.names(&instance.attributes);
            }
            Object::Exception(exception) => {
                self.mix.add(u64::from(exception.suppress_context));
                self.names(&exception.attributes);
                for entry in &exception.traceback {
                    self.mix
                        .add(u64::from(entry.code) << 32 | u64::from(entry.instruction));
                }
            }
            Object::Generator(generator) => {
                self.mix.add(
                    generator.kind as u64
                        | (generator.state as u64) << 8
                        | u64::from(generator.busy) << 16,
                );
                self.frame(&generator.frame);
                self.mix.add(generator.stack.len() as u64);
            }
            Object::AsyncStep(step) => self.mix.add(
                step.kind as u64 | u64::from(step.started) << 8 | u64::from(step.finished) << 9,
            ),
            Object::Turn(turned) => self.mix.add(u64::from(*turned)),
            Object::Future(future) => {
                self.mix.add(
                    future.state as u64
                        | u64::from(future.log_traceback) << 8
                        | u64::from(future.blocking) << 9
                        | u64::from(future.cancel_requested) << 10
                        | u64::from(future.log_destroy) << 11,
                );
                if let Some(task) = &future.task {
                    self.mix
                        .add(u64::from(task.cancel_requests) << 1 | u64::from(task.must_cancel));
                }
                future.callbacks.iter().for_each(|it| self.callback(it));
            }
            Object::Handle(callback) => self.callback(callback),
            Object::Loop(of) => {
                self.mix.add(of.ready.len() as u64);
                for (when, _) in &of.timers {
                    self.mix.add(when.to_bits());
                }
                self.mix.add(of.batch as u64);
                self.mix.add(
                    u64::from(of.running)
                        | u64::from(of.stopping) << 1
                        | u64::from(of.iterated) << 2
                        | u64::from(of.closed) << 3
                        | u64::from(of.polling) << 4
                        | u64::from(of.woken) << 5
                        | u64::from(of.thread) << 8
                        | u64::from(of.current.is_some()) << 40,
                );
                self.names(&of.attributes);
                for &task in of.tasks.values() {
                    self.value(task);
                }
            }
            Object::Lock(lock) => {
                self.mix.add(
                    u64::from(lock.count)
                        | u64::from(lock.reentrant) << 32
                        | (lock.wait as u64) << 40,
                );
                // The owner of a free lock, and of one that anybody may give back, is of no consequence.
                if lock.count > 0 && lock.reentrant {
                    self.mix.add(self.rank(lock.owner));
                }
                for (thread, count) in &lock.restores {
                    self.mix.add(self.rank(*thread) << 32 | u64::from(*count));
                }
            }
        }
    }

    fn names(&mut self, attributes: &super::object::Attributes) {
        self.mix.add(attributes.0.len() as u64);
        for (name, _) in &attributes.0 {
            self.mix.add(name.0.into());
        }
    }

    fn callback(&mut self, callback: &Callback) {
        self.mix
            .add(u64::from(callback.cancelled) << 1 | u64::from(callback.scheduled));
        self.mix.add(callback.when.map_or(u64::MAX, f64::to_bits));
    }

    fn iterator(&mut self, iterator: &Iterator) {
        match iterator {
            Iterator::Sequence { next, .. } => self.mix.add(*next as u64),
            Iterator::Reversed { next, .. } => self.mix.add(*next as u64 | 1 << 56),
            Iterator::Range { next, step, left } => {
                self.mix.add(*next as u64);
                self.mix.add(*step as u64);
                self.mix.add(*left);
            }
            Iterator::Dict {
                next, size, kind, ..
            } => {
                self.mix.add(*next as u64 | 2 << 56);
                self.mix.add(*size as u64 | (*kind as u64) << 56);
            }
            Iterator::Deque { next, size, .. } => {
                self.mix.add(*next as u64 | 3 << 56);
                self.mix.add(*size as u64);
            }
            Iterator::Enumerate { count, .. } => self.mix.add(*count as u64 ^ 4 << 56),
            Iterator::Zip { of, strict } => self
                .mix
                .add(of.len() as u64 | u64::from(*strict) << 32 | 5 << 56),
            Iterator::Calls { .. } => self.mix.add(6 << 56),
            Iterator::Map { of, .. } => self.mix.add(of.len() as u64 | 7 << 56),
            Iterator::Filter { .. } => self.mix.add(8 << 56),
        }
    }
}

/// A number for each sort of object.
fn discriminant(object: &Object) -> u64 {
    match object {
        Object::Free(_) => 0,
        Object::Str(_) => 1,
        Object::Bytes(_) => 2,
        Object::ByteArray(_) => 3,
        Object::BigInt(_) => 4,
        Object::List(_) => 5,
        Object::Tuple(_) => 6,
        Object::Dict(_) => 7,
        Object::Set(..) => 8,
        Object::Deque(_) => 9,
        Object::Range(_) => 10,
        Object::Slice(_) => 11,
        Object::Iterator(_) => 12,
        Object::DictView(..) => 13,
        Object::Function(_) => 14,
        Object::Class(_) => 15,
        Object::Instance(_) => 16,
        Object::Exception(_) => 17,
        Object::Method(_) => 18,
        Object::Property(_) => 19,
        Object::ClassMethod(_) => 20,
        Object::StaticMethod(_) => 21,
        Object::Super(_) => 22,
        Object::Cell(_) => 23,
        Object::Generator(_) => 24,
        Object::AsyncStep(_) => 25,
        Object::Turn(_) => 26,
        Object::Future(_) => 27,
        Object::Handle(_) => 28,
        Object::Loop(_) => 29,
        Object::Lock(_) => 30,
    }
}

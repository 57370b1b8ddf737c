//! What the machine notes while every order of a program is explored: who touches which location, and the instructions at
//! which a thread must pause so that others can come before it.
//!
//! A thread pauses right before an instruction that touches a shared location, provided that it passed a preemption point since
//! its last such instruction: what lies between that point and the instruction concerns nobody else, so pausing here is
//! the same as pausing there. The program's own code only; a function of the library is one instruction of its caller.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::frame::FRAME_USER;
use super::object::{Frozen, Iterator, Object};
use super::program::Linked;
use super::value::{Handle, Symbol, Value, View};
use super::{Context, Machine, types};
use crate::bytecode::Instruction;
use crate::bytecode::preemption::PreemptionRules;

/// Where something shared can lie. Objects made after the exploration began go by the instruction that made them, which
/// does not depend on the order of events as their handles do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub kind: Place,
    /// A module, a handle, or [`NEW`] and an instruction.
    pub of: u32,
    /// A slot, a symbol, a key's hash; 0 for others.
    pub part: u32,
}

/// The sorts of locations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Global,
    Cell,
    Attribute,
    /// An item of a list or dict.
    Item,
    /// A container as a whole.
    Container,
    /// A lock, a queue and whatever else of the library coordinates threads.
    Sync,
    /// The end of a thread, as `is_alive` tells it.
    End,
    /// What the program prints.
    Output,
}

impl Place {
    /// Whether touching it is reading or writing a variable, which can race.
    pub fn is_variable(self) -> bool {
        matches!(
            self,
            Place::Global | Place::Cell | Place::Attribute | Place::Item
        )
    }
}

/// Marks a location by the instruction that made the object.
const NEW: u32 = 1 << 31;
/// How many bits of an object's label say which instruction made it; the rest says which thread.
pub const SITE_BITS: u32 = 24;

/// An access of one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    pub location: Location,
    pub write: bool,
}

impl Access {
    /// Something that coordinates threads, no matter what.
    pub const SYNC: Access = Access {
        location: Location {
            kind: Place::Sync,
            of: 0,
            part: 0,
        },
        write: true,
    };

    /// Whether it matters in which order two threads do this.
    pub fn conflicts_with(self, other: Access) -> bool {
        let (a, b) = (self.location, other.location);
        let coordinates = |kind| matches!(kind, Place::Sync | Place::Output | Place::End);
        if coordinates(a.kind) && coordinates(b.kind) {
            return true;
        }
        let parts = |kind| matches!(kind, Place::Item | Place::Container);
        let same = a == b || parts(a.kind) && parts(b.kind) && a.of == b.of && a.kind != b.kind;
        same && (self.write || other.write)
    }
}

/// Why a thread paused.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// The first access of the instruction it stands before.
    pub access: Access,
    /// The lock that it takes, if that is all it does; borrowed.
    pub wants: Value,
    pub line: u32,
    /// Instructions executed since the preemption point at which a schedule would stop it.
    pub ahead: u64,
    /// That point is where it went on: a schedule would not have let it run at all.
    pub idle: bool,
}

/// Who touched a location.
#[derive(Clone, Copy, Debug)]
struct Touched {
    by: u32,
    /// More than one thread did.
    many: bool,
    written: bool,
    /// It was shared when this round of the exploration began.
    shared: bool,
}

/// All locations touched so far, on any path.
#[derive(Debug, Default)]
pub struct Registry {
    locations: BTreeMap<Location, Touched>,
    /// Containers that were touched as a whole: their items are no locations of their own.
    whole: BTreeMap<u32, ()>,
    /// Something turned out to be shared on the way: this round is void.
    pub stale: bool,
    /// Something shared was touched where no thread can pause: orders are missing.
    pub missed: bool,
    /// The clock was read: it is part of a state.
    pub clock: bool,
}

impl Registry {
    /// What turned out to be shared is so from the start of the next round.
    pub fn begin_round(&mut self) {
        self.stale = false;
        for touched in self.locations.values_mut() {
            touched.shared = touched.many && touched.written;
        }
    }

    /// Whether a thread other than the main one touched the location.
    pub fn is_touched_by_others(&self, location: Location) -> bool {
        let touched = self.locations.get(&location);
        touched.is_some_and(|touched| touched.many || touched.by != 0)
    }

    /// Notes an access; whether the location is shared.
    fn touch(&mut self, access: Access, creator: Option<u32>, by: u32) -> bool {
        let Location { kind, of, .. } = access.location;
        if kind == Place::Output {
            return true;
        }
        let touched = self.locations.entry(access.location).or_insert(Touched {
            by: creator.unwrap_or(by),
            many: false,
            written: false,
            shared: false,
        });
        // What two threads made by the same instruction is not for that reason shared.
        touched.many |= creator.unwrap_or(touched.by) != by;
        touched.written |= access.write;
        self.stale |= touched.many && touched.written && !touched.shared;
        let shared = touched.shared;
        if kind == Place::Container && !self.whole.contains_key(&of) {
            self.whole.insert(of, ());
            let item = |location: &Location| location.kind == Place::Item && location.of == of;
            self.stale |= self.locations.keys().any(item);
        }
        shared
    }
}

/// The state of watching; part of the machine.
#[derive(Clone, Default)]
pub struct Watch {
    pub on: bool,
    /// The running thread passed a preemption point since its last shared access.
    passed: bool,
    /// The thread goes on from a pause: the instruction at which it stands is not looked at again.
    resumed: bool,
    /// How many instructions were executed at the last preemption point.
    point: u64,
    /// There was none since it went on.
    idle: bool,
    /// Where the running thread stopped.
    pub pause: Option<Pause>,
    /// The shared accesses since the thread went on, if anybody wants to know.
    pub trail: Option<Vec<Access>>,
    pub registry: Rc<RefCell<Registry>>,
    /// A hash of what was written so far.
    pub output: [u64; 2],
}

impl Watch {
    /// The running thread passed a preemption point.
    pub fn pass(&mut self, executed: u64) {
        self.passed = true;
        self.idle = false;
        self.point = executed;
    }

    /// Mixes written text into the hash.
    pub fn write(&mut self, text: &str, stderr: bool) {
        if !self.on {
            return;
        }
        for byte in text.bytes().chain([0xFE + u8::from(stderr)]) {
            // FNV-1a, and the same with another prime.
            self.output[0] = (self.output[0] ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            self.output[1] = (self.output[1].rotate_left(5) ^ u64::from(byte))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
}

impl Machine {
    /// From here on, accesses are noted and threads pause before shared ones.
    pub fn watch(&mut self, registry: &Rc<RefCell<Registry>>) {
        self.watch.on = true;
        self.watch.registry = registry.clone();
    }

    /// The thread is about to run, perhaps on from its pause. `apart`: it stands at a preemption point, and what comes next
    /// is not one step with what it did before.
    pub fn go_on(&mut self, thread: u32, paused: bool, apart: bool) {
        self.heap.stamp = (thread + 1) << SITE_BITS;
        self.watch.passed = apart;
        self.watch.idle = true;
        self.watch.resumed = paused;
        self.watch.point = self.executed;
        self.watch.pause = None;
    }

    /// The thread that this `threading.Thread` stands for.
    fn thread_of(&self, object: Handle) -> Option<u32> {
        let is = |thread: &super::frame::Thread| thread.object.as_object() == Some(object);
        self.threads.iter().position(is).map(|at| at as u32)
    }

    /// What a person calls the location.
    pub fn location_name(&self, location: Location) -> String {
        let owner = || {
            let value = Value::object(Handle(location.of));
            let bound = self.modules.iter().filter(|m| m.user).find_map(|module| {
                let at = module.slots.iter().position(|v| v.is(value))?;
                Some(self.text(module.globals.names[at]).to_owned())
            });
            bound.filter(|_| location.of & NEW == 0)
        };
        match location.kind {
            Place::Global => {
                let name = self.modules[location.of as usize].globals.names[location.part as usize];
                self.text(name).to_owned()
            }
            Place::Attribute => {
                let name = self.text(Symbol(location.part));
                [owner().as_deref().unwrap_or(""), ".", name].concat()
            }
            Place::Item => [owner().as_deref().unwrap_or("container"), "[…]"].concat(),
            Place::Cell => String::from("a variable of an enclosing function"),
            Place::Container => owner().unwrap_or_else(|| String::from("a container")),
            Place::Sync => owner().unwrap_or_else(|| String::from("a lock")),
            Place::End => String::from("the end of a thread"),
            Place::Output => String::from("the output"),
        }
    }
}

/// Natives that only look at what they are given.
const READERS: &[&str] = &[
    "get",
    "keys",
    "values",
    "items",
    "index",
    "count",
    "copy",
    "len",
    "sorted",
    "sum",
    "min",
    "max",
    "any",
    "all",
    "iter",
    "enumerate",
    "zip",
    "reversed",
    "map",
    "filter",
    "join",
    "repr",
    "print",
    "locked",
    "issubset",
    "issuperset",
    "isdisjoint",
    "union",
    "intersection",
    "difference",
    "__len__",
    "__contains__",
    "__getitem__",
    "__iter__",
    "hash",
    "format",
];
/// Natives that do not look into their arguments at all.
const BLIND: &[&str] = &[
    "isinstance",
    "issubclass",
    "id",
    "callable",
    "super",
    "now",
    "now_ns",
    "sleep",
];

impl Context<'_> {
    /// Before an instruction of the program's own code: notes what it touches. Whether the thread must pause here; it
    /// can only if it is `preemptible`.
    pub fn watch_instruction(
        &mut self,
        linked: &Linked,
        pc: usize,
        preemptible: bool,
        base: usize,
        module: usize,
    ) -> bool {
        let resumed = std::mem::take(&mut self.machine.watch.resumed);
        let rules = self.machine.rules;
        let executed = self.machine.executed;
        if !resumed
            && preemptible
            && rules.contains(PreemptionRules::EVERY)
            && (pc == 0 || rules.checks_after(&linked.code.instructions[pc - 1]))
        {
            self.machine.watch.pass(executed);
        }
        let frames = &self.thread.frames;
        let code = frames.last().map_or(0, |frame| frame.code);
        self.machine.heap.stamp =
            (self.number + 1) << SITE_BITS | (code << 12 ^ pc as u32) & ((1 << SITE_BITS) - 1);
        let trail = self.machine.watch.trail.as_ref().map_or(0, Vec::len);
        let mut look = Look {
            machine: self.machine,
            stack: &self.thread.stack,
            by: self.number,
            first: None,
            wants: Value::NULL,
        };
        look.instruction(linked.instructions[pc], base, module);
        if let Instruction::Return = linked.instructions[pc]
            && frames.len() >= 2
            && (frames[..frames.len() - 1].iter()).all(|frame| frame.flags & FRAME_USER == 0)
        {
            look.touch(Place::End, look.by, 0, true);
        }
        let (first, wants) = (look.first, look.wants);
        let Some(access) = first else {
            return false;
        };
        let watch = &mut self.machine.watch;
        if !preemptible {
            watch.registry.borrow_mut().missed = true;
        }
        if watch.passed && !resumed && preemptible {
            if let Some(all) = &mut watch.trail {
                all.truncate(trail);
            }
            watch.pause = Some(Pause {
                access,
                wants,
                line: self.thread.line,
                ahead: executed - watch.point,
                idle: watch.idle,
            });
            return true;
        }
        watch.passed = false;
        false
    }
}

/// Looks at one instruction.
struct Look<'a> {
    machine: &'a mut Machine,
    stack: &'a [Value],
    by: u32,
    /// The first shared access.
    first: Option<Access>,
    /// The lock it takes.
    wants: Value,
}

/// What an object is to somebody who shares it.
enum Nature {
    /// Nothing that can change, or a variable of its own kind.
    Plain,
    Container,
    Sync,
    Thread,
}

impl Look<'_> {
    fn peek(&self, n: usize) -> Value {
        self.stack[self.stack.len() - n]
    }

    fn touch(&mut self, kind: Place, of: u32, part: u32, write: bool) {
        self.touch_by(kind, of, part, write, None);
    }

    fn touch_by(&mut self, kind: Place, of: u32, part: u32, write: bool, creator: Option<u32>) {
        let access = Access {
            location: Location { kind, of, part },
            write,
        };
        let watch = &mut self.machine.watch;
        if watch.registry.borrow_mut().touch(access, creator, self.by) {
            self.first.get_or_insert(access);
            if let Some(trail) = &mut watch.trail {
                trail.push(access);
            }
        }
    }

    /// What stands for an object in a location. Labels without a thread are the trace's, of objects from before.
    fn of(&self, handle: Handle) -> u32 {
        match self.machine.heap.label(handle) {
            label if label >> SITE_BITS == 0 => handle.0,
            label => NEW | label & ((1 << SITE_BITS) - 1),
        }
    }

    /// An access to a part of an object, or to all of it.
    fn touch_object(&mut self, kind: Place, handle: Handle, part: u32, write: bool) {
        let creator = (self.machine.heap.label(handle) >> SITE_BITS).checked_sub(1);
        self.touch_by(kind, self.of(handle), part, write, creator);
    }

    fn nature(&self, handle: Handle) -> Nature {
        match self.machine.heap.get(handle) {
            Object::List(_)
            | Object::Dict(_)
            | Object::Set(_, Frozen::No)
            | Object::Deque(_)
            | Object::ByteArray(_)
            | Object::Generator(_) => Nature::Container,
            Object::Lock(_) | Object::Loop(_) | Object::Future(_) => Nature::Sync,
            Object::Instance(instance) => match self.machine.heap.object(instance.class) {
                Some(Object::Class(class)) if !self.machine.modules[class.module as usize].user => {
                    if self.is_thread(instance.class) {
                        Nature::Thread
                    } else {
                        Nature::Sync
                    }
                }
                Some(Object::Class(_)) if self.is_thread(instance.class) => Nature::Thread,
                // A class of the program that derives from list or dict.
                _ if !instance.base.is_null() => Nature::Container,
                _ => Nature::Plain,
            },
            _ => Nature::Plain,
        }
    }

    /// Whether a class is `threading.Thread` or derives from it.
    fn is_thread(&self, class: Value) -> bool {
        let machine = &*self.machine;
        let Some(Object::Class(class)) = machine.heap.object(class) else {
            return false;
        };
        class.order.iter().any(|entry| {
            matches!(machine.heap.object(*entry), Some(Object::Class(base))
                if machine.text(base.name) == "Thread" && !machine.modules[base.module as usize].user)
        })
    }

    /// A value is used as a whole.
    fn whole(&mut self, value: Value, write: bool) {
        let Some(handle) = value.as_object() else {
            return;
        };
        if let Object::Iterator(iterator) = self.machine.heap.get(handle) {
            let of = match &**iterator {
                Iterator::Sequence { of, .. }
                | Iterator::Reversed { of, .. }
                | Iterator::Dict { of, .. }
                | Iterator::Deque { of, .. } => *of,
                _ => Value::NULL,
            };
            self.touch_object(Place::Container, handle, 0, true);
            return self.whole(of, false);
        }
        if let Object::DictView(of, _) = self.machine.heap.get(handle) {
            let of = *of;
            return self.whole(of, write);
        }
        match self.nature(handle) {
            Nature::Container => self.touch_object(Place::Container, handle, 0, write),
            Nature::Sync => self.touch_object(Place::Sync, handle, 0, true),
            Nature::Plain | Nature::Thread => {}
        }
    }

    fn attribute(&mut self, object: Value, name: Symbol, write: bool) {
        let handle = match object.view() {
            View::Module(number) if self.machine.modules[number as usize].user => {
                if let Some(slot) = self.machine.modules[number as usize].globals.find(name) {
                    self.touch(Place::Global, number.into(), slot, write);
                }
                return;
            }
            View::Object(handle) => handle,
            _ => return,
        };
        let class = match self.machine.heap.get(handle) {
            Object::Instance(instance) => {
                if write || instance.attributes.get(name).is_some() {
                    return self.touch_object(Place::Attribute, handle, name.0, write);
                }
                instance.class
            }
            Object::Class(_) if !write => object,
            Object::Class(_) | Object::Function(_) | Object::Exception(_) => {
                return self.touch_object(Place::Attribute, handle, name.0, write);
            }
            _ => return,
        };
        let Some(Object::Class(class)) = self.machine.heap.object(class) else {
            return;
        };
        let has = |entry: &&Value| {
            matches!(self.machine.heap.object(**entry),
                Some(Object::Class(class)) if class.attributes.get(name).is_some())
        };
        if let Some(owner) = class
            .order
            .iter()
            .find(has)
            .and_then(|owner| owner.as_object())
        {
            self.touch_object(Place::Attribute, owner, name.0, false);
        }
    }

    fn item(&mut self, object: Value, key: Value, write: bool) {
        let Some(handle) = object.as_object() else {
            return;
        };
        let part = match (self.machine.heap.get(handle), key.view()) {
            (Object::List(all), View::Int(at)) if at < 0 => Some((at + all.len() as i64) as u32),
            (Object::List(_) | Object::Dict(_), View::Int(at)) => Some(at as u32),
            (Object::Dict(_), View::Object(key)) => match self.machine.heap.get(key) {
                Object::Str(text) => {
                    Some(text.text.bytes().fold(0x811C_9DC5, |hash: u32, byte| {
                        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
                    }))
                }
                _ => None,
            },
            _ => None,
        };
        let of = self.of(handle);
        let whole = self.machine.watch.registry.borrow().whole.contains_key(&of);
        match part {
            Some(part) if !whole => self.touch_object(Place::Item, handle, part, write),
            _ => self.whole(object, write),
        }
    }

    /// A call of something that is not the program's own Python code.
    fn call(&mut self, callable: Value, receiver: Value, arguments: &[Value]) {
        match callable.view() {
            View::Native(number) => {
                let native = &self.machine.natives.all[number as usize];
                let (name, method_of) = (native.name, native.method_of);
                let takes = matches!(method_of, Some(types::LOCK | types::RLOCK))
                    && matches!(name, "acquire" | "__enter__");
                let given = receiver.given().or(arguments.first().copied());
                if takes && arguments.len() + usize::from(!receiver.is_null()) == 1 {
                    self.wants = given.unwrap_or(Value::NULL);
                }
                match name {
                    "print" => self.touch(Place::Output, 0, 0, true),
                    "getattr" | "hasattr" | "setattr" | "delattr" => {
                        if let [object, attribute, ..] = arguments
                            && let Some(text) = self.machine.heap.text(*attribute)
                            && let Some(symbol) = self.machine.program.names.find(text)
                        {
                            self.attribute(*object, symbol, matches!(name, "setattr" | "delattr"));
                        }
                        return;
                    }
                    name if BLIND.contains(&name) => return,
                    _ => {}
                }
                let write = !READERS.contains(&name);
                self.whole(receiver, write);
                for (at, &value) in arguments.iter().enumerate() {
                    // What a method is given it keeps or looks at; it changes its own object.
                    let own = receiver.is_null() && at == 0;
                    self.whole(value, write && (own || method_of.is_none()));
                }
            }
            View::Type(_) => arguments.iter().for_each(|&value| self.whole(value, false)),
            View::Object(handle) => match self.machine.heap.get(handle) {
                Object::Method(pair) => {
                    let [function, object] = **pair;
                    self.call(function, object, arguments);
                }
                Object::Function(function) => {
                    if self.machine.modules[function.module as usize].user {
                        return;
                    }
                    let name = self.machine.program.codes[function.code as usize].name;
                    let name = self.machine.program.names.shared(name);
                    let object = receiver.given().or(arguments.first().copied());
                    if let Some(handle) = object.and_then(Value::as_object)
                        && let Nature::Thread = self.nature(handle)
                    {
                        if let ("is_alive", Some(number)) = (&*name, self.machine.thread_of(handle))
                        {
                            self.touch(Place::End, number, 0, false);
                        }
                        return;
                    }
                    if matches!(&*name, "acquire" | "__enter__") {
                        self.wants_of(object.unwrap_or(Value::NULL));
                    }
                    self.whole(receiver, true);
                    arguments.iter().for_each(|&value| self.whole(value, true));
                }
                Object::Class(class) if !self.machine.modules[class.module as usize].user => {
                    arguments.iter().for_each(|&value| self.whole(value, false));
                }
                Object::StaticMethod(inner) => {
                    let inner = *inner;
                    self.call(inner, receiver, arguments);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Entering a lock, or a condition, takes the lock.
    fn wants_of(&mut self, object: Value) {
        match self.machine.heap.object(object) {
            Some(Object::Lock(_)) => self.wants = object,
            Some(Object::Instance(instance)) => {
                let lock = self.machine.program.names.find("_lock");
                let lock = lock.and_then(|name| instance.attributes.get(name));
                let lock = lock.unwrap_or(Value::NULL);
                if let Some(Object::Lock(_)) = self.machine.heap.object(lock) {
                    self.wants = lock;
                }
            }
            _ => {}
        }
    }

    fn instruction(&mut self, instruction: Instruction, base: usize, module: usize) {
        let of = module as u32;
        match instruction {
            Instruction::LoadGlobal(slot) | Instruction::LoadName(slot) => {
                if !self.machine.modules[module].slots[slot as usize].is_null() {
                    self.touch(Place::Global, of, slot, false);
                }
            }
            Instruction::StoreGlobal(slot) | Instruction::DeleteGlobal(slot) => {
                self.touch(Place::Global, of, slot, true);
            }
            Instruction::LoadDeref(slot) | Instruction::LoadClassDeref(slot) => {
                if let Some(cell) = self.stack[base + slot as usize].as_object() {
                    self.touch_object(Place::Cell, cell, 0, false);
                }
            }
            Instruction::StoreDeref(slot) | Instruction::DeleteDeref(slot) => {
                if let Some(cell) = self.stack[base + slot as usize].as_object() {
                    self.touch_object(Place::Cell, cell, 0, true);
                }
            }
            Instruction::LoadAttribute(name) | Instruction::LoadMethod(name) => {
                self.attribute(self.peek(1), Symbol(name), false);
            }
            Instruction::StoreAttribute(name) | Instruction::DeleteAttribute(name) => {
                self.attribute(self.peek(1), Symbol(name), true);
            }
            Instruction::LoadItem => self.item(self.peek(2), self.peek(1), false),
            Instruction::StoreItem | Instruction::DeleteItem => {
                self.item(self.peek(2), self.peek(1), true);
            }
            Instruction::Binary(_) | Instruction::Compare(_) | Instruction::Contains(_) => {
                self.whole(self.peek(2), false);
                self.whole(self.peek(1), false);
            }
            Instruction::InPlace(_) => {
                self.whole(self.peek(2), true);
                self.whole(self.peek(1), false);
            }
            Instruction::UnaryNot
            | Instruction::JumpIfFalse(_)
            | Instruction::JumpIfTrue(_)
            | Instruction::GetIterator
            | Instruction::ForIterator(_)
            | Instruction::UnpackSequence(_)
            | Instruction::UnpackStar { .. }
            | Instruction::ListExtend(_)
            | Instruction::SetUpdate(_)
            | Instruction::DictUpdate(_)
            | Instruction::DictMerge(_)
            | Instruction::Format { .. }
            | Instruction::YieldFrom => self.whole(self.peek(1), false),
            Instruction::BeforeWith => {
                let manager = self.peek(1);
                if let Some(handle) = manager.as_object()
                    && let Nature::Sync = self.nature(handle)
                {
                    self.wants_of(manager);
                    self.whole(manager, true);
                }
            }
            Instruction::WithExceptStart => self.call(self.peek(3), Value::NULL, &[]),
            Instruction::Call(count) => self.call_with(count as usize),
            Instruction::CallKeywords { arguments, .. } => self.call_with(arguments as usize),
            Instruction::CallStar(keywords) => {
                let below = usize::from(keywords);
                let arguments = match self.machine.heap.object(self.peek(1 + below)) {
                    Some(Object::Tuple(values)) => values.to_vec(),
                    _ => Vec::new(),
                };
                self.call(self.peek(3 + below), Value::NULL, &arguments);
            }
            _ => {}
        }
    }

    fn call_with(&mut self, count: usize) {
        let stack = self.stack;
        let length = stack.len();
        let (callable, receiver) = (stack[length - count - 2], stack[length - count - 1]);
        self.call(callable, receiver, &stack[length - count..]);
    }
}

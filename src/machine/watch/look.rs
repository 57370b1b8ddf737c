//! What one instruction touches.

use super::location::{Access, Location, NEW, Place, SITE_BITS};
use super::trail::{self, Lines, Note, What};
use crate::bytecode::Instruction;
use crate::machine::frame::Frame;
use crate::machine::object::{Frozen, Iterator, Object};
use crate::machine::value::{Handle, Symbol, Value, View};
use crate::machine::{Machine, types};

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
/// Looks at one instruction.
pub(super) struct Look<'a> {
    pub machine: &'a mut Machine,
    pub stack: &'a [Value],
    pub by: u32,
    pub line: u32,
    pub frames: &'a [Frame],
    /// What it reads decides where its line goes on.
    pub checks: bool,
    /// The line of the read that the value to be written was computed from; 0 if there is none.
    pub origin: u32,
    /// The first shared access.
    pub first: Option<Access>,
    /// The lock it takes.
    pub wants: Value,
    /// It calls a function of the library that is Python in CPython as well.
    pub enters: bool,
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

    pub(super) fn touch(&mut self, kind: Place, of: u32, part: u32, write: bool) {
        self.touch_part(kind, of, part, write, None);
    }

    /// `within` is the object that it is a part of, if it is in one.
    fn touch_part(&mut self, kind: Place, of: u32, part: u32, write: bool, within: Option<Handle>) {
        let creator =
            within.and_then(|handle| (self.machine.heap.label(handle) >> SITE_BITS).checked_sub(1));
        // A handle is used again, mostly by who let go of the object.
        let object = within.map_or(0, |handle| {
            u64::from(creator.unwrap_or(0)) << 32 | u64::from(handle.0 + 1)
        });
        let process = match kind {
            Place::Output | Place::End => 0,
            _ => self.machine.processes.current as u16,
        };
        let location = Location {
            kind,
            process,
            of,
            part,
        };
        let access = Access {
            location,
            write,
            own: creator == Some(self.by),
        };
        let watch = &mut self.machine.watch;
        if watch.registry.borrow_mut().touch(access, creator, self.by) {
            self.first.get_or_insert(access);
            let under = match &watch.trail {
                Some(_) if write && kind.is_data() => self.decisions(),
                _ => Lines::default(),
            };
            let watch = &mut self.machine.watch;
            if let Some(trail) = &mut watch.trail {
                trail.notes.push(Note {
                    by: self.by,
                    line: self.line,
                    what: What::Access {
                        access,
                        object,
                        from: if write { self.origin } else { 0 },
                        checks: self.checks && !write,
                        under,
                    },
                });
            }
        }
    }

    /// The lines of the decisions that led here.
    fn decisions(&self) -> Lines {
        let mut lines = Lines::default();
        for frame in self.frames {
            let linked = &self.machine.program.codes[frame.code as usize];
            if linked.user {
                trail::decisions(&linked.instructions, frame.pc as usize, &mut lines);
            }
        }
        lines
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
        self.touch_part(kind, self.of(handle), part, write, Some(handle));
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
        let over = match self.machine.heap.get(handle) {
            Object::Iterator(iterator) => Some(match &**iterator {
                Iterator::Sequence { of, .. }
                | Iterator::Reversed { of, .. }
                | Iterator::Dict { of, .. }
                | Iterator::Deque { of, .. } => *of,
                _ => Value::NULL,
            }),
            Object::RangeIterator { .. } => Some(Value::NULL),
            _ => None,
        };
        if let Some(of) = over {
            self.touch_object(Place::Container, handle, 0, true);
            return self.whole(of, false);
        }
        if let Object::DictView(of, _) = self.machine.heap.get(handle) {
            let of = self.machine.heap.plain(*of);
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
                let class = instance.class;
                // Who asks a hook is looked at there: `threading.local` has other attributes for each thread.
                if matches!(self.machine.heap.object(class), Some(Object::Class(c)) if c.has.get_attribute)
                {
                    return;
                }
                if write && self.is_property(class, name) {
                    // What its setter does is looked at by itself.
                    return;
                }
                if write || instance.attributes.get(name).is_some() {
                    return self.touch_object(Place::Attribute, handle, name.0, write);
                }
                instance.class
            }
            Object::Future(future) => match future.derived() {
                Some(more) if write || more.attributes.get(name).is_some() => {
                    return self.touch_object(Place::Attribute, handle, name.0, write);
                }
                Some(more) => more.class,
                None => return,
            },
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

    fn is_property(&self, class: Value, name: Symbol) -> bool {
        let found = self.machine.class_attribute(class, name);
        found.is_some_and(|it| matches!(self.machine.heap.object(it), Some(Object::Property(_))))
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
        let process = self.machine.processes.current as u16;
        let registry = self.machine.watch.registry.borrow();
        let whole = registry.whole.contains_key(&(process, of));
        drop(registry);
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
                    let code = &self.machine.program.codes[function.code as usize];
                    self.enters |= !code.atomic;
                    let name = self.machine.program.names.shared(code.name);
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
                    if matches!(&*name, "wait" | "wait_for")
                        && let Some(trail) = &mut self.machine.watch.trail
                    {
                        trail.notes.push(Note {
                            by: self.by,
                            line: self.line,
                            what: What::Wait,
                        });
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

    /// Whether the `__enter__` of an object of the library is Python in CPython as well.
    fn enters_by_python(&self, handle: Handle) -> bool {
        let Object::Instance(instance) = self.machine.heap.get(handle) else {
            return false;
        };
        let enter = self.machine.program.names.find("__enter__");
        let enter = enter.and_then(|name| self.machine.class_attribute(instance.class, name));
        match enter.and_then(|enter| self.machine.heap.object(enter)) {
            Some(Object::Function(function)) => {
                !self.machine.program.codes[function.code as usize].atomic
            }
            _ => false,
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

    pub(super) fn instruction(&mut self, instruction: Instruction, base: usize, module: usize) {
        let of = module as u32;
        let written = match instruction {
            Instruction::StoreGlobal(_) | Instruction::StoreDeref(_) => 1,
            Instruction::StoreAttribute(_) => 2,
            Instruction::StoreItem => 3,
            _ => 0,
        };
        if written > 0 {
            self.origin = self.peek(written).origin();
        }
        if let Instruction::JumpIfFalse(_) | Instruction::JumpIfTrue(_) | Instruction::JumpIfNone(_) =
            instruction
            && let from = self.peek(1).origin()
            && from != 0
            && from != self.line
            && let Some(trail) = &mut self.machine.watch.trail
        {
            trail.notes.push(Note {
                by: self.by,
                line: self.line,
                what: What::Branch { from },
            });
        }
        match instruction {
            Instruction::LoadGlobal(slot) | Instruction::LoadName(slot)
                if !self.machine.modules[module].slots[slot as usize].is_null() =>
            {
                self.touch(Place::Global, of, slot, false);
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
                    self.enters |= self.enters_by_python(handle);
                    self.whole(manager, true);
                }
            }
            Instruction::SpreadToTuple(n) => self.whole(self.peek(n as usize), false),
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

//! What the machine tells the trace: lines, accesses to variables, names of things.

use std::rc::Rc;

use super::frame::{FRAME_USER, Frame};
use super::object::{AsyncStepKind, Object};
use super::value::{Symbol, Value, View};
use super::{Context, types};
use crate::bytecode::preemption::Version;
use crate::trace::{
    Event, Kind, LocationId, LocationKind, NO_TASK, StringId, Tag, TaskId, TaskKind, TaskRecord,
};

impl Context<'_> {
    /// An event that happens now, to the acting task, at its line.
    #[inline]
    pub fn event(&self, kind: Kind) -> Event {
        Event {
            time: self.machine.stamp(),
            task: self.thread.actor(),
            line: self.thread.line,
            kind,
            core: self.machine.clock.core,
            tag: Tag::Absent,
            flags: 0,
            a: 0,
            b: 0,
            value: 0,
        }
    }

    /// Adds an event to the trace, if one is recorded.
    #[inline]
    pub fn record(&mut self, event: Event) -> u32 {
        self.machine.recorder.push(event)
    }

    pub fn record_line(&mut self, line: u32) {
        let event = Event {
            line,
            ..self.event(Kind::Line)
        };
        self.record(event);
    }

    /// A value as an event carries it.
    pub fn payload(&mut self, value: Value) -> (Tag, u64) {
        match value.view() {
            View::Null => (Tag::Absent, 0),
            View::None => (Tag::None, 0),
            View::Bool(b) => (Tag::Bool, b as u64),
            View::Int(i) => (Tag::Int, i as u64),
            View::Float(f) => (Tag::Float, f.to_bits()),
            _ => {
                let text = self.glimpse(value);
                (Tag::Text, self.machine.recorder.string(&text) as u64)
            }
        }
    }

    /// A value's `repr` for the page, at most 60 characters, never running code of the program.
    pub fn glimpse(&mut self, value: Value) -> String {
        let text = match self.machine.heap.object(value) {
            Some(Object::Str(_) | Object::Bytes(_)) => self.plain_repr(value),
            Some(
                Object::List(_)
                | Object::Tuple(_)
                | Object::Dict(_)
                | Object::Set(..)
                | Object::Deque(_),
            ) => self.container_repr(value, 2),
            Some(Object::Exception(_)) => self.exception_line(value),
            _ => self.short_repr(value),
        };
        if text.chars().count() > 60 {
            text.chars().take(59).chain(['…']).collect()
        } else {
            text
        }
    }

    /// The `repr` of nested containers of plain values, to some depth.
    fn container_repr(&mut self, value: Value, depth: u32) -> String {
        let (open, close, items): (&str, &str, Vec<Value>) = match self.machine.heap.object(value) {
            Some(Object::List(v)) => ("[", "]", v.iter().take(20).copied().collect()),
            Some(Object::Tuple(v)) => (
                "(",
                if v.len() == 1 { ",)" } else { ")" },
                v.iter().take(20).copied().collect(),
            ),
            Some(Object::Deque(d)) => ("deque([", "])", d.items.iter().take(20).copied().collect()),
            Some(Object::Set(d, _)) if d.is_empty() => ("set(", ")", Vec::new()),
            Some(Object::Set(d, _)) => ("{", "}", d.iter().take(20).map(|e| e.key).collect()),
            Some(Object::Dict(d)) => (
                "{",
                "}",
                d.iter().take(20).flat_map(|e| [e.key, e.value]).collect(),
            ),
            _ => return self.short_repr(value),
        };
        if depth == 0 && !items.is_empty() {
            return [open, "…", close].concat();
        }
        let is_dict = matches!(self.machine.heap.object(value), Some(Object::Dict(_)));
        let mut text = String::from(open);
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                text.push_str(if is_dict && at % 2 == 1 { ": " } else { ", " });
            }
            let part = match self.machine.heap.object(item) {
                Some(Object::Str(_)) => self.plain_repr(item),
                _ => self.container_repr(item, depth - 1),
            };
            text.push_str(&part);
            if text.len() > 80 {
                break;
            }
        }
        text.push_str(close);
        text
    }

    /// Whether accesses to a variable with this value are worth an event: functions, classes, modules, and the library's locks, tasks
    /// and threads are not data.
    #[inline]
    fn is_data(&self, value: Value) -> bool {
        match value.view() {
            View::Type(_) | View::Native(_) | View::Module(_) | View::Null => false,
            View::Object(h) => match self.machine.heap.get(h) {
                Object::Function(_)
                | Object::Class(_)
                | Object::Lock(_)
                | Object::Method(_)
                | Object::Loop(_)
                | Object::Future(_)
                | Object::Generator(_) => false,
                Object::Instance(i) => match self.machine.heap.object(i.class) {
                    Some(Object::Class(c)) => self.machine.modules[c.module as usize].user,
                    _ => true,
                },
                _ => true,
            },
            _ => true,
        }
    }

    fn access(&mut self, kind: Kind, location: LocationId, value: Value) -> u32 {
        if !self.machine.recorder.wants_detail() {
            return 0;
        }
        let (tag, payload) = self.payload(value);
        let b = if kind == Kind::Write {
            value.origin()
        } else {
            0
        };
        self.record(Event {
            a: location,
            b,
            tag,
            value: payload,
            ..self.event(kind)
        })
    }

    /// Without a trace a value remembers the line at which it was read.
    fn read_while_exploring(&self, value: Value) -> Value {
        value.from_read(self.thread.line)
    }

    fn global_location(&mut self, module: usize, slot: u32) -> LocationId {
        let known = self.machine.modules[module].locations[slot as usize];
        if known != 0 {
            return known - 1;
        }
        let name = self.machine.modules[module].globals.names[slot as usize];
        let text = self.name(name).to_owned();
        let location = self.new_location(LocationKind::Global, text);
        let locations = &mut self.machine.modules[module].locations;
        Rc::make_mut(locations)[slot as usize] = location + 1;
        location
    }

    /// A global of the program is read: the value remembers where it came from.
    pub fn record_global_read(&mut self, module: usize, slot: u32, value: Value) -> Value {
        if self.machine.watch.on() {
            return self.read_while_exploring(value);
        }
        if !self.is_data(value) {
            return value;
        }
        let location = self.global_location(module, slot);
        match self.access(Kind::Read, location, value) {
            0 => value,
            step => value.from_read(step),
        }
    }

    pub fn record_global_write(&mut self, module: usize, slot: u32, value: Value) {
        if self.is_data(value) {
            let location = self.global_location(module, slot);
            self.name_parts(value);
            self.access(Kind::Write, location, value);
        }
    }

    pub fn record_cell_read(&mut self, cell: Value, name: Symbol, value: Value) -> Value {
        if self.machine.watch.on() {
            return self.read_while_exploring(value);
        }
        if !self.machine.recorder.wants_detail() || !self.is_data(value) {
            return value;
        }
        let location = self.cell_location(cell, name);
        match self.access(Kind::Read, location, value) {
            0 => value,
            step => value.from_read(step),
        }
    }

    pub fn record_cell_write(&mut self, cell: Value, name: Symbol, value: Value) {
        if self.machine.recorder.wants_detail() && self.is_data(value) {
            let location = self.cell_location(cell, name);
            self.access(Kind::Write, location, value);
        }
    }

    /// Numbers a variable; those of another process than the first say whose they are.
    fn new_location(&mut self, kind: LocationKind, mut name: String) -> LocationId {
        let process = self.thread.process as usize;
        if process > 0 {
            name = [&name, " of ", &self.machine.processes.all[process].name].concat();
        }
        self.machine.recorder.location(kind, &name)
    }

    /// A cell's label is its location + 1.
    fn cell_location(&mut self, cell: Value, name: Symbol) -> LocationId {
        let Some(handle) = cell.as_object() else {
            return 0;
        };
        let known = self.machine.heap.label(handle);
        if known != 0 {
            return known - 1;
        }
        let text = self.name(name).to_owned();
        let location = self.new_location(LocationKind::Closure, text);
        self.machine.heap.set_label(handle, location + 1);
        location
    }

    /// The location of a part of an object: an attribute or an item, by a key that tells parts of one object apart.
    fn part_location(
        &mut self,
        object: Value,
        key: u64,
        kind: LocationKind,
        part: &str,
    ) -> LocationId {
        let Some(handle) = object.as_object() else {
            return 0;
        };
        let mut label = self.machine.heap.label(handle);
        if label == 0 {
            self.machine.labels += 1;
            label = self.machine.labels;
            self.machine.heap.set_label(handle, label);
        }
        if let Some(known) = self.machine.parts.get(&(label, key)) {
            return *known;
        }
        let owner = self.owner_name(object);
        let location = self.new_location(kind, owner + part);
        Rc::make_mut(&mut self.machine.parts).insert((label, key), location);
        location
    }

    /// What the program calls an object: a global bound to it, or its class.
    fn owner_name(&mut self, object: Value) -> String {
        for module in self.machine.modules.iter().filter(|m| m.user) {
            if let Some(at) = module.slots.iter().position(|v| v.is(object)) {
                return self.name(module.globals.names[at]).to_owned();
            }
        }
        self.short_name(object)
    }

    /// Whether accesses made now are the program's own, and recorded.
    #[inline]
    fn watches(&self) -> bool {
        self.machine.recorder.wants_detail() && self.in_user_frame()
    }

    pub fn record_attribute_read(&mut self, object: Value, name: Symbol, value: Value) -> Value {
        self.machine.heap.retain(value);
        if self.machine.watch.on() {
            return self.read_while_exploring(value);
        }
        if !self.watches() || !self.is_own(object) || !self.is_data(value) {
            return value;
        }
        let part = [".", self.name(name)].concat();
        let location = self.part_location(object, name.0 as u64, LocationKind::Attribute, &part);
        match self.access(Kind::Read, location, value) {
            0 => value,
            step => value.from_read(step),
        }
    }

    pub fn record_attribute_write(&mut self, object: Value, name: Symbol, value: Value) {
        if self.watches() && self.is_own(object) && self.is_data(value) {
            let part = [".", self.name(name)].concat();
            let location =
                self.part_location(object, name.0 as u64, LocationKind::Attribute, &part);
            self.access(Kind::Write, location, value);
        }
    }

    fn item_location(&mut self, object: Value, key: Value) -> Option<LocationId> {
        if !self.watches()
            || !matches!(
                self.machine.heap.object(object),
                Some(Object::Dict(_) | Object::List(_))
            )
        {
            return None;
        }
        let number = match key.view() {
            View::Int(i) => i as u64,
            _ => self.hash(key).unwrap_or(0) | 1 << 63,
        };
        let part = ["[", &self.glimpse(key), "]"].concat();
        Some(self.part_location(object, number, LocationKind::Item, &part))
    }

    pub fn record_item_read(&mut self, object: Value, key: Value, value: Value) -> Value {
        if self.machine.watch.on() {
            return self.read_while_exploring(value);
        }
        match self.item_location(object, key) {
            Some(location) if self.is_data(value) => match self.access(Kind::Read, location, value)
            {
                0 => value,
                step => value.from_read(step),
            },
            _ => value,
        }
    }

    pub fn record_item_write(&mut self, object: Value, key: Value, value: Value) {
        if let Some(location) = self.item_location(object, key)
            && self.is_data(value)
        {
            self.access(Kind::Write, location, value);
        }
    }

    /// The innermost frame of the program.
    pub fn user_frame(&self) -> Option<Frame> {
        self.thread
            .frames
            .iter()
            .rev()
            .find(|f| f.flags & FRAME_USER != 0)
            .copied()
    }

    /// The name to which the call that is under way will be bound, if the program binds it at once.
    pub fn binding_name(&self) -> Option<String> {
        let frame = self.user_frame()?;
        let linked = &self.machine.program.codes[frame.code as usize];
        let at = frame.pc.saturating_sub(1);
        linked
            .code
            .bindings
            .iter()
            .find(|(i, _)| *i == at)
            .map(|(_, n)| n.clone())
    }

    /// Numbers a new task in the trace.
    pub fn new_task(&mut self, kind: TaskKind, name: StringId, label: &str) -> TaskId {
        let host = if kind == TaskKind::Coroutine {
            self.thread.task
        } else {
            NO_TASK
        };
        let record = TaskRecord {
            kind,
            name,
            label: self.machine.recorder.string(label),
            parent: self.thread.actor(),
            host,
        };
        self.machine.recorder.task(record)
    }

    /// `name(arguments)` of a coroutine that has not run yet.
    pub fn coroutine_label(&mut self, coroutine: Value) -> String {
        let g = match self.machine.heap.object(coroutine) {
            Some(Object::Generator(g)) => g,
            Some(Object::AsyncStep(step)) => {
                let (generator, kind) = (step.generator, step.kind);
                return [&self.coroutine_label(generator), ".", kind.method(), "()"].concat();
            }
            _ => return String::new(),
        };
        let code = g.frame.code;
        self.call_label(code, |cx, at| match cx.machine.heap.object(coroutine) {
            Some(Object::Generator(g)) => g.stack.get(at).copied(),
            _ => None,
        })
    }

    /// `ValueError: bad`, the last line of a traceback.
    pub fn exception_line(&mut self, exception: Value) -> String {
        let class = self.type_of(exception);
        let name = self.machine.class_path(class);
        let text = self.str(exception);
        let text = self.text_or(text, "<exception str() failed>");
        if text.is_empty() {
            name
        } else {
            [&name, ": ", &text].concat()
        }
    }

    /// A coroutine died without having been awaited.
    pub fn never_awaited(&mut self, line: u32, code: u32) {
        let linked = self.machine.program.codes[code as usize].clone();
        let name = &linked.code.qualified_name;
        self.warn_never_awaited(&format!("coroutine '{name}'"), name, linked.user, line);
    }

    /// A step of an async generator died without having been awaited. CPython 3.13, Python/_warnings.c, _PyErr_WarnUnawaitedAgenMethod.
    pub fn step_never_awaited(&mut self, generator: Value, kind: AsyncStepKind) {
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return;
        };
        if !self.machine.version.at_least(3, 13) {
            return;
        }
        let line = g.line;
        let linked = self.machine.program.codes[g.frame.code as usize].clone();
        let (name, method) = (&linked.code.qualified_name, kind.method());
        let what = format!("coroutine method '{method}' of '{name}'");
        let name = [name, ".", method].concat();
        self.warn_never_awaited(&what, &name, linked.user, line);
    }

    fn warn_never_awaited(&mut self, what: &str, name: &str, user: bool, line: u32) {
        if user {
            let a = self.machine.recorder.string(name);
            self.record(Event {
                a,
                b: line,
                ..self.event(Kind::NeverAwaited)
            });
        }
        let now = self.thread.line;
        let newest = self.machine.version >= Version::V3_13;
        let runs =
            !self.machine.finalized || self.thread.frames.iter().any(|f| f.flags & FRAME_USER != 0);
        let place = match runs {
            true => format!("{}:{now}", self.machine.file),
            false => String::from(if newest { "<sys>:0" } else { "sys:1" }),
        };
        let mut text = format!("{place}: RuntimeWarning: {what} was never awaited\n");
        let key = (self.machine.processes.current, text.clone());
        if self.machine.warned.contains(&key) {
            return;
        }
        self.machine.warned.push(key);
        // The modules that show more come to an end as well.
        let more = self.machine.ending == 0;
        if let Some(source) = self.machine.source_line(now)
            && runs
            && more
        {
            text.push_str("  ");
            text.push_str(source.trim());
            text.push('\n');
        }
        let has_tracemalloc = !self.machine.finalized
            || self.machine.version < Version::V3_12
            || self.machine.find_module("asyncio").is_some();
        if has_tracemalloc && more {
            text.push_str(
                "RuntimeWarning: Enable tracemalloc to get the object allocation traceback\n",
            );
        }
        self.write_error(&text);
    }

    /// Writes to what `sys.stderr` is, without the simulation's part: it takes no time.
    pub fn write_error(&mut self, text: &str) {
        if let Some(target) = self.replaced_stderr() {
            let name = self.symbol("write");
            let text = self.heap().str(text);
            let write = self.get_attribute(target, name, super::frame::After::Push);
            let written = write.and_then(|write| {
                let written = self.call_now(write, &[text]);
                self.heap().release(write);
                written
            });
            self.heap().release(text);
            if let Ok(value) | Err(super::Control::Raise(value)) = written {
                self.heap().release(value);
            }
            return;
        }
        self.machine.watch.write(text, true);
        if self.machine.watch.on() && self.number != 0 {
            self.machine.watch.registry.borrow_mut().named = true;
        }
        let (a, b) = self.machine.recorder.write_stderr(text.as_bytes());
        self.record(Event {
            a,
            b,
            flags: crate::trace::FLAG_STDERR,
            ..self.event(Kind::Output)
        });
    }

    /// Whether a value is an exception of the type StopIteration and the like that are no errors.
    pub fn is_quiet(&self, exception: Value) -> bool {
        self.is_a(exception, types::STOP_ITERATION)
            || self.is_a(exception, types::STOP_ASYNC_ITERATION)
    }
}

//! Calls: binding arguments, pushing frames, calling natives and classes.

use super::frame::{After, FRAME_ENTERED, FRAME_USER, Frame};
use super::native::GATHERING_TYPES;
use super::object::{Function, Generator, GeneratorKind, GeneratorState, Object};
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::CodeKind;
use crate::trace::{Event, Kind};

/// Arguments on their way: owned values in order, the last ones with names.
pub struct Arguments {
    pub values: Vec<Value>,
    pub names: Vec<Symbol>,
}

/// Calls inside operations, each of which takes a part of our own stack.
const MOST_NESTED: u32 = 40;

impl Context<'_> {
    /// Calls with everything owned, `receiver` being NULL or the first argument. A Python function's frame is pushed and
    /// `Called` returned; a native's or class's result comes back at once.
    pub fn call(
        &mut self,
        callable: Value,
        receiver: Value,
        mut arguments: Arguments,
        after: After,
    ) -> Outcome {
        if receiver.given().is_some() {
            arguments.values.insert(0, receiver);
        }
        let result = self.call_borrowed(callable, arguments, after);
        self.heap().release(callable);
        result
    }

    /// As `call`, but the callable stays the caller's.
    pub fn call_borrowed(
        &mut self,
        callable: Value,
        mut arguments: Arguments,
        after: After,
    ) -> Outcome {
        match callable.view() {
            View::Native(_) | View::Type(_) if self.gathers(callable, &arguments) => {
                self.gather(callable, arguments, after)
            }
            View::Native(number) => self.call_native(number, arguments),
            View::Type(number) => self.call_type(number, arguments, after),
            View::Object(handle) => match self.machine.heap.get(handle) {
                Object::Function(_) => self.call_function(callable, arguments, after),
                Object::Method(pair) => {
                    let [function, object] = **pair;
                    self.heap().retain(object);
                    arguments.values.insert(0, object);
                    self.call_borrowed(function, arguments, after)
                }
                Object::Class(_) => self.call_class(callable, arguments, after),
                Object::Instance(_) => match self.special(callable, symbols::CALL) {
                    Some(function) => {
                        let mut first = vec![callable];
                        let function = self.bind_special(function, &mut first);
                        if let Some(first) = first.pop() {
                            arguments.values.insert(0, self.machine.heap.retain(first));
                        }
                        if let Some(Object::Instance(_)) = self.machine.heap.object(function) {
                            return self.call_deeper(function, arguments, after);
                        }
                        self.call_borrowed(function, arguments, after)
                    }
                    None => self.not_callable(callable, arguments),
                },
                Object::StaticMethod(inner) => {
                    let inner = *inner;
                    self.call_borrowed(inner, arguments, after)
                }
                _ => self.not_callable(callable, arguments),
            },
            _ => self.not_callable(callable, arguments),
        }
    }

    /// Whether a built-in function first takes all items of what may block in between: a generator, an iterator of the library.
    pub(super) fn gathers(&self, callable: Value, arguments: &Arguments) -> bool {
        let heap = &self.machine.heap;
        let blocks = match arguments
            .values
            .first()
            .and_then(|first| heap.object(*first))
        {
            Some(Object::Generator(generator)) => {
                let state = generator.state;
                generator.kind == GeneratorKind::Generator
                    && matches!(state, GeneratorState::Created | GeneratorState::Suspended)
            }
            Some(Object::Instance(of)) if of.base.is_null() => match heap.object(of.class) {
                Some(Object::Class(class)) => !self.machine.modules[class.module as usize].user,
                _ => false,
            },
            _ => return false,
        };
        let alone = arguments.values.len() - arguments.names.len() == 1;
        blocks
            && match callable.view() {
                View::Type(number) => GATHERING_TYPES.contains(&number),
                View::Native(number) => {
                    let native = &self.machine.natives.all[number as usize];
                    // `min` and `max` of several arguments compare these.
                    native.gathers && (alone || !native.variadic)
                }
                _ => false,
            }
    }

    pub(super) fn gather(
        &mut self,
        callable: Value,
        mut arguments: Arguments,
        after: After,
    ) -> Outcome {
        let name = self.symbol("_gather");
        let module = self.import(name)?;
        let name = self.symbol("gather");
        let function = match module.view() {
            View::Module(number) => self.module_attribute(number, name),
            _ => None,
        };
        arguments.values.insert(0, callable);
        self.call_borrowed(function.unwrap_or(Value::NULL), arguments, after)
    }

    pub(super) fn not_callable(&mut self, callable: Value, arguments: Arguments) -> Outcome {
        self.machine.heap.release_all(arguments.values);
        let text = ["'", &self.type_name(callable), "' object is not callable"].concat();
        self.error(types::TYPE_ERROR, &text)
    }

    /// Calls and runs to the end, inside the current operation: no preemption, no blocking.
    pub fn call_now(&mut self, callable: Value, args: &[Value]) -> Outcome {
        for a in args {
            self.machine.heap.retain(*a);
        }
        let depth = self.thread.frames.len();
        let arguments = Arguments {
            values: args.to_vec(),
            names: Vec::new(),
        };
        let outcome = match callable.view() {
            // `__repr__ = object.__str__` comes back here.
            View::Native(_) => self.call_deeper(callable, arguments, After::Push),
            _ => self.call_borrowed(callable, arguments, After::Push),
        };
        match outcome {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        }
    }

    /// As `call_borrowed`, for what may lead back to itself without any frame in between: a native, or a `__call__` that is an object
    /// with a `__call__` of its own.
    fn call_deeper(&mut self, callable: Value, arguments: Arguments, after: After) -> Outcome {
        self.machine.nesting += 1;
        let result = if self.machine.nesting > MOST_NESTED {
            self.heap().release_all(arguments.values);
            self.abandon(self.thread.frames.len())
        } else {
            self.call_borrowed(callable, arguments, after)
        };
        self.machine.nesting -= 1;
        result
    }

    /// Runs the frames above `depth` to their end and takes their result.
    pub fn finish_now(&mut self, depth: usize) -> Outcome {
        self.machine.nesting += 1;
        let result = if self.machine.nesting > MOST_NESTED {
            self.abandon(depth)
        } else {
            self.run_nested(depth)
        };
        self.machine.nesting -= 1;
        result
    }

    pub(super) fn abandon(&mut self, depth: usize) -> Outcome {
        self.drop_frames(depth);
        self.error(types::RECURSION_ERROR, "maximum recursion depth exceeded")
    }

    /// Pushes the frame of a Python function, or makes its generator.
    pub fn call_function(
        &mut self,
        function: Value,
        arguments: Arguments,
        after: After,
    ) -> Outcome {
        let Some(Object::Function(f)) = self.machine.heap.object(function) else {
            return self.not_callable(function, arguments);
        };
        let (code, module) = (f.code, f.module);
        let linked = self.machine.program.codes[code as usize].clone();
        let p = linked.code.parameters;
        let positional = (p.positional_only + p.positional) as usize;
        let base = self.thread.stack.len();
        let plain = arguments.names.is_empty()
            && arguments.values.len() == positional
            && p.keyword_only == 0
            && !p.star
            && !p.double_star;
        if plain {
            self.thread.stack.extend_from_slice(&arguments.values);
        } else {
            let values = self.bind(function, &linked, arguments)?;
            self.thread.stack.extend(values);
        }
        self.enter_function(function, code, module, base, after)
    }

    /// The arguments lie on the stack from `base` on, owned and complete: makes the frame, or the generator.
    #[inline]
    pub fn enter_function(
        &mut self,
        function: Value,
        code: u32,
        module: u16,
        base: usize,
        after: After,
    ) -> Outcome {
        let linked = &self.machine.program.codes[code as usize];
        let kind = linked.code.kind;
        let slots = linked.slots.len();
        let first_free = linked.code.first_free as usize;
        let flags = if linked.user { FRAME_USER } else { 0 };
        self.thread
            .stack
            .resize(base + first_free.min(slots), Value::NULL);
        if first_free < slots {
            let from = self.thread.stack.len();
            if let Some(Object::Function(f)) = self.machine.heap.object(function) {
                self.thread.stack.extend_from_slice(&f.closure);
            }
            for cell in &self.thread.stack[from..] {
                self.machine.heap.retain(*cell);
            }
            self.thread.stack.resize(base + slots, Value::NULL);
        }
        self.machine.heap.retain(function);
        let frame = Frame {
            code,
            pc: 0,
            base: base as u32,
            module,
            flags,
            line: 0,
            function,
            generator: Value::NULL,
            object: Value::NULL,
            after,
        };
        match kind {
            CodeKind::Generator | CodeKind::GeneratorExpression => {
                self.make_generator(frame, GeneratorKind::Generator)
            }
            CodeKind::Coroutine | CodeKind::AsyncComprehension => {
                self.make_generator(frame, GeneratorKind::Coroutine)
            }
            CodeKind::AsyncGenerator | CodeKind::AsyncGeneratorExpression => {
                self.make_generator(frame, GeneratorKind::AsyncGenerator)
            }
            _ => self.push_frame(frame),
        }
    }

    /// Starts a frame whose slots are on the stack.
    #[inline]
    pub fn push_frame(&mut self, frame: Frame) -> Outcome {
        if self.thread.frames.len() >= self.machine.limits.recursion {
            self.thread.frames.push(frame);
            let depth = self.thread.frames.len() - 1;
            self.drop_frames(depth);
            return self.error(types::RECURSION_ERROR, "maximum recursion depth exceeded");
        }
        self.thread.frames.push(frame);
        if frame.flags & FRAME_USER != 0 && self.machine.recorder.wants_detail() {
            self.record_enter();
        }
        Err(Control::Called)
    }

    /// Records that the innermost frame begins (or goes on, for generators).
    pub fn record_enter(&mut self) {
        let Some(frame) = self.thread.frames.last().copied() else {
            return;
        };
        let linked = self.machine.program.codes[frame.code as usize].clone();
        if matches!(
            linked.code.kind,
            CodeKind::Module
                | CodeKind::Class
                | CodeKind::Comprehension
                | CodeKind::AsyncComprehension
        ) {
            return;
        }
        let label = self.frame_label(&frame);
        let a = self.machine.recorder.string(&label);
        if let Some(frame) = self.thread.frames.last_mut() {
            frame.flags |= FRAME_ENTERED;
        }
        self.record(Event {
            a,
            line: linked.code.first_line,
            ..self.event(Kind::Enter)
        });
    }

    /// `deposit(2)`: the function with its arguments, for a stack and a lane.
    pub fn frame_label(&mut self, frame: &Frame) -> String {
        let base = frame.base as usize;
        self.call_label(frame.code, |cx, at| cx.thread.stack.get(base + at).copied())
    }

    /// The same for a code whose arguments lie where `argument` finds them.
    pub fn call_label(
        &mut self,
        code: u32,
        argument: impl Fn(&Context<'_>, usize) -> Option<Value>,
    ) -> String {
        let linked = &self.machine.program.codes[code as usize];
        let p = linked.code.parameters;
        let count = (p.positional_only + p.positional + p.keyword_only) as usize;
        let name = self.machine.program.names.text(linked.name);
        let mut text = String::with_capacity(name.len() + 2 + 8 * count);
        text.push_str(name);
        text.push('(');
        for at in 0..count {
            let Some(value) = argument(self, at) else {
                break;
            };
            let shown = self.short_repr(value);
            if at > 0 {
                text.push_str(", ");
            }
            text.push_str(&shown);
        }
        text.push(')');
        text
    }

    /// A short, safe text of a value for labels: plain values as they are, objects by their class.
    pub fn short_repr(&mut self, value: Value) -> String {
        match value.view() {
            View::Null => String::from("…"),
            View::Object(_) => match self.machine.heap.text(value) {
                Some(text) if text.chars().count() <= 16 => format!("'{text}'"),
                Some(text) => format!("'{}…'", text.chars().take(15).collect::<String>()),
                None => match self.machine.heap.object(value) {
                    Some(Object::Function(f)) => {
                        let name = self.machine.program.codes[f.code as usize].name;
                        self.name(name).to_owned()
                    }
                    Some(Object::Lock(lock)) => {
                        let known = self.machine.recorder.kind_and_name(lock.thing);
                        known.map_or("lock", |(_, name)| name).to_owned()
                    }
                    _ => self.short_name(value),
                },
            },
            View::Native(n) => self.machine.natives.all[n as usize].name.to_owned(),
            _ => self.plain_repr(value),
        }
    }

    pub(super) fn make_generator(&mut self, frame: Frame, kind: GeneratorKind) -> Outcome {
        let stack = self.thread.stack.split_off(frame.base as usize);
        let line = self.thread.line;
        let name = self.machine.program.codes[frame.code as usize].name;
        let user = frame.flags & FRAME_USER != 0;
        let value = self.machine.heap.add(Object::Generator(Box::new(Generator {
            kind,
            state: GeneratorState::Created,
            frame: frame.into(),
            stack,
            handled: Value::NULL,
            outer: Value::NULL,
            around: Value::NULL,
            line,
            busy: false,
            event_loop: Value::NULL,
            number: 0,
            held: Value::NULL,
            closing: false,
        })));
        if user && kind == GeneratorKind::Coroutine && self.machine.recorder.wants_detail() {
            let machine = &mut *self.machine;
            let text = machine.program.names.text(name);
            if !text.starts_with('<') {
                let a = machine.recorder.string(text);
                self.record(Event {
                    a,
                    ..self.event(Kind::Create)
                });
            }
        }
        Ok(value)
    }

    /// The function object's parts, for natives that look at it.
    pub fn function(&mut self, value: Value) -> Option<&mut Function> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Function(f)) => Some(f),
            _ => None,
        }
    }
}

//! Frames that outlive their call: a traceback refers to the frames that its exception passed, and what they held lives as long
//! as it does. CPython 3.12, Python/frame.c, take_ownership.
//!
//! A frame gets an object in the heap only when an exception reaches it. While the frame runs its variables stay where they are;
//! when it ends they go to the object, unless nobody refers to that any more.

use super::frame::{FRAME_HELD, Frame};
use super::object::{DEFINITION, Held, Object, TraceEntry};
use super::value::Value;
use super::{Context, Machine};

impl Context<'_> {
    /// Where an exception is in the innermost frame, for its traceback; keeps the frame.
    pub(super) fn trace_entry(&mut self, instruction: u32) -> TraceEntry {
        let at = self.thread.frames.len() - 1;
        TraceEntry {
            code: self.thread.frames[at].code,
            instruction,
            frame: self.held_frame(at),
        }
    }

    /// The object of a frame of this thread (owned), made if it has none. NULL for what CPython has in C.
    fn held_frame(&mut self, at: usize) -> Value {
        let frame = self.thread.frames[at];
        if !self.machine.keeps_frames(frame.code) {
            return Value::NULL;
        }
        let mut object = frame.object;
        if frame.flags & FRAME_HELD == 0 {
            object = self.machine.heap.add(Object::Frame(Box::new(Held {
                code: frame.code,
                line: frame.line,
                namespace: object,
                ..Held::default()
            })));
            let frame = &mut self.thread.frames[at];
            frame.object = object;
            frame.flags |= FRAME_HELD;
        }
        self.machine.heap.retain(object)
    }

    /// The frame that just left the thread had an object: what it held goes there if somebody still refers to it. Its variables are on
    /// top of the stack, below its operands. What remains of the frame's own is its class namespace.
    pub(super) fn part_with_held(&mut self, frame: &mut Frame) {
        let object = std::mem::replace(&mut frame.object, Value::NULL);
        if let Some(Object::Frame(held)) = self.machine.heap.object(object) {
            frame.object = held.namespace;
        }
        self.machine.heap.retain(frame.object);
        self.machine.ended_at(object, frame.line);
        if self.machine.heap.count(object) > 1 {
            let base = frame.base as usize;
            let slots = self.machine.program.codes[frame.code as usize].slots.len();
            self.clear_stack(base + slots);
            let variables = self.thread.stack.split_off(base);
            let back = if frame.generator.is_null() {
                self.held_below()
            } else {
                self.held_below_generator()
            };
            let function = std::mem::replace(&mut frame.function, Value::NULL);
            self.machine.take_over(object, function, variables, back);
        }
        self.machine.heap.release(object);
    }

    /// An exception was thrown into a generator that had not begun: where its function is defined. What the frame held is owned.
    pub(super) fn unstarted_entry(&mut self, code: u32, variables: Vec<Value>) -> TraceEntry {
        let mut frame = Value::NULL;
        if self.machine.keeps_frames(code) {
            let back = self.held_below_generator();
            frame = self.machine.heap.add(Object::Frame(Box::new(Held {
                code,
                variables,
                back,
                ..Held::default()
            })));
        } else {
            self.heap().release_all(variables);
        }
        TraceEntry {
            code,
            instruction: DEFINITION,
            frame,
        }
    }

    /// A suspended generator is over without running again: what it held (owned) goes to its object (owned, or NULL) if somebody still
    /// refers to that; what is left is given back. It counts as resumed, but from 3.13 on it is not if it does not wait for another: then its
    /// variables are just cleared. CPython 3.13, Objects/genobject.c, gen_close.
    pub(super) fn part_with_suspended(
        &mut self,
        object: Value,
        held: Vec<Value>,
        waits: bool,
    ) -> Vec<Value> {
        let mut left = held;
        if self.machine.heap.count(object) > 1 && (waits || !self.machine.version.at_least(3, 13)) {
            let variables = std::mem::take(&mut left);
            let back = self.held_below_generator();
            self.machine.take_over(object, Value::NULL, variables, back);
        }
        self.heap().release(object);
        left
    }

    /// The object of the innermost frame that CPython has as well (owned), NULL if there is none.
    pub(super) fn held_below(&mut self) -> Value {
        let kept = |frame: &Frame| self.machine.keeps_frames(frame.code);
        match self.thread.frames.iter().rposition(kept) {
            Some(at) => self.held_frame(at),
            None => Value::NULL,
        }
    }

    /// The same for a generator's frame that is over: until 3.11 it refers to none.
    fn held_below_generator(&mut self) -> Value {
        if self.machine.version.at_least(3, 12) {
            self.held_below()
        } else {
            Value::NULL
        }
    }

    /// The traceback of an exception is another from now on; takes over what the entries refer to.
    pub fn set_traceback(&mut self, exception: Value, traceback: Vec<TraceEntry>) {
        let mut old = traceback;
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
            std::mem::swap(&mut e.traceback, &mut old);
        }
        self.release_traceback(old);
    }

    /// A copy of an exception's traceback, with references of its own.
    pub fn traceback_entries(&mut self, exception: Value) -> Vec<TraceEntry> {
        let entries = match self.machine.heap.object(exception) {
            Some(Object::Exception(e)) => e.traceback.clone(),
            _ => Vec::new(),
        };
        for entry in &entries {
            self.machine.heap.retain(entry.frame);
        }
        entries
    }

    pub fn release_traceback(&mut self, entries: Vec<TraceEntry>) {
        self.machine
            .heap
            .release_all(entries.into_iter().map(|entry| entry.frame));
    }
}

impl Machine {
    /// Whether tracebacks keep the frames of a code. Those of Python 2 belong to who handles the exception, and what CPython has in C has no
    /// frames; nor does the event loop here have those that it has there.
    fn keeps_frames(&self, code: u32) -> bool {
        code != self.loop_code
            && !self.program.codes[code as usize].atomic
            && self.version.at_least(3, 0)
    }

    /// The line at which a frame that is over ended.
    fn ended_at(&mut self, object: Value, line: u32) {
        if let Some(Object::Frame(held)) = self.heap.object_mut(object) {
            held.line = line;
        }
    }

    /// What a frame held goes to its object; all of it owned.
    pub(super) fn take_over(
        &mut self,
        object: Value,
        function: Value,
        variables: Vec<Value>,
        back: Value,
    ) {
        if let Some(Object::Frame(held)) = self.heap.object_mut(object) {
            held.function = function;
            held.variables = variables;
            held.back = back;
        }
    }
}

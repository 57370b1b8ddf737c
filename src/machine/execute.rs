//! The execution of instructions: one loop, one `match`.

use std::rc::Rc;

use super::call::Arguments;
use super::frame::{After, FRAME_USER, Frame};
use super::object::Object;
use super::program::Linked;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Machine, Outcome, Stop, types};
use crate::bytecode::preemption::PreemptionRules;
use crate::bytecode::{CodeKind, Comparison, Conversion, Instruction, Operator};

impl Machine {
    /// Runs a thread: at most `hard` instructions, and, if `soft` is given, to the first preemption point at or after so many.
    pub fn run(&mut self, number: u32, hard: u64, soft: Option<u64>) -> Stop {
        self.enter_process(self.threads[number as usize].process);
        let soft_at = soft.map_or(u64::MAX, |n| self.executed.saturating_add(n));
        let hard_at = self.executed.saturating_add(hard);
        self.until = hard_at.min(soft_at);
        loop {
            let placeholder = super::frame::Thread::new(0);
            let mut thread = std::mem::replace(&mut self.threads[number as usize], placeholder);
            let mut context = Context {
                machine: self,
                thread: &mut thread,
                number,
            };
            let stop = context.execute(hard_at, soft_at, 0);
            self.threads[number as usize] = thread;
            if let Stop::Trap(_) = stop {
                self.watch.pass(self.executed);
            }
            if let Stop::Ended(exception) = stop {
                match self.thread_over(number, exception) {
                    Some(stop) => return stop,
                    None => continue,
                }
            }
            return stop;
        }
    }

    /// Pushes the result of a trap.
    pub fn deliver(&mut self, thread: u32, value: Value) {
        self.threads[thread as usize].stack.push(value);
    }
}

impl Context<'_> {
    /// Runs frames above `depth` to their end without preemption, taking writes as instant. Used inside natives.
    pub fn run_nested(&mut self, depth: usize) -> Outcome {
        let limit = self.machine.limits.instructions;
        loop {
            match self.execute(limit, u64::MAX, depth) {
                Stop::Spent if self.machine.executed >= limit => {
                    return Err(Control::Limit("instructions"));
                }
                Stop::Ended(None) => return Ok(self.thread.pop()),
                Stop::Ended(Some(exception)) => return Err(Control::Raise(exception)),
                Stop::Trap(super::Trap::Write) => self.thread.push(Value::NONE),
                Stop::Trap(super::Trap::Compute(_) | super::Trap::Native(_)) => {
                    self.thread.push(Value::NONE)
                }
                Stop::Spent | Stop::Preempted | Stop::Signalled | Stop::Paused => {}
                Stop::Trap(_) => {
                    self.drop_frames(depth);
                    return self.reject(
                        "this code blocks inside an operation that cannot be interrupted here",
                        "Interleave runs methods such as __eq__, __repr__ or a sort key in one go: move the blocking call out of it",
                    );
                }
                Stop::Rejected { message, hint } => return Err(Control::Reject(message, hint)),
                Stop::Limit(name) => return Err(Control::Limit(name)),
            }
        }
    }

    /// Whether a thread can be switched from where the frame about to run begins: not in a module that CPython has in C, nor in
    /// a comprehension that is no function.
    fn entry_is_point(&self, rules: PreemptionRules) -> bool {
        let Some(frame) = self.thread.frames.last() else {
            return true;
        };
        let linked = &self.machine.program.codes[frame.code as usize];
        !linked.atomic
            && (linked.code.kind != CodeKind::Comprehension
                || rules.contains(PreemptionRules::COMPREHENSION_ENTRY))
    }

    /// Whether the innermost frame goes on after a call, and not after an attribute or an operator that was a call in disguise.
    fn is_after_call(&self) -> bool {
        let Some(frame) = self.thread.frames.last() else {
            return false;
        };
        let code = &self.machine.program.codes[frame.code as usize];
        let before = code.instructions.get((frame.pc as usize).wrapping_sub(1));
        matches!(
            before,
            Some(
                Instruction::Call(_) | Instruction::CallKeywords { .. } | Instruction::CallStar(_)
            )
        )
    }

    /// The loop. Stops when only `depth` frames are left, with the result on the stack.
    pub fn execute(&mut self, hard_at: u64, soft_at: u64, depth: usize) -> Stop {
        let rules = self.machine.rules;
        let every = rules.contains(PreemptionRules::EVERY);
        let watching = self.machine.watch.on;
        let stop_at = if watching {
            0
        } else if every {
            hard_at.min(soft_at)
        } else {
            hard_at
        };
        'frames: loop {
            if self.thread.frames.len() <= depth {
                return Stop::Ended(None);
            }
            let Some(frame) = self.thread.frames.last() else {
                return Stop::Ended(None);
            };
            let linked: Rc<Linked> = self.machine.program.codes[frame.code as usize].clone();
            let code: &[Instruction] = &linked.instructions;
            let base = frame.base as usize;
            let module = frame.module as usize;
            let mut pc = frame.pc as usize;
            // What runs inside a native runs in one go.
            // The library is not what a program is about: it takes no time, as if it were written in C. Only its loops count,
            // so that no endless one escapes the limit.
            let tick = u64::from(linked.user);
            // Under a schedule of turns the library's code is as one instruction.
            let preemptible = depth == 0 && !linked.atomic && (linked.user || !self.machine.turns);
            let entry_at = match (depth, watching) {
                (0, true) => 0,
                (0, false) => soft_at,
                _ => u64::MAX,
            };
            let soft_at = if preemptible { entry_at } else { u64::MAX };

            macro_rules! save {
                () => {
                    if let Some(f) = self.thread.frames.last_mut() {
                        f.pc = pc as u32;
                    }
                };
            }
            // At a preemption point: stops, or only notes it.
            macro_rules! pass {
                ($($save:tt)*) => {
                    if watching {
                        self.machine.watch.pass(self.machine.executed);
                    } else {
                        $($save)*
                        return Stop::Preempted;
                    }
                };
            }
            // Where this version of CPython looks whether it must stop.
            macro_rules! point {
                ($rule:ident) => {
                    if self.machine.executed >= soft_at && rules.contains(PreemptionRules::$rule) {
                        pass!(save!(););
                    }
                };
            }
            macro_rules! control {
                ($control:expr) => {{
                    match $control {
                        Control::Called => {
                            // The caller's pc was saved before the call.
                            if self.machine.executed >= entry_at
                                && rules.contains(PreemptionRules::FUNCTION_ENTRY)
                                && self.entry_is_point(rules)
                                && (!self.machine.turns || self.in_user_frame())
                            {
                                pass!();
                            }
                            continue 'frames;
                        }
                        other => match self.handle(other, depth) {
                            None => {
                                if self.machine.executed >= soft_at
                                    && rules.contains(PreemptionRules::HANDLER)
                                {
                                    pass!();
                                }
                                continue 'frames;
                            }
                            Some(stop) => return stop,
                        },
                    }
                }};
            }
            macro_rules! attempt {
                ($outcome:expr) => {
                    match $outcome {
                        Ok(value) => value,
                        Err(control) => control!(control),
                    }
                };
            }

            loop {
                if self.machine.executed >= stop_at && watching {
                    if self.machine.executed >= hard_at {
                        save!();
                        return Stop::Spent;
                    }
                    if linked.user && self.watch_instruction(&linked, pc, preemptible, base, module)
                    {
                        save!();
                        return Stop::Paused;
                    }
                } else if self.machine.executed >= stop_at && (preemptible || depth > 0) {
                    save!();
                    if self.machine.executed >= hard_at {
                        return Stop::Spent;
                    }
                    if pc == 0 || rules.checks_after(&linked.code.instructions[pc - 1]) {
                        return Stop::Preempted;
                    }
                }
                let instruction = code[pc];
                pc += 1;
                self.machine.executed += tick;
                match instruction {
                    Instruction::Line(line) => {
                        self.thread.line = line;
                        if let Some(f) = self.thread.frames.last_mut() {
                            f.line = line;
                        }
                        if self.machine.recorder.wants_detail() {
                            self.record_line(line);
                        }
                        // Not an instruction of CPython: it costs nothing. The event is of the time at which the next one begins.
                        self.machine.executed -= tick;
                    }
                    Instruction::Nop => {}
                    Instruction::LoadFast(slot) => {
                        let value = self.thread.stack[base + slot as usize];
                        if value.is_null() {
                            save!();
                            control!(self.unbound(&linked, slot))
                        }
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                    }
                    Instruction::StoreFast(slot) => {
                        let value = self.thread.pop();
                        let old =
                            std::mem::replace(&mut self.thread.stack[base + slot as usize], value);
                        self.machine.heap.release(old);
                    }
                    Instruction::LoadConstant(at) => {
                        let value = linked.constants[at as usize];
                        if value.is_null() {
                            save!();
                            control!(Control::Reject(
                                "integers beyond 64 bits are not supported yet".into(),
                                "use a smaller number".into()
                            ))
                        }
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                    }
                    Instruction::LoadGlobal(slot) => {
                        let m = &self.machine.modules[module];
                        let mut value = m.slots[slot as usize];
                        if value.is_null() {
                            value = m.builtins[slot as usize];
                            if value.is_null() {
                                let name = m.globals.names[slot as usize];
                                save!();
                                control!(self.name_error(name))
                            }
                        } else if m.user && (watching || self.machine.recorder.wants_detail()) {
                            value = self.record_global_read(module, slot, value);
                        }
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                    }
                    Instruction::StoreGlobal(slot) => {
                        let value = self.thread.pop();
                        if linked.user && self.machine.recorder.wants_detail() {
                            self.record_global_write(module, slot, value);
                        }
                        let old = std::mem::replace(
                            &mut self.machine.modules[module].slots[slot as usize],
                            value,
                        );
                        self.machine.heap.release(old);
                    }
                    Instruction::Binary(operator) => {
                        let length = self.thread.stack.len();
                        let (a, b) = (self.thread.stack[length - 2], self.thread.stack[length - 1]);
                        if let Some(result) = quick(operator, a, b) {
                            self.thread.stack.truncate(length - 1);
                            self.thread.stack[length - 2] = result;
                        } else {
                            save!();
                            attempt!(self.operator(instruction, 0))
                        }
                    }
                    Instruction::InPlace(operator) => {
                        let length = self.thread.stack.len();
                        let (a, b) = (self.thread.stack[length - 2], self.thread.stack[length - 1]);
                        if let Some(result) = quick(operator, a, b) {
                            self.thread.stack.truncate(length - 1);
                            self.thread.stack[length - 2] = result;
                        } else {
                            save!();
                            attempt!(self.operator(instruction, 0))
                        }
                    }
                    Instruction::Compare(comparison) => {
                        let length = self.thread.stack.len();
                        let (a, b) = (self.thread.stack[length - 2], self.thread.stack[length - 1]);
                        if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
                            let result = Value::bool(compare_ints(comparison, x, y))
                                .from_read(a.origin.max(b.origin));
                            self.thread.stack.truncate(length - 1);
                            self.thread.stack[length - 2] = result;
                        } else {
                            save!();
                            attempt!(self.operator(instruction, 0))
                        }
                    }
                    Instruction::JumpIfFalse(target) | Instruction::JumpIfTrue(target) => {
                        let wanted = matches!(instruction, Instruction::JumpIfTrue(_));
                        let value = self.thread.pop();
                        let truth = match value.view() {
                            View::Bool(b) => b,
                            View::None => false,
                            View::Int(i) => i != 0,
                            _ => {
                                save!();
                                if self.has_own_truth(value) {
                                    // The instruction runs again with the bool that `__bool__` gives.
                                    if let Some(f) = self.thread.frames.last_mut() {
                                        f.pc = pc as u32 - 1;
                                    }
                                    attempt!(self.call_truth(value));
                                    continue 'frames;
                                }
                                let truth = self.truth(value);
                                self.machine.heap.release(value);
                                attempt!(truth)
                            }
                        };
                        if truth == wanted {
                            let from = std::mem::replace(&mut pc, target as usize);
                            if self.machine.executed >= soft_at
                                && !matches!(code[from.saturating_sub(2)], Instruction::Copy(1))
                            {
                                point!(TAKEN_JUMP);
                            }
                        }
                    }
                    Instruction::JumpIfNone(target) => {
                        let value = self.thread.pop();
                        self.machine.heap.release(value);
                        if value.is_none() {
                            pc = target as usize;
                            point!(TAKEN_JUMP);
                        }
                    }
                    Instruction::Jump(target) => pc = target as usize,
                    Instruction::JumpBackward(target) => {
                        self.machine.executed += 1 - tick;
                        pc = target as usize;
                        point!(BACKWARD_JUMP);
                    }
                    Instruction::ForIterator(target) => {
                        let iterator = self.thread.peek(1);
                        if let Some(h) = iterator.as_object()
                            && let Object::Iterator(i) = self.machine.heap.get_mut(h)
                            && let super::object::Iterator::Range { next, step, left } = &mut **i
                        {
                            if *left == 0 {
                                self.thread.pop();
                                self.machine.heap.release(iterator);
                                pc = target as usize;
                            } else {
                                let value = Value::int(*next);
                                *next = next.wrapping_add(*step);
                                *left -= 1;
                                self.thread.stack.push(value);
                            }
                        } else {
                            save!();
                            match attempt!(self.for_iterator(iterator, target)) {
                                Some(value) => self.thread.stack.push(value),
                                None => {
                                    self.thread.pop();
                                    self.machine.heap.release(iterator);
                                    pc = target as usize;
                                }
                            }
                        }
                    }
                    Instruction::Pop => {
                        let value = self.thread.pop();
                        self.machine.heap.release(value);
                    }
                    Instruction::Copy(n) => {
                        let value = self.thread.peek(n as usize);
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                    }
                    Instruction::Swap(n) => {
                        let length = self.thread.stack.len();
                        self.thread.stack.swap(length - 1, length - n as usize);
                    }
                    Instruction::PushNull => self.thread.stack.push(Value::NULL),
                    Instruction::LoadMethod(name) => {
                        save!();
                        attempt!(self.load_method(Symbol(name)));
                    }
                    Instruction::LoadAttribute(name) => {
                        save!();
                        let object = self.thread.pop();
                        let value = attempt!(self.load_attribute(object, Symbol(name)));
                        self.thread.stack.push(value);
                    }
                    Instruction::StoreAttribute(name) => {
                        save!();
                        attempt!(self.store_attribute(Symbol(name)));
                    }
                    Instruction::Call(count) => {
                        save!();
                        let callee = self.thread.peek(count as usize + 2);
                        let python =
                            matches!(self.machine.heap.object(callee), Some(Object::Function(_)));
                        let result = if python {
                            self.call_fast(count as usize)
                        } else {
                            self.call_stack(count as usize, &[])
                        };
                        let value = attempt!(result);
                        self.thread.stack.push(value);
                        if !python || self.machine.executed >= soft_at {
                            point!(NATIVE_RETURN);
                        }
                        if !self.machine.signals.is_empty() && preemptible {
                            save!();
                            return Stop::Signalled;
                        }
                    }
                    Instruction::CallKeywords { arguments, names } => {
                        save!();
                        let value = attempt!(
                            self.call_stack(arguments as usize, &linked.keywords[names as usize])
                        );
                        self.thread.stack.push(value);
                        point!(NATIVE_RETURN);
                        if !self.machine.signals.is_empty() && preemptible {
                            save!();
                            return Stop::Signalled;
                        }
                    }
                    Instruction::Return => {
                        let value = self.thread.pop();
                        let left = if self.leave_plain_frame(value) {
                            Ok(())
                        } else {
                            save!();
                            self.return_value(value)
                        };
                        match left {
                            Ok(()) => {
                                if self.machine.executed >= soft_at
                                    && rules.contains(PreemptionRules::PYTHON_RETURN)
                                    && self.thread.frames.len() > depth
                                    && self.is_after_call()
                                {
                                    pass!();
                                }
                                continue 'frames;
                            }
                            Err(control) => control!(control),
                        }
                    }
                    Instruction::Yield => {
                        let value = self.thread.pop();
                        save!();
                        match self.yield_value(value) {
                            Ok(()) => continue 'frames,
                            Err(control) => control!(control),
                        }
                    }
                    Instruction::YieldFrom => {
                        save!();
                        match self.yield_from() {
                            Ok(Some(value)) => self.thread.stack.push(value),
                            Ok(None) => continue 'frames,
                            Err(control) => control!(control),
                        }
                    }
                    Instruction::GetAwaitable(_) if self.thread.peek(1).is_turn() => {}
                    Instruction::LoopTurn => {
                        // Runs again until the loop stops; what it runs returns to it.
                        pc -= 1;
                        save!();
                        match self.loop_turn() {
                            Ok(()) => {
                                if !self.machine.signals.is_empty() && preemptible {
                                    return Stop::Signalled;
                                }
                                continue 'frames;
                            }
                            Err(control) => control!(control),
                        }
                    }
                    _ => {
                        save!();
                        match attempt!(self.other(instruction, &linked, base, module)) {
                            Next::Go => {}
                            Next::Native => {
                                point!(NATIVE_RETURN);
                                if !self.machine.signals.is_empty() && preemptible {
                                    return Stop::Signalled;
                                }
                            }
                            Next::HandlerEnd => point!(HANDLER_END),
                        }
                    }
                }
                if !self.machine.heap.dying.is_empty() {
                    save!();
                    attempt!(self.last_words());
                }
            }
        }
    }

    /// Instructions that are not hot.
    fn other(
        &mut self,
        instruction: Instruction,
        linked: &Linked,
        base: usize,
        module: usize,
    ) -> Outcome<Next> {
        match instruction {
            Instruction::DeleteFast(slot) => {
                let old =
                    std::mem::replace(&mut self.thread.stack[base + slot as usize], Value::NULL);
                if old.is_null() {
                    return Err(self.unbound(linked, slot));
                }
                self.heap().release(old);
            }
            Instruction::MakeCell(slot) => {
                let value = self.thread.stack[base + slot as usize];
                self.thread.stack[base + slot as usize] = self.heap().add(Object::Cell(value));
            }
            Instruction::LoadClosure(slot) => {
                let cell = self.thread.stack[base + slot as usize];
                self.machine.heap.retain(cell);
                self.thread.push(cell);
            }
            Instruction::LoadDeref(slot) => {
                let cell = self.thread.stack[base + slot as usize];
                let value = match self.machine.heap.object(cell) {
                    Some(Object::Cell(value)) => *value,
                    _ => Value::NULL,
                };
                if value.is_null() {
                    return Err(self.unbound(linked, slot));
                }
                let value = if linked.user {
                    self.record_cell_read(cell, linked.slots[slot as usize], value)
                } else {
                    value
                };
                self.machine.heap.retain(value);
                self.thread.push(value);
            }
            Instruction::StoreDeref(slot) => {
                let value = self.thread.pop();
                let cell = self.thread.stack[base + slot as usize];
                if linked.user {
                    self.record_cell_write(cell, linked.slots[slot as usize], value);
                }
                self.set_cell(cell, value);
            }
            Instruction::DeleteDeref(slot) => {
                let cell = self.thread.stack[base + slot as usize];
                if matches!(self.machine.heap.object(cell), Some(Object::Cell(v)) if v.is_null()) {
                    return Err(self.unbound(linked, slot));
                }
                self.set_cell(cell, Value::NULL);
            }
            Instruction::LoadClassDeref(slot) => {
                let name = linked.slots[slot as usize];
                match self.namespace_get(name) {
                    Some(value) => {
                        self.machine.heap.retain(value);
                        self.thread.push(value);
                    }
                    None => return self.other(Instruction::LoadDeref(slot), linked, base, module),
                }
            }
            Instruction::DeleteGlobal(slot) => {
                let old = std::mem::replace(
                    &mut self.machine.modules[module].slots[slot as usize],
                    Value::NULL,
                );
                if old.is_null() {
                    let name = self.machine.modules[module].globals.names[slot as usize];
                    return Err(self.name_error(name));
                }
                self.heap().release(old);
            }
            Instruction::LoadName(slot) => {
                let name = self.machine.modules[module].globals.names[slot as usize];
                let m = &self.machine.modules[module];
                let value = match self.namespace_get(name) {
                    Some(value) => value,
                    None if m.slots[slot as usize].given().is_some() => m.slots[slot as usize],
                    None => m.builtins[slot as usize],
                };
                if value.is_null() {
                    return Err(self.name_error(name));
                }
                self.machine.heap.retain(value);
                self.thread.push(value);
            }
            Instruction::StoreName(name) => {
                let value = self.thread.pop();
                self.namespace_set(Symbol(name), Some(value));
            }
            Instruction::DeleteName(name) => {
                if self.namespace_get(Symbol(name)).is_none() {
                    return Err(self.name_error(Symbol(name)));
                }
                self.namespace_set(Symbol(name), None);
            }
            Instruction::DeleteAttribute(name) => {
                let object = self.thread.pop();
                let result = self.delete_attribute(object, Symbol(name));
                self.heap().release(object);
                result?;
            }
            Instruction::LoadItem => {
                let result = self.load_item()?;
                self.thread.push(result);
                return Ok(Next::Go);
            }
            Instruction::StoreItem => self.store_item()?,
            Instruction::DeleteItem => self.remove_item()?,
            Instruction::UnaryNot => {
                let value = self.thread.peek(1);
                if self.has_own_truth(value) {
                    self.thread.pop();
                    if let Some(f) = self.thread.frames.last_mut() {
                        f.pc -= 1;
                    }
                    return self.call_truth(value).map(|_| Next::Go);
                }
                let truth = self.truth(value)?;
                self.thread.pop();
                self.heap().release(value);
                self.thread
                    .push(Value::bool(!truth).from_read(value.origin));
            }
            Instruction::UnaryNegative | Instruction::UnaryPositive | Instruction::UnaryInvert => {
                let value = self.thread.peek(1);
                let result = self.unary(instruction, value)?.from_read(value.origin);
                self.thread.pop();
                self.heap().release(value);
                self.thread.push(result);
            }
            Instruction::Is(invert) => {
                let b = self.thread.pop();
                let a = self.thread.pop();
                self.thread.push(Value::bool(a.is(b) != invert));
                self.heap().release(a);
                self.heap().release(b);
            }
            Instruction::Contains(_) => self.operator(instruction, 0)?,
            Instruction::BuildList(n) => {
                let items = self.take(n);
                let list = self.heap().list(items);
                self.thread.push(list);
            }
            Instruction::BuildTuple(n) => {
                let items = self.take(n);
                let tuple = self.heap().tuple(items);
                self.thread.push(tuple);
            }
            Instruction::BuildSet(n) => {
                let items = self.take(n);
                let set = self
                    .heap()
                    .add(Object::Set(Box::default(), super::object::Frozen::No));
                self.thread.push(set);
                for item in items {
                    let added = self.set_add(set, item);
                    self.heap().release(item);
                    added?;
                }
            }
            Instruction::BuildMap(n) => {
                let items = self.take(n * 2);
                let dict = self.heap().add(Object::Dict(Box::default()));
                self.thread.push(dict);
                for pair in items.chunks(2) {
                    let stored = self.dict_set(dict, pair[0], pair[1]);
                    self.heap().release(pair[0]);
                    self.heap().release(pair[1]);
                    stored?;
                }
            }
            Instruction::BuildString(n) => {
                let parts = self.take(n);
                let mut text = String::new();
                for part in &parts {
                    text.push_str(self.machine.heap.text(*part).unwrap_or(""));
                }
                let origin = parts.iter().map(|p| p.origin).max().unwrap_or(0);
                self.heap().release_all(parts);
                let value = self.heap().str(&text).from_read(origin);
                self.thread.push(value);
            }
            Instruction::BuildSlice(n) => {
                let mut parts = self.take(n);
                parts.resize(3, Value::NONE);
                let slice = self
                    .heap()
                    .add(Object::Slice(Box::new([parts[0], parts[1], parts[2]])));
                self.thread.push(slice);
            }
            Instruction::ListAppend(n) => {
                let value = self.thread.pop();
                let list = self.thread.peek(n as usize);
                if let Some(Object::List(items)) = self.machine.heap.object_mut(list) {
                    items.push(value);
                    self.heap().grow(8);
                }
            }
            Instruction::SetAdd(n) => {
                let value = self.thread.pop();
                let set = self.thread.peek(n as usize);
                let added = self.set_add(set, value);
                self.heap().release(value);
                added?;
            }
            Instruction::MapAdd(n) => {
                let value = self.thread.pop();
                let key = self.thread.pop();
                let dict = self.thread.peek(n as usize);
                let stored = self.dict_set(dict, key, value);
                self.heap().release(key);
                self.heap().release(value);
                stored?;
            }
            Instruction::ListExtend(n) => {
                let value = self.thread.pop();
                let list = self.thread.peek(n as usize);
                let items = self.items(value);
                let name = self.type_name(value);
                self.heap().release(value);
                match items {
                    Ok(items) => {
                        if let Some(Object::List(_)) = self.machine.heap.object_mut(list) {
                            self.machine.heap.bytes += items.len() * 8;
                            if let Some(Object::List(all)) = self.machine.heap.object_mut(list) {
                                all.extend(items);
                            }
                        }
                    }
                    Err(Control::Raise(e)) => {
                        // CPython says more than `not iterable` here.
                        let _ = name;
                        return Err(Control::Raise(e));
                    }
                    Err(e) => return Err(e),
                }
            }
            Instruction::SetUpdate(n) => {
                let value = self.thread.pop();
                let set = self.thread.peek(n as usize);
                let extended = self.set_extend(set, value);
                self.heap().release(value);
                extended?;
            }
            Instruction::DictUpdate(n) | Instruction::DictMerge(n) => {
                let value = self.thread.pop();
                let dict = self.thread.peek(n as usize);
                let result = self.dict_merge(
                    dict,
                    value,
                    matches!(instruction, Instruction::DictMerge(_)),
                );
                self.heap().release(value);
                result?;
            }
            Instruction::MatchSequence => self.match_sequence(),
            Instruction::MatchMapping => self.match_mapping(),
            Instruction::GetLength => self.get_length()?,
            Instruction::MatchKeys => self.match_keys()?,
            Instruction::MatchRest => self.match_rest()?,
            Instruction::MatchClass(n) => self.match_class(n as usize)?,
            Instruction::ListToTuple => {
                let list = self.thread.pop();
                let items = match self.machine.heap.object_mut(list) {
                    Some(Object::List(items)) => std::mem::take(items),
                    _ => Vec::new(),
                };
                self.heap().release(list);
                let tuple = self.heap().tuple(items);
                self.thread.push(tuple);
            }
            Instruction::UnpackSequence(n) => self.unpack(n as usize)?,
            Instruction::UnpackStar { before, after } => {
                self.unpack_star(before as usize, after as usize)?
            }
            Instruction::Format { conversion, spec } => self.format_value(conversion, spec)?,
            Instruction::GetIterator => {
                let value = self.thread.pop();
                let iterator = self.get_iterator(value)?;
                self.thread.push(iterator);
            }
            Instruction::CallStar(keywords) => {
                let value = self.call_star(keywords)?;
                self.thread.push(value);
                return Ok(Next::Native);
            }
            Instruction::MakeFunction(flags) => self.make_function(flags),
            Instruction::LoadBuildClass => {
                let builder = self.machine.build_class;
                self.thread.push(builder);
            }
            Instruction::GetAwaitable(place) => {
                let value = self.thread.pop();
                let awaitable = self.get_awaitable(value, place)?;
                self.thread.push(awaitable);
            }
            Instruction::GetYieldFromIterator => {
                let value = self.thread.peek(1);
                if !matches!(self.machine.heap.object(value), Some(Object::Generator(_))) {
                    self.thread.pop();
                    let iterator = self.get_iterator(value)?;
                    self.thread.push(iterator);
                }
            }
            Instruction::GetAsyncIterator => self.get_async_iterator()?,
            Instruction::GetAsyncNext => self.get_async_next()?,
            Instruction::EndAsyncFor => self.end_async_for()?,
            Instruction::BeforeWith => self.before_with()?,
            Instruction::BeforeAsyncWith => self.before_async_with()?,
            Instruction::WithExceptStart => self.with_except_start()?,
            Instruction::PushExceptionInfo => {
                let exception = self.thread.pop();
                let mut previous = std::mem::replace(&mut self.thread.handled, exception);
                self.heap().retain(exception);
                if self
                    .handled_around()
                    .is_some_and(|around| around.is(previous))
                {
                    self.heap().release(previous);
                    previous = Value::NULL;
                }
                self.thread.push(previous);
                self.thread.push(exception);
            }
            Instruction::PopException => {
                let mut previous = self.thread.pop();
                if previous.is_null() {
                    previous = self.handled_around().unwrap_or(Value::NULL);
                    self.heap().retain(previous);
                }
                let old = std::mem::replace(&mut self.thread.handled, previous);
                self.heap().release(old);
                return Ok(Next::HandlerEnd);
            }
            Instruction::CheckExceptionMatch => {
                let wanted = self.thread.pop();
                let exception = self.thread.peek(1);
                let matched = self.exception_matches(exception, wanted);
                self.heap().release(wanted);
                let matched = matched?;
                self.thread.push(Value::bool(matched));
            }
            Instruction::CheckGroupMatch => self.check_group_match()?,
            Instruction::PrepareReraiseStar => self.prepare_reraise_star()?,
            Instruction::Raise(count) => return Err(self.raise_statement(count)),
            Instruction::Reraise(_) => {
                let exception = self.thread.pop();
                return Err(Control::Raise(exception));
            }
            Instruction::LoadAssertionError => {
                self.thread.push(types::value(types::ASSERTION_ERROR))
            }
            Instruction::ImportName(name) => {
                let value = self.import(Symbol(name))?;
                self.thread.push(value);
            }
            Instruction::ImportFrom(name) => self.import_from(Symbol(name))?,
            _ => {}
        }
        Ok(Next::Go)
    }

    /// Takes the top `n` values, in order.
    #[inline]
    pub fn take(&mut self, n: u32) -> Vec<Value> {
        let at = self.thread.stack.len() - n as usize;
        self.thread.stack.split_off(at)
    }

    /// A call whose arguments lie on the stack: callable, self or NULL, arguments.
    fn call_stack(&mut self, count: usize, names: &[Symbol]) -> Outcome {
        let values = self.take(count as u32);
        let receiver = self.thread.pop();
        let callable = self.thread.pop();
        self.call(
            callable,
            receiver,
            Arguments {
                values,
                names: names.to_vec(),
            },
            After::Push,
        )
    }

    /// The same for a Python function without keywords whose parameters are just these: the arguments become its slots in place.
    fn call_fast(&mut self, count: usize) -> Outcome {
        let length = self.thread.stack.len();
        let callable = self.thread.stack[length - count - 2];
        let receiver = self.thread.stack[length - count - 1];
        let Some(Object::Function(f)) = self.machine.heap.object(callable) else {
            return self.call_stack(count, &[]);
        };
        let (code, module) = (f.code, f.module);
        let given = count + !receiver.is_null() as usize;
        if self.machine.program.codes[code as usize].plain != Some(given as u32) {
            if count == 1 && receiver.is_null() && self.gives_turn(code) {
                self.thread.stack.truncate(length - 3);
                self.machine.heap.release(callable);
                return Ok(Value::turn(false));
            }
            return self.call_stack(count, &[]);
        }
        // Close the gap of callable (and empty self) under the arguments.
        let base = length - count - 2;
        let skip = if receiver.is_null() { 2 } else { 1 };
        self.thread.stack.copy_within(base + skip.., base);
        let linked = &self.machine.program.codes[code as usize];
        if linked.direct {
            let slots = linked.slots.len();
            let flags = if linked.user { FRAME_USER } else { 0 };
            self.thread.stack.truncate(base + given);
            self.thread.stack.resize(base + slots, Value::NULL);
            return self.push_frame(Frame {
                code,
                base: base as u32,
                module,
                flags,
                function: callable,
                ..Frame::default()
            });
        }
        self.thread.stack.truncate(length - skip);
        let result = self.enter_function(callable, code, module, base, After::Push);
        self.machine.heap.release(callable);
        result
    }

    /// Whether the call whose one argument is on top is `asyncio.sleep(0)`, awaited at once: then nobody sees the coroutine, and what
    /// that would wait for does as well.
    fn gives_turn(&self, code: u32) -> bool {
        let codes = &self.machine.program.codes;
        let Some(frame) = self.thread.frames.last() else {
            return false;
        };
        codes[code as usize].sleeps
            && self.thread.peek(1).as_int().is_some_and(|delay| delay <= 0)
            && codes[frame.code as usize]
                .instructions
                .get(frame.pc as usize)
                == Some(&Instruction::GetAwaitable(0))
            && self.thread.frames.len() + 1 < self.machine.limits.recursion
    }

    fn set_cell(&mut self, cell: Value, value: Value) {
        if let Some(Object::Cell(slot)) = self.machine.heap.object_mut(cell) {
            let old = std::mem::replace(slot, value);
            self.heap().release(old);
        }
    }

    fn format_value(&mut self, conversion: Conversion, spec: bool) -> Outcome<()> {
        let spec_value = if spec { self.thread.pop() } else { Value::NULL };
        let value = self.thread.pop();
        let origin = value.origin;
        let spec_text = self.machine.heap.text(spec_value).unwrap_or("").to_owned();
        let result = self.format_with(value, conversion, &spec_text);
        self.heap().release(value);
        self.heap().release(spec_value);
        let text = result?;
        let result = self.heap().str(&text).from_read(origin);
        self.thread.push(result);
        Ok(())
    }
}

/// What follows an instruction.
enum Next {
    Go,
    /// An exception handler is done.
    HandlerEnd,
    /// A call of something that is not Python returned.
    Native,
}

/// Integer and float arithmetic that cannot fail; anything else takes the long way.
#[inline]
fn quick(operator: Operator, a: Value, b: Value) -> Option<Value> {
    let origin = a.origin.max(b.origin);
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        let result = match operator {
            Operator::Add => x.checked_add(y)?,
            Operator::Subtract => x.checked_sub(y)?,
            Operator::Multiply => x.checked_mul(y)?,
            Operator::And => x & y,
            Operator::Or => x | y,
            Operator::Xor => x ^ y,
            Operator::FloorDivide if y > 0 => x.div_euclid(y),
            Operator::Remainder if y > 0 => x.rem_euclid(y),
            _ => return None,
        };
        return Some(Value::int(result).from_read(origin));
    }
    if let (View::Float(x), View::Float(y)) = (a.view(), b.view()) {
        let result = match operator {
            Operator::Add => x + y,
            Operator::Subtract => x - y,
            Operator::Multiply => x * y,
            _ => return None,
        };
        return Some(Value::float(result).from_read(origin));
    }
    None
}

fn compare_ints(comparison: Comparison, x: i64, y: i64) -> bool {
    match comparison {
        Comparison::Less => x < y,
        Comparison::LessEqual => x <= y,
        Comparison::Equal => x == y,
        Comparison::NotEqual => x != y,
        Comparison::Greater => x > y,
        Comparison::GreaterEqual => x >= y,
    }
}

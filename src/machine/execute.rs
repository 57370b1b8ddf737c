//! The execution of instructions: one loop, one `match`.

use std::rc::Rc;

use super::object::Object;
use super::operate::next_in_range;
use super::program::Linked;
use super::uncommon::Next;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Machine, Outcome, Stop, Trap};
use crate::bytecode::preemption::PreemptionRules;
use crate::bytecode::{CodeKind, Comparison, Instruction, Operator};

/// So many instructions are executed at most before memory is looked at again.
const MEMORY_INTERVAL: u64 = 1 << 20;

impl Machine {
    /// Runs a thread: at most `hard` instructions, and, if `soft` is given, to the first preemption point at or after so many.
    pub fn run(&mut self, number: u32, hard: u64, soft: Option<u64>) -> Stop {
        self.enter_process(self.threads[number as usize].process);
        if self.heap.most_objects_bytes() > self.limits.heap {
            return Stop::Limit("heap");
        }
        let soft_at = soft.map_or(u64::MAX, |n| self.executed.saturating_add(n));
        let hard_at = self.executed.saturating_add(hard.min(MEMORY_INTERVAL));
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
            match &stop {
                Stop::Trap(Trap::Before { pauses: true }) => return Stop::Paused,
                Stop::Trap(_) => self.watch.pass(self.executed),
                _ => {}
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

    /// From so many executed instructions on it must be asked before each whether to stop. A call, so that the loop only compares numbers.
    #[inline(never)]
    fn stops_at(&self, hard_at: u64, soft_at: u64) -> u64 {
        if self.watch.on() {
            0
        } else if self.rules.contains(PreemptionRules::EVERY) {
            hard_at.min(soft_at)
        } else {
            hard_at
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
                Stop::Trap(Trap::Write | Trap::Compute(_) | Trap::Native(_)) => {
                    self.thread.push(Value::NONE)
                }
                Stop::Trap(Trap::Before { pauses }) => {
                    self.machine.watch.registry.borrow_mut().missed |= pauses;
                }
                Stop::Trap(Trap::Done) => {}
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
    pub(super) fn entry_is_point(&self, rules: PreemptionRules) -> bool {
        let Some(frame) = self.thread.frames.last() else {
            return true;
        };
        let linked = &self.machine.program.codes[frame.code as usize];
        !linked.atomic
            && (linked.code.kind != CodeKind::Comprehension
                || rules.contains(PreemptionRules::COMPREHENSION_ENTRY))
    }

    /// Whether, in a run in turns, the thread is to stop where a function of the library begins that the program called: the schedule
    /// says so by the number of instructions before the call, as what follows within the function is one instruction with it.
    fn stops_before_call(&self, stop_at: u64) -> bool {
        let frames = &self.thread.frames;
        let caller = frames.len().checked_sub(2).map(|at| &frames[at]);
        self.machine.executed > stop_at
            && caller.is_some_and(|frame| frame.flags & super::frame::FRAME_USER != 0)
    }

    /// Whether a thread's or a process's `run` calls what it was given, and that is a native: then nothing of the program's stands before
    /// what that does.
    fn calls_native_target(&self, linked: &Linked, instruction: Instruction) -> bool {
        let Instruction::CallStar(keywords) = instruction else {
            return false;
        };
        let callee = self.thread.peek(3 + usize::from(keywords));
        let function = match self.machine.heap.object(callee) {
            Some(Object::Method(pair)) => pair[0],
            _ => callee,
        };
        linked.code.name == "run" && matches!(function.view(), View::Native(_))
    }

    /// Whether the innermost frame goes on after a call, and not after an attribute or an operator that was a call in disguise.
    pub(super) fn is_after_call(&self) -> bool {
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

    fn linked(&self, code: u32) -> Rc<Linked> {
        self.machine.program.codes[code as usize].clone()
    }

    /// The loop. Stops when only `depth` frames are left, with the result on the stack.
    pub fn execute(&mut self, hard_at: u64, soft_at: u64, depth: usize) -> Stop {
        let rules = self.machine.rules;
        let watching = self.machine.watch.on();
        let stop_at = self.machine.stops_at(hard_at, soft_at);
        let innermost = self.thread.frames.last().map_or(0, |frame| frame.code);
        // Calls and returns go to and fro: the code before this one is kept as well.
        let mut current = (innermost, self.linked(innermost));
        let mut before = current.clone();
        'frames: loop {
            if self.thread.frames.len() <= depth {
                return Stop::Ended(None);
            }
            let Some(frame) = self.thread.frames.last() else {
                return Stop::Ended(None);
            };
            let number = frame.code;
            if current.0 != number {
                std::mem::swap(&mut current, &mut before);
                if current.0 != number {
                    current = (number, self.linked(number));
                }
            }
            let linked = &*current.1;
            let code: &[Instruction] = &linked.instructions;
            let base = frame.base as usize;
            let module = frame.module as usize;
            let mut pc = frame.pc as usize;
            // The machine's own is behind until it is saved.
            let mut executed = self.machine.executed;
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
                    self.machine.executed = executed;
                    if let Some(f) = self.thread.frames.last_mut() {
                        f.pc = pc as u32;
                    }
                };
            }
            // At a preemption point: stops, or only notes it.
            macro_rules! pass {
                ($($save:tt)*) => {
                    if watching {
                        self.machine.watch.pass(executed);
                    } else {
                        $($save)*
                        return Stop::Preempted;
                    }
                };
            }
            // Where this version of CPython looks whether it must stop.
            macro_rules! point {
                ($rule:ident) => {
                    if executed >= soft_at && rules.contains(PreemptionRules::$rule) {
                        pass!(save!(););
                    }
                };
            }
            macro_rules! control {
                ($control:expr) => {{
                    let control = $control;
                    let executed = self.machine.executed;
                    match control {
                        Control::Called => {
                            // The caller's pc was saved before the call.
                            if executed >= entry_at
                                && rules.contains(PreemptionRules::FUNCTION_ENTRY)
                                && self.entry_is_point(rules)
                                && (!self.machine.turns
                                    || self.in_user_frame()
                                    || !watching && self.stops_before_call(entry_at))
                            {
                                pass!();
                            }
                            continue 'frames;
                        }
                        other => match self.handle(other, depth) {
                            None => {
                                let executed = self.machine.executed;
                                if executed >= soft_at && rules.contains(PreemptionRules::HANDLER) {
                                    pass!();
                                }
                                continue 'frames;
                            }
                            Some(stop) => return stop,
                        },
                    }
                }};
            }
            // Another task goes on in the frame's place, mostly with the same code.
            macro_rules! follow_turn {
                () => {
                    match self.thread.frames.last() {
                        Some(f) if f.code == number => {
                            pc = f.pc as usize;
                            executed = self.machine.executed;
                            continue;
                        }
                        _ => continue 'frames,
                    }
                };
            }
            macro_rules! attempt {
                ($outcome:expr) => {
                    match $outcome {
                        Ok(value) => {
                            executed = self.machine.executed;
                            value
                        }
                        Err(control) => control!(control),
                    }
                };
            }

            if !self.machine.heap.dying.is_empty() {
                attempt!(self.last_words());
            }
            loop {
                if executed >= stop_at {
                    if watching {
                        save!();
                        if executed >= hard_at {
                            return Stop::Spent;
                        }
                        if (linked.user || self.calls_native_target(linked, code[pc]))
                            && self.watch_instruction(linked, pc, preemptible, base, module)
                        {
                            return Stop::Paused;
                        }
                        executed = self.machine.executed;
                    } else if preemptible || depth > 0 {
                        save!();
                        if executed >= hard_at {
                            return Stop::Spent;
                        }
                        if pc == 0 || rules.checks_after(&code[pc - 1]) {
                            return Stop::Preempted;
                        }
                    }
                }
                let instruction = code[pc];
                pc += 1;
                executed += tick;
                match instruction {
                    Instruction::Line(line) => {
                        self.thread.line = line;
                        if let Some(f) = self.thread.frames.last_mut() {
                            f.line = line;
                        }
                        if self.machine.recorder.wants_detail() {
                            // The event is of the time at which the next instruction begins.
                            self.machine.executed = executed;
                            self.record_line(line);
                        }
                        // Not an instruction of CPython: it costs nothing.
                        executed -= tick;
                        continue;
                    }
                    Instruction::Nop => continue,
                    Instruction::LoadFast(slot) => {
                        let value = self.thread.stack[base + slot as usize];
                        if value.is_null() {
                            save!();
                            control!(self.unbound(linked, slot))
                        }
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                        continue;
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
                        continue;
                    }
                    Instruction::LoadGlobal(slot) => {
                        if !linked.zero_sleeps.is_empty()
                            && linked.zero_sleeps.contains(&(pc as u32 - 1))
                        {
                            save!();
                            if self.await_zero_sleep(module, slot) {
                                follow_turn!();
                            }
                        }
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
                            self.machine.executed = executed;
                            value = self.record_global_read(module, slot, value);
                        }
                        self.machine.heap.retain(value);
                        self.thread.stack.push(value);
                        continue;
                    }
                    Instruction::StoreGlobal(slot) => {
                        let value = self.thread.pop();
                        if linked.user && self.machine.recorder.wants_detail() {
                            self.machine.executed = executed;
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
                            continue;
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
                            continue;
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
                                .from_read(a.origin().max(b.origin()));
                            self.thread.stack.truncate(length - 1);
                            self.thread.stack[length - 2] = result;
                            continue;
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
                                    match self.call_truth(value, target, wanted) {
                                        Ok(()) => continue 'frames,
                                        Err(control) => control!(control),
                                    }
                                }
                                let truth = self.truth(value);
                                self.machine.heap.release(value);
                                attempt!(truth)
                            }
                        };
                        if truth == wanted {
                            let from = std::mem::replace(&mut pc, target as usize);
                            if executed >= soft_at
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
                    Instruction::Jump(target) => {
                        pc = target as usize;
                        continue;
                    }
                    Instruction::JumpBackward(target) => {
                        executed += 1 - tick;
                        pc = target as usize;
                        // What is not preempted is not stopped by the simulation either.
                        if tick == 0 && executed > self.machine.limits.instructions {
                            save!();
                            return Stop::Limit("instructions");
                        }
                        point!(BACKWARD_JUMP);
                        continue;
                    }
                    Instruction::ForIterator(target) => {
                        let iterator = self.thread.peek(1);
                        if let Some(h) = iterator.as_object()
                            && let Object::RangeIterator { next, step, left } =
                                self.machine.heap.get_mut(h)
                        {
                            match (next_in_range(next, *step, left), code[pc]) {
                                // Mostly it goes to a variable at once.
                                (Some(value), Instruction::StoreFast(slot))
                                    if executed < stop_at =>
                                {
                                    pc += 1;
                                    executed += tick;
                                    let variable = &mut self.thread.stack[base + slot as usize];
                                    let old = std::mem::replace(variable, value);
                                    self.machine.heap.release(old);
                                }
                                (Some(value), _) => {
                                    self.thread.stack.push(value);
                                    continue;
                                }
                                (None, _) => {
                                    self.thread.pop();
                                    self.machine.heap.release(iterator);
                                    pc = target as usize;
                                }
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
                    Instruction::PushNull => {
                        self.thread.stack.push(Value::NULL);
                        continue;
                    }
                    Instruction::LoadMethod(name) => {
                        if !watching && self.load_module_method(Symbol(name)) {
                            continue;
                        }
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
                        if self.call_direct(count as usize) {
                            control!(Control::Called);
                        }
                        let callee = self.thread.peek(count as usize + 2);
                        let python =
                            matches!(self.machine.heap.object(callee), Some(Object::Function(_)));
                        let result = if python {
                            if count == 1 && self.await_turn() {
                                follow_turn!();
                            }
                            self.call_fast(count as usize)
                        } else if let Some(result) = self.call_native_direct(count as usize) {
                            result
                        } else if let Some(result) = self.call_outside(count as usize) {
                            result
                        } else {
                            self.call_stack(count as usize, &[])
                        };
                        let value = attempt!(result);
                        self.thread.stack.push(value);
                        if !python || executed >= soft_at {
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
                        self.machine.executed = executed;
                        let left = if self.leave_plain_frame(value) {
                            Ok(())
                        } else {
                            save!();
                            self.return_value(value)
                        };
                        match left {
                            Ok(()) => {
                                // What CPython has in C returns as a native does.
                                let (from, rule) = if linked.atomic {
                                    (entry_at, PreemptionRules::NATIVE_RETURN)
                                } else {
                                    (soft_at, PreemptionRules::PYTHON_RETURN)
                                };
                                if executed >= from
                                    && rules.contains(rule)
                                    && self.thread.frames.len() > depth
                                    && self.is_after_call()
                                    && (!linked.atomic || self.in_user_frame())
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
                        if self.give_turn() {
                            control!(Control::Called);
                        }
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
                        match attempt!(self.other(instruction, linked, base, module)) {
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
}

/// Integer and float arithmetic that cannot fail; anything else takes the long way.
#[inline]
fn quick(operator: Operator, a: Value, b: Value) -> Option<Value> {
    let origin = a.origin().max(b.origin());
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

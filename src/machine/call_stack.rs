//! Calls whose arguments lie on the stack.

use super::call::Arguments;
use super::frame::{After, FRAME_PLAIN, FRAME_USER, Frame};
use super::object::Object;
use super::value::{Symbol, Value};
use super::{Context, Outcome};
use crate::bytecode::Instruction;

impl Context<'_> {
    /// Takes the top `n` values, in order.
    #[inline]
    pub fn take(&mut self, n: u32) -> Vec<Value> {
        let at = self.thread.stack.len() - n as usize;
        self.thread.stack.split_off(at)
    }

    /// A call whose arguments lie on the stack: callable, self or NULL, arguments.
    pub(super) fn call_stack(&mut self, count: usize, names: &[Symbol]) -> Outcome {
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

    /// The same for a function that has a frame at once, as long as no detail of that is recorded; false for any other, of which nothing
    /// is done.
    #[inline]
    pub(super) fn call_direct(&mut self, count: usize) -> bool {
        let length = self.thread.stack.len();
        let base = length - count - 2;
        let (callable, receiver) = (self.thread.stack[base], self.thread.stack[base + 1]);
        let Some(Object::Function(f)) = self.machine.heap.object(callable) else {
            return false;
        };
        let (code, module) = (f.code, f.module);
        let (skip, given) = if receiver.is_null() {
            (2, count)
        } else {
            (1, count + 1)
        };
        let linked = &self.machine.program.codes[code as usize];
        if !linked.direct
            || linked.plain != Some(given as u32)
            || code == self.machine.loop_code
            || self.thread.frames.len() >= self.machine.limits.recursion
            || linked.user && self.machine.recorder.wants_detail()
        {
            return false;
        }
        // Close the gap of callable (and empty self) under the arguments.
        let stack = &mut self.thread.stack;
        for at in base..base + given {
            stack[at] = stack[at + skip];
        }
        stack.truncate(base + given);
        for _ in given..linked.slots.len() {
            stack.push(Value::NULL);
        }
        let user = if linked.user { FRAME_USER } else { 0 };
        self.thread.frames.push(Frame {
            code,
            base: base as u32,
            module,
            flags: user | FRAME_PLAIN,
            function: callable,
            ..Frame::default()
        });
        true
    }

    /// The same for a Python function without keywords whose parameters are just these: the arguments become its slots in place.
    pub(super) fn call_fast(&mut self, count: usize) -> Outcome {
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
        self.thread.stack.truncate(length - skip);
        let result = self.enter_function(callable, code, module, base, After::Push);
        self.machine.heap.release(callable);
        result
    }

    /// Whether the call whose one argument is on top is `asyncio.sleep(0)`, awaited at once: then nobody sees the coroutine, and what
    /// that would wait for does as well.
    #[inline]
    pub(super) fn gives_turn(&self, code: u32) -> bool {
        let codes = &self.machine.program.codes;
        let next = |frame: &Frame| {
            let instructions = &codes[frame.code as usize].instructions;
            instructions.get(frame.pc as usize).copied()
        };
        codes[code as usize].sleeps
            && self.thread.peek(1).as_int().is_some_and(|delay| delay <= 0)
            && matches!(
                self.thread.frames.last().and_then(next),
                Some(Instruction::GetAwaitable(0))
            )
            && self.thread.frames.len() + 1 < self.machine.limits.recursion
    }
}

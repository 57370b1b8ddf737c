//! The turn that goes from one task to the next: what `await asyncio.sleep(0)` does, taken in one go.

use crate::machine::asyncio::object::{AwaitsTurn, Entry};
use crate::machine::frame::{
    After, FRAME_ENTERED, FRAME_HANDLES, FRAME_HELD, FRAME_THROWN, FRAME_USER,
};
use crate::machine::generator::With;
use crate::machine::object::{Generator, GeneratorKind, GeneratorState, Object};
use crate::machine::program::ZERO_SLEEP;
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, symbols};
use crate::trace::{Event, Kind, NO_TASK, TaskId, Wait};

/// Whose turn is next, and how it goes on.
struct Turn {
    event_loop: Value,
    /// The task that comes next, its coroutine, its number in the trace, and the line at which it was suspended.
    task: Value,
    coroutine: Value,
    id: TaskId,
    line: u32,
}

impl Context<'_> {
    /// What `YieldFrom` does where a task's own coroutine awaits nothing but its turn: the coroutine is suspended, and the task at the front
    /// of the ready queue goes on. False, and nothing is done, if anything else has to be looked at.
    pub(in crate::machine) fn give_turn(&mut self) -> bool {
        let stack = &self.thread.stack;
        let length = stack.len();
        stack[length - 2].is(Value::turn(false))
            && stack[length - 1].is_none()
            && self.exchange_turn(0, 2)
    }

    /// `await asyncio.sleep(0)` as one, where `Call` finds callable, self and argument on the stack: what follows up to `YieldFrom`
    /// is done as well. False, and nothing is done, where the call is of something else or the thread may have to stop in between.
    #[inline(never)]
    pub(in crate::machine) fn await_turn(&mut self) -> bool {
        let length = self.thread.stack.len();
        let (callable, receiver) = (self.thread.stack[length - 3], self.thread.stack[length - 2]);
        let Some(Object::Function(f)) = self.machine.heap.object(callable) else {
            return false;
        };
        // `GetAwaitable`, `LoadConstant` and `YieldFrom`; the call itself has been counted.
        let given = receiver.is_null() && self.gives_turn(f.code) && self.exchange_turn(3, 3);
        if given {
            self.machine.heap.release(callable);
        }
        given
    }

    /// The same where `LoadGlobal` is about to push the module, in one of the places that the linker found.
    #[inline(never)]
    pub(in crate::machine) fn await_zero_sleep(&mut self, module: usize, slot: u32) -> bool {
        let View::Module(number) = self.machine.modules[module].slots[slot as usize].view() else {
            return false;
        };
        let sleep = self.module_attribute(number, symbols::SLEEP);
        let Some(Some(Object::Function(f))) = sleep.map(|v| self.machine.heap.object(v)) else {
            return false;
        };
        self.machine.program.codes[f.code as usize].sleeps
            && self.thread.frames.len() + 1 < self.machine.limits.recursion
            && self.exchange_turn(ZERO_SLEEP - 1, 0)
    }

    /// The task that runs waits for its turn, after so many more instructions up to and with `YieldFrom`, and the one at the front of the
    /// ready queue goes on; so many operands of the former are dropped. False, and nothing is done, if more has to be looked at.
    ///
    /// All about a turn is inlined here, so that it stays in registers: what is stored in parts and read as one makes the processor wait.
    fn exchange_turn(&mut self, rest: u32, operands: usize) -> bool {
        if self.machine.executed + u64::from(rest) >= self.machine.until {
            return false;
        }
        let Some((task, turn)) = self.turn_to_give() else {
            return false;
        };
        if let Some(frame) = self.thread.frames.last_mut() {
            // It stands at `YieldFrom`, which runs again when the coroutine goes on.
            frame.pc = frame.pc + rest - 1;
        }
        self.machine.executed += u64::from(rest);
        let length = self.thread.stack.len();
        self.thread.stack.truncate(length - operands);
        self.hand_over(task, &turn);
        true
    }

    /// The task whose own coroutine runs here, and the one that goes on if it waits for its turn. None if more than a frame has to be
    /// exchanged.
    #[inline(always)]
    fn turn_to_give(&self) -> Option<(Value, Turn)> {
        let frames = &self.thread.frames;
        let frame = frames.last()?;
        let After::TaskStep(handle) = frame.after else {
            return None;
        };
        let plain = |flags: u8, g: &Generator| {
            flags & (FRAME_USER | FRAME_HANDLES | FRAME_HELD) == FRAME_USER
                && g.kind == GeneratorKind::Coroutine
        };
        let running = self.generator(frame.generator)?;
        if !plain(frame.flags, running) || !self.thread.handled.is_null() {
            return None;
        }
        let turn = self.next_in_turn(frames.len().checked_sub(2)?)?;
        let next = self.generator(turn.coroutine)?;
        // One that is entered is an event.
        let known = next.frame.flags & FRAME_ENTERED != 0 || !self.machine.recorder.wants_detail();
        (plain(next.frame.flags, next) && known).then(|| (Value::object(handle), turn))
    }

    /// Suspends the coroutine that runs, whose task waits for its turn at the `YieldFrom` that its frame stands at, and lets the next one go on.
    #[inline]
    fn hand_over(&mut self, task: Value, turn: &Turn) {
        let line = self.thread.line;
        if self.machine.recorder.is_on() {
            self.record(Event {
                b: Wait::Turn as u32,
                line,
                ..self.event(Kind::Suspend)
            });
        }
        let Some(frame) = self.thread.frames.last_mut() else {
            return;
        };
        let base = frame.base as usize;
        let suspended = frame.generator;
        let heap = &mut self.machine.heap;
        if let Some(Object::Generator(g)) = heap.object_mut(frame.generator) {
            g.state = GeneratorState::Suspended;
            // The rest is as it was when the frame began to run.
            g.frame.pc = frame.pc;
            g.frame.line = frame.line;
            g.frame.flags = frame.flags & !FRAME_THROWN;
            g.stack.extend_from_slice(&self.thread.stack[base..]);
            g.stack.push(Value::turn(true));
        }
        self.thread.stack.truncate(base);
        heap.release(frame.generator);
        heap.retain(turn.coroutine);
        if let Some(Object::Generator(g)) = heap.object_mut(turn.coroutine) {
            g.state = GeneratorState::Running;
            let after = turn.task.as_object().map_or(After::Drop, After::TaskStep);
            *frame = g.frame.resumed(base, turn.coroutine, after);
            self.thread.stack.append(&mut g.stack);
        }
        let below = self.thread.steps.last().map_or(0, |step| step.line);
        let line_then = std::mem::replace(&mut self.thread.line, below);
        let line_next = frame.line;
        // Its own turn has come: `YieldFrom` is over as well.
        let over = match self.thread.stack.last_mut() {
            Some(top)
                if top.is(Value::turn(true)) && self.machine.executed < self.machine.until =>
            {
                *top = Value::NONE;
                frame.pc += 1;
                true
            }
            _ => {
                self.thread.stack.push(Value::NONE);
                false
            }
        };
        self.pass_turn(task, suspended, line_then, turn);
        self.thread.line = line_next;
        self.machine.executed += u64::from(over);
    }

    #[inline]
    fn generator(&self, value: Value) -> Option<&Generator> {
        match self.machine.heap.object(value) {
            Some(Object::Generator(g)) => Some(g),
            _ => None,
        }
    }

    /// A task (owned by its step) that waits for nothing but its turn, at a line of the program, goes to the end of the queue, and the task at
    /// its front runs: what
    /// [`Context::leave_step`], the loop's turn and [`Context::step_task`] would do. False, and nothing is done, if the next entry
    /// needs more than that.
    pub(super) fn next_turn(&mut self, task: Value, coroutine: Value, line: u32) -> bool {
        let below = self.thread.frames.len().wrapping_sub(1);
        let Some(turn) = self.next_in_turn(below) else {
            return false;
        };
        self.pass_turn(task, coroutine, line, &turn);
        let handle = turn.task.as_object();
        let after = handle.map_or(After::Drop, After::TaskStep);
        // A suspended coroutine that is sent None only gets its frame.
        matches!(
            self.resume(turn.coroutine, With::Value(Value::NONE), after),
            Err(Control::Called)
        )
    }

    /// The task at the front of the queue, if a turn can go to it without anything in between from the one whose step runs; `below` is the
    /// place of the loop's frame.
    #[inline(always)]
    fn next_in_turn(&self, below: usize) -> Option<Turn> {
        let frame = self.thread.frames.get(below)?;
        let step = self.thread.steps.last()?;
        if frame.code != self.machine.loop_code
            || step.eager
            || step.woken_by.iter().any(|v| !v.is_null())
            || self.thread.stepping.is_none()
            || !self.thread.context.is_null()
            || self.machine.watch.on()
            || self.machine.executed >= self.machine.until
            || !self.machine.signals.is_empty()
            || !self.machine.heap.dying.is_empty()
        {
            return None;
        }
        let event_loop = frame.function;
        let Some(Object::Loop(l)) = self.machine.heap.object(event_loop) else {
            return None;
        };
        if l.batch == 0 || l.closed || l.entered.is_some() || l.debug {
            return None;
        }
        let Entry { value, turn } = *l.ready.front()?;
        let turn = match turn.filter(|_| l.exceptional == 0) {
            Some(known) => known,
            None => self.turn_of(value)?,
        };
        let turn = Turn {
            event_loop,
            task: value,
            coroutine: Value::object(turn.coroutine),
            id: turn.id,
            line: turn.line,
        };
        // So the task is pending.
        let suspended = |g: &Generator| g.state == GeneratorState::Suspended;
        self.generator(turn.coroutine)
            .is_some_and(suspended)
            .then_some(turn)
    }

    /// What a turn needs of a task, if that waits for nothing else.
    fn turn_of(&self, task: Value) -> Option<AwaitsTurn> {
        let Some(Object::Future(f)) = self.machine.heap.object(task) else {
            return None;
        };
        let t = f.task.as_ref()?;
        let ready = t.waiter.is_null() && t.context.is_null() && !t.must_cancel && t.id != NO_TASK;
        let coroutine = t.coroutine.as_object().filter(|_| ready)?;
        Some(AwaitsTurn {
            coroutine,
            id: t.id,
            line: t.line,
        })
    }

    /// The task that runs leaves its step and goes to the end of the queue; the step of the next one begins.
    #[inline]
    fn pass_turn(&mut self, task: Value, coroutine: Value, line: u32, turn: &Turn) {
        let id = self.thread.stepping;
        let suspended = |coroutine| AwaitsTurn {
            coroutine,
            id: id.unwrap_or(NO_TASK),
            line,
        };
        // What owns the one from now on owned the other: its step, the queue.
        if let Some(Object::Loop(l)) = self.machine.heap.object_mut(turn.event_loop) {
            l.batch -= 1;
            l.ready.pop_front();
            l.ready.push_back(Entry {
                value: task,
                turn: coroutine.as_object().map(suspended),
            });
            l.current = Some(turn.task);
        }
        let mut outside = NO_TASK;
        if let Some(step) = self.thread.steps.last_mut() {
            step.task = turn.task;
            outside = step.stepping.unwrap_or(NO_TASK);
        }
        if self.machine.recorder.is_on() {
            let gone = Event {
                a: outside,
                ..self.event(Kind::Schedule)
            };
            self.record(gone);
            self.record(Event {
                task: turn.id,
                a: self.thread.task,
                line: turn.line,
                kind: Kind::Resume,
                ..gone
            });
        }
        self.thread.stepping = Some(turn.id);
    }
}

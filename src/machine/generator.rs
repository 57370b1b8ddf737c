//! Generators, coroutines and async generators: resuming, yielding, throwing, closing.

use super::frame::{After, FRAME_ENTERED, FRAME_THROWN, FRAME_USER, Sending};
use super::object::{AsyncStep, AsyncStepKind, FutureState, GeneratorKind, GeneratorState, Object};
use super::value::Value;
use super::{Context, Control, Outcome, Stop, types};
use crate::bytecode::Instruction;
use crate::trace::{Event, Kind};

/// What a generator is resumed with; owned.
#[derive(Clone, Copy)]
pub enum With {
    Value(Value),
    Exception(Value),
}

impl Context<'_> {
    /// Resumes a generator (borrowed). `Called` if it runs now; the result of an ended one is given as `after` demands.
    pub fn resume(&mut self, generator: Value, with: With, after: After) -> Outcome<()> {
        let around = self.thread.handled;
        self.resume_within(generator, with, after, around)
    }

    /// As `resume`; `around` (borrowed) counts as being handled around it.
    fn resume_within(
        &mut self,
        generator: Value,
        with: With,
        after: After,
        around: Value,
    ) -> Outcome<()> {
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        match (g.state, with) {
            (GeneratorState::Running, _) => {
                let text = match g.kind {
                    GeneratorKind::Generator => "generator already executing",
                    GeneratorKind::Coroutine => "coroutine already executing",
                    GeneratorKind::AsyncGenerator => "async generator already executing",
                };
                return self.error(types::VALUE_ERROR, text);
            }
            (GeneratorState::Finished, With::Exception(exception)) => {
                return Err(Control::Raise(exception));
            }
            (GeneratorState::Finished, With::Value(value)) => {
                if g.kind == GeneratorKind::Coroutine {
                    self.heap().release(value);
                    return self.error(
                        types::RUNTIME_ERROR,
                        "cannot reuse already awaited coroutine",
                    );
                }
                self.heap().release(value);
                return self.ended_before(after);
            }
            (GeneratorState::Created, With::Exception(exception)) => {
                g.state = GeneratorState::Finished;
                let stack = std::mem::take(&mut g.stack);
                let entry = super::object::TraceEntry {
                    code: g.frame.code,
                    instruction: super::object::DEFINITION,
                };
                self.heap().release_all(stack);
                if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
                    let fresh = e.traceback.is_empty() && e.context.is_null();
                    e.traceback.push(entry);
                    if fresh && !std::mem::take(&mut self.thread.thrown) {
                        self.set_context(exception);
                    }
                }
                return Err(Control::Raise(exception));
            }
            (GeneratorState::Created, With::Value(value)) if !value.is_none() => {
                let text = match g.kind {
                    GeneratorKind::Generator => {
                        "can't send non-None value to a just-started generator"
                    }
                    GeneratorKind::Coroutine => {
                        "can't send non-None value to a just-started coroutine"
                    }
                    GeneratorKind::AsyncGenerator => {
                        "can't send non-None value to a just-started async generator"
                    }
                };
                return self.error(types::TYPE_ERROR, text);
            }
            _ => {}
        }
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        let first = g.state == GeneratorState::Created;
        g.state = GeneratorState::Running;
        let mut frame = g.frame;
        frame.base = self.thread.stack.len() as u32;
        frame.generator = generator;
        frame.after = after;
        self.thread.stack.append(&mut g.stack);
        let own = std::mem::replace(&mut g.handled, Value::NULL);
        g.outer = self.thread.handled;
        g.around = around;
        self.thread.handled = if own.is_null() {
            self.machine.heap.retain(around)
        } else {
            own
        };
        self.machine.heap.retain(generator);
        if self.thread.frames.len() >= self.machine.limits.recursion {
            self.thread.frames.push(frame);
            let depth = self.thread.frames.len() - 1;
            self.drop_frames(depth);
            return self.error(types::RECURSION_ERROR, "maximum recursion depth exceeded");
        }
        self.thread.frames.push(frame);
        self.restore_line();
        if frame.flags & FRAME_USER != 0
            && self.machine.recorder.wants_detail()
            && (first || frame.flags & FRAME_ENTERED == 0)
        {
            self.record_enter();
        }
        match with {
            With::Value(value) => {
                if !first {
                    self.thread.push(value);
                }
                Err(Control::Called)
            }
            With::Exception(exception) => self.throw_deeper(exception),
        }
    }

    /// The innermost frame was just resumed to raise. If it waits for another generator, that one gets the exception first.
    fn throw_deeper(&mut self, exception: Value) -> Outcome<()> {
        let Some(frame) = self.thread.frames.last().copied() else {
            return Err(Control::Raise(exception));
        };
        let code = self.machine.program.codes[frame.code as usize].clone();
        if code.instructions.get(frame.pc as usize) == Some(&Instruction::YieldFrom) {
            // As if the instruction had run: its result or exception comes after it.
            self.jump(frame.pc + 1);
            let iterator = self.thread.peek(1);
            if self.is_a(exception, types::GENERATOR_EXIT)
                && let Err(e) = self.close_iterator(iterator)
            {
                self.heap().release(exception);
                return Err(e);
            }
            match self.machine.heap.object(iterator) {
                Some(Object::Generator(_)) if !self.is_a(exception, types::GENERATOR_EXIT) => {
                    return self.throw_on(iterator, exception, After::YieldFrom);
                }
                Some(Object::AsyncStep(step)) if step.started => {
                    let generator = step.generator;
                    return self.throw_on(generator, exception, After::Send(Sending::Async));
                }
                Some(Object::Instance(_)) if !self.is_a(exception, types::GENERATOR_EXIT) => {
                    if let Some(method) = self.throw_method(iterator)? {
                        return self.throw_into_own(method, exception);
                    }
                }
                _ => {}
            }
        }
        self.chain_thrown(exception);
        self.thread.thrown = true;
        Err(Control::Raise(exception))
    }

    /// The `throw` of an iterator of the program's, if it has one; owned.
    fn throw_method(&mut self, iterator: Value) -> Outcome<Option<Value>> {
        let name = self.symbol("throw");
        let depth = self.thread.frames.len();
        let found = match self.get_attribute(iterator, name, After::Push) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        };
        match found {
            Ok(method) => Ok(Some(method)),
            Err(control) if self.drop_if(&control, types::ATTRIBUTE_ERROR) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// What the innermost frame waits for has a `throw` of its own (owned), which gets what was thrown, as it was given.
    fn throw_into_own(&mut self, method: Value, exception: Value) -> Outcome<()> {
        let given = match self.machine.thrown.take() {
            Some(given) => {
                self.heap().release(exception);
                given
            }
            None => vec![exception],
        };
        let outcome = self.call_now(method, &given);
        self.heap().release_all(given);
        self.heap().release(method);
        match self.stop_value(outcome)? {
            Ok(item) => {
                self.yield_here(item)?;
                Err(Control::Called)
            }
            Err(result) => {
                if let Some(result) = self.done_with(result)? {
                    self.thread.push(result);
                }
                Err(Control::Called)
            }
        }
    }

    /// Whether what a generator waits for in the end is an iterator of the program's that has a `throw`.
    pub fn ends_in_own_throw(&mut self, mut generator: Value) -> Outcome<bool> {
        for _ in 0..1000 {
            if !self.awaits_inside(generator) {
                return Ok(false);
            }
            let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
                return Ok(false);
            };
            let Some(inner) = g.stack.last().copied() else {
                return Ok(false);
            };
            if self.is_own(inner) {
                let method = self.throw_method(inner)?;
                self.heap().release_all(method);
                return Ok(method.is_some());
            }
            generator = inner;
        }
        Ok(false)
    }

    /// Closes what a generator that is being closed waits for. CPython 3.12, Objects/genobject.c, gen_close_iter.
    fn close_iterator(&mut self, iterator: Value) -> Outcome<()> {
        match self.machine.heap.object(iterator) {
            Some(Object::Generator(g)) if g.state == GeneratorState::Suspended => {
                let args = self.heap().tuple(Vec::new());
                let exit = self
                    .machine
                    .exception(types::value(types::GENERATOR_EXIT), args);
                let depth = self.thread.frames.len();
                let resumed =
                    self.resume(iterator, With::Exception(exit), After::Send(Sending::Close));
                // It was resumed to raise: its own handlers come first.
                if let Err(control) = resumed
                    && !matches!(control, Control::Called)
                {
                    if self.thread.frames.len() <= depth {
                        return Err(control);
                    }
                    match self.handle(control, depth) {
                        Some(Stop::Ended(Some(exception))) => {
                            return Err(Control::Raise(exception));
                        }
                        Some(Stop::Rejected { message, hint }) => {
                            return Err(Control::Reject(message, hint));
                        }
                        Some(Stop::Limit(name)) => return Err(Control::Limit(name)),
                        _ => {}
                    }
                }
                let value = self.finish_now(depth)?;
                self.heap().release(value);
                Ok(())
            }
            Some(Object::Instance(_)) => {
                match self.call_special(iterator, super::symbols::CLOSE, &[]) {
                    Some(result) => {
                        let result = result?;
                        self.heap().release(result);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Throws an exception into the generator that the innermost frame waits for.
    fn throw_on(&mut self, generator: Value, exception: Value, after: After) -> Outcome<()> {
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.frame.flags |= FRAME_THROWN;
        }
        let waiting = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.generator);
        let around = match self.machine.heap.object(waiting) {
            Some(Object::Generator(g)) => g.around,
            _ => self.thread.handled,
        };
        self.resume_within(generator, With::Exception(exception), after, around)
    }

    /// What is being handled around the innermost frame's generator, if it has one (borrowed). That can be something else after each resumption,
    /// so its handlers do not save it.
    pub fn handled_around(&self) -> Option<Value> {
        let generator = self.thread.frames.last()?.generator;
        match self.machine.heap.object(generator)? {
            Object::Generator(g) => Some(g.around),
            _ => None,
        }
    }

    /// A generator that had ended is resumed: the same as if it ended now.
    fn ended_before(&mut self, after: After) -> Outcome<()> {
        match after {
            After::ForIterator { target } => {
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.jump(target);
                Err(Control::Called)
            }
            After::Send(Sending::Value) => self.raise(types::STOP_ITERATION, Vec::new()),
            After::Send(Sending::Async) => self.async_step_over(None).and(Err(Control::Called)),
            After::Send(_) => Err(Control::Called),
            After::YieldFrom => {
                let iterator = self.thread.pop();
                self.heap().release(iterator);
                self.thread.push(Value::NONE);
                Err(Control::Called)
            }
            _ => Ok(()),
        }
    }

    /// `Yield`: the innermost frame is a generator's and yields an owned value.
    pub fn yield_value(&mut self, value: Value) -> Outcome<()> {
        let generator = self
            .thread
            .frames
            .last()
            .map_or(Value::NULL, |f| f.generator);
        let is_async = matches!(self.machine.heap.object(generator), Some(Object::Generator(g)) if g.kind == GeneratorKind::AsyncGenerator);
        if is_async {
            // What an async generator yields ends the step; only its awaits go further down.
            let after = self.suspend();
            if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
                g.busy = false;
            }
            if let After::Send(Sending::Async) = after {
                let step = self.thread.pop();
                let mut closing = false;
                if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
                    s.finished = true;
                    closing = s.kind == AsyncStepKind::Close;
                }
                self.heap().release(step);
                if closing {
                    self.heap().release(value);
                    return self.error(
                        types::RUNTIME_ERROR,
                        "async generator ignored GeneratorExit",
                    );
                }
                self.thread.push(value);
                return Ok(());
            }
            if let After::Finalizer(owner) = after {
                self.heap().release(value);
                self.heap().release(owner);
            }
            return Ok(());
        }
        self.pass_down(value)
    }

    /// Suspends frames until one takes the yielded value.
    fn pass_down(&mut self, value: Value) -> Outcome<()> {
        let line = if self.in_user_frame() {
            self.thread.line
        } else {
            0
        };
        loop {
            match self.suspend() {
                After::ForIterator { .. } => {
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Value) => {
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Default) => {
                    let default = self.thread.pop();
                    self.heap().release(default);
                    self.thread.push(value);
                    return Ok(());
                }
                After::Send(Sending::Close) => {
                    self.heap().release(value);
                    return self.error(types::RUNTIME_ERROR, "generator ignored GeneratorExit");
                }
                After::YieldFrom | After::Send(Sending::Async) => {
                    // The frame below waits for this one: it yields the same, and its instruction runs again when it is resumed.
                    if let Some(f) = self.thread.frames.last_mut() {
                        f.pc -= 1;
                    }
                }
                After::TaskStep(task) => return self.task_yielded(task, value, line),
                After::Finalizer(owner) => {
                    self.heap().release(value);
                    self.heap().release(owner);
                    return Ok(());
                }
                _ => {
                    self.heap().release(value);
                    return Ok(());
                }
            }
        }
    }

    /// Takes the innermost frame off into its generator.
    fn suspend(&mut self) -> After {
        let Some(mut frame) = self.thread.frames.pop() else {
            return After::Drop;
        };
        let generator = frame.generator;
        let after = frame.after;
        let is_generator = matches!(self.machine.heap.object(generator), Some(Object::Generator(g)) if g.kind != GeneratorKind::Coroutine);
        if is_generator && frame.flags & FRAME_ENTERED != 0 && self.machine.recorder.is_on() {
            self.record(Event {
                line: frame.line,
                ..self.event(Kind::Leave)
            });
            frame.flags &= !FRAME_ENTERED;
        }
        frame.generator = Value::NULL;
        frame.after = After::Push;
        frame.flags &= !FRAME_THROWN;
        let base = frame.base as usize;
        let mut release = Value::NULL;
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.state = GeneratorState::Suspended;
            g.frame = frame;
            g.stack.extend_from_slice(&self.thread.stack[base..]);
            self.thread.stack.truncate(base);
            let outer = std::mem::replace(&mut g.outer, Value::NULL);
            let own = std::mem::replace(&mut self.thread.handled, outer);
            if own.is(g.around) {
                release = own;
            } else {
                g.handled = own;
            }
        }
        self.heap().release(release);
        self.heap().release(generator);
        self.restore_line();
        after
    }

    /// `YieldFrom`: the stack is `iterator value`. Some: the iterator is done (and popped); None: frames changed.
    pub fn yield_from(&mut self) -> Outcome<Option<Value>> {
        let value = self.thread.pop();
        let iterator = self.thread.peek(1);
        let Some(handle) = iterator.as_object() else {
            if iterator.is(Value::turn(false)) {
                self.thread.pop();
                self.thread.push(Value::turn(true));
                return self.yield_here(Value::NONE);
            }
            return self.done_with(Value::NONE);
        };
        match self.machine.heap.get_mut(handle) {
            Object::Generator(_) => self
                .resume(iterator, With::Value(value), After::YieldFrom)
                .map(|()| None),
            Object::Future(f) => {
                if f.state == FutureState::Pending {
                    if f.blocking {
                        return self.error(types::RUNTIME_ERROR, "await wasn't used with future");
                    }
                    f.blocking = true;
                    self.heap().retain(iterator);
                    return self.yield_here(iterator);
                }
                let result = self.raised_result(iterator)?;
                self.done_with(result)
            }
            Object::AsyncStep(_) => self.async_step(iterator, value).map(|()| None),
            Object::Iterator(_) => {
                self.take_stop_value();
                match self.next_now(iterator)? {
                    Some(item) => self.yield_here(item),
                    None => {
                        let value = self.take_stop_value();
                        self.done_with(value)
                    }
                }
            }
            _ => {
                let outcome = if value.is_none() {
                    self.next_now_or_stop(iterator)
                } else {
                    self.send_now(iterator, value)
                };
                self.heap().release(value);
                match outcome? {
                    Ok(item) => self.yield_here(item),
                    Err(result) => self.done_with(result),
                }
            }
        }
    }

    /// What ended a native iterator carried; None otherwise.
    fn take_stop_value(&mut self) -> Value {
        std::mem::replace(&mut self.machine.stop_value, Value::NONE)
    }

    /// The iterator of `YieldFrom` is done with a result.
    fn done_with(&mut self, result: Value) -> Outcome<Option<Value>> {
        let iterator = self.thread.pop();
        self.heap().release(iterator);
        Ok(Some(result))
    }

    /// The innermost frame yields from its `YieldFrom`, which will run again.
    fn yield_here(&mut self, value: Value) -> Outcome<Option<Value>> {
        if let Some(f) = self.thread.frames.last_mut() {
            f.pc -= 1;
        }
        self.pass_down(value).map(|()| None)
    }

    /// One step of an async generator, awaited by the innermost frame.
    fn async_step(&mut self, step: Value, sent: Value) -> Outcome<()> {
        let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) else {
            return Ok(());
        };
        let generator = s.generator;
        if s.finished {
            return self.error(
                types::RUNTIME_ERROR,
                "cannot reuse already awaited __anext__()/asend()",
            );
        }
        if s.started {
            return self.resume(generator, With::Value(sent), After::Send(Sending::Async));
        }
        s.started = true;
        let kind = s.kind;
        if kind == AsyncStepKind::Close
            && let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator)
        {
            g.closing = true;
        }
        let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) else {
            return Ok(());
        };
        let value = std::mem::replace(&mut s.value, Value::NULL);
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(());
        };
        if g.busy {
            self.heap().release(value);
            return self.error(
                types::RUNTIME_ERROR,
                "anext(): asynchronous generator is already running",
            );
        }
        if g.state == GeneratorState::Finished && kind != AsyncStepKind::Throw {
            self.heap().release(value);
            return self.async_step_over(None).and(Err(Control::Called));
        }
        if g.state == GeneratorState::Created && kind == AsyncStepKind::Close {
            g.state = GeneratorState::Finished;
            let stack = std::mem::take(&mut g.stack);
            self.heap().release_all(stack);
            self.heap().release(value);
            return self.async_step_over(None).and(Err(Control::Called));
        }
        g.busy = true;
        let with = match kind {
            AsyncStepKind::Send => With::Value(if value.is_null() { Value::NONE } else { value }),
            AsyncStepKind::Throw | AsyncStepKind::Close => With::Exception(value),
        };
        self.resume(generator, with, After::Send(Sending::Async))
    }

    /// The async generator under a step ended: by itself, or with an exception (owned). The AsyncStep lies on the stack.
    pub fn async_step_over(&mut self, exception: Option<Value>) -> Outcome<()> {
        let step = self.thread.pop();
        let mut kind = AsyncStepKind::Send;
        if let Some(Object::AsyncStep(s)) = self.machine.heap.object_mut(step) {
            s.finished = true;
            kind = s.kind;
        }
        self.heap().release(step);
        match exception {
            None if kind == AsyncStepKind::Close => self.thread.push(Value::NONE),
            None => return self.raise(types::STOP_ASYNC_ITERATION, Vec::new()),
            Some(e)
                if kind == AsyncStepKind::Close
                    && (self.is_a(e, types::GENERATOR_EXIT)
                        || self.is_a(e, types::STOP_ASYNC_ITERATION)) =>
            {
                self.heap().release(e);
                self.thread.push(Value::NONE);
            }
            Some(e) => return Err(Control::Raise(e)),
        }
        Ok(())
    }

    /// A new awaitable step of an async generator; takes over `value`.
    pub fn new_async_step(&mut self, generator: Value, kind: AsyncStepKind, value: Value) -> Value {
        self.meet_loop(generator);
        self.heap().retain(generator);
        self.heap().add(Object::AsyncStep(Box::new(AsyncStep {
            generator,
            value,
            kind,
            started: false,
            finished: false,
        })))
    }

    /// The loop under which an async generator is first iterated closes it when nobody else does. CPython 3.12, Lib/asyncio/base_events.py,
    /// _asyncgen_firstiter_hook.
    fn meet_loop(&mut self, generator: Value) {
        let event_loop = self.thread.event_loop;
        let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
            return;
        };
        if event_loop.is_null() || g.event_loop.given().is_some() {
            return;
        }
        let mut number = 0;
        if let Some(l) = self.event_loop(event_loop) {
            l.generator_number += 1;
            number = l.generator_number;
            l.generators.insert(number, generator);
        }
        self.heap().retain(event_loop);
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.event_loop = event_loop;
            g.number = number;
        }
    }

    /// An async generator that its loop knows dies: if it stands at a `yield`, a task closes it. Whether that will be.
    fn part_from_loop(&mut self, generator: Value) -> Outcome<bool> {
        let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) else {
            return Ok(false);
        };
        let event_loop = std::mem::replace(&mut g.event_loop, Value::NULL);
        let number = g.number;
        let open = g.state == GeneratorState::Suspended && !g.closing;
        if let Some(l) = self.event_loop(event_loop) {
            l.generators.remove(&number);
        }
        let method = self.loop_method("_close_generator").filter(|_| open);
        let result = match method {
            Some(method) => self
                .call_now(method, &[event_loop, generator])
                .map(|_| true),
            None => Ok(false),
        };
        self.heap().release(event_loop);
        result
    }

    fn is_known_to_loop(&self, value: Value) -> bool {
        matches!(self.machine.heap.object(value), Some(Object::Generator(g)) if g.event_loop.given().is_some())
    }

    /// As it is then: finished, or kept by the task that closes it, or to be closed at once.
    fn dies_under_loop(&mut self, generator: Value) -> Outcome<()> {
        match self.part_from_loop(generator) {
            Err(Control::Raise(e)) => self.heap().release(e),
            other => drop(other?),
        }
        self.heap().release(generator);
        Ok(())
    }

    /// The frame of a task's coroutine is gone: async generators that died with it are told to their loop before the task's end is.
    pub fn part_with_frame(&mut self) -> Outcome<()> {
        while let Some(place) =
            (self.machine.heap.dying.iter().rev()).position(|v| self.is_known_to_loop(*v))
        {
            let place = self.machine.heap.dying.len() - 1 - place;
            let generator = self.machine.heap.dying.remove(place);
            self.dies_under_loop(generator)?;
        }
        Ok(())
    }

    /// What dying objects still have to do, one at a time.
    #[cold]
    pub fn last_words(&mut self) -> Outcome<()> {
        while let Some(value) = self.machine.heap.dying.pop() {
            if self.is_known_to_loop(value) {
                self.dies_under_loop(value)?;
                continue;
            }
            match self.machine.heap.object_mut(value) {
                Some(Object::Generator(g)) if g.state == GeneratorState::Created => {
                    g.state = GeneratorState::Finished;
                    let (line, code) = (g.line, g.frame.code);
                    self.never_awaited(line, code);
                    self.forget_generator(value);
                }
                Some(Object::Generator(_)) => {
                    if !self.would_run_when_closed(value) {
                        self.forget_generator(value);
                        continue;
                    }
                    let args = self.heap().tuple(Vec::new());
                    let exit = self
                        .machine
                        .exception(types::value(types::GENERATOR_EXIT), args);
                    return self.resume(value, With::Exception(exit), After::Finalizer(value));
                }
                Some(Object::Future(_)) => self.future_last_words(value),
                Some(Object::Instance(i)) => {
                    i.deleted = true;
                    if let Some(function) = self.special(value, super::symbols::DELETE) {
                        self.heap().retain(value);
                        let arguments = super::call::Arguments {
                            values: vec![value],
                            names: Vec::new(),
                        };
                        return self
                            .call_borrowed(function, arguments, After::Finalizer(value))
                            .map(|_| ());
                    }
                    self.heap().release(value);
                }
                _ => self.heap().release(value),
            }
        }
        Ok(())
    }

    /// Ends a generator that has nothing to run, and releases it.
    fn forget_generator(&mut self, generator: Value) {
        let mut parts = Vec::new();
        if let Some(Object::Generator(g)) = self.machine.heap.object_mut(generator) {
            g.state = GeneratorState::Finished;
            parts = std::mem::take(&mut g.stack);
            parts.push(std::mem::replace(&mut g.frame.function, Value::NULL));
            parts.push(std::mem::replace(&mut g.handled, Value::NULL));
        }
        self.heap().release_all(parts);
        self.heap().release(generator);
    }

    /// Whether closing a suspended generator could run any of its code (or of one it waits for).
    fn would_run_when_closed(&self, mut generator: Value) -> bool {
        for _ in 0..1000 {
            let Some(Object::Generator(g)) = self.machine.heap.object(generator) else {
                return false;
            };
            let linked = &self.machine.program.codes[g.frame.code as usize];
            let waits =
                linked.instructions.get(g.frame.pc as usize) == Some(&Instruction::YieldFrom);
            let at = if waits {
                g.frame.pc
            } else {
                g.frame.pc.saturating_sub(1)
            };
            if linked
                .code
                .handlers
                .iter()
                .any(|h| h.start <= at && at < h.end)
            {
                return true;
            }
            match (waits, g.stack.last()) {
                (true, Some(inner)) => generator = *inner,
                _ => return false,
            }
        }
        true
    }
}

//! Calls: binding arguments, pushing frames, calling natives and classes.

use super::frame::{After, FRAME_ENTERED, FRAME_USER, Frame};
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
    fn gathers(&self, callable: Value, arguments: &Arguments) -> bool {
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
                View::Type(number) => matches!(
                    number,
                    types::LIST | types::TUPLE | types::SET | types::FROZENSET
                ),
                View::Native(number) => {
                    let native = &self.machine.natives.all[number as usize];
                    let function = native.method_of.is_none();
                    match native.name {
                        "sorted" | "sum" => function,
                        "min" | "max" => function && alone,
                        _ => false,
                    }
                }
                _ => false,
            }
    }

    fn gather(&mut self, callable: Value, mut arguments: Arguments, after: After) -> Outcome {
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

    fn not_callable(&mut self, callable: Value, arguments: Arguments) -> Outcome {
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
        match self.call_borrowed(
            callable,
            Arguments {
                values: args.to_vec(),
                names: Vec::new(),
            },
            After::Push,
        ) {
            Err(Control::Called) => self.finish_now(depth),
            other => other,
        }
    }

    /// Runs the frames above `depth` to their end and takes their result.
    pub fn finish_now(&mut self, depth: usize) -> Outcome {
        self.machine.nesting += 1;
        let result = if self.machine.nesting > 40 {
            self.abandon(depth)
        } else {
            self.run_nested(depth)
        };
        self.machine.nesting -= 1;
        result
    }

    fn abandon(&mut self, depth: usize) -> Outcome {
        self.drop_frames(depth);
        self.error(types::RECURSION_ERROR, "maximum recursion depth exceeded")
    }

    /// A call of a native: parameters in order, missing ones NULL, the variadic rest behind.
    fn call_native(&mut self, number: u16, arguments: Arguments) -> Outcome {
        let natives = self.machine.natives.clone();
        let native = &natives.all[number as usize];
        if let Some(of) = native.method_of
            && of != types::OBJECT
            && !native.class_method
            && native.name != "__new__"
        {
            match arguments.values.first() {
                Some(first)
                    if self.machine.type_number(*first) == of
                        || self.machine.is_instance(*first, types::value(of)) => {}
                first => return self.unfit_receiver(native, of, first.copied(), arguments),
            }
        }
        if native.method_of.is_some()
            && let Some(first) = arguments.values.first()
            && let Some(Object::Instance(_) | Object::Class(_)) = self.machine.heap.object(*first)
        {
            return self.call_inherited(native, arguments);
        }
        self.call_native_plain(native, arguments)
    }

    /// A method of a built-in type is called on what is not of that type.
    #[cold]
    fn unfit_receiver(
        &mut self,
        native: &super::native::Native,
        of: u16,
        first: Option<Value>,
        arguments: Arguments,
    ) -> Outcome {
        let (of, name) = (types::name(of), native.name);
        let text = match first.map(|first| self.type_name(first)) {
            None if name.starts_with("__") => {
                format!("descriptor '{name}' of '{of}' object needs an argument")
            }
            None => format!("unbound method {of}.{name}() needs an argument"),
            Some(given) if name.starts_with("__") => {
                format!("descriptor '{name}' requires a '{of}' object but received a '{given}'")
            }
            Some(given) => {
                format!(
                    "descriptor '{name}' for '{of}' objects doesn't apply to a '{given}' object"
                )
            }
        };
        self.machine.heap.release_all(arguments.values);
        self.error(types::TYPE_ERROR, &text)
    }

    /// As `call_native`, the first argument being what the native's type expects.
    pub fn call_native_plain(
        &mut self,
        native: &super::native::Native,
        arguments: Arguments,
    ) -> Outcome {
        let offset = (native.method_of.is_some()) as usize;
        let given = arguments.values.len() - arguments.names.len();
        let result = if arguments.names.is_empty()
            && given >= offset + native.required
            && given <= offset + native.positional
            && given == offset + native.parameters.len()
            && !native.variadic
        {
            (native.function)(self, &arguments.values)
        } else {
            let scratch = self.machine.scratch.len();
            match self.arrange(native, &arguments, offset, given) {
                Ok(arranged) => {
                    let result = (native.function)(self, &arranged);
                    while self.machine.scratch.len() > scratch {
                        let dict = self.machine.scratch.pop().unwrap_or(Value::NULL);
                        self.heap().release(dict);
                    }
                    result
                }
                Err(e) => Err(e),
            }
        };
        self.machine.heap.release_all(arguments.values);
        result
    }

    fn arrange(
        &mut self,
        native: &super::native::Native,
        arguments: &Arguments,
        offset: usize,
        given: usize,
    ) -> Outcome<Vec<Value>> {
        let mut values = vec![Value::NULL; offset + native.parameters.len()];
        let plain = given.saturating_sub(offset);
        if given < offset {
            let text = ["unbound method ", native.name, "() needs an argument"].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        values[..offset].copy_from_slice(&arguments.values[..offset]);
        let fixed = plain.min(native.positional);
        values[offset..offset + fixed].copy_from_slice(&arguments.values[offset..offset + fixed]);
        if plain > native.positional {
            if !native.variadic {
                let text = if native.name == "__new__" && !native.parameters.is_empty() {
                    let s = if native.positional == 1 { "" } else { "s" };
                    format!(
                        "{} expected at most {} argument{s}, got {plain}",
                        super::types::name(native.method_of.unwrap_or(types::OBJECT)),
                        native.positional
                    )
                } else if native.positional == 0 && native.parameters.is_empty() {
                    format!("{}() takes no arguments ({plain} given)", native.name)
                } else if native.positional == native.required {
                    let s = if native.positional == 1 {
                        "exactly one argument".to_owned()
                    } else {
                        format!("{} arguments", native.positional)
                    };
                    format!("{}() takes {s} ({plain} given)", native.name)
                } else {
                    let s = if native.positional == 1 { "" } else { "s" };
                    format!(
                        "{}() takes at most {} argument{s} ({plain} given)",
                        native.name, native.positional
                    )
                };
                return self.error(types::TYPE_ERROR, &text);
            }
            values.extend_from_slice(&arguments.values[offset + native.positional..given]);
        }
        let mut extra = Vec::new();
        for (at, name) in arguments.names.iter().enumerate() {
            match native
                .parameters
                .iter()
                .position(|p| p.name == *name && p.by_name)
            {
                Some(p) if values[offset + p].is_null() => {
                    values[offset + p] = arguments.values[given + at]
                }
                Some(_) => {
                    let text = format!(
                        "argument for {}() given by name ('{}') and position",
                        native.name,
                        self.name(*name)
                    );
                    return self.error(types::TYPE_ERROR, &text);
                }
                None if native.takes_keywords => extra.push((*name, arguments.values[given + at])),
                None => {
                    let text = format!(
                        "{}() got an unexpected keyword argument '{}'",
                        native.name,
                        self.name(*name)
                    );
                    return self.error(types::TYPE_ERROR, &text);
                }
            }
        }
        for (at, parameter) in native.parameters.iter().enumerate() {
            if parameter.required && values[offset + at].is_null() {
                let text = if native.positional == 1 && native.required == 1 {
                    format!(
                        "{}() takes exactly one argument ({plain} given)",
                        native.name
                    )
                } else {
                    format!(
                        "{}() missing required argument '{}' (pos {})",
                        native.name,
                        self.name(parameter.name),
                        at + 1
                    )
                };
                return self.error(types::TYPE_ERROR, &text);
            }
        }
        if !extra.is_empty() {
            let dict = self.new_dict();
            for (name, value) in extra {
                let text = self.name(name).to_owned();
                let key = self.heap().str(&text);
                self.dict_set(dict, key, value)?;
                self.heap().release(key);
            }
            // The caller borrows it: it dies with the call.
            self.machine.scratch.push(dict);
            values.extend([Value::NULL, dict]);
        }
        Ok(values)
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
            let cells: Vec<Value> = match self.machine.heap.object(function) {
                Some(Object::Function(f)) => f.closure.to_vec(),
                _ => Vec::new(),
            };
            for cell in cells {
                let cell = self.machine.heap.retain(cell);
                self.thread.stack.push(cell);
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
            namespace: Value::NULL,
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
        let linked = self.machine.program.codes[frame.code as usize].clone();
        let p = linked.code.parameters;
        let count = (p.positional_only + p.positional + p.keyword_only) as usize;
        let mut text = self.name(linked.name).to_owned();
        text.push('(');
        for at in 0..count {
            let value = self
                .thread
                .stack
                .get(frame.base as usize + at)
                .copied()
                .unwrap_or(Value::NULL);
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
                    Some(Object::Lock(l)) => {
                        let _ = l;
                        String::from("lock")
                    }
                    _ => self.type_name(value),
                },
            },
            View::Native(n) => self.machine.natives.all[n as usize].name.to_owned(),
            _ => self.plain_repr(value),
        }
    }

    fn make_generator(&mut self, mut frame: Frame, kind: GeneratorKind) -> Outcome {
        let stack = self.thread.stack.split_off(frame.base as usize);
        let line = self.thread.line;
        frame.after = After::Push;
        let name = self.machine.program.codes[frame.code as usize].name;
        let user = frame.flags & FRAME_USER != 0;
        let value = self.machine.heap.add(Object::Generator(Box::new(Generator {
            kind,
            state: GeneratorState::Created,
            frame,
            stack,
            handled: Value::NULL,
            outer: Value::NULL,
            around: Value::NULL,
            line,
            busy: false,
            event_loop: Value::NULL,
            number: 0,
            closing: false,
        })));
        if user && kind == GeneratorKind::Coroutine && self.machine.recorder.wants_detail() {
            let text = self.name(name).to_owned();
            if !text.starts_with('<') {
                let a = self.machine.recorder.string(&text);
                self.record(Event {
                    a,
                    ..self.event(Kind::Create)
                });
            }
        }
        Ok(value)
    }

    /// Arguments to slots, with defaults, `*args`, keywords. CPython 3.12, Python/ceval.c, initialize_locals.
    fn bind(
        &mut self,
        function: Value,
        linked: &super::program::Linked,
        arguments: Arguments,
    ) -> Outcome<Vec<Value>> {
        let p = linked.code.parameters;
        let positional_only = p.positional_only as usize;
        let positional = positional_only + p.positional as usize;
        let named = positional + p.keyword_only as usize;
        let total = named + p.star as usize + p.double_star as usize;
        let mut slots = vec![Value::NULL; total];
        let given = arguments.values.len() - arguments.names.len();
        let mut values = arguments.values.into_iter();
        let mut extra: Vec<Value> = Vec::new();
        for (slot, value) in slots
            .iter_mut()
            .zip(values.by_ref().take(given.min(positional)))
        {
            *slot = value;
        }
        extra.extend(values.by_ref().take(given.saturating_sub(positional)));
        let too_many = !p.star && !extra.is_empty();
        if p.star {
            slots[named] = self.machine.heap.tuple(std::mem::take(&mut extra));
        }
        let mut rest = p
            .double_star
            .then(|| self.machine.heap.add(Object::Dict(Box::default())));
        let mut problem: Option<String> = None;
        for name in arguments.names {
            let value = values.next().unwrap_or(Value::NULL);
            let place = linked.slots[..named].iter().position(|s| *s == name);
            match place {
                Some(at) if at >= positional_only => {
                    if slots[at].is_null() {
                        slots[at] = value;
                        continue;
                    }
                    problem.get_or_insert_with(|| {
                        format!(
                            "got multiple values for argument '{}'",
                            self.machine.text(name)
                        )
                    });
                    extra.push(value);
                }
                _ => match rest {
                    Some(dict) => {
                        let text = self.machine.text(name).to_owned();
                        let key = self.machine.heap.str(&text);
                        self.dict_set(dict, key, value)?;
                        self.machine.heap.release(key);
                        self.machine.heap.release(value);
                    }
                    None => {
                        let text = self.machine.text(name);
                        problem.get_or_insert_with(|| match place {
                            Some(_) => format!("got some positional-only arguments passed as keyword arguments: '{text}'"),
                            None => format!("got an unexpected keyword argument '{text}'"),
                        });
                        extra.push(value);
                    }
                },
            }
        }
        if let Some(dict) = rest.take() {
            slots[total - 1] = dict;
        }
        let (defaults, keyword_defaults) = match self.machine.heap.object(function) {
            Some(Object::Function(f)) => (f.defaults, f.keyword_defaults),
            _ => (Value::NULL, Value::NULL),
        };
        let defaults: Vec<Value> = match self.machine.heap.object(defaults) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        if too_many && problem.is_none() {
            problem = Some(too_many_text(
                positional,
                defaults.len(),
                given,
                &slots[positional..named],
            ));
        }
        let first_default = positional - defaults.len().min(positional);
        for at in given.min(positional)..positional {
            if slots[at].is_null() && at >= first_default {
                slots[at] = self.machine.heap.retain(defaults[at - first_default]);
            }
        }
        for (slot, name) in slots[positional..named]
            .iter_mut()
            .zip(&linked.slots[positional..named])
        {
            if slot.is_null() && keyword_defaults.given().is_some() {
                let text = self.machine.text(*name).to_owned();
                if let Some(found) = self.dict_get_str(keyword_defaults, &text) {
                    *slot = self.machine.heap.retain(found);
                }
            }
        }
        if problem.is_none() {
            problem = self.missing_text(linked, &slots[..positional], 0, "positional");
        }
        if problem.is_none() {
            problem = self.missing_text(
                linked,
                &slots[positional..named],
                positional,
                "keyword-only",
            );
        }
        if let Some(text) = problem {
            self.machine.heap.release_all(slots);
            self.machine.heap.release_all(extra);
            let text = [&linked.code.qualified_name, "() ", &text].concat();
            return self.error(types::TYPE_ERROR, &text);
        }
        Ok(slots)
    }

    fn missing_text(
        &self,
        linked: &super::program::Linked,
        slots: &[Value],
        from: usize,
        kind: &str,
    ) -> Option<String> {
        let missing: Vec<String> = (0..slots.len())
            .filter(|&at| slots[at].is_null())
            .map(|at| format!("'{}'", self.name(linked.slots[from + at])))
            .collect();
        let count = missing.len();
        if count == 0 {
            return None;
        }
        let list = match count {
            1 => missing[0].clone(),
            2 => missing.join(" and "),
            _ => format!(
                "{}, and {}",
                missing[..count - 1].join(", "),
                missing[count - 1]
            ),
        };
        let s = if count == 1 { "" } else { "s" };
        Some(format!(
            "missing {count} required {kind} argument{s}: {list}"
        ))
    }

    /// The function object's parts, for natives that look at it.
    pub fn function(&mut self, value: Value) -> Option<&mut Function> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Function(f)) => Some(f),
            _ => None,
        }
    }
}

fn too_many_text(
    positional: usize,
    defaults: usize,
    given: usize,
    keyword_only: &[Value],
) -> String {
    let takes = if defaults > 0 {
        format!("from {} to {positional}", positional - defaults)
    } else {
        positional.to_string()
    };
    let s = if positional == 1 && defaults == 0 {
        ""
    } else {
        "s"
    };
    let was = if given == 1 { "was" } else { "were" };
    let named = keyword_only.iter().filter(|v| v.given().is_some()).count();
    if named > 0 {
        let gs = if given == 1 { "" } else { "s" };
        let ns = if named == 1 { "" } else { "s" };
        return format!(
            "takes {takes} positional argument{s} but {given} positional argument{gs} (and {named} keyword-only argument{ns}) were given"
        );
    }
    format!("takes {takes} positional argument{s} but {given} {was} given")
}

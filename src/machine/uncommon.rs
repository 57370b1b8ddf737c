//! Instructions that are not hot.

use super::object::Object;
use super::operate::equal::is_same;
use super::program::Linked;
use super::spread::NO_ARGUMENTS;
use super::value::{Symbol, Value};
use super::{Context, Control, Outcome, types};
use crate::bytecode::{Conversion, Instruction};

impl Context<'_> {
    /// Instructions that are not hot.
    pub(super) fn other(
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
                    return self.call_truth(value, u32::MAX, false).map(|_| Next::Go);
                }
                let truth = self.truth(value)?;
                self.thread.pop();
                self.heap().release(value);
                self.thread
                    .push(Value::bool(!truth).from_read(value.origin()));
            }
            Instruction::UnaryNegative | Instruction::UnaryPositive | Instruction::UnaryInvert => {
                let value = self.thread.peek(1);
                let result = self.unary(instruction, value)?.from_read(value.origin());
                self.thread.pop();
                self.heap().release(value);
                self.thread.push(result);
            }
            Instruction::Is(invert) => {
                let b = self.thread.pop();
                let a = self.thread.pop();
                let same = is_same(&self.machine.heap, a, b);
                self.thread.push(Value::bool(same != invert));
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
                let origin = parts.iter().map(|p| p.origin()).max().unwrap_or(0);
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
                let mut items = self.items(value);
                if let Err(Control::Raise(exception)) = items {
                    // CPython 3.9, Python/ceval.c, LIST_EXTEND; before, BUILD_TUPLE_UNPACK_WITH_CALL.
                    let recent = self.machine.version.at_least(3, 9);
                    let said = self.exception_text(exception)?;
                    let same =
                        said == ["'", &self.type_name(value), "' object is not iterable"].concat();
                    if same && (recent || self.makes_arguments()) {
                        self.heap().release(exception);
                        items = if recent {
                            self.type_error("Value after * must be an iterable, not ", value, "")
                        } else {
                            let callable = self.thread.peek(n as usize + 2);
                            self.not_spread(callable, NO_ARGUMENTS, value)
                        };
                    }
                }
                self.heap().release(value);
                let items = items?;
                self.machine.heap.bytes += items.len() * 8;
                if let Some(Object::List(all)) = self.machine.heap.object_mut(list) {
                    all.extend(items);
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
                // Below the keywords of a call: its arguments, NULL, what is called.
                let call = match instruction {
                    Instruction::DictMerge(n) => self.thread.peek(n as usize + 3),
                    _ => Value::NULL,
                };
                let result = self.dict_merge(dict, value, call);
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
            Instruction::SpreadToTuple(n) => self.spread_to_tuple(n as usize)?,
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
                let kind = self.type_number(value);
                let future = matches!(self.machine.heap.object(value), Some(Object::Future(_)));
                if kind == types::COROUTINE {
                    let code = self.thread.frames.last().map_or(0, |f| f.code);
                    if !self.machine.program.codes[code as usize].awaitable {
                        let text =
                            "cannot 'yield from' a coroutine object in a non-coroutine generator";
                        return self.error(types::TYPE_ERROR, text);
                    }
                } else if kind != types::GENERATOR && !future {
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
            Instruction::ImportStar => self.import_star(module)?,
            _ => {}
        }
        Ok(Next::Go)
    }

    pub(super) fn set_cell(&mut self, cell: Value, value: Value) {
        if let Some(Object::Cell(slot)) = self.machine.heap.object_mut(cell) {
            let old = std::mem::replace(slot, value);
            self.heap().release(old);
        }
    }

    pub(super) fn format_value(&mut self, conversion: Conversion, spec: bool) -> Outcome<()> {
        let spec_value = if spec { self.thread.pop() } else { Value::NULL };
        let value = self.thread.pop();
        let origin = value.origin();
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
pub(super) enum Next {
    Go,
    /// An exception handler is done.
    HandlerEnd,
    /// A call of something that is not Python returned.
    Native,
}

//! Operators, items, truth and iteration where the program's own classes may have a say: their methods get frames.

use super::frame::{After, Driver, Sending};
use super::generator::With;
use super::object::{GeneratorKind, Object};
use super::operate::range_iterator;
use super::value::{Symbol, Value};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::{Comparison, Instruction, Operator};

impl Context<'_> {
    /// Runs an operator whose operands are the top two values, from its n-th candidate on (0 is the first). The result replaces them.
    pub fn operator(&mut self, instruction: Instruction, stage: u8) -> Outcome<()> {
        let (a, b) = (self.thread.peek(2), self.thread.peek(1));
        if (self.is_own(a) || self.is_own(b)) && !self.unequal_by_equality(instruction, a, b) {
            let mut stage = stage;
            while let Some((function, receiver, other)) = self.candidate(instruction, a, b, stage) {
                let Some(function) = function else {
                    stage += 1;
                    continue;
                };
                let values = vec![receiver, other];
                match self.call_bound(function, values, After::Operator { stage }) {
                    Ok(value) if value.is(Value::NOT_IMPLEMENTED) => stage += 1,
                    Ok(value) => return self.operator_done(value),
                    Err(e) => return Err(e),
                }
            }
        }
        let origin = a.origin().max(b.origin());
        // The program's own methods have had their turn.
        let asked = self.is_own(a) || self.is_own(b);
        let result = match instruction {
            Instruction::Binary(operator) if asked => self.binary_plain(operator, a, b, false),
            Instruction::InPlace(operator) if asked => self.in_place_plain(operator, a, b),
            Instruction::Compare(comparison) if asked && comparison != Comparison::NotEqual => {
                self.compare_plain(comparison, a, b)
            }
            Instruction::Binary(operator) => self.binary(operator, a, b),
            Instruction::InPlace(operator) => self.in_place(operator, a, b),
            Instruction::Compare(comparison) => self.compare(comparison, a, b),
            Instruction::Contains(invert) => self
                .contains(a, b)
                .map(|found| Value::bool(found != invert)),
            _ => Ok(Value::NONE),
        }?;
        self.finish_operator(result.from_read(origin));
        Ok(())
    }

    /// Whether `!=` is the opposite of some class's `==`, which `compare` knows how to ask for.
    fn unequal_by_equality(&mut self, instruction: Instruction, a: Value, b: Value) -> bool {
        instruction == Instruction::Compare(Comparison::NotEqual)
            && [a, b]
                .into_iter()
                .any(|v| self.is_own(v) && self.special(v, symbols::NOT_EQUAL).is_none())
    }

    /// A method of the program gave the operator's result (owned).
    pub fn operator_done(&mut self, value: Value) -> Outcome<()> {
        let instruction = self.instruction_before();
        let value = match instruction {
            Instruction::Contains(invert) => {
                let truth = self.truth(value);
                self.heap().release(value);
                Value::bool(truth? != invert)
            }
            _ => value,
        };
        self.finish_operator(value);
        Ok(())
    }

    fn finish_operator(&mut self, result: Value) {
        let b = self.thread.pop();
        let a = self.thread.pop();
        self.thread.push(result);
        self.heap().release(a);
        self.heap().release(b);
    }

    /// Whether a value is an instance of one of the program's classes.
    #[inline]
    pub fn is_own(&self, value: Value) -> bool {
        matches!(self.machine.heap.object(value), Some(Object::Instance(_)))
    }

    /// The n-th method to ask, with its object and argument; `Some(None)` if that one is not defined, None after the last.
    #[allow(clippy::type_complexity)]
    fn candidate(
        &mut self,
        instruction: Instruction,
        a: Value,
        b: Value,
        stage: u8,
    ) -> Option<(Option<Value>, Value, Value)> {
        let (in_place, own, reflected, same_type_reflects) = match instruction {
            Instruction::Binary(o) => (
                None,
                binary_name(o, symbols::ADD),
                Some(binary_name(o, symbols::REFLECTED_ADD)),
                false,
            ),
            Instruction::InPlace(o) => (
                Some(binary_name(o, symbols::IN_PLACE_ADD)),
                binary_name(o, symbols::ADD),
                Some(binary_name(o, symbols::REFLECTED_ADD)),
                false,
            ),
            Instruction::Compare(c) => {
                let (own, reflected) = comparison_names(c);
                (None, own, Some(reflected), true)
            }
            // `item in container`: the container is asked.
            Instruction::Contains(_) => {
                let own = self.special(b, symbols::CONTAINS);
                // None says that it contains nothing.
                let own = own.filter(|method| !method.is_none());
                return (stage == 0).then_some((own, b, a));
            }
            _ => return None,
        };
        let mut stage = stage as usize;
        if let Some(name) = in_place {
            if stage == 0 {
                return Some((self.special(a, name), a, b));
            }
            stage -= 1;
        }
        let reflected = reflected?;
        let (class_a, class_b) = (self.type_of(a), self.type_of(b));
        let same = class_a.is(class_b);
        let reflected_first = !same && self.machine.is_subclass(class_b, class_a) && {
            let theirs = self.special(b, reflected);
            theirs.is_some() && theirs != self.special(a, reflected)
        };
        let order = if reflected_first {
            [(b, reflected, a), (a, own, b)]
        } else {
            [(a, own, b), (b, reflected, a)]
        };
        let (receiver, name, other) = *order.get(stage)?;
        if stage == 1 && same && !same_type_reflects {
            return None;
        }
        // Without `__ne__`, `!=` is the opposite of `==`: `compare` knows.
        let function = self.special(receiver, name);
        Some((function, receiver, other))
    }

    /// Whether a value's truth is a method of the program.
    #[inline]
    pub fn has_own_truth(&mut self, value: Value) -> bool {
        self.is_own(value)
            && (self.special(value, symbols::BOOL).is_some()
                || self.special(value, symbols::LEN).is_some())
    }

    /// Calls `__bool__` or `__len__` of a value (owned), and does with its truth what `After::Condition` says.
    pub fn call_truth(&mut self, value: Value, target: u32, wanted: bool) -> Outcome<()> {
        let bool = self.special(value, symbols::BOOL);
        let function = bool.or_else(|| self.special(value, symbols::LEN));
        let length = bool.is_none();
        let after = After::Condition {
            target,
            wanted,
            length,
        };
        let result = match function {
            Some(function) => self.call_bound(function, vec![value], after),
            None => Ok(Value::TRUE),
        };
        self.heap().release(value);
        self.decide(result?, target, wanted, length)
    }

    /// The rest of it, with what the method gave (owned).
    pub fn decide(&mut self, given: Value, target: u32, wanted: bool, length: bool) -> Outcome<()> {
        let truth = match length {
            true => self.checked_length(given)? != 0,
            false => self.checked_truth(given)?,
        };
        match target {
            u32::MAX => self.thread.push(Value::bool(!truth)),
            _ if truth == wanted => self.jump(target),
            _ => {}
        }
        Ok(())
    }

    /// `LoadItem`: takes `object key`, gives the item.
    pub fn load_item(&mut self) -> Outcome {
        let key = self.thread.pop();
        let object = self.thread.pop();
        let result = if let Some(function) = self.special(object, symbols::GET_ITEM) {
            self.call_bound(function, vec![object, key], After::Push)
        } else {
            self.get_item(object, key).map(|value| {
                let origin = if value.origin() == 0 {
                    object.origin()
                } else {
                    value.origin()
                };
                let value = value.from_read(origin);
                self.record_item_read(object, key, value)
            })
        };
        self.heap().release(object);
        self.heap().release(key);
        result
    }

    /// `StoreItem`: takes `value object key`.
    pub fn store_item(&mut self) -> Outcome<()> {
        let key = self.thread.pop();
        let object = self.thread.pop();
        let value = self.thread.pop();
        let result = if let Some(function) = self.special(object, symbols::SET_ITEM) {
            self.call_bound(function, vec![object, key, value], After::Drop)
                .map(|v| self.heap().release(v))
        } else {
            let result = self.set_item(object, key, value);
            if result.is_ok() {
                self.record_item_write(object, key, value);
            }
            result
        };
        self.heap().release_all([object, key, value]);
        result
    }

    /// `DeleteItem`: takes `object key`.
    pub fn remove_item(&mut self) -> Outcome<()> {
        let key = self.thread.pop();
        let object = self.thread.pop();
        let result = if let Some(function) = self.special(object, symbols::DELETE_ITEM) {
            self.call_bound(function, vec![object, key], After::Drop)
                .map(|v| self.heap().release(v))
        } else {
            self.delete_item(object, key)
        };
        self.heap().release(object);
        self.heap().release(key);
        result
    }

    /// `iter(value)`; takes over `value`. `Called` when `__iter__` is the program's.
    pub fn get_iterator(&mut self, value: Value) -> Outcome {
        match self.machine.heap.object(value) {
            Some(Object::Iterator(_) | Object::RangeIterator { .. }) => return Ok(value),
            Some(Object::Range(parts)) => {
                let iterator = range_iterator(parts);
                self.heap().release(value);
                return Ok(self.heap().add(iterator));
            }
            _ => {}
        }
        if let Some(Object::Generator(g)) = self.machine.heap.object(value)
            && g.kind == GeneratorKind::Generator
        {
            return Ok(value);
        }
        let result = match self.special(value, symbols::ITER) {
            Some(function) => self.call_bound(function, vec![value], After::Push),
            None => self.iterator(value),
        };
        self.heap().release(value);
        result
    }

    /// `ForIterator` on anything but a range; the iterator is on the stack (borrowed). None at its end.
    pub fn for_iterator(&mut self, iterator: Value, target: u32) -> Outcome<Option<Value>> {
        match self.machine.heap.object(iterator) {
            Some(Object::Generator(_)) => {
                self.resume(
                    iterator,
                    With::Value(Value::NONE),
                    After::ForIterator { target },
                )?;
                Ok(Some(Value::NONE))
            }
            Some(Object::Iterator(_) | Object::RangeIterator { .. }) => self.next_now(iterator),
            _ => match self.special(iterator, symbols::NEXT) {
                Some(function) => self
                    .call_bound(function, vec![iterator], After::Next { target })
                    .map(Some),
                None => {
                    let text = [
                        "'",
                        &self.type_name(iterator),
                        "' object is not an iterator",
                    ]
                    .concat();
                    self.error(types::TYPE_ERROR, &text)
                }
            },
        }
    }

    /// The next item of any iterator, run to its end (owned); None at its end.
    pub fn next_now(&mut self, iterator: Value) -> Outcome<Option<Value>> {
        match self.machine.heap.object(iterator) {
            Some(Object::Iterator(_) | Object::RangeIterator { .. }) => self.next(iterator),
            _ => match self.next_now_or_stop(iterator)? {
                Ok(item) => Ok(Some(item)),
                Err(result) => {
                    self.heap().release(result);
                    Ok(None)
                }
            },
        }
    }

    /// The next item of a generator or of the program's iterator, or the value of its StopIteration.
    pub fn next_now_or_stop(&mut self, iterator: Value) -> Outcome<Result<Value, Value>> {
        self.count_step()?;
        let depth = self.thread.frames.len();
        let outcome = match self.machine.heap.object(iterator) {
            Some(Object::Generator(_)) => {
                match self.resume(
                    iterator,
                    With::Value(Value::NONE),
                    After::Send(Sending::Value),
                ) {
                    Err(Control::Called) => self.finish_now(depth),
                    Err(e) => Err(e),
                    Ok(()) => Ok(Value::NONE),
                }
            }
            Some(Object::AsyncStep(_)) => {
                let sent = With::Value(Value::NONE);
                match self.drive_async_step(iterator, sent, Driver::Hand) {
                    Err(Control::Called) => self.finish_now(depth),
                    other => other,
                }
            }
            _ => match self.call_special(iterator, symbols::NEXT, &[]) {
                Some(outcome) => outcome,
                None => {
                    let text = [
                        "'",
                        &self.type_name(iterator),
                        "' object is not an iterator",
                    ]
                    .concat();
                    self.error(types::TYPE_ERROR, &text)
                }
            },
        };
        self.stop_value(outcome)
    }

    /// `iterator.send(value)`, run to its end.
    pub fn send_now(&mut self, iterator: Value, value: Value) -> Outcome<Result<Value, Value>> {
        let outcome = match self.call_special(iterator, symbols::SEND, &[value]) {
            Some(outcome) => outcome,
            None => {
                let text = [
                    "'",
                    &self.type_name(iterator),
                    "' object has no attribute 'send'",
                ]
                .concat();
                self.error(types::ATTRIBUTE_ERROR, &text)
            }
        };
        self.stop_value(outcome)
    }

    /// What an iterator gave, or the value of the StopIteration that ended it.
    pub fn stop_value(&mut self, outcome: Outcome) -> Outcome<Result<Value, Value>> {
        match outcome {
            Ok(value) => Ok(Ok(value)),
            Err(Control::Raise(e)) if self.is_a(e, types::STOP_ITERATION) => {
                let value = match self.machine.heap.object(e) {
                    Some(Object::Exception(x)) => match self.machine.heap.object(x.args) {
                        Some(Object::Tuple(items)) => items.first().copied().unwrap_or(Value::NONE),
                        _ => Value::NONE,
                    },
                    _ => Value::NONE,
                };
                self.heap().retain(value);
                self.heap().release(e);
                Ok(Err(value))
            }
            Err(e) => Err(e),
        }
    }
}

/// The method's name for an operator: the tables of names follow the order of [`Operator`].
fn binary_name(operator: Operator, first: Symbol) -> Symbol {
    Symbol(first.0 + operator as u32)
}

/// The methods of a comparison and of its reflection.
fn comparison_names(comparison: Comparison) -> (Symbol, Symbol) {
    match comparison {
        Comparison::Less => (symbols::LESS, symbols::GREATER),
        Comparison::LessEqual => (symbols::LESS_EQUAL, symbols::GREATER_EQUAL),
        Comparison::Equal => (symbols::EQUAL, symbols::EQUAL),
        Comparison::NotEqual => (symbols::NOT_EQUAL, symbols::NOT_EQUAL),
        Comparison::Greater => (symbols::GREATER, symbols::LESS),
        Comparison::GreaterEqual => (symbols::GREATER_EQUAL, symbols::LESS_EQUAL),
    }
}

//! Operators with two operands.

use super::super::object::{Frozen, Object};
use super::super::value::{Symbol, Value, View};
use super::super::{Context, Outcome, symbols, types};
use crate::bytecode::Operator;

impl Operator {
    pub fn text(self) -> &'static str {
        [
            "+",
            "-",
            "*",
            "@",
            "/",
            "//",
            "%",
            "** or pow()",
            "<<",
            ">>",
            "&",
            "|",
            "^",
        ][self as usize]
    }
    pub fn in_place_text(self) -> &'static str {
        [
            "+=", "-=", "*=", "@=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=",
        ][self as usize]
    }
    /// `__add__`
    pub fn method(self) -> Symbol {
        Symbol(symbols::ADD.0 + self as u32)
    }
    /// `__radd__`
    pub fn reflected(self) -> Symbol {
        Symbol(symbols::REFLECTED_ADD.0 + self as u32)
    }
    /// `__iadd__`
    pub fn in_place(self) -> Symbol {
        Symbol(symbols::IN_PLACE_ADD.0 + self as u32)
    }
}

impl Context<'_> {
    /// `a op b`
    pub fn binary(&mut self, op: Operator, a: Value, b: Value) -> Outcome {
        if (self.has_own_class(a) || self.has_own_class(b))
            && let Some(result) = self.binary_own(op, a, b)?
        {
            return Ok(result);
        }
        self.binary_plain(op, a, b, false)
    }

    /// `a op= b`: the value that `a` is to have then.
    pub fn in_place(&mut self, op: Operator, a: Value, b: Value) -> Outcome {
        if self.has_own_class(a) || self.has_own_class(b) {
            if let Some(result) = self.call_special(a, op.in_place(), &[b]) {
                let result = result?;
                if !result.is(Value::NOT_IMPLEMENTED) {
                    return Ok(result);
                }
            }
            if let Some(result) = self.binary_own(op, a, b)? {
                return Ok(result);
            }
        }
        self.in_place_plain(op, a, b)
    }

    /// `a op= b` where the program's classes, if any, were asked already and said nothing.
    pub fn in_place_plain(&mut self, op: Operator, a: Value, b: Value) -> Outcome {
        let whole = [a, b];
        let (a, b) = (self.machine.heap.plain(a), self.plain_operand(op, a, b));
        if let View::Object(handle) = a.view() {
            let done = match (self.machine.heap.get(handle), op) {
                (Object::List(_) | Object::Deque(_), Operator::Add) => {
                    self.extend(a, b)?;
                    true
                }
                (Object::ByteArray(_), Operator::Add) => {
                    if let Some(more) = self.shared_bytes(b)
                        && let Some(Object::ByteArray(bytes)) = self.machine.heap.object_mut(a)
                    {
                        bytes.extend_from_slice(&more);
                        self.heap().bytes += more.len();
                        true
                    } else {
                        false
                    }
                }
                (Object::List(_) | Object::ByteArray(_), Operator::Multiply) => {
                    match self.index(b)? {
                        Some(count) => {
                            self.repeat_in_place(a, count)?;
                            true
                        }
                        None => false,
                    }
                }
                (
                    Object::Set(_, Frozen::No),
                    Operator::Or | Operator::And | Operator::Subtract | Operator::Xor,
                ) if self.is_set_like(b) && !self.is_view(b) => {
                    self.combine_in_place(op, a, b)?;
                    true
                }
                (Object::Dict(_), Operator::Or) => {
                    self.dict_update(a, b)?;
                    true
                }
                _ => false,
            };
            if done {
                return Ok(self.heap().retain(whole[0]));
            }
        }
        self.binary_plain(op, whole[0], whole[1], true)
    }

    /// `a op b` where the program's classes, if any, were asked already and said nothing.
    pub fn binary_plain(&mut self, op: Operator, a: Value, b: Value, in_place: bool) -> Outcome {
        let result = match (a.as_int(), b.as_int()) {
            (Some(x), Some(y)) => self.small_integers(op, x, y)?,
            _ => {
                let (a, b) = (self.machine.heap.plain(a), self.plain_operand(op, a, b));
                self.binary_builtin(op, a, b)?
            }
        };
        match result {
            Some(result) => Ok(result),
            None => self.unsupported(
                if in_place {
                    op.in_place_text()
                } else {
                    op.text()
                },
                a,
                b,
            ),
        }
    }

    /// The right operand as the built-in types see it. `%` of a str formats its values as they are.
    fn plain_operand(&self, op: Operator, a: Value, b: Value) -> Value {
        let base = self.machine.heap.plain(b);
        let kept = self.machine.heap.text(a).is_some()
            && match self.machine.heap.object(base) {
                Some(Object::Tuple(_)) => false,
                Some(Object::Str(_)) => op == Operator::Remainder,
                _ => true,
            };
        if kept { b } else { base }
    }

    #[cold]
    pub fn unsupported<T>(&mut self, operator: &str, a: Value, b: Value) -> Outcome<T> {
        let (x, y) = (self.type_name(a), self.type_name(b));
        self.fail(
            types::TYPE_ERROR,
            &[
                "unsupported operand type(s) for ",
                operator,
                ": '",
                &x,
                "' and '",
                &y,
                "'",
            ],
        )
    }

    /// What the program's classes say: `__add__`, then `__radd__`; the other way round if the right one is of a derived class.
    fn binary_own(&mut self, op: Operator, a: Value, b: Value) -> Outcome<Option<Value>> {
        let (of_a, of_b) = (self.type_of(a), self.type_of(b));
        let (method, reflected) = (op.method(), op.reflected());
        let different = !of_a.is(of_b);
        let mut turns = [Some((a, b, method)), different.then_some((b, a, reflected))];
        if different && self.machine.is_subclass(of_b, of_a) {
            let (left, right) = (self.special(a, reflected), self.special(b, reflected));
            if right.is_some() && !matches!((left, right), (Some(l), Some(r)) if l.is(r)) {
                turns.swap(0, 1);
            }
        }
        for (receiver, other, name) in turns.into_iter().flatten() {
            if let Some(result) = self.call_special(receiver, name, &[other]) {
                let result = result?;
                if !result.is(Value::NOT_IMPLEMENTED) {
                    return Ok(Some(result));
                }
            }
        }
        Ok(None)
    }

    /// None where the built-in types have no such operator.
    pub fn binary_builtin(&mut self, op: Operator, a: Value, b: Value) -> Outcome<Option<Value>> {
        if let Some(result) = self.numbers(op, a, b)? {
            return Ok(Some(result));
        }
        match op {
            Operator::Add => self.concatenate(a, b),
            Operator::Multiply => {
                if self.is_sequence(a) {
                    self.repeat(a, b).map(Some)
                } else if self.is_sequence(b) {
                    self.repeat(b, a).map(Some)
                } else {
                    Ok(None)
                }
            }
            Operator::Remainder => match self.machine.heap.object(a) {
                Some(Object::Str(_)) => self.percent(a, b).map(Some),
                Some(Object::Bytes(_) | Object::ByteArray(_)) => self.percent_bytes(a, b).map(Some),
                _ => Ok(None),
            },
            Operator::Or | Operator::And | Operator::Subtract | Operator::Xor => {
                let sets = self.is_set_like(a) && self.is_set_like(b);
                if sets || self.is_view(a) || self.is_view(b) {
                    return self.combine(op, a, b).map(Some);
                }
                if op != Operator::Or {
                    return Ok(None);
                }
                let dict =
                    |cx: &Self, v| matches!(cx.machine.heap.object(v), Some(Object::Dict(_)));
                if dict(self, a) && dict(self, b) {
                    let result = self.copy_table(a, Frozen::No);
                    self.dict_merge(result, b, Value::NULL)?;
                    return Ok(Some(result));
                }
                self.union(a, b)
            }
            _ => Ok(None),
        }
    }

    /// `int | str`, `int | None`: CPython's `types.UnionType`.
    fn union(&mut self, a: Value, b: Value) -> Outcome<Option<Value>> {
        let [first, second] = [a, b].map(|part| self.machine.is_class(part));
        if !(first && (second || b.is_none()) || a.is_none() && second) {
            return Ok(None);
        }
        self.call_library("types", "union", &[a, b]).map(Some)
    }
}

//! Comparison operators.

use std::cmp::Ordering;

use super::super::object::Object;
use super::super::value::{Symbol, Value};
use super::super::{Context, Outcome, symbols, types};
use super::integer::compare_numbers;
use crate::bytecode::Comparison;

impl Comparison {
    pub fn text(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }
    /// With the operands exchanged.
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessEqual => Comparison::GreaterEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterEqual => Comparison::LessEqual,
            same => same,
        }
    }
    pub fn method(self) -> Symbol {
        match self {
            Comparison::Less => symbols::LESS,
            Comparison::LessEqual => symbols::LESS_EQUAL,
            Comparison::Equal => symbols::EQUAL,
            Comparison::NotEqual => symbols::NOT_EQUAL,
            Comparison::Greater => symbols::GREATER,
            Comparison::GreaterEqual => symbols::GREATER_EQUAL,
        }
    }
    /// Whether it holds for what is in this order; nothing but `!=` holds beside nan.
    #[inline]
    pub fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::NotEqual => order != Some(Ordering::Equal),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

impl Context<'_> {
    pub fn compare(&mut self, op: Comparison, a: Value, b: Value) -> Outcome {
        if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
            return Ok(Value::bool(op.holds(Some(x.cmp(&y)))));
        }
        if (self.has_own_class(a) || self.has_own_class(b))
            && let Some(result) = self.compare_own(op, a, b)?
        {
            return Ok(result);
        }
        self.compare_plain(op, a, b)
    }

    /// A comparison where the program's classes, if any, were asked already and said nothing.
    pub fn compare_plain(&mut self, op: Comparison, a: Value, b: Value) -> Outcome {
        let (x, y) = (self.machine.heap.plain(a), self.machine.heap.plain(b));
        match op {
            Comparison::Equal => self.equal_builtin(x, y).map(Value::bool),
            Comparison::NotEqual => self.equal_builtin(x, y).map(|equal| Value::bool(!equal)),
            _ => match self.order(op, x, y)? {
                Some(result) => Ok(result),
                None => self.not_comparable(op, a, b),
            },
        }
    }

    /// The truth of a comparison.
    pub fn compares(&mut self, op: Comparison, a: Value, b: Value) -> Outcome<bool> {
        let result = self.compare(op, a, b)?;
        let truth = self.truth(result);
        self.heap().release(result);
        truth
    }

    #[cold]
    fn not_comparable(&mut self, op: Comparison, a: Value, b: Value) -> Outcome {
        let (x, y) = (self.type_name(a), self.type_name(b));
        self.fail(
            types::TYPE_ERROR,
            &[
                "'",
                op.text(),
                "' not supported between instances of '",
                &x,
                "' and '",
                &y,
                "'",
            ],
        )
    }

    /// What the program's classes say; None if they do not.
    fn compare_own(&mut self, op: Comparison, a: Value, b: Value) -> Outcome<Option<Value>> {
        let (of_a, of_b) = (self.type_of(a), self.type_of(b));
        let right_first = !of_a.is(of_b) && self.machine.is_subclass(of_b, of_a);
        let mirrored = op.mirrored();
        let turns = if right_first {
            [(b, a, mirrored), (a, b, op)]
        } else {
            [(a, b, op), (b, a, mirrored)]
        };
        for (receiver, other, op) in turns {
            if let Some(result) = self.compare_by(receiver, other, op)? {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    fn compare_by(
        &mut self,
        receiver: Value,
        other: Value,
        op: Comparison,
    ) -> Outcome<Option<Value>> {
        if let Some(result) = self.call_special(receiver, op.method(), &[other]) {
            let result = result?;
            return Ok((!result.is(Value::NOT_IMPLEMENTED)).then_some(result));
        }
        if op == Comparison::NotEqual
            && let Some(result) = self.call_special(receiver, symbols::EQUAL, &[other])
        {
            let result = result?;
            if result.is(Value::NOT_IMPLEMENTED) {
                return Ok(None);
            }
            let truth = self.truth(result);
            self.heap().release(result);
            return Ok(Some(Value::bool(!truth?)));
        }
        Ok(None)
    }

    /// `<`, `<=`, `>` and `>=` of values whose types are not the program's.
    fn order(&mut self, op: Comparison, a: Value, b: Value) -> Outcome<Option<Value>> {
        if let (Some(x), Some(y)) = (self.number(a), self.number(b)) {
            return Ok(Some(Value::bool(op.holds(compare_numbers(&x, &y)))));
        }
        let order = match (self.machine.heap.object(a), self.machine.heap.object(b)) {
            (Some(Object::Str(x)), Some(Object::Str(y))) => x.text.cmp(&y.text),
            (Some(x), Some(y)) if bytes_of(x).is_some() && bytes_of(y).is_some() => {
                bytes_of(x).cmp(&bytes_of(y))
            }
            (Some(Object::List(_)), Some(Object::List(_)))
            | (Some(Object::Tuple(_)), Some(Object::Tuple(_)))
            | (Some(Object::Deque(_)), Some(Object::Deque(_))) => {
                return self.order_sequences(op, a, b).map(Some);
            }
            _ if self.is_set_like(a) && self.is_set_like(b) => {
                return self.order_sets(op, a, b).map(|is| Some(Value::bool(is)));
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::bool(op.holds(Some(order)))))
    }

    fn order_sequences(&mut self, op: Comparison, a: Value, b: Value) -> Outcome {
        self.sink(" in comparison")?;
        let result = self.first_difference(a, b).and_then(|at| {
            let pair = at.and_then(|at| self.element(a, at).zip(self.element(b, at)));
            match pair {
                Some((x, y)) => {
                    self.heap().retain(x);
                    self.heap().retain(y);
                    let result = self.compare(op, x, y);
                    self.heap().release(x);
                    self.heap().release(y);
                    result
                }
                None => Ok(Value::bool(
                    op.holds(Some(self.builtin_length(a).cmp(&self.builtin_length(b)))),
                )),
            }
        });
        self.rise();
        result
    }

    fn order_sets(&mut self, op: Comparison, a: Value, b: Value) -> Outcome<bool> {
        let lengths = self.builtin_length(a).cmp(&self.builtin_length(b));
        if !op.holds(Some(lengths)) {
            return Ok(false);
        }
        match op {
            Comparison::Less | Comparison::LessEqual => self.is_subset(a, b),
            _ => self.is_subset(b, a),
        }
    }
}

/// The bytes of bytes and bytearray.
pub(super) fn bytes_of(object: &Object) -> Option<&[u8]> {
    match object {
        Object::Bytes(b) => Some(b),
        Object::ByteArray(b) => Some(b),
        _ => None,
    }
}

//! Arithmetic of numbers of any type.

use super::super::value::{Value, View};
use super::super::{Context, Outcome, types};
use super::float;
use super::integer::Number;
use crate::bytecode::Operator;

impl Context<'_> {
    /// Operators on two numbers; None where numbers have no such operator.
    pub(super) fn numbers(&mut self, op: Operator, a: Value, b: Value) -> Outcome<Option<Value>> {
        if let (View::Bool(x), View::Bool(y)) = (a.view(), b.view()) {
            match op {
                Operator::And => return Ok(Some(Value::bool(x & y))),
                Operator::Or => return Ok(Some(Value::bool(x | y))),
                Operator::Xor => return Ok(Some(Value::bool(x ^ y))),
                _ => {}
            }
        }
        let (Some(x), Some(y)) = (self.number(a), self.number(b)) else {
            return Ok(None);
        };
        match (&x, &y) {
            (Number::Int(x), Number::Int(y)) => self.small_integers(op, *x, *y),
            _ if x.is_float() || y.is_float() => {
                if matches!(
                    op,
                    Operator::LeftShift
                        | Operator::RightShift
                        | Operator::And
                        | Operator::Or
                        | Operator::Xor
                        | Operator::MatrixMultiply
                ) {
                    return Ok(None);
                }
                let x = self.to_float(&x)?;
                let y = self.to_float(&y)?;
                self.floats(op, x, y)
            }
            _ => self.big_integers(op, &x.big(), &y.big()),
        }
    }

    pub(super) fn floats(&mut self, op: Operator, a: f64, b: f64) -> Outcome<Option<Value>> {
        let result = match op {
            Operator::Add => a + b,
            Operator::Subtract => a - b,
            Operator::Multiply => a * b,
            Operator::TrueDivide | Operator::FloorDivide | Operator::Remainder if b == 0.0 => {
                return self.divided_by_zero(op, true);
            }
            Operator::TrueDivide => a / b,
            Operator::FloorDivide => float::floor_divide(a, b),
            Operator::Remainder => float::remainder(a, b),
            Operator::Power => return self.float_power(a, b).map(|f| Some(Value::float(f))),
            _ => return Ok(None),
        };
        Ok(Some(Value::float(result)))
    }

    fn float_power(&mut self, a: f64, b: f64) -> Outcome<f64> {
        if a == 0.0 && b < 0.0 {
            return self.error(
                types::ZERO_DIVISION_ERROR,
                "0.0 cannot be raised to a negative power",
            );
        }
        if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
            return self.reject(
                "complex numbers are not supported",
                "a negative number to a fractional power is complex",
            );
        }
        let result = a.powf(b);
        if result.is_infinite() && a.is_finite() && b.is_finite() {
            let text = self.heap().str("Numerical result out of range");
            return self.raise(types::OVERFLOW_ERROR, vec![Value::int(34), text]);
        }
        Ok(result)
    }

    /// `divmod(a, b)` of numbers.
    pub fn divide_numbers(&mut self, a: Value, b: Value) -> Outcome<Option<(Value, Value)>> {
        let (Some(x), Some(y)) = (self.number(a), self.number(b)) else {
            return Ok(None);
        };
        if y.is_zero() {
            let text = if x.is_float() || y.is_float() {
                "float divmod()"
            } else {
                "integer division or modulo by zero"
            };
            return self.error(types::ZERO_DIVISION_ERROR, text);
        }
        let Some(quotient) = self.numbers(Operator::FloorDivide, a, b)? else {
            return Ok(None);
        };
        let rest = self.numbers(Operator::Remainder, a, b)?;
        Ok(rest.map(|rest| (quotient, rest)))
    }
}

//! Operators with one operand.

use std::rc::Rc;

use super::super::value::Value;
use super::super::{Context, Outcome, symbols};
use super::Big;
use super::integer::Number;
use crate::bytecode::Instruction;

impl Context<'_> {
    /// `-x`, `+x` or `~x`, by their instruction.
    pub fn unary(&mut self, instruction: Instruction, value: Value) -> Outcome {
        match instruction {
            Instruction::UnaryNegative => self.negative(value),
            Instruction::UnaryInvert => self.invert(value),
            _ => self.positive(value),
        }
    }

    pub fn negative(&mut self, value: Value) -> Outcome {
        if let Some(result) = self.call_special(value, symbols::NEGATIVE, &[]) {
            return result;
        }
        match self.number(value) {
            Some(Number::Int(i)) => match i.checked_neg() {
                Some(i) => Ok(Value::int(i)),
                None => self.integer(Big::from_i128(-(i as i128))),
            },
            Some(Number::Big(b)) => self.integer((*b).clone().negate()),
            Some(Number::Float(f)) => Ok(Value::float(-f)),
            None => self.bad_operand(value, "-"),
        }
    }

    pub fn positive(&mut self, value: Value) -> Outcome {
        if let Some(result) = self.call_special(value, symbols::POSITIVE, &[]) {
            return result;
        }
        match self.number(value) {
            Some(number) => self.from_number(number),
            None => self.bad_operand(value, "+"),
        }
    }

    pub fn invert(&mut self, value: Value) -> Outcome {
        if let Some(result) = self.call_special(value, symbols::INVERT, &[]) {
            return result;
        }
        match self.number(value) {
            Some(Number::Int(i)) => Ok(Value::int(!i)),
            Some(Number::Big(b)) => {
                self.integer((*b).clone().negate().subtract(&Big::from_i128(1)))
            }
            _ => self.bad_operand(value, "~"),
        }
    }

    /// `abs(x)`
    pub fn absolute(&mut self, value: Value) -> Outcome {
        if let Some(result) = self.call_special(value, symbols::ABS, &[]) {
            return result;
        }
        match self.number(value) {
            Some(Number::Int(i)) if i < 0 => self.negative(Value::int(i)),
            Some(Number::Big(b)) if b.negative => self.integer((*b).clone().negate()),
            Some(Number::Float(f)) => Ok(Value::float(f.abs())),
            Some(number) => self.from_number(number),
            None => self.type_error("bad operand type for abs(): '", value, "'"),
        }
    }

    /// A number as a value; a bool has become an int.
    pub fn from_number(&mut self, number: Number) -> Outcome {
        match number {
            Number::Int(i) => Ok(Value::int(i)),
            Number::Float(f) => Ok(Value::float(f)),
            Number::Big(b) => self.integer(Rc::unwrap_or_clone(b)),
        }
    }

    #[cold]
    fn bad_operand(&mut self, value: Value, operator: &str) -> Outcome {
        self.type_error(
            &["bad operand type for unary ", operator, ": '"].concat(),
            value,
            "'",
        )
    }
}

//! Arithmetic of integers of any size.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::object::Object;
use super::super::value::{Value, View};
use super::super::{Context, Outcome, types};
use super::Big;
use crate::bytecode::Operator;

/// Larger integers are rejected: one operation on them would take too long.
const MOST_BITS: usize = 1 << 18;
/// Integers up to here are exact as floats.
const EXACT: u64 = 1 << 53;

/// A number, taken apart.
#[derive(Clone)]
pub enum Number {
    Int(i64),
    Big(Rc<Big>),
    Float(f64),
}

impl Number {
    /// An integer as a big one.
    pub fn big(&self) -> Big {
        match self {
            Number::Int(i) => Big::from_i128(*i as i128),
            Number::Big(b) => (**b).clone(),
            Number::Float(f) => Big::from_f64(*f),
        }
    }
    pub fn is_float(&self) -> bool {
        matches!(self, Number::Float(_))
    }
    pub fn is_zero(&self) -> bool {
        match self {
            Number::Int(i) => *i == 0,
            Number::Big(_) => false,
            Number::Float(f) => *f == 0.0,
        }
    }
}

/// Exact, whatever the types; None beside nan.
pub fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
        (Number::Float(_), _) => compare_numbers(b, a).map(Ordering::reverse),
        (Number::Int(i), Number::Float(f)) => {
            if i.unsigned_abs() <= EXACT || !f.is_finite() {
                return (*i as f64).partial_cmp(f);
            }
            if f.abs() >= 9.3e18 {
                return 0.0.partial_cmp(f);
            }
            Some(
                (*i as i128)
                    .cmp(&(f.trunc() as i128))
                    .then(0.0.partial_cmp(&f.fract()).unwrap_or(Ordering::Equal)),
            )
        }
        (Number::Big(big), Number::Float(f)) => {
            if !f.is_finite() {
                return 0.0.partial_cmp(f);
            }
            Some(if f.abs() < 1.0 {
                if big.negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            } else {
                big.compare(&Big::from_f64(*f))
            })
        }
        _ => Some(a.big().compare(&b.big())),
    }
}

impl Context<'_> {
    /// A bool, int or float, if the value is one.
    #[inline]
    pub fn number(&self, value: Value) -> Option<Number> {
        Some(match value.view() {
            View::Int(i) => Number::Int(i),
            View::Float(f) => Number::Float(f),
            View::Bool(b) => Number::Int(b as i64),
            View::Object(h) => match self.machine.heap.get(h) {
                Object::BigInt(b) => Number::Big(b.clone()),
                Object::Instance(i) => return self.number(i.base),
                _ => return None,
            },
            _ => return None,
        })
    }
    /// A number as a float; OverflowError if it is too large for one.
    pub fn to_float(&mut self, number: &Number) -> Outcome<f64> {
        match number {
            Number::Int(i) => Ok(*i as f64),
            Number::Float(f) => Ok(*f),
            Number::Big(b) => match b.to_f64() {
                Some(f) => Ok(f),
                None => self.error(types::OVERFLOW_ERROR, "int too large to convert to float"),
            },
        }
    }

    /// An integer as a value: inline if it fits.
    pub fn integer(&mut self, big: Big) -> Outcome {
        match big.small() {
            Some(i) => Ok(Value::int(i)),
            None => {
                self.allow_bits(big.bits() as u64)?;
                Ok(self.heap().add(Object::BigInt(Rc::new(big))))
            }
        }
    }
    fn wide(&mut self, value: i128) -> Outcome {
        match i64::try_from(value) {
            Ok(i) => Ok(Value::int(i)),
            Err(_) => self.integer(Big::from_i128(value)),
        }
    }
    /// Rejects integers that are too long to be worked with.
    pub fn allow_bits(&mut self, bits: u64) -> Outcome<()> {
        if bits > MOST_BITS as u64 {
            return self.reject(
                "integers of more than 262,144 bits are not supported",
                "use smaller numbers, or the three arguments of pow(base, exponent, modulus)",
            );
        }
        Ok(())
    }

    /// Operators on two inline integers; None where integers have no such operator.
    pub fn small_integers(&mut self, op: Operator, a: i64, b: i64) -> Outcome<Option<Value>> {
        let (x, y) = (a as i128, b as i128);
        Ok(Some(match op {
            Operator::Add => self.wide(x + y)?,
            Operator::Subtract => self.wide(x - y)?,
            Operator::Multiply => self.wide(x * y)?,
            Operator::And => Value::int(a & b),
            Operator::Or => Value::int(a | b),
            Operator::Xor => Value::int(a ^ b),
            Operator::FloorDivide | Operator::Remainder if b == 0 => {
                return self.divided_by_zero(op, false);
            }
            Operator::FloorDivide => {
                let quotient = x / y;
                self.wide(if x % y != 0 && (x < 0) != (y < 0) {
                    quotient - 1
                } else {
                    quotient
                })?
            }
            Operator::Remainder => {
                let rest = x % y;
                self.wide(if rest != 0 && (rest < 0) != (y < 0) {
                    rest + y
                } else {
                    rest
                })?
            }
            Operator::TrueDivide
                if b != 0 && a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT =>
            {
                Value::float(a as f64 / b as f64)
            }
            Operator::RightShift if b >= 0 => Value::int(a >> b.min(63)),
            Operator::LeftShift if (0..64).contains(&b) => self.wide(x << b)?,
            Operator::Power if b >= 0 => match a.checked_pow(b.min(u32::MAX as i64) as u32) {
                // A power this large fits only for 0, 1 and -1, where just its parity counts.
                Some(_) if b > u32::MAX as i64 => {
                    Value::int(if a == -1 && b % 2 != 0 { -1 } else { a * a })
                }
                Some(power) => Value::int(power),
                None => return self.big_integers(op, &Big::from_i128(x), &Big::from_i128(y)),
            },
            _ => return self.big_integers(op, &Big::from_i128(x), &Big::from_i128(y)),
        }))
    }

    /// Operators on integers of any size.
    pub fn big_integers(&mut self, op: Operator, a: &Big, b: &Big) -> Outcome<Option<Value>> {
        let result = match op {
            Operator::Add => a.add(b),
            Operator::Subtract => a.subtract(b),
            Operator::Multiply => {
                self.allow_bits((a.bits() + b.bits()) as u64 - 1)?;
                a.multiply(b)
            }
            Operator::And => a.bitwise(b, |a, b| a & b),
            Operator::Or => a.bitwise(b, |a, b| a | b),
            Operator::Xor => a.bitwise(b, |a, b| a ^ b),
            Operator::FloorDivide | Operator::Remainder | Operator::TrueDivide if b.is_zero() => {
                return self.divided_by_zero(op, false);
            }
            Operator::FloorDivide => a.divide(b).0,
            Operator::Remainder => a.divide(b).1,
            Operator::TrueDivide => {
                return match a.true_divide(b) {
                    Some(f) => Ok(Some(Value::float(f))),
                    None => self.error(
                        types::OVERFLOW_ERROR,
                        "integer division result too large for a float",
                    ),
                };
            }
            Operator::LeftShift | Operator::RightShift if b.negative => {
                return self.error(types::VALUE_ERROR, "negative shift count");
            }
            Operator::LeftShift if a.is_zero() => Big::from_i128(0),
            Operator::LeftShift => {
                let by = b.small().unwrap_or(i64::MAX);
                self.allow_bits((by as u64).saturating_add(a.bits() as u64))?;
                a.shift_left(by as usize)
            }
            Operator::RightShift => match b.small() {
                Some(by) if by <= MOST_BITS as i64 => a.shift_right(by as usize),
                _ => Big::from_i128(-(a.negative as i128)),
            },
            Operator::Power if b.negative => {
                let a = self.to_float(&Number::Big(Rc::new(a.clone())))?;
                let b = self.to_float(&Number::Big(Rc::new(b.clone())))?;
                return self.floats(op, a, b);
            }
            Operator::Power => {
                let exponent = b.small().map_or(u64::MAX, |e| e as u64);
                self.allow_bits((a.bits() as u64).saturating_sub(1).saturating_mul(exponent))?;
                a.power(exponent)
            }
            Operator::MatrixMultiply => return Ok(None),
        };
        self.integer(result).map(Some)
    }

    #[cold]
    pub(super) fn divided_by_zero<T>(&mut self, op: Operator, float: bool) -> Outcome<T> {
        let text = match (op, float) {
            (Operator::FloorDivide, false) => "integer division or modulo by zero",
            (Operator::Remainder, false) => "integer modulo by zero",
            (Operator::FloorDivide, true) => "float floor division by zero",
            (Operator::Remainder, true) if self.machine.version.at_least(3, 13) => {
                "float modulo by zero"
            }
            (Operator::Remainder, true) => "float modulo",
            (_, true) => "float division by zero",
            _ => "division by zero",
        };
        self.error(types::ZERO_DIVISION_ERROR, text)
    }

    /// `pow(base, exponent, modulus)`.
    pub fn power_modulo(&mut self, base: &Big, exponent: &Big, modulus: &Big) -> Outcome {
        if modulus.is_zero() {
            return self.error(types::VALUE_ERROR, "pow() 3rd argument cannot be 0");
        }
        let one = Big::from_i128(1);
        let mut base = base.divide(modulus).1;
        let mut exponent = exponent.clone();
        if exponent.negative {
            match inverse(&base, modulus) {
                Some(inverse) => base = inverse,
                None => {
                    return self.error(
                        types::VALUE_ERROR,
                        "base is not invertible for the given modulus",
                    );
                }
            }
            exponent.negative = false;
        }
        let mut result = one.divide(modulus).1;
        for bit in (0..exponent.bits()).rev() {
            result = result.multiply(&result).divide(modulus).1;
            if exponent.shift_right(bit).is_odd() {
                result = result.multiply(&base).divide(modulus).1;
            }
        }
        self.integer(result)
    }
}

/// The number that times `a` is 1 modulo `modulus`.
fn inverse(a: &Big, modulus: &Big) -> Option<Big> {
    let one = Big::from_i128(1);
    let (mut old, mut rest) = (a.clone(), modulus.clone());
    let (mut old_factor, mut factor) = (one.clone(), Big::from_i128(0));
    while !rest.is_zero() {
        let (quotient, next) = old.divide(&rest);
        old = std::mem::replace(&mut rest, next);
        let next = old_factor.subtract(&quotient.multiply(&factor));
        old_factor = std::mem::replace(&mut factor, next);
    }
    if old == one {
        return Some(old_factor.divide(modulus).1);
    }
    (old == one.clone().negate()).then(|| old_factor.negate().divide(modulus).1)
}

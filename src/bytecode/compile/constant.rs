//! Constants, and what CPython works out of them before the program runs.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, Number, Operator, UnaryOp};

use crate::bytecode::Constant;
use crate::syntax::spine::unroll;

/// CPython folds `"-" * 40` up to this many characters.
const LONGEST_REPEATED: i64 = 4096;
/// Integers a float holds exactly.
const EXACT: i64 = 1 << 53;

/// The value of an expression if it is known beforehand.
pub(super) fn constant(expression: &Expr) -> Option<Constant> {
    let (leaf, ancestors) = unroll(expression);
    let mut value = leaf_constant(leaf)?;
    for ancestor in ancestors {
        value = fold(value, ancestor)?;
    }
    Some(value)
}

/// The value of an operation whose first operand is a constant.
pub(super) fn fold(first: Constant, expression: &Expr) -> Option<Constant> {
    match expression {
        Expr::BinOp(e) => binary(&first, e.op, &constant(&e.right)?),
        _ => None,
    }
}

/// The truth of an expression if it is known beforehand.
pub(super) fn truth(expression: &Expr) -> Option<bool> {
    constant(expression).map(|value| is_true(&value))
}

fn is_true(value: &Constant) -> bool {
    match value {
        Constant::None => false,
        Constant::Ellipsis | Constant::BigInt(_) | Constant::Code(_) => true,
        Constant::Bool(value) => *value,
        Constant::Int(value) => *value != 0,
        Constant::Float(value) => *value != 0.0,
        Constant::Str(value) => !value.is_empty(),
        Constant::Bytes(value) => !value.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
    }
}

/// All of them, if each is a constant.
pub(super) fn constants(elements: &[Expr]) -> Option<Vec<Constant>> {
    elements.iter().map(constant).collect()
}

/// A list or set of constants where nothing can change it: after `in`.
pub(super) fn container(expression: &Expr) -> Option<Constant> {
    match expression {
        Expr::List(list) => constants(&list.elts).map(Constant::Tuple),
        Expr::Set(set) => constants(&set.elts).map(Constant::FrozenSet),
        _ => None,
    }
}

pub(super) fn leaf_constant(expression: &Expr) -> Option<Constant> {
    Some(match expression {
        Expr::NoneLiteral(_) => Constant::None,
        Expr::EllipsisLiteral(_) => Constant::Ellipsis,
        Expr::BooleanLiteral(e) => Constant::Bool(e.value),
        Expr::NumberLiteral(e) => match &e.value {
            Number::Int(value) => integer(value),
            Number::Float(value) => Constant::Float(*value),
            Number::Complex { .. } => return None,
        },
        Expr::StringLiteral(e) => Constant::Str(e.value.to_str().to_owned()),
        Expr::BytesLiteral(e) => Constant::Bytes(e.value.bytes().collect()),
        Expr::Name(e) if e.id == "__debug__" => Constant::Bool(true),
        Expr::Tuple(e) => Constant::Tuple(constants(&e.elts)?),
        Expr::UnaryOp(e) => unary(e)?,
        _ => return None,
    })
}

fn integer(value: &ast::Int) -> Constant {
    match value.as_i64() {
        Some(value) => Constant::Int(value),
        None => Constant::BigInt(decimal(&value.to_string())),
    }
}

/// The digits of a literal in base ten: it may be written in another, with underscores.
fn decimal(literal: &str) -> String {
    let literal: String = literal.chars().filter(|c| *c != '_').collect();
    let literal = literal.to_ascii_lowercase();
    let (digits, base) = match literal.get(..2) {
        Some("0x") => (&literal[2..], 16),
        Some("0o") => (&literal[2..], 8),
        Some("0b") => (&literal[2..], 2),
        _ => {
            let digits = literal.trim_start_matches('0');
            return if digits.is_empty() { "0" } else { digits }.to_owned();
        }
    };
    // Nine digits to a limb, the smallest first.
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|c| c.to_digit(base)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * u64::from(base) + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut out = String::new();
    for limb in limbs.iter().rev() {
        let text = limb.to_string();
        if !out.is_empty() {
            out.push_str(&"0".repeat(9 - text.len()));
        }
        out.push_str(&text);
    }
    out
}

fn unary(e: &ast::ExprUnaryOp) -> Option<Constant> {
    let operand = constant(&e.operand)?;
    Some(match (e.op, operand) {
        (UnaryOp::USub, Constant::Int(value)) => match value.checked_neg() {
            Some(value) => Constant::Int(value),
            None => Constant::BigInt(value.to_string().trim_start_matches('-').to_owned()),
        },
        (UnaryOp::USub, Constant::Float(value)) => Constant::Float(-value),
        (UnaryOp::USub, Constant::BigInt(digits)) => match digits.strip_prefix('-') {
            Some(digits) => Constant::BigInt(digits.to_owned()),
            None => match format!("-{digits}").parse() {
                Ok(value) => Constant::Int(value),
                Err(_) => Constant::BigInt(format!("-{digits}")),
            },
        },
        (UnaryOp::UAdd, value @ (Constant::Int(_) | Constant::Float(_))) => value,
        (UnaryOp::Invert, Constant::Int(value)) => Constant::Int(!value),
        (UnaryOp::Not, value) => Constant::Bool(!is_true(&value)),
        _ => return None,
    })
}

fn binary(left: &Constant, operator: Operator, right: &Constant) -> Option<Constant> {
    use Constant::{Float, Int, Str};
    match (left, right) {
        (Int(a), Int(b)) => integers(*a, operator, *b),
        (Float(a), Float(b)) => floats(*a, operator, *b),
        (Int(a), Float(b)) if a.abs() <= EXACT => floats(*a as f64, operator, *b),
        (Float(a), Int(b)) if b.abs() <= EXACT => floats(*a, operator, *b as f64),
        (Str(a), Str(b)) if operator == Operator::Add => Some(Str([a.as_str(), b].concat())),
        (Str(text), Int(times)) | (Int(times), Str(text)) if operator == Operator::Mult => {
            let length = (text.chars().count() as i64).checked_mul(*times)?;
            let fits = (0..=LONGEST_REPEATED).contains(&length);
            fits.then(|| Str(text.repeat(*times as usize)))
        }
        _ => None,
    }
}

fn integers(a: i64, operator: Operator, b: i64) -> Option<Constant> {
    let value = match operator {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::Div => {
            let exact =
                a.unsigned_abs() <= EXACT as u64 && b.unsigned_abs() <= EXACT as u64 && b != 0;
            return exact.then(|| Constant::Float(a as f64 / b as f64));
        }
        // Rounded down, not towards zero.
        Operator::FloorDiv => {
            let quotient = a.checked_div(b)?;
            quotient - i64::from(a % b != 0 && (a < 0) != (b < 0))
        }
        Operator::Mod => {
            let rest = a.checked_rem(b)?;
            if rest != 0 && (rest < 0) != (b < 0) {
                rest + b
            } else {
                rest
            }
        }
        Operator::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        Operator::LShift => {
            let shift = u32::try_from(b).ok().filter(|shift| *shift < 62)?;
            a.checked_mul(1 << shift)?
        }
        Operator::RShift => a >> u32::try_from(b).ok()?.min(63),
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::MatMult => return None,
    };
    Some(Constant::Int(value))
}

fn floats(a: f64, operator: Operator, b: f64) -> Option<Constant> {
    Some(Constant::Float(match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn big_literals_become_decimal() {
        assert_eq!(decimal("0x1_0000000000000000"), "18446744073709551616");
        assert_eq!(decimal("0b1"), "1");
        assert_eq!(
            decimal("100_000_000_000_000_000_000"),
            "100000000000000000000"
        );
        assert_eq!(decimal("0xde0b6b3a7640000"), "1000000000000000000");
    }
}

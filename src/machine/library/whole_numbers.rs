//! The functions of `math` on whole numbers.

use super::super::operate::Big;
use super::super::value::Value;
use super::super::{Context, Outcome, types};

fn need_integer(cx: &mut Context<'_>, value: Value) -> Outcome<Big> {
    match cx.number(value) {
        Some(number) if !number.is_float() => Ok(number.big()),
        _ => cx.need_index(value).map(|i| Big::from_i128(i as i128)),
    }
}

pub fn factorial(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let n = cx.need_index(args[0])?;
    if n < 0 {
        return cx.error(
            types::VALUE_ERROR,
            "factorial() not defined for negative values",
        );
    }
    cx.allow_bits(n as u64 * (64 - n.leading_zeros()) as u64 / 2)?;
    let product = (2..=n).fold(Big::from_i128(1), |product, i| {
        product.multiply(&Big::from_i128(i as i128))
    });
    cx.integer(product)
}

pub fn fold(
    cx: &mut Context<'_>,
    args: &[Value],
    start: i128,
    f: fn(&Big, &Big) -> Big,
) -> Outcome {
    let mut result = Big::from_i128(start);
    for arg in args {
        let mut next = need_integer(cx, *arg)?;
        next.negative = false;
        result = f(&result, &next);
    }
    cx.integer(result)
}

/// The greatest common divisor of two that are not negative.
pub fn greatest(a: &Big, b: &Big) -> Big {
    let (mut a, mut b) = (a.clone(), b.clone());
    while !b.is_zero() {
        let rest = a.divide(&b).1;
        a = std::mem::replace(&mut b, rest);
    }
    a
}

pub fn choose(cx: &mut Context<'_>, args: &[Value], unordered: bool) -> Outcome {
    let n = cx.need_index(args[0])?;
    let mut k = match args[1].given().filter(|k| !k.is_none()) {
        Some(k) => cx.need_index(k)?,
        None => n,
    };
    if n < 0 {
        return cx.error(types::VALUE_ERROR, "n must be a non-negative integer");
    }
    if k < 0 {
        return cx.error(types::VALUE_ERROR, "k must be a non-negative integer");
    }
    if k > n {
        return Ok(Value::int(0));
    }
    if unordered {
        k = k.min(n - k);
    }
    cx.allow_bits(k as u64 * (64 - n.leading_zeros()) as u64)?;
    let mut result = Big::from_i128(1);
    for i in 0..k {
        result = result.multiply(&Big::from_i128((n - i) as i128));
        if unordered {
            result = result.divide(&Big::from_i128(i as i128 + 1)).0;
        }
    }
    cx.integer(result)
}

pub fn integer_root(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let n = need_integer(cx, args[0])?;
    if n.negative {
        return cx.error(types::VALUE_ERROR, "isqrt() argument must be nonnegative");
    }
    if n.is_zero() {
        return Ok(Value::int(0));
    }
    // Newton's method from above.
    let mut root = Big::from_i128(1).shift_left(n.bits().div_ceil(2));
    loop {
        let next = root.add(&n.divide(&root).0).shift_right(1);
        if next.compare(&root) != std::cmp::Ordering::Less {
            return cx.integer(root);
        }
        root = next;
    }
}

//! The module `math`.

use super::super::native::{Definition, Group, Place, define};
use super::super::operate::Big;
use super::super::operate::integer::Number;
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::whole_numbers::{choose, factorial, fold, greatest, integer_root};
use crate::bytecode::Operator;

pub const GROUP: Group = Group {
    place: Place::Module("math"),
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("sqrt", "x /", |cx, args| of_one(cx, args, f64::sqrt)),
    define("cbrt", "x /", |cx, args| of_one(cx, args, f64::cbrt)),
    define("exp", "x /", |cx, args| of_one(cx, args, f64::exp)),
    define("exp2", "x /", |cx, args| of_one(cx, args, f64::exp2)),
    define("expm1", "x /", |cx, args| of_one(cx, args, f64::exp_m1)),
    define("log1p", "x /", |cx, args| of_one(cx, args, f64::ln_1p)),
    define("sin", "x /", |cx, args| of_one(cx, args, f64::sin)),
    define("cos", "x /", |cx, args| of_one(cx, args, f64::cos)),
    define("tan", "x /", |cx, args| of_one(cx, args, f64::tan)),
    define("asin", "x /", |cx, args| of_one(cx, args, f64::asin)),
    define("acos", "x /", |cx, args| of_one(cx, args, f64::acos)),
    define("atan", "x /", |cx, args| of_one(cx, args, f64::atan)),
    define("sinh", "x /", |cx, args| of_one(cx, args, f64::sinh)),
    define("cosh", "x /", |cx, args| of_one(cx, args, f64::cosh)),
    define("tanh", "x /", |cx, args| of_one(cx, args, f64::tanh)),
    define("asinh", "x /", |cx, args| of_one(cx, args, f64::asinh)),
    define("acosh", "x /", |cx, args| of_one(cx, args, f64::acosh)),
    define("atanh", "x /", |cx, args| of_one(cx, args, f64::atanh)),
    define("fabs", "x /", |cx, args| of_one(cx, args, f64::abs)),
    define("degrees", "x /", |cx, args| {
        of_one(cx, args, |x| x * (180.0 / std::f64::consts::PI))
    }),
    define("radians", "x /", |cx, args| {
        of_one(cx, args, |x| x * (std::f64::consts::PI / 180.0))
    }),
    define("atan2", "y x /", |cx, args| of_two(cx, args, f64::atan2)),
    define("copysign", "x y /", |cx, args| {
        of_two(cx, args, f64::copysign)
    }),
    define("fmod", "x y /", |cx, args| of_two(cx, args, |x, y| x % y)),
    define("pow", "x y /", power),
    define("hypot", "*coordinates", hypot),
    define("dist", "p q /", distance),
    define("log", "x base= /", |cx, args| {
        let x = logarithm(cx, args[0], f64::ln)?;
        match args[1].given() {
            Some(base) => {
                let base = logarithm(cx, base, f64::ln)?;
                if base == 0.0 {
                    return cx.error(types::ZERO_DIVISION_ERROR, "float division by zero");
                }
                Ok(Value::float(x / base))
            }
            None => Ok(Value::float(x)),
        }
    }),
    define("log2", "x /", |cx, args| {
        logarithm(cx, args[0], f64::log2).map(Value::float)
    }),
    define("log10", "x /", |cx, args| {
        logarithm(cx, args[0], f64::log10).map(Value::float)
    }),
    define("floor", "x /", |cx, args| {
        whole(cx, args, f64::floor, "__floor__")
    }),
    define("ceil", "x /", |cx, args| {
        whole(cx, args, f64::ceil, "__ceil__")
    }),
    define("trunc", "x /", |cx, args| {
        whole(cx, args, f64::trunc, "__trunc__")
    }),
    define("isnan", "x /", |cx, args| {
        Ok(Value::bool(float(cx, args[0])?.is_nan()))
    }),
    define("isinf", "x /", |cx, args| {
        Ok(Value::bool(float(cx, args[0])?.is_infinite()))
    }),
    define("isfinite", "x /", |cx, args| {
        Ok(Value::bool(float(cx, args[0])?.is_finite()))
    }),
    define("isclose", "a b | rel_tol= abs_tol=", is_close),
    define("modf", "x /", |cx, args| {
        let x = float(cx, args[0])?;
        let fraction = if x.is_infinite() { 0.0 } else { x.fract() };
        Ok(cx.heap().tuple(vec![
            Value::float(fraction.copysign(x)),
            Value::float(x.trunc()),
        ]))
    }),
    define("frexp", "x /", split),
    define("ldexp", "x i /", scale),
    define("factorial", "n /", factorial),
    define("gcd", "*integers", |cx, args| fold(cx, args, 0, greatest)),
    define("lcm", "*integers", |cx, args| {
        fold(cx, args, 1, |a, b| {
            if a.is_zero() || b.is_zero() {
                Big::from_i128(0)
            } else {
                a.multiply(b).divide(&greatest(a, b)).0
            }
        })
    }),
    define("comb", "n k /", |cx, args| choose(cx, args, true)),
    define("perm", "n k= /", |cx, args| choose(cx, args, false)),
    define("isqrt", "n /", integer_root),
    define("prod", "iterable / | start=", product),
    define("fsum", "seq /", exact_sum),
];

fn float(cx: &mut Context<'_>, value: Value) -> Outcome<f64> {
    match cx.real(value)? {
        Some(f) => Ok(f),
        None => cx.type_error("must be real number, not ", value, ""),
    }
}

/// C's rules: what is not a number without a reason in the arguments is a domain error, what is infinite a range error.
fn checked(cx: &mut Context<'_>, result: f64, args: &[f64]) -> Outcome {
    if result.is_nan() && !args.iter().any(|x| x.is_nan()) {
        return cx.error(types::VALUE_ERROR, "math domain error");
    }
    if result.is_infinite() && args.iter().all(|x| x.is_finite()) {
        return cx.error(types::OVERFLOW_ERROR, "math range error");
    }
    Ok(Value::float(result))
}

fn of_one(cx: &mut Context<'_>, args: &[Value], f: fn(f64) -> f64) -> Outcome {
    let x = float(cx, args[0])?;
    let result = f(x);
    // A pole: atanh(1), log1p(-1).
    if result.is_infinite() && x.abs() == 1.0 {
        return cx.error(types::VALUE_ERROR, "math domain error");
    }
    checked(cx, result, &[x])
}

fn of_two(cx: &mut Context<'_>, args: &[Value], f: fn(f64, f64) -> f64) -> Outcome {
    let (x, y) = (float(cx, args[0])?, float(cx, args[1])?);
    checked(cx, f(x, y), &[x, y])
}

fn power(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (x, y) = (float(cx, args[0])?, float(cx, args[1])?);
    if x == 0.0 && y < 0.0 && y.is_finite() {
        return cx.error(types::VALUE_ERROR, "math domain error");
    }
    checked(cx, x.powf(y), &[x, y])
}

fn logarithm(cx: &mut Context<'_>, value: Value, f: fn(f64) -> f64) -> Outcome<f64> {
    if let Some(Number::Big(big)) = cx.number(value)
        && !big.negative
        && big.to_f64().is_none()
    {
        let shift = big.bits() - 64;
        let top = big.shift_right(shift).to_f64().unwrap_or(1.0);
        return Ok(f(top) + f(2.0) * shift as f64);
    }
    let x = match cx.number(value) {
        Some(Number::Big(big)) if big.negative => -1.0,
        _ => float(cx, value)?,
    };
    if x <= 0.0 {
        return cx.error(types::VALUE_ERROR, "math domain error");
    }
    Ok(f(x))
}

fn hypot(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut parts = Vec::with_capacity(args.len());
    for arg in args {
        parts.push(float(cx, *arg)?);
    }
    Ok(Value::float(norm(&parts)))
}

fn distance(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (p, q) = (cx.items(args[0])?, cx.items(args[1])?);
    let result = if p.len() == q.len() {
        let mut parts = Vec::with_capacity(p.len());
        let mut problem = None;
        for (x, y) in p.iter().zip(&q) {
            match (float(cx, *x), float(cx, *y)) {
                (Ok(x), Ok(y)) => parts.push(x - y),
                (Err(e), _) | (_, Err(e)) => problem = Some(e),
            }
        }
        problem.map_or(Ok(Value::float(norm(&parts))), Err)
    } else {
        cx.error(
            types::VALUE_ERROR,
            "both points must have the same number of dimensions",
        )
    };
    cx.heap().release_all(p);
    cx.heap().release_all(q);
    result
}

/// The length of a vector as CPython computes it: scaled, squares and sums without loss, one step of correction.
fn norm(parts: &[f64]) -> f64 {
    if parts.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    let largest = parts.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    if largest == 0.0 || parts.iter().any(|x| x.is_nan()) || parts.len() < 2 {
        return parts.iter().map(|x| x.abs()).sum();
    }
    // A power of two, so that scaling loses nothing. The smallest numbers of all are scaled up first.
    let exponent = (largest.to_bits() >> 52) as i32 - 1022;
    if exponent < -1000 {
        let up = 2f64.powi(200);
        let scaled: Vec<f64> = parts.iter().map(|x| x * up).collect();
        return norm(&scaled) / up;
    }
    let (scale, back) = (
        2f64.powi(-exponent / 2),
        2f64.powi(-exponent - (-exponent / 2)),
    );
    let (mut sum, mut low) = (1.0, 0.0);
    let mut add = |x: f64, y: f64| {
        let (high, rest) = exact_product(x, y);
        let next = sum + high;
        low += rest + (high - (next - sum));
        sum = next;
        sum - 1.0 + low
    };
    let mut square = 0.0;
    for x in parts {
        let x = x * scale * back;
        square = add(x, x);
    }
    let root = square.sqrt();
    let error = add(-root, root);
    (root + error / (2.0 * root)) / scale / back
}

/// A product and what rounding took from it.
fn exact_product(x: f64, y: f64) -> (f64, f64) {
    let halves = |x: f64| {
        let shifted = x * 134_217_729.0;
        let high = shifted - (shifted - x);
        (high, x - high)
    };
    let product = x * y;
    let ((a, b), (c, d)) = (halves(x), halves(y));
    (product, a * c - product + a * d + b * c + b * d)
}

fn whole(cx: &mut Context<'_>, args: &[Value], f: fn(f64) -> f64, method: &str) -> Outcome {
    let method = cx.symbol(method);
    if let Some(result) = cx.call_special(args[0], method, &[]) {
        return result;
    }
    let rounded = match cx.number(args[0]) {
        Some(Number::Float(x)) if x.is_finite() => f(x),
        Some(Number::Float(x)) => x,
        Some(number) => return cx.from_number(number),
        None => f(float(cx, args[0])?),
    };
    let number = cx.whole(rounded)?;
    cx.from_number(number)
}

fn is_close(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (a, b) = (float(cx, args[0])?, float(cx, args[1])?);
    let relative = if args[2].is_null() {
        1e-9
    } else {
        float(cx, args[2])?
    };
    let absolute = if args[3].is_null() {
        0.0
    } else {
        float(cx, args[3])?
    };
    if relative < 0.0 || absolute < 0.0 {
        return cx.error(types::VALUE_ERROR, "tolerances must be non-negative");
    }
    let difference = (b - a).abs();
    let close = a == b
        || a.is_finite()
            && b.is_finite()
            && (difference <= (relative * b).abs()
                || difference <= (relative * a).abs()
                || difference <= absolute);
    Ok(Value::bool(close))
}

/// Mantissa from 0.5 and exponent.
fn split(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let x = float(cx, args[0])?;
    let (mut mantissa, mut exponent) = (x, 0);
    if x.is_finite() && x != 0.0 {
        while mantissa.abs() >= 1.0 {
            mantissa /= 2.0;
            exponent += 1;
        }
        while mantissa.abs() < 0.5 {
            mantissa *= 2.0;
            exponent -= 1;
        }
    }
    Ok(cx
        .heap()
        .tuple(vec![Value::float(mantissa), Value::int(exponent)]))
}

fn scale(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let x = float(cx, args[0])?;
    let exponent = cx.need_index(args[1])?.clamp(-5000, 5000) as i32;
    let half = exponent / 2;
    let result = x
        * 2f64.powi(half / 2)
        * 2f64.powi(half - half / 2)
        * 2f64.powi((exponent - half) / 2)
        * 2f64.powi(exponent - half - (exponent - half) / 2);
    checked(cx, result, &[x])
}

fn product(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let start = args[1].given().unwrap_or(Value::int(1));
    let mut total = cx.heap().retain(start);
    let result = cx.each(args[0], &mut |cx, item| {
        let next = cx.binary(Operator::Multiply, total, item)?;
        cx.heap().release(total);
        total = next;
        Ok(true)
    });
    match result {
        Ok(()) => Ok(total),
        Err(e) => {
            cx.heap().release(total);
            Err(e)
        }
    }
}

/// Shewchuk's exact sum.
fn exact_sum(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut partials: Vec<f64> = Vec::new();
    let mut special = 0.0;
    cx.each(args[0], &mut |cx, item| {
        let mut x = float(cx, item)?;
        if !x.is_finite() {
            special += x;
            return Ok(true);
        }
        let mut kept = 0;
        for at in 0..partials.len() {
            let mut y = partials[at];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        partials.push(x);
        Ok(true)
    })?;
    if special != 0.0 || special.is_nan() {
        return Ok(Value::float(special));
    }
    let Some(mut high) = partials.pop() else {
        return Ok(Value::float(0.0));
    };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // A half is rounded to even only if nothing below decides.
    if let Some(below) = partials.last()
        && (low < 0.0 && *below < 0.0 || low > 0.0 && *below > 0.0)
    {
        let y = low * 2.0;
        let x = high + y;
        if y == x - high {
            high = x;
        }
    }
    Ok(Value::float(high))
}

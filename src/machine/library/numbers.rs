//! int, bool and float: making them, and their methods.

use std::rc::Rc;

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::operate::integer::Number;
use super::super::operate::{Big, float, is_space};
use super::super::value::Value;
use super::super::{Context, Outcome, symbols, types};

pub const INT: Group = Group {
    place: Place::Type(types::INT),
    natives: INT_METHODS,
};
pub const BOOL: Group = Group {
    place: Place::Type(types::BOOL),
    natives: &[define("__new__", "x= /", |cx, args| {
        match args[1].given() {
            Some(value) => cx.truth(value).map(Value::bool),
            None => Ok(Value::FALSE),
        }
    })],
};
pub const FLOAT: Group = Group {
    place: Place::Type(types::FLOAT),
    natives: FLOAT_METHODS,
};

const INT_METHODS: &[Definition] = &[
    define("__new__", "x= / base=", new_int),
    define("bit_length", "", |cx, args| {
        let bits = cx.number(args[0]).map_or(0, |n| n.big().bits());
        Ok(Value::int(bits as i64))
    }),
    define("bit_count", "", |cx, args| {
        let ones = cx.number(args[0]).map_or(0, |n| n.big().count_ones());
        Ok(Value::int(ones as i64))
    }),
    define("conjugate", "", |cx, args| cx.positive(args[0])),
    define("is_integer", "", |_, _| Ok(Value::TRUE)),
    define("as_integer_ratio", "", |cx, args| {
        let number = cx.positive(args[0])?;
        Ok(cx.heap().tuple(vec![number, Value::int(1)]))
    }),
    define("to_bytes", "length= byteorder= | signed=", to_bytes),
    define("@from_bytes", "bytes byteorder= | signed=", from_bytes),
];

const FLOAT_METHODS: &[Definition] = &[
    define("__new__", "x= /", new_float),
    define("is_integer", "", |_, args| {
        Ok(Value::bool(
            args[0]
                .as_number()
                .is_some_and(|f| f.is_finite() && f.fract() == 0.0),
        ))
    }),
    define("conjugate", "", |_, args| Ok(args[0])),
    define("as_integer_ratio", "", integer_ratio),
];

pub fn new_int(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(value) = args[1].given() else {
        if args[2].given().is_some() {
            return cx.error(types::TYPE_ERROR, "int() missing string argument");
        }
        return Ok(Value::int(0));
    };
    if let Some(base) = args[2].given() {
        let base = cx.need_index(base)?;
        if base != 0 && !(2..=36).contains(&base) {
            return cx.error(
                types::VALUE_ERROR,
                "int() base must be >= 2 and <= 36, or 0",
            );
        }
        let Some(text) = text_of(cx, value) else {
            return cx.error(
                types::TYPE_ERROR,
                "int() can't convert non-string with explicit base",
            );
        };
        return parse_int(cx, value, &text, base as u32);
    }
    // A class derived from a number may have one, too.
    if let Some(result) = cx.call_special(value, symbols::INT, &[]) {
        let result = result?;
        if matches!(cx.number(result), Some(Number::Int(_) | Number::Big(_))) {
            return Ok(result);
        }
        let name = cx.type_name(result);
        cx.heap().release(result);
        return cx.fail(
            types::TYPE_ERROR,
            &["__int__ returned non-int (type ", &name, ")"],
        );
    }
    match cx.number(value) {
        Some(Number::Float(f)) => {
            let whole = cx.whole(f)?;
            return cx.from_number(whole);
        }
        Some(number) => return cx.from_number(number),
        None => {}
    }
    if let Some(text) = text_of(cx, value) {
        return parse_int(cx, value, &text, 10);
    }
    match cx.index(value)? {
        Some(index) => Ok(Value::int(index)),
        None => cx.type_error(
            "int() argument must be a string, a bytes-like object or a real number, not '",
            value,
            "'",
        ),
    }
}

/// The text of a str or of bytes.
fn text_of(cx: &Context<'_>, value: Value) -> Option<String> {
    match cx.machine.heap.object(value)? {
        Object::Str(text) => Some(text.text.as_ref().to_owned()),
        Object::Bytes(bytes) => Some(bytes.iter().map(|b| *b as char).collect()),
        Object::ByteArray(bytes) => Some(bytes.iter().map(|b| *b as char).collect()),
        _ => None,
    }
}

fn parse_int(cx: &mut Context<'_>, value: Value, text: &str, base: u32) -> Outcome {
    match read_int(text, base) {
        Some(big) => {
            if big.bits() > 64 && text.len() > 4300 && !base.is_power_of_two() {
                let count = text.bytes().filter(u8::is_ascii_digit).count();
                if count > 4300 {
                    let count = count.to_string();
                    return cx.fail(
                        types::VALUE_ERROR,
                        &[
                            "Exceeds the limit (4300 digits) for integer string conversion: value has ",
                            &count,
                            " digits; use sys.set_int_max_str_digits() to increase the limit",
                        ],
                    );
                }
            }
            cx.integer(big)
        }
        None => {
            let shown = cx.repr(value)?;
            let inner = shown.strip_prefix("bytearray(");
            let shown = inner.and_then(|s| s.strip_suffix(')')).unwrap_or(&shown);
            let base = base.to_string();
            cx.fail(
                types::VALUE_ERROR,
                &["invalid literal for int() with base ", &base, ": ", shown],
            )
        }
    }
}

/// Spaces around, a sign, a prefix that fits the base, underscores between digits.
fn read_int(text: &str, mut base: u32) -> Option<Big> {
    let text = text.trim_matches(is_space);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut digits = text;
    let mut prefixed = false;
    if let Some(rest) = text.strip_prefix('0')
        && let Some(letter) = rest.chars().next()
    {
        let of_prefix = match letter {
            'x' | 'X' => 16,
            'o' | 'O' => 8,
            'b' | 'B' => 2,
            _ => 0,
        };
        if of_prefix != 0 && (base == 0 || base == of_prefix) {
            (base, digits, prefixed) = (of_prefix, &rest[1..], true);
        } else if base == 0 && text.chars().any(|c| c != '0' && c != '_') {
            // A decimal number must not begin with 0.
            return None;
        }
    }
    if base == 0 {
        base = 10;
    }
    // An underscore may follow a prefix, but nothing else may surround digits.
    let digits = if prefixed {
        digits.strip_prefix('_').unwrap_or(digits)
    } else {
        digits
    };
    if digits.is_empty()
        || digits.starts_with('_')
        || digits.ends_with('_')
        || digits.contains("__")
    {
        return None;
    }
    let plain: Vec<u8> = digits.bytes().filter(|b| *b != b'_').collect();
    let big = Big::parse(&plain, base)?;
    Some(if negative { big.negate() } else { big })
}

pub fn new_float(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(value) = args[1].given() else {
        return Ok(Value::float(0.0));
    };
    if let Some(text) = text_of(cx, value) {
        return match float::parse(&text) {
            Some(f) => Ok(Value::float(f)),
            None => {
                let shown = cx.repr(value)?;
                cx.fail(
                    types::VALUE_ERROR,
                    &["could not convert string to float: ", &shown],
                )
            }
        };
    }
    match cx.real(value)? {
        Some(f) => Ok(Value::float(f)),
        None => cx.type_error(
            "float() argument must be a string or a real number, not '",
            value,
            "'",
        ),
    }
}

fn integer_ratio(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut f = args[0].as_number().unwrap_or(0.0);
    if f.is_nan() {
        return cx.error(types::VALUE_ERROR, "cannot convert NaN to integer ratio");
    }
    if f.is_infinite() {
        return cx.error(
            types::OVERFLOW_ERROR,
            "cannot convert Infinity to integer ratio",
        );
    }
    let mut doublings = 0;
    while f.fract() != 0.0 {
        f *= 2.0;
        doublings += 1;
    }
    let above = cx.integer(Big::from_f64(f))?;
    let below = cx.integer(Big::from_i128(1).shift_left(doublings))?;
    Ok(cx.heap().tuple(vec![above, below]))
}

/// Whether a byteorder is little.
fn is_little(cx: &mut Context<'_>, order: Value, called: &str) -> Outcome<bool> {
    match cx.shared_text(order).as_deref() {
        Some("big") => Ok(false),
        Some("little") => Ok(true),
        None if order.is_null() => Ok(false),
        None => cx.type_error(
            &[called, "() argument 'byteorder' must be str, not "].concat(),
            order,
            "",
        ),
        Some(_) => cx.error(
            types::VALUE_ERROR,
            "byteorder must be either 'little' or 'big'",
        ),
    }
}

fn is_signed(cx: &mut Context<'_>, signed: Value) -> Outcome<bool> {
    signed.given().map_or(Ok(false), |signed| cx.truth(signed))
}

fn to_bytes(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let length = if args[1].is_null() {
        1
    } else {
        match usize::try_from(cx.need_index(args[1])?) {
            Ok(length) => length,
            Err(_) => {
                return cx.error(types::VALUE_ERROR, "length argument must be non-negative");
            }
        }
    };
    cx.reserve(length)?;
    let little = is_little(cx, args[2], "to_bytes")?;
    let signed = is_signed(cx, args[3])?;
    let big = cx.number(args[0]).map_or(Big::from_i128(0), |n| n.big());
    if big.negative && !signed {
        return cx.error(
            types::OVERFLOW_ERROR,
            "can't convert negative int to unsigned",
        );
    }
    cx.reserve(length)?;
    let room = length * 8 - (signed && length > 0) as usize;
    let magnitude = if big.negative {
        big.clone().negate().subtract(&Big::from_i128(1))
    } else {
        big.clone()
    };
    if magnitude.bits() > room {
        return cx.error(types::OVERFLOW_ERROR, "int too big to convert");
    }
    let mut bytes: Vec<u8> = (0..length)
        .map(|at| big.shift_right(at * 8).low_byte())
        .collect();
    if !little {
        bytes.reverse();
    }
    Ok(cx.heap().add(Object::Bytes(bytes.into())))
}

fn from_bytes(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let little = is_little(cx, args[2], "from_bytes")?;
    let signed = is_signed(cx, args[3])?;
    let mut ordered: Vec<u8> = match cx.number(args[1]).is_some()
        || cx.shared_text(args[1]).is_some()
    {
        true => return cx.type_error("cannot convert '", args[1], "' object to bytes"),
        false => super::bytes::source(cx, &[args[0], args[1], Value::NULL, Value::NULL], "bytes")?,
    };
    if little {
        ordered.reverse();
    }
    let mut big = Big::from_i128(0);
    for byte in &ordered {
        big = big.shift_left(8).add(&Big::from_i128(*byte as i128));
    }
    if signed && ordered.first().is_some_and(|b| b & 0x80 != 0) {
        big = big.subtract(&Big::from_i128(1).shift_left(ordered.len() * 8));
    }
    cx.integer(big)
}

/// `round(number, digits)`
pub fn round(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let rest = if args[1].is_null() { &[] } else { &args[1..2] };
    if let Some(result) = cx.call_special(args[0], symbols::ROUND, rest) {
        return result;
    }
    let digits = match args[1].given().filter(|d| !d.is_none()) {
        Some(digits) => Some(cx.need_index(digits)?),
        None => None,
    };
    match (cx.number(args[0]), digits) {
        (Some(Number::Float(f)), None) => {
            if !f.is_finite() {
                let whole = cx.whole(f)?;
                return cx.from_number(whole);
            }
            let whole = cx.whole(float::round_half_even(f))?;
            cx.from_number(whole)
        }
        (Some(Number::Float(f)), Some(digits)) => Ok(Value::float(round_float(f, digits))),
        (Some(number), Some(digits)) if digits < 0 => round_integer(cx, number, digits),
        (Some(number), _) => cx.from_number(number),
        (None, _) => cx.type_error("type ", args[0], " doesn't define __round__ method"),
    }
}

/// Correctly rounded, through the decimal digits, as CPython does it.
fn round_float(f: f64, digits: i64) -> f64 {
    if !f.is_finite() || f == 0.0 || digits > 323 {
        return f;
    }
    if digits < -308 {
        return 0.0f64.copysign(f);
    }
    if digits >= 0 {
        return format!("{f:.*}", digits as usize).parse().unwrap_or(f);
    }
    // In front of the point: so many significant digits as are left.
    let text = format!("{:e}", f.abs());
    let exponent: i64 = text
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0);
    let kept = exponent + digits;
    if kept < -1 {
        return 0.0f64.copysign(f);
    }
    if kept < 0 {
        let unit = 10f64.powi(-digits as i32);
        return (if f.abs() > unit / 2.0 { unit } else { 0.0 }).copysign(f);
    }
    format!("{f:.*e}", kept as usize).parse().unwrap_or(f)
}

/// To a power of ten, halves to the even one.
fn round_integer(cx: &mut Context<'_>, number: Number, digits: i64) -> Outcome {
    if digits < -10_000 {
        return Ok(Value::int(0));
    }
    let unit = Big::from_i128(10).power(-digits as u64);
    let (quotient, rest) = number.big().divide(&unit);
    let twice = rest.shift_left(1);
    let up = match twice.compare(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient.is_odd(),
    };
    let quotient = if up {
        quotient.add(&Big::from_i128(1))
    } else {
        quotient
    };
    let rounded = quotient.multiply(&unit);
    cx.from_number(Number::Big(Rc::new(rounded)))
}

//! Builtins on single values: lengths, texts, characters, numbers.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::operate::integer::Number;
use super::super::value::{Value, View};
use super::super::{Context, Outcome, symbols, types};
use crate::bytecode::Operator;

pub const GROUP: Group = Group {
    place: Place::Builtins,
    natives: FUNCTIONS,
};

const FUNCTIONS: &[Definition] = &[
    define("len", "obj /", |cx, args| {
        cx.length(args[0]).map(|length| Value::int(length as i64))
    }),
    define("repr", "obj /", |cx, args| {
        let text = cx.repr(args[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("ascii", "obj /", |cx, args| {
        let text = cx.ascii(args[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("format", "value format_spec= /", format),
    define("hash", "obj /", |cx, args| {
        cx.hash(args[0]).map(|hash| Value::int(hash as i64))
    }),
    define("id", "obj /", |_, args| Ok(Value::int(identity(args[0])))),
    define("abs", "x /", |cx, args| cx.absolute(args[0])),
    define("divmod", "x y /", divide),
    define("pow", "base exp mod=", power),
    define("round", "number ndigits=", super::numbers::round),
    define("callable", "obj /", |cx, args| {
        Ok(Value::bool(cx.is_callable(args[0])))
    }),
    define("chr", "i /", character),
    define("ord", "c /", code_point),
    define("hex", "number /", |cx, args| in_base(cx, args[0], "0x", 16)),
    define("oct", "number /", |cx, args| in_base(cx, args[0], "0o", 8)),
    define("bin", "number /", |cx, args| in_base(cx, args[0], "0b", 2)),
];

fn format(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let spec = match args[1].given() {
        Some(spec) => match cx.shared_text(spec) {
            Some(spec) => spec,
            None => return cx.type_error("format() argument 2 must be str, not ", spec, ""),
        },
        None => "".into(),
    };
    let text = cx.format(args[0], &spec)?;
    Ok(cx.heap().str(&text))
}

/// A number that is the value's own, as long as it lives.
fn identity(value: Value) -> i64 {
    match value.view() {
        View::Object(handle) => super::super::operate::address(handle.0) as i64,
        View::Int(i) => 0x5500_0000_0000 + (i & 0xFFFF_FFFF) * 32,
        View::Float(f) => 0x5600_0000_0000 + (f.to_bits() >> 20) as i64,
        View::Type(n) => 0x5700_0000_0000 + n as i64 * 32,
        View::Native(n) => 0x5800_0000_0000 + n as i64 * 32,
        View::Module(n) => 0x5900_0000_0000 + n as i64 * 32,
        View::Thing(n) => 0x5A00_0000_0000 + n as i64 * 32,
        View::Turn(yielded) => 0x5A80_0000_0000 + yielded as i64 * 32,
        View::Bool(b) => 0x5B00_0000_0000 + b as i64 * 32,
        View::None => 0x5B00_0000_0100,
        View::NotImplemented => 0x5B00_0000_0200,
        View::Ellipsis => 0x5B00_0000_0300,
        View::Null => 0,
    }
}

fn divide(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    if let Some((quotient, rest)) = cx.divide_numbers(args[0], args[1])? {
        return Ok(cx.heap().tuple(vec![quotient, rest]));
    }
    for (receiver, name, other) in [
        (args[0], "__divmod__", args[1]),
        (args[1], "__rdivmod__", args[0]),
    ] {
        let name = cx.symbol(name);
        if let Some(result) = cx.call_special(receiver, name, &[other]) {
            let result = result?;
            if !result.is(Value::NOT_IMPLEMENTED) {
                return Ok(result);
            }
        }
    }
    cx.unsupported("divmod()", args[0], args[1])
}

fn power(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(modulus) = args[2].given().filter(|m| !m.is_none()) else {
        return cx.binary(Operator::Power, args[0], args[1]);
    };
    match (cx.number(args[0]), cx.number(args[1]), cx.number(modulus)) {
        (Some(base), Some(exponent), Some(modulus))
            if !(base.is_float() || exponent.is_float() || modulus.is_float()) =>
        {
            cx.power_modulo(&base.big(), &exponent.big(), &modulus.big())
        }
        (Some(_), Some(_), Some(_)) => cx.error(
            types::TYPE_ERROR,
            "pow() 3rd argument not allowed unless all arguments are integers",
        ),
        _ => match cx.call_special(args[0], symbols::POWER, &[args[1], modulus]) {
            Some(result) => result,
            None => {
                let names = [
                    cx.type_name(args[0]),
                    cx.type_name(args[1]),
                    cx.type_name(modulus),
                ];
                cx.fail(
                    types::TYPE_ERROR,
                    &[
                        "unsupported operand type(s) for ** or pow(): '",
                        &names[0],
                        "', '",
                        &names[1],
                        "', '",
                        &names[2],
                        "'",
                    ],
                )
            }
        },
    }
}

fn character(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let code = cx.need_index(args[0])?;
    match u32::try_from(code).ok().filter(|code| *code < 0x11_0000) {
        None => cx.error(types::VALUE_ERROR, "chr() arg not in range(0x110000)"),
        Some(code) => match char::from_u32(code) {
            Some(c) => Ok(cx.character(c)),
            None => cx.reject(
                "half of a surrogate pair is not supported in a str",
                "use a whole character",
            ),
        },
    }
}

fn code_point(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (length, first) = match cx.machine.heap.object(args[0]) {
        Some(Object::Str(text)) => (
            text.length as usize,
            text.text.chars().next().map(|c| c as i64),
        ),
        Some(Object::Bytes(bytes)) => (bytes.len(), bytes.first().map(|b| *b as i64)),
        Some(Object::ByteArray(bytes)) => (bytes.len(), bytes.first().map(|b| *b as i64)),
        _ => return cx.type_error("ord() expected string of length 1, but ", args[0], " found"),
    };
    match first {
        Some(first) if length == 1 => Ok(Value::int(first)),
        _ => {
            let length = length.to_string();
            cx.fail(
                types::TYPE_ERROR,
                &[
                    "ord() expected a character, but string of length ",
                    &length,
                    " found",
                ],
            )
        }
    }
}

fn in_base(cx: &mut Context<'_>, value: Value, prefix: &str, base: u32) -> Outcome {
    let number = match cx.number(value) {
        Some(Number::Float(_)) | None => Number::Int(cx.need_index(value)?),
        Some(number) => number,
    };
    let text = cx.integer_text(&number, base)?;
    let text = match text.strip_prefix('-') {
        Some(digits) => ["-", prefix, digits].concat(),
        None => [prefix, &text].concat(),
    };
    Ok(cx.heap().str(&text))
}

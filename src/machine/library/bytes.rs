//! bytes and bytearray.

use std::rc::Rc;

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::value::Value;
use super::super::{Context, Outcome, types};

pub const GROUP: Group = Group {
    place: Place::Type(types::BYTES),
    natives: METHODS,
};
pub const ARRAY: Group = Group {
    place: Place::Type(types::BYTEARRAY),
    natives: ARRAY_METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "source= encoding= errors=", |cx, args| {
        let bytes = source(cx, args, "bytes")?;
        Ok(cx.heap().add(Object::Bytes(bytes.into())))
    }),
    define("decode", "encoding= errors=", decode),
    define("hex", "", hex),
    define("join", "iterable /", join),
    define("@fromhex", "string /", from_hex),
];

const ARRAY_METHODS: &[Definition] = &[
    define("__new__", "source= encoding= errors=", |cx, args| {
        let bytes = source(cx, args, "bytearray")?;
        Ok(cx.heap().add(Object::ByteArray(bytes)))
    }),
    define("decode", "encoding= errors=", decode),
    define("hex", "", hex),
    define("join", "iterable /", join),
    define("append", "item /", |cx, args| {
        let byte = byte(cx, args[1], "byte must be in range(0, 256)")?;
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(args[0]) {
            bytes.push(byte);
            cx.heap().bytes += 1;
        }
        Ok(Value::NONE)
    }),
    define("extend", "iterable /", |cx, args| {
        let more = source(
            cx,
            &[args[0], args[1], Value::NULL, Value::NULL],
            "bytearray",
        )?;
        cx.heap().bytes += more.len();
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(args[0]) {
            bytes.extend(more);
        }
        Ok(Value::NONE)
    }),
    define("clear", "", |cx, args| {
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(args[0]) {
            let count = std::mem::take(bytes).len();
            cx.heap().bytes -= count;
        }
        Ok(Value::NONE)
    }),
    define("pop", "", |cx, args| {
        let last = match cx.machine.heap.object_mut(args[0]) {
            Some(Object::ByteArray(bytes)) => bytes.pop(),
            _ => None,
        };
        match last {
            Some(byte) => {
                cx.heap().bytes -= 1;
                Ok(Value::int(byte as i64))
            }
            None => cx.error(types::INDEX_ERROR, "pop from empty bytearray"),
        }
    }),
];

fn byte(cx: &mut Context<'_>, value: Value, text: &str) -> Outcome<u8> {
    match u8::try_from(cx.need_index(value)?) {
        Ok(byte) => Ok(byte),
        Err(_) => cx.error(types::VALUE_ERROR, text),
    }
}

/// What `bytes(source)` is made of.
fn source(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome<Vec<u8>> {
    let Some(source) = args[1].given() else {
        return Ok(Vec::new());
    };
    if args[2].given().is_some() && cx.shared_text(source).is_none() {
        return cx.error(types::TYPE_ERROR, "encoding without a string argument");
    }
    if let Some(bytes) = cx.shared_bytes(source) {
        return Ok(bytes.to_vec());
    }
    if cx.shared_text(source).is_some() {
        if args[2].is_null() {
            return cx.error(types::TYPE_ERROR, "string argument without an encoding");
        }
        return encoded(cx, source, args[2], args[3]);
    }
    if let Some(count) = cx.size(source)? {
        if count < 0 {
            return cx.error(types::VALUE_ERROR, "negative count");
        }
        cx.reserve(count as usize)?;
        return Ok(vec![0; count as usize]);
    }
    let mut bytes = Vec::new();
    let range = if name == "bytes" {
        "bytes must be in range(0, 256)"
    } else {
        "byte must be in range(0, 256)"
    };
    let result = cx.each(source, &mut |cx, item| {
        bytes.push(byte(cx, item, range)?);
        Ok(true)
    });
    match result {
        Ok(()) => Ok(bytes),
        Err(control) if cx.iterator_problem(source) && cx.drop_if(&control, types::TYPE_ERROR) => {
            cx.type_error("cannot convert '", source, &["' object to ", name].concat())
        }
        Err(control) => Err(control),
    }
}

/// An encoding's name without what may vary in it.
fn encoding(cx: &mut Context<'_>, value: Value) -> Outcome<&'static str> {
    let Some(name) = value.given() else {
        return Ok("utf-8");
    };
    let name = cx.shared_text(name).unwrap_or_default();
    let plain = name.to_ascii_lowercase().replace(['-', '_', ' '], "");
    match plain.as_str() {
        "utf8" | "u8" => Ok("utf-8"),
        "ascii" | "usascii" => Ok("ascii"),
        "latin1" | "iso88591" | "l1" => Ok("latin-1"),
        _ => cx.fail(types::LOOKUP_ERROR, &["unknown encoding: ", &name]),
    }
}

pub fn encode(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let bytes = encoded(cx, args[0], args[1], args[2])?;
    Ok(cx.heap().add(Object::Bytes(bytes.into())))
}

fn encoded(cx: &mut Context<'_>, given: Value, name: Value, errors: Value) -> Outcome<Vec<u8>> {
    let text = cx.shared_text(given).unwrap_or_default();
    let name = encoding(cx, name)?;
    let limit = match name {
        "utf-8" => return Ok(text.as_bytes().to_vec()),
        "ascii" => 128,
        _ => 256,
    };
    let errors = cx.shared_text(errors).unwrap_or_else(|| "strict".into());
    let mut bytes = Vec::new();
    for (at, c) in text.chars().enumerate() {
        match c as u32 {
            code if code < limit => bytes.push(code as u8),
            _ => match &*errors {
                "ignore" => {}
                "replace" => bytes.push(b'?'),
                _ => {
                    is_strict(cx, &errors)?;
                    let rest = text.chars().skip(at);
                    let end = at + rest.take_while(|c| *c as u32 >= limit).count();
                    let reason = format!("ordinal not in range({limit})");
                    let kind = types::UNICODE_ENCODE_ERROR;
                    let places = (at, end);
                    let raised = cx.unicode_error(kind, (name, given), places, &reason);
                    return raised.map(|_| Vec::new());
                }
            },
        }
    }
    Ok(bytes)
}

/// Whether errors are raised; there are other ways to handle them.
fn is_strict(cx: &mut Context<'_>, errors: &str) -> Outcome<()> {
    const OTHERS: &str =
        "backslashreplace namereplace surrogateescape surrogatepass xmlcharrefreplace";
    match errors {
        "strict" => Ok(()),
        _ if OTHERS.split(' ').any(|other| other == errors) => {
            let text = ["the error handler '", errors, "' is not supported"].concat();
            cx.reject(&text, "use 'replace' or 'ignore'")
        }
        _ => cx.fail(
            types::LOOKUP_ERROR,
            &["unknown error handler name '", errors, "'"],
        ),
    }
}

pub fn decode(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let name = encoding(cx, args[1])?;
    let errors = cx.shared_text(args[2]).unwrap_or_else(|| "strict".into());
    let bytes = cx.shared_bytes(args[0]).unwrap_or_default();
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let problem = match name {
            "latin-1" => {
                out.push(bytes[at] as char);
                at += 1;
                continue;
            }
            "ascii" if bytes[at].is_ascii() => {
                out.push(bytes[at] as char);
                at += 1;
                continue;
            }
            "ascii" => (1, "ordinal not in range(128)"),
            _ => match std::str::from_utf8(&bytes[at..]) {
                Ok(text) => {
                    out.push_str(text);
                    break;
                }
                Err(problem) => {
                    let good = problem.valid_up_to();
                    out.push_str(std::str::from_utf8(&bytes[at..at + good]).unwrap_or(""));
                    at += good;
                    match problem.error_len() {
                        None => (bytes.len() - at, "unexpected end of data"),
                        Some(_) if matches!(bytes[at], 0x80..=0xC1 | 0xF5..) => {
                            (1, "invalid start byte")
                        }
                        Some(length) => (length, "invalid continuation byte"),
                    }
                }
            },
        };
        match &*errors {
            "ignore" => {}
            "replace" => out.push('\u{FFFD}'),
            _ => {
                is_strict(cx, &errors)?;
                let places = (at, at + problem.0);
                let kind = types::UNICODE_DECODE_ERROR;
                return cx.unicode_error(kind, (name, args[0]), places, problem.1);
            }
        }
        at += problem.0;
    }
    Ok(cx.heap().str(&out))
}

fn bytes(cx: &Context<'_>, value: Value) -> Rc<[u8]> {
    cx.shared_bytes(value).unwrap_or_default()
}

/// A result of the type of `like`.
fn alike(cx: &mut Context<'_>, like: Value, bytes: &[u8]) -> Value {
    let array = cx.type_number(like) == types::BYTEARRAY;
    cx.heap().add(if array {
        Object::ByteArray(bytes.to_vec())
    } else {
        Object::Bytes(bytes.into())
    })
}

fn hex(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut out = String::new();
    for byte in bytes(cx, args[0]).iter() {
        out.push_str(&super::super::operate::hexadecimal(*byte as u64 | 0x100)[1..]);
    }
    Ok(cx.heap().str(&out))
}

fn from_hex(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let text = cx.shared_text(args[1]).unwrap_or_default();
    let mut digits = Vec::new();
    for (at, c) in text.chars().enumerate() {
        match c.to_digit(16) {
            Some(digit) => digits.push(digit as u8),
            None if c.is_ascii_whitespace() && digits.len() % 2 == 0 => {}
            None => {
                let at = at.to_string();
                return cx.fail(
                    types::VALUE_ERROR,
                    &[
                        "non-hexadecimal number found in fromhex() arg at position ",
                        &at,
                    ],
                );
            }
        }
    }
    if digits.len() % 2 == 1 {
        let at = text.chars().count().to_string();
        return cx.fail(
            types::VALUE_ERROR,
            &[
                "non-hexadecimal number found in fromhex() arg at position ",
                &at,
            ],
        );
    }
    let result: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect();
    Ok(cx.heap().add(Object::Bytes(result.into())))
}

fn join(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let separator = bytes(cx, args[0]);
    let mut out = Vec::new();
    let mut number = 0usize;
    cx.each(args[1], &mut |cx, item| {
        let Some(part) = cx.shared_bytes(item) else {
            let number = number.to_string();
            let text = [
                "sequence item ",
                &number,
                ": expected a bytes-like object, ",
            ]
            .concat();
            return cx.type_error(&text, item, " found");
        };
        if number > 0 {
            out.extend_from_slice(&separator);
        }
        out.extend_from_slice(&part);
        number += 1;
        Ok(true)
    })?;
    Ok(alike(cx, args[0], &out))
}

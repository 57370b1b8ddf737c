//! bytes and bytearray.

use std::rc::Rc;

use super::super::native::{Definition, Group, Place, define, lists};
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
    define("hex", "sep= bytes_per_sep=", hex),
    define("join", "iterable /", join),
    define("@fromhex", "string /", from_hex),
];

const ARRAY_METHODS: &[Definition] = &[
    define("__new__", "source= encoding= errors=", |cx, args| {
        let bytes = source(cx, args, "bytearray")?;
        Ok(cx.heap().add(Object::ByteArray(bytes)))
    }),
    define("__init__", "source= encoding= errors=", |cx, args| {
        let new = source(cx, args, "bytearray")?;
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(args[0]) {
            *bytes = new;
        }
        Ok(Value::NONE)
    }),
    define("decode", "encoding= errors=", decode),
    define("hex", "sep= bytes_per_sep=", hex),
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
        let mut more = Vec::new();
        if let Some(bytes) = cx.shared_bytes(args[1]) {
            more.extend_from_slice(&bytes);
        } else if cx.is_iterable(args[1]) {
            cx.each(args[1], &mut |cx, item| {
                more.push(byte(cx, item, "byte must be in range(0, 256)")?);
                Ok(true)
            })?;
        } else {
            return cx.type_error("can't extend bytearray with ", args[1], "");
        }
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
    define("pop", "index= /", |cx, args| {
        let at = match args[1].given() {
            None => -1,
            Some(at) => cx.need_index(at)?,
        };
        let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(args[0]) else {
            return Ok(Value::NONE);
        };
        let length = bytes.len() as i64;
        let at = if at < 0 { at + length } else { at };
        if (0..length).contains(&at) {
            let byte = bytes.remove(at as usize);
            cx.heap().bytes -= 1;
            return Ok(Value::int(byte as i64));
        }
        let problem = match length {
            0 => "pop from empty bytearray",
            _ => "pop index out of range",
        };
        cx.error(types::INDEX_ERROR, problem)
    }),
];

fn byte(cx: &mut Context<'_>, value: Value, text: &str) -> Outcome<u8> {
    match u8::try_from(cx.need_index(value)?) {
        Ok(byte) => Ok(byte),
        Err(_) => cx.error(types::VALUE_ERROR, text),
    }
}

/// What `bytes(source)` is made of.
pub fn source(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome<Vec<u8>> {
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
        let encoding = encoding(cx, args[2], name)?;
        return encoded(cx, source, encoding, args[3]);
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

/// How names of encodings begin that CPython has and Interleave has not.
const KNOWN: &str = "utf cp iso mac koi8 big5 gb euc shift idna punycode rawunicode unicodeescape hex base64 rot13 windows latin";

/// What becomes of what an encoding cannot say: true for leaving it out, false for a replacement, None for an error.
#[cold]
#[inline(never)]
fn handling(cx: &mut Context<'_>, errors: Value) -> Outcome<Option<bool>> {
    let name = cx.shared_text(errors).unwrap_or_else(|| "strict".into());
    match &*name {
        "strict" => Ok(None),
        "ignore" => Ok(Some(true)),
        "replace" => Ok(Some(false)),
        name if lists(
            "backslashreplace namereplace xmlcharrefreplace surrogateescape surrogatepass",
            name,
        ) =>
        {
            let text = ["`errors=\"", name, "\"` is not supported"].concat();
            cx.reject(&text, "use \"ignore\" or \"replace\"")
        }
        _ => cx.fail(
            types::LOOKUP_ERROR,
            &["unknown error handler name '", &name, "'"],
        ),
    }
}

/// An encoding's name without what may vary in it.
fn encoding(cx: &mut Context<'_>, value: Value, called: &str) -> Outcome<&'static str> {
    let Some(name) = value.given() else {
        return Ok("utf-8");
    };
    let Some(name) = cx.shared_text(name) else {
        let text = [called, "() argument 'encoding' must be str, not "].concat();
        return cx.type_error(&text, name, "");
    };
    let plain = name.to_ascii_lowercase().replace(['-', '_', ' '], "");
    match plain.as_str() {
        "utf8" | "u8" => Ok("utf-8"),
        "ascii" | "usascii" => Ok("ascii"),
        "latin1" | "iso88591" | "l1" => Ok("latin-1"),
        _ if KNOWN.split(' ').any(|known| plain.starts_with(known)) => {
            let text = ["the encoding `", &name, "` is not supported"].concat();
            cx.reject(&text, "use utf-8, ascii or latin-1")
        }
        _ => cx.fail(types::LOOKUP_ERROR, &["unknown encoding: ", &name]),
    }
}

pub fn encode(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let name = encoding(cx, args[1], "encode")?;
    let bytes = encoded(cx, args[0], name, args[2])?;
    Ok(cx.heap().add(Object::Bytes(bytes.into())))
}

fn encoded(
    cx: &mut Context<'_>,
    given: Value,
    name: &'static str,
    errors: Value,
) -> Outcome<Vec<u8>> {
    let text = cx.shared_text(given).unwrap_or_default();
    let limit = match name {
        "utf-8" => return Ok(text.as_bytes().to_vec()),
        "ascii" => 128,
        _ => 256,
    };
    let mut bytes = Vec::new();
    for (at, c) in text.chars().enumerate() {
        match c as u32 {
            code if code < limit => bytes.push(code as u8),
            _ => match handling(cx, errors)? {
                Some(true) => {}
                Some(false) => bytes.push(b'?'),
                None => {
                    let rest = text.chars().skip(at);
                    let end = at + rest.take_while(|c| *c as u32 >= limit).count();
                    let reason = format!("ordinal not in range({limit})");
                    let kind = types::UNICODE_ENCODE_ERROR;
                    let raised = cx.unicode_error(kind, (name, given), (at, end), &reason);
                    return raised.map(|_| Vec::new());
                }
            },
        }
    }
    Ok(bytes)
}

pub fn decode(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let name = encoding(cx, args[1], "decode")?;
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
        match handling(cx, args[2])? {
            Some(true) => {}
            Some(false) => out.push('\u{FFFD}'),
            None => {
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
    if args[2].given().is_some() {
        return cx.reject("`bytes_per_sep` is not supported", "leave it out");
    }
    let sep = match args[1].given() {
        None => "".into(),
        Some(sep) => match cx.shared_text(sep) {
            Some(sep) if sep.len() == 1 => sep,
            Some(sep) if sep.chars().count() == 1 => {
                return cx.error(types::VALUE_ERROR, "sep must be ASCII.");
            }
            Some(_) => return cx.error(types::VALUE_ERROR, "sep must be length 1."),
            None => return cx.reject("a separator that is no str is not supported", "pass a str"),
        },
    };
    let mut out = String::new();
    for (at, byte) in bytes(cx, args[0]).iter().enumerate() {
        if at > 0 {
            out.push_str(&sep);
        }
        out.push_str(&super::super::operate::hexadecimal(*byte as u64 | 0x100)[1..]);
    }
    Ok(cx.heap().str(&out))
}

fn from_hex(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let Some(text) = cx.shared_text(args[1]) else {
        return cx.type_error("fromhex() argument must be str, not ", args[1], "");
    };
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
    if !cx.is_iterable(args[1]) {
        return cx.error(types::TYPE_ERROR, "can only join an iterable");
    }
    let mut out = Vec::new();
    let mut number = 0usize;
    cx.each(args[1], &mut |cx, item| {
        let plain = cx.machine.heap.plain(item);
        let Some(part) = cx.shared_bytes(plain) else {
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

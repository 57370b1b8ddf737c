//! What bytes and bytearray share with str: each method is str's, on text that stands for the bytes.

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
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("find", "sub start= end= /", |cx, args| {
        search(cx, args, "find")
    }),
    define("rfind", "sub start= end= /", |cx, args| {
        search(cx, args, "rfind")
    }),
    define("index", "sub start= end= /", |cx, args| {
        need(cx, args, "find")
    }),
    define("rindex", "sub start= end= /", |cx, args| {
        need(cx, args, "rfind")
    }),
    define("count", "sub start= end= /", |cx, args| {
        search(cx, args, "count")
    }),
    define("startswith", "prefix start= end= /", |cx, args| {
        starts(cx, args, "startswith")
    }),
    define("endswith", "suffix start= end= /", |cx, args| {
        starts(cx, args, "endswith")
    }),
    define("replace", "old new count= /", |cx, args| {
        via(cx, args, "replace")
    }),
    define("split", "sep= maxsplit=", |cx, args| via(cx, args, "split")),
    define("rsplit", "sep= maxsplit=", |cx, args| {
        via(cx, args, "rsplit")
    }),
    define("splitlines", "keepends=", |cx, args| {
        via(cx, args, "splitlines")
    }),
    define("partition", "sep /", |cx, args| via(cx, args, "partition")),
    define("rpartition", "sep /", |cx, args| {
        via(cx, args, "rpartition")
    }),
    define("strip", "chars= /", |cx, args| via(cx, args, "strip")),
    define("lstrip", "chars= /", |cx, args| via(cx, args, "lstrip")),
    define("rstrip", "chars= /", |cx, args| via(cx, args, "rstrip")),
    define("removeprefix", "prefix /", |cx, args| {
        via(cx, args, "removeprefix")
    }),
    define("removesuffix", "suffix /", |cx, args| {
        via(cx, args, "removesuffix")
    }),
    define("center", "width fillchar= /", |cx, args| {
        via(cx, args, "center")
    }),
    define("ljust", "width fillchar= /", |cx, args| {
        via(cx, args, "ljust")
    }),
    define("rjust", "width fillchar= /", |cx, args| {
        via(cx, args, "rjust")
    }),
    define("zfill", "width /", |cx, args| via(cx, args, "zfill")),
    define("expandtabs", "tabsize=", |cx, args| {
        via(cx, args, "expandtabs")
    }),
    define("upper", "", |cx, args| via(cx, args, "upper")),
    define("lower", "", |cx, args| via(cx, args, "lower")),
    define("capitalize", "", |cx, args| via(cx, args, "capitalize")),
    define("title", "", |cx, args| via(cx, args, "title")),
    define("swapcase", "", |cx, args| via(cx, args, "swapcase")),
    define("isalpha", "", |cx, args| via(cx, args, "isalpha")),
    define("isalnum", "", |cx, args| via(cx, args, "isalnum")),
    define("isdigit", "", |cx, args| via(cx, args, "isdigit")),
    define("isspace", "", |cx, args| via(cx, args, "isspace")),
    define("islower", "", |cx, args| via(cx, args, "islower")),
    define("isupper", "", |cx, args| via(cx, args, "isupper")),
    define("istitle", "", |cx, args| via(cx, args, "istitle")),
];

/// Where the characters begin that stand for bytes which mean nothing here.
const HIDDEN: u32 = 0xE000;

fn to_text(bytes: &[u8], lines: bool) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            // What str would take for a line's end or for space.
            0x1C..=0x1F | 0x80.. => char::from_u32(HIDDEN + *byte as u32).unwrap_or(' '),
            0x0B | 0x0C if lines => char::from_u32(HIDDEN + *byte as u32).unwrap_or(' '),
            _ => *byte as char,
        })
        .collect()
}

fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| c as u32 as u8).collect()
}

/// An argument as str's method takes it; owned.
fn argument(cx: &mut Context<'_>, value: Value, lines: bool, wanted: bool) -> Outcome {
    if let Some(bytes) = cx.shared_bytes(value) {
        let text = to_text(&bytes, lines);
        return Ok(cx.heap().str(&text));
    }
    if wanted && value.given().is_some_and(|v| !v.is_none())
        || cx.machine.heap.text(value).is_some()
    {
        return cx.type_error("a bytes-like object is required, not '", value, "'");
    }
    Ok(cx.heap().retain(value))
}

/// A result as bytes wherever there is a str in it.
fn result(cx: &mut Context<'_>, value: Value, array: bool) -> Value {
    let converted = match cx.machine.heap.object(value) {
        Some(Object::Str(text)) => {
            let bytes = to_bytes(&text.text);
            if array {
                Object::ByteArray(bytes)
            } else {
                Object::Bytes(bytes.into())
            }
        }
        Some(Object::List(items)) => {
            let items = items.clone();
            Object::List(items.iter().map(|item| part(cx, *item, array)).collect())
        }
        Some(Object::Tuple(items)) => {
            let items = items.clone();
            Object::Tuple(items.iter().map(|item| part(cx, *item, array)).collect())
        }
        _ => return value,
    };
    let converted = cx.heap().add(converted);
    cx.heap().release(value);
    converted
}

/// A part of a result that stays the owner of its own.
fn part(cx: &mut Context<'_>, item: Value, array: bool) -> Value {
    cx.heap().retain(item);
    result(cx, item, array)
}

/// Calls str's method of this name.
fn via(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome {
    let array = cx.type_number(args[0]) == types::BYTEARRAY;
    let symbol = cx.symbol(name);
    let Some(native) = cx.machine.natives.method(types::STR, symbol) else {
        return Ok(Value::NONE);
    };
    let function = cx.machine.natives.all[native as usize].function;
    let mut converted = Vec::with_capacity(args.len());
    // How many arguments behind the bytes are bytes as well.
    let wanted = match name {
        "replace" => 2,
        "split" | "rsplit" | "partition" | "rpartition" | "strip" | "lstrip" | "rstrip"
        | "removeprefix" | "removesuffix" => 1,
        _ => 0,
    };
    for (at, value) in args.iter().enumerate() {
        match argument(cx, *value, name == "splitlines", (1..=wanted).contains(&at)) {
            Ok(value) => converted.push(value),
            Err(e) => {
                cx.heap().release_all(converted);
                return Err(e);
            }
        }
    }
    let outcome = function(cx, &converted);
    cx.heap().release_all(converted);
    let value = result(cx, outcome?, array);
    // What did not change is itself.
    if !array
        && cx
            .shared_bytes(value)
            .is_some_and(|new| Some(new) == cx.shared_bytes(args[0]))
    {
        cx.heap().release(value);
        return Ok(cx.heap().retain(args[0]));
    }
    Ok(value)
}

/// What is searched for may be a single byte.
fn search(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome {
    if cx.shared_bytes(args[1]).is_some() {
        return via(cx, args, name);
    }
    let Some(byte) = cx.index(args[1])? else {
        return cx.type_error(
            "argument should be integer or bytes-like object, not '",
            args[1],
            "'",
        );
    };
    let Ok(byte) = u8::try_from(byte) else {
        return cx.error(types::VALUE_ERROR, "byte must be in range(0, 256)");
    };
    let one = cx.heap().add(Object::Bytes([byte].into()));
    let result = via(cx, &[args[0], one, args[2], args[3]], name);
    cx.heap().release(one);
    result
}

fn need(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome {
    let found = search(cx, args, name)?;
    if found.as_int() == Some(-1) {
        return cx.error(types::VALUE_ERROR, "subsection not found");
    }
    Ok(found)
}

fn starts(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome {
    let options = match cx.machine.heap.object(args[1]) {
        Some(Object::Tuple(items)) => items.to_vec(),
        _ if cx.shared_bytes(args[1]).is_some() => vec![args[1]],
        _ => {
            let text = [name, " first arg must be bytes or a tuple of bytes, not "].concat();
            return cx.type_error(&text, args[1], "");
        }
    };
    for option in options {
        if via(cx, &[args[0], option, args[2], args[3]], name)?.is(Value::TRUE) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

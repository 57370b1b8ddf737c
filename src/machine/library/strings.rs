//! Methods of str: making, casing, padding, joining. Searching and splitting is in `search`.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::operate::spec::{Spec, pad};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::keywords;

pub const GROUP: Group = Group {
    place: Place::Type(types::STR),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("__new__", "object= encoding= errors=", new),
    define("upper", "", |cx, args| {
        change(cx, args, |text| text.to_uppercase())
    }),
    define("lower", "", |cx, args| {
        change(cx, args, |text| text.to_lowercase())
    }),
    define("casefold", "", |cx, args| change(cx, args, fold)),
    define("capitalize", "", |cx, args| change(cx, args, capitalize)),
    define("title", "", |cx, args| change(cx, args, title)),
    define("swapcase", "", |cx, args| change(cx, args, swap_case)),
    define("center", "width fillchar= /", |cx, args| {
        justify(cx, args, '^')
    }),
    define("ljust", "width fillchar= /", |cx, args| {
        justify(cx, args, '<')
    }),
    define("rjust", "width fillchar= /", |cx, args| {
        justify(cx, args, '>')
    }),
    define("zfill", "width /", zero_fill),
    define("expandtabs", "tabsize=", expand_tabs),
    define("join", "iterable /", join),
    define("format", "*values **", format),
    define("format_map", "mapping /", format_map),
    define("@maketrans", "x y= z= /", make_translation),
    define("translate", "table /", translate),
    define("encode", "encoding= errors=", super::bytes::encode),
];

/// The text of `self`.
pub fn text(cx: &Context<'_>, value: Value) -> std::rc::Rc<str> {
    cx.shared_text(value).unwrap_or_default()
}

fn new(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    match args[1].given() {
        None => Ok(cx.heap().str("")),
        Some(object) if args[2].is_null() && args[3].is_null() => cx.str_value(object),
        Some(object) => match cx.shared_bytes(object) {
            Some(_) => super::bytes::decode(cx, &[object, args[2], args[3]]),
            None if cx.shared_text(object).is_some() => {
                cx.error(types::TYPE_ERROR, "decoding str is not supported")
            }
            None => cx.type_error(
                "decoding to str: need a bytes-like object, ",
                object,
                " found",
            ),
        },
    }
}

fn change(cx: &mut Context<'_>, args: &[Value], f: fn(&str) -> String) -> Outcome {
    let changed = f(&text(cx, args[0]));
    Ok(cx.heap().str(&changed))
}

/// For comparing: as `lower`, but each letter by itself.
fn fold(text: &str) -> String {
    let lower: String = text.chars().flat_map(char::to_lowercase).collect();
    lower.replace('ß', "ss").replace('ς', "σ")
}

/// A letter at the start of a word: of several capitals only the first one stays.
fn title_case(c: char) -> String {
    let mut upper = c.to_uppercase();
    let mut out: String = upper.by_ref().take(1).collect();
    out.extend(upper.flat_map(char::to_lowercase));
    out
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => title_case(first) + &chars.as_str().to_lowercase(),
        None => String::new(),
    }
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        let cased = c.is_lowercase() || c.is_uppercase();
        if cased && inside {
            out.extend(c.to_lowercase());
        } else {
            out.push_str(&title_case(c));
        }
        inside = cased;
    }
    out
}

fn swap_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_lowercase() {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

fn justify(cx: &mut Context<'_>, args: &[Value], align: char) -> Outcome {
    let width = cx.need_index(args[1])?.max(0) as usize;
    let mut fill = ' ';
    if let Some(given) = args[2].given() {
        let Some(given_text) = cx.shared_text(given) else {
            return cx.type_error(
                "The fill character must be a unicode character, not ",
                given,
                "",
            );
        };
        match (given_text.chars().next(), given_text.chars().nth(1)) {
            (Some(c), None) => fill = c,
            _ => {
                return cx.error(
                    types::TYPE_ERROR,
                    "The fill character must be exactly one character long",
                );
            }
        }
    }
    cx.reserve(width)?;
    let text = text(cx, args[0]);
    let mut spec = Spec {
        fill,
        width,
        align: Some(align),
        ..Spec::PLAIN
    };
    if align == '^' {
        // Where format() rounds down, center() rounds by the parity of the width.
        let length = text.chars().count();
        let missing = width.saturating_sub(length);
        let left = missing / 2 + (missing & width & 1);
        let start = pad(
            &text,
            Spec {
                width: length + left,
                align: Some('>'),
                ..spec
            },
            '>',
        );
        spec.align = Some('<');
        let padded = pad(&start, spec, '<');
        return Ok(cx.heap().str(&padded));
    }
    let padded = pad(&text, spec, align);
    Ok(cx.heap().str(&padded))
}

fn zero_fill(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let width = cx.need_index(args[1])?.max(0) as usize;
    cx.reserve(width)?;
    let text = text(cx, args[0]);
    let missing = width.saturating_sub(text.chars().count());
    let (sign, rest) = if text.starts_with(['+', '-']) {
        text.split_at(1)
    } else {
        ("", &*text)
    };
    let filled = [sign, &"0".repeat(missing), rest].concat();
    Ok(cx.heap().str(&filled))
}

fn expand_tabs(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let size = if args[1].is_null() {
        8
    } else {
        cx.need_index(args[1])?.max(0) as usize
    };
    let mut out = String::new();
    let mut column = 0;
    for c in text(cx, args[0]).chars() {
        match c {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                cx.reserve(out.len().saturating_add(spaces))?;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\t' => {}
            _ => {
                column = if c == '\n' || c == '\r' {
                    0
                } else {
                    column + 1
                };
                out.push(c);
            }
        }
    }
    Ok(cx.heap().str(&out))
}

fn join(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = match cx.items(args[1]) {
        Ok(items) => items,
        Err(control) => {
            let iterable = cx.has_own_class(args[1]) || cx.builtin_length(args[1]).is_some();
            if !iterable && cx.drop_if(&control, types::TYPE_ERROR) {
                return cx.error(types::TYPE_ERROR, "can only join an iterable");
            }
            return Err(control);
        }
    };
    let separator = text(cx, args[0]);
    let mut out = String::new();
    let mut wrong = None;
    for (at, item) in items.iter().enumerate() {
        match cx.machine.heap.text(*item) {
            Some(part) => {
                if at > 0 {
                    out.push_str(&separator);
                }
                out.push_str(part);
            }
            None => {
                wrong = Some((at, cx.type_name(*item)));
                break;
            }
        }
    }
    cx.heap().release_all(items);
    match wrong {
        None => Ok(cx.heap().str(&out)),
        Some((at, name)) => {
            let at = at.to_string();
            cx.fail(
                types::TYPE_ERROR,
                &[
                    "sequence item ",
                    &at,
                    ": expected str instance, ",
                    &name,
                    " found",
                ],
            )
        }
    }
}

fn format(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (values, names) = keywords(&args[1..]);
    let template = text(cx, args[0]);
    let formatted = cx.format_template(&template, values, names.unwrap_or(Value::NULL))?;
    Ok(cx.heap().str(&formatted))
}

fn format_map(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let template = text(cx, args[0]);
    if cx.type_number(args[1]) != types::DICT {
        return cx.reject(
            "format_map with something that is no dict is not supported",
            "pass a dict",
        );
    }
    let formatted = cx.format_template(&template, &[], args[1])?;
    Ok(cx.heap().str(&formatted))
}

fn make_translation(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let table = cx.new_dict();
    let done = fill_translation(cx, table, args);
    match done {
        Ok(()) => Ok(table),
        Err(e) => {
            cx.heap().release(table);
            Err(e)
        }
    }
}

fn fill_translation(cx: &mut Context<'_>, table: Value, args: &[Value]) -> Outcome<()> {
    let (Some(from), Some(y)) = (cx.shared_text(args[1]), args[2].given()) else {
        if cx.type_number(args[1]) != types::DICT {
            return cx.error(
                types::TYPE_ERROR,
                "if you give only one argument to maketrans it must be a dict",
            );
        }
        let mut place = 0;
        while let Some((entry, next)) = cx.entry_from(args[1], place) {
            place = next;
            let key = match cx.shared_text(entry.key) {
                Some(text) if text.chars().count() == 1 => {
                    Value::int(text.chars().next().unwrap_or('\0') as i64)
                }
                Some(_) => {
                    return cx.error(
                        types::VALUE_ERROR,
                        "string keys in translate table must be of length 1",
                    );
                }
                None => entry.key,
            };
            cx.dict_set(table, key, entry.value)?;
        }
        return Ok(());
    };
    let Some(to) = cx.shared_text(y) else {
        return cx.type_error("maketrans() argument 2 must be str, not ", y, "");
    };
    if from.chars().count() != to.chars().count() {
        return cx.error(
            types::VALUE_ERROR,
            "the first two maketrans arguments must have equal length",
        );
    }
    for (a, b) in from.chars().zip(to.chars()) {
        cx.dict_set(table, Value::int(a as i64), Value::int(b as i64))?;
    }
    if let Some(gone) = args[3].given().and_then(|z| cx.shared_text(z)) {
        for c in gone.chars() {
            cx.dict_set(table, Value::int(c as i64), Value::NONE)?;
        }
    }
    Ok(())
}

fn translate(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let mut out = String::new();
    for c in text(cx, args[0]).chars() {
        let found = match cx.get_item(args[1], Value::int(c as i64)) {
            Ok(found) => found,
            Err(control) if cx.drop_if(&control, types::LOOKUP_ERROR) => {
                out.push(c);
                continue;
            }
            Err(control) => return Err(control),
        };
        if let Some(code) = found.as_int().and_then(|i| char::from_u32(i as u32)) {
            out.push(code);
        } else if let Some(Object::Str(text)) = cx.machine.heap.object(found) {
            out.push_str(&text.text);
        } else if !found.is_none() {
            cx.heap().release(found);
            return cx.error(
                types::TYPE_ERROR,
                "character mapping must return integer, None or str",
            );
        }
        cx.heap().release(found);
    }
    Ok(cx.heap().str(&out))
}

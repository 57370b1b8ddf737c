//! Methods of str that ask what it consists of.

use super::super::native::{Definition, Group, Place, define};
use super::super::operate::{is_printable, is_space};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::strings::text;

pub const GROUP: Group = Group {
    place: Place::Type(types::STR),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("isalpha", "", |cx, args| all(cx, args, char::is_alphabetic)),
    define("isalnum", "", |cx, args| {
        all(cx, args, char::is_alphanumeric)
    }),
    define("isdigit", "", |cx, args| all(cx, args, is_digit)),
    define("isdecimal", "", |cx, args| all(cx, args, is_decimal)),
    define("isnumeric", "", |cx, args| all(cx, args, char::is_numeric)),
    define("isspace", "", |cx, args| all(cx, args, is_space)),
    define("isprintable", "", |cx, args| {
        Ok(Value::bool(text(cx, args[0]).chars().all(is_printable)))
    }),
    define("isascii", "", |cx, args| {
        Ok(Value::bool(text(cx, args[0]).is_ascii()))
    }),
    define("islower", "", |cx, args| cased(cx, args, false)),
    define("isupper", "", |cx, args| cased(cx, args, true)),
    define("istitle", "", is_title),
    define("isidentifier", "", is_identifier),
];

fn all(cx: &mut Context<'_>, args: &[Value], test: fn(char) -> bool) -> Outcome {
    let text = text(cx, args[0]);
    Ok(Value::bool(!text.is_empty() && text.chars().all(test)))
}

fn cased(cx: &mut Context<'_>, args: &[Value], upper: bool) -> Outcome {
    let mut any = false;
    for c in text(cx, args[0]).chars() {
        let (wanted, other) = if upper {
            (c.is_uppercase(), c.is_lowercase())
        } else {
            (c.is_lowercase(), c.is_uppercase())
        };
        if other {
            return Ok(Value::FALSE);
        }
        any |= wanted;
    }
    Ok(Value::bool(any))
}

fn is_title(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (mut any, mut inside) = (false, false);
    for c in text(cx, args[0]).chars() {
        let (upper, lower) = (c.is_uppercase(), c.is_lowercase());
        if upper && inside || lower && !inside {
            return Ok(Value::FALSE);
        }
        inside = upper || lower;
        any |= inside;
    }
    Ok(Value::bool(any))
}

fn is_identifier(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let text = text(cx, args[0]);
    let starts = text
        .chars()
        .next()
        .is_some_and(|c| c == '_' || c.is_alphabetic());
    Ok(Value::bool(
        starts && text.chars().all(|c| c == '_' || c.is_alphanumeric()),
    ))
}

/// The zeros of the usual scripts; nine digits follow each.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10,
];

fn is_decimal(c: char) -> bool {
    ZEROS
        .iter()
        .any(|zero| (*zero..zero + 10).contains(&(c as u32)))
}

/// Decimal digits, raised and lowered ones, and those in circles.
fn is_digit(c: char) -> bool {
    is_decimal(c)
        || matches!(c, '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' | '\u{2460}'..='\u{2468}')
}

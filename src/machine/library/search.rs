//! Methods of str that look into it: finding, replacing, splitting, stripping, asking what it consists of.

use super::super::native::{Definition, Group, Place, define};
use super::super::object::Object;
use super::super::operate::is_space;
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use super::strings::text;

pub const GROUP: Group = Group {
    place: Place::Type(types::STR),
    natives: METHODS,
};

const METHODS: &[Definition] = &[
    define("find", "sub start= end= /", |cx, args| {
        Ok(Value::int(find(cx, args, "find")?.unwrap_or(-1)))
    }),
    define("rfind", "sub start= end= /", |cx, args| {
        Ok(Value::int(find(cx, args, "rfind")?.unwrap_or(-1)))
    }),
    define("index", "sub start= end= /", |cx, args| {
        need_found(cx, args, "index")
    }),
    define("rindex", "sub start= end= /", |cx, args| {
        need_found(cx, args, "rindex")
    }),
    define("count", "sub start= end= /", count),
    define("startswith", "prefix start= end= /", |cx, args| {
        starts(cx, args, false)
    }),
    define("endswith", "suffix start= end= /", |cx, args| {
        starts(cx, args, true)
    }),
    define("replace", "old new / count=", replace),
    define("split", "sep= maxsplit=", |cx, args| split(cx, args, false)),
    define("rsplit", "sep= maxsplit=", |cx, args| split(cx, args, true)),
    define("splitlines", "keepends=", split_lines),
    define("partition", "sep /", |cx, args| partition(cx, args, false)),
    define("rpartition", "sep /", |cx, args| partition(cx, args, true)),
    define("strip", "chars= /", |cx, args| strip(cx, args, true, true)),
    define("lstrip", "chars= /", |cx, args| {
        strip(cx, args, true, false)
    }),
    define("rstrip", "chars= /", |cx, args| {
        strip(cx, args, false, true)
    }),
    define("removeprefix", "prefix /", |cx, args| {
        remove_end(cx, args, false)
    }),
    define("removesuffix", "suffix /", |cx, args| {
        remove_end(cx, args, true)
    }),
];

/// The str among the arguments, or TypeError.
fn need_text(cx: &mut Context<'_>, value: Value, before: &str) -> Outcome<std::rc::Rc<str>> {
    match cx.shared_text(value) {
        Some(text) => Ok(text),
        None => cx.type_error(before, value, ""),
    }
}

/// The part between `start` and `end`: the offset of its first byte and of its end. None if it starts behind the text.
fn part(cx: &mut Context<'_>, args: &[Value]) -> Outcome<Option<(usize, usize)>> {
    let Some(Object::Str(text)) = cx.machine.heap.object(args[0]) else {
        return Ok(None);
    };
    let text = text.clone();
    let length = text.length as i64;
    let bounds = bounds(cx, args, length)?;
    let end = bounds[1].min(length);
    if bounds[0] > end {
        return Ok(None);
    }
    Ok(Some((
        offset(&text, bounds[0] as usize),
        offset(&text, end as usize),
    )))
}

/// `start` and `end`, the third and fourth argument, of what is so long.
pub(super) fn bounds(cx: &mut Context<'_>, args: &[Value], length: i64) -> Outcome<[i64; 2]> {
    let mut bounds = [0, length];
    for (bound, given) in bounds.iter_mut().zip([args[2], args[3]]) {
        if given.is_null() || given.is_none() {
            continue;
        }
        match cx.index(given)? {
            Some(i) => {
                *bound = if i < 0 {
                    i.saturating_add(length).max(0)
                } else {
                    i
                }
            }
            None => {
                return cx.error(
                    types::TYPE_ERROR,
                    "slice indices must be integers or None or have an __index__ method",
                );
            }
        }
    }
    Ok(bounds)
}

/// What is looked for. Before 3.13 the bounds were looked at first.
fn sought(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome<std::rc::Rc<str>> {
    if !cx.machine.version.at_least(3, 13) {
        bounds(cx, args, 0)?;
        return need_text(cx, args[1], "must be str, not ");
    }
    need_text(
        cx,
        args[1],
        &[name, "() argument 1 must be str, not "].concat(),
    )
}

/// The byte at which a code point begins.
fn offset(text: &super::super::object::Text, index: usize) -> usize {
    if text.is_ascii() {
        index
    } else {
        text.text
            .char_indices()
            .nth(index)
            .map_or(text.text.len(), |(at, _)| at)
    }
}

fn find(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome<Option<i64>> {
    let sub = sought(cx, args, name)?;
    let Some((start, end)) = part(cx, args)? else {
        return Ok(None);
    };
    let text = text(cx, args[0]);
    let within = &text[start..end];
    let found = if name.starts_with('r') {
        within.rfind(&*sub)
    } else {
        within.find(&*sub)
    };
    Ok(found.map(|at| text[..start + at].chars().count() as i64))
}

fn need_found(cx: &mut Context<'_>, args: &[Value], name: &str) -> Outcome {
    match find(cx, args, name)? {
        Some(at) => Ok(Value::int(at)),
        None => cx.error(types::VALUE_ERROR, "substring not found"),
    }
}

fn count(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let sub = sought(cx, args, "count")?;
    let Some((start, end)) = part(cx, args)? else {
        return Ok(Value::int(0));
    };
    let within = &text(cx, args[0])[start..end];
    let number = if sub.is_empty() {
        within.chars().count() + 1
    } else {
        within.matches(&*sub).count()
    };
    Ok(Value::int(number as i64))
}

fn starts(cx: &mut Context<'_>, args: &[Value], at_end: bool) -> Outcome {
    let name = if at_end { "endswith" } else { "startswith" };
    let bounds = part(cx, args)?;
    let options = match cx.machine.heap.object(args[1]) {
        Some(Object::Str(_)) => vec![args[1]],
        Some(Object::Tuple(items)) => items.to_vec(),
        _ => {
            return cx.type_error(
                &[name, " first arg must be str or a tuple of str, not "].concat(),
                args[1],
                "",
            );
        }
    };
    let text = text(cx, args[0]);
    for option in options {
        let Some(option) = cx.shared_text(option) else {
            return cx.type_error(
                &["tuple for ", name, " must only contain str, not "].concat(),
                option,
                "",
            );
        };
        if let Some((start, end)) = bounds {
            let within = &text[start..end];
            if if at_end {
                within.ends_with(&*option)
            } else {
                within.starts_with(&*option)
            } {
                return Ok(Value::TRUE);
            }
        }
    }
    Ok(Value::FALSE)
}

fn replace(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let old = need_text(cx, args[1], "replace() argument 1 must be str, not ")?;
    let new = need_text(cx, args[2], "replace() argument 2 must be str, not ")?;
    let most = if args[3].is_null() {
        -1
    } else {
        cx.need_index(args[3])?
    };
    let text = text(cx, args[0]);
    let result = text.replacen(
        &*old,
        &new,
        if most < 0 { usize::MAX } else { most as usize },
    );
    cx.reserve(result.len())?;
    Ok(cx.heap().str(&result))
}

fn split(cx: &mut Context<'_>, args: &[Value], from_end: bool) -> Outcome {
    let most = if args[2].is_null() {
        -1
    } else {
        cx.need_index(args[2])?
    };
    let most = if most < 0 { usize::MAX } else { most as usize };
    let text = text(cx, args[0]);
    let separator = match args[1].given().filter(|s| !s.is_none()) {
        Some(separator) => Some(need_text(cx, separator, "must be str or None, not ")?),
        None => None,
    };
    let mut parts: Vec<&str> = Vec::new();
    let mut rest: &str = &text;
    match separator {
        Some(separator) if separator.is_empty() => {
            return cx.error(types::VALUE_ERROR, "empty separator");
        }
        Some(separator) => {
            while parts.len() < most {
                let halves = if from_end {
                    rest.rsplit_once(&*separator)
                } else {
                    rest.split_once(&*separator)
                };
                let Some((left, right)) = halves else { break };
                let (part, more) = if from_end {
                    (right, left)
                } else {
                    (left, right)
                };
                parts.push(part);
                rest = more;
            }
            parts.push(rest);
        }
        None => {
            let trim = |rest: &'_ str| -> usize {
                if from_end {
                    rest.trim_end_matches(is_space).len()
                } else {
                    rest.len() - rest.trim_start_matches(is_space).len()
                }
            };
            loop {
                let cut = trim(rest);
                rest = if from_end { &rest[..cut] } else { &rest[cut..] };
                if rest.is_empty() {
                    break;
                }
                let space = if from_end {
                    rest.rfind(is_space)
                } else {
                    rest.find(is_space)
                };
                match space {
                    Some(at) if parts.len() < most => {
                        if from_end {
                            let width = rest[at..].chars().next().map_or(1, char::len_utf8);
                            parts.push(&rest[at + width..]);
                            rest = &rest[..at];
                        } else {
                            parts.push(&rest[..at]);
                            rest = &rest[at..];
                        }
                    }
                    Some(_) => {
                        // What is left keeps the spaces inside, not those around.
                        parts.push(rest);
                        break;
                    }
                    None => {
                        parts.push(rest);
                        break;
                    }
                }
            }
        }
    }
    if from_end {
        parts.reverse();
    }
    Ok(list_of(cx, parts))
}

fn list_of(cx: &mut Context<'_>, parts: Vec<&str>) -> Value {
    let items = parts.iter().map(|part| cx.heap().str(part)).collect();
    cx.heap().list(items)
}

fn split_lines(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let keep = match args[1].given() {
        Some(keep) if !cx.machine.version.at_least(3, 12) => cx.need_index(keep)? != 0,
        Some(keep) => cx.truth(keep)?,
        None => false,
    };
    let text = text(cx, args[0]);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(
            c,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            continue;
        }
        let mut end = at + c.len_utf8();
        if c == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        lines.push(&text[start..if keep { end } else { at }]);
        start = end;
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    Ok(list_of(cx, lines))
}

fn partition(cx: &mut Context<'_>, args: &[Value], last: bool) -> Outcome {
    let separator = need_text(cx, args[1], "must be str, not ")?;
    if separator.is_empty() {
        return cx.error(types::VALUE_ERROR, "empty separator");
    }
    let text = text(cx, args[0]);
    let found = if last {
        text.rsplit_once(&*separator)
    } else {
        text.split_once(&*separator)
    };
    let parts = match found {
        Some((left, right)) => [left, &separator, right],
        None if last => ["", "", &text],
        None => [&text, "", ""],
    };
    let items = parts.iter().map(|part| cx.heap().str(part)).collect();
    Ok(cx.heap().tuple(items))
}

fn strip(cx: &mut Context<'_>, args: &[Value], start: bool, end: bool) -> Outcome {
    let name = match (start, end) {
        (true, true) => "strip",
        (true, false) => "lstrip",
        _ => "rstrip",
    };
    let chars = match args[1].given().filter(|c| !c.is_none()) {
        Some(chars) => match cx.shared_text(chars) {
            Some(chars) => Some(chars),
            None => return cx.fail(types::TYPE_ERROR, &[name, " arg must be None or str"]),
        },
        None => None,
    };
    let goes = |c: char| match &chars {
        Some(chars) => chars.contains(c),
        None => is_space(c),
    };
    let text = text(cx, args[0]);
    let mut rest: &str = &text;
    if start {
        rest = rest.trim_start_matches(goes);
    }
    if end {
        rest = rest.trim_end_matches(goes);
    }
    if rest.len() == text.len() {
        return Ok(cx.heap().retain(args[0]));
    }
    Ok(cx.heap().str(rest))
}

fn remove_end(cx: &mut Context<'_>, args: &[Value], suffix: bool) -> Outcome {
    let name = if suffix {
        "removesuffix"
    } else {
        "removeprefix"
    };
    let part = need_text(
        cx,
        args[1],
        &[name, "() argument must be str, not "].concat(),
    )?;
    let text = text(cx, args[0]);
    let rest = if suffix {
        text.strip_suffix(&*part)
    } else {
        text.strip_prefix(&*part)
    };
    Ok(cx.heap().str(rest.unwrap_or(&text)))
}

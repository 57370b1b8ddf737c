//! Format specifications: reading them, and laying out what they say.

use super::super::{Context, Outcome, types};

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub fill: char,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub no_negative_zero: bool,
    pub alternate: bool,
    pub width: usize,
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    pub kind: Option<char>,
}

impl Spec {
    pub const PLAIN: Spec = Spec {
        fill: ' ',
        align: None,
        sign: None,
        no_negative_zero: false,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        kind: None,
    };
}

impl Context<'_> {
    pub(super) fn read_spec(&mut self, text: &str, number: bool, of: &str) -> Outcome<Spec> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Spec {
            align: None,
            ..Spec::PLAIN
        };
        let is_align = |at: usize| matches!(chars.get(at), Some('<' | '>' | '=' | '^'));
        let mut at = 0;
        let mut filled = false;
        if is_align(1) {
            (spec.fill, spec.align, at, filled) = (chars[0], Some(chars[1]), 2, true);
        } else if is_align(0) {
            (spec.align, at) = (Some(chars[0]), 1);
        }
        if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
            spec.sign = Some(*sign);
            at += 1;
        }
        if chars.get(at) == Some(&'z') {
            spec.no_negative_zero = true;
            at += 1;
        }
        if chars.get(at) == Some(&'#') {
            spec.alternate = true;
            at += 1;
        }
        if !filled && chars.get(at) == Some(&'0') {
            spec.fill = '0';
            if spec.align.is_none() && number {
                spec.align = Some('=');
            }
            at += 1;
        }
        let digits = |at: &mut usize| {
            let start = *at;
            let mut number = 0usize;
            while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
                number = number.saturating_mul(10).saturating_add(digit as usize);
                *at += 1;
            }
            (*at > start).then_some(number)
        };
        let width = digits(&mut at);
        let mut bad = width.is_some_and(|w| w > i32::MAX as usize);
        spec.width = width.unwrap_or(0);
        while let Some(c @ (',' | '_')) = chars.get(at) {
            match spec.grouping {
                Some(other) if other == *c => {
                    let c = String::from(*c);
                    return self.fail(
                        types::VALUE_ERROR,
                        &["Cannot specify '", &c, "' with '", &c, "'."],
                    );
                }
                Some(_) => {
                    return self.error(types::VALUE_ERROR, "Cannot specify both ',' and '_'.");
                }
                None => spec.grouping = Some(*c),
            }
            at += 1;
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            spec.precision = digits(&mut at);
            bad |= spec.precision.is_some_and(|p| p > i32::MAX as usize);
            if spec.precision.is_none() {
                return self.error(types::VALUE_ERROR, "Format specifier missing precision");
            }
        }
        if bad {
            return self.error(
                types::VALUE_ERROR,
                "Too many decimal digits in format string",
            );
        }
        if chars.len() - at > 1 {
            return self.fail(
                types::VALUE_ERROR,
                &[
                    "Invalid format specifier '",
                    text,
                    "' for object of type '",
                    of,
                    "'",
                ],
            );
        }
        spec.kind = chars.get(at).copied();
        if let (Some(grouping), Some(kind)) = (spec.grouping, spec.kind) {
            let fits = "defgEG%F".contains(kind) || grouping == '_' && "boxX".contains(kind);
            if !fits {
                return self.fail(
                    types::VALUE_ERROR,
                    &[
                        "Cannot specify '",
                        &String::from(grouping),
                        "' with '",
                        &String::from(kind),
                        "'.",
                    ],
                );
            }
        }
        self.reserve(spec.width.saturating_add(spec.precision.unwrap_or(0)))?;
        Ok(spec)
    }
}

/// Puts sign, prefix, digits and the rest together, grouped and padded.
pub fn assemble(
    negative: bool,
    prefix: &str,
    whole: &str,
    rest: &str,
    spec: Spec,
    group: usize,
) -> String {
    let sign = match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    let around = sign.len() + prefix.len() + rest.len();
    let zeros = spec.fill == '0' && spec.align == Some('=');
    let mut digits = String::new();
    match spec.grouping {
        Some(separator) => {
            let least = if zeros {
                spec.width.saturating_sub(around)
            } else {
                0
            };
            let mut reversed = Vec::new();
            let mut from = whole.chars().rev();
            let mut count = 0;
            loop {
                let next = from.next();
                if next.is_none() && reversed.len() >= least {
                    break;
                }
                if count > 0 && count % group == 0 {
                    reversed.push(separator);
                }
                reversed.push(next.unwrap_or('0'));
                count += 1;
            }
            digits.extend(reversed.iter().rev());
        }
        None => digits.push_str(whole),
    }
    let body = [sign, prefix, &digits, rest].concat();
    if spec.align != Some('=') {
        return pad(&body, spec, '>');
    }
    let missing = spec.width.saturating_sub(body.chars().count());
    let fill: String = std::iter::repeat_n(spec.fill, missing).collect();
    [sign, prefix, &fill, &digits, rest].concat()
}

/// Fills a text up to the width.
pub fn pad(text: &str, spec: Spec, align: char) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text.to_owned();
    }
    let left = match spec.align.unwrap_or(align) {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let mut out = String::with_capacity(text.len() + missing);
    out.extend(std::iter::repeat_n(spec.fill, left));
    out.push_str(text);
    out.extend(std::iter::repeat_n(spec.fill, missing - left));
    out
}

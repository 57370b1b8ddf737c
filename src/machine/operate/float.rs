//! Floats as text, and the arithmetic that differs from Rust's.

/// As `repr` shows it.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return String::from("nan");
    }
    // Rust's Debug finds as short digits and changes to an exponent at the same sizes as Python.
    let text = format!("{value:?}");
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (&*text, None),
    };
    let mut out = even_digits(value, mantissa);
    if let Some(exponent) = exponent {
        out.push('e');
        out.push_str(&exponent_text(exponent.parse().unwrap_or(0)));
    }
    out
}

/// Of two equally short and equally near texts Python takes the one that ends in an even digit, Rust the larger.
fn even_digits(value: f64, mantissa: &str) -> String {
    let count = mantissa
        .trim_start_matches(['-', '0', '.'])
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    let mut text = mantissa.to_owned();
    // Shorter texts are the only ones near their floats.
    if count >= 15 && text.ends_with(['1', '3', '5', '7', '9']) {
        let exact = format!("{:.*e}", count + 24, value.abs());
        let behind = exact
            .split_once('e')
            .map_or("", |(digits, _)| &digits[count + 1..]);
        if behind.starts_with('5')
            && behind[1..].bytes().all(|b| b == b'0')
            && let Some(last) = text.pop()
        {
            text.push((last as u8 - 1) as char);
        }
    }
    text
}

/// `a % b` with the sign of `b`; `b` is not zero.
pub fn remainder(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        return 0.0f64.copysign(b);
    }
    if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

/// `a // b`, as float_floor_div does it; `b` is not zero.
pub fn floor_divide(a: f64, b: f64) -> f64 {
    let rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 && (b < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0f64.copysign(a / b);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

/// The nearest whole number, halves to the even one.
pub fn round_half_even(value: f64) -> f64 {
    value.round_ties_even()
}

/// Python's text of a float to the float: spaces around, underscores between digits, inf and nan.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim_matches(super::text::is_space);
    let unsigned = text.trim_start_matches(['+', '-']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let lower = unsigned.to_ascii_lowercase();
    let value = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let bytes = lower.as_bytes();
            if !bytes.iter().any(u8::is_ascii_digit)
                || !bytes
                    .iter()
                    .all(|b| b.is_ascii_digit() || b".e+-_".contains(b))
            {
                return None;
            }
            let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
            for (at, byte) in bytes.iter().enumerate() {
                if *byte == b'_' && !(at > 0 && digit(at - 1) && digit(at + 1)) {
                    return None;
                }
            }
            lower.replace('_', "").parse().ok()?
        }
    };
    Some(if text.starts_with('-') { -value } else { value })
}

/// How a float is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// As `repr`.
    Shortest,
    /// `e`
    Exponent,
    /// `f`
    Fixed,
    /// `g`; with the point kept as `repr` does.
    General { keep_point: bool },
}

/// The digits of a float that is not negative.
pub fn digits(value: f64, layout: Layout, precision: usize, alternate: bool) -> String {
    if !value.is_finite() {
        return String::from(if value.is_nan() { "nan" } else { "inf" });
    }
    match layout {
        Layout::Shortest => {
            let text = float_text(value);
            match text.split_once('e') {
                Some((mantissa, exponent)) if alternate && !mantissa.contains('.') => {
                    [mantissa, ".e", exponent].concat()
                }
                _ => text,
            }
        }
        Layout::Fixed => {
            let mut text = format!("{value:.precision$}");
            if alternate && precision == 0 {
                text.push('.');
            }
            text
        }
        Layout::Exponent => {
            let text = format!("{value:.precision$e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let point = if alternate && precision == 0 { "." } else { "" };
            [
                mantissa,
                point,
                "e",
                &exponent_text(exponent.parse().unwrap_or(0)),
            ]
            .concat()
        }
        Layout::General { keep_point } => {
            let precision = precision.max(1);
            let text = format!("{value:.*e}", precision - 1);
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let mut significant: String = mantissa.chars().filter(|c| *c != '.').collect();
            if !alternate {
                significant.truncate(significant.trim_end_matches('0').len().max(1));
            }
            let most = precision as i32 - keep_point as i32;
            if exponent < -4 || exponent >= most {
                let (first, rest) = significant.split_at(1);
                let point = if !rest.is_empty() || alternate {
                    "."
                } else {
                    ""
                };
                return [first, point, rest, "e", &exponent_text(exponent)].concat();
            }
            if exponent < 0 {
                let zeros = "0".repeat((-exponent - 1) as usize);
                return ["0.", &zeros, &significant].concat();
            }
            let whole = exponent as usize + 1;
            while significant.len() < whole {
                significant.push('0');
            }
            let (whole, rest) = significant.split_at(whole);
            let end = match (rest.is_empty(), keep_point, alternate) {
                (true, true, _) => ".0",
                (true, false, false) => "",
                _ => ".",
            };
            [whole, end, rest].concat()
        }
    }
}

/// `+05`
fn exponent_text(exponent: i32) -> String {
    let number = exponent.unsigned_abs().to_string();
    [
        if exponent < 0 { "-" } else { "+" },
        if number.len() < 2 { "0" } else { "" },
        &number,
    ]
    .concat()
}

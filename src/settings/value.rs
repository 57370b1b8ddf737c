//! Values of settings as text. Whole numbers and decimals are read exactly, without floats: half a microsecond is 500 ns.

/// A name of a unit, and how many of the smallest unit it is.
pub type Unit = (&'static str, u64);

pub const NANOSECOND: Unit = ("ns", 1);
pub const MICROSECOND: Unit = ("us", 1_000);
pub const MILLISECOND: Unit = ("ms", 1_000_000);
pub const SECOND: Unit = ("s", 1_000_000_000);
pub const MEGABYTE: Unit = ("MB", 1_000_000);

/// What may stand behind the number of a duration.
const DURATIONS: &[Unit] = &[
    NANOSECOND,
    MICROSECOND,
    ("µs", 1_000),
    MILLISECOND,
    SECOND,
    ("min", 60_000_000_000),
];
/// What may stand behind the number of a size.
const SIZES: &[Unit] = &[("B", 1), ("kB", 1_000), MEGABYTE, ("GB", 1_000_000_000)];

/// A duration in nanoseconds: "0.5us", "5 ms", or a bare number in the given unit.
pub fn duration(text: &str, unit: Unit) -> Result<u64, String> {
    quantity(text, unit, DURATIONS).ok_or_else(|| {
        let name = unit.0;
        format!("a duration such as 5, 0.5 (in {name}) or 20us is expected, not \"{text}\"")
    })
}

/// A size in bytes: "64 MB", or a bare number in the given unit.
pub fn size(text: &str, unit: Unit) -> Result<u64, String> {
    quantity(text, unit, SIZES).ok_or_else(|| {
        let name = unit.0;
        format!("a size such as 64 (in {name}) or 500kB is expected, not \"{text}\"")
    })
}

/// A whole number within bounds.
pub fn whole(text: &str, least: u64, most: u64) -> Result<u64, String> {
    decimal(text.trim(), 1)
        .filter(|number| (least..=most).contains(number) && !text.contains('.'))
        .ok_or_else(|| {
            if most == u64::MAX {
                format!("a whole number from {least} is expected, not \"{text}\"")
            } else {
                format!("a whole number from {least} to {most} is expected, not \"{text}\"")
            }
        })
}

/// The text of an amount in a unit: the inverse of reading it there.
pub fn show(amount: u64, unit: Unit) -> String {
    let (whole, rest) = (amount / unit.1, amount % unit.1);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = (unit.1 + rest).to_string();
    format!("{whole}.{}", digits[1..].trim_end_matches('0'))
}

fn quantity(text: &str, unit: Unit, units: &[Unit]) -> Option<u64> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
    let name = &text[number.len()..];
    let (_, scale) = if name.is_empty() {
        unit
    } else {
        units.iter().copied().find(|unit| unit.0 == name)?
    };
    decimal(number.trim_end(), scale)
}

/// `text` times `scale`, if that is a whole number.
fn decimal(text: &str, scale: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut amount = digits(whole)?.checked_mul(scale)?;
    digits(fraction)?;
    let mut unit = scale;
    for digit in fraction.trim_end_matches('0').bytes() {
        if !unit.is_multiple_of(10) {
            return None;
        }
        unit /= 10;
        amount = amount.checked_add(u64::from(digit - b'0') * unit)?;
    }
    Some(amount)
}

/// Digits, perhaps with underscores between them, as TOML and Python write large numbers.
fn digits(text: &str) -> Option<u64> {
    let mut number = 0u64;
    let mut after_digit = false;
    for byte in text.bytes() {
        if byte == b'_' && after_digit {
            after_digit = false;
            continue;
        }
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number
            .checked_mul(10)?
            .checked_add(u64::from(byte - b'0'))?;
        after_digit = true;
    }
    after_digit.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        for (text, nanoseconds) in [
            ("5", Some(5_000_000)),
            ("0.0005", Some(500)),
            ("0.5us", Some(500)),
            ("0.5 µs", Some(500)),
            (" 20 ms ", Some(20_000_000)),
            ("1_000us", Some(1_000_000)),
            ("1min", Some(60_000_000_000)),
            ("0", Some(0)),
            ("0.0000005", None),
            ("1.50", Some(1_500_000)),
            ("-1", None),
            ("5 parsecs", None),
            ("", None),
            (".5", None),
            ("5.", None),
            ("1__0", None),
            ("18446744073709551616ns", None),
            ("1e3", None),
        ] {
            assert_eq!(duration(text, MILLISECOND).ok(), nanoseconds, "{text}");
        }
    }

    #[test]
    fn whole_numbers_have_bounds() {
        assert_eq!(whole("64", 1, 64), Ok(64));
        assert_eq!(whole("5_000_000", 1, u64::MAX), Ok(5_000_000));
        for text in ["65", "0", "2.0", "two", "-1"] {
            assert!(whole(text, 1, 64).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read() {
        for (amount, unit, text) in [
            (5_000_000, MILLISECOND, "5"),
            (500, MILLISECOND, "0.0005"),
            (50_000, MICROSECOND, "50"),
            (1_000_000, MEGABYTE, "1"),
        ] {
            assert_eq!(show(amount, unit), text);
            assert_eq!(quantity(text, unit, DURATIONS), Some(amount));
        }
    }
}

//! Numbers as people read them.

/// A duration in virtual nanoseconds with three significant digits: "50 ns", "1.2 µs", "25.5 ms", "1 s".
pub fn duration_text(nanoseconds: u64) -> String {
    humanise(nanoseconds, 1_000)
}

/// A moment in virtual nanoseconds since the start, with four significant digits: "1.205 s".
pub fn time_text(nanoseconds: u64) -> String {
    humanise(nanoseconds, 10_000)
}

/// The largest unit that leaves a whole part, rounded to less than `limit` in digits, without trailing zeros.
fn humanise(nanoseconds: u64, limit: u64) -> String {
    // Nothing below can overflow within a hundred years.
    let nanoseconds = nanoseconds.min(u64::MAX / 4);
    const UNITS: [(u64, &str); 4] = [
        (1, "ns"),
        (1_000, "µs"),
        (1_000_000, "ms"),
        (1_000_000_000, "s"),
    ];
    for (i, &(unit, name)) in UNITS.iter().enumerate() {
        // The digits after the point that are shown: as many as keep the number below the limit.
        let mut scale = 1;
        while scale < unit && (nanoseconds / unit).max(1) * scale * 10 < limit {
            scale *= 10;
        }
        let step = (unit / scale).max(1);
        let rounded = (nanoseconds + step / 2) / step * step;
        if rounded < unit * 1_000 || i == UNITS.len() - 1 {
            let mut text = (rounded / unit).to_string();
            let fraction = (rounded % unit) / step;
            if fraction > 0 {
                let digits = (scale + fraction).to_string();
                text.push('.');
                text.push_str(digits[1..].trim_end_matches('0'));
            }
            text.push(' ');
            text.push_str(name);
            return text;
        }
    }
    String::new()
}

/// A float as Python's `repr` shows it.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return String::from("nan");
    }
    // Rust's Debug finds the same shortest digits and changes to an exponent at the same sizes as Python.
    let text = format!("{value:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{exponent:0>2}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (nanoseconds, text) in [
            (0, "0 ns"),
            (50, "50 ns"),
            (999, "999 ns"),
            (1_000, "1 µs"),
            (1_250, "1.25 µs"),
            (1_234_567, "1.23 ms"),
            (25_500_000, "25.5 ms"),
            (254_600_000, "255 ms"),
            (999_700_000, "1 s"),
            (1_000_000_000, "1 s"),
            (1_000_050_000, "1 s"),
            (2_050_000_000, "2.05 s"),
            (3_600_000_000_000, "3600 s"),
        ] {
            assert_eq!(duration_text(nanoseconds), text);
        }
        assert_eq!(time_text(1_205_400_000), "1.205 s");
        assert_eq!(time_text(25_512_345), "25.51 ms");
        assert_eq!(time_text(u64::MAX - 1), duration_text(u64::MAX - 1));
    }

    #[test]
    fn floats_are_python_s() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (100.0, "100.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1e15, "1000000000000000.0"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }
}

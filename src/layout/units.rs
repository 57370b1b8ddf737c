//! Times and numbers as people write them, from integers only: float formatting would cost the page 10 kB.

const UNITS: [(u64, &str); 4] = [
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "µs"),
    (1, "ns"),
];

/// A time's unit: nanoseconds in it, and its name.
pub(super) fn unit_of(ns: u64) -> (u64, &'static str) {
    UNITS
        .into_iter()
        .find(|unit| ns >= unit.0)
        .unwrap_or(UNITS[3])
}

/// `ns` in `unit` with `decimals` places, rounded.
pub(super) fn fixed(ns: u64, unit: u64, decimals: u32) -> String {
    let scale = 10u64.pow(decimals);
    // What is left over a unit is less than a second, so the product fits.
    let part = (ns % unit * scale + unit / 2) / unit;
    let whole = (ns / unit + part / scale).to_string();
    if decimals == 0 {
        return whole;
    }
    let part = (part % scale).to_string();
    let zeros = "0".repeat(decimals as usize - part.len());
    whole + "." + &zeros + &part
}

/// An instant to the nanosecond, for the tick that others count from: `25.50005 ms`.
pub(super) fn instant_exact(ns: u64) -> String {
    let (unit, name) = unit_of(ns);
    let mut text = fixed(ns, unit, unit.ilog10());
    if unit > 1 {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text + " " + name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_exact() {
        for (ns, text) in [
            (0, "0 ns"),
            (50, "50 ns"),
            (25_500_050, "25.50005 ms"),
            (1_000_000_000, "1 s"),
            (3_600_000_000_001, "3600.000000001 s"),
        ] {
            assert_eq!(instant_exact(ns), text);
        }
        assert_eq!(fixed(25_550_000, 1_000_000, 1), "25.6");
        assert_eq!(fixed(u64::MAX, 1_000_000_000, 0), "18446744074");
    }
}

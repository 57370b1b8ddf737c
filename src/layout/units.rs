//! Times and numbers as people write them, from integers only: float formatting would cost the page 10 kB.

const UNITS: [(u64, &str); 4] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns")];

/// A time's unit: nanoseconds in it, and its name.
pub(super) fn unit_of(ns: u64) -> (u64, &'static str) {
    UNITS.into_iter().find(|unit| ns >= unit.0).unwrap_or(UNITS[3])
}

/// `ns` in `unit` with `decimals` places, rounded.
pub(super) fn fixed(ns: u64, unit: u64, decimals: u32) -> String {
    let scale = 10u64.pow(decimals);
    let scaled = ((ns as u128 * scale as u128 + unit as u128 / 2) / unit as u128) as u64;
    let whole = (scaled / scale).to_string();
    if decimals == 0 {
        return whole;
    }
    let part = (scaled % scale).to_string();
    let zeros = "0".repeat(decimals as usize - part.len());
    whole + "." + &zeros + &part
}

/// An instant, with at most three decimals and no trailing zeros: `25.5 ms`.
pub fn instant(ns: u64) -> String {
    let (unit, name) = unit_of(ns);
    let mut text = fixed(ns, unit, if unit == 1 { 0 } else { 3 });
    if unit > 1 {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text + " " + name
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

/// A duration with three significant digits: `5.00 ms`.
pub fn duration(ns: u64) -> String {
    let (unit, name) = unit_of(ns);
    let decimals = match ns / unit {
        _ if unit == 1 => 0,
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    fixed(ns, unit, decimals) + " " + name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let cases = [(0, "0 ns", "0 ns"), (50, "50 ns", "50 ns"), (5_000_000, "5 ms", "5.00 ms"), (25_500_000, "25.5 ms", "25.5 ms")];
        for (ns, at, long) in cases {
            assert_eq!((instant(ns).as_str(), duration(ns).as_str()), (at, long));
        }
        assert_eq!(instant(1_234_567), "1.235 ms");
        assert_eq!(duration(1_234_567_890_123), "1235 s");
        assert_eq!(instant(u64::MAX), "18446744073.71 s");
    }
}

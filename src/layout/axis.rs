//! The time axis: round ticks, in the unit that suits their distance.

use super::measure::text_width;
use super::scene::Scale;
use super::units::{fixed, instant_exact, unit_of};

/// A tick of the axis. A heavy one names the instant the light ones count from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub time: u64,
    pub text: String,
    pub heavy: bool,
}

/// The least distance in pixels between two ticks.
const APART: f64 = 56.0;
/// The most ticks drawn, whatever the width.
const MOST: u64 = 200;

/// The ticks of a scale. Deep in a run, where times would need many decimals, they count from each tenth, heavy one: `25.5 ms`, `+50 ns`.
pub(super) fn ticks(scale: &Scale, size: f64) -> Vec<Tick> {
    let (from, to) = (scale.start.max(0.0), scale.time(scale.right).max(0.0));
    let mut step = round_step(APART / scale.per);
    loop {
        let texts = ticks_with(
            from as u64,
            to as u64,
            step,
            scale.right - scale.left < 400.0,
        );
        let widest = texts
            .iter()
            .map(|tick| text_width(&tick.text, size, tick.heavy))
            .fold(0.0, f64::max);
        let longer = round_step(step as f64 * 1.5);
        if texts.len() < 2 || longer <= step || widest + 12.0 <= step as f64 * scale.per {
            break texts;
        }
        step = longer;
    }
}

fn ticks_with(from: u64, to: u64, step: u64, narrow: bool) -> Vec<Tick> {
    let (unit, name) = unit_of(to.max(step));
    let decimals = digits(unit / step.min(unit));
    let first = from.div_ceil(step);
    let count = ((to / step + 1).saturating_sub(first)).min(MOST);
    if decimals <= if narrow { 1 } else { 2 } {
        let text = |time| fixed(time, unit, decimals) + " " + name;
        return (first..first + count)
            .map(|n| Tick {
                time: n * step,
                text: text(n * step),
                heavy: false,
            })
            .collect();
    }
    let (unit, name) = unit_of(step);
    let tick = |n: u64| match n % 10 {
        0 => Tick {
            time: n * step,
            text: instant_exact(n * step),
            heavy: true,
        },
        k => Tick {
            time: n * step,
            text: String::from("+") + &fixed(k * step, unit, 0) + " " + name,
            heavy: false,
        },
    };
    (first..first + count).map(tick).collect()
}

/// How many decimals a step of a `parts`th of the unit needs.
fn digits(parts: u64) -> u32 {
    let mut digits = 0;
    while 10u64.pow(digits) < parts {
        digits += 1;
    }
    digits
}

/// The next of 1, 2, 5, 10, 20, 50 ... that is at least `ns`.
fn round_step(ns: f64) -> u64 {
    let mut base = 1u64;
    while base < 1_000_000_000_000_000 {
        for factor in [1, 2, 5] {
            if (base * factor) as f64 >= ns {
                return base * factor;
            }
        }
        base *= 10;
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: f64, per: f64, expect: &[&str]) {
        let scale = Scale {
            start,
            left: 100.0,
            right: 700.0,
            per,
        };
        let texts: Vec<_> = ticks(&scale, 11.0)
            .into_iter()
            .map(|tick| tick.text)
            .collect();
        assert_eq!(texts[..expect.len()], *expect);
    }

    #[test]
    fn ticks_are_round_and_short() {
        check(0.0, 600.0 / 42e6, &["0 ms", "5 ms", "10 ms"]);
        check(0.0, 600.0 / 2.1e9, &["0.0 s", "0.2 s", "0.4 s"]);
        check(0.0, 600.0 / 900.0, &["0 ns", "100 ns", "200 ns"]);
        check(
            25_499_950.0,
            600.0 / 500.0,
            &["+450 ns", "25.5 ms", "+50 ns"],
        );
        check(3.6e12, 1e-9, &[]);
        check(0.0, 1e9, &["0 ns"]);
    }
}

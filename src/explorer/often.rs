//! How often something happens that an order shows or does not: by looking at the run of each, or of some at random.

use super::Explored;
use super::count::Count;
use super::walk::Walk;
use crate::schedulers::random::Chance;
use crate::trace::Outcome;

/// Of no more orders than this every one is run.
const LISTED: f64 = 500.0;
/// Of more, so many at random.
const SAMPLES: u32 = 300;
const SEED: u64 = 1;

/// In how many orders something happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Frequency {
    /// Of all of them.
    Exact(Count, Count),
    /// The estimated share of all orders, how far it may be off (95 %), and how many were tried. Each is weighed by the number
    /// of choices on its way, as in [`sampling`](super::sampling).
    Estimate(f64, f64, u32),
}

impl Explored {
    /// In how many orders there is a finding of this kind about this variable. `progress` hears how many were run.
    pub fn frequency(
        &self,
        kind: &str,
        variable: &str,
        progress: &mut dyn FnMut(usize),
    ) -> Frequency {
        let all = self.report.interleavings.as_ref();
        if let (Some(all), "deadlock") = (all, kind) {
            let mut with = Count::ZERO;
            for ending in &self.report.outcomes {
                if let (Outcome::Deadlock, Some(count)) = (ending.outcome, &ending.count) {
                    with.add(count);
                }
            }
            return Frequency::Exact(with, all.clone());
        }
        let has = |walk: &Walk| {
            let run = self.run(walk);
            let mut findings = run.findings().into_iter();
            let is_it = |it: &crate::findings::Finding| {
                it.kind.id() == kind && it.subject(&run).unwrap_or_default() == variable
            };
            findings.any(|it| is_it(&it))
        };
        match all {
            Some(all) if all.to_f64() <= LISTED => {
                let mut with = Count::ZERO;
                let mut runs = 0;
                let mut pending = vec![self.walk(&[])];
                while let Some(mut walk) = pending.pop() {
                    self.to_choice(&mut walk);
                    for turn in &walk.turns {
                        let mut next = walk.clone();
                        self.step(&mut next, turn.thread);
                        pending.push(next);
                    }
                    if walk.turns.is_empty() {
                        runs += 1;
                        progress(runs);
                        if has(&walk) {
                            with.add(&Count::ONE);
                        }
                    }
                }
                Frequency::Exact(with, all.clone())
            }
            _ => self.estimate(has, progress),
        }
    }

    fn estimate(&self, has: impl Fn(&Walk) -> bool, progress: &mut dyn FnMut(usize)) -> Frequency {
        let mut chances = Chance::new(SEED);
        // The logarithm of each order's weight, and whether it is one of those.
        let mut orders: Vec<(f64, bool)> = Vec::new();
        let first = self.walk(&[]);
        for tried in 0..SAMPLES {
            let mut walk = first.clone();
            let mut weight = 0.0;
            while !walk.turns.is_empty() {
                let count = walk.turns.len();
                weight += (count as f64).ln();
                let thread = walk.turns[chances.below(count as u64) as usize].thread;
                if !self.step(&mut walk, thread) {
                    break;
                }
            }
            progress(tried as usize + 1);
            orders.push((weight, has(&walk)));
        }
        let most = orders.iter().map(|it| it.0).fold(f64::MIN, f64::max);
        let weight = |log: f64| (log - most).exp();
        let all: f64 = orders.iter().map(|it| weight(it.0)).sum();
        let with = orders.iter().filter(|it| it.1);
        let share = with.map(|it| weight(it.0)).sum::<f64>() / all;
        let spread = orders.iter().map(|&(log, is)| {
            let off = f64::from(u8::from(is)) - share;
            (weight(log) * off).powi(2)
        });
        let off = 1.96 * spread.sum::<f64>().sqrt() / all;
        Frequency::Estimate(share, off, SAMPLES)
    }
}

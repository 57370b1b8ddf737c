//! How often something happens that an order shows or does not: by looking at the run of each, or of some at random.

use super::Explored;
use super::count::Count;
use super::walk::Walk;
use crate::schedulers::random::Chance;
use crate::trace::Outcome;

/// Of no more orders than this every one is run.
const LISTED: f64 = 500.0;
/// Of more, so many at random.
const SAMPLES: usize = 300;
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

/// The answer to "in how many orders is there such a finding?" while it is worked out: order by order, so that whoever
/// asked may do something else in between, or change their mind.
pub struct Counting {
    kind: String,
    variable: String,
    how: How,
}

enum How {
    Known(Frequency),
    /// Every order: what is still to be gone through, and how many of those so far have it.
    All {
        pending: Vec<Walk>,
        with: u32,
    },
    /// Some: the logarithm of each order's weight, and whether it has it.
    Some {
        chances: Chance,
        orders: Vec<(f64, bool)>,
    },
}

impl Explored {
    /// In how many orders is there a finding of this kind about this variable?
    pub fn counting(&self, kind: &str, variable: &str) -> Counting {
        let how = match &self.report.interleavings {
            Some(all) if kind == "deadlock" => {
                let mut with = Count::ZERO;
                for ending in &self.report.outcomes {
                    if let (Outcome::Deadlock, Some(count)) = (ending.outcome, &ending.count) {
                        with.add(count);
                    }
                }
                How::Known(Frequency::Exact(with, all.clone()))
            }
            Some(all) if all.to_f64() <= LISTED => How::All {
                pending: vec![self.walk(&[])],
                with: 0,
            },
            _ => How::Some {
                chances: Chance::new(SEED),
                orders: Vec::new(),
            },
        };
        Counting {
            kind: kind.to_owned(),
            variable: variable.to_owned(),
            how,
        }
    }
}

impl Counting {
    /// Runs one more order. The answer, if that was the last.
    pub fn go_on(&mut self, explored: &Explored) -> Option<Frequency> {
        let has = |walk: &Walk| {
            let run = explored.run(walk);
            let is_it = |it: &crate::findings::Finding| {
                it.kind.id() == self.kind && it.subject(&run).unwrap_or_default() == self.variable
            };
            run.findings().iter().any(is_it)
        };
        match &mut self.how {
            How::Known(frequency) => Some(frequency.clone()),
            How::All { pending, with } => {
                while let Some(mut walk) = pending.pop() {
                    explored.to_choice(&mut walk);
                    if walk.turns.is_empty() {
                        *with += u32::from(has(&walk));
                        return None;
                    }
                    for turn in &walk.turns {
                        let mut next = walk.clone();
                        explored.step(&mut next, turn.thread);
                        pending.push(next);
                    }
                }
                let all = explored.report.interleavings.clone().unwrap_or(Count::ZERO);
                let mut count = Count::ZERO;
                (0..*with).for_each(|_| count.add(&Count::ONE));
                Some(Frequency::Exact(count, all))
            }
            How::Some { chances, orders } => {
                let mut walk = explored.walk(&[]);
                let mut weight = 0.0;
                while !walk.turns.is_empty() {
                    let count = walk.turns.len();
                    weight += (count as f64).ln();
                    let thread = walk.turns[chances.below(count as u64) as usize].thread;
                    if !explored.step(&mut walk, thread) {
                        break;
                    }
                }
                orders.push((weight, has(&walk)));
                (orders.len() == SAMPLES).then(|| estimate(orders))
            }
        }
    }
}

fn estimate(orders: &[(f64, bool)]) -> Frequency {
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
    Frequency::Estimate(share, off, orders.len() as u32)
}

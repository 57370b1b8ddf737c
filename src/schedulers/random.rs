//! Random: switches at random preemption points to random threads, the same ones for the same seed.

use super::decider::{Choice, Decider};

/// Pseudo-random numbers, the same for the same seed.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance { state: seed }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): the next pseudo-random number.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `count`, each as likely but for a bias far too small to see.
    pub fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.number()) * u128::from(count)) >> 64) as u64
    }
}

#[derive(Clone)]
pub struct Random {
    chance: Chance,
    /// Mean number of instructions between switches.
    mean: u64,
    next: u64,
}

impl Random {
    pub fn new(seed: u64, mean: u64) -> Random {
        let mut random = Random {
            chance: Chance::new(seed),
            mean: mean.max(1),
            next: 0,
        };
        random.plan(0);
        random
    }

    fn plan(&mut self, executed: u64) {
        self.next = executed
            + 1
            + self
                .chance
                .below(self.mean.saturating_mul(2).saturating_sub(1));
    }
}

impl Decider for Random {
    fn next_preemption(&self) -> u64 {
        self.next
    }
    fn preempt(&mut self, executed: u64, options: &[u32]) -> Option<u32> {
        self.plan(executed);
        if options.is_empty() {
            return None;
        }
        let place = self.chance.below(options.len() as u64) as usize;
        Some(options[place])
    }
    fn choose(
        &mut self,
        _choice: Choice,
        _number: u64,
        count: usize,
        _option: &dyn Fn(usize) -> u32,
    ) -> usize {
        self.chance.below(count as u64) as usize
    }
    fn copy(&self) -> Box<dyn Decider> {
        Box::new(self.clone())
    }
}

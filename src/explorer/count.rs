//! Counts of orders, of any size.

/// A whole number that only grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    Small(u128),
    /// Least significant first.
    Big(Vec<u64>),
}

impl Count {
    pub const ZERO: Count = Count::Small(0);
    pub const ONE: Count = Count::Small(1);

    pub fn add(&mut self, other: &Count) {
        if let (Count::Small(a), Count::Small(b)) = (&*self, other)
            && let Some(sum) = a.checked_add(*b)
        {
            *self = Count::Small(sum);
            return;
        }
        let mut digits = self.digits();
        let mut carry = false;
        let others = other.digits();
        digits.resize(digits.len().max(others.len()), 0);
        for (at, digit) in digits.iter_mut().enumerate() {
            let (sum, over) = digit.overflowing_add(others.get(at).copied().unwrap_or(0));
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            *digit = sum;
            carry = over || again;
        }
        if carry {
            digits.push(1);
        }
        *self = Count::Big(digits);
    }

    fn digits(&self) -> Vec<u64> {
        match self {
            Count::Small(small) => vec![*small as u64, (*small >> 64) as u64],
            Count::Big(digits) => digits.clone(),
        }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        match self {
            Count::Small(small) => *small as f64,
            Count::Big(digits) => {
                let digit = |all: f64, digit: &u64| all * 2f64.powi(64) + *digit as f64;
                digits.iter().rev().fold(0.0, digit)
            }
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut digits = match self {
            Count::Small(small) => return write!(f, "{small}"),
            Count::Big(digits) => digits.clone(),
        };
        // Nineteen decimal digits at a time, the last ones first.
        const PART: u128 = 10_000_000_000_000_000_000;
        let mut parts = Vec::new();
        while digits.iter().any(|&digit| digit != 0) {
            let mut rest = 0;
            for digit in digits.iter_mut().rev() {
                let all = rest << 64 | u128::from(*digit);
                *digit = (all / PART) as u64;
                rest = all % PART;
            }
            parts.push(rest);
        }
        write!(f, "{}", parts.pop().unwrap_or(0))?;
        for part in parts.iter().rev() {
            write!(f, "{part:019}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_are_exact() {
        let mut count = Count::ONE;
        for _ in 0..127 {
            let same = count.clone();
            count.add(&same);
        }
        assert_eq!(count.to_string(), (1u128 << 127).to_string());
        for _ in 0..73 {
            let same = count.clone();
            count.add(&same);
        }
        assert_eq!(
            count.to_string(),
            "1606938044258990275541962092341162602522202993782792835301376"
        );
        assert_eq!(count.to_f64(), 2f64.powi(200));
    }

    #[test]
    fn a_carry_goes_all_the_way() {
        let mut count = Count::Big(vec![u64::MAX; 3]);
        count.add(&Count::ONE);
        assert_eq!(count, Count::Big(vec![0, 0, 0, 1]));
        assert_eq!(
            count.to_string(),
            "6277101735386680763835789423207666416102355444464034512896"
        );
    }
}

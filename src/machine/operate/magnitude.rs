//! Arithmetic of magnitudes: digits of 32 bits, the least significant first.

use std::cmp::Ordering;

/// `f * 2^exponent`, None if it is too large.
pub fn scale(f: f64, exponent: i64) -> Option<f64> {
    let mut result = f;
    let mut left = exponent;
    while left > 0 && result.is_finite() {
        let step = left.min(900);
        result *= f64::from_bits((1023 + step as u64) << 52);
        left -= step;
    }
    while left < 0 && result != 0.0 {
        let step = (-left).min(900);
        result *= f64::from_bits((1023 - step as u64) << 52);
        left += step;
    }
    result.is_finite().then_some(result)
}

pub fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

pub fn add(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut digits = Vec::with_capacity(long.len() + 1);
    let mut carry = 0u64;
    for (at, d) in long.iter().enumerate() {
        carry += *d as u64 + short.get(at).copied().unwrap_or(0) as u64;
        digits.push(carry as u32);
        carry >>= 32;
    }
    if carry > 0 {
        digits.push(carry as u32);
    }
    digits
}

/// `a` is not less than `b`.
pub fn subtract(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut borrow = 0i64;
    a.iter()
        .enumerate()
        .map(|(at, d)| {
            let difference = *d as i64 - b.get(at).copied().unwrap_or(0) as i64 + borrow;
            borrow = difference >> 32;
            difference as u32
        })
        .collect()
}

pub fn shift_right(digits: &[u32], bits: usize) -> Vec<u32> {
    let (whole, small) = (bits / 32, bits % 32);
    (whole..digits.len())
        .map(|at| {
            ((digits[at] as u64 | (digits.get(at + 1).copied().unwrap_or(0) as u64) << 32) >> small)
                as u32
        })
        .collect()
}

/// Whether any of the lowest bits is set.
pub fn low_bits(digits: &[u32], bits: usize) -> bool {
    let whole = bits / 32;
    digits.iter().take(whole).any(|d| *d != 0)
        || digits
            .get(whole)
            .is_some_and(|d| d & ((1 << (bits % 32)) - 1) != 0)
}

/// Knuth's algorithm D: quotient and remainder of magnitudes.
pub fn divide(a: &[u32], b: &[u32]) -> (Vec<u32>, Vec<u32>) {
    if compare(a, b) == Ordering::Less {
        return (Vec::new(), a.to_vec());
    }
    if let [by] = b {
        let mut rest = 0u64;
        let mut quotient = a.to_vec();
        for d in quotient.iter_mut().rev() {
            let all = rest << 32 | *d as u64;
            *d = (all / *by as u64) as u32;
            rest = all % *by as u64;
        }
        return (quotient, vec![rest as u32]);
    }
    let shift = b[b.len() - 1].leading_zeros() as usize;
    let mut b = shift_left(b, shift);
    trim(&mut b);
    let mut a = shift_left(a, shift);
    trim(&mut a);
    a.push(0);
    let n = b.len();
    let (first, second) = (b[n - 1] as u64, b[n - 2] as u64);
    let mut quotient = vec![0; a.len() - n];
    for at in (0..a.len() - n).rev() {
        let top = (a[at + n] as u64) << 32 | a[at + n - 1] as u64;
        let mut guess = top / first;
        let mut rest = top % first;
        while guess >> 32 != 0 || guess * second > (rest << 32 | a[at + n - 2] as u64) {
            guess -= 1;
            rest += first;
            if rest >> 32 != 0 {
                break;
            }
        }
        let mut borrow = 0i64;
        let mut carry = 0u64;
        for i in 0..n {
            carry += guess * b[i] as u64;
            let difference = a[at + i] as i64 - (carry as u32) as i64 + borrow;
            a[at + i] = difference as u32;
            borrow = difference >> 32;
            carry >>= 32;
        }
        let difference = a[at + n] as i64 - carry as i64 + borrow;
        a[at + n] = difference as u32;
        if difference < 0 {
            guess -= 1;
            let mut carry = 0u64;
            for i in 0..n {
                carry += a[at + i] as u64 + b[i] as u64;
                a[at + i] = carry as u32;
                carry >>= 32;
            }
            a[at + n] = a[at + n].wrapping_add(carry as u32);
        }
        quotient[at] = guess as u32;
    }
    a.truncate(n);
    (quotient, shift_right(&a, shift))
}

/// May have zeros at its end.
pub fn shift_left(digits: &[u32], bits: usize) -> Vec<u32> {
    let mut shifted = vec![0; bits / 32];
    let mut carry = 0u64;
    for &d in digits {
        carry |= (d as u64) << (bits % 32);
        shifted.push(carry as u32);
        carry >>= 32;
    }
    shifted.push(carry as u32);
    shifted
}

pub fn trim(digits: &mut Vec<u32>) {
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

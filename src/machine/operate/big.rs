//! Integers beyond 64 bits: sign and magnitude, schoolbook arithmetic.
//!
//! Programs about scheduling seldom have them, so they are small rather than fast.

use std::cmp::Ordering;

use super::magnitude::{
    add, compare, divide, low_bits, scale, shift_left, shift_right, subtract, trim,
};

/// An integer of any size. As a value it always lies outside of `i64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Big {
    pub negative: bool,
    /// Least significant first, the last one not zero; none for 0.
    digits: Vec<u32>,
}

impl Big {
    pub fn from_i128(value: i128) -> Big {
        let mut rest = value.unsigned_abs();
        let mut digits = Vec::new();
        while rest != 0 {
            digits.push(rest as u32);
            rest >>= 32;
        }
        Big {
            negative: value < 0,
            digits,
        }
    }
    fn from_digits(negative: bool, mut digits: Vec<u32>) -> Big {
        trim(&mut digits);
        Big {
            negative: negative && !digits.is_empty(),
            digits,
        }
    }
    /// A float's whole part.
    pub fn from_f64(value: f64) -> Big {
        let bits = value.abs().to_bits();
        let exponent = (bits >> 52) as i64 - 1075;
        let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        let mut big = Big::from_i128(mantissa as i128);
        if exponent >= 0 {
            big = big.shift_left(exponent as usize);
        } else {
            big = big.shift_right((-exponent) as usize);
        }
        big.negative = value < 0.0 && !big.is_zero();
        big
    }

    /// The value, if it fits 64 bits.
    pub fn small(&self) -> Option<i64> {
        if self.digits.len() > 2 {
            return None;
        }
        let magnitude = self
            .digits
            .iter()
            .rev()
            .fold(0u64, |all, d| all << 32 | *d as u64) as i128;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }
    pub fn is_odd(&self) -> bool {
        self.digits.first().is_some_and(|d| d & 1 == 1)
    }
    /// How many bits the magnitude has.
    pub fn bits(&self) -> usize {
        self.digits
            .last()
            .map_or(0, |d| self.digits.len() * 32 - d.leading_zeros() as usize)
    }
    pub fn low_byte(&self) -> u8 {
        let low = self.digits.first().copied().unwrap_or(0);
        if self.negative {
            low.wrapping_neg() as u8
        } else {
            low as u8
        }
    }
    pub fn count_ones(&self) -> u32 {
        self.digits.iter().map(|d| d.count_ones()).sum()
    }
    pub fn bytes(&self) -> usize {
        self.digits.len() * 4
    }
    /// The magnitude modulo a number below 2^64.
    pub fn remainder(&self, modulus: u64) -> u64 {
        self.digits
            .iter()
            .rev()
            .fold(0u128, |rest, d| (rest << 32 | *d as u128) % modulus as u128) as u64
    }

    /// The nearest float, None if there is none.
    pub fn to_f64(&self) -> Option<f64> {
        let (top, shift) = self.top();
        scale(top as f64, shift as i64)
            .filter(|f| f.is_finite())
            .map(|f| if self.negative { -f } else { f })
    }
    /// The top 64 bits, with a one at the end if anything below them is not zero, and how far they are shifted.
    fn top(&self) -> (u64, usize) {
        let shift = self.bits().saturating_sub(64);
        let shifted = shift_right(&self.digits, shift);
        let top = shifted
            .iter()
            .rev()
            .fold(0u64, |all, d| all << 32 | *d as u64);
        (
            top | (shift > 0 && low_bits(&self.digits, shift)) as u64,
            shift,
        )
    }

    pub fn negate(mut self) -> Big {
        self.negative = !self.negative && !self.is_zero();
        self
    }
    pub fn add(&self, other: &Big) -> Big {
        if self.negative == other.negative {
            return Big::from_digits(self.negative, add(&self.digits, &other.digits));
        }
        match compare(&self.digits, &other.digits) {
            Ordering::Equal => Big::from_i128(0),
            Ordering::Greater => {
                Big::from_digits(self.negative, subtract(&self.digits, &other.digits))
            }
            Ordering::Less => {
                Big::from_digits(other.negative, subtract(&other.digits, &self.digits))
            }
        }
    }
    pub fn subtract(&self, other: &Big) -> Big {
        self.add(&other.clone().negate())
    }
    pub fn multiply(&self, other: &Big) -> Big {
        let mut digits = vec![0u32; self.digits.len() + other.digits.len()];
        for (i, &a) in self.digits.iter().enumerate() {
            let mut carry = 0u64;
            for (j, &b) in other.digits.iter().enumerate() {
                carry += digits[i + j] as u64 + a as u64 * b as u64;
                digits[i + j] = carry as u32;
                carry >>= 32;
            }
            digits[i + other.digits.len()] = carry as u32;
        }
        Big::from_digits(self.negative != other.negative, digits)
    }
    pub fn power(&self, mut exponent: u64) -> Big {
        let mut base = self.clone();
        let mut result = Big::from_i128(1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.multiply(&base);
            }
            exponent >>= 1;
            if exponent > 0 {
                base = base.multiply(&base);
            }
        }
        result
    }
    /// Quotient and remainder, rounded down as Python does; the divisor is not zero.
    pub fn divide(&self, by: &Big) -> (Big, Big) {
        let (quotient, rest) = divide(&self.digits, &by.digits);
        let quotient = Big::from_digits(self.negative != by.negative, quotient);
        let rest = Big::from_digits(self.negative, rest);
        if !rest.is_zero() && rest.negative != by.negative {
            return (quotient.subtract(&Big::from_i128(1)), rest.add(by));
        }
        (quotient, rest)
    }
    /// The nearest float to a quotient, None if it is too large.
    pub fn true_divide(&self, by: &Big) -> Option<f64> {
        if self.is_zero() {
            return Some(if by.negative { -0.0 } else { 0.0 });
        }
        let shift = 66 - (self.bits() as i64 - by.bits() as i64);
        let mut a = Big {
            negative: false,
            digits: self.digits.clone(),
        };
        let mut b = Big {
            negative: false,
            digits: by.digits.clone(),
        };
        if shift > 0 {
            a = a.shift_left(shift as usize);
        } else {
            b = b.shift_left((-shift) as usize);
        }
        let (quotient, rest) = a.divide(&b);
        let (top, more) = quotient.top();
        let f = scale((top | !rest.is_zero() as u64) as f64, more as i64 - shift)?;
        Some(if self.negative != by.negative { -f } else { f })
    }

    pub fn shift_left(&self, bits: usize) -> Big {
        Big::from_digits(self.negative, shift_left(&self.digits, bits))
    }
    /// Rounds down, so that -1 stays -1.
    pub fn shift_right(&self, bits: usize) -> Big {
        let shifted = Big::from_digits(self.negative, shift_right(&self.digits, bits));
        if self.negative && low_bits(&self.digits, bits) {
            return Big {
                negative: true,
                digits: add(&shifted.digits, &[1]),
            };
        }
        shifted
    }
    /// `&`, `|` or `^`, as if both had endless sign bits.
    pub fn bitwise(&self, other: &Big, combine: fn(u32, u32) -> u32) -> Big {
        let length = self.digits.len().max(other.digits.len()) + 1;
        let (a, b) = (self.complement(length), other.complement(length));
        let digits: Vec<u32> = a.iter().zip(&b).map(|(a, b)| combine(*a, *b)).collect();
        let negative = digits[length - 1] >> 31 == 1;
        if !negative {
            return Big::from_digits(false, digits);
        }
        let inverted: Vec<u32> = digits.iter().map(|d| !d).collect();
        Big::from_digits(true, add(&inverted, &[1]))
    }
    /// The two's complement in so many digits.
    fn complement(&self, length: usize) -> Vec<u32> {
        let mut digits = self.digits.clone();
        digits.resize(length, 0);
        if self.negative {
            let mut carry = true;
            for d in &mut digits {
                let (sum, more) = (!*d).overflowing_add(carry as u32);
                *d = sum;
                carry = more;
            }
        }
        digits
    }

    pub fn compare(&self, other: &Big) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => compare(&self.digits, &other.digits),
            (true, true) => compare(&other.digits, &self.digits),
            (a, _) => {
                if a {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }

    /// Digits without a sign; None if one does not belong to the base.
    pub fn parse(text: &[u8], base: u32) -> Option<Big> {
        let mut digits: Vec<u32> = Vec::new();
        for &byte in text {
            let mut carry = (byte as char).to_digit(base)? as u64;
            for d in &mut digits {
                carry += *d as u64 * base as u64;
                *d = carry as u32;
                carry >>= 32;
            }
            if carry > 0 {
                digits.push(carry as u32);
            }
        }
        Some(Big::from_digits(false, digits))
    }

    /// A constant as the compiler writes it: decimal digits, maybe behind a minus.
    pub fn from_decimal(text: &str) -> Option<Big> {
        match text.strip_prefix('-') {
            Some(digits) => Big::parse(digits.as_bytes(), 10).map(Big::negate),
            None => Big::parse(text.as_bytes(), 10),
        }
    }

    /// The text in a base up to 36, with a minus if negative.
    pub fn text(&self, base: u32) -> String {
        // As many digits at once as fit into 32 bits.
        let mut chunk = base;
        let mut width = 1;
        while let Some(more) = chunk.checked_mul(base) {
            chunk = more;
            width += 1;
        }
        let mut rest = self.digits.clone();
        let mut reversed = Vec::new();
        while !rest.is_empty() {
            let mut remainder = 0u64;
            for d in rest.iter_mut().rev() {
                let all = remainder << 32 | *d as u64;
                *d = (all / chunk as u64) as u32;
                remainder = all % chunk as u64;
            }
            while rest.last() == Some(&0) {
                rest.pop();
            }
            for _ in 0..width {
                if rest.is_empty() && remainder == 0 {
                    break;
                }
                reversed.push(
                    std::char::from_digit((remainder % base as u64) as u32, base).unwrap_or('0'),
                );
                remainder /= base as u64;
            }
        }
        if reversed.is_empty() {
            reversed.push('0');
        }
        if self.negative {
            reversed.push('-');
        }
        reversed.iter().rev().collect()
    }
}

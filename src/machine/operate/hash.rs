//! Hashes: those of CPython with PYTHONHASHSEED=0, so that sets have its order.

use super::super::object::{Frozen, Object, ViewKind};
use super::super::value::{Value, View};
use super::super::{Context, Outcome, symbols, types};
use super::truth::range_length;
use crate::bytecode::preemption::Version;

/// Numbers are hashed modulo this prime, so that equal numbers of different types hash alike.
const MODULUS: u64 = (1 << 61) - 1;

impl Context<'_> {
    pub fn hash(&mut self, value: Value) -> Outcome<u64> {
        let hash = match value.view() {
            View::Int(i) => hash_int(i),
            View::Bool(b) => b as u64,
            View::Float(f) => hash_float(f),
            View::None => 0xFCA8_6420,
            View::Type(n) => 0x5500_0000 + n as u64,
            View::Native(n) => 0x5600_0000 + n as u64,
            View::Module(n) => 0x5700_0000 + n as u64,
            View::Thing(n) => 0x5800_0000 + n as u64,
            View::Turn(yielded) => 0x5A00_0000 + yielded as u64,
            View::Ellipsis => 0x5900_0001,
            View::NotImplemented => 0x5900_0002,
            View::Null => 0,
            View::Object(h) => match self.machine.heap.get(h) {
                Object::Str(t) if t.is_ascii() => hash_bytes(t.text.as_bytes()),
                Object::Str(t) => hash_wide(&t.text),
                Object::Bytes(b) => hash_bytes(b),
                Object::BigInt(b) => {
                    let rest = b.remainder(MODULUS);
                    fix(if b.negative {
                        (rest as i64).wrapping_neg() as u64
                    } else {
                        rest
                    })
                }
                Object::Tuple(items) => {
                    let count = items.len();
                    let mut acc = TupleHash::new();
                    self.sink("")?;
                    for at in 0..count {
                        // A tuple does not change, so its items are there as long as it is.
                        let item = match self.machine.heap.get(h) {
                            Object::Tuple(items) => items[at],
                            _ => Value::NULL,
                        };
                        match self.hash(item) {
                            Ok(lane) => acc.add(lane),
                            Err(e) => {
                                self.rise();
                                return Err(e);
                            }
                        }
                    }
                    self.rise();
                    acc.finish(count)
                }
                Object::Set(d, Frozen::Yes) => {
                    let mut hash = 0;
                    for entry in d.iter() {
                        hash ^= ((entry.hash ^ 89_869_747) ^ (entry.hash << 16))
                            .wrapping_mul(3_644_798_167);
                    }
                    hash ^= (d.len() as u64 + 1).wrapping_mul(1_927_868_237);
                    hash ^= (hash >> 11) ^ (hash >> 25);
                    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
                    if hash == u64::MAX { 590_923_713 } else { hash }
                }
                Object::Range(parts) => {
                    let parts = **parts;
                    let length = range_length(&parts);
                    let mut acc = TupleHash::new();
                    acc.add(hash_int(length as i64));
                    let none = 0xFCA8_6420;
                    acc.add(if length > 0 { hash_int(parts[0]) } else { none });
                    acc.add(if length > 1 { hash_int(parts[2]) } else { none });
                    acc.finish(3)
                }
                Object::Slice(_) if self.machine.version < Version::V3_12 => {
                    return self.type_error("unhashable type: '", value, "'");
                }
                Object::Slice(parts) => {
                    let parts = **parts;
                    let mut acc = TupleHash::new();
                    for part in parts {
                        acc.add(self.hash(part)?);
                    }
                    acc.0
                }
                Object::Method(pair) => {
                    let [function, object] = **pair;
                    identity_hash(function) ^ identity_hash(object).rotate_left(7)
                }
                Object::List(_)
                | Object::Dict(_)
                | Object::Set(_, Frozen::No)
                | Object::Deque(_)
                | Object::ByteArray(_)
                | Object::DictView(_, ViewKind::Keys | ViewKind::Items) => {
                    return self.type_error("unhashable type: '", value, "'");
                }
                Object::Instance(_) | Object::Exception(_) => return self.hash_own(value),
                _ => identity_hash(value),
            },
        };
        Ok(hash)
    }

    /// What the class says: `__hash__`, which is None where a class has only `__eq__`.
    fn hash_own(&mut self, value: Value) -> Outcome<u64> {
        let class = self.type_of(value);
        let mut found = None;
        if let Some(Object::Class(class)) = self.machine.heap.object(class) {
            for entry in &class.order {
                if entry.is(types::value(class.layout)) && class.layout != types::OBJECT {
                    break;
                }
                if let Some(Object::Class(c)) = self.machine.heap.object(*entry) {
                    found = c.attributes.get(symbols::HASH);
                    if found.is_some() {
                        break;
                    }
                }
            }
        }
        let Some(method) = found else {
            return match self.machine.heap.base(value) {
                Some(base) => self.hash(base),
                None => Ok(identity_hash(value)),
            };
        };
        if method.is_none() {
            return self.type_error("unhashable type: '", value, "'");
        }
        let given = self.call_now(method, &[value])?;
        let result = self.machine.heap.plain(given);
        self.heap().retain(result);
        self.heap().release(given);
        let hash = match result.view() {
            View::Int(-1) => Some(-2i64 as u64),
            View::Int(i) => Some(i as u64),
            View::Bool(b) => Some(b as u64),
            _ => None,
        };
        match hash {
            Some(hash) => Ok(hash),
            None if matches!(self.machine.heap.object(result), Some(Object::BigInt(_))) => {
                let hash = self.hash(result);
                self.heap().release(result);
                hash
            }
            None => {
                self.heap().release(result);
                self.error(
                    super::super::types::TYPE_ERROR,
                    "__hash__ method should return an integer",
                )
            }
        }
    }
}

/// -1 means an error in C.
fn fix(hash: u64) -> u64 {
    if hash == u64::MAX { u64::MAX - 1 } else { hash }
}

pub(super) fn hash_int(i: i64) -> u64 {
    let rest = i.unsigned_abs() % MODULUS;
    fix(if i < 0 {
        (rest as i64).wrapping_neg() as u64
    } else {
        rest
    })
}

/// By what it is: CPython's hash of a pointer, what `object.__hash__` gives.
pub fn identity_hash(value: Value) -> u64 {
    match value.as_object() {
        Some(handle) => address(handle.0) >> 4,
        None => match value.view() {
            View::Int(i) => i as u64,
            View::Native(n) => n as u64 + 1,
            View::Type(n) => n as u64 + 1,
            _ => 0,
        },
    }
}

/// Where CPython would say that an object is: made up, but the same in every run.
pub fn address(handle: u32) -> u64 {
    0x7F00_0000_0000 + handle as u64 * 48 + 16
}

fn hash_float(f: f64) -> u64 {
    if f.is_infinite() {
        return if f > 0.0 { 314_159 } else { -314_159i64 as u64 };
    }
    if f.is_nan() || f == 0.0 {
        return 0;
    }
    // The float is mantissa * 2^exponent; 2 has order 61 modulo the prime.
    let bits = f.abs().to_bits();
    let (mantissa, exponent) = match bits >> 52 {
        0 => (bits, -1074),
        e => (bits & ((1 << 52) - 1) | 1 << 52, e as i64 - 1075),
    };
    let shift = exponent.rem_euclid(61) as u32;
    let rest = ((mantissa as u128) << shift) % MODULUS as u128;
    fix(if f < 0.0 {
        (rest as i64).wrapping_neg() as u64
    } else {
        rest as u64
    })
}

/// The hash of a tuple: xxHash, as in tupleobject.c.
struct TupleHash(u64);

impl TupleHash {
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    fn new() -> TupleHash {
        TupleHash(TupleHash::PRIME_5)
    }
    fn add(&mut self, lane: u64) {
        let mixed = self
            .0
            .wrapping_add(lane.wrapping_mul(14_029_467_366_897_019_727));
        self.0 = mixed
            .rotate_left(31)
            .wrapping_mul(11_400_714_785_074_694_791);
    }
    fn finish(self, count: usize) -> u64 {
        let hash = self
            .0
            .wrapping_add(count as u64 ^ (TupleHash::PRIME_5 ^ 3_527_539));
        if hash == u64::MAX {
            1_546_275_796
        } else {
            hash
        }
    }
}

/// A str that is not ASCII is hashed as CPython stores it: one, two or four bytes a character.
fn hash_wide(text: &str) -> u64 {
    let largest = text.chars().max().unwrap_or('\0') as u32;
    let width = if largest < 0x100 {
        1
    } else if largest < 0x1_0000 {
        2
    } else {
        4
    };
    let mut bytes = Vec::with_capacity(text.len() * width);
    for c in text.chars() {
        bytes.extend_from_slice(&(c as u32).to_le_bytes()[..width]);
    }
    hash_bytes(&bytes)
}

/// SipHash-1-3 with a key of zeros.
fn hash_bytes(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut v = [
        0x736f_6d65_7073_6575u64,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        let m = u64::from_le_bytes(word);
        v[3] ^= m;
        sip_round(&mut v);
        v[0] ^= m;
    }
    let mut word = [0; 8];
    let rest = chunks.remainder();
    word[..rest.len()].copy_from_slice(rest);
    word[7] = bytes.len() as u8;
    let m = u64::from_le_bytes(word);
    v[3] ^= m;
    sip_round(&mut v);
    v[0] ^= m;
    v[2] ^= 0xFF;
    for _ in 0..3 {
        sip_round(&mut v);
    }
    fix(v[0] ^ v[1] ^ v[2] ^ v[3])
}

#[inline]
fn sip_round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

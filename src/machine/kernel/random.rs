//! The generator of `random`: MT19937, as CPython 3.12 seeds and reads it (Modules/_randommodule.c). The state is a bytearray:
//! 624 words and the index of the next one.

use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::Object;
use crate::machine::operate::Big;
use crate::machine::value::Value;
use crate::machine::{Context, Outcome};

pub static GROUP: Group = Group {
    place: Place::Module("_kernel"),
    natives: FUNCTIONS,
};

const WORDS: usize = 624;
const MIDDLE: usize = 397;

const FUNCTIONS: &[Definition] = &[
    define("random_start", "", |cx, _| {
        Ok(Value::int(cx.machine.seed as i64))
    }),
    define("random_seed", "state key", |cx, a| {
        let big = cx.number(a[1]).map(|n| n.big());
        let mut key: Vec<u32> = Vec::new();
        let mut rest = big.unwrap_or_else(|| Big::from_i128(0));
        while !rest.is_zero() {
            key.push(rest.remainder(1 << 32) as u32);
            rest = rest.shift_right(32);
        }
        if key.is_empty() {
            key.push(0);
        }
        let state = Generator::seeded(&key);
        state.store(cx, a[0]);
        Ok(Value::NONE)
    }),
    define("random_float", "state", |cx, a| {
        let mut state = Generator::load(cx, a[0]);
        let (high, low) = (state.next() >> 5, state.next() >> 6);
        state.store(cx, a[0]);
        let value = (high as f64 * 67_108_864.0 + low as f64) / 9_007_199_254_740_992.0;
        Ok(Value::float(value))
    }),
    define("random_bits", "state count", bits),
];

struct Generator {
    words: [u32; WORDS],
    index: usize,
}

impl Generator {
    fn seeded(key: &[u32]) -> Generator {
        let mut words = [0u32; WORDS];
        words[0] = 19_650_218;
        for at in 1..WORDS {
            let before = words[at - 1];
            words[at] = 1_812_433_253u32
                .wrapping_mul(before ^ (before >> 30))
                .wrapping_add(at as u32);
        }
        let (mut i, mut j) = (1, 0);
        for _ in 0..WORDS.max(key.len()) {
            let before = words[i - 1];
            words[i] = (words[i] ^ (before ^ (before >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j = (j + 1) % key.len();
            if i >= WORDS {
                words[0] = words[WORDS - 1];
                i = 1;
            }
        }
        for _ in 1..WORDS {
            let before = words[i - 1];
            words[i] = (words[i] ^ (before ^ (before >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(i as u32);
            i += 1;
            if i >= WORDS {
                words[0] = words[WORDS - 1];
                i = 1;
            }
        }
        words[0] = 0x8000_0000;
        Generator {
            words,
            index: WORDS,
        }
    }

    fn load(cx: &Context<'_>, state: Value) -> Generator {
        let mut generator = Generator {
            words: [0; WORDS],
            index: WORDS,
        };
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object(state) {
            let mut read = bytes
                .chunks_exact(4)
                .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            for word in &mut generator.words {
                *word = read.next().unwrap_or(0);
            }
            generator.index = (read.next().unwrap_or(0) as usize).min(WORDS);
        }
        generator
    }

    fn store(&self, cx: &mut Context<'_>, state: Value) {
        if let Some(Object::ByteArray(bytes)) = cx.machine.heap.object_mut(state) {
            bytes.clear();
            for word in self.words.iter().chain([&(self.index as u32)]) {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
        }
    }

    fn next(&mut self) -> u32 {
        if self.index >= WORDS {
            for at in 0..WORDS {
                let mixed =
                    (self.words[at] & 0x8000_0000) | (self.words[(at + 1) % WORDS] & 0x7FFF_FFFF);
                let odd = if mixed & 1 == 1 { 0x9908_B0DF } else { 0 };
                self.words[at] = self.words[(at + MIDDLE) % WORDS] ^ (mixed >> 1) ^ odd;
            }
            self.index = 0;
        }
        let mut y = self.words[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C_5680;
        y ^= (y << 15) & 0xEFC6_0000;
        y ^ (y >> 18)
    }
}

fn bits(cx: &mut Context<'_>, a: &[Value]) -> Outcome {
    let count = cx.need_index(a[1])?.max(0) as usize;
    cx.reserve(count / 8)?;
    let mut state = Generator::load(cx, a[0]);
    let mut rest = count;
    let mut words = Vec::new();
    while rest > 0 {
        let word = state.next();
        words.push(if rest < 32 { word >> (32 - rest) } else { word });
        rest = rest.saturating_sub(32);
    }
    state.store(cx, a[0]);
    if count <= 32 {
        return Ok(Value::int(words.first().copied().unwrap_or(0) as i64));
    }
    let mut result = Big::from_i128(0);
    for word in words.iter().rev() {
        result = result.shift_left(32).add(&Big::from_i128(*word as i128));
    }
    cx.integer(result)
}

//! Text that fits into a link: DEFLATE (RFC 1951) in the alphabet of base64url (RFC 4648).
//!
//! Only blocks with the fixed codes are written and read: for programs of a page they are as good as others, and links come
//! from here. What others make of the same text can be read by any tool.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The least length of a repetition that is worth a reference, and the most that one can say.
const LEAST: usize = 3;
const MOST: usize = 258;
/// How far back a reference can reach.
const REACH: usize = 32_768;
/// A text longer than this is not unpacked: no link that we write is.
const LONGEST: usize = 1 << 20;

/// For each code of a length or distance: the first value that it stands for, and how many bits follow.
const LENGTHS: [(u16, u8); 29] = codes::<29>(4, 3);
const DISTANCES: [(u16, u8); 30] = codes::<30>(2, 1);

/// The codes' values: the extra bits grow by one every `group` codes, after the first two groups, which have none.
const fn codes<const N: usize>(group: usize, first: u16) -> [(u16, u8); N] {
    let mut codes = [(0, 0); N];
    let (mut i, mut value) = (0, first as u32);
    while i < N {
        let extra = if i < 2 * group { 0 } else { i / group - 1 };
        codes[i] = (value as u16, extra as u8);
        value += 1 << extra;
        i += 1;
    }
    // The longest repetition has a code of its own.
    if N == 29 {
        codes[28] = (258, 0);
    }
    codes
}

/// The text, packed.
pub fn pack(text: &str) -> String {
    let mut bits = Bits::default();
    let bytes = text.as_bytes();
    let mut seen = Seen {
        latest: vec![NOWHERE; SLOTS],
        earlier: Vec::new(),
    };
    bits.put(0b011, 3); // the last block, with fixed codes
    let mut at = 0;
    while at < bytes.len() {
        let (mut length, distance) = seen.repetition(bytes, at);
        if length < LEAST {
            bits.literal(bytes[at].into());
            length = 1;
        } else {
            let (code, extra, width) = code_of(&LENGTHS, length);
            bits.literal(257 + code);
            bits.put(extra, width);
            let (code, extra, width) = code_of(&DISTANCES, distance);
            bits.reversed(code, 5);
            bits.put(extra, width);
        }
        at += length;
        seen.until(bytes, at);
    }
    bits.literal(256);
    bits.text()
}

/// The text that was packed, if this is one.
pub fn unpack(packed: &str) -> Option<String> {
    let mut bits = Pieces {
        packed: packed.as_bytes(),
        at: 0,
    };
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0b01 => loop {
                let code = bits.literal()?;
                if code < 256 {
                    bytes.push(code as u8);
                } else if code == 256 {
                    break;
                } else {
                    let &(first, width) = LENGTHS.get(code as usize - 257)?;
                    let length = first as usize + bits.take(width.into())? as usize;
                    let code = bits.reversed(5)?;
                    let &(first, width) = DISTANCES.get(code as usize)?;
                    let distance = first as usize + bits.take(width.into())? as usize;
                    let from = bytes.len().checked_sub(distance)?;
                    for i in from..from + length {
                        bytes.push(bytes[i]);
                    }
                }
                if bytes.len() > LONGEST {
                    return None;
                }
            },
            _ => return None,
        }
        if last {
            return String::from_utf8(bytes).ok();
        }
    }
}

/// Where the text that is packed already begins alike, so that even long programs are packed while one types.
struct Seen {
    /// For each slot, the latest place whose first bytes fall into it.
    latest: Vec<u32>,
    /// For each place, the one before it in the same slot.
    earlier: Vec<u32>,
}

const SLOTS: usize = 4096;
const NOWHERE: u32 = u32::MAX;
/// How many places are tried for the longest repetition.
const TRIES: usize = 100;

impl Seen {
    fn slot(bytes: &[u8], at: usize) -> usize {
        let byte = |i| usize::from(bytes.get(at + i).copied().unwrap_or(0));
        (byte(0) << 8 ^ byte(1) << 4 ^ byte(2)) % SLOTS
    }

    /// Takes note of all places before this one.
    fn until(&mut self, bytes: &[u8], end: usize) {
        for at in self.earlier.len()..end {
            let latest = &mut self.latest[Seen::slot(bytes, at)];
            self.earlier.push(std::mem::replace(latest, at as u32));
        }
    }

    /// The longest earlier text that goes on like the one at this place: its length and how far back it is.
    fn repetition(&self, bytes: &[u8], at: usize) -> (usize, usize) {
        let rest = &bytes[at..bytes.len().min(at + MOST)];
        let mut best = (0, 0);
        let mut from = self.latest[Seen::slot(bytes, at)];
        for _ in 0..TRIES {
            let place = from as usize;
            if from == NOWHERE || at - place > REACH {
                break;
            }
            let same = bytes[place..].iter().zip(rest);
            let same = same.take_while(|(a, b)| a == b).count();
            if same > best.0 {
                best = (same, at - place);
            }
            from = self.earlier[place];
        }
        best
    }
}

/// A value's code, what follows it, and in how many bits.
fn code_of(codes: &[(u16, u8)], value: usize) -> (u32, u32, u32) {
    let code = codes.partition_point(|&(first, _)| first as usize <= value) - 1;
    let (first, width) = codes[code];
    (code as u32, (value - first as usize) as u32, width.into())
}

/// Bits to be written, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, width: u32) {
        for i in 0..width {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((bits >> i & 1) as u8) << (self.used % 8);
            }
            self.used += 1;
        }
    }

    /// Codes are written from their highest bit.
    fn reversed(&mut self, code: u32, width: u32) {
        self.put(code.reverse_bits() >> (32 - width), width);
    }

    /// A byte, the end, or the code of a length.
    fn literal(&mut self, literal: u32) {
        match literal {
            0..144 => self.reversed(0x30 + literal, 8),
            144..256 => self.reversed(0x190 + literal - 144, 9),
            256..280 => self.reversed(literal - 256, 7),
            _ => self.reversed(0xc0 + literal - 280, 8),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for group in self.bytes.chunks(3) {
            let mut bits = 0;
            for i in 0..3 {
                bits = bits << 8 | group.get(i).copied().unwrap_or(0) as usize;
            }
            for i in 0..group.len() + 1 {
                text.push(ALPHABET[bits >> (18 - 6 * i) & 63] as char);
            }
        }
        text
    }
}

/// Bits to be read.
struct Pieces<'a> {
    packed: &'a [u8],
    at: usize,
}

impl Pieces<'_> {
    fn bit(&mut self) -> Option<u32> {
        // Bit i of byte n; the text holds the bytes' bits from the highest.
        let (byte, bit) = (self.at / 8, self.at % 8);
        let place = byte * 8 + 7 - bit;
        let letter = *self.packed.get(place / 6)?;
        let six = ALPHABET.iter().position(|&it| it == letter)?;
        self.at += 1;
        Some((six >> (5 - place % 6) & 1) as u32)
    }

    fn take(&mut self, width: u32) -> Option<u32> {
        let mut bits = 0;
        for i in 0..width {
            bits |= self.bit()? << i;
        }
        Some(bits)
    }

    fn reversed(&mut self, width: u32) -> Option<u32> {
        let mut code = 0;
        for _ in 0..width {
            code = code << 1 | self.bit()?;
        }
        Some(code)
    }

    fn literal(&mut self) -> Option<u32> {
        let seven = self.reversed(7)?;
        if seven < 24 {
            return Some(256 + seven);
        }
        let eight = seven << 1 | self.bit()?;
        if eight < 0xc0 {
            return Some(eight - 0x30);
        }
        if eight < 0xc8 {
            return Some(280 + eight - 0xc0);
        }
        Some(144 + (eight << 1 | self.bit()?) - 0x190)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) {
        let packed = pack(text);
        assert!(packed.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(unpack(&packed).as_deref(), Some(text));
    }

    #[test]
    fn text_comes_back() {
        check("");
        check("print('é😀')\n");
        check(&"x = 1\n".repeat(1000));
        check(&"a".repeat(70_000));
        let every: String = (1..0x800).filter_map(char::from_u32).collect();
        check(&every);
        for scenario in crate::scenario::all() {
            check(scenario.text);
            assert!(pack(scenario.text).len() < scenario.text.len());
        }
    }

    /// What Python's `zlib.compressobj(9, zlib.DEFLATED, -15)` and `base64.urlsafe_b64encode` give.
    #[test]
    fn it_is_deflate() {
        assert_eq!(pack("print(1)\n"), "KyjKzCvRMNTkAgA");
        assert_eq!(unpack("KyjKzCvRMNTkAgA=").as_deref(), Some("print(1)\n"));
        assert_eq!(unpack("S0yEAQA=").as_deref(), Some("aaaaaaaaaa"));
    }

    #[test]
    fn nonsense_is_refused() {
        for packed in ["A", "!!!", "KyjKz", "_____________", "BQAAAA"] {
            assert_eq!(unpack(packed), None, "{packed}");
        }
    }
}

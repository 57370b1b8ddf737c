//! The string table while it grows: each text once, found again by its hash.

/// Interned strings: one text, the end of each string in it, and an open hash table of their numbers.
#[derive(Clone, Default)]
pub struct Strings {
    text: String,
    ends: Vec<u32>,
    /// The number of the string in each slot, 0 for a free slot, and its hash; their number is a power of two.
    slots: Vec<(u32, u32)>,
}

impl Strings {
    /// The number of a string; a new one if it was not there. The empty string is number 0.
    pub fn intern(&mut self, string: &str) -> u32 {
        if string.is_empty() {
            return 0;
        }
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let hash = hash(string.as_bytes());
        let mut slot = hash as usize & mask;
        while self.slots[slot].0 != 0 {
            let (id, of) = self.slots[slot];
            if of == hash && self.get(id) == string {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
        self.slots[slot] = (self.ends.len() as u32, hash);
        self.ends.len() as u32
    }

    /// Puts a string in without looking for it; nor is it found when it is looked for.
    pub fn add(&mut self, string: &str) -> u32 {
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32
    }

    /// The string with this number.
    pub fn get(&self, id: u32) -> &str {
        if id == 0 {
            return "";
        }
        let end = self.ends[id as usize - 1] as usize;
        let start = if id > 1 {
            self.ends[id as usize - 2] as usize
        } else {
            0
        };
        &self.text[start..end]
    }

    /// All strings one after the other, and where each ends (string 1 first).
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.text, &self.ends)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let mut slots = vec![(0, 0); size];
        for &(id, hash) in self.slots.iter().filter(|slot| slot.0 != 0) {
            let mut slot = hash as usize & (size - 1);
            while slots[slot].0 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = (id, hash);
        }
        self.slots = slots;
    }
}

/// Eight bytes at a time; strings of a run differ in a digit or two, so all bits of the product count.
fn hash(bytes: &[u8]) -> u32 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64 ^ bytes.len() as u64;
    for part in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 32;
    }
    hash as u32
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn each_text_has_one_number() {
        let mut strings = Strings::default();
        let numbers: Vec<u32> = (0..1000)
            .map(|i| strings.intern(&format!("name {i}")))
            .collect();
        assert_eq!(strings.intern(""), 0);
        for (i, &number) in numbers.iter().enumerate() {
            assert_eq!(number, i as u32 + 1);
            assert_eq!(strings.intern(&format!("name {i}")), number);
            assert_eq!(strings.get(number), format!("name {i}"));
        }
    }
}

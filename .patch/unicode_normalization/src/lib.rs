//! Stands in for `unicode-normalization`: text stays as it is.
//!
//! The parser normalises names that are not ASCII. The front end admits only names in letters whose normal form is the letter itself, and
//! rejects others before the parser sees them, so that the tables, 55 kB of a compressed worker, are not needed.

/// What the parser asks of a text.
pub trait UnicodeNormalization {
    /// The characters in normal form KC: here, as they are.
    fn nfkc(&self) -> std::str::Chars<'_>;
}

impl UnicodeNormalization for str {
    fn nfkc(&self) -> std::str::Chars<'_> {
        self.chars()
    }
}

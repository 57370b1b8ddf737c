//! The CPython versions whose switching rules are known.

use std::fmt;

/// A CPython version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    V2_7,
    V3_6,
    V3_7,
    V3_8,
    V3_9,
    V3_10,
    V3_11,
    V3_12,
    V3_13,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: &[Version] = &[
        Version::V2_7,
        Version::V3_6,
        Version::V3_7,
        Version::V3_8,
        Version::V3_9,
        Version::V3_10,
        Version::V3_11,
        Version::V3_12,
        Version::V3_13,
    ];

    /// The version as it is written: "3.12".
    pub fn id(self) -> &'static str {
        const IDS: [&str; 9] = [
            "2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13",
        ];
        IDS[self as usize]
    }

    /// The version that is written so.
    pub fn from_id(id: &str) -> Option<Version> {
        Version::ALL
            .iter()
            .copied()
            .find(|version| version.id() == id)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

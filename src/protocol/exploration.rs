//! What the explorer found, as the page shows it.

use super::{Reader, Writer};

/// All orders of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exploration {
    /// How many there are, in words: "70 orders".
    pub orders: String,
    /// Why that is not all; empty if it is.
    pub incomplete: String,
    /// The outcomes, bad ones first, and then what else was found.
    pub ways: Vec<Way>,
}

/// An outcome or a finding, and a run that leads to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What the program printed, or how it ended; or what the finding says.
    pub text: String,
    /// In how many orders: "32 of 70"; empty where that is not known.
    pub count: String,
    /// The share of all orders, in thousandths.
    pub share: u32,
    /// Whether something is wrong with it.
    pub bad: bool,
    /// The shortest schedule.
    pub schedule: String,
}

impl Exploration {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(&self.orders);
        out.text(&self.incomplete);
        out.number(self.ways.len() as u32);
        for way in &self.ways {
            out.text(&way.text);
            out.text(&way.count);
            out.number(way.share);
            out.number(way.bad.into());
            out.text(&way.schedule);
        }
        out.0
    }

    /// The exploration in these bytes, if they are one.
    pub fn decode(bytes: &[u8]) -> Option<Exploration> {
        let mut bytes = Reader(bytes);
        Some(Exploration {
            orders: bytes.text()?,
            incomplete: bytes.text()?,
            ways: bytes.list(|bytes| {
                Some(Way {
                    text: bytes.text()?,
                    count: bytes.text()?,
                    share: bytes.number()?,
                    bad: bytes.number()? != 0,
                    schedule: bytes.text()?,
                })
            })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exploration_comes_back() {
        let way = Way {
            text: "2".to_owned(),
            count: "32 of 70".to_owned(),
            share: 457,
            bad: true,
            schedule: "2:32>0".to_owned(),
        };
        let exploration = Exploration {
            orders: "70 orders".to_owned(),
            incomplete: String::new(),
            ways: vec![way, Way::default()],
        };
        let bytes = exploration.encode();
        assert_eq!(Exploration::decode(&bytes), Some(exploration));
        for end in 0..bytes.len() {
            assert_eq!(Exploration::decode(&bytes[..end]), None);
        }
    }
}

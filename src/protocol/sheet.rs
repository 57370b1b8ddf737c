//! What the worker has to say about all orders, as a piece of the page: it writes what is to be seen, so that the page need
//! not know how, and only shows it. What a person presses there comes back to it as a text.

use super::{Reader, Writer};

/// A piece of the page, and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The schedule of the run that it is about; empty is the usual order.
    pub schedule: String,
    /// The step of that run at which it is looked at first: 0 is that of its first finding.
    pub step: u32,
    /// The run beside the one that shows, as the bytes of a trace; empty if there is none.
    pub fork: Vec<u8>,
    /// The tasks that can go on now, a bit for each.
    pub lit: u64,
    /// How often findings happen, by their kind and subject.
    pub often: Vec<(String, String)>,
    pub parts: Vec<Part>,
}

/// What to do next while the piece is made, with a number and a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub what: What,
    pub number: u32,
    pub text: String,
}

/// The tags of its elements and the names of their attributes.
pub const TAGS: [&str; 7] = ["div", "p", "h3", "button", "span", "b", "code"];
pub const ATTRIBUTES: [&str; 5] = ["class", "id", "aria-pressed", "role", "title"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Opens the element of a tag; the text is its key among its neighbours.
    Open,
    Close,
    Text,
    /// Gives what was opened last an attribute.
    Set,
    /// A click on what was opened last comes back as this text.
    Tell,
    /// A bar, so many thousandths of what there is room for.
    Bar,
    /// What follows shows from the step `number` on and before the step in the text, until [`What::Always`].
    While,
    Always,
}

const WHATS: [What; 8] = [
    What::Open,
    What::Close,
    What::Text,
    What::Set,
    What::Tell,
    What::Bar,
    What::While,
    What::Always,
];

impl Sheet {
    fn put(&mut self, what: What, number: u32, text: &str) -> &mut Sheet {
        self.parts.push(Part {
            what,
            number,
            text: text.to_owned(),
        });
        self
    }

    /// Opens an element. Its neighbours may come and go: by the key it stays the same.
    pub fn open(&mut self, tag: &str, key: &str) -> &mut Sheet {
        let place = TAGS.iter().position(|it| *it == tag);
        self.put(What::Open, place.unwrap_or(0) as u32, key)
    }

    pub fn set(&mut self, name: &str, value: &str) -> &mut Sheet {
        let place = ATTRIBUTES.iter().position(|it| *it == name);
        self.put(What::Set, place.unwrap_or(0) as u32, value)
    }

    pub fn close(&mut self) -> &mut Sheet {
        self.put(What::Close, 0, "")
    }

    pub fn text(&mut self, text: &str) -> &mut Sheet {
        self.put(What::Text, 0, text)
    }

    /// An element of a class with nothing but text.
    pub fn leaf(&mut self, tag: &str, class: &str, text: &str) -> &mut Sheet {
        self.open(tag, "").set("class", class).text(text).close()
    }

    pub fn tell(&mut self, text: &str) -> &mut Sheet {
        self.put(What::Tell, 0, text)
    }

    pub fn bar(&mut self, thousandths: u32) -> &mut Sheet {
        self.put(What::Bar, thousandths, "")
    }

    /// What follows shows only at these steps, until [`Sheet::always`].
    pub fn at_steps(&mut self, from: u32, until: u32) -> &mut Sheet {
        self.put(What::While, from, &until.to_string())
    }

    pub fn always(&mut self) -> &mut Sheet {
        self.put(What::Always, 0, "")
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(&self.schedule);
        out.number(self.step);
        out.number(self.lit as u32);
        out.number((self.lit >> 32) as u32);
        out.number(self.often.len() as u32);
        for (finding, often) in &self.often {
            out.text(finding);
            out.text(often);
        }
        out.number(self.parts.len() as u32);
        for part in &self.parts {
            out.number(part.what as u32);
            out.number(part.number);
            out.text(&part.text);
        }
        out.0.extend_from_slice(&self.fork);
        out.0
    }

    /// The sheet in these bytes, if they are one.
    pub fn decode(bytes: &[u8]) -> Option<Sheet> {
        let mut bytes = Reader(bytes);
        Some(Sheet {
            schedule: bytes.text()?,
            step: bytes.number()?,
            lit: u64::from(bytes.number()?) | u64::from(bytes.number()?) << 32,
            often: bytes.list(|bytes| Some((bytes.text()?, bytes.text()?)))?,
            parts: bytes.list(|bytes| {
                Some(Part {
                    what: *WHATS.get(bytes.number()? as usize)?,
                    number: bytes.number()?,
                    text: bytes.text()?,
                })
            })?,
            // All that is left.
            fork: bytes.0.to_vec(),
        })
    }

    /// All that can be read on it, and pressed: for tests.
    #[cfg(test)]
    pub fn read(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part.what {
                What::Text => out.push_str(&part.text),
                What::Tell => out.push_str(&["(", &part.text, ") "].concat()),
                What::Close if !out.ends_with('\n') => out.push(' '),
                What::Open
                    if ["p", "div", "h3", "button"].contains(&TAGS[part.number as usize]) =>
                {
                    out.truncate(out.trim_end().len());
                    out.push('\n');
                }
                _ => {}
            }
        }
        out.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_back() {
        let mut sheet = Sheet {
            schedule: "2:32>0".to_owned(),
            step: 41,
            fork: Vec::new(),
            lit: 1 << 40 | 6,
            often: vec![("deadlock a".to_owned(), "Never.".to_owned())],
            parts: Vec::new(),
        };
        sheet
            .open("button", "one")
            .set("class", "way")
            .tell("way 0")
            .text("2")
            .bar(457)
            .close();
        sheet.at_steps(3, 9).leaf("p", "quiet", "seen").always();
        let bytes = sheet.encode();
        assert_eq!(Sheet::decode(&bytes), Some(sheet));
        for end in 0..bytes.len() {
            assert_eq!(Sheet::decode(&bytes[..end]), None);
        }
        let bytes = [bytes, vec![1, 2, 3]].concat();
        let sheet = Sheet::decode(&bytes).expect("a sheet");
        assert_eq!((&*sheet.fork, sheet.encode()), (&[1, 2, 3][..], bytes));
    }

    #[test]
    fn names_are_in_order() {
        for (i, what) in WHATS.iter().enumerate() {
            assert_eq!(*what as usize, i);
        }
    }
}

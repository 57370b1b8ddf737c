//! Finds a scenario's settings in its source: a comment block of the form that PEP 723 gives to tools.
//!
//! The build script reads scenarios with this file too, so it uses nothing else of this crate.

use std::ops::Range;

const OPEN: &str = "# /// interleave";
const CLOSE: &str = "# ///";

/// The settings' text without its comment signs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub text: String,
    /// Where the block is in the source, in bytes, from its first line to the end of its last one.
    pub place: Range<usize>,
    /// For each line of `text`: where it starts there, and where in the source.
    lines: Vec<(usize, usize)>,
}

/// Something wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes.
    pub place: Range<usize>,
    /// A sentence without its full stop.
    pub message: String,
    /// What to write instead; empty if there is nothing to add.
    pub hint: String,
}

impl Fault {
    pub fn new(place: Range<usize>, message: impl Into<String>) -> Fault {
        Fault {
            place,
            message: message.into(),
            hint: String::new(),
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = hint.into();
        self
    }
}

impl Block {
    /// The block of a source, if it has one.
    pub fn find(source: &str) -> Result<Option<Block>, Fault> {
        let mut block: Option<Block> = None;
        let mut open = false;
        let mut end = 0;
        for line in source.split_inclusive('\n') {
            let start = end;
            end += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            let place = start..start + line.len();
            match &mut block {
                None => {
                    if line == OPEN {
                        open = true;
                        block = Some(Block {
                            place,
                            ..Block::default()
                        });
                    }
                }
                Some(_) if !open => {
                    if line == OPEN {
                        return Err(Fault::new(place, "there is a second header")
                            .hint("keep all settings in one block"));
                    }
                }
                Some(block) => {
                    if line == CLOSE {
                        open = false;
                        block.place.end = place.end;
                    } else if let Some(text) = uncomment(line) {
                        block.lines.push((block.text.len(), place.end - text.len()));
                        block.text.push_str(text);
                        block.text.push('\n');
                    } else {
                        return Err(Fault::new(place, "the header is not closed before this line")
                            .hint(format!("begin each of its lines with \"# \" and end it with a line \"{CLOSE}\"")));
                    }
                }
            }
        }
        match block {
            Some(block) if open => Err(Fault::new(block.place, "the header does not end")
                .hint(format!("end it with a line \"{CLOSE}\""))),
            block => Ok(block),
        }
    }

    /// Where a piece of `text` is in the source.
    pub fn place_in_source(&self, place: Range<usize>) -> Range<usize> {
        let map = |offset: usize| {
            let line = self.lines.partition_point(|(start, _)| *start <= offset);
            match line.checked_sub(1).map(|line| self.lines[line]) {
                Some((start, in_source)) => in_source + (offset - start),
                None => self.place.start,
            }
        };
        map(place.start)..map(place.end)
    }
}

/// A line of the block without its comment sign; None for a line that does not belong to it.
fn uncomment(line: &str) -> Option<&str> {
    match line.strip_prefix('#')? {
        "" => Some(""),
        rest => rest.strip_prefix(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back() {
        let source =
            "\"\"\"x\"\"\"\n# /// interleave\r\n# a = 1\r\n#\r\n# b = \"é\"\r\n# ///\r\nprint(1)\n";
        let block = Block::find(source).unwrap().unwrap();
        assert_eq!(block.text, "a = 1\n\nb = \"é\"\n");
        let place = block.text.find("\"é").unwrap();
        let place = block.place_in_source(place..place + 4);
        assert_eq!(&source[place], "\"é\"");
        assert_eq!(
            &source[block.place],
            "# /// interleave\r\n# a = 1\r\n#\r\n# b = \"é\"\r\n# ///"
        );
    }

    #[test]
    fn what_is_no_block() {
        for (source, message) in [
            ("print(1)\n", None),
            ("# /// script\n# ///\n", None),
            ("  # /// interleave\n", None),
            ("# /// interleave\n# a = 1", Some("the header does not end")),
            (
                "# /// interleave\nprint(1)\n# ///\n",
                Some("the header is not closed before this line"),
            ),
            (
                "# /// interleave\n#a = 1\n# ///\n",
                Some("the header is not closed before this line"),
            ),
            (
                "# /// interleave\n# ///\n# /// interleave\n# ///\n",
                Some("there is a second header"),
            ),
        ] {
            let found = Block::find(source);
            match message {
                None => assert_eq!(found, Ok(None)),
                Some(message) => assert_eq!(found.unwrap_err().message, message),
            }
        }
    }
}

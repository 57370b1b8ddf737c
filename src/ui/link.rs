//! The link to what is on screen: the part of the address after `#`.
//!
//! ```text
//! #v=1&scenario=lost_deposit&runtime=threads&step=41
//! #embed&v=1&scenario=lost_deposit&runtime=threads&cores=4&step=7&source=KyjKzCvRMNTkAgA
//! ```
//!
//! `source` is an edited program, [packed]. Every other name is a setting, as in a scenario's header.

use super::packed;
use crate::settings::Runtime;

/// How links are written now. Older ones will be understood for ever, newer ones as far as they can be.
pub const VERSION: u32 = 1;

/// What a link says; whatever it does not say is None.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The compact page, for an iframe.
    pub embed: bool,
    pub scenario: Option<String>,
    /// The edited program.
    pub source: Option<String>,
    pub runtime: Option<Runtime>,
    pub settings: Vec<(String, String)>,
    pub step: Option<u32>,
    /// What of it could not be understood, as a sentence; mostly empty.
    pub trouble: &'static str,
}

impl Link {
    /// Reads what stands after the `#`.
    pub fn read(hash: &str) -> Link {
        let mut link = Link::default();
        for part in hash.trim_start_matches('#').split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value);
            match name {
                "" => {}
                "embed" => link.embed = true,
                "v" if value.parse().is_ok_and(|version: u32| version <= VERSION) => {}
                "v" => {
                    link.trouble = "This link was made by a newer version of this page, which may know more than this one."
                }
                "scenario" => link.scenario = Some(value),
                "source" => match packed::unpack(&value) {
                    Some(source) => link.source = Some(source),
                    None => link.trouble = "The program in this link is damaged.",
                },
                "runtime" => match Runtime::from_id(&value) {
                    None => link.trouble = "This link names a runtime that does not exist here.",
                    some => link.runtime = some,
                },
                "step" => link.step = value.parse().ok(),
                // An assignment has a value; anything else is not ours.
                _ if part.contains('=') => link.settings.push((decode(name), value)),
                _ => {}
            }
        }
        link
    }

    /// The link as it stands after the `#`.
    pub fn text(&self) -> String {
        let mut text = String::from(if self.embed { "embed&v=1" } else { "v=1" });
        let mut put = |name: &str, value: &str| {
            text.push('&');
            encode(name, &mut text);
            text.push('=');
            encode(value, &mut text);
        };
        if let Some(scenario) = &self.scenario {
            put("scenario", scenario);
        }
        if let Some(runtime) = self.runtime {
            put("runtime", runtime.id());
        }
        for (name, value) in &self.settings {
            put(name, value);
        }
        if let Some(step) = self.step {
            put("step", &step.to_string());
        }
        // The longest last, so that the others can be read.
        if let Some(source) = &self.source {
            put("source", &packed::pack(source));
        }
        text
    }
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' | b',' => {
                out.push(byte as char);
            }
            _ => {
                out.push('%');
                for four in [byte >> 4, byte & 15] {
                    out.push(char::from_digit(four.into(), 16).unwrap_or('0'));
                }
            }
        }
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let mut digit = || (ahead.next()? as char).to_digit(16);
        let value = match byte {
            b'%' => digit().and_then(|high| Some(high << 4 | digit()?)),
            _ => None,
        };
        bytes.push(value.map_or(byte, |value| value as u8));
        if value.is_some() {
            rest = ahead;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_comes_back() {
        for link in [
            Link::default(),
            Link {
                embed: true,
                scenario: Some("lost_deposit".to_owned()),
                source: Some("print('é & 100 %')\n".to_owned()),
                runtime: Some(Runtime::FreeThreaded),
                settings: vec![("switch-interval".to_owned(), "0.5 µs&%41".to_owned())],
                step: Some(41),
                trouble: "",
            },
        ] {
            let text = link.text();
            assert_eq!(Link::read(&text), link, "{text}");
            assert_eq!(Link::read(&("#".to_owned() + &text)), link);
        }
    }

    #[test]
    fn what_is_written_by_hand_is_understood() {
        let check = |hash, expect: Link| assert_eq!(Link::read(hash), expect, "{hash}");
        check("", Link::default());
        check("#", Link::default());
        check(
            "#embed",
            Link {
                embed: true,
                ..Link::default()
            },
        );
        check(
            "#scenario=a%62c&step=x&%&x%zz=%",
            Link {
                scenario: Some("abc".to_owned()),
                settings: vec![("x%zz".to_owned(), "%".to_owned())],
                ..Link::default()
            },
        );
    }

    #[test]
    fn trouble_is_told() {
        for (hash, word) in [
            ("#v=2", "newer"),
            ("#v=x", "newer"),
            ("#v=1", ""),
            ("#source=!", "damaged"),
            ("#runtime=java", "runtime"),
        ] {
            let trouble = Link::read(hash).trouble;
            assert!(
                trouble.contains(word) && trouble.is_empty() == word.is_empty(),
                "{hash}"
            );
        }
    }
}

//! The scenarios: programs that show something, each a file of `scenarios/` with its settings in a comment block.
//!
//! The build script embeds every such file; there is no list to edit. It knows nothing of how programs run.

mod block;
pub mod expect;
mod header;
mod opening;
mod toml;

pub use header::Header;
pub use opening::Opening;

use crate::settings::{Runtime, Settings};
use crate::source::Source;

/// What a list of scenarios shows of one; the rest stands in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file's name without its ending.
    pub id: &'static str,
    pub title: &'static str,
    pub chapter: &'static str,
    /// What it is offered under, the default first.
    pub runtimes: &'static [Runtime],
}

/// A scenario with its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub entry: Entry,
    /// The whole file.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// All scenarios, by chapter and order, without their programs: what the page needs.
pub fn index() -> &'static [Entry] {
    INDEX
}

/// All scenarios with their programs, in the order of [`index`]. Whoever does not call this or [`find`] does not carry them.
pub fn all() -> impl Iterator<Item = Scenario> {
    let with_text = |(entry, text): (&Entry, &&'static str)| Scenario {
        entry: *entry,
        text,
    };
    INDEX.iter().zip(TEXTS).map(with_text)
}

/// The scenario with this id.
pub fn find(id: &str) -> Option<Scenario> {
    all().find(|scenario| scenario.entry.id == id)
}

impl Scenario {
    pub fn source(&self) -> Source {
        Source::new(format!("{}.py", self.entry.id), self.text)
    }

    /// Its header, which the tests know to be right.
    pub fn header(&self, defaults: Settings) -> Header {
        Header::read(&self.source(), defaults).expect("the tests read every header")
    }
}

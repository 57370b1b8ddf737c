//! What a scenario says its run does, which the tests hold it to.

use crate::settings::Runtime;
use crate::trace::{FindingKind, Outcome};

/// What is expected of a run; None of whatever is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// All of stdout.
    pub output: Option<String>,
    /// All of stdout in every order, which the explorer holds the program to.
    pub always: Option<String>,
    pub end: Option<Outcome>,
    /// The kinds of all findings, each once, in the order of [`FindingKind::ALL`].
    pub findings: Option<Vec<FindingKind>>,
    /// How long the run takes, within a hundredth, in virtual nanoseconds.
    pub time_ns: Option<u64>,
    /// How the sentence begins that stands where the scenario opens, under its own runtime.
    pub opening: Option<String>,
}

/// What is expected under each runtime: what is said of it, and else what is said of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    pub(super) all: Expect,
    pub(super) by_runtime: Vec<(Runtime, Expect)>,
}

impl Expectations {
    pub fn of(&self, runtime: Runtime) -> Expect {
        let own = self.by_runtime.iter().find(|(it, _)| *it == runtime);
        let own = own.map(|(_, expect)| expect.clone()).unwrap_or_default();
        let all = self.all.clone();
        Expect {
            output: own.output.or(all.output),
            always: own.always.or(all.always),
            end: own.end.or(all.end),
            findings: own.findings.or(all.findings),
            time_ns: own.time_ns.or(all.time_ns),
            opening: own.opening.or(all.opening),
        }
    }
}

/// The end of that name.
pub fn end_from_id(id: &str) -> Option<Outcome> {
    let mut ends = Outcome::ALL.iter().copied();
    ends.find(|end| end.id() == id)
}

/// The kind of finding of that name.
pub fn finding_from_id(id: &str) -> Option<FindingKind> {
    let mut kinds = FindingKind::ALL.iter().copied();
    kinds.find(|kind| kind.id() == id)
}

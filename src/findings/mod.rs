//! What the analysis of a finished run finds: each kind of finding is one file and one line in [`detectors`].

mod blocking_call;
mod deadlock;
mod lost_update;
mod never_awaited;
mod table;
#[cfg(test)]
mod tests;

use blocking_call::BlockingCall;
use deadlock::Deadlock;
use lost_update::LostUpdate;
use never_awaited::NeverAwaited;
pub use table::{are_whole, read, write};

use crate::narration::Message;
use crate::trace::{Event, FindingKind, LocationId, State, ThingId, Trace};
use std::collections::BTreeMap;

/// How many findings of one kind about one thing are listed; the others are only counted.
pub const LISTED: u32 = 100;

/// Something a person should see, with the steps that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    /// The variable it is about.
    pub location: Option<LocationId>,
    /// The lock or other thing it is about.
    pub thing: Option<ThingId>,
    /// The steps that prove it, in order; at the last it became true.
    pub steps: Vec<u32>,
    pub message: Message,
}

impl Finding {
    /// The step at which it became true.
    pub fn step(&self) -> u32 {
        self.steps.last().copied().unwrap_or(0)
    }

    /// The name of the variable or thing it is about, if any.
    pub fn subject<'a>(&self, trace: &'a Trace) -> Option<&'a str> {
        let location = self.location.map(|location| trace.location(location).name);
        location
            .or_else(|| self.thing.map(|thing| trace.thing(thing).name))
            .filter(|name| !name.is_empty())
    }
}

/// Looks for one kind of finding while the events are folded.
pub trait Detector {
    /// Sees a step before it is applied to the state.
    fn see(&mut self, trace: &Trace, before: &State, step: u32, event: &Event, report: &mut Report);

    /// Sees what holds when the run is over.
    fn end(&mut self, _trace: &Trace, _state: &State, _report: &mut Report) {}
}

/// All of them.
pub fn detectors() -> Vec<Box<dyn Detector>> {
    vec![
        Box::new(LostUpdate),
        Box::new(Deadlock),
        Box::new(BlockingCall::default()),
        Box::new(NeverAwaited::default()),
    ]
}

/// What the detectors found.
#[derive(Default)]
pub struct Report {
    findings: Vec<Finding>,
    /// How many of each kind there are.
    pub found: [u32; FindingKind::ALL.len()],
    /// Writes that overwrote another task's with a value from before it.
    pub stale_writes: Vec<u32>,
    /// How many of a kind, told apart by what they are about, are listed.
    alike: BTreeMap<(u32, u32), u32>,
}

impl Report {
    /// Counts a finding, and lists it unless there are many alike; `about` says which are alike.
    pub fn add(&mut self, kind: FindingKind, about: u32, finding: impl FnOnce() -> Finding) {
        self.found[kind as usize] += 1;
        let alike = self.alike.entry((kind as u32, about)).or_default();
        if *alike < LISTED {
            *alike += 1;
            self.findings.push(finding());
        }
    }

    /// The list, in the order of the steps at which they became true.
    pub fn findings(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(Finding::step);
        self.findings
    }
}

//! Where the buttons and the scrubber go.

use super::event::Kind;
use super::reader::Trace;

/// How far a button moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grain {
    /// To every step.
    #[default]
    Instruction,
    /// To the next line that any task reaches.
    Line,
    /// To the next change of who runs.
    Switch,
}

impl Grain {
    /// Whether a step of this kind is a stop.
    fn stops_at(self, trace: &Trace, kind: Kind) -> bool {
        use Kind::*;
        match self {
            Grain::Instruction => true,
            Grain::Line => matches!(kind, Line | Finish),
            // With a GIL, to have a core is not yet to run.
            Grain::Switch if kind == Run => !trace.run().gil,
            Grain::Switch => matches!(
                kind,
                GilAcquire | Resume | Suspend | Preempt | Block | End | Finish
            ),
        }
    }
}

/// The next stop after a step, or the last step.
pub fn next(trace: &Trace, step: u32, grain: Grain) -> u32 {
    let last = trace.len();
    (step.saturating_add(1)..=last)
        .find(|&step| grain.stops_at(trace, trace.event(step).kind))
        .unwrap_or(last)
}

/// The stop before a step, or 0, which is before the first step.
pub fn previous(trace: &Trace, step: u32, grain: Grain) -> u32 {
    let before = step.min(trace.len().saturating_add(1)).saturating_sub(1);
    (1..=before)
        .rev()
        .find(|&step| grain.stops_at(trace, trace.event(step).kind))
        .unwrap_or(0)
}

/// The next step that proves a finding, or the same step if none does; without findings, the next switch.
pub fn next_mark(trace: &Trace, step: u32) -> u32 {
    let findings = trace.findings();
    if findings.is_empty() {
        return next(trace, step, Grain::Switch);
    }
    let steps = findings.iter().flat_map(|finding| &finding.steps).copied();
    steps.filter(|&mark| mark > step).min().unwrap_or(step)
}

/// The last step before that proves a finding, or the same step if none does; without findings, the last switch.
pub fn previous_mark(trace: &Trace, step: u32) -> u32 {
    let findings = trace.findings();
    if findings.is_empty() {
        return previous(trace, step, Grain::Switch);
    }
    let steps = findings.iter().flat_map(|finding| &finding.steps).copied();
    steps.filter(|&mark| mark < step).max().unwrap_or(step)
}

/// What a mark on the scrubber stands for; where marks fall together, the later one in this list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScrubberMark {
    Await,
    Switch,
    Finding,
}

/// Marks for the scrubber, at most one for each of `places` equal parts of the run, in order of their steps.
pub fn scrubber_marks(trace: &Trace, places: u32) -> Vec<(u32, ScrubberMark)> {
    let (last, places) = (trace.len(), places.max(1));
    let place_of =
        |step: u32| (u64::from(step) * u64::from(places) / (u64::from(last) + 1)) as usize;
    let mut marks: Vec<Option<(u32, ScrubberMark)>> =
        vec![None; places.min(last.saturating_add(1)) as usize + 1];
    let mut place = |step: u32, mark: ScrubberMark| {
        let index = if places > last {
            step as usize
        } else {
            place_of(step)
        };
        let shown = &mut marks[index];
        if shown.is_none_or(|(_, other)| other < mark) {
            *shown = Some((step, mark));
        }
    };
    let running = if trace.run().gil {
        Kind::GilAcquire
    } else {
        Kind::Run
    };
    for step in 1..=last {
        match trace.event(step).kind {
            Kind::Suspend => place(step, ScrubberMark::Await),
            kind if kind == running || kind == Kind::Resume => place(step, ScrubberMark::Switch),
            _ => {}
        }
    }
    for finding in trace.findings() {
        place(finding.step(), ScrubberMark::Finding);
    }
    marks.into_iter().flatten().collect()
}

//! Where a scenario opens.

use crate::trace::Trace;

/// The step that a person sees first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// The first step.
    #[default]
    Start,
    /// The step that completes the first finding.
    Finding,
    /// The last step.
    End,
    Step(u32),
}

impl Opening {
    /// `finding`, `start`, `end` or a step's number.
    pub fn from_text(text: &str) -> Option<Opening> {
        match text {
            "start" => Some(Opening::Start),
            "finding" => Some(Opening::Finding),
            "end" => Some(Opening::End),
            number => number
                .parse()
                .ok()
                .filter(|step| *step > 0)
                .map(Opening::Step),
        }
    }

    /// The step in a run; the first where a run has no such moment, as an edited program may.
    pub fn step(self, trace: &Trace) -> u32 {
        let step = match self {
            Opening::Start => 1,
            Opening::Finding => trace.findings().first().map_or(1, |finding| finding.step()),
            Opening::End => trace.len(),
            Opening::Step(step) => step,
        };
        step.clamp(1, trace.len().max(1))
    }
}

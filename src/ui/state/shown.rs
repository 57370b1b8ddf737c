//! A run and an instant of it, ready to be looked at.

use crate::findings::Finding;
use crate::layout::Index;
use crate::protocol::Program;
use crate::trace::{self, Event, Mark, NO_TASK, TaskId, Trace};
use crate::ui::text;
use std::rc::Rc;

/// A run, ready to be looked at.
pub struct Shown {
    pub program: Program,
    pub trace: Trace,
    pub index: Index,
    pub findings: Vec<Finding>,
    pub marks: Vec<Mark>,
    /// The program with its colours, as HTML.
    pub code: String,
    /// The marks on the scrubber as paths of SVG: switches, awaits, findings.
    pub scrubber: [String; 3],
    /// The edited program that ran; None is the scenario's own.
    pub text: Option<Rc<str>>,
}

impl Shown {
    pub fn new(program: Program, trace: Trace, edited: Option<Rc<str>>) -> Shown {
        Shown {
            index: Index::new(&trace),
            findings: trace.findings(),
            marks: trace.marks(),
            code: text::code_html(&program.source, &program.pieces),
            scrubber: text::scrubber_paths(&trace),
            program,
            trace,
            text: edited,
        }
    }

    /// A finding by its kind and what it is about, as the worker knows it.
    pub fn name(&self, finding: &Finding) -> String {
        let subject = finding.subject(&self.trace).unwrap_or_default();
        [finding.kind.id(), " ", subject].concat()
    }

    /// The last step.
    pub fn last(&self) -> u32 {
        self.trace.len()
    }

    /// A step that exists.
    pub(super) fn clamp(&self, step: u32) -> u32 {
        step.clamp(self.last().min(1), self.last())
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        std::ptr::eq(self, other)
    }
}

/// An instant of a run.
pub struct Now {
    /// What held before the step.
    pub before: trace::State,
    /// What holds after it.
    pub after: trace::State,
    pub event: Option<Event>,
    /// Who acts, in the program's terms.
    pub actor: TaskId,
}

impl Now {
    pub(super) fn at(trace: &Trace, step: u32) -> Now {
        let before = trace.state_at(step.saturating_sub(1));
        let event = trace.get_event(step);
        let mut after = before.clone();
        if let Some(event) = &event {
            after.apply(event);
        }
        Now {
            actor: event.as_ref().map_or(NO_TASK, |event| before.actor(event)),
            before,
            after,
            event,
        }
    }
}

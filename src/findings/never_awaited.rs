//! Never awaited: a coroutine was made and is gone, and its body never ran.

use super::{Detector, Finding, Report};
use crate::narration::{Key, Message, Slot};
use crate::trace::{Event, FindingKind, Kind, State, StringId, Trace};
use std::collections::BTreeMap;

/// Remembers where coroutines were made.
#[derive(Default)]
pub struct NeverAwaited {
    /// The last step at which a coroutine of this function was made on this line.
    made: BTreeMap<(StringId, u32), u32>,
}

impl Detector for NeverAwaited {
    fn see(&mut self, _: &Trace, _: &State, step: u32, event: &Event, report: &mut Report) {
        match event.kind {
            Kind::Create => {
                self.made.insert((event.a, event.line), step);
            }
            Kind::NeverAwaited => report.add(FindingKind::NeverAwaited, event.a, || Finding {
                kind: FindingKind::NeverAwaited,
                location: None,
                thing: None,
                steps: self
                    .made
                    .get(&(event.a, event.b))
                    .copied()
                    .into_iter()
                    .chain([step])
                    .collect(),
                message: Message::new(Key::FoundNeverAwaited)
                    .name(event.a)
                    .number(Slot::Line, event.b.into()),
            }),
            _ => {}
        }
    }
}

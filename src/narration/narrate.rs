//! From a step to its sentence.

use super::english::Key;
use super::message::Message;
use crate::trace::{State, Trace};

/// What happens at the step that follows `before`.
pub fn narrate(_trace: &Trace, _before: &State) -> Message {
    Message::new(Key::Start)
}

/// What happened at a step; step 0 is before the first.
pub fn sentence(trace: &Trace, step: u32) -> Message {
    if step == 0 || step > trace.len() {
        return Message::new(Key::Start);
    }
    narrate(trace, &trace.state_at(step - 1))
}

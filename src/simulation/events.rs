//! The events that both sorts of runs tell alike.

use super::{End, Engine};
use crate::trace::{Ending, Event, Kind, Outcome, Tag};

/// An event of a thread without anything particular.
pub fn event<E: Engine>(engine: &E, thread: u32, kind: Kind, time: u64, core: u8) -> Event {
    Event {
        time,
        task: engine.task(thread),
        line: engine.line(thread),
        kind,
        core,
        tag: Tag::Absent,
        flags: 0,
        a: 0,
        b: 0,
        value: 0,
    }
}

/// Tells that a thread's bottom frame is done, with what ended it. How the run ends if it is the main thread, which has waited for the
/// others that count.
pub fn ended<E: Engine>(
    engine: &mut E,
    plain: Event,
    exception: Option<String>,
) -> (Outcome, String) {
    let (ending, outcome) = match exception {
        Some(_) => (Ending::Raised, Outcome::Exception),
        None => (Ending::Returned, Outcome::Finished),
    };
    let event = Event {
        flags: ending as u8,
        b: engine.string(exception.as_deref().unwrap_or_default()),
        ..plain
    };
    engine.emit(event);
    (outcome, exception.unwrap_or_default())
}

/// Tells that the run is over.
pub fn finish<E: Engine>(engine: &mut E, plain: Event, outcome: Outcome, message: String) -> End {
    let event = Event {
        flags: outcome as u8,
        b: engine.string(&message),
        ..plain
    };
    engine.emit(event);
    End {
        outcome,
        message,
        hint: String::new(),
        line: 0,
    }
}

//! The trace of a run: one flat versioned buffer that holds everything a person can see.
//!
//! A [`Recorder`] takes the events while a simulation runs and makes the buffer; a [`Trace`] reads it in place;
//! a [`State`] is the fold of all events up to a step.
//!
//! ```text
//! Recorder::new() -> .string(&str), .task(..), .thing(..), .location(..), .push(Event), .write_stdout(&[u8]) ... -> .finish(Summary) -> Trace
//! Trace::from_bytes(Vec<u8>) -> Result<Trace, FormatError>; .event(step), .string(id), .task(id), .thing(id), .location(id), .findings() ...
//! trace.state_at(step) -> State        (through key frames that the trace keeps)
//! ```
//!
//! It knows nothing of the machine, of schedulers, of drawing or of the page.

mod apply;
#[cfg(test)]
mod buffer_tests;
mod chunks;
pub mod event;
mod figures;
mod finish;
pub(crate) mod format;
mod key_frames;
pub mod navigate;
#[cfg(test)]
pub(crate) mod notation;
mod reader;
mod recorder;
mod run;
mod state;
mod strings;
mod tables;
#[cfg(test)]
mod tests;
mod text;

pub use chunks::Chunks;
pub use event::*;
pub use figures::Figures;
pub use format::FormatError;
pub use reader::Trace;
pub use recorder::{Mark, Recorder, Summary, TaskRecord};
pub use run::Run;
pub use state::{
    Frame, Gil, Loop, Queues, State, Status, TaskState, ThingState, Variable, WaitFor,
};
pub use tables::{Location, Task, Thing};
pub use text::{duration_text, float_text, time_text};

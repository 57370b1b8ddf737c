//! The trace of a run: one flat versioned buffer that holds everything a person can see.
//!
//! A [`Recorder`] takes the events while a simulation runs and makes the buffer; a [`Trace`] reads it in place;
//! a [`State`] is the fold of all events up to a step.
//!
//! ```text
//! Recorder::new() -> .string(&str), .task(..), .thing(..), .location(..), .push(Event), .write_stdout(&[u8]) ... -> .finish(Summary) -> Trace
//! Trace::from_bytes(Vec<u8>) -> Result<Trace, FormatError>; .event(i), .string(id), .tasks(), .things(), .locations(), .findings() ...
//! trace.state_at(step) -> State        (through key frames that the trace's reader keeps)
//! ```
//!
//! It knows nothing of the machine, of schedulers, of drawing or of the page.

pub mod event;

pub use event::*;

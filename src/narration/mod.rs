//! One plain sentence for each step, with its reason: the same for the page, the command line and a screen reader.
//!
//! A [`Message`] is a key and arguments; a [`Language`] turns it into [`Span`]s. It knows nothing of drawing.

pub mod english;
mod language;
mod message;
mod narrate;
#[cfg(test)]
mod tests;
mod waiting;

pub use english::{ENGLISH, Key};
pub use language::{Language, Role, Span};
pub use message::{Argument, Message, Part, Slot};
pub use narrate::{narrate, sentence};
pub use waiting::wait_reason;

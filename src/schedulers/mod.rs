//! Schedulers: which thread an operating system lets run, and who decides where the rules leave a choice.
//!
//! They see the numbers of threads, who is ready, and time; never the machine, and nothing of what threads do. A policy is
//! one file and a line in [`POLICIES`], and so is a decider.

pub mod decider;
pub mod fair;
pub mod first;
pub mod policy;
pub mod random;
pub mod replay;
pub mod round_robin;
pub mod schedule;

pub use decider::{Choice, Decider};
pub use policy::{Definition, Policy};
pub use schedule::{BESIDE, Deviation, EARLY, HOLD, PICK, Schedule};

/// The policies of the operating system, the default first.
pub const POLICIES: &[&Definition] = &[&fair::DEFINITION, &round_robin::DEFINITION];

/// The policy with this id.
pub fn policy(id: &str) -> Option<&'static Definition> {
    POLICIES
        .iter()
        .find(|definition| definition.id == id)
        .copied()
}

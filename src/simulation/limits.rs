//! Limits: what a run may use up, and what is said when it did.

use super::{Engine, Rules, Simulation};
use crate::trace::{Outcome, duration_text};

impl<E: Engine> Simulation<E> {
    /// Ends the run at a limit. `name` is one of the machine's, or "instructions" or "time".
    pub(super) fn reach_limit(&mut self, name: &str) {
        self.finish(Outcome::Limit, message(name, &self.rules));
    }
}

/// What is said about a limit.
pub(super) fn message(name: &str, rules: &Rules) -> String {
    match name {
        "instructions" => format!(
            "the limit of {} instructions is reached; if the program is to end by itself, raise it with --limit-instructions",
            grouped(rules.limit_instructions)
        ),
        "time" => format!(
            "the limit of {} of virtual time is reached; a program that waits that long rarely ends",
            duration_text(rules.limit_time)
        ),
        "heap" => String::from(
            "the limit of memory is reached: the program keeps too much alive; let go of what is not needed (what refers to itself in a circle goes at the program's end only)",
        ),
        "output" => {
            String::from("the limit of output is reached; print less, or stop the loop that prints")
        }
        "tasks" => String::from(
            "the limit of threads and tasks is reached; start fewer of them, for example with a semaphore or a pool",
        ),
        other => format!("the limit of {other} is reached"),
    }
}

/// A number with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

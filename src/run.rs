//! Runs a program.

use crate::settings::Settings;
use crate::source::{Diagnostic, Source};
use crate::trace::Trace;

/// A finished run.
pub struct Run {
    pub trace: Trace,
}

/// Runs a program to its end, or says why it cannot run.
pub fn run(_source: &Source, _title: &str, _settings: &Settings) -> Result<Run, Vec<Diagnostic>> {
    Err(vec![Diagnostic::error(
        crate::source::Span::default(),
        "there is no engine yet",
    )])
}

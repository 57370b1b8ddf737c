//! The command line: what `interleave` does in a terminal.
//!
//! The program's output goes to stdout as it is, ours to stderr. [`main`] takes its arguments and streams, so tests call it too.

mod arguments;
mod explore;
mod json;
mod list;
mod narrate;
mod program;
mod render;
mod run;

use std::ffi::OsString;
use std::io::{self, Write};

use crate::trace::Outcome;
use program::Program;

/// Writing is all that can fail here.
type Result<T> = io::Result<T>;

/// Exit codes: how the run ended.
pub mod exit {
    pub const FINISHED: u8 = 0;
    pub const EXCEPTION: u8 = 1;
    /// The program, a setting or the command line itself.
    pub const REJECTED: u8 = 2;
    pub const DEADLOCK: u8 = 3;
    pub const LIMIT: u8 = 4;
    /// Exploring found something wrong.
    pub const FINDING: u8 = 5;
}

/// Runs a command line, the program's name first, and returns the exit code.
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> u8 {
    let matches = match arguments::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let text = error.render();
            // There is nobody to tell if this fails.
            let _ = if error.use_stderr() {
                write!(stderr, "{text}")
            } else {
                write!(stdout, "{text}")
            };
            return error.exit_code() as u8;
        }
    };
    let (name, matches) = matches.subcommand().expect("clap requires a subcommand");
    let done = match name {
        "run" => run::run(matches, stdout, stderr),
        "narrate" => narrate::narrate(matches, stdout, stderr),
        "explore" => explore::explore(matches, stdout, stderr),
        "render" => render::render(matches, stdout, stderr),
        _ => list::list(matches, stdout),
    };
    match done.and_then(|code| stdout.flush().map(|()| code)) {
        Ok(code) => code,
        // Whoever reads our output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit::FINISHED,
        Err(error) => {
            let _ = writeln!(stderr, "interleave: {error}");
            exit::REJECTED
        }
    }
}

/// The exit code that tells how a run ended.
fn exit_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Finished => exit::FINISHED,
        Outcome::Exception => exit::EXCEPTION,
        Outcome::Rejected => exit::REJECTED,
        Outcome::Deadlock => exit::DEADLOCK,
        Outcome::Limit => exit::LIMIT,
    }
}

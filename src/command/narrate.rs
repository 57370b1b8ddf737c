//! `interleave narrate`.

use std::io::Write;

use clap::ArgMatches;

use super::{Program, Result, exit};
use crate::narration::{ENGLISH, narrate as sentence};
use crate::trace::{Outcome, State, time_text};

pub fn narrate(matches: &ArgMatches, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8> {
    let trace = match Program::run(matches) {
        Ok(program) => program.trace,
        Err(rejection) => {
            write!(stderr, "{}", rejection.text())?;
            return Ok(exit::REJECTED);
        }
    };
    let width = trace.len().to_string().len();
    let mut state = State::start(&trace);
    for step in 1..=trace.len() {
        let event = trace.event(step);
        let time = time_text(event.time);
        let text = sentence(&trace, &state).text(&trace, &ENGLISH);
        writeln!(stdout, "{step:>width$}  {time:>9}  {text}")?;
        state.apply(&event);
    }
    Ok(if trace.run().outcome == Outcome::Rejected {
        exit::REJECTED
    } else {
        exit::FINISHED
    })
}

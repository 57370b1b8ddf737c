//! `interleave render`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::ArgMatches;

use super::{Program, Result, exit};
use crate::trace::{Outcome, Trace};

pub fn render(matches: &ArgMatches, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8> {
    let program = match Program::run(matches) {
        Ok(program) => program,
        Err(rejection) => {
            write!(stderr, "{}", rejection.text())?;
            return Ok(exit::REJECTED);
        }
    };
    let dark = matches.get_one::<String>("theme").is_some_and(|it| it == "dark");
    let picture = picture(&program, dark);
    match matches.get_one::<PathBuf>("output") {
        None => stdout.write_all(picture.as_bytes())?,
        Some(path) => fs::write(path, picture)?,
    }
    Ok(if program.trace.run().outcome == Outcome::Rejected {
        exit::REJECTED
    } else {
        exit::FINISHED
    })
}

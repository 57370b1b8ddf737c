//! `interleave render`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::ArgMatches;

use super::{Program, Result, exit};
use crate::layout::{Index, Viewport, layout, legend};
use crate::narration::{ENGLISH, sentence};
use crate::render::{DARK, LIGHT, svg};
use crate::trace::Outcome;

/// The width of the picture in pixels: a column of text.
const WIDTH: f64 = 960.0;

pub fn render(matches: &ArgMatches, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8> {
    let program = match Program::run(matches) {
        Ok(program) => program,
        Err(rejection) => {
            write!(stderr, "{}", rejection.text())?;
            return Ok(exit::REJECTED);
        }
    };
    let dark = matches
        .get_one::<String>("theme")
        .is_some_and(|it| it == "dark");
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

/// The whole run, with the playhead at the step where the program opens, as an SVG file.
fn picture(program: &Program, dark: bool) -> String {
    let trace = &program.trace;
    let index = Index::new(trace);
    let mut viewport = Viewport::fit(&index, WIDTH);
    viewport.step = program.header.opening.step(trace);
    let scenes = [&layout(&index, trace, &viewport), &legend(&index, WIDTH)];
    let run = trace.run();
    let title = match trace.string(run.title) {
        "" => trace.string(run.file),
        title => title,
    };
    let description = sentence(trace, viewport.step).text(trace, &ENGLISH);
    let theme = if dark { &DARK } else { &LIGHT };
    svg::picture(&scenes, theme, title, &description)
}

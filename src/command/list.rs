//! `interleave list`.

use std::io::Write;

use clap::ArgMatches;
use serde::Serialize;

use super::{Result, exit};
use crate::scenario;

/// A scenario as JSON.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    chapter: &'static str,
    claims: &'static [&'static str],
    /// The default first.
    runtimes: Vec<&'static str>,
}

pub fn list(matches: &ArgMatches, stdout: &mut dyn Write) -> Result<u8> {
    let index = scenario::index();
    if matches.get_flag("json") {
        let listed: Vec<Listed> = index
            .iter()
            .map(|it| Listed {
                id: it.id,
                title: it.title,
                summary: it.summary,
                chapter: it.chapter,
                claims: it.claims,
                runtimes: it.runtimes.iter().map(|runtime| runtime.id()).collect(),
            })
            .collect();
        serde_json::to_writer_pretty(&mut *stdout, &listed)?;
        writeln!(stdout)?;
        return Ok(exit::FINISHED);
    }
    let width = index.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let mut chapter = "";
    for entry in index {
        if entry.chapter != chapter {
            if !chapter.is_empty() {
                writeln!(stdout)?;
            }
            chapter = entry.chapter;
            writeln!(stdout, "{chapter}")?;
        }
        writeln!(stdout, "  {:width$}  {}", entry.id, entry.summary)?;
    }
    Ok(exit::FINISHED)
}

//! `interleave list`.

use std::io::Write;

use clap::ArgMatches;
use serde::Serialize;

use super::{Result, exit};
use crate::scenario;
use crate::settings::Settings;

/// A scenario as JSON.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    title: &'static str,
    summary: String,
    chapter: &'static str,
    claims: Vec<String>,
    /// The default first.
    runtimes: Vec<&'static str>,
}

pub fn list(matches: &ArgMatches, stdout: &mut dyn Write) -> Result<u8> {
    let all = scenario::all().map(|it| (it.entry, it.header(Settings::default())));
    let index: Vec<_> = all.collect();
    if matches.get_flag("json") {
        let listed: Vec<Listed> = index
            .into_iter()
            .map(|(it, header)| Listed {
                id: it.id,
                title: it.title,
                summary: header.summary,
                chapter: it.chapter,
                claims: header.claims,
                runtimes: it.runtimes.iter().map(|runtime| runtime.id()).collect(),
            })
            .collect();
        serde_json::to_writer_pretty(&mut *stdout, &listed)?;
        writeln!(stdout)?;
        return Ok(exit::FINISHED);
    }
    let width = index.iter().map(|(it, _)| it.id.len()).max().unwrap_or(0);
    let mut chapter = "";
    for (entry, header) in index {
        if entry.chapter != chapter {
            if !chapter.is_empty() {
                writeln!(stdout)?;
            }
            chapter = entry.chapter;
            writeln!(stdout, "{chapter}")?;
        }
        writeln!(stdout, "  {:width$}  {}", entry.id, header.summary)?;
    }
    Ok(exit::FINISHED)
}

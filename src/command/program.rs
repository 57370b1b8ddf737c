//! From the command line to a run: which program, under which settings, or why not.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use clap::ArgMatches;

use crate::run::run;
use crate::scenario::{self, Header};
use crate::settings::{SETTINGS, Settings};
use crate::source::{Diagnostic, Source};
use crate::trace::Trace;

/// A program that ran.
pub struct Program {
    pub header: Header,
    pub trace: Trace,
    /// How many entries of the schedule that it should replay could not be followed.
    pub unfit: u32,
}

/// Why a program did not run.
pub struct Rejection {
    /// What the command line asked for, as far as it could be read.
    pub settings: Settings,
    pub cause: Cause,
}

pub enum Cause {
    /// The command line or the file.
    Message(String),
    /// The program or its header.
    Diagnostics(Source, Vec<Diagnostic>),
}

impl Program {
    /// Reads and runs the program that the command line names.
    pub fn run(matches: &ArgMatches) -> Result<Program, Box<Rejection>> {
        let (source, header) = read(matches)?;
        match run(&source, &header.title, &header.settings) {
            Ok(run) => Ok(Program {
                trace: run.trace,
                header,
                unfit: run.unfit,
            }),
            Err(all) => Err(Box::new(Rejection {
                settings: header.settings,
                cause: Cause::Diagnostics(source, all),
            })),
        }
    }
}

/// The program that the command line names, and its header with the flags applied.
pub fn read(matches: &ArgMatches) -> Result<(Source, Header), Box<Rejection>> {
    let name = matches
        .get_one::<OsString>("program")
        .expect("clap requires it");
    let mut settings = Settings::default();
    let reject = |settings: &Settings, cause| {
        Box::new(Rejection {
            settings: settings.clone(),
            cause,
        })
    };
    // First onto the defaults, so that a rejection shows what was asked for.
    apply_flags(&mut settings, matches)
        .map_err(|message| reject(&settings, Cause::Message(message)))?;
    let source = source(name).map_err(|message| reject(&settings, Cause::Message(message)))?;
    let mut header = match Header::read(&source, Settings::default()) {
        Ok(header) => header,
        Err(all) => return Err(reject(&settings, Cause::Diagnostics(source, all))),
    };
    apply_flags(&mut header.settings, matches).expect("they were right before");
    let settings = &header.settings;
    if let Some(runtime) = settings.runtime {
        if !header.runtimes.is_empty() && !header.runtimes.contains(&runtime) {
            let offered: Vec<&str> = header.runtimes.iter().map(|it| it.id()).collect();
            let message = format!(
                "{} runs under {}, not under {}",
                source.name(),
                offered.join(" and "),
                runtime.id()
            );
            return Err(reject(settings, Cause::Message(message)));
        }
        if let Some(misfit) = settings.misfit(runtime) {
            return Err(reject(settings, Cause::Message(misfit)));
        }
    }
    Ok((source, header))
}

impl Rejection {
    /// What a person reads.
    pub fn text(&self) -> String {
        match &self.cause {
            Cause::Message(message) => format!("error: {message}\n"),
            Cause::Diagnostics(source, all) => {
                let texts: Vec<String> = all.iter().map(|it| it.render(source)).collect();
                texts.join("\n")
            }
        }
    }
}

/// The flags onto the settings; the message names the flag.
fn apply_flags(settings: &mut Settings, matches: &ArgMatches) -> Result<(), String> {
    for setting in SETTINGS {
        if let Some(text) = matches.get_one::<String>(setting.name) {
            settings
                .set(setting.name, text)
                .map_err(|message| format!("--{}: {message}", setting.name))?;
        }
    }
    Ok(())
}

/// A file, or else a scenario.
fn source(name: &OsStr) -> Result<Source, String> {
    let path = Path::new(name);
    let shown = path.display();
    if !path.exists() {
        let scenario = name.to_str().and_then(scenario::find);
        return scenario.map(|it| it.source()).ok_or_else(|| {
            format!(
                "there is no file and no scenario {shown} (interleave list shows the scenarios)"
            )
        });
    }
    let bytes = fs::read(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{shown} is not UTF-8"))?;
    Ok(Source::new(shown.to_string(), text))
}

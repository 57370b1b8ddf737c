//! `interleave explore`.

use std::io::Write;
use std::thread;
use std::time::Instant;

use clap::ArgMatches;
use serde::Serialize;

use super::program::{Cause, Rejection, read};
use super::{Result, exit, json};
use crate::explorer::{Mode, Options, Report, explore as explore_all};
use crate::run::Ready;
use crate::simulation::turns::Sleeps;
use crate::trace::Outcome;

/// What was explored, as JSON. The names are a contract.
#[derive(Serialize)]
struct Json<'a> {
    runtime: &'static str,
    python: String,
    complete: bool,
    /// Why not, or null.
    incomplete: Option<&'static str>,
    /// In decimal digits; null if there are endlessly many, or if they were not counted.
    interleavings: Option<String>,
    states: usize,
    transitions: usize,
    seconds: f64,
    outcomes: Vec<JsonOutcome<'a>>,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonOutcome<'a> {
    end: &'static str,
    stdout: &'a str,
    stderr: &'a str,
    count: Option<String>,
    /// Of a sample: the estimated share of all orders, and the half of its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<(f64, f64)>,
    schedule: &'a str,
    preemptions: u32,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    kind: &'static str,
    message: &'a str,
    variable: Option<&'a str>,
    schedule: &'a str,
    steps: &'a [u32],
    /// Of a data race: the stacks of both accesses, innermost last.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stacks: &'a [Vec<String>],
}

pub fn explore(matches: &ArgMatches, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8> {
    let as_json = matches.get_flag("json");
    let mut reject = |rejection: &Rejection| {
        if as_json {
            serde_json::to_writer_pretty(&mut *stdout, &json::Report::of_rejection(rejection))?;
            writeln!(stdout)?;
        } else {
            write!(stderr, "{}", rejection.text())?;
        }
        Ok(exit::REJECTED)
    };
    let (source, header) = match read(matches) {
        Ok(read) => read,
        Err(rejection) => return reject(&rejection),
    };
    let ready = match Ready::new(&source, &header.settings) {
        Ok(ready) => ready,
        Err(all) => {
            return reject(&Rejection {
                settings: header.settings.clone(),
                cause: Cause::Diagnostics(source.clone(), all),
            });
        }
    };
    let sleeps = match matches.get_one::<String>("sleeps").map(String::as_str) {
        Some("any") => Sleeps::Any,
        _ => Sleeps::Ordered,
    };
    let mode = matches
        .get_one::<String>("mode")
        .map_or("counts", String::as_str);
    let Some(mode) = read_mode(mode, header.settings.seed) else {
        let message = format!(
            "--mode: counts, reduced, preemptions=N or random=N is expected, not \"{mode}\""
        );
        return reject(&Rejection {
            settings: header.settings.clone(),
            cause: Cause::Message(message),
        });
    };
    let jobs = matches.get_one::<u64>("jobs").map(|&jobs| jobs as usize);
    let jobs = jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let states = matches.get_one::<u64>("limit-states").copied();
    let options = Options {
        mode,
        sleeps,
        limit_states: states.map_or(usize::MAX, |states| states as usize),
        jobs,
    };
    let start = Instant::now();
    let mut report = explore_all(&ready, &options, &mut |_| {});
    if let Some(output) = header.expect.of(ready.runtime).always {
        report.hold_to(&output);
    }
    let seconds = start.elapsed().as_secs_f64();
    if as_json {
        let shown = Json {
            runtime: ready.runtime.id(),
            python: header.settings.python.to_string(),
            complete: report.complete,
            incomplete: report.incomplete,
            interleavings: report.interleavings.as_ref().map(ToString::to_string),
            states: report.states,
            transitions: report.transitions,
            seconds,
            outcomes: outcomes(&report),
            findings: findings(&report),
        };
        serde_json::to_writer_pretty(&mut *stdout, &shown)?;
        writeln!(stdout)?;
    } else {
        tell(&report, mode, seconds, stdout)?;
    }
    Ok(if !report.findings.is_empty() {
        exit::FINDING
    } else if !report.complete {
        exit::LIMIT
    } else {
        exit::FINISHED
    })
}

fn read_mode(text: &str, seed: u64) -> Option<Mode> {
    match text.split_once('=') {
        None if text == "counts" => Some(Mode::Counts),
        None if text == "reduced" => Some(Mode::Reduced),
        Some(("preemptions", most)) => most.parse().ok().map(Mode::Preemptions),
        Some(("random", samples)) => {
            let samples = samples.parse().ok().filter(|&samples| samples > 0)?;
            Some(Mode::Random { samples, seed })
        }
        _ => None,
    }
}

fn outcomes(report: &Report) -> Vec<JsonOutcome<'_>> {
    let outcomes = report.outcomes.iter().map(|outcome| JsonOutcome {
        end: end(outcome.outcome),
        stdout: &outcome.stdout,
        stderr: &outcome.stderr,
        count: outcome.count.as_ref().map(ToString::to_string),
        share: outcome.share,
        schedule: &outcome.schedule,
        preemptions: outcome.preemptions,
    });
    outcomes.collect()
}

fn findings(report: &Report) -> Vec<JsonFinding<'_>> {
    let findings = report.findings.iter().map(|finding| JsonFinding {
        kind: finding.kind,
        message: &finding.message,
        variable: Some(finding.variable.as_str()).filter(|name| !name.is_empty()),
        schedule: &finding.schedule,
        steps: &finding.steps,
        stacks: &finding.stacks,
    });
    findings.collect()
}

fn end(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Finished => "finished",
        Outcome::Exception => "exception",
        Outcome::Rejected => "rejected",
        Outcome::Deadlock => "deadlock",
        Outcome::Limit => "limit",
    }
}

/// The report for a person.
fn tell(report: &Report, mode: Mode, seconds: f64, out: &mut dyn Write) -> Result<()> {
    let orders = match (&report.interleavings, report.complete) {
        (Some(count), _) => format!("{count} orders"),
        (None, true) if mode == Mode::Counts => String::from("endlessly many orders"),
        (None, true) => String::from("all outcomes, orders not counted"),
        (None, false) => String::from("not all orders were explored"),
    };
    writeln!(
        out,
        "{orders} ({} states, {} transitions, {seconds:.2} s)",
        report.states, report.transitions
    )?;
    if let Some(why) = report.incomplete {
        writeln!(out, "not complete: {why}")?;
    }
    for outcome in &report.outcomes {
        let last = outcome.stdout.lines().collect::<Vec<_>>().join(" | ");
        let count = match (&outcome.count, outcome.share) {
            (Some(count), _) => count.to_string(),
            (None, Some((share, off))) => {
                format!("{:.1} % ± {:.1} %", share * 100.0, off * 100.0)
            }
            (None, None) => String::from("-"),
        };
        writeln!(out, "{count:>20}  {}: {last}", end(outcome.outcome))?;
        if outcome.outcome == Outcome::Rejected {
            let why = outcome.stderr.lines().last().unwrap_or_default();
            writeln!(out, "{:>20}  {why}", "")?;
        }
        writeln!(out, "{:>20}  --schedule {}", "", outcome.schedule)?;
    }
    for finding in &report.findings {
        writeln!(out, "{}: {}", finding.kind, finding.message)?;
        writeln!(out, "    --schedule {}", finding.schedule)?;
    }
    Ok(())
}

//! `interleave run`.

use std::io::Write;

use clap::ArgMatches;

use super::json::Report;
use super::{Program, Result, exit, exit_code};
use crate::narration::ENGLISH;
use crate::trace::{Outcome, Trace, duration_text};

/// Schedules longer than this are only shown in JSON.
const LONGEST_SCHEDULE: usize = 400;

pub fn run(matches: &ArgMatches, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8> {
    let json = matches.get_flag("json");
    let program = match Program::run(matches) {
        Ok(program) => program,
        Err(rejection) => {
            if json {
                write_json(stdout, &Report::of_rejection(&rejection))?;
            } else {
                write!(stderr, "{}", rejection.text())?;
            }
            return Ok(exit::REJECTED);
        }
    };
    let trace = &program.trace;
    if json {
        write_json(stdout, &Report::of(trace))?;
    } else {
        stdout.write_all(trace.stdout())?;
        stdout.flush()?;
        stderr.write_all(trace.stderr())?;
        write!(stderr, "{}", summary(trace))?;
    }
    Ok(exit_code(trace.run().outcome))
}

fn write_json(stdout: &mut dyn Write, report: &Report) -> Result<()> {
    serde_json::to_writer_pretty(&mut *stdout, report)?;
    writeln!(stdout)
}

/// How the run ended, what was found in it, and how to have it again.
fn summary(trace: &Trace) -> String {
    let run = trace.run();
    let mut lines = Vec::new();
    for finding in trace.findings() {
        let steps: Vec<String> = finding.steps.iter().map(u32::to_string).collect();
        lines.push(format!(
            "{}: {} (steps {})",
            finding.kind.id(),
            finding.message.text(trace, &ENGLISH),
            steps.join(", ")
        ));
    }
    let end = match run.outcome {
        Outcome::Finished => "finished",
        Outcome::Exception => "ended by an exception",
        Outcome::Rejected => "rejected",
        Outcome::Deadlock => "deadlock",
        Outcome::Limit => "stopped at a limit",
    };
    let message = trace.string(run.message);
    // An exception's message is in the traceback already.
    let why = if message.is_empty() || run.outcome == Outcome::Exception {
        String::new()
    } else {
        format!(": {message}")
    };
    lines.push(format!("{end}{why}"));
    lines.push(format!(
        "{} steps, {} switches, {} under {}, CPython {}",
        trace.len(),
        run.switches,
        duration_text(run.time),
        trace.string(run.runtime),
        trace.string(run.python),
    ));
    let schedule = trace.string(run.schedule);
    // Whoever meets a failure wants to see it again.
    let telling = run.outcome != Outcome::Finished || lines.len() > 2;
    if telling && !schedule.is_empty() {
        lines.push(if schedule.len() <= LONGEST_SCHEDULE {
            format!("replay it with --schedule {schedule}")
        } else {
            String::from("replay it with --schedule and the schedule that --json shows")
        });
    }
    lines
        .iter()
        .map(|line| format!("interleave: {line}\n"))
        .collect()
}

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
        // A header's schedule is made for its own runtime; whoever asks for one wants to know that it was followed.
        if program.unfit > 0 && matches.contains_id("schedule") {
            writeln!(
                stderr,
                "interleave: the schedule does not fit: {} of its choices could not be made",
                program.unfit
            )?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::notation::trace;

    const LOST: &str = "
        0 main spawn A
        0 main spawn B
        1 A read counter 0
        2 B read counter 0
        3 B write counter 1 from=4
        4 A write counter 1 from=3";

    #[test]
    fn a_summary_names_what_was_found() {
        let text = summary(&trace(LOST));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("interleave: lost-update: "), "{text}");
        assert!(lines[0].ends_with(" (steps 3, 5, 6)"), "{text}");
        assert_eq!(lines[1], "interleave: finished");
    }

    #[test]
    fn json_is_a_contract() {
        let mut out = Vec::new();
        write_json(&mut out, &Report::of(&trace(LOST))).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let keys = |value: &serde_json::Value| {
            let keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            keys.join(" ")
        };
        // In the order of the alphabet.
        assert_eq!(
            keys(&report),
            "end findings instructions python runtime schedule stderr stdout steps switches tasks time_ns"
        );
        assert_eq!(
            keys(&report["tasks"][1]),
            "blocked_ns end_ns first_run_ns gil_wait_ns kind name ready_ns running_ns"
        );
        assert_eq!(keys(&report["findings"][0]), "kind message steps variable");
        assert_eq!(report["findings"][0]["variable"], "counter");
        assert_eq!(report["findings"][0]["steps"], serde_json::json!([3, 5, 6]));
        assert_eq!(report["tasks"][1]["end_ns"], serde_json::Value::Null);
    }
}

//! A run as JSON. The names are a contract.

use serde::Serialize;

use super::program::{Cause, Rejection};
use crate::narration::ENGLISH;
use crate::source::{Diagnostic, Source};
use crate::trace::{FindingKind, NEVER, Outcome, TaskId, Trace};

/// A run, or why there was none.
#[derive(Serialize)]
pub struct Report<'a> {
    /// Null if the program was rejected before that was decided.
    runtime: Option<&'a str>,
    python: &'a str,
    /// finished, exception, rejected, deadlock, limit.
    end: &'static str,
    stdout: String,
    /// Of a rejected program, why.
    stderr: String,
    time_ns: u64,
    instructions: u64,
    steps: u32,
    switches: u64,
    tasks: Vec<Task<'a>>,
    findings: Vec<Finding<'a>>,
    /// The flag `--schedule` takes it.
    schedule: &'a str,
    /// Why the run stopped, unless it finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    /// Only of a rejected program: what is wrong, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostics: Option<Vec<Problem<'a>>>,
}

/// A thread or an asyncio task. Null is what did not happen.
#[derive(Serialize)]
struct Task<'a> {
    name: &'a str,
    /// main, thread, task.
    kind: &'static str,
    first_run_ns: Option<u64>,
    end_ns: Option<u64>,
    running_ns: u64,
    ready_ns: u64,
    gil_wait_ns: u64,
    blocked_ns: u64,
}

#[derive(Serialize)]
struct Finding<'a> {
    kind: &'static str,
    /// The variable or lock it is about.
    variable: Option<&'a str>,
    /// The steps that prove it, in order.
    steps: Vec<u32>,
    message: String,
}

/// A diagnostic. Lines and columns count from 1; the end is exclusive.
#[derive(Serialize)]
struct Problem<'a> {
    message: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    hints: &'a [String],
}

impl<'a> Report<'a> {
    /// Of a run.
    pub fn of(trace: &'a Trace) -> Report<'a> {
        let run = trace.run();
        Report {
            runtime: Some(trace.string(run.runtime)),
            python: trace.string(run.python),
            end: run.outcome.id(),
            stdout: String::from_utf8_lossy(trace.stdout()).into_owned(),
            stderr: String::from_utf8_lossy(trace.stderr()).into_owned(),
            time_ns: run.time,
            instructions: run.instructions,
            steps: trace.len(),
            switches: run.switches,
            tasks: (0..trace.task_count()).map(|id| task(trace, id)).collect(),
            findings: findings(trace),
            schedule: trace.string(run.schedule),
            message: Some(trace.string(run.message)).filter(|message| !message.is_empty()),
            diagnostics: (run.outcome == Outcome::Rejected)
                .then(|| vec![rejected_while_running(trace)]),
        }
    }

    /// Of a program that did not run.
    pub fn of_rejection(rejection: &'a Rejection) -> Report<'a> {
        Report {
            runtime: rejection.settings.runtime.map(|it| it.id()),
            python: rejection.settings.python.id(),
            end: Outcome::Rejected.id(),
            stdout: String::new(),
            stderr: rejection.text(),
            time_ns: 0,
            instructions: 0,
            steps: 0,
            switches: 0,
            tasks: Vec::new(),
            findings: Vec::new(),
            schedule: "",
            message: match &rejection.cause {
                Cause::Message(message) => Some(message),
                Cause::Diagnostics(_, all) => all.first().map(|it| it.message.as_str()),
            },
            diagnostics: Some(match &rejection.cause {
                Cause::Message(_) => Vec::new(),
                Cause::Diagnostics(source, all) => {
                    all.iter().map(|it| problem(source, it)).collect()
                }
            }),
        }
    }
}

fn task(trace: &Trace, id: TaskId) -> Task<'_> {
    let figures = trace.figures(id);
    let moment = |time| Some(time).filter(|time| *time != NEVER);
    Task {
        name: trace.task_name(id),
        kind: trace.task(id).kind.id(),
        first_run_ns: moment(figures.first_run),
        end_ns: moment(figures.end),
        running_ns: figures.running,
        ready_ns: figures.ready,
        gil_wait_ns: figures.gil_wait,
        blocked_ns: figures.blocked,
    }
}

fn findings(trace: &Trace) -> Vec<Finding<'_>> {
    let findings = trace.findings();
    let finding = |it: &crate::findings::Finding| Finding {
        kind: FindingKind::id(it.kind),
        variable: it.subject(trace),
        steps: it.steps.clone(),
        message: it.message.text(trace, &ENGLISH),
    };
    findings.iter().map(finding).collect()
}

fn problem<'a>(source: &Source, diagnostic: &'a Diagnostic) -> Problem<'a> {
    let place = diagnostic.place(source);
    Problem {
        message: &diagnostic.message,
        line: place.start.line,
        column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        hints: &diagnostic.hints,
    }
}

/// What only the run could tell, at the line where it stopped.
fn rejected_while_running(trace: &Trace) -> Problem<'_> {
    let line = trace
        .get_event(trace.len())
        .map_or(1, |event| event.line.max(1));
    let text = trace.line_text(line);
    let blank = text.len() - text.trim_start().len();
    Problem {
        message: trace.string(trace.run().message),
        line,
        column: blank as u32 + 1,
        end_line: line,
        end_column: text.chars().count() as u32 + 1,
        hints: &[],
    }
}

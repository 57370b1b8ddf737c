//! What real CPythons printed for small racy programs must be among what the explorer finds for that version.

use std::fs;
use std::path::Path;

use interleave::explorer::{Mode, Options, Report, explore};
use interleave::run::Ready;
use interleave::scenario;
use interleave::settings::Settings;
use interleave::source::Source;

fn outputs(path: &Path, version: &str) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a program");
    let mut settings = Settings::default();
    settings.set("runtime", "threads").expect("a runtime");
    settings.set("python", version).expect("a version");
    let source = Source::new(path.display().to_string(), text);
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, &Options::default(), &mut |_| {});
    assert!(
        report.complete,
        "{}: {:?}",
        path.display(),
        report.incomplete
    );
    let outputs = report.outcomes.iter().map(|it| it.stdout.trim().to_owned());
    outputs.collect()
}

#[test]
fn real_outcomes_are_among_the_explored() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explored");
    let recorded = fs::read_to_string(folder.join("recorded.txt")).expect("recorded");
    let mut missing = Vec::new();
    let mut checked = 0;
    for block in recorded.split("\n\n") {
        let mut lines = block.trim().lines();
        let head = lines.next().expect("a program and a version");
        let mut words = head.split_whitespace();
        let (name, version) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let found = outputs(&folder.join(name), version);
        for line in lines {
            let (output, _) = line.rsplit_once(": ").expect("an output and how often");
            checked += 1;
            if !found.iter().any(|it| it == output) {
                missing.push(format!("{head}: {output}, but only {found:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(checked > 40, "only {checked} were recorded");
}

/// What is found in some order of a scenario, under its own runtime or another one: outcomes, and kinds of findings.
const SCENARIOS: &[(&str, &str, &str, usize, &str)] = &[
    ("accept_then_cancel", "asyncio", "3.12", 4, ""),
    ("accept_then_stop", "threads", "3.12", 2, ""),
    ("barrier", "threads", "3.12", 2, "expectation"),
    ("bounded_buffer", "threads", "3.12", 2, "lost-wakeup"),
    (
        "check_then_act",
        "threads",
        "3.12",
        2,
        "check-then-act data-race",
    ),
    ("counter_by_version", "threads", "3.12", 1, ""),
    (
        "counter_by_version",
        "threads",
        "3.9",
        3,
        "data-race lost-update",
    ),
    (
        "double_checked",
        "threads",
        "3.12",
        1,
        "check-then-act data-race",
    ),
    ("fetch_result", "threads", "3.12", 2, "data-race"),
    (
        "lost_deposit",
        "threads",
        "3.12",
        3,
        "data-race lost-update",
    ),
    ("lost_deposit_lock", "threads", "3.12", 1, ""),
    ("one_connection_lock", "asyncio", "3.12", 1, ""),
    ("philosophers", "threads", "3.12", 1, "deadlock lock-order"),
    ("philosophers_in_order", "threads", "3.12", 1, ""),
    ("pool", "threads", "3.12", 1, "deadlock"),
    ("pool_asyncio", "asyncio", "3.12", 1, "deadlock"),
    ("readers_writers", "threads", "3.12", 1, "starvation"),
    ("sleep_is_no_lock", "threads", "3.12", 1, "data-race"),
    ("two_locks", "threads", "3.12", 1, "deadlock lock-order"),
];

fn explored(id: &str, runtime: &str, python: &str, mode: Mode) -> Report {
    let scenario = scenario::find(id).expect("a scenario");
    let header = scenario.header(Settings::default());
    let mut settings = header.settings.clone();
    settings.set("runtime", runtime).expect("a runtime");
    settings.set("python", python).expect("a version");
    let source = scenario.source();
    let ready = Ready::new(&source, &settings).expect("it runs");
    let options = Options {
        mode,
        ..Options::default()
    };
    let mut report = explore(&ready, &options, &mut |_| {});
    if let Some(output) = header.expect.of(ready.runtime).always {
        report.hold_to(&output);
    }
    report
}

#[test]
fn scenarios_show_what_they_are_for() {
    let mut failures = Vec::new();
    for &(id, runtime, python, outcomes, expected) in SCENARIOS {
        let report = explored(id, runtime, python, Mode::Counts);
        assert!(report.complete, "{id}");
        let kinds = |report: &Report| {
            let mut kinds: Vec<_> = report.findings.iter().map(|it| it.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds.join(" ")
        };
        let ends = |report: &Report| {
            let ends = report
                .outcomes
                .iter()
                .map(|it| (it.outcome, it.stdout.clone()));
            ends.collect::<std::collections::BTreeSet<_>>()
        };
        if (report.outcomes.len(), kinds(&report).as_str()) != (outcomes, expected) {
            failures.push(format!(
                "{id} {python}: {} outcomes, found {:?}",
                report.outcomes.len(),
                report.findings
            ));
        }
        let reduced = explored(id, runtime, python, Mode::Reduced);
        if (ends(&reduced), kinds(&reduced)) != (ends(&report), kinds(&report)) {
            failures.push(format!("{id}: reduced, found {:?}", reduced.findings));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

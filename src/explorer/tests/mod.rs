//! Known truth: counts that combinatorics gives, and outcomes that follow from them.

mod findings;
mod programs;

use programs::SMALL;

use super::{Mode, Options, Report, explore};
use crate::run::Ready;
use crate::settings::Settings;
use crate::source::Source;
use crate::trace::Outcome;

pub fn settings(runtime: &str, python: &str) -> Settings {
    let mut settings = Settings::default();
    settings.set("runtime", runtime).expect("a runtime");
    settings.set("python", python).expect("a version");
    settings
}

pub fn explored(text: &str, settings: &Settings, options: &Options) -> Report {
    let source = Source::new("program.py", text);
    let ready = Ready::new(&source, settings).expect("it runs");
    explore(&ready, options, &mut |_| {})
}

/// `tasks` threads that each add 1 to a counter so many times, in two steps.
pub fn counter(tasks: u32, rounds: u32) -> String {
    format!(
        "import threading
counter = 0
def work():
    global counter
    for _ in range({rounds}):
        tmp = counter
        counter = tmp + 1
threads = [threading.Thread(target=work) for _ in range({tasks})]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
"
    )
}

/// The outcomes with their counts, the smallest output first.
fn shown(report: &Report) -> String {
    let mut all: Vec<String> = Vec::new();
    let mut outcomes: Vec<_> = report.outcomes.iter().collect();
    outcomes.sort_by(|a, b| {
        a.stdout
            .len()
            .cmp(&b.stdout.len())
            .then(a.stdout.cmp(&b.stdout))
    });
    for it in outcomes {
        let end = if it.outcome == Outcome::Finished {
            ""
        } else {
            "!"
        };
        let count = it
            .count
            .as_ref()
            .map_or(String::from("?"), ToString::to_string);
        all.push(format!(
            "{end}{}x{count}",
            it.stdout.trim().replace('\n', "|")
        ));
    }
    all.join(" ")
}

#[track_caller]
fn check(text: &str, runtime: &str, python: &str, orders: &str, outcomes: &str) {
    let report = explored(text, &settings(runtime, python), &Options::default());
    assert!(report.complete, "{:?}", report.incomplete);
    let all = report.interleavings.as_ref().map(ToString::to_string);
    assert_eq!(all.as_deref(), Some(orders), "{}", shown(&report));
    if !outcomes.is_empty() {
        assert_eq!(shown(&report), outcomes);
    }
}

#[test]
fn two_threads_that_add_once() {
    for (runtime, python) in [
        ("free-threaded", "3.13"),
        ("threads", "2.7"),
        ("threads", "3.9"),
    ] {
        check(&counter(2, 1), runtime, python, "6", "1x4 2x2");
    }
    // Since 3.10 nothing can come between the read and the write.
    for python in ["3.10", "3.11", "3.13"] {
        check(&counter(2, 1), "threads", python, "2", "2x2");
    }
}

#[test]
fn more_orders_than_could_be_listed() {
    check(&counter(2, 5), "free-threaded", "3.13", "184756", "");
    check(&counter(3, 2), "free-threaded", "3.13", "34650", "");
}

#[test]
fn prints_come_in_any_order() {
    let text = "import threading
def say(name):
    for n in range(3):
        print(name, n)
a = threading.Thread(target=say, args=('a',))
b = threading.Thread(target=say, args=('b',))
a.start(); b.start(); a.join(); b.join()
";
    for (runtime, python) in [("free-threaded", "3.13"), ("threads", "3.12")] {
        let report = explored(text, &settings(runtime, python), &Options::default());
        assert_eq!(report.outcomes.len(), 20);
        assert_eq!(
            report.interleavings.map(|it| it.to_string()).as_deref(),
            Some("20")
        );
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

fn setting_of(version: &str) -> Settings {
    match version {
        "free-threaded" => settings(version, "3.13"),
        python => settings("threads", python),
    }
}

fn set(report: &Report) -> Vec<(Outcome, String, String)> {
    let mut all: Vec<_> = (report.outcomes.iter())
        .map(|it| (it.outcome, it.stdout.clone(), it.stderr.clone()))
        .collect();
    all.sort();
    all
}

fn kinds(report: &Report) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = (report.findings.iter())
        .map(|it| (it.kind, it.variable.clone()))
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_order_one_by_one_gives_the_same() {
    for (name, version, text) in SMALL {
        let settings = setting_of(version);
        let source = Source::new("program.py", *text);
        let ready = Ready::new(&source, &settings).expect("it runs");
        let report = explore(&ready, &Options::default(), &mut |_| {});
        let mut listed = super::outcomes::list_all(&ready, 5_000);
        assert!(!listed.is_empty(), "{name} is too large");
        let orders = report.interleavings.as_ref().map(ToString::to_string);
        assert_eq!(orders, Some(listed.len().to_string()), "{name}");
        listed.sort();
        let mut counted: Vec<((Outcome, String, String), usize)> = Vec::new();
        for it in listed {
            match counted.last_mut() {
                Some((last, count)) if *last == it => *count += 1,
                _ => counted.push((it, 1)),
            }
        }
        let mut found: Vec<_> = (report.outcomes.iter())
            .map(|it| {
                let count = it.count.as_ref().expect("counted").to_string();
                let end = (it.outcome, it.stdout.clone(), it.stderr.clone());
                (end, count.parse().expect("small"))
            })
            .collect();
        found.sort();
        assert_eq!(found, counted, "{name}");
    }
}

#[test]
fn reduced_finds_the_same_outcomes() {
    for (name, version, text) in SMALL {
        let settings = setting_of(version);
        let counts = explored(text, &settings, &Options::default());
        let options = Options {
            mode: Mode::Reduced,
            ..Options::default()
        };
        let reduced = explored(text, &settings, &options);
        assert_eq!(set(&reduced), set(&counts), "{name}");
        assert_eq!(kinds(&reduced), kinds(&counts), "{name}");
        assert!(reduced.transitions <= counts.transitions, "{name}");
        assert!(
            reduced.complete && reduced.interleavings.is_none(),
            "{name}"
        );
    }
}

#[test]
fn schedules_replay_to_their_outcomes() {
    for (name, version, text) in SMALL {
        let settings = setting_of(version);
        let report = explored(text, &settings, &Options::default());
        for ending in &report.outcomes {
            let mut settings = settings.clone();
            settings
                .set("schedule", &ending.schedule)
                .expect("a schedule");
            let source = Source::new("program.py", *text);
            let run = crate::run::run(&source, "", &settings).expect("it runs");
            assert_eq!(run.unfit, 0, "{name} {}", ending.schedule);
            let end = (run.trace.run().outcome, run.trace.stdout());
            assert_eq!(end, (ending.outcome, ending.stdout.as_bytes()), "{name}");
            let again = run.trace.string(run.trace.run().schedule);
            assert_eq!(again, ending.schedule, "{name}");
        }
    }
}

#[test]
fn with_few_preemptions_the_nearest_outcomes_are_found() {
    let settings = settings("free-threaded", "3.13");
    let with = |most| {
        let options = Options {
            mode: Mode::Preemptions(most),
            ..Options::default()
        };
        explored(&counter(2, 3), &settings, &options)
    };
    // Without a preemption nothing is lost; with one, a whole thread's work is.
    assert_eq!(set(&with(0)).len(), 1);
    let one: Vec<String> = set(&with(1)).into_iter().map(|it| it.1).collect();
    assert_eq!(one, ["3\n", "6\n"]);
    assert!(!with(1).complete);
    let all = explored(&counter(2, 3), &settings, &Options::default());
    let enough = with(20);
    assert!(enough.complete);
    assert_eq!(set(&enough), set(&all));
}

#[test]
fn a_sample_says_how_sure_it_is() {
    let settings = settings("free-threaded", "3.13");
    let options = Options {
        mode: Mode::Random {
            samples: 2_000,
            seed: 7,
        },
        ..Options::default()
    };
    let report = explored(&counter(2, 1), &settings, &options);
    assert!(!report.complete);
    let lost = report.outcomes.iter().find(|it| it.stdout == "1\n");
    let (share, off) = lost.and_then(|it| it.share).expect("an estimate");
    assert!(
        (share - 4.0 / 6.0).abs() < off * 1.5 && off < 0.05,
        "{share} {off}"
    );
    let again = explored(&counter(2, 1), &settings, &options);
    assert_eq!(again.outcomes.len(), report.outcomes.len());
}

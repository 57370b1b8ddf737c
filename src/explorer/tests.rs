//! Known truth: counts that combinatorics gives, and outcomes that follow from them.

use super::{Options, Report, explore};
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

//! Known truth: counts that combinatorics gives, and outcomes that follow from them.

mod apart;
mod counter;
mod findings;
mod programs;

pub use apart::APART;
pub use counter::counter;
pub use programs::SMALL;

use super::{Mode, Options, Report, explore};
use crate::run::Ready;
use crate::settings::Settings;
use crate::simulation::turns::{Halt, Sleeps};
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
        "free-threaded" | "asyncio" => settings(version, "3.13"),
        python => settings("threads", python),
    }
}

/// The programs of the tests, of threads, tasks and processes.
fn small() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    SMALL.iter().chain(APART)
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
    for (name, version, text) in small() {
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
    for (name, version, text) in small() {
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
    for (name, version, text) in small() {
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

/// A function of the library that is Python in CPython as well: a switch is possible where it begins, though the program's own code has
/// none between what it read before and the call.
const BEGINNINGS: &[(&str, &str)] = &[
    (
        "event",
        "import threading
event = threading.Event()
n = 0
def look():
    global n
    was = n; is_set = event.is_set(); n = was + 1
    print(was, is_set)
def change():
    global n
    n = 10; event.set()
a = threading.Thread(target=look); b = threading.Thread(target=change)
a.start(); b.start(); a.join(); b.join()
print(n)
",
    ),
    (
        "queue",
        "import threading, queue
q = queue.Queue()
def take():
    was = q.empty(); then = q.empty()
    print(was, then)
def put():
    q.put(1); print('put')
a = threading.Thread(target=take); b = threading.Thread(target=put)
a.start(); b.start(); a.join(); b.join()
",
    ),
    (
        "condition",
        "import threading
condition = threading.Condition()
n = 0
def add():
    global n
    was = n
    with condition:
        n = was + 1
a = threading.Thread(target=add); b = threading.Thread(target=add)
a.start(); b.start(); a.join(); b.join()
print(n)
",
    ),
];

/// What a program prints whichever thread begins and at whatever number of instructions the other one comes before it is done, without
/// the explorer.
fn switched(ready: &Ready) -> Vec<String> {
    let turns = ready.begun(Sleeps::Ordered);
    let begun = turns.engine.executed;
    let last = ready.replay("", &[], None).trace.run().instructions;
    // Each start waits until the thread is there; four instructions lie between the two.
    let start = [
        (begun, 0),
        (begun, 1),
        (begun, 0),
        (begun + 4, 2),
        (begun + 4, 0),
    ];
    let mut all = Vec::new();
    for at in begun + 8..=last {
        for (one, other) in [(1, 2), (2, 1)] {
            let script = [&start[..], &[(begun + 8, one), (at, other)]].concat();
            let run = ready.replay_from(turns.clone(), "", &script, None);
            all.push(String::from_utf8_lossy(run.trace.stdout()).into_owned());
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_thread_stops_where_a_function_of_the_library_begins() {
    for (name, text) in BEGINNINGS {
        for python in ["3.10", "3.12"] {
            let source = Source::new("program.py", *text);
            let ready = Ready::new(&source, &settings("threads", python)).expect("it runs");
            let options = Options {
                mode: Mode::Preemptions(1),
                ..Options::default()
            };
            let report = explore(&ready, &options, &mut |_| {});
            let mut found: Vec<String> =
                report.outcomes.iter().map(|it| it.stdout.clone()).collect();
            found.sort();
            assert_eq!(found, switched(&ready), "{name} {python}");
            for ending in &report.outcomes {
                let schedule = crate::schedulers::Schedule::parse(&ending.schedule);
                let schedule = schedule.expect("a schedule");
                let run = ready.replay("", schedule.turns().expect("turns"), None);
                assert_eq!(
                    run.trace.stdout(),
                    ending.stdout.as_bytes(),
                    "{name} {python}"
                );
            }
        }
    }
    let report = explored(
        BEGINNINGS[0].1,
        &settings("threads", "3.12"),
        &Options::default(),
    );
    assert!(
        report
            .outcomes
            .iter()
            .any(|it| it.stdout.starts_with("0 True")),
        "set between the read and the call: {}",
        shown(&report)
    );
    // What CPython has in C begins with no such point.
    let lock = BEGINNINGS[2].1.replace("Condition", "Lock");
    check(&lock, "threads", "3.12", "2", "2x2");
}

/// The outcomes of two processes whichever begins and at whatever number of instructions the other one comes before it is done, without
/// the explorer; and those that it finds with one preemption.
#[test]
fn a_process_stops_anywhere() {
    for (name, python, text) in APART {
        if !matches!(
            *name,
            "file" | "memory" | "memory with a lock" | "lock of a file" | "directory"
        ) {
            continue;
        }
        let source = Source::new("program.py", *text);
        let ready = Ready::new(&source, &settings("threads", python)).expect("it runs");
        let turns = ready.begun(Sleeps::Ordered);
        let mut started = turns.clone();
        // The main process starts the other one and waits for the first.
        while started.turn(0, None) != Halt::Waits {}
        let from = started.engine.executed;
        let last = ready.replay("", &[], None).trace.run().instructions;
        let mut all = Vec::new();
        for at in from..=last {
            for (one, other) in [(1, 2), (2, 1)] {
                let script = [(from, one), (at, other)];
                let run = ready.replay_from(turns.clone(), "", &script, None);
                all.push(String::from_utf8_lossy(run.trace.stdout()).into_owned());
            }
        }
        all.sort();
        all.dedup();
        let options = Options {
            mode: Mode::Preemptions(1),
            ..Options::default()
        };
        let report = explore(&ready, &options, &mut |_| {});
        let mut found: Vec<String> = report.outcomes.iter().map(|it| it.stdout.clone()).collect();
        found.sort();
        assert_eq!(found, all, "{name}");
    }
}

#[test]
fn what_begins_with_a_builtin_is_not_said_to_be_complete() {
    for module in [
        "threading import Thread",
        "multiprocessing import Process as Thread",
    ] {
        let text = format!(
            "from {module}
if __name__ == '__main__':
    ts = [Thread(target=print, args=(n,)) for n in 'ab']
    for t in ts: t.start()
    for t in ts: t.join()
"
        );
        let report = explored(&text, &settings("threads", "3.12"), &Options::default());
        assert!(
            !report.complete && report.interleavings.is_none(),
            "{module}"
        );
    }
}

#[test]
fn every_size_that_can_be_listed_is_counted_right() {
    for (tasks, rounds) in [(2, 1), (2, 2), (2, 3), (3, 1)] {
        let source = Source::new("program.py", counter(tasks, rounds));
        let settings = settings("free-threaded", "3.13");
        let ready = Ready::new(&source, &settings).expect("it runs");
        let mut listed: Vec<String> = super::outcomes::list_all(&ready, 2_000)
            .into_iter()
            .map(|(_, stdout, _)| stdout)
            .collect();
        listed.sort();
        let report = explore(&ready, &Options::default(), &mut |_| {});
        for ending in &report.outcomes {
            let times = listed.iter().filter(|it| **it == ending.stdout).count();
            let count = ending.count.as_ref().map(ToString::to_string);
            assert_eq!(
                count,
                Some(times.to_string()),
                "({tasks},{rounds}) {ending:?}"
            );
        }
        let orders = report.interleavings.map(|it| it.to_string());
        assert_eq!(orders, Some(listed.len().to_string()), "({tasks},{rounds})");
    }
}

/// Interchangeable threads, each with an object of its own that others can see.
const OWNERS: &str = "import threading
seen = []
def work():
    own = [0]
    seen.append(own)
    own[0] += len(seen)
    seen[-1][0] += 1
ts = [threading.Thread(target=work) for n in range(3)]
for t in ts: t.start()
for t in ts: t.join()
print(seen)
";

#[test]
fn the_results_do_not_depend_on_the_number_of_cores() {
    let apart = APART.iter().take(3);
    let mut programs: Vec<(&str, String)> = (SMALL.iter().chain(apart))
        .map(|(_, version, text)| (*version, (*text).to_owned()))
        .collect();
    programs.push(("free-threaded", counter(3, 2)));
    programs.push(("free-threaded", OWNERS.to_owned()));
    for (version, text) in &programs {
        for mode in [Mode::Counts, Mode::Preemptions(1)] {
            let with = |jobs| {
                let options = Options {
                    mode,
                    jobs,
                    ..Options::default()
                };
                format!("{:#?}", explored(text, &setting_of(version), &options))
            };
            let one = with(1);
            assert_eq!(with(2), one);
            assert_eq!(with(3), one);
        }
    }
}

#[test]
fn a_sleep_is_no_lock() {
    let text = "import threading, time
counter = 0
def add(pause):
    global counter
    time.sleep(pause)
    seen = counter
    counter = seen + 1
ts = [threading.Thread(target=add, args=(n,)) for n in (0.1, 0.2)]
for t in ts: t.start()
for t in ts: t.join()
print(counter)
";
    let settings = settings("free-threaded", "3.13");
    let with = |sleeps| {
        let options = Options {
            sleeps,
            ..Options::default()
        };
        explored(text, &settings, &options)
    };
    assert_eq!(set(&with(Sleeps::Ordered)).len(), 1);
    let any = with(Sleeps::Any);
    assert_eq!(set(&any).len(), 2);
    assert!(kinds(&any).contains(&("lost-update", String::from("counter"))));
    // The loop of asyncio sees them in any order as well, and each schedule replays.
    let text = "import asyncio
async def say(name, pause):
    await asyncio.sleep(pause)
    print(name)
async def main():
    await asyncio.gather(say('a', 0.1), say('b', 0.2), say('c', 0.3))
asyncio.run(main())
";
    let options = Options {
        sleeps: Sleeps::Any,
        ..Options::default()
    };
    let report = explored(text, &setting_of("asyncio"), &options);
    assert_eq!(report.outcomes.len(), 6);
    for ending in &report.outcomes {
        let mut settings = setting_of("asyncio");
        settings
            .set("schedule", &ending.schedule)
            .expect("a schedule");
        let source = Source::new("program.py", text);
        let run = crate::run::run(&source, "", &settings).expect("it runs");
        assert_eq!(
            run.trace.stdout(),
            ending.stdout.as_bytes(),
            "{}",
            ending.schedule
        );
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

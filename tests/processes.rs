//! Programs of several processes, of their pools and of files, compared with CPython: stdout, and stderr without the frames of its
//! library. `processes/record.py` records what real interpreters make of them.

use std::fs;
use std::path::{Path, PathBuf};

use interleave::explorer::{Options, explore};
use interleave::run::{Ready, run};
use interleave::settings::Settings;
use interleave::source::Source;
use interleave::trace::{NO_TASK, Outcome, State, Trace};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/processes")
}

/// What the program prints under a version, with other settings.
fn printed(text: &str, version: &str, settings: &[(&str, &str)]) -> String {
    let source = Source::new("program.py", text);
    let mut all = Settings::default();
    for (name, value) in [("python", version)].iter().chain(settings) {
        all.set(name, value)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    match run(&source, "program", &all) {
        Ok(run) => [run.trace.stdout(), b"=== stderr\n", run.trace.stderr()]
            .map(String::from_utf8_lossy)
            .concat(),
        Err(problems) => problems.iter().map(|p| p.render(&source)).collect(),
    }
}

fn check(versions: &[&str], settings: &[(&str, &str)]) {
    let mut problems = String::new();
    let mut programs: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| {
            path.with_extension("out").exists() && path.extension().is_some_and(|e| e == "py")
        })
        .collect();
    programs.sort();
    assert!(programs.len() > 5);
    for path in programs {
        let text = fs::read_to_string(&path).expect("it can be read");
        for version in versions {
            let own = path.with_extension(format!("{version}.out"));
            let common = path.with_extension("out");
            let expected = fs::read_to_string(if own.exists() { own } else { common })
                .expect("what it prints is there");
            let given = printed(&text, version, settings);
            if given != expected {
                let same = given.lines().zip(expected.lines());
                let line = same.take_while(|(a, b)| a == b).count();
                problems += &format!(
                    "{} under {version}, line {}\n  real {:?}\n  here {:?}\n",
                    path.display(),
                    line + 1,
                    expected.lines().nth(line),
                    given.lines().nth(line),
                );
            }
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn programs_print_what_cpython_prints() {
    check(&["3.11", "3.12", "3.13"], &[]);
}

#[test]
fn they_do_on_one_core() {
    check(&["3.12"], &[("cores", "1")]);
}

#[test]
fn they_do_without_costs() {
    check(
        &["3.12"],
        &[
            ("cost-instruction", "0"),
            ("cost-switch", "0"),
            ("wake-latency", "0"),
        ],
    );
}

/// Two of a class each count, on two cores.
fn counting(class: &str) -> Trace {
    let text = format!(
        "from multiprocessing import Process\nfrom threading import Thread\n\
         def count():\n    for _ in range(100_000): pass\n\
         both = [{class}(target=count), {class}(target=count)]\n\
         for one in both: one.start()\n\
         for one in both: one.join()\n"
    );
    let source = Source::new("program.py", &text);
    let settings = Settings::default();
    run(&source, "program", &settings).expect("it runs").trace
}

#[test]
fn each_process_has_a_gil() {
    let (threads, processes) = (counting("Thread"), counting("Process"));
    let ratio = processes.run().time as f64 / threads.run().time as f64;
    // Starting them takes its time.
    assert!((0.5..0.7).contains(&ratio), "{ratio}");
    let most_held = |trace: &Trace| {
        let mut state = State::start(trace);
        let steps = (1..=trace.len()).map(|step| {
            state.apply(&trace.event(step));
            let held = state.gils.iter().filter(|gil| gil.holder != NO_TASK);
            held.count()
        });
        steps.max()
    };
    assert_eq!(
        (most_held(&threads), most_held(&processes)),
        (Some(1), Some(2))
    );
}

/// What the explorer does not do right it rejects in the orders in which it happens: the program, and what is said.
const REJECTED: &[(&str, &str)] = &[
    (
        "from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(1) as pool:
    pool.submit(print)
",
        "orders of a ProcessPoolExecutor are not explored",
    ),
    (
        "import asyncio
from multiprocessing import Process
async def main():
    Process(target=print).start()
asyncio.run(main())
",
        "orders of processes beside an event loop are not explored",
    ),
    (
        "from multiprocessing import Value
from threading import Thread
n = Value('i', 0, lock=False)
def add():
    n.value += 1
t = Thread(target=add)
t.start()
n.value += 1
t.join()
",
        "where a process with several threads uses shared memory without its lock",
    ),
    (
        "from threading import Thread
file = open('a', 'w')
def put(text):
    file.write(text)
    file.flush()
for text in 'ab':
    Thread(target=put, args=(text,)).start()
",
        "where several threads of a process use one open file",
    ),
];

#[test]
fn what_is_not_explored_is_said() {
    for (program, reason) in REJECTED {
        let source = Source::new("program.py", *program);
        let ready = Ready::new(&source, &Settings::default()).expect("it can run");
        let report = explore(&ready, &Options::default(), &mut |_| {});
        let says = |it: &interleave::explorer::Ending| {
            it.outcome == Outcome::Rejected && it.stderr.contains(reason)
        };
        assert!(report.outcomes.iter().any(says), "{:?}", report.outcomes);
    }
}

fn scenario(name: &str) -> (String, Settings) {
    let file = format!("{}/scenarios/{name}.py", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).expect("the scenario is there");
    let mut settings = Settings::default();
    settings.set("python", "3.12").expect("a version");
    (text, settings)
}

/// C18: neither a GIL nor the lack of shared memory keeps two processes from losing updates of one file; the file's lock does.
#[test]
fn every_order_of_two_processes_and_one_file() {
    // Each of them opens, reads and writes twice: 12 operations, 6 of each, in any order.
    let (text, settings) = scenario("two_processes_one_file");
    let source = Source::new("program.py", text);
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, &Options::default(), &mut |_| {});
    let shown = |report: &interleave::explorer::Report| {
        let mut all: Vec<(String, String)> = (report.outcomes.iter())
            .map(|it| {
                let count = it.count.as_ref().map(ToString::to_string);
                (it.stdout.clone(), count.unwrap_or_default())
            })
            .collect();
        all.sort();
        all
    };
    let orders = report.interleavings.as_ref().map(ToString::to_string);
    assert_eq!(orders.as_deref(), Some("924"));
    let counts = [("2\n", "282"), ("3\n", "492"), ("4\n", "150")];
    let counts: Vec<_> = counts.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    assert_eq!(shown(&report), counts);
    let lost: Vec<_> = report
        .findings
        .iter()
        .map(|it| (it.kind, &*it.variable))
        .collect();
    assert_eq!(lost, [("lost-update", "balance.txt")]);
    for ending in &report.outcomes {
        let mut settings = settings.clone();
        settings
            .set("schedule", &ending.schedule)
            .expect("a schedule");
        let again = run(&source, "", &settings).expect("it runs");
        assert_eq!(again.trace.stdout(), ending.stdout.as_bytes());
        assert_eq!(
            again.trace.string(again.trace.run().schedule),
            ending.schedule
        );
    }
    let (text, settings) = scenario("two_processes_one_file_lock");
    let source = Source::new("program.py", text);
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, &Options::default(), &mut |_| {});
    assert!(
        report.complete && report.findings.is_empty(),
        "{:?}",
        report.findings
    );
    let outputs: Vec<&str> = report.outcomes.iter().map(|it| &*it.stdout).collect();
    assert_eq!(outputs, ["4\n"]);
}

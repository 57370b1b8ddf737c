//! Where each CPython can switch threads: which small racy loops lose updates, as observed on the real interpreters.
//!
//! Two threads run each body many times, at many switch intervals. A loss must be seen exactly where the real interpreter
//! of that version lost one in hundreds of thousands of rounds.

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;

const VERSIONS: [&str; 9] = [
    "2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13",
];

/// What loses, and on which versions: one letter each in the order of `VERSIONS`, `x` for a loss.
const TABLE: &[(&str, &str, &str)] = &[
    ("c += 1", "xxxxx....", "c += 1"),
    (
        "three statements",
        "xxxxx....",
        "t = c\n        t = t + 1\n        c = t",
    ),
    ("a Python function", "xxxxxxxxx", "c = f(c)"),
    (
        "an item through get",
        "xxxxxxxxx",
        "d['k'] = d.get('k') + 1\n        c = d['k']",
    ),
    ("append", ".........", "lst.append(1)\n        c = len(lst)"),
    (
        "a taken forward if",
        "xxxxxx...",
        "t = c\n        if t < 0:\n            t = 0\n        c = t + 1",
    ),
    (
        "a ternary",
        "xxxxxx...",
        "t = c\n        u = 0 if t < 0 else 1\n        c = t + u",
    ),
    (
        "or",
        "xxxxxx...",
        "t = c\n        u = t or 0\n        c = t + 1",
    ),
    (
        "an exception handler",
        "xxxxxx...",
        "t = c\n        try:\n            raise e\n        except ValueError:\n            c = t + 1",
    ),
    (
        "the return of a Python function",
        "xxxxxxxxx",
        "c = c + g()",
    ),
    (
        "a built-in function",
        "xxxxxxxxx",
        "t = c\n        abs(t)\n        c = t + 1",
    ),
    (
        "an inner loop",
        "xxxxxxxxx",
        "t = c\n        for _ in (0, 1):\n            pass\n        c = t + 1",
    ),
];

/// Rounds of each thread.
const ROUNDS: u32 = 12;

fn program(body: &str) -> String {
    format!(
        "\
import threading

c = 0
d = {{'k': 0}}
lst = []
e = ValueError()

def f(x):
    return x + 1

def g():
    return 1

def work():
    global c
    for _ in range({ROUNDS}):
        {body}

gate = threading.Barrier(2)

def start():
    gate.wait()
    work()

a = threading.Thread(target=start)
b = threading.Thread(target=start)
a.start()
b.start()
a.join()
b.join()
print(c)
"
    )
}

fn loses(version: &str, body: &str) -> bool {
    let text = program(body);
    (1..24).any(|n| {
        let mut settings = Settings::default();
        let interval = format!("{}ns", n * 150);
        for (key, value) in [
            ("python", version),
            ("runtime", "threads"),
            ("switch-interval", interval.as_str()),
            ("cost-switch", "0"),
            ("wake-latency", "0"),
        ] {
            settings.set(key, value).expect(key);
        }
        let run = run(&Source::new("race.py", text.as_str()), "", &settings)
            .unwrap_or_else(|problems| panic!("{body}: {problems:?}"));
        let printed = String::from_utf8_lossy(run.trace.stdout())
            .trim()
            .to_owned();
        let sum: u32 = printed.parse().unwrap_or_else(|_| {
            panic!(
                "{body}: {printed:?} {}",
                String::from_utf8_lossy(run.trace.stderr())
            )
        });
        sum < 2 * ROUNDS
    })
}

fn check(name: &str, expected: &str, body: &str) {
    let found: String = VERSIONS
        .iter()
        .map(|version| if loses(version, body) { 'x' } else { '.' })
        .collect();
    assert_eq!(found, expected, "{name}: versions {VERSIONS:?}");
}

#[test]
fn races_by_version() {
    for (name, expected, body) in TABLE {
        check(name, expected, body);
    }
}

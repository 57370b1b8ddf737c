//! How fast the engine is, natively, with the trace on; beside CPython 3.11 where there is one. `make bench` runs it.
//!
//! Machines are noisy: read the ratios, which come from the same run.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use interleave::run::{Ready, run};
use interleave::schedulers::first::First;
use interleave::settings::Settings;
use interleave::source::Source;

const RUNS: usize = 5;

/// What is measured beside CPython, and what a person calls it.
struct Speed {
    what: &'static str,
    program: &'static str,
    /// Rounds, calls or switches that the program makes.
    count: f64,
    /// Millions of them a second, at least.
    least: f64,
}

const SPEEDS: &[Speed] = &[
    Speed {
        what: "rounds of a counter loop",
        program: "c = 0\nfor i in range(5_000_000):\n    c += 1\n",
        count: 5e6,
        least: 10.0,
    },
    Speed {
        what: "calls f(x)",
        program: "def f(x):\n    return x\n\nfor i in range(5_000_000):\n    f(i)\n",
        count: 5e6,
        least: 8.0,
    },
    Speed {
        what: "asyncio switches, 10,000 tasks",
        program: "\
import asyncio

async def turn():
    for _ in range(200):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*[turn() for _ in range(10_000)])

asyncio.run(main())
",
        count: 2e6,
        least: 5.0,
    },
    Speed {
        what: "asyncio switches, 100,000 tasks",
        program: "\
import asyncio

async def turn():
    for _ in range(20):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*[turn() for _ in range(100_000)])

asyncio.run(main())
",
        count: 2e6,
        least: 3.0,
    },
];

/// A run of more than 100,000 steps, for the time travel.
const STEPS: &str = "\
import asyncio

total = 0

async def add(n):
    global total
    for _ in range(n):
        seen = total
        await asyncio.sleep(0)
        total = seen + 1

async def main():
    await asyncio.gather(*[add(100) for _ in range(100)])

asyncio.run(main())
";

/// The seconds that this process spent in its own code, or that its children did, to a hundredth. Unlike the time that
/// passed it hardly depends on what else the machine does.
fn user_seconds(children: bool) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // What follows the name, which may hold anything, in parentheses.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let field = fields
        .split_whitespace()
        .nth(if children { 13 } else { 11 });
    field
        .and_then(|ticks| ticks.parse::<f64>().ok())
        .unwrap_or_default()
        / 100.0
}

/// The median of a few runs of what says how long it took.
fn median(mut run: impl FnMut() -> f64) -> f64 {
    let mut seconds: Vec<f64> = (0..RUNS).map(|_| run()).collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Seconds to run a program with everything recorded, and to make the trace of it afterwards.
fn ours(text: &str) -> (f64, f64) {
    let source = Source::new("bench.py", text);
    let mut settings = Settings::default();
    settings.limits.tasks = 1_000_000;
    let mut after = 0.0;
    let during = median(|| {
        let ready = Ready::new(&source, &settings).expect("it runs");
        let start = user_seconds(false);
        let simulation = ready.simulate(Box::new(First));
        let end = user_seconds(false);
        let run = ready.finish_simulation("", simulation);
        after = user_seconds(false) - end;
        assert_eq!(run.trace.run().outcome.id(), "finished");
        end - start
    });
    (during, after)
}

/// CPython 3.11, from pyenv or the path; whole processes, as a person would run them.
fn cpython() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from)?;
    let versions = std::fs::read_dir(home.join(".pyenv/versions")).ok()?;
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .filter(|v| v.file_name().to_string_lossy().starts_with("3.11"))
        .map(|v| v.path().join("bin/python"))
        .filter(|p| p.exists())
        .collect();
    found.sort();
    found.pop()
}

fn real(python: &PathBuf, text: &str) -> f64 {
    median(|| {
        let start = user_seconds(true);
        let status = Command::new(python)
            .args(["-c", text])
            .status()
            .expect("python runs");
        assert!(status.success());
        user_seconds(true) - start
    })
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let python = cpython();
    println!("millions a second, every switch recorded; user time, medians of {RUNS}");
    for speed in SPEEDS {
        let (during, after) = ours(speed.program);
        let rate = speed.count / during / 1e6;
        print!("{}: {rate:.1} (at least {})", speed.what, speed.least);
        if let Some(theirs) = python.as_ref().map(|p| real(p, speed.program)) {
            let of = speed.count / theirs / 1e6;
            print!("; CPython 3.11: {of:.1}, ratio {:.2}", theirs / during);
        }
        println!("; the trace afterwards: {:.0} ms", after * 1e3);
    }

    let trace = run(&Source::new("steps.py", STEPS), "", &Settings::default())
        .expect("it runs")
        .trace;
    let steps = trace.len();
    drop(trace.state_at(steps));
    let mut worst = 0.0_f64;
    let mut at = 1;
    for _ in 0..200 {
        at = (at * 48_271) % steps.max(2);
        let start = Instant::now();
        std::hint::black_box(trace.state_at(at.max(1)));
        worst = worst.max(start.elapsed().as_secs_f64());
    }
    println!(
        "state at any of {steps} steps: {:.2} ms at worst of 200 (at most 5)",
        worst * 1e3
    );
}

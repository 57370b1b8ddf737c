//! How fast the engine is, natively, with the trace on; beside CPython 3.11 where there is one. `make bench` runs it.
//!
//! Figures are medians of five. Machines are noisy: read the ratios, which come from the same run.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;

const RUNS: usize = 5;
const ROUNDS: u32 = 2_000_000;

/// The loop of a global counter.
fn counter() -> String {
    format!("c = 0\nfor i in range({ROUNDS}):\n    c += 1\n")
}

/// 10,000 tasks that give way ten times each.
const TASKS: &str = "\
import asyncio

async def turn():
    for _ in range(10):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*[turn() for _ in range(10_000)])

asyncio.run(main())
";

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

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn timed(mut work: impl FnMut()) -> f64 {
    median(
        (0..RUNS)
            .map(|_| {
                let start = Instant::now();
                work();
                start.elapsed().as_secs_f64()
            })
            .collect(),
    )
}

fn ours(text: &str) -> f64 {
    let source = Source::new("bench.py", text);
    let settings = Settings::default();
    timed(|| {
        let run = run(&source, "", &settings).expect("it runs");
        assert_eq!(run.trace.run().outcome.id(), "finished");
    })
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
    timed(|| {
        let status = Command::new(python)
            .args(["-c", text])
            .status()
            .expect("python runs");
        assert!(status.success());
    })
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let python = cpython();
    let beside = |text: &str| python.as_ref().map(|p| real(p, text));

    let loop_time = ours(&counter());
    let rounds = ROUNDS as f64 / loop_time / 1e6;
    println!("counter loop: {rounds:.1} million rounds a second (at least 4.5)");
    if let Some(theirs) = beside(&counter()) {
        println!(
            "  CPython 3.11: {:.1}, ratio {:.2}",
            ROUNDS as f64 / theirs / 1e6,
            theirs / loop_time
        );
    }

    let tasks_time = ours(TASKS);
    println!(
        "asyncio, 10,000 tasks x 10 turns: {:.0} ms",
        tasks_time * 1e3
    );
    if let Some(theirs) = beside(TASKS) {
        println!(
            "  CPython 3.11: {:.0} ms, ratio {:.2} (at least 1)",
            theirs * 1e3,
            theirs / tasks_time
        );
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

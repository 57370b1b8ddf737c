//! The explorer's figures, beside those of other tools on the same model: threads that each add 1 to a counter so many times, in two steps,
//! without a GIL.
//!
//! `cargo bench --bench explore`. SPIN runs where it is installed (Debian's package `spin`, and gcc); loom and Shuttle are built from
//! `benches/compare`. Each has [`PATIENCE`]; what is not done by then is said to take longer.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use interleave::explorer::{Mode, Options, Report, explore};
use interleave::run::Ready;
use interleave::scenario;
use interleave::settings::Settings;
use interleave::source::Source;

const RUNS: usize = 5;

/// How long another tool may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[path = "../src/explorer/tests/counter.rs"]
mod counter;

fn explored(program: &str, options: &Options) -> (Report, f64) {
    let source = Source::new("bench.py", program);
    let mut settings = Settings::default();
    settings.set("runtime", "free-threaded").expect("a runtime");
    let start = Instant::now();
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, options, &mut |_| {});
    (report, start.elapsed().as_secs_f64())
}

/// The most memory this process ever had, in bytes; Linux only.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What another tool needed.
enum Theirs {
    Seconds(f64),
    TooLong,
    /// It is not there.
    Absent,
}

/// Runs a program for as long as it may take: the seconds, if it succeeds.
fn timed(command: &mut Command) -> Theirs {
    let start = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        return Theirs::Absent;
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => {
                return Theirs::Seconds(start.elapsed().as_secs_f64());
            }
            Ok(None) if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                end(&mut child);
                return Theirs::TooLong;
            }
            _ => return Theirs::Absent,
        }
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// SPIN on the same model, default reduction, built with `-O2 -DSAFETY`: the seconds of the search.
fn spin(threads: u32, rounds: u32) -> Theirs {
    let folder = std::env::temp_dir().join(format!("interleave-spin-{}", std::process::id()));
    let model = format!(
        "byte counter = 0;
active [{threads}] proctype work() {{
    byte round = 0, tmp;
    do
    :: round < {rounds} -> tmp = counter; counter = tmp + 1; round++
    :: else -> break
    od
}}
"
    );
    let made = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join("counter.pml"), model));
    let run = |program: &str, arguments: &[&str]| {
        timed(Command::new(program).args(arguments).current_dir(&folder))
    };
    let built = made.is_ok()
        && matches!(run("spin", &["-a", "counter.pml"]), Theirs::Seconds(_))
        && matches!(
            run("gcc", &["-O2", "-DSAFETY", "-o", "pan", "pan.c"]),
            Theirs::Seconds(_)
        );
    let theirs = if built {
        timed(
            Command::new(folder.join("pan"))
                .arg("-m1000000")
                .current_dir(&folder),
        )
    } else {
        Theirs::Absent
    };
    let _ = std::fs::remove_dir_all(&folder);
    theirs
}

/// Builds the models of loom and Shuttle; the program that runs them.
fn compare() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compare");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--locked", "--target-dir"])
        .arg(&target)
        .current_dir(&folder)
        .status();
    let program = target.join("release/compare");
    status.is_ok_and(|it| it.success()).then_some(program)
}

/// Says how another tool did beside us.
fn beside(name: &str, theirs: &Theirs, ours: f64) {
    match theirs {
        Theirs::Seconds(theirs) => println!("  {name}: {theirs:.3} s, ratio {:.1}", theirs / ours),
        Theirs::TooLong => {
            let most = PATIENCE.as_secs_f64();
            println!(
                "  {name}: more than {most} s, ratio more than {:.0}",
                most / ours
            );
        }
        Theirs::Absent => println!("  {name}: not installed"),
    }
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let all = Options::default();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let others = compare();
    let wanted = [
        ((2, 5), "1,000 times faster than loom and Shuttle"),
        ((2, 10), "at most 0.3 s, exact counts"),
        ((3, 3), "17,153,136 orders"),
        ((4, 2), "63,063,000 orders"),
        ((4, 3), "no more than SPIN"),
    ];
    for ((threads, rounds), target) in wanted {
        let program = counter::counter(threads, rounds);
        let median = |options: &Options| {
            let mut seconds: Vec<f64> = (0..RUNS).map(|_| explored(&program, options).1).collect();
            seconds.sort_by(f64::total_cmp);
            seconds[RUNS / 2]
        };
        let ours = median(&all);
        let (report, _) = explored(&program, &all);
        let orders = report
            .interleavings
            .map_or(String::new(), |it| it.to_string());
        println!(
            "({threads},{rounds}): {ours:.4} s, {} states, {orders} orders, {} outcomes ({target})",
            report.states,
            report.outcomes.len()
        );
        let reduced = Options {
            mode: Mode::Reduced,
            ..all
        };
        let jobs = Options { jobs: cores, ..all };
        println!(
            "  without counts: {:.4} s; on {cores} cores: {:.4} s",
            median(&reduced),
            median(&jobs)
        );
        beside("SPIN", &spin(threads, rounds), ours);
        if matches!((threads, rounds), (2, 5) | (4, 3)) {
            for tool in ["loom", "shuttle"] {
                let theirs = match &others {
                    Some(program) => timed(Command::new(program).args([
                        tool,
                        &threads.to_string(),
                        &rounds.to_string(),
                    ])),
                    None => Theirs::Absent,
                };
                beside(tool, &theirs, ours);
            }
        }
    }
    if let Some(before) = peak() {
        let (report, seconds) = explored(&counter::counter(2, 30), &all);
        if let Some(after) = peak() {
            println!(
                "(2,30): {seconds:.2} s, {} states, {} bytes a state (at most 200), {} MiB in all (a million states: at most 1024)",
                report.states,
                (after - before) / report.states as u64,
                after >> 20
            );
        }
    }
    for id in ["philosophers", "philosophers_in_order"] {
        let scenario = scenario::find(id).expect("a scenario");
        let (report, seconds) = explored(scenario.text, &all);
        let found: Vec<_> = report.findings.iter().map(|it| it.kind).collect();
        println!(
            "{id}: {seconds:.2} s, {} states, complete: {}, found: {found:?} (at most 10 s)",
            report.states, report.complete
        );
    }
}

//! The explorer's figures: threads that each add 1 to a counter so many times, in two steps, without a GIL.
//!
//! `cargo bench --bench explore`. SPIN explores the same model beside it where it is installed (with gcc); what the others
//! needed on the machine where the figures were set is printed with ours.

use std::process::Command;
use std::time::Instant;

use interleave::explorer::{Options, Report, explore};
use interleave::run::Ready;
use interleave::settings::Settings;
use interleave::source::Source;

const RUNS: usize = 5;

fn program(threads: u32, rounds: u32) -> String {
    format!(
        "import threading
counter = 0
def work():
    global counter
    for _ in range({rounds}):
        tmp = counter
        counter = tmp + 1
threads = [threading.Thread(target=work) for _ in range({threads})]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
"
    )
}

fn explored(threads: u32, rounds: u32) -> (Report, f64) {
    let source = Source::new("bench.py", program(threads, rounds));
    let mut settings = Settings::default();
    settings.set("runtime", "free-threaded").expect("a runtime");
    let start = Instant::now();
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, &Options::default(), &mut |_| {});
    (report, start.elapsed().as_secs_f64())
}

/// The most memory this process ever had, in bytes; Linux only.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// SPIN 6.5 on the same model, default reduction, built with `-O2 -DSAFETY`: seconds of the search, if it is installed.
fn spin(threads: u32, rounds: u32) -> Option<f64> {
    let folder = std::env::temp_dir().join(format!("interleave-spin-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
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
    std::fs::write(folder.join("counter.pml"), model).ok()?;
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program)
            .args(arguments)
            .current_dir(&folder)
            .output();
        done.ok().filter(|output| output.status.success())
    };
    run("spin", &["-a", "counter.pml"])?;
    run("gcc", &["-O2", "-DSAFETY", "-o", "pan", "pan.c"])?;
    let start = Instant::now();
    run("./pan", &["-m1000000"])?;
    let seconds = start.elapsed().as_secs_f64();
    let _ = std::fs::remove_dir_all(&folder);
    Some(seconds)
}

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let wanted = [
        (
            (2, 5),
            "at most 0.0236 s: 1,000 times faster than Shuttle's 23.6 s",
        ),
        ((2, 10), "at most 0.3 s, exact counts"),
        ((3, 3), "17,153,136 orders"),
        ((4, 2), "63,063,000 orders"),
        ((4, 3), "at most SPIN's 3.9 s"),
    ];
    for ((threads, rounds), target) in wanted {
        let mut seconds: Vec<f64> = (0..RUNS).map(|_| explored(threads, rounds).1).collect();
        seconds.sort_by(f64::total_cmp);
        let (report, _) = explored(threads, rounds);
        let orders = report
            .interleavings
            .map_or(String::new(), |it| it.to_string());
        println!(
            "({threads},{rounds}): {:.4} s, {} states, {orders} orders, {} outcomes ({target})",
            seconds[RUNS / 2],
            report.states,
            report.outcomes.len()
        );
        match spin(threads, rounds) {
            Some(theirs) => println!(
                "  SPIN: {theirs:.2} s, ratio {:.1}",
                theirs / seconds[RUNS / 2]
            ),
            None => println!("  SPIN is not installed"),
        }
    }
    if let Some(before) = peak() {
        let (report, seconds) = explored(2, 20);
        if let Some(after) = peak() {
            println!(
                "(2,20): {:.2} s, {} states, {} bytes a state (at most 200)",
                seconds,
                report.states,
                (after - before) / report.states as u64
            );
        }
    }
}

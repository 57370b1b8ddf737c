//! How the GIL is handed over: the simulation against figures measured on real CPythons (tests/gil/measured.txt).

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;

/// What a program prints under threads.
fn printed(version: &str, cores: &str, interval: &str, program: &str) -> String {
    let mut settings = Settings::default();
    for (key, value) in [
        ("python", version),
        ("cores", cores),
        ("switch-interval", interval),
        ("runtime", "threads"),
    ] {
        settings.set(key, value).expect(key);
    }
    let run = run(&Source::new("gil.py", program), "", &settings).expect("it runs");
    let errors = String::from_utf8_lossy(run.trace.stderr()).into_owned();
    assert_eq!(errors, "");
    String::from_utf8_lossy(run.trace.stdout())
        .trim()
        .to_owned()
}

/// The median time in milliseconds by which a sleep of `gap` milliseconds takes longer, beside a thread that computes or alone.
fn response(version: &str, cores: &str, interval: &str, gap: &str, beside: bool) -> f64 {
    let program = format!(
        "\
import threading, time

def spin():
    n = 0
    while not over:
        n += 1

over = False
thread = threading.Thread(target=spin)
if {}:
    thread.start()
waits = []
for _ in range(7):
    began = time.perf_counter()
    time.sleep({gap} / 1000)
    waits.append((time.perf_counter() - began - {gap} / 1000) * 1e3)
over = True
print(sorted(waits)[3])
",
        if beside { "True" } else { "False" }
    );
    let text = printed(version, cores, interval, &program);
    text.parse().expect(&text)
}

/// How much longer threads take together for the work that one does alone.
fn slowdown(version: &str, cores: &str, threads: &str) -> f64 {
    let program = format!(
        "\
import threading, time

def burn(n):
    while n > 0:
        n -= 1

def shared(count):
    threads = [threading.Thread(target=burn, args=(100_000 // count,)) for _ in range(count)]
    began = time.perf_counter()
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return time.perf_counter() - began

print(shared({threads}) / shared(1))
"
    );
    let text = printed(version, cores, "5ms", &program);
    text.parse().expect(&text)
}

/// The simulation's figure, and the range in which it must lie. The machine that was measured took `late` milliseconds longer to
/// wake up than the simulated one.
fn compare(what: &str, version: &str, cores: &str, figure: &str, late: f64) -> (f64, f64, f64) {
    let words: Vec<&str> = what.split_whitespace().collect();
    let number = |text: &str| text.parse::<f64>().expect("a figure");
    match words[..] {
        ["alone"] => {
            let found = response(version, cores, "5ms", "1", false);
            (found, 0.0, number(figure))
        }
        // Three wake-ups lie in a response at most: of the sleeper, of the holder's waiter, and of the waiter that asks.
        ["response", "-", gap] => {
            let found = response(version, cores, "5ms", gap, true);
            let wakes = 0.06 + 3.0 * late;
            (found, number(figure) - wakes, number(figure) + wakes)
        }
        ["response", interval, gap] => {
            let found = response(version, cores, &format!("{interval}ms"), gap, true);
            let wakes = if cores == "1" { 0.0 } else { 3.0 * late };
            (found, number(figure) * 0.95 - wakes, number(figure) * 1.05)
        }
        ["slowdown", threads] => {
            let (least, most) = figure.split_once('-').expect("a range");
            let found = slowdown(version, cores, threads);
            // Measured ratios below 1 are the clock of the processor, which the simulation does not have.
            (
                found,
                number(least).min(1.0) * 0.98,
                number(most).max(1.0) * 1.05,
            )
        }
        _ => panic!("{what}?"),
    }
}

/// What a wake-up takes here, in milliseconds: the default of `wake-latency`, and an instruction or two.
const WAKE: f64 = 0.051;

#[test]
fn as_measured() {
    let mut wrong = Vec::new();
    let lines: Vec<&str> = include_str!("gil/measured.txt").lines().collect();
    let mut late = 0.0;
    for line in &lines {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [what, full, cores, figure] = parts[..] else {
            panic!("{line}")
        };
        let (version, _) = full.rsplit_once('.').expect("a full version");
        if what == "alone" {
            late = figure.parse::<f64>().expect("a figure") - WAKE;
        }
        let (found, least, most) = compare(what, version, cores, figure, late);
        if !(least..=most).contains(&found) {
            wrong.push(format!("{line}, but here {found:.3}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.len() > 60, "only {} lines", lines.len());
}

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

/// The simulation's figure, and the range in which it must lie.
fn compare(what: &str, version: &str, cores: &str, figure: &str) -> (f64, f64, f64) {
    let words: Vec<&str> = what.split_whitespace().collect();
    let number = |text: &str| text.parse::<f64>().expect("a figure");
    match words[..] {
        // How fast a machine wakes up differs; what the GIL adds does not.
        ["alone"] => {
            let found = response(version, cores, "5ms", "1", false);
            (found, number(figure) - 0.06, number(figure) + 0.06)
        }
        ["response", "-", gap] => {
            let found = response(version, cores, "5ms", gap, true);
            (found, number(figure) - 0.06, number(figure) + 0.06)
        }
        ["response", interval, gap] => {
            let found = response(version, cores, &format!("{interval}ms"), gap, true);
            (found, number(figure) * 0.95, number(figure) * 1.05)
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

#[test]
fn as_measured() {
    let mut wrong = Vec::new();
    let lines: Vec<&str> = include_str!("gil/measured.txt").lines().collect();
    for line in &lines {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [what, full, cores, figure] = parts[..] else {
            panic!("{line}")
        };
        let (version, _) = full.rsplit_once('.').expect("a full version");
        let (found, least, most) = compare(what, version, cores, figure);
        if !(least..=most).contains(&found) {
            wrong.push(format!("{line}, but here {found:.3}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.len() > 20, "only {} lines", lines.len());
}

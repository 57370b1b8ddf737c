//! Where each CPython can switch threads: small racy loops (tests/preemption/loops.txt) can lose updates exactly where the real
//! interpreters lost some (tests/preemption/recorded.txt).

use std::collections::BTreeMap;

use interleave::bytecode::preemption::{PreemptionRules, Version};
use interleave::explorer::{Mode, Options, explore};
use interleave::run::Ready;
use interleave::settings::Settings;
use interleave::source::Source;

const LOOPS: &str = include_str!("preemption/loops.txt");
const PRELUDE: &str = include_str!("preemption/prelude.py");
const RECORDED: &str = include_str!("preemption/recorded.txt");

struct Loop {
    name: &'static str,
    body: &'static str,
    /// What is counted.
    result: &'static str,
}

fn loops() -> Vec<Loop> {
    let blocks = LOOPS.split("\n== ").skip(1);
    let parsed = blocks.map(|block| {
        let (head, body) = block.split_once('\n').expect("a body");
        let (head, result) = head.split_once(" result ").unwrap_or((head, "c"));
        let (name, _) = head.split_once(" since ").unwrap_or((head, ""));
        Loop {
            name,
            body: body.trim_matches('\n'),
            result,
        }
    });
    parsed.collect()
}

/// One round in each of two threads.
fn program(of: &Loop) -> String {
    let body = of.body.replace('\n', "\n        ");
    let result = of.result;
    format!(
        "\
{PRELUDE}
import threading

def work():
    global c
    for _ in range(1):
        {body}

threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print({result})
"
    )
}

fn loses(version: Version, of: &Loop) -> bool {
    let mut settings = Settings::default();
    settings.python = version;
    settings.set("runtime", "threads").expect("a runtime");
    let source = Source::new("race.py", program(of).as_str());
    let ready = Ready::new(&source, &settings)
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", of.name));
    // One thread comes in between once: that is enough to lose.
    let options = Options {
        mode: Mode::Preemptions(1),
        ..Options::default()
    };
    let report = explore(&ready, &options, &mut |_| {});
    let outputs = report.outcomes.iter().map(|it| it.stdout.trim());
    let counts = outputs.map(|text| match text {
        "1" => true,
        "2" => false,
        _ => panic!("{} {version}: {text:?}", of.name),
    });
    counts.fold(false, |any, lost| any | lost)
}

#[test]
fn races_by_version() {
    let mut lines = RECORDED.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("2.7.")));
    let recorded: BTreeMap<&str, &str> = lines
        .map(|line| line.split_once("  ").expect("marks and a name"))
        .map(|(marks, name)| (name, marks))
        .collect();
    let mut wrong = Vec::new();
    for of in loops() {
        let marks = recorded[of.name];
        let mut known: Vec<(PreemptionRules, bool)> = Vec::new();
        let mut lost = |version: Version| {
            let rules = PreemptionRules::of(version);
            let before = known.iter().find(|(other, _)| *other == rules);
            if let Some((_, lost)) = before {
                return *lost;
            }
            let lost = loses(version, &of);
            known.push((rules, lost));
            lost
        };
        let found: String = Version::ALL
            .iter()
            .zip(marks.chars())
            .map(|(version, mark)| match mark {
                '-' => '-',
                // A loss only while the code is cold is one.
                'c' if lost(*version) => 'c',
                _ if lost(*version) => 'x',
                _ => '.',
            })
            .collect();
        if found != marks {
            wrong.push(format!("{found}, not {marks}: {}", of.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(recorded.len() > 80);
}

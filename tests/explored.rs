//! What real CPythons printed for small racy programs must be among what the explorer finds for that version.

use std::fs;
use std::path::Path;

use interleave::explorer::{Options, explore};
use interleave::run::Ready;
use interleave::settings::Settings;
use interleave::source::Source;

fn outputs(path: &Path, version: &str) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a program");
    let mut settings = Settings::default();
    settings.set("runtime", "threads").expect("a runtime");
    settings.set("python", version).expect("a version");
    let source = Source::new(path.display().to_string(), text);
    let ready = Ready::new(&source, &settings).expect("it runs");
    let report = explore(&ready, &Options::default(), &mut |_| {});
    assert!(
        report.complete,
        "{}: {:?}",
        path.display(),
        report.incomplete
    );
    let outputs = report.outcomes.iter().map(|it| it.stdout.trim().to_owned());
    outputs.collect()
}

#[test]
fn real_outcomes_are_among_the_explored() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explored");
    let recorded = fs::read_to_string(folder.join("recorded.txt")).expect("recorded");
    let mut missing = Vec::new();
    let mut checked = 0;
    for block in recorded.split("\n\n") {
        let mut lines = block.trim().lines();
        let head = lines.next().expect("a program and a version");
        let mut words = head.split_whitespace();
        let (name, version) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let found = outputs(&folder.join(name), version);
        for line in lines {
            let (output, _) = line.rsplit_once(": ").expect("an output and how often");
            checked += 1;
            if !found.iter().any(|it| it == output) {
                missing.push(format!("{head}: {output}, but only {found:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(checked > 40, "only {checked} were recorded");
}

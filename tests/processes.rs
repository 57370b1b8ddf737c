//! Programs of several processes, of their pools and of files, compared with CPython: stdout, and stderr without the frames of its
//! library. `processes/record.py` records what real interpreters make of them.

use std::fs;
use std::path::{Path, PathBuf};

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;

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

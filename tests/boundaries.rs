//! What a module must not know (`src/README.md`), and what none may use.

use std::fs;
use std::path::{Path, PathBuf};

/// Module, and the modules of this crate that it may name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("syntax", &["source"]),
    ("bytecode", &["source", "syntax"]),
    ("library", &["source", "syntax", "bytecode", "machine"]),
    (
        "machine",
        &["source", "syntax", "bytecode", "library", "trace"],
    ),
    ("schedulers", &[]),
    (
        "simulation",
        &["machine", "schedulers", "trace", "bytecode"],
    ),
    ("trace", &["findings", "narration"]),
    ("findings", &["trace", "narration"]),
    ("narration", &["trace"]),
    ("layout", &["trace"]),
    ("render", &["layout"]),
    (
        "explorer",
        &[
            "machine",
            "simulation",
            "schedulers",
            "trace",
            "narration",
            "findings",
            "run",
        ],
    ),
    ("serve", &["answer", "message"]),
    ("settings", &["bytecode"]),
    ("scenario", &["settings", "source", "trace"]),
    (
        "ui",
        &[
            "trace",
            "narration",
            "findings",
            "layout",
            "render",
            "settings",
            "scenario",
            "message",
            "protocol",
            "ui",
        ],
    ),
];

/// Words that make a run depend on more than program, settings and schedule; `ui` may have them.
const FORBIDDEN: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "std::time",
    "thread_rng",
    "rand::",
    "HashSet",
    "RandomState",
    "js_sys::Date",
    "performance()",
];

/// Files that keep a HashMap for look-ups only and never go through it.
const LOOKUPS: &[&str] = &["machine/mod.rs", "machine/program.rs", "trace/strings.rs"];

/// Files that tell how long something took; nothing depends on it.
const CLOCKS: &[&str] = &["command/explore.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn all() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(root())
                .expect("below src")
                .display()
                .to_string();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// Test modules may look everywhere.
fn is_test(name: &str) -> bool {
    name.contains("tests") || name.ends_with("notation.rs")
}

#[test]
fn modules_know_only_what_they_may() {
    let mut wrong = Vec::new();
    for (name, text) in all() {
        let module = name.split(['/', '.']).next().unwrap_or("");
        let Some((_, allowed)) = MAY_USE.iter().find(|(m, _)| *m == module) else {
            continue;
        };
        if is_test(&name) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for rest in line.split("crate::").skip(1) {
                let used: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if !used.is_empty() && used != module && !allowed.contains(&used.as_str()) {
                    wrong.push(format!(
                        "src/{name}:{}: {module} must not know {used}",
                        at + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn runs_depend_on_nothing_else() {
    let mut wrong = Vec::new();
    for (name, text) in all() {
        if name.starts_with("ui/") || name.starts_with("bin/") {
            continue;
        }
        let lookup = LOOKUPS.contains(&name.as_str());
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            let clock = CLOCKS.contains(&name.as_str());
            let found = FORBIDDEN
                .iter()
                .copied()
                .filter(|word| !(clock && ["Instant::now", "std::time"].contains(word)))
                .chain((!lookup).then_some("HashMap"));
            for word in found.filter(|word| code.contains(word)) {
                wrong.push(format!("src/{name}:{}: {word}", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_draws_nothing_itself() {
    // Layout and render are told apart by what they know of a trace.
    let wrong: Vec<String> = all()
        .into_iter()
        .filter(|(name, text)| {
            name.starts_with("layout/") && !is_test(name) && text.contains("web_sys")
        })
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} know the DOM");
}

#[test]
fn every_module_is_in_the_map() {
    let map = fs::read_to_string(root().join("README.md")).expect("src/README.md");
    let lib = fs::read_to_string(root().join("lib.rs")).expect("src/lib.rs");
    for module in lib
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod "))
        .map(|l| l.trim_end_matches(';'))
    {
        assert!(
            map.contains(&format!("`{module}`")),
            "{module} is not in src/README.md"
        );
    }
}

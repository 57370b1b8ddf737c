//! What values do, compared with CPython: `language/*.txt` are lists of cases, `language/*.py` programs. `language/record.py` records them.

use std::fs;
use std::path::{Path, PathBuf};

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;

/// The files of this kind, in order.
fn files(extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What a program prints.
fn output(name: &str, text: &str) -> String {
    let source = Source::new(name, text);
    match run(&source, name, &Settings::default()) {
        Ok(run) => [run.trace.stdout(), run.trace.stderr()]
            .map(String::from_utf8_lossy)
            .concat(),
        Err(problems) => problems.iter().map(|p| p.render(&source)).collect(),
    }
}

/// A program that prints what each case gives, on a line each.
fn program(cases: &[&str]) -> String {
    let mut text = String::from("import math\nfrom collections import deque\n");
    let mut names = String::new();
    for (number, case) in cases.iter().enumerate() {
        let (statements, expression) = case.rsplit_once("; ").unwrap_or(("pass", case));
        text += &format!("def case_{number}():\n    {statements}\n    return {expression}\n");
        names += &format!("case_{number}, ");
    }
    text + &format!(
        "for case in [{names}]:\n    try:\n        print(repr(case()))\n    except Exception as e:\n        print(type(e).__name__ + ': ' + str(e))\n"
    )
}

#[test]
fn cases_give_what_cpython_gives() {
    let mut problems = Vec::new();
    for path in files("txt") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = read(&path);
        let lines: Vec<&str> = text
            .lines()
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
            .collect();
        let cases: Vec<&str> = lines
            .iter()
            .filter_map(|l| l.strip_prefix(">>> "))
            .collect();
        let expected = lines.iter().filter(|l| !l.starts_with(">>> "));
        let output = output(&name, &program(&cases));
        let mut given = output.lines();
        for (case, expected) in cases.iter().zip(expected) {
            let given = given.next().unwrap_or("nothing");
            if given != *expected {
                problems.push(format!(
                    "{name}\n>>> {case}\n{expected}\nbut here\n{given}\n"
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn programs_print_what_they_print_under_cpython() {
    for path in files("py") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !matches!(&*name, "record.py" | "micropython.py") {
            assert_eq!(
                output(&name, &read(&path)),
                read(&path.with_extension("out")),
                "{name}"
            );
        }
    }
}

#[test]
fn what_cpython_has_and_is_not_here_is_rejected() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language/unsupported");
    let text = read(&path);
    let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
    for case in lines.chunks(2) {
        let program = case[0].replace("; ", "\n") + "\n";
        let source = Source::new("unsupported.py", &program);
        let trace = run(&source, "", &Settings::default())
            .expect("it runs at first")
            .trace;
        let outcome = trace.run();
        assert_eq!(outcome.outcome.id(), "rejected", "{program}");
        assert!(trace.string(outcome.message).contains(case[1]), "{program}");
    }
}

/// Programs in which a native function drives something that never ends.
const ENDLESS: &[&str] = &[
    "print(5 in iter(int, 1))",
    "import itertools\nprint(5 in itertools.cycle([1]))",
    "class I:\n    def __iter__(self): return self\n    def __next__(self): return None\nprint(5 in I())",
    "import itertools\nprint(sum(itertools.repeat(1)))",
    "import itertools\nprint(all(itertools.repeat(1)))",
    "class I:\n    def __lt__(self, other):\n        while True: pass\nsorted([I(), I()])",
];

#[test]
fn nothing_runs_for_ever_inside_a_native() {
    let mut settings = Settings::default();
    settings.limits.instructions = 50_000;
    for text in ENDLESS {
        let trace = run(&Source::new("endless.py", *text), "", &settings)
            .expect("it runs at first")
            .trace;
        assert_eq!(trace.run().outcome.id(), "limit", "{text}");
    }
}

/// Programs that make objects for ever, and whether these stay alive.
const MAKING: &[(&str, bool)] = &[
    ("made = []\nwhile True: made.append([1])", true),
    ("while True:\n    made = []\n    made.append(made)", true),
    ("while True:\n    made = [[1], [2]]", false),
];

#[test]
fn what_stays_alive_is_limited() {
    let mut settings = Settings::default();
    settings.limits.heap_bytes = 2_000_000;
    settings.limits.instructions = 3_000_000;
    for (text, stays) in MAKING {
        let trace = run(&Source::new("making.py", *text), "", &settings)
            .expect("it runs at first")
            .trace;
        let message = trace.string(trace.run().message);
        assert_eq!(
            message.contains("limit of memory"),
            *stays,
            "{text}: {message}"
        );
    }
}

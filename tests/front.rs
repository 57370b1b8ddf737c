//! The front end on programs: what they compile to and what is said about those that cannot run.
//!
//! Each file in `tests/golden` holds cases: a program, a line of dashes and what must come of it, with lines of equals
//! signs between the cases. `UPDATE_GOLDEN=1 cargo test --test front` writes what came out.

use std::fs;
use std::path::Path;

use interleave::bytecode::{Options, compile, disassemble, verify};
use interleave::source::Source;
use interleave::syntax::{Known, check};

const CASES: &str = "====\n";
const RESULT: &str = "----\n";

fn golden(folder: &str, run: impl Fn(&str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let programs = text
            .split(CASES)
            .map(|case| case.split(RESULT).next().unwrap_or(""));
        let cases: Vec<String> = programs
            .map(|program| [program, RESULT, &run(program)].concat())
            .collect();
        let came = cases.join(CASES);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, came).expect("written");
        } else {
            assert_eq!(came, text, "{}", file.display());
        }
    }
}

fn known() -> Known {
    let mut known = Known::new();
    known.module("asyncio", ["run", "gather", "sleep", "create_task", "Lock"]);
    known.module("threading", ["Thread", "Lock"]);
    known.module("concurrent.futures", ["ThreadPoolExecutor"]);
    known.builtins(["print", "range", "len", "super", "Exception", "ValueError"]);
    known
}

fn listing(program: &str) -> String {
    let source = Source::new("program.py", program);
    let checked = match check(&source, &Known::everything()) {
        Ok(checked) => checked,
        Err(diagnostics) => panic!("{}", diagnostics[0].render(&source)),
    };
    let code = compile(&checked, &Options { user: true }).expect("it compiles");
    verify(&code).expect("it is sound");
    disassemble(&code)
}

fn complaints(program: &str) -> String {
    let source = Source::new("program.py", program);
    match check(&source, &known()) {
        Ok(_) => "fine\n".to_owned(),
        Err(diagnostics) => {
            let rendered = diagnostics
                .iter()
                .map(|diagnostic| diagnostic.render(&source));
            rendered.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn bytecode() {
    golden("bytecode", listing);
}

#[test]
fn diagnostics() {
    golden("diagnostics", complaints);
}

/// Programs at the limits of what is accepted compile on a thread's stack; those beyond are rejected with a place.
#[test]
fn nesting_is_bounded() {
    let accepted = [
        nested("(", 200, ")"),
        nested("[", 200, "]"),
        nested("f(", 150, ")"),
        nested("f(a + ", 100, ")"),
        nested("[", 190, " for a in b]"),
        nested("lambda: ", 195, ""),
        nested("not ", 195, ""),
        nested("a ** ", 195, ""),
        nested("a if b else ", 195, ""),
        nested("f\"{", 99, "}\""),
        format!("x = a{}\n", " + a".repeat(5_000)),
        format!("x = a{}\n", ".a()".repeat(2_500)),
        format!("x = a{}\n", " and a".repeat(5_000)),
        format!("if a:\n    pass\n{}", "elif b:\n    pass\n".repeat(20_000)),
        format!("x = {}\n", "'a' ".repeat(100_000)),
        blocks(99),
    ];
    for program in &accepted {
        let source = Source::new("program.py", program.as_str());
        let checked = check(&source, &Known::everything()).unwrap_or_else(|diagnostics| {
            panic!(
                "{}: {}",
                &program[..40.min(program.len())],
                diagnostics[0].message
            )
        });
        let code = compile(&checked, &Options { user: true }).expect("it compiles");
        verify(&code).expect("it is sound");
    }
    let rejected = [
        nested("(", 201, ")"),
        nested("(", 1_000, ")"),
        nested("lambda: ", 1_000, ""),
        nested("not ", 100_000, ""),
        nested("-", 100_000, ""),
        nested("a ** ", 1_000, ""),
        nested("a if b else ", 1_000, ""),
        nested("f\"{", 1_000, "}\""),
        nested("f(a + b * ", 150, ")"),
        format!("x = a{}\n", " + a".repeat(5_001)),
        format!("x = a{}\n", " + a".repeat(300_000)),
        format!("x = a{}\n", ".a".repeat(5_001)),
        format!("({}\n)", "\nif a:".repeat(1_000)),
        format!("{} pass", "if a:".repeat(1_000)),
        "async ".repeat(1_000),
        blocks(101),
        nested("(", 300_000, ""),
    ];
    for program in &rejected {
        let source = Source::new("program.py", program.as_str());
        let Err(diagnostics) = check(&source, &Known::everything()) else {
            panic!("accepted: {}", &program[..40]);
        };
        assert!(!diagnostics[0].message.is_empty());
    }
}

fn nested(open: &str, times: usize, close: &str) -> String {
    format!("x = {}1{}\n", open.repeat(times), close.repeat(times))
}

fn blocks(times: usize) -> String {
    let mut program = String::new();
    for level in 0..times {
        program.push_str(&" ".repeat(level));
        program.push_str("if a:\n");
    }
    program.push_str(&" ".repeat(times));
    program.push_str("pass\n");
    program
}

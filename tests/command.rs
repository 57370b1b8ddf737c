//! The command line: exit codes, streams and the names in its JSON.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the command line in an empty folder, with a program there called `program.py`.
#[track_caller]
fn interleave(name: &str, program: &str, arguments: &[&str]) -> Output {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("program.py"), program).unwrap();
    Command::new(env!("CARGO_BIN_EXE_interleave"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

const HELLO: &str = "print('hello')\n";
const RAISES: &str = "print('before')\nraise ValueError('no')\n";
const THREAD_DIES: &str = "\
import threading
def work():
    raise ValueError('no')
t = threading.Thread(target=work)
t.start()
t.join()
print('after')
";
const SYNTAX: &str = "print('hello'\n";
const UNKNOWN_MODULE: &str = "import sqlite3\n";
const DEADLOCK: &str = "\
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
";
const ENDLESS: &str = "while True:\n    pass\n";
const HEADER: &str = "# /// interleave\n# cores = 0\n# ///\nprint(1)\n";
const ASYNCIO: &str = "\
import asyncio
async def main():
    print('hello')
asyncio.run(main())
";

/// A command line on a program: its exit code and its stdout.
#[track_caller]
fn check(name: &str, program: &str, arguments: &[&str], code: i32, stdout: &str) -> Output {
    let output = interleave(name, program, arguments);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{name}: {shown}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        stdout,
        "{name}: {shown}"
    );
    output
}

/// The same, with `--json`: the exit code, the `end` and the `stdout` in the object.
#[track_caller]
fn check_json(
    name: &str,
    program: &str,
    arguments: &[&str],
    code: i32,
    end: &str,
    stdout: &str,
) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let output = interleave(&format!("{name}-json"), program, &arguments);
    assert_eq!(output.status.code(), Some(code), "{name}");
    let report = json(&output);
    assert_eq!(report["end"], end, "{name}");
    assert_eq!(report["stdout"], stdout, "{name}");
    report
}

#[test]
fn exit_codes_tell_the_end() {
    let run = &["run", "program.py"][..];
    let limited = &["run", "program.py", "--limit-instructions", "1000"][..];
    let old = &["run", "program.py", "--python", "3.10"][..];
    let unfit = &["run", "program.py", "--runtime", "threads"][..];
    for (name, program, arguments, code, end, stdout) in [
        ("finished", HELLO, run, 0, "finished", "hello\n"),
        ("exception", RAISES, run, 1, "exception", "before\n"),
        ("thread-dies", THREAD_DIES, run, 0, "finished", "after\n"),
        ("syntax", SYNTAX, run, 2, "rejected", ""),
        ("module", UNKNOWN_MODULE, run, 2, "rejected", ""),
        ("header", HEADER, run, 2, "rejected", ""),
        ("old-asyncio", ASYNCIO, old, 2, "rejected", ""),
        ("unfit", ASYNCIO, unfit, 2, "rejected", ""),
        ("deadlock", DEADLOCK, run, 3, "deadlock", ""),
        ("limit", ENDLESS, limited, 4, "limit", ""),
    ] {
        check(name, program, arguments, code, stdout);
        check_json(name, program, arguments, code, end, stdout);
    }
}

#[test]
fn imports_decide_the_runtime() {
    for (name, program, arguments, runtime) in [
        ("threads", HELLO, &["run", "program.py"][..], "threads"),
        ("asyncio", ASYNCIO, &["run", "program.py"], "asyncio"),
        (
            "free",
            HELLO,
            &["run", "program.py", "--runtime", "free-threaded"],
            "free-threaded",
        ),
    ] {
        let report = check_json(name, program, arguments, 0, "finished", "hello\n");
        assert_eq!(report["runtime"], runtime);
    }
}

#[test]
fn the_traceback_is_on_stderr() {
    let output = check("traceback", RAISES, &["run", "program.py"], 1, "before\n");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let traceback =
        "Traceback (most recent call last):\n  File \"program.py\", line 2, in <module>\n";
    assert!(stderr.starts_with(traceback), "{stderr}");
    assert!(stderr.contains("\nValueError: no\n"), "{stderr}");
}

#[test]
fn json_has_all_its_names() {
    for (name, program, code, end) in [
        ("names", HELLO, 0, "finished"),
        ("names-rejected", SYNTAX, 2, "rejected"),
    ] {
        let output = interleave(name, program, &["run", "program.py", "--json"]);
        assert_eq!(output.status.code(), Some(code));
        let report = json(&output);
        for key in [
            "runtime",
            "python",
            "end",
            "stdout",
            "stderr",
            "time_ns",
            "instructions",
            "steps",
            "switches",
            "tasks",
            "findings",
            "schedule",
        ] {
            assert!(report.get(key).is_some(), "{name}: no {key}");
        }
        assert_eq!(report["end"], end);
    }
    let report = json(&interleave(
        "names-task",
        HELLO,
        &["run", "program.py", "--json"],
    ));
    for key in [
        "name",
        "kind",
        "first_run_ns",
        "end_ns",
        "running_ns",
        "ready_ns",
        "gil_wait_ns",
        "blocked_ns",
    ] {
        assert!(
            report["tasks"][0].get(key).is_some(),
            "no {key} in {report}"
        );
    }
    let report = json(&interleave(
        "names-finding",
        HELLO,
        &["run", "lost_deposit", "--json"],
    ));
    let finding = &report["findings"][0];
    assert_eq!(finding["kind"], "lost-update");
    assert_eq!(finding["variable"], "counter");
    assert_eq!(finding["steps"].as_array().map(Vec::len), Some(3));
    assert!(finding["message"].is_string());
}

#[test]
fn a_rejection_has_its_place() {
    let output = check("place", SYNTAX, &["run", "program.py"], 2, "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("--> program.py:"), "{stderr}");
    let report = check_json("place", HEADER, &["run", "program.py"], 2, "rejected", "");
    let problem = &report["diagnostics"][0];
    assert_eq!(
        problem["message"],
        "a whole number from 1 to 64 is expected, not \"0\""
    );
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&2.into(), &11.into())
    );
}

#[test]
fn what_cannot_be_run_is_rejected() {
    for (name, arguments, message) in [
        (
            "nothing",
            &["run", "nothing.py"][..],
            "error: there is no file and no scenario nothing.py",
        ),
        (
            "flag",
            &["run", "program.py", "--cores", "65"],
            "error: --cores: a whole number from 1 to 64",
        ),
        (
            "runtime",
            &["run", "program.py", "--runtime", "gevent"],
            "error: --runtime: a runtime (asyncio,",
        ),
        (
            "offered",
            &["run", "never_awaited", "--runtime", "threads"],
            "error: never_awaited.py runs under asyncio, not",
        ),
    ] {
        let output = check(name, HELLO, arguments, 2, "");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(message), "{stderr}");
        let report = check_json(name, HELLO, arguments, 2, "rejected", "");
        assert!(report["stderr"].as_str().unwrap().starts_with(message));
    }
    check("no-command", HELLO, &["sing"], 2, "");
    check(
        "no-flag",
        HELLO,
        &["run", "program.py", "--speed", "1"],
        2,
        "",
    );
}

#[test]
fn flags_win_over_the_header() {
    let program = format!("# /// interleave\n# python = 3.9\n# cores = 4\n# ///\n{HELLO}");
    let report = check_json(
        "header-python",
        &program,
        &["run", "program.py"],
        0,
        "finished",
        "hello\n",
    );
    assert_eq!(report["python"], "3.9");
    let arguments = &["run", "program.py", "--python", "3.13"];
    let report = check_json("flag-python", &program, arguments, 0, "finished", "hello\n");
    assert_eq!(report["python"], "3.13");
}

#[test]
fn steps_are_narrated() {
    let steps = json(&interleave(
        "steps",
        HELLO,
        &["run", "program.py", "--json"],
    ))["steps"]
        .clone();
    let output = interleave("narrate", HELLO, &["narrate", "program.py"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text.lines().count() as u64,
        steps.as_u64().unwrap(),
        "{text}"
    );
    for line in text.lines() {
        assert!(
            line.ends_with(['.', '?', '!', '"', '”']),
            "no sentence: {line}"
        );
    }
}

#[test]
fn a_timeline_is_drawn() {
    let output = check(
        "render",
        HELLO,
        &["render", "program.py", "-o", "out.svg"],
        0,
        "",
    );
    assert!(output.stderr.is_empty());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("render/out.svg");
    let picture = fs::read_to_string(path).unwrap();
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
}

#[test]
fn scenarios_are_listed() {
    let output = interleave("list", HELLO, &["list", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let list = json(&output);
    let deposit = list
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "lost_deposit");
    let deposit = deposit.expect("the lost deposit is listed");
    assert_eq!(deposit["title"], "The lost deposit");
    assert_eq!(deposit["runtimes"][0], "threads");
    let output = interleave("list-text", HELLO, &["list"]);
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("\n  lost_deposit ")
    );
}

#[test]
fn exploring_tells_what_can_happen() {
    let explore = |name: &str, program: &str, more: &[&str]| {
        let arguments: Vec<&str> = ["explore", "program.py", "--json"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let output = interleave(name, program, &arguments);
        (output.status.code(), json(&output))
    };
    let counter = "import threading\nc = 0\ndef add():\n    global c\n    seen = c\n    c = seen + 1\n\
        ts = [threading.Thread(target=add) for _ in range(2)]\nfor t in ts: t.start()\nfor t in ts: t.join()\nprint(c)\n";
    let (code, report) = explore("explore-lost", counter, &["--python", "3.9"]);
    assert_eq!(code, Some(5));
    assert_eq!(report["complete"], true);
    assert_eq!(report["interleavings"], "6");
    let outcomes = report["outcomes"].as_array().expect("a list");
    let counts: Vec<(&Value, &Value)> = (outcomes.iter())
        .map(|outcome| (&outcome["stdout"], &outcome["count"]))
        .collect();
    assert_eq!(
        counts,
        [(&"1\n".into(), &"4".into()), (&"2\n".into(), &"2".into())]
    );
    for outcome in outcomes {
        let schedule = outcome["schedule"].as_str().expect("a schedule");
        let arguments = [
            "run",
            "program.py",
            "--python",
            "3.9",
            "--schedule",
            schedule,
        ];
        let run = interleave("explore-replay", counter, &arguments);
        assert_eq!(
            String::from_utf8_lossy(&run.stdout),
            outcome["stdout"].as_str().expect("text")
        );
    }
    let kinds: Vec<&str> = (report["findings"].as_array().expect("a list").iter())
        .map(|finding| finding["kind"].as_str().expect("a kind"))
        .collect();
    assert!(
        kinds.contains(&"lost-update") && kinds.contains(&"data-race"),
        "{kinds:?}"
    );
    for finding in report["findings"].as_array().expect("a list") {
        assert_eq!(finding["variable"], "c");
        assert!(
            finding["steps"].as_array().is_some_and(|it| it.len() >= 2),
            "{finding}"
        );
    }

    assert_eq!(
        explore("explore-safe", counter, &["--python", "3.12"]).0,
        Some(0)
    );
    assert_eq!(explore("explore-one", HELLO, &[]).0, Some(0));
    assert_eq!(explore("explore-syntax", SYNTAX, &[]).0, Some(2));
    let many = [
        "--python",
        "3.9",
        "--limit-states",
        "1",
        "--mode",
        "reduced",
    ];
    let (code, report) = explore("explore-limit", counter, &many);
    assert_eq!((code, &report["complete"]), (Some(4), &false.into()));
    let wrong = explore("explore-mode", HELLO, &["--mode", "all"]);
    assert_eq!((wrong.0, &wrong.1["end"]), (Some(2), &"rejected".into()));
}

//! Programs of asyncio and threads, compared with CPython: stdout, stderr, end, and the exception that ended them. `cpython/record.py` records what real
//! interpreters make of them, `cpython/differential.py` finds new ones, and `cpython/calls.py` compares single calls.

use std::fs;
use std::path::Path;

use interleave::run::run;
use interleave::settings::Settings;
use interleave::source::Source;
use interleave::trace::Outcome;

/// What CPython of some versions makes of a program.
struct Expected<'a> {
    versions: Vec<&'a str>,
    /// `finished`, or `exception ValueError: bad`.
    end: &'a str,
    stdout: &'a str,
    stderr: &'a str,
}

/// The settings of the real side's virtual clock: only sleeping takes time.
fn settings(version: &str) -> Settings {
    let mut settings = Settings::default();
    let short = version.rsplit_once('.').map_or(version, |(short, _)| short);
    for (name, value) in [
        ("python", short),
        ("cost-instruction", "0"),
        ("cost-switch", "0"),
        ("wake-latency", "0"),
        ("network-latency", "0"),
    ] {
        settings
            .set(name, value)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    settings
}

/// The line of a traceback that says type and message; the members of a group have tracebacks of their own. Of several it is the last that
/// says what ended the program, as what dies at the end may be told of after it.
fn last_error<'a>(stderr: &'a str, message: &str) -> &'a str {
    let heads = [
        "Traceback (most recent call last):",
        "  + Exception Group Traceback (most recent call last):",
    ];
    let lines: Vec<&str> = stderr.lines().collect();
    let mut starts: Vec<usize> = (1..=lines.len())
        .filter(|at| heads.contains(&lines[at - 1]))
        .collect();
    if starts.is_empty() {
        starts.push(0);
    }
    let error = |start: usize| {
        lines[start..]
            .iter()
            .map(|line| line.strip_prefix("  | ").unwrap_or(line))
            .find(|line| !line.is_empty() && !line.starts_with(' '))
            .unwrap_or("")
    };
    let first = message.lines().next().unwrap_or("");
    let errors = starts.iter().rev().map(|start| error(*start));
    let mut told = errors.clone().filter(|line| line.starts_with(first));
    told.next().or(errors.clone().next()).unwrap_or("")
}

/// stderr without addresses and numbers of files.
fn clean(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim_end();
    while let Some((at, mark)) = ["0x", "fd="]
        .iter()
        .filter_map(|mark| rest.find(mark).map(|at| (at, mark)))
        .min()
    {
        let (before, after) = rest.split_at(at + mark.len());
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || ('a'..='f').contains(&c));
        out += before;
        if rest.len() < after.len() {
            out.push('N');
        }
    }
    out + rest
}

/// Programs in which no traceback keeps anything alive: what dies in them is told of at CPython's moment.
const PROMPT: &[&str] = &["messages"];

/// Programs that were run to the interpreter's end.
const WHOLE: &str = "written_whole.txt";

/// Whether stderr tells of something that died. In CPython tracebacks keep frames and all that these refer to alive; here they do
/// not, so programs may tell of it at another time.
fn has_last_words(stderr: &str) -> bool {
    [
        "was never awaited",
        "exception was never retrieved",
        "was destroyed but it is pending",
    ]
    .iter()
    .any(|words| stderr.contains(words))
}

/// How it ended here, and what it printed to stdout and stderr.
fn outcome(name: &str, text: &str, version: &str) -> (String, String, String) {
    let source = Source::new("program.py", text);
    let run = match run(&source, name, &settings(version)) {
        Ok(run) => run,
        Err(problems) => {
            let problems: String = problems.iter().map(|p| p.render(&source)).collect();
            return (format!("rejected {problems}"), String::new(), String::new());
        }
    };
    let stderr = String::from_utf8_lossy(run.trace.stderr()).into_owned();
    let end = match run.trace.run().outcome {
        Outcome::Finished => String::from("finished"),
        Outcome::Exception => {
            let message = run.trace.string(run.trace.run().message);
            ["exception ", last_error(&stderr, message)].concat()
        }
        Outcome::Rejected => ["rejected ", run.trace.string(run.trace.run().message)].concat(),
        Outcome::Deadlock => String::from("deadlock"),
        Outcome::Limit => String::from("limit"),
    };
    let stdout = String::from_utf8_lossy(run.trace.stdout()).into_owned();
    let told = matches!(
        run.trace.run().outcome,
        Outcome::Finished | Outcome::Exception
    );
    let stderr = if told { clean(&stderr) } else { String::new() };
    (end.trim_end().to_owned(), stdout, stderr)
}

/// The program and what is expected, of the text after `=== `.
fn case(text: &str) -> (&str, &str, Vec<Expected<'_>>) {
    let (head, rest) = text.split_once('\n').expect("a program");
    let mut parts = rest.split("\n--- ");
    let program = parts.next().unwrap_or("");
    let expected = parts
        .map(|part| {
            let (head, output) = part.split_once('\n').unwrap_or((part, ""));
            let (stdout, stderr) = match output.strip_prefix("~~~\n") {
                Some(stderr) => ("", stderr),
                None => output.split_once("\n~~~\n").unwrap_or((output, "")),
            };
            let (versions, end) = head.split_once(": ").expect("versions and an end");
            Expected {
                versions: versions.split(' ').collect(),
                end,
                stdout,
                stderr,
            }
        })
        .collect();
    (head, program, expected)
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cpython/cases")
        .join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{file}: {e}"));
    let (before, cases) = text.split_once("\n=== ").expect("programs");
    let mut problems = Vec::new();
    let mut runs = 0;
    for text in cases.split("\n=== ") {
        let (name, program, expected) = case(text);
        for expected in &expected {
            for version in &expected.versions {
                runs += 1;
                let program = [before, program, "\n"].concat();
                let (end, stdout, stderr) = outcome(name, &program, version);
                let expected_stderr = expected.stderr.trim_end();
                let prompt = PROMPT.contains(&name) || file == WHOLE;
                let about_stderr = stderr != expected_stderr
                    && !(!prompt && (has_last_words(&stderr) || has_last_words(expected_stderr)));
                // The separator took the last line's end.
                if end != expected.end || stdout.trim_end() != expected.stdout.trim_end() {
                    let (ours, theirs) = (stdout.lines(), expected.stdout.lines());
                    let same = ours
                        .clone()
                        .zip(theirs.clone())
                        .take_while(|(a, b)| a == b)
                        .count();
                    problems.push(format!(
                        "{file} {name} under {version}\nline {same}\n  real {:?}\n  here {:?}\nend\n  real {}\n  here {end}",
                        theirs.clone().nth(same),
                        ours.clone().nth(same),
                        expected.end
                    ));
                } else if about_stderr {
                    problems.push(format!(
                        "{file} {name} under {version}\nstderr\n--- real\n{expected_stderr}\n--- here\n{stderr}"
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(runs > 0, "{file}: nothing is recorded");
}

#[test]
fn written_asyncio_programs_run_as_under_cpython() {
    check("written_asyncio.txt");
}

#[test]
fn random_asyncio_programs_run_as_under_cpython() {
    check("random_asyncio.txt");
}

#[test]
fn calls_with_unusual_arguments_end_as_under_cpython() {
    check("written_threads_calls.txt");
    check("written_asyncio_calls.txt");
}

#[test]
fn written_threads_programs_run_as_under_cpython() {
    check("written_threads.txt");
}

#[test]
fn random_threads_programs_run_as_under_cpython() {
    check("random_threads.txt");
}

#[test]
fn programs_end_as_under_cpython() {
    check(WHOLE);
}

#[test]
fn tracebacks_are_printed_as_under_cpython() {
    check("written_threads_tracebacks.txt");
}

#[test]
fn exceptions_are_as_under_cpython() {
    check("written_threads_exceptions.txt");
}

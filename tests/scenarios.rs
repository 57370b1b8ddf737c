//! Every scenario under every runtime that it offers: what its header expects, what real CPython printed, and the same run again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use interleave::narration::{ENGLISH, sentence};
use interleave::run::run;
use interleave::scenario::{self, Header, Opening, Scenario};
use interleave::settings::{Runtime, Settings};
use interleave::trace::{FindingKind, Outcome, Trace};

/// The most lines of a program after its header, so that it fits a screen.
const LINES: usize = 30;
/// The most columns, so that it fits the program panel.
const COLUMNS: usize = 60;

/// What `record.py` wrote about a scenario.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    pythons: Vec<String>,
    runs: u32,
    end: String,
    /// What every run printed.
    stdout: Option<String>,
    /// Where the output depends on chance: all that was printed.
    seen: Option<Vec<String>>,
    stderr: String,
}

/// Collects what fails, so that one test reports all.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn check(&mut self, holds: bool, message: impl FnOnce() -> String) {
        if !holds {
            self.0.push(message());
        }
    }

    #[track_caller]
    fn report(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

fn header(scenario: &Scenario) -> Header {
    Header::read(&scenario.source(), Settings::default()).unwrap_or_else(|all| {
        let source = scenario.source();
        panic!(
            "{}",
            all.iter().map(|it| it.render(&source)).collect::<String>()
        )
    })
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The names, without their endings, of a folder's files with that ending.
fn names(in_folder: &str, ending: &str) -> BTreeSet<String> {
    fs::read_dir(folder(in_folder))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn recorded(scenario: &Scenario) -> Recorded {
    let path = folder("tests/recorded")
        .join(scenario.entry.id)
        .with_extension("toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; tests/recorded/record.py makes it",
            path.display()
        )
    });
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn trace(scenario: &Scenario, settings: &Settings) -> Result<Trace, String> {
    let source = scenario.source();
    match run(&source, scenario.entry.title, settings) {
        Ok(run) => Ok(run.trace),
        Err(all) => Err(all.iter().map(|it| it.render(&source)).collect()),
    }
}

/// Line numbers change with the header.
fn without_line_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(".py") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        rest = after;
        for lead in [":", "\", line "] {
            if let Some(number) = after.strip_prefix(lead) {
                let text = number.trim_start_matches(|c: char| c.is_ascii_digit());
                if text.len() < number.len() {
                    out.push_str(lead);
                    out.push('N');
                    rest = text;
                }
            }
        }
    }
    out + rest
}

/// A scenario under one of the runtimes that it offers.
struct Case {
    scenario: Scenario,
    header: Header,
    runtime: Runtime,
    settings: Settings,
}

fn cases() -> impl Iterator<Item = Case> {
    scenario::all().flat_map(|scenario| {
        let header = header(&scenario);
        header.runtimes.clone().into_iter().map(move |runtime| {
            let mut settings = header.settings.clone();
            settings.runtime = Some(runtime);
            Case {
                scenario,
                header: header.clone(),
                runtime,
                settings,
            }
        })
    })
}

#[test]
fn every_scenario_keeps_its_word() {
    let cases: Vec<Case> = cases().collect();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let checks: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(|| check(case)))
            .collect();
        let results = checks
            .into_iter()
            .map(|it| it.join().expect("no check panics"));
        results.flat_map(|failures| failures.0).collect()
    });
    Failures(failures).report();
}

/// What the header expects happens; it happens again, and by the schedule; and it is what CPython did, in each version recorded.
fn check(case: &Case) -> Failures {
    let mut failures = Failures::default();
    let name = format!("{} {}", case.scenario.entry.id, case.runtime.id());
    let first = match trace(&case.scenario, &case.settings) {
        Ok(first) => first,
        Err(why) => {
            failures.check(false, || format!("{name}: {why}"));
            return failures;
        }
    };
    expected(case, &name, &first, &mut failures);
    let mut settings = case.settings.clone();
    let again = trace(&case.scenario, &settings);
    failures.check(
        again.is_ok_and(|it| it.as_bytes() == first.as_bytes()),
        || format!("{name}: two runs differ"),
    );
    settings.schedule = first.string(first.run().schedule).to_owned();
    let replayed = trace(&case.scenario, &settings);
    failures.check(
        replayed.is_ok_and(|it| it.as_bytes() == first.as_bytes()),
        || {
            format!(
                "{name}: the schedule {} replays another run",
                settings.schedule
            )
        },
    );
    let recorded = recorded(&case.scenario);
    for python in &recorded.pythons {
        let (version, _) = python.rsplit_once('.').expect("a patch version");
        let mut settings = case.settings.clone();
        settings.set("python", version).expect("a known version");
        let name = format!("{name} {version}");
        match trace(&case.scenario, &settings) {
            Ok(trace) => as_recorded(&recorded, &name, &trace, &mut failures),
            Err(why) => failures.check(false, || format!("{name}: {why}")),
        }
    }
    failures
}

/// What the header says of the run holds.
fn expected(case: &Case, name: &str, trace: &Trace, failures: &mut Failures) {
    let run = trace.run();
    let expect = case.header.expect.of(case.runtime);
    let stdout = String::from_utf8_lossy(trace.stdout());
    if let Some(output) = expect.output {
        failures.check(stdout == output, || {
            format!("{name}: {output:?} is expected, it printed {stdout:?}")
        });
    }
    let end = expect.end.unwrap_or(Outcome::Finished);
    failures.check(run.outcome == end, || {
        format!(
            "{name}: {} is expected, it was {}: {}",
            end.id(),
            run.outcome.id(),
            trace.string(run.message)
        )
    });
    if let Some(kinds) = expect.findings {
        let mut found: Vec<FindingKind> = trace.findings().iter().map(|it| it.kind).collect();
        found.sort_unstable();
        found.dedup();
        failures.check(found == kinds, || {
            format!("{name}: {kinds:?} are expected, found {found:?}")
        });
    }
    if let Some(time) = expect.time_ns {
        let off = run.time.abs_diff(time);
        failures.check(off <= time / 100, || {
            format!("{name}: {time} ns are expected, it took {} ns", run.time)
        });
    }
    let default = case.header.settings.runtime == Some(case.runtime);
    failures.check(
        case.header.opening != Opening::Finding || !default || !trace.findings().is_empty(),
        || format!("{name}: it opens at its first finding, but has none"),
    );
    if default {
        opens(&case.header, name, trace, failures);
    }
}

/// It opens at a telling moment: a finding, or a step whose sentence the header knows, because steps move when the engine changes.
fn opens(header: &Header, name: &str, trace: &Trace, failures: &mut Failures) {
    let said = |step| sentence(trace, step).text(trace, &ENGLISH);
    let step = header.opening.step(trace);
    let expect = header.settings.runtime.map(|it| header.expect.of(it));
    match expect.and_then(|it| it.opening) {
        None => failures.check(header.opening == Opening::Finding, || {
            format!("{name}: nothing is expected of its opening")
        }),
        Some(words) => failures.check(said(step).starts_with(&words), || {
            let others = (1..=trace.len()).filter(|&step| said(step).starts_with(&words));
            let others = others.map(|step| step.to_string()).collect::<Vec<_>>();
            format!(
                "{name}: it opens at step {step}, {:?}; {words:?} is said at step {}",
                said(step),
                others.join(", ")
            )
        }),
    }
}

/// CPython ended so and, where that is not a matter of chance, printed the same.
fn as_recorded(recorded: &Recorded, name: &str, trace: &Trace, failures: &mut Failures) {
    let end = match trace.run().outcome {
        Outcome::Deadlock => "hangs",
        end => end.id(),
    };
    failures.check(end == recorded.end, || {
        format!("{name}: it was {end}, CPython's was {}", recorded.end)
    });
    let stderr = without_line_numbers(&String::from_utf8_lossy(trace.stderr()));
    failures.check(stderr == recorded.stderr, || {
        format!(
            "{name}: stderr was {stderr:?}, CPython's {:?}",
            recorded.stderr
        )
    });
    if let Some(expected) = &recorded.stdout {
        let stdout = String::from_utf8_lossy(trace.stdout());
        failures.check(stdout == *expected, || {
            format!("{name}: it printed {stdout:?}, CPython {expected:?}")
        });
    }
}

#[test]
fn headers_are_complete() {
    let mut failures = Failures::default();
    for scenario in scenario::all() {
        let id = scenario.entry.id;
        let header = header(&scenario);
        let default = header.settings.runtime;
        failures.check(
            default.is_some_and(|it| header.runtimes.contains(&it)),
            || format!("{id}: it does not offer the runtime it runs under"),
        );
        if let Some(twin) = &header.twin {
            failures.check(scenario::find(twin).is_some(), || {
                format!("{id}: there is no scenario {twin}")
            });
        }
        failures.check(header.summary.ends_with('.'), || {
            format!("{id}: the summary is no sentence")
        });
        let is_claim = |claim: &String| claim.len() == 3 && claim.starts_with('C');
        failures.check(
            !header.claims.is_empty() && header.claims.iter().all(is_claim),
            || format!("{id}: it names no claims"),
        );
        for &runtime in &header.runtimes {
            let expect = header.expect.of(runtime);
            failures.check(expect.findings.is_some(), || {
                format!("{id} {}: it does not say what is found", runtime.id())
            });
            failures.check(header.settings.misfit(runtime).is_none(), || {
                format!("{id} {}: not under this version", runtime.id())
            });
        }
        let place = header.place.expect("the build script wants a header");
        failures.check(place.start == 0, || {
            format!("{id}: the header does not stand first")
        });
        let program = scenario.text[place.end as usize..].trim_start();
        failures.check(program.lines().count() <= LINES, || {
            format!("{id}: more than {LINES} lines")
        });
        for line in program.lines() {
            failures.check(line.chars().count() <= COLUMNS, || {
                format!("{id}: too wide: {line}")
            });
        }
    }
    failures.report();
}

#[test]
fn headers_mean_the_same_to_any_toml_reader() {
    for scenario in scenario::all() {
        let header = header(&scenario);
        let place = header.place.unwrap();
        let text: String = scenario.text[place.start as usize..place.end as usize]
            .lines()
            .filter(|line| !line.starts_with("# ///"))
            .map(|line| line.strip_prefix("# ").unwrap_or("").to_owned() + "\n")
            .collect();
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["title"].as_str(), Some(&*header.title));
        assert_eq!(table["summary"].as_str(), Some(&*header.summary));
        let claims: Vec<&str> = table["claims"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it.as_str())
            .collect();
        assert_eq!(claims, header.claims);
        for runtime in &header.runtimes {
            let expect = &table["expect"];
            let output = expect.get(runtime.id()).and_then(|it| it.get("output"));
            let output = output.or(expect.get("output")).and_then(|it| it.as_str());
            assert_eq!(
                output,
                header.expect.of(*runtime).output.as_deref(),
                "{}",
                scenario.entry.id
            );
        }
    }
}

#[test]
fn every_scenario_is_embedded_and_recorded() {
    let mut files = names("scenarios", "py");
    files.remove("workload");
    let embedded: BTreeSet<String> = scenario::all().map(|it| it.entry.id.to_owned()).collect();
    assert_eq!(embedded, files);
    assert_eq!(names("tests/recorded", "toml"), files);
    for scenario in scenario::all() {
        let recorded = recorded(&scenario);
        let racy = header(&scenario).racy;
        let id = scenario.entry.id;
        assert!(recorded.runs > 0 && !recorded.pythons.is_empty(), "{id}");
        assert_eq!(recorded.seen.is_some(), racy, "{id}");
        assert_eq!(recorded.stdout.is_some(), !racy, "{id}");
    }
}

#[test]
fn line_numbers_are_left_out() {
    let text = "a.py:12: x\n  File \"b.py\", line 7\nc.py is 3\n";
    let expected = "a.py:N: x\n  File \"b.py\", line N\nc.py is 3\n";
    assert_eq!(without_line_numbers(text), expected);
}

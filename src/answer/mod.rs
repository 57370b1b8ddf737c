//! What a worker does with a request: it finds the program, reads its settings, runs or explores it, and answers. One worker runs,
//! another explores; each is built of what it answers with.

mod explorer;
mod panel;
mod preparation;
mod session;
#[cfg(test)]
mod session_tests;

use crate::protocol::{self, Fault, Piece, Program, Request};
use crate::scenario::{self, Header, Scenario};
use crate::settings::{Runtime, Settings};
use crate::source::{Diagnostic, Source};
use crate::syntax::highlight::highlight;
pub use explorer::Explorer;

/// Where answers go: the kind of a message and its payload.
pub type Send<'a> = &'a mut dyn FnMut(u8, &[u8]);

/// What a worker does with the page's requests.
pub trait Answer {
    /// Answers a request: kinds of messages and their payloads, once or several times.
    fn answer(&mut self, kind: u8, payload: &[u8], send: Send<'_>);

    /// Whether there is something left to do, for which [`Answer::go_on`] is to be called when nothing else was asked meanwhile.
    fn is_working(&self) -> bool {
        false
    }

    /// Does a bit more of what was asked; the answer comes when it is done.
    fn go_on(&mut self, _: Send<'_>) {}
}

/// Answers requests to run.
pub struct Runner;

impl Answer for Runner {
    fn answer(&mut self, _: u8, payload: &[u8], send: Send<'_>) {
        let done = decoded(payload).and_then(|request| run(request, send));
        if let Err(faults) = done {
            send(protocol::REJECTED, &Fault::encode_all(&faults));
        }
    }
}

fn run(request: Request, send: Send<'_>) -> Result<(), Vec<Fault>> {
    let asked = Asked::of(request)?;
    send(protocol::PROGRAM, &asked.program.encode());
    let run = crate::run::run(
        &asked.source,
        asked.scenario.entry.title,
        &asked.header.settings,
    );
    let run = run.map_err(|all| faults(&all, &asked.source))?;
    send(protocol::TRACE, run.trace.as_bytes());
    Ok(())
}

fn decoded(payload: &[u8]) -> Result<Request, Vec<Fault>> {
    let damaged = || vec![Fault::new("the request is damaged: reload the page")];
    Request::decode(payload).ok_or_else(damaged)
}

/// A program with its settings, ready to be run.
struct Asked {
    scenario: Scenario,
    header: Header,
    source: Source,
    program: Program,
}

impl Asked {
    /// Finds the program that a request means, and reads its settings.
    fn of(request: Request) -> Result<Asked, Vec<Fault>> {
        let Some(scenario) = scenario::find(&request.scenario) else {
            return Err(vec![Fault::new("there is no such scenario")]);
        };
        let mut header = scenario.header(Settings::page());
        let own = program_proper(&scenario, &header);
        let edited = request.text.filter(|text| *text != own);
        let is_edited = edited.is_some();
        let name = [scenario.entry.id, ".py"].concat();
        let source = Source::new(name, edited.unwrap_or(own));
        if is_edited {
            // Whoever pastes a whole file means its settings.
            let pasted = Header::read(&source, Settings::page());
            let pasted = pasted.map_err(|all| faults(&all, &source))?;
            if pasted.place.is_some() {
                header = pasted;
            }
            header.runtimes = fitting(&header.runtimes, source.text());
        }
        for (name, value) in &request.settings {
            let set = header.settings.set(name, value);
            set.map_err(|reason| {
                let message = ["the link's setting ", name, ": ", &reason].concat();
                vec![Fault::new(message)]
            })?;
        }
        let offered = offered(&header);
        let chosen = request.runtime.or(header.settings.runtime);
        let runtime = chosen
            .filter(|runtime| offered.contains(runtime))
            .or(offered.first().copied());
        let notice = match (request.runtime, runtime) {
            (Some(chosen), Some(runtime)) if chosen != runtime => notice(chosen, runtime),
            _ => String::new(),
        };
        header.settings.runtime = runtime;
        let piece = |(span, class): (crate::source::Span, protocol::Class)| Piece {
            start: span.start,
            end: span.end,
            class,
        };
        let program = Program {
            summary: header.summary.clone(),
            source: source.text().to_owned(),
            edited: is_edited,
            pieces: highlight(&source).into_iter().map(piece).collect(),
            offered,
            runtime,
            python: header.settings.python.id().to_owned(),
            opening: header.opening,
            notice,
        };
        Ok(Asked {
            scenario,
            header,
            source,
            program,
        })
    }
}

fn faults(all: &[Diagnostic], source: &Source) -> Vec<Fault> {
    all.iter().map(|it| fault(it, source)).collect()
}

/// The scenario's program without its header, which the page shows in other ways.
fn program_proper(scenario: &Scenario, header: &Header) -> String {
    let text = scenario.text;
    let Some(place) = header.place else {
        return text.to_owned();
    };
    let (before, after) = (&text[..place.start as usize], &text[place.end as usize..]);
    [before, after.strip_prefix('\n').unwrap_or(after)].concat()
}

/// Those of the runtimes, or else of all, that fit an edited program: its imports tell.
fn fitting(runtimes: &[Runtime], text: &str) -> Vec<Runtime> {
    let module = |line: &str| {
        let mut words = line.trim_start().split([' ', ',', '\t']);
        let is_import = matches!(words.next(), Some("import" | "from"));
        is_import && words.any(|word| word == "asyncio" || word.starts_with("asyncio."))
    };
    let is_asyncio = text.lines().any(module);
    let fits = |runtime: &&Runtime| (**runtime == Runtime::Asyncio) == is_asyncio;
    let fitting: Vec<Runtime> = runtimes.iter().filter(fits).copied().collect();
    if fitting.is_empty() {
        Runtime::ALL.iter().filter(fits).copied().collect()
    } else {
        fitting
    }
}

/// What the program can run under, the default first.
fn offered(header: &Header) -> Vec<Runtime> {
    let fits = |runtime: &&Runtime| header.settings.misfit(**runtime).is_none();
    let fitting: Vec<Runtime> = header.runtimes.iter().filter(fits).copied().collect();
    // If none fits, the run will say why.
    if fitting.is_empty() {
        header.runtimes.clone()
    } else {
        fitting
    }
}

fn notice(chosen: Runtime, runtime: Runtime) -> String {
    let parts = [
        "This program does not fit ",
        chosen.title(),
        ", so it now runs under ",
        runtime.title(),
        ".",
    ];
    parts.concat()
}

fn fault(diagnostic: &Diagnostic, source: &Source) -> Fault {
    let place = diagnostic.place(source);
    let is_about_all = diagnostic.span == Default::default();
    Fault {
        line: if is_about_all { 0 } else { place.start.line },
        column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        message: diagnostic.message.clone(),
        hints: diagnostic.hints.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    fn ask(request: Request) -> Result<(Program, Trace), Vec<Fault>> {
        let mut answers = Vec::new();
        Runner.answer(protocol::RUN, &request.encode(), &mut |kind, bytes| {
            answers.push((kind, bytes.to_vec()));
        });
        let (kind, bytes) = answers.pop().expect("an answer");
        if kind == protocol::REJECTED {
            return Err(Fault::decode_all(&bytes).expect("faults"));
        }
        assert_eq!(kind, protocol::TRACE);
        let (kind, program) = answers.pop().expect("a program first");
        assert_eq!((kind, answers.len()), (protocol::PROGRAM, 0));
        let program = Program::decode(&program).expect("a program");
        Ok((program, Trace::from_bytes(bytes).expect("a trace")))
    }

    fn request(scenario: &str) -> Request {
        Request {
            scenario: scenario.to_owned(),
            ..Request::default()
        }
    }

    fn edited(text: &str, runtime: Option<Runtime>) -> Request {
        Request {
            text: Some(text.to_owned()),
            runtime,
            ..request("lost_deposit")
        }
    }

    #[test]
    fn every_scenario_runs_without_its_header() {
        for scenario in scenario::all() {
            let (program, trace) = ask(request(scenario.entry.id)).unwrap();
            assert!(!program.source.contains("///"));
            assert!(!program.edited && !program.pieces.is_empty());
            assert_eq!(program.offered, scenario.entry.runtimes);
            assert_eq!(trace.source(), program.source);
            assert!(!trace.is_empty());
        }
    }

    #[test]
    fn the_same_text_is_not_edited() {
        let (own, _) = ask(request("lost_deposit")).unwrap();
        let (program, _) = ask(edited(&own.source, None)).unwrap();
        assert!(!program.edited);
    }

    #[test]
    fn an_edit_that_does_not_fit_switches_the_runtime() {
        let text = "import asyncio\nasyncio.run(asyncio.sleep(1))\n";
        let (program, _) = ask(edited(text, Some(Runtime::Threads))).unwrap();
        assert_eq!(program.offered, [Runtime::Asyncio]);
        assert_eq!(program.runtime, Some(Runtime::Asyncio));
        assert!(program.notice.contains("asyncio"), "{}", program.notice);
        let (program, _) = ask(edited("print(1)\n", Some(Runtime::FreeThreaded))).unwrap();
        assert_eq!(program.runtime, Some(Runtime::FreeThreaded));
        assert_eq!(program.notice, "");
    }

    #[test]
    fn faults_have_places() {
        let faults = ask(edited("x = 1\ny = (\n", None)).unwrap_err();
        assert!(faults[0].line >= 2, "{faults:?}");
        let mut wrong = request("lost_deposit");
        wrong.settings = vec![("cores".to_owned(), "65".to_owned())];
        let faults = ask(wrong).unwrap_err();
        assert_eq!(faults[0].line, 0);
        assert!(faults[0].message.contains("cores"));
        assert!(ask(request("nonsense")).is_err());
    }

    #[test]
    fn an_endless_program_ends() {
        let (_, trace) = ask(edited("while True:\n    pass\n", None)).unwrap();
        assert_eq!(trace.run().outcome, crate::trace::Outcome::Limit);
    }
}

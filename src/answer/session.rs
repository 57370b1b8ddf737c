//! All orders of one program, for as long as the page shows them: what was found, and the walk that a person takes through them.

use super::{Asked, Send, faults, panel};
use crate::explorer::often::Counting;
use crate::explorer::walk::{Turn, Walk};
use crate::explorer::{Explored, Finding, Options, Report};
use crate::protocol::{self, Fault, Request, Sheet};
use crate::run::Ready;
use crate::schedulers::BESIDE;
use crate::trace::Trace;

/// A state takes a few hundred bytes: more of them would be too much for a browser's tab.
const STATES: usize = 1_000_000;

/// CPython versions that differ in where a thread can be switched out.
const VERSIONS: [&str; 4] = ["2.7", "3.9", "3.12", "3.13"];

/// How many orders are run before the worker listens again.
const AT_ONCE: usize = 25;

/// The setting's name.
const SCHEDULE: &str = "schedule";

pub struct Session {
    pub explored: Explored,
    pub asked: Asked,
    request: Request,
    /// The schedule that the page had; it shows the usual order.
    usual: String,
    /// Where the person is, if the run is one of the explored orders, with its run.
    pub walk: Option<(Walk, Trace)>,
    /// Where there is none: the order in which the run that the page shows went, if it is one of them, with its run in turns and
    /// how many steps the page's has before each choice.
    pub usual_walk: Option<(Walk, Trace, Vec<u32>)>,
    /// How that run would have gone with another choice.
    pub fork: Option<Fork>,
    /// A person wanted to choose where there is no choice.
    pub nothing: bool,
    /// The step at which its run is looked at first: 0 is that of its first finding.
    step: u32,
    /// What was asked about findings, and the answers.
    often: Vec<(String, String)>,
    /// Other maps to be seen beside this one, each with its title.
    pub beside: Vec<(String, Report)>,
    /// Which they are, by what was pressed.
    pub beside_what: String,
    work: Option<Work>,
    /// How many orders were run for what is being counted.
    runs: u32,
}

/// A run with one choice changed.
pub struct Fork {
    /// The choice, and the step taken there instead.
    at: usize,
    thread: u32,
    walk: Walk,
    pub run: Trace,
}

/// What takes long, and is done bit by bit.
enum Work {
    /// How often does this finding happen?
    Often(String, Counting),
    /// Maps to be seen beside this one, by what was pressed: those still to be explored, the last one first, and those that are.
    Maps(String, Vec<(String, Asked)>, Vec<(String, Report)>),
}

impl Session {
    /// Explores all orders of a program.
    pub fn explore(mut request: Request, send: Send<'_>) -> Result<Session, Vec<Fault>> {
        let mut schedule = String::new();
        request.settings.retain(|(name, value)| {
            let is_it = name == SCHEDULE;
            if is_it {
                schedule = value.clone();
            }
            !is_it
        });
        let asked = Asked::of(request.clone())?;
        let explored = explored(&asked, send)?;
        let mut session = Session {
            explored,
            asked,
            request,
            usual: String::new(),
            walk: None,
            usual_walk: None,
            fork: None,
            step: 0,
            nothing: false,
            often: Vec::new(),
            beside: Vec::new(),
            beside_what: String::new(),
            work: None,
            runs: 0,
        };
        session.at(&schedule);
        if session.walk.is_none() {
            session.usual = schedule;
            session.find_usual();
        }
        Ok(session)
    }

    /// What was pressed.
    pub fn tell(&mut self, text: &str) -> Result<(), Vec<Fault>> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let number = || rest.parse::<usize>().unwrap_or(0);
        if word != "fork" {
            self.fork = self.fork.take().filter(|_| word == "open");
        }
        let walk = self.walk.as_ref().map(|(walk, _)| walk);
        match (word, walk) {
            ("play", Some(walk)) if !walk.turns.is_empty() => {}
            ("play" | "over", _) => {
                let mut walk = self.explored.walk(&[]);
                self.explored.to_choice(&mut walk);
                self.nothing = walk.turns.is_empty();
                if !self.nothing {
                    self.go(walk);
                }
            }
            ("take", Some(walk)) => {
                let turns = sorted(&walk.turns);
                if let Some(turn) = turns.get(number().wrapping_sub(1)) {
                    let mut walk = walk.clone();
                    self.explored.step(&mut walk, turn.thread);
                    self.explored.to_choice(&mut walk);
                    self.go(walk);
                }
            }
            ("undo", Some(walk)) => {
                if let Some(picks) = Explored::undo(walk) {
                    let walk = self.explored.walk(picks);
                    self.go(walk);
                }
            }
            ("end", Some(walk)) => {
                let mut walk = walk.clone();
                self.explored.to_end(&mut walk);
                self.go(walk);
            }
            ("way", _) => {
                let report = &self.explored.report;
                let outcomes = report.outcomes.iter().map(|it| (&it.schedule, 0));
                let telling = |it: &Finding| it.steps.last().copied().unwrap_or(0);
                let findings = report.findings.iter();
                let findings = findings.map(|it| (&it.schedule, telling(it)));
                if let Some((schedule, step)) = outcomes.chain(findings).nth(number()) {
                    let schedule = schedule.clone();
                    self.at(&schedule);
                    self.step = step;
                }
            }
            ("at", _) => self.at(rest),
            ("usual", _) => {
                self.walk = None;
                self.usual.clear();
                self.find_usual();
            }
            ("fork", _) => {
                if let Some((walk, run, _)) = self.usual_walk.take_if(|_| self.walk.is_none()) {
                    (self.walk, self.step) = (Some((walk, run)), 0);
                }
                self.fork(rest);
            }
            ("open", _) => {
                if let Some(Fork { walk, run, .. }) = self.fork.take() {
                    (self.walk, self.step) = (Some((walk, run)), 0);
                }
            }
            ("often", _) => {
                let (kind, variable) = rest.split_once(' ').unwrap_or((rest, ""));
                let counting = self.explored.counting(kind, variable);
                self.runs = 0;
                self.work = Some(Work::Often(rest.to_owned(), counting));
            }
            ("beside" | "versions", _) => {
                let is_shown = self.beside_what == word;
                self.beside_what.clear();
                self.beside.clear();
                if !is_shown {
                    let maps = match word {
                        "beside" => self.twin()?,
                        _ => self.versions()?,
                    };
                    self.work = Some(Work::Maps(word.to_owned(), maps, Vec::new()));
                }
            }
            ("stop", _) => self.work = None,
            _ => {}
        }
        Ok(())
    }

    /// Whether something that was asked takes so long that it is done bit by bit.
    pub fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// Does a bit of it.
    pub fn work(&mut self, send: Send<'_>) -> Result<(), Vec<Fault>> {
        match self.work.take() {
            Some(Work::Often(finding, mut counting)) => {
                for _ in 0..AT_ONCE {
                    if let Some(often) = counting.go_on(&self.explored) {
                        let words = panel::rejection(&self.explored.report)
                            .unwrap_or_else(|| panel::frequency(&often));
                        self.often.retain(|(known, _)| *known != finding);
                        self.often.push((finding, words));
                        return Ok(());
                    }
                    self.runs += 1;
                }
                send(protocol::PROGRESS, &self.runs.to_le_bytes());
                self.work = Some(Work::Often(finding, counting));
            }
            Some(Work::Maps(what, mut pending, mut done)) => {
                if let Some((title, asked)) = pending.pop() {
                    done.push((title, explored(&asked, send)?.report));
                    self.work = Some(Work::Maps(what, pending, done));
                } else {
                    (self.beside_what, self.beside) = (what, done);
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Finds the order of the run that the page shows, if that is none of a schedule of turns.
    fn find_usual(&mut self) {
        let (source, title) = (&self.asked.source, self.asked.scenario.entry.title);
        let mut settings = self.asked.header.settings.clone();
        if !self.usual.is_empty() {
            settings.schedule.clone_from(&self.usual);
        }
        let run = crate::run::run(source, title, &settings).ok();
        self.usual_walk = run.and_then(|run| {
            let (walk, steps) = self.explored.like(&run.trace)?;
            let run = self.explored.run(&walk);
            Some((walk, run, steps))
        });
    }

    /// Changes one choice of the walk: "3>2" lets thread 2 go on at the choice 3.
    fn fork(&mut self, text: &str) {
        let (at, thread) = text.split_once('>').unwrap_or_default();
        if let (Some((walk, _)), Ok(at), Ok(thread)) = (&self.walk, at.parse(), thread.parse())
            && at < walk.picks.len()
        {
            let walk = self.explored.fork(walk, at, thread);
            let run = self.explored.run(&walk);
            self.fork = Some(Fork {
                at,
                thread,
                walk,
                run,
            });
        }
    }

    /// Opens the run of a schedule, and the fork that it names.
    fn at(&mut self, text: &str) {
        let (schedule, fork) = text.split_once(BESIDE).unwrap_or((text, ""));
        let walk = self.explored.find(schedule);
        let is_over = walk.as_ref().is_some_and(|walk| walk.turns.is_empty());
        self.walk = walk.map(|walk| {
            let run = self.explored.run(&walk);
            (walk, run)
        });
        self.step = if is_over { 0 } else { u32::MAX };
        self.fork(fork.trim_end_matches('?'));
    }

    fn go(&mut self, walk: Walk) {
        let run = self.explored.run(&walk);
        (self.walk, self.step) = (Some((walk, run)), u32::MAX);
    }

    /// The scenario that shows the same mended.
    fn twin(&self) -> Result<Vec<(String, Asked)>, Vec<Fault>> {
        let Some(twin) = &self.asked.header.twin else {
            return Ok(Vec::new());
        };
        let asked = Asked::of(Request {
            scenario: twin.clone(),
            text: None,
            ..self.request.clone()
        })?;
        Ok(vec![(asked.scenario.entry.title.to_owned(), asked)])
    }

    /// The same program under other versions, the newest first.
    fn versions(&self) -> Result<Vec<(String, Asked)>, Vec<Fault>> {
        let mut maps = Vec::new();
        for version in VERSIONS.into_iter().rev() {
            if self.asked.program.python == version {
                continue;
            }
            let mut request = self.request.clone();
            request.settings.retain(|(name, _)| name != "python");
            request
                .settings
                .push(("python".to_owned(), version.to_owned()));
            maps.push((["CPython ", version].concat(), Asked::of(request)?));
        }
        Ok(maps)
    }

    /// All that is to be seen now.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet {
            schedule: self.usual.clone(),
            step: self.step,
            often: self.often.clone(),
            ..Sheet::default()
        };
        if let Some((walk, run)) = &self.walk {
            sheet.schedule = run.string(run.run().schedule).to_owned();
            if let Some(Fork {
                at, thread, run, ..
            }) = &self.fork
            {
                sheet.schedule.push(BESIDE);
                let choice = [&at.to_string(), ">", &thread.to_string(), "?"];
                sheet.schedule.push_str(&choice.concat());
                sheet.fork = run.as_bytes().to_vec();
            }
            for turn in &walk.turns {
                sheet.lit |= 1u64.checked_shl(turn.task).unwrap_or(0);
            }
        }
        panel::write(self, &mut sheet);
        sheet
    }
}

/// In the order of the tasks' numbers, as the keys have them.
pub fn sorted(turns: &[Turn]) -> Vec<&Turn> {
    let mut turns: Vec<&Turn> = turns.iter().collect();
    turns.sort_by_key(|turn| turn.task);
    turns
}

fn explored(asked: &Asked, send: Send<'_>) -> Result<Explored, Vec<Fault>> {
    let ready = Ready::new(&asked.source, &asked.header.settings);
    let ready = ready.map_err(|all| faults(&all, &asked.source))?;
    let options = Options {
        limit_states: STATES,
        ..Options::default()
    };
    let always = asked.header.expect.of(ready.runtime).always;
    let mut explored = Explored::new(ready, &options, &mut |states| {
        send(protocol::PROGRESS, &(states as u32).to_le_bytes());
    });
    if let Some(output) = always {
        explored.report.hold_to(&output);
    }
    Ok(explored)
}

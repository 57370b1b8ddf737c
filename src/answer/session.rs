//! All orders of one program, for as long as the page shows them: what was found, and the walk that a person takes through them.

use super::{Asked, faults, panel};
use crate::explorer::walk::{Turn, Walk};
use crate::explorer::{Explored, Options, Report};
use crate::protocol::{self, Fault, Request, Sheet};
use crate::run::Ready;
use crate::trace::Trace;

/// A state takes a few hundred bytes: more of them would be too much for a browser's tab.
const STATES: usize = 1_000_000;

/// CPython versions that differ in where a thread can be switched out.
const VERSIONS: [&str; 4] = ["2.7", "3.9", "3.12", "3.13"];

/// After how many runs somebody is told.
const TOLD: usize = 50;

/// The setting's name.
const SCHEDULE: &str = "schedule";

type Send<'a> = &'a mut dyn FnMut(u8, &[u8]);

pub struct Session {
    pub explored: Explored,
    pub asked: Asked,
    request: Request,
    /// The schedule that the page had; it shows the usual order.
    usual: String,
    /// Where the person is, if the run is one of the explored orders, with its run.
    pub walk: Option<(Walk, Trace)>,
    /// How that run would have gone with another choice.
    pub fork: Option<(Walk, Trace)>,
    /// A person wanted to choose where there is no choice.
    pub nothing: bool,
    /// Opened to be looked at, and not by choosing.
    telling: bool,
    /// What was asked about findings, and the answers.
    often: Vec<(String, String)>,
    /// Other maps to be seen beside this one, each with its title.
    pub beside: Vec<(String, Report)>,
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
            fork: None,
            telling: true,
            nothing: false,
            often: Vec::new(),
            beside: Vec::new(),
        };
        session.at(&schedule);
        if session.walk.is_none() {
            session.usual = schedule;
        }
        Ok(session)
    }

    /// What was pressed.
    pub fn tell(&mut self, text: &str, send: Send<'_>) -> Result<(), Vec<Fault>> {
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
                let outcomes = report.outcomes.iter().map(|it| &it.schedule);
                let findings = report.findings.iter().map(|it| &it.schedule);
                if let Some(schedule) = outcomes.chain(findings).nth(number()).cloned() {
                    self.at(&schedule);
                }
            }
            ("at", _) => self.at(rest),
            ("usual", _) => {
                self.walk = None;
                self.usual.clear();
            }
            ("fork", Some(walk)) => {
                let (at, thread) = rest.split_once(' ').unwrap_or_default();
                if let (Ok(at), Ok(thread)) = (at.parse::<usize>(), thread.parse::<u32>())
                    && at < walk.picks.len()
                {
                    let fork = self.explored.fork(walk, at, thread);
                    let run = self.explored.run(&fork);
                    send(protocol::FORK, run.as_bytes());
                    self.fork = Some((fork, run));
                }
            }
            ("open", _) => {
                if let Some(fork) = self.fork.take() {
                    (self.walk, self.telling) = (Some(fork), true);
                }
            }
            ("often", _) => {
                let (kind, variable) = rest.split_once(' ').unwrap_or((rest, ""));
                let often = self.explored.frequency(kind, variable, &mut |runs| {
                    if runs % TOLD == 0 {
                        send(protocol::PROGRESS, &(runs as u32).to_le_bytes());
                    }
                });
                self.often.retain(|(finding, _)| finding != rest);
                self.often.push((rest.to_owned(), panel::frequency(&often)));
            }
            ("beside", _) => self.beside = self.twin(send)?,
            ("versions", _) => self.beside = self.versions(send)?,
            _ => {}
        }
        Ok(())
    }

    /// Opens the run of a schedule.
    fn at(&mut self, schedule: &str) {
        let walk = self.explored.find(schedule);
        let is_over = walk.as_ref().is_some_and(|walk| walk.turns.is_empty());
        self.walk = walk.map(|walk| {
            let run = self.explored.run(&walk);
            (walk, run)
        });
        self.telling = is_over;
    }

    fn go(&mut self, walk: Walk) {
        let run = self.explored.run(&walk);
        (self.walk, self.telling) = (Some((walk, run)), false);
    }

    /// The map of the scenario that shows the same mended.
    fn twin(&self, send: Send<'_>) -> Result<Vec<(String, Report)>, Vec<Fault>> {
        let Some(twin) = &self.asked.header.twin else {
            return Ok(Vec::new());
        };
        let asked = Asked::of(Request {
            scenario: twin.clone(),
            text: None,
            ..self.request.clone()
        })?;
        let report = explored(&asked, send)?.report;
        Ok(vec![(asked.scenario.entry.title.to_owned(), report)])
    }

    /// The maps of the same program under other versions.
    fn versions(&self, send: Send<'_>) -> Result<Vec<(String, Report)>, Vec<Fault>> {
        let mut maps = Vec::new();
        for version in VERSIONS {
            if self.asked.program.python == version {
                continue;
            }
            let mut request = self.request.clone();
            request.settings.retain(|(name, _)| name != "python");
            request
                .settings
                .push(("python".to_owned(), version.to_owned()));
            let asked = Asked::of(request)?;
            let report = explored(&asked, send)?.report;
            maps.push((["CPython ", version].concat(), report));
        }
        Ok(maps)
    }

    /// All that is to be seen now.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet {
            schedule: self.usual.clone(),
            at_end: !self.telling,
            forked: self.fork.is_some(),
            often: self.often.clone(),
            ..Sheet::default()
        };
        if let Some((walk, run)) = &self.walk {
            sheet.schedule = run.string(run.run().schedule).to_owned();
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

//! Runs: how they are asked for, arrive or fail, and how commands move the instant.

use super::{Command, Shown, State, Tab};
use crate::findings::Finding;
use crate::protocol::{Fault, Program};
use crate::trace::{Trace, navigate};
use std::rc::Rc;

/// A run on its way.
#[derive(Clone)]
pub struct Asked {
    pub number: u32,
    pub(super) start: Start,
    /// The edited program, as it was sent.
    text: Option<Rc<str>>,
    /// What was commanded meanwhile: it is meant for this run.
    commands: Vec<Command>,
    /// The worker's first answer.
    pub(super) program: Option<Program>,
    /// The scenario as it is, because what was edited does not run and there is nothing else to show.
    pub(super) original: bool,
}

/// Where a new run is looked at first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Start {
    /// Where its scenario says.
    Opening,
    Step(u32),
    /// Where its first finding shows, or else at its end.
    Telling,
    Last,
    /// Where the last one was.
    Stay,
}

impl State {
    pub(super) fn ask(&mut self, start: Start) {
        self.requests += 1;
        self.notice.clear();
        // A run that nobody saw passes on what it was to begin with and what was commanded since.
        let (start, commands) = match self.asked.take() {
            Some(asked) if start == Start::Stay => (asked.start, asked.commands),
            _ => (start, Vec::new()),
        };
        self.asked = Some(Asked {
            number: self.requests,
            start,
            text: self.text.clone(),
            commands,
            program: None,
            original: false,
        });
    }

    /// Obeys at once, or as soon as the run on its way is there.
    pub(super) fn go(&mut self, command: Command) {
        match &mut self.asked {
            Some(asked) => asked.commands.push(command),
            None => self.obey(command),
        }
    }

    pub(super) fn obey(&mut self, command: Command) {
        let Some(run) = &self.run else { return };
        let (trace, step) = (&run.trace, self.step);
        let to = match command {
            Command::First => 1,
            Command::Last => run.last(),
            Command::Back => navigate::previous(trace, step, self.grain),
            Command::Forward => navigate::next(trace, step, self.grain),
            Command::BackOne => step.saturating_sub(1),
            Command::ForwardOne => step + 1,
            Command::PreviousMark => navigate::previous_mark(trace, step),
            Command::NextMark => navigate::next_mark(trace, step),
            Command::To(step) => step,
            Command::Play => {
                self.playing = !self.playing;
                if self.playing && step >= run.last() {
                    1
                } else {
                    step
                }
            }
        };
        self.step = run.clamp(to);
    }

    /// A run arrives.
    pub(super) fn show(&mut self, trace: Trace) {
        let Some(Asked {
            program: Some(program),
            start,
            text,
            commands,
            original,
            ..
        }) = self.asked.take()
        else {
            return;
        };
        let fitted = match &self.run {
            Some(run) => self.view.is_fitted(&run.index),
            None => true,
        };
        if !program.edited && !original && self.text == text {
            self.text = None;
        }
        let text = text.filter(|_| program.edited);
        let run = Shown::new(program, trace, text);
        if !original {
            self.faults = Rc::from([]);
            self.runtime = run.program.runtime;
            if !run.program.notice.is_empty() {
                self.notice = run.program.notice.clone();
            }
        }
        let step = match start {
            Start::Opening => run.program.opening.step(&run.trace),
            Start::Step(step) => step,
            Start::Telling => run.findings.first().map_or(run.last(), Finding::step),
            Start::Last => run.last(),
            Start::Stay => self.step,
        };
        self.step = run.clamp(step);
        if fitted || start != Start::Stay {
            self.view.refit(&run.index);
            self.view.lane_scroll = 0.0;
            self.selected = None;
        }
        self.selected = self.selected.filter(|&task| task < run.trace.task_count());
        self.tip = None;
        self.run = Some(Rc::new(run));
        for command in commands {
            self.obey(command);
        }
        if self.playing && self.step >= self.last() {
            self.obey(Command::First);
        }
    }

    pub(super) fn show_finding(&mut self, finding: u32) {
        let Some(run) = &self.run else { return };
        let Some(finding) = run.findings.get(finding as usize) else {
            return;
        };
        let time = |step| run.trace.get_event(step).map_or(0, |event| event.time) as f64;
        let first = finding.steps.first().copied().unwrap_or(0);
        let (start, end) = (time(first), time(finding.step()));
        let room = ((end - start) / 3.0).max(1.0);
        (self.view.start, self.view.end) = ((start - room).max(0.0), end + room);
        // By nothing, which keeps it inside the run.
        self.view.pan(0.0, &run.index);
        if self.embed {
            self.tab = Tab::Timeline;
        }
        let step = finding.step();
        self.obey(Command::To(step));
    }

    /// A run failed: the last good one stays, and gets what was commanded meanwhile.
    pub(super) fn fail(&mut self, faults: Vec<Fault>) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        if !asked.original {
            self.faults = Rc::from(faults);
        }
        if self.run.is_none() && !asked.original {
            let step = asked.start;
            self.ask(step);
            if let Some(next) = &mut self.asked {
                next.original = true;
                next.text = None;
                next.commands = asked.commands;
            }
            return;
        }
        for command in asked.commands {
            self.obey(command);
        }
    }
}

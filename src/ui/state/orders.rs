//! All orders of the program: what is known of them, and what a person does there.

use super::{Shown, Start, State};
use crate::protocol::Sheet;
use crate::trace::Trace;
use std::rc::Rc;

/// The name of a setting.
const SCHEDULE: &str = "schedule";

/// All orders of the program, as far as they were asked for.
#[derive(Clone, Default)]
pub struct Orders {
    pub exploring: Exploring,
    /// How many explorations were asked for; whenever it grows, one is to be sent.
    pub asked: u32,
    /// What the worker is to be told, and how often there was something; whenever that grows, it is to be sent.
    pub told: Rc<str>,
    pub tells: u32,
    /// What the worker said last.
    pub sheet: Option<Rc<Sheet>>,
    /// The run beside the one that shows, and the last step in which they are the same.
    pub other: Option<(Rc<Shown>, u32)>,
}

#[derive(Clone, Default, PartialEq)]
pub enum Exploring {
    #[default]
    Nothing,
    /// On its way, after so many states or runs.
    Going(u32),
    Done,
    /// It failed, and why.
    Refused(String),
}

impl State {
    /// The schedule that wins over the scenario's; empty if there is none.
    pub fn schedule(&self) -> &str {
        let schedule = self.settings.iter().find(|(name, _)| name == SCHEDULE);
        schedule.map_or("", |(_, text)| text)
    }

    /// A schedule belongs to one program under one runtime.
    pub(super) fn forget_schedule(&mut self) {
        self.settings.retain(|(name, _)| name != SCHEDULE);
    }

    /// Explores all orders.
    pub(super) fn explore(&mut self) {
        self.orders.exploring = Exploring::Going(0);
        self.orders.asked += 1;
    }

    /// Tells the worker something about the orders, which are explored first if they are not yet.
    pub(super) fn tell(&mut self, text: &str) {
        if matches!(
            self.orders.exploring,
            Exploring::Nothing | Exploring::Refused(_)
        ) {
            self.explore();
        }
        self.orders.told = Rc::from(text);
        self.orders.tells += 1;
    }

    /// How often does the finding of this number happen?
    pub(super) fn ask_how_often(&mut self, finding: u32) {
        let Some(run) = &self.run else { return };
        if let Some(finding) = run.findings.get(finding as usize) {
            self.tell(&["often ", &run.name(finding)].concat());
        }
    }

    /// How often a finding happens, if somebody asked.
    pub fn how_often(&self, finding: &str) -> Option<&str> {
        let mut often = self.orders.sheet.as_ref()?.often.iter();
        let (_, often) = often.find(|(it, _)| it == finding)?;
        Some(often)
    }

    /// Whether a person is choosing who goes on.
    pub fn is_choosing(&self) -> bool {
        self.schedule().ends_with('?')
    }

    /// The worker's answer: the run that it is about follows, if it is another one.
    pub(super) fn take_sheet(&mut self, sheet: Sheet) {
        self.orders.exploring = Exploring::Done;
        self.orders.other = None;
        if sheet.schedule != self.schedule() {
            // What comes after the slash concerns the run beside it.
            let [new, old] = [&sheet.schedule, self.schedule()].map(|it| it.split('/').next());
            let is_same = new == old;
            self.forget_schedule();
            if !sheet.schedule.is_empty() {
                let schedule = sheet.schedule.clone();
                self.settings.push((SCHEDULE.to_owned(), schedule));
            }
            if !is_same {
                self.playing = false;
                self.ask(match sheet.step {
                    _ if sheet.schedule.is_empty() => Start::Opening,
                    0 => Start::Telling,
                    step => Start::Step(step),
                });
            }
        }
        self.orders.sheet = Some(Rc::new(sheet));
    }

    /// Shows the run with one choice changed.
    fn fork(&mut self, trace: Trace) {
        let Some(run) = &self.run else { return };
        let last = run.last().max(trace.len());
        let differs = |&step: &u32| run.trace.get_event(step) != trace.get_event(step);
        // There the two stand at the same instant.
        let same = (1..=last).find(differs).unwrap_or(last).max(2) - 1;
        let other = Shown::new(run.program.clone(), trace, None);
        self.view.refit(&run.index);
        self.view.end = self.view.end.max(other.index.end as f64);
        self.orders.other = Some((Rc::new(other), same));
        self.step = same;
    }

    /// Ends what the worker is doing: if all orders are known, it is something about them.
    pub(super) fn stop_exploring(&mut self) {
        if matches!(self.orders.exploring, Exploring::Going(_)) && self.orders.sheet.is_some() {
            self.tell("stop");
        } else {
            self.forget_orders();
        }
    }

    /// Nothing is known of all orders any more.
    pub(super) fn forget_orders(&mut self) {
        self.orders = Orders {
            asked: self.orders.asked,
            tells: self.orders.tells,
            ..Orders::default()
        };
    }

    /// What was explored is that of another program now, or the schedule was changed elsewhere.
    pub(super) fn keep_up(&mut self, old: &State) {
        let (mut before, now) = (old.exploration(), self.exploration());
        // A run that arrives says what it runs under: that is no change.
        if self.asked.is_none() && before.runtime.is_none() {
            before.runtime = now.runtime;
        }
        if now != before {
            let asked = self.orders.asked != old.orders.asked;
            self.forget_orders();
            if asked {
                self.orders.exploring = Exploring::Going(0);
            }
        } else if let (Exploring::Done, Some(sheet)) = (&self.orders.exploring, &self.orders.sheet)
            && sheet.schedule != self.schedule()
            && self.schedule() != old.schedule()
        {
            let text = ["at ", self.schedule()].concat();
            self.tell(&text);
        }
        // The run with one choice changed needs the one that it is beside.
        if self.asked.is_none()
            && self.orders.other.is_none()
            && let Some(sheet) = self.orders.sheet.clone()
            && let Ok(trace) = Trace::from_bytes(sheet.fork.clone())
        {
            self.fork(trace);
        }
        let sheet = self.orders.sheet.as_ref();
        let is_now = self.asked.is_none() && self.is_choosing();
        self.view.lit = sheet.filter(|_| is_now).map_or(0, |sheet| sheet.lit);
        self.view.mark = self.orders.other.as_ref().map_or(0, |(_, same)| *same);
    }
}

//! What is on screen, and how each action changes it. It knows nothing of the browser.

mod action;
mod orders;
mod reduce;
mod runs;
mod shown;

pub use action::{Action, Command, SPEEDS, Tab, Tip};
pub use orders::{Exploring, Orders};
pub use reduce::reduce;
pub use runs::Asked;
use runs::Start;
pub use shown::{Now, Shown};

use super::link::Link;
use crate::layout::{Density, Viewport};
use crate::protocol::{Fault, Request};
use crate::scenario;
use crate::settings::Runtime;
use crate::trace::TaskId;
use crate::trace::navigate::Grain;
use std::rc::Rc;

/// The whole page.
#[derive(Clone)]
pub struct State {
    /// The compact page, for an iframe.
    pub embed: bool,
    /// Its place in the [index](scenario::index).
    pub scenario: usize,
    /// The program as edited; None is the scenario's own.
    pub text: Option<Rc<str>>,
    pub editing: bool,
    /// What was chosen; None lets the program decide.
    pub runtime: Option<Runtime>,
    /// Settings that win over the scenario's.
    pub settings: Vec<(String, String)>,
    /// The last run that succeeded: all the rest shows it.
    pub run: Option<Rc<Shown>>,
    /// The run on its way.
    pub asked: Option<Asked>,
    /// How many runs were asked for; whenever it grows, `request` is to be sent.
    pub requests: u32,
    /// Why the last program did not run.
    pub faults: Rc<[Fault]>,
    /// What a person should know, as a sentence.
    pub notice: String,
    /// The instant that is shown; 0 while there is no run.
    pub step: u32,
    /// What holds at `step`; None while there is no run.
    pub now: Option<Rc<Now>>,
    pub grain: Grain,
    /// Its place in [`SPEEDS`].
    pub speed: usize,
    pub playing: bool,
    pub view: Viewport,
    /// The task whose stack shows; None shows that of the one that acts.
    pub selected: Option<TaskId>,
    /// What the pointer or the focus is on.
    pub tip: Option<Tip>,
    /// Whether the timeline shows as a table.
    pub table: bool,
    pub tab: Tab,
    /// None follows the system.
    pub dark: Option<bool>,
    pub system_dark: bool,
    /// Whether the sheet of keys is open.
    pub keys: bool,
    pub orders: Orders,
}

impl State {
    /// The page as it opens, with a first run to be sent. `stored` is the scenario's program as last edited here.
    pub fn open(
        link: Link,
        stored: Option<String>,
        dark: Option<bool>,
        system_dark: bool,
    ) -> State {
        let mut state = State {
            embed: link.embed,
            scenario: 0,
            text: None,
            editing: false,
            runtime: None,
            settings: Vec::new(),
            run: None,
            asked: None,
            requests: 0,
            faults: Rc::from([]),
            notice: String::new(),
            step: 0,
            now: None,
            grain: Grain::Instruction,
            speed: 1,
            playing: false,
            view: Viewport {
                width: 0.0,
                height: 0.0,
                start: 0.0,
                end: 0.0,
                lane_scroll: 0.0,
                selected: None,
                step: 0,
                lit: 0,
                mark: 0,
                density: Density::Roomy,
            },
            selected: None,
            tip: None,
            table: false,
            tab: if link.embed {
                Tab::Timeline
            } else {
                Tab::Program
            },
            dark,
            system_dark,
            keys: false,
            orders: Orders::default(),
        };
        state.follow(link, stored);
        state
    }

    /// The scenario that a link names, and which else.
    pub fn scenario_of(link: &Link) -> usize {
        let named = |entry: &scenario::Entry| link.scenario.as_deref() == Some(entry.id);
        let place = |is: &dyn Fn(&scenario::Entry) -> bool| scenario::index().iter().position(is);
        place(&named)
            .or_else(|| place(&|entry| entry.id == "lost_deposit"))
            .unwrap_or(0)
    }

    /// What the run to be sent is.
    pub fn request(&self) -> Request {
        let scenario = self.id().to_owned();
        if self.asked.as_ref().is_some_and(|asked| asked.original) {
            return Request {
                scenario,
                ..Request::default()
            };
        }
        Request {
            scenario,
            text: self.text.as_deref().map(str::to_owned),
            runtime: self.runtime,
            settings: self.settings.clone(),
        }
    }

    /// What all orders are of: the schedule is one of them.
    pub fn exploration(&self) -> Request {
        let mut request = self.request();
        request.settings.retain(|(name, _)| name != "schedule");
        request
    }

    /// The link to what is on screen.
    pub fn link(&self) -> Link {
        let step = match &self.asked {
            Some(asked) => match asked.start {
                Start::Opening | Start::Telling | Start::Last => 0,
                Start::Step(step) => step,
                Start::Stay => self.step,
            },
            None => self.step,
        };
        Link {
            embed: self.embed,
            scenario: Some(self.id().to_owned()),
            source: self.text.as_deref().map(str::to_owned),
            runtime: self.runtime,
            settings: self.settings.clone(),
            step: Some(step).filter(|&step| step > 0),
            trouble: "",
        }
    }

    /// The link to the full page.
    pub fn link_without_embed(&self) -> Link {
        Link {
            embed: false,
            ..self.link()
        }
    }

    /// The id of the scenario.
    pub fn id(&self) -> &'static str {
        self.entry().id
    }

    pub fn entry(&self) -> &'static scenario::Entry {
        &scenario::index()[self.scenario]
    }

    /// The last step of the run; 0 while there is none.
    pub fn last(&self) -> u32 {
        self.run.as_ref().map_or(0, |run| run.last())
    }

    pub fn is_dark(&self) -> bool {
        self.dark.unwrap_or(self.system_dark)
    }

    /// The program as it is seen: as edited, or as it ran.
    pub fn program_text(&self) -> &str {
        let ran = self.run.as_ref().map_or("", |run| &run.program.source);
        self.text.as_deref().unwrap_or(ran)
    }

    /// "step 41 of 86"
    pub fn position(&self) -> String {
        let (step, last) = (self.step.to_string(), self.last().to_string());
        ["step ", &step, " of ", &last].concat()
    }

    fn follow(&mut self, link: Link, stored: Option<String>) {
        self.scenario = State::scenario_of(&link);
        self.embed = link.embed;
        self.text = link.source.or(stored).map(Rc::from);
        self.runtime = link.runtime;
        self.settings = link.settings;
        self.ask(link.step.map_or(Start::Opening, Start::Step));
        // Who chooses sees the choices at once.
        if self.is_choosing() {
            self.explore();
        }
        self.notice = link.trouble.to_owned();
        if link.scenario.is_some_and(|id| id != self.id()) {
            self.notice = "There is no scenario of that name: this is another one.".to_owned();
        }
    }
}

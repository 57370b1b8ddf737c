//! What is on screen, and how each action changes it. It knows nothing of the browser.

use super::link::Link;
use super::text;
use crate::findings::Finding;
use crate::layout::{Density, Index, Viewport};
use crate::protocol::{Exploration, Fault, Program, Request};
use crate::scenario;
use crate::settings::Runtime;
use crate::trace::navigate::{self, Grain};
use crate::trace::{self, Event, Mark, NO_TASK, TaskId, Trace};
use std::rc::Rc;

/// How fast playing goes, beside the name of each speed: milliseconds from step to step.
pub const SPEEDS: [(&str, u32); 6] = [
    ("0.5×", 1600),
    ("1×", 800),
    ("2×", 400),
    ("4×", 200),
    ("8×", 100),
    ("16×", 50),
];

/// The name of a setting.
const SCHEDULE: &str = "schedule";

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
    pub exploring: Exploring,
    /// How many explorations were asked for; whenever it grows, one is to be sent.
    pub explorations: u32,
}

/// What is known of all orders of the program.
#[derive(Clone, Default)]
pub enum Exploring {
    #[default]
    Nothing,
    /// On its way, after so many states.
    Going(u32),
    Done(Rc<Exploration>),
    /// It failed, and why.
    Refused(String),
}

/// A run, ready to be looked at.
pub struct Shown {
    pub program: Program,
    pub trace: Trace,
    pub index: Index,
    pub findings: Vec<Finding>,
    pub marks: Vec<Mark>,
    /// The program with its colours, as HTML.
    pub code: String,
    /// The marks on the scrubber as paths of SVG: switches, awaits, findings.
    pub scrubber: [String; 3],
    /// The edited program that ran; None is the scenario's own.
    pub text: Option<Rc<str>>,
}

impl Shown {
    pub fn new(program: Program, trace: Trace, edited: Option<Rc<str>>) -> Shown {
        Shown {
            index: Index::new(&trace),
            findings: trace.findings(),
            marks: trace.marks(),
            code: text::code_html(&program.source, &program.pieces),
            scrubber: text::scrubber_paths(&trace),
            program,
            trace,
            text: edited,
        }
    }

    /// The last step.
    pub fn last(&self) -> u32 {
        self.trace.len()
    }

    /// A step that exists.
    fn clamp(&self, step: u32) -> u32 {
        step.clamp(self.last().min(1), self.last())
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        std::ptr::eq(self, other)
    }
}

/// An instant of a run.
pub struct Now {
    /// What held before the step.
    pub before: trace::State,
    /// What holds after it.
    pub after: trace::State,
    pub event: Option<Event>,
    /// Who acts, in the program's terms.
    pub actor: TaskId,
}

impl Now {
    fn at(trace: &Trace, step: u32) -> Now {
        let before = trace.state_at(step.saturating_sub(1));
        let event = trace.get_event(step);
        let mut after = before.clone();
        if let Some(event) = &event {
            after.apply(event);
        }
        Now {
            actor: event.as_ref().map_or(NO_TASK, |event| before.actor(event)),
            before,
            after,
            event,
        }
    }
}

/// A run on its way.
#[derive(Clone)]
pub struct Asked {
    pub number: u32,
    start: Start,
    /// The edited program, as it was sent.
    text: Option<Rc<str>>,
    /// What was commanded meanwhile: it is meant for this run.
    commands: Vec<Command>,
    /// The worker's first answer.
    program: Option<Program>,
    /// The scenario as it is, because what was edited does not run and there is nothing else to show.
    original: bool,
}

/// Where a new run is looked at first.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Start {
    /// Where its scenario says.
    Opening,
    Step(u32),
    /// Where its first finding shows, or else at its end.
    Telling,
    /// Where the last one was.
    Stay,
}

/// Moves the instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    First,
    /// By the chosen grain.
    Back,
    Forward,
    Last,
    /// By one step.
    BackOne,
    ForwardOne,
    /// To a step that proves a finding.
    PreviousMark,
    NextMark,
    To(u32),
    /// Plays or pauses.
    Play,
}

/// What something of the timeline is, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Tip {
    pub text: String,
    /// On the timeline, in CSS pixels.
    pub x: f64,
    pub y: f64,
}

/// What a narrow page or an embed shows beside what it always shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// In embeds only: elsewhere it always shows.
    Timeline,
    Program,
    State,
    Output,
}

impl Tab {
    pub const ALL: [(Tab, &str); 4] = [
        (Tab::Timeline, "Timeline"),
        (Tab::Program, "Program"),
        (Tab::State, "State"),
        (Tab::Output, "Output"),
    ];
}

/// All that can happen.
pub enum Action {
    Go(Command),
    /// Time has passed while playing.
    Tick,
    Grain(Grain),
    Speed(usize),
    /// Another scenario, with its program as last edited.
    Scenario(usize, Option<String>),
    Runtime(Runtime),
    /// The program was changed; it runs on [`Action::Run`].
    Edit(String),
    Run,
    /// Opens and closes the editor.
    Editing(bool),
    /// Forgets what was edited.
    Restore,
    /// A link was followed.
    Open(Link),
    /// The worker's answers to the request of this number.
    Program(u32, Program),
    Trace(u32, Box<Trace>),
    Rejected(u32, Vec<Fault>),
    /// The worker died.
    Failed(String),
    /// Shows the finding of this number on the timeline, and goes to where it became true.
    Show(u32),
    Select(Option<TaskId>),
    Tip(Option<Tip>),
    /// The room for the timeline, in CSS pixels.
    Resize(f64, f64),
    /// Around a place on the timeline, or else around the playhead.
    Zoom(Option<f64>, f64),
    Pan(f64),
    /// Sets how far the lanes are scrolled.
    Scroll(f64),
    Fit,
    /// Shows the timeline as a table, or as a picture again.
    Table,
    Tab(Tab),
    /// The other theme than what is seen.
    Theme,
    SystemDark(bool),
    Keys(bool),
    /// Explores all orders of the program.
    Explore,
    StopExploring,
    /// The explorer's answers.
    Progress(u32),
    Explored(Exploration),
    Refused(String),
    /// Opens the run of this outcome or finding.
    Way(u32),
    /// Forgets the schedule.
    Usual,
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
            exploring: Exploring::Nothing,
            explorations: 0,
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

    /// What to explore: the schedule is left to the explorer.
    pub fn exploration(&self) -> Request {
        let mut request = self.request();
        request.settings.retain(|(name, _)| name != SCHEDULE);
        request
    }

    /// The schedule that wins over the scenario's.
    pub fn schedule(&self) -> Option<&str> {
        let schedule = self.settings.iter().find(|(name, _)| name == SCHEDULE);
        schedule.map(|(_, text)| text.as_str())
    }

    /// A schedule belongs to one program under one runtime.
    fn forget_schedule(&mut self) {
        self.settings.retain(|(name, _)| name != SCHEDULE);
    }

    /// The link to what is on screen.
    pub fn link(&self) -> Link {
        let step = match &self.asked {
            Some(asked) => match asked.start {
                Start::Opening | Start::Telling => 0,
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
        self.notice = link.trouble.to_owned();
        if link.scenario.is_some_and(|id| id != self.id()) {
            self.notice = "There is no scenario of that name: this is another one.".to_owned();
        }
    }

    fn ask(&mut self, start: Start) {
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
    fn go(&mut self, command: Command) {
        match &mut self.asked {
            Some(asked) => asked.commands.push(command),
            None => self.obey(command),
        }
    }

    fn obey(&mut self, command: Command) {
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
    fn show(&mut self, trace: Trace) {
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

    fn show_finding(&mut self, finding: u32) {
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
    fn fail(&mut self, faults: Vec<Fault>) {
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

/// The state after an action.
pub fn reduce(old: &State, action: Action) -> State {
    let mut state = old.clone();
    match action {
        Action::Go(command) => state.go(command),
        Action::Tick => {
            if state.playing && state.asked.is_none() {
                state.obey(Command::Forward);
                state.playing = state.step < state.last();
            }
        }
        Action::Grain(grain) => state.grain = grain,
        Action::Speed(speed) => state.speed = speed.min(SPEEDS.len() - 1),
        Action::Scenario(scenario, text) => {
            state.scenario = scenario.min(scenario::index().len() - 1);
            state.text = text.map(Rc::from);
            (state.runtime, state.settings) = (None, Vec::new());
            (state.editing, state.playing) = (false, false);
            state.faults = Rc::from([]);
            state.ask(Start::Opening);
        }
        Action::Runtime(runtime) => {
            state.runtime = Some(runtime);
            state.forget_schedule();
            state.ask(Start::Opening);
        }
        Action::Edit(text) => {
            let own = state.run.as_ref().filter(|run| run.text.is_none());
            let is_own = own.is_some_and(|run| run.program.source == text);
            state.text = if is_own { None } else { Some(Rc::from(text)) };
            state.forget_schedule();
            state.playing = false;
        }
        Action::Run => state.ask(Start::Stay),
        Action::Editing(editing) => {
            state.editing = editing;
            if editing {
                state.tab = Tab::Program;
            }
        }
        Action::Restore => {
            state.text = None;
            state.forget_schedule();
            state.faults = Rc::from([]);
            state.ask(Start::Opening);
        }
        Action::Open(link) => {
            let same = |state: &State| {
                let mut link = state.link();
                link.step = None;
                link
            };
            let before = same(&state);
            let step = link.step;
            let mut next = state.clone();
            next.follow(link, None);
            if same(&next) == before && state.run.is_some() && state.asked.is_none() {
                // Only the step differs: no need to run it again.
                if let Some(step) = step {
                    state.obey(Command::To(step));
                }
            } else {
                state = next;
                state.faults = Rc::from([]);
                (state.editing, state.playing) = (false, false);
            }
        }
        Action::Program(number, program) => {
            if let Some(asked) = state.asked.as_mut().filter(|asked| asked.number == number) {
                asked.program = Some(program);
            }
        }
        Action::Trace(number, trace) => {
            if state
                .asked
                .as_ref()
                .is_some_and(|asked| asked.number == number)
            {
                state.show(*trace);
            }
        }
        Action::Rejected(number, faults) => {
            if state
                .asked
                .as_ref()
                .is_some_and(|asked| asked.number == number)
            {
                state.fail(faults);
            }
        }
        Action::Failed(reason) => {
            let message = ["the engine stopped: ", &reason].concat();
            let hint = "change the program and run it again".to_owned();
            state.fail(vec![Fault {
                hints: vec![hint],
                ..Fault::new(message)
            }]);
        }
        Action::Show(finding) => state.show_finding(finding),
        Action::Select(task) => state.selected = task,
        Action::Tip(tip) => state.tip = tip,
        Action::Resize(width, height) => {
            (state.view.width, state.view.height) = (width, height);
            state.view.density = if width < 560.0 || state.embed {
                Density::Compact
            } else {
                Density::Roomy
            };
        }
        Action::Zoom(at, factor) => {
            if let Some(run) = &state.run {
                let time = run
                    .trace
                    .get_event(state.step)
                    .map_or(0, |event| event.time);
                let x = at.unwrap_or_else(|| state.view.scale(&run.index).x(time));
                state.view.zoom_at(x, factor, &run.index);
                state.tip = None;
            }
        }
        Action::Pan(by) => {
            if let Some(run) = &state.run {
                state.view.pan(by, &run.index);
                state.tip = None;
            }
        }
        Action::Scroll(to) => state.view.lane_scroll = to,
        Action::Fit => {
            if let Some(run) = &state.run {
                state.view.refit(&run.index);
            }
        }
        Action::Table => state.table = !state.table,
        Action::Tab(tab) => state.tab = tab,
        Action::Theme => {
            let dark = !state.is_dark();
            // Whoever goes back to what the system says, follows the system again.
            state.dark = Some(dark).filter(|&dark| dark != state.system_dark);
        }
        Action::SystemDark(dark) => state.system_dark = dark,
        Action::Keys(keys) => state.keys = keys,
        Action::Explore => {
            state.exploring = Exploring::Going(0);
            state.explorations += 1;
        }
        Action::StopExploring => state.exploring = Exploring::Nothing,
        Action::Progress(states) => state.exploring = Exploring::Going(states),
        Action::Explored(found) => state.exploring = Exploring::Done(Rc::new(found)),
        Action::Refused(reason) => state.exploring = Exploring::Refused(reason),
        Action::Way(place) => {
            if let Exploring::Done(found) = &old.exploring
                && let Some(way) = found.ways.get(place as usize)
            {
                state.forget_schedule();
                let setting = (SCHEDULE.to_owned(), way.schedule.clone());
                state.settings.push(setting);
                state.ask(Start::Telling);
            }
        }
        Action::Usual => {
            state.forget_schedule();
            state.ask(Start::Opening);
        }
    }
    let explores = !matches!(state.exploring, Exploring::Nothing);
    if explores && state.exploration() != old.exploration() {
        state.exploring = Exploring::Nothing;
    }
    // What follows from the rest.
    if let Some(run) = &state.run
        && (state.step != old.step || Some(run) != old.run.as_ref())
    {
        let now = Now::at(&run.trace, state.step);
        state.view.reveal(now.after.time, &run.index);
        state.now = Some(Rc::new(now));
        state.tip = None;
    }
    state.view.step = state.step;
    state.view.selected = state.selected;
    state
}

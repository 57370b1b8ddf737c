//! All that can happen.

use crate::protocol::{Fault, Program, Sheet};
use crate::settings::Runtime;
use crate::trace::navigate::Grain;
use crate::trace::{TaskId, Trace};
use crate::ui::link::Link;
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
    Sheet(Sheet),
    Refused(String),
    /// Something that the explorer's sheet offers was pressed.
    Tell(Rc<str>),
    /// The person decides who goes on.
    Choose,
    /// How often does the finding of this number happen?
    HowOften(u32),
    /// Forgets the schedule.
    Usual,
}

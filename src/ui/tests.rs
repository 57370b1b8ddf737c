//! The state, action by action, with runs in the trace's notation.

use super::link::Link;
use super::state::{Action, Command, Exploring, State, Tab, reduce};
use crate::layout::Density;
use crate::protocol::{Fault, Program, Sheet};
use crate::scenario::Opening;
use crate::settings::Runtime;
use crate::trace::navigate::Grain;
use crate::trace::notation::trace;
use crate::trace::{NO_TASK, Trace};

/// Six steps; lines at 2, 4 and 5.
const RUN: &str = "
    | x = 0
    | x = 1
    0 main begin line=1
    1us main line 1
    2us main output 0
    3us main line 2
    4us main line 2
    5us main finish Finished
";

fn run() -> Trace {
    trace(RUN)
}

fn open(hash: &str) -> State {
    State::open(Link::read(hash), None, None, false)
}

fn program(source: &str) -> Program {
    Program {
        source: source.to_owned(),
        offered: vec![Runtime::Threads],
        runtime: Some(Runtime::Threads),
        ..Program::default()
    }
}

/// The state after several actions.
fn after(state: &State, actions: impl IntoIterator<Item = Action>) -> State {
    let mut state = state.clone();
    for action in actions {
        state = reduce(&state, action);
    }
    state
}

/// The run that was asked for arrives.
fn arrive(state: &State) -> State {
    let number = state.asked.as_ref().expect("a run is on its way").number;
    let text = state.text.as_deref();
    let program = Program {
        edited: text.is_some(),
        ..program(text.unwrap_or("x = 0\nx = 1\n"))
    };
    after(
        state,
        [
            Action::Program(number, program),
            Action::Trace(number, Box::new(run())),
        ],
    )
}

fn ready() -> State {
    arrive(&open(""))
}

fn go(command: Command) -> Action {
    Action::Go(command)
}

#[test]
fn it_opens_where_the_link_says() {
    let state = open("#v=1&scenario=gather&runtime=asyncio&cores=4&step=3");
    assert_eq!(state.id(), "gather");
    let request = state.request();
    assert_eq!(request.scenario, "gather");
    assert_eq!(request.runtime, Some(Runtime::Asyncio));
    assert_eq!(request.settings, [("cores".to_owned(), "4".to_owned())]);
    assert_eq!(arrive(&state).step, 3);
    assert_eq!(arrive(&open("#step=99")).step, 6);
    assert_eq!(arrive(&open("#step=0")).step, 1);
    assert_eq!(open("").id(), "lost_deposit");
    assert!(open("#scenario=nonsense").notice.contains("no scenario"));
    assert_eq!(open("#embed").tab, Tab::Timeline);
}

#[test]
fn the_program_says_where_it_opens() {
    let state = open("");
    let number = state.requests;
    let program = Program {
        opening: Opening::End,
        ..program("")
    };
    let state = after(
        &state,
        [
            Action::Program(number, program),
            Action::Trace(number, Box::new(run())),
        ],
    );
    assert_eq!((state.step, state.position().as_str()), (6, "step 6 of 6"));
}

#[test]
fn commands_move_the_instant() {
    let check = |from: u32, grain: Grain, command: Command, to: u32| {
        let state = after(
            &ready(),
            [go(Command::To(from)), Action::Grain(grain), go(command)],
        );
        assert_eq!(state.step, to, "{from} {grain:?} {command:?}");
        let now = state.now.expect("there is a run");
        assert_eq!((now.before.step, now.after.step), (to - 1, to));
        assert_eq!(state.view.step, to);
    };
    check(3, Grain::Instruction, Command::Forward, 4);
    check(3, Grain::Instruction, Command::Back, 2);
    check(2, Grain::Line, Command::Forward, 4);
    check(4, Grain::Line, Command::Back, 2);
    check(2, Grain::Line, Command::ForwardOne, 3);
    check(2, Grain::Line, Command::Back, 1);
    check(1, Grain::Instruction, Command::Back, 1);
    check(1, Grain::Instruction, Command::BackOne, 1);
    check(6, Grain::Line, Command::Forward, 6);
    check(3, Grain::Line, Command::First, 1);
    check(3, Grain::Line, Command::Last, 6);
    check(3, Grain::Line, Command::To(77), 6);
}

#[test]
fn playing_ends_at_the_end_and_begins_again() {
    let mut state = after(&ready(), [go(Command::Play)]);
    for step in 2..=6 {
        assert!(state.playing);
        state = reduce(&state, Action::Tick);
        assert_eq!(state.step, step);
    }
    assert!(!state.playing);
    assert_eq!(reduce(&state, Action::Tick).step, 6);
    let state = reduce(&state, go(Command::Play));
    assert_eq!((state.playing, state.step), (true, 1));
    assert!(!reduce(&state, go(Command::Play)).playing);
}

#[test]
fn commands_wait_for_the_run_on_its_way() {
    let asked = after(
        &ready(),
        [
            Action::Runtime(Runtime::FreeThreaded),
            go(Command::Last),
            go(Command::BackOne),
        ],
    );
    assert_eq!(asked.step, 1);
    assert_eq!(asked.request().runtime, Some(Runtime::FreeThreaded));
    let state = arrive(&asked);
    assert_eq!(state.step, 5);
    // The page switches to what the program runs under.
    assert_eq!(state.runtime, Some(Runtime::Threads));
}

#[test]
fn only_the_last_run_asked_for_counts() {
    let state = after(&ready(), [Action::Runtime(Runtime::Threads), Action::Run]);
    let stale = state.requests - 1;
    let state = after(
        &state,
        [
            Action::Program(stale, program("old")),
            Action::Trace(stale, Box::new(run())),
            Action::Rejected(stale, vec![Fault::new("old")]),
        ],
    );
    assert!(state.asked.is_some() && state.faults.is_empty());
    assert_eq!(arrive(&state).program_text(), "x = 0\nx = 1\n");
}

#[test]
fn a_fault_leaves_the_last_run() {
    let state = after(
        &ready(),
        [
            go(Command::To(4)),
            Action::Editing(true),
            Action::Edit("x = (".to_owned()),
            Action::Run,
            go(Command::ForwardOne),
        ],
    );
    assert_eq!(state.request().text.as_deref(), Some("x = ("));
    let number = state.requests;
    let state = reduce(&state, Action::Rejected(number, vec![Fault::new("no")]));
    assert_eq!((state.step, state.last(), state.faults.len()), (5, 6, 1));
    assert_eq!(state.program_text(), "x = (");
    assert_eq!(state.link().source.as_deref(), Some("x = ("));
    // Mended, it runs from where one was.
    let state = after(&state, [Action::Edit("x = 2".to_owned()), Action::Run]);
    assert_eq!(state.faults.len(), 1);
    let state = arrive(&state);
    assert!(state.faults.is_empty() && state.editing);
    assert_eq!((state.step, state.program_text()), (5, "x = 2"));
    // And back.
    let state = arrive(&reduce(&state, Action::Restore));
    assert_eq!((state.text, state.step), (None, 1));
}

#[test]
fn what_does_not_run_at_first_shows_the_original() {
    let link = Link::read("#cores=99&step=2");
    let state = State::open(link, Some("x = (".to_owned()), None, false);
    let number = state.requests;
    let state = reduce(&state, Action::Rejected(number, vec![Fault::new("no")]));
    let request = state.request();
    assert_eq!((request.text, request.settings), (None, Vec::new()));
    let number = state.requests;
    let state = after(
        &state,
        [
            Action::Program(number, program("x = 0\n")),
            Action::Trace(number, Box::new(run())),
        ],
    );
    assert_eq!((state.step, state.last(), state.faults.len()), (2, 6, 1));
    assert_eq!(state.program_text(), "x = (");
    // If that fails, too, there is nothing to show, but it is said.
    let state = after(
        &open(""),
        [
            Action::Failed("no engine".to_owned()),
            Action::Failed("no engine".to_owned()),
        ],
    );
    assert!(state.asked.is_none() && state.run.is_none());
    assert!(state.faults[0].message.contains("no engine"));
}

#[test]
fn an_edit_that_changes_nothing_is_none() {
    let state = ready();
    let source = state.program_text().to_owned();
    let state = after(
        &state,
        [Action::Edit("y".to_owned()), Action::Edit(source.clone())],
    );
    assert_eq!(state.text, None);
    // The worker knows the original even when another text ran last.
    let edited = arrive(&after(&state, [Action::Edit("y".to_owned()), Action::Run]));
    let state = after(&edited, [Action::Edit(source.clone()), Action::Run]);
    let number = state.requests;
    let state = after(
        &state,
        [
            Action::Program(number, program(&source)),
            Action::Trace(number, Box::new(run())),
        ],
    );
    assert_eq!(state.text, None);
}

#[test]
fn a_scenario_starts_afresh() {
    let state = after(
        &ready(),
        [
            Action::Edit("x = (".to_owned()),
            Action::Editing(true),
            go(Command::Play),
            Action::Scenario(1, Some("y = 1".to_owned())),
        ],
    );
    assert!(!state.playing && !state.editing);
    assert_eq!(state.scenario, 1);
    assert_eq!(state.request().text.as_deref(), Some("y = 1"));
    assert_eq!(state.request().runtime, None);
}

/// What is on its way is what a reload must find, with the step at which it will be looked at.
#[test]
fn links_are_ahead_of_runs() {
    let state = reduce(&ready(), go(Command::To(5)));
    assert_eq!(state.link().step, Some(5));
    let state = reduce(&state, Action::Edit("x = 2".to_owned()));
    let state = reduce(&state, Action::Run);
    let link = state.link();
    assert_eq!(
        (link.source.as_deref(), link.step),
        (Some("x = 2"), Some(5))
    );
    let state = reduce(&state, Action::Scenario(1, None));
    let link = state.link();
    assert_eq!(link.scenario.as_deref(), Some(state.id()));
    assert_eq!((link.source, link.step), (None, None));
}

#[test]
fn links_are_followed() {
    let state = ready();
    let mut link = state.link();
    link.step = Some(5);
    let there = reduce(&state, Action::Open(link.clone()));
    assert_eq!((there.step, there.requests), (5, state.requests));
    link.source = Some("x = 3".to_owned());
    let there = reduce(&state, Action::Open(link));
    assert_eq!(there.requests, state.requests + 1);
    assert_eq!(there.request().text.as_deref(), Some("x = 3"));
    assert_eq!(arrive(&there).step, 5);
}

#[test]
fn the_timeline_is_looked_at() {
    let state = reduce(&ready(), Action::Resize(800.0, 400.0));
    assert_eq!(state.view.density, Density::Roomy);
    let fitted = |state: &State| {
        let run = state.run.as_ref().expect("a run");
        state.view.is_fitted(&run.index)
    };
    assert!(fitted(&state));
    let near = after(&state, [go(Command::First), Action::Zoom(None, 4.0)]);
    assert!(!fitted(&near));
    // What is looked at follows the playhead.
    let far = reduce(&near, go(Command::Last));
    assert!(far.view.start > near.view.start);
    assert!(fitted(&reduce(&far, Action::Fit)));
    let phone = reduce(&state, Action::Resize(390.0, 300.0));
    assert_eq!(phone.view.density, Density::Compact);
}

#[test]
fn the_theme_follows_the_system_until_told() {
    let state = reduce(&ready(), Action::SystemDark(true));
    assert!(state.is_dark());
    let light = reduce(&state, Action::Theme);
    assert_eq!(light.dark, Some(false));
    assert_eq!(reduce(&light, Action::Theme).dark, None);
}

#[test]
fn an_empty_run_can_be_shown() {
    let state = open("");
    let number = state.requests;
    let state = after(
        &state,
        [
            Action::Program(number, program("")),
            Action::Trace(number, Box::new(trace(""))),
            go(Command::Forward),
            go(Command::Last),
            go(Command::Play),
            Action::Tick,
            Action::Zoom(None, 2.0),
        ],
    );
    assert_eq!((state.step, state.last()), (0, 0));
    assert_eq!(state.now.expect("a run").actor, NO_TASK);
}

/// A sheet for this schedule.
fn sheet(schedule: &str, lit: u64) -> Action {
    Action::Sheet(Sheet {
        schedule: schedule.to_owned(),
        step: if lit == 0 { 0 } else { u32::MAX },
        lit,
        ..Sheet::default()
    })
}

#[test]
fn who_chooses_is_shown_where_the_schedule_stops() {
    let state = after(&ready(), [Action::Choose]);
    assert!(state.orders.exploring == Exploring::Going(0));
    assert_eq!((state.orders.asked, state.orders.tells), (1, 1));
    assert_eq!(&*state.orders.told, "play");
    let state = after(&state, [Action::Progress(7), sheet("2:3>?", 0b110)]);
    assert!(state.is_choosing() && state.requests == 2);
    assert_eq!(state.view.lit, 0, "not before the run is there");
    let state = arrive(&state);
    assert_eq!((state.step, state.view.lit), (6, 0b110));
    assert!(state.link().text().contains("schedule=2:3%3e%3f"));
    // The same schedule asks for no other run.
    let state = after(&state, [Action::Tell("undo".into()), sheet("2:3>?", 2)]);
    assert_eq!((state.orders.tells, state.requests), (2, 2));
    let state = arrive(&after(&state, [sheet("", 0)]));
    assert_eq!((state.schedule(), state.view.lit), ("", 0));
}

#[test]
fn a_link_into_the_middle_of_choosing_explores() {
    let state = open("#scenario=lost_deposit&schedule=2:3%3e%3f");
    assert_eq!((state.orders.asked, state.orders.tells), (1, 0));
    assert!(arrive(&after(&state, [sheet("2:3>?", 6)])).view.lit == 6);
    assert_eq!(open("#schedule=2:3%3e1").orders.asked, 0);
}

#[test]
fn the_worker_keeps_up_with_schedules_from_elsewhere() {
    let state = arrive(&after(&ready(), [Action::Explore, sheet("2:3>1", 0)]));
    let link = Link {
        step: None,
        settings: vec![("schedule".to_owned(), "2:4>1".to_owned())],
        ..state.link()
    };
    let state = after(&state, [Action::Open(link)]);
    assert_eq!((&*state.orders.told, state.requests), ("at 2:4>1", 3));
    assert!(state.orders.sheet.is_some());
    let state = after(&state, [Action::Edit("x = 2\n".to_owned())]);
    assert!(state.orders.sheet.is_none() && state.orders.exploring == Exploring::Nothing);
}

#[test]
fn a_run_with_another_choice_stands_beside_until_it_is_closed() {
    let other = RUN.replace("4us main line 2", "4us main output 1");
    let forked = || {
        Action::Sheet(Sheet {
            schedule: "2:3>1/0>2?".to_owned(),
            fork: trace(&other).into_bytes(),
            ..Sheet::default()
        })
    };
    let state = arrive(&after(&ready(), [Action::Explore, sheet("2:3>1", 0)]));
    let requests = state.requests;
    let state = after(&state, [forked()]);
    assert_eq!(state.requests, requests, "the run above stays");
    assert!(state.link().text().contains("schedule=2:3%3e1%2f0%3e2%3f"));
    assert!(state.orders.other.is_some());
    assert_eq!((state.step, state.view.mark), (4, 4), "what they share");
    let state = after(&state, [sheet("2:3>1", 0)]);
    assert!(state.orders.other.is_none() && state.view.mark == 0);
    assert_eq!(state.requests, requests);
    // By a link the explorer's answer may come before the run does.
    let state = open("#scenario=lost_deposit&schedule=2:3%3e1/0%3e2%3f");
    assert_eq!(state.orders.asked, 1);
    let state = after(&state, [forked()]);
    assert!(state.orders.other.is_none());
    let state = arrive(&state);
    assert!(state.orders.other.is_some() && state.step == 4);
}

#[test]
fn what_is_asked_about_all_orders_is_cancelled_alone() {
    let state = arrive(&after(&ready(), [Action::Explore, sheet("2:3>1", 0)]));
    let asked = [
        Action::Tell("often deadlock a".into()),
        Action::Progress(25),
        Action::StopExploring,
    ];
    let state = after(&state, asked);
    assert_eq!((&*state.orders.told, state.orders.tells), ("stop", 2));
    let state = after(&state, [sheet("2:3>1", 0)]);
    assert!(state.orders.sheet.is_some() && state.orders.exploring == Exploring::Done);
    let state = after(&state, [Action::StopExploring]);
    assert!(state.orders.sheet.is_none());
}

//! How each action changes the state.

use super::{Action, Command, Exploring, Now, SPEEDS, Start, State, Tab};
use crate::layout::Density;
use crate::protocol::Fault;
use crate::scenario;
use std::rc::Rc;

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
        Action::Explore => state.explore(),
        Action::StopExploring => state.stop_exploring(),
        Action::Progress(count) => state.orders.exploring = Exploring::Going(count),
        Action::Sheet(sheet) => state.take_sheet(sheet),
        Action::Refused(reason) => state.orders.exploring = Exploring::Refused(reason),
        Action::Tell(text) => state.tell(&text),
        Action::Choose => state.tell("play"),
        Action::HowOften(finding) => state.ask_how_often(finding),
        Action::Usual => {
            state.forget_schedule();
            state.ask(Start::Opening);
        }
    }
    state.keep_up(old);
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

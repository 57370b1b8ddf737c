//! The scrubber, the buttons that move the instant, and how far and how fast they move it.

use super::dom::by_id;
use super::page::Props;
use super::state::{Action, Command, SPEEDS, Shown};

use crate::trace::navigate::{Grain, ScrubberMark, scrubber_marks};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

const GRAINS: [(Grain, &str); 3] = [
    (Grain::Instruction, "by instruction"),
    (Grain::Line, "by line"),
    (Grain::Switch, "by switch"),
];

/// How many marks the scrubber can hold.
const PLACES: u32 = 400;

#[component]
pub fn Transport(Props { state, send }: &Props) -> Html {
    let button = |name: &'static str, path: &'static str, command: Command| {
        let send = send.clone();
        let act = Callback::from(move |_: MouseEvent| send.emit(Action::Go(command)));
        let class = (command == Command::Play).then_some("play");
        html! {
            <button class={class} aria-label={name} title={name} onclick={act}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
            </button>
        }
    };
    let scrub = {
        let send = send.clone();
        Callback::from(move |_: InputEvent| {
            let value = by_id::<HtmlInputElement>("step").map(|slider| slider.value());
            if let Some(Ok(step)) = value.map(|value| value.parse()) {
                send.emit(Action::Go(Command::To(step)));
            }
        })
    };
    let choose = |id: &'static str, action: fn(usize) -> Action| {
        let send = send.clone();
        Callback::from(move |_: Event| {
            if let Some(select) = by_id::<HtmlSelectElement>(id) {
                send.emit(action(select.selected_index().max(0) as usize));
            }
        })
    };
    let options = |names: &mut dyn Iterator<Item = &'static str>, chosen: usize| -> Html {
        let option = |(i, name)| html! { <option selected={i == chosen}>{ name }</option> };
        names.enumerate().map(option).collect()
    };
    let marks = use_memo(state.run.clone(), |run| match run {
        Some(run) => marks(run),
        None => Default::default(),
    });
    let [switches, awaits, findings] = &*marks;
    let full = use_memo(state.link_without_embed(), |link| {
        AttrValue::from(["#", &link.text()].concat())
    });
    let (play, play_path) = if state.playing {
        ("Pause", "M4 2.5h3v11H4zM9 2.5h3v11H9z")
    } else {
        ("Play", "M4 2l10 6-10 6z")
    };
    html! {
        <footer class="transport" id="transport">
            <div class="scrubber">
                <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                    <path class="switch" d={switches.clone()} />
                    <path class="await" d={awaits.clone()} />
                    <path class="found" d={findings.clone()} />
                </svg>
                <input id="step" type="range" aria-label="Step" oninput={scrub} />
            </div>
            <div class="controls">
                { button("First step", "M2 2h2v12H2zM14 2v12L5 8z", Command::First) }
                { button("Step back", "M12 2v12L3 8z", Command::Back) }
                { button(play, play_path, Command::Play) }
                { button("Step forward", "M4 2v12l9-6z", Command::Forward) }
                { button("Last step", "M2 2v12l9-6zM12 2h2v12h-2z", Command::Last) }
                <span id="position"></span>
                <span class="select"><select id="grain" aria-label="Step by" onchange={choose("grain", |i| Action::Grain(GRAINS[i.min(2)].0))}>
                    { options(&mut GRAINS.iter().map(|it| it.1), state.grain as usize) }
                </select></span>
                <span class="select"><select id="speed" aria-label="Speed" onchange={choose("speed", Action::Speed)}>
                    { options(&mut SPEEDS.iter().map(|it| it.0), state.speed) }
                </select></span>
                <span class="space"></span>
                if state.embed {
                    <a href={(*full).clone()} target="_blank">{ "Open in Interleave" }</a>
                } else {
                    <span class="hints" aria-hidden="true">
                        { "next finding " }<kbd>{ "]" }</kbd>{ " back " }<kbd>{ "←" }</kbd>{ " forward " }<kbd>{ "→" }</kbd>{ " play " }<kbd>{ "Space" }</kbd>
                    </span>
                }
            </div>
        </footer>
    }
}

/// The marks of a run as paths, one for each sort.
fn marks(run: &Rc<Shown>) -> [AttrValue; 3] {
    let mut paths = [const { String::new() }; 3];
    let last = run.last().saturating_sub(1).max(1);
    for (step, mark) in scrubber_marks(&run.trace, PLACES) {
        let path = &mut paths[match mark {
            ScrubberMark::Switch => 0,
            ScrubberMark::Await => 1,
            ScrubberMark::Finding => 2,
        }];
        let x = u64::from(step.saturating_sub(1)) * 1000 / u64::from(last);
        path.push('M');
        path.push_str(&x.to_string());
        path.push_str(" 0v10");
    }
    paths.map(AttrValue::from)
}

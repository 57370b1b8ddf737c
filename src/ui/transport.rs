//! The scrubber, the buttons that move the instant, and how far and how fast they move it.

use super::dom::by_id;
use super::markup::{Is, Markup, is};
use super::state::{Action, Command, SPEEDS, State};
use crate::trace::navigate::Grain;
use web_sys::HtmlSelectElement;

const GRAINS: [(Grain, &str); 3] = [
    (Grain::Instruction, "by instruction"),
    (Grain::Line, "by line"),
    (Grain::Switch, "by switch"),
];

/// Name, picture and command of each button.
const BUTTONS: [(&str, &str, Command); 5] = [
    ("First step", "M2 2h2v12H2zM14 2v12L5 8z", Command::First),
    ("Step back", "M12 2v12L3 8z", Command::Back),
    ("Play", "M4 2l10 6-10 6z", Command::Play),
    ("Step forward", "M4 2v12l9-6z", Command::Forward),
    ("Last step", "M2 2v12l9-6zM12 2h2v12h-2z", Command::Last),
];
const PAUSE: (&str, &str) = ("Pause", "M4 2.5h3v11H4zM9 2.5h3v11H9z");

/// What keys do, for those who look.
const HINTS: [(&str, &str); 4] = [
    ("next finding ", "]"),
    ("back ", "←"),
    ("forward ", "→"),
    ("play ", "Space"),
];

const HIDDEN: Is = is!("viewBox" = "0 0 16 16" "aria-hidden" = "true");

pub fn write(state: &State, out: &mut Markup) {
    out.open("footer", is!("class" = "transport" "id" = "transport"));
    scrubber(state, out);
    out.open("div", is!("class" = "controls"));
    buttons(state, out);
    out.leaf("span", is!("id" = "position"), "");
    grains(out);
    speeds(out);
    out.leaf("span", is!("class" = "space"), "");
    if state.embed {
        let mut link = state.link();
        link.embed = false;
        out.open("a", is!("target" = "_blank"))
            .set("href", &["#", &link.text()].concat())
            .text("Open in Interleave")
            .close();
    } else {
        out.open("span", is!("class" = "hints" "aria-hidden" = "true"));
        for (does, key) in HINTS {
            out.text(does).leaf("kbd", &[], key);
        }
        out.close();
    }
    out.close().close();
}

fn scrubber(state: &State, out: &mut Markup) {
    out.open("div", is!("class" = "scrubber")).open(
        "svg",
        is!("viewBox" = "0 0 1000 10" "preserveAspectRatio" = "none" "aria-hidden" = "true"),
    );
    if let Some(run) = &state.run {
        for (path, class) in run.scrubber.iter().zip(["switch", "await", "found"]) {
            out.open("path", &[])
                .set("class", class)
                .set("d", path)
                .close();
        }
    }
    out.close()
        .open(
            "input",
            is!("id" = "step" "type" = "range" "aria-label" = "Step"),
        )
        .input(|value| Action::Go(Command::To(value.parse().unwrap_or(1))))
        .close()
        .close();
}

fn buttons(state: &State, out: &mut Markup) {
    for (place, (mut name, mut path, command)) in (0..).zip(BUTTONS) {
        out.open("button", &[])
            .click(|place| Action::Go(BUTTONS[place as usize].2), place);
        if command == Command::Play {
            out.set("class", "play");
            if state.playing {
                (name, path) = PAUSE;
            }
        }
        out.set("aria-label", name)
            .set("title", name)
            .open("svg", HIDDEN)
            .open("path", &[])
            .set("d", path)
            .close()
            .close()
            .close();
    }
}

fn grains(out: &mut Markup) {
    out.open("span", is!("class" = "select"))
        .open("select", is!("id" = "grain" "aria-label" = "Step by"))
        .choose(|name| {
            let chosen = GRAINS.iter().find(|it| it.1 == name);
            Action::Grain(chosen.map_or(Grain::Instruction, |it| it.0))
        });
    for (_, name) in GRAINS {
        out.leaf("option", &[], name);
    }
    out.close().close();
}

fn speeds(out: &mut Markup) {
    out.open("span", is!("class" = "select"))
        .open("select", is!("id" = "speed" "aria-label" = "Speed"))
        .choose(|name| {
            let chosen = SPEEDS.iter().position(|it| it.0 == name);
            Action::Speed(chosen.unwrap_or(1))
        });
    for (name, _) in SPEEDS {
        out.leaf("option", &[], name);
    }
    out.close().close();
}

/// Shows what is chosen.
pub fn rendered(state: &State) {
    for (id, place) in [("grain", state.grain as u32), ("speed", state.speed as u32)] {
        if let Some(select) = by_id::<HtmlSelectElement>(id) {
            select.set_selected_index(place as i32);
        }
    }
}

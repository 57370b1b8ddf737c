//! The top row: which scenario, under which runtime.

use super::dom::by_id;
use super::markup::{Markup, is};
use super::state::{Action, State};
use super::store::stored_text;
use crate::scenario;
use crate::settings::Runtime;
use web_sys::{HtmlInputElement, HtmlSelectElement};

pub fn write(state: &State, out: &mut Markup) {
    out.open("header", is!("class" = "header"))
        .open("h1", is!("class" = "logo" "aria-label" = "Interleave"))
        .text("inter")
        .leaf("b", is!("class" = "t1"), "l")
        .leaf("b", is!("class" = "t2"), "e")
        .leaf("b", is!("class" = "t1"), "a")
        .leaf("b", is!("class" = "t2"), "v")
        .text("e")
        .close();
    scenarios(out);
    runtimes(state, out);
    out.leaf("span", is!("class" = "space"), "");
    out.open(
        "button",
        is!("aria-label" = "Theme" "title" = "Light or dark"),
    )
    .click(|_| Action::Theme, 0)
    .text("◐")
    .close();
    out.open(
        "button",
        is!("aria-label" = "Keys" "title" = "What the keys do"),
    )
    .click(|_| Action::Keys(true), 0)
    .text("?")
    .close();
    out.close();
}

/// The scenarios, chapter by chapter.
fn scenarios(out: &mut Markup) {
    out.open("span", is!("class" = "select scenario"))
        .open("select", is!("id" = "scenario" "aria-label" = "Scenario"))
        .choose(|id| {
            let place = scenario::index().iter().position(|entry| entry.id == id);
            let place = place.unwrap_or(0);
            Action::Scenario(place, stored_text(place))
        });
    let mut chapter = "";
    for entry in scenario::index() {
        if entry.chapter != chapter {
            if !chapter.is_empty() {
                out.close();
            }
            chapter = entry.chapter;
            out.open("optgroup", &[]).set("label", chapter);
        }
        out.open("option", &[])
            .set("value", entry.id)
            .text(entry.title)
            .close();
    }
    out.close().close().close();
}

fn runtimes(state: &State, out: &mut Markup) {
    out.open(
        "div",
        is!("class" = "runtimes" "role" = "radiogroup" "aria-label" = "Runtime"),
    );
    let offered = offered(state);
    for &runtime in Runtime::ALL {
        let id = runtime.id();
        out.open("label", &[])
            .open("input", is!("type" = "radio" "name" = "runtime"))
            .set("id", id)
            .set("value", id)
            .choose(|id| Action::Runtime(Runtime::from_id(&id).unwrap_or(Runtime::Threads)));
        if !offered.contains(&runtime) {
            out.set("disabled", "")
                .set("title", "This program does not run under it");
        }
        let mut title = String::from(runtime.title());
        if let Some(run) = &state.run
            && runtime == Runtime::Threads
        {
            title.push(' ');
            title.push_str(&run.program.python);
        }
        out.close().leaf("span", &[], &title).close();
    }
    out.close();
}

fn offered(state: &State) -> &[Runtime] {
    match &state.run {
        Some(run) => &run.program.offered,
        None => state.entry().runtimes,
    }
}

/// Shows what is chosen.
pub fn rendered(state: &State) {
    if let Some(select) = by_id::<HtmlSelectElement>("scenario") {
        select.set_value(state.id());
    }
    let chosen = state.runtime.or(offered(state).first().copied());
    if let Some(radio) = chosen.and_then(|runtime| by_id::<HtmlInputElement>(runtime.id())) {
        radio.set_checked(true);
    }
}

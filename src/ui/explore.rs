//! All orders of the program: how many there are, how they end, and a run for each end.

use super::markup::{Is, Markup, is};
use super::state::{Action, Exploring, State};
use super::text::number;
use crate::protocol::Way;

const QUIET: Is = is!("class" = "quiet");

pub fn write(state: &State, out: &mut Markup) {
    out.open("div", is!("class" = "group explore"))
        .key("explore")
        .leaf("h2", &[], "All orders");
    // One button throughout, so that it keeps the focus while what it does changes.
    match &state.exploring {
        Exploring::Nothing => button("Explore all orders", |_| Action::Explore, out),
        Exploring::Going(_) => button("Cancel", |_| Action::StopExploring, out),
        _ => button("Hide", |_| Action::StopExploring, out),
    }
    out.open("div", &[]);
    match &state.exploring {
        Exploring::Nothing => {}
        Exploring::Going(states) => {
            let words = [&number(*states), " states so far"].concat();
            out.leaf("p", is!("role" = "status" "class" = "quiet"), &words);
        }
        Exploring::Refused(reason) => {
            out.leaf("p", QUIET, reason);
        }
        Exploring::Done(found) => {
            out.leaf("p", QUIET, &found.orders);
            for (place, way) in found.ways.iter().enumerate() {
                show(way, place as u32, state.schedule(), out);
            }
            if !found.incomplete.is_empty() {
                out.leaf("p", QUIET, &["Not all: ", &found.incomplete].concat());
            }
        }
    }
    if state.schedule().is_some() {
        button("Back to the usual order", |_| Action::Usual, out);
    } else {
        // Children without keys are matched from the end: the bars stay what they are.
        out.nothing();
    }
    out.close().close();
}

fn button(words: &str, action: fn(u32) -> Action, out: &mut Markup) {
    out.open("button", &[]).click(action, 0).text(words).close();
}

/// A bar, which opens a run.
fn show(way: &Way, place: u32, schedule: Option<&str>, out: &mut Markup) {
    out.open("button", &[])
        .click(Action::Way, place)
        .set("class", if way.bad { "way bad" } else { "way" })
        .set_whether("aria-pressed", schedule == Some(&way.schedule))
        .leaf("span", &[], &way.text)
        .leaf("b", &[], &way.count);
    if way.share > 0 {
        let share = way.share.to_string();
        let bar = [
            "<svg viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"M0 0h",
            &share,
            "v1H0z\"/></svg>",
        ];
        out.raw(&bar.concat());
    }
    out.close();
}

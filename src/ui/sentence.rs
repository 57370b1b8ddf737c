//! What has just happened, and why. The store writes the sentence: see [`Store::present`](super::store::Store::present).

use super::markup::{Markup, is};
use super::state::State;

pub fn write(state: &State, out: &mut Markup) {
    // One does not listen to each step of a run that plays.
    let live = if state.playing { "off" } else { "polite" };
    out.open("div", is!("class" = "sentence"))
        .open(
            "p",
            is!("id" = "sentence" "role" = "status" "aria-label" = "What is happening"),
        )
        .set("aria-live", live)
        .close()
        .leaf(
            "p",
            is!("class" = "notice" "aria-live" = "polite"),
            &state.notice,
        )
        .close();
}

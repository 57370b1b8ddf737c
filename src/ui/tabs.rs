//! Tabs for what a narrow page or an embed cannot show all at once.

use super::markup::{Markup, is};
use super::state::{Action, State, Tab};

pub fn write(state: &State, out: &mut Markup) {
    out.open(
        "div",
        is!("class" = "tabs" "role" = "tablist" "aria-label" = "Show"),
    );
    for (place, (tab, name)) in (0..).zip(Tab::ALL) {
        // On a narrow page the timeline always shows.
        if tab != Tab::Timeline || state.embed {
            out.open("button", is!("role" = "tab"))
                .set_whether("aria-selected", state.tab == tab)
                .set("aria-controls", &["panel-", name].concat())
                .click(|place| Action::Tab(Tab::ALL[place as usize].0), place)
                .text(name)
                .close();
        }
    }
    out.close();
}

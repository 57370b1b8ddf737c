//! What the program has printed so far.

use super::markup::{Markup, is};
use super::state::State;

/// More is not shown: the end is what counts.
const LONGEST: usize = 20_000;

pub fn write(state: &State, out: &mut Markup) {
    let (mut printed, mut errors) = ("", "");
    if let (Some(run), Some(now)) = (&state.run, &state.now) {
        printed = written(run.trace.stdout(), now.after.stdout);
        errors = written(run.trace.stderr(), now.after.stderr);
    }
    out.open(
        "section",
        is!("id" = "panel-Output" "class" = "output" "aria-label" = "Output" "tabindex" = "0"),
    )
    .leaf("h2", &[], "Output");
    if printed.is_empty() && errors.is_empty() {
        out.leaf("p", is!("class" = "quiet"), "nothing printed yet");
    } else {
        out.open("pre", &[])
            .text(printed)
            .leaf("b", is!("class" = "alarm"), errors)
            .close();
    }
    out.close();
}

/// The end of what was written until then.
fn written(all: &[u8], until: u32) -> &str {
    let text = all.get(..until as usize).unwrap_or(all);
    let mut text = &text[text.len().saturating_sub(LONGEST)..];
    // Not from the middle of a character on.
    while let [0x80..0xc0, rest @ ..] = text {
        text = rest;
    }
    std::str::from_utf8(text).unwrap_or("")
}

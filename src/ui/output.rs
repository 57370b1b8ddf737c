//! What the program has printed so far.

use super::page::Props;
use yew::prelude::*;

/// More is not shown: the end is what counts.
const LONGEST: usize = 20_000;

#[component]
pub fn Output(Props { state, .. }: &Props) -> Html {
    let (mut out, mut errors) = ("", "");
    if let (Some(run), Some(now)) = (&state.run, &state.now) {
        out = written(run.trace.stdout(), now.after.stdout);
        errors = written(run.trace.stderr(), now.after.stderr);
    }
    html! {
        <section id="panel-Output" class="output" aria-label="Output" tabindex="0">
            <h2>{ "Output" }</h2>
            if out.is_empty() && errors.is_empty() {
                <p class="quiet">{ "nothing printed yet" }</p>
            } else {
                <pre>{ out }<b class="alarm">{ errors }</b></pre>
            }
        </section>
    }
}

/// The end of what was written until then.
fn written(all: &[u8], until: u32) -> &str {
    let text = &all[..(until as usize).min(all.len())];
    let mut start = text.len().saturating_sub(LONGEST);
    // Not in the middle of a character.
    while start < text.len() && text[start] & 0xc0 == 0x80 {
        start += 1;
    }
    std::str::from_utf8(&text[start..]).unwrap_or("")
}

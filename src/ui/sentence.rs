//! What has just happened, and why. The store writes the text into it: see [`Store::present`](super::store::Store::present).

use super::page::Props;
use yew::prelude::*;

#[component]
pub fn Sentence(Props { state, .. }: &Props) -> Html {
    html! {
        <div class="sentence">
            <p id="sentence" role="status" aria-live="polite" aria-label="What is happening"></p>
            <p class="notice" aria-live="polite">{ &state.notice }</p>
        </div>
    }
}

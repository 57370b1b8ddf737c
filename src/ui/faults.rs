//! Why the edited program does not run: where, and what to do about it.

use super::page::Props;
use super::text::caret;
use crate::protocol::Fault;
use yew::prelude::*;

/// More at once only confuse.
const MOST: usize = 3;

#[component]
pub fn Faults(Props { state, .. }: &Props) -> Html {
    let show = |fault: &Fault| {
        let place = if fault.line == 0 {
            String::new()
        } else {
            let (line, column) = (fault.line.to_string(), fault.column.to_string());
            ["line ", &line, ", column ", &column, ": "].concat()
        };
        let text = caret(state.program_text(), fault);
        html! {
            <>
                <p><b>{ place }</b>{ &fault.message }</p>
                if !text.is_empty() {
                    <pre>{ text }</pre>
                }
                { for fault.hints.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
            </>
        }
    };
    let more = state.faults.len().saturating_sub(MOST);
    html! {
        if !state.faults.is_empty() {
            <div class="faults" role="alert">
                { for state.faults.iter().take(MOST).map(show) }
                if more > 0 {
                    <p class="hint">{ ["and ", &more.to_string(), " more"].concat() }</p>
                }
                if state.run.is_some() {
                    <p class="hint">{ "The last run that worked is still shown." }</p>
                }
            </div>
        }
    }
}

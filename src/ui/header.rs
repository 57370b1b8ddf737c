//! The top row: which scenario, under which runtime.

use super::dom::by_id;
use super::page::Props;
use super::state::Action;
use super::store::stored_text;
use crate::scenario::{self, Entry};
use crate::settings::Runtime;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[component]
pub fn Header(Props { state, send }: &Props) -> Html {
    let choose = {
        let send = send.clone();
        Callback::from(move |_: Event| {
            if let Some(select) = by_id::<HtmlSelectElement>("scenario") {
                let id = select.value();
                let place = scenario::index().iter().position(|entry| entry.id == id);
                let place = place.unwrap_or(0);
                send.emit(Action::Scenario(place, stored_text(place)));
            }
        })
    };
    let click = |action: fn() -> Action| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(action()))
    };
    let program = state.run.as_ref().map(|run| &run.program);
    let offered = program.map_or(state.entry().runtimes, |program| &program.offered);
    let chosen = state.runtime.or(offered.first().copied());
    let runtime = |&runtime: &Runtime| {
        let send = send.clone();
        let choose = Callback::from(move |_: Event| send.emit(Action::Runtime(runtime)));
        let fits = offered.contains(&runtime);
        let mut title = String::from(runtime.title());
        if let Some(program) = program.filter(|_| runtime == Runtime::Threads) {
            title.push(' ');
            title.push_str(&program.python);
        }
        let why = (!fits).then_some("This program does not run under it");
        html! {
            <label title={why}>
                <input type="radio" name="runtime" value={runtime.id()} checked={chosen == Some(runtime)} disabled={!fits} onchange={choose} />
                <span>{ title }</span>
            </label>
        }
    };
    html! {
        <header class="header">
            <h1 class="logo" aria-label="Interleave">
                { "inter" }<b class="t1">{ "l" }</b><b class="t2">{ "e" }</b><b class="t1">{ "a" }</b><b class="t2">{ "v" }</b>{ "e" }
            </h1>
            <span class="select scenario">
                <select id="scenario" aria-label="Scenario" onchange={choose}>
                    { for chapters().into_iter().map(|entries| html! {
                        <optgroup label={entries[0].chapter}>
                            { for entries.iter().map(|entry| html! {
                                <option value={entry.id} selected={entry.id == state.id()}>{ entry.title }</option>
                            }) }
                        </optgroup>
                    }) }
                </select>
            </span>
            <div class="runtimes" role="radiogroup" aria-label="Runtime">
                { for Runtime::ALL.iter().map(runtime) }
            </div>
            <span class="space"></span>
            <button class="theme" aria-label="Theme" title="Light or dark" onclick={click(|| Action::Theme)}>{ "◐" }</button>
            <button aria-label="Keys" title="What the keys do" onclick={click(|| Action::Keys(true))}>{ "?" }</button>
        </header>
    }
}

/// The scenarios, chapter by chapter.
fn chapters() -> Vec<&'static [Entry]> {
    let mut rest = scenario::index();
    let mut chapters = Vec::new();
    while let Some(first) = rest.first() {
        let length = rest
            .iter()
            .take_while(|entry| entry.chapter == first.chapter);
        let (chapter, others) = rest.split_at(length.count());
        chapters.push(chapter);
        rest = others;
    }
    chapters
}

//! The sheet of keys.

use super::dom::by_id;
use super::keys::SHEET;
use super::page::Props;
use super::state::Action;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[component]
pub fn KeySheet(Props { state, send }: &Props) -> Html {
    use_effect_with(state.keys, |&open| {
        if let Some(dialog) = by_id::<HtmlDialogElement>("keys") {
            if !open {
                dialog.close();
            } else if !dialog.open() {
                let _ = dialog.show_modal();
            }
        }
    });
    let close = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(Action::Keys(false)))
    };
    let row = |(keys, does): &(&'static str, &'static str)| {
        html! {
            <>
                <dt>{ for keys.split(' ').map(|key| html! { <kbd>{ key }</kbd> }) }</dt>
                <dd>{ *does }</dd>
            </>
        }
    };
    html! {
        <dialog id="keys" aria-label="What the keys do">
            if state.keys {
                <h2>{ "Keys" }</h2>
                <dl>{ for SHEET.iter().map(row) }</dl>
                <button onclick={close}>{ "Close" }</button>
            }
        </dialog>
    }
}

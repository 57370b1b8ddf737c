//! Tabs for what a narrow page or an embed cannot show all at once.

use super::page::Props;
use super::state::{Action, Tab};
use yew::prelude::*;

#[component]
pub fn Tabs(Props { state, send }: &Props) -> Html {
    let tab = |(tab, name): (Tab, &'static str)| {
        let send = send.clone();
        let choose = Callback::from(move |_: MouseEvent| send.emit(Action::Tab(tab)));
        let is_selected = state.tab == tab;
        html! {
            <button role="tab" aria-selected={is_selected.to_string()} aria-controls={["panel-", name].concat()} onclick={choose}>{ name }</button>
        }
    };
    // On a narrow page the timeline always shows.
    let tabs = Tab::ALL
        .into_iter()
        .filter(|(tab, _)| state.embed || *tab != Tab::Timeline);
    html! {
        <div class="tabs" role="tablist" aria-label="Show">{ for tabs.map(tab) }</div>
    }
}

//! The whole page. Its parts are always all there; the sheets arrange them for each size, and say which the tabs hide.

use super::dom;
use super::header::Header;
use super::key_sheet::KeySheet;
use super::output::Output;
use super::program::Program;
use super::sentence::Sentence;
use super::state::{Action, State, Tab};
use super::state_panel::StatePanel;
use super::store::Store;
use super::tabs::Tabs;
use super::timeline::Timeline;
use super::transport::Transport;
use std::rc::Rc;
use yew::prelude::*;

/// What every component gets.
#[derive(Clone, Properties)]
pub struct Props {
    pub state: Rc<State>,
    pub send: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        // One store makes all: the callbacks are the same.
        Rc::ptr_eq(&self.state, &other.state)
    }
}

#[component]
pub fn Page() -> Html {
    let update = use_force_update();
    let store = use_memo((), move |()| {
        Store::open(Callback::from(move |()| update.force_update()))
    });
    let sender = use_memo((), |()| store.sender());
    let state = store.state();
    let settled = state.asked.is_none();
    use_effect_with(settled, move |&settled| {
        if settled {
            // The elements for position and sentence are there now.
            store.present();
            dom::set(&dom::root(), "data-ready", "true");
        }
    });
    let send = (*sender).clone();
    let tab = match state.tab {
        Tab::Timeline => "show-timeline",
        Tab::Program => "show-program",
        Tab::State => "show-state",
        Tab::Output => "show-output",
    };
    let embed = state.embed.then_some("embed");
    let props = Props { state, send };
    html! {
        <div class={classes!("page", embed, tab)}>
            if embed.is_none() {
                <Header ..props.clone() />
            }
            <main class="stage" aria-busy={(!settled).to_string()}>
                <Program ..props.clone() />
                <Sentence ..props.clone() />
                <Timeline ..props.clone() />
                <Tabs ..props.clone() />
                <StatePanel ..props.clone() />
                <Output ..props.clone() />
            </main>
            <Transport ..props.clone() />
            <KeySheet ..props />
        </div>
    }
}

//! The whole page. Its parts are always all there; the sheets arrange them for each size, and say which the tabs hide.

use super::markup::{Markup, is};
use super::state::{State, Tab};
use super::store::Store;
use super::{header, key_sheet, output, program, sentence, state_panel, tabs, timeline, transport};
use std::rc::Rc;
use yew::{Component, Context, Html};

/// A component as a struct: those made from functions bring the machinery of hooks along, which nothing here needs.
pub struct Page(Rc<Store>);

impl Component for Page {
    type Message = ();
    type Properties = ();

    fn create(context: &Context<Page>) -> Page {
        Page(Store::open(context.link().callback(|()| ())))
    }

    fn view(&self, _: &Context<Page>) -> Html {
        Markup::of(&self.0.sender(), |out| write(&self.0.state(), out))
    }

    fn rendered(&mut self, _: &Context<Page>, _: bool) {
        self.0.rendered();
    }
}

fn write(state: &State, out: &mut Markup) {
    let mut class = String::from(match state.tab {
        Tab::Timeline => "page show-timeline",
        Tab::Program => "page show-program",
        Tab::State => "page show-state",
        Tab::Output => "page show-output",
    });
    if state.embed {
        class.push_str(" embed");
    }
    out.open("div", &[]).set("class", &class);
    if state.embed {
        out.nothing();
    } else {
        header::write(state, out);
    }
    out.open("main", is!("class" = "stage"))
        .set_whether("aria-busy", state.asked.is_some());
    program::write(state, out);
    sentence::write(state, out);
    timeline::write(state, out);
    tabs::write(state, out);
    state_panel::write(state, out);
    output::write(state, out);
    out.close();
    transport::write(state, out);
    key_sheet::write(state, out);
    out.close();
}

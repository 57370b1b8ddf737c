//! Keeps the state. After each action it does at once what reaches beyond the components: position and sentence, the
//! worker, the address, what is remembered, the timers.

use super::dom::{self, by_id};
use super::keys::{self, Focus, Wish};
use super::link::Link;
use super::state::{Action, Exploring, SPEEDS, State, reduce};
use super::text::message_html;
use super::worker_link::WorkerLink;
use super::{header, key_sheet, program, timeline, transport};
use crate::message::Message;
use crate::narration::narrate;
use crate::protocol::{self, Fault, Program, Sheet};
use crate::trace::Trace;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, EventTarget, HtmlElement, HtmlInputElement, KeyboardEvent, MediaQueryListEvent,
    PerformanceNavigation,
};
use yew::Callback;

/// How long after the last letter an edited program runs.
const TYPING: u32 = 700;
/// How long after a run came the explorer that may be asked for its orders gets ready.
const QUIET: u32 = 400;
/// How long a new run waits for one that is still going on, before that is ended.
const PATIENCE: u32 = 300;
/// How often the address follows what is on screen: browsers allow a hundred changes in half a minute.
const ADDRESS: u32 = 400;

/// What a tab remembers: the link to what it shows. A reload finds what was typed, however short ago.
const LATE: &str = "late";

/// Lives as long as the page.
pub struct Store {
    state: RefCell<Rc<State>>,
    /// Renders the components again.
    render: Callback<()>,
    /// What they show; None at first.
    shown: RefCell<Option<Rc<State>>>,
    pub drawn: RefCell<timeline::Drawn>,
    worker: OnceCell<WorkerLink>,
    /// Explores beside it, and answers for as long as what it found shows.
    explorer: RefCell<Option<WorkerLink>>,
    /// The one that will.
    next_explorer: RefCell<Option<WorkerLink>>,
    /// The number of the last message, and of the run that it asks for.
    sent: Cell<(u32, u32)>,
    /// Whether the worker has begun to answer it.
    answered: Cell<bool>,
    patience: Cell<Option<Timeout>>,
    typing: Cell<Option<Timeout>>,
    tick: Cell<Option<Timeout>>,
    quiet: Cell<Option<Timeout>>,
    /// Set while the address rests.
    address: Cell<Option<Timeout>>,
    /// Whether a sheet came while something on the one before it had the focus.
    held: Cell<bool>,
    /// What we last wrote into the address.
    written: RefCell<String>,
}

impl Store {
    /// Reads what the address and the browser's memory say, and asks for the first run.
    pub fn open(render: Callback<()>) -> Rc<Store> {
        let (address, own) = (hash(), own_entry());
        let mut link = Link::read(&address);
        let fresh = address.is_empty();
        // While a reload begins the address may still follow, too late for it: the tab remembers what it showed last.
        let late = dom::tab_remembered(LATE).filter(|_| own);
        let late = late
            .map(|late| Link::read(&late))
            .filter(|late| late.embed == link.embed && (fresh || late.scenario == link.scenario));
        let is_late = late.is_some();
        link = late.unwrap_or(link);
        let dark = dom::remembered("theme").map(|theme| theme == "dark");
        let query = dom::window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        let system_dark = query.as_ref().is_some_and(|query| query.matches());
        // A link shows what its author saw; without one it is what was typed last.
        let stored = if fresh && !is_late {
            stored_text(State::scenario_of(&link))
        } else {
            None
        };
        let mut state = State::open(link, stored, dark, system_dark);
        if (own || fresh) && !state.embed {
            state.editing = dom::remembered("editing").is_some() && state.text.is_some();
        }
        let store = Rc::new(Store {
            state: RefCell::new(Rc::new(state)),
            render,
            shown: RefCell::default(),
            drawn: RefCell::default(),
            worker: OnceCell::new(),
            explorer: RefCell::default(),
            next_explorer: RefCell::default(),
            sent: Cell::default(),
            answered: Cell::default(),
            patience: Cell::default(),
            typing: Cell::default(),
            tick: Cell::default(),
            quiet: Cell::default(),
            address: Cell::default(),
            held: Cell::default(),
            written: RefCell::new(address),
        });
        store.show_theme();
        let worker = WorkerLink::spawn(
            "data-worker",
            store.callback(Store::answer),
            store.callback(|store, reason| {
                store.sent.set((0, 0));
                store.send(Action::Failed(reason));
            }),
        );
        let _ = store.worker.set(worker);
        store.ask();
        if store.state().orders.asked > 0 {
            store.explore();
        }
        if let Some(query) = query {
            store.listen(&query, "change", |store, event| {
                let told: &MediaQueryListEvent = event.unchecked_ref();
                store.send(Action::SystemDark(told.matches()));
            });
        }
        store.listen(&dom::window(), "keydown", |store, event| {
            store.key(event.unchecked_ref());
        });
        store.listen(&dom::window(), "hashchange", |store, _| store.follow());
        store.listen(&dom::window(), "pagehide", |store, _| {
            store.remember_late();
        });
        store
    }

    pub fn state(&self) -> Rc<State> {
        self.state.borrow().clone()
    }

    /// What components send their actions to.
    pub fn sender(self: &Rc<Self>) -> Callback<Action> {
        self.callback(Store::send)
    }

    /// Changes the state; when this returns, position and sentence on screen are those of the new one.
    pub fn send(self: &Rc<Self>, action: Action) {
        let old = self.state();
        match action {
            Action::Edit(_) => {
                let store = self.clone();
                let run = Timeout::new(TYPING, move || store.send(Action::Run));
                self.typing.set(Some(run));
            }
            Action::Scenario(..) => {
                // The old one stays in the browser's history.
                self.write_address();
                if let Ok(history) = dom::window().history() {
                    let _ = history.push_state(&JsValue::TRUE, "");
                }
                self.typing.set(None);
            }
            Action::Run | Action::Runtime(_) | Action::Restore | Action::Open(..) => {
                self.typing.set(None);
            }
            _ => {}
        }
        let new = reduce(&old, action);
        let new = Rc::new(new);
        self.state.replace(new.clone());
        if !same(&new.now, &old.now) {
            self.present();
        }
        if new.requests != old.requests {
            self.ask();
        }
        if new.orders.asked != old.orders.asked {
            self.explore();
        } else if new.orders.exploring == Exploring::Nothing {
            self.explorer.replace(None);
        }
        if new.orders.tells != old.orders.tells
            && let Some(explorer) = &*self.explorer.borrow()
        {
            explorer.send(protocol::TELL, new.orders.told.as_bytes());
        }
        self.remember(&old, &new);
        if (new.playing, new.speed, new.step, new.requests)
            != (old.playing, old.speed, old.step, old.requests)
            || new.asked.is_some() != old.asked.is_some()
        {
            self.tick.set(new.playing.then(|| {
                let store = self.clone();
                Timeout::new(SPEEDS[new.speed].1, move || store.send(Action::Tick))
            }));
        }
        self.render.emit(());
    }

    /// Puts position and sentence on screen.
    pub fn present(&self) {
        let state = self.state();
        let position = state.position();
        if let Some(slider) = by_id::<HtmlInputElement>("step") {
            // The last first: a value beyond it would be cut.
            slider.set_max(&state.last().to_string());
            slider.set_min(&state.last().min(1).to_string());
            slider.set_value(&state.step.to_string());
            dom::set(&slider, "aria-valuetext", &position);
        }
        if let Some(element) = by_id::<Element>("position") {
            element.set_text_content(Some(&position));
        }
        if let Some(element) = by_id::<HtmlElement>("transport") {
            let part = u64::from(state.step.saturating_sub(1)) * 1000;
            let part = part / u64::from(state.last().saturating_sub(1).max(1));
            dom::style(&element, "--part", &part.to_string());
        }
        let (Some(run), Some(now)) = (&state.run, &state.now) else {
            return;
        };
        if let Some(element) = by_id::<Element>("sentence") {
            element.set_inner_html(&message_html(&run.trace, &narrate(&run.trace, &now.before)));
        }
    }

    fn callback<T: 'static>(self: &Rc<Self>, heard: fn(&Rc<Self>, T)) -> Callback<T> {
        let store = self.clone();
        Callback::from(move |told| heard(&store, told))
    }

    /// Listens for as long as the page lives.
    pub fn listen(
        self: &Rc<Self>,
        target: &EventTarget,
        name: &'static str,
        heard: fn(&Rc<Self>, &Event),
    ) {
        let store = self.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(target, name, options, move |event| heard(&store, event))
            .forget();
    }

    /// The components show the state: what they cannot do themselves follows.
    pub fn rendered(self: &Rc<Self>) {
        let state = self.state();
        let old = self.shown.replace(Some(state.clone()));
        if old.is_none() {
            timeline::start(self);
        }
        let old = old.as_deref();
        timeline::rendered(self, old, &state);
        program::rendered(old, &state);
        header::rendered(&state);
        transport::rendered(&state);
        key_sheet::rendered(&state);
        // What was pressed may be gone from the sheet.
        if self.held.take()
            && !is_on_sheet()
            && let Some(button) = by_id::<HtmlElement>("orders")
        {
            let _ = button.focus();
        }
        // What was pressed stays in sight when the sheet comes.
        if state.orders.sheet.is_some()
            && old.is_some_and(|old| old.orders.sheet.is_none())
            && let Some(pressed) = dom::document().active_element()
        {
            pressed.scroll_into_view_with_bool(false);
        }
        if state.asked.is_none() && old.is_none_or(|old| old.asked.is_some()) {
            self.present();
            dom::set(&dom::root(), "data-ready", "true");
            let store = self.clone();
            let prepare = Timeout::new(QUIET, move || store.prepare_explorer());
            self.quiet.set(Some(prepare));
        }
    }

    /// Sends the run that the state asks for.
    fn ask(self: &Rc<Self>) {
        let Some(worker) = self.worker.get() else {
            return;
        };
        let state = self.state();
        let busy = self.sent.get().1 != 0;
        let request = worker.send(protocol::RUN, &state.request().encode());
        self.sent.set((request, state.requests));
        self.answered.set(false);
        // An endless run would keep the worker for a long time: it is ended, and the new one sent again.
        self.patience.set(busy.then(|| {
            let store = self.clone();
            Timeout::new(PATIENCE, move || {
                if !store.answered.get()
                    && let Some(worker) = store.worker.get()
                {
                    worker.restart();
                    store.sent.set((0, 0));
                    store.ask();
                }
            })
        }));
    }

    fn prepare_explorer(self: &Rc<Self>) {
        let state = self.state();
        if !state.embed && self.next_explorer.borrow().is_none() {
            let next = self.start_explorer();
            next.send(protocol::PREPARE, &state.request().encode());
            self.next_explorer.replace(Some(next));
        }
    }

    fn start_explorer(self: &Rc<Self>) -> WorkerLink {
        WorkerLink::spawn(
            "data-explorer",
            self.callback(Store::explored),
            self.callback(|store, reason| store.send(Action::Refused(reason))),
        )
    }

    fn explore(self: &Rc<Self>) {
        let next = self.next_explorer.take();
        let worker = next.unwrap_or_else(|| self.start_explorer());
        worker.send(protocol::EXPLORE, &self.state().request().encode());
        self.explorer.replace(Some(worker));
    }

    fn explored(self: &Rc<Self>, answer: Message) {
        let payload = &*answer.payload;
        let action = match answer.kind {
            protocol::PROGRESS => payload
                .try_into()
                .ok()
                .map(|states| Action::Progress(u32::from_le_bytes(states))),
            protocol::SHEET => {
                self.held.set(is_on_sheet());
                Sheet::decode(payload).map(Action::Sheet)
            }
            _ => Fault::decode_all(payload)
                .and_then(|faults| faults.into_iter().next())
                .map(|fault| Action::Refused(fault.message)),
        };
        if let Some(action) = action {
            self.send(action);
        }
    }

    fn answer(self: &Rc<Self>, answer: Message) {
        let (message, number) = self.sent.get();
        if answer.request != message {
            return;
        }
        self.answered.set(true);
        let action = match answer.kind {
            protocol::PROGRAM => {
                Program::decode(&answer.payload).map(|program| Action::Program(number, program))
            }
            protocol::REJECTED => {
                Fault::decode_all(&answer.payload).map(|faults| Action::Rejected(number, faults))
            }
            _ => Trace::from_bytes(answer.payload)
                .ok()
                .map(|trace| Action::Trace(number, Box::new(trace))),
        };
        if answer.kind != protocol::PROGRAM {
            self.sent.set((message, 0));
        }
        self.send(action.unwrap_or_else(|| Action::Failed("its answer is damaged".to_owned())));
    }

    /// A key was pressed somewhere.
    fn key(self: &Rc<Self>, event: &KeyboardEvent) {
        if event.ctrl_key() && event.key() == "Enter" && self.state().editing {
            event.prevent_default();
            return self.send(Action::Run);
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return;
        }
        let focus = event
            .target()
            .map_or(Focus::Page, |target| focus_of(target.unchecked_ref()));
        let state = self.state();
        match keys::wish(&event.key(), &event.code(), focus) {
            None => return,
            // The sheet of keys lets nothing through.
            Some(Wish::Leave) if state.keys => self.send(Action::Keys(false)),
            Some(_) if state.keys => return,
            Some(Wish::Act(action)) => self.send(action),
            Some(Wish::FindScenario) => {
                if let Some(select) = by_id::<HtmlElement>("scenario") {
                    let _ = select.focus();
                }
            }
            Some(Wish::FullScreen) => {
                let document = dom::document();
                if document.fullscreen_element().is_some() {
                    document.exit_fullscreen();
                } else {
                    let _ = dom::root().request_fullscreen();
                }
            }
            Some(Wish::Take(number)) => timeline::take(number),
            Some(Wish::Undo) => {
                if let Some(button) = by_id::<HtmlElement>("undo") {
                    button.click();
                }
            }
            Some(Wish::Leave) => {
                self.send(if state.tip.is_some() {
                    Action::Tip(None)
                } else if state.editing {
                    Action::Editing(false)
                } else {
                    Action::Select(None)
                });
            }
        }
        event.prevent_default();
    }

    /// The address was changed by the person: a link was pasted, or back or forward pressed.
    fn follow(self: &Rc<Self>) {
        let hash = hash();
        if hash == *self.written.borrow() {
            return;
        }
        self.written.replace(hash.clone());
        own_entry();
        self.send(Action::Open(Link::read(&hash)));
        self.remember_late();
    }

    /// Lets the address follow, at once if it has rested.
    fn change_address(self: &Rc<Self>) {
        let rest = self.address.take();
        let is_resting = rest.is_some();
        let store = self.clone();
        self.address.set(rest.or_else(|| {
            Some(Timeout::new(ADDRESS, move || {
                store.address.set(None);
                store.write_address();
            }))
        }));
        if !is_resting {
            self.write_address();
        }
    }

    /// Writes the link to what is on screen into the address.
    fn write_address(&self) {
        let hash = self.remember_late();
        if hash != *self.written.borrow()
            && let Ok(history) = dom::window().history()
            && history
                .replace_state_with_url(&JsValue::TRUE, "", Some(&hash))
                .is_ok()
        {
            self.written.replace(hash);
        }
    }

    /// Remembers the link to what is on screen, and gives it.
    fn remember_late(&self) -> String {
        let link = ["#", &self.state().link().text()].concat();
        dom::tab_remember(LATE, Some(&link));
        link
    }

    /// What is to be remembered, and to be seen outside of the components.
    fn remember(self: &Rc<Self>, old: &State, new: &State) {
        if new.is_dark() != old.is_dark() {
            self.show_theme();
        }
        if new.dark != old.dark {
            let theme = new.dark.map(|dark| if dark { "dark" } else { "light" });
            dom::remember("theme", theme);
        }
        if new.scenario == old.scenario && new.text != old.text && !new.embed {
            dom::remember(&text_name(new.scenario), new.text.as_deref());
        }
        if new.editing != old.editing && !new.embed {
            dom::remember("editing", new.editing.then_some("yes"));
        }
        if new.text != old.text || new.runtime != old.runtime || new.scenario != old.scenario {
            self.remember_late();
        }
        let changed = !same(&new.now, &old.now)
            || new.text != old.text
            || new.runtime != old.runtime
            || new.schedule() != old.schedule();
        if changed && new.asked.is_none() {
            self.change_address();
        }
    }

    fn show_theme(&self) {
        let theme = if self.state().is_dark() {
            "dark"
        } else {
            "light"
        };
        dom::set(&dom::root(), "data-theme", theme);
    }
}

/// The program of a scenario as it was last edited here.
pub fn stored_text(scenario: usize) -> Option<String> {
    dom::remembered(&text_name(scenario))
}

fn text_name(scenario: usize) -> String {
    ["program ", crate::scenario::index()[scenario].id].concat()
}

/// Whether the present entry in the browser's history was ours already; from now on it is.
fn own_entry() -> bool {
    let Ok(history) = dom::window().history() else {
        return false;
    };
    let was = history.state().is_ok_and(|state| state.is_truthy());
    let _ = history.replace_state(&JsValue::TRUE, "");
    // Chromium forgets the entry's state when a reload begins while the address changes.
    let performance = dom::window().performance();
    was || performance
        .is_some_and(|it| it.navigation().type_() == PerformanceNavigation::TYPE_RELOAD)
}

/// Whether something that the explorer offers has the focus.
fn is_on_sheet() -> bool {
    let active = dom::document().active_element();
    active.is_some_and(|it| it.closest(".explore").is_ok_and(|it| it.is_some()))
}

fn hash() -> String {
    dom::window().location().hash().unwrap_or_default()
}

fn same<T>(a: &Option<Rc<T>>, b: &Option<Rc<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Rc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn focus_of(element: &Element) -> Focus {
    match element.tag_name().as_str() {
        "TEXTAREA" => Focus::Typing,
        "SELECT" => Focus::Choice,
        "INPUT" if element.get_attribute("type").as_deref() == Some("radio") => Focus::Choice,
        "BUTTON" | "A" | "SUMMARY" => Focus::Button,
        _ => Focus::Page,
    }
}

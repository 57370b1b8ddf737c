//! The timeline: the scene on a canvas, its legend, its twin in text, and what pointers and keys do to it.

use super::dom::{self, by_id, pixels};
use super::findings::step_link;
use super::markup::{Markup, is};
use super::state::{Action, Command, Shown, State, Tip};
use super::store::Store;
use super::text::{number, task_class};
use crate::layout::{Hit, Scene, layout, legend};
use crate::render::canvas::paint;
use crate::render::{DARK, LIGHT, Theme};
use crate::trace::{TaskId, time_text};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent,
};

/// How many rows of the table there are at once.
const ROWS: usize = 200;
/// How far a pointer may move in a click.
const CLICK: f64 = 4.0;
/// By how much buttons zoom, wheels zoom, and buttons pan.
const ZOOM: f64 = 1.5;
const WHEEL: f64 = 1.25;
const PAN: f64 = 80.0;

/// What is drawn, and what the pointer does there.
#[derive(Default)]
pub struct Drawn {
    scene: Option<Scene>,
    /// Where a button went down, and whether it has moved since.
    pressed: Option<(f64, bool)>,
}

/// What one sees of a tool, what it is called, what it does.
type Tool = (&'static str, &'static str, fn(u32) -> Action);

const TOOLS: [Tool; 5] = [
    ("+", "Zoom in", |_| Action::Zoom(None, ZOOM)),
    ("−", "Zoom out", |_| Action::Zoom(None, 1.0 / ZOOM)),
    ("‹", "Pan left", |_| Action::Pan(-PAN)),
    ("›", "Pan right", |_| Action::Pan(PAN)),
    ("Fit", "Fit", |_| Action::Fit),
];

pub fn write(state: &State, out: &mut Markup) {
    out.open(
        "section",
        is!("id" = "panel-Timeline" "class" = "timeline" "aria-label" = "Timeline"),
    );
    match &state.run {
        Some(run) if state.table => table(run, out),
        _ => {
            out.nothing();
        }
    }
    let class = if state.table {
        "picture away"
    } else {
        "picture"
    };
    out.open("div", &[]).set("class", class).open(
        "div",
        is!("id" = "plot" "tabindex" = "0" "role" = "group" "aria-label" = "Arrow up and down go from task to task" "aria-describedby" = "tip"),
    );
    out.open("div", is!("id" = "room"))
        .open("canvas", is!("id" = "drawing" "role" = "img"))
        .set("aria-label", &summary(state))
        .close();
    if state.orders.other.is_some() {
        out.leaf(
            "canvas",
            is!("id" = "other" "role" = "img" "aria-label" = "The same run with one choice changed"),
            "",
        );
    } else {
        out.nothing();
    }
    if let Some(tip) = &state.tip {
        out.leaf("p", is!("id" = "tip" "role" = "tooltip"), &tip.text);
    } else {
        out.nothing();
    }
    out.close()
        .close()
        .leaf("canvas", is!("id" = "legend" "aria-hidden" = "true"), "")
        .close()
        .open("div", is!("class" = "tools"));
    for (sign, name, act) in TOOLS {
        out.open("button", &[])
            .set("aria-label", name)
            .set("title", name)
            .click(act, 0)
            .text(sign)
            .close();
    }
    out.open("button", is!("title" = "The same as text"))
        .set_whether("aria-pressed", state.table)
        .click(|_| Action::Table, 0)
        .text("Table")
        .close()
        .close()
        .close();
}

/// The timeline's twin in text.
fn table(run: &Shown, out: &mut Markup) {
    out.open("div", is!("class" = "table" "tabindex" = "0"))
        .open("table", &[])
        .open("thead", &[])
        .open("tr", &[]);
    for head in ["Task", "What it does", "From", "Until", "Steps"] {
        out.leaf("th", &[], head);
    }
    out.close().close().open("tbody", &[]);
    for row in run.index.table(&run.trace).take(ROWS) {
        out.open("tr", &[])
            .open("th", is!("scope" = "row"))
            .open("b", &[])
            .set("class", task_class(row.task))
            .text(run.trace.task_name(row.task))
            .close()
            .close();
        for words in [row.text, time_text(row.start), time_text(row.end)] {
            out.leaf("td", &[], &words);
        }
        out.open("td", &[]);
        step_link(&number(row.first), row.first, out);
        out.text("–");
        step_link(&number(row.last), row.last, out);
        out.close().close();
    }
    out.close().close();
    if let Some(left_out) = run.index.table_len().checked_sub(ROWS + 1) {
        let words = ["and ", &number(left_out as u32 + 1), " more rows"].concat();
        out.leaf("p", is!("class" = "quiet"), &words);
    }
    out.close();
}

fn summary(state: &State) -> String {
    let mut words = String::from("What each task does");
    if let Some(run) = &state.run {
        let mut mark = ": ";
        for task in run.index.tasks().take(20) {
            words.push_str(mark);
            words.push_str(run.trace.task_name(task));
            mark = ", ";
        }
    }
    words
}

/// Once it is on screen: tells the size of the plot whenever it changes, and listens to pointers.
pub fn start(store: &Rc<Store>) {
    let (Some(plot), Some(drawing)) = (
        by_id::<HtmlElement>("plot"),
        by_id::<HtmlElement>("drawing"),
    ) else {
        return;
    };
    let heard = {
        let (plot, store) = (plot.clone(), store.clone());
        Closure::<dyn FnMut()>::new(move || {
            let (width, height) = (plot.client_width(), plot.client_height());
            if width > 0 {
                store.send(Action::Resize(width.into(), height.into()));
            }
        })
    };
    if let Ok(observer) = ResizeObserver::new(heard.as_ref().unchecked_ref()) {
        observer.observe(&plot);
    }
    heard.forget();
    store.listen(&plot, "wheel", wheel);
    store.listen(&plot, "keydown", key);
    store.listen(&plot, "scroll", |store, _| {
        if let Some(plot) = by_id::<HtmlElement>("plot") {
            store.send(Action::Scroll(plot.scroll_top().into()));
        }
    });
    store.listen(&drawing, "pointerdown", |store, event| {
        let event: &PointerEvent = event.unchecked_ref();
        store.drawn.borrow_mut().pressed =
            (event.button() == 0).then_some((position(event).0, false));
    });
    store.listen(&drawing, "pointermove", moved);
    store.listen(&drawing, "pointerup", released);
    store.listen(&drawing, "pointerleave", |store, _| {
        store.drawn.borrow_mut().pressed = None;
        tip(store, None);
    });
}

/// Draws what has changed.
pub fn rendered(store: &Store, old: Option<&State>, state: &State) {
    let look = |state: &State| {
        (
            state.view.width,
            state.is_dark(),
            state.table,
            state.run.clone(),
            state.view.mark,
        )
    };
    let is_same = old.is_some_and(|old| look(old) == look(state));
    if !is_same {
        draw_legend(state);
    }
    if !is_same || old.is_some_and(|old| old.view != state.view) {
        let scene = draw(state);
        // Whoever acts is in sight; else one scrolls as one likes.
        if let (Some(scene), Some(plot)) = (&scene, by_id::<HtmlElement>("plot"))
            && scene.showing != state.view.lane_scroll
            && old.is_none_or(|old| old.step != state.step || old.view.height != state.view.height)
        {
            plot.set_scroll_top(scene.showing.round() as i32);
        }
        store.drawn.borrow_mut().scene = scene;
    }
    if let (Some(tip), Some(element)) = (&state.tip, by_id::<HtmlElement>("tip")) {
        place(&element, tip);
    }
}

fn theme(state: &State) -> &'static Theme {
    if state.is_dark() { &DARK } else { &LIGHT }
}

/// Paints the picture at the state's view, and gives its scene.
fn draw(state: &State) -> Option<Scene> {
    let run = state.run.as_ref()?;
    let canvas = by_id::<HtmlCanvasElement>("drawing")?;
    if state.view.width <= 0.0 || state.table {
        return None;
    }
    let other = state.orders.other.as_ref().map(|(other, _)| other);
    let mut view = state.view;
    if other.is_some() {
        view.height /= 2.0;
    }
    let scene = layout(&run.index, &run.trace, &view);
    let (mut natural, mut content) = (scene.natural, scene.content);
    if let (Some(other), Some(canvas)) = (other, by_id::<HtmlCanvasElement>("other")) {
        let time = run.trace.get_event(state.step).map_or(0, |it| it.time);
        (view.step, view.lit) = (other.trace.step_at(time), 0);
        let below = layout(&other.index, &other.trace, &view);
        (natural, content) = (natural + below.natural, content + below.height);
        show(&canvas, &below, theme(state));
    }
    for (id, height) in [("plot", natural), ("room", content)] {
        if let Some(element) = by_id::<HtmlElement>(id) {
            dom::style(&element, "height", &pixels(height));
        }
    }
    show(&canvas, &scene, theme(state));
    Some(scene)
}

fn draw_legend(state: &State) {
    if let (Some(run), Some(canvas)) = (&state.run, by_id::<HtmlCanvasElement>("legend"))
        && state.view.width > 0.0
    {
        show(&canvas, &legend(&run.index, state.view.width), theme(state));
    }
}

fn show(canvas: &HtmlCanvasElement, scene: &Scene, theme: &Theme) {
    dom::style(canvas, "width", &pixels(scene.width));
    dom::style(canvas, "height", &pixels(scene.height));
    paint(canvas, scene, theme, dom::window().device_pixel_ratio());
}

fn wheel(store: &Rc<Store>, event: &Event) {
    let event: &WheelEvent = event.unchecked_ref();
    let (dx, dy) = (event.delta_x(), event.delta_y());
    // A plain wheel scrolls, as everywhere.
    let action = if event.ctrl_key() {
        let x = f64::from(event.offset_x());
        Action::Zoom(Some(x), if dy < 0.0 { WHEEL } else { 1.0 / WHEEL })
    } else if event.shift_key() || dx.abs() > dy.abs() {
        Action::Pan(if dx == 0.0 { dy } else { dx })
    } else {
        return;
    };
    event.prevent_default();
    store.send(action);
}

fn position(event: &PointerEvent) -> (f64, f64) {
    (event.offset_x().into(), event.offset_y().into())
}

fn hit(store: &Store, run: &Shown, (x, y): (f64, f64)) -> Option<Hit> {
    let drawn = store.drawn.borrow();
    drawn.scene.as_ref()?.hit(&run.index, &run.trace, x, y)
}

/// Drags the picture, or says what the pointer is on.
fn moved(store: &Rc<Store>, event: &Event) {
    let event: &PointerEvent = event.unchecked_ref();
    let Some(run) = store.state().run.clone() else {
        return;
    };
    let (x, y) = position(event);
    let mut pressed = store
        .drawn
        .borrow()
        .pressed
        .filter(|_| event.buttons() != 0);
    let mut by = 0.0;
    if let Some((from, has_moved)) = &mut pressed {
        by = *from - x;
        if *has_moved || by.abs() >= CLICK {
            (*from, *has_moved) = (x, true);
        }
    }
    store.drawn.borrow_mut().pressed = pressed;
    match pressed {
        Some((_, true)) => store.send(Action::Pan(by)),
        Some(_) => {}
        None => tip(
            store,
            hit(store, &run, (x, y)).map(|hit| Tip {
                text: hit.text,
                x,
                y,
            }),
        ),
    }
}

/// Shows a tip, or none.
fn tip(store: &Rc<Store>, tip: Option<Tip>) {
    if tip.is_some() || store.state().tip.is_some() {
        store.send(Action::Tip(tip));
    }
}

/// A click goes to that instant, and selects whose block it is.
fn released(store: &Rc<Store>, event: &Event) {
    let event: &PointerEvent = event.unchecked_ref();
    let pressed = store.drawn.borrow_mut().pressed.take();
    let state = store.state();
    let (Some((_, false)), Some(run)) = (pressed, &state.run) else {
        return;
    };
    let at = position(event);
    let time = state.view.scale(&run.index).time(at.0).max(0.0) as u64;
    let mut step = run.trace.step_at(time);
    if let Some(hit) = hit(store, run, at) {
        if let Some(number) = state.view.turn_of(hit.task) {
            return take(number);
        }
        step = hit.step;
        store.send(Action::Select(Some(hit.task)));
    }
    store.send(Action::Go(Command::To(step.max(1))));
}

/// Lets a task go on, as its button does.
pub fn take(number: u32) {
    let id = ["turn-", &number.to_string()].concat();
    if let Some(button) = by_id::<HtmlElement>(&id) {
        button.click();
    }
}

/// Up and down select the lane above or below, and say what its task does at the playhead.
fn key(store: &Rc<Store>, event: &Event) {
    let by = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        _ => return,
    };
    event.prevent_default();
    let state = store.state();
    let Some(run) = &state.run else { return };
    let mut tasks: Vec<TaskId> = Vec::new();
    tasks.extend(run.index.tasks());
    let place = tasks.iter().position(|task| Some(*task) == state.selected);
    let place = place.map_or(0, |place| place.saturating_add_signed(by));
    if let Some(&task) = tasks.get(place.min(tasks.len().saturating_sub(1))) {
        store.send(Action::Select(Some(task)));
        tip(store, tip_of(store, &state, run, task));
    }
}

/// What a task does at the playhead.
fn tip_of(store: &Store, state: &State, run: &Shown, task: TaskId) -> Option<Tip> {
    let x = state
        .view
        .scale(&run.index)
        .x(run.trace.get_event(state.step)?.time);
    // From below, where the lanes are.
    let mut y = store.drawn.borrow().scene.as_ref()?.height;
    while y > 0.0 {
        if let Some(hit) = hit(store, run, (x, y))
            && hit.task == task
        {
            let text = hit.text;
            return Some(Tip { text, x, y });
        }
        y -= 4.0;
    }
    None
}

/// Puts the tip beside what it is about, inside the plot.
fn place(element: &HtmlElement, tip: &Tip) {
    let room = element
        .parent_element()
        .map_or(0, |room| room.client_width());
    let (width, height) = (element.offset_width(), element.offset_height());
    let x = (tip.x + 12.0).min(f64::from(room - width - 4)).max(4.0);
    let above = tip.y - f64::from(height) - 10.0;
    let y = if above < 0.0 { tip.y + 18.0 } else { above };
    dom::style(element, "left", &pixels(x));
    dom::style(element, "top", &pixels(y));
}

//! The timeline: the scene on a canvas, its legend, its twin in text, and what pointers and keys do to it.

use super::dom::{self, by_id, pixels};
use super::page::Props;
use super::state::{Action, Command, Shown, State, Tip};
use super::text::task_class;
use crate::layout::{Hit, Scene, layout, legend};
use crate::render::canvas::paint;
use crate::render::{DARK, LIGHT, Theme};
use crate::trace::{TaskId, time_text};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlCanvasElement, HtmlElement, ResizeObserver, WheelEvent};
use yew::prelude::*;

/// How many rows of the table there are at once.
const ROWS: usize = 200;
/// How far a pointer may move in a click.
const CLICK: f64 = 4.0;

/// What is drawn, and what the pointer does there.
#[derive(Default)]
struct Drawn {
    scene: Option<Scene>,
    /// Where a button went down, and whether it has moved since.
    pressed: Option<(f64, bool)>,
}

#[component]
pub fn Timeline(Props { state, send }: &Props) -> Html {
    let drawn = use_memo((), |()| RefCell::new(Drawn::default()));

    // The room there is.
    use_effect_with((), {
        let send = send.clone();
        move |()| observe(send)
    });
    // The picture.
    let picture = (state.run.clone(), state.view, state.is_dark(), state.table);
    use_effect_with(picture, {
        let (drawn, state) = (drawn.clone(), state.clone());
        move |_| drawn.borrow_mut().scene = draw(&state)
    });
    use_effect_with((state.run.clone(), state.view.width, state.is_dark()), {
        let state = state.clone();
        move |_| draw_legend(&state)
    });
    use_effect_with(state.tip.clone(), |tip| {
        if let (Some(tip), Some(element)) = (tip, by_id::<HtmlElement>("tip")) {
            place(&element, tip);
        }
    });

    let on = |action: fn() -> Action| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(action()))
    };
    let point = |act: fn(&State, &mut Drawn, &PointerEvent) -> Option<Action>| {
        let (drawn, state, send) = (drawn.clone(), state.clone(), send.clone());
        Callback::from(move |event: PointerEvent| {
            let action = act(&state, &mut drawn.borrow_mut(), &event);
            if let Some(action) = action {
                send.emit(action);
            }
        })
    };
    let release = {
        let (drawn, state, send) = (drawn.clone(), state.clone(), send.clone());
        Callback::from(move |event: PointerEvent| {
            let pressed = drawn.borrow_mut().pressed.take();
            // A click goes to that instant, and selects whose block it is.
            if let (Some((_, false)), Some(run)) = (pressed, &state.run) {
                let hit = hit(&state, &drawn.borrow(), &event);
                let (x, _) = position(&event);
                let time = state.view.scale(&run.index).time(x).max(0.0) as u64;
                let step = hit.as_ref().map_or(run.trace.step_at(time), |hit| hit.step);
                if let Some(hit) = hit {
                    send.emit(Action::Select(Some(hit.task)));
                }
                send.emit(Action::Go(Command::To(step.max(1))));
            }
        })
    };
    let scroll = {
        let send = send.clone();
        Callback::from(move |_: Event| {
            if let Some(plot) = by_id::<Element>("plot") {
                send.emit(Action::Scroll(plot.scroll_top().into()));
            }
        })
    };
    let key = {
        let (drawn, state, send) = (drawn.clone(), state.clone(), send.clone());
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowUp" => -1,
                "ArrowDown" => 1,
                _ => return,
            };
            event.prevent_default();
            if let Some(task) = neighbour(&state, by) {
                send.emit(Action::Select(Some(task)));
                send.emit(Action::Tip(tip_of(&state, &drawn.borrow(), task)));
            }
        })
    };

    html! {
        <section id="panel-Timeline" class="timeline" aria-label="Timeline">
            if state.table {
                <Table state={state.clone()} send={send.clone()} />
            }
            <div id="plot" class={classes!("plot", state.table.then_some("away"))} tabindex="0" role="group"
                aria-label="Arrow up and down go from task to task" onscroll={scroll} onkeydown={key}>
                <div id="room">
                    <canvas id="drawing" role="img" aria-label={summary(state)}
                        onpointermove={point(moved)} onpointerdown={point(pressed)} onpointerup={release} onpointerleave={point(left)} />
                    if let Some(tip) = &state.tip {
                        <p id="tip" role="tooltip">{ &tip.text }</p>
                    }
                </div>
            </div>
            <canvas id="legend" class={classes!(state.table.then_some("away"))} aria-hidden="true" />
            <div class="tools">
                <button aria-label="Zoom in" title="Zoom in (W)" onclick={on(|| Action::Zoom(None, 1.5))}>{ "+" }</button>
                <button aria-label="Zoom out" title="Zoom out (S)" onclick={on(|| Action::Zoom(None, 1.0 / 1.5))}>{ "−" }</button>
                <button aria-label="Pan left" title="Pan left (A)" onclick={on(|| Action::Pan(-80.0))}>{ "‹" }</button>
                <button aria-label="Pan right" title="Pan right (D)" onclick={on(|| Action::Pan(80.0))}>{ "›" }</button>
                <button title="The whole run (0)" onclick={on(|| Action::Fit)}>{ "Fit" }</button>
                <button aria-pressed={state.table.to_string()} title="The same as text" onclick={on(if state.table { || Action::Table(false) } else { || Action::Table(true) })}>{ "Table" }</button>
            </div>
        </section>
    }
}

/// The timeline's twin in text.
#[component]
fn Table(Props { state, send }: &Props) -> Html {
    let rows = use_memo(state.run.clone(), |run| match run {
        Some(run) => rows(run, send),
        None => Html::default(),
    });
    let left_out = state
        .run
        .as_ref()
        .map_or(0, |run| run.index.table_len().saturating_sub(ROWS));
    html! {
        <div class="table" tabindex="0">
            <table>
                <thead><tr><th>{ "Task" }</th><th>{ "What it does" }</th><th>{ "From" }</th><th>{ "Until" }</th><th>{ "Steps" }</th></tr></thead>
                <tbody>{ (*rows).clone() }</tbody>
            </table>
            if left_out > 0 {
                <p class="quiet">{ ["and ", &left_out.to_string(), " more rows"].concat() }</p>
            }
        </div>
    }
}

fn rows(run: &Shown, send: &Callback<Action>) -> Html {
    let row = |row: crate::layout::TableRow| {
        let go = |step: u32| {
            let send = send.clone();
            let go = Callback::from(move |_: MouseEvent| send.emit(Action::Go(Command::To(step))));
            html! { <button class="link" onclick={go}>{ step }</button> }
        };
        html! {
            <tr>
                <th scope="row"><b class={task_class(row.task)}>{ run.trace.task_name(row.task) }</b></th>
                <td>{ row.text }</td>
                <td>{ time_text(row.start) }</td>
                <td>{ time_text(row.end) }</td>
                <td>{ go(row.first) }{ "–" }{ go(row.last) }</td>
            </tr>
        }
    };
    run.index.table(&run.trace).take(ROWS).map(row).collect()
}

fn summary(state: &State) -> String {
    let Some(run) = &state.run else {
        return "Nothing has run yet".to_owned();
    };
    let mut text = String::from("What each task does, from the start to ");
    text.push_str(&time_text(run.trace.run().time));
    text.push_str(": ");
    for (i, task) in run.index.tasks().take(20).enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        text.push_str(run.trace.task_name(task));
    }
    text
}

fn theme(state: &State) -> &'static Theme {
    if state.is_dark() { &DARK } else { &LIGHT }
}

/// Paints the picture at the state's view, and gives its scene.
fn draw(state: &State) -> Option<Scene> {
    let run = state.run.as_ref()?;
    let canvas = by_id::<HtmlCanvasElement>("drawing")?;
    let mut view = state.view;
    if view.width <= 0.0 || state.table {
        return None;
    }
    // Lanes that would leave room stand at their natural height, with the legend right below.
    let mut scene = layout(&run.index, &run.trace, &view);
    if scene.natural < view.height || view.height <= 0.0 {
        view.height = scene.natural;
        scene = layout(&run.index, &run.trace, &view);
    }
    if let Some(room) = by_id::<HtmlElement>("room") {
        dom::style(&room, "height", &pixels(scene.natural));
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

/// Tells the size of the plot whenever it changes, and lets wheels zoom and pan it.
fn observe(send: Callback<Action>) -> impl FnOnce() {
    let plot = by_id::<HtmlElement>("plot").expect("the plot is there");
    let heard = {
        let (plot, send) = (plot.clone(), send.clone());
        Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let (width, height) = (plot.client_width(), plot.client_height());
            if width > 0 {
                send.emit(Action::Resize(width.into(), height.into()));
            }
        })
    };
    let observer = ResizeObserver::new(heard.as_ref().unchecked_ref()).expect("browsers observe");
    observer.observe(&plot);
    let options = EventListenerOptions::enable_prevent_default();
    let wheel = EventListener::new_with_options(&plot, "wheel", options, move |event| {
        let event: &WheelEvent = event.unchecked_ref();
        let (dx, dy) = (event.delta_x(), event.delta_y());
        // A plain wheel scrolls, as everywhere.
        let action = if event.ctrl_key() {
            let x = f64::from(event.offset_x());
            Action::Zoom(Some(x), if dy < 0.0 { 1.25 } else { 0.8 })
        } else if event.shift_key() || dx.abs() > dy.abs() {
            Action::Pan(if dx == 0.0 { dy } else { dx })
        } else {
            return;
        };
        event.prevent_default();
        send.emit(action);
    });
    move || {
        observer.disconnect();
        drop((heard, wheel));
    }
}

fn position(event: &PointerEvent) -> (f64, f64) {
    (event.offset_x().into(), event.offset_y().into())
}

fn hit(state: &State, drawn: &Drawn, event: &PointerEvent) -> Option<Hit> {
    let (run, scene) = (state.run.as_ref()?, drawn.scene.as_ref()?);
    let (x, y) = position(event);
    scene.hit(&run.index, &run.trace, x, y)
}

fn pressed(_: &State, drawn: &mut Drawn, event: &PointerEvent) -> Option<Action> {
    drawn.pressed = (event.button() == 0).then_some((event.offset_x().into(), false));
    None
}

/// Drags the picture, or says what the pointer is on.
fn moved(state: &State, drawn: &mut Drawn, event: &PointerEvent) -> Option<Action> {
    let (x, y) = position(event);
    if event.buttons() == 0 {
        drawn.pressed = None;
    }
    if let Some((from, has_moved)) = &mut drawn.pressed {
        let by = *from - x;
        if !*has_moved && by.abs() < CLICK {
            return None;
        }
        (*from, *has_moved) = (x, true);
        return Some(Action::Pan(by));
    }
    let tip = hit(state, drawn, event).map(|hit| Tip {
        text: hit.text,
        x,
        y,
    });
    (tip.is_some() || state.tip.is_some()).then_some(Action::Tip(tip))
}

fn left(state: &State, drawn: &mut Drawn, _: &PointerEvent) -> Option<Action> {
    drawn.pressed = None;
    state.tip.is_some().then_some(Action::Tip(None))
}

/// The task whose lane is above or below the selected one's.
fn neighbour(state: &State, by: isize) -> Option<TaskId> {
    let tasks: Vec<TaskId> = state.run.as_ref()?.index.tasks().collect();
    let place = tasks.iter().position(|task| Some(*task) == state.selected);
    let place = match place {
        Some(place) => place.saturating_add_signed(by).min(tasks.len() - 1),
        None => 0,
    };
    tasks.get(place).copied()
}

/// What a task does at the playhead.
fn tip_of(state: &State, drawn: &Drawn, task: TaskId) -> Option<Tip> {
    let (run, scene) = (state.run.as_ref()?, drawn.scene.as_ref()?);
    let time = run.trace.get_event(state.step)?.time;
    let x = scene.scale.x(time);
    // From below, where the lanes are.
    let ys = (0..(scene.height / 4.0) as u32).rev();
    ys.map(|y| f64::from(y) * 4.0).find_map(|y| {
        let hit = scene.hit(&run.index, &run.trace, x, y)?;
        (hit.task == task).then_some(Tip {
            text: hit.text,
            x,
            y,
        })
    })
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

//! The program: its lines, who is at which, and the editor above them.

use super::dom::by_id;
use super::faults::Faults;
use super::page::Props;
use super::state::{Action, State};
use super::text::{code_html, initials, pieces_of, task_class};
use crate::trace::{MarkKind, TaskId};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// How many tasks at one line there is room to name.
const NAMED: usize = 2;

#[component]
pub fn Program(props: &Props) -> Html {
    let Props { state, send } = props;
    let act = |action: fn() -> Action| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(action()))
    };
    let text = state.program_text();
    let ran = state.run.as_ref().filter(|run| run.program.source == text);
    let current = ran
        .and(state.now.as_ref())
        .map(|now| now.after.task(now.actor).line);
    let current = current.filter(|&line| line > 0);
    use_effect_with(current, |&line| {
        if let Some(line) = line {
            reveal(line);
        }
    });
    use_effect_with(state.editing, |&editing| {
        if editing && let Some(editor) = by_id::<HtmlElement>("source") {
            let _ = editor.focus();
        }
    });
    let edit = {
        let send = send.clone();
        Callback::from(move |_: InputEvent| {
            if let Some(editor) = by_id::<HtmlTextAreaElement>("source") {
                send.emit(Action::Edit(editor.value()));
            }
        })
    };
    let open = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| {
            send.emit(Action::Editing(true));
            if let Some(editor) = by_id::<HtmlElement>("source") {
                let _ = editor.focus();
            }
        })
    };
    html! {
        <section id="panel-Program" class="program" aria-label="Program">
            <div class="bar">
                <h2>{ "Program" }</h2>
                if state.text.is_some() {
                    <span class="chip">{ "edited" }</span>
                    <button class="small" onclick={act(|| Action::Restore)}>{ "Restore the original" }</button>
                }
                <span class="space"></span>
                if state.editing {
                    <button class="small strong" title="Ctrl+Enter" onclick={act(|| Action::Run)}>{ "Run" }</button>
                    <button class="small" onclick={act(|| Action::Editing(false))}>{ "Done" }</button>
                }
                if !state.embed {
                    <button class="small" aria-pressed={state.editing.to_string()} onclick={open}>{ "Edit program" }</button>
                }
            </div>
            if !state.embed && state.text.is_none() && !state.editing {
                <p class="summary">{ state.entry().summary }</p>
            }
            <Faults ..props.clone() />
            <div class="listing" id="listing" tabindex="0">
                <div class={classes!("lines", state.editing.then_some("editing"))}>
                    <ol class="rows" aria-hidden="true">{ rows(state, text) }</ol>
                    <Code ..props.clone() />
                    if state.editing {
                        <textarea id="source" aria-label="Program source" value={text.to_owned()} oninput={edit} spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" />
                    }
                </div>
            </div>
        </section>
    }
}

/// The text with its colours, which only changes with the text or the run.
#[component]
fn Code(Props { state, .. }: &Props) -> Html {
    let deps = (state.program_text().to_owned(), state.run.clone());
    let html = use_memo(deps, |(text, run)| {
        let pieces = run.as_ref().map(|run| pieces_of(text, run));
        let mut html = code_html(text, &pieces.unwrap_or_default());
        // The last line has a height, too.
        html.push('\n');
        AttrValue::from(html)
    });
    html! {
        <pre class="code">{ Html::from_html_unchecked((*html).clone()) }</pre>
    }
}

/// Number, marks and badges of each line.
fn rows(state: &State, text: &str) -> Html {
    let run = state.run.as_ref().filter(|run| run.program.source == text);
    let mut at: Vec<(u64, TaskId)> = Vec::new();
    let mut actor = None;
    if let (Some(_), Some(now)) = (run, &state.now) {
        let tasks = now.after.tasks.iter().take(now.after.spawned as usize);
        for (id, task) in tasks {
            if task.began && !task.has_ended() && task.line > 0 {
                at.push((task.line.into(), id));
            }
        }
        at.sort_unstable();
        actor = Some(now.actor);
    }
    let mut marks = run.map_or(&[][..], |run| &run.marks);
    let mut at = &at[..];
    let mut rows = Vec::new();
    // The line after the last one's end has a number only where one can write on it.
    let last = text.split('\n').count() as u32;
    let is_shown = state.editing || !text.ends_with('\n');
    for line in 1..=last - u32::from(!is_shown) {
        let here = at
            .iter()
            .take_while(|(it, _)| *it == u64::from(line))
            .count();
        let (tasks, later) = at.split_at(here);
        at = later;
        let mut marked = [false; 2];
        while let Some((mark, rest)) = marks.split_first() {
            if mark.line > line {
                break;
            }
            marked[mark.kind as usize] = mark.line == line;
            marks = rest;
        }
        let acts = tasks.iter().find(|(_, task)| Some(*task) == actor);
        let colour = acts.or(tasks.first()).map(|(_, task)| task_class(*task));
        let is_fault = state.faults.iter().any(|fault| fault.line == line);
        let class = classes!(
            colour,
            colour.map(|_| "at"),
            acts.map(|_| "acts"),
            is_fault.then_some("fault")
        );
        let mark = if marked[MarkKind::Await as usize] {
            html! { <i class="await" title="The task can be suspended here">{ "◇" }</i> }
        } else if marked[MarkKind::Preempt as usize] {
            html! { <i class="preempt" title="A thread can be switched out here"></i> }
        } else {
            Html::default()
        };
        let badge = |&(_, task): &(u64, TaskId)| {
            let name = run.map_or("", |run| run.trace.task_name(task));
            html! { <b class={task_class(task)} title={name.to_owned()}>{ initials(name) }</b> }
        };
        let named = if tasks.len() > NAMED {
            NAMED - 1
        } else {
            NAMED
        };
        let more = tasks.len().saturating_sub(named);
        rows.push(html! {
            <li class={class}>
                <span class="who">
                    { for tasks.iter().take(named).map(badge) }
                    if more > 0 {
                        <b>{ ["+", &more.to_string()].concat() }</b>
                    }
                </span>
                <span class="number">{ line }</span>
                { mark }
            </li>
        });
    }
    rows.into_iter().collect()
}

/// Scrolls the listing, and nothing else, until the line shows.
fn reveal(line: u32) {
    let Some(listing) = by_id::<HtmlElement>("listing") else {
        return;
    };
    let Some(lines) = listing.first_element_child() else {
        return;
    };
    let Some(row) = lines
        .first_element_child()
        .and_then(|rows| rows.children().item(line - 1))
    else {
        return;
    };
    let height = row.client_height();
    let top = height * (line as i32 - 1);
    let (from, room) = (listing.scroll_top(), listing.client_height());
    if top < from + height {
        listing.set_scroll_top(top - 2 * height);
    } else if top + 2 * height > from + room {
        listing.set_scroll_top(top + 3 * height - room);
    }
}

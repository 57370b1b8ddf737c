//! The program: its lines, who is at which, and the editor above them.

use super::dom::by_id;
use super::faults;
use super::markup::{Is, Markup, is};
use super::state::{Action, State};
use super::text::{code_html, initials, number, pieces_of, task_class};
use crate::trace::{MarkKind, NO_TASK, TaskId};
use web_sys::{HtmlElement, HtmlTextAreaElement};

/// How many tasks at one line there is room to name.
const NAMED: usize = 2;

pub fn write(state: &State, out: &mut Markup) {
    let source = state.program_text();
    out.open(
        "section",
        is!("id" = "panel-Program" "class" = "program" "aria-label" = "Program"),
    );
    out.open("div", is!("class" = "bar"))
        .leaf("h2", &[], "Program");
    if state.text.is_some() {
        out.leaf("span", is!("class" = "chip"), "edited");
    } else {
        out.nothing();
    }
    out.leaf("span", is!("class" = "space"), "");
    out.open("div", is!("class" = "buttons"));
    buttons(state, out);
    out.close().close();
    match &state.run {
        Some(run) if !state.embed && state.text.is_none() && !state.editing => {
            out.leaf("p", is!("class" = "summary"), &run.program.summary)
        }
        _ => out.nothing(),
    };
    faults::write(state, out);
    out.open(
        "div",
        is!("class" = "listing" "id" = "listing" "tabindex" = "0"),
    )
    .open("div", is!("class" = "lines"))
    .open("ol", is!("class" = "rows" "aria-hidden" = "true"));
    rows(state, source, out);
    out.close().open("pre", is!("class" = "code"));
    match &state.run {
        Some(run) if run.program.source == source => out.raw(&run.code),
        Some(run) => out.raw(&code_html(source, &pieces_of(source, run))),
        None => out.text(source),
    };
    // The last line has a height, too.
    out.text("\n").close();
    if state.editing {
        out.open(
            "textarea",
            is!("id" = "source" "aria-label" = "Program source" "spellcheck" = "false" "autocomplete" = "off" "autocapitalize" = "off" "wrap" = "off"),
        )
        .input(Action::Edit)
        .close();
    } else {
        out.nothing();
    }
    out.close().close().close();
}

fn buttons(state: &State, out: &mut Markup) {
    let small: Is = is!("class" = "small");
    let mut button = |name: &str, is: Is, action: fn(u32) -> Action| {
        out.open("button", is)
            .key(name)
            .click(action, 0)
            .text(name)
            .close();
    };
    if state.text.is_some() {
        button("Restore the original", small, |_| Action::Restore);
    }
    if state.editing {
        button("Run", is!("class" = "small strong"), |_| Action::Run);
        button("Done", small, |_| Action::Editing(false));
    }
    if !state.embed {
        button("Edit program", small, |_| Action::Editing(true));
    }
}

/// Number, marks and badges of each line.
fn rows(state: &State, source: &str, out: &mut Markup) {
    let run = state
        .run
        .as_ref()
        .filter(|run| run.program.source == source);
    let mut at: Vec<(u64, TaskId)> = Vec::new();
    let mut actor = NO_TASK;
    if let (Some(_), Some(now)) = (run, &state.now) {
        for (id, task) in now.after.tasks.iter().take(now.after.spawned as usize) {
            if task.began && !task.has_ended() && task.line > 0 {
                at.push((task.line.into(), id));
            }
        }
        at.sort_unstable();
        actor = now.actor;
    }
    let mut marks = run.map_or(&[][..], |run| &run.marks).iter().peekable();
    let mut at = &at[..];
    // The line after the last one's end has a number only where one can write on it.
    let last = source.bytes().filter(|byte| *byte == b'\n').count() as u32;
    let is_shown = state.editing || !source.ends_with('\n');
    for line in 1..=last + u32::from(is_shown) {
        let here = at.iter().take_while(|(it, _)| *it == u64::from(line));
        let (tasks, later) = at.split_at(here.count());
        at = later;
        out.open("li", &[]);
        let mut class = String::new();
        let acts = tasks.iter().find(|(_, task)| *task == actor);
        if let Some(&(_, task)) = acts.or(tasks.first()) {
            class.push_str(task_class(task));
            class.push_str(if acts.is_some() { " at acts" } else { " at" });
        }
        if state.faults.iter().any(|fault| fault.line == line) {
            class.push_str(" fault");
        }
        out.set("class", &class).open("span", is!("class" = "who"));
        let named = if tasks.len() > NAMED {
            NAMED - 1
        } else {
            NAMED
        };
        for &(_, task) in tasks.iter().take(named) {
            let name = run.map_or("", |run| run.trace.task_name(task));
            out.open("b", &[])
                .set("class", task_class(task))
                .set("title", name)
                .text(&initials(name))
                .close();
        }
        if tasks.len() > named {
            let more = number((tasks.len() - named) as u32);
            out.leaf("b", &[], &["+", &more].concat());
        }
        out.close().leaf("span", &[], &number(line));
        let mut mark = None;
        while let Some(next) = marks.next_if(|mark| mark.line <= line) {
            // An await tells more than a preemption at the same line.
            if mark != Some(MarkKind::Await) {
                mark = Some(next.kind);
            }
        }
        match mark {
            Some(MarkKind::Await) => {
                let is = is!("class" = "await" "title" = "The task can be suspended here");
                out.leaf("i", is, "◇");
            }
            Some(MarkKind::Preempt) => {
                let is = is!("class" = "preempt" "title" = "A thread can be switched out here");
                out.leaf("i", is, "");
            }
            None => {}
        }
        out.close();
    }
}

/// Keeps the editor's text, the focus, and the line in sight.
pub fn rendered(old: Option<&State>, state: &State) {
    if let Some(editor) = by_id::<HtmlTextAreaElement>("source") {
        let text = state.program_text();
        if editor.value() != text {
            editor.set_value(text);
        }
        if old.is_none_or(|old| !old.editing) {
            let _ = editor.focus();
        }
    }
    let line = current(state);
    if line != old.and_then(current)
        && let Some(line) = line
    {
        reveal(line);
    }
}

/// The line of the one who acts.
fn current(state: &State) -> Option<u32> {
    let (run, now) = (state.run.as_ref()?, state.now.as_ref()?);
    let line = now.after.task(now.actor).line;
    (line > 0 && run.program.source == state.program_text()).then_some(line)
}

/// Scrolls the listing, and nothing else, until the line shows.
fn reveal(line: u32) {
    let Some(listing) = by_id::<HtmlElement>("listing") else {
        return;
    };
    let Some(row) = listing.query_selector("li").ok().flatten() else {
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

//! What holds at this instant: variables, who runs, who waits for what and why.

use super::findings::Findings;
use super::page::Props;
use super::state::{Action, Now, Shown};
use super::text::{message_html, task_class};
use crate::narration::{Argument, Message, Part, wait_reason};
use crate::trace::*;
use yew::prelude::*;

/// More of a kind are only counted.
const MOST: usize = 12;

#[component]
pub fn StatePanel(props: &Props) -> Html {
    let Props { state, .. } = props;
    let content = match (&state.run, &state.now) {
        (Some(run), Some(now)) => content(props, run, now),
        _ => Html::default(),
    };
    html! {
        <section id="panel-State" class="state" aria-label="State" tabindex="0">
            { content }
            <Findings ..props.clone() />
        </section>
    }
}

fn content(props: &Props, run: &Shown, now: &Now) -> Html {
    let (trace, after) = (&run.trace, &now.after);
    let queues = after.queues(trace);
    let ago = |since: u64| duration_text(after.time.saturating_sub(since));
    let badge = |task: TaskId| badge(props, run, task);
    let row = |task: TaskId, text: String| html! { <p>{ badge(task) }<span>{ text }</span></p> };
    let reason = |task: TaskId| {
        let wait = after.task(task).wait;
        let html = wait.map_or(String::new(), |wait| reason_html(run, now, task, wait));
        html! { <p>{ badge(task) }<span>{ Html::from_html_unchecked(html.into()) }</span></p> }
    };

    let variables = after
        .variables()
        .filter(|(id, _)| trace.location(*id).shared)
        .map(|(id, variable)| {
            let new = trace.show(variable.tag, variable.value);
            let changed = variable.step == props.state.step;
            let old = if changed && variable.old_tag != Tag::Absent {
                trace.show(variable.old_tag, variable.old_value) + " → "
            } else {
                String::new()
            };
            html! {
                <p class={classes!("variable", changed.then_some("changed"))}>
                    <code>{ trace.location(id).name }</code>
                    <span class="space"></span>
                    <code>{ old }<b>{ new }</b></code>
                    { badge(variable.writer) }
                </p>
            }
        });

    let threads = (1..after.spawned).any(|task| trace.task_kind(task) == TaskKind::Thread);
    let gil = &after.gil;
    let holder = (trace.run().gil && threads).then(|| match gil.holder {
        NO_TASK => html! { <p class="quiet">{ "nobody" }</p> },
        holder => {
            let interval = duration_text(trace.run().switch_interval);
            row(holder, [&ago(gil.since), " of its ", &interval].concat())
        }
    });
    let loops = after.loops.iter().map(|it| match it.current {
        NO_TASK => html! { <p class="quiet">{ "no task" }</p> },
        current => row(current, "for ".to_owned() + &ago(it.since)),
    });
    let cores = (0..)
        .zip(&after.cores)
        .filter(|(_, task)| **task != NO_TASK);
    let cores = cores.map(|(core, &task)| row(task, "core ".to_owned() + &u32::to_string(&core)));

    let waits_for_gil = queues.gil.iter().map(|&task| {
        let it = after.task(task);
        let text = if it.asked {
            "has asked, waits for "
        } else {
            "for "
        };
        row(task, text.to_owned() + &ago(it.since))
    });
    let ready = |tasks: &[TaskId]| -> Vec<Html> {
        let row = |&task: &TaskId| row(task, "for ".to_owned() + &ago(after.task(task).since));
        tasks.iter().map(row).collect()
    };
    let locks = after
        .things_in_use()
        .filter(|(_, it)| !it.holders.is_empty());
    let locks = locks.map(|(id, it)| {
        let thing = trace.thing(id);
        let name = if thing.name.is_empty() { "a lock" } else { thing.name };
        html! {
            <p>
                <code>{ name }</code><span>{ "held by" }</span>{ for it.holders.iter().take(MOST).map(|(task, _)| badge(*task)) }
                if !it.waiters.is_empty() {
                    <span>{ "· wanted by" }</span>{ for it.waiters.iter().take(MOST).map(|task| badge(*task)) }
                }
            </p>
        }
    });
    let is_reply = |task: &&TaskId| {
        let wait = after.task(**task).wait;
        wait.is_some_and(|wait| wait.kind == Wait::Reply)
    };
    let replies = queues
        .waiting
        .iter()
        .filter(is_reply)
        .map(|&task| reason(task));
    let waiting = queues.waiting.iter().filter(|task| !is_reply(task));
    let waiting = waiting.map(|&task| reason(task));
    let timers = queues
        .timers
        .iter()
        .map(|&(time, task)| row(task, "at ".to_owned() + &time_text(time)));

    let of = props.state.selected.unwrap_or(now.actor);
    let frames = &after.task(of).frames;
    let stack = frames.iter().rev().map(|frame| {
        let name = match trace.string(frame.name) {
            "" => "the program",
            name => name,
        };
        let line = "line ".to_owned() + &frame.line.to_string();
        html! { <p><code>{ name }</code><span>{ line }</span></p> }
    });
    let stack_title = match of {
        NO_TASK => String::new(),
        of => "Stack of ".to_owned() + trace.task_name(of),
    };

    html! {
        <>
            { group("Shared state", variables.collect()) }
            { group("Holds the GIL", holder.into_iter().collect()) }
            { group("In the event loop", loops.collect()) }
            if !trace.run().gil {
                { group("On a core", cores.collect()) }
            }
            { group("Waiting for the GIL", waits_for_gil.collect()) }
            { group("Locks", locks.collect()) }
            { group("Ready, waiting for a core", ready(&queues.threads_ready)) }
            { group("Ready queue", ready(&queues.tasks_ready)) }
            { group("Waiting", waiting.collect()) }
            { group("I/O", replies.collect()) }
            { group("Timers", timers.collect()) }
            { group(&stack_title, stack.collect()) }
        </>
    }
}

/// A heading and what is below it, if anything.
fn group(title: &str, mut rows: Vec<Html>) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    let more = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    html! {
        <>
            <h2>{ title.to_owned() }</h2>
            { rows.into_iter().collect::<Html>() }
            if more > 0 {
                <p class="quiet">{ ["and ", &more.to_string(), " more"].concat() }</p>
            }
        </>
    }
}

/// A task's name in its colour; it selects the task.
fn badge(props: &Props, run: &Shown, task: TaskId) -> Html {
    if task >= run.trace.task_count() {
        return Html::default();
    }
    let is_selected = props.state.selected == Some(task);
    let select = {
        let send = props.send.clone();
        let task = Some(task).filter(|_| !is_selected);
        Callback::from(move |_: MouseEvent| send.emit(Action::Select(task)))
    };
    html! {
        <button class={classes!("badge", task_class(task))} title={run.trace.task(task).label.to_owned()} aria-pressed={is_selected.to_string()} onclick={select}>
            { run.trace.task_name(task) }
        </button>
    }
}

/// Until when a task waits: "until A ends".
fn reason_html(run: &Shown, now: &Now, task: TaskId, wait: WaitFor) -> String {
    use crate::narration::Key;
    // The sentence itself is not wanted: the phrase that is its reason becomes the sentence.
    let mut message = wait_reason(Message::new(Key::Start), &now.after, task, wait);
    let reason = message.parts.iter().find_map(|part| match part {
        Part::Argument(_, Argument::Phrase(key)) => Some(*key),
        _ => None,
    });
    if let Some(key) = reason {
        message.parts[0] = Part::Sentence(key);
    }
    message_html(&run.trace, &message)
}

//! What holds at this instant: variables, who runs, who waits for what and why.

use super::markup::{Is, Markup, is};
use super::state::{Action, Now, Shown, State};
use super::text::{message_html, number, task_class};
use super::{explore, findings};
use crate::narration::{Argument, Key, Message, Part, wait_reason};
use crate::trace::*;

/// More of a kind are only counted.
const MOST: u32 = 12;

const QUIET: Is = is!("class" = "quiet");

pub fn write(state: &State, out: &mut Markup) {
    out.open(
        "section",
        is!("id" = "panel-State" "class" = "state" "aria-label" = "State" "tabindex" = "0"),
    );
    if let (Some(run), Some(now)) = (&state.run, &state.now) {
        let mut panel = Panel {
            state,
            run,
            now,
            out,
            rows: 0,
        };
        panel.variables();
        explore::write(state, panel.out);
        panel.running();
        panel.waiting();
        panel.stack();
        findings::write(state, run, out);
    }
    out.close();
}

struct Panel<'a> {
    state: &'a State,
    run: &'a Shown,
    now: &'a Now,
    out: &'a mut Markup,
    /// How many rows the group has that is being written.
    rows: u32,
}

impl Panel<'_> {
    /// Shared variables, with what changed right now.
    fn variables(&mut self) {
        let trace = &self.run.trace;
        for (id, variable) in self.now.after.variables() {
            let location = trace.location(id);
            if !location.shared || !self.begin_row("Shared state") {
                continue;
            }
            let mut old = String::new();
            self.out.set("class", "variable");
            if variable.step == self.state.step {
                self.out.set("class", "variable changed");
                if variable.old_tag != Tag::Absent {
                    old = trace.show(variable.old_tag, variable.old_value);
                    old.push_str(" → ");
                }
            }
            let new = trace.show(variable.tag, variable.value);
            self.out
                .leaf("code", &[], location.name)
                .leaf("span", is!("class" = "space"), "")
                .open("code", &[])
                .text(&old)
                .leaf("b", &[], &new)
                .close();
            self.badge(variable.writer);
            self.out.close();
        }
        self.end_group();
    }

    /// Who has what one must have to run.
    fn running(&mut self) {
        let (trace, after) = (&self.run.trace, &self.now.after);
        if !trace.run().gil {
            for (core, &task) in (0..).zip(&after.cores) {
                if task != NO_TASK {
                    self.row("On a core", task, &["core ", &number(core)]);
                }
            }
        } else if (1..after.spawned).any(|task| trace.task_kind(task) != TaskKind::Coroutine) {
            // Alone, one always has it.
            let interval = trace.run().switch_interval;
            let whole = duration_text(interval);
            for gil in &after.gils {
                let held = self.ago(gil.since);
                let words: [&str; 3] = match interval {
                    0 => ["for ", &held, ""],
                    _ => [&held, " of its ", &whole],
                };
                self.row("Holds the GIL", gil.holder, &words);
            }
        }
        self.end_group();
        for it in &after.loops {
            let time = self.ago(it.since);
            self.row("In the event loop", it.current, &["for ", &time]);
        }
        self.end_group();
    }

    /// Who waits, for what, and why.
    fn waiting(&mut self) {
        let now = self.now;
        let queues = now.after.queues(&self.run.trace);
        self.since("Waiting for the GIL", &queues.gil);
        self.locks();
        self.since("Ready, waiting for a core", &queues.threads_ready);
        self.since("Ready queue", &queues.tasks_ready);
        for (title, is_io) in [("Waiting", false), ("I/O", true)] {
            for &task in &queues.waiting {
                if let Some(wait) = now.after.task(task).wait
                    && matches!(wait.kind, Wait::Reply | Wait::Io) == is_io
                    && self.begin_row(title)
                {
                    self.badge(task);
                    let reason = self.reason(task, wait);
                    self.out.open("span", &[]).raw(&reason).close().close();
                }
            }
            self.end_group();
        }
        for &(time, task) in &queues.timers {
            self.row("Timers", task, &["at ", &time_text(time)]);
        }
        self.end_group();
    }

    fn locks(&mut self) {
        let now = self.now;
        for (id, thing) in now.after.things_in_use() {
            if thing.holders.is_empty() || !self.begin_row("Locks") {
                continue;
            }
            let name = match self.run.trace.thing(id).name {
                "" => "a lock",
                name => name,
            };
            self.out
                .leaf("code", &[], name)
                .leaf("span", &[], "held by");
            for &(task, _) in &thing.holders {
                self.badge(task);
            }
            if !thing.waiters.is_empty() {
                self.out.leaf("span", &[], "wanted by");
            }
            for &task in thing.waiters.iter().take(MOST as usize) {
                self.badge(task);
            }
            self.out.close();
        }
        self.end_group();
    }

    /// The stack of the selected task, or of the one that acts.
    fn stack(&mut self) {
        let (trace, now) = (&self.run.trace, self.now);
        let task = self.state.selected.unwrap_or(now.actor);
        if task >= trace.task_count() {
            return;
        }
        let title = ["Stack of ", trace.task_name(task)].concat();
        for frame in now.after.task(task).frames.iter().rev() {
            let name = match trace.string(frame.name) {
                "" => "the program",
                name => name,
            };
            if self.begin_row(&title) {
                self.out
                    .leaf("code", &[], name)
                    .leaf("span", &[], &["line ", &number(frame.line)].concat())
                    .close();
            }
        }
        self.end_group();
    }

    fn ago(&self, since: u64) -> String {
        duration_text(self.now.after.time.saturating_sub(since))
    }

    /// A group with a row for each task: since when it is there.
    fn since(&mut self, title: &str, tasks: &[TaskId]) {
        for &task in tasks {
            let it = self.now.after.task(task);
            let words = if it.asked {
                "has asked, waits for "
            } else {
                "for "
            };
            let time = self.ago(it.since);
            self.row(title, task, &[words, &time]);
        }
        self.end_group();
    }

    /// A row about a task.
    fn row(&mut self, title: &str, task: TaskId, words: &[&str]) {
        if self.begin_row(title) {
            if task == NO_TASK {
                self.out.leaf("span", QUIET, "nobody");
            } else {
                self.badge(task);
                self.out.leaf("span", &[], &words.concat());
            }
            self.out.close();
        }
    }

    /// Opens a row, and with the first its group; whether there is room for one more.
    fn begin_row(&mut self, title: &str) -> bool {
        if self.rows == 0 {
            // Keyed, so that a badge keeps the focus when other groups come and go.
            self.out
                .open("div", is!("class" = "group"))
                .key(title)
                .leaf("h2", &[], title);
        }
        self.rows += 1;
        let has_room = self.rows <= MOST;
        if has_room {
            self.out.open("p", &[]);
        }
        has_room
    }

    fn end_group(&mut self) {
        if let Some(more) = self.rows.checked_sub(MOST + 1) {
            let words = ["and ", &number(more + 1), " more"].concat();
            self.out.leaf("p", QUIET, &words);
        }
        if self.rows > 0 {
            self.out.close();
        }
        self.rows = 0;
    }

    /// A task's name in its colour; it selects the task.
    fn badge(&mut self, task: TaskId) {
        let trace = &self.run.trace;
        if task >= trace.task_count() {
            return;
        }
        let is_selected = self.state.selected == Some(task);
        let select: fn(u32) -> Action = if is_selected {
            |_| Action::Select(None)
        } else {
            |task| Action::Select(Some(task))
        };
        self.out
            .open("button", &[])
            .set("class", &["badge ", task_class(task)].concat())
            .set("title", trace.task(task).label)
            .set_whether("aria-pressed", is_selected)
            .click(select, task)
            .text(trace.task_name(task))
            .close();
    }

    /// Until when a task waits: "until A ends".
    fn reason(&self, task: TaskId, wait: WaitFor) -> String {
        // The sentence itself is not wanted: the phrase that is its reason becomes the sentence.
        let mut message = wait_reason(Message::new(Key::Start), &self.now.after, task, wait);
        for part in &message.parts {
            if let Part::Argument(_, Argument::Phrase(key)) = *part {
                message.parts[0] = Part::Sentence(key);
                break;
            }
        }
        message_html(&self.run.trace, &message)
    }
}

//! Draws the rows above the lanes: the GIL's ribbon with its requests, the loops' ribbons, the cores.

use super::hits::Subject;
use super::index::is_thread;
use super::measure::{shorten, text_width};
use super::merge::runs;
use super::rows::RowKind;
use super::scene::*;
use super::stage::{Stage, crisp};
use crate::trace::TaskKind;

/// The height of a core's row, and from one to the next, for so many cores.
fn core_sizes(cores: usize) -> (f64, f64) {
    match cores {
        0..=4 => (14.0, 24.0),
        5..=8 => (10.0, 16.0),
        _ => (4.0, 6.0),
    }
}

impl Stage<'_> {
    fn cores(&self) -> usize {
        self.index
            .rows
            .iter()
            .filter(|row| matches!(row.kind, RowKind::Core(_)))
            .count()
    }

    pub fn has_gil(&self) -> bool {
        self.index
            .rows
            .iter()
            .any(|row| matches!(row.kind, RowKind::Gil(_)))
    }

    fn row_pitch(&self, kind: RowKind) -> f64 {
        match kind {
            RowKind::Core(_) if self.without_cores => 0.0,
            RowKind::Core(_) => core_sizes(self.cores()).1,
            RowKind::Gil(_) if !self.index.requests.is_empty() => self.sizes.ribbon + 22.0,
            _ => self.sizes.ribbon + 12.0,
        }
    }

    /// The height of all rows, with the line below them.
    pub fn rows_height(&self) -> f64 {
        self.index
            .rows
            .iter()
            .map(|row| self.row_pitch(row.kind))
            .sum::<f64>()
            + 8.0
    }

    /// Draws them all from `y` on.
    pub fn rows(&mut self, mut y: f64) {
        let index = self.index;
        let cores = self.cores();
        for (i, row) in index.rows.iter().enumerate() {
            if self.row_pitch(row.kind) == 0.0 {
                continue;
            }
            let height = if matches!(row.kind, RowKind::Core(_)) {
                core_sizes(cores).0
            } else {
                self.sizes.ribbon
            };
            if !matches!(row.kind, RowKind::Core(core) if cores > 8 && core % 8 != 0) {
                let room = self.left - 12.0;
                let text = shorten(
                    &self.row_name(row.kind, room),
                    self.sizes.small,
                    false,
                    room,
                )
                .unwrap_or_default();
                self.scene.text(
                    Point::new(8.0, y + height.min(18.0) / 2.0 + 4.0),
                    text,
                    Ink::Muted,
                    self.sizes.small,
                );
            }
            self.scene.clip(Some(Rect::new(
                self.left,
                y - 2.0,
                self.right - self.left,
                self.row_pitch(row.kind),
            )));
            self.row(i, y, height);
            if let RowKind::Gil(process) = row.kind {
                self.requests(process, y + height + 7.0);
            }
            self.scene.clip(None);
            y += self.row_pitch(row.kind);
        }
        if !index.rows.is_empty() {
            let y = crisp(y + 2.0);
            self.scene.line(
                Point::new(0.0, y),
                Point::new(self.right, y),
                Ink::Grid,
                1.0,
                Dash::Solid,
            );
        }
    }

    fn row_name(&self, kind: RowKind, room: f64) -> String {
        match kind {
            // Nobody but the first process is in a run without others.
            RowKind::Gil(process) => {
                let main = (1..self.trace.task_count())
                    .filter(|&task| self.trace.task_kind(task) == TaskKind::Process)
                    .nth((process as usize).wrapping_sub(1));
                let mut name = String::from("GIL");
                if let Some(task) = main {
                    name = name + " " + self.trace.task_name(task);
                }
                name
            }
            RowKind::Core(core) => String::from("core ") + &core.to_string(),
            RowKind::Loop(_)
                if self
                    .index
                    .rows
                    .iter()
                    .filter(|row| matches!(row.kind, RowKind::Loop(_)))
                    .count()
                    < 2 =>
            {
                let long = "event loop";
                String::from(if text_width(long, self.sizes.small, false) <= room {
                    long
                } else {
                    "loop"
                })
            }
            RowKind::Loop(thread) => String::from("loop ") + self.trace.task_name(thread),
        }
    }

    fn row(&mut self, row: usize, y: f64, height: f64) {
        let turns = &self.index.rows[row].turns;
        let first = turns.partition_point(|turn| (turn.end as f64) < self.from);
        let last = turns.partition_point(|turn| turn.start as f64 <= self.to);
        let ribbon = height >= 16.0;
        for run in runs(first..last.max(first), &self.scale, |i| {
            (turns[i].start, turns[i].end)
        }) {
            let turn = &turns[run.longest];
            let left = run.left.max(self.left - 20.0);
            let width = (run.right.min(self.right + 20.0) - left).max(3.0);
            let rect = Rect::new(
                left,
                y,
                if width > 4.0 { width - 1.0 } else { width },
                height,
            );
            let radius = match ribbon {
                // A warning along its bottom needs corners.
                true if !turn.stalled => height / 2.0,
                _ => 3.0,
            };
            let radius = radius.min(rect.w / 2.0);
            let mixed = turns[run.first..=run.last]
                .iter()
                .any(|other| other.task != turn.task);
            if mixed {
                self.scene.block(rect, radius, Ink::Muted, Pattern::Solid);
            } else {
                self.scene
                    .block(rect, radius, Ink::Task(turn.task), task_pattern(turn.task));
            }
            if turn.stalled {
                self.tape(rect);
            }
            self.scene
                .area(rect, Subject::Row(row as u32, run.longest as u32));
            if ribbon && !mixed && rect.w > 20.0 {
                // The label follows the part that shows.
                let shown = rect.x.max(self.left);
                let inner = (rect.right().min(self.right) - shown - 10.0).max(0.0);
                let name = self.trace.task_name(turn.task);
                let name =
                    if is_thread(self.trace, turn.task) || text_width(name, 11.0, true) <= inner {
                        name
                    } else {
                        // "Task-2" is not worth an ellipsis: its number tells as much.
                        name.strip_prefix("Task-").unwrap_or(name)
                    };
                if text_width(name, 11.0, true) <= inner {
                    let at = Point::new(
                        shown + 6.0,
                        y + height / 2.0 + if turn.stalled { 2.0 } else { 4.0 },
                    );
                    self.scene.text(at, name, Ink::OnTask(turn.task), 11.0).bold = true;
                }
            }
        }
    }

    /// A warning along the bottom of a block.
    pub fn tape(&mut self, rect: Rect) {
        let height = (rect.h / 4.0).round().max(4.0);
        let tape = Rect::new(rect.x, rect.bottom() - height, rect.w, height);
        self.scene.block(
            tape,
            (height / 2.0).min(rect.w / 2.0).min(2.0),
            Ink::Alarm,
            Pattern::Stripe,
        );
    }

    fn requests(&mut self, process: u32, y: f64) {
        let requests = &self.index.requests;
        let (first, last) = self.steps_shown();
        let first = requests.partition_point(|&step| step < first);
        let last = requests.partition_point(|&step| step <= last);
        let mut before = f64::NEG_INFINITY;
        for &step in &requests[first..last.max(first)] {
            let x = self.x_of(step);
            if self.trace.event(step).b != process {
                continue;
            }
            // Closer than that they would only be a line.
            if x - before >= 4.0 {
                self.scene
                    .marker(Point::new(x, y), Mark::Triangle, 4.0, Ink::Amber);
                before = x;
            }
        }
    }

    /// The first and the last step that show.
    pub fn steps_shown(&self) -> (u32, u32) {
        let at = |time: f64| self.trace.step_at(time.max(0.0) as u64);
        let before = if self.from <= 0.0 { 0 } else { at(self.from) };
        (before + 1, at(self.to))
    }
}

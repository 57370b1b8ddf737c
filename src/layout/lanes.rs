//! Draws the tasks' lanes: names on the left, then a block or a line for each span.

use super::hits::Subject;
use super::index::{Lane, Phase, Span};
use super::measure::{shorten, text_width};
use super::merge::{Run, runs};
use super::scene::*;
use super::stage::Stage;
use super::words::short_wait;
use crate::trace::{Ending, NO_TASK, TaskKind};

impl Stage<'_> {
    /// The names of the lanes that show.
    pub fn names(&mut self) {
        let index = self.index;
        for i in self.visible_lanes() {
            let (lane, top) = (&index.lanes[i], self.lane_top(i));
            let (block, name, small) = (self.sizes.block, self.sizes.name, self.sizes.small);
            let area = Rect::new(4.0, top - 4.0, self.left - 8.0, block + 8.0);
            if self.view.selected == Some(lane.task) {
                self.scene.block(area, 6.0, Ink::Grid, Pattern::Solid);
            }
            self.scene.block(
                Rect::new(10.0, top + 2.0, 4.0, block - 4.0),
                2.0,
                Ink::Task(lane.task),
                task_pattern(lane.task),
            );
            let mut x = 20.0;
            if let Some(number) = self.view.turn_of(lane.task) {
                x = 24.0;
                self.turn_sign(number, top);
            }
            let room = self.left - x - 4.0;
            let label = self.lane_label(lane);
            // Without a second line the name stands in the middle.
            let base = if label.is_empty() {
                top + block / 2.0 + name * 0.36
            } else {
                top + block / 2.0 - 1.0
            };
            let mut shown = self.trace.task_name(lane.task);
            // `Thread-1 (work)`: the function stands below as well.
            if let Some((short, _)) = shown.split_once('(')
                && short.ends_with(' ')
                && text_width(shown, name, true) > room
            {
                shown = &short[..short.len() - 1];
            }
            if let Some(text) = shorten(shown, name, true, room) {
                self.scene
                    .text(Point::new(x, base), text, Ink::Text, name)
                    .bold = true;
            }
            // Of a call that is too long the function's name tells more than the beginning of its arguments.
            let fits = text_width(&label, small, false) <= room;
            let label = match label.split_once('(') {
                Some((function, _)) if !fits => String::from(function) + "(…)",
                _ => label,
            };
            if let Some(text) = shorten(&label, small, false, room) {
                self.scene
                    .text(Point::new(x, base + small + 2.0), text, Ink::Muted, small);
            }
            self.scene.area(area, Subject::Name(i as u32));
        }
    }

    /// The number under which this task can be let go on.
    fn turn_sign(&mut self, number: u32, top: f64) {
        let at = Point::new(12.0, top + self.sizes.block / 2.0);
        let rect = Rect::new(at.x - 10.0, at.y - 10.0, 20.0, 20.0);
        self.scene.block(rect, 6.0, Ink::Text, Pattern::Solid);
        let place = Point::new(at.x, at.y + 4.5);
        let text = number.to_string();
        let label = self.scene.text(place, text, Ink::Paper, 13.0);
        (label.bold, label.align) = (true, Align::Middle);
    }

    /// What the task runs, or, if it has no function of its own, what it is waiting for at the playhead.
    fn lane_label(&self, lane: &Lane) -> String {
        let task = self.trace.task(lane.task);
        if self.sizes.block < 24.0 {
            return String::new();
        }
        if !task.label.is_empty() && task.kind != TaskKind::Main {
            return task.label.to_string();
        }
        let step = self.view.step.max(1);
        let now = lane.spans.get(
            lane.spans
                .partition_point(|span| span.last <= step && span.end <= self.index.over),
        );
        now.filter(|span| span.first <= step)
            .map_or(String::new(), |span| short_wait(self.trace, lane, span))
    }

    /// What the lanes that show contain.
    pub fn blocks(&mut self) {
        let index = self.index;
        for i in self.visible_lanes() {
            let lane = &index.lanes[i];
            let top = self.lane_top(i);
            for run in runs(lane.visible(self.from, self.to), &self.scale, |i| {
                (lane.spans[i].start, lane.spans[i].end)
            }) {
                self.span(i, top, &run);
            }
            if let Some((time, _, how)) = lane.ending {
                // After a short block that was drawn wider than it is.
                let last = lane.spans.last().map_or(0, |span| span.end - span.start);
                let by = if (last as f64) * self.scale.per < 4.0 {
                    4.0
                } else {
                    1.0
                };
                self.end_cap(lane.task, self.scale.x(time) + by, top, how);
            }
        }
    }

    fn span(&mut self, place: usize, top: f64, run: &Run) {
        let lane = &self.index.lanes[place];
        let span = &lane.spans[run.longest];
        let height = self.sizes.block;
        // Far outside the picture nothing needs its true place.
        let (left, right) = (
            run.left.max(self.left - 20.0),
            run.right.min(self.right + 20.0),
        );
        let full = Rect::new(left, top, (right - left).max(0.0), height);
        let subject = Subject::Spans(place as u32, run.first as u32, run.last as u32);
        let touch = Rect::new(left - 1.0, top, full.w.max(4.0) + 2.0, height);
        let low = Rect::new(left, top + 4.0, (full.w - 1.0).max(1.5), height - 8.0);
        let radius = 4.0f64.min(full.w / 2.0);
        match span.phase {
            Phase::Running | Phase::Native | Phase::Stalled => {
                let width = if full.w > 4.0 {
                    full.w - 1.0
                } else {
                    full.w.max(3.0)
                };
                let rect = Rect { w: width, ..full };
                let pattern = if span.phase == Phase::Native {
                    Pattern::Level
                } else {
                    task_pattern(lane.task)
                };
                self.scene
                    .block(rect, 4.0f64.min(width / 2.0), Ink::Task(lane.task), pattern);
                if span.phase == Phase::Stalled {
                    self.tape(rect);
                }
                if run.first == run.last && width > 16.0 {
                    self.run_label(lane, span, rect);
                }
            }
            Phase::Ready => self.scene.block(low, radius, Ink::Muted, Pattern::Dashed),
            Phase::Gil => self.scene.block(low, radius, Ink::Amber, Pattern::Hatch),
            Phase::Locked => {
                self.scene
                    .block(low, radius, Ink::Lock, Pattern::CrossHatch);
                if span.holder != NO_TASK && low.w > 6.0 {
                    let edge = Rect::new(run.left, top, 4.0, height);
                    self.scene
                        .block(edge, 2.0, Ink::Task(span.holder), Pattern::Solid);
                }
                self.chip(&short_wait(self.trace, lane, span), low);
            }
            Phase::Suspended | Phase::Waiting => self.pause(lane, span, full),
        }
        self.scene.area(touch, subject);
    }

    /// A dotted line from where the task stopped to where it goes on, with what it waits for, where that fits.
    fn pause(&mut self, lane: &Lane, span: &Span, rect: Rect) {
        let ink = Ink::TaskText(lane.task);
        let y = rect.middle();
        let mut from = rect.x;
        let mut to = rect.right();
        if rect.w >= 22.0 {
            // Short blocks stand between two of them: they keep off.
            (from, to) = (from + 7.0, to - 8.0);
            self.scene
                .marker(Point::new(from, y), Mark::Diamond, 4.5, ink);
            // A wait that outlasts the run ends in nothing.
            if span.end < self.index.end {
                self.scene
                    .marker(Point::new(to, y), Mark::DiamondFilled, 4.5, ink);
            }
            (from, to) = (from + 7.0, to - 7.0);
        }
        let text = short_wait(self.trace, lane, span);
        let (left, right) = (from.max(self.left), to.min(self.right));
        let width = text_width(&text, self.sizes.small, false);
        let dots = |scene: &mut Scene, from: f64, to: f64| {
            if to - from >= 2.0 {
                scene.line(
                    Point::new(from, y),
                    Point::new(to, y),
                    ink,
                    1.5,
                    Dash::Dotted,
                );
            }
        };
        if !text.is_empty() && width + 24.0 <= right - left {
            let middle = (left + right) / 2.0;
            dots(&mut self.scene, from, middle - width / 2.0 - 5.0);
            dots(&mut self.scene, middle + width / 2.0 + 5.0, to);
            let label = self.scene.text(
                Point::new(middle, y + 4.0),
                text,
                Ink::Muted,
                self.sizes.small,
            );
            label.align = Align::Middle;
        } else {
            dots(&mut self.scene, from, to);
        }
    }

    fn end_cap(&mut self, task: u32, x: f64, top: f64, how: Ending) {
        if x < self.left - 10.0 || x > self.right + 10.0 {
            return;
        }
        let y = top + self.sizes.block / 2.0;
        let ink = Ink::TaskText(task);
        self.scene.marker(
            Point::new(x, y),
            Mark::Cap,
            self.sizes.block / 2.0 + 1.0,
            ink,
        );
        match how {
            Ending::Returned => {}
            Ending::Cancelled => self
                .scene
                .marker(Point::new(x + 10.0, y), Mark::Cross, 5.0, ink),
            Ending::Raised => {
                self.scene
                    .marker(Point::new(x + 10.0, y), Mark::Bolt, 8.0, Ink::Alarm)
            }
        }
    }
}

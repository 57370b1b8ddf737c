//! Draws what comes after a deadlock: nothing, for ever. The axis ends there, the waits go on, and arrows say who waits for whom.

use super::index::Phase;
use super::measure::shorten;
use super::scene::*;
use super::stage::{GRID, Stage, crisp};
use crate::trace::NO_TASK;

impl Stage<'_> {
    /// Where the run is over but its waits go on; nothing if it does not show.
    fn beyond(&self) -> Option<Rect> {
        let index = self.index;
        let x = crisp(self.scale.x(index.over)).max(self.left);
        let rect = Rect::new(x, GRID, self.right - x, self.lanes.bottom() - GRID);
        (index.end > index.over && rect.w > 8.0).then_some(rect)
    }

    /// Sets it off, and says what it is.
    pub fn for_ever(&mut self) {
        let Some(rect) = self.beyond() else { return };
        let size = self.sizes.small;
        self.scene.block(rect, 0.0, Ink::AlarmSoft, Pattern::Solid);
        self.scene.line(
            Point::new(rect.x, rect.y),
            Point::new(rect.x, rect.bottom()),
            Ink::Alarm,
            1.0,
            Dash::Dashed,
        );
        for text in ["deadlock: for ever", "deadlock"] {
            if let Some(text) = shorten(text, size, true, rect.w).filter(|it| it == text) {
                let at = Point::new(rect.x, rect.y - 10.0);
                self.scene.text(at, text, Ink::Alarm, size).bold = true;
                break;
            }
        }
    }

    /// From each task that waits for a lock to the one that holds it and never will release it.
    pub fn cycle(&mut self) {
        let (index, Some(rect)) = (self.index, self.beyond()) else {
            return;
        };
        let mut edges = Vec::new();
        for (place, lane) in index.lanes.iter().enumerate() {
            if let Some(span) = lane.spans.last()
                && (span.phase, span.end) == (Phase::Locked, index.end)
                && span.holder != NO_TASK
                && let Some(holder) = index.lane_of(span.holder)
            {
                edges.push((place, holder));
            }
        }
        // Few are a cycle that can be followed.
        let apart = rect.w / (edges.len().min(12) + 1) as f64;
        for (i, &(from, to)) in edges.iter().take(12).enumerate() {
            let x = rect.x + apart * (i + 1) as f64;
            let (mut start, mut end) = (self.lane_top(from), self.lane_top(to));
            if from < to {
                start += self.sizes.block;
            } else {
                end += self.sizes.block;
            }
            self.scene.shapes.push(Shape::Arrow {
                from: Point::new(x, start),
                to: Point::new(x, end),
                ink: Ink::Alarm,
            });
        }
    }
}

//! Draws who made whom go on: thin arrows between lanes, for the selected task and at the playhead.

use super::scene::*;
use super::stage::Stage;
use crate::trace::Kind;

/// How many are drawn at once.
const MOST: usize = 80;

impl Stage<'_> {
    /// Draws those that show.
    pub fn links(&mut self) {
        let index = self.index;
        let (from, to) = self.steps_shown();
        let first = index.links.partition_point(|link| link.step < from);
        let last = index
            .links
            .partition_point(|link| link.step <= to)
            .max(first);
        let selected = |task| self.view.selected == Some(task);
        // Each handing over of the GIL is seen on its ribbon already.
        let tells = |step| self.trace.event(step).kind != Kind::GilAcquire;
        let chosen = index.links[first..last].iter().filter(|link| {
            link.step == self.view.step
                || ((selected(link.from) || selected(link.to)) && tells(link.step))
        });
        for link in chosen.take(MOST) {
            let (Some(source), Some(target)) = (index.lane_of(link.from), index.lane_of(link.to))
            else {
                continue;
            };
            if source == target {
                continue;
            }
            let x = self.x_of(link.step);
            let (upper, lower) = (self.lane_top(source), self.lane_top(target));
            let (from, to) = if source < target {
                (upper + self.sizes.block, lower)
            } else {
                (upper, lower + self.sizes.block)
            };
            self.scene.shapes.push(Shape::Arrow {
                from: Point::new(x, from),
                to: Point::new(x, to),
                ink: Ink::TaskText(link.from),
            });
        }
    }
}

//! Draws race windows over the lanes they join: from a read to the write that depended on it, with the write in between.

use super::hits::Subject;
use super::index::Race;
use super::measure::text_width;
use super::order::{sort_by_key, within};
use super::scene::*;
use super::stage::Stage;

/// How many are drawn at once; of more, those nearest to the playhead.
const MOST: usize = 40;

impl Stage<'_> {
    /// Draws those that show.
    pub fn races(&mut self) {
        let index = self.index;
        let (from, to) = self.steps_shown();
        let first = index
            .races
            .partition_point(|race| race.read.saturating_add(index.longest_race) < from);
        let last = index.races.partition_point(|race| race.read <= to);
        let mut shown: Vec<(u32, Race)> = index.races[first..last.max(first)]
            .iter()
            .filter(|race| race.write >= from)
            .map(|race| (distance(race, self.view.step), *race))
            .collect();
        sort_by_key(&mut shown, |(distance, race)| {
            u64::from(*distance) << 32 | u64::from(race.read)
        });
        shown.truncate(MOST);
        let mut titles: Vec<Rect> = Vec::new();
        // The nearest is drawn last, over the others, but takes its title's room first.
        let bands: Vec<_> = shown
            .iter()
            .map(|(_, race)| self.band(race, &mut titles))
            .collect();
        for (band, _) in bands.iter().rev().flatten() {
            self.scene.shapes.push(Shape::Band { rect: *band });
        }
        for ((band, title), (_, race)) in bands
            .iter()
            .zip(&shown)
            .filter_map(|(band, race)| Some((band.as_ref()?, race)))
        {
            let index = index
                .races
                .binary_search_by_key(&(race.read, race.write), |race| (race.read, race.write));
            self.scene
                .area(*band, Subject::Race(index.unwrap_or(0) as u32));
            if let Some((at, text)) = title {
                let label = self
                    .scene
                    .text(*at, text.clone(), Ink::Alarm, self.sizes.small + 1.0);
                (label.bold, label.align, label.halo) = (true, Align::Middle, true);
            }
            self.curve(race);
        }
    }

    /// Where the window is and, if there is room, its title.
    #[allow(clippy::type_complexity)]
    fn band(&self, race: &Race, titles: &mut Vec<Rect>) -> Option<(Rect, Option<(Point, String)>)> {
        let (read, between, write) = (
            self.trace.get_event(race.read)?,
            self.trace.get_event(race.between)?,
            self.trace.get_event(race.write)?,
        );
        let lanes = [
            self.index.lane_of(write.task)?,
            self.index
                .lane_of(between.task)
                .or(self.index.lane_of(write.task))?,
        ];
        let (upper, lower) = (lanes[0].min(lanes[1]), lanes[0].max(lanes[1]));
        let left = self.scale.x(read.time).max(self.left - 20.0);
        let right = self
            .scale
            .x(write.time)
            .min(self.right + 20.0)
            .max(left + 2.0);
        let top = self.lane_top(upper) - 12.0;
        let bottom = self.lane_top(lower) + self.sizes.block + 4.0 + self.sizes.circle;
        let rect = Rect::new(left, top, right - left, bottom - top);
        let text = String::from("race window on ") + self.trace.location(write.a).name;
        let size = self.sizes.small + 1.0;
        let half = text_width(&text, size, true) / 2.0 + 4.0;
        let middle = (left + right) / 2.0;
        let middle = middle.min(self.right - half).max(self.left + half);
        let title = Rect::new(middle - half, top - size - 4.0, 2.0 * half, size + 4.0);
        let free = titles.iter().all(|other| {
            title.right() < other.x
                || other.right() < title.x
                || title.bottom() < other.y
                || other.bottom() < title.y
        });
        if !free || 2.0 * half > self.right - self.left {
            return Some((rect, None));
        }
        titles.push(title);
        Some((rect, Some((Point::new(middle, top - 5.0), text))))
    }

    /// From the write in between to the one that did not know of it.
    fn curve(&mut self, race: &Race) {
        let (Some(between), Some(write)) = (
            self.trace.get_event(race.between),
            self.trace.get_event(race.write),
        ) else {
            return;
        };
        let (Some(source), Some(target)) = (
            self.index.lane_of(between.task),
            self.index.lane_of(write.task),
        ) else {
            return;
        };
        // Ends that are far off need not be in their true place.
        let near = |x: f64| within(x, self.left - 2_000.0, self.right + 2_000.0);
        let (from, to) = (
            near(self.scale.x(between.time)),
            near(self.scale.x(write.time)),
        );
        if source == target {
            return;
        }
        let below = |lane: usize| self.lane_top(lane) + self.sizes.block + 4.0;
        let (from_y, to_y) = if source > target {
            (
                self.lane_top(source),
                below(target) + 2.0 * self.sizes.circle,
            )
        } else {
            (
                below(source) + 2.0 * self.sizes.circle,
                self.lane_top(target),
            )
        };
        let bend = (to_y - from_y) * 0.6;
        let points = [
            Point::new(from, from_y),
            Point::new(from, from_y + bend),
            Point::new(to, to_y - bend),
            Point::new(to, to_y),
        ];
        self.scene.shapes.push(Shape::Curve {
            points,
            ink: Ink::Alarm,
            width: 1.5,
        });
    }
}

/// How many steps the playhead is outside the window.
fn distance(race: &Race, step: u32) -> u32 {
    race.read
        .saturating_sub(step)
        .max(step.saturating_sub(race.write))
}

//! Draws the reads and writes of shared variables below the lanes: those that prove something first, then those near the playhead.

use super::hits::Subject;
use super::measure::{shorten, text_width};
use super::order::sort_by_key;
use super::scene::*;
use super::stage::Stage;
use crate::trace::{FLAG_STALE, Kind};

/// How many around the playhead are tried when a lane has more.
const NEAR: usize = 60;
/// How many that prove something are tried per lane.
const PROOFS: usize = 200;

impl Stage<'_> {
    /// Draws them for the lanes that show.
    pub fn accesses(&mut self) {
        let index = self.index;
        let (from, to) = self.steps_shown();
        for place in self.visible_lanes() {
            let all = &index.lanes[place].accesses;
            let first = all.partition_point(|&step| step < from);
            let last = all.partition_point(|&step| step <= to).max(first);
            let shown = &all[first..last];
            let at = shown.partition_point(|&step| step < self.view.step);
            let near = &shown[at.saturating_sub(NEAR / 2)..(at + NEAR / 2).min(shown.len())];
            let proofs = &index.proofs;
            let from_proof = proofs.partition_point(|&step| step < from);
            let to_proof = proofs.partition_point(|&step| step <= to).max(from_proof);
            let proofs = &proofs[from_proof..to_proof];
            let mut steps: Vec<u32> = proofs
                .iter()
                .copied()
                .filter(|step| shown.binary_search(step).is_ok())
                .take(PROOFS)
                .collect();
            let proven = steps.len();
            steps.extend(
                near.iter()
                    .filter(|step| proofs.binary_search(step).is_err()),
            );
            let playhead = self.view.step;
            let far = |step: &u32| step.abs_diff(playhead).into();
            sort_by_key(&mut steps[..proven], far);
            sort_by_key(&mut steps[proven..], far);
            let mut taken: Vec<(f64, f64)> = Vec::new();
            for step in steps {
                self.access(place, step, &mut taken);
            }
        }
    }

    fn access(&mut self, place: usize, step: u32, taken: &mut Vec<(f64, f64)>) {
        let event = self.trace.event(step);
        let (radius, small) = (self.sizes.circle, self.sizes.small);
        let x = self.scale.x(event.time);
        if x < self.left - 2.0 || x > self.right + 2.0 {
            return;
        }
        let mut text = self.trace.value_text(&event);
        if self.index.many_variables {
            text = String::from(self.trace.location(event.a).name) + "=" + &text;
        }
        let text = shorten(&text, small, false, 72.0).unwrap_or_default();
        let width = text_width(&text, small, false);
        // Below the circle there is room on both sides; else the value stands to its right.
        let below = self.sizes.block > 24.0;
        let (left, right) = if below {
            let half = radius.max(width / 2.0) + 2.0;
            (x - half, x + half)
        } else {
            (x - radius - 1.0, x + radius + width + 6.0)
        };
        if taken.iter().any(|&(from, to)| left < to && from < right) {
            return;
        }
        taken.push((left, right));
        let at = Point::new(x, self.lane_top(place) + self.sizes.block + radius + 4.0);
        let write = event.kind == Kind::Write;
        let ink = if write && event.flags & FLAG_STALE != 0 {
            Ink::Alarm
        } else {
            Ink::TaskText(event.task)
        };
        self.scene
            .marker(at, Mark::Circle(if write { 'W' } else { 'R' }), radius, ink);
        if !text.is_empty() {
            let place = if below {
                Point::new(x.max(self.left + width / 2.0), at.y + radius + 12.0)
            } else {
                Point::new(x + radius + 4.0, at.y + 4.0)
            };
            let label = self.scene.text(place, text, Ink::Muted, small);
            (label.halo, label.align) = (true, if below { Align::Middle } else { Align::Left });
        }
        let area = Rect::new(
            x - radius - 1.0,
            at.y - radius - 1.0,
            2.0 * radius + 2.0,
            2.0 * radius + 2.0,
        );
        self.scene.area(area, Subject::Access(place as u32, step));
    }
}

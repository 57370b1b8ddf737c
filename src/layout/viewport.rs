//! What part of a run is looked at, and how: plain numbers that the page keeps.

use super::index::Index;
use super::order::within;
use super::scene::Scale;
use crate::trace::TaskId;

/// How much room things take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Density {
    /// Names with their functions, room for reads and writes.
    #[default]
    Roomy,
    /// For embeds and phones.
    Compact,
}

/// What part of a run is looked at. Any numbers are fine: nonsense is mended when it is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The width of the drawing in CSS pixels.
    pub width: f64,
    /// The height there is; the drawing is never higher than it naturally is.
    pub height: f64,
    /// The first and the last instant shown, in virtual nanoseconds.
    pub start: f64,
    pub end: f64,
    /// How far the lanes are scrolled up, in pixels.
    pub lane_scroll: f64,
    pub selected: Option<TaskId>,
    /// The playhead; 0 before the first step.
    pub step: u32,
    /// The tasks that somebody may let go on now, a bit for each.
    pub lit: u64,
    /// The last step that this run has in common with another one; 0 if there is no other.
    pub mark: u32,
    pub density: Density,
}

/// The shortest stretch of time a viewport can show: less than one instruction.
const SHORTEST: f64 = 40.0;
/// Room on both sides of the fitted run.
const MARGIN: f64 = 10.0;

impl Viewport {
    /// The whole run at this width, at its natural height.
    pub fn fit(index: &Index, width: f64) -> Viewport {
        let mut viewport = Viewport {
            width,
            height: f64::INFINITY,
            start: 0.0,
            end: 0.0,
            lane_scroll: 0.0,
            selected: None,
            step: 0,
            lit: 0,
            mark: 0,
            density: if width < 560.0 {
                Density::Compact
            } else {
                Density::Roomy
            },
        };
        viewport.refit(index);
        viewport
    }

    /// The number, from 1, under which somebody may let this task go on now.
    pub fn turn_of(&self, task: TaskId) -> Option<u32> {
        let bit = 1u64.checked_shl(task)?;
        (self.lit & bit != 0).then(|| (self.lit & (bit - 1)).count_ones() + 1)
    }

    /// Shows the whole run again.
    pub fn refit(&mut self, index: &Index) {
        (self.start, self.end) = (0.0, index.end.max(1) as f64);
    }

    /// Whether the whole run shows.
    pub fn is_fitted(&self, index: &Index) -> bool {
        let (start, end) = self.range(index);
        start <= 0.0 && end >= index.end as f64
    }

    /// Zooms in (`factor` over 1) or out, around what is at `x`.
    pub fn zoom_at(&mut self, x: f64, factor: f64, index: &Index) {
        let scale = self.scale(index);
        let (start, end) = self.range(index);
        if !factor.is_finite() || factor <= 0.0 || !x.is_finite() {
            return;
        }
        let at = scale.time(within(x, scale.left, scale.right));
        let longest = index.end.max(1) as f64;
        let length = within((end - start) / factor, SHORTEST, longest.max(SHORTEST));
        self.start = at - (at - start) * length / (end - start);
        self.end = self.start + length;
        self.settle(index);
    }

    /// Moves what is seen by `dx` pixels: a positive `dx` goes on in time.
    pub fn pan(&mut self, dx: f64, index: &Index) {
        let by = if dx.is_finite() {
            dx / self.scale(index).per
        } else {
            0.0
        };
        let (start, end) = self.range(index);
        (self.start, self.end) = (start + by, end + by);
        self.settle(index);
    }

    /// Pans as little as needed for the instant to show, with some room after it. Says whether anything moved.
    pub fn reveal(&mut self, time: u64, index: &Index) -> bool {
        let (start, end) = self.range(index);
        let room = (end - start) / 8.0;
        let time = time as f64;
        let by = if time < start {
            time - room - start
        } else if time > end {
            time + room - end
        } else {
            return false;
        };
        (self.start, self.end) = (start + by, end + by);
        self.settle(index);
        true
    }

    /// Keeps the window inside the run, its length unchanged.
    fn settle(&mut self, index: &Index) {
        let (start, end) = self.range(index);
        let longest = index.end.max(1) as f64;
        let length = end - start;
        self.start = start.min(longest - length).max(0.0);
        self.end = self.start + length;
    }

    /// The window in nanoseconds, mended: finite, forwards, never empty.
    pub(super) fn range(&self, index: &Index) -> (f64, f64) {
        let longest = index.end.max(1) as f64;
        let mend = |time: f64, other: f64| {
            if time.is_finite() {
                within(time, -longest, 2.0 * longest)
            } else {
                other
            }
        };
        let (a, b) = (mend(self.start, 0.0), mend(self.end, longest));
        let (start, end) = (a.min(b), a.max(b));
        (start, end.max(start + SHORTEST))
    }

    /// The drawing's width, mended.
    pub(super) fn wide(&self) -> f64 {
        if self.width.is_finite() {
            within(self.width, 1.0, 100_000.0)
        } else {
            720.0
        }
    }

    /// The room for names on the left.
    pub(super) fn gutter(&self) -> f64 {
        let width = self.wide();
        if self.density == Density::Compact {
            (width / 5.0).min(88.0)
        } else {
            (width / 4.0).min(92.0)
        }
    }

    /// How instants become places at this viewport.
    pub fn scale(&self, index: &Index) -> Scale {
        let (start, end) = self.range(index);
        let left = self.gutter() + MARGIN;
        let right = (self.wide() - MARGIN * 2.0).max(left + 1.0);
        Scale {
            start,
            left,
            right,
            per: (right - left) / (end - start),
        }
    }
}

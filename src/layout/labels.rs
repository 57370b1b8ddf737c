//! Writes on blocks: the line or the workload, where it fits, following the part of the block that shows.

use super::index::{Lane, Phase, Place, Span};
use super::measure::text_width;
use super::order::within;
use super::scene::*;
use super::stage::Stage;
use super::words::{lines_text, short_wait};

const SIZE: f64 = 11.0;
/// The room that a label leaves on each side.
const PAD: f64 = 6.0;
/// From this width on a stretch at one line is worth a label of its own.
const EACH: f64 = 30.0;

impl Stage<'_> {
    /// The line or the workload of a running block; several where each that shows has room.
    pub fn run_label(&mut self, lane: &Lane, span: &Span, rect: Rect) {
        let left = rect.x.max(self.left);
        let shown = Rect {
            x: left,
            w: (rect.right().min(self.right) - left).max(0.0),
            ..rect
        };
        if span.phase == Phase::Stalled {
            let wait = short_wait(self.trace, lane, span);
            let above = Rect {
                h: rect.h - 4.0,
                ..shown
            };
            if !wait.is_empty() && self.label(lane, span, above, &wait) {
                return;
            }
            return self.line_label(lane, span, above, lane.places(span));
        }
        let places = self.places_shown(lane, span, shown);
        if places.len() > 1 && places.len() as f64 * EACH <= shown.w {
            let mut edges: Vec<f64> = places
                .iter()
                .map(|place| within(self.x_of(place.step), shown.x, shown.right()))
                .collect();
            edges.push(shown.right());
            if edges.windows(2).all(|pair| pair[1] - pair[0] >= EACH) {
                for (i, pair) in edges.windows(2).enumerate() {
                    let part = Rect {
                        x: pair[0],
                        w: pair[1] - pair[0],
                        ..shown
                    };
                    if i > 0 {
                        let (from, to) = (
                            Point::new(part.x, rect.y + 5.0),
                            Point::new(part.x, rect.bottom() - 5.0),
                        );
                        self.scene
                            .line(from, to, self.label_ink(lane, span), 1.0, Dash::Solid);
                    }
                    self.line_label(lane, span, part, &places[i..=i]);
                }
                return;
            }
        }
        self.line_label(lane, span, shown, places);
    }

    /// The places a span's visible part is at.
    fn places_shown<'b>(&self, lane: &'b Lane, span: &Span, shown: Rect) -> &'b [Place] {
        let places = lane.places(span);
        // What takes no time, as the line a task stood at when it was stopped, is not shown.
        let from = places
            .partition_point(|place| self.time_of(place.step) <= span.start)
            .max(1)
            - 1;
        let first = places
            .partition_point(|place| self.x_of(place.step) <= shown.x)
            .max(from + 1)
            - 1;
        let last = places
            .partition_point(|place| self.x_of(place.step) < shown.right())
            .max(first);
        places
            .get(first..last)
            .filter(|some| !some.is_empty())
            .unwrap_or(places)
    }

    /// The places in words; in less room only their numbers, then only the number of the longest.
    fn line_label(&mut self, lane: &Lane, span: &Span, shown: Rect, places: &[Place]) {
        let text = lines_text(self.trace, places, span);
        if self.label(lane, span, shown, &text) || self.label(lane, span, shown, short(&text)) {
            return;
        }
        let next = |i: usize| {
            places
                .get(i + 1)
                .map_or(span.end, |place| self.time_of(place.step))
        };
        // A few tell; more would make the room too small anyway.
        let longest = (0..places.len().min(16))
            .max_by_key(|&i| next(i).saturating_sub(self.time_of(places[i].step).max(span.start)));
        if let Some(i) = longest.filter(|_| places.len() > 1) {
            let text = lines_text(self.trace, &places[i..=i], span);
            if !self.label(lane, span, shown, &text) {
                self.label(lane, span, shown, short(&text));
            }
        }
    }

    fn label_ink(&self, lane: &Lane, span: &Span) -> Ink {
        if span.phase == Phase::Native {
            Ink::Text
        } else {
            Ink::OnTask(lane.task)
        }
    }

    /// Writes the text if it fits, and says whether it did.
    fn label(&mut self, lane: &Lane, span: &Span, shown: Rect, text: &str) -> bool {
        let width = text_width(text, SIZE, true);
        let fits = width + 2.0 * PAD <= shown.w;
        if fits && !text.is_empty() {
            if span.phase == Phase::Native {
                let chip = Rect::new(shown.x + 3.0, shown.y + 5.0, width + 6.0, shown.h - 10.0);
                self.scene.block(chip, 3.0, Ink::Paper, Pattern::Solid);
            }
            let at = Point::new(shown.x + PAD, shown.middle() + 4.0);
            let ink = self.label_ink(lane, span);
            self.scene.text(at, text, ink, SIZE).bold = true;
        }
        fits
    }

    /// Text on a pattern: on a piece of paper of its own.
    pub fn chip(&mut self, text: &str, rect: Rect) {
        let (left, right) = (rect.x.max(self.left), rect.right().min(self.right));
        let width = text_width(text, SIZE, false);
        if !text.is_empty() && width + 28.0 <= right - left {
            let chip = Rect::new(left + 4.0, rect.y + 1.0, width + 10.0, rect.h - 2.0);
            self.scene.block(chip, 3.0, Ink::Paper, Pattern::Solid);
            self.scene.text(
                Point::new(left + 9.0, rect.middle() + 4.0),
                text,
                Ink::Text,
                SIZE,
            );
        }
    }
}

/// "7" for "line 7".
fn short(text: &str) -> &str {
    text.strip_prefix("line ").unwrap_or(text)
}

//! The patterns that fill areas: lines in one or two directions. Canvas and SVG draw them from the same numbers.

use crate::layout::{Point, Rect};

/// A pattern of parallel lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weave {
    Hatch,
    Cross,
    Level,
    /// A hazard tape.
    Stripe,
}

impl Weave {
    /// The distance between two lines and their width, in pixels.
    pub const fn measures(self) -> (f64, f64) {
        match self {
            Weave::Hatch => (5.0, 1.5),
            Weave::Cross => (6.0, 1.2),
            Weave::Level => (4.0, 1.5),
            Weave::Stripe => (7.0, 3.5),
        }
    }

    /// The lines that cross a rectangle, each from edge to edge of it or beyond. They stand still when the rectangle moves.
    pub fn lines(self, rect: Rect, mut line: impl FnMut(Point, Point)) {
        let (gap, _) = self.measures();
        if self == Weave::Level {
            // From the middle of the rectangle, so that a thin one has a line too.
            let half = (rect.h / 2.0 / gap).floor();
            let mut y = rect.middle() - half * gap;
            while y < rect.bottom() {
                line(Point::new(rect.x, y), Point::new(rect.right(), y));
                y += gap;
            }
            return;
        }
        let gap = gap * std::f64::consts::SQRT_2;
        let along = |from: f64, to: f64, line: &mut dyn FnMut(f64)| {
            let mut at = ((from / gap - 0.5).ceil() + 0.5) * gap;
            while at < to {
                line(at);
                at += gap;
            }
        };
        // Where x + y is the same, and where x - y is.
        along(rect.x + rect.y, rect.right() + rect.bottom(), &mut |sum| {
            line(
                Point::new(sum - rect.y, rect.y),
                Point::new(sum - rect.bottom(), rect.bottom()),
            );
        });
        if self == Weave::Cross {
            along(
                rect.x - rect.bottom(),
                rect.right() - rect.y,
                &mut |difference| {
                    line(
                        Point::new(difference + rect.y, rect.y),
                        Point::new(difference + rect.bottom(), rect.bottom()),
                    );
                },
            );
        }
    }
}

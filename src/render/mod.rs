//! Draws a scene: the same four strokes of the brush on a canvas, into an SVG, or as text for tests.
//!
//! ```text
//! draw(&Scene, &Theme, &mut impl Surface)
//! svg::picture(&[&Scene], &Theme, title, description) -> String
//! canvas::paint(&HtmlCanvasElement, &Scene, &Theme, density)       wasm32 only
//! ```
//!
//! It knows scenes and themes. It knows nothing of traces, and decides nothing that layout could have decided.

#[cfg(target_arch = "wasm32")]
pub mod canvas;
mod shapes;
pub mod svg;
pub mod text;
mod theme;
mod weave;

use shapes::{arrow, block, marker};
pub use theme::{DARK, LIGHT, Theme};
pub use weave::Weave;

use crate::layout::{Dash, Label, Point, Rect, Scene, Shape, within};

/// The system's sans-serif fonts, as `--font` in `styles/tokens.css`.
pub const FONT: &str =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif";
/// The weight of bold text.
pub const BOLD: &str = "600";

/// A CSS colour.
pub type Colour = &'static str;

/// How an outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub colour: Colour,
    pub width: f64,
    pub dash: Dash,
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    None,
    Plain(Colour),
    Woven(Weave, Colour),
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Move(Point),
    Line(Point),
    Curve(Point, Point, Point),
    Close,
}

/// What can be drawn on. Each surface does these four things and nothing else.
pub trait Surface {
    /// What follows shows only inside; `None` lifts it.
    fn clip(&mut self, area: Option<Rect>);
    /// A rectangle with round corners.
    fn rect(&mut self, rect: Rect, radius: f64, fill: Fill, stroke: Option<Stroke>);
    /// Any outline.
    fn path(&mut self, path: &[Step], fill: Option<Colour>, stroke: Option<Stroke>);
    /// Text, perhaps with a rim.
    fn text(&mut self, label: &Label, colour: Colour, halo: Option<Colour>);
}

/// Draws all shapes of a scene.
pub fn draw(scene: &Scene, theme: &Theme, surface: &mut impl Surface) {
    surface.rect(
        Rect::new(0.0, 0.0, scene.width, scene.height),
        0.0,
        Fill::Plain(theme.paper),
        None,
    );
    for shape in &scene.shapes {
        match shape {
            Shape::Block {
                rect,
                radius,
                ink,
                pattern,
            } => block(surface, theme, *rect, *radius, *ink, *pattern),
            Shape::Line {
                from,
                to,
                ink,
                width,
                dash,
            } => {
                let stroke = Stroke {
                    colour: theme.colour(*ink),
                    width: *width,
                    dash: *dash,
                };
                surface.path(&[Step::Move(*from), Step::Line(*to)], None, Some(stroke));
            }
            Shape::Curve {
                points: [from, a, b, to],
                ink,
                width,
            } => {
                let stroke = Stroke {
                    colour: theme.colour(*ink),
                    width: *width,
                    dash: Dash::Solid,
                };
                surface.path(
                    &[Step::Move(*from), Step::Curve(*a, *b, *to)],
                    None,
                    Some(stroke),
                );
            }
            Shape::Arrow { from, to, ink } => arrow(surface, theme.colour(*ink), *from, *to),
            Shape::Marker {
                at,
                mark,
                size,
                ink,
            } => marker(surface, theme, *at, *mark, *size, theme.colour(*ink)),
            Shape::Band { rect } => {
                let stroke = Stroke {
                    colour: theme.alarm,
                    width: 1.0,
                    dash: Dash::Dashed,
                };
                surface.rect(*rect, 4.0, Fill::Plain(theme.alarm_soft), Some(stroke));
            }
            Shape::Text(label) => surface.text(
                label,
                theme.colour(label.ink),
                label.halo.then_some(theme.paper),
            ),
            Shape::Clip(area) => surface.clip(*area),
        }
    }
}

/// Appends a number with at most one decimal.
pub(crate) fn push_number(out: &mut String, number: f64) {
    // Beyond this nothing is seen, and the cast below must not overflow.
    let tenths = (within(number, -1e9, 1e9) * 10.0).round() as i64;
    if tenths < 0 {
        out.push('-');
    }
    out.push_str(&(tenths.abs() / 10).to_string());
    if tenths % 10 != 0 {
        out.push('.');
        out.push((b'0' + (tenths.abs() % 10) as u8) as char);
    }
}

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
pub mod svg;
pub mod text;
mod theme;
mod weave;

pub use theme::{DARK, LIGHT, Theme};
pub use weave::Weave;

use crate::layout::{Align, Dash, Ink, Label, Mark, Pattern, Point, Rect, Scene, Shape};

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

fn block(
    surface: &mut impl Surface,
    theme: &Theme,
    rect: Rect,
    radius: f64,
    ink: Ink,
    pattern: Pattern,
) {
    let colour = theme.colour(ink);
    let plain = |width, dash| {
        Some(Stroke {
            colour,
            width,
            dash,
        })
    };
    let inner = rect.inset(0.5);
    let weave = match pattern {
        Pattern::Solid => return surface.rect(rect, radius, Fill::Plain(colour), None),
        Pattern::Dashed => {
            return surface.rect(inner, radius, Fill::None, plain(1.0, Dash::Dashed));
        }
        Pattern::Lined => {
            surface.rect(rect, radius, Fill::Plain(colour), None);
            if rect.w > 6.0 && rect.h > 6.0 {
                let line = Stroke {
                    colour: theme.paper,
                    width: 1.0,
                    dash: Dash::Solid,
                };
                surface.rect(
                    rect.inset(2.5),
                    (radius - 2.0).max(0.0),
                    Fill::None,
                    Some(line),
                );
            }
            return;
        }
        // The tape is as legible on the task's colour as on paper.
        Pattern::Stripe => {
            surface.rect(rect, radius, Fill::Plain(theme.paper), None);
            return surface.rect(rect, radius, Fill::Woven(Weave::Stripe, colour), None);
        }
        Pattern::Hatch => Weave::Hatch,
        Pattern::CrossHatch => Weave::Cross,
        Pattern::Level => Weave::Level,
    };
    surface.rect(rect, radius, Fill::Plain(theme.paper), None);
    surface.rect(
        inner,
        radius,
        Fill::Woven(weave, colour),
        plain(1.0, Dash::Solid),
    );
}

fn arrow(surface: &mut impl Surface, colour: Colour, from: Point, to: Point) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).sqrt().max(0.001);
    let (dx, dy) = (dx / length, dy / length);
    let neck = Point::new(to.x - dx * 6.0, to.y - dy * 6.0);
    let stroke = Stroke {
        colour,
        width: 1.2,
        dash: Dash::Solid,
    };
    surface.path(&[Step::Move(from), Step::Line(neck)], None, Some(stroke));
    let side = |sign: f64| Point::new(neck.x - sign * dy * 3.5, neck.y + sign * dx * 3.5);
    surface.path(
        &[
            Step::Move(to),
            Step::Line(side(1.0)),
            Step::Line(side(-1.0)),
            Step::Close,
        ],
        Some(colour),
        None,
    );
}

fn marker(
    surface: &mut impl Surface,
    theme: &Theme,
    at: Point,
    mark: Mark,
    size: f64,
    colour: Colour,
) {
    let p = |x: f64, y: f64| Point::new(at.x + x * size, at.y + y * size);
    let stroke = |width| {
        Some(Stroke {
            colour,
            width,
            dash: Dash::Solid,
        })
    };
    match mark {
        Mark::Diamond | Mark::DiamondFilled => {
            let fill = if mark == Mark::Diamond {
                theme.paper
            } else {
                colour
            };
            let path = [
                Step::Move(p(0.0, -1.0)),
                Step::Line(p(1.0, 0.0)),
                Step::Line(p(0.0, 1.0)),
                Step::Line(p(-1.0, 0.0)),
                Step::Close,
            ];
            surface.path(&path, Some(fill), stroke(1.5));
        }
        Mark::Triangle => {
            let path = [
                Step::Move(p(0.0, -1.0)),
                Step::Line(p(1.0, 0.9)),
                Step::Line(p(-1.0, 0.9)),
                Step::Close,
            ];
            surface.path(&path, Some(colour), None);
        }
        Mark::Circle(letter) => {
            let rect = Rect::new(at.x - size, at.y - size, 2.0 * size, 2.0 * size);
            surface.rect(rect, size, Fill::Plain(theme.paper), stroke(1.75));
            let label = Label {
                at: Point::new(at.x, at.y + size * 0.42),
                text: letter.to_string(),
                ink: Ink::Text,
                size: size * 1.15,
                bold: true,
                align: Align::Middle,
                halo: false,
            };
            surface.text(&label, theme.text, None);
        }
        Mark::Cap => surface.path(
            &[Step::Move(p(0.0, -1.0)), Step::Line(p(0.0, 1.0))],
            None,
            stroke(3.0),
        ),
        Mark::Cross => {
            let path = [
                Step::Move(p(-1.0, -1.0)),
                Step::Line(p(1.0, 1.0)),
                Step::Move(p(1.0, -1.0)),
                Step::Line(p(-1.0, 1.0)),
            ];
            surface.path(&path, None, stroke(2.0));
        }
        Mark::Bolt => {
            let path = [
                Step::Move(p(0.25, -1.0)),
                Step::Line(p(-0.6, 0.15)),
                Step::Line(p(-0.05, 0.15)),
                Step::Line(p(-0.25, 1.0)),
                Step::Line(p(0.6, -0.2)),
                Step::Line(p(0.05, -0.2)),
                Step::Close,
            ];
            surface.path(&path, Some(colour), None);
        }
    }
}

/// Appends a number with at most one decimal.
pub(crate) fn push_number(out: &mut String, number: f64) {
    // Beyond this nothing is seen, and the cast below must not overflow.
    let tenths = (number.clamp(-1e9, 1e9) * 10.0).round() as i64;
    if tenths < 0 {
        out.push('-');
    }
    out.push_str(&(tenths.abs() / 10).to_string());
    if tenths % 10 != 0 {
        out.push('.');
        out.push((b'0' + (tenths.abs() % 10) as u8) as char);
    }
}

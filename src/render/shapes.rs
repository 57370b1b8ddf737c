//! Takes the larger shapes apart into rectangles, paths and text.

use super::{Colour, Fill, Step, Stroke, Surface, Theme, Weave};
use crate::layout::{Align, Dash, Ink, Label, Mark, Pattern, Point, Rect};

/// Blocks narrower than this are only outlined, in pixels.
const NARROW: f64 = 4.0;

pub(super) fn block(
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
        // Nobody sees a pattern there, and a long run has hundreds.
        Pattern::Dashed | Pattern::Hatch | Pattern::CrossHatch | Pattern::Level
            if rect.w < NARROW =>
        {
            return surface.rect(inner, 0.0, Fill::None, plain(1.0, Dash::Solid));
        }
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

pub(super) fn arrow(surface: &mut impl Surface, colour: Colour, from: Point, to: Point) {
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

pub(super) fn marker(
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

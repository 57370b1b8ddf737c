//! A scene: what is to be drawn, as a closed list of few kinds of shape. Renderers have nothing left to decide.

use super::hits::{Area, Subject};
use crate::trace::TaskId;

/// A place on the drawing, in CSS pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }
}

/// An upright rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Rect {
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }
    /// Where it ends on the right.
    pub fn right(self) -> f64 {
        self.x + self.w
    }
    /// Where it ends below.
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }
    /// Half way down.
    pub fn middle(self) -> f64 {
        self.y + self.h / 2.0
    }
    /// The same, smaller by `by` on each side.
    pub fn inset(self, by: f64) -> Rect {
        Rect::new(
            self.x + by,
            self.y + by,
            (self.w - 2.0 * by).max(0.0),
            (self.h - 2.0 * by).max(0.0),
        )
    }
    /// Whether the point lies inside, edges included.
    pub fn contains(self, x: f64, y: f64) -> bool {
        x >= self.x && x <= self.right() && y >= self.y && y <= self.bottom()
    }
}

/// A colour by what it means; a theme turns it into one to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Paper,
    Text,
    Muted,
    Grid,
    /// Findings: races, deadlocks, stalls.
    Alarm,
    /// The same as a background.
    AlarmSoft,
    /// Whatever has to do with waiting for the GIL.
    Amber,
    /// Whatever has to do with waiting for a lock.
    Lock,
    /// A task's own colour, as a fill.
    Task(TaskId),
    /// The same for text and thin strokes on paper.
    TaskText(TaskId),
    /// Text on a block in the task's colour.
    OnTask(TaskId),
}

/// How a block is filled, so that no state is told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    Solid,
    /// Solid with a light line inside its edge: the second round of task colours.
    Lined,
    /// Only a dashed outline.
    Dashed,
    /// Diagonal lines and an outline.
    Hatch,
    /// Diagonals both ways and an outline.
    CrossHatch,
    /// Level lines and an outline.
    Level,
    /// A hazard tape.
    Stripe,
}

/// How a line is stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    Solid,
    Dotted,
    Dashed,
}

/// Small signs with a meaning of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A task suspends.
    Diamond,
    /// A task goes on.
    DiamondFilled,
    /// Somebody asks for the GIL.
    Triangle,
    /// A circled letter: R or W.
    Circle(char),
    /// A task is over.
    Cap,
    /// Its end was a cancellation.
    Cross,
    /// Its end was an exception.
    Bolt,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// A piece of text; `at` is on its baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub at: Point,
    pub text: String,
    pub ink: Ink,
    pub size: f64,
    pub bold: bool,
    pub align: Align,
    /// Set off from what is below by a rim of paper.
    pub halo: bool,
}

/// Everything a drawing is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Block {
        rect: Rect,
        radius: f64,
        ink: Ink,
        pattern: Pattern,
    },
    Line {
        from: Point,
        to: Point,
        ink: Ink,
        width: f64,
        dash: Dash,
    },
    /// A cubic curve through two control points.
    Curve {
        points: [Point; 4],
        ink: Ink,
        width: f64,
    },
    /// A thin line with a head at its end.
    Arrow {
        from: Point,
        to: Point,
        ink: Ink,
    },
    Marker {
        at: Point,
        mark: Mark,
        size: f64,
        ink: Ink,
    },
    /// A race window: a soft area with dashed edges.
    Band {
        rect: Rect,
    },
    Text(Label),
    /// What follows shows only inside; `None` lifts it.
    Clip(Option<Rect>),
}

/// How instants become places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The instant, in virtual nanoseconds, that stands at `left`.
    pub start: f64,
    pub left: f64,
    pub right: f64,
    /// Pixels per nanosecond.
    pub per: f64,
}

impl Scale {
    /// The place of an instant.
    pub fn x(&self, time: u64) -> f64 {
        self.left + (time as f64 - self.start) * self.per
    }
    /// The instant at a place.
    pub fn time(&self, x: f64) -> f64 {
        self.start + (x - self.left) / self.per
    }
}

/// A drawing, ready for a renderer.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    /// The height at which everything shows.
    pub natural: f64,
    /// The height of what there is to scroll over: where there is little room, less is shown.
    pub content: f64,
    /// How far the lanes would have to be scrolled to show the one that acts at the playhead.
    pub showing: f64,
    pub scale: Scale,
    pub shapes: Vec<Shape>,
    pub(super) areas: Vec<Area>,
}

impl Scene {
    pub(super) fn block(&mut self, rect: Rect, radius: f64, ink: Ink, pattern: Pattern) {
        self.shapes.push(Shape::Block {
            rect,
            radius,
            ink,
            pattern,
        });
    }

    pub(super) fn line(&mut self, from: Point, to: Point, ink: Ink, width: f64, dash: Dash) {
        self.shapes.push(Shape::Line {
            from,
            to,
            ink,
            width,
            dash,
        });
    }

    pub(super) fn marker(&mut self, at: Point, mark: Mark, size: f64, ink: Ink) {
        self.shapes.push(Shape::Marker {
            at,
            mark,
            size,
            ink,
        });
    }

    /// Text without a rim; the place is its baseline's left end.
    pub(super) fn text(
        &mut self,
        at: Point,
        text: impl Into<String>,
        ink: Ink,
        size: f64,
    ) -> &mut Label {
        let label = Label {
            at,
            text: text.into(),
            ink,
            size,
            bold: false,
            align: Align::Left,
            halo: false,
        };
        self.shapes.push(Shape::Text(label));
        match self.shapes.last_mut() {
            Some(Shape::Text(label)) => label,
            _ => unreachable!("a label was just pushed"),
        }
    }

    pub(super) fn clip(&mut self, area: Option<Rect>) {
        self.shapes.push(Shape::Clip(area));
    }

    pub(super) fn area(&mut self, rect: Rect, subject: Subject) {
        self.areas.push(Area { rect, subject });
    }
}

/// The pattern and the fill of a task's blocks: colours repeat after six tasks, then with a second pattern.
pub fn task_pattern(task: TaskId) -> Pattern {
    if task > 0 && (task - 1) / 6 % 2 == 1 {
        Pattern::Lined
    } else {
        Pattern::Solid
    }
}

/// Which of the seven task colours it is: 0 the main thread's grey, then six in turn.
pub fn task_colour(task: TaskId) -> usize {
    if task == 0 {
        0
    } else {
        1 + (task as usize - 1) % 6
    }
}

//! Puts a picture together: axis, rows, lanes, races, links and the playhead, from the top.

use super::axis::{Tick, ticks};
use super::index::Index;
use super::measure::text_width;
use super::order::within;
use super::scene::*;
use super::viewport::{Density, Viewport};
use crate::trace::{Trace, time_text};

/// How large things are, in pixels.
pub(super) struct Sizes {
    /// A lane's blocks.
    pub block: f64,
    /// From one lane to the next, without and with room for reads and writes.
    pub short: f64,
    pub tall: f64,
    pub ribbon: f64,
    pub name: f64,
    pub small: f64,
    /// The radius of a circled letter.
    pub circle: f64,
}

const ROOMY: Sizes = Sizes {
    block: 26.0,
    short: 48.0,
    tall: 78.0,
    ribbon: 18.0,
    name: 13.0,
    small: 11.0,
    circle: 9.0,
};
const COMPACT: Sizes = Sizes {
    block: 20.0,
    short: 30.0,
    tall: 48.0,
    ribbon: 16.0,
    name: 12.0,
    small: 11.0,
    circle: 8.0,
};

/// Where the labels of the axis stand, and where the grid begins.
const AXIS: f64 = 16.0;
pub(super) const GRID: f64 = 26.0;
/// Room below the lanes, for the playhead's label.
const FOOT: f64 = 32.0;

/// A picture in the making.
pub(super) struct Stage<'a> {
    pub index: &'a Index,
    pub trace: &'a Trace,
    pub view: &'a Viewport,
    pub scale: Scale,
    pub sizes: &'a Sizes,
    /// The instants that show, somewhat widened so that nothing ends before the edge.
    pub from: f64,
    pub to: f64,
    /// Where the plot begins and ends; a bit wider than the scale.
    pub left: f64,
    pub right: f64,
    /// Where the first lane begins if nothing is scrolled, and how far it is.
    pub top: f64,
    pub scroll: f64,
    /// Whether the cores are left out.
    pub without_cores: bool,
    /// The part of the picture in which lanes show.
    pub lanes: Rect,
    pub scene: Scene,
}

/// Draws a viewport. Whatever its numbers, this makes a picture.
pub fn layout(index: &Index, trace: &Trace, viewport: &Viewport) -> Scene {
    let scale = viewport.scale(index);
    let width = viewport.wide();
    let (left, right) = (viewport.gutter(), width.max(viewport.gutter()));
    let scene = Scene {
        width,
        height: 0.0,
        natural: 0.0,
        content: 0.0,
        showing: 0.0,
        scale,
        shapes: Vec::new(),
        areas: Vec::new(),
    };
    let sizes = if viewport.density == Density::Compact {
        &COMPACT
    } else {
        &ROOMY
    };
    let mut stage = Stage {
        index,
        trace,
        view: viewport,
        from: scale.time(left - 8.0),
        to: scale.time(right + 8.0),
        left,
        right,
        scale,
        sizes,
        top: 0.0,
        scroll: 0.0,
        without_cores: false,
        lanes: Rect::default(),
        scene,
    };
    stage.measure();
    if stage.scene.content > stage.scene.height {
        stage.sizes = &COMPACT;
        stage.measure();
    }
    stage.for_ever();
    stage.axis();
    stage.rows(GRID + 8.0);
    stage.scene.clip(Some(stage.lanes));
    stage.names();
    let plot = Rect {
        x: left,
        w: right - left,
        ..stage.lanes
    };
    stage.scene.clip(Some(plot));
    stage.races();
    stage.blocks();
    stage.scene.clip(None);
    stage.difference();
    // Below the circled letters, which it would strike out.
    stage.playhead();
    stage.scene.clip(Some(plot));
    stage.accesses();
    stage.links();
    stage.cycle();
    stage.scene.clip(None);
    stage.scroll_bar();
    stage.scene
}

impl Stage<'_> {
    /// Divides the height.
    fn measure(&mut self) {
        let room_for_title = if self.index.races.is_empty() {
            12.0
        } else {
            32.0
        };
        let lanes = room_for_title + self.lane_offset(self.index.lanes.len());
        let given = self.view.height;
        self.without_cores = false;
        let mut rows = GRID + 8.0 + self.rows_height();
        self.scene.natural = self.scene.natural.max(rows + lanes + FOOT);
        // Who holds the GIL tells more than the core he is on: the cores make room for the lanes.
        self.without_cores = given > 0.0 && rows + lanes + FOOT > given && self.has_gil();
        if self.without_cores {
            rows = GRID + 8.0 + self.rows_height();
        }
        let content = rows + lanes + FOOT;
        // Lanes that would leave room stand at their natural height.
        let height = if given > 0.0 {
            given.max(1.0).min(content)
        } else {
            content
        };
        let most = content - height;
        let scroll = self.view.lane_scroll;
        self.scroll = if scroll.is_finite() {
            within(scroll, 0.0, most)
        } else {
            0.0
        };
        let acting = self.trace.get_event(self.view.step);
        let mut showing = self.scroll;
        if let Some(lane) = acting.and_then(|event| self.index.lane_of(event.task)) {
            let title = if lane == 0 { room_for_title } else { 12.0 };
            let top = room_for_title + self.lane_offset(lane) - title;
            let bottom = room_for_title + self.lane_offset(lane + 1) - 8.0;
            let room = height - FOOT - rows;
            showing = within(within(showing, bottom - room, top), 0.0, most);
        }
        self.scene.showing = showing;
        self.top = rows + room_for_title;
        self.lanes = Rect::new(0.0, rows, self.right, (height - FOOT - rows).max(0.0));
        (self.scene.height, self.scene.content) = (height, content);
    }

    /// From the first lane's top to the nth one's.
    fn lane_offset(&self, lane: usize) -> f64 {
        let tall = self.index.tall[lane.min(self.index.tall.len() - 1)] as f64;
        lane as f64 * self.sizes.short + tall * (self.sizes.tall - self.sizes.short)
    }

    /// Where a lane's blocks begin, from the picture's top.
    pub fn lane_top(&self, lane: usize) -> f64 {
        self.top - self.scroll + self.lane_offset(lane)
    }

    /// The lanes that show, wholly or in part.
    pub fn visible_lanes(&self) -> std::ops::Range<usize> {
        let lanes = self.index.lanes.len();
        let hidden = |bound: f64| {
            let (mut low, mut high) = (0, lanes);
            while low < high {
                let middle = (low + high) / 2;
                if self.lane_top(middle) + self.sizes.tall < bound {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            low
        };
        let first = hidden(self.lanes.y);
        let mut last = first;
        while last < lanes && self.lane_top(last) - 40.0 < self.lanes.bottom() {
            last += 1;
        }
        first..last
    }

    /// The instant of a step.
    pub fn time_of(&self, step: u32) -> u64 {
        self.trace.get_event(step).map_or(0, |event| event.time)
    }

    /// The place of a step.
    pub fn x_of(&self, step: u32) -> f64 {
        self.scale.x(self.time_of(step))
    }

    fn axis(&mut self) {
        let bottom = self.scene.height - FOOT + 4.0;
        let over = self.scale.x(self.index.over);
        for Tick { time, text, heavy } in ticks(&self.scale, self.sizes.small) {
            let x = crisp(self.scale.x(time));
            let half = text_width(&text, self.sizes.small, heavy) / 2.0;
            if self.index.end > self.index.over && x + half + 8.0 > over {
                break;
            }
            self.scene.line(
                Point::new(x, GRID),
                Point::new(x, bottom),
                Ink::Grid,
                1.0,
                Dash::Solid,
            );
            // Half a label would be worse than none.
            if x + half > self.scene.width {
                continue;
            }
            let label = self.scene.text(
                Point::new(x, AXIS),
                text,
                if heavy { Ink::Text } else { Ink::Muted },
                self.sizes.small,
            );
            (label.align, label.bold) = (Align::Middle, heavy);
        }
    }

    fn scroll_bar(&mut self) {
        let all = self.scene.content - self.scene.height + self.lanes.h;
        if self.lanes.h > 0.0 && all > self.lanes.h + 0.5 {
            let track = Rect::new(
                self.right - 6.0,
                self.lanes.y + 2.0,
                4.0,
                self.lanes.h - 4.0,
            );
            let length = (track.h * self.lanes.h / all)
                .max(16.0)
                .min(track.h.max(0.0));
            let y = track.y + (track.h - length) * self.scroll / (all - self.lanes.h);
            self.scene.block(
                Rect {
                    y,
                    h: length,
                    ..track
                },
                2.0,
                Ink::Muted,
                Pattern::Solid,
            );
        }
    }

    /// From where on another run goes another way.
    fn difference(&mut self) {
        if self.view.mark == 0 {
            return;
        }
        let x = crisp(self.x_of(self.view.mark.min(self.trace.len())));
        let (top, bottom) = (GRID - 2.0, self.scene.height - FOOT + 4.0);
        if x < self.left || x > self.right {
            return;
        }
        let (from, to) = (Point::new(x, top), Point::new(x, bottom));
        self.scene.line(from, to, Ink::Alarm, 2.0, Dash::Dashed);
        let at = Point::new(x + 5.0, bottom - 2.0);
        let label = self
            .scene
            .text(at, "first difference", Ink::Alarm, self.sizes.small);
        (label.bold, label.halo) = (true, true);
        if x > (self.left + self.right) / 2.0 {
            (label.align, label.at.x) = (Align::Right, x - 5.0);
        }
    }

    fn playhead(&mut self) {
        if self.view.step == 0 {
            return;
        }
        let Some(event) = self.trace.get_event(self.view.step.min(self.trace.len())) else {
            return;
        };
        let x = crisp(self.scale.x(event.time));
        if x < self.left || x > self.right {
            return;
        }
        let pill = Rect::new(0.0, self.scene.height - FOOT + 6.0, 0.0, 20.0);
        self.scene.line(
            Point::new(x, GRID - 4.0),
            Point::new(x, pill.y + 1.0),
            Ink::Text,
            1.5,
            Dash::Solid,
        );
        let text = time_text(event.time) + " · " + &self.view.step.to_string();
        let width = text_width(&text, self.sizes.small, true) + 18.0;
        let middle = x
            .max(width / 2.0 + 2.0)
            .min((self.right - width / 2.0 - 2.0).max(width / 2.0 + 2.0));
        self.scene.block(
            Rect {
                x: middle - width / 2.0,
                w: width,
                ..pill
            },
            10.0,
            Ink::Text,
            Pattern::Solid,
        );
        let label = self.scene.text(
            Point::new(middle, pill.y + 14.0),
            text,
            Ink::Paper,
            self.sizes.small,
        );
        (label.align, label.bold) = (Align::Middle, true);
    }
}

/// The middle of a pixel, where a thin upright line is sharp.
pub(super) fn crisp(x: f64) -> f64 {
    x.floor() + 0.5
}

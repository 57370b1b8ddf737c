//! The legend: what occurs in a run, in the same shapes as the timeline.

use super::index::{Index, Phase};
use super::measure::text_width;
use super::order::within;
use super::scene::*;

/// What the legend explains.
#[derive(Clone, Copy)]
enum Entry {
    Phase(Phase),
    Request,
    Access,
    Race,
}

const SIZE: f64 = 11.5;
/// The height of a row of entries.
const ROW: f64 = 22.0;

impl Entry {
    /// How wide its sample is.
    fn width(self) -> f64 {
        match self {
            Entry::Phase(Phase::Suspended | Phase::Waiting) => 36.0,
            Entry::Request => 10.0,
            _ => 22.0,
        }
    }
}

/// The legend of a run as a scene of this width, whose height it sets.
pub fn legend(index: &Index, width: f64) -> Scene {
    let width = if width.is_finite() {
        within(width, 1.0, 100_000.0)
    } else {
        720.0
    };
    let scale = Scale {
        start: 0.0,
        left: 0.0,
        right: width,
        per: 1.0,
    };
    let mut scene = Scene {
        width,
        height: 0.0,
        natural: 0.0,
        content: 0.0,
        showing: 0.0,
        scale,
        shapes: Vec::new(),
        areas: Vec::new(),
    };
    let (mut x, mut y) = (8.0, 0.0);
    for entry in index.entries() {
        let name = name(entry);
        let sample_width = entry.width();
        let room = sample_width + 7.0 + text_width(name, SIZE, false);
        if x > 8.0 && x + room > width {
            (x, y) = (8.0, y + ROW);
        }
        sample(
            &mut scene,
            entry,
            index.sample_task(),
            Rect::new(x, y + 5.0, sample_width, 12.0),
        );
        scene.text(
            Point::new(x + sample_width + 7.0, y + 15.0),
            name,
            Ink::Muted,
            SIZE,
        );
        x += room + 18.0;
    }
    scene.height = y + ROW;
    scene
}

impl Index {
    /// The task in whose colour the legend shows things: the first that is not the main thread.
    fn sample_task(&self) -> u32 {
        self.tasks().find(|&task| task > 0).unwrap_or(0)
    }

    fn entries(&self) -> Vec<Entry> {
        let mut seen = [false; Phase::ALL.len()];
        for span in self.lanes.iter().flat_map(|lane| &lane.spans) {
            seen[span.phase as usize] = true;
        }
        let mut entries: Vec<_> = Phase::ALL
            .into_iter()
            .filter(|&phase| seen[phase as usize])
            .map(Entry::Phase)
            .collect();
        let others = [
            (!self.requests.is_empty(), Entry::Request),
            (
                self.lanes.iter().any(|lane| !lane.accesses.is_empty()),
                Entry::Access,
            ),
            (!self.races.is_empty(), Entry::Race),
        ];
        entries.extend(
            others
                .into_iter()
                .filter(|(occurs, _)| *occurs)
                .map(|(_, entry)| entry),
        );
        entries
    }
}

fn name(entry: Entry) -> &'static str {
    match entry {
        Entry::Phase(Phase::Running) => "running",
        Entry::Phase(Phase::Native) => "native code, without the GIL",
        Entry::Phase(Phase::Stalled) => "blocks the event loop",
        Entry::Phase(Phase::Ready) => "ready",
        Entry::Phase(Phase::Gil) => "waiting for the GIL",
        Entry::Phase(Phase::Locked) => "waiting for a lock",
        Entry::Phase(Phase::Suspended) => "suspended at an await",
        Entry::Phase(Phase::Waiting) => "blocked",
        Entry::Request => "asks for the GIL",
        Entry::Access => "reads, writes",
        Entry::Race => "race window",
    }
}

fn sample(scene: &mut Scene, entry: Entry, task: u32, rect: Rect) {
    let y = rect.middle();
    let (ink, pattern) = match entry {
        Entry::Phase(Phase::Running) => (Ink::Task(task), Pattern::Solid),
        Entry::Phase(Phase::Native) => (Ink::Task(task), Pattern::Level),
        Entry::Phase(Phase::Stalled) => {
            scene.block(rect, 3.0, Ink::Task(task), Pattern::Solid);
            return scene.block(
                Rect {
                    y: rect.bottom() - 5.0,
                    h: 5.0,
                    ..rect
                },
                2.0,
                Ink::Alarm,
                Pattern::Stripe,
            );
        }
        Entry::Phase(Phase::Ready) => (Ink::Muted, Pattern::Dashed),
        Entry::Phase(Phase::Gil) => (Ink::Amber, Pattern::Hatch),
        Entry::Phase(Phase::Locked) => (Ink::Lock, Pattern::CrossHatch),
        Entry::Phase(Phase::Suspended | Phase::Waiting) => {
            let ink = Ink::TaskText(task);
            scene.marker(Point::new(rect.x + 4.0, y), Mark::Diamond, 4.0, ink);
            scene.line(
                Point::new(rect.x + 9.0, y),
                Point::new(rect.right() - 9.0, y),
                ink,
                1.5,
                Dash::Dotted,
            );
            return scene.marker(
                Point::new(rect.right() - 4.0, y),
                Mark::DiamondFilled,
                4.0,
                ink,
            );
        }
        Entry::Request => {
            return scene.marker(
                Point::new(rect.x + rect.w / 2.0, y),
                Mark::Triangle,
                4.5,
                Ink::Amber,
            );
        }
        Entry::Access => {
            scene.marker(
                Point::new(rect.x + 5.0, y),
                Mark::Circle('R'),
                6.0,
                Ink::TaskText(task),
            );
            return scene.marker(
                Point::new(rect.right() - 3.0, y),
                Mark::Circle('W'),
                6.0,
                Ink::TaskText(task),
            );
        }
        Entry::Race => return scene.shapes.push(Shape::Band { rect }),
    };
    scene.block(rect, 3.0, ink, pattern);
}

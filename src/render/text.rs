//! Writes the strokes of the brush as lines of text, for tests.

use super::{Colour, Fill, Step, Stroke, Surface, Theme, draw, push_number};
use crate::layout::{Align, Dash, Label, Rect, Scene};

/// A theme whose colours are the names of the inks.
pub static NAMES: Theme = Theme {
    name: "names",
    paper: "paper",
    text: "text",
    muted: "muted",
    grid: "grid",
    alarm: "alarm",
    alarm_soft: "alarm-soft",
    amber: "amber",
    lock: "lock",
    task: [
        "main",
        "blue",
        "vermilion",
        "green",
        "purple",
        "orange",
        "sky",
    ],
    task_text: [
        "main-text",
        "blue-text",
        "vermilion-text",
        "green-text",
        "purple-text",
        "orange-text",
        "sky-text",
    ],
    on_task: [
        "on-main",
        "on-blue",
        "on-vermilion",
        "on-green",
        "on-purple",
        "on-orange",
        "on-sky",
    ],
};

/// The draw calls of a scene, one per line.
pub fn record(scene: &Scene) -> String {
    let mut record = Record(String::new());
    draw(scene, &NAMES, &mut record);
    record.0
}

struct Record(String);

impl Record {
    fn word(&mut self, word: &str) {
        if !self.0.is_empty() && !self.0.ends_with('\n') {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }

    fn numbers(&mut self, numbers: &[f64]) {
        for &number in numbers {
            self.word("");
            push_number(&mut self.0, number);
        }
    }

    fn stroke(&mut self, stroke: Option<Stroke>) {
        if let Some(Stroke {
            colour,
            width,
            dash,
        }) = stroke
        {
            self.word(match dash {
                Dash::Solid => "solid",
                Dash::Dotted => "dotted",
                Dash::Dashed => "dashed",
            });
            self.word(colour);
            self.numbers(&[width]);
        }
        self.0.push('\n');
    }
}

impl Surface for Record {
    fn clip(&mut self, area: Option<Rect>) {
        self.word("clip");
        if let Some(area) = area {
            self.numbers(&[area.x, area.y, area.w, area.h]);
        }
        self.0.push('\n');
    }

    fn rect(&mut self, rect: Rect, radius: f64, fill: Fill, stroke: Option<Stroke>) {
        self.word("rect");
        self.numbers(&[rect.x, rect.y, rect.w, rect.h, radius]);
        match fill {
            Fill::None => {}
            Fill::Plain(colour) => self.word(colour),
            Fill::Woven(weave, colour) => {
                self.word(["hatch", "cross", "level", "stripe"][weave as usize]);
                self.word(colour);
            }
        }
        self.stroke(stroke);
    }

    fn path(&mut self, path: &[Step], fill: Option<Colour>, stroke: Option<Stroke>) {
        self.word("path");
        for step in path {
            match step {
                Step::Move(to) => {
                    self.word("M");
                    self.numbers(&[to.x, to.y]);
                }
                Step::Line(to) => {
                    self.word("L");
                    self.numbers(&[to.x, to.y]);
                }
                Step::Curve(a, b, to) => {
                    self.word("C");
                    self.numbers(&[a.x, a.y, b.x, b.y, to.x, to.y]);
                }
                Step::Close => self.word("Z"),
            }
        }
        if let Some(fill) = fill {
            self.word(fill);
        }
        self.stroke(stroke);
    }

    fn text(&mut self, label: &Label, colour: Colour, halo: Option<Colour>) {
        self.word("text");
        self.numbers(&[label.at.x, label.at.y, label.size]);
        self.word(match label.align {
            Align::Left => "left",
            Align::Middle => "middle",
            Align::Right => "right",
        });
        for word in [
            Some(colour),
            label.bold.then_some("bold"),
            halo.map(|_| "halo"),
        ]
        .into_iter()
        .flatten()
        {
            self.word(word);
        }
        self.word("| ");
        self.0.push_str(&label.text);
        self.0.push('\n');
    }
}

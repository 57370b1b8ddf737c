//! Writes a scene as an SVG file that needs nothing else: no scripts, no style sheets, no fonts of its own.

use super::{BOLD, Colour, FONT, Fill, Step, Stroke, Surface, Theme, Weave, draw, push_number};
use crate::layout::{Align, Dash, Label, Point, Rect, Scene};

/// The scenes, one below the other, as one SVG file. Title and description are what a screen reader says of it.
pub fn picture(scenes: &[&Scene], theme: &Theme, title: &str, description: &str) -> String {
    let width = scenes.iter().map(|scene| scene.width).fold(1.0, f64::max);
    let height: f64 = scenes.iter().map(|scene| scene.height).sum();
    let mut svg = Svg::default();
    let mut y = 0.0;
    for scene in scenes {
        svg.open("g");
        svg.out.push_str(" transform=\"translate(0 ");
        push_number(&mut svg.out, y);
        svg.out.push_str(")\">");
        draw(scene, theme, &mut svg);
        svg.clip(None);
        svg.out.push_str("\n</g>");
        y += scene.height;
    }
    let mut file = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    for (name, number) in [("width", width), ("height", height)] {
        attribute(&mut file, name, number);
    }
    file.push_str(" viewBox=\"0 0 ");
    push_number(&mut file, width);
    file.push(' ');
    push_number(&mut file, height);
    file.push_str("\" role=\"img\" font-family=\"");
    file.push_str(FONT);
    file.push_str("\">\n<title>");
    escape(&mut file, title);
    file.push_str("</title>\n<desc>");
    escape(&mut file, description);
    file.push_str("</desc>\n<defs>");
    file.push_str(&svg.definitions);
    file.push_str("</defs>");
    file.push_str(&svg.out);
    file.push_str("\n</svg>\n");
    file
}

/// The file in the making.
#[derive(Default)]
struct Svg {
    out: String,
    /// Patterns and clips, named by what they contain, so that files may share a page.
    definitions: String,
    clipped: bool,
}

impl Svg {
    fn open(&mut self, name: &str) {
        self.out.push_str("\n<");
        self.out.push_str(name);
    }

    fn number(&mut self, name: &str, number: f64) {
        attribute(&mut self.out, name, number);
    }

    fn word(&mut self, name: &str, word: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.out.push_str(word);
        self.out.push('"');
    }

    fn stroke(&mut self, stroke: Option<Stroke>) {
        let Some(Stroke {
            colour,
            width,
            dash,
        }) = stroke
        else {
            return;
        };
        self.word("stroke", colour);
        self.number("stroke-width", width);
        match dash {
            Dash::Solid => {}
            Dash::Dotted => self.word("stroke-dasharray", "1.5 3.5"),
            Dash::Dashed => self.word("stroke-dasharray", "4 3"),
        }
    }

    fn define(&mut self, id: &str, element: &str, content: &str) {
        let mut opening = String::from(element);
        opening.push_str(" id=\"");
        opening.push_str(id);
        opening.push('"');
        if !self.definitions.contains(&opening) {
            let name = element.split(' ').next().unwrap_or(element);
            self.definitions
                .push_str(&["\n<", &opening, ">", content, "</", name, ">"].concat());
        }
    }

    fn weave(&mut self, weave: Weave, colour: Colour) -> String {
        let (gap, width) = weave.measures();
        let name = ["hatch", "cross", "level", "stripe"][weave as usize];
        let id = [name, "-", colour.trim_start_matches('#')].concat();
        let mut size = String::new();
        push_number(&mut size, gap);
        let mut line = String::from("<path fill=\"none\" d=\"");
        let mut middle = String::new();
        push_number(&mut middle, gap / 2.0);
        let turn = if weave == Weave::Level {
            ""
        } else {
            " patternTransform=\"rotate(45)\""
        };
        if weave != Weave::Level {
            line.push_str(&["M", &middle, " 0V", &size].concat());
        }
        if matches!(weave, Weave::Level | Weave::Cross) {
            line.push_str(&["M0 ", &middle, "H", &size].concat());
        }
        line.push_str("\" stroke=\"");
        line.push_str(colour);
        line.push('"');
        attribute(&mut line, "stroke-width", width);
        line.push_str("/>");
        let element = [
            "pattern patternUnits=\"userSpaceOnUse\" width=\"",
            &size,
            "\" height=\"",
            &size,
            "\"",
            turn,
        ]
        .concat();
        self.define(&id, &element, &line);
        id
    }
}

impl Surface for Svg {
    fn clip(&mut self, area: Option<Rect>) {
        if std::mem::take(&mut self.clipped) {
            self.out.push_str("\n</g>");
        }
        let Some(area) = area else { return };
        let mut id = String::from("clip");
        let mut content = String::from("<rect");
        for (name, number) in [
            ("x", area.x),
            ("y", area.y),
            ("width", area.w),
            ("height", area.h),
        ] {
            id.push('-');
            push_number(&mut id, number);
            attribute(&mut content, name, number);
        }
        content.push_str("/>");
        self.define(&id, "clipPath", &content);
        self.open("g");
        self.word("clip-path", &["url(#", &id, ")"].concat());
        self.out.push('>');
        self.clipped = true;
    }

    fn rect(&mut self, rect: Rect, radius: f64, fill: Fill, stroke: Option<Stroke>) {
        let fill = match fill {
            Fill::None => String::from("none"),
            Fill::Plain(colour) => String::from(colour),
            Fill::Woven(weave, colour) => ["url(#", &self.weave(weave, colour), ")"].concat(),
        };
        self.open("rect");
        for (name, number) in [
            ("x", rect.x),
            ("y", rect.y),
            ("width", rect.w),
            ("height", rect.h),
            ("rx", radius),
        ] {
            if name != "rx" || number > 0.0 {
                self.number(name, number);
            }
        }
        self.word("fill", &fill);
        self.stroke(stroke);
        self.out.push_str("/>");
    }

    fn path(&mut self, path: &[Step], fill: Option<Colour>, stroke: Option<Stroke>) {
        self.open("path");
        let mut outline = String::new();
        for step in path {
            let (letter, points): (char, &[Point]) = match step {
                Step::Move(to) => ('M', &[*to]),
                Step::Line(to) => ('L', &[*to]),
                Step::Curve(a, b, to) => ('C', &[*a, *b, *to]),
                Step::Close => ('Z', &[]),
            };
            outline.push(letter);
            for (i, point) in points.iter().enumerate() {
                if i > 0 {
                    outline.push(' ');
                }
                push_number(&mut outline, point.x);
                outline.push(' ');
                push_number(&mut outline, point.y);
            }
        }
        self.word("d", &outline);
        self.word("fill", fill.unwrap_or("none"));
        self.stroke(stroke);
        self.out.push_str("/>");
    }

    fn text(&mut self, label: &Label, colour: Colour, halo: Option<Colour>) {
        self.open("text");
        for (name, number) in [
            ("x", label.at.x),
            ("y", label.at.y),
            ("font-size", label.size),
        ] {
            self.number(name, number);
        }
        self.word("fill", colour);
        if label.bold {
            self.word("font-weight", BOLD);
        }
        match label.align {
            Align::Left => {}
            Align::Middle => self.word("text-anchor", "middle"),
            Align::Right => self.word("text-anchor", "end"),
        }
        if let Some(halo) = halo {
            self.stroke(Some(Stroke {
                colour: halo,
                width: 3.0,
                dash: Dash::Solid,
            }));
            self.word("stroke-linejoin", "round");
            self.word("paint-order", "stroke");
        }
        self.out.push('>');
        escape(&mut self.out, &label.text);
        self.out.push_str("</text>");
    }
}

fn attribute(out: &mut String, name: &str, number: f64) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_number(out, number);
    out.push('"');
}

/// Appends text as XML wants it; control characters, which no XML may contain, are left out.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c => out.push(c),
        }
    }
}

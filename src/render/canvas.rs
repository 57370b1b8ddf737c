//! Paints a scene on a canvas of the page.

use super::{BOLD, Colour, FONT, Fill, Step, Stroke, Surface, Theme, draw, push_number};
use crate::layout::{Align, Dash, Label, Rect, Scene};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Paints the scene. `density` is how many of the canvas's pixels make one of the scene's: the screen's
/// `devicePixelRatio`, times any magnification.
pub fn paint(canvas: &HtmlCanvasElement, scene: &Scene, theme: &Theme, density: f64) {
    let Ok(Some(context)) = canvas.get_context("2d") else {
        return;
    };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let density = if density > 0.0 { density.min(8.0) } else { 1.0 };
    let (width, height) = (
        (scene.width * density).round() as u32,
        (scene.height * density).round() as u32,
    );
    // To set the size clears the canvas and its buffers, even if it is the same.
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let _ = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
    let mut surface = Canvas {
        context,
        known: Known::default(),
        saved: Vec::new(),
    };
    let _ = surface.context.set_line_dash(&js_sys::Array::new());
    surface.context.set_line_join("round");
    draw(scene, theme, &mut surface);
    surface.clip(None);
}

/// The least radius of a corner that is seen to be round, in pixels: all others are drawn in one call.
const ROUND: f64 = 2.0;

/// What was last set on a canvas, since each setting is a call out of wasm.
#[derive(Clone, Copy, Default)]
struct Known {
    fill: Colour,
    font: (f64, bool),
    /// `None` is solid.
    dash: Option<Dash>,
}

/// A canvas that is drawn on.
struct Canvas {
    context: CanvasRenderingContext2d,
    known: Known,
    /// What was known when the context's state was saved.
    saved: Vec<Known>,
}

impl Canvas {
    /// Saves the context, to be restored by [`Canvas::restore`] together with what is known of it.
    fn save(&mut self) {
        self.context.save();
        self.saved.push(self.known);
    }

    fn restore(&mut self) {
        self.context.restore();
        self.known = self.saved.pop().unwrap_or_default();
    }

    fn fill(&mut self, colour: Colour) {
        if self.known.fill != colour {
            self.known.fill = colour;
            self.context.set_fill_style_str(colour);
        }
    }

    /// Strokes the present path.
    fn stroke(&mut self, stroke: Option<Stroke>) {
        let Some(Stroke {
            colour,
            width,
            dash,
        }) = stroke
        else {
            return;
        };
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        let wanted = (dash != Dash::Solid).then_some(dash);
        if self.known.dash != wanted {
            self.known.dash = wanted;
            let pattern = js_sys::Array::new();
            let lengths: &[f64] = match dash {
                Dash::Solid => &[],
                Dash::Dotted => &[1.5, 3.5],
                Dash::Dashed => &[4.0, 3.0],
            };
            for &length in lengths {
                pattern.push(&JsValue::from_f64(length));
            }
            let _ = self.context.set_line_dash(&pattern);
        }
        self.context.stroke();
    }

    fn outline(&self, rect: Rect, radius: f64) {
        self.context.begin_path();
        if radius > 0.0 {
            let radius = radius.min(rect.w / 2.0).min(rect.h / 2.0);
            let _ = self
                .context
                .round_rect_with_f64(rect.x, rect.y, rect.w, rect.h, radius);
        } else {
            self.context.rect(rect.x, rect.y, rect.w, rect.h);
        }
    }
}

impl Surface for Canvas {
    fn clip(&mut self, area: Option<Rect>) {
        if !self.saved.is_empty() {
            self.restore();
        }
        if let Some(area) = area {
            self.save();
            self.outline(area, 0.0);
            self.context.clip();
        }
    }

    fn rect(&mut self, rect: Rect, radius: f64, fill: Fill, stroke: Option<Stroke>) {
        if let (Fill::Plain(colour), None) = (fill, stroke)
            && radius < ROUND
        {
            self.fill(colour);
            return self.context.fill_rect(rect.x, rect.y, rect.w, rect.h);
        }
        self.outline(rect, radius);
        match fill {
            Fill::None => {}
            Fill::Plain(colour) => {
                self.fill(colour);
                self.context.fill();
            }
            Fill::Woven(weave, colour) => {
                self.save();
                self.context.clip();
                self.context.begin_path();
                weave.lines(rect, |from, to| {
                    self.context.move_to(from.x, from.y);
                    self.context.line_to(to.x, to.y);
                });
                self.stroke(Some(Stroke {
                    colour,
                    width: weave.measures().1,
                    dash: Dash::Solid,
                }));
                self.restore();
                if stroke.is_some() {
                    self.outline(rect, radius);
                }
            }
        }
        self.stroke(stroke);
    }

    fn path(&mut self, path: &[Step], fill: Option<Colour>, stroke: Option<Stroke>) {
        self.context.begin_path();
        for step in path {
            match step {
                Step::Move(to) => self.context.move_to(to.x, to.y),
                Step::Line(to) => self.context.line_to(to.x, to.y),
                Step::Curve(a, b, to) => {
                    self.context.bezier_curve_to(a.x, a.y, b.x, b.y, to.x, to.y)
                }
                Step::Close => self.context.close_path(),
            }
        }
        if let Some(colour) = fill {
            self.fill(colour);
            self.context.fill();
        }
        self.stroke(stroke);
    }

    fn text(&mut self, label: &Label, colour: Colour, halo: Option<Colour>) {
        if self.known.font != (label.size, label.bold) {
            self.known.font = (label.size, label.bold);
            let mut font = String::from(if label.bold { BOLD } else { "400" });
            font.push(' ');
            push_number(&mut font, label.size);
            font.push_str("px ");
            font.push_str(FONT);
            self.context.set_font(&font);
        }
        self.context.set_text_align(match label.align {
            Align::Left => "left",
            Align::Middle => "center",
            Align::Right => "right",
        });
        if let Some(halo) = halo {
            self.context.set_stroke_style_str(halo);
            self.context.set_line_width(3.0);
            let _ = self
                .context
                .stroke_text(&label.text, label.at.x, label.at.y);
        }
        self.fill(colour);
        let _ = self.context.fill_text(&label.text, label.at.x, label.at.y);
    }
}

//! All orders of the program. What there is to see the worker writes: see [`Sheet`].

use super::markup::{Is, Markup, is};
use super::state::{Action, Exploring, State};
use super::text::number;
use crate::protocol::Sheet;
use crate::protocol::sheet::{ATTRIBUTES, TAGS, What};

const QUIET: Is = is!("class" = "quiet");

pub fn write(state: &State, out: &mut Markup) {
    let orders = &state.orders;
    out.open("div", is!("class" = "group explore"))
        .key("explore")
        .leaf("h2", &[], "All orders")
        .open("div", is!("class" = "links"));
    // One button throughout, so that it keeps the focus while what it does changes.
    match &orders.exploring {
        Exploring::Nothing => button("Explore all orders", |_| Action::Explore, out),
        Exploring::Going(_) => button("Cancel", |_| Action::StopExploring, out),
        _ => button("Hide", |_| Action::StopExploring, out),
    }
    button("You are the scheduler", |_| Action::Choose, out);
    let is_alone = orders.sheet.is_none() && !state.schedule().is_empty();
    if is_alone {
        button("Back to the usual order", |_| Action::Usual, out);
    }
    out.close();
    match &orders.exploring {
        Exploring::Going(count) => {
            let words = [&number(*count), " states so far"].concat();
            out.leaf("p", is!("role" = "status" "class" = "quiet"), &words);
        }
        Exploring::Refused(reason) => {
            out.leaf("p", QUIET, reason);
        }
        _ => {
            out.nothing();
        }
    }
    out.open("div", &[]);
    if let Some(sheet) = &orders.sheet {
        show(sheet, state.step, out);
    }
    out.close().close();
}

fn button(words: &str, action: fn(u32) -> Action, out: &mut Markup) {
    out.open("button", is!("class" = "small"))
        .click(action, 0)
        .text(words)
        .close();
}

/// Makes the elements that the sheet lists.
fn show(sheet: &Sheet, step: u32, out: &mut Markup) {
    let mut hidden = false;
    for part in &sheet.parts {
        let (number, text) = (part.number, &part.text);
        match part.what {
            What::Always => hidden = false,
            What::While => hidden = step < number || text.parse().is_ok_and(|until| step >= until),
            _ if hidden => {}
            What::Open => {
                out.open(TAGS.get(number as usize).unwrap_or(&"div"), &[]);
                if !text.is_empty() {
                    out.key(text);
                }
            }
            What::Close => {
                out.close();
            }
            What::Text => {
                out.text(text);
            }
            What::Set => {
                out.set(ATTRIBUTES.get(number as usize).unwrap_or(&"class"), text);
            }
            What::Tell => {
                out.tell(text);
            }
            What::Bar => {
                let share = number.to_string();
                let bar = [
                    "<svg viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"M0 0h",
                    &share,
                    "v1H0z\"/></svg>",
                ];
                out.raw(&bar.concat());
            }
        }
    }
}

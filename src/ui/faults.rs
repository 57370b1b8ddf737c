//! Why the edited program does not run: where, and what to do about it.

use super::markup::{Is, Markup, is};
use super::state::State;
use super::text::{caret, number};

/// More at once only confuse.
const MOST: usize = 3;

const HINT: Is = is!("class" = "hint");

pub fn write(state: &State, out: &mut Markup) {
    if state.faults.is_empty() {
        out.nothing();
        return;
    }
    out.open("div", is!("class" = "faults" "role" = "alert"));
    for fault in state.faults.iter().take(MOST) {
        out.open("p", &[]);
        if fault.line > 0 {
            let (line, column) = (number(fault.line), number(fault.column));
            out.leaf(
                "b",
                &[],
                &["line ", &line, ", column ", &column, ": "].concat(),
            );
        }
        out.text(&fault.message).close();
        let line = caret(state.program_text(), fault);
        if !line.is_empty() {
            out.leaf("pre", &[], &line);
        }
        for words in &fault.hints {
            out.leaf("p", HINT, words);
        }
    }
    if let Some(more) = state.faults.len().checked_sub(MOST + 1) {
        out.leaf(
            "p",
            HINT,
            &["and ", &number(more as u32 + 1), " more"].concat(),
        );
    }
    if state.run.is_some() {
        out.leaf("p", HINT, "The last run that worked is still shown.");
    }
    out.close();
}

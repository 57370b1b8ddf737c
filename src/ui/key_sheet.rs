//! The sheet of keys.

use super::dom::by_id;
use super::keys::SHEET;
use super::markup::{Markup, is};
use super::state::{Action, State};
use web_sys::HtmlDialogElement;

pub fn write(state: &State, out: &mut Markup) {
    out.open(
        "dialog",
        is!("id" = "keys" "aria-label" = "What the keys do"),
    );
    if state.keys {
        out.leaf("h2", &[], "Keys").open("dl", &[]);
        for (keys, does) in SHEET {
            out.open("dt", &[]);
            for key in keys.split(' ') {
                out.leaf("kbd", &[], key);
            }
            out.close().leaf("dd", &[], does);
        }
        out.close()
            .open("button", &[])
            .click(|_| Action::Keys(false), 0)
            .text("Close")
            .close();
    }
    out.close();
}

/// Opens or closes it.
pub fn rendered(state: &State) {
    if let Some(dialog) = by_id::<HtmlDialogElement>("keys")
        && dialog.open() != state.keys
    {
        if state.keys {
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    }
}

//! A mistake of our own on the page's thread: a trap, after which nothing of the page answers any more.

use super::dom;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, ErrorEvent};

const ID: &str = "mishap";

/// Says so when it happens, and offers to go on. What was typed is remembered while it is typed, and where the reader
/// was stands in the address: the page comes back with both.
pub fn watch() {
    EventListener::new(&dom::window(), "error", |event| {
        let trapped = event
            .dyn_ref::<ErrorEvent>()
            .is_some_and(|error| is_trap(&error.message()));
        // What traps once may do so at every event.
        if trapped && dom::by_id::<Element>(ID).is_none() {
            tell();
        }
    })
    .forget();
}

/// Browsers put words of their own around the name. (`str::contains` would be larger than this file.)
fn is_trap(message: &str) -> bool {
    let name = b"RuntimeError";
    message
        .as_bytes()
        .windows(name.len())
        .any(|part| part == name)
}

fn tell() -> Option<()> {
    let alert = element(
        "p",
        "Interleave stopped because of a mistake of its own. Your program is kept. ",
    )?;
    dom::set(&alert, "id", ID);
    dom::set(&alert, "class", "faults");
    dom::set(&alert, "role", "alert");
    let again = element("button", "Load the page again")?;
    EventListener::once(&again, "click", |_| {
        let _ = dom::window().location().reload();
    })
    .forget();
    alert.append_child(&again).ok()?;
    dom::document().body()?.prepend_with_node_1(&alert).ok()
}

fn element(tag: &str, text: &str) -> Option<Element> {
    let element = dom::document().create_element(tag).ok()?;
    element.set_text_content(Some(text));
    Some(element)
}

//! The little of the browser's interface that the page uses, without its many ways to fail.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Storage, Window};

pub fn window() -> Window {
    gloo::utils::window()
}

pub fn document() -> Document {
    gloo::utils::document()
}

/// The root element, on which the sheets look for the theme.
pub fn root() -> Element {
    document()
        .document_element()
        .expect("a page has a root element")
}

/// The element with this id, as a type that it is known to have.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    Some(document().get_element_by_id(id)?.unchecked_into())
}

pub fn set(element: &Element, name: &str, value: &str) {
    // The name is valid, so this cannot fail.
    let _ = element.set_attribute(name, value);
}

/// Sets a style of an element: attributes that hold styles are forbidden by the site's policy, this is not.
pub fn style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// A length for [`style`].
pub fn pixels(length: f64) -> String {
    let mut text = (length.round() as i64).to_string();
    text.push_str("px");
    text
}

/// What is remembered under a name. Browsers may forbid it, in frames for example: then nothing is.
pub fn remembered(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Remembers a text, or forgets what was remembered.
pub fn remember(name: &str, text: Option<&str>) {
    put(storage(), name, text);
}

/// The same for this tab alone; it outlives a reload.
pub fn tab_remembered(name: &str) -> Option<String> {
    tab_storage()?.get_item(name).ok().flatten()
}

pub fn tab_remember(name: &str, text: Option<&str>) {
    put(tab_storage(), name, text);
}

fn put(storage: Option<Storage>, name: &str, text: Option<&str>) {
    if let Some(storage) = storage {
        let _ = match text {
            Some(text) => storage.set_item(name, text),
            None => storage.remove_item(name),
        };
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

//! The Yew page.

#[cfg(target_arch = "wasm32")]
fn main() {
    yew::Renderer::<interleave::ui::page::Page>::new().render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

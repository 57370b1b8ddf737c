//! The Yew page.

/// A quarter of the code of the default allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
fn main() {
    interleave::ui::mishap::watch();
    yew::Renderer::<interleave::ui::page::Page>::new().render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

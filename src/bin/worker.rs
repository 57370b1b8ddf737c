//! The engine's Web Worker: it runs what the page shows.

/// A quarter of the code of the default allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
fn main() {
    interleave::serve::serve(interleave::answer::Runner);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

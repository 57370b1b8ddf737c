//! The explorer's Web Worker, a program of its own: built for speed, and fetched by those who explore only.

/// A quarter of the code of the default allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
fn main() {
    interleave::serve::serve(interleave::answer::Explorer::default());
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

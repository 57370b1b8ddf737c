//! The page: one [`State`](state::State), one [`Action`](state::Action), one pure [`reduce`](state::reduce). Components
//! show the state and send actions; the store keeps it and does what reaches beyond the page.
//!
//! A component is a file here, a sheet in `styles/` and a line in each list.

// What knows nothing of the browser.
pub mod keys;
pub mod link;
mod packed;
pub mod state;
#[cfg(test)]
mod tests;
pub mod text;

#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod markup;
#[cfg(target_arch = "wasm32")]
pub mod mishap;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod worker_link;

// Components.
#[cfg(target_arch = "wasm32")]
mod explore;
#[cfg(target_arch = "wasm32")]
mod faults;
#[cfg(target_arch = "wasm32")]
mod findings;
#[cfg(target_arch = "wasm32")]
mod header;
#[cfg(target_arch = "wasm32")]
mod key_sheet;
#[cfg(target_arch = "wasm32")]
mod output;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
mod program;
#[cfg(target_arch = "wasm32")]
mod sentence;
#[cfg(target_arch = "wasm32")]
mod state_panel;
#[cfg(target_arch = "wasm32")]
mod tabs;
#[cfg(target_arch = "wasm32")]
mod timeline;
#[cfg(target_arch = "wasm32")]
mod transport;

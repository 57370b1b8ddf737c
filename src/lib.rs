//! Interleave lets people see scheduling: a Python program runs, step by step, under several schedulers.

pub mod bytecode;
#[cfg(not(target_arch = "wasm32"))]
pub mod command;
pub mod findings;
pub mod layout;
pub mod narration;
pub mod render;
pub mod run;
pub mod scenario;
pub mod settings;
pub mod source;
pub mod trace;

pub mod message;
#[cfg(target_arch = "wasm32")]
pub mod ui;

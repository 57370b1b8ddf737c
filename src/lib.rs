//! Interleave lets people see scheduling: a Python program runs, step by step, under several schedulers.

pub mod answer;
pub mod bytecode;
#[cfg(not(target_arch = "wasm32"))]
pub mod command;
pub mod explorer;
pub mod findings;
pub mod layout;
pub mod library;
pub mod machine;
pub mod message;
pub mod narration;
pub mod protocol;
pub mod render;
pub mod run;
pub mod scenario;
pub mod schedulers;
#[cfg(target_arch = "wasm32")]
pub mod serve;
pub mod settings;
pub mod simulation;
pub mod source;
pub mod syntax;
pub mod trace;
pub mod ui;

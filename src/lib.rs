//! Interleave lets people see scheduling: a Python program runs, step by step, under several schedulers.

pub mod findings;
pub mod layout;
pub mod message;
pub mod narration;
pub mod protocol;
pub mod render;
pub mod scenario;
pub mod settings;
pub mod source;
pub mod trace;
pub mod ui;

//! Interleave lets people see scheduling: a Python program runs, step by step, under several schedulers.

pub mod bytecode;
pub mod findings;
pub mod narration;
pub mod scenario;
pub mod settings;
pub mod source;
pub mod trace;

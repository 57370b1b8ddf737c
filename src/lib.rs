//! Interleave lets people see scheduling: a Python program runs, step by step, under several schedulers.

pub mod bytecode;
pub mod source;
pub mod syntax;
pub mod trace;

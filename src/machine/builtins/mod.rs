//! Builtins that need frames, classes or the output: the rest is in `library`.

pub mod attributes;
pub mod classes;
pub mod exceptions;
pub mod generators;
pub mod output;

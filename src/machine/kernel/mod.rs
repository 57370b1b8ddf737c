//! `_kernel`: what the simulated library, which is Python, asks of the machine.

pub mod files;
pub mod futures;
pub mod gathering;
pub mod language;
pub mod locks;
pub mod processes;
pub mod random;
pub mod shared;
pub mod signals;
pub mod sockets;
pub mod threads;

//! `_kernel`: what the simulated library, which is Python, asks of the machine.

pub mod futures;
pub mod language;
pub mod locks;
pub mod random;
pub mod signals;
pub mod sockets;
pub mod threads;

//! Calls about sockets, which the machine asks for and the simulation answers.

use super::value::Value;

/// An IPv4 address and a port.
pub type Address = (u32, u16);

/// A call of the operating system about sockets, which are named by their files' numbers. None blocks.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// A new socket: its file.
    Open,
    /// Two that are connected to each other: their files.
    Pair,
    Bind(u32, Address),
    Listen(u32, usize),
    Connect(u32, Address),
    /// A connection: its file, host and port.
    Accept(u32),
    /// How many bytes were taken.
    Send(u32, Box<[u8]>),
    /// At most so many bytes; with `peek` they stay.
    Receive {
        socket: u32,
        most: usize,
        peek: bool,
    },
    Shutdown {
        socket: u32,
        read: bool,
        write: bool,
    },
    Close(u32),
    /// Host and port of this end or of the other one.
    Name {
        socket: u32,
        remote: bool,
    },
    /// What went wrong since the last call.
    Error(u32),
    /// The event loop's polls tell when the file is ready for this (bits READ, WRITE and MODIFY of the network); 0: no longer.
    Watch {
        event_loop: Value,
        socket: u32,
        mask: u8,
    },
    /// The event loop is closed.
    Forget(Value),
}

/// What a call gives: an error is a negative number, as from Linux.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Number(i64),
    Numbers(Vec<i64>),
    Bytes(Vec<u8>),
}

/// Linux's numbers for what went wrong.
pub mod error {
    pub const NO_ENTRY: u8 = 2;
    pub const BAD_FILE: u8 = 9;
    pub const AGAIN: u8 = 11;
    pub const INVALID: u8 = 22;
    pub const BROKEN_PIPE: u8 = 32;
    pub const ADDRESS_IN_USE: u8 = 98;
    pub const ADDRESS_NOT_AVAILABLE: u8 = 99;
    pub const RESET: u8 = 104;
    pub const IS_CONNECTED: u8 = 106;
    pub const NOT_CONNECTED: u8 = 107;
    pub const TIMED_OUT: u8 = 110;
    pub const REFUSED: u8 = 111;
    pub const ALREADY: u8 = 114;
    pub const IN_PROGRESS: u8 = 115;
}

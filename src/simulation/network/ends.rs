//! The ends of connections, and what programs do with them. Errors and their order are those of Linux.

use std::collections::VecDeque;

use super::packets::Packet;
use super::{Network, READ, WRITE};
use crate::machine::sockets::{Address, error};

/// 127.0.0.1
const LOOPBACK: u32 = 0x7F00_0001;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    New,
    Listening,
    Connecting,
    Connected,
}

/// A socket: a listening one, or one end of a connection.
#[derive(Clone, Debug, Default)]
pub struct End {
    pub stage: Stage,
    /// The number under which programs know it. None while nobody has accepted it.
    pub file: Option<u32>,
    /// Port 0: none yet.
    pub local: Address,
    pub remote: Address,
    /// The connection's other end.
    pub peer: u32,
    /// The other end is in the same process (`socketpair`): nothing takes time.
    pub near: bool,
    /// Bytes that have arrived.
    pub inbox: VecDeque<u8>,
    /// How many bytes it sent that the peer has not read, as far as it knows.
    pub unread: usize,
    /// Connections that nobody accepted yet, for a listening one.
    pub queue: VecDeque<u32>,
    pub backlog: usize,
    /// The peer sends no more.
    pub over: bool,
    /// It sends no more itself.
    pub finished: bool,
    pub deaf: bool,
    /// What the next call fails with.
    pub error: u8,
    /// The connection is gone.
    pub broken: bool,
    /// It is connected, and `connect` has not told.
    pub news: bool,
}

impl End {
    /// Linux, net/ipv4/tcp.c, tcp_poll. There is room to write when at most two thirds are in use.
    pub fn events(&self, buffer: usize) -> u8 {
        let both = self.error != 0 || self.broken || self.over && self.finished;
        match self.stage {
            _ if both => READ | WRITE,
            Stage::New => READ | WRITE,
            Stage::Connecting => 0,
            Stage::Listening if self.queue.is_empty() => 0,
            Stage::Listening => READ,
            Stage::Connected => {
                let readable = !self.inbox.is_empty() || self.over || self.deaf;
                let writable = self.finished || self.has_room(buffer);
                (u8::from(readable) * READ) | (u8::from(writable) * WRITE)
            }
        }
    }

    pub fn has_room(&self, buffer: usize) -> bool {
        self.unread * 3 <= buffer * 2
    }

    /// The pending error, which is told once.
    fn fail(&mut self) -> Result<(), u8> {
        match std::mem::take(&mut self.error) {
            0 => Ok(()),
            number => Err(number),
        }
    }
}

impl Network {
    /// Two ends connected to each other.
    pub fn pair(&mut self) -> (u32, u32) {
        let end = End {
            stage: Stage::Connected,
            near: true,
            ..End::default()
        };
        let one = self.add_end(end.clone());
        let other = self.add_end(End { peer: one, ..end });
        if let Some(end) = self.end(one) {
            end.peer = other;
        }
        (one, other)
    }

    pub fn bind(&mut self, end: u32, (host, port): Address) -> Result<(), u8> {
        if self.ends[&end].local.1 != 0 {
            return Err(error::INVALID);
        }
        if host != 0 && host >> 24 != LOOPBACK >> 24 {
            return Err(error::ADDRESS_NOT_AVAILABLE);
        }
        let taken = |other: &End| {
            other.stage != Stage::Connected
                && other.local.1 == port
                && (other.local.0 == host || other.local.0 == 0 || host == 0)
        };
        if port != 0 && self.ends.values().any(taken) {
            return Err(error::ADDRESS_IN_USE);
        }
        let port = if port == 0 { self.free_port()? } else { port };
        if let Some(end) = self.end(end) {
            end.local = (host, port);
        }
        Ok(())
    }

    pub fn listen(&mut self, end: u32, backlog: usize) -> Result<(), u8> {
        match self.ends[&end].stage {
            Stage::New if self.ends[&end].local.1 == 0 => self.bind(end, (0, 0))?,
            Stage::New | Stage::Listening => {}
            Stage::Connecting | Stage::Connected => return Err(error::INVALID),
        }
        if let Some(end) = self.end(end) {
            end.stage = Stage::Listening;
            end.backlog = backlog;
        }
        Ok(())
    }

    /// Fails with `error::IN_PROGRESS` once the attempt has begun.
    pub fn connect(&mut self, end: u32, (host, port): Address, now: u64) -> Result<(), u8> {
        let of = self.end(end).ok_or(error::BAD_FILE)?;
        of.fail()?;
        match of.stage {
            // The success of the attempt before is told once.
            Stage::Connected if std::mem::take(&mut of.news) => return Ok(()),
            Stage::Connected => return Err(error::IS_CONNECTED),
            Stage::Connecting => return Err(error::ALREADY),
            Stage::Listening => return Err(error::IS_CONNECTED),
            Stage::New => {}
        }
        let host = if host == 0 { LOOPBACK } else { host };
        if of.local.1 == 0 {
            let port = self.free_port()?;
            if let Some(of) = self.end(end) {
                of.local.1 = port;
            }
        }
        if let Some(of) = self.end(end) {
            if of.local.0 == 0 {
                of.local.0 = LOOPBACK;
            }
            of.stage = Stage::Connecting;
            of.remote = (host, port);
        }
        self.transmit(
            0,
            Packet::Open {
                from: end,
                attempt: 0,
            },
            now,
            false,
        );
        Err(error::IN_PROGRESS)
    }

    pub fn accept(&mut self, end: u32) -> Result<u32, u8> {
        let end = self.end(end).ok_or(error::BAD_FILE)?;
        if end.stage != Stage::Listening {
            return Err(error::INVALID);
        }
        end.queue.pop_front().ok_or(error::AGAIN)
    }

    pub fn send(&mut self, end: u32, data: &[u8], now: u64) -> Result<usize, u8> {
        let buffer = self.buffer;
        let of = self.end(end).ok_or(error::BAD_FILE)?;
        of.fail()?;
        if of.broken || of.finished || matches!(of.stage, Stage::New | Stage::Listening) {
            return Err(error::BROKEN_PIPE);
        }
        let (peer, near) = (of.peer, of.near);
        let room = buffer.saturating_sub(of.unread);
        if of.stage == Stage::Connecting || room == 0 && !data.is_empty() {
            return Err(error::AGAIN);
        }
        let count = data.len().min(room);
        of.unread += count;
        if near && !self.ends.contains_key(&peer) {
            return Err(error::BROKEN_PIPE);
        }
        if count > 0 {
            let packet = Packet::Data {
                from: end,
                data: data[..count].into(),
            };
            self.transmit(peer, packet, now, near);
        }
        Ok(count)
    }

    pub fn receive(&mut self, end: u32, most: usize, peek: bool, now: u64) -> Result<Vec<u8>, u8> {
        let of = self.end(end).ok_or(error::BAD_FILE)?;
        if of.inbox.is_empty() {
            if of.over || of.deaf {
                return Ok(Vec::new());
            }
            of.fail()?;
            return match of.stage {
                _ if of.broken => Ok(Vec::new()),
                Stage::New | Stage::Listening => Err(error::NOT_CONNECTED),
                Stage::Connecting | Stage::Connected => Err(error::AGAIN),
            };
        }
        let count = most.min(of.inbox.len());
        if peek {
            return Ok(of.inbox.iter().take(count).copied().collect());
        }
        let data: Vec<u8> = of.inbox.drain(..count).collect();
        let (peer, near) = (of.peer, of.near);
        self.transmit(peer, Packet::Taken(count), now, near);
        Ok(data)
    }

    pub fn shut_down(&mut self, end: u32, read: bool, write: bool, now: u64) -> Result<(), u8> {
        let of = self.end(end).ok_or(error::BAD_FILE)?;
        if of.stage != Stage::Connected || of.broken {
            return Err(error::NOT_CONNECTED);
        }
        of.deaf |= read;
        if write && !of.finished {
            of.finished = true;
            let (peer, near) = (of.peer, of.near);
            self.transmit(peer, Packet::Over, now, near);
        }
        self.changed(end, READ | WRITE);
        Ok(())
    }

    /// Nobody uses the end any more. Data that nobody read means that the peer's were in vain: it is told so.
    pub fn close(&mut self, end: u32, now: u64) {
        let Some(of) = self.ends.remove(&end) else {
            return;
        };
        for waiting in of.queue {
            self.close_unheard(waiting, now);
        }
        if of.stage == Stage::Connected && !of.broken {
            if !of.inbox.is_empty() {
                self.transmit(of.peer, Packet::Reset, now, of.near);
            } else if !of.finished {
                self.transmit(of.peer, Packet::Over, now, of.near);
            }
        }
    }

    pub fn name(&mut self, end: u32, remote: bool) -> Result<Address, u8> {
        let of = self.end(end).ok_or(error::BAD_FILE)?;
        match remote {
            false => Ok(of.local),
            true if of.stage == Stage::Connected && !of.broken => Ok(of.remote),
            true => Err(error::NOT_CONNECTED),
        }
    }
}

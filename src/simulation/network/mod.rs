//! The simulated network: TCP on one computer, whose packets take their time. Nothing is lost, nothing overtakes.
//!
//! It knows sockets by the numbers of their files, as the operating system does, and neither threads nor Python. What may
//! let somebody go on it notes as a change; the simulation wakes who waits for that.

mod ends;
mod packets;
mod polls;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::machine::sockets::{Address, Answer, Call, error};
use ends::{End, Stage};
use packets::Packet;
use polls::Poll;

/// Something can be read, or a connection accepted.
pub const READ: u8 = 1;
/// There is room to write, or a connection attempt is over.
pub const WRITE: u8 = 2;
/// Of a call to watch: the file is watched already, else that fails.
const MODIFY: u8 = 4;

/// The first file number: 0 to 2 are the standard streams.
const FIRST_FILE: u32 = 3;
/// Ports that connections get by themselves. Linux, net.ipv4.ip_local_port_range.
const PORTS: std::ops::Range<u16> = 32_768..60_999;

/// All sockets and what is under way between them.
#[derive(Clone, Debug)]
pub struct Network {
    /// What a packet takes from one end to the other, virtual nanoseconds.
    latency: u64,
    /// How many bytes a connection holds in each direction: sent, and not yet read.
    buffer: usize,
    ends: BTreeMap<u32, End>,
    /// The end that a file number means.
    files: BTreeMap<u32, u32>,
    /// By arrival, then in the order in which they were sent.
    packets: BTreeMap<(u64, u64), (u32, Packet)>,
    polls: Vec<Poll>,
    /// Files with which something happened: READ, WRITE.
    changes: Vec<(u32, u8)>,
    last_end: u32,
    last_packet: u64,
    last_port: u16,
}

impl Network {
    pub fn new(latency: u64, buffer: usize) -> Network {
        Network {
            latency,
            buffer: buffer.max(1),
            ends: BTreeMap::new(),
            files: BTreeMap::new(),
            packets: BTreeMap::new(),
            polls: Vec::new(),
            changes: Vec::new(),
            last_end: 0,
            last_packet: 0,
            last_port: PORTS.start - 1,
        }
    }

    /// A call of the operating system, which never blocks: what cannot be done now fails with `error::AGAIN`.
    pub fn call(&mut self, call: &Call, now: u64) -> Answer {
        match self.try_call(call, now) {
            Ok(answer) => answer,
            Err(number) => Answer::Number(-i64::from(number)),
        }
    }

    fn try_call(&mut self, call: &Call, now: u64) -> Result<Answer, u8> {
        let done = Answer::Number(0);
        Ok(match call {
            Call::Open => {
                let end = self.add_end(End::default());
                Answer::Number(i64::from(self.open_file(end)))
            }
            Call::Pair => {
                let (one, other) = self.pair();
                let one = self.open_file(one);
                Answer::Numbers(vec![i64::from(one), i64::from(self.open_file(other))])
            }
            Call::Bind(socket, address) => {
                let end = self.end_of(*socket)?;
                self.bind(end, *address)?;
                done
            }
            Call::Listen(socket, backlog) => {
                let end = self.end_of(*socket)?;
                self.listen(end, *backlog)?;
                done
            }
            Call::Connect(socket, address) => {
                let end = self.end_of(*socket)?;
                self.connect(end, *address, now)?;
                done
            }
            Call::Accept(socket) => {
                let end = self.end_of(*socket)?;
                let accepted = self.accept(end)?;
                let (host, port) = self.ends[&accepted].remote;
                let file = self.open_file(accepted);
                Answer::Numbers(vec![file.into(), host.into(), port.into()])
            }
            Call::Send(socket, data) => {
                let end = self.end_of(*socket)?;
                Answer::Number(self.send(end, data, now)? as i64)
            }
            Call::Receive { socket, most, peek } => {
                let end = self.end_of(*socket)?;
                Answer::Bytes(self.receive(end, *most, *peek, now)?)
            }
            Call::Shutdown {
                socket,
                read,
                write,
            } => {
                let end = self.end_of(*socket)?;
                self.shut_down(end, *read, *write, now)?;
                done
            }
            Call::Close(socket) => {
                let end = self.end_of(*socket)?;
                self.files.remove(socket);
                for poll in &mut self.polls {
                    poll.watch(*socket, 0, 0);
                }
                self.close(end, now);
                done
            }
            Call::Name { socket, remote } => {
                let end = self.end_of(*socket)?;
                let (host, port) = self.name(end, *remote)?;
                Answer::Numbers(vec![host.into(), port.into()])
            }
            Call::Error(socket) => {
                let end = self.end_of(*socket)?;
                let error = self.end(end).map_or(0, |end| {
                    end.news = false;
                    std::mem::take(&mut end.error)
                });
                Answer::Number(error.into())
            }
            Call::Watch {
                event_loop,
                socket,
                mask,
            } => {
                self.end_of(*socket)?;
                let events = self.events(*socket);
                let place = match self
                    .polls
                    .iter()
                    .position(|poll| poll.owner.is(*event_loop))
                {
                    Some(place) => place,
                    None => {
                        self.polls.push(Poll::new(*event_loop));
                        self.polls.len() - 1
                    }
                };
                let poll = &mut self.polls[place];
                if mask & MODIFY != 0 && !poll.watches(*socket) {
                    return Err(error::NO_ENTRY);
                }
                poll.watch(*socket, mask & !MODIFY, events);
                done
            }
            Call::Forget(event_loop) => {
                self.polls.retain(|poll| !poll.owner.is(*event_loop));
                done
            }
        })
    }

    fn end(&mut self, end: u32) -> Option<&mut End> {
        self.ends.get_mut(&end)
    }

    fn end_of(&self, socket: u32) -> Result<u32, u8> {
        self.files.get(&socket).copied().ok_or(error::BAD_FILE)
    }

    fn add_end(&mut self, end: End) -> u32 {
        self.last_end += 1;
        self.ends.insert(self.last_end, end);
        self.last_end
    }

    /// The lowest free file number, as in Unix.
    fn open_file(&mut self, end: u32) -> u32 {
        let mut file = FIRST_FILE;
        while self.files.contains_key(&file) {
            file += 1;
        }
        self.files.insert(file, end);
        if let Some(end) = self.end(end) {
            end.file = Some(file);
        }
        file
    }

    /// A port that nobody uses.
    fn free_port(&mut self) -> Result<u16, u8> {
        for _ in PORTS {
            self.last_port += 1;
            if self.last_port == PORTS.end {
                self.last_port = PORTS.start;
            }
            let port = self.last_port;
            if self.ends.values().all(|end| end.local.1 != port) {
                return Ok(port);
            }
        }
        Err(error::ADDRESS_IN_USE)
    }

    /// Who listens at an address; one that listens at all of them comes last.
    fn listener(&self, address: Address) -> Option<u32> {
        let of = |local: Address| {
            let found = self
                .ends
                .iter()
                .find(|(_, end)| end.stage == Stage::Listening && end.local == local);
            found.map(|(id, _)| *id)
        };
        of(address).or_else(|| of((0, address.1)))
    }

    /// What could be done with a file now.
    pub fn events(&self, socket: u32) -> u8 {
        let end = self.files.get(&socket).and_then(|end| self.ends.get(end));
        end.map_or(READ | WRITE, |end| end.events(self.buffer))
    }

    pub fn is_listening(&self, socket: u32) -> bool {
        let end = self.files.get(&socket).and_then(|end| self.ends.get(end));
        end.is_some_and(|end| end.stage == Stage::Listening)
    }

    fn changed(&mut self, end: u32, mask: u8) {
        if let Some(file) = self.ends.get(&end).and_then(|end| end.file) {
            self.changes.push((file, mask));
            for poll in &mut self.polls {
                poll.notice(file, mask);
            }
        }
    }

    /// With which files something happened since the last call.
    pub fn take_changes(&mut self) -> Vec<(u32, u8)> {
        std::mem::take(&mut self.changes)
    }
}

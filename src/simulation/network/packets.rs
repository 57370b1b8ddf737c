//! What goes between ends, and what becomes of it there.

use super::ends::{End, Stage};
use super::{Network, READ, WRITE};
use crate::machine::sockets::error;

/// How often and after what time, doubled each time, a connection is asked for again when the listener's queue is full.
/// Linux, net.ipv4.tcp_syn_retries.
const ATTEMPTS: u32 = 6;
const RETRY: u64 = 1_000_000_000;

#[derive(Clone, Debug)]
pub enum Packet {
    /// To the listener at the sender's remote address: a connection, please.
    Open {
        from: u32,
        attempt: u32,
    },
    /// Nobody listens there.
    Refused,
    /// There is an end for it now.
    Opened {
        peer: u32,
    },
    /// The client knows: the connection may be accepted.
    Established,
    Data {
        from: u32,
        data: Box<[u8]>,
    },
    /// So many bytes were read.
    Taken(usize),
    /// No more data.
    Over,
    /// There is no such connection.
    Reset,
}

impl Network {
    /// Sends a packet: what takes no time is there at once.
    pub fn transmit(&mut self, to: u32, packet: Packet, now: u64, near: bool) {
        let takes = if near { 0 } else { self.latency };
        if takes == 0 {
            return self.arrive(to, packet, now);
        }
        self.plan(to, packet, now.saturating_add(takes));
    }

    fn plan(&mut self, to: u32, packet: Packet, at: u64) {
        self.last_packet += 1;
        self.packets.insert((at, self.last_packet), (to, packet));
    }

    /// When the next packet arrives.
    pub fn next(&self) -> Option<u64> {
        self.packets.first_key_value().map(|((at, _), _)| *at)
    }

    /// Lets all packets arrive that are due.
    pub fn deliver(&mut self, now: u64) {
        while let Some(entry) = self
            .packets
            .first_entry()
            .filter(|entry| entry.key().0 <= now)
        {
            let at = entry.key().0;
            let (to, packet) = entry.remove();
            self.arrive(to, packet, at);
        }
    }

    fn arrive(&mut self, to: u32, packet: Packet, now: u64) {
        if let Packet::Open { from, attempt } = packet {
            return self.asked(from, attempt, now);
        }
        let Some(end) = self.ends.get_mut(&to) else {
            // It was closed: what still comes is refused.
            match packet {
                Packet::Data { from, .. } => self.transmit(from, Packet::Reset, now, false),
                Packet::Opened { peer } => self.transmit(peer, Packet::Reset, now, false),
                _ => {}
            }
            return;
        };
        let change = match packet {
            Packet::Data { data, .. } => {
                end.inbox.extend(data.iter());
                READ
            }
            Packet::Taken(count) => {
                let had_room = end.has_room(self.buffer);
                end.unread = end.unread.saturating_sub(count);
                if had_room || !end.has_room(self.buffer) {
                    return;
                }
                WRITE
            }
            Packet::Over => {
                end.over = true;
                READ
            }
            Packet::Reset => {
                end.error = if end.over {
                    error::BROKEN_PIPE
                } else {
                    error::RESET
                };
                end.broken = true;
                READ | WRITE
            }
            Packet::Refused => {
                end.stage = Stage::New;
                end.error = error::REFUSED;
                READ | WRITE
            }
            Packet::Opened { peer } => {
                end.stage = Stage::Connected;
                end.peer = peer;
                end.news = true;
                // Said before the client can send anything.
                self.transmit(peer, Packet::Established, now, false);
                WRITE
            }
            Packet::Established => {
                let local = end.local;
                let Some(listener) = self.listener(local) else {
                    return self.close_unheard(to, now);
                };
                if let Some(end) = self.end(listener) {
                    end.queue.push_back(to);
                }
                return self.changed(listener, READ);
            }
            Packet::Open { .. } => return,
        };
        self.changed(to, change);
    }

    /// A connection is asked for. A listener whose queue is full does not answer; the client asks again later.
    fn asked(&mut self, from: u32, attempt: u32, now: u64) {
        let Some(client) = self
            .ends
            .get(&from)
            .filter(|end| end.stage == Stage::Connecting)
        else {
            return;
        };
        let (local, remote) = (client.local, client.remote);
        let Some(listener) = self.listener(remote) else {
            return self.transmit(from, Packet::Refused, now, false);
        };
        let asking =
            |end: &&End| end.file.is_none() && end.stage == Stage::Connected && end.local == remote;
        let waiting = self.ends.values().filter(asking).count();
        if waiting > self.ends[&listener].backlog {
            if attempt < ATTEMPTS {
                let at = now.saturating_add(RETRY << attempt);
                return self.plan(
                    0,
                    Packet::Open {
                        from,
                        attempt: attempt + 1,
                    },
                    at,
                );
            }
            if let Some(end) = self.end(from) {
                end.stage = Stage::New;
                end.error = error::TIMED_OUT;
            }
            return self.changed(from, READ | WRITE);
        }
        let server = self.add_end(End {
            stage: Stage::Connected,
            local: remote,
            remote: local,
            peer: from,
            ..End::default()
        });
        self.transmit(from, Packet::Opened { peer: server }, now, false);
    }

    /// The listener is gone before the connection could be accepted.
    pub fn close_unheard(&mut self, end: u32, now: u64) {
        if let Some(of) = self.ends.remove(&end) {
            self.transmit(of.peer, Packet::Reset, now, of.near);
        }
    }
}

//! Answers requests to explore.

use super::session::{self, Session};
use super::{Answer, Send, decoded};
use crate::protocol::{self, Fault};

/// Remembers the program whose orders were explored last.
#[derive(Default)]
pub struct Explorer {
    session: Option<Session>,
}

impl Answer for Explorer {
    fn answer(&mut self, kind: u8, payload: &[u8], send: Send<'_>) {
        let done = match kind {
            protocol::TELL => self.tell(&String::from_utf8_lossy(payload)),
            protocol::PREPARE => decoded(payload).map(session::prepare),
            _ => self.explore(payload, send),
        };
        if kind != protocol::PREPARE {
            self.say(done, send);
        }
    }

    fn is_working(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_working)
    }

    fn go_on(&mut self, send: Send<'_>) {
        if let Some(session) = &mut self.session
            && session.is_working()
        {
            let done = session.work(send);
            self.say(done, send);
        }
    }
}

impl Explorer {
    fn explore(&mut self, payload: &[u8], send: Send<'_>) -> Result<(), Vec<Fault>> {
        self.session = Some(Session::explore(decoded(payload)?, send)?);
        Ok(())
    }

    fn tell(&mut self, text: &str) -> Result<(), Vec<Fault>> {
        self.session.as_mut().map_or(Ok(()), |it| it.tell(text))
    }

    /// Sends what is to be seen now, unless something is still being done for it.
    fn say(&self, done: Result<(), Vec<Fault>>, send: Send<'_>) {
        match (done, &self.session) {
            (Err(faults), _) => send(protocol::REJECTED, &Fault::encode_all(&faults)),
            (Ok(()), Some(session)) if !session.is_working() => {
                send(protocol::SHEET, &session.sheet().encode());
            }
            _ => {}
        }
    }
}

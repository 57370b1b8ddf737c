//! Answers requests to explore.

use super::preparation::Preparation;
use super::session::Session;
use super::{Answer, Send, decoded};
use crate::protocol::{self, Fault};

/// Remembers the program whose orders were explored last.
#[derive(Default)]
pub struct Explorer {
    session: Option<Session>,
    /// Until something is asked.
    preparation: Option<Preparation>,
}

impl Answer for Explorer {
    fn answer(&mut self, kind: u8, payload: &[u8], send: Send<'_>) {
        self.preparation = None;
        let done = match kind {
            protocol::TELL => self.tell(&String::from_utf8_lossy(payload)),
            protocol::PREPARE => {
                self.preparation = decoded(payload).ok().and_then(Preparation::of);
                return;
            }
            _ => self.explore(payload, send),
        };
        self.say(done, send);
    }

    fn is_working(&self) -> bool {
        self.preparation.is_some() || self.session.as_ref().is_some_and(Session::is_working)
    }

    fn go_on(&mut self, send: Send<'_>) {
        if let Some(preparation) = self.preparation.take() {
            self.preparation = preparation.go_on();
        } else if let Some(session) = &mut self.session
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

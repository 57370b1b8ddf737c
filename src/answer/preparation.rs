//! Getting ready for a request that may come: small scenarios are explored for nobody, one after the other.
//!
//! A browser compiles a function when it first runs, quickly and badly, and well when it has run for a while. In a worker that has not
//! explored anything, the first exploration takes ten times as long as later ones, and in one that explored little, three times.

use super::Asked;
use super::session::Session;
use crate::protocol::Request;
use crate::settings::Runtime;

/// How many explorations it takes, by measurement (`tests/browser/measure-explore.mjs`): about a second of a processor.
const ROUNDS: usize = 40;

/// Scenarios still to be explored. Each takes a few hundredths of a second, the first longer.
pub struct Preparation {
    runtime: Option<Runtime>,
    left: usize,
}

impl Preparation {
    /// For what is likely to be asked after this request.
    pub fn of(request: Request) -> Option<Preparation> {
        let runtime = Asked::of(request).ok()?.header.settings.runtime;
        let left = ROUNDS;
        Some(Preparation { runtime, left })
    }

    /// Explores the next scenario; None if that was the last one.
    pub fn go_on(mut self) -> Option<Preparation> {
        let all = scenarios(self.runtime);
        self.left -= 1;
        let request = Request {
            scenario: String::from(all[self.left % all.len()]),
            ..Request::default()
        };
        if let Ok(session) = Session::explore(request, &mut |_, _| {}) {
            session.sheet().encode();
        }
        (self.left > 0).then_some(self)
    }
}

/// What is explored to get ready for programs of a runtime: small, and with something to find.
pub fn scenarios(runtime: Option<Runtime>) -> [&'static str; 2] {
    match runtime {
        Some(Runtime::Asyncio) => ["accept_then_cancel", "one_connection"],
        _ => ["bounded_buffer", "lost_deposit"],
    }
}

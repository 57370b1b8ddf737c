//! All locations that were touched on any path, and which of them are shared.

use std::collections::BTreeMap;

use super::location::{Access, Location, Place};

/// Who touched a location.
#[derive(Clone, Copy, Debug)]
struct Touched {
    by: u32,
    /// More than one thread did.
    many: bool,
    written: bool,
    read: bool,
    /// It was shared when this round of the exploration began.
    shared: bool,
}

impl Touched {
    fn is_shared(&self, kind: Place) -> bool {
        self.many && self.written && (self.read || !matches!(kind, Place::Ends | Place::Directory))
    }
}

/// All locations touched so far, on any path.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    locations: BTreeMap<Location, Touched>,
    /// Containers that were touched as a whole: their items are no locations of their own.
    pub(super) whole: BTreeMap<(u16, u32), ()>,
    /// Something turned out to be shared on the way: this round is void.
    pub stale: bool,
    /// Something shared was touched where no thread can pause: orders are missing.
    pub missed: bool,
    /// A thread said its name: it is not interchangeable with others.
    pub named: bool,
    /// The clock was read: it is part of a state.
    pub clock: bool,
    /// A function or a class was changed: where the death of objects could be noticed, none is frozen.
    pub rewritten: bool,
}

impl Registry {
    /// What turned out to be shared is so from the start of the next round.
    pub fn begin_round(&mut self) {
        self.stale = false;
        for (location, touched) in &mut self.locations {
            touched.shared = touched.is_shared(location.kind);
        }
    }

    /// Takes over what another one, begun with the same, has noted since.
    pub fn merge(&mut self, other: Registry) {
        for (location, theirs) in other.locations {
            let ours = self.locations.entry(location).or_insert(theirs);
            ours.many |= theirs.many || ours.by != theirs.by;
            ours.written |= theirs.written;
            ours.read |= theirs.read;
            self.stale |= ours.is_shared(location.kind) && !ours.shared;
        }
        for (of, ()) in other.whole {
            if self.whole.insert(of, ()).is_none() {
                let item = |it: &Location| it.kind == Place::Item && (it.process, it.of) == of;
                self.stale |= self.locations.keys().any(item);
            }
        }
        self.stale |= other.stale;
        self.missed |= other.missed;
        self.named |= other.named;
        self.clock |= other.clock;
        self.rewritten |= other.rewritten;
    }

    /// Whether a thread other than the main one touched the location.
    pub fn is_touched_by_others(&self, location: Location) -> bool {
        let touched = self.locations.get(&location);
        touched.is_some_and(|touched| touched.many || touched.by != 0)
    }

    /// As [`Registry::touch`], where it is rare.
    #[inline(never)]
    pub(super) fn touch_outside(&mut self, access: Access, by: u32) -> bool {
        self.touch(access, None, by)
    }

    /// Notes an access; whether the location is shared.
    #[inline]
    pub(super) fn touch(&mut self, access: Access, creator: Option<u32>, by: u32) -> bool {
        let Location {
            kind, process, of, ..
        } = access.location;
        if matches!(kind, Place::Output | Place::Kill) {
            return true;
        }
        let touched = self.locations.entry(access.location).or_insert(Touched {
            by: creator.unwrap_or(by),
            many: false,
            written: false,
            read: false,
            shared: false,
        });
        // What two threads made by the same instruction is not for that reason shared.
        touched.many |= creator.unwrap_or(touched.by) != by;
        touched.written |= access.write;
        touched.read |= !access.write;
        self.stale |= touched.is_shared(kind) && !touched.shared;
        let shared = touched.shared;
        let of = (process, of);
        if kind == Place::Container && !self.whole.contains_key(&of) {
            self.whole.insert(of, ());
            let item = |it: &Location| it.kind == Place::Item && (it.process, it.of) == of;
            self.stale |= self.locations.keys().any(item);
        }
        shared
    }
}

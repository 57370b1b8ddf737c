//! What event loops wait for. Events come in the order in which files got ready, as from Linux's epoll (level-triggered): a file that was
//! reported goes to the end of the list, and stays there as long as it is ready.

use std::collections::{BTreeMap, VecDeque};

use super::Network;
use crate::machine::value::Value;

#[derive(Clone, Debug)]
pub struct Poll {
    /// The event loop (not owned: it says when it is closed).
    pub owner: Value,
    /// For which events.
    watched: BTreeMap<u32, u32>,
    /// Files that got ready, first come first.
    ready: VecDeque<u32>,
}

impl Poll {
    pub fn new(owner: Value) -> Poll {
        Poll {
            owner,
            watched: BTreeMap::new(),
            ready: VecDeque::new(),
        }
    }

    /// Watches a file for these events (0: no longer), of which some may be there already.
    pub fn watch(&mut self, file: u32, mask: u8, events: u8) {
        if mask == 0 {
            self.watched.remove(&file);
            self.ready.retain(|&other| other != file);
            return;
        }
        self.watched.insert(file, mask.into());
        self.notice(file, events);
    }

    /// Something happened with a file.
    pub fn notice(&mut self, file: u32, mask: u8) {
        if self.mask(file) & mask != 0 && !self.ready.contains(&file) {
            self.ready.push_back(file);
        }
    }

    fn mask(&self, file: u32) -> u8 {
        self.watched.get(&file).map_or(0, |mask| *mask as u8)
    }

    pub fn watches(&self, file: u32) -> bool {
        self.watched.contains_key(&file)
    }
}

impl Network {
    /// The files of an event loop that are ready, and for what.
    pub fn collect(&mut self, owner: Value) -> Vec<(u32, u8)> {
        let Some(place) = self.polls.iter().position(|poll| poll.owner.is(owner)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for file in std::mem::take(&mut self.polls[place].ready) {
            let events = self.events(file) & self.polls[place].mask(file);
            if events != 0 {
                found.push((file, events));
                self.polls[place].ready.push_back(file);
            }
        }
        found
    }

    /// Whether an event loop's poll would find something.
    pub fn is_ready(&self, owner: Value) -> bool {
        let Some(poll) = self.polls.iter().find(|poll| poll.owner.is(owner)) else {
            return false;
        };
        let mut ready = poll.ready.iter();
        ready.any(|file| self.events(*file) & poll.mask(*file) != 0)
    }

    /// The event loops that watch a file.
    pub fn watchers(&self, file: u32) -> impl Iterator<Item = Value> + '_ {
        let polls = self.polls.iter().filter(move |poll| poll.watches(file));
        polls.map(|poll| poll.owner)
    }
}

//! What things that tasks wait for or hold are called: by the variable that they are bound to, else by their place in a global of the
//! program ("forks[2]", "locks['a']", "accounts[0].lock"), else after their kind.

use super::object::Object;
use super::value::{Value, View};
use super::{Context, Machine};
use crate::trace::{ThingId, ThingKind};

/// Of a larger container only so many parts are looked at.
const PARTS: usize = 100;

/// In a run, things are looked for so often: a program that takes locks of no global again and again is not to wait for that.
const SEARCHES: u32 = 1_000;

/// What a thing is called that nothing names.
const fn by_kind(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Lock | ThingKind::RLock => "lock",
        ThingKind::Event => "event",
        ThingKind::Condition => "condition",
        ThingKind::Semaphore => "semaphore",
        ThingKind::Barrier => "barrier",
        ThingKind::Queue => "queue",
        ThingKind::Future => "future",
        ThingKind::Group => "group",
        ThingKind::Reply => "reply",
        ThingKind::Other => "thing",
    }
}

impl Context<'_> {
    /// A new thing that tasks wait for or hold, named after its variable, else after its kind.
    pub fn new_thing(&mut self, kind: ThingKind) -> ThingId {
        let name = self.binding_name();
        let name = name.as_deref().unwrap_or(by_kind(kind));
        self.machine.recorder.thing(kind, name)
    }

    /// Before a thing is taken: if its name is no name, or one that others have as well, it gets that of its place.
    pub fn name_thing(&mut self, thing: ThingId) {
        let recorder = &self.machine.recorder;
        let Some((kind, name)) = recorder.kind_and_name(thing) else {
            return;
        };
        if (name != by_kind(kind) && recorder.is_only_thing_of_its_name(thing))
            || self.machine.searches >= SEARCHES
        {
            return;
        }
        self.machine.searches += 1;
        if let Some(place) = self.machine.place_of(thing) {
            self.machine.recorder.rename_thing(thing, &place);
        }
    }

    /// A value is bound to a global: things directly in it are called by their places.
    pub fn name_parts(&mut self, container: Value) {
        for (_, part) in self.machine.parts_of(container) {
            match self.machine.thing_of(part) {
                Some(thing) => self.name_thing(thing),
                // Containers are of one sort mostly.
                None => return,
            }
        }
    }
}

impl Machine {
    /// What the program calls a thing that stands in one of its globals, or in a part of one.
    fn place_of(&self, thing: ThingId) -> Option<String> {
        let is_it = |value: Value| self.thing_of(value) == Some(thing);
        for module in self.modules.iter().filter(|module| module.user) {
            for (at, global) in module.slots.iter().enumerate() {
                let name = || self.text(module.globals.names[at]).to_owned();
                if is_it(*global) {
                    return Some(name());
                }
                for (place, part) in self.parts_of(*global) {
                    if is_it(part) {
                        return Some(name() + &place);
                    }
                    let mut inner = self.parts_of(part).into_iter();
                    if let Some((inner, _)) = inner.find(|(_, part)| is_it(*part)) {
                        return Some([name(), place, inner].concat());
                    }
                }
            }
        }
        None
    }

    /// The thing that this value is, as far as the program can know.
    fn thing_of(&self, value: Value) -> Option<ThingId> {
        match self.heap.object(value)? {
            Object::Lock(lock) if !lock.is_waiter => Some(lock.thing),
            // Those of the library keep it so.
            Object::Instance(instance) => {
                let thing = instance
                    .attributes
                    .get(self.program.names.find("_thing")?)?;
                match thing.view() {
                    View::Thing(thing) => Some(thing),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The parts of a container, or of an object of one of the program's classes, and how they are written behind its name.
    fn parts_of(&self, value: Value) -> Vec<(String, Value)> {
        let numbered = |items: &[Value]| {
            let items = items.iter().take(PARTS).enumerate();
            let item = |(at, item): (usize, &Value)| (["[", &at.to_string(), "]"].concat(), *item);
            items.map(item).collect()
        };
        match self.heap.object(value) {
            Some(Object::List(items)) => numbered(items),
            Some(Object::Tuple(items)) => numbered(items),
            Some(Object::Dict(dict)) => {
                let key = |key: Value| match key.as_int() {
                    Some(int) => Some(int.to_string()),
                    None => Some(["'", self.heap.text(key)?, "'"].concat()),
                };
                let part = |entry: &super::dict::Entry| {
                    Some((["[", &key(entry.key)?, "]"].concat(), entry.value))
                };
                dict.iter().take(PARTS).filter_map(part).collect()
            }
            Some(Object::Instance(instance)) if self.is_of_program(instance.class) => {
                let part = |&(name, value): &(_, Value)| ([".", self.text(name)].concat(), value);
                instance.attributes.0.iter().map(part).collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_of_program(&self, class: Value) -> bool {
        matches!(self.heap.object(class), Some(Object::Class(class)) if self.modules[class.module as usize].user)
    }
}

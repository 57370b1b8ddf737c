//! Where something shared can lie, and what touching it means.

use crate::machine::Machine;
use crate::machine::value::{Handle, Symbol, Value};

/// Where something shared can lie. Objects made after the exploration began go by the instruction that made them, which
/// does not depend on the order of events as their handles do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub kind: Place,
    /// A module, a handle, or [`NEW`] and an instruction.
    pub of: u32,
    /// A slot, a symbol, a key's hash; 0 for others.
    pub part: u32,
}

/// The sorts of locations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Global,
    Cell,
    Attribute,
    /// An item of a list or dict.
    Item,
    /// A container as a whole.
    Container,
    /// A lock, a queue and whatever else of the library coordinates threads.
    Sync,
    /// The end of a thread, as `is_alive` tells it.
    End,
    /// What the program prints.
    Output,
}

impl Place {
    /// Whether touching it is reading or writing a variable, which can race.
    pub fn is_variable(self) -> bool {
        matches!(
            self,
            Place::Global | Place::Cell | Place::Attribute | Place::Item
        )
    }
}

impl Place {
    /// Whether it is a variable or a container.
    pub fn is_data(self) -> bool {
        self.is_variable() || self == Place::Container
    }
}

/// Marks a location by the instruction that made the object.
pub(super) const NEW: u32 = 1 << 31;
/// How many bits of an object's label say which instruction made it; the rest says which thread.
pub const SITE_BITS: u32 = 24;

/// An access of one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    pub location: Location,
    pub write: bool,
}

impl Access {
    /// Something that coordinates threads, no matter what.
    pub const SYNC: Access = Access {
        location: Location {
            kind: Place::Sync,
            of: 0,
            part: 0,
        },
        write: true,
    };

    /// Whether it matters in which order two threads do this.
    pub fn conflicts_with(self, other: Access) -> bool {
        let (a, b) = (self.location, other.location);
        let coordinates = |kind| matches!(kind, Place::Sync | Place::Output | Place::End);
        if coordinates(a.kind) && coordinates(b.kind) {
            return true;
        }
        let parts = |kind| matches!(kind, Place::Item | Place::Container);
        let same = a == b || parts(a.kind) && parts(b.kind) && a.of == b.of && a.kind != b.kind;
        same && (self.write || other.write)
    }
}
impl Machine {
    /// What a person calls the location.
    pub fn location_name(&self, location: Location) -> String {
        let owner = || {
            let value = Value::object(Handle(location.of));
            let bound = self.modules.iter().filter(|m| m.user).find_map(|module| {
                let at = module.slots.iter().position(|v| v.is(value))?;
                Some(self.text(module.globals.names[at]).to_owned())
            });
            bound.filter(|_| location.of & NEW == 0)
        };
        match location.kind {
            Place::Global => {
                let name = self.modules[location.of as usize].globals.names[location.part as usize];
                self.text(name).to_owned()
            }
            Place::Attribute => {
                let name = self.text(Symbol(location.part));
                [owner().as_deref().unwrap_or(""), ".", name].concat()
            }
            Place::Item => [owner().as_deref().unwrap_or("container"), "[…]"].concat(),
            Place::Cell => String::from("a variable of an enclosing function"),
            Place::Container => owner().unwrap_or_else(|| String::from("a container")),
            Place::Sync => owner().unwrap_or_else(|| String::from("a lock")),
            Place::End => String::from("the end of a thread"),
            Place::Output => String::from("the output"),
        }
    }
}

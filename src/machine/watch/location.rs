//! Where something shared can lie, and what touching it means.

use crate::machine::Machine;
use crate::machine::program::Module;
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
    /// Whose memory it is in; 0 for what is in nobody's.
    pub process: u16,
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
    /// What a file contains, by the name that it was made under.
    File,
    /// A name in the directory.
    Path,
    /// Which names there are: a matter of who lists them, not of who makes one.
    Directory,
    /// How far an open file was read and written, by who opened it.
    Position,
    /// A value in memory that processes share.
    Memory,
    /// A semaphore or a pipe.
    Outside,
    /// Whether an end of a pipe is open anywhere: a matter of who looks for that, not of who closes it.
    Ends,
    /// The end of a process, as `is_alive` and `exitcode` tell it.
    Exit,
    /// A process is ended by another one: it matters before what that comes.
    Kill,
}

impl Place {
    /// Whether touching it is reading or writing a variable, which can race.
    pub fn is_variable(self) -> bool {
        matches!(
            self,
            Place::Global | Place::Cell | Place::Attribute | Place::Item | Place::Memory
        )
    }
}

impl Place {
    /// Whether it is a variable, a container or a file.
    pub fn is_data(self) -> bool {
        self.is_variable() || matches!(self, Place::Container | Place::File)
    }
    /// Whether touching it brings threads into an order.
    pub fn coordinates(self) -> bool {
        matches!(
            self,
            Place::Sync | Place::End | Place::Outside | Place::Ends | Place::Exit | Place::Kill
        )
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
    /// Of an object that the thread itself made: what two threads made by the same instruction is one location, but not one object.
    pub own: bool,
}

impl Access {
    /// Something that coordinates threads, no matter what.
    pub const SYNC: Access = Access {
        location: Location {
            kind: Place::Sync,
            process: 0,
            of: 0,
            part: 0,
        },
        write: true,
        own: false,
    };

    /// Whether it matters in which order two threads do this.
    pub fn conflicts_with(self, other: Access) -> bool {
        let (a, b) = (self.location, other.location);
        let coordinates = |kind: Place| kind.coordinates() || kind == Place::Output;
        let kills = a.kind == Place::Kill || b.kind == Place::Kill;
        if kills || coordinates(a.kind) && coordinates(b.kind) {
            return true;
        }
        let parts = |kind| matches!(kind, Place::Item | Place::Container);
        let owner = |it: Location| (it.process, it.of);
        let same =
            a == b || parts(a.kind) && parts(b.kind) && owner(a) == owner(b) && a.kind != b.kind;
        same && (self.write || other.write)
    }
}
impl Machine {
    /// What a person calls the location.
    pub fn location_name(&self, location: Location) -> String {
        if let Some(name) = self.outside_name(location) {
            return name;
        }
        let (modules, names) = self.names_of(location.process.into());
        let owner = || {
            let value = Value::object(Handle(location.of));
            let bound = modules
                .iter()
                .filter(|m| m.user)
                .find_map(|module: &Module| {
                    let at = module.slots.iter().position(|v| v.is(value))?;
                    Some(names.text(module.globals.names[at]).to_owned())
                });
            bound.filter(|_| location.of & NEW == 0)
        };
        match location.kind {
            Place::Global => {
                let module = modules.get(location.of as usize);
                let name = module.and_then(|it| it.globals.names.get(location.part as usize));
                name.map_or_else(|| String::from("a global"), |&it| names.text(it).to_owned())
            }
            Place::Attribute => {
                let name = names.text(Symbol(location.part));
                [owner().as_deref().unwrap_or(""), ".", name].concat()
            }
            Place::Item => [owner().as_deref().unwrap_or("container"), "[…]"].concat(),
            Place::Cell => String::from("a variable of an enclosing function"),
            Place::Container => owner().unwrap_or_else(|| String::from("a container")),
            Place::Sync => owner().unwrap_or_else(|| String::from("a lock")),
            Place::End => String::from("the end of a thread"),
            _ => String::from("the output"),
        }
    }
}

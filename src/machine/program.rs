//! The program as the machine runs it: code linked to symbols and to the slots of its module's globals.

use std::collections::HashMap;
use std::rc::Rc;

use super::value::{Symbol, Value};
use crate::bytecode::{Code, Constant, Instruction};
use crate::trace::LocationId;

/// Interned names. Symbols are given in order; the first ones are those in [`symbols`](super::symbols).
#[derive(Default, Clone)]
pub struct Names {
    texts: Vec<Rc<str>>,
    numbers: HashMap<Rc<str>, u32>,
}

impl Names {
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(&number) = self.numbers.get(text) {
            return Symbol(number);
        }
        let text: Rc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, self.texts.len() as u32 - 1);
        Symbol(self.texts.len() as u32 - 1)
    }
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.numbers.get(text).map(|&n| Symbol(n))
    }
    pub fn text(&self, symbol: Symbol) -> &str {
        &self.texts[symbol.0 as usize]
    }
    pub fn shared(&self, symbol: Symbol) -> Rc<str> {
        self.texts[symbol.0 as usize].clone()
    }
}

/// Linked code.
#[derive(Clone)]
pub struct Linked {
    pub code: Rc<Code>,
    /// As in `code`, but names are symbols, globals are slots of the module, constants are indices into `constants`.
    pub instructions: Box<[Instruction]>,
    /// Values; immortal, since the program holds them.
    pub constants: Box<[Value]>,
    /// For constants that are tuples of strings: their symbols (names of keyword arguments), by constant index.
    pub keywords: Box<[Box<[Symbol]>]>,
    /// Names of the slots.
    pub slots: Box<[Symbol]>,
    pub name: Symbol,
    pub module: u16,
    /// It belongs to the user's program.
    pub user: bool,
    /// It stands for a module that CPython has in C: nothing preempts it.
    pub atomic: bool,
    /// How many arguments it takes, if it takes nothing but so many positional ones.
    pub plain: Option<u32>,
    /// Such a function has a frame at once, and no free variables.
    pub direct: bool,
    /// It is `asyncio.sleep`.
    pub sleeps: bool,
    /// A generator that `types.coroutine` made awaitable.
    pub awaitable: bool,
    /// The instructions, each a `LoadGlobal`, where `await asyncio.sleep(0)` seems to begin.
    pub zero_sleeps: Box<[u32]>,
}

/// How many instructions `await asyncio.sleep(0)` has, from the module's name on.
pub const ZERO_SLEEP: u32 = 7;

/// All code; grows only when a module is imported for the first time.
#[derive(Default, Clone)]
pub struct Program {
    pub names: Names,
    pub codes: Vec<Rc<Linked>>,
}

/// A module's globals.
#[derive(Clone)]
pub struct Module {
    pub name: Symbol,
    /// Where each name's slot is.
    pub globals: Rc<Globals>,
    /// Values, NULL if unbound; owned.
    pub slots: Vec<Value>,
    /// What an unbound slot falls back to: the builtin of that name, or NULL; not counted.
    pub builtins: Rc<Vec<Value>>,
    /// The trace's location of each slot, made when first recorded; 0 is none yet (locations are stored plus one).
    pub locations: Rc<Vec<LocationId>>,
    pub user: bool,
    pub state: Import,
}

/// The names of a module's global slots.
#[derive(Default, Clone)]
pub struct Globals {
    pub names: Vec<Symbol>,
    /// An open hash table of names and their slots, plus one; 0 is free. Its length is a power of two.
    places: Vec<(Symbol, u32)>,
}

impl Globals {
    #[inline]
    pub fn find(&self, name: Symbol) -> Option<u32> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = name.0 as usize & mask;
        loop {
            let (of, slot) = self.places[place];
            if of == name || slot == 0 {
                return slot.checked_sub(1);
            }
            place = (place + 1) & mask;
        }
    }
    /// The name's slot, a new one if it has none.
    pub fn slot(&mut self, name: Symbol) -> u32 {
        if let Some(slot) = self.find(name) {
            return slot;
        }
        self.names.push(name);
        if self.names.len() * 2 > self.places.len() {
            self.places = vec![(Symbol(0), 0); (self.places.len() * 2).max(16)];
            (0..self.names.len() - 1).for_each(|slot| self.place(slot));
        }
        self.place(self.names.len() - 1);
        self.names.len() as u32 - 1
    }
    fn place(&mut self, slot: usize) {
        let mask = self.places.len() - 1;
        let mut place = self.names[slot].0 as usize & mask;
        while self.places[place].1 != 0 {
            place = (place + 1) & mask;
        }
        self.places[place] = (self.names[slot], slot as u32 + 1);
    }
}

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Import {
    Native,
    Running,
    Done,
}

/// Whether a constant is a tuple of strings.
pub fn keyword_names(constant: &Constant) -> Option<Vec<&str>> {
    match constant {
        Constant::Tuple(items) => items
            .iter()
            .map(|c| {
                if let Constant::Str(s) = c {
                    Some(s.as_str())
                } else {
                    None
                }
            })
            .collect(),
        _ => None,
    }
}

//! A value: 16 bytes, copied freely; what it refers to lives in the heap and is counted by hand.

use std::num::NonZeroU64;

/// An object's place in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub u32);

/// An interned name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// What a value is, from 1: so an `Option<Value>` is no larger than a value.
mod tag {
    pub const NULL: u8 = 1;
    pub const NONE: u8 = 2;
    pub const NOT_IMPLEMENTED: u8 = 3;
    pub const ELLIPSIS: u8 = 4;
    pub const BOOL: u8 = 5;
    pub const INT: u8 = 6;
    pub const FLOAT: u8 = 7;
    pub const TYPE: u8 = 8;
    pub const NATIVE: u8 = 9;
    pub const MODULE: u8 = 10;
    pub const THING: u8 = 11;
    pub const TURN: u8 = 12;
    pub const OBJECT: u8 = 13;
}

/// A Python value. `origin` is the trace's event (its index + 1) of the read of a shared variable that it was computed from,
/// 0 if none; two values are the same whatever their origins.
#[derive(Clone, Copy)]
pub struct Value {
    /// The tag in the low byte, the origin in the high half: two whole words are copied faster than four parts.
    head: NonZeroU64,
    bits: u64,
}

/// A value, taken apart for `match`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View {
    /// No value: an empty slot, the missing `self` of a call, an argument not given.
    Null,
    None,
    NotImplemented,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A built-in type, by its number in `types`.
    Type(u16),
    /// A built-in function, by its number in `natives`.
    Native(u16),
    /// A module, by its number in the machine.
    Module(u16),
    /// The number of a thing in the trace (a lock, a queue); opaque to programs.
    Thing(u32),
    /// What `asyncio.sleep(0)` waits for, a bare yield: whether it has yielded.
    Turn(bool),
    Object(Handle),
}

impl Value {
    pub const NULL: Value = Value::new(tag::NULL, 0);
    pub const NONE: Value = Value::new(tag::NONE, 0);
    pub const NOT_IMPLEMENTED: Value = Value::new(tag::NOT_IMPLEMENTED, 0);
    pub const ELLIPSIS: Value = Value::new(tag::ELLIPSIS, 0);
    pub const TRUE: Value = Value::bool(true);
    pub const FALSE: Value = Value::bool(false);

    const fn new(tag: u8, bits: u64) -> Value {
        match NonZeroU64::new(tag as u64) {
            Some(head) => Value { head, bits },
            None => panic!("no tag is 0"),
        }
    }
    #[inline]
    const fn tag(self) -> u8 {
        self.head.get() as u8
    }
    /// The event of the read that it was computed from, plus 1; 0 if none.
    #[inline]
    pub const fn origin(self) -> u32 {
        (self.head.get() >> 32) as u32
    }
    #[inline]
    pub const fn bool(value: bool) -> Value {
        Value::new(tag::BOOL, value as u64)
    }
    #[inline]
    pub const fn int(value: i64) -> Value {
        Value::new(tag::INT, value as u64)
    }
    #[inline]
    pub const fn float(value: f64) -> Value {
        Value::new(tag::FLOAT, value.to_bits())
    }
    #[inline]
    pub const fn object(handle: Handle) -> Value {
        Value::new(tag::OBJECT, handle.0 as u64)
    }
    pub const fn builtin_type(number: u16) -> Value {
        Value::new(tag::TYPE, number as u64)
    }
    pub const fn native(number: u16) -> Value {
        Value::new(tag::NATIVE, number as u64)
    }
    pub const fn module(number: u16) -> Value {
        Value::new(tag::MODULE, number as u64)
    }
    pub const fn thing(number: u32) -> Value {
        Value::new(tag::THING, number as u64)
    }

    pub const fn turn(yielded: bool) -> Value {
        Value::new(tag::TURN, yielded as u64)
    }

    /// The same value with this origin.
    #[inline]
    pub const fn from_read(self, origin: u32) -> Value {
        let head = (origin as u64) << 32 | self.tag() as u64;
        match NonZeroU64::new(head) {
            Some(head) => Value { head, ..self },
            None => self,
        }
    }

    #[inline]
    pub fn view(self) -> View {
        match self.tag() {
            tag::NULL => View::Null,
            tag::NONE => View::None,
            tag::NOT_IMPLEMENTED => View::NotImplemented,
            tag::ELLIPSIS => View::Ellipsis,
            tag::BOOL => View::Bool(self.bits != 0),
            tag::INT => View::Int(self.bits as i64),
            tag::FLOAT => View::Float(f64::from_bits(self.bits)),
            tag::TYPE => View::Type(self.bits as u16),
            tag::NATIVE => View::Native(self.bits as u16),
            tag::MODULE => View::Module(self.bits as u16),
            tag::THING => View::Thing(self.bits as u32),
            tag::TURN => View::Turn(self.bits != 0),
            _ => View::Object(Handle(self.bits as u32)),
        }
    }

    #[inline]
    pub fn is_turn(self) -> bool {
        self.tag() == tag::TURN
    }

    #[inline]
    pub fn is_null(self) -> bool {
        self.tag() == tag::NULL
    }
    #[inline]
    pub fn is_none(self) -> bool {
        self.tag() == tag::NONE
    }
    #[inline]
    pub fn as_int(self) -> Option<i64> {
        (self.tag() == tag::INT).then_some(self.bits as i64)
    }
    /// An int or a bool as an int: what CPython takes where it wants an index.
    #[inline]
    pub fn as_index(self) -> Option<i64> {
        matches!(self.tag(), tag::INT | tag::BOOL).then_some(self.bits as i64)
    }
    /// A number as a float.
    pub fn as_number(self) -> Option<f64> {
        match self.view() {
            View::Int(i) => Some(i as f64),
            View::Bool(b) => Some(b as u8 as f64),
            View::Float(f) => Some(f),
            _ => None,
        }
    }
    #[inline]
    pub fn as_object(self) -> Option<Handle> {
        (self.tag() == tag::OBJECT).then_some(Handle(self.bits as u32))
    }
    /// `None` for NULL, so that missing arguments read well.
    #[inline]
    pub fn given(self) -> Option<Value> {
        (self.tag() != tag::NULL).then_some(self)
    }
    /// Python's `is`.
    #[inline]
    pub fn is(self, other: Value) -> bool {
        self.tag() == other.tag() && self.bits == other.bits
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.view().fmt(f)
    }
}

/// Two values are equal here when they are the same (`is`); Python's `==` needs the machine.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.is(*other)
    }
}

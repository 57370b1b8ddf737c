//! A value: 16 bytes, copied freely; what it refers to lives in the heap and is counted by hand.

/// An object's place in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub u32);

/// An interned name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Tag {
    Null,
    None,
    NotImplemented,
    Ellipsis,
    Bool,
    Int,
    Float,
    Type,
    Native,
    Module,
    Thing,
    Turn,
    Object,
}

/// A Python value. `origin` is the trace's event (its index + 1) of the read of a shared variable that it was computed from,
/// 0 if none; two values are the same whatever their origins.
#[derive(Clone, Copy)]
pub struct Value {
    tag: Tag,
    pub origin: u32,
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
    pub const NULL: Value = Value::new(Tag::Null, 0);
    pub const NONE: Value = Value::new(Tag::None, 0);
    pub const NOT_IMPLEMENTED: Value = Value::new(Tag::NotImplemented, 0);
    pub const ELLIPSIS: Value = Value::new(Tag::Ellipsis, 0);
    pub const TRUE: Value = Value::bool(true);
    pub const FALSE: Value = Value::bool(false);

    const fn new(tag: Tag, bits: u64) -> Value {
        Value {
            tag,
            origin: 0,
            bits,
        }
    }
    #[inline]
    pub const fn bool(value: bool) -> Value {
        Value::new(Tag::Bool, value as u64)
    }
    #[inline]
    pub const fn int(value: i64) -> Value {
        Value::new(Tag::Int, value as u64)
    }
    #[inline]
    pub const fn float(value: f64) -> Value {
        Value::new(Tag::Float, value.to_bits())
    }
    #[inline]
    pub const fn object(handle: Handle) -> Value {
        Value::new(Tag::Object, handle.0 as u64)
    }
    pub const fn builtin_type(number: u16) -> Value {
        Value::new(Tag::Type, number as u64)
    }
    pub const fn native(number: u16) -> Value {
        Value::new(Tag::Native, number as u64)
    }
    pub const fn module(number: u16) -> Value {
        Value::new(Tag::Module, number as u64)
    }
    pub const fn thing(number: u32) -> Value {
        Value::new(Tag::Thing, number as u64)
    }

    pub const fn turn(yielded: bool) -> Value {
        Value::new(Tag::Turn, yielded as u64)
    }

    /// The same value with this origin.
    #[inline]
    pub const fn from_read(mut self, origin: u32) -> Value {
        self.origin = origin;
        self
    }

    #[inline]
    pub fn view(self) -> View {
        match self.tag {
            Tag::Null => View::Null,
            Tag::None => View::None,
            Tag::NotImplemented => View::NotImplemented,
            Tag::Ellipsis => View::Ellipsis,
            Tag::Bool => View::Bool(self.bits != 0),
            Tag::Int => View::Int(self.bits as i64),
            Tag::Float => View::Float(f64::from_bits(self.bits)),
            Tag::Type => View::Type(self.bits as u16),
            Tag::Native => View::Native(self.bits as u16),
            Tag::Module => View::Module(self.bits as u16),
            Tag::Thing => View::Thing(self.bits as u32),
            Tag::Turn => View::Turn(self.bits != 0),
            Tag::Object => View::Object(Handle(self.bits as u32)),
        }
    }

    #[inline]
    pub fn is_turn(self) -> bool {
        self.tag == Tag::Turn
    }

    #[inline]
    pub fn is_null(self) -> bool {
        self.tag == Tag::Null
    }
    #[inline]
    pub fn is_none(self) -> bool {
        self.tag == Tag::None
    }
    #[inline]
    pub fn as_int(self) -> Option<i64> {
        (self.tag == Tag::Int).then_some(self.bits as i64)
    }
    /// An int or a bool as an int: what CPython takes where it wants an index.
    #[inline]
    pub fn as_index(self) -> Option<i64> {
        matches!(self.tag, Tag::Int | Tag::Bool).then_some(self.bits as i64)
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
        (self.tag == Tag::Object).then_some(Handle(self.bits as u32))
    }
    /// `None` for NULL, so that missing arguments read well.
    #[inline]
    pub fn given(self) -> Option<Value> {
        (self.tag != Tag::Null).then_some(self)
    }
    /// Python's `is`.
    #[inline]
    pub fn is(self, other: Value) -> bool {
        self.tag == other.tag && self.bits == other.bits
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

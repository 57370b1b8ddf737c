//! Operations on values, as CPython does them: what instructions and natives share.
//!
//! Arguments are borrowed and results owned. Code of the program (`__eq__`, `__repr__`) runs to its end inside an operation.

mod arithmetic;
pub mod big;
mod binary;
mod compare;
mod contains;
mod describe;
pub mod equal;
pub mod float;
pub mod format;
mod guard;
pub mod hash;
pub mod integer;
mod item;
mod items;
mod iterate;
pub mod kind;
mod magnitude;
mod mapping;
mod percent;
mod repr;
mod sequence;
mod sets;
mod slice;
pub mod spec;
mod template;
mod text;
mod truth;
mod unary;
mod zip;

use std::rc::Rc;

use super::object::Object;
use super::value::{Value, View};
use super::{Context, Control, Outcome, symbols, types};

pub use big::Big;
pub use contains::range_index;
pub use hash::address;
pub use item::place;
pub use iterate::{next_in_range, range_iterator};
pub use slice::Places;
pub use text::{hexadecimal, is_printable, is_space, quote, quote_bytes};
pub use truth::range_length;

impl Context<'_> {
    /// A built-in exception whose message is put together from parts.
    #[cold]
    pub fn fail<T>(&mut self, kind: u16, parts: &[&str]) -> Outcome<T> {
        Err(self.raised(kind, parts))
    }

    /// TypeError with the name of a value's type between two texts.
    #[cold]
    pub fn type_error<T>(&mut self, before: &str, value: Value, after: &str) -> Outcome<T> {
        Err(self.raised_type_error(before, value, after))
    }

    #[cold]
    #[inline(never)]
    fn raised_type_error(&mut self, before: &str, value: Value, after: &str) -> Control {
        let name = self.type_name(value);
        self.raised(types::TYPE_ERROR, &[before, &name, after])
    }

    /// A str's text, shared.
    pub fn shared_text(&self, value: Value) -> Option<Rc<str>> {
        match self.machine.heap.object(value) {
            Some(Object::Str(t)) => Some(t.text.clone()),
            Some(Object::Instance(i)) => self.shared_text(i.base),
            _ => None,
        }
    }

    /// Whether the program may have defined what operators do to a value.
    #[inline]
    pub fn has_own_class(&self, value: Value) -> bool {
        matches!(
            self.machine.heap.object(value),
            Some(Object::Instance(_) | Object::Exception(_))
        )
    }

    /// An integer where CPython wants an index: int, bool or what `__index__` gives. None if it is none of them.
    /// Integers beyond 64 bits are held to the nearest one.
    pub fn index(&mut self, value: Value) -> Outcome<Option<i64>> {
        if let Some(i) = value.as_index() {
            return Ok(Some(i));
        }
        match self.machine.heap.object(value) {
            Some(Object::BigInt(big)) => Ok(Some(if big.negative { i64::MIN } else { i64::MAX })),
            Some(Object::Instance(_)) => match self.call_special(value, symbols::INDEX, &[]) {
                None => match self.machine.heap.base(value) {
                    Some(base) => self.index(base),
                    None => Ok(None),
                },
                Some(result) => {
                    let result = result?;
                    let index = if self.has_own_class(result) {
                        None
                    } else {
                        self.index(result)?
                    };
                    if index.is_none() {
                        let name = self.type_name(result);
                        self.heap().release(result);
                        return self.fail(
                            types::TYPE_ERROR,
                            &["__index__ returned non-int (type ", &name, ")"],
                        );
                    }
                    self.heap().release(result);
                    Ok(index)
                }
            },
            _ => Ok(None),
        }
    }

    /// As `index`, for sizes: OverflowError beyond 64 bits.
    pub fn size(&mut self, value: Value) -> Outcome<Option<i64>> {
        match self.machine.heap.object(value) {
            Some(Object::BigInt(_)) => self.error(
                types::OVERFLOW_ERROR,
                "cannot fit 'int' into an index-sized integer",
            ),
            _ => self.index(value),
        }
    }

    /// As `index`, with the usual TypeError.
    pub fn need_index(&mut self, value: Value) -> Outcome<i64> {
        match self.index(value)? {
            Some(i) => Ok(i),
            None => self.type_error("'", value, "' object cannot be interpreted as an integer"),
        }
    }

    /// Whether a value is callable.
    pub fn is_callable(&mut self, value: Value) -> bool {
        match value.view() {
            View::Type(_) | View::Native(_) => true,
            View::Object(h) => match self.machine.heap.get(h) {
                Object::Function(_)
                | Object::Class(_)
                | Object::Method(_)
                | Object::StaticMethod(_) => true,
                Object::Instance(_) => self.special(value, symbols::CALL).is_some(),
                _ => false,
            },
            _ => false,
        }
    }
}

//! The types of iterators and views, which depend on what they go over.

use super::super::object::{Iterator, Object, ViewKind};
use super::super::value::Value;
use super::super::{Machine, types};

impl Machine {
    /// The built-in type of an iterator.
    pub fn iterator_type(&self, iterator: &Iterator) -> u16 {
        let over = |of: &Value| self.heap.object(*of);
        match iterator {
            Iterator::Sequence { of, .. } => match over(of) {
                Some(Object::List(_)) => types::LIST_ITERATOR,
                Some(Object::Tuple(_)) => types::TUPLE_ITERATOR,
                Some(Object::Str(_)) => types::STR_ITERATOR,
                Some(Object::Bytes(_)) => types::BYTES_ITERATOR,
                Some(Object::ByteArray(_)) => types::BYTEARRAY_ITERATOR,
                _ => types::ITERATOR,
            },
            Iterator::Reversed { of, .. } => match over(of) {
                Some(Object::List(_)) => types::LIST_REVERSE_ITERATOR,
                _ => types::REVERSED,
            },
            Iterator::Dict {
                of,
                kind: ViewKind::Keys,
                ..
            } => match over(of) {
                Some(Object::Dict(_)) => types::DICT_KEY_ITERATOR,
                _ => types::SET_ITERATOR,
            },
            Iterator::Dict {
                kind: ViewKind::Values,
                ..
            } => types::DICT_VALUE_ITERATOR,
            Iterator::Dict {
                kind: ViewKind::Items,
                ..
            } => types::DICT_ITEM_ITERATOR,
            Iterator::Deque { .. } => types::DEQUE_ITERATOR,
            Iterator::Enumerate { .. } => types::ENUMERATE,
            Iterator::Zip { .. } => types::ZIP,
            Iterator::Calls { .. } => types::CALLABLE_ITERATOR,
            Iterator::Map { .. } => types::MAP,
            Iterator::Filter { .. } => types::FILTER,
        }
    }
}

/// The built-in type of a view.
pub fn view_type(kind: ViewKind) -> u16 {
    match kind {
        ViewKind::Keys => types::DICT_KEYS,
        ViewKind::Values => types::DICT_VALUES,
        ViewKind::Items => types::DICT_ITEMS,
    }
}

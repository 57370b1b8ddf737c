//! `__slots__`: which attributes instances have, and no others.

use super::object::{Attributes, Class, Object};
use super::value::{Symbol, Value, View};
use super::{Context, symbols, types};

impl Context<'_> {
    /// Whether a class and all it derives from have `__slots__` without `__dict__`.
    pub(super) fn is_slotted(&self, attributes: &Attributes, order: &[Value]) -> bool {
        let Some(slots) = attributes.get(symbols::SLOTS) else {
            return false;
        };
        let open = match self.machine.heap.object(slots) {
            Some(Object::Tuple(items)) => items.iter().any(|v| self.is_dict_slot(*v)),
            Some(Object::List(items)) => items.iter().any(|v| self.is_dict_slot(*v)),
            Some(Object::Str(_)) => self.is_dict_slot(slots),
            _ => true,
        };
        !open && order.iter().all(|entry| match entry.view() {
            View::Type(number) => !types::is_exception(number),
            _ => {
                matches!(self.machine.heap.object(*entry), Some(Object::Class(c)) if c.has.slotted)
            }
        })
    }

    fn is_dict_slot(&self, name: Value) -> bool {
        self.machine.heap.text(name) == Some("__dict__")
    }

    /// Whether an attribute is among the slots of a class.
    pub fn has_slot(&self, class: Value, name: Symbol) -> bool {
        let name = self.name(name);
        // `__x` in a class `C` is `_C__x`.
        let is = |c: &Class, v: &Value| {
            self.machine.heap.text(*v).is_some_and(|slot| {
                let before = name.strip_suffix(slot).and_then(|p| p.strip_prefix('_'));
                let class = self.name(c.name).trim_start_matches('_');
                slot == name || slot.starts_with("__") && before == Some(class)
            })
        };
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return true;
        };
        c.order.iter().any(|entry| {
            let Some(Object::Class(c)) = self.machine.heap.object(*entry) else {
                return false;
            };
            let Some(slots) = c.attributes.get(symbols::SLOTS) else {
                return false;
            };
            match self.machine.heap.object(slots) {
                Some(Object::Tuple(items)) => items.iter().any(|slot| is(c, slot)),
                Some(Object::List(items)) => items.iter().any(|slot| is(c, slot)),
                _ => is(c, &slots),
            }
        })
    }
}

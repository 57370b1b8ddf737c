//! Namespaces as dicts: `__dict__`, annotations, and that of a class body while it runs.

use super::attribute::Found;
use super::native::lists;
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, symbols};

/// What a function keeps elsewhere than in its `__dict__`.
const OF_FUNCTION: &str = "__annotations__ __defaults__ __doc__ __kwdefaults__ __module__ __name__ __qualname__ __type_params__";

impl Context<'_> {
    /// The annotations of a function or class without any: a dict of its own from now on.
    #[cold]
    pub(super) fn no_annotations(&mut self, object: Value) -> Found {
        let dict = self.new_dict();
        match self.machine.heap.object_mut(object) {
            Some(Object::Function(f)) => f.attributes.set(symbols::ANNOTATIONS, dict),
            Some(Object::Class(c)) => c.attributes.set(symbols::ANNOTATIONS, dict),
            _ => None,
        };
        Found::Plain(dict)
    }

    /// `__dict__`: a copy of the attributes.
    pub fn attributes_dict(&mut self, object: Value) -> Value {
        let attributes = match self.machine.heap.object(object) {
            Some(Object::Instance(i)) => {
                let (class, mut attributes) = (i.class, i.attributes.0.clone());
                if self
                    .machine
                    .class_attribute(class, symbols::SLOTS)
                    .is_some()
                {
                    attributes.retain(|(name, _)| !self.has_slot(class, *name));
                }
                attributes
            }
            Some(Object::Exception(e)) => {
                let mut attributes = e.attributes.0.clone();
                attributes.retain(|(name, _)| !self.machine.is_member(*name));
                attributes
            }
            Some(Object::Class(c)) => c.attributes.0.clone(),
            Some(Object::Function(f)) => {
                let own = &f.attributes.0;
                let shown = own
                    .iter()
                    .filter(|(n, _)| !lists(OF_FUNCTION, self.name(*n)));
                shown.copied().collect()
            }
            _ => match object.view() {
                View::Module(number) => {
                    let module = &self.machine.modules[number as usize];
                    let slots = module.slots.iter().copied();
                    let names = module.globals.names.iter().copied();
                    names.zip(slots).filter(|(_, v)| !v.is_null()).collect()
                }
                _ => Vec::new(),
            },
        };
        let dict = self.heap().add(Object::Dict(Box::default()));
        for (name, value) in attributes {
            let text = self.name(name).to_owned();
            let key = self.heap().str(&text);
            // A str always hashes.
            let _ = self.dict_set(dict, key, value);
            self.heap().release(key);
        }
        dict
    }

    /// The class namespace of the innermost frame.
    fn namespace(&self) -> Option<Value> {
        let object = self.thread.frames.last()?.object;
        Some(match self.machine.heap.object(object) {
            Some(Object::Frame(held)) => held.namespace,
            _ => object,
        })
    }

    /// What a name is bound to there.
    pub fn namespace_get(&self, name: Symbol) -> Option<Value> {
        match self.machine.heap.object(self.namespace()?) {
            Some(Object::Instance(i)) => i.attributes.get(name),
            _ => None,
        }
    }

    /// Binds (owned) or unbinds a name in the class namespace.
    pub fn namespace_set(&mut self, name: Symbol, value: Option<Value>) {
        let Some(namespace) = self.namespace() else {
            return;
        };
        let old = match (self.machine.heap.object_mut(namespace), value) {
            (Some(Object::Instance(i)), Some(value)) => i.attributes.set(name, value),
            (Some(Object::Instance(i)), None) => i.attributes.remove(name),
            _ => None,
        };
        if let Some(old) = old {
            self.heap().release(old);
        }
    }
}

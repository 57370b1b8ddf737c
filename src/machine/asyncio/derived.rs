//! Classes of the program that derive from `asyncio.Future` and `asyncio.Task`: futures with a class and attributes of their own.
//! CPython 3.12, Modules/_asynciomodule.c, looks at exact types first and calls methods by name only on others.

use crate::machine::asyncio::object::More;
use crate::machine::attribute::Found;
use crate::machine::object::{Attributes, Object};
use crate::machine::value::{Symbol, Value, View};
use crate::machine::{Context, Outcome, symbols, types};
use crate::trace::Wait;

/// Methods that a class must leave as they are: the loop, tasks and the library go past them here.
const FIXED: &str = "_make_cancelled_error add_done_callback cancelled done exception get_context get_coro get_loop \
    remove_done_callback result";
/// Special names that a class may have; the others are not looked for on a future.
const SPECIAL: &str = "__aenter__ __aexit__ __annotations__ __class_getitem__ __classcell__ __delattr__ __doc__ __enter__ __exit__ \
    __getattr__ __init__ __init_subclass__ __module__ __qualname__ __repr__ __setattr__";

impl Context<'_> {
    /// A class whose methods nothing would call is rejected.
    pub fn check_future_class(&mut self, own: &Attributes, order: &[Value]) -> Outcome<()> {
        let mut names: Vec<Symbol> = own.0.iter().map(|(name, _)| *name).collect();
        for entry in order {
            if let Some(Object::Class(c)) = self.machine.heap.object(*entry) {
                names.extend(c.attributes.0.iter().map(|(name, _)| *name));
            }
        }
        let fixed = |name: &Symbol| {
            let text = self.name(*name);
            let special = text.starts_with("__") && text.ends_with("__");
            let (names, listed) = if special {
                (SPECIAL, false)
            } else {
                (FIXED, true)
            };
            names.split_whitespace().any(|n| n == text) == listed
        };
        match names.iter().find(|n| fixed(n)) {
            None => Ok(()),
            Some(name) => {
                let message = format!(
                    "`{}` of a class that derives from asyncio.Future or asyncio.Task is not supported",
                    self.name(*name)
                );
                self.reject(
                    &message,
                    "`__init__`, `cancel`, `__repr__` and new names are",
                )
            }
        }
    }

    /// A future that waits for its `__init__`.
    pub fn bare_future(&mut self, class: Value) -> Value {
        let future = self.new_future(Value::NULL, Wait::Future, 0);
        self.heap().retain(class);
        if let Some(f) = self.future(future) {
            f.more = Some(Box::new(More {
                created: None,
                class,
                attributes: Attributes::default(),
            }));
        }
        future
    }

    /// `super().__init__(...)`: the future becomes what the fresh one (owned) is, with its own class and attributes.
    pub fn initialize_derived(&mut self, future: Value, fresh: Value) -> Outcome<()> {
        let bare = self
            .future(future)
            .is_some_and(|f| f.derived().is_some() && f.event_loop.is_null());
        if !bare {
            self.heap().release(fresh);
            return self.reject(
                "initialising a future again is not supported",
                "make another one",
            );
        }
        let Some(made) = self.future(fresh).map(|f| f.clone()) else {
            return Ok(());
        };
        let created = made.more.as_ref().and_then(|m| m.created);
        if let Some(f) = self.future(future) {
            let mut bare = std::mem::replace(f, made);
            f.more = bare.more.take();
            if let Some(more) = &mut f.more {
                more.created = created;
            }
            // The fresh one holds nothing any more.
            if let Some(f) = self.future(fresh) {
                *f = bare;
            }
        }
        self.heap().release(fresh);
        Ok(())
    }

    /// `future.cancel(msg)` as its class has it.
    pub fn cancel_as_it_is(&mut self, future: Value, message: Value) -> Outcome<bool> {
        if self.future(future).is_some_and(|f| f.derived().is_some()) {
            let name = self.symbol("cancel");
            let class = self.type_of(future);
            let own = self.machine.class_attribute(class, name);
            if own.is_some_and(|found| !matches!(found.view(), View::Native(_))) {
                let message = message.given().unwrap_or(Value::NONE);
                if let Some(result) = self.call_special(future, name, &[message]) {
                    let result = result?;
                    let cancelled = self.truth(result);
                    self.heap().release(result);
                    return cancelled;
                }
            }
        }
        self.cancel_future(future, message)
    }

    /// An attribute of such a future: its class's, its own, then the facts of futures.
    pub(in crate::machine) fn derived_future_attribute(
        &mut self,
        class: Value,
        own: Option<Value>,
        object: Value,
        name: Symbol,
    ) -> Outcome<Found> {
        let found = self.instance_attribute(class, own, object, name)?;
        let bare = self.future(object).is_some_and(|f| f.event_loop.is_null());
        match found {
            Found::Bind(native)
                if bare
                    && !matches!(self.name(name), "__init__" | "done" | "cancelled")
                    && matches!(native.view(), View::Native(_)) =>
            {
                let kind = match self.name(name) {
                    "result" | "exception" => types::INVALID_STATE_ERROR,
                    _ => types::RUNTIME_ERROR,
                };
                self.error(kind, "Future object is not initialized.")
            }
            // It has attributes, but not this one to look at them.
            _ if name == symbols::DICT => Ok(Found::Missing),
            Found::Missing => Ok(self
                .future_fact(object, name)
                .map_or(Found::Missing, Found::Made)),
            found => Ok(found),
        }
    }
}

//! What single statements need: unpacking, `with`, `raise`, `except`, functions.

use super::object::{Attributes, Function, Object};
use super::value::{Symbol, Value};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::instruction::function;

impl Context<'_> {
    /// An unbound local or free variable.
    #[cold]
    pub fn unbound(&mut self, linked: &super::program::Linked, slot: u32) -> Control {
        let symbol = linked.slots[slot as usize];
        let name = self.name(symbol);
        let free = slot >= linked.code.first_free;
        let text = match (free, self.machine.version.at_least(3, 11)) {
            (true, true) => format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            ),
            (true, false) => {
                format!("free variable '{name}' referenced before assignment in enclosing scope")
            }
            (false, true) => format!(
                "cannot access local variable '{name}' where it is not associated with a value"
            ),
            (false, false) => format!("local variable '{name}' referenced before assignment"),
        };
        if free {
            let control = self.error::<()>(types::NAME_ERROR, &text);
            return self.note_undefined(control.err().unwrap_or(Control::Called), symbol);
        }
        let result: Outcome<()> = self.error(types::UNBOUND_LOCAL_ERROR, &text);
        result.err().unwrap_or(Control::Called)
    }

    /// A name that is neither global nor builtin.
    #[cold]
    pub fn name_error(&mut self, name: Symbol) -> Control {
        let text = self.name(name);
        if UNSUPPORTED_BUILTINS.contains(&text) {
            let message = ["the builtin '", text, "' is not supported"].concat();
            return Control::Reject(message.into(), "the help lists what is".into());
        }
        let text = ["name '", text, "' is not defined"].concat();
        let result: Outcome<()> = self.error(types::NAME_ERROR, &text);
        self.note_undefined(result.err().unwrap_or(Control::Called), name)
    }

    /// `UnpackSequence`.
    pub fn unpack(&mut self, n: usize) -> Outcome<()> {
        let value = self.thread.pop();
        let items = self.unpack_items(value);
        let origin = value.origin();
        self.heap().release(value);
        let items = items?;
        if items.len() != n {
            let few = items.len() < n;
            let given = items.len();
            self.machine.heap.release_all(items);
            let text = if few {
                format!("not enough values to unpack (expected {n}, got {given})")
            } else {
                format!("too many values to unpack (expected {n})")
            };
            return self.error(types::VALUE_ERROR, &text);
        }
        self.thread.stack.extend(items.into_iter().rev().map(|v| {
            if v.origin() == 0 {
                v.from_read(origin)
            } else {
                v
            }
        }));
        Ok(())
    }

    /// `UnpackStar`.
    pub fn unpack_star(&mut self, before: usize, after: usize) -> Outcome<()> {
        let value = self.thread.pop();
        let items = self.unpack_items(value);
        self.heap().release(value);
        let mut items = items?;
        if items.len() < before + after {
            let text = format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            );
            self.machine.heap.release_all(items);
            return self.error(types::VALUE_ERROR, &text);
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        let middle = self.heap().list(middle);
        self.thread.stack.extend(tail.into_iter().rev());
        self.thread.push(middle);
        self.thread.stack.extend(items.into_iter().rev());
        Ok(())
    }

    pub(super) fn unpack_items(&mut self, value: Value) -> Outcome<Vec<Value>> {
        match self.items(value) {
            Err(Control::Raise(e))
                if self.is_a(e, types::TYPE_ERROR) && !self.is_iterable(value) =>
            {
                self.heap().release(e);
                let text = [
                    "cannot unpack non-iterable ",
                    &self.type_name(value),
                    " object",
                ]
                .concat();
                self.error(types::TYPE_ERROR, &text)
            }
            other => other,
        }
    }

    pub(super) fn is_iterable(&mut self, value: Value) -> bool {
        match self.iterator(value) {
            Ok(iterator) => {
                self.heap().release(iterator);
                true
            }
            Err(Control::Raise(e)) => {
                self.heap().release(e);
                false
            }
            Err(_) => false,
        }
    }

    /// `MakeFunction`.
    pub fn make_function(&mut self, flags: u32) {
        let code = self.thread.pop().as_int().unwrap_or(0) as u32;
        let mut given = |flag| match flags & flag {
            0 => Value::NULL,
            _ => self.thread.pop(),
        };
        let closure = given(function::CLOSURE);
        let annotations = given(function::ANNOTATIONS);
        let keyword_defaults = given(function::KEYWORD_DEFAULTS);
        let defaults = given(function::DEFAULTS);
        let mut attributes = Attributes::default();
        if annotations.given().is_some() {
            attributes.set(symbols::ANNOTATIONS, annotations);
        }
        let cells: Vec<Value> = match self.machine.heap.object(closure) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        for cell in &cells {
            self.machine.heap.retain(*cell);
        }
        self.heap().release(closure);
        let module = self.machine.program.codes[code as usize].module;
        let value = self.heap().add(Object::Function(Box::new(Function {
            code,
            module,
            defaults,
            keyword_defaults,
            closure: cells.into(),
            attributes,
        })));
        self.thread.push(value);
    }

    /// `except wanted:`; both borrowed.
    pub fn exception_matches(&mut self, exception: Value, wanted: Value) -> Outcome<bool> {
        if let Some(Object::Tuple(items)) = self.machine.heap.object(wanted) {
            let items = items.clone();
            // From 3.0 on all must be classes, whichever matches.
            let nests = !self.machine.version.at_least(3, 0);
            if nests || items.iter().all(|item| self.is_exception_class(*item)) {
                for item in items {
                    if self.exception_matches(exception, item)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
        }
        if !self.is_exception_class(wanted) {
            return self.error(
                types::TYPE_ERROR,
                "catching classes that do not inherit from BaseException is not allowed",
            );
        }
        Ok(self.machine.is_instance(exception, wanted))
    }

    pub fn is_exception_class(&self, value: Value) -> bool {
        self.machine.is_class(value)
            && self
                .machine
                .is_subclass(value, types::value(types::BASE_EXCEPTION))
    }

    /// `Raise`.
    pub fn raise_statement(&mut self, count: u32) -> Control {
        let cause = if count == 2 {
            self.thread.pop()
        } else {
            Value::NULL
        };
        if count == 0 {
            let handled = self.thread.handled;
            if handled.is_null() {
                return self
                    .error::<()>(types::RUNTIME_ERROR, "No active exception to reraise")
                    .err()
                    .unwrap_or(Control::Called);
            }
            self.heap().retain(handled);
            return Control::Raise(handled);
        }
        let value = self.thread.pop();
        let exception = match self.to_exception(value, "exceptions must derive from BaseException")
        {
            Ok(exception) => exception,
            Err(control) => {
                self.heap().release(cause);
                return control;
            }
        };
        if count == 2 {
            let cause = match cause {
                none if none.is_none() => Ok(Value::NULL),
                other => {
                    self.to_exception(other, "exception causes must derive from BaseException")
                }
            };
            match cause {
                Ok(cause) => {
                    let mut old = Value::NULL;
                    if let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception) {
                        old = std::mem::replace(&mut e.cause, cause);
                        e.suppress_context = true;
                    }
                    self.heap().release(old);
                }
                Err(control) => {
                    self.heap().release(exception);
                    return control;
                }
            }
        }
        self.set_context(exception);
        self.note_meant(exception);
        Control::Raise(exception)
    }

    /// An exception from an exception or a class of one; takes over the value.
    pub fn to_exception(&mut self, value: Value, message: &str) -> Outcome {
        if matches!(self.machine.heap.object(value), Some(Object::Exception(_))) {
            return Ok(value);
        }
        if self.is_exception_class(value) {
            let made = self.call_now(value, &[]);
            let is_exception = |cx: &Self, made| {
                matches!(cx.machine.heap.object(made), Some(Object::Exception(_)))
            };
            if made.as_ref().map_or(true, |made| is_exception(self, *made)) {
                self.heap().release(value);
                return made;
            }
            let made = made?;
            // `throw` names the type, `raise` shows it.
            let of = if message.starts_with("exceptions must be") {
                self.type_name(made)
            } else {
                let class = self.type_of(made);
                self.repr(class)?
            };
            let shown = self.repr(value)?;
            self.heap().release_all([made, value]);
            return self.fail(
                types::TYPE_ERROR,
                &[
                    "calling ",
                    &shown,
                    " should have returned an instance of BaseException, not ",
                    &of,
                ],
            );
        }
        self.heap().release(value);
        self.error(types::TYPE_ERROR, message)
    }
}

/// Builtins of CPython that are known but not here: using one is no NameError of the program.
const UNSUPPORTED_BUILTINS: &[&str] = &[
    "open",
    "input",
    "exec",
    "eval",
    "compile",
    "memoryview",
    "bytearray",
    "complex",
    "breakpoint",
    "help",
    "__import__",
    "object",
];

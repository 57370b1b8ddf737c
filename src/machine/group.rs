//! Exception groups: `except*` and the groups' own constructor.

use super::object::Object;
use super::value::{Value, View};
use super::{Context, Outcome, symbols, types};

impl Context<'_> {
    /// The exceptions of a group (borrowed), or nothing if it is none.
    pub fn group_members(&self, exception: Value) -> Option<Vec<Value>> {
        if !self.is_a(exception, types::BASE_EXCEPTION_GROUP)
            && !self.is_a(exception, types::EXCEPTION_GROUP)
        {
            return None;
        }
        let Some(Object::Exception(e)) = self.machine.heap.object(exception) else {
            return None;
        };
        let Some(Object::Tuple(args)) = self.machine.heap.object(e.args) else {
            return None;
        };
        match self.machine.heap.object(*args.get(1)?) {
            Some(Object::List(items)) => Some(items.clone()),
            Some(Object::Tuple(items)) => Some(items.to_vec()),
            _ => None,
        }
    }

    /// Checks a new group's arguments; a BaseExceptionGroup of plain Exceptions is an ExceptionGroup. Takes the exception over.
    pub fn check_group(&mut self, exception: Value) -> Outcome {
        let base = self
            .type_of(exception)
            .is(types::value(types::BASE_EXCEPTION_GROUP));
        if !base
            && !self
                .type_of(exception)
                .is(types::value(types::EXCEPTION_GROUP))
        {
            return Ok(exception);
        }
        let count = match self.machine.heap.object(exception) {
            Some(Object::Exception(e)) => match self.machine.heap.object(e.args) {
                Some(Object::Tuple(args)) => args.len(),
                _ => 0,
            },
            _ => 0,
        };
        if count != 2 {
            self.heap().release(exception);
            let name = if base {
                "BaseExceptionGroup"
            } else {
                "ExceptionGroup"
            };
            return self.error(
                types::TYPE_ERROR,
                &format!("{name}.__new__() takes exactly 2 arguments ({count} given)"),
            );
        }
        let Some(members) = self.group_members(exception) else {
            self.heap().release(exception);
            return self.error(
                types::TYPE_ERROR,
                "second argument (exceptions) must be a sequence",
            );
        };
        if members.is_empty() {
            self.heap().release(exception);
            return self.error(
                types::VALUE_ERROR,
                "second argument (exceptions) must be a non-empty sequence",
            );
        }
        for (at, member) in members.iter().enumerate() {
            if !matches!(
                self.machine.heap.object(*member),
                Some(Object::Exception(_))
            ) {
                self.heap().release(exception);
                return self.error(
                    types::VALUE_ERROR,
                    &format!("Item {at} of second argument (exceptions) is not an exception"),
                );
            }
        }
        let plain = members.iter().all(|m| self.is_a(*m, types::EXCEPTION));
        if base
            && plain
            && let Some(Object::Exception(e)) = self.machine.heap.object_mut(exception)
        {
            e.class = types::value(types::EXCEPTION_GROUP);
        }
        if !base && !plain {
            self.heap().release(exception);
            return self.error(
                types::TYPE_ERROR,
                "Cannot nest BaseExceptions in an ExceptionGroup",
            );
        }
        Ok(exception)
    }

    /// Splits an exception by type: what matches and the rest (owned, NULL if nothing). Groups keep their shape.
    pub fn split_group(&mut self, exception: Value, wanted: Value) -> Outcome<(Value, Value)> {
        let matches = match self.machine.heap.object(wanted) {
            Some(Object::Function(_) | Object::Method(_)) => {
                let result = self.call_now(wanted, &[exception])?;
                let is_true = self.truth(result);
                self.heap().release(result);
                is_true?
            }
            _ => self.exception_matches(exception, wanted)?,
        };
        if matches {
            return Ok((self.machine.heap.retain(exception), Value::NULL));
        }
        let Some(members) = self.group_members(exception) else {
            return Ok((Value::NULL, self.machine.heap.retain(exception)));
        };
        let (mut matching, mut rest) = (Vec::new(), Vec::new());
        for member in members {
            let (m, r) = self.split_group(member, wanted)?;
            matching.extend(m.given());
            rest.extend(r.given());
        }
        let matching = self.derive_as_told(exception, matching)?;
        let rest = self.derive_as_told(exception, rest)?;
        Ok((matching, rest))
    }

    /// The same as [`derive_group`](Self::derive_group), by the method of the program's own class if it has one.
    fn derive_as_told(&mut self, like: Value, members: Vec<Value>) -> Outcome {
        let derive = self.symbol("derive");
        let class = self.type_of(like);
        let own = self.machine.class_attribute(class, derive);
        let own = own.filter(|it| !matches!(it.view(), View::Native(_)));
        let Some(method) = own.filter(|_| !members.is_empty()) else {
            return Ok(self.derive_group(like, members));
        };
        let list = self.heap().list(members);
        let derived = self.call_now(method, &[like, list]);
        self.heap().release(list);
        let derived = derived?;
        if self.group_members(derived).is_none() {
            self.heap().release(derived);
            let text = "derive must return an instance of BaseExceptionGroup";
            return self.error(types::TYPE_ERROR, text);
        }
        self.take_after(derived, like);
        Ok(derived)
    }

    /// Gives a group what another has beside its members: what led to it, its traceback and its notes.
    fn take_after(&mut self, group: Value, like: Value) {
        let Some(Object::Exception(e)) = self.machine.heap.object(like) else {
            return;
        };
        let (cause, context, suppress) = (e.cause, e.context, e.suppress_context);
        let notes = e.attributes.get(symbols::NOTES).unwrap_or(Value::NULL);
        let notes = match self.machine.heap.object(notes) {
            Some(Object::List(items)) => {
                let items = items.clone();
                for item in &items {
                    self.machine.heap.retain(*item);
                }
                self.heap().list(items)
            }
            _ => Value::NULL,
        };
        for value in [cause, context] {
            self.machine.heap.retain(value);
        }
        let mut old = [notes, Value::NULL, Value::NULL];
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(group) {
            old = [
                match notes.given() {
                    Some(notes) => e
                        .attributes
                        .set(symbols::NOTES, notes)
                        .unwrap_or(Value::NULL),
                    None => Value::NULL,
                },
                std::mem::replace(&mut e.cause, cause),
                std::mem::replace(&mut e.context, context),
            ];
            e.suppress_context = suppress;
        }
        self.heap().release_all(old);
        let traceback = self.traceback_entries(like);
        self.set_traceback(group, traceback);
    }

    /// A group like another with these members (owned), NULL without any.
    pub fn derive_group(&mut self, like: Value, members: Vec<Value>) -> Value {
        if members.is_empty() {
            return Value::NULL;
        }
        let plain = members.iter().all(|m| self.is_a(*m, types::EXCEPTION));
        let message = match self.machine.heap.object(like) {
            Some(Object::Exception(e)) => match self.machine.heap.object(e.args) {
                Some(Object::Tuple(args)) => args.first().copied().unwrap_or(Value::NONE),
                _ => Value::NONE,
            },
            _ => return Value::NULL,
        };
        self.machine.heap.retain(message);
        let list = self.heap().list(members);
        let args = self.heap().tuple(vec![message, list]);
        let class = if plain {
            types::EXCEPTION_GROUP
        } else {
            types::BASE_EXCEPTION_GROUP
        };
        let group = self.machine.exception(types::value(class), args);
        self.take_after(group, like);
        group
    }

    /// `CheckGroupMatch`: `exception type -> rest|None match|None`.
    pub fn check_group_match(&mut self) -> Outcome<()> {
        let wanted = self.thread.pop();
        let exception = self.thread.pop();
        if exception.is_none() {
            self.heap().release(wanted);
            self.thread.push(Value::NONE);
            self.thread.push(Value::NONE);
            return Ok(());
        }
        let result = self.split_group(exception, wanted);
        let naked = self.group_members(exception).is_none();
        self.heap().release(wanted);
        let (mut matching, rest) = result?;
        if naked && matching.given().is_some() {
            // `except*` always gives a group.
            let message = self.heap().str("");
            let members = self.heap().tuple(vec![matching]);
            let args = self.heap().tuple(vec![message, members]);
            let plain = self.is_a(matching, types::EXCEPTION);
            let class = if plain {
                types::EXCEPTION_GROUP
            } else {
                types::BASE_EXCEPTION_GROUP
            };
            matching = self.machine.exception(types::value(class), args);
        }
        self.heap().release(exception);
        self.thread.push(rest.given().unwrap_or(Value::NONE));
        self.thread.push(matching.given().unwrap_or(Value::NONE));
        if matching.given().is_some() {
            self.heap().retain(matching);
            let old = std::mem::replace(&mut self.thread.handled, matching);
            self.heap().release(old);
        }
        Ok(())
    }

    /// `PrepareReraiseStar`: `original list -> exception|None`. CPython 3.12, Objects/exceptions.c, _PyExc_PrepReraiseStar.
    pub fn prepare_reraise_star(&mut self) -> Outcome<()> {
        let list = self.thread.pop();
        let original = self.thread.pop();
        let all: Vec<Value> = match self.machine.heap.object(list) {
            Some(Object::List(items)) => items.iter().copied().filter(|v| !v.is_none()).collect(),
            _ => Vec::new(),
        };
        let result = if all.is_empty() {
            Value::NONE
        } else if self.group_members(original).is_none() {
            self.machine.heap.retain(all[0])
        } else {
            // What was not handled keeps the original's shape; what the handlers raised stands beside it.
            let (raised, unhandled): (Vec<Value>, Vec<Value>) =
                all.iter().partition(|v| !self.same_metadata(**v, original));
            for v in raised.iter().chain(&unhandled) {
                self.machine.heap.retain(*v);
            }
            let rest = match unhandled.len() {
                1 => unhandled[0],
                _ => {
                    let members = unhandled
                        .iter()
                        .flat_map(|g| self.group_members(*g).unwrap_or_default())
                        .collect::<Vec<_>>();
                    for m in &members {
                        self.machine.heap.retain(*m);
                    }
                    self.machine.heap.release_all(unhandled);
                    self.derive_group(original, members)
                }
            };
            if raised.is_empty() {
                rest
            } else {
                let mut members = raised;
                members.extend(rest.given());
                if members.len() == 1 {
                    members[0]
                } else {
                    let message = self.heap().str("");
                    let plain = members.iter().all(|m| self.is_a(*m, types::EXCEPTION));
                    let list = self.heap().list(members);
                    let args = self.heap().tuple(vec![message, list]);
                    self.machine.exception(
                        types::value(if plain {
                            types::EXCEPTION_GROUP
                        } else {
                            types::BASE_EXCEPTION_GROUP
                        }),
                        args,
                    )
                }
            }
        };
        self.heap().release(list);
        self.heap().release(original);
        self.thread.push(result);
        Ok(())
    }

    /// Whether an exception is a part of a group: it has the traceback that only the group's splitting copies.
    fn same_metadata(&self, part: Value, group: Value) -> bool {
        match (
            self.machine.heap.object(part),
            self.machine.heap.object(group),
        ) {
            (Some(Object::Exception(a)), Some(Object::Exception(b))) => {
                self.group_members(part).is_some()
                    && !b.traceback.is_empty()
                    && a.traceback.first() == b.traceback.first()
                    && a.context.is(b.context)
            }
            _ => false,
        }
    }
}

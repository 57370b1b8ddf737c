//! Exception groups: `except*` and the groups' own constructor.

use super::object::Object;
use super::value::Value;
use super::{Context, Outcome, types};

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
        if self.exception_matches(exception, wanted)? {
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
        let matching = self.derive_group(exception, matching);
        let rest = self.derive_group(exception, rest);
        Ok((matching, rest))
    }

    /// A group like another with these members (owned), NULL without any.
    pub fn derive_group(&mut self, like: Value, members: Vec<Value>) -> Value {
        if members.is_empty() {
            return Value::NULL;
        }
        let plain = members.iter().all(|m| self.is_a(*m, types::EXCEPTION));
        let (message, cause, context, suppress) = match self.machine.heap.object(like) {
            Some(Object::Exception(e)) => {
                let message = match self.machine.heap.object(e.args) {
                    Some(Object::Tuple(args)) => args.first().copied().unwrap_or(Value::NONE),
                    _ => Value::NONE,
                };
                (message, e.cause, e.context, e.suppress_context)
            }
            _ => return Value::NULL,
        };
        for value in [message, cause, context] {
            self.machine.heap.retain(value);
        }
        let list = self.heap().list(members);
        let args = self.heap().tuple(vec![message, list]);
        let class = if plain {
            types::EXCEPTION_GROUP
        } else {
            types::BASE_EXCEPTION_GROUP
        };
        let group = self.machine.exception(types::value(class), args);
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(group) {
            e.cause = cause;
            e.context = context;
            e.suppress_context = suppress;
        }
        let traceback = self.traceback_entries(like);
        self.set_traceback(group, traceback);
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
            let list = self.heap().list(vec![matching]);
            let args = self.heap().tuple(vec![message, list]);
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

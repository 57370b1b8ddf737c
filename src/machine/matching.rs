//! The instructions of `match`: what is a sequence, a mapping, an instance with these attributes.
//! CPython 3.12, Python/ceval.c, match_keys and match_class.

use super::object::Object;
use super::value::Value;
use super::{Context, Outcome, symbols, types};

/// Types that a class pattern with one positional pattern matches as a whole.
const WHOLE: &[u16] = &[
    types::BOOL,
    types::BYTEARRAY,
    types::BYTES,
    types::DICT,
    types::FLOAT,
    types::FROZENSET,
    types::INT,
    types::LIST,
    types::SET,
    types::STR,
    types::TUPLE,
];

impl Context<'_> {
    /// `MatchSequence`: `subject -> subject bool`.
    pub fn match_sequence(&mut self) {
        let value = self.machine.heap.plain(self.thread.peek(1));
        let found = matches!(
            self.machine.heap.object(value),
            Some(Object::List(_) | Object::Tuple(_) | Object::Range(_) | Object::Deque(_))
        );
        self.thread.push(Value::bool(found));
    }

    /// `MatchMapping`: `subject -> subject bool`.
    pub fn match_mapping(&mut self) {
        let value = self.machine.heap.plain(self.thread.peek(1));
        let found = matches!(self.machine.heap.object(value), Some(Object::Dict(_)));
        self.thread.push(Value::bool(found));
    }

    /// `GetLength`: `subject -> subject length`.
    pub fn get_length(&mut self) -> Outcome<()> {
        let length = self.length(self.thread.peek(1))?;
        self.thread.push(Value::int(length as i64));
        Ok(())
    }

    /// `MatchKeys`: `subject keys -> subject keys values|None`.
    pub fn match_keys(&mut self) -> Outcome<()> {
        let (subject, keys) = (self.thread.peek(2), self.thread.peek(1));
        let keys = self.tuple_items(keys);
        let dict = self.machine.heap.plain(subject);
        let mut values = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            for earlier in &keys[..at] {
                if self.same(*earlier, *key)? {
                    self.machine.heap.release_all(values);
                    let text = self.repr(*key)?;
                    return self.fail(
                        types::VALUE_ERROR,
                        &["mapping pattern checks duplicate key (", &text, ")"],
                    );
                }
            }
            match self.dict_get(dict, *key)? {
                Some(value) => values.push(self.machine.heap.retain(value)),
                None => {
                    self.machine.heap.release_all(values);
                    self.thread.push(Value::NONE);
                    return Ok(());
                }
            }
        }
        let found = self.heap().tuple(values);
        self.thread.push(found);
        Ok(())
    }

    /// `MatchRest`: `subject keys -> dict` with what the keys leave over.
    pub fn match_rest(&mut self) -> Outcome<()> {
        let keys = self.thread.pop();
        let subject = self.thread.pop();
        let rest = self.new_dict();
        let mut result = self.dict_update(rest, subject);
        for key in self.tuple_items(keys) {
            if result.is_err() {
                break;
            }
            result = match self.take_key(rest, key) {
                Ok(Some((key, value))) => {
                    self.heap().release_all([key, value]);
                    Ok(())
                }
                Ok(None) => Ok(()),
                Err(e) => Err(e),
            };
        }
        self.heap().release_all([keys, subject]);
        result?;
        self.thread.push(rest);
        Ok(())
    }

    /// `MatchClass`: `subject class names -> attributes|None`.
    pub fn match_class(&mut self, positional: usize) -> Outcome<()> {
        let names = self.thread.pop();
        let class = self.thread.pop();
        let subject = self.thread.pop();
        let result = self.class_parts(subject, class, names, positional);
        self.heap().release_all([names, class, subject]);
        let value = match result? {
            Some(values) => self.heap().tuple(values),
            None => Value::NONE,
        };
        self.thread.push(value);
        Ok(())
    }

    fn class_parts(
        &mut self,
        subject: Value,
        class: Value,
        names: Value,
        positional: usize,
    ) -> Outcome<Option<Vec<Value>>> {
        if !self.machine.is_class(class) {
            return self.error(types::TYPE_ERROR, "called match pattern must be a class");
        }
        if !self.machine.is_instance(subject, class) {
            return Ok(None);
        }
        let mut values = Vec::new();
        let mut seen: Vec<Value> = Vec::new();
        let mut wanted = Vec::new();
        if positional > 0 {
            match self.match_arguments(class)? {
                Some(given) => {
                    self.check_positional(class, positional, given.len())?;
                    wanted.extend_from_slice(&given[..positional]);
                }
                None if self.matches_whole(class) => {
                    self.check_positional(class, positional, 1)?;
                    values.push(self.machine.heap.retain(subject));
                }
                None => self.check_positional(class, positional, 0)?,
            }
        }
        wanted.extend(self.tuple_items(names));
        for name in wanted {
            let Some(text) = self.machine.heap.text(name).map(str::to_owned) else {
                self.machine.heap.release_all(values);
                return self.type_error("__match_args__ elements must be strings (got ", name, ")");
            };
            if seen
                .iter()
                .any(|s| self.machine.heap.text(*s) == Some(text.as_str()))
            {
                self.machine.heap.release_all(values);
                let class = self.machine.class_name(class).to_owned();
                return self.fail(
                    types::TYPE_ERROR,
                    &[
                        &class,
                        "() got multiple sub-patterns for attribute '",
                        &text,
                        "'",
                    ],
                );
            }
            seen.push(name);
            match self.attribute_or_none(subject, &text) {
                Ok(Some(value)) => values.push(value),
                Ok(None) => {
                    self.machine.heap.release_all(values);
                    return Ok(None);
                }
                Err(e) => {
                    self.machine.heap.release_all(values);
                    return Err(e);
                }
            }
        }
        Ok(Some(values))
    }

    fn matches_whole(&self, class: Value) -> bool {
        WHOLE
            .iter()
            .any(|t| self.machine.is_subclass(class, types::value(*t)))
    }

    /// The names in `__match_args__`, borrowed from the class; None if it has none.
    fn match_arguments(&mut self, class: Value) -> Outcome<Option<Vec<Value>>> {
        let Some(found) = self.machine.class_attribute(class, symbols::MATCH_ARGS) else {
            return Ok(None);
        };
        match self.machine.heap.object(found) {
            Some(Object::Tuple(items)) => Ok(Some(items.to_vec())),
            _ => {
                let name = self.machine.class_name(class).to_owned();
                let of = self.type_name(found);
                self.fail(
                    types::TYPE_ERROR,
                    &[&name, ".__match_args__ must be a tuple (got ", &of, ")"],
                )
            }
        }
    }

    fn check_positional(&mut self, class: Value, given: usize, allowed: usize) -> Outcome<()> {
        if given <= allowed {
            return Ok(());
        }
        let name = self.machine.class_name(class).to_owned();
        let s = if allowed == 1 { "" } else { "s" };
        let text = format!("{name}() accepts {allowed} positional sub-pattern{s} ({given} given)");
        self.error(types::TYPE_ERROR, &text)
    }

    /// The attribute (owned), or None where AttributeError is raised.
    fn attribute_or_none(&mut self, object: Value, name: &str) -> Outcome<Option<Value>> {
        let name = self.symbol(name);
        let depth = self.thread.frames.len();
        let outcome = match self.get_attribute(object, name, super::frame::After::Push) {
            Err(super::Control::Called) => self.finish_now(depth),
            other => other,
        };
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(control) if self.drop_if(&control, types::ATTRIBUTE_ERROR) => Ok(None),
            Err(control) => Err(control),
        }
    }

    /// A tuple's items, borrowed.
    fn tuple_items(&self, tuple: Value) -> Vec<Value> {
        match self.machine.heap.object(tuple) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        }
    }
}

//! Exception groups: `except*`. What there is to do is done in the library's `_exceptions`.

use super::object::Object;
use super::value::Value;
use super::{Context, Machine, Outcome};

impl Machine {
    /// The exceptions of a group (borrowed), or nothing if it is none.
    pub fn group_members(&self, exception: Value) -> Option<Vec<Value>> {
        let members = self.member(exception, "exceptions");
        match self.heap.object(members) {
            Some(Object::Tuple(items)) => Some(items.to_vec()),
            _ => None,
        }
    }
}

impl Context<'_> {
    /// `CheckGroupMatch`: `exception type -> rest|None match|None`.
    pub fn check_group_match(&mut self) -> Outcome<()> {
        let wanted = self.thread.pop();
        let exception = self.thread.pop();
        let found = match exception.is_none() {
            true => Ok(self.tuple_of(&[Value::NONE; 2])),
            false => self.call_library("_exceptions", "match", &[exception, wanted]),
        };
        self.heap().release_all([exception, wanted]);
        let found = found?;
        for part in self.items(found)? {
            self.thread.push(part);
        }
        self.heap().release(found);
        let matching = self.thread.peek(1);
        if !matching.is_none() {
            self.heap().retain(matching);
            let old = std::mem::replace(&mut self.thread.handled, matching);
            self.heap().release(old);
        }
        Ok(())
    }

    /// `PrepareReraiseStar`: `original list -> exception|None`.
    pub fn prepare_reraise_star(&mut self) -> Outcome<()> {
        let list = self.thread.pop();
        let original = self.thread.pop();
        let result = self.call_library("_exceptions", "reraise", &[original, list]);
        self.heap().release_all([list, original]);
        self.thread.push(result?);
        Ok(())
    }
}

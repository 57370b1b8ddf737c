//! Several iterators side by side.

use super::super::value::Value;
use super::super::{Context, Outcome, types};

impl Context<'_> {
    /// One value of each iterator, None as soon as one is over.
    pub(super) fn next_of_each(&mut self, iterators: &[Value]) -> Outcome<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(iterators.len());
        for iterator in iterators {
            match self.next_now(*iterator) {
                Ok(Some(value)) => values.push(value),
                other => {
                    self.heap().release_all(values);
                    return other.map(|_| None);
                }
            }
        }
        Ok(Some(values))
    }

    pub(super) fn next_zip(&mut self, iterators: &[Value], strict: bool) -> Outcome<Option<Value>> {
        if iterators.is_empty() {
            return Ok(None);
        }
        if !strict {
            let values = self.next_of_each(iterators)?;
            return Ok(values.map(|values| self.heap().tuple(values)));
        }
        let mut values = Vec::new();
        for (at, iterator) in iterators.iter().enumerate() {
            match self.next_now(*iterator) {
                Ok(Some(value)) if values.len() == at => values.push(value),
                Ok(Some(value)) => {
                    self.heap().release(value);
                    return self.uneven_zip(at, "longer");
                }
                Ok(None) if at == 0 => {}
                Ok(None) if values.is_empty() => {}
                Ok(None) => {
                    self.heap().release_all(values);
                    return self.uneven_zip(at, "shorter");
                }
                Err(e) => {
                    self.heap().release_all(values);
                    return Err(e);
                }
            }
        }
        Ok((!values.is_empty()).then(|| self.heap().tuple(values)))
    }

    fn uneven_zip(&mut self, at: usize, how: &str) -> Outcome<Option<Value>> {
        let (s, first) = if at == 1 { ("", "1") } else { ("s", "1-") };
        let last = if at == 1 {
            String::new()
        } else {
            at.to_string()
        };
        let number = (at + 1).to_string();
        self.fail(
            types::VALUE_ERROR,
            &[
                "zip() argument ",
                &number,
                " is ",
                how,
                " than argument",
                s,
                " ",
                first,
                &last,
            ],
        )
    }
}

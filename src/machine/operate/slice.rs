//! Slices: which places they mean, reading and writing them.

use super::super::object::Object;
use super::super::value::Value;
use super::super::{Context, Outcome, types};

/// A slice made to fit a length: `count` places from `start` in steps of `step`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Places {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl Places {
    /// The places, in the slice's order.
    pub fn each(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count as i64).map(move |n| (self.start + n * self.step) as usize)
    }
}

impl Context<'_> {
    /// What `slice.indices(length)` says.
    pub fn places(&mut self, slice: Value, length: usize) -> Outcome<Places> {
        let Some(Object::Slice(parts)) = self.machine.heap.object(slice) else {
            return Ok(Places {
                start: 0,
                stop: 0,
                step: 1,
                count: 0,
            });
        };
        let [start, stop, step] = **parts;
        let length = length as i64;
        // -i64::MAX can be turned round, i64::MIN cannot.
        let step = self.slice_part(step)?.unwrap_or(1).max(-i64::MAX);
        if step == 0 {
            return self.error(types::VALUE_ERROR, "slice step cannot be zero");
        }
        let (lowest, highest) = if step < 0 {
            (-1, length - 1)
        } else {
            (0, length)
        };
        let fit = |part: Option<i64>, default: i64| match part {
            None => default,
            Some(i) if i < 0 => i.saturating_add(length).max(lowest),
            Some(i) => i.min(highest),
        };
        let start = fit(
            self.slice_part(start)?,
            if step < 0 { highest } else { lowest },
        );
        let stop = fit(
            self.slice_part(stop)?,
            if step < 0 { lowest } else { highest },
        );
        let distance = if step < 0 { start - stop } else { stop - start };
        let count = if distance > 0 {
            (distance - 1) / step.abs() + 1
        } else {
            0
        };
        Ok(Places {
            start,
            stop,
            step,
            count: count as usize,
        })
    }

    fn slice_part(&mut self, part: Value) -> Outcome<Option<i64>> {
        if part.is_none() || part.is_null() {
            return Ok(None);
        }
        match self.index(part)? {
            Some(i) => Ok(Some(i)),
            None => self.error(
                types::TYPE_ERROR,
                "slice indices must be integers or None or have an __index__ method",
            ),
        }
    }

    /// The part of a str.
    pub(super) fn slice_text(&mut self, value: Value, slice: Value) -> Outcome {
        let Some(Object::Str(text)) = self.machine.heap.object(value) else {
            return Ok(Value::NULL);
        };
        let text = text.clone();
        let places = self.places(slice, text.length as usize)?;
        let (start, end) = (places.start as usize, places.start as usize + places.count);
        let part: String = if places.count == 0 {
            String::new()
        } else if text.is_ascii() && places.step == 1 {
            text.text[start..end].to_owned()
        } else if text.is_ascii() {
            let bytes = text.text.as_bytes();
            places.each().map(|at| bytes[at] as char).collect()
        } else if places.step == 1 {
            text.text.chars().skip(start).take(places.count).collect()
        } else {
            let chars: Vec<char> = text.text.chars().collect();
            places.each().map(|at| chars[at]).collect()
        };
        Ok(self.heap().str(&part))
    }

    /// `list[slice] = iterable`
    pub(super) fn set_slice(&mut self, list: Value, slice: Value, value: Value) -> Outcome<()> {
        let length = self.builtin_length(list).unwrap_or(0);
        let mut places = self.places(slice, length)?;
        let new = match self.items(value) {
            Ok(items) => items,
            Err(control) if self.drop_if(&control, types::TYPE_ERROR) => {
                let text = if places.step == 1 {
                    "can only assign an iterable"
                } else {
                    "must assign iterable to extended slice"
                };
                return self.error(types::TYPE_ERROR, text);
            }
            Err(control) => return Err(control),
        };
        if places.step == 1 {
            // The iterable may have changed the list.
            let length = self.builtin_length(list).unwrap_or(0);
            places.start = places.start.min(length as i64);
            let end = (places.start as usize + places.count).min(length);
            let added = new.len();
            let Some(Object::List(items)) = self.machine.heap.object_mut(list) else {
                return Ok(());
            };
            let old: Vec<Value> = items.splice(places.start as usize..end, new).collect();
            self.resized(old.len(), added);
            self.heap().release_all(old);
            return Ok(());
        }
        if new.len() != places.count {
            let (given, wanted) = (new.len().to_string(), places.count.to_string());
            self.heap().release_all(new);
            return self.fail(
                types::VALUE_ERROR,
                &[
                    "attempt to assign sequence of size ",
                    &given,
                    " to extended slice of size ",
                    &wanted,
                ],
            );
        }
        for (at, item) in places.each().zip(new) {
            let mut old = item;
            if let Some(Object::List(items)) = self.machine.heap.object_mut(list)
                && let Some(slot) = items.get_mut(at)
            {
                std::mem::swap(slot, &mut old);
            }
            self.heap().release(old);
        }
        Ok(())
    }

    /// `bytearray[slice] = bytes`
    pub(super) fn set_bytes(&mut self, array: Value, slice: Value, value: Value) -> Outcome<()> {
        let Some(new) = self.shared_bytes(value) else {
            return self.reject(
                "only bytes can be assigned to a slice of a bytearray",
                "put bytes(...) around the value",
            );
        };
        let places = self.places(slice, self.builtin_length(array).unwrap_or(0))?;
        if places.step != 1 && new.len() != places.count {
            let (given, wanted) = (new.len().to_string(), places.count.to_string());
            let parts = [
                "attempt to assign bytes of size ",
                &given,
                " to extended slice of size ",
                &wanted,
            ];
            return self.fail(types::VALUE_ERROR, &parts);
        }
        let Some(Object::ByteArray(bytes)) = self.machine.heap.object_mut(array) else {
            return Ok(());
        };
        if places.step == 1 {
            let start = places.start as usize;
            bytes.splice(start..start + places.count, new.iter().copied());
            let heap = self.heap();
            heap.bytes = (heap.bytes + new.len()).saturating_sub(places.count);
        } else {
            for (at, byte) in places.each().zip(new.iter()) {
                bytes[at] = *byte;
            }
        }
        Ok(())
    }

    /// `del list[slice]`
    pub(super) fn delete_slice(&mut self, list: Value, slice: Value) -> Outcome<()> {
        let places = self.places(slice, self.builtin_length(list).unwrap_or(0))?;
        let Some(Object::List(items)) = self.machine.heap.object_mut(list) else {
            return Ok(());
        };
        let mut old = Vec::with_capacity(places.count);
        if places.step == 1 {
            old.extend(items.drain(places.start as usize..places.start as usize + places.count));
        } else {
            let mut sorted: Vec<usize> = places.each().collect();
            if places.step < 0 {
                sorted.reverse();
            }
            let mut doomed = sorted.into_iter().peekable();
            let mut at = 0;
            items.retain(|item| {
                let dies = doomed.next_if_eq(&at).is_some();
                if dies {
                    old.push(*item);
                }
                at += 1;
                !dies
            });
        }
        self.resized(old.len(), 0);
        self.heap().release_all(old);
        Ok(())
    }

    /// `del bytearray[slice]`
    pub(super) fn delete_bytes(&mut self, array: Value, slice: Value) -> Outcome<()> {
        let places = self.places(slice, self.builtin_length(array).unwrap_or(0))?;
        let Some(Object::ByteArray(bytes)) = self.machine.heap.object_mut(array) else {
            return Ok(());
        };
        if places.step == 1 {
            let start = places.start as usize;
            bytes.drain(start..start + places.count);
        } else {
            let first = places.each().min().unwrap_or(0);
            let step = places.step.unsigned_abs() as usize;
            let mut at = 0;
            bytes.retain(|_| {
                at += 1;
                let from_first = (at - 1usize).checked_sub(first);
                !from_first.is_some_and(|n| n % step == 0 && n / step < places.count)
            });
        }
        let heap = self.heap();
        heap.bytes = heap.bytes.saturating_sub(places.count);
        Ok(())
    }

    /// A list or deque had `before` items in some place and has `after` there now.
    pub fn resized(&mut self, before: usize, after: usize) {
        let heap = self.heap();
        heap.bytes = (heap.bytes + after * 8).saturating_sub(before * 8);
    }
}

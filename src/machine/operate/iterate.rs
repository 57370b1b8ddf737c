//! Iterables and the built-in iterators.

use super::super::object::{GeneratorKind, Iterator, Object, ViewKind};
use super::super::value::{Handle, Value};
use super::super::{Context, Control, Outcome, symbols, types};
use super::truth::range_length;

/// `iter(range(start, stop, step))`.
pub fn range_iterator(parts: &[i64; 3]) -> Object {
    Object::RangeIterator {
        next: parts[0],
        step: parts[2],
        left: range_length(parts),
    }
}

/// The next value of a range's iterator, None at its end.
#[inline]
pub fn next_in_range(next: &mut i64, step: i64, left: &mut u64) -> Option<Value> {
    *left = left.checked_sub(1)?;
    let value = Value::int(*next);
    *next = next.wrapping_add(step);
    Some(value)
}

impl Context<'_> {
    /// `iter(value)`.
    pub fn iterator(&mut self, value: Value) -> Outcome {
        let iterator = match self.machine.heap.object(value) {
            Some(
                Object::List(_)
                | Object::Tuple(_)
                | Object::Str(_)
                | Object::Bytes(_)
                | Object::ByteArray(_),
            ) => Iterator::Sequence { of: value, next: 0 },
            Some(Object::Range(parts)) => {
                let iterator = range_iterator(parts);
                return Ok(self.heap().add(iterator));
            }
            Some(Object::Dict(_) | Object::Set(..)) => {
                let size = self.builtin_length(value).unwrap_or(0);
                Iterator::Dict {
                    of: value,
                    next: 0,
                    size,
                    left: size,
                    kind: ViewKind::Keys,
                }
            }
            Some(Object::DictView(of, kind)) => {
                let (of, kind) = (self.machine.heap.plain(*of), *kind);
                let size = self.table(of).map_or(0, |t| t.len());
                self.heap().retain(of);
                return Ok(self.new_iterator(Iterator::Dict {
                    of,
                    next: 0,
                    size,
                    left: size,
                    kind,
                }));
            }
            Some(Object::Deque(d)) => Iterator::Deque {
                of: value,
                next: 0,
                size: d.items.len(),
            },
            Some(Object::Generator(g)) if g.kind != GeneratorKind::Generator => {
                return self.type_error("'", value, "' object is not iterable");
            }
            Some(
                Object::Iterator(_)
                | Object::RangeIterator { .. }
                | Object::Generator(_)
                | Object::AsyncStep(_),
            ) => {
                return Ok(self.heap().retain(value));
            }
            Some(Object::Instance(_) | Object::Class(_)) => return self.own_iterator(value),
            _ => return self.type_error("'", value, "' object is not iterable"),
        };
        self.heap().retain(value);
        Ok(self.new_iterator(iterator))
    }

    pub fn new_iterator(&mut self, iterator: Iterator) -> Value {
        self.heap().add(Object::Iterator(Box::new(iterator)))
    }

    fn own_iterator(&mut self, value: Value) -> Outcome {
        match self.special(value, symbols::ITER) {
            Some(method) if !method.is_none() => {
                let mut values = vec![value];
                let method = self.bind_special(method, &mut values);
                let iterator = self.call_now(method, &values)?;
                if self.is_iterator(iterator) {
                    return Ok(iterator);
                }
                let name = self.type_name(iterator);
                self.heap().release(iterator);
                self.fail(
                    types::TYPE_ERROR,
                    &["iter() returned non-iterator of type '", &name, "'"],
                )
            }
            None if self.machine.heap.base(value).is_some() => {
                let base = self.machine.heap.plain(value);
                self.iterator(base)
            }
            None if self.special(value, symbols::GET_ITEM).is_some() => {
                self.heap().retain(value);
                Ok(self.new_iterator(Iterator::Sequence { of: value, next: 0 }))
            }
            _ => self.type_error("'", value, "' object is not iterable"),
        }
    }

    pub fn is_iterator(&mut self, value: Value) -> bool {
        match self.machine.heap.object(value) {
            Some(Object::Iterator(_) | Object::RangeIterator { .. } | Object::AsyncStep(_)) => true,
            Some(Object::Generator(g)) => g.kind == GeneratorKind::Generator,
            Some(Object::Instance(_)) => self.special(value, symbols::NEXT).is_some(),
            _ => false,
        }
    }

    /// The next value of a built-in iterator, None at its end.
    pub fn next(&mut self, iterator: Value) -> Outcome<Option<Value>> {
        let Some(handle) = iterator.as_object() else {
            return Ok(None);
        };
        self.count_step()?;
        let object = self.machine.heap.get_mut(handle);
        if let Object::RangeIterator { next, step, left } = object {
            return Ok(next_in_range(next, *step, left));
        }
        let Object::Iterator(iterator) = object else {
            return Ok(None);
        };
        match &mut **iterator {
            Iterator::Sequence { of, next } => {
                let (of, at) = (*of, *next);
                let mut width = 1;
                let item = match self.machine.heap.object(of) {
                    Some(Object::List(items)) => items.get(at).copied(),
                    Some(Object::Tuple(items)) => items.get(at).copied(),
                    Some(Object::Str(text)) => match text.text[at..].chars().next() {
                        Some(c) => {
                            width = c.len_utf8();
                            Some(self.character(c))
                        }
                        None => None,
                    },
                    Some(Object::Bytes(bytes)) => bytes.get(at).map(|b| Value::int(*b as i64)),
                    Some(Object::ByteArray(bytes)) => bytes.get(at).map(|b| Value::int(*b as i64)),
                    Some(Object::Instance(_)) => return self.next_by_index(handle, of, at),
                    _ => return Ok(None),
                };
                match item {
                    Some(item) => {
                        if let Object::Iterator(iterator) = self.machine.heap.get_mut(handle)
                            && let Iterator::Sequence { next, .. } = &mut **iterator
                        {
                            *next = at + width;
                        }
                        // The character is new.
                        Ok(Some(
                            if matches!(self.machine.heap.object(of), Some(Object::Str(_))) {
                                item
                            } else {
                                self.machine.heap.retain(item)
                            },
                        ))
                    }
                    None => self.exhaust(handle),
                }
            }
            Iterator::Reversed { next: 0, .. } => self.exhaust(handle),
            Iterator::Reversed { of, next } => {
                *next -= 1;
                let (of, at) = (*of, *next);
                if self.builtin_length(of).is_some_and(|length| at >= length) {
                    return self.exhaust(handle);
                }
                self.get_item(of, Value::int(at as i64)).map(Some)
            }
            Iterator::Dict {
                of,
                next,
                size,
                left,
                kind,
            } => {
                let (of, at, size, left, kind) = (*of, *next, *size, *left, *kind);
                if of.is_null() {
                    return Ok(None);
                }
                let Some(table) = self.table(of) else {
                    return Ok(None);
                };
                let found = table.next_from(at);
                let resized = table.len() != size;
                // Keys went and others came. CPython 3.12, Objects/dictobject.c, dictiter_iternextkey.
                let dict = matches!(self.machine.heap.object(of), Some(Object::Dict(_)));
                if resized || dict && left == 0 && found.is_some() {
                    if !resized {
                        self.exhaust(handle)?;
                    } else if let Object::Iterator(iterator) = self.machine.heap.get_mut(handle)
                        && let Iterator::Dict { size, .. } = &mut **iterator
                    {
                        // From now on it always fails.
                        *size = usize::MAX;
                    }
                    let text = match (dict, resized) {
                        (true, true) => "dictionary changed size during iteration",
                        (true, false) => "dictionary keys changed during iteration",
                        _ => "Set changed size during iteration",
                    };
                    return self.error(types::RUNTIME_ERROR, text);
                }
                let Some((entry, behind)) = found else {
                    return self.exhaust(handle);
                };
                if let Object::Iterator(iterator) = self.machine.heap.get_mut(handle)
                    && let Iterator::Dict { next, left, .. } = &mut **iterator
                {
                    *next = behind;
                    *left = left.wrapping_sub(1);
                }
                Ok(Some(self.entry_part(entry.key, entry.value, kind)))
            }
            Iterator::Deque { of, next, .. } => {
                let (of, at) = (*of, *next);
                let Some(Object::Deque(deque)) = self.machine.heap.object(of) else {
                    return Ok(None);
                };
                let (length, item) = (deque.items.len(), deque.items.get(at).copied());
                let Object::Iterator(iterator) = self.machine.heap.get_mut(handle) else {
                    return Ok(None);
                };
                let Iterator::Deque { next, size, .. } = &mut **iterator else {
                    return Ok(None);
                };
                if length != *size {
                    *size = usize::MAX;
                    return self.error(types::RUNTIME_ERROR, "deque mutated during iteration");
                }
                match item {
                    Some(item) => {
                        *next = at + 1;
                        Ok(Some(self.machine.heap.retain(item)))
                    }
                    None => self.exhaust(handle),
                }
            }
            Iterator::Enumerate { of, count } => {
                let of = *of;
                let number = *count;
                let Some(following) = number.checked_add(1) else {
                    let text = "counting beyond 64 bits is not supported";
                    return self.reject(text, "use smaller numbers");
                };
                *count = following;
                match self.next_now(of)? {
                    Some(item) => Ok(Some(self.heap().tuple(vec![Value::int(number), item]))),
                    None => Ok(None),
                }
            }
            Iterator::Zip { of, strict } => {
                let (of, strict) = (of.clone(), *strict);
                self.next_zip(&of, strict)
            }
            Iterator::Calls { function, sentinel } => {
                let (function, sentinel) = (*function, *sentinel);
                if function.is_null() {
                    return Ok(None);
                }
                let value = match self.call_now(function, &[]) {
                    Ok(value) => value,
                    Err(control) => return self.stopped(control),
                };
                match self.same(sentinel, value) {
                    Ok(false) => Ok(Some(value)),
                    Ok(true) => {
                        self.heap().release(value);
                        self.exhaust(handle)
                    }
                    Err(e) => {
                        self.heap().release(value);
                        Err(e)
                    }
                }
            }
            Iterator::Map { function, of } => {
                let (function, of) = (*function, of.clone());
                let Some(args) = self.next_of_each(&of)? else {
                    return Ok(None);
                };
                let result = self.call_now(function, &args);
                self.heap().release_all(args);
                match result {
                    Ok(value) => Ok(Some(value)),
                    Err(control) => self.stopped(control),
                }
            }
            Iterator::Filter { function, of } => {
                let (function, of) = (*function, *of);
                while let Some(item) = self.next_now(of)? {
                    let keep = if function.is_none() {
                        self.truth(item)
                    } else {
                        self.call_now(function, &[item]).and_then(|result| {
                            let truth = self.truth(result);
                            self.heap().release(result);
                            truth
                        })
                    };
                    match keep {
                        Ok(true) => return Ok(Some(item)),
                        Ok(false) => self.heap().release(item),
                        Err(e) => {
                            self.heap().release(item);
                            return Err(e);
                        }
                    }
                }
                Ok(None)
            }
        }
    }

    /// A native takes one more item of an iterator: endless ones must not keep it forever.
    pub fn count_step(&mut self) -> Outcome<()> {
        self.machine.steps += 1;
        if self.machine.steps > self.machine.limits.instructions {
            return Err(Control::Limit("instructions"));
        }
        Ok(())
    }

    /// StopIteration out of a function ends an iterator as it would its own `__next__`; its value is kept for `yield from`.
    fn stopped(&mut self, control: Control) -> Outcome<Option<Value>> {
        match self.stop_value(Err(control))? {
            Ok(value) | Err(value) => {
                let old = std::mem::replace(&mut self.machine.stop_value, value);
                self.heap().release(old);
                Ok(None)
            }
        }
    }

    /// The iterator is over for good: lets go of what it went over.
    fn exhaust(&mut self, handle: Handle) -> Outcome<Option<Value>> {
        let Object::Iterator(iterator) = self.machine.heap.get_mut(handle) else {
            return Ok(None);
        };
        let slot = match &mut **iterator {
            Iterator::Sequence { of, .. }
            | Iterator::Reversed { of, .. }
            | Iterator::Dict { of, .. }
            | Iterator::Deque { of, .. } => of,
            Iterator::Calls { function, .. } => function,
            _ => return Ok(None),
        };
        let old = std::mem::replace(slot, Value::NULL);
        self.heap().release(old);
        Ok(None)
    }

    /// An instance with `__getitem__` only is gone through by index until IndexError.
    fn next_by_index(&mut self, handle: Handle, of: Value, at: usize) -> Outcome<Option<Value>> {
        if let Object::Iterator(iterator) = self.machine.heap.get_mut(handle)
            && let Iterator::Sequence { next, .. } = &mut **iterator
        {
            *next = at + 1;
        }
        match self.get_item(of, Value::int(at as i64)) {
            Ok(value) => Ok(Some(value)),
            Err(control) => {
                if self.drop_if(&control, types::INDEX_ERROR)
                    || self.drop_if(&control, types::STOP_ITERATION)
                {
                    return self.exhaust(handle);
                }
                Err(control)
            }
        }
    }
}

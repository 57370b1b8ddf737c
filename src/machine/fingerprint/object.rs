//! What an object adds to a fingerprint.

use super::Walk;
use crate::machine::asyncio::object::Callback;
use crate::machine::frame::After;
use crate::machine::object::{Attributes, Held, Iterator, Object, TraceEntry};
use crate::machine::parts::each_part;
use crate::machine::value::{Handle, Value};

impl Walk<'_> {
    pub(super) fn object(&mut self, handle: Handle) {
        let object = self.machine.heap.get(handle);
        self.mix.add(discriminant(object));
        self.own(object);
        if let Object::Frame(held) = object {
            return self.held(held);
        }
        // The parts are gone through twice to keep their number out of the way of the borrow.
        let machine = self.machine;
        each_part(machine.heap.get(handle), &mut |part| self.value(part));
    }

    /// What an object is beside the values it owns.
    fn own(&mut self, object: &Object) {
        match object {
            Object::Free(_)
            | Object::Tuple(_)
            | Object::Slice(_)
            | Object::Method(_)
            | Object::Property(_)
            | Object::ClassMethod(_)
            | Object::StaticMethod(_)
            | Object::Super(_)
            | Object::Cell(_) => {}
            Object::Str(text) => self.mix.bytes(text.text.as_bytes()),
            Object::Bytes(bytes) => self.mix.bytes(bytes),
            Object::ByteArray(bytes) => self.mix.bytes(bytes),
            Object::BigInt(big) => self.mix.bytes(format!("{big:?}").as_bytes()),
            Object::List(items) => self.mix.add(items.len() as u64),
            Object::Dict(dict) => self.mix.add(dict.len() as u64),
            Object::Set(set, frozen) => self.mix.add((set.len() as u64) << 1 | *frozen as u64),
            Object::Deque(deque) => {
                self.mix.add(deque.items.len() as u64);
                self.mix
                    .add(deque.limit.map_or(u64::MAX, |limit| limit as u64));
            }
            Object::Range(range) => range.iter().for_each(|&part| self.mix.add(part as u64)),
            Object::Iterator(iterator) => self.iterator(iterator),
            Object::RangeIterator { next, step, left } => {
                self.mix.add(*next as u64);
                self.mix.add(*step as u64);
                self.mix.add(*left);
            }
            Object::DictView(_, kind) => self.mix.add(*kind as u64),
            Object::Function(function) => {
                self.mix
                    .add(u64::from(function.code) << 16 | u64::from(function.module));
                self.names(&function.attributes);
            }
            Object::Class(class) => {
                self.mix.add(u64::from(class.name.0));
                self.mix.bytes(class.qualified_name.as_bytes());
                self.names(&class.attributes);
            }
            Object::Instance(instance) => {
                self.mix.add(u64::from(instance.deleted));
                self.names(&instance.attributes);
            }
            Object::Exception(exception) => {
                self.mix
                    .add(u64::from(exception.suppress_context) | u64::from(exception.caught) << 1);
                self.names(&exception.attributes);
                self.traceback(&exception.traceback);
            }
            Object::Code(code) => self.mix.add(u64::from(*code)),
            Object::Traceback(entries) => self.traceback(entries),
            Object::Frame(held) => self.mix.add(held.variables.len() as u64),
            Object::Generator(generator) => {
                self.mix.add(
                    generator.kind as u64
                        | (generator.state as u64) << 8
                        | u64::from(generator.busy) << 16,
                );
                let frame = generator.frame;
                self.frame(&frame.resumed(0, Value::NULL, After::Push));
                self.mix.add(generator.stack.len() as u64);
            }
            Object::AsyncStep(step) => self.mix.add(
                step.kind as u64
                    | u64::from(step.started) << 8
                    | u64::from(step.finished) << 9
                    | u64::from(step.thrown) << 10,
            ),
            Object::Future(future) => {
                self.mix.add(
                    future.state as u64
                        | u64::from(future.log_traceback) << 8
                        | u64::from(future.blocking) << 9
                        | u64::from(future.cancel_requested) << 10
                        | u64::from(future.log_destroy) << 11
                        | u64::from(future.unfinished) << 12,
                );
                if let Some(task) = &future.task {
                    self.mix
                        .add(u64::from(task.cancel_requests) << 1 | u64::from(task.must_cancel));
                }
                future.callbacks.iter().for_each(|it| self.callback(it));
                if let Some(more) = future.derived() {
                    self.names(&more.attributes);
                }
            }
            Object::Handle(callback) => self.callback(callback),
            Object::Loop(of) => {
                self.mix.add(of.ready.len() as u64);
                for (when, _) in &of.timers {
                    self.mix.add(when.to_bits());
                }
                self.mix.add(of.batch as u64);
                self.mix.add(
                    u64::from(of.running)
                        | u64::from(of.stopping) << 1
                        | u64::from(of.iterated) << 2
                        | u64::from(of.closed) << 3
                        | u64::from(of.polling) << 4
                        | u64::from(of.held) << 5
                        | u64::from(of.late) << 6
                        | u64::from(of.woken) << 7
                        | u64::from(of.thread) << 8
                        | u64::from(of.current.is_some()) << 40,
                );
                self.names(&of.attributes);
                for &task in of.tasks.values().chain(&of.current) {
                    self.value(task);
                }
            }
            Object::Lock(lock) => {
                self.mix.add(
                    u64::from(lock.count)
                        | u64::from(lock.reentrant) << 32
                        | (lock.wait as u64) << 40,
                );
                // The owner of a free lock, and of one that anybody may give back, is of no consequence.
                if lock.count > 0 && lock.reentrant {
                    self.mix.add(self.rank(lock.owner));
                }
                for (thread, count) in &lock.restores {
                    self.mix.add(self.rank(*thread) << 32 | u64::from(*count));
                }
            }
        }
    }

    fn traceback(&mut self, entries: &[TraceEntry]) {
        for entry in entries {
            self.mix
                .add(u64::from(entry.code) << 32 | u64::from(entry.instruction));
        }
    }

    /// Nobody reads the variables of a frame that is over: what counts is when they die, and plain values do so in silence.
    fn held(&mut self, held: &Held) {
        self.value(held.function);
        self.value(held.namespace);
        for &value in &held.variables {
            match self.machine.heap.object(value) {
                None | Some(Object::Str(_) | Object::Bytes(_) | Object::BigInt(_)) => {}
                Some(_) => self.value(value),
            }
        }
        self.value(held.back);
    }

    fn names(&mut self, attributes: &Attributes) {
        self.mix.add(attributes.0.len() as u64);
        for (name, _) in &attributes.0 {
            self.mix.add(name.0.into());
        }
    }

    fn callback(&mut self, callback: &Callback) {
        self.mix
            .add(u64::from(callback.cancelled) << 1 | u64::from(callback.scheduled));
        self.mix.add(callback.when.map_or(u64::MAX, f64::to_bits));
    }

    fn iterator(&mut self, iterator: &Iterator) {
        match iterator {
            Iterator::Sequence { next, .. } => self.mix.add(*next as u64),
            Iterator::Reversed { next, .. } => self.mix.add(*next as u64 | 1 << 56),
            Iterator::Dict {
                next,
                size,
                left,
                kind,
                ..
            } => {
                self.mix.add(*next as u64 | 2 << 56);
                self.mix.add(*left as u64);
                self.mix.add(*size as u64 | (*kind as u64) << 56);
            }
            Iterator::Deque { next, size, .. } => {
                self.mix.add(*next as u64 | 3 << 56);
                self.mix.add(*size as u64);
            }
            Iterator::Enumerate { count, .. } => self.mix.add(*count as u64 ^ 4 << 56),
            Iterator::Zip { of, strict } => self
                .mix
                .add(of.len() as u64 | u64::from(*strict) << 32 | 5 << 56),
            Iterator::Calls { .. } => self.mix.add(6 << 56),
            Iterator::Map { of, .. } => self.mix.add(of.len() as u64 | 7 << 56),
            Iterator::Filter { .. } => self.mix.add(8 << 56),
        }
    }
}
/// A number for each sort of object.
fn discriminant(object: &Object) -> u64 {
    match object {
        Object::Free(_) => 0,
        Object::Str(_) => 1,
        Object::Bytes(_) => 2,
        Object::ByteArray(_) => 3,
        Object::BigInt(_) => 4,
        Object::List(_) => 5,
        Object::Tuple(_) => 6,
        Object::Dict(_) => 7,
        Object::Set(..) => 8,
        Object::Deque(_) => 9,
        Object::Range(_) => 10,
        Object::Slice(_) => 11,
        Object::Iterator(_) => 12,
        Object::RangeIterator { .. } => 33,
        Object::DictView(..) => 13,
        Object::Function(_) => 14,
        Object::Class(_) => 15,
        Object::Instance(_) => 16,
        Object::Exception(_) => 17,
        Object::Method(_) => 18,
        Object::Property(_) => 19,
        Object::ClassMethod(_) => 20,
        Object::StaticMethod(_) => 21,
        Object::Super(_) => 22,
        Object::Cell(_) => 23,
        Object::Generator(_) => 24,
        Object::Frame(_) => 26,
        Object::Traceback(_) => 31,
        Object::Code(_) => 32,
        Object::AsyncStep(_) => 25,
        Object::Future(_) => 27,
        Object::Handle(_) => 28,
        Object::Loop(_) => 29,
        Object::Lock(_) => 30,
    }
}

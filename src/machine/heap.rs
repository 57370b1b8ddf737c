//! The heap: an arena of objects with reference counts, so that they die when CPython's do.

use super::object::{GeneratorState, Object, Text};
use super::parts::each_part;
use super::value::{Handle, Value, View};
use std::collections::VecDeque;
use std::rc::Rc;

/// A slot of the arena.
#[derive(Clone)]
struct Slot {
    count: u32,
    /// The object's number in the trace (of an instance, a container, or a cell's location), 0 until it needs one.
    label: u32,
    object: Object,
}

/// All objects. Counts are kept by hand: whoever stores a value retains it, whoever drops it releases it.
#[derive(Clone)]
pub struct Heap {
    /// Objects from `frozen_count` on; before them come those of `frozen`.
    slots: Vec<Slot>,
    /// What copies of the heap share: live for ever, and copied into `changed` when they change.
    frozen: Rc<Vec<Slot>>,
    frozen_count: u32,
    /// By handle; copies share them as well.
    changed: Vec<(u32, Rc<Slot>)>,
    /// Where those stand that could not be frozen beside others: by handle, the place among `thawed`, from 1. Empty if all could.
    places: Rc<[u32]>,
    thawed: Vec<Slot>,
    /// Something changed that was frozen beside others.
    rewritten: bool,
    free: u32,
    /// Live bytes, roughly as CPython would count them.
    pub bytes: usize,
    /// Objects that died but have something to say or to run first: generators to close, coroutines never awaited,
    /// futures whose exception nobody saw, instances with `__del__`. Each is revived with one reference, owned by this list, in the order
    /// in which they died.
    pub dying: VecDeque<Value>,
    /// Room for what dies together, empty in between.
    dead: Vec<Handle>,
    /// The label that new objects get: 0, unless who made them matters (see [`watch`](super::watch)).
    pub stamp: u32,
    /// Slots are not used again while there are fewer than so many: then handles say which object is older.
    in_order_until: usize,
    /// Threads are interchangeable, and so are the objects that they were started with.
    pub interchangeable: bool,
}

const NO_SLOT: u32 = u32::MAX;
/// What an object counts for beside its contents.
const OBJECT_BYTES: usize = 56;

impl Default for Heap {
    fn default() -> Heap {
        Heap {
            slots: Vec::new(),
            frozen: Rc::default(),
            frozen_count: 0,
            changed: Vec::new(),
            places: Rc::default(),
            thawed: Vec::new(),
            rewritten: false,
            free: NO_SLOT,
            bytes: 0,
            dying: VecDeque::new(),
            dead: Vec::new(),
            stamp: 0,
            interchangeable: false,
            in_order_until: 0,
        }
    }
}

impl Heap {
    /// Puts an object in; the caller owns the one reference.
    #[inline]
    pub fn add(&mut self, object: Object) -> Value {
        self.bytes += OBJECT_BYTES + contents(&object);
        if self.free != NO_SLOT {
            let at = self.free;
            let label = self.stamp;
            let slot = self.slot_mut(Handle(at));
            let before = std::mem::replace(
                slot,
                Slot {
                    count: 1,
                    label,
                    object,
                },
            );
            if let Object::Free(next) = before.object {
                self.free = next;
            }
            Value::object(Handle(at))
        } else {
            self.slots.push(Slot {
                count: 1,
                label: self.stamp,
                object,
            });
            Value::object(Handle(self.frozen_count + self.slots.len() as u32 - 1))
        }
    }

    pub fn str(&mut self, text: &str) -> Value {
        self.add(Object::Str(Text::new(text)))
    }
    pub fn tuple(&mut self, items: Vec<Value>) -> Value {
        self.add(Object::Tuple(items.into_boxed_slice()))
    }
    pub fn list(&mut self, items: Vec<Value>) -> Value {
        self.add(Object::List(items))
    }

    #[inline]
    pub fn get(&self, handle: Handle) -> &Object {
        &self.slot(handle).object
    }
    #[inline]
    pub fn get_mut(&mut self, handle: Handle) -> &mut Object {
        &mut self.slot_mut(handle).object
    }

    #[inline]
    fn slot(&self, handle: Handle) -> &Slot {
        match self.slots.get(self.own(handle)) {
            Some(slot) => slot,
            None => self.frozen_slot(handle),
        }
    }
    #[inline]
    fn slot_mut(&mut self, handle: Handle) -> &mut Slot {
        let at = self.own(handle);
        if at < self.slots.len() {
            &mut self.slots[at]
        } else {
            self.changed_slot(handle)
        }
    }
    /// The place among the slots that are not frozen; beyond their end for one that is.
    #[inline]
    fn own(&self, handle: Handle) -> usize {
        handle.0.wrapping_sub(self.frozen_count) as usize
    }
    fn frozen_slot(&self, handle: Handle) -> &Slot {
        if let Some(place) = self.place(handle) {
            return &self.thawed[place];
        }
        let changed = self.changed.iter().find(|(at, _)| *at == handle.0);
        changed.map_or_else(|| &self.frozen[handle.0 as usize], |(_, slot)| slot)
    }
    #[inline(never)]
    fn changed_slot(&mut self, handle: Handle) -> &mut Slot {
        if let Some(place) = self.place(handle) {
            return &mut self.thawed[place];
        }
        self.rewritten = true;
        let at = self.changed.partition_point(|(at, _)| *at < handle.0);
        if self.changed.get(at).is_none_or(|(at, _)| *at != handle.0) {
            let slot = self.frozen[handle.0 as usize].clone();
            self.changed.insert(at, (handle.0, Rc::new(slot)));
        }
        Rc::make_mut(&mut self.changed[at].1)
    }

    /// Its place among the low ones that could not be frozen, if it is one of them.
    #[inline]
    fn place(&self, handle: Handle) -> Option<usize> {
        let place = self.places.get(handle.0 as usize)?;
        (*place as usize).checked_sub(1)
    }
    /// The slot of an object whose references are counted: of all but frozen ones.
    #[inline]
    fn counted(&mut self, handle: Handle) -> Option<&mut Slot> {
        let at = self.own(handle);
        if at < self.slots.len() {
            return Some(&mut self.slots[at]);
        }
        let place = self.place(handle)?;
        Some(&mut self.thawed[place])
    }

    /// Whether references to an object are counted.
    pub fn is_counted(&self, handle: Handle) -> bool {
        self.own(handle) < self.slots.len() || self.place(handle).is_some()
    }

    /// Freezes objects: copies share them until they change, and they live for ever from now on. That is all of them, unless the death
    /// of one could be noticed. Then, with `beside`, it is those that refer to no others and do not change: where one changes after all,
    /// it may come to keep alive what should die ([`Heap::is_rewritten`]).
    pub fn freeze(&mut self, beside: bool) {
        let noticed = |slot: &Slot| match &slot.object {
            Object::Generator(_) | Object::Future(_) => true,
            Object::Instance(i) => match self.object(i.class) {
                Some(Object::Class(c)) => c.has.delete,
                _ => false,
            },
            _ => false,
        };
        if self.frozen_count > 0 {
            return;
        }
        if self.slots.iter().any(noticed) {
            if !beside {
                return;
            }
            self.thaw();
        }
        self.frozen_count = self.slots.len() as u32;
        self.frozen = Rc::new(std::mem::take(&mut self.slots));
        self.free = NO_SLOT;
    }

    /// Keeps apart what cannot be frozen: what can change, and what refers to it.
    fn thaw(&mut self) {
        let lasts = |slot: &Slot| slot.object.is_lasting();
        let mut lasting: Vec<bool> = self.slots.iter().map(lasts).collect();
        loop {
            let mut done = true;
            for (at, slot) in self.slots.iter().enumerate() {
                let mut stays = lasting[at];
                if stays {
                    each_part(&slot.object, &mut |part| {
                        stays &= part.as_object().is_none_or(|it| lasting[it.0 as usize]);
                    });
                    done &= stays;
                    lasting[at] = stays;
                }
            }
            if done {
                break;
            }
        }
        let mut places = vec![0; lasting.len()];
        for (at, slot) in self.slots.iter_mut().enumerate() {
            if !lasting[at] {
                let free = Slot {
                    count: 0,
                    label: 0,
                    object: Object::Free(NO_SLOT),
                };
                self.thawed.push(std::mem::replace(slot, free));
                places[at] = self.thawed.len() as u32;
            }
        }
        self.places = places.into();
    }

    /// Whether something changed that was frozen beside what could not be: an exploration must begin again without.
    pub fn is_rewritten(&self) -> bool {
        self.rewritten && !self.places.is_empty()
    }

    /// A copy for a process that a thread forks, whose thread in it has another number. Nobody else waits for its locks, and its
    /// objects are others in the trace.
    pub fn forked(&self, by: u32, thread: u32) -> Heap {
        let mut copy = self.clone();
        for slot in copy.slots.iter_mut().chain(&mut copy.thawed) {
            slot.label = 0;
            match &mut slot.object {
                Object::Lock(lock) => {
                    lock.waiters.clear();
                    lock.restores.clear();
                    if lock.owner == by {
                        lock.owner = thread;
                    }
                }
                Object::Loop(event_loop) if event_loop.thread == by => event_loop.thread = thread,
                _ => {}
            }
        }
        for at in 0..self.frozen_count {
            if let Object::Lock(lock) = self.get(Handle(at))
                && (lock.owner == by || !lock.waiters.is_empty() || !lock.restores.is_empty())
                && let Object::Lock(lock) = copy.get_mut(Handle(at))
            {
                lock.waiters.clear();
                lock.restores.clear();
                if lock.owner == by {
                    lock.owner = thread;
                }
            }
        }
        copy
    }

    /// Whether an object is frozen.
    #[inline]
    pub fn is_frozen(&self, handle: Handle) -> bool {
        handle.0 < self.frozen_count && self.place(handle).is_none()
    }

    /// Whether its handle identifies an object: it is frozen and, where threads are interchangeable, was there before any of
    /// them was started.
    #[inline]
    pub fn is_original(&self, handle: Handle) -> bool {
        self.is_frozen(handle)
            && (!self.interchangeable
                || self.frozen[handle.0 as usize].label >> super::watch::SITE_BITS == 0)
    }

    /// The frozen objects that changed since, in order.
    pub fn changed(&self) -> impl std::iter::Iterator<Item = Handle> {
        self.changed.iter().map(|(at, _)| Handle(*at))
    }
    /// The number of slots, used and free.
    pub fn slot_count(&self) -> u32 {
        self.frozen_count + self.slots.len() as u32
    }

    /// All objects.
    pub fn handles(&self) -> impl std::iter::Iterator<Item = Handle> {
        let used = |handle: &Handle| !matches!(self.get(*handle), Object::Free(_));
        (0..self.slot_count()).map(Handle).filter(used)
    }

    /// From now on handles are given in the order in which objects are made, until there are so many slots.
    pub fn keep_order(&mut self, until: usize) {
        self.in_order_until = until;
        self.free = NO_SLOT;
    }

    /// The object of a value, if it is one.
    #[inline]
    pub fn object(&self, value: Value) -> Option<&Object> {
        value.as_object().map(|h| self.get(h))
    }
    #[inline]
    pub fn object_mut(&mut self, value: Value) -> Option<&mut Object> {
        match value.as_object() {
            Some(h) => Some(self.get_mut(h)),
            None => None,
        }
    }
    /// The text of a str.
    pub fn text(&self, value: Value) -> Option<&str> {
        match self.object(value) {
            Some(Object::Str(t)) => Some(&t.text),
            Some(Object::Instance(i)) => self.text(i.base),
            _ => None,
        }
    }

    /// The value of the built-in type under an instance whose class derives from one; other values are themselves.
    #[inline]
    pub fn plain(&self, value: Value) -> Value {
        match self.object(value) {
            Some(Object::Instance(i)) => i.base.given().unwrap_or(value),
            _ => value,
        }
    }
    /// As `plain`; None if there is nothing under it.
    pub fn base(&self, value: Value) -> Option<Value> {
        match self.object(value) {
            Some(Object::Instance(i)) => i.base.given(),
            _ => None,
        }
    }

    /// How many references an object has; 0 for values that are none.
    pub fn count(&self, value: Value) -> u32 {
        value.as_object().map_or(0, |h| self.slot(h).count)
    }

    /// The object's number in the trace, 0 if it has none yet.
    pub fn label(&self, handle: Handle) -> u32 {
        self.slot(handle).label
    }
    pub fn set_label(&mut self, handle: Handle, label: u32) {
        // What the trace calls an object changes nothing in it.
        let rewritten = self.rewritten;
        self.slot_mut(handle).label = label;
        self.rewritten = rewritten;
    }

    /// How many objects live.
    pub fn live(&self) -> usize {
        let counted = self.slots.iter().chain(&self.thawed);
        counted
            .filter(|s| !matches!(s.object, Object::Free(_)))
            .count()
    }

    /// One more reference; gives the value back, so that it reads `push(heap.retain(v))`.
    #[inline]
    pub fn retain(&mut self, value: Value) -> Value {
        if let Some(h) = value.as_object()
            && let Some(slot) = self.counted(h)
        {
            slot.count += 1;
        }
        value
    }

    /// One reference less. What dies takes its parts along, without recursion.
    #[inline]
    pub fn release(&mut self, value: Value) {
        if let Some(h) = value.as_object()
            && let Some(slot) = self.counted(h)
        {
            slot.count -= 1;
            if slot.count == 0 {
                self.bury(h);
            }
        }
    }

    pub fn release_all(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.release(value);
        }
    }

    #[inline(never)]
    fn bury(&mut self, first: Handle) {
        let mut dead = std::mem::take(&mut self.dead);
        dead.push(first);
        while let Some(h) = dead.pop() {
            if self.has_last_words(h) {
                self.slot_mut(h).count = 1;
                self.dying.push_back(Value::object(h));
                continue;
            }
            let free = self.free;
            let object = std::mem::replace(self.get_mut(h), Object::Free(free));
            if self.slot_count() as usize >= self.in_order_until {
                self.free = h.0;
            }
            self.bytes = self.bytes.saturating_sub(OBJECT_BYTES + contents(&object));
            each_part(&object, &mut |part| {
                if let Some(p) = part.as_object()
                    && let Some(slot) = self.counted(p)
                {
                    slot.count -= 1;
                    if slot.count == 0 {
                        dead.push(p);
                    }
                }
            });
        }
        self.dead = dead;
    }

    /// Whether an object that nobody refers to any more must first run or report something.
    pub fn has_last_words(&self, handle: Handle) -> bool {
        match self.get(handle) {
            Object::Generator(g) => match g.state {
                // The loop knows it.
                _ if g.event_loop.given().is_some() => true,
                GeneratorState::Created => g.kind == super::object::GeneratorKind::Coroutine,
                GeneratorState::Suspended => true,
                GeneratorState::Running | GeneratorState::Finished => false,
            },
            Object::Future(f) => {
                f.log_traceback && f.exception.given().is_some()
                    || f.task.is_some()
                        && f.state == super::asyncio::object::FutureState::Pending
                        && f.log_destroy
            }
            Object::AsyncStep(step) => !step.started && !step.finished,
            Object::Instance(i) => match self.object(i.class) {
                Some(Object::Class(c)) => c.has.delete && !i.deleted,
                _ => false,
            },
            _ => false,
        }
    }

    /// What the objects took, beside their contents, when there were most of them.
    pub fn most_objects_bytes(&self) -> usize {
        self.slots.len() * OBJECT_BYTES
    }

    /// Grows the count of live bytes for what a container took in (16 bytes a value), or shrinks it.
    #[inline]
    pub fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// The bytes of an object's contents.
fn contents(object: &Object) -> usize {
    match object {
        Object::Str(t) => t.text.len(),
        Object::Bytes(b) => b.len(),
        Object::ByteArray(b) => b.len(),
        Object::BigInt(b) => b.bytes(),
        Object::List(v) => v.len() * 8,
        Object::Tuple(v) => v.len() * 8,
        Object::Dict(d) => d.len() * 24,
        Object::Set(d, _) => d.len() * 24,
        Object::Deque(d) => d.items.len() * 8,
        Object::Generator(_) => 200,
        Object::Future(_) => 150,
        _ => 32,
    }
}

/// Whether two values are certainly the same without asking the program: identity, or equal plain values.
pub fn same_plain(a: Value, b: Value) -> Option<bool> {
    Some(match (a.view(), b.view()) {
        (View::Int(x), View::Int(y)) => x == y,
        (View::None, View::None) => true,
        (View::Bool(x), View::Bool(y)) => x == y,
        _ if a.is(b) => !matches!(a.view(), View::Float(f) if f.is_nan()),
        _ => return None,
    })
}

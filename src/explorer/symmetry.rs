//! Threads that run the same code with the same arguments are interchangeable: swapping them changes no outcome.
//!
//! That holds while nothing can tell them apart: nobody looks at a thread's name, number or `threading.Thread` object, and the
//! main thread waits for all of them before it does anything else. States that differ only by such a swap are taken for
//! one; the steps of each thread are still counted, so the number of orders stays exact.

use std::collections::BTreeSet;

use super::state::State;
use crate::machine::Machine;
use crate::machine::fingerprint::{Mix, Numbers};
use crate::machine::object::Object;
use crate::machine::parts::each_part;
use crate::machine::value::{Handle, Value};
use crate::machine::watch::{Location, Place};
use crate::simulation::turns::{At, Halt};
use crate::trace::Wait;

/// Names whose use can tell threads apart.
const TELLING: &[&str] = &[
    "current_thread",
    "currentThread",
    "main_thread",
    "get_ident",
    "get_native_id",
    "active_count",
    "activeCount",
    "enumerate",
    "is_alive",
    "isAlive",
    "ident",
    "native_id",
    "name",
    "getName",
    "local",
    "ContextVar",
    "id",
    "__del__",
];

/// Which threads are interchangeable.
#[derive(Debug)]
pub struct Symmetry {
    /// By thread.
    pub members: Vec<bool>,
    /// What tells about threads and is not looked at meanwhile: left out of fingerprints.
    pub hidden: Vec<Handle>,
    /// Globals through which a thread object could be reached: only the main thread may read them.
    pub guarded: Vec<Location>,
}

impl Symmetry {
    /// The interchangeable threads of a settled state, if there are any.
    pub fn find(state: &State, numbers: &mut Numbers) -> Option<Symmetry> {
        let machine = &state.turns.engine;
        let used = machine.program.codes.iter().filter(|linked| linked.user);
        let telling = |name: &String| TELLING.contains(&name.as_str());
        if used
            .clone()
            .any(|linked| linked.code.names.iter().any(telling))
        {
            return None;
        }
        let threads = machine.threads.len();
        // The most numerous class of threads that stand alike.
        let alike: Vec<Option<Mix>> = (0..threads as u32)
            .map(|thread| {
                let can = thread > 0 && state.pauses[thread as usize].is_some();
                let plain =
                    can && is_plain_thread(machine, machine.threads[thread as usize].object);
                plain.then(|| {
                    numbers.begin();
                    state.part(machine, numbers, thread, true).mix
                })
            })
            .collect();
        let size = |mix: &Mix| alike.iter().flatten().filter(|other| *other == mix).count();
        let class = alike
            .iter()
            .flatten()
            .max_by_key(|mix| (size(mix), **mix))
            .copied()?;
        if size(&class) < 2 {
            return None;
        }
        let members: Vec<bool> = alike.iter().map(|mix| *mix == Some(class)).collect();
        let is_member = |thread: &usize| members[*thread];
        let joined = joined(state);
        if !(0..threads)
            .filter(is_member)
            .all(|it| joined.contains(&(it as u32)))
        {
            return None;
        }
        let objects: BTreeSet<Handle> = (0..threads)
            .filter(is_member)
            .filter_map(|it| machine.threads[it].object.as_object())
            .collect();
        let stack = |it: usize| machine.threads[it].stack.iter().copied();
        let globals = machine.modules.iter().filter(|module| module.user);
        let globals = globals.flat_map(|module| module.slots.iter().copied());
        let mine = reached(
            machine,
            (0..threads).filter(is_member).flat_map(stack),
            &objects,
        );
        let others = (0..threads).filter(|it| !is_member(it)).flat_map(stack);
        let others = reached(machine, others.chain(globals), &objects);
        let shows = |it: &Handle| others.contains(it) && was_made_for_one(machine, *it);
        if mine.iter().any(shows) {
            // What one of them did with it is seen in the end.
            return None;
        }
        for thread in 1..threads {
            let own = &machine.threads[thread];
            let known = [own.object, own.end_lock];
            let values = own.stack.iter().copied();
            let others = values.filter(|value| !known.iter().any(|own| own.is(*value)));
            if reaches(machine, others, &objects) {
                return None;
            }
        }
        let mut guarded = Vec::new();
        let mut hidden: Vec<Handle> = objects.iter().copied().collect();
        hidden.extend((0..threads).filter_map(|it| machine.threads[it].end_lock.as_object()));
        // Their own walks tell of these.
        let theirs = (0..threads).filter(is_member).flat_map(stack);
        let theirs = reached(machine, theirs, &BTreeSet::new()).into_iter();
        hidden.extend(theirs.filter(|&it| !machine.heap.is_original(it)));
        for (number, module) in machine.modules.iter().enumerate() {
            for (slot, &value) in module.slots.iter().enumerate() {
                if module.user && reaches(machine, [value], &objects) {
                    guarded.push(Location {
                        kind: Place::Global,
                        process: 0,
                        of: number as u32,
                        part: slot as u32,
                    });
                } else if !module.user
                    && let Some(handle) = value.as_object()
                    && let Object::Dict(_) | Object::List(_) = machine.heap.get(handle)
                {
                    hidden.push(handle);
                }
            }
        }
        Some(Symmetry {
            members,
            hidden,
            guarded,
        })
    }
}

/// Whether it is a `threading.Thread`, and not of a class of the program.
fn is_plain_thread(machine: &Machine, object: Value) -> bool {
    let Some(Object::Instance(instance)) = machine.heap.object(object) else {
        return false;
    };
    matches!(machine.heap.object(instance.class), Some(Object::Class(class))
        if !machine.modules[class.module as usize].user && machine.text(class.name) == "Thread")
}

/// Whether something that can change was made after the first start, maybe as an argument of one thread.
fn was_made_for_one(machine: &Machine, handle: Handle) -> bool {
    !machine.heap.get(handle).is_constant() && !machine.heap.is_original(handle)
}

/// Whether one of the objects can be reached from the values.
fn reaches(
    machine: &Machine,
    values: impl IntoIterator<Item = Value>,
    objects: &BTreeSet<Handle>,
) -> bool {
    let reached = reached(machine, values, objects);
    objects.iter().any(|object| reached.contains(object))
}

/// What can be reached from the values, but not through one of these objects.
fn reached(
    machine: &Machine,
    values: impl IntoIterator<Item = Value>,
    objects: &BTreeSet<Handle>,
) -> BTreeSet<Handle> {
    let mut pending: Vec<Value> = values.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(value) = pending.pop() {
        if let Some(handle) = value.as_object()
            && seen.insert(handle)
            && !objects.contains(&handle)
        {
            each_part(machine.heap.get(handle), &mut |part| pending.push(part));
        }
    }
    seen
}

/// The threads whose end the main thread waits for, one after the other, before it does anything that concerns others.
fn joined(state: &State) -> Vec<u32> {
    let mut turns = state.turns.clone();
    let mut threads = Vec::new();
    while let At::Lock { lock, .. } = turns.threads[0] {
        let engine = &mut turns.engine;
        let ends = engine.threads.iter().position(|it| it.end_lock.is(lock));
        match (ends, engine.heap.object_mut(lock)) {
            (Some(thread), Some(Object::Lock(of))) if of.wait == Wait::Join => {
                threads.push(thread as u32);
                of.count = 0;
            }
            _ => break,
        }
        engine.go_on(0, false, true);
        if turns.turn(0, None) != Halt::Waits {
            break;
        }
    }
    threads
}

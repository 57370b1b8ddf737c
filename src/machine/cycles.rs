//! Objects that refer to each other in circles, and what the interpreter's end finalizes. CPython 3.12, Modules/gcmodule.c,
//! deduce_unreachable and finalize_garbage; Python/pylifecycle.c, Py_FinalizeEx.
//!
//! Counts that come from other objects are subtracted: what still has some is referred to from outside, and so is what it leads to. The
//! order of CPython's lists decides which finalizer runs first: objects stand in it as they were made, but what was only reached from
//! a later one goes to its end.

use std::collections::VecDeque;

use super::Machine;
use super::frame::Thread;
use super::heap::Heap;
use super::object::Object;
use super::parts::each_part;
use super::value::{Handle, Value};

/// The heap as the collector leaves it.
#[derive(Default)]
struct Lists {
    /// Nothing outside leads to them.
    garbage: Vec<Handle>,
    kept: Vec<Handle>,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Ahead,
    Doubtful,
    Reached,
}

impl Heap {
    /// What an object refers to, in the order in which CPython looks at it.
    fn parts(&self, of: Handle) -> Vec<Handle> {
        let mut parts = Vec::new();
        each_part(self.get(of), &mut |part| parts.extend(part.as_object()));
        parts.reverse();
        parts
    }

    /// How many references each object has that are not another object's. Those of frozen ones are not counted: `frozen` stands for them.
    fn references_from_outside(&self, frozen: u32) -> Vec<u32> {
        let mut counts: Vec<u32> = (0..self.slot_count())
            .map(|at| match self.is_counted(Handle(at)) {
                true => self.count(Value::object(Handle(at))),
                false => frozen,
            })
            .collect();
        for handle in self.handles() {
            for part in self.parts(handle) {
                let count = &mut counts[part.0 as usize];
                if self.is_counted(part) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        counts
    }

    /// Sorts all objects. `globals` are looked at after everything else.
    fn sorted(&self, mut counts: Vec<u32>, globals: &[Handle]) -> Lists {
        let mut places = vec![Place::Ahead; counts.len()];
        let mut lists = Lists::default();
        let mut queue: VecDeque<Handle> = self.handles().collect();
        let mut globals = Some(globals);
        loop {
            let parts = match queue.pop_front() {
                Some(handle) if counts[handle.0 as usize] == 0 => {
                    places[handle.0 as usize] = Place::Doubtful;
                    continue;
                }
                Some(handle) => {
                    places[handle.0 as usize] = Place::Reached;
                    lists.kept.push(handle);
                    self.parts(handle)
                }
                None => match globals.take() {
                    Some(globals) => globals.to_vec(),
                    None => break,
                },
            };
            for part in parts {
                let at = part.0 as usize;
                match places[at] {
                    Place::Ahead => counts[at] = counts[at].max(1),
                    Place::Doubtful => {
                        places[at] = Place::Ahead;
                        counts[at] = 1;
                        queue.push_back(part);
                    }
                    Place::Reached => {}
                }
            }
        }
        let doubtful = |handle: &Handle| places[handle.0 as usize] == Place::Doubtful;
        lists.garbage = self.handles().filter(doubtful).collect();
        lists
    }
}

impl Machine {
    /// What is to be finalized when the interpreter ends in CPython's order: garbage in circles, or, once that is gone, `kept` by the
    /// program's own variables. What anything else keeps, a daemon thread for example, just ends with the process.
    pub fn unfinalized(&self, kept: bool) -> Vec<Handle> {
        let counts = self.heap.references_from_outside(1);
        if !kept {
            return self.finalizable(self.heap.sorted(counts, &[]).garbage);
        }
        // A daemon thread still runs in the program: its functions keep their module.
        let process = self.threads[0].process;
        let runs = |thread: &Thread| {
            thread.process == process && !thread.ended && !thread.frames.is_empty()
        };
        if self.threads.iter().skip(1).any(runs) {
            return Vec::new();
        }
        let own = self.modules.iter().filter(|module| module.user);
        let globals: Vec<Handle> = own
            .flat_map(|module| module.slots.iter().filter_map(|value| value.as_object()))
            .collect();
        let mut without = self.heap.references_from_outside(0);
        for handle in &globals {
            let count = &mut without[handle.0 as usize];
            *count = count.saturating_sub(1);
        }
        let mut others = vec![false; counts.len()];
        for handle in self.heap.sorted(without.clone(), &[]).kept {
            others[handle.0 as usize] = true;
        }
        // Where the dict of the program's module is young when the collector runs last, it comes behind all that the program made.
        let late = self.version.at_least(3, 12) && self.find_module("asyncio").is_none();
        let mut in_order = match late {
            true => self.heap.sorted(without, &globals).kept,
            false => self.heap.sorted(counts, &[]).kept,
        };
        in_order.retain(|handle| !others[handle.0 as usize]);
        self.finalizable(in_order)
    }

    /// Those that say or run something when the interpreter ends.
    fn finalizable(&self, mut handles: Vec<Handle>) -> Vec<Handle> {
        handles.retain(|handle| self.is_finalizable(*handle));
        handles
    }

    fn is_finalizable(&self, handle: Handle) -> bool {
        match self.heap.get(handle) {
            // An async generator would be closed by a task that its loop no longer runs.
            Object::Generator(g) if g.event_loop.given().is_some() => false,
            Object::Instance(_)
            | Object::Generator(_)
            | Object::Future(_)
            | Object::AsyncStep(_) => self.heap.has_last_words(handle),
            _ => false,
        }
    }

    /// Whether anything in the heap has a finalizer: most programs have nothing of that kind.
    pub fn has_finalizers(&self) -> bool {
        self.version.at_least(3, 0) && self.heap.handles().any(|it| self.is_finalizable(it))
    }
}

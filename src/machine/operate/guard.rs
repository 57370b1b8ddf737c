//! Keeps operations that go down into containers from going for ever.

use std::cell::{Cell, RefCell};

use super::super::value::Handle;
use super::super::{Context, Outcome, types};

/// How deep an operation goes into nested containers before it raises RecursionError.
const DEPTH: u32 = 400;

// An operation runs to its end before another machine or thread of the program does anything, so these are
// empty between operations and no part of any machine's state.
thread_local! {
    static DEPTH_NOW: Cell<u32> = const { Cell::new(0) };
    static SHOWN: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
}

impl Context<'_> {
    /// One level deeper; `rise` takes it back unless this fails.
    pub fn sink(&mut self, doing: &str) -> Outcome<()> {
        let depth = DEPTH_NOW.get();
        if depth >= DEPTH {
            return self.fail(
                types::RECURSION_ERROR,
                &["maximum recursion depth exceeded", doing],
            );
        }
        DEPTH_NOW.set(depth + 1);
        Ok(())
    }
    pub fn rise(&mut self) {
        DEPTH_NOW.set(DEPTH_NOW.get() - 1);
    }

    /// Whether a container's repr is already under way; if not, it now is, until `shown`.
    pub fn showing(&mut self, container: Handle) -> bool {
        SHOWN.with_borrow_mut(|list| {
            let found = list.contains(&container);
            if !found {
                list.push(container);
            }
            found
        })
    }
    pub fn shown(&mut self) {
        SHOWN.with_borrow_mut(|list| list.pop());
    }
}

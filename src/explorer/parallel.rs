//! Several searchers at once, each with a machine of its own: a state cannot go from one to another, but the way there can.
//!
//! They share what was seen. Who runs out of states gets the oldest one of somebody else, as the threads that lead there, and goes
//! there itself.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread;

use super::graph::Node;
use super::search::{Part, Search, Searcher};
use super::state::State;
use super::visited::Visited;
use super::{Mode, Options, first};
use crate::machine::watch::Registry;
use crate::run::Ready;

/// A state that somebody gives away.
struct Task {
    path: Vec<u32>,
    node: Node,
    last: Option<u32>,
    preemptions: u32,
}

/// What the searchers share.
struct Pool {
    visited: Visited,
    jobs: usize,
    /// How many have nothing to do and wait.
    waiting: AtomicUsize,
    tasks: Mutex<Vec<Task>>,
    changed: Condvar,
    /// Something turned out to be shared: the round is void.
    stop: AtomicBool,
}

impl Pool {
    /// Something to do; None when all is done.
    fn take(&self) -> Option<Task> {
        let mut tasks = self.tasks.lock().expect("nobody panics in it");
        let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        if waiting == self.jobs && tasks.is_empty() {
            self.changed.notify_all();
        }
        loop {
            if self.stop.load(Ordering::SeqCst) {
                return None;
            }
            if let Some(task) = tasks.pop() {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                return Some(task);
            }
            if self.waiting.load(Ordering::SeqCst) == self.jobs {
                return None;
            }
            tasks = self.changed.wait(tasks).expect("nobody panics in it");
        }
    }

    fn give(&self, task: Task) {
        self.tasks.lock().expect("nobody panics in it").push(task);
        self.changed.notify_one();
    }

    fn halt(&self) {
        let tasks = self.tasks.lock().expect("nobody panics in it");
        self.stop.store(true, Ordering::SeqCst);
        drop(tasks);
        self.changed.notify_all();
    }
}

/// As [`Search::new`], by several threads. None where the result would be a matter of chance: at the limit of states, and where
/// threads' numbers decide how they stand.
pub fn search(
    ready: &Ready,
    first: &State,
    registry: &Rc<RefCell<Registry>>,
    symmetric: bool,
    options: &Options,
) -> Option<Search> {
    let pool = Pool {
        visited: Visited::new(options.jobs),
        jobs: options.jobs,
        waiting: AtomicUsize::new(0),
        tasks: Mutex::default(),
        changed: Condvar::new(),
        stop: AtomicBool::new(false),
    };
    let clock = registry.borrow().clock;
    let known = registry.borrow().clone();
    let (source, settings) = (ready.source(), ready.settings());
    let work = |number: usize| -> (Part, Registry) {
        let ready = Ready::new(source, settings).expect("it was ready before");
        help(
            &ready,
            known.clone(),
            symmetric,
            options,
            &pool,
            number == 0,
        )
    };
    let found: Vec<(Part, Registry)> = thread::scope(|scope| {
        let work = &work;
        let helpers: Vec<_> = (0..options.jobs)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        helpers
            .into_iter()
            .map(|it| it.join().expect("a searcher does not panic"))
            .collect()
    });
    let mut parts = Vec::new();
    for (part, theirs) in found {
        registry.borrow_mut().merge(theirs);
        parts.push(part);
    }
    if registry.borrow().stale {
        return Some(Search::default());
    }
    if pool.visited.len() > options.limit_states || parts.iter().any(|part| part.by_number) {
        return None;
    }
    let mut search = Search::of(pool.visited, parts);
    search.judge(first.symmetry.as_deref(), clock, &mut registry.borrow_mut());
    Some(search)
}

/// One searcher: looks until nobody has anything left.
fn help(
    ready: &Ready,
    known: Registry,
    symmetric: bool,
    options: &Options,
    pool: &Pool,
    begins: bool,
) -> (Part, Registry) {
    let registry = Rc::new(RefCell::new(known));
    let begun = ready.begun(options.sleeps);
    let (_, first) = first(&begun, &registry, symmetric);
    let mode: Mode = options.mode;
    let mut searcher = Searcher::new(&first, &registry, &pool.visited, mode, true);
    if begins {
        searcher.begin(first.clone());
    }
    'search: loop {
        while searcher.expand_next() {
            if registry.borrow().stale || pool.visited.len() > options.limit_states {
                pool.halt();
            }
            if pool.stop.load(Ordering::Relaxed) {
                break 'search;
            }
            if pool.waiting.load(Ordering::Relaxed) > 0 && searcher.stack.len() > 1 {
                let entry = searcher.stack.remove(0);
                pool.give(Task {
                    path: entry.path,
                    node: entry.node,
                    last: entry.last,
                    preemptions: entry.preemptions,
                });
            }
        }
        let Some(task) = pool.take() else {
            break;
        };
        let mut state = first.clone();
        task.path.iter().for_each(|&thread| state.step(thread));
        searcher.take_over(
            Box::new(state),
            task.node,
            task.last,
            task.preemptions,
            task.path,
        );
    }
    let part = searcher.part;
    let seen = registry.borrow().clone();
    (part, seen)
}

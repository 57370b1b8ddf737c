//! A state of the search: every thread stands before an operation that concerns others, or waits.

use std::cell::RefCell;
use std::rc::Rc;

use super::symmetry::Symmetry;
use crate::machine::Machine;
use crate::machine::fingerprint::{Mix, Numbers, Part, Walk};
use crate::machine::outside::{Outside, SharedKind};
use crate::machine::value::Value;
use crate::machine::watch::{Pause, Registry};
use crate::schedulers::{EARLY, HOLD, PICK};
use crate::simulation::turns::{At, Halt, Sleeps, Turns};
use crate::simulation::{End, Engine};
use crate::trace::{NEVER, Outcome, Wait};

/// How many instructions a thread executes in one go without touching anything shared, and how often it may begin again.
const PATIENCE: u64 = 20_000;
const SPINS: u32 = 200;

/// What a schedule is made of: from that number of executed instructions on it is this thread's turn.
pub type Run = (u64, u32);

/// How many timers an event loop can pick from at most.
pub const PICKS: u32 = 62;

/// The thread that takes a step.
pub fn thread_of(step: u32) -> u32 {
    step & 0xFFFF
}

/// What its event loop picks: nothing more, 0, or the timer at that place, from 1.
pub fn pick_of(step: u32) -> u32 {
    step >> 16
}

/// The threads of a state in an order that does not depend on which of several interchangeable ones is which.
#[derive(Default)]
pub struct Order {
    pub threads: Vec<Standing>,
    /// No two threads share an object of their own.
    pub apart: bool,
}

/// A thread in the order.
#[derive(Clone, Copy)]
pub struct Standing {
    pub thread: u32,
    /// Whether it is interchangeable with others.
    member: bool,
    ended: bool,
    /// The fingerprint of what belongs to it.
    mix: Mix,
    /// Nobody else can reach that, unless it belongs to another thread as well.
    apart: bool,
}

impl Order {
    /// The place of a thread.
    pub fn rank(&self, thread: u32) -> u16 {
        let place = self.threads.iter().position(|it| it.thread == thread);
        place.unwrap_or(0) as u16
    }

    /// Whether two threads do exactly the same, so that it does not matter which of them goes on.
    pub fn are_alike(&self, one: u32, other: u32) -> bool {
        let find = |thread| self.threads.iter().find(|it| it.thread == thread);
        match (find(one), find(other)) {
            (Some(a), Some(b)) if one != other => self.stand_alike(a, b),
            _ => false,
        }
    }

    fn stand_alike(&self, a: &Standing, b: &Standing) -> bool {
        let same = a.member && b.member && a.mix == b.mix;
        same && (self.apart || a.ended && b.ended)
    }

    /// The place of a thread as far as it can be told from others: the first of those that do exactly the same.
    pub fn landing(&self, thread: u32) -> u16 {
        let first = |it: &Standing| it.thread == thread || self.are_alike(it.thread, thread);
        let place = self.threads.iter().position(first);
        place.unwrap_or(0) as u16
    }

    /// The threads by place after a step of `moved`, when they stood so before: of those that do the same it comes first, and the
    /// others keep their order. That is how the graph tells them apart, whichever of them a searcher let go on.
    pub fn places(&self, moved: Option<u32>, before: &[u32]) -> Vec<u32> {
        let mut threads = self.threads.clone();
        let was = |thread: u32| before.iter().position(|&it| it == thread);
        threads
            .chunk_by_mut(|a, b| self.stand_alike(a, b))
            .for_each(|alike| alike.sort_by_key(|it| (Some(it.thread) != moved, was(it.thread))));
        threads.iter().map(|it| it.thread).collect()
    }

    /// Whether two interchangeable threads stand alike and yet cannot be swapped, so that their numbers decide who comes first.
    pub fn is_by_number(&self) -> bool {
        let same = |a: &Standing, b: &Standing| a.member && b.member && a.mix == b.mix;
        let mut pairs = self.threads.windows(2);
        pairs.any(|pair| same(&pair[0], &pair[1]) && !self.stand_alike(&pair[0], &pair[1]))
    }
}

/// A state. Copying it copies the run.
#[derive(Clone)]
pub struct State {
    pub turns: Turns<Machine>,
    /// Why each thread that could run does not: it stands before a shared access.
    pub pauses: Vec<Option<Pause>>,
    /// The turns so far, if they are to become a schedule.
    pub log: Option<Vec<Run>>,
    pub symmetry: Option<Rc<Symmetry>>,
    /// By thread.
    known: Vec<Option<Known>>,
}

/// The fingerprint of what belongs to a thread that has not run since. Nothing of it belonged to another part, so nobody else
/// can have changed it.
#[derive(Clone, Copy)]
struct Known {
    at: At,
    mix: Mix,
}

/// What sort of end it is; two ends with the same text and output are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terminal {
    pub outcome: Outcome,
    text: Mix,
}

impl State {
    /// The state from a run that has just started its first thread, before anything is watched.
    pub fn first(mut turns: Turns<Machine>, registry: &Rc<RefCell<Registry>>) -> State {
        turns.engine.recorder.silence();
        turns.engine.watch(registry);
        turns.patience = PATIENCE;
        let mut state = State {
            turns,
            pauses: Vec::new(),
            log: None,
            symmetry: None,
            known: Vec::new(),
        };
        state.fit();
        state
    }

    fn fit(&mut self) {
        self.pauses.resize(self.turns.threads.len(), None);
        self.known.resize(self.turns.threads.len(), None);
    }

    /// Takes a thread's next shared step, and all steps that concern nobody else.
    pub fn step(&mut self, step: u32) {
        let (thread, pick) = (thread_of(step), pick_of(step));
        if self.turns.picks(thread).is_some() {
            let sort = match self.turns.sleeps {
                Sleeps::Any => EARLY,
                Sleeps::Ordered => PICK,
            };
            let code = sort | pick.checked_sub(1).unwrap_or(HOLD);
            self.known[thread as usize] = None;
            self.turns.pick(thread, code);
            let at = self.now();
            if let Some(log) = &mut self.log {
                log.push((at, code));
            }
            if pick > 0 {
                return self.settle();
            }
        }
        if self.run(thread, false) || !self.turns.engine.watch.registry.borrow().stale {
            self.settle();
        }
    }

    /// How many instructions a run by a schedule would have executed by now: it lets no thread run to where it pauses here. One
    /// that pauses before a function of the library it stops behind that instruction, but by the number of those before.
    pub fn now(&self) -> u64 {
        let ahead: u64 = self.pauses.iter().flatten().map(|pause| pause.ahead).sum();
        let is_entering = |pause: &Option<Pause>| pause.is_some_and(|pause| pause.entering);
        let entering = self.pauses.iter().filter(|pause| is_entering(pause));
        let mut log = self.log.iter().flatten().rev();
        let last = log.find(|run| run.1 < PICK).map(|run| run.1 as usize);
        let stops = last.is_some_and(|last| self.pauses.get(last).is_some_and(is_entering));
        self.turns.engine.executed - ahead + entering.count() as u64 - u64::from(stops)
    }

    /// Lets a thread run to its next pause. Whether it came to one.
    fn run(&mut self, thread: u32, apart: bool) -> bool {
        let at = self.now();
        let paused = self.pauses[thread as usize].take();
        if let Some(log) = &mut self.log {
            log.push((at, thread));
        }
        self.known[thread as usize] = None;
        self.turns.engine.go_on(thread, paused.is_some(), apart);
        let halt = self.turns.turn(thread, None);
        self.fit();
        if self.turns.engine.is_rewritten() {
            let mut registry = self.turns.engine.watch.registry.borrow_mut();
            (registry.stale, registry.rewritten) = (true, true);
        }
        if halt == Halt::Paused {
            let pause = self.turns.engine.watch.pause.take();
            // A schedule would not have let it begin.
            if pause.is_some_and(|pause| pause.idle)
                && let Some(log) = &mut self.log
            {
                log.pop();
            }
            self.pauses[thread as usize] = pause;
        }
        halt != Halt::Preempted
    }

    /// Takes all steps that concern nobody else; their order does not matter.
    pub fn settle(&mut self) {
        let (mut from, mut spins) = (0, 0);
        loop {
            while self.turns.end().is_none()
                && let Some(thread) = self.local(from).or_else(|| self.local(0))
            {
                if self.run(thread, true) {
                    continue;
                }
                // It may wait in a loop for what another thread does. Unless that turns out, it is an endless one.
                from = thread + 1;
                spins += 1;
                if self.turns.engine.watch.registry.borrow().stale {
                    return;
                }
                if spins > SPINS {
                    self.turns.limit("instructions");
                }
            }
            if self.turns.end().is_some() || self.options().next().is_some() {
                return;
            }
            // Nothing else can run: time passes.
            let count = self.turns.threads.len() as u32;
            let Some(next) = (0..count).filter_map(|it| self.turns.deadline(it)).min() else {
                return;
            };
            if next <= self.turns.now {
                return;
            }
            self.turns.now = next;
        }
    }

    /// A thread, from that number on, whose next step concerns nobody else.
    fn local(&self, first: u32) -> Option<u32> {
        let count = self.turns.threads.len() as u32;
        let from = u32::from(self.symmetry().is_some()).max(first);
        (from..count).find(|&thread| match self.turns.threads[thread as usize] {
            At::New => true,
            At::Ready => self.pauses[thread as usize].is_none(),
            At::Lock { lock, deadline } => {
                self.is_for_thread(thread, lock, deadline) && self.turns.can_run(thread)
            }
            At::Asleep { .. } => self.turns.can_run(thread),
            At::Poll { .. } => {
                self.turns.can_run(thread)
                    && self.is_alone(thread)
                    && self.turns.picks(thread).is_none()
            }
            At::Pick | At::Ended => false,
        })
    }

    /// Whether the lock stands for a thread's start or end, or a process's, or for something outside that is waited for before it is used.
    fn is_for_thread(&self, thread: u32, lock: Value, deadline: u64) -> bool {
        let machine = &self.turns.engine;
        match Outside::of_lock(lock) {
            Some((object, _)) => match machine.outside.objects[object as usize].kind {
                SharedKind::End | SharedKind::Ended => true,
                SharedKind::Stream { .. } => deadline == NEVER,
                _ => false,
            },
            None => (machine.lock_of(thread, lock))
                .is_some_and(|lock| matches!(lock.wait, Wait::Join | Wait::Start)),
        }
    }

    fn is_alone(&self, thread: u32) -> bool {
        let mut all = self.turns.threads.iter().enumerate();
        all.all(|(at, of)| at == thread as usize || *of == At::Ended)
    }

    /// The shared steps that can be taken: each a thread, and what its event loop picks, if that is a matter of chance.
    pub fn options(&self) -> impl Iterator<Item = u32> {
        let count = self.turns.threads.len() as u32;
        let from = u32::from(self.symmetry().is_some());
        let threads = (from..count).filter(|&thread| self.can_step(thread));
        threads.flat_map(|thread| {
            let (timers, goes_on) = self.turns.picks(thread).unwrap_or((0, true));
            let first = u32::from(!goes_on);
            (first..=(timers as u32).min(PICKS)).map(move |pick| thread | pick << 16)
        })
    }

    fn can_step(&self, thread: u32) -> bool {
        match (
            self.turns.threads[thread as usize],
            &self.pauses[thread as usize],
        ) {
            (At::Ready, Some(pause)) => self.turns.engine.is_there(thread, pause.wants),
            (At::Ready | At::New | At::Ended, _) => false,
            _ => self.turns.can_run(thread),
        }
    }

    /// Whether threads are interchangeable now.
    fn symmetry(&self) -> Option<&Symmetry> {
        let live = |(at, of): (&At, &bool)| *of && *at != At::Ended;
        let symmetry = self.symmetry.as_deref()?;
        let mut threads = self.turns.threads.iter().zip(&symmetry.members);
        threads.any(live).then_some(symmetry)
    }

    /// The fingerprint of what belongs to a thread, and whether something in it belongs to another part as well. With
    /// `alike` its identity does not show.
    pub fn part(&self, machine: &Machine, numbers: &mut Numbers, thread: u32, alike: bool) -> Part {
        let me = alike.then_some(thread);
        let mut walk = Walk::new(machine, numbers, me);
        self.walk(&mut walk, thread);
        walk.finish()
    }

    fn walk(&self, walk: &mut Walk<'_>, thread: u32) {
        let now = self.turns.now;
        let left = |deadline: u64| {
            if deadline == NEVER {
                NEVER
            } else {
                deadline.saturating_sub(now)
            }
        };
        match self.turns.threads[thread as usize] {
            At::Ended => return walk.mix.add(1),
            At::Pick => walk.mix.add(8),
            At::Ready => walk.mix.add(2),
            At::New => walk.mix.add(3),
            At::Lock { lock, deadline } => {
                walk.mix.add(4);
                walk.mix.add(left(deadline));
                walk.value(lock);
            }
            At::Asleep { until } => {
                walk.mix.add(5);
                walk.mix.add(left(until));
            }
            At::Poll { until, woken } => {
                walk.mix.add(6 + u64::from(woken));
                walk.mix.add(left(until));
            }
        }
        walk.thread(&self.turns.engine.threads[thread as usize]);
    }

    /// Equal for states from which the same follows. `order` gets the threads in an order in which interchangeable ones
    /// stand by what they are doing.
    pub fn fingerprint(&mut self, numbers: &mut Numbers, clock: bool, order: &mut Order) -> Mix {
        if self.turns.engine.processes.all.len() > 1 {
            return self.fingerprint_of_all(numbers, clock, order);
        }
        let mix = self.take_fingerprint(numbers, clock, order);
        for it in &order.threads {
            let at = self.turns.threads[it.thread as usize];
            // The time that is left is another one soon.
            let stays = order.apart && it.apart && self.turns.deadline(it.thread).is_none();
            self.known[it.thread as usize] = stays.then_some(Known { at, mix: it.mix });
        }
        mix
    }

    /// The fingerprint where there are several processes: one memory after the other.
    fn fingerprint_of_all(&mut self, numbers: &mut Numbers, clock: bool, order: &mut Order) -> Mix {
        let mut mix = Mix::default();
        let threads = self.turns.threads.len() as u32;
        numbers.set_ranks(0..threads);
        for process in 0..self.turns.engine.processes.all.len() as u32 {
            if !self.turns.engine.is_alive(process) {
                continue;
            }
            self.turns.engine.enter_process(process);
            let machine = &self.turns.engine;
            numbers.enter(machine);
            numbers.begin();
            let mut walk = Walk::new(machine, numbers, None);
            walk.mix.add(u64::from(process));
            for thread in (0..threads).filter(|&it| machine.process_of(it) == process) {
                self.walk(&mut walk, thread);
            }
            walk.rest();
            walk.changes(&[]);
            let part = walk.finish().mix;
            mix.add(part.0);
            mix.add(part.1);
        }
        let mut walk = Walk::new(&self.turns.engine, numbers, None);
        walk.outside();
        let outside = walk.finish().mix;
        mix.add(outside.0);
        mix.add(outside.1);
        if clock {
            mix.add(self.turns.now);
        }
        let standing = |thread| Standing {
            thread,
            member: false,
            ended: self.turns.threads[thread as usize] == At::Ended,
            mix: Mix::default(),
            apart: false,
        };
        order.threads = (0..threads).map(standing).collect();
        order.apart = false;
        self.known.fill(None);
        mix
    }

    /// What is known of a thread's part from before.
    fn known(&self, thread: u32) -> Option<Mix> {
        let known = self.known[thread as usize]?;
        (known.at == self.turns.threads[thread as usize]).then_some(known.mix)
    }

    fn take_fingerprint(&self, numbers: &mut Numbers, clock: bool, order: &mut Order) -> Mix {
        let machine = &self.turns.engine;
        let symmetry = self.symmetry();
        let members = self.symmetry.as_deref();
        let is_member =
            |thread: u32| members.is_some_and(|it| it.members.get(thread as usize) == Some(&true));
        // The main thread only waits until all of them have ended.
        let from = u32::from(symmetry.is_some());
        numbers.begin();
        numbers.set_ranks([]);
        order.threads.clear();
        let mut shared = false;
        for thread in from..self.turns.threads.len() as u32 {
            let known = self.known(thread).map(|mix| Part {
                mix,
                shared: false,
                apart: true,
            });
            debug_assert!(known.is_none_or(|known| {
                known == self.part(machine, numbers, thread, is_member(thread))
            }));
            let part =
                known.unwrap_or_else(|| self.part(machine, numbers, thread, is_member(thread)));
            shared |= part.shared;
            order.threads.push(Standing {
                thread,
                member: is_member(thread),
                ended: self.turns.threads[thread as usize] == At::Ended,
                mix: part.mix,
                apart: part.apart,
            });
        }
        if symmetry.is_some() {
            order.threads.sort_by_key(|it| {
                let mix = it.member.then_some(it.mix);
                (it.member, mix, it.thread)
            });
        }
        numbers.set_ranks(order.threads.iter().map(|it| it.thread));
        let mut walk = Walk::new(machine, numbers, None);
        let hidden = symmetry.map_or(&[][..], |symmetry| &symmetry.hidden);
        walk.rest();
        walk.outside();
        walk.changes(hidden);
        let rest = walk.finish();
        let mut mix = rest.mix;
        order.apart = !(shared || rest.shared);
        if order.apart {
            for Standing { mix: part, .. } in &order.threads {
                mix.add(part.0);
                mix.add(part.1);
            }
        } else {
            numbers.begin();
            let mut walk = Walk::new(machine, numbers, None);
            for it in &order.threads {
                walk.stand_for(it.member.then_some(it.thread));
                self.walk(&mut walk, it.thread);
            }
            walk.stand_for(None);
            walk.rest();
            walk.outside();
            walk.changes(hidden);
            mix = walk.finish().mix;
        }
        if clock {
            mix.add(self.turns.now);
        }
        mix
    }

    /// What sort of end this is. A state that cannot go on and has not ended is a deadlock.
    pub fn terminal(&self) -> Terminal {
        let watch = &self.turns.engine.watch;
        let mut text = Mix(watch.output[0], watch.output[1]);
        let end = self.turns.end();
        for byte in end.map_or("", |end: &End| &end.message).bytes() {
            text.add(byte.into());
        }
        Terminal {
            outcome: end.map_or(Outcome::Deadlock, |end| end.outcome),
            text,
        }
    }

    /// The task that a thread is in the trace.
    pub fn task(&self, thread: u32) -> u32 {
        self.turns.engine.task(thread)
    }
}

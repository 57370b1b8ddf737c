//! The fold that makes an [`Index`]: follows what each task does, and who has the GIL, the loops and the cores, through all events.

use super::index::*;
use super::phases::Actor;
use super::rows::{RowKind, Rows};
use crate::trace::*;

/// The fold's state.
pub(super) struct Fold<'a> {
    pub(super) trace: &'a Trace,
    pub(super) actors: Vec<Actor>,
    pub(super) index: Index,
    pub(super) rows: Rows,
    pub(super) holders: Vec<TaskId>,
    /// By location: who wrote it last, and when.
    writers: Vec<(TaskId, u32)>,
    /// Who released the GIL last, and of which process it is.
    released: (TaskId, u32),
    pub(super) time: u64,
    pub(super) step: u32,
}

/// Work in a loop that counts as blocking, in virtual nanoseconds: what the analysis warns of.
const LONG: u64 = 100_000_000;

impl<'a> Fold<'a> {
    pub fn new(trace: &'a Trace) -> Fold<'a> {
        let tasks = trace.task_count();
        Fold {
            trace,
            actors: vec![Actor::default(); tasks as usize],
            index: Index::empty(tasks),
            rows: Rows::default(),
            holders: vec![NO_TASK; trace.thing_count() as usize + 1],
            writers: vec![(NO_TASK, 0); trace.location_count() as usize],
            released: (NO_TASK, 0),
            time: 0,
            step: 0,
        }
    }

    /// Takes the next event.
    pub fn apply(&mut self, step: u32, event: &Event) {
        (self.step, self.time) = (step, event.time.max(self.time));
        self.rows.now = (self.time, step);
        if event.task as usize >= self.actors.len() {
            return;
        }
        if event.kind.is_of_thread() {
            self.of_thread(event);
        } else {
            self.of_program(event);
        }
        self.stand(event);
    }

    /// The lane in which what the thread does shows: that of the asyncio task it steps, else its own, or none while the loop itself runs.
    pub fn front(&self, thread: TaskId) -> Option<TaskId> {
        let actor = &self.actors[thread as usize];
        actor.current.or((!actor.in_loop).then_some(thread))
    }

    fn of_thread(&mut self, event: &Event) {
        let task = event.task;
        let front = self.front(task);
        match event.kind {
            Kind::Run => {
                self.rows.leave_core(task);
                self.rows.take(RowKind::Core(event.core), task);
                if front.is_some_and(|front| self.phase(front) != Some(Phase::Gil)) {
                    self.go(front);
                }
            }
            Kind::Preempt => {
                self.rows.leave_core(task);
                self.set(front, Phase::Ready);
            }
            Kind::GilWait => {
                self.rows.leave_core(task);
                self.set(front, Phase::Gil);
            }
            Kind::GilRequest => self.index.requests.push(self.step),
            Kind::GilAcquire => {
                self.rows.take_core(event.core, task);
                self.rows.take(RowKind::Gil(event.b), task);
                if self.released.1 == event.b {
                    self.link(self.released.0, task);
                    self.released.0 = NO_TASK;
                }
                self.go(front);
            }
            Kind::GilRelease => {
                self.rows.leave(RowKind::Gil(event.b));
                self.released = (task, event.b);
            }
            Kind::Block => {
                self.rows.leave_core(task);
                self.block(event);
            }
            Kind::Wake => {
                self.link(event.a, task);
                // A thread that wants the GIL goes on wanting it, though something else woke it.
                if front.is_some_and(|front| self.phase(front) != Some(Phase::Gil)) {
                    self.set(front, Phase::Ready);
                }
            }
            _ => self.enter_loop(task),
        }
    }

    fn of_program(&mut self, event: &Event) {
        let task = event.task;
        match event.kind {
            Kind::Spawn => {
                self.link(task, event.a);
                self.set(Some(event.a), Phase::Ready);
            }
            Kind::Schedule => {
                self.link(event.a, task);
                self.set(Some(task), Phase::Ready);
            }
            Kind::Resume => {
                if (event.a as usize) < self.actors.len() {
                    self.enter_loop(event.a);
                    self.actors[event.a as usize].current = Some(task);
                    self.rows.take(RowKind::Loop(event.a), task);
                }
                self.end_phase(task);
                self.set(Some(task), Phase::Running);
            }
            Kind::Suspend => {
                self.leave_loop(task);
                self.wait(
                    task,
                    if is_lock(event) {
                        Phase::Locked
                    } else {
                        Phase::Suspended
                    },
                    event,
                );
            }
            Kind::End => {
                self.rows.leave_core(task);
                self.leave_loop(task);
                self.end_phase(task);
                let how = Ending::from_byte(event.flags).unwrap_or(Ending::Returned);
                self.index.lanes[task as usize].ending = Some((self.time, self.step, how));
            }
            Kind::Begin | Kind::Line | Kind::Enter | Kind::Output | Kind::Work => self.act(event),
            Kind::Read => self.index.lanes[task as usize].accesses.push(self.step),
            Kind::Write => self.write(event),
            Kind::Acquire | Kind::Release => {
                if let Some(holder) = self.holders.get_mut(event.a as usize) {
                    *holder = if event.kind == Kind::Acquire {
                        task
                    } else {
                        NO_TASK
                    };
                }
            }
            Kind::Cancel => self.link(task, event.a),
            _ => {}
        }
        if let Some(open) = &mut self.actors[task as usize].open {
            open.used |= open.span.phase == Phase::Running;
        }
    }

    /// Something that only a running task does; it tells that a thread is out of its loop, or a task out of native code.
    fn act(&mut self, event: &Event) {
        let task = event.task;
        let actor = &mut self.actors[task as usize];
        actor.in_loop &= actor.current.is_some();
        actor.stalls = false;
        if self.phase(task) == Some(Phase::Stalled) {
            self.rows
                .take(RowKind::Loop(self.trace.task(task).host), task);
        }
        // A thread that begins may still want the GIL.
        if self.phase(task) != Some(Phase::Gil) && self.index.lanes[task as usize].ending.is_none()
        {
            self.set(Some(task), Phase::Running);
        }
        if event.kind == Kind::Work {
            let in_loop = event.flags & FLAG_IN_LOOP != 0 && event.value >= LONG;
            if in_loop {
                self.actors[task as usize].stalls = true;
                self.set(Some(task), Phase::Stalled);
                self.rows.stall(self.trace.task(task).host);
            } else if event.flags & FLAG_WITHOUT_GIL != 0 && self.trace.run().gil {
                self.set(Some(task), Phase::Native);
            }
        }
    }

    /// The thread has what it needs to go on.
    fn go(&mut self, front: Option<TaskId>) {
        let Some(front) = front else { return };
        if self.actors[front as usize].stalls {
            return;
        }
        if self.phase(front) == Some(Phase::Stalled) {
            let host = self.trace.task(front).host;
            self.rows.take(RowKind::Loop(host), front);
        }
        self.set(Some(front), Phase::Running);
    }

    fn block(&mut self, event: &Event) {
        let wait = Wait::from_byte(event.b as u8);
        if let Some(current) = self.actors[event.task as usize].current {
            // Text goes to the terminal in no time worth a warning.
            if !wait.is_some_and(Wait::is_short_in_loop)
                && self.phase(current) != Some(Phase::Stalled)
            {
                self.wait(current, Phase::Stalled, event);
                self.rows.stall(event.task);
            }
            return;
        }
        if wait == Some(Wait::Poll) {
            return self.enter_loop(event.task);
        }
        self.actors[event.task as usize].in_loop = false;
        let phase = match wait {
            Some(Wait::Native) => Phase::Native,
            _ if is_lock(event) => Phase::Locked,
            _ => Phase::Waiting,
        };
        self.wait(event.task, phase, event);
    }

    fn write(&mut self, event: &Event) {
        let (task, step) = (event.task, self.step);
        self.index.lanes[task as usize].accesses.push(step);
        let Some(writer) = self.writers.get_mut(event.a as usize) else {
            return;
        };
        let between = std::mem::replace(writer, (task, step));
        if event.flags & FLAG_STALE != 0 && event.b > 0 && event.b < between.1 {
            self.index.races.push(Race {
                read: event.b,
                between: between.1,
                write: step,
            });
        }
    }

    fn link(&mut self, from: TaskId, to: TaskId) {
        if from != NO_TASK && from != to {
            self.index.links.push(Link {
                step: self.step,
                from,
                to,
            });
        }
    }

    /// Closes all that is open and arranges it.
    pub fn finish(mut self) -> Index {
        self.time = self.time.max(self.trace.run().time);
        self.rows.now.0 = self.time;
        let over = self.time;
        self.index.over = over;
        self.index.end = over;
        if self.trace.run().outcome == Outcome::Deadlock {
            self.index.end = over.saturating_add(over / 4).max(1);
        }
        for actor in 0..self.actors.len() {
            let mut end = over;
            if let Some(open) = &mut self.actors[actor].open
                && matches!(
                    open.span.phase,
                    Phase::Locked | Phase::Suspended | Phase::Waiting
                )
            {
                end = self.index.end;
                if let Some(&holder) = self.holders.get(open.span.on as usize)
                    && open.span.phase == Phase::Locked
                {
                    open.span.holder = holder;
                }
            }
            self.time = end;
            self.end_phase(actor as TaskId);
        }
        self.index.arrange(self.trace, self.rows);
        self.index
    }
}

/// Whether the event waits for something that one task holds while others want it.
fn is_lock(event: &Event) -> bool {
    matches!(
        Wait::from_byte(event.b as u8),
        Some(Wait::Lock | Wait::Semaphore)
    )
}

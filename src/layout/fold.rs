//! The fold that makes an [`Index`]: follows what each task does, and who has the GIL, the loops and the cores, through all events.

use super::index::*;
use super::rows::{RowKind, Rows};
use crate::trace::*;

/// A phase that still goes on.
#[derive(Clone, Copy)]
struct Open {
    span: Span,
    /// Something of the program happened during it, so it is kept even if it took no time.
    used: bool,
}

/// What is followed of a task; the most of it concerns threads.
#[derive(Clone, Copy, Default)]
struct Actor {
    open: Option<Open>,
    /// The asyncio task the thread steps.
    current: Option<TaskId>,
    in_loop: bool,
    /// The task is in a workload so long that its event loop stands still.
    stalls: bool,
}

/// The fold's state.
pub(super) struct Fold<'a> {
    trace: &'a Trace,
    actors: Vec<Actor>,
    index: Index,
    rows: Rows,
    holders: Vec<TaskId>,
    /// By location: who wrote it last, and when.
    writers: Vec<(TaskId, u32)>,
    /// Who released the GIL last.
    released: TaskId,
    time: u64,
    step: u32,
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
            released: NO_TASK,
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
    fn front(&self, thread: TaskId) -> Option<TaskId> {
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
                self.rows.take(RowKind::Gil, task);
                self.link(self.released, task);
                self.released = NO_TASK;
                self.go(front);
            }
            Kind::GilRelease => {
                self.rows.leave(RowKind::Gil);
                self.released = task;
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
            if wait != Some(Wait::Write) && self.phase(current) != Some(Phase::Stalled) {
                self.wait(current, Phase::Stalled, event);
                self.rows.take(RowKind::Loop(event.task), current);
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

    fn phase(&self, task: TaskId) -> Option<Phase> {
        self.actors
            .get(task as usize)?
            .open
            .map(|open| open.span.phase)
    }

    /// Begins a phase, unless it goes on already. While its loop stands still a task stays stalled until it runs.
    fn set(&mut self, task: Option<TaskId>, phase: Phase) {
        let Some(task) = task.filter(|&task| (task as usize) < self.actors.len()) else {
            return;
        };
        let now = self.phase(task);
        if now == Some(phase)
            || (now == Some(Phase::Stalled) && matches!(phase, Phase::Ready | Phase::Gil))
        {
            return;
        }
        self.end_phase(task);
        if self.index.lanes[task as usize].ending.is_none() {
            let (time, step) = (self.time, self.step);
            let span = Span {
                start: time,
                end: time,
                first: step,
                last: step,
                phase,
                wait: None,
                on: 0,
                holder: NO_TASK,
            };
            self.actors[task as usize].open = Some(Open { span, used: false });
        }
    }

    fn wait(&mut self, task: TaskId, phase: Phase, event: &Event) {
        self.end_phase(task);
        self.set(Some(task), phase);
        let holder = self
            .holders
            .get(event.a as usize)
            .copied()
            .filter(|_| phase == Phase::Locked);
        if let Some(open) = &mut self.actors[task as usize].open {
            let wait = Wait::from_byte(event.b as u8);
            open.span = Span {
                wait,
                on: event.a,
                holder: holder.unwrap_or(NO_TASK),
                ..open.span
            };
        }
    }

    fn end_phase(&mut self, task: TaskId) {
        if let Some(Open { mut span, used }) = self.actors[task as usize].open.take() {
            (span.end, span.last) = (self.time, self.step);
            if span.end > span.start || used {
                self.index.lanes[task as usize].spans.push(span);
            }
        }
    }

    fn enter_loop(&mut self, thread: TaskId) {
        self.rows.take_nobody(RowKind::Loop(thread));
        let actor = &mut self.actors[thread as usize];
        (actor.current, actor.in_loop) = (None, true);
        self.end_phase(thread);
    }

    /// The asyncio task gives its loop back.
    fn leave_loop(&mut self, task: TaskId) {
        self.actors[task as usize].stalls = false;
        let host = self.trace.task(task).host;
        if let Some(actor) = self.actors.get_mut(host as usize)
            && actor.current == Some(task)
        {
            actor.current = None;
            self.rows.leave(RowKind::Loop(host));
        }
    }

    /// Notes the line the task is at, and the workload it is in.
    fn stand(&mut self, event: &Event) {
        let front = if event.kind.is_of_thread() {
            self.front(event.task)
        } else {
            Some(event.task)
        };
        let Some(task) = front else { return };
        let places = &mut self.index.lanes[task as usize].places;
        let now = places
            .last()
            .map_or((0, 0), |place| (place.line, place.work));
        let new = match event.kind {
            Kind::Work => (event.line, event.a),
            // A function's first line comes next, and its `def` runs nothing now.
            Kind::Enter => return,
            Kind::Line => (event.line, 0),
            _ if event.line == 0 || event.line == now.0 => return,
            _ => (event.line, 0),
        };
        if new != now {
            places.push(Place {
                step: self.step,
                line: new.0,
                work: new.1,
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
        for task in 0..self.actors.len() {
            self.end_phase(task as TaskId);
        }
        self.index.end = self.time;
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

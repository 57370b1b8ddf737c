//! The fold's part that keeps each task's phase: when it begins and ends, and where the task is meanwhile.

use super::fold::Fold;
use super::index::*;
use super::rows::RowKind;
use crate::trace::*;

/// A phase that still goes on.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub span: Span,
    /// Something of the program happened during it, so it is kept even if it took no time.
    pub used: bool,
}

/// What is followed of a task; the most of it concerns threads.
#[derive(Clone, Copy, Default)]
pub(super) struct Actor {
    pub open: Option<Open>,
    /// The asyncio task the thread steps.
    pub current: Option<TaskId>,
    pub in_loop: bool,
    /// The task is in a workload so long that its event loop stands still.
    pub stalls: bool,
}

impl Fold<'_> {
    pub fn phase(&self, task: TaskId) -> Option<Phase> {
        self.actors
            .get(task as usize)?
            .open
            .map(|open| open.span.phase)
    }

    /// Begins a phase, unless it goes on already. While its loop stands still a task stays stalled until it runs.
    pub fn set(&mut self, task: Option<TaskId>, phase: Phase) {
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

    pub fn wait(&mut self, task: TaskId, phase: Phase, event: &Event) {
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

    pub fn end_phase(&mut self, task: TaskId) {
        if let Some(Open { mut span, used }) = self.actors[task as usize].open.take() {
            (span.end, span.last) = (self.time, self.step);
            if span.end > span.start || used {
                self.index.lanes[task as usize].spans.push(span);
            }
        }
    }

    pub fn enter_loop(&mut self, thread: TaskId) {
        self.rows.take_nobody(RowKind::Loop(thread));
        let actor = &mut self.actors[thread as usize];
        (actor.current, actor.in_loop) = (None, true);
        self.end_phase(thread);
    }

    /// The asyncio task gives its loop back.
    pub fn leave_loop(&mut self, task: TaskId) {
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
    pub fn stand(&mut self, event: &Event) {
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
            // A function's first line comes next, and its `def` runs nothing now. Whom somebody wakes stands where it did.
            Kind::Enter | Kind::Wake | Kind::Schedule | Kind::Resume => return,
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
}

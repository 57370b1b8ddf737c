//! The fold that makes an [`Index`]: follows each task's phase, the GIL, the cores and the loops through all events.

use super::index::*;
use crate::trace::*;

/// A phase that still goes on.
#[derive(Clone, Copy)]
struct Open {
    span: Span,
    /// Something of the program happened during it, so it is kept even if it took no time.
    used: bool,
}

/// What is followed of a thread.
#[derive(Clone, Copy)]
struct Thread {
    /// The asyncio task it steps, or `NO_TASK`.
    current: TaskId,
    in_loop: bool,
    ran_loop: bool,
    /// It waited for others while it ran no loop, which is worth a lane.
    waited: bool,
}

/// Who wrote a variable last, and who else did before: task and step.
#[derive(Clone, Copy)]
struct Writers {
    last: (TaskId, u32),
    other: (TaskId, u32),
}

/// The fold's state.
pub(super) struct Fold<'a> {
    trace: &'a Trace,
    lanes: Vec<Lane>,
    open: Vec<Option<Open>>,
    threads: Vec<Thread>,
    holders: Vec<TaskId>,
    writers: Vec<Writers>,
    /// The row of the GIL, then those of cores and loops as they appear.
    rows: Vec<(Row, Option<Turn>)>,
    released: TaskId,
    requests: Vec<u32>,
    races: Vec<Race>,
    links: Vec<Link>,
    time: u64,
    step: u32,
}

impl<'a> Fold<'a> {
    pub fn new(trace: &'a Trace) -> Fold<'a> {
        let tasks = trace.task_count() as usize;
        let nobody = (NO_TASK, 0);
        Fold {
            trace,
            lanes: (0..tasks as u32).map(|task| Lane { task, ..Lane::default() }).collect(),
            open: vec![None; tasks],
            threads: vec![Thread { current: NO_TASK, in_loop: false, ran_loop: false, waited: false }; tasks],
            holders: vec![NO_TASK; trace.thing_count() as usize + 1],
            writers: vec![Writers { last: nobody, other: nobody }; trace.location_count() as usize],
            rows: Vec::new(),
            released: NO_TASK,
            requests: Vec::new(),
            races: Vec::new(),
            links: Vec::new(),
            time: 0,
            step: 0,
        }
    }

    /// Takes the next event.
    pub fn apply(&mut self, step: u32, event: &Event) {
        let task = event.task;
        (self.step, self.time) = (step, event.time.max(self.time));
        if task as usize >= self.lanes.len() {
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
        let state = &self.threads[thread as usize];
        if state.current != NO_TASK { Some(state.current) } else { (!state.in_loop).then_some(thread) }
    }

    fn of_thread(&mut self, event: &Event) {
        let task = event.task;
        let front = self.front(task);
        match event.kind {
            Kind::Run => {
                self.leave_core(task);
                self.take(RowKind::Core(event.core), task);
                self.go(front);
            }
            Kind::Preempt => {
                self.leave_core(task);
                self.set(front, Phase::Ready);
            }
            Kind::GilWait => {
                self.leave_core(task);
                self.set(front, Phase::Gil);
            }
            Kind::GilRequest => self.requests.push(self.step),
            Kind::GilAcquire => {
                if event.core != NO_CORE && self.core_of(task).is_none() {
                    self.take(RowKind::Core(event.core), task);
                }
                self.take(RowKind::Gil, task);
                self.link(self.released, task);
                self.released = NO_TASK;
                if front.is_some_and(|front| self.phase(front) == Some(Phase::Gil)) {
                    self.end_phase(front);
                }
                self.go(front);
            }
            Kind::GilRelease => {
                self.leave(RowKind::Gil);
                self.released = task;
            }
            Kind::Block => self.block(event),
            Kind::Wake => {
                self.link(event.a, task);
                self.set(front, Phase::Ready);
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
                let host = event.a;
                if (host as usize) < self.threads.len() {
                    self.enter_loop(host);
                    self.threads[host as usize].current = task;
                    self.take(RowKind::Loop(host), task);
                }
                self.end_phase(Some(task));
                self.set(Some(task), Phase::Running);
            }
            Kind::Suspend => {
                self.leave_loop(task);
                let phase = if is_lock(event) { Phase::Locked } else { Phase::Suspended };
                self.wait(task, phase, event);
            }
            Kind::End => {
                self.leave_core(task);
                self.leave_loop(task);
                self.end_phase(Some(task));
                let how = Ending::from_byte(event.flags).unwrap_or(Ending::Returned);
                self.lanes[task as usize].ending = Some((self.time, self.step, how));
            }
            Kind::Read | Kind::Write => {
                self.lanes[task as usize].accesses.push(self.step);
                if event.kind == Kind::Write {
                    self.write(event);
                }
            }
            Kind::Acquire => self.hold(event.a, task),
            Kind::Release => self.hold(event.a, NO_TASK),
            Kind::Cancel => self.link(task, event.a),
            _ => {}
        }
        if let Kind::Begin | Kind::Line | Kind::Enter | Kind::Output | Kind::Work = event.kind {
            self.leave_own_loop(task);
            match self.phase(task) {
                // The thread has no core yet, or is kept from going on: its OS events tell.
                Some(Phase::Gil | Phase::Stalled | Phase::Running) => {}
                _ if self.lanes[task as usize].ending.is_some() => {}
                _ => self.set(Some(task), Phase::Running),
            }
            if event.kind == Kind::Work && event.flags & FLAG_WITHOUT_GIL != 0 && self.trace.run().gil {
                self.set(Some(task), if event.flags & FLAG_IN_LOOP != 0 { Phase::Stalled } else { Phase::Native });
            }
        }
        if let Some(Some(open)) = self.open.get_mut(task as usize) {
            open.used |= open.span.phase == Phase::Running;
        }
    }

    /// The task goes on, if only its thread kept it.
    fn go(&mut self, front: Option<TaskId>) {
        if let Some(front) = front
            && self.phase(front) != Some(Phase::Gil)
        {
            self.end_phase_unless(front, Phase::Running);
            self.set(Some(front), Phase::Running);
        }
    }

    fn block(&mut self, event: &Event) {
        let task = event.task;
        self.leave_core(task);
        let wait = Wait::from_byte(event.b as u8);
        let thread = self.threads[task as usize];
        if thread.current != NO_TASK {
            // Text goes to the terminal in no time worth a warning.
            if wait != Some(Wait::Write) {
                self.wait(thread.current, Phase::Stalled, event);
                self.take(RowKind::Loop(task), thread.current);
                self.stall(task);
            }
            return;
        }
        if wait == Some(Wait::Poll) {
            return self.enter_loop(task);
        }
        self.leave_own_loop(task);
        self.threads[task as usize].waited |= !matches!(wait, Some(Wait::Write | Wait::Native | Wait::Sleep));
        let phase = match wait {
            Some(Wait::Native) => Phase::Native,
            _ if is_lock(event) => Phase::Locked,
            _ => Phase::Waiting,
        };
        self.wait(task, phase, event);
    }

    fn write(&mut self, event: &Event) {
        let (task, step) = (event.task, self.step);
        let Some(writers) = self.writers.get_mut(event.a as usize) else { return };
        let between = if writers.last.0 == task { writers.other } else { writers.last };
        if writers.last.0 != task {
            writers.other = writers.last;
        }
        writers.last = (task, step);
        if event.flags & FLAG_STALE != 0 && event.b > 0 && event.b < step {
            // A write that nobody saw between the two (coarse detail) still has a window.
            let between = if between.1 > event.b { between.1 } else { step };
            self.races.push(Race { read: event.b, between, write: step });
        }
    }
}

// The phases of tasks.
impl Fold<'_> {
    fn phase(&self, task: TaskId) -> Option<Phase> {
        self.open.get(task as usize)?.map(|open| open.span.phase)
    }

    /// Begins a phase, unless it goes on already. While its loop stands still a task stays stalled until it runs.
    fn set(&mut self, task: Option<TaskId>, phase: Phase) {
        let Some(task) = task.filter(|&task| (task as usize) < self.open.len()) else { return };
        let now = self.phase(task);
        if now == Some(phase) || (now == Some(Phase::Stalled) && matches!(phase, Phase::Ready | Phase::Gil)) {
            return;
        }
        self.end_phase(Some(task));
        if self.lanes[task as usize].ending.is_some() {
            return;
        }
        let (time, step) = (self.time, self.step);
        let span = Span { start: time, end: time, first: step, last: step, phase, wait: None, on: 0, holder: NO_TASK };
        self.open[task as usize] = Some(Open { span, used: false });
        if phase == Phase::Running && !self.threads[task as usize].in_loop && self.threads[task as usize].ran_loop {
            self.take(RowKind::Loop(task), task);
        }
    }

    fn wait(&mut self, task: TaskId, phase: Phase, event: &Event) {
        self.end_phase(Some(task));
        self.set(Some(task), phase);
        let holder = self.holders.get(event.a as usize).copied().unwrap_or(NO_TASK);
        if let Some(open) = &mut self.open[task as usize] {
            let wait = Wait::from_byte(event.b as u8);
            let holder = if phase == Phase::Locked { holder } else { NO_TASK };
            open.span = Span { wait, on: event.a, holder, ..open.span };
        }
    }

    fn end_phase_unless(&mut self, task: TaskId, phase: Phase) {
        if self.phase(task) != Some(phase) {
            self.end_phase(Some(task));
        }
    }

    fn end_phase(&mut self, task: Option<TaskId>) {
        let Some(task) = task.filter(|&task| (task as usize) < self.open.len()) else { return };
        if let Some(Open { mut span, used }) = self.open[task as usize].take() {
            (span.end, span.last) = (self.time, self.step);
            if span.end > span.start || used {
                self.lanes[task as usize].spans.push(span);
            }
        }
    }

    /// Notes the line the task is at, and the workload it is in.
    fn stand(&mut self, event: &Event) {
        let Some(task) = (if event.kind.is_of_thread() { self.front(event.task) } else { Some(event.task) }) else { return };
        let places = &mut self.lanes[task as usize].places;
        let (line, work) = places.last().map_or((0, 0), |place| (place.line, place.work));
        let new = match event.kind {
            Kind::Work => (event.line.max(1), event.a),
            // A function's first line comes next, and its `def` runs nothing now.
            Kind::Enter => return,
            Kind::Line => (event.line, 0),
            _ if event.line == 0 || event.line == line => return,
            _ => (event.line, 0),
        };
        if new != (line, work) {
            places.push(Place { step: self.step, line: new.0, work: new.1 });
        }
    }

    fn link(&mut self, from: TaskId, to: TaskId) {
        if from != NO_TASK && from != to {
            self.links.push(Link { step: self.step, from, to });
        }
    }

    fn hold(&mut self, thing: ThingId, task: TaskId) {
        if let Some(holder) = self.holders.get_mut(thing as usize) {
            *holder = task;
        }
    }
}

// The rows: the GIL, the loops, the cores.
impl Fold<'_> {
    fn row(&mut self, kind: RowKind) -> usize {
        self.rows.iter().position(|row| row.0.kind == kind).unwrap_or_else(|| {
            self.rows.push((Row { kind, turns: Vec::new() }, None));
            self.rows.len() - 1
        })
    }

    fn take(&mut self, kind: RowKind, task: TaskId) {
        if kind == RowKind::Core(NO_CORE) {
            return;
        }
        self.leave(kind);
        let row = self.row(kind);
        let (time, step) = (self.time, self.step);
        self.rows[row].1 = Some(Turn { start: time, end: time, first: step, last: step, task, stalled: false });
    }

    fn leave(&mut self, kind: RowKind) {
        let row = self.row(kind);
        self.close(row);
    }

    fn close(&mut self, row: usize) {
        let (row, turn) = &mut self.rows[row];
        if let Some(mut turn) = turn.take() {
            (turn.end, turn.last) = (self.time, self.step);
            if turn.end > turn.start || matches!(row.kind, RowKind::Loop(_)) {
                row.turns.push(turn);
            }
        }
    }

    fn core_of(&self, task: TaskId) -> Option<usize> {
        self.rows
            .iter()
            .position(|(row, turn)| matches!(row.kind, RowKind::Core(_)) && turn.is_some_and(|turn| turn.task == task))
    }

    fn leave_core(&mut self, task: TaskId) {
        if let Some(row) = self.core_of(task) {
            self.close(row);
        }
    }

    fn stall(&mut self, thread: TaskId) {
        let row = self.row(RowKind::Loop(thread));
        if let Some(turn) = &mut self.rows[row].1 {
            turn.stalled = true;
        }
    }

    fn enter_loop(&mut self, thread: TaskId) {
        self.leave(RowKind::Loop(thread));
        let state = &mut self.threads[thread as usize];
        (state.current, state.in_loop, state.ran_loop) = (NO_TASK, true, true);
        self.end_phase(Some(thread));
    }

    /// The asyncio task gives the loop back.
    fn leave_loop(&mut self, task: TaskId) {
        let host = self.trace.task(task).host;
        if let Some(state) = self.threads.get_mut(host as usize)
            && state.current == task
        {
            state.current = NO_TASK;
            self.leave(RowKind::Loop(host));
        }
    }

    /// The thread runs code of its own, no task's.
    fn leave_own_loop(&mut self, thread: TaskId) {
        let state = &mut self.threads[thread as usize];
        if state.current == NO_TASK {
            state.in_loop = false;
        }
    }

    /// Closes all that is open and arranges it.
    pub fn finish(mut self) -> Index {
        self.time = self.time.max(self.trace.run().time);
        for task in 0..self.lanes.len() {
            self.end_phase(Some(task as TaskId));
        }
        for row in 0..self.rows.len() {
            self.close(row);
        }
        super::index::assemble(self)
    }
}

/// Whether the event waits for something that one task holds while others want it.
fn is_lock(event: &Event) -> bool {
    matches!(Wait::from_byte(event.b as u8), Some(Wait::Lock | Wait::Semaphore))
}

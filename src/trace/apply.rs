//! The fold: what one event changes in the state.
//!
//! It expects of whoever records: a thread leaves its core at `Preempt`, `GilWait`, `Block` and `End`, and gets one at
//! `Run`; a thread that wants the GIL counts as waiting for it from `GilWait` to `GilAcquire`, whatever it does on
//! cores meanwhile; `Suspend` comes before the `Schedule` that ends it, and `Resume` before `Begin`.

use super::event::*;
use super::state::*;

impl State {
    /// Goes one step on; `event` must be the one that follows.
    pub fn apply(&mut self, event: &Event) {
        self.step += 1;
        self.time = event.time;
        if self.step == self.coarse_from {
            self.forget_stacks();
        }
        let task = event.task;
        // A task that somebody wakes or resumes still stands where it stopped; the line is the other one's.
        if event.line != 0
            && !matches!(
                event.kind,
                Kind::Enter | Kind::Wake | Kind::Schedule | Kind::Resume
            )
        {
            self.stand(self.actor(event), event.line);
        }
        match event.kind {
            Kind::Spawn => {
                self.spawned = self.spawned.max(event.a.saturating_add(1));
                self.set(event.a, Status::Ready);
            }
            Kind::Begin => {
                self.change(task, |task| task.began = true);
                if self.task(task).status != Status::GilWait {
                    self.set(task, Status::Running);
                }
            }
            Kind::End => self.end(task, event.flags),
            Kind::Run => {
                self.leave_core(task);
                self.take_core(task, event.core);
                if self.task(task).status != Status::GilWait {
                    self.set(task, Status::Running);
                }
            }
            Kind::Preempt => {
                self.leave_core(task);
                if self.task(task).status != Status::GilWait {
                    self.set(task, Status::Ready);
                }
            }
            Kind::GilWait => {
                self.leave_core(task);
                self.change(task, |task| task.asked = false);
                self.set(task, Status::GilWait);
            }
            Kind::GilRequest => {
                self.change(task, |task| task.asked = true);
                let gil = Gil {
                    asked_by: task,
                    ..self.gil(event.b)
                };
                self.set_gil(event.b, gil);
            }
            Kind::GilAcquire => {
                self.take_gil(event.b, task);
                if event.core != NO_CORE && self.task(task).core == NO_CORE {
                    self.take_core(task, event.core);
                }
                self.change(task, |task| task.asked = false);
                self.set(task, Status::Running);
            }
            Kind::GilRelease => self.take_gil(event.b, NO_TASK),
            Kind::Block => {
                self.leave_core(task);
                self.wait(task, event, Status::Blocked);
            }
            Kind::Wake | Kind::Schedule => {
                self.stop_waiting(task);
                // A thread that wants the GIL goes on wanting it, though something else woke it.
                if self.task(task).status != Status::GilWait {
                    self.set(task, Status::Ready);
                }
            }
            Kind::Resume => {
                self.stop_waiting(task);
                self.set(task, Status::Running);
                let time = self.time;
                let of = self.loop_of(event.a);
                of.current = task;
                of.since = time;
            }
            Kind::Suspend => {
                self.leave_loop(task);
                self.wait(task, event, Status::Suspended);
            }
            Kind::Loop => {
                let time = self.time;
                let of = self.loop_of(task);
                of.current = NO_TASK;
                of.since = time;
                of.ready = event.a;
                of.timers = event.b;
                of.iterations += 1;
            }
            Kind::Enter => {
                let frame = Frame {
                    name: event.a,
                    line: event.line,
                };
                self.change(task, |task| {
                    task.frames.push(frame);
                    task.line = frame.line;
                });
            }
            Kind::Leave => self.change(task, |task| {
                task.frames.pop();
                task.line = task.frames.last().map_or(task.line, |frame| frame.line);
            }),
            Kind::Write => self.write(event),
            Kind::Acquire => {
                let step = self.step;
                if let Some(thing) = self.things.get_mut(event.a.wrapping_sub(1)) {
                    thing.holders.push((task, step));
                }
            }
            Kind::Release => {
                if let Some(thing) = self.things.get_mut(event.a.wrapping_sub(1)) {
                    // A semaphore may be given back by another task than the one that took it.
                    let held = thing
                        .holders
                        .iter()
                        .rposition(|&(holder, _)| holder == task);
                    if let Some(held) = held.or(thing.holders.len().checked_sub(1)) {
                        thing.holders.remove(held);
                    }
                }
            }
            Kind::Output if event.flags & FLAG_STDERR != 0 => self.stderr = event.b,
            Kind::Output => self.stdout = event.b,
            Kind::Line
            | Kind::Read
            | Kind::Operate
            | Kind::Raise
            | Kind::Cancel
            | Kind::Create
            | Kind::NeverAwaited
            | Kind::Work
            | Kind::Finish => {}
        }
    }

    fn take_gil(&mut self, process: u32, holder: TaskId) {
        let gil = Gil {
            holder,
            since: self.time,
            asked_by: NO_TASK,
        };
        self.set_gil(process, gil);
    }

    fn set_gil(&mut self, process: u32, gil: Gil) {
        // Every process has a task of its own.
        if process >= self.spawned {
            return;
        }
        while self.gils.len() <= process as usize {
            self.gils.push(self.gil(process));
        }
        self.gils[process as usize] = gil;
    }

    fn change(&mut self, task: TaskId, change: impl FnOnce(&mut TaskState)) {
        if let Some(task) = self.tasks.get_mut(task) {
            change(task);
        }
    }

    fn set(&mut self, task: TaskId, status: Status) {
        if self.task(task).status == status {
            return;
        }
        let (time, step) = (self.time, self.step);
        self.change(task, |task| {
            task.status = status;
            task.since = time;
            task.since_step = step;
        });
    }

    /// The task's innermost frame stands at this line.
    fn stand(&mut self, task: TaskId, line: u32) {
        let coarse = self.coarse_from != 0 && self.step >= self.coarse_from;
        // Only the main thread has a frame that no call made: the module.
        let in_module = task == 0 && !coarse;
        if self.task(task).line == line
            && self
                .task(task)
                .frames
                .last()
                .is_some_and(|frame| frame.line == line)
        {
            return;
        }
        self.change(task, |task| {
            task.line = line;
            match task.frames.last_mut() {
                Some(frame) => frame.line = line,
                None if in_module => task.frames.push(Frame { name: 0, line }),
                None => {}
            }
        });
    }

    fn forget_stacks(&mut self) {
        for id in 0..self.spawned {
            if !self.task(id).frames.is_empty() {
                self.change(id, |task| task.frames.clear());
            }
        }
    }

    fn take_core(&mut self, task: TaskId, core: u8) {
        if core == NO_CORE {
            return;
        }
        if self.cores.len() <= core as usize {
            self.cores.resize(core as usize + 1, NO_TASK);
        }
        self.cores[core as usize] = task;
        self.change(task, |task| task.core = core);
    }

    fn leave_core(&mut self, task: TaskId) {
        let core = self.task(task).core;
        if core == NO_CORE {
            return;
        }
        if self.cores.get(core as usize) == Some(&task) {
            self.cores[core as usize] = NO_TASK;
        }
        self.change(task, |task| task.core = NO_CORE);
    }

    fn loop_of(&mut self, thread: TaskId) -> &mut Loop {
        let place = self
            .loops
            .iter()
            .position(|of| of.thread == thread)
            .unwrap_or_else(|| {
                self.loops.push(Loop {
                    thread,
                    current: NO_TASK,
                    since: self.time,
                    ready: 0,
                    timers: 0,
                    iterations: 0,
                });
                self.loops.len() - 1
            });
        &mut self.loops[place]
    }

    fn leave_loop(&mut self, task: TaskId) {
        let time = self.time;
        for of in self.loops.iter_mut().filter(|of| of.current == task) {
            of.current = NO_TASK;
            of.since = time;
        }
    }

    fn wait(&mut self, task: TaskId, event: &Event, status: Status) {
        self.stop_waiting(task);
        let kind = Wait::from_byte(event.b as u8).unwrap_or(Wait::Future);
        let deadline = if event.tag == Tag::Time {
            event.value
        } else {
            NEVER
        };
        if !kind.is_for_task()
            && let Some(thing) = self.things.get_mut(event.a.wrapping_sub(1))
        {
            thing.waiters.push_back(task);
        }
        self.change(task, |task| {
            task.wait = Some(WaitFor {
                kind,
                on: event.a,
                deadline,
            })
        });
        self.set(task, status);
    }

    fn stop_waiting(&mut self, task: TaskId) {
        let Some(wait) = self.task(task).wait else {
            return;
        };
        self.change(task, |task| task.wait = None);
        if !wait.kind.is_for_task()
            && let Some(thing) = self.things.get_mut(wait.on.wrapping_sub(1))
            && let Some(place) = thing.waiters.iter().position(|&waiter| waiter == task)
        {
            thing.waiters.remove(place);
        }
    }

    fn end(&mut self, task: TaskId, ending: u8) {
        self.stop_waiting(task);
        self.leave_core(task);
        self.leave_loop(task);
        self.change(task, |task| task.frames = Vec::new());
        self.set(
            task,
            Status::Ended(Ending::from_byte(ending).unwrap_or(Ending::Returned)),
        );
    }

    fn write(&mut self, event: &Event) {
        let step = self.step;
        if let Some(variable) = self.locations.get_mut(event.a) {
            *variable = Variable {
                tag: event.tag,
                value: event.value,
                writer: event.task,
                step,
                old_tag: variable.tag,
                old_value: variable.value,
            };
        }
    }
}

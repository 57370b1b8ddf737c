//! From a step to its sentence.

use super::english::Key;
use super::message::{Argument, Message, Slot};
use super::waiting;
use crate::trace::*;

/// How far ahead the sentence of a preemption looks for who gets the core.
const AHEAD: u32 = 8;

/// What happens at the step that follows `before`.
pub fn narrate(trace: &Trace, before: &State) -> Message {
    let Some(event) = trace.get_event(before.step + 1) else {
        return Message::new(Key::Start);
    };
    let event = &event;
    let task = event.task;
    let was = before.task(task);
    let waited = event.time.saturating_sub(was.since);
    let with_task = |key| Message::new(key).task(task);
    match event.kind {
        Kind::Spawn => {
            let key = match trace.task_kind(event.a) {
                TaskKind::Coroutine if trace.task_kind(task) == TaskKind::Coroutine => {
                    Key::SpawnTask
                }
                TaskKind::Coroutine => Key::SpawnFirst,
                _ => Key::SpawnThread,
            };
            with_task(key).other(event.a)
        }
        Kind::Begin if trace.task_kind(task) == TaskKind::Main => Message::new(Key::BeginProgram),
        Kind::Begin => match trace.task(task).label {
            "" => with_task(Key::Begin),
            _ => with_task(Key::BeginLabel).with(Slot::Name, Argument::Label(task)),
        },
        Kind::End => with_task(match Ending::from_byte(event.flags) {
            Some(Ending::Raised) => Key::Raised,
            Some(Ending::Cancelled) => Key::CancelledEnd,
            _ if trace.task_kind(task) == TaskKind::Main => Key::EndProgram,
            _ => Key::Returned,
        })
        .name(event.b),
        Kind::Run => with_task(match was.status {
            Status::GilWait => Key::RunForGil,
            Status::Ready if waited > 0 => Key::RunAfter,
            _ => Key::Run,
        })
        .number(Slot::Core, event.core.into())
        .duration(waited),
        Kind::Preempt if event.flags & FLAG_WOKEN != 0 => with_task(Key::PreemptWoken)
            .other(event.a)
            .number(Slot::Core, event.core.into()),
        Kind::Preempt => {
            let next = next_on_core(trace, before.step + 2, task, event.core);
            with_task(if next.is_some() {
                Key::Preempt
            } else {
                Key::PreemptAny
            })
            .other(next.unwrap_or(NO_TASK))
            .number(Slot::Core, event.core.into())
        }
        Kind::GilWait if event.a == NO_TASK || event.a == task => with_task(Key::GilWaitAny),
        Kind::GilWait => with_task(Key::GilWait).other(event.a),
        Kind::GilRequest => with_task(Key::GilRequest)
            .other(event.a)
            .duration(trace.run().switch_interval),
        Kind::GilAcquire if was.status == Status::GilWait && waited > 0 => {
            with_task(Key::GilAcquireAfter).duration(waited)
        }
        Kind::GilAcquire => with_task(Key::GilAcquire),
        Kind::GilRelease => gil_release(before, event),
        Kind::Block => waiting::block(trace, before, event),
        Kind::Wake => waiting::wake(before, event),
        Kind::Schedule => waiting::schedule(before, event),
        Kind::Resume if !was.began => with_task(Key::ResumeFirst),
        Kind::Resume if trace.line_text(was.line).is_empty() => with_task(Key::ResumeAny),
        Kind::Resume => with_task(Key::Resume).line(was.line),
        Kind::Suspend => waiting::suspend(trace, before, event),
        Kind::Loop => Message::new(Key::Loop)
            .number(Slot::Number, event.a.into())
            .number(Slot::Count, event.b.into()),
        Kind::Line if trace.line_text(event.line).is_empty() => {
            with_task(Key::LineAny).line(event.line)
        }
        Kind::Line => with_task(Key::Line).line(event.line),
        Kind::Enter => with_task(Key::Enter).name(event.a),
        Kind::Leave => leave(was, task),
        Kind::Read => with_task(Key::Read).variable(event.a).value(event),
        Kind::Write => write(trace, before, event),
        Kind::Acquire => {
            let held = before
                .thing(event.a)
                .holders
                .iter()
                .any(|&(holder, _)| holder == task);
            let reentrant = held && trace.thing(event.a).kind == ThingKind::RLock;
            with_task(if reentrant {
                Key::AcquireAgain
            } else {
                Key::Acquire
            })
            .thing(event.a)
        }
        Kind::Release => {
            let thing = before.thing(event.a);
            let key = match thing.waiters.front() {
                _ if thing.holders.len() > 1 && trace.thing(event.a).kind == ThingKind::RLock => {
                    Key::ReleaseOnce
                }
                Some(_) => Key::ReleaseTo,
                None => Key::Release,
            };
            with_task(key)
                .thing(event.a)
                .other(thing.waiters.front().copied().unwrap_or(NO_TASK))
        }
        Kind::Operate => {
            let key = match trace.string(event.b) {
                "put" | "put_nowait" if event.tag != Tag::Absent => Key::Put,
                "get" | "get_nowait" if event.tag != Tag::Absent => Key::Got,
                "set" => Key::Set,
                "notify" | "notify_all" => Key::Notify,
                "arrives" => Key::Arrives,
                _ => Key::Operate,
            };
            with_task(key).thing(event.a).name(event.b).value(event)
        }
        Kind::Output => {
            let key = match trace.output_text(event).trim_end() {
                _ if event.flags & FLAG_STDERR != 0 => Key::PrintError,
                "" => Key::PrintEmpty,
                _ => Key::Print,
            };
            with_task(key).with(Slot::Value, Argument::Output(event.flags, event.a, event.b))
        }
        Kind::Raise => with_task(Key::Raise).name(event.b),
        Kind::Cancel => with_task(Key::Cancel).other(event.a),
        Kind::Create => with_task(Key::Create).name(event.a),
        Kind::NeverAwaited => Message::new(Key::NeverAwaited)
            .name(event.a)
            .number(Slot::Line, event.b.into()),
        Kind::Work => with_task(match event.flags {
            flags if flags & FLAG_IN_LOOP != 0 => Key::WorkLoop,
            _ if !trace.run().gil => Key::Work,
            flags if flags & FLAG_WITHOUT_GIL != 0 => Key::WorkWithoutGil,
            _ => Key::WorkGil,
        })
        .name(event.a)
        .duration(event.value),
        Kind::Finish => {
            let key = match Outcome::from_byte(event.flags).unwrap_or(trace.run().outcome) {
                Outcome::Finished => Key::Finished,
                Outcome::Exception => Key::Exception,
                Outcome::Rejected => Key::Rejected,
                Outcome::Deadlock => Key::Deadlock,
                Outcome::Limit => Key::Limit,
            };
            let message = if event.b != 0 {
                event.b
            } else {
                trace.run().message
            };
            Message::new(key).name(message).time(event.time)
        }
    }
}

/// What happened at a step; step 0 is before the first.
pub fn sentence(trace: &Trace, step: u32) -> Message {
    if step == 0 || step > trace.len() {
        return Message::new(Key::Start);
    }
    narrate(trace, &trace.state_at(step - 1))
}

fn gil_release(before: &State, event: &Event) -> Message {
    let asked_by = before.gil(event.b).asked_by;
    let key = match event.flags {
        flags if flags & FLAG_REQUESTED != 0 && asked_by == NO_TASK => Key::GilDropSchedule,
        flags if flags & FLAG_REQUESTED != 0 => Key::GilDrop,
        flags if flags & FLAG_BLOCKING != 0 => Key::GilBlocking,
        flags if flags & FLAG_TICKS != 0 => Key::GilTicks,
        _ => Key::GilEnd,
    };
    Message::new(key).task(event.task).other(asked_by)
}

fn leave(was: &TaskState, task: TaskId) -> Message {
    let mut stack = was.frames.iter().rev().map(|frame| frame.name);
    let (inner, outer) = (stack.next().unwrap_or(0), stack.next().unwrap_or(0));
    let key = match (inner, outer) {
        (0, _) => Key::LeaveAny,
        (_, 0) => Key::Leave,
        _ => Key::LeaveTo,
    };
    Message::new(key)
        .task(task)
        .name(inner)
        .with(Slot::Code, Argument::String(outer))
}

fn write(trace: &Trace, before: &State, event: &Event) -> Message {
    let old = before.variable(event.a);
    let (tag, value, writer) = old.map_or((Tag::Absent, 0, NO_TASK), |old| {
        (old.tag, old.value, old.writer)
    });
    let read = trace
        .get_event(event.b)
        .filter(|_| event.flags & FLAG_STALE != 0);
    let key = match (read, old) {
        (Some(_), _) => Key::WriteStale,
        (_, None) => Key::WriteNew,
        (_, Some(_)) if writer == event.task => Key::Write,
        _ => Key::WriteOver,
    };
    let message = Message::new(key)
        .task(event.task)
        .variable(event.a)
        .value(event)
        .other(writer);
    match read {
        Some(read) => message
            .with(Slot::Old, Argument::Value(read.tag, read.value))
            .with(Slot::New, Argument::Value(tag, value)),
        None => message.with(Slot::Old, Argument::Value(tag, value)),
    }
}

/// Who gets the core that a task leaves.
fn next_on_core(trace: &Trace, first: u32, task: TaskId, core: u8) -> Option<TaskId> {
    let steps = first
        ..first
            .saturating_add(AHEAD)
            .min(trace.len().saturating_add(1));
    let runs = |event: &Event| event.kind == Kind::Run && event.core == core && event.task != task;
    steps
        .map(|step| trace.event(step))
        .find(runs)
        .map(|event| event.task)
}

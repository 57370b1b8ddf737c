//! Sentences about waits: why they begin and why they end.

use super::english::Key;
use super::message::{Argument, Message, Slot};
use crate::trace::*;

/// How far ahead the sentence of a suspension looks for what the loop does next.
const AHEAD: u32 = 32;

/// Fills {reason}, and what it needs, with until when or what a task waits.
pub fn wait_reason(message: Message, state: &State, task: TaskId, wait: WaitFor) -> Message {
    let timed = wait.deadline != NEVER;
    let key = match wait.kind {
        Wait::Sleep | Wait::Poll if timed => {
            let key = if wait.kind == Wait::Poll {
                Key::UntilDue
            } else {
                Key::UntilTime
            };
            return message.reason(key).time(wait.deadline);
        }
        Wait::Sleep => Key::UntilSomething,
        Wait::Poll => Key::UntilAnything,
        Wait::Turn => Key::UntilTurn,
        Wait::Join | Wait::Task => return message.reason(Key::UntilEnd).other(wait.on),
        Wait::Start => return message.reason(Key::UntilStarted).other(wait.on),
        Wait::Lock => {
            let message = message.thing(wait.on);
            return match state.thing(wait.on).holders.first() {
                Some(&(holder, _)) if holder != task => {
                    message.reason(Key::UntilReleased).other(holder)
                }
                _ => message.reason(Key::UntilFree),
            };
        }
        Wait::Event => Key::UntilSet,
        Wait::Condition => Key::UntilNotified,
        Wait::Semaphore => Key::UntilSlot,
        Wait::Barrier => Key::UntilAllReach,
        Wait::Get => Key::UntilItem,
        Wait::Put => Key::UntilRoom,
        Wait::Drain => Key::UntilDrained,
        Wait::Tasks => Key::UntilTasks,
        Wait::Future => Key::UntilFuture,
        Wait::Reply => Key::UntilReply,
        Wait::Native => Key::UntilNative,
        Wait::Thread => Key::UntilThread,
        Wait::Write => Key::UntilWritten,
        Wait::Io => Key::UntilIo,
    };
    message.thing(wait.on).reason(key)
}

/// A thread blocks.
pub fn block(trace: &Trace, before: &State, event: &Event) -> Message {
    let wait = wait_of(event);
    let task = before.actor(event);
    let at_line = !trace.line_text(event.line).is_empty();
    let key = match wait.kind {
        Wait::Poll => Key::Poll,
        Wait::Write => Key::BlockAny,
        _ if event.flags & FLAG_IN_LOOP != 0 => Key::BlockLoop,
        _ if at_line => Key::Block,
        _ => Key::BlockAny,
    };
    let message = wait_reason(
        Message::new(key).task(task).line(event.line),
        before,
        task,
        wait,
    );
    if has_limit(wait) {
        message.tail(Key::AtMost).time(wait.deadline)
    } else {
        message
    }
}

/// An asyncio task suspends.
pub fn suspend(trace: &Trace, before: &State, event: &Event) -> Message {
    let wait = wait_of(event);
    let key = if trace.line_text(event.line).is_empty() {
        Key::SuspendAny
    } else {
        Key::Suspend
    };
    let mut message = wait_reason(
        Message::new(key).task(event.task).line(event.line),
        before,
        event.task,
        wait,
    );
    let limited = has_limit(wait);
    if limited {
        message = message.time(wait.deadline);
    }
    match goes_on_with(trace, before, event.task) {
        Some(next) => {
            let tail = if limited {
                Key::AtMostGoesOnWith
            } else {
                Key::GoesOnWith
            };
            message.tail(tail).with(Slot::Next, Argument::Task(next))
        }
        None if limited => message.tail(Key::AtMost),
        None => message,
    }
}

/// A thread's wait ends.
pub fn wake(before: &State, event: &Event) -> Message {
    let wait = before.task(event.task).wait;
    let task = before.actor(event);
    let by = event.a;
    let key = match wait.map(|wait| wait.kind) {
        None if before.task(event.task).status == Status::GilWait => Key::WakeGil,
        Some(Wait::Poll) => return Message::new(Key::WakePoll).task(event.task),
        Some(Wait::Sleep) if by == NO_TASK => Key::WakeSleep,
        Some(Wait::Write) => Key::WakeWritten,
        Some(Wait::Reply) => Key::WakeReply,
        Some(Wait::Io) if by == NO_TASK && !is_over(wait, event) => Key::WakeIo,
        _ if by == NO_TASK && is_over(wait, event) => Key::WakeTimeout,
        _ if by == NO_TASK => Key::WakeAlone,
        Some(Wait::Lock | Wait::Semaphore) => Key::WakeReleased,
        Some(Wait::Join) => Key::WakeEnded,
        Some(Wait::Start) => Key::WakeStarted,
        _ => Key::WakeBy,
    };
    Message::new(key)
        .task(task)
        .other(by)
        .thing(wait.map_or(0, |wait| wait.on))
}

/// An asyncio task gets ready.
pub fn schedule(before: &State, event: &Event) -> Message {
    let task = before.task(event.task);
    let wait = task.wait;
    let by = event.a;
    let key = match wait.map(|wait| wait.kind) {
        None if !task.began => Key::ScheduleNew,
        Some(Wait::Turn) => Key::ScheduleTurn,
        Some(Wait::Sleep) if by == NO_TASK => Key::ScheduleSleep,
        Some(Wait::Reply) if by == NO_TASK => Key::ScheduleReply,
        _ if by == NO_TASK && is_over(wait, event) => Key::ScheduleTimeout,
        _ if by == NO_TASK => Key::ScheduleAlone,
        Some(Wait::Lock | Wait::Semaphore) => Key::ScheduleReleased,
        Some(Wait::Task | Wait::Tasks) if before.task(by).has_ended() => Key::ScheduleEnded,
        _ => Key::ScheduleBy,
    };
    Message::new(key)
        .task(event.task)
        .other(by)
        .thing(wait.map_or(0, |wait| wait.on))
}

/// What the event of a block or suspension says.
fn wait_of(event: &Event) -> WaitFor {
    let kind = Wait::from_byte(event.b as u8).unwrap_or(Wait::Future);
    WaitFor {
        kind,
        on: event.a,
        deadline: if event.tag == Tag::Time {
            event.value
        } else {
            NEVER
        },
    }
}

/// Whether the wait is for something else than time, but not for ever.
fn has_limit(wait: WaitFor) -> bool {
    wait.deadline != NEVER
        && !matches!(
            wait.kind,
            Wait::Sleep | Wait::Poll | Wait::Turn | Wait::Reply | Wait::Native | Wait::Write
        )
}

fn is_over(wait: Option<WaitFor>, event: &Event) -> bool {
    wait.is_some_and(|wait| has_limit(wait) && wait.deadline <= event.time)
}

/// Which other task the loop steps after this one, if it does so at once.
fn goes_on_with(trace: &Trace, before: &State, task: TaskId) -> Option<TaskId> {
    let thread = before.thread_of(task);
    let first = before.step + 2;
    for step in first
        ..first
            .saturating_add(AHEAD)
            .min(trace.len().saturating_add(1))
    {
        let event = trace.event(step);
        match event.kind {
            Kind::Resume if event.a == thread => {
                return Some(event.task).filter(|&next| next != task);
            }
            Kind::Block if event.task == thread => return None,
            _ => {}
        }
    }
    None
}

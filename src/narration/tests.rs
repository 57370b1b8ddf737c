//! Events as text, and the sentence each becomes.

use super::*;
use crate::trace::notation::trace;
use crate::trace::{NO_TASK, Trace};

/// Each event line may end in `=> sentence`.
#[track_caller]
fn check(run: &str) {
    let lines: Vec<&str> = run
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line.split(" => ").next().unwrap_or(""))
        .collect();
    let trace = trace(&events.join("\n"));
    let steps = lines.iter().filter(|line| !line.starts_with(['|', 'n']));
    for (step, line) in steps.enumerate() {
        if let Some((event, expected)) = line.split_once(" => ") {
            let text = sentence(&trace, step as u32 + 1).text(&trace, &ENGLISH);
            assert_eq!(text, expected, "for: {event}");
        }
    }
}

#[test]
fn threads() {
    check(
        "
        | value = counter  # look
        | save(value + 1)
        0 main run core=0 => main gets core 0 and runs.
        0 main gil-acquire => main takes the GIL: nobody holds it.
        0 main begin => The program begins.
        1us main write counter 0 => main writes counter = 0.
        1us main spawn A => main starts A: it is ready, but has no core yet.
        1us main block Start A line=2 => main blocks at `save(value + 1)` until A has started.
        1us main gil-release blocking => main releases the GIL, because it is about to block: others can run meanwhile.
        6us A run core=1 => A gets core 1, after being ready for 5 µs.
        6us A gil-acquire
        6us A begin deposit(2) => A begins to run `deposit(2)`.
        7us main wake A => A has started: main can go on, as soon as it gets a core.
        7us main run core=0
        7us main gil-wait A => main needs the GIL, but A holds it.
        8us A enter deposit(2) line=1 => A enters `deposit(2)`.
        8us A line 1 => A reaches line 1: `value = counter`.
        8us A read counter 0 => A reads counter = 0.
        5007us main gil-request A => main asks A to drop the GIL: it has waited one switch interval (5 ms).
        5007us A gil-release requested => A drops the GIL, because main asked for it.
        5007us A gil-wait - => A waits until it can have the GIL again.
        5057us main wake => The GIL may be free: main wakes up to take it.
        5062us main run core=0 => main gets core 0 and can try for the GIL.
        5062us main gil-acquire => main takes the GIL, after waiting 5.06 ms for it.
        5063us main write counter 1 => main writes counter = 1; it was 0.
        5064us A gil-acquire
        5064us A write counter 1 from=16 => A writes counter = 1, but it read 0 before main wrote 1. main's update is lost.
        5065us A write counter 7 => A writes counter = 7; it was 1.
        5065us main write counter 8 => main writes counter = 8; it was 7, from A.
        5066us A leave => A leaves `deposit(2)`.
        5066us A end => A has finished.
        5066us A gil-release => A has finished and releases the GIL.
        5067us main preempt core=0 => main has used up its quantum: it leaves core 0 and queues again.
        5067us main output total 3 => main prints `total 3`.
        5067us main output => main prints an empty line.
        5068us main end Raised ValueError: no => main ends with an exception: ValueError: no.
        5068us main finish Exception ValueError: no => The program ends with an uncaught exception: ValueError: no.
        ",
    );
}

#[test]
fn waits_have_reasons() {
    check(
        "
        | with lock_b:
        | work(queue.get())
        no-gil
        0 main spawn A
        1 A acquire lock_b => A takes lock_b.
        2 main block Lock lock_b line=1 => main blocks at `with lock_b:` until A releases lock_b.
        3 A release lock_b => A releases lock_b, for which main has waited longest.
        4 main wake A => A has released lock_b: main wakes up to take it, if it is still free.
        5 A block Get queue line=2 deadline=2s => A blocks at `work(queue.get())` until queue has an item, at most until 2 s.
        2s A wake => A's time limit is over: it is ready for a core.
        2s A block Sleep 0 deadline=3s => A blocks until 3 s.
        3s A wake => A's sleep is over: it is ready for a core.
        3s A block Join main line=2 => A blocks at `work(queue.get())` until main ends.
        3s main operate queue put 7 => main puts 7 into queue.
        3s main operate event set => main sets event: all who wait for it can go on.
        3s main operate barrier reset => main calls reset on barrier.
        3s main acquire rlock
        3s main acquire rlock => main takes rlock, which it already holds, once more.
        3s main release rlock => main releases rlock once, and still holds it.
        3s main work compute(1) 1s => main computes for 1 s: `compute(1)`.
        3s main block Write 0 line=2 => main blocks until the terminal has taken the text.
        4s main finish Deadlock => Deadlock: nothing can ever run again.
        ",
    );
}

#[test]
fn tasks() {
    check(
        "
        | await asyncio.sleep(1)
        | time.sleep(2)
        0 main begin
        0 main spawn-task Task-1 => main starts an event loop with Task-1 as its first task.
        0 Task-1 schedule => Task-1 joins the event loop's ready queue: it starts when its turn comes.
        0 main loop 1 0 => The event loop begins an iteration: 1 in its ready queue, 0 on timers.
        0 Task-1 resume main => The event loop steps Task-1 for the first time.
        0 Task-1 begin => Task-1 begins.
        1 Task-1 create fetch => Task-1 calls fetch. That only makes a coroutine: nothing of it runs yet.
        1 Task-1 spawn-task Task-2 => Task-1 creates Task-2. None of it runs before Task-1 awaits or ends.
        1 Task-2 schedule Task-1
        2 Task-1 suspend Sleep 0 deadline=1s line=1 => Task-1 suspends at `await asyncio.sleep(1)` until 1 s; the event loop goes on with Task-2.
        3 main loop 1 1
        3 Task-2 resume main
        3 Task-2 begin
        4 main block Sleep 0 deadline=2s line=2 loop => Task-2 blocks the whole event loop at `time.sleep(2)` until 2 s: no other task can run meanwhile.
        2s main wake => Task-2's sleep is over: it is ready for a core.
        2s Task-2 work compute(1) 1s loop => Task-2 keeps the event loop busy for 1 s with `compute(1)`: no other task can run meanwhile.
        3s Task-2 suspend Turn 0 line=1 => Task-2 suspends at `await asyncio.sleep(1)` for one turn of the loop; the event loop goes on with Task-1.
        3s Task-2 schedule => Task-2 joins the end of the event loop's ready queue.
        3s Task-1 schedule => Task-1's sleep is over: it joins the event loop's ready queue.
        3s Task-1 resume main => The event loop resumes Task-1 at `await asyncio.sleep(1)`, where it had suspended.
        3s Task-1 cancel Task-2 => Task-1 cancels Task-2: it will get CancelledError where it awaits.
        3s Task-1 suspend Task Task-2 => Task-1 suspends until Task-2 ends; the event loop goes on with Task-2.
        3s Task-2 resume main
        3s Task-2 end Cancelled => Task-2 ends as cancelled.
        3s Task-1 schedule Task-2 => Task-2 has ended, which Task-1 awaits: Task-1 joins the event loop's ready queue.
        3s main block Poll 0 deadline=4s => The event loop has nothing to step: it sleeps until 4 s, when a timer is due.
        4s main wake => Something is due: main's event loop wakes up.
        4s main never-awaited fetch 1 => The coroutine fetch from line 1 is gone and was never awaited: nothing of it ever ran.
        4s main finish Finished => The program has ended, after 4 s.
        ",
    );
}

/// The roles of a sentence: tasks in brackets, strong in stars, alarm in carets, code in backticks.
fn marked(trace: &Trace, step: u32) -> String {
    let spans = sentence(trace, step).spans(trace, &ENGLISH);
    let mark = |span: Span| match span.role {
        Role::Plain => span.text,
        Role::Task(_) => format!("[{}]", span.text),
        Role::Strong => format!("*{}*", span.text),
        Role::Alarm => format!("^{}^", span.text),
        Role::Code => format!("`{}`", span.text),
    };
    spans.into_iter().map(mark).collect()
}

#[test]
fn spans_have_roles() {
    let trace = trace(
        "
        0 main spawn A
        1 A read x 0
        2 main write x 5
        3 A write x 1 from=2
        4 A line 4
        ",
    );
    assert_eq!(
        marked(&trace, 4),
        "[A] writes *x = 1*, but it read 0 before [main] wrote 5. ^main's update is lost.^"
    );
    assert_eq!(marked(&trace, 5), "[A] reaches line 4.");
    assert_eq!(marked(&trace, 0), "Nothing has run yet.");
}

#[test]
fn every_place_has_a_slot_and_every_mark_its_partner() {
    for text in ENGLISH.texts {
        for name in text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
        {
            assert!(
                Slot::ALL.iter().any(|(_, slot)| *slot == name),
                "{name} in {text}"
            );
        }
        for mark in ['*', '^', '`'] {
            assert_eq!(text.matches(mark).count() % 2, 0, "{text}");
        }
    }
    for (index, (slot, _)) in Slot::ALL.iter().enumerate() {
        assert_eq!(*slot as usize, index);
    }
    assert_eq!(ENGLISH.texts.len(), Key::ALL.len());
    assert_eq!(ENGLISH.things.len(), crate::trace::ThingKind::ALL.len());
}

#[test]
fn parts_come_back_from_bytes() {
    let message = Message::new(Key::Line)
        .task(NO_TASK)
        .line(7)
        .with(Slot::Value, Argument::Output(2, 5, 9))
        .with(Slot::Old, Argument::Value(crate::trace::Tag::Int, u64::MAX))
        .reason(Key::UntilTime);
    for part in message.parts {
        assert_eq!(Part::decode(&part.encode()), Some(part));
    }
}

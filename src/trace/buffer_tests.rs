//! What is recorded, and what comes back from the buffer.

use super::notation::trace;
use super::tests::{TASKS, THREADS};
use super::*;

#[test]
fn only_shared_accesses_stay() {
    let trace = trace(
        "
        0 main write alone 1
        0 main write self.x 1
        1 main spawn A
        2 A read alone 1
        3 A read self.x 1
        4 A write self.x 2 from=5
        5 main write self.x 3
        6 main write only.mine 3
        7 A write mine 3 from=4
        ",
    );
    let kept: Vec<String> = (1..=trace.len())
        .map(|step| trace.event(step))
        .filter(|event| event.kind != Kind::Spawn)
        .map(|event| {
            format!(
                "{:?} {} {}",
                event.kind,
                trace.location(event.a).name,
                event.b
            )
        })
        .collect();
    assert_eq!(
        kept,
        [
            "Write alone 0",
            "Write self.x 0",
            "Read self.x 0",
            "Write self.x 4",
            "Write self.x 0",
            "Write mine 0"
        ]
    );
}

#[test]
fn detail_ends_at_the_limit() {
    let mut recorder = Recorder::with_detail(2);
    let name = recorder.string("MainThread");
    recorder.task(TaskRecord {
        kind: TaskKind::Main,
        name,
        label: 0,
        parent: NO_TASK,
        host: NO_TASK,
    });
    let event = trace("0 main line 3").event(1);
    let numbers: Vec<u32> = (0..4).map(|_| recorder.push(event)).collect();
    assert_eq!(numbers, [1, 2, 0, 0]);
    assert_eq!(
        recorder.push(Event {
            kind: Kind::Run,
            core: 0,
            ..event
        }),
        3
    );
    let trace = recorder.finish(Summary::default());
    assert_eq!((trace.len(), trace.run().coarse_from), (3, 3));
    assert_eq!(trace.state_at(2).task(0).frames.len(), 1);
    assert_eq!(
        (
            trace.state_at(3).task(0).frames.len(),
            trace.state_at(3).task(0).line
        ),
        (0, 3)
    );
}

#[test]
fn a_recorder_that_is_off_still_numbers() {
    let mut recorder = Recorder::off();
    let record = TaskRecord {
        kind: TaskKind::Main,
        name: 0,
        label: 0,
        parent: NO_TASK,
        host: NO_TASK,
    };
    assert_eq!((recorder.task(record), recorder.task(record)), (0, 1));
    assert_eq!(
        (
            recorder.thing(ThingKind::Lock, "a"),
            recorder.thing(ThingKind::Lock, "b")
        ),
        (1, 2)
    );
    assert_eq!(
        (recorder.write_stdout(b"ab"), recorder.write_stdout(b"c")),
        ((0, 2), (2, 3))
    );
    assert_eq!(recorder.push(trace("0 main begin").event(1)), 0);
    assert!(recorder.finish(Summary::default()).is_empty());
}

#[test]
fn the_buffer_comes_back() {
    for text in [THREADS, TASKS, ""] {
        let first = trace(text);
        let second = Trace::from_bytes(first.as_bytes().to_vec()).unwrap();
        assert_eq!(first, second);
        assert_eq!(first.run(), second.run());
        assert_eq!(first.findings(), second.findings());
        assert_eq!(first.source(), second.source());
    }
    let trace = trace("| a = 1\n|   b = 2.5  \n0 main write x 2.5\n1 main output hi");
    assert_eq!(
        (trace.line_text(1), trace.line_text(2), trace.line_text(9)),
        ("a = 1", "b = 2.5", "")
    );
    assert_eq!(trace.value_text(&trace.event(1)), "2.5");
    assert_eq!(trace.output_text(&trace.event(2)), "hi\n");
    assert_eq!(
        (trace.step_at(0), trace.step_at(1), trace.task_name(0)),
        (1, 2, "main")
    );
    assert_eq!(
        Trace::from_bytes(vec![1, 2, 3]),
        Err(FormatError::NotATrace)
    );
}

#[test]
fn garbage_is_refused_or_read_as_nothing() {
    let bytes = trace(THREADS).into_bytes();
    // A fixed sequence of places and values: xorshift.
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for round in 0..4000 {
        let mut bytes = bytes.clone();
        for _ in 0..=round % 4 {
            let place = next() as usize % bytes.len();
            bytes[place] = next() as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(next() as usize % bytes.len());
        }
        let Ok(trace) = Trace::from_bytes(bytes) else {
            continue;
        };
        for step in 0..=trace.len().min(100) {
            crate::narration::sentence(&trace, step).text(&trace, &crate::narration::ENGLISH);
        }
        trace.state_at(trace.len()).queues(&trace);
        for finding in trace.findings() {
            finding.message.text(&trace, &crate::narration::ENGLISH);
        }
        trace.marks();
        trace.figures(1);
        navigate::scrubber_marks(&trace, 10);
    }
}

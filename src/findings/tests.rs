//! Runs as text, and what is found in them.

use crate::narration::ENGLISH;
use crate::trace::notation::trace;

#[track_caller]
fn check(run: &str, expected: &str) {
    let trace = trace(run);
    let found: Vec<String> = trace
        .findings()
        .iter()
        .map(|finding| {
            let subject = finding.subject(&trace).unwrap_or("-");
            let message = finding.message.text(&trace, &ENGLISH);
            format!(
                "{:?} {subject} {:?}: {message}",
                finding.kind, finding.steps
            )
        })
        .collect();
    let expected: Vec<&str> = expected
        .trim()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_update_is_lost() {
    check(
        "
        0 main spawn A
        0 main spawn B
        1 A read counter 0
        2 B read counter 0
        3 B write counter 1 from=4
        4 A write counter 1 from=3
        5 A read counter 1
        6 A write counter 2 from=7
        ",
        "LostUpdate counter [3, 5, 6]: A read counter at step 3 and wrote it at step 6. B wrote in between, at step 5.",
    );
}

#[test]
fn a_loss_counts_once() {
    check(
        "
        0 main spawn A
        0 main spawn B
        1 A read counter 0
        2 B write counter 9
        3 A write counter 1
        4 A write counter 1 from=3
        ",
        "",
    );
}

#[test]
fn many_alike_are_counted() {
    let mut run = String::from("0 main spawn A\n0 main spawn B\n");
    for round in 0..150 {
        run += &format!(
            "1 A read x 0\n1 B write x 1\n1 A write x 2 from={}\n",
            round * 3 + 3
        );
    }
    let trace = trace(&run);
    assert_eq!(
        (trace.findings().len(), trace.run().found),
        (100, [150, 0, 0, 0])
    );
}

#[test]
fn two_locks_in_opposite_order() {
    check(
        "
        0 main spawn A
        0 main spawn B
        1 A acquire lock_a
        2 B acquire lock_b
        3 A block Lock lock_b
        4 B block Lock lock_a
        5 main block Join A
        6 main finish Deadlock
        ",
        "Deadlock lock_b [3, 4, 5, 6]: A waits for lock_b, which B holds. B waits for lock_a, which A holds. \
         None of them can ever go on.",
    );
}

#[test]
fn a_deadlock_without_a_cycle() {
    check(
        "
        0 main spawn A
        1 A block Event event
        2 main block Join A
        2 main finish Deadlock
        ",
        "Deadlock - [2, 3]: A waits until event is set, but nobody is left to bring that about. \
         main waits for A to end. None of them can ever go on.",
    );
}

#[test]
fn a_lock_that_was_never_released() {
    check(
        "
        0 main spawn A
        1 A acquire lock
        2 A end
        3 main block Lock lock
        3 main finish Deadlock
        ",
        "Deadlock lock [2, 4]: main waits for lock, which A ended without releasing. None of them can ever go on.",
    );
}

#[test]
fn tasks_that_await_each_other() {
    check(
        "
        0 main spawn-task Task-1
        1 Task-1 resume main
        1 Task-1 spawn-task Task-2
        2 Task-1 suspend Task Task-2
        3 Task-2 resume main
        4 Task-2 suspend Task Task-1
        5 main block Poll 0
        5 main finish Deadlock
        ",
        "Deadlock - [4, 6]: Task-1 waits for Task-2 to end. Task-2 waits for Task-1 to end. None of them can ever go on.",
    );
}

#[test]
fn a_blocking_call_in_the_loop() {
    check(
        "
        | time.sleep(1)
        0 main spawn-task Task-1
        1 Task-1 resume main
        2 main block Sleep 0 deadline=1s line=1 loop
        1s main wake
        1s main block Poll 0 deadline=2s loop
        2s main wake
        2s Task-1 work compute(0.05) 50ms line=1 loop
        2s Task-1 work native(0.2) 200ms line=1 loop native
        2s main block Native 0 line=1 loop
        3s main wake
        3s main block Lock lock line=1 loop
        ",
        "
        BlockingCall - [3, 4]: Task-1 blocked the event loop for 1 s at line 1, `time.sleep(1)`.
        BlockingCall - [8]: Task-1 kept the event loop busy for 200 ms at line 1, `time.sleep(1)`.
        BlockingCall - [11]: Task-1 blocked the event loop at line 1, `time.sleep(1)`, and it never went on.
        ",
    );
}

#[test]
fn a_coroutine_never_awaited() {
    check(
        "
        1 main create fetch line=7
        2 main never-awaited fetch 7
        ",
        "NeverAwaited - [1, 2]: fetch was called at line 7, but never awaited: nothing of it ever ran.",
    );
}

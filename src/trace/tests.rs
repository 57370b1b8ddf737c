//! Runs as text, and what holds after each step.

use super::notation::trace;
use super::*;

/// Two threads, a GIL, a lost update, a lock, a join and output.
pub(super) const THREADS: &str = "
    | import threading
    | counter = 0
    0 main run core=0
    0 main gil-acquire core=0
    0 main begin
    50 main line 2
    100 main write counter 0
    1us main spawn A
    2us main spawn B
    3us main block Join A line=9 core=0
    3us main gil-release blocking
    8us A run core=0
    8us A gil-acquire core=0
    8us A begin deposit(2)
    9us A enter deposit(2) line=3
    10us A line 4
    10us A read counter 0
    11us B run core=1
    11us B gil-wait A
    5011us B gil-request A
    5011us A gil-release requested
    5011us A gil-wait -
    5020us B run core=1
    5020us B gil-acquire core=1
    5020us B begin
    5021us B read counter 0
    5022us B write counter 1 from=24
    5023us B output saved
    5024us B acquire lock
    5025us B release lock
    5026us B end
    5026us B gil-release
    5030us A run core=0
    5030us A gil-acquire
    5031us A write counter 1 from=15
    5032us A leave
    5033us A end
    5033us A gil-release
    5083us main wake A
    5090us main run core=0
    5090us main gil-acquire
    5091us main read counter 1
    5092us main end
    5092us main finish Finished
";

/// A loop with two tasks, one of which blocks it.
pub(super) const TASKS: &str = "
    | import asyncio
    | async def f():
    |     await asyncio.sleep(1)
    |     time.sleep(0.2)
    0 main run core=0
    0 main gil-acquire core=0
    0 main begin
    1us main spawn-task Task-1
    1us Task-1 schedule
    2us main loop 1 0
    3us Task-1 resume main
    3us Task-1 begin
    3us Task-1 enter f() line=2
    4us Task-1 spawn-task Task-2
    4us Task-2 schedule Task-1
    5us Task-1 suspend Sleep 0 deadline=1s line=3
    6us main loop 1 1
    6us Task-2 resume main
    6us Task-2 begin
    6us Task-2 enter f() line=2
    7us Task-2 suspend Sleep 0 deadline=2s line=3
    8us main block Poll 0 deadline=1s
    1s main wake
    1s main run core=0
    1s main loop 0 2
    1s Task-1 schedule
    1s Task-1 resume main
    1s main block Sleep 0 deadline=1.2s line=4 loop
    1.2s main wake
    1.2s main run core=0
    1.3s Task-1 end
    1.3s main finish Finished
";

/// The state in a line for each part that is not at rest.
fn show(trace: &Trace, step: u32) -> String {
    let state = trace.state_at(step);
    let queues = state.queues(trace);
    let name = |id: TaskId| {
        if id == NO_TASK {
            "-"
        } else {
            trace.task_name(id)
        }
    };
    let names = |ids: &[TaskId]| ids.iter().map(|&id| name(id)).collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    for (id, task) in state.tasks.iter() {
        let frames: Vec<String> = task
            .frames
            .iter()
            .map(|f| format!("{}:{}", trace.string(f.name), f.line))
            .collect();
        let wait = task
            .wait
            .map_or(String::new(), |wait| format!(" for {:?}", wait.kind));
        lines.push(format!(
            "{} {:?}{wait} since {} [{}]",
            name(id),
            task.status,
            task.since,
            frames.join(" ")
        ));
    }
    lines.push(format!(
        "gil {} cores {}",
        name(state.gil(0).holder),
        names(&state.cores)
    ));
    for (queue, ids) in [
        ("ready", &queues.threads_ready),
        ("loop", &queues.tasks_ready),
        ("gil waiters", &queues.gil),
        ("waiting", &queues.waiting),
    ] {
        if !ids.is_empty() {
            lines.push(format!("{queue}: {}", names(ids)));
        }
    }
    for (deadline, task) in queues.timers {
        lines.push(format!("timer {} {}", duration_text(deadline), name(task)));
    }
    for (id, variable) in state.variables() {
        let (value, old) = (
            trace.show(variable.tag, variable.value),
            trace.show(variable.old_tag, variable.old_value),
        );
        let old = if variable.old_tag == Tag::Absent {
            "nothing"
        } else {
            &old
        };
        lines.push(format!(
            "{} = {value} by {}, was {old}",
            trace.location(id).name,
            name(variable.writer)
        ));
    }
    lines.push(format!("stdout {}", state.stdout));
    lines.join("\n")
}

#[track_caller]
fn check(text: &str, step: u32, expected: &str) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(show(&trace(text), step), expected.join("\n"));
}

#[test]
fn threads_wait_for_the_gil() {
    check(
        THREADS,
        18,
        "
        main Blocked for Join since 3000 [:9]
        A Running since 8000 [deposit(2):4]
        B GilWait since 11000 []
        gil A cores A -
        gil waiters: B
        waiting: main
        counter = 0 by main, was nothing
        stdout 0
        ",
    );
}

#[test]
fn variables_know_their_last_writer() {
    check(
        THREADS,
        33,
        "
        main Blocked for Join since 3000 [:9]
        A Running since 5030000 [deposit(2):4]
        B Ended(Returned) since 5026000 []
        gil A cores A -
        waiting: main
        counter = 1 by A, was 1
        stdout 6
        ",
    );
}

#[test]
fn a_loop_has_queues_and_timers() {
    check(
        TASKS,
        11,
        "
        main Running since 0 []
        Task-1 Running since 3000 [f():2]
        Task-2 Ready since 4000 []
        gil main cores main -
        loop: Task-2
        stdout 0
        ",
    );
    check(
        TASKS,
        18,
        "
        main Blocked for Poll since 8000 []
        Task-1 Suspended for Sleep since 5000 [f():3]
        Task-2 Suspended for Sleep since 7000 [f():3]
        gil main cores - -
        waiting: Task-1 Task-2 main
        timer 1 s main
        timer 1 s Task-1
        timer 2 s Task-2
        stdout 0
        ",
    );
}

#[test]
fn figures_add_up() {
    let threads = trace(THREADS);
    let a = threads.figures(1);
    assert_eq!((a.first_run, a.end, a.switches), (8_000, 5_033_000, 2));
    assert_eq!(
        (a.ready, a.running, a.gil_wait, a.blocked),
        (7_000, 5_006_000, 19_000, 0)
    );
    let b = threads.figures(2);
    assert_eq!((b.ready, b.gil_wait, b.running), (9_000, 5_009_000, 6_000));
    let tasks = trace(TASKS);
    let first = tasks.figures(1);
    // Blocked: asleep at the await, and while its thread slept inside its step.
    assert_eq!(
        (first.running, first.blocked, first.switches),
        (2_000 + 100_000_000, 999_995_000 + 200_000_000, 2)
    );
    assert_eq!(tasks.figures(2).end, NEVER);
}

#[test]
fn the_state_at_a_step_is_the_fold_up_to_it() {
    // Long enough for several key frames.
    let mut long = String::from("0 main spawn A\n");
    for round in 1..1500 {
        long += &format!(
            "{round} A run core=0\n{round} A line {round}\n{round} A write x {round}\n{round} A preempt\n"
        );
    }
    for text in [THREADS, TASKS, &long] {
        let trace = trace(text);
        let mut state = State::start(&trace);
        let states: Vec<State> = (0..=trace.len())
            .map(|step| {
                if step > 0 {
                    state.apply(&trace.event(step));
                }
                state.clone()
            })
            .collect();
        let mut step = trace.len();
        // Jumps to and fro: each step once, as 1,237 and the counts have no common divisor.
        for _ in 0..=trace.len() {
            step = (step + 1_237) % (trace.len() + 1);
            assert!(trace.state_at(step) == states[step as usize], "step {step}");
        }
        assert!(trace.state_at(u32::MAX) == states[trace.len() as usize]);
    }
}

#[test]
fn buttons_stop_by_grain() {
    use navigate::*;
    let trace = trace(THREADS);
    let stops = |grain: Grain| {
        let mut stops = vec![0];
        while let Some(&step) = stops.last().filter(|&&step| step < trace.len()) {
            stops.push(next(&trace, step, grain));
        }
        stops
    };
    assert_eq!(stops(Grain::Line), [0, 4, 14, 42]);
    assert_eq!(
        stops(Grain::Switch),
        [0, 2, 8, 11, 22, 29, 32, 35, 39, 41, 42]
    );
    assert_eq!(stops(Grain::Instruction).len(), trace.len() as usize + 1);
    assert_eq!(
        (
            previous(&trace, 28, Grain::Switch),
            previous(&trace, 4, Grain::Line)
        ),
        (22, 0)
    );
    assert_eq!(
        (
            next_mark(&trace, 0),
            next_mark(&trace, 31),
            previous_mark(&trace, 31)
        ),
        (15, 33, 25)
    );
    let marks = scrubber_marks(&trace, 4);
    assert!(
        marks.len() <= 5 && marks.contains(&(33, ScrubberMark::Finding)),
        "{marks:?}"
    );
    assert_eq!(scrubber_marks(&trace, 400).len(), 6);
}

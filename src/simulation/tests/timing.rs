//! Cores, quanta, locks, waiting, and ends.

use super::*;

fn free_threaded(cores: u8) -> Rules {
    Rules {
        gil: false,
        cores,
        ..Rules::default()
    }
}

#[test]
fn quanta_on_one_core() {
    check(
        free_threaded(1),
        &["start 1; run 500000; sleep 1s", "run 250000"],
        "
             0.000 0 0 Run
             0.000 0 0 Begin
         10000.000 0 0 Preempt
         10005.000 0 1 Run
         10005.000 0 1 Begin
         20005.000 0 1 Preempt
         20010.000 0 0 Run
         30010.000 0 0 Preempt
         30015.000 0 1 Run
         32515.000 0 1 End
         32520.000 0 0 Run
         37520.100 0 0 Block Sleep
        1037520.100 - 0 Wake -
        1037570.100 0 0 Run
        1037570.100 0 0 End
        1037570.100 0 0 Finish Finished
        ",
    );
}

#[test]
fn locks_are_not_handed_over() {
    // Thread 1 waits for the lock; when it is awake, thread 0 has taken it again.
    check(
        free_threaded(2),
        &[
            "take a; start 1; run 4000; free a; run 500; take a; run 4000; free a; sleep 1ms",
            "take a; run 10; free a",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 Begin
             0.000 0 0 Acquire a
             5.100 1 1 Run
             5.100 1 1 Begin
             5.150 1 1 Block Lock
           200.100 0 0 Release a
           200.150 - 1 Wake 0
           225.150 0 0 Acquire a
           250.150 1 1 Run
           250.150 1 1 Block Lock
           425.200 0 0 Release a
           425.250 - 1 Wake 0
           425.300 0 0 Block Sleep
           475.250 1 1 Run
           475.250 1 1 Acquire a
           475.750 1 1 Release a
           475.800 1 1 End
          1425.300 - 0 Wake -
          1475.300 0 0 Run
          1475.300 0 0 End
          1475.300 0 0 Finish Finished
        ",
    );
}

#[test]
fn a_lock_with_a_time_limit() {
    check(
        Rules::default(),
        &[
            "take a; start 1; sleep 10ms; free a; sleep 1ms",
            "try a 5ms; run 10",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.000 0 0 Acquire a
             0.150 0 0 GilRelease blocking
             0.150 0 0 Block Sleep
             5.100 1 1 Run
             5.100 1 1 GilAcquire
             5.100 1 1 Begin
             5.150 1 1 GilRelease blocking
             5.150 1 1 Block Lock
             5.100 1 1 gets False
          5005.150 - 1 Wake -
          5055.150 1 1 Run
          5055.150 1 1 GilAcquire
          5055.650 1 1 End
          5055.650 1 1 GilRelease
         10000.150 - 0 Wake -
         10050.150 0 0 Run
         10050.150 0 0 GilAcquire
         10050.150 0 0 Release a
         10050.250 0 0 GilRelease blocking
         10050.250 0 0 Block Sleep
         11050.250 - 0 Wake -
         11100.250 0 0 Run
         11100.250 0 0 GilAcquire
         11100.250 0 0 End
         11100.250 0 0 Finish Finished
        ",
    );
}

#[test]
fn deadlock() {
    check(
        Rules::default(),
        &[
            "start 1; take a; sleep 1ms; take b",
            "take b; sleep 1ms; take a",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.050 0 0 Acquire a
             0.150 0 0 GilRelease blocking
             0.150 0 0 Block Sleep
             5.050 1 1 Run
             5.050 1 1 GilAcquire
             5.050 1 1 Begin
             5.050 1 1 Acquire b
             5.150 1 1 GilRelease blocking
             5.150 1 1 Block Sleep
          1000.150 - 0 Wake -
          1005.150 - 1 Wake -
          1050.150 0 0 Run
          1050.150 0 0 GilAcquire
          1050.200 0 0 GilRelease blocking
          1050.200 0 0 Block Lock
          1055.150 1 1 Run
          1055.150 1 1 GilAcquire
          1055.200 1 1 GilRelease blocking
          1055.200 1 1 Block Lock
          1055.200 - 0 Finish Deadlock
        ",
    );
}

#[test]
fn parallel_instructions_alternate() {
    let mut simulation = simulation(
        Rules {
            cost_switch: 175,
            ..free_threaded(2)
        },
        Box::new(First),
        &["start 1; run 8; sleep 1ms", "run 4"],
    );
    simulation.engine.shows_instructions = true;
    simulation.run();
    same(
        &simulation.engine.log,
        "
             0.000 0 0 Run
             0.000 0 0 Begin
             0.050 0 0 instruction
             0.100 0 0 instruction
             0.150 0 0 instruction
             0.200 0 0 instruction
             0.225 1 1 Run
             0.225 1 1 Begin
             0.225 1 1 instruction
             0.250 0 0 instruction
             0.275 1 1 instruction
             0.300 0 0 instruction
             0.325 1 1 instruction
             0.350 0 0 instruction
             0.375 1 1 instruction
             0.400 0 0 instruction
             0.425 1 1 End
             0.500 0 0 Block Sleep
          1000.500 - 0 Wake -
          1050.500 0 0 Run
          1050.500 0 0 End
          1050.500 0 0 Finish Finished
        ",
    );
}

#[test]
fn without_costs_threads_alternate() {
    let rules = Rules {
        cost_instruction: 0,
        cost_switch: 0,
        cost_call: 0,
        wake_latency: 0,
        ..free_threaded(2)
    };
    let mut simulation = simulation(
        rules,
        Box::new(First),
        &["start 1; run 3; sleep 1ms", "run 3"],
    );
    simulation.engine.shows_instructions = true;
    simulation.run();
    same(
        &simulation.engine.log,
        "
             0.000 0 0 Run
             0.000 0 0 Begin
             0.000 1 1 Run
             0.000 1 1 Begin
             0.000 1 1 instruction
             0.000 0 0 instruction
             0.000 1 1 instruction
             0.000 0 0 instruction
             0.000 1 1 instruction
             0.000 0 0 instruction
             0.000 1 1 End
             0.000 0 0 Block Sleep
          1000.000 - 0 Wake -
          1000.000 0 0 Run
          1000.000 0 0 End
          1000.000 0 0 Finish Finished
        ",
    );
}

#[test]
fn a_loop_that_polls_is_woken() {
    check(
        Rules::default(),
        &[
            "start 1; poll 1s; run 1; poll 2ms",
            "sleep 1ms; notify; run 10; notify",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.100 0 0 GilRelease blocking
             0.100 0 0 Block Poll
             5.050 1 1 Run
             5.050 1 1 GilAcquire
             5.050 1 1 Begin
             5.100 1 1 GilRelease blocking
             5.100 1 1 Block Sleep
          1005.100 - 1 Wake -
          1055.100 1 1 Run
          1055.100 1 1 GilAcquire
          1055.150 - 0 Wake 1
          1055.700 1 1 End
          1055.700 1 1 GilRelease
          1105.150 0 0 Run
          1105.150 0 0 GilAcquire
          1105.250 0 0 GilRelease blocking
          1105.250 0 0 Block Poll
          3105.250 - 0 Wake -
          3155.250 0 0 Run
          3155.250 0 0 GilAcquire
          3155.250 0 0 End
          3155.250 0 0 Finish Finished
        ",
    );
}

#[test]
fn limits() {
    let rules = Rules {
        limit_instructions: 1_000,
        limit_time: 5_000_000_000,
        ..Rules::default()
    };
    let mut run = simulation(rules, Box::new(First), &["run 2000"]);
    assert_eq!(
        run.run().message,
        "the limit of 1,000 instructions is reached; if the program is to end by itself, raise it with --limit-instructions"
    );
    let mut run = simulation(rules, Box::new(First), &["sleep 6s"]);
    assert_eq!(
        run.run().message,
        "the limit of 5 s of virtual time is reached; a program that waits that long rarely ends"
    );
    assert_eq!(run.time(), 5_000_000_000);
}

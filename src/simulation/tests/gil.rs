//! The GIL.

use super::*;

#[test]
fn alone_it_is_quiet() {
    check(
        Rules::default(),
        &["run 100; print; run 10; poll 0ns; run 10"],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
            10.100 0 0 End
            10.100 0 0 Finish Finished
        ",
    );
}

#[test]
fn a_waiter_asks_after_one_interval_and_the_holder_waits_for_the_switch() {
    // Thread 0 is in a call when it is asked: it goes on to the end of it.
    check(
        Rules::default(),
        &[
            "start 1; call 150000; run 60000; sleep 1s",
            "run 100; call 40; run 200",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             5.050 1 1 Run
             5.050 1 1 GilWait 0
          5055.050 - 1 GilRequest 0
          7500.050 0 0 GilRelease requested
          7500.050 0 0 GilWait -
          7550.050 1 1 Run
          7550.050 1 1 GilAcquire
          7550.050 1 1 Begin
          7567.050 1 1 End
          7567.050 1 1 GilRelease
          7600.050 0 0 Run
          7600.050 0 0 GilAcquire
         10600.100 0 0 GilRelease blocking
         10600.100 0 0 Block Sleep
        1010600.100 - 0 Wake -
        1010650.100 0 0 Run
        1010650.100 0 0 GilAcquire
        1010650.100 0 0 End
        1010650.100 0 0 Finish Finished
        ",
    );
}

#[test]
fn convoy() {
    // Back from I/O beside a thread that computes: an interval and three wake-ups pass (5.15 ms; measured on CPython 3.11: 5.14).
    check(
        Rules::default(),
        &["start 1; loop 2 {; reply 20ms; run 10; }", "run 2000000"],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.100 0 0 GilRelease blocking
             0.100 0 0 Block Reply
             5.050 1 1 Run
             5.050 1 1 GilAcquire
             5.050 1 1 Begin
         20000.100 - 0 Wake -
         20050.100 0 0 Run
         20050.100 0 0 GilWait 1
         25100.100 - 0 GilRequest 1
         25100.150 1 1 GilRelease requested
         25100.150 1 1 GilWait -
         25150.150 0 0 Run
         25150.150 0 0 GilAcquire
         25150.700 0 0 GilRelease blocking
         25150.700 0 0 Block Reply
         25200.150 1 1 Run
         25200.150 1 1 GilAcquire
         45150.700 - 0 Wake -
         45200.700 0 0 Run
         45200.700 0 0 GilWait 1
         50250.700 - 0 GilRequest 1
         50250.750 1 1 GilRelease requested
         50250.750 1 1 GilWait -
         50300.750 0 0 Run
         50300.750 0 0 GilAcquire
         50301.250 0 0 End
         50301.250 0 0 Finish Finished
        ",
    );
}

#[test]
fn work_in_python_is_interrupted_at_once() {
    check(
        Rules::default(),
        &[
            "start 1; sleep 20ms",
            "compute 12ms; start 2; sleep 1s",
            "compute 12ms",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.100 0 0 GilRelease blocking
             0.100 0 0 Block Sleep
             5.050 1 1 Run
             5.050 1 1 GilAcquire
             5.050 1 1 Begin
         12005.200 1 1 GilRelease blocking
         12005.200 1 1 Block Sleep
         12010.150 0 2 Run
         12010.150 0 2 GilAcquire
         12010.150 0 2 Begin
         20000.100 - 0 Wake -
         20055.100 1 0 Run
         20055.100 1 0 GilWait 2
         24010.200 0 2 End
         24010.200 0 2 GilRelease
         24060.200 1 0 Run
         24060.200 1 0 GilAcquire
         24060.200 1 0 End
         24060.200 1 0 Finish Finished
        ",
    );
}

#[test]
fn a_call_that_releases_the_gil_for_a_moment_takes_it_again_before_the_waiter_is_awake() {
    check(
        Rules::default(),
        &["start 1; loop 3 {; run 200; print; }; sleep 1ms", "run 1"],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             5.050 1 1 Run
             5.050 1 1 GilWait 0
            10.100 0 0 GilRelease blocking
            12.100 0 0 GilAcquire
            36.250 0 0 GilRelease blocking
            36.250 0 0 Block Sleep
            60.100 1 1 Run
            60.100 1 1 GilAcquire
            60.100 1 1 Begin
            60.150 1 1 End
            60.150 1 1 GilRelease
          1036.250 - 0 Wake -
          1086.250 0 0 Run
          1086.250 0 0 GilAcquire
          1086.250 0 0 End
          1086.250 0 0 Finish Finished
        ",
    );
}

#[test]
fn native_work_runs_beside() {
    check(
        Rules::default(),
        &[
            "start 1; run 1000; native 10ms; run 1",
            "run 100; native 3ms; run 100",
        ],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             5.050 1 1 Run
             5.050 1 1 GilWait 0
            50.100 0 0 GilRelease blocking
           100.100 1 1 Run
           100.100 1 1 GilAcquire
           100.100 1 1 Begin
           105.150 1 1 GilRelease blocking
          3105.150 1 1 GilAcquire
          3110.150 1 1 End
          3110.150 1 1 GilRelease
         10050.100 0 0 GilAcquire
         10050.150 0 0 End
         10050.150 0 0 Finish Finished
        ",
    );
}

#[test]
fn on_one_core_the_request_needs_no_core() {
    let rules = Rules {
        cores: 1,
        ..Rules::default()
    };
    check(
        rules,
        &["start 1; sleep 1ms; run 1; sleep 30ms", "run 400000"],
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.100 0 0 GilRelease blocking
             0.100 0 0 Block Sleep
             5.100 0 1 Run
             5.100 0 1 GilAcquire
             5.100 0 1 Begin
          1000.100 - 0 Wake -
         10005.100 0 1 Preempt
         10010.100 0 0 Run
         10010.100 0 0 GilWait 1
         10015.100 0 1 Run
         15060.100 - 0 GilRequest 1
         15060.150 0 1 GilRelease requested
         15060.150 0 1 GilWait -
         15115.150 0 0 Run
         15115.150 0 0 GilAcquire
         15115.250 0 0 GilRelease blocking
         15115.250 0 0 Block Sleep
         15170.150 0 1 Run
         15170.150 0 1 GilAcquire
         20125.100 0 1 End
         20125.100 0 1 GilRelease
         45115.250 - 0 Wake -
         45170.250 0 0 Run
         45170.250 0 0 GilAcquire
         45170.250 0 0 End
         45170.250 0 0 Finish Finished
        ",
    );
}

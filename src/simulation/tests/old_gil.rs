//! The GIL before CPython 3.2.

use super::*;

fn ticks(cores: u8) -> Rules {
    Rules {
        check_interval: Some(100),
        cores,
        ..Rules::default()
    }
}

#[test]
fn on_one_core_a_thread_that_wakes_up_goes_on_after_a_hundred_ticks() {
    check_fair(
        ticks(1),
        &["start 1; sleep 2ms; run 1", "run 60000"],
        "
     0.000 0 0 Run
     0.000 0 0 GilAcquire
     0.000 0 0 Begin
     0.100 0 0 GilRelease blocking
     0.100 0 0 Block Sleep
     5.100 0 1 Run
     5.100 0 1 GilAcquire
     5.100 0 1 Begin
  2000.100 - 0 Wake -
  2050.100 0 1 Preempt
  2055.100 0 0 Run
  2055.100 0 0 GilWait 1
  2060.100 0 1 Run
  2065.000 0 1 GilRelease ticks
  2065.000 0 1 Preempt
  2070.000 0 0 Run
  2070.000 0 0 GilAcquire
  2070.050 0 0 End
  2070.050 0 0 Finish Finished
        ",
    );
}

#[test]
fn on_two_cores_threads_are_woken_in_vain() {
    check(
        ticks(2),
        &["start 1; run 600", "run 300"],
        "
     0.000 0 0 Run
     0.000 0 0 GilAcquire
     0.000 0 0 Begin
     5.050 1 1 Run
     5.050 1 1 GilWait 0
    10.000 0 0 GilRelease ticks
    12.000 0 0 GilAcquire
    14.000 1 1 Run
    14.000 1 1 GilWait 0
    17.000 0 0 GilRelease ticks
    19.000 0 0 GilAcquire
    21.000 1 1 Run
    21.000 1 1 GilWait 0
    24.000 0 0 GilRelease ticks
    24.000 1 1 Run
    24.000 1 1 GilAcquire
    24.000 1 1 Begin
    26.000 0 0 GilWait 1
    29.000 1 1 GilRelease ticks
    31.000 1 1 GilAcquire
    33.000 0 0 Run
    33.000 0 0 GilWait 1
    36.000 1 1 GilRelease ticks
    36.000 0 0 Run
    36.000 0 0 GilAcquire
    38.000 1 1 GilWait 0
    41.000 0 0 GilRelease ticks
    43.000 0 0 GilAcquire
    45.000 1 1 Run
    45.000 1 1 GilWait 0
    48.000 0 0 GilRelease ticks
    50.000 0 0 GilAcquire
    50.050 0 0 End
    50.050 0 0 Finish Finished
        ",
    );
}

#[test]
fn work_that_is_not_modelled_has_ticks_too() {
    check(
        ticks(2),
        &["start 1; sleep 1ms; run 1", "compute 5ms"],
        "
     0.000 0 0 Run
     0.000 0 0 GilAcquire
     0.000 0 0 Begin
     0.100 0 0 GilRelease blocking
     0.100 0 0 Block Sleep
     5.050 1 1 Run
     5.050 1 1 GilAcquire
     5.050 1 1 Begin
  1000.100 - 0 Wake -
  1050.100 0 0 Run
  1050.100 0 0 GilWait 1
  1071.100 1 1 GilRelease ticks
  1071.100 1 1 GilWait -
  1071.100 0 0 Run
  1071.100 0 0 GilAcquire
  1071.150 0 0 End
  1071.150 0 0 Finish Finished
        ",
    );
}

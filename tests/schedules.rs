//! Real programs under random schedules: what a run reports as its schedule gives the same trace, to the byte.

use interleave::run::{Run, run, run_with};
use interleave::schedulers::{Decider, first::First, random::Random};
use interleave::settings::{Runtime, Settings};
use interleave::source::Source;

const BANK: &str = "
import threading
import time

counter = 0
lock = threading.Lock()

def save(value):
    global counter
    counter = value

def deposit(times):
    for _ in range(times):
        value = counter
        save(value + 1)
        with lock:
            save(counter + 1)
        time.sleep(0.00001)
    print(times)

threads = [threading.Thread(target=deposit, args=(n,)) for n in (3, 4, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter)
";

fn settings(runtime: Runtime, cores: u32) -> Settings {
    Settings {
        runtime: Some(runtime),
        cores,
        switch_interval_ns: 100_000,
        quantum_ns: 200_000,
        ..Settings::default()
    }
}

fn bank(settings: &Settings, decider: Option<Box<dyn Decider>>) -> Run {
    let source = Source::new("bank.py", BANK);
    let result = match decider {
        Some(decider) => run_with(&source, "", settings, decider),
        None => run(&source, "", settings),
    };
    result.unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn random_runs_replay_to_the_byte() {
    for runtime in [Runtime::Threads, Runtime::FreeThreaded] {
        for seed in 0..12 {
            let mut settings = settings(runtime, 1 + seed as u32 % 3);
            let random = bank(&settings, Some(Box::new(Random::new(seed, 60))));
            let trace = &random.trace;
            settings.schedule = trace.string(trace.run().schedule).to_owned();
            assert!(settings.schedule.contains('>'));
            let again = bank(&settings, None);
            assert_eq!(again.unfit, 0);
            for step in 1..=trace.len().min(again.trace.len()) {
                let (a, b) = (trace.event(step), again.trace.event(step));
                assert_eq!(a, b, "step {step} of {}", settings.schedule);
            }
            assert!(
                again.trace.as_bytes() == trace.as_bytes(),
                "{} {}",
                settings.schedule,
                again.trace.string(again.trace.run().schedule)
            );
        }
    }
}

#[test]
fn time_goes_forward() {
    for runtime in [Runtime::Threads, Runtime::FreeThreaded] {
        for cores in 1..4 {
            let trace = bank(&settings(runtime, cores), Some(Box::new(First))).trace;
            let times: Vec<u64> = (1..=trace.len())
                .map(|step| trace.event(step).time)
                .collect();
            assert!(times.is_sorted(), "{runtime:?} on {cores}");
        }
    }
}

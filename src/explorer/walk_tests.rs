//! Walks agree with the exploration that they stand on, and come back from their schedules.

use super::tests::{APART, SMALL, counter, settings};
use super::walk::{Deed, Walk};
use super::{Count, Explored, Options};
use crate::run::Ready;
use crate::scenario;
use crate::schedulers::random::Chance;
use crate::settings::{Runtime, Settings};
use crate::source::Source;

fn explored(text: &str, settings: &Settings) -> Explored {
    let source = Source::new("program.py", text);
    let ready = Ready::new(&source, settings).expect("it runs");
    Explored::new(ready, &Options::default(), &mut |_| {})
}

fn scenario(id: &str, runtime: Runtime) -> Explored {
    let scenario = scenario::find(id).expect("a scenario");
    let header = scenario.header(Settings::default());
    let settings = Settings {
        runtime: Some(runtime),
        ..header.settings
    };
    explored(scenario.text, &settings)
}

fn sum(counts: &[Count]) -> Count {
    let mut all = Count::ZERO;
    counts.iter().for_each(|count| all.add(count));
    all
}

/// Goes to the end at random, and looks back at each choice.
#[track_caller]
fn check(explored: &Explored, seed: u64) {
    let mut chances = Chance::new(seed);
    let mut walk = explored.walk(&[]);
    let all = explored.reach(&walk).expect("counted");
    assert_eq!(Some(sum(&all)), explored.report.interleavings);
    loop {
        let run = explored.run(&walk);
        let schedule = run.string(run.run().schedule);
        let found = explored.find(schedule);
        let found = found.unwrap_or_else(|| panic!("{schedule} of {:?}", walk.picks));
        assert_eq!(found.picks, walk.picks, "{schedule}");
        assert_eq!(
            explored.steps(&found),
            explored.steps(&walk),
            "what led there is what it was"
        );
        assert!(explored.steps(&walk).is_sorted());
        assert!(explored.steps(&walk).iter().all(|&step| step <= run.len()));
        if walk.turns.is_empty() {
            let outcomes = explored.report.outcomes.iter();
            let ends = outcomes.filter(|it| it.stdout.as_bytes() == run.stdout());
            assert_eq!(ends.filter(|it| it.outcome == run.run().outcome).count(), 1);
            break;
        }
        let here = sum(&explored.reach(&walk).expect("counted"));
        let mut there = Count::ZERO;
        for turn in &walk.turns {
            let mut next = walk.clone();
            explored.step(&mut next, turn.thread);
            let steps = explored.steps(&next);
            assert_eq!(
                steps.last(),
                Some(&run.len()),
                "the choice is at the last step"
            );
            there.add(&sum(&explored.reach(&next).expect("counted")));
        }
        assert_eq!(here, there, "each order goes one way");
        let turn = chances.below(walk.turns.len() as u64) as usize;
        let thread = walk.turns[turn].thread;
        explored.step(&mut walk, thread);
    }
}

#[test]
fn walks_agree_with_the_exploration() {
    for (id, runtime) in [
        ("lost_deposit", Runtime::Threads),
        ("lost_deposit", Runtime::FreeThreaded),
        ("lost_deposit_lock", Runtime::Threads),
        ("two_locks", Runtime::Threads),
        ("check_then_act", Runtime::Threads),
    ] {
        let explored = scenario(id, runtime);
        for seed in 0..4 {
            check(&explored, seed);
        }
    }
    check(&explored(&counter(3, 2), &settings("threads", "3.12")), 1);
}

#[test]
fn walks_through_processes_agree_with_the_exploration() {
    for (_, python, text) in APART {
        let explored = explored(text, &settings("threads", python));
        for seed in 0..3 {
            check(&explored, seed);
        }
    }
}

/// Threads that an event loop waits for.
const TO_THREAD: &str = "import asyncio
n = 0
def more(x):
    return x + 1
def add():
    global n
    n = more(n)
async def main():
    await asyncio.gather(asyncio.to_thread(add), asyncio.to_thread(add))
    print(n)
asyncio.run(main())
";

#[test]
fn an_event_loop_leaves_choices_to_its_threads() {
    let explored = explored(TO_THREAD, &settings("asyncio", "3.12"));
    let ends: Vec<&str> = (explored.report.outcomes.iter())
        .map(|it| it.stdout.as_str())
        .collect();
    assert!(ends.contains(&"1\n") && ends.contains(&"2\n"), "{ends:?}");
    check(&explored, 1);
    check(&explored, 2);
}

#[test]
fn the_runs_of_outcomes_are_walks() {
    for id in [
        "lost_deposit",
        "two_locks",
        "check_then_act",
        "two_processes_one_file",
        "two_processes_one_file_lock",
    ] {
        let explored = scenario(id, Runtime::Threads);
        for outcome in &explored.report.outcomes {
            let walk = explored.find(&outcome.schedule);
            let walk = walk.unwrap_or_else(|| panic!("{id}: {}", outcome.schedule));
            assert!(walk.turns.is_empty());
            assert_eq!(explored.run(&walk).stdout(), outcome.stdout.as_bytes());
        }
    }
}

#[test]
fn a_choice_is_undone_and_changed() {
    let explored = scenario("lost_deposit", Runtime::Threads);
    let mut walk = explored.walk(&[]);
    assert_eq!(walk.turns.len(), 2);
    assert_eq!(walk.turns[0].deed, Deed::Reads("counter".to_owned()));
    assert_eq!(Explored::undo(&walk), None);
    let thread = walk.turns[1].thread;
    explored.step(&mut walk, thread);
    assert_eq!(Explored::undo(&walk), Some(&[][..]));
    explored.to_end(&mut walk);
    let stdout = |walk: &Walk| String::from_utf8_lossy(explored.run(walk).stdout()).into_owned();
    assert_eq!(stdout(&walk), "4\n", "one after the other");
    let fork = explored.fork(&walk, 1, walk.past[1].0[0].thread);
    assert_ne!(fork.picks, walk.picks);
    assert_ne!(stdout(&fork), "4\n", "a read comes too early");
}

/// The small programs of asyncio, whose choices are timers.
fn of_asyncio() -> impl Iterator<Item = (&'static str, Explored)> {
    let of = SMALL.iter().filter(|(_, version, _)| *version == "asyncio");
    of.map(|(name, _, text)| (*name, explored(text, &settings("asyncio", "3.12"))))
}

#[test]
fn walks_through_event_loops_agree_with_the_exploration() {
    let mut programs = 0;
    for (_, explored) in of_asyncio() {
        for seed in 0..6 {
            check(&explored, seed);
        }
        programs += 1;
    }
    assert!(programs >= 3);
    for id in [
        "two_locks_asyncio",
        "one_connection",
        "one_connection_lock",
        "accept_then_cancel",
        "read_await_write",
    ] {
        check(&scenario(id, Runtime::Asyncio), 1);
    }
}

/// Turns in which nothing of the program is executed.
const NOTHING_OF_THE_PROGRAM: &[&str] = &[
    "import asyncio
async def main():
    loop = asyncio.get_running_loop()
    for name in 'ab':
        loop.call_later(0.1, print, name)
    await asyncio.sleep(1)
asyncio.run(main())
",
    "import asyncio
async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.1, print, 'a')
    loop.call_later(0.1, print, 'b')
    loop.call_later(0.1, print, 'c')
    loop.call_soon(print, 'd')
    await asyncio.sleep(0.1)
    print('e')
asyncio.run(main())
",
    "import asyncio, threading
def work(loop):
    loop.call_soon_threadsafe(print, 'a')
    print('b')
async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.1, print, 'c')
    loop.call_later(0.1, print, 'd')
    await asyncio.gather(*[asyncio.to_thread(work, loop) for _ in range(2)])
    await asyncio.sleep(0.2)
asyncio.run(main())
",
    "import asyncio
seen = []
async def main():
    loop = asyncio.get_running_loop()
    for number in range(2):
        loop.call_later(0.1, seen.append, number)
        loop.call_later(0.1, print, number)
    await asyncio.sleep(0.1)
    print(seen)
asyncio.run(main())
",
    "import asyncio
async def main():
    await asyncio.gather(asyncio.sleep(0.1), asyncio.sleep(0.1), asyncio.sleep(0.1))
    print('done')
asyncio.run(main())
",
    "import asyncio
async def main():
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, event.set)
    tasks = [asyncio.create_task(asyncio.wait_for(event.wait(), 0.1)) for _ in range(2)]
    done, pending = await asyncio.wait(tasks)
    print(sum(it.exception() is not None for it in done))
asyncio.run(main())
",
];

#[test]
fn stops_before_turns_that_execute_nothing_are_told_apart() {
    for text in NOTHING_OF_THE_PROGRAM {
        let explored = explored(text, &settings("asyncio", "3.12"));
        assert!(explored.report.complete, "{text}");
        for seed in 0..4 {
            check(&explored, seed);
        }
    }
}

#[test]
fn timers_are_taken_in_any_order_and_number() {
    for (name, explored) in of_asyncio() {
        let mut walk = explored.walk(&[]);
        explored.to_choice(&mut walk);
        let deeds: Vec<&Deed> = walk.turns.iter().map(|it| &it.deed).collect();
        assert!(
            deeds.contains(&&Deed::Timer(1)) && deeds.contains(&&Deed::Timer(2)),
            "{name}: {deeds:?}"
        );
        // Each outcome is one of a walk, and can be reached from the first choice.
        for outcome in &explored.report.outcomes {
            let walk = explored.find(&outcome.schedule);
            let walk = walk.unwrap_or_else(|| panic!("{name}: {}", outcome.schedule));
            assert!(walk.turns.is_empty());
            assert_eq!(explored.run(&walk).stdout(), outcome.stdout.as_bytes());
        }
        let reach = explored.reach(&walk).expect("counted");
        assert!(reach.iter().all(|count| *count != Count::ZERO), "{name}");
    }
}

#[test]
fn a_timer_that_comes_first_changes_the_end() {
    for (name, explored) in of_asyncio() {
        let mut walk = explored.walk(&[]);
        explored.to_end(&mut walk);
        let own = explored.run(&walk).stdout().to_vec();
        let mut ends = vec![own];
        for at in 0..walk.picks.len() {
            for turn in &walk.past[at].0 {
                let fork = explored.fork(&walk, at, turn.thread);
                assert!(fork.turns.is_empty());
                assert_eq!(
                    fork.picks[..at],
                    walk.picks[..at],
                    "{name}: only from there on"
                );
                assert_eq!(fork.picks[at], turn.thread, "{name}");
                let run = explored.run(&fork);
                let schedule = run.string(run.run().schedule);
                let found = explored.find(schedule);
                let found = found.unwrap_or_else(|| panic!("{schedule} of {:?}", walk.picks));
                assert_eq!(found.picks, fork.picks, "{name}: {schedule}");
                ends.push(run.stdout().to_vec());
            }
        }
        ends.sort_unstable();
        ends.dedup();
        // The result comes before the time is over only if the loop takes the first timer alone: that is one choice more.
        let least = if name == "timeout" { 1 } else { 2 };
        assert!(ends.len() >= least, "{name}: {ends:?}");
    }
}

/// Of these none is found: waits whose parts have no events, and signals, which are not explored.
const LIKE_NONE: [(&str, &str); 4] = [
    ("barrier", "threads"),
    ("accept_then_stop", "threads"),
    ("accept_then_stop", "free-threaded"),
    ("graceful_shutdown", "asyncio"),
];

#[test]
fn runs_with_a_clock_are_walks_as_well() {
    for found in scenario::all() {
        for &runtime in found.entry.runtimes {
            let id = found.entry.id;
            let header = found.header(Settings::default());
            let settings = Settings {
                runtime: Some(runtime),
                ..header.settings
            };
            let source = Source::new("program.py", found.text);
            let run = crate::run::run(&source, "", &settings)
                .expect("it runs")
                .trace;
            let explored = explored(found.text, &settings);
            let like = explored.like(&run);
            let runtime = runtime.id();
            assert_eq!(
                like.is_none(),
                LIKE_NONE.contains(&(id, runtime)),
                "{id}, {runtime}"
            );
            let Some((walk, steps)) = like else {
                continue;
            };
            assert!(walk.turns.is_empty() && steps.len() == walk.picks.len());
            assert!(steps.is_sorted() && steps.iter().all(|&step| step < run.len()));
            let same = explored.run(&walk);
            if !found.text.contains("time.monotonic") {
                assert_eq!(same.stdout(), run.stdout(), "{id}, {runtime}");
            }
            assert_eq!(same.run().outcome, run.run().outcome, "{id}, {runtime}");
        }
    }
}

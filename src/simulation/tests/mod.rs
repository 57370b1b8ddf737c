mod gil;
mod old_gil;
mod replay;
mod script;
mod timing;

use super::*;
use crate::schedulers::{
    Schedule, fair, first::First, random::Random, replay::Replay, round_robin,
};
use script::Script;

const QUANTUM: u64 = 10_000_000;

fn simulation(rules: Rules, decider: Box<dyn Decider>, threads: &[&str]) -> Simulation<Script> {
    let policy = (round_robin::DEFINITION.new)(QUANTUM);
    Simulation::new(Script::new(threads), rules, policy, decider)
}

fn log(rules: Rules, threads: &[&str]) -> String {
    let mut simulation = simulation(rules, Box::new(First), threads);
    simulation.run();
    simulation.engine.log
}

/// As [`check`], on an operating system that shares its cores out fairly.
#[track_caller]
fn check_fair(rules: Rules, threads: &[&str], expect: &str) {
    let policy = (fair::DEFINITION.new)(QUANTUM);
    let mut simulation = Simulation::new(Script::new(threads), rules, policy, Box::new(First));
    simulation.run();
    same(&simulation.engine.log, expect);
}

/// Compares a run's events with those expected: microseconds, core, thread, what. With `UPDATE=1` the run's are printed.
#[track_caller]
fn check(rules: Rules, threads: &[&str], expect: &str) {
    same(&log(rules, threads), expect);
}

#[track_caller]
fn same(log: &str, expect: &str) {
    let normal = |text: &str| {
        let lines = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    };
    if normal(log) != normal(expect) {
        panic!("the events are\n{log}");
    }
}

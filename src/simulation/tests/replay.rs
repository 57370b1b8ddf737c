//! Schedules: switching where the rules would not, and doing it again.

use super::*;

fn follow(rules: Rules, schedule: &str, threads: &[&str]) -> Simulation<Script> {
    let decider = Box::new(Replay::new(Schedule::parse(schedule).unwrap()));
    let mut run = simulation(rules, decider, threads);
    run.engine.shows_instructions = true;
    run.run();
    run
}

#[test]
fn the_schedule_switches() {
    let run = follow(
        Rules::default(),
        "1:1004>1",
        &["start 1; run 1000; call 5; run 3; sleep 1ms", "run 3"],
    );
    let log: Vec<&str> = run.engine.log.lines().skip(1000).collect();
    same(
        &log.join("\n"),
        "
            49.800 0 0 instruction
            49.850 0 0 instruction
            49.900 0 0 instruction
            49.950 0 0 instruction
            50.000 0 0 instruction
            50.050 0 0 instruction
            50.100 0 0 instruction
            50.150 0 0 instruction
            50.200 0 0 instruction
            50.250 0 0 instruction
            50.300 0 0 GilRelease requested
            50.300 0 0 GilWait -
           100.300 1 1 Run
           100.300 1 1 GilAcquire
           100.300 1 1 Begin
           100.300 1 1 instruction
           100.350 1 1 instruction
           100.400 1 1 instruction
           100.450 1 1 End
           100.450 1 1 GilRelease
           150.300 0 0 Run
           150.300 0 0 GilAcquire
           150.300 0 0 instruction
           150.350 0 0 instruction
           150.400 0 0 instruction
           150.500 0 0 GilRelease blocking
           150.500 0 0 Block Sleep
          1150.500 - 0 Wake -
          1200.500 0 0 Run
          1200.500 0 0 GilAcquire
          1200.500 0 0 End
          1200.500 0 0 Finish Finished
        ",
    );
    assert_eq!(run.schedule().to_string(), "1:1006>1");
}

#[test]
fn the_schedule_lets_one_thread_run_alone() {
    let rules = Rules {
        gil: false,
        ..Rules::default()
    };
    let run = follow(
        rules,
        "1:106>1",
        &["start 1; run 110; sleep 1ms", "run 3; sleep 1us; run 1"],
    );
    let log: Vec<&str> = run.engine.log.lines().skip(100).collect();
    same(
        &log.join("\n"),
        "
             4.950 0 0 instruction
             5.000 0 0 instruction
             5.050 1 1 Run
             5.050 1 1 Begin
             5.050 1 1 instruction
             5.050 0 0 instruction
             5.100 1 1 instruction
             5.100 0 0 instruction
             5.150 1 1 instruction
             5.250 1 1 Block Sleep
             5.250 0 0 instruction
             5.300 0 0 instruction
             5.350 0 0 instruction
             5.400 0 0 instruction
             5.450 0 0 instruction
             5.500 0 0 instruction
             5.550 0 0 instruction
             5.600 0 0 instruction
             5.700 0 0 Block Sleep
             6.250 - 1 Wake -
            56.250 1 1 Run
            56.250 1 1 instruction
            56.300 1 1 End
          1005.700 - 0 Wake -
          1055.700 0 0 Run
          1055.700 0 0 End
          1055.700 0 0 Finish Finished
        ",
    );
}

#[test]
fn the_schedule_chooses() {
    let threads = [
        "start 1; start 2; run 10; sleep 1ms; run 1",
        "run 1",
        "run 1",
    ];
    let run = follow(
        Rules {
            cores: 1,
            ..Rules::default()
        },
        "1:c0=2",
        &threads,
    );
    same(
        &run.engine.log,
        "
             0.000 0 0 Run
             0.000 0 0 GilAcquire
             0.000 0 0 Begin
             0.100 0 0 instruction
             0.150 0 0 instruction
             0.200 0 0 instruction
             0.250 0 0 instruction
             0.300 0 0 instruction
             0.350 0 0 instruction
             0.400 0 0 instruction
             0.450 0 0 instruction
             0.500 0 0 instruction
             0.550 0 0 instruction
             0.650 0 0 GilRelease blocking
             0.650 0 0 Block Sleep
             5.650 0 2 Run
             5.650 0 2 GilAcquire
             5.650 0 2 Begin
             5.650 0 2 instruction
             5.700 0 2 End
             5.700 0 2 GilRelease
            10.700 0 1 Run
            10.700 0 1 GilAcquire
            10.700 0 1 Begin
            10.700 0 1 instruction
            10.750 0 1 End
            10.750 0 1 GilRelease
          1000.650 - 0 Wake -
          1055.650 0 0 Run
          1055.650 0 0 GilAcquire
          1055.650 0 0 instruction
          1055.700 0 0 End
          1055.700 0 0 Finish Finished
        ",
    );
    assert_eq!(run.schedule().to_string(), "1:c0=2");
    assert_eq!(follow(Rules::default(), "1:5>7,c0=9", &threads).unfit(), 1);
}

#[test]
fn every_run_can_be_replayed() {
    let threads = [
        "start 1; start 2; start 3; loop 30 {; take a; run 9; free a; call 5; print; }; sleep 1s",
        "loop 20 {; run 40; take a; sleep 20us; free a; native 30us; }",
        "loop 20 {; take b; call 7; take a; run 3; free a; free b; compute 50us; }",
        "loop 20 {; take b; run 7; free b; run 50; }",
    ];
    for seed in 0..24 {
        let rules = Rules {
            gil: seed % 2 == 0,
            cores: 1 + (seed % 3) as u8,
            switch_interval: 100_000,
            cost_switch: seed % 4 * 1_000,
            cost_instruction: seed % 5 * 20,
            ..Rules::default()
        };
        let mut run = simulation(rules, Box::new(Random::new(seed, 20)), &threads);
        run.engine.shows_instructions = true;
        run.run();
        assert!(!run.schedule().is_default());
        sound(&run.engine.log, rules.gil);
        let again = follow(rules, &run.schedule().to_string(), &threads);
        assert_eq!(again.engine.log, run.engine.log);
        assert_eq!(again.schedule(), run.schedule());
        assert_eq!(again.unfit(), 0);
    }
}

#[test]
fn a_copy_goes_on_as_the_original() {
    let rules = Rules {
        switch_interval: 100_000,
        ..Rules::default()
    };
    let mut run = simulation(
        rules,
        Box::new(Random::new(1, 50)),
        &[
            "start 1; run 9000; print; run 9000",
            "loop 9 {; run 900; print; }",
        ],
    );
    (0..40).for_each(|_| run.step());
    let mut copy = run.clone();
    run.run();
    copy.run();
    assert_eq!(copy.engine.log, run.engine.log);
}

/// Time goes forward, a core has one thread, and the GIL one holder, who alone executes.
#[track_caller]
fn sound(log: &str, gil: bool) {
    let mut last = 0;
    let mut cores = [None; 64];
    let mut holder = None;
    for line in log.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let time = words[0].replace('.', "").parse::<u64>().unwrap();
        assert!(time >= last, "time goes back: {line}\n{log}");
        last = time;
        let thread = words[2];
        if let Ok(core) = words[1].parse::<usize>() {
            if words[3] == "Run" {
                cores[core] = Some(thread);
            }
            assert_eq!(cores[core], Some(thread), "{line}\n{log}");
        }
        match words[3] {
            "GilAcquire" => assert_eq!(holder.replace(thread), None, "{line}\n{log}"),
            "GilRelease" => assert_eq!(holder.take(), Some(thread), "{line}\n{log}"),
            "instruction" if gil => assert_eq!(holder, Some(thread), "{line}\n{log}"),
            _ => {}
        }
    }
}

//! Runs a program: checks and compiles it, sets the machine up, simulates, and finishes the trace.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::bytecode::compile::{Options, compile};
use crate::bytecode::marks;
use crate::bytecode::preemption::{self, PreemptionRules};
use crate::bytecode::{Code, Constant, Instruction};
use crate::library;
use crate::machine::setup::Setup;
use crate::machine::signals::SIGNALS;
use crate::machine::{self, Machine};
use crate::schedulers::first::First;
use crate::schedulers::replay::Replay;
use crate::schedulers::{Decider, Schedule, policy};
use crate::settings::{Runtime, Settings, value};
use crate::simulation::turns::{Sleeps, Turns};
use crate::simulation::{End, Rules, Simulation};
use crate::source::{Diagnostic, Source, Span};
use crate::syntax::{self, check};
use crate::trace::{Mark, MarkKind, Outcome, Recorder, Summary, Trace};

/// A system call that does not block costs as much as so many instructions: 2 µs at the default, nothing when instructions
/// cost nothing.
const CALL_INSTRUCTIONS: u64 = 40;

/// `sys.getcheckinterval()`, before CPython 3.2.
const CHECK_INTERVAL: u64 = 100;

/// `sys.getrecursionlimit()`.
const RECURSION: usize = 1_000;

/// How many instructions a run that stops at a choice is followed, for what it will turn out to share.
pub const AHEAD: u64 = 200_000;

/// A finished run.
pub struct Run {
    pub trace: Trace,
    /// How many entries of the schedule could not be followed: the program or the settings are not those it was made for.
    pub unfit: u32,
}

/// Runs a program to its end, or says why it cannot run.
pub fn run(source: &Source, title: &str, settings: &Settings) -> Result<Run, Vec<Diagnostic>> {
    let schedule = match settings.schedule.trim() {
        "" => return run_with(source, title, settings, Box::new(First)),
        text => Schedule::parse(text).map_err(wrong)?,
    };
    match schedule.turns() {
        Some(turns) => Ok(Ready::new(source, settings)?.replay(title, turns, schedule.stop())),
        None => run_with(source, title, settings, Box::new(Replay::new(schedule))),
    }
}

fn wrong(message: String) -> Vec<Diagnostic> {
    vec![Diagnostic::error(Span::default(), message)]
}

/// As [`run`], but `decider` decides, and not the settings' schedule.
pub fn run_with(
    source: &Source,
    title: &str,
    settings: &Settings,
    decider: Box<dyn Decider>,
) -> Result<Run, Vec<Diagnostic>> {
    let ready = Ready::new(source, settings)?;
    let simulation = ready.simulate(decider);
    Ok(ready.finish_simulation(title, simulation))
}

/// The signals of a setting, each with the time at which it arrives.
fn signals(text: &str) -> Result<Vec<(u64, u8)>, Vec<Diagnostic>> {
    let each = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    each.map(|part| {
        let (name, at) = part.split_once(' ').unwrap_or((part, ""));
        let known = SIGNALS.iter().find(|(known, _)| *known == name);
        match (known, value::duration(at, value::SECOND)) {
            (Some((_, number)), Ok(at)) => Ok((at, *number)),
            (None, _) => Err(wrong(format!("there is no signal \"{name}\""))),
            (_, Err(message)) => Err(wrong(format!("when does {name} arrive? {message}"))),
        }
    })
    .collect()
}

/// A program that is about to run: checked, compiled, its machine set up.
#[derive(Clone)]
pub struct Ready {
    source: Source,
    settings: Settings,
    pub runtime: Runtime,
    code: Rc<Code>,
    machine: Machine,
    rules: Rules,
    /// The signals that are to arrive, and when.
    signals: Vec<(u64, u8)>,
}

impl Ready {
    /// Checks and compiles a program, or says why it cannot run.
    pub fn new(source: &Source, settings: &Settings) -> Result<Ready, Vec<Diagnostic>> {
        let version = preemption::Version::from_id(settings.python.id())
            .unwrap_or(preemption::Version::V3_12);
        let mut setup = Setup {
            file: source.name().to_owned(),
            source: source.text().to_owned(),
            version,
            rules: PreemptionRules::of(version),
            limits: machine::Limits {
                heap: settings.limits.heap_bytes as usize,
                output: settings.limits.output_bytes as usize,
                tasks: settings.limits.tasks as usize,
                recursion: RECURSION,
                instructions: settings.limits.instructions,
            },
            cores: settings.cores,
            recorder: Recorder::new(),
        };
        let known = known(source, &setup);
        let checked = check(source, &known)?;
        let code = compile(&checked, &Options { user: true }).map_err(|problem| vec![problem])?;
        let imports = imports(&code);
        let modules = || imports.iter().map(String::as_str);
        let runtime = settings
            .runtime
            .unwrap_or_else(|| Runtime::from_imports(modules()));
        if let Some(misfit) = settings.misfit(runtime) {
            return Err(wrong(misfit));
        }
        if let Some(misfit) = runtime.misfit(modules()) {
            return Err(wrong(misfit.to_owned()));
        }
        if !runtime.has_gil() {
            setup.rules = PreemptionRules::free_threaded();
        }
        let rules = Rules {
            gil: runtime.has_gil(),
            cores: settings.cores as u8,
            switch_interval: settings.switch_interval_ns,
            cost_instruction: settings.cost_instruction_ns,
            cost_switch: settings.cost_switch_ns,
            cost_call: settings.cost_instruction_ns * CALL_INSTRUCTIONS,
            wake_latency: settings.wake_latency_ns,
            network_latency: settings.network_latency_ns,
            network_buffer: settings.network_buffer as usize,
            check_interval: (!settings.python.at_least(3, 2)).then_some(CHECK_INTERVAL),
            seed: settings.seed,
            limit_instructions: settings.limits.instructions,
            limit_time: settings.limits.time_ns,
        };
        let mut machine = Machine::new(setup, &code);
        machine.switch_interval = settings.switch_interval_ns;
        machine.seed = settings.seed;
        Ok(Ready {
            source: source.clone(),
            settings: settings.clone(),
            runtime,
            machine,
            code,
            rules,
            signals: signals(&settings.signals)?,
        })
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Runs the program to its end, everything recorded; the trace is still to be made of that.
    pub fn simulate(&self, decider: Box<dyn Decider>) -> Simulation<Machine> {
        let policy = policy(self.settings.policy).expect("settings name a known policy");
        let policy = (policy.new)(self.settings.quantum_ns);
        let mut simulation = Simulation::new(self.machine.clone(), self.rules, policy, decider);
        simulation.plan_signals(&self.signals);
        simulation.run();
        simulation
    }

    /// Makes the trace of a run that [`Ready::simulate`] did.
    pub fn finish_simulation(&self, title: &str, simulation: Simulation<Machine>) -> Run {
        let end = simulation.end().cloned().expect("it ran to its end");
        let (unfit, time) = (simulation.unfit(), simulation.time());
        let schedule = simulation.schedule();
        self.finish(title, simulation.engine, end, time, schedule, unfit, &[])
    }

    /// The program as a run in turns, up to the start of its first thread.
    pub fn begun(&self, sleeps: Sleeps) -> Turns<Machine> {
        let mut machine = self.machine.clone();
        machine.turns = true;
        let mut turns = Turns::new(machine, self.rules, sleeps);
        turns.until_start = true;
        turns.turn(0, None);
        turns.until_start = false;
        turns
    }

    /// Runs it in the turns that a schedule says, and to where it stops.
    pub fn replay(&self, title: &str, script: &[(u64, u32)], stop: Option<u64>) -> Run {
        let begun = self.begun(Sleeps::Ordered);
        self.replay_from(begun, title, script, stop)
    }

    /// As [`Ready::replay`], from where [`Ready::begun`] stopped. The run's schedule is without entries that only say what
    /// would happen anyway.
    pub fn replay_from(
        &self,
        mut turns: Turns<Machine>,
        title: &str,
        script: &[(u64, u32)],
        stop: Option<u64>,
    ) -> Run {
        turns.sleeps = Sleeps::Ordered;
        let mut needed = Vec::new();
        let unfit = turns.replay(script, stop, &mut needed, &mut Vec::new());
        let end = turns.end().cloned().expect("a replay goes to the end");
        let time = turns.time();
        let schedule = Schedule::of_turns(needed).until(stop);
        // What is shared is known from what follows.
        let mut shared = Vec::new();
        if stop.is_some() {
            let mut rest = turns.clone();
            rest.go_on(AHEAD);
            shared = rest.engine.recorder.shared();
        }
        self.finish(title, turns.engine, end, time, schedule, unfit, &shared)
    }

    #[allow(clippy::too_many_arguments)]
    fn finish(
        &self,
        title: &str,
        mut machine: Machine,
        end: End,
        time: u64,
        schedule: Schedule,
        unfit: u32,
        shared: &[bool],
    ) -> Run {
        let (source, settings) = (&self.source, &self.settings);
        let preemption = self.machine.rules;
        let summary = Summary {
            source: source.text().to_owned(),
            file: source.name().to_owned(),
            title: title.to_owned(),
            runtime: self.runtime.id().to_owned(),
            python: settings.python.to_string(),
            schedule: schedule.to_string(),
            outcome: end.outcome,
            message: message(&end),
            gil: self.runtime.has_gil(),
            cores: settings.cores,
            seed: settings.seed,
            // Nobody waits for it where turns are taken, nor before there was one.
            switch_interval: match self.rules.check_interval {
                None if schedule.turns().is_none() => settings.switch_interval_ns,
                _ => 0,
            },
            quantum: settings.quantum_ns,
            cost_instruction: settings.cost_instruction_ns,
            cost_switch: settings.cost_switch_ns,
            time,
            instructions: machine.executed,
            marks: marks(&self.code, self.runtime, preemption),
        };
        let recorder = std::mem::replace(&mut machine.recorder, Recorder::off());
        Run {
            trace: recorder.finish_knowing(summary, shared),
            unfit,
        }
    }
}

/// What a person is told about the end.
fn message(end: &End) -> String {
    let mut text = String::new();
    if end.outcome == Outcome::Rejected && end.line != 0 {
        text = ["line ", &end.line.to_string(), ": "].concat();
    }
    text.push_str(&end.message);
    if !end.hint.is_empty() {
        text.push_str(" (");
        text.push_str(&end.hint);
        text.push(')');
    }
    text
}

/// What the program may import and use. The natives are those of a machine that runs nothing.
fn known(source: &Source, setup: &Setup) -> syntax::Known {
    let idle = Setup {
        file: String::new(),
        source: String::new(),
        recorder: Recorder::off(),
        ..*setup
    };
    let mut machine = Machine::new(idle, &Rc::new(Code::default()));
    for name in syntax::BUILTINS.split_whitespace() {
        machine.symbol(name);
    }
    library::known(source.text(), &machine.natives, |name| {
        let symbol = machine.program.names.find(name);
        symbol.is_some_and(|symbol| !machine.builtin(symbol).is_null())
    })
}

/// The modules that the program imports anywhere.
fn imports(code: &Code) -> Vec<String> {
    let mut modules = Vec::new();
    walk(code, &mut |code, at| {
        if let Instruction::ImportName(name) = code.instructions[at]
            && let Some(name) = code.names.get(name as usize)
        {
            modules.push(name.clone());
        }
    });
    modules
}

/// What is marked beside the program before anything runs: the lines with an await, and, where threads are switched, those
/// at which this version can switch them.
fn marks(code: &Code, runtime: Runtime, rules: PreemptionRules) -> Vec<Mark> {
    let awaits = marks::await_points(code).into_iter().map(|point| Mark {
        line: point.line,
        kind: MarkKind::Await,
    });
    let switches = match runtime {
        Runtime::Asyncio => BTreeSet::new(),
        Runtime::Threads | Runtime::FreeThreaded => marks::preemption_lines(code, rules),
    };
    let switches = switches.into_iter().map(|line| Mark {
        line,
        kind: MarkKind::Preempt,
    });
    let mut all: Vec<Mark> = awaits.chain(switches).collect();
    all.dedup();
    all
}

/// Visits every instruction of a code and of those inside it.
fn walk(code: &Code, visit: &mut dyn FnMut(&Code, usize)) {
    let mut codes = vec![code];
    while let Some(code) = codes.pop() {
        (0..code.instructions.len()).for_each(|at| visit(code, at));
        for constant in &code.constants {
            if let Constant::Code(inner) = constant {
                codes.push(inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::schedulers::POLICIES;
    use crate::settings::{self, Settings};
    use crate::source::Source;
    use crate::trace::{Event, FLAG_TICKS, Kind};

    #[test]
    fn only_runs_with_a_switch_interval_name_it() {
        for (python, schedule, expect) in
            [("3.12", "", 5_000_000), ("3.12", "2", 0), ("2.7", "", 0)]
        {
            let mut settings = Settings::default();
            settings.set("python", python).expect("a version");
            settings.set("runtime", "threads").expect("a runtime");
            settings.set("schedule", schedule).expect("a schedule");
            let run =
                super::run(&Source::new("program.py", "x = 1"), "", &settings).expect("it runs");
            assert_eq!(
                run.trace.run().switch_interval,
                expect,
                "{python} {schedule:?}"
            );
        }
    }

    /// Beside a thread that waits, the holder of the GIL before 3.2 lets go of it every `interval` ticks.
    #[test]
    fn a_shorter_check_interval_makes_more_checks() {
        let lets_go = |interval: u32| {
            let mut settings = Settings::default();
            settings.set("python", "2.7").expect("a version");
            let text = format!(
                "import sys, threading\nsys.setcheckinterval({interval})\nassert sys.getcheckinterval() == {interval}\n\
                 def work():\n    for i in range(2000): pass\n\
                 ts = [threading.Thread(target=work) for _ in range(2)]\n\
                 for t in ts: t.start()\nfor t in ts: t.join()\n"
            );
            let run = super::run(&Source::new("program.py", &text), "", &settings);
            let trace = run.expect("it runs").trace;
            let ticks = |e: &Event| e.kind == Kind::GilRelease && e.flags & FLAG_TICKS != 0;
            (1..=trace.len())
                .map(|step| trace.event(step))
                .filter(ticks)
                .count()
        };
        let (rare, often) = (lets_go(400), lets_go(100));
        assert!(rare > 10 && often > 2 * rare, "{rare} {often}");
    }

    #[test]
    fn settings_know_the_policies() {
        let ids: Vec<&str> = POLICIES.iter().map(|policy| policy.id).collect();
        assert_eq!(ids, settings::POLICIES);
    }
}

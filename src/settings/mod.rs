//! How a program is run: plain data that headers, flags and links change by name.
//!
//! It knows nothing of programs, of running or of the page.

mod runtime;
mod table;
pub mod value;

pub use crate::bytecode::preemption::Version;
pub use runtime::Runtime;
pub use table::{SETTINGS, Setting};

/// How a program is run. Durations are virtual nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// None lets the program's imports decide: see [`Runtime::from_imports`].
    pub runtime: Option<Runtime>,
    pub python: Version,
    /// 1 to 64.
    pub cores: u32,
    pub seed: u64,
    pub switch_interval_ns: u64,
    /// Twice the default switch interval: with a GIL it is then the GIL, not the operating system, that one sees switching.
    pub quantum_ns: u64,
    /// How the operating system shares out the cores: one of [`POLICIES`].
    pub policy: &'static str,
    /// The schedule to replay; empty for none.
    pub schedule: String,
    pub cost_instruction_ns: u64,
    pub cost_switch_ns: u64,
    pub wake_latency_ns: u64,
    pub network_latency_ns: u64,
    /// Bytes.
    pub network_buffer: u64,
    /// Names of signals, each with the seconds after which it arrives, separated by commas; empty for none.
    pub signals: String,
    pub limits: Limits,
}

/// Where a run is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub instructions: u64,
    pub time_ns: u64,
    /// Live bytes.
    pub heap_bytes: u64,
    /// Bytes on stdout and stderr together.
    pub output_bytes: u64,
    /// Threads and tasks, ended ones included.
    pub tasks: u32,
}

/// The policies of the operating system, the default first. They are known here by their ids alone, as the page does not schedule.
pub const POLICIES: [&str; 2] = ["fair", "round-robin"];

/// How many instructions a run on the page may take: a fraction of a second.
pub const PAGE_INSTRUCTIONS: u64 = 5_000_000;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            runtime: None,
            python: Version::V3_12,
            cores: 2,
            seed: 0,
            switch_interval_ns: 5_000_000,
            quantum_ns: 10_000_000,
            policy: POLICIES[0],
            schedule: String::new(),
            cost_instruction_ns: 50,
            cost_switch_ns: 5_000,
            wake_latency_ns: 50_000,
            network_latency_ns: 500_000,
            network_buffer: 128_000,
            signals: String::new(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            instructions: 200_000_000,
            time_ns: 3_600_000_000_000,
            heap_bytes: 64_000_000,
            output_bytes: 1_000_000,
            tasks: 100_000,
        }
    }
}

impl Settings {
    /// The page's defaults: the same, but for a shorter run.
    pub fn page() -> Settings {
        let mut settings = Settings::default();
        settings.limits.instructions = PAGE_INSTRUCTIONS;
        settings
    }

    /// Changes the setting of that name. The message of an error is a sentence about the value, without a full stop.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        match setting(name) {
            Some(setting) => (setting.set)(self, text),
            None => Err(format!("there is no setting \"{name}\"")),
        }
    }

    /// The value of the setting of that name, as [`Settings::set`] reads it.
    pub fn get(&self, name: &str) -> Option<String> {
        setting(name).map(|setting| (setting.get)(self))
    }

    /// What differs from other settings, as names and values: what a link has to carry.
    pub fn changes_from(&self, other: &Settings) -> Vec<(&'static str, String)> {
        SETTINGS
            .iter()
            .map(|setting| (setting.name, (setting.get)(self), (setting.get)(other)))
            .filter(|(_, ours, theirs)| ours != theirs)
            .map(|(name, ours, _)| (name, ours))
            .collect()
    }

    /// Why a runtime cannot run under this version, if it cannot.
    pub fn misfit(&self, runtime: Runtime) -> Option<String> {
        (runtime == Runtime::Asyncio && self.python < Version::V3_11).then(|| {
            format!(
                "asyncio's rules are known for CPython 3.11 to 3.13, not for {}",
                self.python
            )
        })
    }
}

fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_comes_back() {
        let mut changed = Settings::default();
        for (name, text) in [
            ("runtime", "free-threaded"),
            ("python", "3.9"),
            ("cores", "64"),
            ("seed", "7"),
            ("switch-interval", "0.0005"),
            ("quantum", "1.5"),
            ("policy", "round-robin"),
            ("schedule", "1:abc"),
            ("cost-instruction", "0"),
            ("cost-switch", "0.25"),
            ("wake-latency", "46"),
            ("network-latency", "20"),
            ("network-buffer", "0.001"),
            ("signals", "SIGINT 1.5"),
            ("limit-instructions", "1000"),
            ("limit-time", "2"),
            ("limit-heap", "1.5"),
            ("limit-output", "0.001"),
            ("limit-tasks", "10"),
        ] {
            changed.set(name, text).unwrap();
            assert_eq!(changed.get(name).as_deref(), Some(text), "{name}");
        }
        let changes = changed.changes_from(&Settings::default());
        assert_eq!(changes.len(), SETTINGS.len(), "a setting is not tested");
        let mut again = Settings::default();
        for (name, text) in changes {
            again.set(name, &text).unwrap();
        }
        assert_eq!(again, changed);
    }

    #[test]
    fn wrong_values_say_what_is_expected() {
        for (name, text, message) in [
            (
                "cores",
                "65",
                "a whole number from 1 to 64 is expected, not \"65\"",
            ),
            ("seed", "x", "a whole number from 0 is expected, not \"x\""),
            (
                "runtime",
                "gevent",
                "a runtime (asyncio, threads, free-threaded) is expected, not \"gevent\"",
            ),
            ("quantum", "0", "a duration above 0 is expected"),
            (
                "cost-switch",
                "slow",
                "a duration such as 5, 0.5 (in us) or 20us is expected, not \"slow\"",
            ),
            ("speed", "1", "there is no setting \"speed\""),
        ] {
            let mut settings = Settings::default();
            assert_eq!(settings.set(name, text), Err(message.to_owned()));
            assert_eq!(settings, Settings::default());
        }
    }
}

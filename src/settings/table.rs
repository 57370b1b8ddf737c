//! The settings by name: each explains itself, and help, headers, flags and links all read this table.

use super::value::{self, MEGABYTE, MICROSECOND, MILLISECOND, NANOSECOND, SECOND, Unit};
use super::{POLICIES, Runtime, Settings, Version};

/// A setting that headers, flags and links can change.
pub struct Setting {
    /// Its name: a key in headers and links, and with `--` a flag.
    pub name: &'static str,
    /// What its value is, for help: "MS".
    pub value: &'static str,
    /// One sentence.
    pub help: &'static str,
    pub(super) set: fn(&mut Settings, &str) -> Result<(), String>,
    pub(super) get: fn(&Settings) -> String,
}

/// All settings, in the order of the help.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "runtime",
        value: "RUNTIME",
        help: "What it runs under: asyncio, threads or free-threaded; without it, its imports decide.",
        set: |settings, text| {
            settings.runtime =
                Some(Runtime::from_id(text).ok_or_else(|| {
                    one_of("runtime", Runtime::ALL.iter().map(|it| it.id()), text)
                })?);
            Ok(())
        },
        get: |settings| settings.runtime.map_or("", Runtime::id).to_owned(),
    },
    Setting {
        name: "python",
        value: "VERSION",
        help: "The CPython version whose switching rules hold: 2.7, 3.6 to 3.13.",
        set: |settings, text| {
            settings.python = Version::from_id(text).ok_or_else(|| {
                one_of(
                    "CPython version",
                    Version::ALL.iter().map(|it| it.id()),
                    text,
                )
            })?;
            Ok(())
        },
        get: |settings| settings.python.to_string(),
    },
    Setting {
        name: "cores",
        value: "N",
        help: "How many cores the machine has, 1 to 64.",
        set: |settings, text| {
            settings.cores = value::whole(text, 1, 64)? as u32;
            Ok(())
        },
        get: |settings| settings.cores.to_string(),
    },
    Setting {
        name: "seed",
        value: "N",
        help: "What chances are drawn from.",
        set: |settings, text| {
            settings.seed = value::whole(text, 0, u64::MAX)?;
            Ok(())
        },
        get: |settings| settings.seed.to_string(),
    },
    Setting {
        name: "switch-interval",
        value: "MS",
        help: "How long a thread waits for the GIL before it asks for it.",
        set: |settings, text| {
            settings.switch_interval_ns = positive(text, MILLISECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.switch_interval_ns, MILLISECOND),
    },
    Setting {
        name: "quantum",
        value: "MS",
        help: "How long a thread keeps its core while another one is ready.",
        set: |settings, text| {
            settings.quantum_ns = positive(text, MILLISECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.quantum_ns, MILLISECOND),
    },
    Setting {
        name: "policy",
        value: "POLICY",
        help: "How the operating system shares out the cores: fair or round-robin.",
        set: |settings, text| {
            let id = POLICIES.into_iter().find(|id| *id == text);
            settings.policy = id.ok_or_else(|| one_of("policy", POLICIES.into_iter(), text))?;
            Ok(())
        },
        get: |settings| settings.policy.to_owned(),
    },
    Setting {
        name: "schedule",
        value: "SCHEDULE",
        help: "Replays the run that printed this schedule.",
        set: |settings, text| {
            settings.schedule = text.trim().to_owned();
            Ok(())
        },
        get: |settings| settings.schedule.clone(),
    },
    Setting {
        name: "cost-instruction",
        value: "NS",
        help: "How long an instruction takes.",
        set: |settings, text| {
            settings.cost_instruction_ns = value::duration(text, NANOSECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.cost_instruction_ns, NANOSECOND),
    },
    Setting {
        name: "cost-switch",
        value: "US",
        help: "How long the operating system takes to put another thread on a core.",
        set: |settings, text| {
            settings.cost_switch_ns = value::duration(text, MICROSECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.cost_switch_ns, MICROSECOND),
    },
    Setting {
        name: "wake-latency",
        value: "US",
        help: "How long a thread takes to be ready after what it waits for has happened.",
        set: |settings, text| {
            settings.wake_latency_ns = value::duration(text, MICROSECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.wake_latency_ns, MICROSECOND),
    },
    Setting {
        name: "network-latency",
        value: "MS",
        help: "How long a packet takes from one end of a connection to the other.",
        set: |settings, text| {
            settings.network_latency_ns = value::duration(text, MILLISECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.network_latency_ns, MILLISECOND),
    },
    Setting {
        name: "network-buffer",
        value: "MB",
        help: "How much a connection holds in each direction: sent, and not yet read.",
        set: |settings, text| {
            settings.network_buffer = value::size(text, MEGABYTE)?;
            Ok(())
        },
        get: |settings| value::show(settings.network_buffer, MEGABYTE),
    },
    Setting {
        name: "signals",
        value: "SIGNALS",
        help: "Which signals arrive, and after how many seconds: \"SIGINT 1.5, SIGTERM 3\".",
        set: |settings, text| {
            settings.signals = text.trim().to_owned();
            Ok(())
        },
        get: |settings| settings.signals.clone(),
    },
    Setting {
        name: "limit-instructions",
        value: "N",
        help: "Stops the run after so many instructions.",
        set: |settings, text| {
            settings.limits.instructions = value::whole(text, 1, u64::MAX)?;
            Ok(())
        },
        get: |settings| settings.limits.instructions.to_string(),
    },
    Setting {
        name: "limit-time",
        value: "S",
        help: "Stops the run after so much virtual time.",
        set: |settings, text| {
            settings.limits.time_ns = positive(text, SECOND)?;
            Ok(())
        },
        get: |settings| value::show(settings.limits.time_ns, SECOND),
    },
    Setting {
        name: "limit-heap",
        value: "MB",
        help: "Stops the run when it holds so much live memory.",
        set: |settings, text| {
            settings.limits.heap_bytes = value::size(text, MEGABYTE)?;
            Ok(())
        },
        get: |settings| value::show(settings.limits.heap_bytes, MEGABYTE),
    },
    Setting {
        name: "limit-output",
        value: "MB",
        help: "Stops the run when it has written so much.",
        set: |settings, text| {
            settings.limits.output_bytes = value::size(text, MEGABYTE)?;
            Ok(())
        },
        get: |settings| value::show(settings.limits.output_bytes, MEGABYTE),
    },
    Setting {
        name: "limit-tasks",
        value: "N",
        help: "Stops the run at so many threads and tasks.",
        set: |settings, text| {
            settings.limits.tasks = value::whole(text, 1, u64::from(u32::MAX))? as u32;
            Ok(())
        },
        get: |settings| settings.limits.tasks.to_string(),
    },
];

fn positive(text: &str, unit: Unit) -> Result<u64, String> {
    match value::duration(text, unit)? {
        0 => Err(String::from("a duration above 0 is expected")),
        duration => Ok(duration),
    }
}

fn one_of<'a>(what: &str, ids: impl Iterator<Item = &'a str>, text: &str) -> String {
    let ids: Vec<&str> = ids.collect();
    format!("a {what} ({}) is expected, not \"{text}\"", ids.join(", "))
}

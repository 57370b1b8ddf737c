//! What is known of a run as a whole.

use super::event::*;
use super::format::*;

/// The run as a whole. Durations are virtual nanoseconds; texts are in the string table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub outcome: Outcome,
    /// Why the run stopped, unless it simply finished.
    pub message: StringId,
    pub file: StringId,
    pub title: StringId,
    /// The runtime's id: "asyncio", "threads", "free-threaded".
    pub runtime: StringId,
    pub python: StringId,
    /// The short string that replays the run.
    pub schedule: StringId,
    /// Whether there is a GIL.
    pub gil: bool,
    pub cores: u32,
    pub seed: u64,
    /// `sys.getswitchinterval()`; 0 where nobody waits for it: before CPython 3.2, and in a run of turns.
    pub switch_interval: u64,
    pub quantum: u64,
    pub cost_instruction: u64,
    pub cost_switch: u64,
    /// When the run ended.
    pub time: u64,
    /// Instructions executed.
    pub instructions: u64,
    /// How often a thread got a core or the event loop stepped a task.
    pub switches: u64,
    /// The first step from which lines, calls, reads and writes are missing; 0 if none is.
    pub coarse_from: u32,
    /// How many findings of each [`FindingKind`] there are, also those beyond the limit of the list.
    pub found: [u32; FindingKind::ALL.len()],
}

impl Run {
    /// The run as numbers.
    pub(super) fn encode(&self) -> [u64; RUN_WORDS] {
        let mut words = [
            self.outcome as u64,
            self.message.into(),
            self.file.into(),
            self.title.into(),
            self.runtime.into(),
            self.python.into(),
            self.schedule.into(),
            self.gil.into(),
            self.cores.into(),
            self.seed,
            self.switch_interval,
            self.quantum,
            self.cost_instruction,
            self.cost_switch,
            self.time,
            self.instructions,
            self.switches,
            self.coarse_from.into(),
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        for (word, &found) in words[18..].iter_mut().zip(&self.found) {
            *word = found.into();
        }
        words
    }

    /// The run in these bytes, if they are one.
    pub(super) fn decode(bytes: &[u8]) -> Option<Run> {
        if bytes.len() < RUN_WORDS * 8 {
            return None;
        }
        let word = |i: usize| u64_at(bytes, i * 8);
        let short = |i: usize| word(i) as u32;
        Some(Run {
            outcome: Outcome::from_byte(u8::try_from(word(0)).ok()?)?,
            message: short(1),
            file: short(2),
            title: short(3),
            runtime: short(4),
            python: short(5),
            schedule: short(6),
            gil: word(7) != 0,
            cores: short(8),
            seed: word(9),
            switch_interval: word(10),
            quantum: word(11),
            cost_instruction: word(12),
            cost_switch: word(13),
            time: word(14),
            instructions: word(15),
            switches: word(16),
            coarse_from: short(17),
            found: std::array::from_fn(|i| short(18 + i)),
        })
    }
}

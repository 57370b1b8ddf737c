//! Where each CPython looks whether it must hand over the GIL.

use super::Instruction;

/// A CPython version whose switching rules are known. It chooses rules, not syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    V2_7,
    V3_6,
    V3_7,
    V3_8,
    V3_9,
    V3_10,
    V3_11,
    V3_12,
    V3_13,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: &[Version] = &[
        Version::V2_7,
        Version::V3_6,
        Version::V3_7,
        Version::V3_8,
        Version::V3_9,
        Version::V3_10,
        Version::V3_11,
        Version::V3_12,
        Version::V3_13,
    ];

    /// The version as it is written: "3.12".
    pub fn id(self) -> &'static str {
        const IDS: [&str; 9] = [
            "2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13",
        ];
        IDS[self as usize]
    }

    /// The version that is written so.
    pub fn from_id(id: &str) -> Option<Version> {
        Version::ALL
            .iter()
            .copied()
            .find(|version| version.id() == id)
    }

    /// Major and minor number.
    pub fn numbers(self) -> (u32, u32) {
        match self {
            Version::V2_7 => (2, 7),
            other => (3, other as u32 + 5),
        }
    }

    /// Whether it is this version or a later one.
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        self.numbers() >= (major, minor)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

/// The places at which a thread can be made to give way, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreemptionRules(u16);

impl PreemptionRules {
    /// Between nearly any two instructions, see [`PreemptionRules::checks_after`].
    pub const EVERY: u16 = 1;
    /// When a Python function begins, or a generator or coroutine goes on.
    pub const FUNCTION_ENTRY: u16 = 2;
    /// After a call of something that is not Python returned.
    pub const NATIVE_RETURN: u16 = 4;
    /// After a Python function returned to the call that began it.
    pub const PYTHON_RETURN: u16 = 8;
    /// At a conditional jump that is taken, unless it keeps what it looked at, as in the value of `and` and `or`.
    pub const TAKEN_JUMP: u16 = 16;
    /// At the handler of an exception.
    pub const HANDLER: u16 = 32;
    /// At a jump backwards.
    pub const BACKWARD_JUMP: u16 = 64;
    /// Where an exception handler ends and the code after its `try` goes on: from 3.12 on that is a jump backwards, which only
    /// 3.13 made one without a check.
    pub const HANDLER_END: u16 = 256;
    /// When a list, set or dict comprehension begins, which was a function up to 3.11 (PEP 709).
    pub const COMPREHENSION_ENTRY: u16 = 512;
    /// Really between any two instructions: there is no GIL.
    const FREE: u16 = 128;

    /// The rules of a version. Observed on the interpreters; the places are those of the eval breaker in Python/ceval.c.
    pub fn of(version: Version) -> PreemptionRules {
        const SINCE_3_11: u16 = PreemptionRules::FUNCTION_ENTRY
            | PreemptionRules::NATIVE_RETURN
            | PreemptionRules::BACKWARD_JUMP;
        PreemptionRules(match version {
            Version::V2_7 | Version::V3_6 | Version::V3_7 | Version::V3_8 | Version::V3_9 => {
                Self::EVERY
            }
            Version::V3_10 => {
                Self::FUNCTION_ENTRY
                    | Self::NATIVE_RETURN
                    | Self::PYTHON_RETURN
                    | Self::TAKEN_JUMP
                    | Self::HANDLER
                    | Self::BACKWARD_JUMP
                    | Self::COMPREHENSION_ENTRY
            }
            Version::V3_11 => SINCE_3_11 | Self::COMPREHENSION_ENTRY,
            Version::V3_12 => SINCE_3_11 | Self::HANDLER_END,
            Version::V3_13 => SINCE_3_11,
        })
    }

    /// Without a GIL threads interleave at every instruction.
    pub fn free_threaded() -> PreemptionRules {
        PreemptionRules(Self::EVERY | Self::FREE)
    }

    pub fn is_free_threaded(self) -> bool {
        self.contains(Self::FREE)
    }

    #[inline]
    pub fn contains(self, rule: u16) -> bool {
        self.0 & rule != 0
    }

    /// Under [`PreemptionRules::EVERY`]: whether there is a check after this instruction. CPython 3.9, Python/ceval.c: these end in
    /// FAST_DISPATCH and go straight on.
    pub fn checks_after(self, instruction: &Instruction) -> bool {
        self.0 & Self::FREE != 0
            || !matches!(
                instruction,
                Instruction::LoadFast(_)
                    | Instruction::LoadConstant(_)
                    | Instruction::StoreFast(_)
                    | Instruction::Pop
                    | Instruction::Line(_)
                    | Instruction::Nop
                    | Instruction::PushNull
                    | Instruction::MakeCell(_)
                    | Instruction::Copy(_)
                    | Instruction::Swap(_)
                    | Instruction::Jump(_)
                    | Instruction::JumpIfFalse(_)
                    | Instruction::JumpIfTrue(_)
            )
    }

    /// Under [`PreemptionRules::EVERY`]: whether there may be a check before this instruction. Up to CPython 3.9 there is none where
    /// a `try` or a `with` begins or a coroutine waits, so that what was just acquired is protected.
    pub fn checks_before(self, instruction: &Instruction) -> bool {
        self.0 & Self::FREE != 0
            || !matches!(
                instruction,
                Instruction::Nop
                    | Instruction::BeforeWith
                    | Instruction::BeforeAsyncWith
                    | Instruction::YieldFrom
            )
    }
}

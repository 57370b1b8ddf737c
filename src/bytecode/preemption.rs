//! Where a running thread can lose the interpreter, by version of CPython.

use std::fmt;

use super::Instruction;

/// A version of CPython whose rules of switching are simulated. The syntax is always 3.12's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    V2_7,
    V3_6,
    V3_7,
    V3_8,
    V3_9,
    V3_10,
    V3_11,
    #[default]
    V3_12,
    V3_13,
}

impl Version {
    /// All of them, the oldest first.
    pub const ALL: [Version; 9] = [
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

    /// Reads `3.12`.
    pub fn parse(text: &str) -> Option<Version> {
        Version::ALL
            .into_iter()
            .find(|version| version.name() == text)
    }

    /// `3.12`
    pub fn name(self) -> &'static str {
        match self {
            Version::V2_7 => "2.7",
            Version::V3_6 => "3.6",
            Version::V3_7 => "3.7",
            Version::V3_8 => "3.8",
            Version::V3_9 => "3.9",
            Version::V3_10 => "3.10",
            Version::V3_11 => "3.11",
            Version::V3_12 => "3.12",
            Version::V3_13 => "3.13",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The places at which the interpreter looks whether it should give up the GIL: a set of the constants below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreemptionRules(u16);

impl PreemptionRules {
    /// Before and after every instruction, as without a GIL.
    pub const EVERY_INSTRUCTION: PreemptionRules = PreemptionRules(1);
    /// Between most instructions, see [`PreemptionRules::checks_after`] and [`PreemptionRules::checks_before`].
    pub const MOST_INSTRUCTIONS: PreemptionRules = PreemptionRules(1 << 1);
    /// When a Python function is entered, or a generator or coroutine resumed.
    pub const FUNCTION_ENTRY: PreemptionRules = PreemptionRules(1 << 2);
    /// When a call of something written in C returns.
    pub const NATIVE_RETURN: PreemptionRules = PreemptionRules(1 << 3);
    /// When a call of a Python function returns.
    pub const PYTHON_RETURN: PreemptionRules = PreemptionRules(1 << 4);
    /// When a conditional jump is taken.
    pub const TAKEN_JUMP: PreemptionRules = PreemptionRules(1 << 5);
    /// When an exception arrives at its handler.
    pub const HANDLER: PreemptionRules = PreemptionRules(1 << 6);
    /// At the jump back at the end of a loop's body.
    pub const BACKWARD_JUMP: PreemptionRules = PreemptionRules(1 << 7);

    /// The rules of a version with its GIL.
    pub fn for_version(version: Version) -> PreemptionRules {
        match version {
            Version::V2_7 | Version::V3_6 | Version::V3_7 | Version::V3_8 | Version::V3_9 => {
                Self::MOST_INSTRUCTIONS
            }
            Version::V3_10 => Self::FUNCTION_ENTRY
                .and(Self::NATIVE_RETURN)
                .and(Self::PYTHON_RETURN)
                .and(Self::TAKEN_JUMP)
                .and(Self::HANDLER)
                .and(Self::BACKWARD_JUMP),
            Version::V3_11 | Version::V3_12 | Version::V3_13 => Self::FUNCTION_ENTRY
                .and(Self::NATIVE_RETURN)
                .and(Self::BACKWARD_JUMP),
        }
    }

    /// The rules without a GIL.
    pub fn free_threaded() -> PreemptionRules {
        Self::EVERY_INSTRUCTION
    }

    /// Both sets together.
    pub const fn and(self, other: PreemptionRules) -> PreemptionRules {
        PreemptionRules(self.0 | other.0)
    }

    /// Whether all of `rules` hold.
    pub const fn has(self, rules: PreemptionRules) -> bool {
        self.0 & rules.0 == rules.0
    }

    /// Whether the interpreter looks right after an instruction, whatever it was: the rules that need no more than the
    /// instruction itself.
    ///
    /// Up to 3.9 some instructions go straight to the next one: those that only move values, and jumps forward.
    pub fn checks_after(self, instruction: &Instruction) -> bool {
        use Instruction::*;
        if matches!(instruction, Line(_)) {
            return false;
        }
        if self.has(Self::EVERY_INSTRUCTION) {
            return true;
        }
        self.has(Self::MOST_INSTRUCTIONS)
            && !matches!(
                instruction,
                Nop | Pop
                    | Copy(_)
                    | Swap(_)
                    | PushNull
                    | LoadConstant(_)
                    | LoadFast(_)
                    | StoreFast(_)
                    | MakeCell(_)
                    | UnaryNot
                    | Jump(_)
                    | JumpIfFalse(_)
                    | JumpIfTrue(_)
                    | JumpIfNone(_)
            )
    }

    /// Whether the interpreter may look right before an instruction. Up to 3.9 it never does where a `try` or a `with`
    /// begins or a coroutine waits, so that what was just acquired is protected.
    pub fn checks_before(self, instruction: &Instruction) -> bool {
        use Instruction::*;
        if self.has(Self::EVERY_INSTRUCTION) {
            return true;
        }
        !matches!(instruction, Nop | BeforeWith | BeforeAsyncWith | YieldFrom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_written() {
        for version in Version::ALL {
            assert_eq!(Version::parse(&version.to_string()), Some(version));
        }
        assert_eq!(Version::parse("3.14"), None);
        assert!(Version::V3_9 < Version::V3_10);
    }

    #[test]
    fn rules_differ_by_version() {
        let old = PreemptionRules::for_version(Version::V3_9);
        assert!(old.checks_after(&Instruction::LoadGlobal(0)));
        assert!(!old.checks_after(&Instruction::LoadFast(0)));
        let new = PreemptionRules::for_version(Version::V3_12);
        assert!(!new.checks_after(&Instruction::LoadGlobal(0)));
        assert!(new.has(PreemptionRules::BACKWARD_JUMP));
        assert!(!new.has(PreemptionRules::PYTHON_RETURN));
    }
}

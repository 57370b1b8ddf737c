//! What each instruction does to the stack, and where it can go next.

use super::instruction::Instruction;

/// How an instruction changes the height of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Values it takes off.
    pub pops: u32,
    /// Values it puts on, going on to the next instruction.
    pub pushes: u32,
    /// Values it puts on when it jumps instead.
    pub pushes_on_jump: u32,
}

const fn effect(pops: u32, pushes: u32) -> Effect {
    Effect {
        pops,
        pushes,
        pushes_on_jump: pushes,
    }
}

impl Instruction {
    pub fn effect(&self) -> Effect {
        use Instruction::*;
        match *self {
            LoopTurn | Line(_) | Nop | MakeCell(_) | DeleteFast(_) | DeleteDeref(_)
            | DeleteGlobal(_) | DeleteName(_) | Jump(_) | JumpBackward(_) | SpreadToTuple(_) => {
                effect(0, 0)
            }
            Pop | StoreFast(_) | StoreDeref(_) | StoreGlobal(_) | StoreName(_)
            | DeleteAttribute(_) | JumpIfFalse(_) | JumpIfTrue(_) | JumpIfNone(_) | Return
            | PopException | ImportStar | Reraise(_) | ListAppend(_) | SetAdd(_)
            | ListExtend(_) | SetUpdate(_) | DictUpdate(_) | DictMerge(_) => effect(1, 0),
            Copy(n) => effect(n, n + 1),
            Swap(n) => effect(n, n),
            PushNull | LoadConstant(_) | LoadFast(_) | LoadDeref(_) | LoadClosure(_)
            | LoadClassDeref(_) | LoadGlobal(_) | LoadName(_) | LoadBuildClass
            | LoadAssertionError | ImportName(_) => effect(0, 1),
            LoadAttribute(_) | UnaryNegative | UnaryPositive | UnaryInvert | UnaryNot
            | ListToTuple | GetIterator | Yield | GetAwaitable(_) | GetYieldFromIterator
            | GetAsyncIterator => effect(1, 1),
            LoadMethod(_) | BeforeWith | BeforeAsyncWith | PushExceptionInfo | GetAsyncNext
            | ImportFrom(_) => effect(1, 2),
            StoreAttribute(_) | DeleteItem | MapAdd(_) | EndAsyncFor => effect(2, 0),
            StoreItem => effect(3, 0),
            LoadItem | Binary(_) | InPlace(_) | Compare(_) | Is(_) | Contains(_) | YieldFrom
            | PrepareReraiseStar => effect(2, 1),
            CheckExceptionMatch | CheckGroupMatch => effect(2, 2),
            BuildList(n) | BuildTuple(n) | BuildSet(n) | BuildString(n) | BuildSlice(n) => {
                effect(n, 1)
            }
            BuildMap(n) => effect(2 * n, 1),
            UnpackSequence(n) => effect(1, n),
            UnpackStar { before, after } => effect(1, before as u32 + 1 + after as u32),
            Format { spec, .. } => effect(1 + spec as u32, 1),
            ForIterator(_) => Effect {
                pops: 1,
                pushes: 2,
                pushes_on_jump: 0,
            },
            Call(n) => effect(n + 2, 1),
            CallKeywords { arguments, .. } => effect(arguments as u32 + 2, 1),
            CallStar(keywords) => effect(3 + keywords as u32, 1),
            MakeFunction(flags) => effect(1 + flags.count_ones(), 1),
            MatchSequence | MatchMapping | GetLength => effect(1, 2),
            MatchKeys => effect(2, 3),
            MatchRest => effect(2, 1),
            MatchClass(_) => effect(3, 1),
            WithExceptStart => effect(3, 4),
            Raise(n) => effect(n, 0),
        }
    }

    /// Where it may jump to.
    pub fn target(&self) -> Option<u32> {
        use Instruction::*;
        match *self {
            Jump(t) | JumpBackward(t) | JumpIfFalse(t) | JumpIfTrue(t) | JumpIfNone(t)
            | ForIterator(t) => Some(t),
            _ => None,
        }
    }

    /// The same with another target.
    pub(super) fn with_target(self, t: u32) -> Instruction {
        use Instruction::*;
        match self {
            Jump(_) => Jump(t),
            JumpBackward(_) => JumpBackward(t),
            JumpIfFalse(_) => JumpIfFalse(t),
            JumpIfTrue(_) => JumpIfTrue(t),
            JumpIfNone(_) => JumpIfNone(t),
            ForIterator(_) => ForIterator(t),
            other => other,
        }
    }

    /// Whether the next instruction is never reached from this one.
    pub fn ends(&self) -> bool {
        use Instruction::*;
        matches!(
            self,
            Jump(_) | JumpBackward(_) | Return | Raise(_) | Reraise(_)
        )
    }
}

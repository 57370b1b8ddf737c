//! Which slots of a frame can still be read.

use std::rc::Rc;

use crate::bytecode::{Code, Instruction};

/// Before each instruction: the slots that may be read before they are written, a bit for each of the first 64.
pub(super) fn liveness(code: &Code) -> Rc<[u64]> {
    let count = code.instructions.len();
    let mut live = vec![0u64; count + 1].into_boxed_slice();
    let bit = |slot: u32| 1u64.checked_shl(slot).unwrap_or(0);
    loop {
        let mut changed = false;
        for at in (0..count).rev() {
            let instruction = &code.instructions[at];
            let falls = !matches!(
                instruction,
                Instruction::Jump(_)
                    | Instruction::JumpBackward(_)
                    | Instruction::Return
                    | Instruction::Raise(_)
                    | Instruction::Reraise(_)
            );
            let mut out = if falls { live[at + 1] } else { 0 };
            if let Some(target) = instruction.target() {
                out |= live[target as usize];
            }
            let mut before = match *instruction {
                Instruction::StoreFast(slot) => out & !bit(slot),
                Instruction::LoadFast(slot)
                | Instruction::DeleteFast(slot)
                | Instruction::MakeCell(slot)
                | Instruction::LoadClosure(slot)
                | Instruction::LoadDeref(slot)
                | Instruction::StoreDeref(slot)
                | Instruction::DeleteDeref(slot)
                | Instruction::LoadClassDeref(slot) => out | bit(slot),
                _ => out,
            };
            before |= handled(code, &live, at);
            changed |= before != live[at];
            live[at] = before;
        }
        if !changed {
            return live.into();
        }
    }
}

/// What the handlers of an instruction read.
pub(super) fn handled(code: &Code, live: &[u64], at: usize) -> u64 {
    let covers = |handler: &&crate::bytecode::Handler| {
        (handler.start as usize..handler.end as usize).contains(&at)
    };
    let all = code.handlers.iter().filter(covers);
    all.fold(0, |all, handler| all | live[handler.target as usize])
}

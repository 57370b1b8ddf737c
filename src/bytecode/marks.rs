//! Marks for the page's margin: the lines at which a program may be suspended or interrupted.

use std::collections::BTreeSet;

use super::{Code, Constant, Instruction, PreemptionRules};
use crate::source::Span;

/// A place at which a coroutine may be suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AwaitPoint {
    pub line: u32,
    /// The whole `await` expression, or what `async for` and `async with` wait for.
    pub span: Span,
}

fn visit(code: &Code, see: &mut impl FnMut(&Code)) {
    see(code);
    for constant in &code.constants {
        if let Constant::Code(inner) = constant {
            visit(inner, see);
        }
    }
}

/// The places at which a program awaits, in the order of the text.
pub fn await_points(code: &Code) -> Vec<AwaitPoint> {
    let mut points = BTreeSet::new();
    visit(code, &mut |code| {
        for (index, instruction) in code.instructions.iter().enumerate() {
            if matches!(
                instruction,
                Instruction::GetAwaitable(_) | Instruction::GetAsyncNext
            ) {
                let (start, end) = code.spans[index];
                points.insert(AwaitPoint {
                    line: code.lines[index],
                    span: Span::new(start, end),
                });
            }
        }
    });
    points.into_iter().collect()
}

/// The lines that hold a place at which a thread may lose the interpreter.
///
/// What a call returns from is only known at run time: it counts if either kind of return does.
pub fn preemption_lines(code: &Code, rules: PreemptionRules) -> BTreeSet<u32> {
    use Instruction::*;
    let mut lines = BTreeSet::new();
    let returns = rules.contains(PreemptionRules::NATIVE_RETURN | PreemptionRules::PYTHON_RETURN);
    visit(code, &mut |code| {
        let begins = |index: usize| {
            let instruction = code.instructions[index..].iter();
            let skipped = instruction.take_while(|i| matches!(i, Line(_) | MakeCell(_)));
            code.lines.get(index + skipped.count()).copied()
        };
        if rules.contains(PreemptionRules::FUNCTION_ENTRY) {
            lines.extend(begins(0));
        }
        if rules.contains(PreemptionRules::HANDLER) {
            lines.extend(
                code.handlers
                    .iter()
                    .filter_map(|h| begins(h.target as usize)),
            );
        }
        for (index, instruction) in code.instructions.iter().enumerate() {
            let may = match instruction {
                Call(_) | CallKeywords { .. } | CallStar(_) => returns,
                JumpIfFalse(_) | JumpIfTrue(_) | JumpIfNone(_) => {
                    rules.contains(PreemptionRules::TAKEN_JUMP)
                }
                PopException => rules.contains(PreemptionRules::HANDLER_END),
                JumpBackward(_) => rules.contains(PreemptionRules::BACKWARD_JUMP),
                YieldFrom | Yield => rules.contains(PreemptionRules::FUNCTION_ENTRY),
                _ => false,
            };
            let between = rules.contains(PreemptionRules::EVERY) && rules.checks_after(instruction);
            if (may || between) && !matches!(instruction, Line(_)) {
                lines.insert(code.lines[index]);
            }
        }
    });
    lines
}

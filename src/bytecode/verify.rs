//! The height of the stack before each instruction, by following every path.

use super::{Code, Constant, Handler, Instruction};

/// The heights, `None` where no path leads; or what is wrong.
pub(super) fn depths(
    instructions: &[Instruction],
    handlers: &[Handler],
) -> Result<Vec<Option<u32>>, String> {
    let mut depths: Vec<Option<u32>> = vec![None; instructions.len()];
    let mut work = vec![(0u32, 0u32)];
    while let Some((index, depth)) = work.pop() {
        let at = index as usize;
        let Some(instruction) = instructions.get(at) else {
            return Err(format!("{index} is behind the end"));
        };
        match depths[at] {
            Some(known) if known != depth => {
                return Err(format!(
                    "{index} is reached with {known} and {depth} values"
                ));
            }
            Some(_) => continue,
            None => depths[at] = Some(depth),
        }
        // Handlers lie apart from each other, in the order of the instructions.
        let covering = handlers.partition_point(|handler| handler.end <= index);
        if let Some(handler) = handlers.get(covering)
            && handler.start <= index
        {
            if handler.depth > depth {
                return Err(format!("{index} has fewer values than its handler keeps"));
            }
            work.push((handler.target, handler.depth + 1));
        }
        let effect = instruction.effect();
        let Some(rest) = depth.checked_sub(effect.pops) else {
            return Err(format!(
                "{index} ({instruction:?}) takes more than the {depth} values there are"
            ));
        };
        if let Some(target) = instruction.target() {
            work.push((target, rest + effect.pushes_on_jump));
        }
        if !instruction.ends() {
            work.push((index + 1, rest + effect.pushes));
        }
    }
    Ok(depths)
}

/// Checks a code and all inside it: targets, heights of the stack, indexes.
pub fn verify(code: &Code) -> Result<(), String> {
    verify_one(code).map_err(|problem| format!("{}: {problem}", code.qualified_name))?;
    for constant in &code.constants {
        if let Constant::Code(inner) = constant {
            verify(inner)?;
        }
    }
    Ok(())
}

fn verify_one(code: &Code) -> Result<(), String> {
    use Instruction::*;
    let count = code.instructions.len();
    if code.spans.len() != count || code.lines.len() != count {
        return Err("tables of different lengths".into());
    }
    let sorted = code.handlers.windows(2).all(|w| w[0].end <= w[1].start);
    if !sorted || code.handlers.iter().any(|h| h.start >= h.end) {
        return Err("handlers out of order".into());
    }
    let depths = depths(&code.instructions, &code.handlers)?;
    for (index, instruction) in code.instructions.iter().enumerate() {
        let Some(depth) = depths[index] else {
            return Err(format!("{index} ({instruction:?}) is never reached"));
        };
        let effect = instruction.effect();
        if depth - effect.pops + effect.pushes > code.stack_size {
            return Err(format!("{index} puts more on the stack than it holds"));
        }
        if matches!(instruction, Return) && depth != 1 {
            return Err(format!("{index} returns with {depth} values"));
        }
        if matches!(instruction, Jump(t) if *t as usize <= index)
            || matches!(instruction, JumpBackward(t) if *t as usize > index)
        {
            return Err(format!("{index} ({instruction:?}) jumps the wrong way"));
        }
        let (operand, limit) = match *instruction {
            LoadConstant(n) => (n, code.constants.len()),
            LoadFast(n) | StoreFast(n) | DeleteFast(n) | LoadDeref(n) | StoreDeref(n)
            | DeleteDeref(n) | LoadClosure(n) | LoadClassDeref(n) | MakeCell(n) => {
                (n, code.slots.len())
            }
            LoadGlobal(n) | StoreGlobal(n) | DeleteGlobal(n) | LoadName(n) | StoreName(n)
            | DeleteName(n) | LoadAttribute(n) | LoadMethod(n) | StoreAttribute(n)
            | DeleteAttribute(n) | ImportName(n) | ImportFrom(n) => (n, code.names.len()),
            CallKeywords { names, .. } => (names as u32, code.constants.len()),
            _ => continue,
        };
        if operand as usize >= limit {
            return Err(format!("{index} ({instruction:?}) is out of range"));
        }
    }
    Ok(())
}

//! A listing of a code, for tests and for looking at what was compiled.

use super::{Code, CodeKind, Constant, Instruction};

/// The listing of a code and of all inside it, the outer ones first.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    let mut work = vec![code];
    while let Some(code) = work.pop() {
        list(code, &mut out);
        let inner = code
            .constants
            .iter()
            .rev()
            .filter_map(|constant| match constant {
                Constant::Code(inner) => Some(&**inner),
                _ => None,
            });
        work.extend(inner);
    }
    out
}

fn list(code: &Code, out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
    let kind = match code.kind {
        CodeKind::Module => "module",
        CodeKind::Class => "class",
        CodeKind::Function => "function",
        CodeKind::Generator => "generator",
        CodeKind::Coroutine => "coroutine",
        CodeKind::AsyncGenerator => "async generator",
        CodeKind::Comprehension => "comprehension",
        CodeKind::GeneratorExpression => "generator expression",
        CodeKind::AsyncComprehension => "async comprehension",
        CodeKind::AsyncGeneratorExpression => "async generator expression",
    };
    out.push_str(&format!("{kind} {}", code.qualified_name));
    let p = &code.parameters;
    let total = p.positional_only + p.positional + p.keyword_only;
    let stars = u16::from(p.star) + u16::from(p.double_star);
    let parameters = usize::from(total + stars);
    if !code.slots.is_empty() {
        let free = code.first_free as usize;
        let parts = [
            ("parameters", &code.slots[..parameters]),
            ("own", &code.slots[parameters..free]),
            ("free", &code.slots[free..]),
        ];
        for (what, names) in parts {
            if !names.is_empty() {
                out.push_str(&format!(", {what} {}", names.join(" ")));
            }
        }
    }
    out.push_str(&format!(", stack {}\n", code.stack_size));
    let targets: Vec<u32> = code
        .instructions
        .iter()
        .filter_map(Instruction::target)
        .collect();
    for (index, instruction) in code.instructions.iter().enumerate() {
        let index = index as u32;
        let landed = targets.contains(&index) || code.handlers.iter().any(|h| h.target == index);
        let mark = if landed { '>' } else { ' ' };
        if let Instruction::Line(line) = instruction {
            out.push_str(&format!("{mark}{index:>4} -- line {line}\n"));
            continue;
        }
        let binding = code.bindings.iter().find(|(call, _)| *call == index);
        let binding = binding.map_or(String::new(), |(_, name)| format!(" = {name}"));
        let text = operand(code, instruction);
        out.push_str(&format!("{mark}{index:>4} {text}{binding}\n"));
    }
    for handler in &code.handlers {
        out.push_str(&format!(
            "      {} to {} -> {} keeps {}\n",
            handler.start, handler.end, handler.target, handler.depth
        ));
    }
}

/// An instruction with its operand spelled out.
fn operand(code: &Code, instruction: &Instruction) -> String {
    use Instruction::*;
    let plain = format!("{instruction:?}");
    let name = plain.split(['(', ' ']).next().unwrap_or(&plain).to_owned();
    let what = match *instruction {
        LoadConstant(n) => code.constants.get(n as usize).map(show),
        LoadFast(n) | StoreFast(n) | DeleteFast(n) | LoadDeref(n) | StoreDeref(n)
        | DeleteDeref(n) | LoadClosure(n) | LoadClassDeref(n) | MakeCell(n) => {
            code.slots.get(n as usize).cloned()
        }
        LoadGlobal(n) | StoreGlobal(n) | DeleteGlobal(n) | LoadName(n) | StoreName(n)
        | DeleteName(n) | LoadAttribute(n) | LoadMethod(n) | StoreAttribute(n)
        | DeleteAttribute(n) | ImportName(n) | ImportFrom(n) => code.names.get(n as usize).cloned(),
        CallKeywords { arguments, names } => {
            let names = code.constants.get(names as usize).map(show);
            names.map(|names| format!("{arguments} {names}"))
        }
        _ => return plain,
    };
    format!("{name} {}", what.unwrap_or_else(|| "?".to_owned()))
}

fn show(constant: &Constant) -> String {
    let all = |items: &[Constant]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    match constant {
        Constant::None => "None".to_owned(),
        Constant::Ellipsis => "...".to_owned(),
        Constant::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::BigInt(digits) => digits.clone(),
        Constant::Float(value) => format!("{value:?}"),
        Constant::Str(value) => format!("{value:?}"),
        Constant::Bytes(value) => format!("b\"{}\"", value.escape_ascii()),
        Constant::Tuple(items) => format!("({})", all(items)),
        Constant::FrozenSet(items) => format!("frozenset({})", all(items)),
        Constant::Code(code) => format!("<code {}>", code.name),
    }
}

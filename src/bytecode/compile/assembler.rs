//! Collects instructions with labels for targets, and turns them into a finished [`Code`].

use std::collections::BTreeMap;

use crate::bytecode::{Code, Constant, Handler, Instruction, verify};
use crate::source::{Source, Span};

/// A place in the instructions, known or still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(u32);

/// What handles exceptions at some instruction: an index into the regions, 0 for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RegionId(u32);

/// Instructions protected by a handler.
struct Region {
    target: Label,
    /// The region around it.
    parent: RegionId,
    /// The instruction at which it begins; the handler keeps the values that are on the stack there.
    begin: u32,
    /// But for so many of them.
    dropped: u32,
}

#[derive(Default)]
pub(super) struct Assembler {
    instructions: Vec<Instruction>,
    spans: Vec<Span>,
    regions_of: Vec<RegionId>,
    regions: Vec<Region>,
    region: RegionId,
    /// For each label where it is, and whether something jumps there.
    labels: Vec<(u32, bool)>,
    /// No path leads to what comes next: it is left out.
    unreachable: bool,
    /// The line reported last on every path that leads here, if that is known.
    line: Option<u32>,
    constants: Vec<Constant>,
    constant_keys: BTreeMap<Vec<u8>, u32>,
    names: Vec<String>,
    name_indexes: BTreeMap<String, u32>,
    bindings: Vec<(u32, String)>,
    /// The statement at which CPython to 3.12 places what is emitted.
    pub statement: Option<Span>,
    statements: Vec<(u32, (u32, u32))>,
}

const UNBOUND: u32 = u32::MAX;

impl Assembler {
    pub fn label(&mut self) -> Label {
        self.labels.push((UNBOUND, false));
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts a label here.
    pub fn bind(&mut self, label: Label) {
        let entry = &mut self.labels[label.0 as usize];
        entry.0 = self.instructions.len() as u32;
        self.unreachable &= !entry.1;
        self.line = None;
    }

    pub fn emit(&mut self, span: Span, instruction: Instruction) {
        if self.unreachable {
            return;
        }
        self.unreachable = instruction.ends();
        if let Some(span) = self.statement {
            self.statements
                .push((self.position(), (span.start, span.end)));
        }
        self.instructions.push(instruction);
        self.spans.push(span);
        self.regions_of.push(self.region);
    }

    /// Emits a jump, given as an instruction with any target.
    pub fn jump(&mut self, span: Span, instruction: Instruction, label: Label) {
        if !self.unreachable {
            self.labels[label.0 as usize].1 = true;
            self.emit(span, instruction.with_target(label.0));
        }
    }

    /// Reports a line, unless that was the last one reported on every path that leads here.
    pub fn line(&mut self, span: Span, line: u32) {
        if self.line != Some(line) {
            self.line_again(span, line);
        }
    }

    /// Reports a line even if it was just reported: the next iteration of a loop.
    pub fn line_again(&mut self, span: Span, line: u32) {
        self.emit(span, Instruction::Line(line));
        self.line = Some(line);
    }

    /// Every path to the label just bound has reported this line last.
    pub fn assume_line(&mut self, line: u32) {
        self.line = Some(line);
    }

    pub fn is_reachable(&self) -> bool {
        !self.unreachable
    }

    /// How many instructions there are so far.
    pub fn position(&self) -> u32 {
        self.instructions.len() as u32
    }

    /// What follows is handled at a label, with the values kept that are on the stack now.
    pub fn protect(&mut self, target: Label) {
        self.protect_dropping(target, 0);
    }

    /// The same, keeping all but the topmost `dropped` values.
    pub fn protect_dropping(&mut self, target: Label, dropped: u32) {
        if !self.unreachable {
            self.labels[target.0 as usize].1 = true;
        }
        self.regions.push(Region {
            target,
            parent: self.region,
            begin: self.instructions.len() as u32,
            dropped,
        });
        self.region = RegionId(self.regions.len() as u32);
    }

    /// Ends the innermost protected region.
    pub fn unprotect(&mut self) {
        let RegionId(id) = self.region;
        self.region = self.regions[id as usize - 1].parent;
    }

    pub fn region(&self) -> RegionId {
        self.region
    }

    /// Goes back to a region left for the sake of a `return`, `break` or `continue`.
    pub fn set_region(&mut self, region: RegionId) {
        self.region = region;
    }

    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(index) = self.name_indexes.get(name) {
            return *index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_indexes.insert(name.to_owned(), index);
        index
    }

    pub fn constant(&mut self, constant: Constant) -> u32 {
        let mut key = Vec::new();
        write_key(&constant, &mut key);
        if let Some(index) = self.constant_keys.get(&key) {
            return *index;
        }
        let index = self.constants.len() as u32;
        self.constants.push(constant);
        self.constant_keys.insert(key, index);
        index
    }

    /// The instruction just emitted makes what is bound to a name.
    pub fn binding(&mut self, name: &str) {
        if !self.unreachable && !self.instructions.is_empty() {
            let call = self.instructions.len() as u32 - 1;
            self.bindings.push((call, name.to_owned()));
        }
    }

    /// Replaces labels by indexes, works out the handlers and the size of the stack.
    pub fn finish(mut self, source: &Source, code: &mut Code) {
        for instruction in &mut self.instructions {
            if let Some(label) = instruction.target() {
                let index = self.labels[label as usize].0;
                *instruction = instruction.with_target(index);
            }
        }
        // First with depths of 0, since what a handler keeps is found by following the paths.
        let mut handlers: Vec<Handler> = Vec::new();
        let mut begins: Vec<(u32, u32)> = Vec::new();
        for (index, RegionId(id)) in self.regions_of.iter().enumerate() {
            let index = index as u32;
            let Some(region) = (*id as usize).checked_sub(1).map(|i| &self.regions[i]) else {
                continue;
            };
            let target = self.labels[region.target.0 as usize].0;
            match handlers.last_mut() {
                Some(last)
                    if last.end == index
                        && last.target == target
                        && begins.last() == Some(&(region.begin, region.dropped)) =>
                {
                    last.end = index + 1;
                }
                _ => {
                    handlers.push(Handler {
                        start: index,
                        end: index + 1,
                        target,
                        depth: 0,
                    });
                    begins.push((region.begin, region.dropped));
                }
            }
        }
        let depths = self.keep(&mut handlers, &begins);
        let mut most = 0;
        for (instruction, depth) in self.instructions.iter().zip(&depths) {
            let effect = instruction.effect();
            let depth = depth.unwrap_or(0);
            most = most
                .max(depth)
                .max((depth + effect.pushes).saturating_sub(effect.pops));
        }
        let mut line = (0, 0);
        code.lines.reserve(self.spans.len());
        for span in &self.spans {
            if line.0 != span.start || line.1 == 0 {
                line = (span.start, source.line_of(span.start));
            }
            code.lines.push(line.1);
        }
        code.spans = self.spans.iter().map(|s| (s.start, s.end)).collect();
        code.instructions = self.instructions;
        code.constants = self.constants;
        code.names = self.names;
        code.bindings = self.bindings;
        code.statements = self.statements;
        code.handlers = handlers;
        code.stack_size = most + 1;
    }

    /// Fills in how much each handler keeps. A handler's own code may hold further regions, so this goes on until nothing changes.
    fn keep(&self, handlers: &mut [Handler], begins: &[(u32, u32)]) -> Vec<Option<u32>> {
        let mut depths: Vec<Option<u32>> = vec![None; self.instructions.len()];
        let mut by_begin: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, (begin, _)) in begins.iter().enumerate() {
            by_begin.entry(*begin).or_default().push(index);
        }
        let mut work = vec![(0u32, 0u32)];
        while let Some((index, depth)) = work.pop() {
            let at = index as usize;
            if at >= depths.len() || depths[at].is_some() {
                continue;
            }
            depths[at] = Some(depth);
            for handler in by_begin.get(&index).into_iter().flatten() {
                let kept = depth.saturating_sub(begins[*handler].1);
                handlers[*handler].depth = kept;
                work.push((handlers[*handler].target, kept + 1));
            }
            let instruction = &self.instructions[at];
            let effect = instruction.effect();
            let rest = depth.saturating_sub(effect.pops);
            if let Some(target) = instruction.target() {
                work.push((target, rest + effect.pushes_on_jump));
            }
            if !instruction.ends() {
                work.push((index + 1, rest + effect.pushes));
            }
        }
        debug_assert_eq!(
            verify::depths(&self.instructions, handlers).as_ref(),
            Ok(&depths)
        );
        depths
    }
}

/// A constant as bytes that are the same only for the same constant: `1`, `1.0` and `True` differ, and so do `0.0` and `-0.0`.
fn write_key(constant: &Constant, out: &mut Vec<u8>) {
    let mut text = |tag: u8, bytes: &[u8]| {
        out.push(tag);
        out.extend((bytes.len() as u32).to_le_bytes());
        out.extend(bytes);
    };
    match constant {
        Constant::None => out.push(0),
        Constant::Ellipsis => out.push(1),
        Constant::Bool(value) => out.push(2 + u8::from(*value)),
        Constant::Int(value) => text(4, &value.to_le_bytes()),
        Constant::BigInt(digits) => text(5, digits.as_bytes()),
        Constant::Float(value) => text(6, &value.to_bits().to_le_bytes()),
        Constant::Str(value) => text(7, value.as_bytes()),
        Constant::Bytes(value) => text(8, value),
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            let tag = if matches!(constant, Constant::Tuple(_)) {
                9
            } else {
                10
            };
            text(tag, &(items.len() as u32).to_le_bytes());
            for item in items {
                write_key(item, out);
            }
        }
        // Never the same twice: each is made from its own piece of the program.
        Constant::Code(code) => text(11, &(std::rc::Rc::as_ptr(code) as usize).to_le_bytes()),
    }
}

//! Names: which instruction reads, writes or deletes one, and the slots of a frame.

use super::Compiler;
use crate::bytecode::Instruction;
use crate::source::Span;
use crate::syntax::scope::{Resolution, Scope, ScopeKind, mangle};

/// Where the instructions for a name look.
enum Access {
    Fast(u32),
    Deref(u32),
    ClassDeref(u32),
    Global,
    /// The namespace of a class body.
    Name,
}

impl Compiler<'_> {
    pub(super) fn mangled(&self, name: &str) -> String {
        let private = self.scope().private.as_deref();
        mangle(private, name).unwrap_or_else(|| name.to_owned())
    }

    /// The index of an attribute's name.
    pub(super) fn attribute_index(&mut self, name: &str) -> u32 {
        let name = self.mangled(name);
        self.unit.assembler.name(&name)
    }

    fn access(&self, name: &str, loading: bool) -> Access {
        let scope = self.scope();
        let slot = self.unit.slots.get(name).copied();
        let resolution = match scope.symbol(name) {
            Some(symbol) => symbol.resolution,
            None if scope.kind == ScopeKind::Class => Resolution::Local,
            None => Resolution::GlobalImplicit,
        };
        match (scope.kind, resolution, slot) {
            (ScopeKind::Module, _, _) | (_, Resolution::GlobalDeclared, _) => Access::Global,
            (ScopeKind::Class, Resolution::Free, Some(slot)) if loading => Access::ClassDeref(slot),
            (ScopeKind::Class, Resolution::Free, Some(slot)) => Access::Deref(slot),
            (ScopeKind::Class, ..) => Access::Name,
            (_, Resolution::Local, Some(slot)) => Access::Fast(slot),
            (_, Resolution::Cell | Resolution::Free, Some(slot)) => Access::Deref(slot),
            _ => Access::Global,
        }
    }

    pub(super) fn load_name(&mut self, span: Span, name: &str) {
        let name = self.mangled(name);
        let instruction = match self.access(&name, true) {
            Access::Fast(slot) => Instruction::LoadFast(slot),
            Access::Deref(slot) => Instruction::LoadDeref(slot),
            Access::ClassDeref(slot) => Instruction::LoadClassDeref(slot),
            Access::Global => Instruction::LoadGlobal(self.unit.assembler.name(&name)),
            Access::Name => Instruction::LoadName(self.unit.assembler.name(&name)),
        };
        self.emit(span, instruction);
    }

    pub(super) fn store_name(&mut self, span: Span, name: &str) {
        let name = self.mangled(name);
        let instruction = match self.access(&name, false) {
            Access::Fast(slot) => Instruction::StoreFast(slot),
            Access::Deref(slot) | Access::ClassDeref(slot) => Instruction::StoreDeref(slot),
            Access::Global => Instruction::StoreGlobal(self.unit.assembler.name(&name)),
            Access::Name => Instruction::StoreName(self.unit.assembler.name(&name)),
        };
        self.emit(span, instruction);
    }

    pub(super) fn delete_name(&mut self, span: Span, name: &str) {
        let name = self.mangled(name);
        let instruction = match self.access(&name, false) {
            Access::Fast(slot) => Instruction::DeleteFast(slot),
            Access::Deref(slot) | Access::ClassDeref(slot) => Instruction::DeleteDeref(slot),
            Access::Global => Instruction::DeleteGlobal(self.unit.assembler.name(&name)),
            Access::Name => Instruction::DeleteName(self.unit.assembler.name(&name)),
        };
        self.emit(span, instruction);
    }

    /// Lays out the slots of the current unit and emits the cells.
    pub(super) fn lay_out_slots(&mut self, span: Span) {
        let scope: &Scope = self.scope();
        let mut names: Vec<String> = Vec::new();
        let mut cells: Vec<u32> = Vec::new();
        if scope.kind.is_function() {
            let parameters = scope.symbols().filter(|(_, symbol)| symbol.parameter);
            names.extend(parameters.map(|(name, _)| name.to_owned()));
            let locals = scope
                .symbols()
                .filter(|(_, symbol)| !symbol.parameter && symbol.resolution == Resolution::Local);
            names.extend(locals.map(|(name, _)| name.to_owned()));
        }
        for cell in &scope.cells {
            // A parameter that is a cell keeps its slot.
            let slot = names.iter().position(|name| name == cell);
            cells.push(slot.unwrap_or(names.len()) as u32);
            if slot.is_none() {
                names.push(cell.clone());
            }
        }
        self.unit.code.first_free = names.len() as u32;
        names.extend(scope.frees.iter().cloned());
        for (index, name) in names.iter().enumerate() {
            self.unit.slots.insert(name.clone(), index as u32);
        }
        self.unit.code.slots = names;
        for slot in cells {
            self.emit(span, Instruction::MakeCell(slot));
        }
    }
}

//! Classes.

use ruff_python_ast as ast;

use super::{Compiler, span};
use crate::bytecode::{CodeKind, Constant, Instruction};
use crate::source::Span;

impl<'a> Compiler<'a> {
    pub(super) fn class(&mut self, statement: &'a ast::StmtClassDef) {
        let start = match statement.decorator_list.last() {
            Some(decorator) => {
                let from = span(decorator).end;
                self.find_word(from, span(&statement.name).start, "class")
            }
            None => span(statement).start,
        };
        let head = Span::new(start, span(&statement.name).end);
        let name = statement.name.as_str();
        self.decorators(&statement.decorator_list);
        self.line(head);
        self.emit(head, Instruction::LoadBuildClass);
        self.emit(head, Instruction::PushNull);
        let mut unit = self.open(span(statement), name, head);
        unit.code.kind = CodeKind::Class;
        self.begin_unit(unit);
        self.class_body(statement, head);
        self.make(0, head);
        self.load_constant(head, Constant::Str(name.to_owned()));
        let whole = Span::new(start, span(statement).end);
        match &statement.arguments {
            Some(arguments) => self.arguments(arguments, whole, 2),
            None => self.emit(whole, Instruction::Call(2)),
        }
        self.decorate(&statement.decorator_list);
        self.store_name(head, name);
    }

    fn class_body(&mut self, statement: &'a ast::StmtClassDef, head: Span) {
        self.lay_out_slots(head);
        self.line(head);
        self.load_name(head, "__name__");
        self.store_name(head, "__module__");
        let qualified = self.unit.code.qualified_name.clone();
        self.load_constant(head, Constant::Str(qualified));
        self.store_name(head, "__qualname__");
        if self.scope().has_annotations {
            self.emit(head, Instruction::BuildMap(0));
            self.store_name(head, "__annotations__");
        }
        let body = self.docstring(&statement.body);
        if let Some(docstring) = self.unit.code.docstring.clone() {
            let first = span(&statement.body[0]);
            self.line(first);
            self.load_constant(first, Constant::Str(docstring));
            self.store_name(first, "__doc__");
        }
        self.body(body);
        if self.scope().cells.contains("__class__") {
            // The cell is filled when the class is made.
            let slot = self.unit.slots["__class__"];
            self.emit(head, Instruction::LoadClosure(slot));
            self.emit(head, Instruction::Copy(1));
            self.store_name(head, "__classcell__");
        } else {
            self.load_none(head);
        }
        self.emit(head, Instruction::Return);
    }

    /// Where a word begins between two places of the source; comments may stand there.
    pub(super) fn find_word(&self, from: u32, to: u32, word: &str) -> u32 {
        let text = self.checked.source().slice(Span::new(from, to));
        let mut offset = from;
        for line in text.split_inclusive(['\n', '\r']) {
            let trimmed = line.trim_start();
            if trimmed.starts_with(word) {
                return offset + (line.len() - trimmed.len()) as u32;
            }
            offset += line.len() as u32;
        }
        to
    }
}

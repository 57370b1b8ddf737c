//! Statements, but for loops, `try`, `with` and definitions.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, Stmt};

use super::assembler::Label;
use super::constant::constant;
use super::{Compiler, span};
use crate::bytecode::Instruction;
use crate::source::Span;

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self, statements: &'a [Stmt]) {
        for statement in statements {
            if self.has_failed(span(statement)) {
                return;
            }
            self.statement(statement);
        }
    }

    pub(super) fn jump(&mut self, span: Span, instruction: Instruction, label: Label) {
        self.unit.assembler.jump(span, instruction, label);
    }

    fn statement(&mut self, statement: &'a Stmt) {
        let place = span(statement);
        match statement {
            // Definitions report the lines of their decorators first, and a `while` that of its test each time.
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::While(_) => {}
            Stmt::Global(_) | Stmt::Nonlocal(_) => return,
            _ => self.line(place),
        }
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Return(r) => self.return_statement(r, place),
            Stmt::Delete(d) => {
                for target in &d.targets {
                    self.delete(target);
                }
            }
            Stmt::Assign(a) => self.assign(a),
            Stmt::AugAssign(a) => self.augmented(a),
            Stmt::AnnAssign(a) => self.annotated(a),
            Stmt::For(f) => self.for_loop(f),
            Stmt::While(w) => self.while_loop(w),
            Stmt::If(i) => self.if_statement(i),
            Stmt::With(w) => self.with(w),
            Stmt::Match(m) => self.match_statement(m),
            Stmt::Raise(r) => {
                let mut count = 0;
                for value in [&r.exc, &r.cause].into_iter().flatten() {
                    self.expression(value);
                    count += 1;
                }
                self.emit(place, Instruction::Raise(count));
            }
            Stmt::Try(t) => self.try_statement(t),
            Stmt::Assert(a) => self.assert(a, place),
            Stmt::Import(i) => self.import(i, place),
            Stmt::ImportFrom(i) => self.import_from(i, place),
            Stmt::Expr(e) => {
                // A constant alone on a line does nothing, as in CPython.
                if constant(&e.value).is_some() {
                    self.emit(place, Instruction::Nop);
                } else {
                    self.expression(&e.value);
                    self.emit(place, Instruction::Pop);
                }
            }
            Stmt::Pass(_) => self.emit(place, Instruction::Nop),
            Stmt::Break(_) | Stmt::Continue(_) => self.leave_loop(statement),
            // The check rejects the rest.
            _ => {}
        }
    }

    fn return_statement(&mut self, r: &'a ast::StmtReturn, place: Span) {
        let fixed = r.value.as_deref().map(constant);
        let region = self.unit.assembler.region();
        match (&r.value, fixed) {
            (Some(value), Some(None)) => {
                self.expression(value);
                self.leave_all(place, true);
            }
            (_, Some(Some(value))) => {
                self.leave_all(place, false);
                self.load_constant(place, value);
            }
            _ => {
                self.leave_all(place, false);
                self.load_none(place);
            }
        }
        self.emit(place, Instruction::Return);
        self.unit.assembler.set_region(region);
    }

    fn if_statement(&mut self, statement: &'a ast::StmtIf) {
        let end = self.unit.assembler.label();
        let mut next = self.unit.assembler.label();
        self.test(span(statement), &statement.test, next, false);
        self.body(&statement.body);
        for clause in &statement.elif_else_clauses {
            self.jump(span(clause), Instruction::Jump(0), end);
            self.unit.assembler.bind(next);
            next = self.unit.assembler.label();
            if let Some(test) = &clause.test {
                self.line(span(clause));
                self.test(span(clause), test, next, false);
            }
            self.body(&clause.body);
        }
        self.unit.assembler.bind(next);
        self.unit.assembler.bind(end);
    }

    fn assert(&mut self, a: &'a ast::StmtAssert, place: Span) {
        let end = self.unit.assembler.label();
        self.test(place, &a.test, end, true);
        self.emit(place, Instruction::LoadAssertionError);
        if let Some(message) = &a.msg {
            self.emit(place, Instruction::PushNull);
            self.expression(message);
            self.emit(place, Instruction::Call(1));
        }
        self.emit_within(place, span(&*a.test), Instruction::Raise(1));
        self.unit.assembler.bind(end);
    }

    fn import(&mut self, i: &'a ast::StmtImport, place: Span) {
        for alias in &i.names {
            let full = alias.name.as_str();
            let index = self.unit.assembler.name(full);
            self.emit(place, Instruction::ImportName(index));
            match (&alias.asname, full.split_once('.')) {
                (Some(name), _) => self.store_name(place, name),
                (None, None) => self.store_name(place, full),
                (None, Some((top, _))) => {
                    // `import a.b` loads both and binds `a`.
                    self.emit(place, Instruction::Pop);
                    let index = self.unit.assembler.name(top);
                    self.emit(place, Instruction::ImportName(index));
                    self.store_name(place, top);
                }
            }
        }
    }

    fn import_from(&mut self, i: &'a ast::StmtImportFrom, place: Span) {
        let module = i.module.as_deref().unwrap_or("");
        if module == "__future__" {
            self.emit(place, Instruction::Nop);
            return;
        }
        // Relative ones, in the library only, keep their dots: the machine knows the package.
        let module = [".".repeat(i.level as usize).as_str(), module].concat();
        let index = self.unit.assembler.name(&module);
        self.emit(place, Instruction::ImportName(index));
        for alias in &i.names {
            if alias.name.as_str() == "*" {
                self.emit(place, Instruction::ImportStar);
                return;
            }
            let index = self.unit.assembler.name(&alias.name);
            self.emit(place, Instruction::ImportFrom(index));
            self.store_name(place, alias.asname.as_ref().unwrap_or(&alias.name));
        }
        self.emit(place, Instruction::Pop);
    }

    fn delete(&mut self, target: &'a Expr) {
        let place = span(target);
        match target {
            Expr::Name(name) => self.delete_name(place, &name.id),
            Expr::Attribute(a) => {
                self.expression(&a.value);
                let index = self.attribute_index(&a.attr);
                self.emit(self.attribute_place(a), Instruction::DeleteAttribute(index));
            }
            Expr::Subscript(s) => {
                self.expression(&s.value);
                self.expression(&s.slice);
                self.emit(place, Instruction::DeleteItem);
            }
            Expr::Tuple(t) => t.elts.iter().for_each(|e| self.delete(e)),
            Expr::List(t) => t.elts.iter().for_each(|e| self.delete(e)),
            _ => {}
        }
    }
}

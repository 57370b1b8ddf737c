//! `try` with all its clauses. The layout of handlers is CPython 3.12's, without the place of the last instruction
//! that it keeps on the stack.

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Stmt, StmtTry};

use super::assembler::Label;
use super::block::Block;
use super::{Compiler, span};
use crate::bytecode::Instruction;
use crate::source::Span;

impl<'a> Compiler<'a> {
    pub(super) fn try_statement(&mut self, statement: &'a StmtTry) {
        let start = span(statement).start;
        let word = Span::new(start, start + 3);
        self.emit(word, Instruction::Nop);
        if statement.finalbody.is_empty() {
            self.try_except(statement, word);
            return;
        }
        let assembler = &mut self.unit.assembler;
        let (handler, cleanup, end) = (assembler.label(), assembler.label(), assembler.label());
        self.unit.assembler.protect(handler);
        self.unit.blocks.push(Block::Finally(&statement.finalbody));
        if statement.handlers.is_empty() {
            self.body_or_nop(&statement.body, word);
        } else {
            self.try_except(statement, word);
        }
        self.unit.blocks.pop();
        self.unit.assembler.unprotect();
        self.body(&statement.finalbody);
        self.jump(word, Instruction::Jump(0), end);

        let last = statement.finalbody.last().map_or(word, span);
        self.unit.assembler.bind(handler);
        self.unit.assembler.protect(cleanup);
        self.emit(last, Instruction::PushExceptionInfo);
        self.unit.blocks.push(Block::FinallyHandler);
        self.body(&statement.finalbody);
        self.unit.blocks.pop();
        self.emit(last, Instruction::Reraise(0));
        self.unit.assembler.unprotect();
        self.clean_up(last, cleanup);
        self.unit.assembler.bind(end);
    }

    /// The body of `try` with its `except` and `else` clauses.
    fn try_except(&mut self, statement: &'a StmtTry, word: Span) {
        let assembler = &mut self.unit.assembler;
        let (handler, cleanup, end) = (assembler.label(), assembler.label(), assembler.label());
        self.unit.assembler.protect(handler);
        self.unit.blocks.push(Block::Try);
        self.body_or_nop(&statement.body, word);
        self.unit.blocks.pop();
        self.unit.assembler.unprotect();
        self.body(&statement.orelse);
        self.jump(word, Instruction::Jump(0), end);

        self.unit.assembler.bind(handler);
        self.unit.assembler.protect(cleanup);
        self.emit(word, Instruction::PushExceptionInfo);
        if statement.is_star {
            self.star_clauses(&statement.handlers, end);
        } else {
            self.clauses(&statement.handlers, end);
        }
        self.clean_up(word, cleanup);
        self.unit.assembler.bind(end);
    }

    /// The `except` clauses, with `previous exception` on the stack. Ends the protected region around them.
    fn clauses(&mut self, handlers: &'a [ExceptHandler], end: Label) {
        let mut last = Span::default();
        for ExceptHandler::ExceptHandler(handler) in handlers {
            let place = clause_span(handler);
            last = place;
            let next = self.unit.assembler.label();
            self.line(place);
            if let Some(kind) = &handler.type_ {
                self.expression(kind);
                self.emit(span(handler), Instruction::CheckExceptionMatch);
                self.jump(place, Instruction::JumpIfFalse(0), next);
            }
            let name = handler.name.as_deref();
            let forget = self.unit.assembler.label();
            match name {
                Some(name) => {
                    self.store_name(place, name);
                    self.unit.assembler.protect(forget);
                }
                None => self.emit(place, Instruction::Pop),
            }
            let block = Block::Handler(name.map(str::to_owned));
            self.unit.blocks.push(block);
            self.body_or_nop(&handler.body, place);
            self.unit.blocks.pop();
            if name.is_some() {
                self.unit.assembler.unprotect();
            }
            let region = self.unit.assembler.region();
            self.unit.assembler.unprotect();
            self.emit(place, Instruction::PopException);
            self.forget_exception(place, name);
            self.jump(place, Instruction::Jump(0), end);
            self.unit.assembler.set_region(region);
            if name.is_some() {
                self.unit.assembler.bind(forget);
                self.forget_exception(place, name);
                self.emit(place, Instruction::Reraise(1));
            }
            self.unit.assembler.bind(next);
        }
        self.emit(last, Instruction::Reraise(0));
        self.unit.assembler.unprotect();
    }

    /// The `except*` clauses. Below what they work on lie `previous original list rest`: the exception caught, what the
    /// clauses raised and what no clause has matched yet.
    fn star_clauses(&mut self, handlers: &'a [ExceptHandler], end: Label) {
        let mut last = Span::default();
        for (index, ExceptHandler::ExceptHandler(handler)) in handlers.iter().enumerate() {
            let place = clause_span(handler);
            last = place;
            let assembler = &mut self.unit.assembler;
            let (forget, no_match, next) =
                (assembler.label(), assembler.label(), assembler.label());
            self.line(place);
            if index == 0 {
                self.emit(place, Instruction::BuildList(0));
                self.emit(place, Instruction::Copy(2));
            }
            if let Some(kind) = &handler.type_ {
                self.expression(kind);
            }
            self.emit(span(handler), Instruction::CheckGroupMatch);
            self.emit(place, Instruction::Copy(1));
            self.jump(place, Instruction::JumpIfNone(0), no_match);
            let name = handler.name.as_deref();
            match name {
                Some(name) => self.store_name(place, name),
                None => self.emit(place, Instruction::Pop),
            }
            self.unit.assembler.protect(forget);
            self.body_or_nop(&handler.body, place);
            self.unit.assembler.unprotect();
            self.forget_exception(place, name);
            self.jump(place, Instruction::Jump(0), next);
            self.unit.assembler.bind(forget);
            self.forget_exception(place, name);
            self.emit(place, Instruction::ListAppend(2));
            self.jump(place, Instruction::Jump(0), next);
            self.unit.assembler.bind(no_match);
            self.emit(place, Instruction::Pop);
            self.unit.assembler.bind(next);
        }
        let nothing = self.unit.assembler.label();
        self.emit(last, Instruction::ListAppend(1));
        self.emit(last, Instruction::PrepareReraiseStar);
        self.emit(last, Instruction::Copy(1));
        self.jump(last, Instruction::JumpIfNone(0), nothing);
        let region = self.unit.assembler.region();
        self.unit.assembler.unprotect();
        self.emit(last, Instruction::Swap(2));
        self.emit(last, Instruction::PopException);
        self.emit(last, Instruction::Reraise(0));
        self.unit.assembler.bind(nothing);
        self.unit.assembler.set_region(region);
        self.emit(last, Instruction::Pop);
        self.unit.assembler.unprotect();
        self.emit(last, Instruction::PopException);
        self.jump(last, Instruction::Jump(0), end);
    }

    /// Where exceptions go that are raised while one is being handled: ends the handling and passes them on.
    pub(super) fn clean_up(&mut self, span: Span, cleanup: Label) {
        self.unit.assembler.bind(cleanup);
        self.emit(span, Instruction::Copy(2));
        self.emit(span, Instruction::PopException);
        self.emit(span, Instruction::Reraise(1));
    }

    /// A body that something protects: it has at least one instruction.
    pub(super) fn body_or_nop(&mut self, statements: &'a [Stmt], span: Span) {
        let before = self.unit.assembler.position();
        self.body(statements);
        if before == self.unit.assembler.position() {
            self.emit(span, Instruction::Nop);
        }
    }
}

/// A clause without its body.
fn clause_span(handler: &ExceptHandlerExceptHandler) -> Span {
    let start = span(handler).start;
    let end = match (&handler.name, &handler.type_) {
        (Some(name), _) => span(name).end,
        (None, Some(kind)) => span(&**kind).end,
        (None, None) => start + 6,
    };
    Span::new(start, end)
}

//! `while`, `for`, `async for`, `break` and `continue`.

use ruff_python_ast::{Stmt, StmtFor, StmtWhile};

use super::block::{Block, Loop};
use super::{Compiler, span};
use crate::bytecode::Instruction;
use crate::source::Span;

impl<'a> Compiler<'a> {
    /// As CPython 3.12, the test stands at the top and again at the bottom.
    pub(super) fn while_loop(&mut self, statement: &'a StmtWhile) {
        let head = span(&*statement.test);
        let assembler = &mut self.unit.assembler;
        let (top, body) = (assembler.label(), assembler.label());
        let (exhausted, end) = (assembler.label(), assembler.label());
        self.unit.assembler.bind(top);
        self.line(head);
        if super::constant::truth(&statement.test) == Some(true) {
            self.emit(head, Instruction::Nop);
        }
        self.test(span(statement), &statement.test, exhausted, false);
        self.unit.assembler.bind(body);
        self.assume_line(head);
        self.unit.blocks.push(Block::While(Loop { top, end, head }));
        self.body(&statement.body);
        self.unit.blocks.pop();
        self.line_again(head);
        self.test(span(statement), &statement.test, exhausted, false);
        self.jump(head, Instruction::JumpBackward(0), body);
        self.unit.assembler.bind(exhausted);
        self.body(&statement.orelse);
        self.unit.assembler.bind(end);
    }

    pub(super) fn for_loop(&mut self, statement: &'a StmtFor) {
        let head = span(&*statement.iter);
        let header = Span::new(span(statement).start, head.end);
        let assembler = &mut self.unit.assembler;
        let (top, exhausted, end) = (assembler.label(), assembler.label(), assembler.label());
        if statement.is_async {
            self.expression(&statement.iter);
            self.emit_within(span(statement), head, Instruction::GetAsyncIterator);
            self.unit.assembler.bind(top);
            self.assume_line(header);
            self.unit.assembler.protect(exhausted);
            self.unit.assembler.statement = Some(span(statement));
            self.next_of_async(head);
            self.unit.assembler.statement = None;
            self.unit.assembler.unprotect();
        } else {
            self.iterable(&statement.iter);
            self.unit.assembler.statement = Some(span(statement));
            self.emit(head, Instruction::GetIterator);
            self.unit.assembler.bind(top);
            self.assume_line(header);
            self.jump(head, Instruction::ForIterator(0), exhausted);
            self.unit.assembler.statement = None;
        }
        self.store(&statement.target);
        self.unit.blocks.push(Block::For(Loop {
            top,
            end,
            head: header,
        }));
        self.body(&statement.body);
        self.unit.blocks.pop();
        self.line_again(header);
        self.jump(head, Instruction::JumpBackward(0), top);
        self.unit.assembler.bind(exhausted);
        if statement.is_async {
            self.emit(head, Instruction::EndAsyncFor);
        }
        self.body(&statement.orelse);
        self.unit.assembler.bind(end);
    }

    /// `iterator -> iterator item`, or StopAsyncIteration.
    pub(super) fn next_of_async(&mut self, span: Span) {
        self.emit(span, Instruction::GetAsyncNext);
        self.load_none(span);
        self.emit(span, Instruction::YieldFrom);
    }

    /// `break` or `continue`.
    pub(super) fn leave_loop(&mut self, statement: &'a Stmt) {
        let place = span(statement);
        let is_break = matches!(statement, Stmt::Break(_));
        let is_loop = |block: &Block| matches!(block, Block::While(_) | Block::For(_));
        let region = self.unit.assembler.region();
        let block = self.leave_until(place, false, is_loop);
        let (Some(Block::While(at)) | Some(Block::For(at))) = block else {
            return;
        };
        if is_break {
            if let Some(Block::For(_)) = block {
                self.emit(place, Instruction::Pop);
            }
            self.jump(place, Instruction::Jump(0), at.end);
        } else {
            // A `while` reports its line at the test itself.
            if let Some(Block::For(_)) = block {
                self.line_again(at.head);
            }
            self.jump(place, Instruction::JumpBackward(0), at.top);
        }
        self.unit.assembler.set_region(region);
    }
}

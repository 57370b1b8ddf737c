//! `with` and `async with`.

use ruff_python_ast::{StmtWith, WithItem};

use super::block::Block;
use super::{Compiler, span};
use crate::bytecode::Instruction;
use crate::source::Span;

impl<'a> Compiler<'a> {
    pub(super) fn with(&mut self, statement: &'a StmtWith) {
        let start = span(statement).start;
        self.with_items(statement, &statement.items, start);
    }

    fn with_items(&mut self, statement: &'a StmtWith, items: &'a [WithItem], start: u32) {
        let Some((item, more)) = items.split_first() else {
            self.body_or_nop(&statement.body, Span::new(start, start));
            return;
        };
        let head = span(&item.context_expr);
        // The line of the statement is reported again when the block is left.
        let line = Span::new(start, head.end.max(start));
        let is_async = statement.is_async;
        let assembler = &mut self.unit.assembler;
        let (handler, cleanup) = (assembler.label(), assembler.label());
        let (suppress, end) = (assembler.label(), assembler.label());
        if let Some(target) = &item.optional_vars {
            self.expect_binding(target, &item.context_expr);
        }
        self.expression(&item.context_expr);
        let whole = span(statement);
        self.unit.assembler.statement = Some(whole);
        if is_async {
            self.emit(head, Instruction::BeforeAsyncWith);
            self.await_top(head, 1);
        } else {
            self.emit(head, Instruction::BeforeWith);
        }
        self.unit.assembler.statement = None;
        // What was entered is not kept: it may be on its way into a variable.
        self.unit.assembler.protect_dropping(handler, 1);
        self.unit.blocks.push(Block::With {
            line,
            head,
            whole,
            is_async,
        });
        match &item.optional_vars {
            Some(target) => self.store(target),
            None => self.emit(head, Instruction::Pop),
        }
        self.with_items(statement, more, start);
        self.unit.blocks.pop();
        self.unit.assembler.unprotect();
        self.line(line);
        self.call_exit(head, whole, is_async);
        self.emit(head, Instruction::Pop);
        self.jump(head, Instruction::Jump(0), end);

        self.unit.assembler.bind(handler);
        self.line(line);
        self.unit.assembler.protect(cleanup);
        self.emit(head, Instruction::PushExceptionInfo);
        self.unit.assembler.statement = Some(whole);
        self.emit(head, Instruction::WithExceptStart);
        if is_async {
            self.await_top(head, 2);
        }
        self.jump(head, Instruction::JumpIfTrue(0), suppress);
        self.unit.assembler.statement = None;
        self.emit(head, Instruction::Reraise(1));
        self.unit.assembler.bind(suppress);
        self.emit(head, Instruction::Pop);
        self.unit.assembler.unprotect();
        self.emit(head, Instruction::PopException);
        self.emit(head, Instruction::Pop);
        self.jump(head, Instruction::Jump(0), end);
        self.clean_up(head, cleanup);
        self.unit.assembler.bind(end);
    }

    /// `exit -> result`: calls it with three times None.
    pub(super) fn call_exit(&mut self, span: Span, whole: Span, is_async: bool) {
        self.unit.assembler.statement = Some(whole);
        self.emit(span, Instruction::PushNull);
        for _ in 0..3 {
            self.load_none(span);
        }
        self.emit(span, Instruction::Call(3));
        if is_async {
            self.await_top(span, 2);
        }
        self.unit.assembler.statement = None;
    }

    /// `awaitable -> result`
    pub(super) fn await_top(&mut self, span: Span, place: u32) {
        self.emit(span, Instruction::GetAwaitable(place));
        self.load_none(span);
        self.emit(span, Instruction::YieldFrom);
    }
}

//! What is around a statement, and how `return`, `break` and `continue` leave it.

use ruff_python_ast::Stmt;

use super::Compiler;
use super::assembler::Label;
use crate::bytecode::Instruction;
use crate::source::Span;

/// Something that has to be left in order.
#[derive(Clone)]
pub(super) enum Block<'a> {
    While(Loop),
    /// Keeps its iterator on the stack; `async for` too.
    For(Loop),
    /// The body of a `try` with `except`.
    Try,
    /// The body of a `try` with these statements in its `finally`.
    Finally(&'a [Stmt]),
    /// A `finally` body run because of an exception, which is on the stack.
    FinallyHandler,
    /// The body of an `except`, with the name it binds.
    Handler(Option<String>),
    With {
        /// The statement up to what it manages, and that.
        line: Span,
        head: Span,
        whole: Span,
        is_async: bool,
    },
    /// A value on the stack: what is being returned.
    Value,
}

/// The places of a loop.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    /// Where `continue` goes.
    pub top: Label,
    /// Where `break` goes.
    pub end: Label,
    /// The header, whose line each iteration reports.
    pub head: Span,
}

impl<'a> Compiler<'a> {
    /// Leaves all blocks, for `return`. With `value`, the top of the stack is kept.
    pub(super) fn leave_all(&mut self, span: Span, value: bool) {
        self.leave_until(span, value, |_| false);
    }

    /// Emits what leaves the blocks from the inside out, up to the first for which `stop` holds, which it hands back.
    /// Afterwards the blocks are as before, but the region of protected code is the outer one: the caller emits the jump
    /// and goes back to its own.
    pub(super) fn leave_until(
        &mut self,
        span: Span,
        value: bool,
        stop: impl Fn(&Block) -> bool,
    ) -> Option<Block<'a>> {
        let mut left = Vec::new();
        let mut found = None;
        while let Some(block) = self.unit.blocks.pop() {
            left.push(block.clone());
            if stop(&block) {
                found = Some(block);
                break;
            }
            self.leave(span, &block, value);
        }
        while let Some(block) = left.pop() {
            self.unit.blocks.push(block);
        }
        found
    }

    fn leave(&mut self, span: Span, block: &Block<'a>, value: bool) {
        let keep = |this: &mut Self| {
            if value {
                this.emit(span, Instruction::Swap(2));
            }
        };
        match block {
            Block::While(_) => {}
            Block::For(_) | Block::Value => {
                keep(self);
                self.emit(span, Instruction::Pop);
            }
            Block::Try => self.unit.assembler.unprotect(),
            Block::Finally(statements) => {
                self.unit.assembler.unprotect();
                if value {
                    self.unit.blocks.push(Block::Value);
                }
                self.body(statements);
                if value {
                    self.unit.blocks.pop();
                }
            }
            Block::FinallyHandler => {
                keep(self);
                self.emit(span, Instruction::Pop);
                keep(self);
                self.unit.assembler.unprotect();
                self.emit(span, Instruction::PopException);
            }
            Block::Handler(name) => {
                if name.is_some() {
                    self.unit.assembler.unprotect();
                }
                keep(self);
                self.unit.assembler.unprotect();
                self.emit(span, Instruction::PopException);
                self.forget_exception(span, name.as_deref());
            }
            Block::With {
                line,
                head,
                whole,
                is_async,
            } => {
                self.unit.assembler.unprotect();
                self.line(*line);
                keep(self);
                self.call_exit(*head, *whole, *is_async);
                self.emit(*head, Instruction::Pop);
            }
        }
    }

    /// `name = None; del name` at the end of `except ... as name`.
    pub(super) fn forget_exception(&mut self, span: Span, name: Option<&str>) {
        if let Some(name) = name {
            self.load_none(span);
            self.store_name(span, name);
            self.delete_name(span, name);
        }
    }
}

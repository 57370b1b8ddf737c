//! Conditions: jumps on the truth of an expression, `and`, `or`, comparisons, `x if c else y`.

use ruff_python_ast as ast;
use ruff_python_ast::{BoolOp, CmpOp, Expr, UnaryOp};

use super::assembler::Label;
use super::constant::truth;
use super::{Compiler, span};
use crate::bytecode::{Comparison, Instruction};
use crate::source::Span;

fn jump_on(condition: bool) -> Instruction {
    if condition {
        Instruction::JumpIfTrue(0)
    } else {
        Instruction::JumpIfFalse(0)
    }
}

impl<'a> Compiler<'a> {
    /// Jumps if the truth of an expression is `condition`, goes on otherwise.
    pub(super) fn jump_if(&mut self, expression: &'a Expr, label: Label, condition: bool) {
        let place = span(expression);
        if let Some(truth) = truth(expression) {
            if truth == condition {
                self.jump(place, Instruction::Jump(0), label);
            }
            return;
        }
        match expression {
            Expr::UnaryOp(e) if e.op == UnaryOp::Not => self.jump_if(&e.operand, label, !condition),
            Expr::BoolOp(e) => {
                let stops_at = e.op == BoolOp::Or;
                let (last, others) = e.values.split_last().expect("two at least");
                let after = self.unit.assembler.label();
                let target = if stops_at == condition { label } else { after };
                for value in others {
                    self.jump_if(value, target, stops_at);
                }
                self.jump_if(last, label, condition);
                self.unit.assembler.bind(after);
            }
            Expr::If(e) => {
                let assembler = &mut self.unit.assembler;
                let (other, end) = (assembler.label(), assembler.label());
                self.jump_if(&e.test, other, false);
                self.jump_if(&e.body, label, condition);
                self.jump(place, Instruction::Jump(0), end);
                self.unit.assembler.bind(other);
                self.jump_if(&e.orelse, label, condition);
                self.unit.assembler.bind(end);
            }
            Expr::Compare(e) if e.ops.len() > 1 => {
                let assembler = &mut self.unit.assembler;
                let (drop, end) = (assembler.label(), assembler.label());
                self.expression(&e.left);
                self.chain(e, place, drop, false);
                self.jump(place, jump_on(condition), label);
                self.jump(place, Instruction::Jump(0), end);
                self.unit.assembler.bind(drop);
                self.emit(place, Instruction::Pop);
                if !condition {
                    self.jump(place, Instruction::Jump(0), label);
                }
                self.unit.assembler.bind(end);
            }
            _ => {
                self.expression(expression);
                self.unit.assembler.statement = Some(self.whole);
                self.jump(place, jump_on(condition), label);
                self.unit.assembler.statement = None;
            }
        }
    }

    /// The same for what is the whole condition of something.
    pub(super) fn test(&mut self, whole: Span, test: &'a Expr, label: Label, condition: bool) {
        let outer = std::mem::replace(&mut self.whole, whole);
        self.jump_if(test, label, condition);
        self.whole = outer;
    }

    /// `a < b < c` up to its last comparison, with `a` on the stack. Where one fails, it jumps with the value to drop
    /// (and, with `keep`, the result above it).
    fn chain(&mut self, e: &'a ast::ExprCompare, place: Span, failed: Label, keep: bool) {
        let last = e.ops.len() - 1;
        for (index, (operator, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            self.comparator(*operator, right);
            if index == last {
                self.compare(place, *operator);
                break;
            }
            self.emit(place, Instruction::Swap(2));
            self.emit(place, Instruction::Copy(2));
            self.compare(place, *operator);
            if keep {
                self.emit(place, Instruction::Copy(1));
            }
            self.jump(place, Instruction::JumpIfFalse(0), failed);
            if keep {
                self.emit(place, Instruction::Pop);
            }
        }
    }

    /// The value of a comparison, with its left operand on the stack.
    pub(super) fn comparison(&mut self, e: &'a ast::ExprCompare) {
        let place = span(e);
        if let ([operator], [right]) = (&*e.ops, &*e.comparators) {
            self.comparator(*operator, right);
            self.compare(place, *operator);
            return;
        }
        let assembler = &mut self.unit.assembler;
        let (drop, end) = (assembler.label(), assembler.label());
        self.chain(e, place, drop, true);
        self.jump(place, Instruction::Jump(0), end);
        self.unit.assembler.bind(drop);
        self.emit(place, Instruction::Swap(2));
        self.emit(place, Instruction::Pop);
        self.unit.assembler.bind(end);
    }

    /// What stands right of a comparison; a list or set of constants after `in` is a constant.
    fn comparator(&mut self, operator: CmpOp, right: &'a Expr) {
        match super::constant::container(right) {
            Some(constant) if matches!(operator, CmpOp::In | CmpOp::NotIn) => {
                self.load_constant(span(right), constant);
            }
            _ => self.expression(right),
        }
    }

    fn compare(&mut self, place: Span, operator: CmpOp) {
        let instruction = match operator {
            CmpOp::Eq => Instruction::Compare(Comparison::Equal),
            CmpOp::NotEq => Instruction::Compare(Comparison::NotEqual),
            CmpOp::Lt => Instruction::Compare(Comparison::Less),
            CmpOp::LtE => Instruction::Compare(Comparison::LessEqual),
            CmpOp::Gt => Instruction::Compare(Comparison::Greater),
            CmpOp::GtE => Instruction::Compare(Comparison::GreaterEqual),
            CmpOp::Is => Instruction::Is(false),
            CmpOp::IsNot => Instruction::Is(true),
            CmpOp::In => Instruction::Contains(false),
            CmpOp::NotIn => Instruction::Contains(true),
        };
        self.emit(place, instruction);
    }

    /// The value of `and` or `or`, with the first operand on the stack.
    pub(super) fn boolean(&mut self, e: &'a ast::ExprBoolOp) {
        let place = span(e);
        let end = self.unit.assembler.label();
        for value in &e.values[1..] {
            self.emit(place, Instruction::Copy(1));
            self.jump(place, jump_on(e.op == BoolOp::Or), end);
            self.emit(place, Instruction::Pop);
            self.expression(value);
        }
        self.unit.assembler.bind(end);
    }

    pub(super) fn conditional(&mut self, e: &'a ast::ExprIf) {
        let assembler = &mut self.unit.assembler;
        let (other, end) = (assembler.label(), assembler.label());
        self.test(span(e), &e.test, other, false);
        self.expression(&e.body);
        self.jump(span(e), Instruction::Jump(0), end);
        self.unit.assembler.bind(other);
        self.expression(&e.orelse);
        self.unit.assembler.bind(end);
    }
}

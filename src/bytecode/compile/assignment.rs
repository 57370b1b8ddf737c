//! Assignments of every form, and the names that what they call gets bound to.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprContext};

use super::constant::constant;
use super::{Compiler, span};
use crate::bytecode::{Constant, Instruction};
use crate::source::Span;
use crate::syntax::scope::ScopeKind;

impl<'a> Compiler<'a> {
    pub(super) fn assign(&mut self, a: &'a ast::StmtAssign) {
        self.expect_binding(&a.targets[0], &a.value);
        if self.swap(a) {
            return;
        }
        self.expression(&a.value);
        let (last, others) = a.targets.split_last().expect("the grammar asks for one");
        for target in others {
            self.emit(span(a), Instruction::Copy(1));
            self.store(target);
        }
        self.store(last);
    }

    /// `a, b = b, a` builds no tuple.
    fn swap(&mut self, a: &'a ast::StmtAssign) -> bool {
        let ([Expr::Tuple(targets)], Expr::Tuple(values)) = (a.targets.as_slice(), &*a.value)
        else {
            return false;
        };
        let count = targets.elts.len();
        let plain = |elements: &[Expr]| !elements.iter().any(Expr::is_starred_expr);
        let swappable = (2..=3).contains(&count)
            && values.elts.len() == count
            && plain(&targets.elts)
            && plain(&values.elts)
            && constant(&a.value).is_none();
        if swappable {
            for value in &values.elts {
                self.expression(value);
            }
            self.emit(span(a), Instruction::Swap(count as u32));
            for target in &targets.elts {
                self.store(target);
            }
        }
        swappable
    }

    /// Stores the top of the stack.
    pub(super) fn store(&mut self, target: &'a Expr) {
        let place = span(target);
        match target {
            Expr::Name(name) => self.store_name(place, &name.id),
            Expr::Attribute(a) => {
                self.expression(&a.value);
                let index = self.attribute_index(&a.attr);
                self.emit(self.attribute_place(a), Instruction::StoreAttribute(index));
            }
            Expr::Subscript(s) => {
                self.expression(&s.value);
                self.expression(&s.slice);
                self.emit(place, Instruction::StoreItem);
            }
            Expr::Tuple(t) => self.unpack(place, &t.elts),
            Expr::List(t) => self.unpack(place, &t.elts),
            Expr::Starred(s) => self.store(&s.value),
            _ => {}
        }
    }

    fn unpack(&mut self, place: Span, targets: &'a [Expr]) {
        let instruction = match targets.iter().position(Expr::is_starred_expr) {
            Some(before) => {
                let after = targets.len() - before - 1;
                match (u16::try_from(before), u16::try_from(after)) {
                    (Ok(before), Ok(after)) => Instruction::UnpackStar { before, after },
                    _ => return self.fail(place, "too many targets in one assignment"),
                }
            }
            None => Instruction::UnpackSequence(targets.len() as u32),
        };
        self.emit(place, instruction);
        for target in targets {
            self.store(target);
        }
    }

    pub(super) fn augmented(&mut self, a: &'a ast::StmtAugAssign) {
        let place = span(a);
        let target = span(&*a.target);
        let operator = Instruction::InPlace(super::expression::operator(a.op));
        match &*a.target {
            Expr::Name(name) => {
                self.load_name(target, &name.id);
                self.expression(&a.value);
                self.emit(place, operator);
                self.store_name(target, &name.id);
            }
            Expr::Attribute(attribute) => {
                self.expression(&attribute.value);
                let index = self.attribute_index(&attribute.attr);
                self.emit(target, Instruction::Copy(1));
                let target = self.attribute_place(attribute);
                self.emit(target, Instruction::LoadAttribute(index));
                self.expression(&a.value);
                self.emit(place, operator);
                self.emit(target, Instruction::Swap(2));
                self.emit(target, Instruction::StoreAttribute(index));
            }
            Expr::Subscript(item) => {
                self.expression(&item.value);
                self.expression(&item.slice);
                self.emit(target, Instruction::Copy(2));
                self.emit(target, Instruction::Copy(2));
                self.emit(target, Instruction::LoadItem);
                self.expression(&a.value);
                self.emit(place, operator);
                self.emit(target, Instruction::Swap(3));
                self.emit(target, Instruction::Swap(2));
                self.emit(target, Instruction::StoreItem);
            }
            _ => {}
        }
    }

    pub(super) fn annotated(&mut self, a: &'a ast::StmtAnnAssign) {
        let place = span(a);
        if let Some(value) = &a.value {
            self.expect_binding(&a.target, value);
            self.expression(value);
            self.store(&a.target);
        }
        match &*a.target {
            Expr::Name(name) if a.simple && self.scope().kind == ScopeKind::Class => {
                self.annotation(&a.annotation);
                self.load_name(place, "__annotations__");
                let key = self.mangled(&name.id);
                self.load_constant(place, Constant::Str(key));
                self.emit(place, Instruction::StoreItem);
                return;
            }
            Expr::Attribute(target) if a.value.is_none() => {
                self.expression(&target.value);
                self.emit(place, Instruction::Pop);
            }
            Expr::Subscript(target) if a.value.is_none() => {
                self.expression(&target.value);
                self.emit(place, Instruction::Pop);
                self.expression(&target.slice);
                self.emit(place, Instruction::Pop);
            }
            _ if a.value.is_none() => self.emit(place, Instruction::Nop),
            _ => {}
        }
        // That of a function's variable is never evaluated; nobody asks for the module's.
        let postponed = self.checked.scopes().postponed_annotations;
        if !postponed && !self.scope().kind.is_function() {
            self.annotation(&a.annotation);
            self.emit(place, Instruction::Pop);
        }
    }

    /// Remembers what the calls in a value will be bound to, to name locks and tasks after it.
    pub(super) fn expect_binding(&mut self, target: &Expr, value: &Expr) {
        match (target, value) {
            (Expr::Name(name), Expr::Call(_)) => {
                self.bound.insert(span(value), name.id.to_string());
            }
            (Expr::Attribute(attribute), Expr::Call(_)) => {
                self.bound.insert(span(value), attribute.attr.to_string());
            }
            (Expr::Name(name), Expr::List(list)) if list.ctx == ExprContext::Load => {
                for (index, element) in list.elts.iter().enumerate() {
                    if element.is_call_expr() {
                        let name = format!("{}[{index}]", name.id);
                        self.bound.insert(span(element), name);
                    }
                }
            }
            (Expr::Tuple(targets), Expr::Tuple(values)) if targets.len() == values.len() => {
                for (target, value) in targets.elts.iter().zip(&values.elts) {
                    self.expect_binding(target, value);
                }
            }
            _ => {}
        }
    }

    pub(super) fn fail(&mut self, place: Span, message: &str) {
        let failure = crate::source::Diagnostic::error(place, message);
        self.failure.get_or_insert(failure);
    }
}

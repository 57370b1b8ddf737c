//! Expressions. Chains of operators are compiled in a loop, see [`spine`](crate::syntax::spine).

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, UnaryOp};

use super::constant::{constant, constants, fold, leaf_constant};
use super::{Compiler, span};
use crate::bytecode::{Constant, Instruction, Operator};
use crate::source::Span;
use crate::syntax::spine::unroll;

/// CPython builds longer displays piece by piece, so that they do not need as much stack.
const MOST_ON_STACK: usize = 30;

pub(super) fn operator(operator: ast::Operator) -> Operator {
    match operator {
        ast::Operator::Add => Operator::Add,
        ast::Operator::Sub => Operator::Subtract,
        ast::Operator::Mult => Operator::Multiply,
        ast::Operator::MatMult => Operator::MatrixMultiply,
        ast::Operator::Div => Operator::TrueDivide,
        ast::Operator::FloorDiv => Operator::FloorDivide,
        ast::Operator::Mod => Operator::Remainder,
        ast::Operator::Pow => Operator::Power,
        ast::Operator::LShift => Operator::LeftShift,
        ast::Operator::RShift => Operator::RightShift,
        ast::Operator::BitAnd => Operator::And,
        ast::Operator::BitOr => Operator::Or,
        ast::Operator::BitXor => Operator::Xor,
    }
}

impl<'a> Compiler<'a> {
    /// Leaves the value of an expression on the stack.
    pub(super) fn expression(&mut self, expression: &'a Expr) {
        let (leaf, ancestors) = unroll(expression);
        let mut ancestors = ancestors.peekable();
        // The constant in front, not loaded yet: `2 * 3 * x` multiplies once.
        let mut known = leaf_constant(leaf);
        let mut place = span(leaf);
        if known.is_none() {
            self.leaf(leaf);
        }
        while let Some(ancestor) = ancestors.next() {
            if let Some(value) = known.take() {
                if let Some(value) = fold(value.clone(), ancestor) {
                    known = Some(value);
                    place = span(ancestor);
                    continue;
                }
                self.load_constant(place, value);
            }
            let called = match (ancestor, ancestors.peek()) {
                (Expr::Attribute(attribute), Some(Expr::Call(call))) => {
                    self.method_call(attribute, call)
                }
                _ => false,
            };
            if called {
                ancestors.next();
            } else {
                self.rest(ancestor);
            }
        }
        if let Some(value) = known {
            self.load_constant(place, value);
        }
    }

    /// The rest of an expression whose first operand is on the stack.
    fn rest(&mut self, expression: &'a Expr) {
        let place = span(expression);
        match expression {
            Expr::BinOp(e) => {
                self.expression(&e.right);
                self.emit(place, Instruction::Binary(operator(e.op)));
            }
            Expr::Attribute(e) => {
                let index = self.attribute_index(&e.attr);
                if self.calls_super(&e.value) {
                    self.unit.assembler.statement = Some(place);
                }
                self.emit(self.attribute_place(e), Instruction::LoadAttribute(index));
                self.unit.assembler.statement = None;
            }
            Expr::Call(e) => self.call(e, place),
            Expr::Subscript(e) => {
                self.expression(&e.slice);
                self.emit(place, Instruction::LoadItem);
            }
            Expr::Compare(e) => self.comparison(e),
            Expr::BoolOp(e) => self.boolean(e),
            _ => {}
        }
    }

    /// The place of an attribute: its name alone where that is not on the line of what has it.
    pub(super) fn attribute_place(&self, attribute: &ast::ExprAttribute) -> Span {
        let source = self.checked.source();
        let (whole, name) = (span(attribute), span(&attribute.attr));
        match source.line_of(name.start) == source.line_of(whole.start) {
            true => whole,
            false => name,
        }
    }

    /// An expression that has no first operand.
    fn leaf(&mut self, expression: &'a Expr) {
        let place = span(expression);
        match expression {
            Expr::Name(e) => self.load_name(place, &e.id),
            Expr::Named(e) => {
                self.expect_binding(&e.target, &e.value);
                self.expression(&e.value);
                self.emit(place, Instruction::Copy(1));
                self.store(&e.target);
            }
            Expr::UnaryOp(e) => {
                self.expression(&e.operand);
                self.emit(
                    place,
                    match e.op {
                        UnaryOp::Invert => Instruction::UnaryInvert,
                        UnaryOp::Not => Instruction::UnaryNot,
                        UnaryOp::UAdd => Instruction::UnaryPositive,
                        UnaryOp::USub => Instruction::UnaryNegative,
                    },
                );
            }
            Expr::Lambda(e) => self.lambda(e, place),
            Expr::If(e) => self.conditional(e),
            Expr::Dict(e) => self.dict(e, place),
            Expr::Set(e) => self.set(&e.elts, place),
            Expr::List(e) => self.list(&e.elts, place, true),
            Expr::Tuple(e) => self.tuple(&e.elts, place),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expression);
            }
            Expr::Await(e) => {
                self.expression(&e.value);
                self.await_top(place, 0);
            }
            Expr::Yield(e) => {
                match &e.value {
                    Some(value) => self.expression(value),
                    None => self.load_none(place),
                }
                self.emit(place, Instruction::Yield);
            }
            Expr::YieldFrom(e) => {
                self.expression(&e.value);
                self.emit(place, Instruction::GetYieldFromIterator);
                self.load_none(place);
                self.emit(place, Instruction::YieldFrom);
            }
            Expr::Slice(e) => {
                for bound in [&e.lower, &e.upper] {
                    match bound {
                        Some(bound) => self.expression(bound),
                        None => self.load_none(place),
                    }
                }
                if let Some(step) = &e.step {
                    self.expression(step);
                }
                let count = 2 + u32::from(e.step.is_some());
                self.emit(place, Instruction::BuildSlice(count));
            }
            Expr::FString(e) => self.fstring(e, place),
            // Only where the grammar allows it, and there the display takes it apart.
            Expr::Starred(e) => self.expression(&e.value),
            // The check rejects the rest.
            _ => {}
        }
    }

    /// What a `for` loops over: a list written there is a tuple, since nothing can change it.
    pub(super) fn iterable(&mut self, expression: &'a Expr) {
        match expression {
            Expr::List(list) if !list.elts.iter().any(Expr::is_starred_expr) => {
                let place = span(expression);
                match constants(&list.elts) {
                    Some(values) => self.load_constant(place, Constant::Tuple(values)),
                    None => self.tuple(&list.elts, place),
                }
            }
            Expr::Set(_) => match super::constant::container(expression) {
                Some(value) => self.load_constant(span(expression), value),
                None => self.expression(expression),
            },
            _ => self.expression(expression),
        }
    }

    pub(super) fn tuple(&mut self, elements: &'a [Expr], place: Span) {
        let starred = elements.iter().any(Expr::is_starred_expr);
        if starred || elements.len() > MOST_ON_STACK {
            self.list(elements, place, false);
            self.emit(place, Instruction::ListToTuple);
            return;
        }
        for element in elements {
            self.expression(element);
        }
        self.emit(place, Instruction::BuildTuple(elements.len() as u32));
    }

    /// A list; with `display`, one that CPython may start from a constant.
    pub(super) fn list(&mut self, elements: &'a [Expr], place: Span, display: bool) {
        if display
            && elements.len() > 2
            && let Some(values) = constants(elements)
        {
            self.emit(place, Instruction::BuildList(0));
            self.load_constant(place, Constant::Tuple(values));
            self.emit(place, Instruction::ListExtend(1));
            return;
        }
        let extend = Instruction::ListExtend(1);
        let append = Instruction::ListAppend(1);
        self.collection(elements, place, Instruction::BuildList, append, extend);
    }

    fn set(&mut self, elements: &'a [Expr], place: Span) {
        if elements.len() > 2
            && let Some(values) = constants(elements)
        {
            self.emit(place, Instruction::BuildSet(0));
            self.load_constant(place, Constant::FrozenSet(values));
            self.emit(place, Instruction::SetUpdate(1));
            return;
        }
        let update = Instruction::SetUpdate(1);
        let add = Instruction::SetAdd(1);
        self.collection(elements, place, Instruction::BuildSet, add, update);
    }

    fn collection(
        &mut self,
        elements: &'a [Expr],
        place: Span,
        build: fn(u32) -> Instruction,
        add: Instruction,
        extend: Instruction,
    ) {
        let big = elements.len() > MOST_ON_STACK;
        let mut built = big;
        if big {
            self.emit(place, build(0));
        }
        for (index, element) in elements.iter().enumerate() {
            if let Expr::Starred(starred) = element {
                if !built {
                    self.emit(place, build(index as u32));
                    built = true;
                }
                self.expression(&starred.value);
                self.emit(place, extend);
            } else {
                self.expression(element);
                if built {
                    self.emit(place, add);
                }
            }
        }
        if !built {
            self.emit(place, build(elements.len() as u32));
        }
    }

    fn dict(&mut self, e: &'a ast::ExprDict, place: Span) {
        /// CPython's limit on pairs on the stack.
        const MOST_PAIRS: u32 = 17;
        let mut pairs = 0;
        let mut built = false;
        for item in &e.items {
            let full = pairs == MOST_PAIRS;
            if pairs > 0 && (full || item.key.is_none()) {
                self.pairs(place, pairs, &mut built);
                pairs = 0;
            }
            match &item.key {
                Some(key) => {
                    self.expression(key);
                    self.expression(&item.value);
                    pairs += 1;
                }
                None => {
                    if !built {
                        self.emit(place, Instruction::BuildMap(0));
                        built = true;
                    }
                    self.expression(&item.value);
                    self.emit(place, Instruction::DictUpdate(1));
                }
            }
        }
        if pairs > 0 || !built {
            self.pairs(place, pairs, &mut built);
        }
    }

    /// Makes a dict of the pairs on the stack and adds it to the one below, if there is one.
    fn pairs(&mut self, place: Span, pairs: u32, built: &mut bool) {
        self.emit(place, Instruction::BuildMap(pairs));
        if *built {
            self.emit(place, Instruction::DictUpdate(1));
        }
        *built = true;
    }

    /// Whether a value is known beforehand, for tuples of defaults.
    pub(super) fn all_constant(elements: &[&Expr]) -> Option<Vec<Constant>> {
        elements.iter().map(|element| constant(element)).collect()
    }
}

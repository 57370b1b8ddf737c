//! Comprehensions and generator expressions: functions called with the outermost iterator.

use ruff_python_ast as ast;
use ruff_python_ast::{Comprehension, Expr};

use super::{Compiler, span};
use crate::bytecode::{CodeKind, Instruction, Parameters};
use crate::source::Span;

/// What a comprehension makes of each element.
#[derive(Clone, Copy)]
enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Yield(&'a Expr),
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expression: &'a Expr) {
        let place = span(expression);
        let (name, generators, element) = match expression {
            Expr::ListComp(e) => ("<listcomp>", &e.generators, Element::List(&e.elt)),
            Expr::SetComp(e) => ("<setcomp>", &e.generators, Element::Set(&e.elt)),
            Expr::DictComp(ast::ExprDictComp {
                key: Some(key),
                value,
                generators,
                ..
            }) => ("<dictcomp>", generators, Element::Dict(key, value)),
            Expr::Generator(e) => ("<genexpr>", &e.generators, Element::Yield(&e.elt)),
            _ => return,
        };
        let lazy = matches!(element, Element::Yield(_));
        let mut unit = self.open(place, name, place);
        let is_async = self.checked.scopes().get(unit.scope).is_async;
        unit.code.kind = match (lazy, is_async) {
            (false, false) => CodeKind::Comprehension,
            (false, true) => CodeKind::AsyncComprehension,
            (true, false) => CodeKind::GeneratorExpression,
            (true, true) => CodeKind::AsyncGeneratorExpression,
        };
        unit.code.parameters = Parameters {
            positional_only: 1,
            ..Parameters::default()
        };
        self.begin_unit(unit);
        self.lay_out_slots(place);
        match element {
            Element::List(_) => self.emit(place, Instruction::BuildList(0)),
            Element::Set(_) => self.emit(place, Instruction::BuildSet(0)),
            Element::Dict(..) => self.emit(place, Instruction::BuildMap(0)),
            Element::Yield(_) => {}
        }
        self.generators(generators, 0, element, place);
        if lazy {
            self.load_none(place);
        }
        self.emit(place, Instruction::Return);
        self.make(0, place);

        let first = &generators[0];
        let outermost = span(&first.iter);
        self.emit(place, Instruction::PushNull);
        let get = self.iterator_of(first);
        self.emit_within(place, outermost, get);
        self.emit(place, Instruction::Call(1));
        if is_async && !lazy {
            self.await_top(place, 0);
        }
    }

    /// What a generator goes through, and the instruction that makes an iterator of it.
    fn iterator_of(&mut self, generator: &'a Comprehension) -> Instruction {
        if generator.is_async {
            self.expression(&generator.iter);
            Instruction::GetAsyncIterator
        } else {
            self.iterable(&generator.iter);
            Instruction::GetIterator
        }
    }

    fn generators(
        &mut self,
        generators: &'a [Comprehension],
        index: usize,
        element: Element<'a>,
        place: Span,
    ) {
        let Some(generator) = generators.get(index) else {
            self.element_of(element, generators.len() as u32, place);
            return;
        };
        let at = span(&generator.iter);
        let assembler = &mut self.unit.assembler;
        let (top, skip, end) = (assembler.label(), assembler.label(), assembler.label());
        if index == 0 {
            self.emit(at, Instruction::LoadFast(0));
        } else {
            let get = self.iterator_of(generator);
            self.emit_within(place, at, get);
        }
        self.unit.assembler.bind(top);
        if generator.is_async {
            self.unit.assembler.protect(end);
            self.unit.assembler.statement = Some(place);
            self.next_of_async(at);
            self.unit.assembler.statement = None;
            self.unit.assembler.unprotect();
        } else {
            self.unit.assembler.statement = Some(place);
            self.jump(at, Instruction::ForIterator(0), end);
            self.unit.assembler.statement = None;
        }
        self.store(&generator.target);
        for condition in &generator.ifs {
            self.test(place, condition, skip, false);
        }
        self.generators(generators, index + 1, element, place);
        self.unit.assembler.bind(skip);
        self.jump(at, Instruction::JumpBackward(0), top);
        self.unit.assembler.bind(end);
        if generator.is_async {
            self.emit(at, Instruction::EndAsyncFor);
        }
    }

    /// Adds one element to what lies below `depth` iterators.
    fn element_of(&mut self, element: Element<'a>, depth: u32, place: Span) {
        match element {
            Element::List(value) => {
                self.expression(value);
                self.emit(span(value), Instruction::ListAppend(depth + 1));
            }
            Element::Set(value) => {
                self.expression(value);
                self.emit(span(value), Instruction::SetAdd(depth + 1));
            }
            Element::Dict(key, value) => {
                self.expression(key);
                self.expression(value);
                self.emit(place, Instruction::MapAdd(depth + 1));
            }
            Element::Yield(value) => {
                self.expression(value);
                self.emit(span(value), Instruction::Yield);
                self.emit(span(value), Instruction::Pop);
            }
        }
    }
}

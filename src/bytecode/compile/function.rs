//! Functions and lambdas.

use ruff_python_ast as ast;
use ruff_python_ast::{Decorator, Expr, ParameterWithDefault};

use super::{Compiler, Unit, span};
use crate::bytecode::instruction::function;
use crate::bytecode::{Code, CodeKind, Constant, Instruction, Parameters};
use crate::source::Span;
use crate::syntax::scope::{Resolution, ScopeKind};

impl<'a> Compiler<'a> {
    pub(super) fn function(&mut self, statement: &'a ast::StmtFunctionDef) {
        let place = Span::new(name_line_start(self, statement), span(statement).end);
        let head = Span::new(place.start, span(&statement.name).end);
        self.decorators(&statement.decorator_list);
        self.line(head);
        let flags = self.defaults(&statement.parameters, head) | self.annotations(statement, head);
        let mut unit = self.open(span(statement), &statement.name, head);
        let scope = self.checked.scopes().get(unit.scope);
        unit.code.kind = match (scope.is_async, scope.is_generator) {
            (false, false) => CodeKind::Function,
            (false, true) => CodeKind::Generator,
            (true, false) => CodeKind::Coroutine,
            (true, true) => CodeKind::AsyncGenerator,
        };
        unit.code.parameters = parameters(&statement.parameters);
        self.begin_unit(unit);
        self.lay_out_slots(head);
        let body = self.docstring(&statement.body);
        self.body(body);
        let last = body.last().map_or(head, span);
        self.load_none(last);
        self.emit(last, Instruction::Return);
        self.make(flags, head);
        self.decorate(&statement.decorator_list);
        self.store_name(head, &statement.name);
    }

    pub(super) fn lambda(&mut self, e: &'a ast::ExprLambda, place: Span) {
        let mut flags = 0;
        if let Some(list) = &e.parameters {
            flags = self.defaults(list, place);
        }
        let mut unit = self.open(place, "<lambda>", place);
        let scope = self.checked.scopes().get(unit.scope);
        unit.code.kind = if scope.is_generator {
            CodeKind::Generator
        } else {
            CodeKind::Function
        };
        unit.code.parameters = e.parameters.as_deref().map(parameters).unwrap_or_default();
        self.begin_unit(unit);
        self.lay_out_slots(place);
        self.line(span(&*e.body));
        self.expression(&e.body);
        self.emit(span(&*e.body), Instruction::Return);
        self.make(flags, place);
    }

    /// A unit for the scope that a node opens, with its names.
    pub(super) fn open(&self, node: Span, name: &str, head: Span) -> Unit<'a> {
        let scope = self.checked.scopes().at(node);
        let outer = self.scope();
        let mangled = self.mangled(name);
        let global = outer
            .symbol(&mangled)
            .is_some_and(|symbol| symbol.resolution == Resolution::GlobalDeclared);
        let around = &self.unit.code;
        let qualified_name = match outer.kind {
            ScopeKind::Module => name.to_owned(),
            _ if global => name.to_owned(),
            // A comprehension leaves no trace in the names of what is inside, since CPython 3.12 compiles it in place.
            ScopeKind::Comprehension => {
                let before = around.qualified_name.strip_suffix(&around.name);
                [before.unwrap_or_default(), name].concat()
            }
            ScopeKind::Class | ScopeKind::Generator => [&around.qualified_name, ".", name].concat(),
            ScopeKind::Function | ScopeKind::Lambda => {
                [&around.qualified_name, ".<locals>.", name].concat()
            }
        };
        let code = Code {
            name: name.to_owned(),
            qualified_name,
            first_line: self.checked.source().line_of(head.start),
            ..Code::default()
        };
        Unit::new(scope, code)
    }

    /// Ends the current code and makes a function of it, with its defaults on the stack.
    pub(super) fn make(&mut self, mut flags: u32, place: Span) {
        let scope = self.scope();
        let code = self.finish_unit();
        for name in &scope.frees {
            let slot = self.unit.slots.get(name).copied().unwrap_or_default();
            self.emit(place, Instruction::LoadClosure(slot));
        }
        if !scope.frees.is_empty() {
            let count = scope.frees.len() as u32;
            self.emit(place, Instruction::BuildTuple(count));
            flags |= function::CLOSURE;
        }
        self.load_constant(place, Constant::Code(code));
        self.emit(place, Instruction::MakeFunction(flags));
    }

    /// The defaults of parameters on the stack; hands back which there are.
    fn defaults(&mut self, parameters: &'a ast::Parameters, place: Span) -> u32 {
        let mut flags = 0;
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let positional: Vec<&Expr> = positional.filter_map(default).collect();
        if !positional.is_empty() {
            flags |= function::DEFAULTS;
            match Self::all_constant(&positional) {
                Some(values) => self.load_constant(place, Constant::Tuple(values)),
                None => {
                    for value in &positional {
                        self.expression(value);
                    }
                    let count = positional.len() as u32;
                    self.emit(place, Instruction::BuildTuple(count));
                }
            }
        }
        let mut keywords = 0;
        for parameter in &parameters.kwonlyargs {
            if let Some(value) = default(parameter) {
                let name = self.mangled(&parameter.parameter.name);
                self.load_constant(place, Constant::Str(name));
                self.expression(value);
                keywords += 1;
            }
        }
        if keywords > 0 {
            flags |= function::KEYWORD_DEFAULTS;
            self.emit(place, Instruction::BuildMap(keywords));
        }
        flags
    }

    /// The dict of annotations on the stack, if there are any; hands back the flag for it. CPython 3.12, Python/compile.c,
    /// compiler_visit_annotations.
    fn annotations(&mut self, statement: &'a ast::StmtFunctionDef, place: Span) -> u32 {
        let list = &statement.parameters;
        let plain = |p: &'a ParameterWithDefault| &p.parameter;
        let annotated = (list.args.iter().map(plain))
            .chain(list.posonlyargs.iter().map(plain))
            .chain(list.vararg.as_deref())
            .chain(list.kwonlyargs.iter().map(plain))
            .chain(list.kwarg.as_deref())
            .map(|p| (p.name.as_str(), &p.annotation))
            .chain([("return", &statement.returns)]);
        let mut count = 0;
        for (name, annotation) in annotated {
            if let Some(annotation) = annotation {
                let name = self.mangled(name);
                self.load_constant(place, Constant::Str(name));
                self.annotation(annotation);
                count += 1;
            }
        }
        if count == 0 {
            return 0;
        }
        self.emit(place, Instruction::BuildMap(count));
        function::ANNOTATIONS
    }

    /// The value of an annotation: its text if the program wants that of all of them.
    pub(super) fn annotation(&mut self, annotation: &'a Expr) {
        let place = span(annotation);
        if self.checked.scopes().postponed_annotations {
            let text = self.checked.source().slice(place).to_owned();
            self.load_constant(place, Constant::Str(text));
            return;
        }
        match annotation {
            Expr::Starred(starred) => {
                self.expression(&starred.value);
                self.emit(place, Instruction::UnpackSequence(1));
            }
            _ => self.expression(annotation),
        }
    }

    /// The decorators, each with the empty slot of its call.
    pub(super) fn decorators(&mut self, decorators: &'a [Decorator]) {
        for decorator in decorators {
            self.line(span(decorator));
            self.expression(&decorator.expression);
            self.emit(span(&decorator.expression), Instruction::PushNull);
        }
    }

    /// Calls the decorators below, the last first.
    pub(super) fn decorate(&mut self, decorators: &'a [Decorator]) {
        for decorator in decorators.iter().rev() {
            self.emit(span(&decorator.expression), Instruction::Call(1));
        }
    }
}

/// Where `def` stands, which is behind the decorators.
fn name_line_start(compiler: &Compiler, statement: &ast::StmtFunctionDef) -> u32 {
    let start = match statement.decorator_list.last() {
        Some(decorator) => span(decorator).end,
        None => return span(statement).start,
    };
    let word = if statement.is_async { "async" } else { "def" };
    compiler.find_word(start, span(&statement.name).start, word)
}

fn default(parameter: &ParameterWithDefault) -> Option<&Expr> {
    parameter.default.as_deref()
}

fn parameters(list: &ast::Parameters) -> Parameters {
    // No program that passes the check has more: the text would be longer than the limits allow to compile.
    let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    Parameters {
        positional_only: count(list.posonlyargs.len()),
        positional: count(list.args.len()),
        keyword_only: count(list.kwonlyargs.len()),
        star: list.vararg.is_some(),
        double_star: list.kwarg.is_some(),
    }
}

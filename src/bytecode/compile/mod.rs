//! The compiler: checked syntax to [`Code`], in the order CPython 3.12 evaluates it.
//!
//! The instructions follow CPython's closely, so that a thread can lose the processor where it can there. What differs:
//! comprehensions are functions of their own, as before 3.12; the module's annotations are evaluated, but not kept;
//! conditions are not threaded through jumps.

mod assembler;
mod assignment;
mod block;
mod call;
mod class;
mod comprehension;
mod condition;
mod constant;
mod exception;
mod expression;
mod function;
mod loops;
mod matching;
mod name;
mod statement;
mod text;
mod with;

use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use super::{Code, CodeKind, Constant, Instruction};
use crate::source::{Diagnostic, Span};
use crate::syntax::Checked;
use crate::syntax::scope::{MODULE, Scope, ScopeId};
use assembler::Assembler;
use block::Block;

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The user's program, whose lines are reported. Otherwise library code, which runs without being shown.
    pub user: bool,
}

/// More instructions than any program people write has; nested `finally` bodies double at each level.
const MOST_INSTRUCTIONS: u32 = 1_000_000;

/// Compiles a program.
pub fn compile(checked: &Checked, options: &Options) -> Result<Rc<Code>, Diagnostic> {
    let module = Unit::new(
        MODULE,
        Code {
            name: "<module>".into(),
            qualified_name: "<module>".into(),
            first_line: 1,
            kind: CodeKind::Module,
            ..Code::default()
        },
    );
    let mut compiler = Compiler {
        checked,
        options: *options,
        unit: module,
        outer: Vec::new(),
        bound: BTreeMap::new(),
        whole: Span::default(),
        finished: 0,
        failure: None,
    };
    let body = &checked.module().body;
    compiler.module(body);
    let code = compiler.finish_unit();
    match compiler.failure {
        Some(failure) => Err(failure),
        None => Ok(code),
    }
}

/// One code in the making.
struct Unit<'a> {
    scope: ScopeId,
    code: Code,
    assembler: Assembler,
    /// The slot of each parameter, local, cell and free variable.
    slots: BTreeMap<String, u32>,
    /// What is around the statement being compiled.
    blocks: Vec<Block<'a>>,
}

impl Unit<'_> {
    fn new(scope: ScopeId, code: Code) -> Self {
        Unit {
            scope,
            code,
            assembler: Assembler::default(),
            slots: BTreeMap::new(),
            blocks: Vec::new(),
        }
    }
}

struct Compiler<'a> {
    checked: &'a Checked,
    options: Options,
    unit: Unit<'a>,
    outer: Vec<Unit<'a>>,
    /// Calls whose result is bound to a name, by their source.
    bound: BTreeMap<Span, String>,
    /// What a condition belongs to: CPython 3.11 places there what asks for its truth.
    whole: Span,
    /// Instructions in the codes finished so far.
    finished: u32,
    failure: Option<Diagnostic>,
}

fn span(node: &impl Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}

impl<'a> Compiler<'a> {
    fn scope(&self) -> &'a Scope {
        self.checked.scopes().get(self.unit.scope)
    }

    fn emit(&mut self, span: Span, instruction: Instruction) {
        self.unit.assembler.emit(span, instruction);
    }

    /// Emits what CPython to 3.12 places at a whole statement or expression.
    fn emit_within(&mut self, whole: Span, span: Span, instruction: Instruction) {
        self.unit.assembler.statement = Some(whole);
        self.emit(span, instruction);
        self.unit.assembler.statement = None;
    }

    /// Reports that a line is reached. Library code has no lines.
    fn line(&mut self, span: Span) {
        if self.options.user && self.unit.assembler.is_reachable() {
            let line = self.checked.source().line_of(span.start);
            self.unit.assembler.line(span, line);
        }
    }

    /// Reports the line of a loop for its next iteration.
    fn line_again(&mut self, span: Span) {
        if self.options.user && self.unit.assembler.is_reachable() {
            let line = self.checked.source().line_of(span.start);
            self.unit.assembler.line_again(span, line);
        }
    }

    /// The label just bound is only reached right after this line was reported.
    fn assume_line(&mut self, span: Span) {
        let line = self.checked.source().line_of(span.start);
        self.unit.assembler.assume_line(line);
    }

    fn load_constant(&mut self, span: Span, constant: Constant) {
        let index = self.unit.assembler.constant(constant);
        self.emit(span, Instruction::LoadConstant(index));
    }

    fn load_none(&mut self, span: Span) {
        self.load_constant(span, Constant::None);
    }

    /// Whether compiling has to stop because the code is too large.
    fn has_failed(&mut self, span: Span) -> bool {
        let count = self.finished.saturating_add(self.unit.assembler.position());
        if self.failure.is_none() && count > MOST_INSTRUCTIONS {
            self.failure = Some(
                Diagnostic::error(span, "the program is too large")
                    .hint("`finally` bodies inside each other are compiled several times; move the inner ones into functions"),
            );
        }
        self.failure.is_some()
    }

    fn module(&mut self, body: &'a [Stmt]) {
        let last = body.last().map_or(Span::default(), span);
        let body = self.docstring(body);
        if let Some(docstring) = self.unit.code.docstring.clone() {
            let first = span(&self.checked.module().body[0]);
            self.line(first);
            self.load_constant(first, Constant::Str(docstring));
            self.store_name(first, "__doc__");
        }
        self.body(body);
        self.load_none(last);
        self.emit(last, Instruction::Return);
    }

    /// Sets a docstring aside and hands back the rest of the body.
    fn docstring(&mut self, body: &'a [Stmt]) -> &'a [Stmt] {
        if let Some(Stmt::Expr(first)) = body.first()
            && let Some(text) = first.value.as_string_literal_expr()
        {
            self.unit.code.docstring = Some(text.value.to_str().to_owned());
            return &body[1..];
        }
        body
    }

    fn begin_unit(&mut self, unit: Unit<'a>) {
        let outer = std::mem::replace(&mut self.unit, unit);
        self.outer.push(outer);
    }

    /// Ends the current code and goes back to the one around it.
    fn finish_unit(&mut self) -> Rc<Code> {
        let unit = match self.outer.pop() {
            Some(outer) => std::mem::replace(&mut self.unit, outer),
            None => std::mem::replace(&mut self.unit, Unit::new(MODULE, Code::default())),
        };
        let mut code = unit.code;
        self.finished = self.finished.saturating_add(unit.assembler.position());
        unit.assembler.finish(self.checked.source(), &mut code);
        Rc::new(code)
    }
}

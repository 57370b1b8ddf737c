//! Walks the syntax tree once: gathers the names of each scope and finds what CPython's compiler would reject.

use ruff_python_ast as ast;
use ruff_python_ast::{ExceptHandler, Stmt};
use ruff_text_size::Ranged;

use super::known::Known;
use super::scope::{MODULE, ScopeId, ScopeKind, Scopes, mangle};
use crate::source::{Diagnostic, Span};

/// CPython's limit on `for`, `while`, `try` and `with` inside each other within one function.
const MOST_NESTED_BLOCKS: usize = 20;

/// An attribute path that starts at a plain name: `concurrent.futures.wait`.
pub(super) struct Path {
    pub scope: ScopeId,
    pub name: String,
    pub place: Span,
    pub attributes: Vec<(String, Span)>,
}

/// What is around the statement being looked at, within its function.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    in_loop: bool,
    in_star_except: bool,
    /// In a `try` that goes on without a module that is not there.
    pub(super) expects_no_module: bool,
    blocks: usize,
}

pub(super) struct Collector<'k> {
    /// `from module import *` stands somewhere.
    pub(super) imports_all: bool,
    pub(super) known: &'k Known,
    pub scopes: Scopes,
    pub scope: ScopeId,
    pub diagnostics: Vec<Diagnostic>,
    pub paths: Vec<Path>,
    pub(super) around: Around,
    /// In an annotation, which is not evaluated.
    pub(super) in_annotation: bool,
    /// In `if TYPE_CHECKING:`, which never runs.
    pub(super) for_checkers: bool,
    /// In the iterable of a comprehension's `for`.
    pub(super) in_iterable: bool,
    /// `from __future__` may still come.
    future_allowed: bool,
}

pub(super) fn span(node: &impl Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}

/// Whether a handler is for ImportError: says so, or catches all.
fn catches_missing_module(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let is = |kind: &ast::Expr| {
        kind.as_name_expr().is_some_and(|name| {
            matches!(
                &*name.id,
                "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException"
            )
        })
    };
    match handler.type_.as_deref() {
        None => true,
        Some(ast::Expr::Tuple(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
    }
}

impl<'k> Collector<'k> {
    pub fn new(known: &'k Known) -> Self {
        let mut scopes = Scopes::default();
        scopes.open(ScopeKind::Module, None, None, Span::default());
        Collector {
            imports_all: false,
            known,
            scopes,
            scope: MODULE,
            diagnostics: Vec::new(),
            paths: Vec::new(),
            around: Around::default(),
            in_annotation: false,
            for_checkers: false,
            in_iterable: false,
            future_allowed: true,
        }
    }

    pub fn error(&mut self, place: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(place, message));
        self.diagnostics.last_mut().expect("was just pushed")
    }

    pub fn error_with_hint(&mut self, place: Span, message: impl Into<String>, hint: &str) {
        self.error(place, message).hints.push(hint.to_owned());
    }

    pub fn unsupported(&mut self, place: Span, what: &str, hint: &str) {
        self.error_with_hint(place, [what, " not supported here"].concat(), hint);
    }

    pub fn mangled(&self, name: &str) -> String {
        let private = self.scopes.get(self.scope).private.as_deref();
        mangle(private, name).unwrap_or_else(|| name.to_owned())
    }

    pub fn kind(&self) -> ScopeKind {
        self.scopes.get(self.scope).kind
    }

    /// A name is bound in the current scope, other than by an import.
    pub fn bind(&mut self, name: &str, place: Span) {
        let name = self.mangled(name);
        if name == "__debug__" {
            self.error(place, "cannot assign to __debug__");
        }
        let symbol = self.scopes.symbol_mut(self.scope, &name, place);
        symbol.bound = true;
        symbol.rebound = true;
    }

    pub fn using(&mut self, name: &str, place: Span) {
        if self.in_annotation {
            return;
        }
        let name = self.mangled(name);
        self.scopes.symbol_mut(self.scope, &name, place).used = true;
    }

    /// Opens a scope, runs the walk of its inside, closes it.
    pub fn within(
        &mut self,
        kind: ScopeKind,
        private: Option<String>,
        place: Span,
        inside: impl FnOnce(&mut Self),
    ) -> ScopeId {
        let outer = self.scope;
        let around = std::mem::take(&mut self.around);
        let in_iterable = std::mem::take(&mut self.in_iterable);
        self.scope = self.scopes.open(kind, Some(outer), private, place);
        let id = self.scope;
        inside(self);
        self.scope = outer;
        self.around = around;
        self.in_iterable = in_iterable;
        id
    }

    pub fn private(&self) -> Option<String> {
        self.scopes.get(self.scope).private.clone()
    }

    pub fn body(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn block(&mut self, place: Span, inside: impl FnOnce(&mut Self)) {
        self.blocks(place, 1, inside);
    }

    fn blocks(&mut self, place: Span, count: usize, inside: impl FnOnce(&mut Self)) {
        let around = self.around;
        let fitted = around.blocks <= MOST_NESTED_BLOCKS;
        self.around.blocks = around.blocks.saturating_add(count);
        if fitted && self.around.blocks > MOST_NESTED_BLOCKS {
            self.error_with_hint(
                place,
                "too many statically nested blocks",
                "move the inner blocks into a function of their own",
            );
        }
        inside(self);
        self.around = around;
    }

    fn statement(&mut self, statement: &Stmt) {
        let place = span(statement);
        let future = self.future_allowed;
        let docstring = matches!(statement, Stmt::Expr(e) if e.value.is_string_literal_expr());
        let future_import =
            matches!(statement, Stmt::ImportFrom(i) if i.module.as_deref() == Some("__future__"));
        if !docstring && !future_import {
            self.future_allowed = false;
        }
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Return(r) => {
                if !self.kind().is_function() {
                    self.error_with_hint(
                        place,
                        "`return` outside a function",
                        "a script ends at its last line; put the code into a `def` to return early",
                    );
                }
                if self.around.in_star_except {
                    self.not_in_star_except(place);
                }
                if let Some(value) = &r.value {
                    self.single(value);
                }
            }
            Stmt::Delete(d) => self.expressions(&d.targets),
            Stmt::Assign(a) => {
                self.single(&a.value);
                for target in &a.targets {
                    self.target(target);
                }
            }
            Stmt::AugAssign(a) => {
                if let ast::Expr::Name(name) = &*a.target {
                    self.using(&name.id, span(name));
                }
                self.expression(&a.target);
                self.expression(&a.value);
            }
            Stmt::AnnAssign(a) => self.annotated(a),
            Stmt::For(f) => {
                if f.is_async {
                    self.needs_async(place.start, "async for");
                }
                self.single(&f.iter);
                self.target(&f.target);
                self.block(place, |this| {
                    this.around.in_loop = true;
                    this.around.in_star_except = false;
                    this.body(&f.body);
                });
                self.body(&f.orelse);
            }
            Stmt::While(w) => {
                self.expression(&w.test);
                self.block(place, |this| {
                    this.around.in_loop = true;
                    this.around.in_star_except = false;
                    this.body(&w.body);
                });
                self.body(&w.orelse);
            }
            Stmt::If(i) => {
                self.expression(&i.test);
                let outer = self.for_checkers;
                self.for_checkers |= super::collect_import::is_type_checking(&i.test);
                self.body(&i.body);
                self.for_checkers = outer;
                for clause in &i.elif_else_clauses {
                    if let Some(test) = &clause.test {
                        self.expression(test);
                    }
                    self.body(&clause.body);
                }
            }
            Stmt::With(w) => {
                if w.is_async {
                    self.needs_async(place.start, "async with");
                }
                self.blocks(place, w.items.len(), |this| {
                    for item in &w.items {
                        this.expression(&item.context_expr);
                        if let Some(target) = &item.optional_vars {
                            this.target(target);
                        }
                    }
                    this.body(&w.body);
                });
            }
            Stmt::Match(m) => {
                self.expression(&m.subject);
                self.cases(&m.cases);
            }
            Stmt::TypeAlias(_) => {
                let word = Span::new(place.start, place.start + 4);
                self.unsupported(word, "`type` statements are", "write an assignment");
            }
            Stmt::Raise(r) => {
                self.optional(r.exc.as_deref());
                self.optional(r.cause.as_deref());
            }
            Stmt::Try(t) => self.try_statement(t, place),
            Stmt::Assert(a) => {
                self.expression(&a.test);
                self.optional(a.msg.as_deref());
            }
            Stmt::Import(i) => self.import(i),
            Stmt::ImportFrom(i) => self.import_from(i, place, future),
            Stmt::Global(g) => {
                for name in &g.names {
                    self.declare(name, true);
                }
            }
            Stmt::Nonlocal(n) => {
                for name in &n.names {
                    self.declare(name, false);
                }
            }
            Stmt::Expr(e) => self.single(&e.value),
            Stmt::Break(_) | Stmt::Continue(_) => {
                let word = if matches!(statement, Stmt::Break(_)) {
                    "break"
                } else {
                    "continue"
                };
                if self.around.in_star_except {
                    self.not_in_star_except(place);
                } else if !self.around.in_loop {
                    self.error_with_hint(
                        place,
                        format!("`{word}` outside a loop"),
                        "it belongs into the body of a `for` or `while`, in the same function",
                    );
                }
            }
            Stmt::Pass(_) => {}
            Stmt::IpyEscapeCommand(_) => {
                self.error(place, "invalid syntax");
            }
        }
    }

    fn not_in_star_except(&mut self, place: Span) {
        self.error(
            place,
            "`break`, `continue` and `return` cannot appear in an `except*` block",
        );
    }

    fn try_statement(&mut self, t: &ast::StmtTry, place: Span) {
        self.block(place, |this| {
            let around = this.around;
            this.around.expects_no_module |= t.handlers.iter().any(catches_missing_module);
            this.body(&t.body);
            this.around = around;
            for (index, handler) in t.handlers.iter().enumerate() {
                let ExceptHandler::ExceptHandler(handler) = handler;
                let head = Span::new(handler.start().to_u32(), handler.start().to_u32() + 6);
                match &handler.type_ {
                    Some(kind) => this.expression(kind),
                    None if t.is_star => {
                        this.error(head, "`except*` needs the exception to catch");
                    }
                    None if index + 1 < t.handlers.len() => {
                        this.error_with_hint(
                            head,
                            "a bare `except:` must come last",
                            "it catches everything, so the clauses below it can never run",
                        );
                    }
                    None => {}
                }
                if let Some(name) = &handler.name {
                    this.bind(name, span(name));
                }
                let around = this.around;
                if t.is_star {
                    this.around.in_star_except = true;
                }
                this.body(&handler.body);
                this.around = around;
            }
            this.body(&t.orelse);
            this.body(&t.finalbody);
        });
    }

    fn annotated(&mut self, a: &ast::StmtAnnAssign) {
        if let Some(value) = &a.value {
            self.single(value);
        }
        let evaluated = !self.kind().is_function();
        self.annotation(Some(&a.annotation), evaluated);
        self.expression(&a.target);
        if let ast::Expr::Name(name) = &*a.target
            && a.simple
        {
            let place = span(name);
            let kind = self.kind();
            self.scopes.get_mut(self.scope).has_annotations |= kind == ScopeKind::Class;
            let mangled = self.mangled(&name.id);
            let module = kind == ScopeKind::Module;
            let symbol = self.scopes.symbol_mut(self.scope, &mangled, place);
            symbol.annotated.get_or_insert(place);
            let (global, nonlocal) = (symbol.global.is_some(), symbol.nonlocal.is_some());
            if global && !module {
                self.error(
                    place,
                    format!("annotated name `{}` can't be global", name.id),
                );
            } else if nonlocal {
                self.error(
                    place,
                    format!("annotated name `{}` can't be nonlocal", name.id),
                );
            }
        }
    }

    fn declare(&mut self, name: &ast::Identifier, global: bool) {
        let place = span(name);
        let word = if global { "global" } else { "nonlocal" };
        let in_module = self.kind() == ScopeKind::Module;
        if in_module && !global {
            self.error_with_hint(
                place,
                "`nonlocal` is not allowed at module level",
                "it belongs into a function that stands inside another one",
            );
            return;
        }
        let mangled = self.mangled(name);
        let symbol = self.scopes.symbol_mut(self.scope, &mangled, place);
        let problem = if symbol.parameter {
            Some(format!("name `{name}` is a parameter and {word}"))
        } else if (global && symbol.nonlocal.is_some()) || (!global && symbol.global.is_some()) {
            Some(format!("name `{name}` is nonlocal and global"))
        } else if symbol.annotated.is_some() && !in_module {
            Some(format!("annotated name `{name}` can't be {word}"))
        } else if symbol.bound && symbol.first < place {
            Some(format!(
                "name `{name}` is assigned to before its `{word}` declaration"
            ))
        } else if symbol.used && symbol.first < place {
            Some(format!(
                "name `{name}` is used before its `{word}` declaration"
            ))
        } else {
            None
        };
        if global {
            symbol.global = Some(place);
        } else {
            symbol.nonlocal = Some(place);
        }
        if let Some(problem) = problem {
            self.error_with_hint(
                place,
                problem,
                &["move `", word, "` to the first line of the function"].concat(),
            );
        }
    }
}

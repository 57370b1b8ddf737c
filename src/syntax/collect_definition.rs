//! The walk through functions and classes, see [`super::collect`].

use ruff_python_ast as ast;
use ruff_python_ast::ParameterWithDefault;

use super::collect::{Collector, span};
use super::scope::ScopeKind;

impl Collector<'_> {
    /// Defaults and annotations, which belong to the scope around.
    pub(super) fn defaults(&mut self, parameters: &ast::Parameters) {
        let with_default = |this: &mut Self, parameters: &[ParameterWithDefault]| {
            for parameter in parameters {
                this.optional(parameter.default.as_deref());
                this.annotation(parameter.parameter.annotation.as_deref(), true);
            }
        };
        with_default(self, &parameters.posonlyargs);
        with_default(self, &parameters.args);
        with_default(self, &parameters.kwonlyargs);
        for parameter in [&parameters.vararg, &parameters.kwarg]
            .into_iter()
            .flatten()
        {
            self.annotation(parameter.annotation.as_deref(), true);
        }
    }

    /// The parameters as names of the current scope, in the order of the slots.
    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) {
        let named = [
            &parameters.posonlyargs,
            &parameters.args,
            &parameters.kwonlyargs,
        ];
        for parameter in named.into_iter().flatten() {
            self.parameter(&parameter.parameter);
        }
        for parameter in [&parameters.vararg, &parameters.kwarg]
            .into_iter()
            .flatten()
        {
            self.parameter(parameter);
        }
    }

    pub(super) fn parameter(&mut self, parameter: &ast::Parameter) {
        let place = span(&parameter.name);
        let name = self.mangled(&parameter.name);
        let known = self.scopes.get(self.scope).symbol(&name);
        if known.is_some_and(|symbol| symbol.parameter) {
            self.error(
                place,
                format!(
                    "duplicate argument `{}` in function definition",
                    parameter.name
                ),
            );
        }
        self.bind(&parameter.name, place);
        self.scopes.symbol_mut(self.scope, &name, place).parameter = true;
    }

    pub(super) fn type_parameters(&mut self, parameters: Option<&ast::TypeParams>) {
        if let Some(parameters) = parameters {
            self.unsupported(
                span(parameters),
                "type parameters are",
                "use `typing.TypeVar`",
            );
        }
    }

    pub(super) fn decorators(&mut self, decorators: &[ast::Decorator]) {
        for decorator in decorators {
            self.expression(&decorator.expression);
        }
    }

    pub fn function(&mut self, function: &ast::StmtFunctionDef) {
        self.decorators(&function.decorator_list);
        self.type_parameters(function.type_params.as_deref());
        self.defaults(&function.parameters);
        self.annotation(function.returns.as_deref(), true);
        self.bind(&function.name, span(&function.name));
        let private = self.private();
        let id = self.within(ScopeKind::Function, private, span(function), |this| {
            this.scopes.get_mut(this.scope).is_async = function.is_async;
            this.parameters(&function.parameters);
            this.body(&function.body);
        });
        let scope = self.scopes.get(id);
        if scope.is_async && scope.is_generator {
            self.no_return_value(&function.body);
        }
    }

    /// An async generator cannot return a value.
    pub(super) fn no_return_value(&mut self, body: &[ast::Stmt]) {
        use ruff_python_ast::Stmt;
        for statement in body {
            match statement {
                Stmt::Return(r) if r.value.is_some() => {
                    self.error_with_hint(
                        span(r),
                        "`return` with a value in an async generator",
                        "a function with `async def` and `yield` hands out values by `yield` only",
                    );
                }
                Stmt::For(s) => {
                    self.no_return_value(&s.body);
                    self.no_return_value(&s.orelse);
                }
                Stmt::While(s) => {
                    self.no_return_value(&s.body);
                    self.no_return_value(&s.orelse);
                }
                Stmt::If(s) => {
                    self.no_return_value(&s.body);
                    for clause in &s.elif_else_clauses {
                        self.no_return_value(&clause.body);
                    }
                }
                Stmt::With(s) => self.no_return_value(&s.body),
                Stmt::Try(s) => {
                    self.no_return_value(&s.body);
                    for ast::ExceptHandler::ExceptHandler(handler) in &s.handlers {
                        self.no_return_value(&handler.body);
                    }
                    self.no_return_value(&s.orelse);
                    self.no_return_value(&s.finalbody);
                }
                _ => {}
            }
        }
    }

    pub fn class(&mut self, class: &ast::StmtClassDef) {
        self.decorators(&class.decorator_list);
        self.type_parameters(class.type_params.as_deref());
        if let Some(arguments) = &class.arguments {
            self.expressions(&arguments.args);
            for keyword in &arguments.keywords {
                let metaclass = keyword.arg.as_deref() == Some("metaclass");
                if metaclass && !self.known.is_everything() {
                    let hint = "use a class decorator or a base class";
                    self.unsupported(span(keyword), "metaclasses are", hint);
                }
                self.expression(&keyword.value);
            }
        }
        self.bind(&class.name, span(&class.name));
        let private = Some(class.name.to_string());
        self.within(ScopeKind::Class, private, span(class), |this| {
            this.body(&class.body);
        });
    }
}

//! The walk through expressions, see [`super::collect`].

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprContext, InterpolatedStringElement, Number};

use super::collect::{Collector, Path, span};
use super::scope::ScopeKind;
use super::spine::unroll;
use crate::source::Span;

const COLOUR: &str = "only `async def` functions may wait; make the function around it `async def`, and await it where it is called";

/// The `for` clauses of one comprehension, which nest.
const MOST_CLAUSES: usize = 50;

impl Collector<'_> {
    pub fn expressions(&mut self, expressions: &[Expr]) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    pub fn optional(&mut self, expression: Option<&Expr>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    /// An expression that stands for one value.
    pub fn single(&mut self, expression: &Expr) {
        if expression.is_starred_expr() {
            self.error_with_hint(
                span(expression),
                "can't use starred expression here",
                "add a comma to make it a tuple: `*values,`",
            );
        }
        self.expression(expression);
    }

    /// An annotation. If it is kept as text or not at all, nothing in it may have an effect.
    pub fn annotation(&mut self, expression: Option<&Expr>, evaluated: bool) {
        if let Some(expression) = expression {
            let outer = self.in_annotation;
            self.in_annotation |= !evaluated || self.scopes.postponed_annotations;
            self.expression(expression);
            self.in_annotation = outer;
        }
    }

    /// What stands left of `=` or after `for` and `as`.
    pub fn target(&mut self, target: &Expr) {
        if let Expr::Starred(starred) = target {
            self.error_with_hint(
                span(starred),
                "starred assignment target must be in a list or tuple",
                "add a comma: `*rest, = values`",
            );
        }
        self.expression(target);
    }

    pub fn expression(&mut self, expression: &Expr) {
        let (leaf, ancestors) = unroll(expression);
        self.leaf(leaf);
        let mut path = match leaf {
            Expr::Name(name) if name.ctx == ExprContext::Load && !self.in_annotation => {
                Some(Path {
                    scope: self.scope,
                    name: self.mangled(&name.id),
                    place: span(name),
                    attributes: Vec::new(),
                })
            }
            _ => None,
        };
        for ancestor in ancestors {
            match (ancestor, &mut path) {
                (Expr::Attribute(a), Some(path)) if a.ctx == ExprContext::Load => {
                    path.attributes.push((a.attr.to_string(), span(&a.attr)));
                }
                _ => self.paths.extend(path.take()),
            }
            self.rest(ancestor);
        }
        self.paths.extend(path);
    }

    /// All of an expression but its first operand.
    fn rest(&mut self, expression: &Expr) {
        match expression {
            Expr::BinOp(e) => self.expression(&e.right),
            Expr::Call(e) => self.arguments(&e.arguments),
            Expr::Subscript(e) => self.expression(&e.slice),
            Expr::Compare(e) => self.expressions(&e.comparators),
            Expr::BoolOp(e) => self.expressions(&e.values[1..]),
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: &ast::Arguments) {
        self.expressions(&arguments.args);
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            if let Some(name) = &keyword.arg {
                let earlier = &arguments.keywords[..index.min(255)];
                if earlier
                    .iter()
                    .any(|k| k.arg.as_deref() == Some(name.as_str()))
                {
                    self.error(span(keyword), format!("keyword argument repeated: {name}"));
                }
                if name.as_str() == "__debug__" {
                    self.error(span(name), "cannot assign to __debug__");
                }
            }
            self.expression(&keyword.value);
        }
    }

    fn leaf(&mut self, expression: &Expr) {
        let place = span(expression);
        match expression {
            Expr::Name(name) => match name.ctx {
                ExprContext::Load => {
                    self.using(&name.id, place);
                    if name.id == "super" && self.kind().is_function() {
                        self.using("__class__", place);
                        self.first_parameter(place);
                    }
                }
                ExprContext::Store | ExprContext::Del => self.bind(&name.id, place),
                ExprContext::Invalid => {}
            },
            Expr::Named(e) => self.named(e),
            Expr::UnaryOp(e) => self.expression(&e.operand),
            Expr::Lambda(e) => {
                if let Some(parameters) = &e.parameters {
                    self.defaults(parameters);
                }
                let private = self.private();
                self.within(ScopeKind::Lambda, private, place, |this| {
                    if let Some(parameters) = &e.parameters {
                        this.parameters(parameters);
                    }
                    this.expression(&e.body);
                });
            }
            Expr::If(e) => {
                self.expression(&e.test);
                self.expression(&e.body);
                self.expression(&e.orelse);
            }
            Expr::Dict(e) => {
                for item in &e.items {
                    self.optional(item.key.as_ref());
                    self.expression(&item.value);
                }
            }
            Expr::Set(e) => self.expressions(&e.elts),
            Expr::List(e) => {
                self.stars(&e.elts, e.ctx);
                self.expressions(&e.elts);
            }
            Expr::Tuple(e) => {
                self.stars(&e.elts, e.ctx);
                self.expressions(&e.elts);
            }
            Expr::ListComp(e) => {
                self.comprehension(ScopeKind::Comprehension, place, &e.generators, &[&e.elt]);
            }
            Expr::SetComp(e) => {
                self.comprehension(ScopeKind::Comprehension, place, &e.generators, &[&e.elt]);
            }
            Expr::DictComp(e) => match &e.key {
                Some(key) => {
                    let parts = [&**key, &*e.value];
                    self.comprehension(ScopeKind::Comprehension, place, &e.generators, &parts);
                }
                None => {
                    self.error(place, "dict unpacking cannot be used in dict comprehension");
                }
            },
            Expr::Generator(e) => {
                self.comprehension(ScopeKind::Generator, place, &e.generators, &[&e.elt]);
            }
            Expr::Await(e) => {
                self.not_in_annotation(place, "await");
                self.needs_async(place.start, "await");
                self.expression(&e.value);
            }
            Expr::Yield(e) => {
                self.yields(place, "yield");
                if let Some(value) = &e.value {
                    self.single(value);
                }
            }
            Expr::YieldFrom(e) => {
                self.yields(place, "yield from");
                if self.kind() == ScopeKind::Function && self.scopes.get(self.scope).is_async {
                    self.error_with_hint(
                        place,
                        "`yield from` inside an async function",
                        "write `async for item in ...: yield item`, or `await` what you wait for",
                    );
                }
                self.expression(&e.value);
            }
            Expr::Slice(e) => {
                self.optional(e.lower.as_deref());
                self.optional(e.upper.as_deref());
                self.optional(e.step.as_deref());
            }
            Expr::Starred(e) => self.expression(&e.value),
            Expr::FString(e) => {
                for element in e.value.elements() {
                    self.interpolated(element);
                }
            }
            Expr::TString(_) => {
                self.unsupported(place, "template strings are", "write an f-string");
            }
            Expr::NumberLiteral(e) => {
                if let Number::Complex { .. } = e.value {
                    self.unsupported(place, "complex numbers are", "use two floats");
                }
            }
            Expr::IpyEscapeCommand(_) => {
                self.error(place, "invalid syntax");
            }
            _ => {}
        }
    }

    fn interpolated(&mut self, element: &InterpolatedStringElement) {
        if let InterpolatedStringElement::Interpolation(part) = element {
            self.expression(&part.expression);
            if let Some(spec) = &part.format_spec {
                for element in &spec.elements {
                    self.interpolated(element);
                }
            }
        }
    }

    /// `super()` in a comprehension stands for the one of the method around, and needs its first parameter.
    fn first_parameter(&mut self, place: Span) {
        let mut id = self.scope;
        while self.scopes.get(id).kind.is_comprehension() {
            match self.scopes.get(id).parent {
                Some(parent) => id = parent,
                None => return,
            }
        }
        if id == self.scope {
            return;
        }
        let first = self.scopes.get(id).symbols().next();
        if let Some((name, symbol)) = first
            && symbol.parameter
        {
            let name = name.to_owned();
            self.scopes.symbol_mut(self.scope, &name, place).used = true;
        }
    }

    fn stars(&mut self, elements: &[Expr], context: ExprContext) {
        if context == ExprContext::Store {
            let mut starred = elements.iter().filter(|e| e.is_starred_expr()).skip(1);
            if let Some(second) = starred.next() {
                self.error(span(second), "multiple starred expressions in assignment");
            }
        }
    }

    fn named(&mut self, e: &ast::ExprNamed) {
        self.expression(&e.value);
        let Expr::Name(name) = &*e.target else {
            return;
        };
        let place = span(name);
        self.not_in_annotation(place, ":=");
        if !self.kind().is_comprehension() {
            self.bind(&name.id, place);
            return;
        }
        if self.in_iterable {
            self.error(
                place,
                "`:=` cannot be used in the iterable of a comprehension",
            );
            return;
        }
        // The name belongs to the nearest scope that is no comprehension.
        let mangled = self.mangled(&name.id);
        let mut inner = Vec::new();
        let mut id = self.scope;
        while self.scopes.get(id).kind.is_comprehension() {
            if self
                .scopes
                .get(id)
                .symbol(&mangled)
                .is_some_and(|s| s.iteration)
            {
                self.error(
                    place,
                    format!(
                        "`:=` cannot rebind comprehension iteration variable `{}`",
                        name.id
                    ),
                );
                return;
            }
            inner.push(id);
            id = self.scopes.get(id).parent.expect("a module is around");
        }
        if self.scopes.get(id).kind == ScopeKind::Class {
            self.error(
                place,
                "`:=` within a comprehension cannot be used in a class body",
            );
            return;
        }
        let global = {
            let module = self.scopes.get(id).kind == ScopeKind::Module;
            let symbol = self.scopes.symbol_mut(id, &mangled, place);
            symbol.bound = true;
            symbol.rebound = true;
            module || symbol.global.is_some()
        };
        for id in inner {
            let symbol = self.scopes.symbol_mut(id, &mangled, place);
            symbol.bound = true;
            if global {
                symbol.global = Some(place);
            } else {
                symbol.nonlocal = Some(place);
            }
        }
    }

    fn not_in_annotation(&mut self, place: Span, what: &str) {
        if self.in_annotation {
            self.unsupported(
                place,
                &["`", what, "` in an annotation is"].concat(),
                "this annotation is not evaluated",
            );
        }
    }

    fn yields(&mut self, place: Span, what: &str) {
        self.not_in_annotation(place, what);
        match self.kind() {
            ScopeKind::Function | ScopeKind::Lambda => {
                self.scopes.get_mut(self.scope).is_generator = true;
            }
            ScopeKind::Comprehension => {
                self.error_with_hint(
                    place,
                    format!("`{what}` inside a comprehension"),
                    "write a loop that yields",
                );
            }
            ScopeKind::Generator => {
                self.error_with_hint(
                    place,
                    format!("`{what}` inside a generator expression"),
                    "write a loop that yields",
                );
            }
            ScopeKind::Module | ScopeKind::Class => {
                self.error_with_hint(
                    place,
                    format!("`{what}` outside a function"),
                    "put it into a `def`, which makes that a generator",
                );
            }
        }
    }

    /// `await`, `async for` or `async with` stands here: the scope must allow it.
    pub fn needs_async(&mut self, start: u32, what: &str) {
        let place = Span::new(start, start + what.len() as u32);
        match self.kind() {
            ScopeKind::Module | ScopeKind::Class => {
                self.error_with_hint(
                    place,
                    format!("`{what}` outside a function"),
                    "put it into `async def main():` and start that with `asyncio.run(main())`",
                );
            }
            ScopeKind::Function | ScopeKind::Lambda => {
                if !self.scopes.get(self.scope).is_async {
                    self.error_with_hint(
                        place,
                        format!("`{what}` outside an async function"),
                        COLOUR,
                    );
                }
            }
            ScopeKind::Generator => self.scopes.get_mut(self.scope).is_async = true,
            ScopeKind::Comprehension => self.make_async(place),
        }
    }

    /// A list, set or dict comprehension waits: so does what it stands in.
    fn make_async(&mut self, place: Span) {
        let mut id = self.scope;
        loop {
            let scope = self.scopes.get_mut(id);
            match scope.kind {
                ScopeKind::Comprehension => scope.is_async = true,
                ScopeKind::Generator => {
                    scope.is_async = true;
                    return;
                }
                _ if scope.is_async => return,
                _ => break,
            }
            match scope.parent {
                Some(parent) => id = parent,
                None => break,
            }
        }
        self.error_with_hint(
            place,
            "asynchronous comprehension outside an async function",
            COLOUR,
        );
    }

    fn comprehension(
        &mut self,
        kind: ScopeKind,
        place: Span,
        generators: &[ast::Comprehension],
        elements: &[&Expr],
    ) {
        if generators.len() > MOST_CLAUSES {
            self.error_with_hint(
                place,
                "too many `for` clauses in one comprehension",
                "write nested loops",
            );
            return;
        }
        let iterable = std::mem::replace(&mut self.in_iterable, true);
        self.expression(&generators[0].iter);
        self.in_iterable = iterable;
        let private = self.private();
        self.within(kind, private, place, |this| {
            let parameter = this.scopes.symbol_mut(this.scope, ".0", place);
            parameter.parameter = true;
            parameter.bound = true;
            for (index, generator) in generators.iter().enumerate() {
                if generator.is_async {
                    let start = span(generator).start;
                    this.needs_async(start, "async for");
                }
                this.iteration_target(&generator.target);
                if index > 0 {
                    this.in_iterable = true;
                    this.expression(&generator.iter);
                    this.in_iterable = false;
                }
                this.expressions(&generator.ifs);
            }
            for element in elements {
                this.expression(element);
            }
        });
    }

    fn iteration_target(&mut self, target: &Expr) {
        self.target(target);
        let names: Vec<String> = match target {
            Expr::Name(name) => vec![self.mangled(&name.id)],
            Expr::Tuple(t) => self.plain_names(&t.elts),
            Expr::List(t) => self.plain_names(&t.elts),
            _ => Vec::new(),
        };
        for name in names {
            let place = span(target);
            self.scopes.symbol_mut(self.scope, &name, place).iteration = true;
        }
    }

    fn plain_names(&self, elements: &[Expr]) -> Vec<String> {
        let names = elements.iter().filter_map(Expr::as_name_expr);
        names.map(|name| self.mangled(&name.id)).collect()
    }
}

//! Imports, see [`super::collect`].

use ruff_python_ast as ast;

use super::collect::{Collector, span};
use super::known::is_absent;
use super::scope::ScopeKind;
use crate::source::Span;

impl Collector<'_> {
    pub(super) fn import(&mut self, i: &ast::StmtImport) {
        for alias in &i.names {
            let name = alias.name.as_str();
            let top = name.split('.').next().unwrap_or(name);
            if self.for_checkers {
                let given = alias.asname.as_ref().map_or(top, |given| given.as_str());
                self.bind(given, span(alias));
                continue;
            }
            self.check_module(name, span(&alias.name));
            match &alias.asname {
                Some(given) => self.bind_module(given, name, span(alias)),
                None => self.bind_module(top, top, span(alias)),
            }
        }
    }

    fn check_module(&mut self, name: &str, place: Span) {
        if !(self.around.expects_no_module && is_absent(name)) {
            let problem = self.known.check_module(name, place);
            self.diagnostics.extend(problem);
        }
    }

    pub(super) fn import_from(&mut self, i: &ast::StmtImportFrom, place: Span, future: bool) {
        if i.level > 0 && !self.known.is_everything() {
            self.unsupported(
                place,
                "relative imports are",
                "a program is one file; put what it needs into it",
            );
            return;
        }
        if i.module.as_deref() == Some("__future__") {
            if !future {
                self.error(
                    place,
                    "`from __future__` imports must stand at the beginning of the file",
                );
            }
            for alias in &i.names {
                const FEATURES: [&str; 10] = [
                    "nested_scopes",
                    "generators",
                    "division",
                    "absolute_import",
                    "with_statement",
                    "print_function",
                    "unicode_literals",
                    "barry_as_FLUFL",
                    "generator_stop",
                    "annotations",
                ];
                self.scopes.postponed_annotations |= alias.name.as_str() == "annotations";
                if !FEATURES.contains(&alias.name.as_str()) {
                    self.error(
                        span(alias),
                        format!("future feature `{}` is not defined", alias.name),
                    );
                }
            }
            return;
        }
        if self.for_checkers {
            for alias in &i.names {
                let given = alias.asname.as_ref().unwrap_or(&alias.name);
                self.bind(given, span(alias));
            }
            return;
        }
        let module = i.module.as_ref();
        if let Some(module) = module {
            self.check_module(module, span(module));
        }
        for alias in &i.names {
            let name = &alias.name;
            let problem = module.and_then(|m| self.known.check_name(m, name, span(name)));
            if alias.name.as_str() == "*" {
                if self.kind() != ScopeKind::Module {
                    self.error(span(alias), "import * only allowed at module level");
                }
                let known = self.known;
                for name in module.into_iter().flat_map(|m| known.public_names(m)) {
                    self.bind(name, span(alias));
                }
                self.imports_all = true;
            } else {
                self.diagnostics.extend(problem);
                self.bind(alias.asname.as_ref().unwrap_or(name), span(alias));
            }
        }
    }

    fn bind_module(&mut self, name: &str, module: &str, place: Span) {
        let name = self.mangled(name);
        let symbol = self.scopes.symbol_mut(self.scope, &name, place);
        symbol.bound = true;
        match &symbol.module {
            Some(other) if other != module => symbol.rebound = true,
            _ => symbol.module = Some(module.to_owned()),
        }
    }
}

/// Whether a condition is `TYPE_CHECKING` or `typing.TYPE_CHECKING`.
pub(super) fn is_type_checking(test: &ast::Expr) -> bool {
    match test {
        ast::Expr::Name(name) => name.id == "TYPE_CHECKING",
        ast::Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

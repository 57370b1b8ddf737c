//! Checked syntax: the program parsed, and everything found wrong that can be known before it runs.
//!
//! It knows nothing of bytecode, of values or of running. Annotations are checked for their syntax and otherwise have no
//! effect: names in them are not looked up.

mod collect;
mod collect_expression;
mod known;
mod nearest;
pub mod scope;
pub mod spine;

use ruff_python_ast::{ModModule, PythonVersion, token::Tokens};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::source::{Diagnostic, Source, Span};
use collect::Collector;
pub use known::{BUILTINS, Known};
use scope::Scopes;

/// A program that may be compiled.
#[derive(Debug)]
pub struct Checked {
    source: Source,
    module: ModModule,
    tokens: Tokens,
    scopes: Scopes,
}

impl Checked {
    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn module(&self) -> &ModModule {
        &self.module
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }
}

/// Parses a program and checks all that can be known before it runs. The diagnostics come in the order of the text.
pub fn check(source: &Source, known: &Known) -> Result<Checked, Vec<Diagnostic>> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(source.text(), options)
        .try_into_module()
        .expect("a module was asked for");
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for error in parsed.errors() {
        let range = error.location;
        let span = Span::new(range.start().to_u32(), range.end().to_u32());
        diagnostics.push(Diagnostic::error(span, error.error.to_string()));
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut collector = Collector::new(known);
    collector.body(&parsed.syntax().body);
    let mut diagnostics = std::mem::take(&mut collector.diagnostics);
    collector.scopes.resolve(&mut diagnostics);
    known.check_paths(&collector.paths, &collector.scopes, &mut diagnostics);
    if !diagnostics.is_empty() {
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        return Err(diagnostics);
    }
    let tokens = parsed.tokens().clone();
    Ok(Checked {
        source: source.clone(),
        module: parsed.into_syntax(),
        tokens,
        scopes: collector.scopes,
    })
}

//! Checked syntax: the program parsed, and everything found wrong that can be known before it runs.
//!
//! It knows nothing of bytecode, of values or of running. Names in annotations that are never evaluated are not looked up.

mod collect;
mod collect_definition;
mod collect_expression;
mod collect_import;
pub mod highlight;
mod known;
mod limits;
mod nearest;
pub mod operation;
mod patterns;
mod problems;
mod scan;
pub mod scope;
pub mod spine;

use std::mem::ManuallyDrop;

use ruff_python_ast::{ModModule, PythonVersion, Suite, token::Tokens};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::source::{Diagnostic, Source};
use collect::Collector;
pub use known::{BUILTINS, Known};
use problems::problems;
use scope::Scopes;

/// A program that may be compiled.
#[derive(Debug)]
pub struct Checked {
    source: Source,
    tree: Tree,
    tokens: Tokens,
    scopes: Scopes,
}

impl Checked {
    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn module(&self) -> &ModModule {
        &self.tree.module
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }
}

/// The syntax tree.
#[derive(Debug)]
struct Tree {
    module: ManuallyDrop<ModModule>,
    is_deep: bool,
}

impl Tree {
    fn new(module: ModModule, chain: u32) -> Self {
        Tree {
            module: ManuallyDrop::new(module),
            is_deep: chain > LONGEST_RELEASED,
        }
    }
}

/// Releasing a tree takes a call for each level of it.
const LONGEST_RELEASED: u32 = 1_000;

impl Drop for Tree {
    fn drop(&mut self) {
        // The rare program with a longer chain of operators keeps its memory, rather than overflow the stack.
        if !self.is_deep {
            let module = &mut *self.module;
            module.body = Suite::new();
        }
    }
}

/// Parses a program and checks all that can be known before it runs. The diagnostics come in the order of the text.
pub fn check(source: &Source, known: &Known) -> Result<Checked, Vec<Diagnostic>> {
    let scan = scan::scan(source.text());
    if let Some(problem) = scan.problem {
        return Err(vec![problem]);
    }
    let chain = match limits::longest_chain(source, &scan.tokens) {
        Ok(chain) => chain,
        Err(problem) => return Err(vec![problem]),
    };
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(source.text(), options)
        .try_into_module()
        .expect("a module was asked for");
    let diagnostics = problems(source, parsed.errors(), parsed.unsupported_syntax_errors());
    let tokens = parsed.tokens().clone();
    let tree = Tree::new(parsed.into_syntax(), chain);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut collector = Collector::new(known);
    collector.body(&tree.module.body);
    let mut diagnostics = std::mem::take(&mut collector.diagnostics);
    collector.scopes.resolve(&mut diagnostics);
    known.check_paths(&collector.paths, &collector.scopes, &mut diagnostics);
    if collector.imports_all {
        known.check_unbound(&collector.paths, &collector.scopes, &mut diagnostics);
    }
    if !diagnostics.is_empty() {
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        return Err(diagnostics);
    }
    Ok(Checked {
        source: source.clone(),
        tree,
        tokens,
        scopes: collector.scopes,
    })
}

//! The table of names: which scope each name of the program belongs to.
//!
//! A scope is a module, a class body, a function, a lambda or a comprehension. Names are kept mangled, as the class
//! they stand in makes them (`__lock` in `Account` is `_Account__lock`).

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Diagnostic, Span};

/// The index of a scope in [`Scopes`].
pub type ScopeId = usize;

/// What a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    /// A list, set or dict comprehension.
    Comprehension,
    /// A generator expression.
    Generator,
}

impl ScopeKind {
    /// Names bound in it are its slots, and inner scopes see them.
    pub fn is_function(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }

    pub fn is_comprehension(self) -> bool {
        matches!(self, ScopeKind::Comprehension | ScopeKind::Generator)
    }
}

/// Where a name of a scope lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// In this scope: a slot, a global of a module, or an entry of a class namespace.
    #[default]
    Local,
    /// In this scope, and inner scopes see it.
    Cell,
    /// In an outer function.
    Free,
    /// A global because `global` says so.
    GlobalDeclared,
    /// A global or a builtin because no function around binds it.
    GlobalImplicit,
}

/// What a scope does with a name.
#[derive(Clone, Debug, Default)]
pub struct Symbol {
    pub parameter: bool,
    pub bound: bool,
    pub used: bool,
    pub global: Option<Span>,
    pub nonlocal: Option<Span>,
    /// Bound by `name: annotation`.
    pub annotated: Option<Span>,
    /// Target of a comprehension's `for`.
    pub iteration: bool,
    /// The first place that binds or uses it.
    pub first: Span,
    /// The module an `import` binds it to, as long as nothing else does.
    pub module: Option<String>,
    pub rebound: bool,
    pub resolution: Resolution,
}

/// One scope.
#[derive(Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<ScopeId>,
    /// The class whose name mangles `__names`.
    pub private: Option<String>,
    /// `async def`, or a comprehension with `await` or `async for` inside.
    pub is_async: bool,
    /// It holds `yield`.
    pub is_generator: bool,
    /// A class body with annotated names.
    pub has_annotations: bool,
    symbols: BTreeMap<String, Symbol>,
    /// Names in the order they first appear.
    order: Vec<String>,
    /// Names that inner scopes reach, sorted.
    pub cells: BTreeSet<String>,
    /// Names of outer functions that this scope or one inside needs, sorted.
    pub frees: BTreeSet<String>,
}

impl Scope {
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.symbols.get(name)
    }

    /// The names with their symbols, in the order they first appear.
    pub fn symbols(&self) -> impl Iterator<Item = (&str, &Symbol)> {
        self.order
            .iter()
            .map(|name| (name.as_str(), &self.symbols[name]))
    }
}

/// All scopes of a program.
#[derive(Debug, Default)]
pub struct Scopes {
    scopes: Vec<Scope>,
    /// Each scope by the source range of what opens it.
    by_span: BTreeMap<Span, ScopeId>,
    /// `from __future__ import annotations`: they are kept as text.
    pub postponed_annotations: bool,
}

/// The module's scope.
pub const MODULE: ScopeId = 0;

impl Scopes {
    pub(super) fn open(
        &mut self,
        kind: ScopeKind,
        parent: Option<ScopeId>,
        private: Option<String>,
        span: Span,
    ) -> ScopeId {
        let id = self.scopes.len();
        self.scopes.push(Scope {
            kind,
            parent,
            private,
            is_async: false,
            is_generator: false,
            has_annotations: false,
            symbols: BTreeMap::new(),
            order: Vec::new(),
            cells: BTreeSet::new(),
            frees: BTreeSet::new(),
        });
        if kind != ScopeKind::Module {
            self.by_span.insert(span, id);
        }
        id
    }

    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.scopes[id]
    }

    pub(super) fn get_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id]
    }

    /// The scope opened by the function, class, lambda or comprehension at a source range.
    pub fn at(&self, span: Span) -> ScopeId {
        self.by_span[&span]
    }

    pub(super) fn symbol_mut(&mut self, id: ScopeId, name: &str, span: Span) -> &mut Symbol {
        let scope = &mut self.scopes[id];
        if !scope.symbols.contains_key(name) {
            scope.order.push(name.to_owned());
            scope.symbols.insert(
                name.to_owned(),
                Symbol {
                    first: span,
                    ..Symbol::default()
                },
            );
        }
        scope.symbols.get_mut(name).expect("was put in above")
    }

    /// The scope in which a name used in a scope is bound, if any binds it: a function around, or the module.
    pub fn owner(&self, from: ScopeId, name: &str) -> Option<ScopeId> {
        let mut id = from;
        loop {
            let scope = &self.scopes[id];
            if let Some(symbol) = scope.symbol(name) {
                if symbol.global.is_some() {
                    break;
                }
                let visible = id == from || scope.kind.is_function();
                if visible && symbol.bound && symbol.nonlocal.is_none() {
                    return Some(id);
                }
            }
            match scope.parent {
                Some(parent) => id = parent,
                None => break,
            }
        }
        let module = self.scopes[MODULE].symbol(name)?;
        module.bound.then_some(MODULE)
    }

    /// Decides for each name of each scope where it lives, once all are known.
    pub(super) fn resolve(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for id in 0..self.scopes.len() {
            let names = std::mem::take(&mut self.scopes[id].order);
            for name in &names {
                self.resolve_name(id, name, diagnostics);
            }
            // Passing a name through to an inner scope may have added names meanwhile.
            let added = std::mem::replace(&mut self.scopes[id].order, names);
            self.scopes[id].order.extend(added);
        }
    }

    fn resolve_name(&mut self, id: ScopeId, name: &str, diagnostics: &mut Vec<Diagnostic>) {
        let kind = self.scopes[id].kind;
        let symbol = &self.scopes[id].symbols[name];
        let resolution = if symbol.global.is_some() {
            // Declaring it global makes it one of the module's names too.
            if symbol.bound {
                let span = symbol.first;
                let module = self.symbol_mut(MODULE, name, span);
                module.bound = true;
                module.rebound = true;
            }
            Resolution::GlobalDeclared
        } else if let Some(span) = symbol.nonlocal {
            if self.reach(id, name) {
                Resolution::Free
            } else {
                diagnostics.push(
                    Diagnostic::error(span, format!("no binding for nonlocal `{name}` found"))
                        .hint("`nonlocal` names a variable of a function around this one; for a variable of the module write `global`"),
                );
                Resolution::GlobalDeclared
            }
        } else if symbol.bound {
            // An inner scope may have been here before: keep what it found.
            if self.scopes[id].cells.contains(name) {
                Resolution::Cell
            } else {
                Resolution::Local
            }
        } else if kind != ScopeKind::Module && self.reach(id, name) {
            Resolution::Free
        } else {
            Resolution::GlobalImplicit
        };
        let symbol = self.scopes[id].symbols.get_mut(name).expect("is there");
        symbol.resolution = resolution;
    }

    /// Looks for the function around a scope that binds a name, makes it a cell there and free in all between.
    fn reach(&mut self, from: ScopeId, name: &str) -> bool {
        let mut path = vec![from];
        let mut next = self.scopes[from].parent;
        while let Some(id) = next {
            let scope = &mut self.scopes[id];
            let class_cell = scope.kind == ScopeKind::Class && name == "__class__";
            if class_cell {
                scope.cells.insert(name.to_owned());
                break;
            }
            if scope.kind == ScopeKind::Module {
                return false;
            }
            if scope.kind.is_function()
                && let Some(symbol) = scope.symbols.get_mut(name)
            {
                if symbol.global.is_some() {
                    return false;
                }
                if symbol.bound && symbol.nonlocal.is_none() {
                    symbol.resolution = Resolution::Cell;
                    scope.cells.insert(name.to_owned());
                    break;
                }
            }
            path.push(id);
            next = scope.parent;
        }
        if next.is_none() {
            return false;
        }
        for id in path {
            self.scopes[id].frees.insert(name.to_owned());
        }
        true
    }
}

/// The name as the class around makes it: `__lock` becomes `_Account__lock`.
pub fn mangle(private: Option<&str>, name: &str) -> Option<String> {
    let class = private?.trim_start_matches('_');
    let hidden = name.starts_with("__") && !name.ends_with("__") && !name.contains('.');
    (hidden && !class.is_empty()).then(|| ["_", class, name].concat())
}

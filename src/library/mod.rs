//! The simulated library: modules that programs import, written in Python on top of the machine's `_kernel`.
//!
//! A module is one file.

#[cfg(test)]
mod lean;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::bytecode::Code;
use crate::bytecode::compile::{Options, compile as compile_syntax};
use crate::source::Source;
use crate::syntax::{Known, check};

// `MODULES`: name, whether it is a package, text. The build makes it of the files in this folder.
include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Packages, and a part of each that is imported when one of its names is used.
const LAZY: &[(&str, &str)] = &[("asyncio", "asyncio.network")];

/// The part of a package that binds a name, or is called so, and is not imported with it.
pub fn lazy_part(package: &str, name: &str) -> Option<&'static str> {
    if (package, name) == ("collections", "abc") {
        return Some("collections.abc");
    }
    let (_, part) = LAZY.iter().find(|(of, _)| *of == package)?;
    source(part)
        .filter(|text| bound_names(text).contains(&name))
        .map(|_| *part)
}

/// Modules whose counterparts in CPython are written in C: a thread is not preempted in them, but in what they call.
const ATOMIC: &[&str] = &[
    "_attributes",
    "_finalization",
    "_gather",
    "_local",
    "collections",
    "functools",
    "heapq",
    "io",
    "itertools",
    "operator",
    "random",
    "sys",
    "types",
];

/// Whether nothing preempts a module's own code.
pub fn is_atomic(name: &str) -> bool {
    ATOMIC.contains(&name)
}

/// What else than natives CPython has in C: the module here, the one that messages name, and the functions and classes; all if none is named.
const IN_C: &[(&str, &str, &str)] = &[
    ("_local", "", "_local"),
    ("collections", "", "OrderedDict defaultdict"),
    ("contextvars", "_contextvars", ""),
    (
        "functools",
        "",
        "cmp_to_key partial reduce KeyWrapper _lru_cache_wrapper",
    ),
    (
        "heapq",
        "_heapq",
        "heappush heappop heapreplace heappushpop heapify",
    ),
    ("io", "", "StringIO"),
    ("itertools", "itertools", ""),
    ("operator", "_operator", ""),
    ("queue", "_queue", "SimpleQueue"),
    ("random", "_random", "Random.random Random.getrandbits"),
    ("time", "time", "time time_ns"),
    ("time", "", ""),
    ("types", "", "SimpleNamespace"),
];

/// The module in which CPython has in C what a function of a module of the library stands for.
pub fn counterpart(module: &str, qualified_name: &str) -> Option<&'static str> {
    let class = qualified_name.split('.').next().unwrap_or("");
    let fits = |names: &str| {
        names.is_empty() || names.split(' ').any(|n| n == class || n == qualified_name)
    };
    let mut all = IN_C.iter().filter(|(of, _, _)| *of == module);
    all.find(|(_, _, names)| fits(names)).map(|(_, of, _)| *of)
}

/// Native modules that programs may import, and their names beyond those that are functions.
const NATIVE: &[(&str, &str)] = &[("math", "pi e tau inf nan")];

/// The text of a module.
pub fn source(name: &str) -> Option<&'static str> {
    MODULES
        .iter()
        .find(|(n, _, _)| *n == name)
        .map(|(_, _, text)| *text)
}

/// Whether a module is a package.
pub fn is_package(name: &str) -> bool {
    MODULES.iter().any(|(n, package, _)| *n == name && *package)
}

thread_local! {
    /// The modules that were compiled here: the next run needs the same ones.
    static COMPILED: RefCell<BTreeMap<&'static str, Rc<Code>>> = RefCell::default();
}

/// A module of the library, compiled; the message of what is wrong with it otherwise. None if there is no such module.
pub fn module(name: &str) -> Option<Result<Rc<Code>, String>> {
    let (name, _, text) = MODULES.iter().find(|(n, _, _)| *n == name)?;
    if let Some(code) = COMPILED.with_borrow(|known| known.get(name).cloned()) {
        return Some(Ok(code));
    }
    let code = compile(name, text);
    if let Ok(code) = &code {
        COMPILED.with_borrow_mut(|known| known.insert(name, code.clone()));
    }
    Some(code)
}

/// Compiles text as a module of the library; the message of what is wrong otherwise.
pub fn compile(name: &str, text: &str) -> Result<Rc<Code>, String> {
    let source = Source::new(name, text);
    let checked = check(&source, &Known::everything()).map_err(|problems| {
        problems
            .iter()
            .map(|p| p.render(&source))
            .collect::<String>()
    })?;
    compile_syntax(&checked, &Options { user: false }).map_err(|problem| problem.render(&source))
}

/// What a program (its text) may import and use. Names are looked up in those modules only that the text mentions.
pub fn known(
    program: &str,
    natives: &crate::machine::native::Natives,
    builtins: impl Fn(&str) -> bool,
) -> Known {
    let mut known = Known::new();
    for (name, _, _) in MODULES {
        let hidden = name.split('.').any(|part| part.starts_with('_'));
        if hidden {
            continue;
        }
        let mentioned = program.contains(name.split('.').next().unwrap_or(name));
        known.module(
            name,
            if mentioned {
                names(name, natives)
            } else {
                Vec::new()
            },
        );
    }
    for (name, _) in NATIVE {
        known.module(name, names(name, natives));
    }
    known.builtins(
        crate::syntax::BUILTINS
            .split_whitespace()
            .filter(|n| builtins(n)),
    );
    known
}

/// The names of a module, those of all versions.
pub fn names(module: &str, natives: &crate::machine::native::Natives) -> Vec<&'static str> {
    let mut names = bound_names(source(module).unwrap_or(""));
    if let Some((_, part)) = LAZY.iter().find(|(of, _)| *of == module) {
        names.extend(bound_names(source(part).unwrap_or("")));
    }
    if let Some((_, more)) = NATIVE.iter().find(|(of, _)| *of == module) {
        let lists = natives.modules.iter().filter(|(m, _)| *m == module);
        let functions = lists.flat_map(|(_, list)| list.iter());
        names.extend(functions.map(|(_, number)| natives.all[*number as usize].name));
        names.extend(more.split(' '));
    }
    names
}

/// The names that a module's text binds at its top level, or one level in (under `if`).
fn bound_names(text: &'static str) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut in_import = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let depth = line.len() - trimmed.len();
        if in_import {
            names.extend(words(trimmed));
            in_import = !trimmed.contains(')');
            continue;
        }
        if depth > 1 {
            continue;
        }
        if let Some(rest) = trimmed
            .strip_prefix("async def ")
            .or(trimmed.strip_prefix("def "))
            .or(trimmed.strip_prefix("class "))
        {
            names.extend(words(rest).next());
        } else if let Some((_, rest)) = trimmed.split_once(" import ") {
            in_import = rest.trim_start().starts_with('(') && !rest.contains(')');
            names.extend(words(rest));
        } else if let Some(rest) = trimmed.strip_prefix("import ") {
            names.extend(words(rest));
        } else if let Some((targets, _)) = trimmed.split_once(" = ") {
            let targets = if trimmed.matches(" = ").count() > 1 {
                trimmed
            } else {
                targets
            };
            names.extend(words(targets));
        }
    }
    names
}

fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty() && *w != "as")
}

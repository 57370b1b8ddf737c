//! The simulated library: modules that programs import, written in Python on top of the machine's `_kernel`.
//!
//! A module is one file and one line in [`MODULES`].

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::bytecode::Code;
use crate::bytecode::compile::{Options, compile as compile_syntax};
use crate::source::Source;
use crate::syntax::{Known, check};

/// Name, whether it is a package, text.
const MODULES: &[(&str, bool, &str)] = &[
    ("_attributes", false, include_str!("_attributes.py")),
    ("_exceptions", false, include_str!("_exceptions.py")),
    ("_finalization", false, include_str!("_finalization.py")),
    ("_sha512", false, include_str!("_sha512.py")),
    ("_files", false, include_str!("_files.py")),
    ("_gather", false, include_str!("_gather.py")),
    ("_pickle", false, include_str!("_pickle.py")),
    ("abc", false, include_str!("abc.py")),
    ("asyncio", true, include_str!("asyncio/__init__.py")),
    (
        "asyncio.connections",
        false,
        include_str!("asyncio/connections.py"),
    ),
    (
        "asyncio.coroutines",
        false,
        include_str!("asyncio/coroutines.py"),
    ),
    (
        "asyncio.exceptions",
        false,
        include_str!("asyncio/exceptions.py"),
    ),
    ("asyncio.futures", false, include_str!("asyncio/futures.py")),
    (
        "asyncio.gathering",
        false,
        include_str!("asyncio/gathering.py"),
    ),
    ("asyncio.locks", false, include_str!("asyncio/locks.py")),
    ("asyncio.loops", false, include_str!("asyncio/loops.py")),
    ("asyncio.mixins", false, include_str!("asyncio/mixins.py")),
    ("asyncio.network", false, include_str!("asyncio/network.py")),
    (
        "asyncio.protocols",
        false,
        include_str!("asyncio/protocols.py"),
    ),
    ("asyncio.queues", false, include_str!("asyncio/queues.py")),
    ("asyncio.runners", false, include_str!("asyncio/runners.py")),
    ("asyncio.servers", false, include_str!("asyncio/servers.py")),
    ("asyncio.streams", false, include_str!("asyncio/streams.py")),
    (
        "asyncio.taskgroups",
        false,
        include_str!("asyncio/taskgroups.py"),
    ),
    ("asyncio.tasks", false, include_str!("asyncio/tasks.py")),
    ("asyncio.threads", false, include_str!("asyncio/threads.py")),
    (
        "asyncio.timeouts",
        false,
        include_str!("asyncio/timeouts.py"),
    ),
    (
        "asyncio.transports",
        false,
        include_str!("asyncio/transports.py"),
    ),
    ("asyncio.waiting", false, include_str!("asyncio/waiting.py")),
    ("collections", true, include_str!("collections/__init__.py")),
    ("collections.abc", false, include_str!("collections/abc.py")),
    ("concurrent", true, include_str!("concurrent/__init__.py")),
    (
        "concurrent.futures",
        true,
        include_str!("concurrent/futures/__init__.py"),
    ),
    (
        "concurrent.futures._base",
        false,
        include_str!("concurrent/futures/_base.py"),
    ),
    (
        "concurrent.futures.process",
        false,
        include_str!("concurrent/futures/process.py"),
    ),
    (
        "concurrent.futures.thread",
        false,
        include_str!("concurrent/futures/thread.py"),
    ),
    ("contextlib", false, include_str!("contextlib.py")),
    ("contextvars", false, include_str!("contextvars.py")),
    ("copy", false, include_str!("copy.py")),
    ("dataclasses", false, include_str!("dataclasses.py")),
    ("enum", false, include_str!("enum.py")),
    ("errno", false, include_str!("errno.py")),
    ("fcntl", false, include_str!("fcntl.py")),
    ("functools", false, include_str!("functools.py")),
    ("heapq", false, include_str!("heapq.py")),
    ("io", false, include_str!("io.py")),
    ("itertools", false, include_str!("itertools.py")),
    ("keyword", false, include_str!("keyword.py")),
    ("logging", false, include_str!("logging.py")),
    (
        "multiprocessing",
        true,
        include_str!("multiprocessing/__init__.py"),
    ),
    (
        "multiprocessing.connection",
        false,
        include_str!("multiprocessing/connection.py"),
    ),
    (
        "multiprocessing.context",
        false,
        include_str!("multiprocessing/context.py"),
    ),
    (
        "multiprocessing.pool",
        false,
        include_str!("multiprocessing/pool.py"),
    ),
    (
        "multiprocessing.process",
        false,
        include_str!("multiprocessing/process.py"),
    ),
    (
        "multiprocessing.queues",
        false,
        include_str!("multiprocessing/queues.py"),
    ),
    (
        "multiprocessing.reduction",
        false,
        include_str!("multiprocessing/reduction.py"),
    ),
    (
        "multiprocessing.sharedctypes",
        false,
        include_str!("multiprocessing/sharedctypes.py"),
    ),
    (
        "multiprocessing.spawn",
        false,
        include_str!("multiprocessing/spawn.py"),
    ),
    (
        "multiprocessing.synchronize",
        false,
        include_str!("multiprocessing/synchronize.py"),
    ),
    ("operator", false, include_str!("operator.py")),
    ("os", true, include_str!("os/__init__.py")),
    ("os.path", false, include_str!("os/path.py")),
    ("pickle", false, include_str!("pickle.py")),
    ("queue", false, include_str!("queue.py")),
    ("random", false, include_str!("random.py")),
    ("signal", false, include_str!("signal.py")),
    ("socket", false, include_str!("socket.py")),
    ("string", false, include_str!("string.py")),
    ("sys", false, include_str!("sys.py")),
    ("threading", false, include_str!("threading.py")),
    ("time", false, include_str!("time.py")),
    ("traceback", false, include_str!("traceback.py")),
    ("types", false, include_str!("types.py")),
    ("typing", false, include_str!("typing.py")),
    ("workload", false, include_str!("workload.py")),
];

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
        if depth > 4 {
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

//! What a program may import and call: handed in by whoever runs it.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Diagnostic;

use super::collect::Path;
use super::nearest::nearest;
use super::scope::Scopes;

/// The modules, the names in them and the builtins that exist here.
#[derive(Clone, Debug, Default)]
pub struct Known {
    modules: BTreeMap<String, BTreeSet<String>>,
    builtins: BTreeSet<String>,
    everything: bool,
}

/// What programs try to import for what it may give, and go on without: no module of CPython's. Others that are not known here may
/// be some of its library.
const ABSENT: &str = "uvloop trio curio anyio aiohttp aiofiles httpx requests numpy pandas scipy gevent eventlet greenlet psutil \
    tqdm rich colorama orjson ujson simplejson yaml typing_extensions exceptiongroup async_timeout tornado twisted zmq redis \
    nest_asyncio cython numba pytest setproctitle";

/// Every name in CPython 3.12's `builtins` that a program can mean without having bound it.
pub const BUILTINS: &str = "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod \
    compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset \
    getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max \
    memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice \
    sorted staticmethod str sum super tuple type vars zip __import__ __build_class__ __loader__ __spec__ __builtins__ \
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError \
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError \
    ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception \
    ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError \
    ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError \
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented \
    NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError \
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration \
    SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError \
    UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError \
    Warning ZeroDivisionError";

/// Whether a name is a builtin of CPython's.
pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.split(' ').any(|builtin| builtin == name)
}

/// Whether importing a module raises ModuleNotFoundError in CPython, too.
pub(super) fn is_absent(module: &str) -> bool {
    let top = module.split('.').next();
    ABSENT.split(' ').any(|absent| Some(absent) == top)
}

impl Known {
    pub fn new() -> Self {
        Known::default()
    }

    /// Nothing is rejected for being unknown: for library code, and where only the syntax matters.
    pub fn everything() -> Self {
        Known {
            everything: true,
            ..Known::default()
        }
    }

    /// Whether nothing is rejected for being unknown.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// Adds names to a module, `asyncio` or `concurrent.futures`.
    pub fn module<'a>(&mut self, name: &str, names: impl IntoIterator<Item = &'a str>) {
        let known = self.modules.entry(name.to_owned()).or_default();
        known.extend(names.into_iter().map(str::to_owned));
        // A package is there as soon as a module in it is.
        if let Some((package, inner)) = name.rsplit_once('.') {
            self.module(package, [inner]);
        }
    }

    /// Adds builtins. Those of CPython's that are never added are rejected where a program uses them.
    pub fn builtins<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.builtins.extend(names.into_iter().map(str::to_owned));
    }

    /// What is wrong with importing a module.
    pub(super) fn check_module(
        &self,
        name: &str,
        place: crate::source::Span,
    ) -> Option<Diagnostic> {
        if self.everything || name == "__future__" || self.modules.contains_key(name) {
            return None;
        }
        let diagnostic = Diagnostic::error(place, format!("module `{name}` is not supported here"));
        let near = nearest(name, self.modules.keys().map(String::as_str));
        Some(match near {
            Some(near) => diagnostic.hint(format!("is `{near}` meant?")),
            None => {
                // Parts of packages would make the list long; `workload` is for scenarios.
                let modules = self.modules.keys().map(String::as_str);
                let modules: Vec<&str> = modules
                    .filter(|name| !name.contains('.') && *name != "workload")
                    .collect();
                diagnostic.hint(["modules to import here: ", &modules.join(", ")].concat())
            }
        })
    }

    /// What is wrong with using a name of a module.
    pub(super) fn check_name(
        &self,
        module: &str,
        name: &str,
        place: crate::source::Span,
    ) -> Option<Diagnostic> {
        let names = self.modules.get(module)?;
        // Every module has its own `__name__` and the like.
        let inner = [module, ".", name].concat();
        let special = name.starts_with("__") && name.ends_with("__");
        if names.contains(name) || special || self.modules.contains_key(&inner) {
            return None;
        }
        let diagnostic = Diagnostic::error(place, format!("`{inner}` is not supported here"));
        Some(match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => diagnostic.hint(format!("is `{module}.{near}` meant?")),
            None => diagnostic,
        })
    }

    /// Checks what plain names and the attributes behind them mean: modules' names and builtins.
    pub(super) fn check_paths(
        &self,
        paths: &[Path],
        scopes: &Scopes,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if self.everything {
            return;
        }
        for path in paths {
            let Some(owner) = scopes.owner(path.scope, &path.name) else {
                diagnostics.extend(self.check_builtin(path));
                continue;
            };
            let Some(symbol) = scopes.get(owner).symbol(&path.name) else {
                continue;
            };
            let Some(module) = symbol.module.as_ref().filter(|_| !symbol.rebound) else {
                continue;
            };
            let mut module = module.clone();
            for (attribute, place) in &path.attributes {
                let inner = [&module, ".", attribute].concat();
                if self.modules.contains_key(&inner) {
                    module = inner;
                    continue;
                }
                diagnostics.extend(self.check_name(&module, attribute, *place));
                break;
            }
        }
    }

    /// What `import *` takes from a module.
    pub(super) fn public_names(&self, module: &str) -> impl Iterator<Item = &str> {
        let names = self.modules.get(module).into_iter().flatten();
        names
            .map(String::as_str)
            .filter(|name| !name.starts_with('_'))
    }

    /// Where something is imported with `*`, a name that nothing binds may be one that CPython's module has and the one here has not.
    pub(super) fn check_unbound(
        &self,
        paths: &[Path],
        scopes: &Scopes,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for path in paths {
            let name = path.name.as_str();
            if scopes.owner(path.scope, &path.name).is_none()
                && !is_builtin(name)
                && !name.starts_with("__")
            {
                let text = format!("nothing here binds `{name}`");
                let hint = "modules have fewer names here than in CPython: import it by its name";
                diagnostics.push(Diagnostic::error(path.place, text).hint(hint));
            }
        }
    }

    fn check_builtin(&self, path: &Path) -> Option<Diagnostic> {
        let name = path.name.as_str();
        if name == "__annotations__" {
            let text = "the module's `__annotations__` is not supported here";
            let hint = "ask a class or a function for its own";
            return Some(Diagnostic::error(path.place, text).hint(hint));
        }
        if !is_builtin(name) || self.builtins.is_empty() || self.builtins.contains(name) {
            return None;
        }
        let diagnostic = Diagnostic::error(path.place, format!("`{name}` is not supported here"));
        Some(match name {
            "input" => diagnostic.hint("a program gets no input here; write the value into it"),
            "open" => diagnostic.hint("there are no files here; keep the data in a variable"),
            "exec" | "eval" | "compile" | "__import__" => {
                diagnostic.hint("only the program you see is run")
            }
            _ => diagnostic,
        })
    }
}

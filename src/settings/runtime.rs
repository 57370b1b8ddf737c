//! What a program can run under.

/// A runtime: the rules by which its tasks are scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runtime {
    /// CPython with its GIL; the event loop runs on the main thread, and other threads are allowed.
    Asyncio,
    /// Operating system threads that share the GIL.
    Threads,
    /// Operating system threads without a GIL.
    FreeThreaded,
}

impl Runtime {
    /// All of them, in the order in which they are offered.
    pub const ALL: &[Runtime] = &[Runtime::Asyncio, Runtime::Threads, Runtime::FreeThreaded];

    /// The name in headers, flags, links and JSON.
    pub fn id(self) -> &'static str {
        match self {
            Runtime::Asyncio => "asyncio",
            Runtime::Threads => "threads",
            Runtime::FreeThreaded => "free-threaded",
        }
    }

    /// The name on the page.
    pub fn title(self) -> &'static str {
        match self {
            Runtime::Asyncio => "asyncio",
            Runtime::Threads => "threads · GIL",
            Runtime::FreeThreaded => "free-threaded",
        }
    }

    /// The runtime with this id.
    pub fn from_id(id: &str) -> Option<Runtime> {
        Runtime::ALL
            .iter()
            .copied()
            .find(|runtime| runtime.id() == id)
    }

    /// What a program runs under when nobody chose: the modules that it imports decide.
    pub fn from_imports<'a>(modules: impl IntoIterator<Item = &'a str>) -> Runtime {
        let is_asyncio = |module: &str| module == "asyncio" || module.starts_with("asyncio.");
        if modules.into_iter().any(is_asyncio) {
            Runtime::Asyncio
        } else {
            Runtime::Threads
        }
    }

    /// Why a program that imports these modules does not fit, if it does not.
    pub fn misfit<'a>(self, modules: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
        let asyncio = Runtime::from_imports(modules) == Runtime::Asyncio;
        match (self == Runtime::Asyncio, asyncio) {
            (true, false) => Some(
                "the program does not import asyncio, so there is no event loop to see: run it under threads",
            ),
            (false, true) => Some("the program imports asyncio: run it under asyncio"),
            _ => None,
        }
    }

    /// Whether threads share a GIL.
    pub fn has_gil(self) -> bool {
        self != Runtime::FreeThreaded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_decide() {
        for (modules, runtime) in [
            (&[][..], Runtime::Threads),
            (&["time", "threading"], Runtime::Threads),
            (&["threading", "asyncio"], Runtime::Asyncio),
            (&["asyncio.queues"], Runtime::Asyncio),
            (&["asynciox"], Runtime::Threads),
        ] {
            assert_eq!(Runtime::from_imports(modules.iter().copied()), runtime);
        }
    }
}

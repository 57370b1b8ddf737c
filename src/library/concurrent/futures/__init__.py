"""concurrent.futures with threads."""

from ._base import (
    ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, BrokenExecutor, CancelledError, Executor, Future, InvalidStateError,
    TimeoutError, as_completed, wait,
)
from .thread import ThreadPoolExecutor

_late = False
if _late:
    from .process import ProcessPoolExecutor


def __getattr__(name):
    # Most programs have no use for processes.
    if name == "ProcessPoolExecutor":
        from .process import ProcessPoolExecutor
        return ProcessPoolExecutor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

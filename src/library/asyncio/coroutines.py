"""What asyncio takes for a coroutine."""

import _kernel

iscoroutine = _kernel.is_coroutine


def iscoroutinefunction(func):
    """What a method or a partial object calls counts (CPython, Lib/inspect.py, iscoroutinefunction)."""
    while not _kernel.is_coroutine_function(func):
        from functools import partial
        if not isinstance(func, partial):
            return False
        func = func.func
    return True

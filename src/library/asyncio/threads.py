"""to_thread."""

import _kernel

from .loops import get_running_loop


async def to_thread(func, /, *args, **kwargs):
    context = _kernel.copy_context()

    def call():
        outer = _kernel.set_context(context)
        try:
            return func(*args, **kwargs)
        finally:
            _kernel.set_context(outer)

    return await get_running_loop().run_in_executor(None, call)

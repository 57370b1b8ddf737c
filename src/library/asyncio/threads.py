"""to_thread."""

from .loops import get_running_loop


async def to_thread(func, /, *args, **kwargs):
    def call():
        return func(*args, **kwargs)

    return await get_running_loop().run_in_executor(None, call)

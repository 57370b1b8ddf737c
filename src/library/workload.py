"""The workloads of the scenarios, in virtual time. scenarios/workload.py is the same for a real CPython."""

import _kernel


def compute(seconds):
    """Python code that keeps the CPU busy; it holds the GIL and can be preempted."""
    _kernel.work(f"compute({seconds})", seconds, True)


def native(seconds):
    """Code of an extension that keeps the CPU busy without the GIL."""
    _kernel.work(f"native({seconds})", seconds, False)


def download(name, seconds):
    """Blocks the thread until the network has answered; the GIL is free meanwhile."""
    _kernel.reply(f"download({name!r}, {seconds})", seconds)
    return f"contents of {name}"


def query(sql, seconds):
    """Blocks the thread until the database has answered; the GIL is free meanwhile."""
    _kernel.reply(f"query({sql!r}, {seconds})", seconds)
    return f"rows of {sql}"


async def adownload(name, seconds):
    """`download` for asyncio: only the task waits."""
    await _answer(f"adownload({name!r}, {seconds})", seconds)
    return f"contents of {name}"


async def aquery(sql, seconds):
    """`query` for asyncio: only the task waits."""
    await _answer(f"aquery({sql!r}, {seconds})", seconds)
    return f"rows of {sql}"


async def _answer(text, seconds):
    # In step with asyncio.sleep, which the real ones use.
    if seconds <= 0:
        await _kernel.bare_yield()
        return
    loop = _kernel.running_loop()
    future = _kernel.waiter(loop, "reply", text)
    timer = loop.call_later(seconds, _kernel._set_result_unless_cancelled, future, None)
    try:
        await future
    finally:
        timer.cancel()

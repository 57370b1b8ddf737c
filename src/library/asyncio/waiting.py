"""wait and as_completed. Where CPython walks a set of tasks, whose order depends on addresses, this keeps the order given."""

import _kernel
from collections import deque

from .futures import isfuture
from .loops import get_event_loop, get_running_loop
from .tasks import ensure_future

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"


async def wait(fs, *, timeout=None, return_when=ALL_COMPLETED):
    if isfuture(fs) or _kernel.is_coroutine(fs):
        raise TypeError(f"expect a list of futures, not {type(fs).__name__}")
    if not fs:
        raise ValueError("Set of Tasks/Futures is empty.")
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return_when value: {return_when}")
    fs = list(dict.fromkeys(fs))
    for future in fs:
        if _kernel.is_coroutine(future):
            raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
    loop = get_running_loop()

    return await _wait(fs, timeout, return_when, loop)


# Functions that callbacks show in reprs have CPython's names.

def _release_waiter(waiter):
    if not waiter.done():
        waiter.set_result(None)


async def _wait(fs, timeout, return_when, loop):
    waiter = _kernel.waiter(loop, "tasks", fs)
    timer = None
    left = len(fs)

    def _on_completion(future):
        nonlocal left
        left -= 1
        if left > 0 and return_when != FIRST_COMPLETED:
            if return_when != FIRST_EXCEPTION or future.cancelled() or future.exception() is None:
                return
        if timer is not None:
            timer.cancel()
        if not waiter.done():
            waiter.set_result(None)

    if timeout is not None:
        timer = loop.call_later(timeout, _release_waiter, waiter)
    for future in fs:
        future.add_done_callback(_on_completion)
    try:
        await waiter
    finally:
        if timer is not None:
            timer.cancel()
        for future in fs:
            future.remove_done_callback(_on_completion)

    done = set()
    pending = set()
    for future in fs:
        if future.done():
            done.add(future)
        else:
            pending.add(future)
    return done, pending


class _Completions:
    """The futures in the order in which they end; None for each that did not until the timeout."""

    def __init__(self, fs, timeout):
        self._ended = deque()
        self._getters = deque()
        self._timer = None
        loop = get_event_loop()
        todo = {}
        for future in dict.fromkeys(fs):
            todo[ensure_future(future, loop=loop)] = None
        self._todo = todo
        self.left = len(todo)
        for future in todo:
            future.add_done_callback(self._one_done)
        if todo and timeout is not None:
            self._timer = loop.call_later(timeout, self._time_is_up)

    def _one_done(self, future):
        if not self._todo:
            return
        del self._todo[future]
        self._add(future)
        if not self._todo and self._timer is not None:
            self._timer.cancel()

    def _time_is_up(self):
        for future in self._todo:
            future.remove_done_callback(self._one_done)
            self._add(None)
        self._todo.clear()

    def _add(self, future):
        self._ended.append(future)
        self._wake_next()

    def _wake_next(self):
        while self._getters:
            getter = self._getters.popleft()
            if not getter.done():
                getter.set_result(None)
                break

    async def next(self):
        while not self._ended:
            getter = _kernel.waiter(_kernel.running_loop(), "tasks", None)
            self._getters.append(getter)
            try:
                await getter
            except:
                getter.cancel()
                try:
                    self._getters.remove(getter)
                except ValueError:
                    pass
                if self._ended and not getter.cancelled():
                    self._wake_next()
                raise
        future = self._ended.popleft()
        if future is None:
            raise TimeoutError
        return future

    async def next_result(self):
        return (await self.next()).result()


if _kernel.VERSION >= (3, 13):

    class _AsCompleted:

        def __init__(self, completions):
            self._completions = completions

        def __iter__(self):
            return self

        def __next__(self):
            if not self._completions.left:
                raise StopIteration
            self._completions.left -= 1
            return self._completions.next_result()

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self._completions.left:
                raise StopAsyncIteration
            self._completions.left -= 1
            return await self._completions.next()

    def as_completed(fs, *, timeout=None):
        if _kernel.is_awaitable(fs):
            raise TypeError(f"expects an iterable of awaitables, not {type(fs).__name__}")
        return _AsCompleted(_Completions(fs, timeout))

else:

    def as_completed(fs, *, timeout=None):
        if isfuture(fs) or _kernel.is_coroutine(fs):
            raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
        completions = _Completions(fs, timeout)
        for _ in range(completions.left):
            yield completions.next_result()

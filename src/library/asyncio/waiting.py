"""wait and as_completed. Where CPython walks a set of tasks, whose order depends on addresses, this keeps the order given."""

import _kernel
from collections import deque

from .futures import isfuture
from .loops import get_event_loop, get_running_loop
from .tasks import ensure_future
from .timeouts import _release_waiter

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


# Functions that reprs show have CPython's names.

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


class _Ended:
    """The futures in the order in which they ended, None for each that did not until the timeout: a queue without a bound."""

    def __init__(self):
        self._ended = deque()
        self._getters = deque()

    def put(self, future):
        self._ended.append(future)
        self._wake_next()

    def _wake_next(self):
        while self._getters:
            getter = self._getters.popleft()
            if not getter.done():
                getter.set_result(None)
                break

    async def get(self):
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


def _begin(fs):
    loop = get_event_loop()
    return loop, dict.fromkeys([ensure_future(future, loop=loop) for future in dict.fromkeys(fs)])


if _kernel.VERSION >= (3, 13):

    class _AsCompletedIterator:

        def __init__(self, fs, timeout):
            self._done = _Ended()
            self._timeout_handle = None
            loop, self._todo = _begin(fs)
            self._todo_left = len(self._todo)
            for future in self._todo:
                future.add_done_callback(self._handle_completion)
            if self._todo and timeout is not None:
                self._timeout_handle = loop.call_later(timeout, self._handle_timeout)

        def __iter__(self):
            return self

        def __next__(self):
            if not self._todo_left:
                raise StopIteration
            self._todo_left -= 1
            return self._wait_for_one(resolve=True)

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self._todo_left:
                raise StopAsyncIteration
            self._todo_left -= 1
            return await self._wait_for_one()

        def _handle_timeout(self):
            for future in self._todo:
                future.remove_done_callback(self._handle_completion)
                self._done.put(None)
            self._todo.clear()

        def _handle_completion(self, future):
            if not self._todo:
                return
            del self._todo[future]
            self._done.put(future)
            if not self._todo and self._timeout_handle is not None:
                self._timeout_handle.cancel()

        async def _wait_for_one(self, resolve=False):
            future = await self._done.get()
            return future.result() if resolve else future

    def as_completed(fs, *, timeout=None):
        if _kernel.is_awaitable(fs):
            raise TypeError(f"expects an iterable of awaitables, not {type(fs).__name__}")
        return _AsCompletedIterator(fs, timeout)

else:

    def as_completed(fs, *, timeout=None):
        if isfuture(fs) or _kernel.is_coroutine(fs):
            raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
        done = _Ended()
        loop, todo = _begin(fs)
        timer = None

        def _on_timeout():
            for future in todo:
                future.remove_done_callback(_on_completion)
                done.put(None)
            todo.clear()

        def _on_completion(future):
            if not todo:
                return
            del todo[future]
            done.put(future)
            if not todo and timer is not None:
                timer.cancel()

        async def _wait_for_one():
            future = await done.get()
            return future.result()

        for future in todo:
            future.add_done_callback(_on_completion)
        if todo and timeout is not None:
            timer = loop.call_later(timeout, _on_timeout)
        for _ in range(len(todo)):
            yield _wait_for_one()

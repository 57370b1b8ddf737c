"""sleep, timeout and wait_for: all that depends on the clock."""

import _kernel

from .exceptions import CancelledError
from .loops import get_running_loop
from .tasks import current_task, ensure_future


async def sleep(delay, result=None):
    if delay <= 0:
        await _kernel.bare_yield()
        return result
    if delay != delay and _kernel.VERSION >= (3, 13):
        raise ValueError("Invalid delay: NaN (not a number)")
    loop = get_running_loop()
    when = loop.time() + delay
    future = _kernel.waiter(loop, "sleep", when)
    timer = loop.call_at(when, _kernel._set_result_unless_cancelled, future, result)
    try:
        return await future
    finally:
        timer.cancel()


class Timeout:
    """Cancels the task that entered it when the time is up, and turns that cancellation into a TimeoutError."""

    def __init__(self, when):
        self._state = "created"
        self._timer = None
        self._task = None
        self._when = when

    def __repr__(self):
        text = f"<Timeout [{self._state}]"
        if self._state == "active":
            when = round(self._when, 3) if self._when is not None else None
            text += f" when={when}"
        return text + ">"

    def when(self):
        return self._when

    def expired(self):
        return self._state == "expiring" or self._state == "expired"

    def reschedule(self, when):
        if self._state != "active":
            if self._state == "created":
                raise RuntimeError("Timeout has not been entered")
            raise RuntimeError(f"Cannot change state of {self._state} Timeout")
        self._when = when
        if self._timer is not None:
            self._timer.cancel()
        if when is None:
            self._timer = None
            return
        loop = get_running_loop()
        if when <= loop.time():
            self._timer = loop.call_soon(self._on_timeout)
        else:
            self._timer = loop.call_at(when, self._on_timeout)

    def _on_timeout(self):
        self._task.cancel()
        self._state = "expiring"
        self._timer = None

    async def __aenter__(self):
        if self._state != "created":
            raise RuntimeError("Timeout has already been entered")
        task = current_task()
        if task is None:
            raise RuntimeError("Timeout should be used inside a task")
        self._state = "active"
        self._task = task
        # Cancellations asked for before or by others are not ours to swallow.
        self._cancelling = task.cancelling()
        self.reschedule(self._when)
        return self

    async def __aexit__(self, kind, exception, traceback):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._state == "expiring":
            self._state = "expired"
            if self._task.uncancel() <= self._cancelling and kind is not None:
                self._expire(kind, exception)
        elif self._state == "active":
            self._state = "finished"
        return None

    if _kernel.VERSION >= (3, 13):

        def _expire(self, kind, exception):
            if issubclass(kind, CancelledError):
                raise TimeoutError from exception
            # Another exception came of the cancellation: that history tells of the timeout.
            if exception is not None:
                _tell_of_timeout(exception)
                if isinstance(exception, ExceptionGroup):
                    for each in exception.exceptions:
                        _tell_of_timeout(each)

    else:

        def _expire(self, kind, exception):
            if kind is CancelledError:
                raise TimeoutError from exception


def _tell_of_timeout(exception):
    while exception.__context__ is not None:
        if isinstance(exception.__context__, CancelledError):
            error = TimeoutError()
            error.__context__ = error.__cause__ = exception.__context__
            exception.__context__ = error
            break
        exception = exception.__context__


def timeout(delay):
    loop = get_running_loop()
    return Timeout(loop.time() + delay if delay is not None else None)


def timeout_at(when):
    return Timeout(when)


def _release_waiter(waiter, *args):
    if not waiter.done():
        waiter.set_result(None)


async def _cancel_and_wait(future):
    """Not `await future`: whoever cancels us meanwhile must not cancel it through us."""
    waiter = _kernel.waiter(get_running_loop(), "task", future)
    ended = _kernel.method(_release_waiter, waiter)
    future.add_done_callback(ended)
    try:
        future.cancel()
        await waiter
    finally:
        future.remove_done_callback(ended)


async def _result_at_once(fut):
    """wait_for without any time: the result if it is there, else it is cancelled before it could start."""
    if fut.done():
        return fut.result()
    await _cancel_and_wait(fut)
    try:
        return fut.result()
    except CancelledError as error:
        raise TimeoutError from error


if _kernel.VERSION >= (3, 12):

    async def wait_for(fut, timeout):
        if timeout is not None and timeout <= 0:
            return await _result_at_once(ensure_future(fut))
        async with _timeout(timeout):
            return await fut

else:

    async def wait_for(fut, timeout):
        loop = get_running_loop()
        if timeout is None:
            return await fut
        if timeout <= 0:
            return await _result_at_once(ensure_future(fut, loop=loop))

        # The timer comes before the task: both are as old as the call.
        waiter = _kernel.waiter(loop, "task", None)
        timer = loop.call_later(timeout, _release_waiter, waiter)
        wake = _kernel.method(_release_waiter, waiter)
        fut = ensure_future(fut, loop=loop)
        _kernel.waits_for(waiter, fut)
        fut.add_done_callback(wake)
        try:
            try:
                await waiter
            except CancelledError:
                if fut.done():
                    return fut.result()
                fut.remove_done_callback(wake)
                await _cancel_and_wait(fut)
                raise
            if fut.done():
                return fut.result()
            fut.remove_done_callback(wake)
            await _cancel_and_wait(fut)
            try:
                return fut.result()
            except CancelledError as error:
                raise TimeoutError from error
        finally:
            timer.cancel()


# The parameter of wait_for hides the function's name.
_timeout = timeout

"""Making tasks and finding them."""

import _kernel

from .futures import Future, _chain_future
from .loops import get_event_loop, get_running_loop

Task = _kernel.Task
current_task = _kernel.current_task


def all_tasks(loop=None):
    return set(_kernel.all_tasks(get_running_loop() if loop is None else loop))


def task_of_loop(loop, coro, name, context):
    """Until 3.12 a task gets its name only after it was made: it uses up a number even if it has a name of its own."""
    if _kernel.VERSION >= (3, 13):
        if context is None:
            return loop.create_task(coro, name=name)
        return loop.create_task(coro, name=name, context=context)
    if context is None:
        task = loop.create_task(coro)
    else:
        task = loop.create_task(coro, context=context)
    if name is not None:
        task.set_name(name)
    return task


def create_task(coro, *, name=None, context=None):
    return task_of_loop(get_running_loop(), coro, name, context)


async def _wrap_awaitable(awaitable):
    return await awaitable


def ensure_future(coro_or_future, *, loop=None):
    return future_of(coro_or_future, loop)


def future_of(coro_or_future, loop):
    if isinstance(coro_or_future, Future):
        if loop is not None and loop is not coro_or_future.get_loop():
            raise ValueError("The future belongs to a different loop than the one specified as the loop argument")
        return coro_or_future
    ours = False
    if not _kernel.is_coroutine(coro_or_future):
        if not _kernel.is_awaitable(coro_or_future):
            raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
        coro_or_future = _wrap_awaitable(coro_or_future)
        ours = True
    if loop is None:
        loop = get_event_loop()
    try:
        return loop.create_task(coro_or_future)
    except RuntimeError:
        if not ours:
            coro_or_future.close()
        raise


def run_coroutine_threadsafe(coro, loop):
    """For another thread: runs the coroutine in the loop's thread and returns a future of threads."""
    if not _kernel.is_coroutine(coro):
        raise TypeError("A coroutine object is required")
    from concurrent.futures import Future as ThreadFuture
    future = ThreadFuture()

    def callback():
        try:
            _chain_future(ensure_future(coro, loop=loop), future)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as exception:
            if future.set_running_or_notify_cancel():
                future.set_exception(exception)
            raise

    loop.call_soon_threadsafe(callback)
    return future


if _kernel.VERSION >= (3, 12):

    def create_eager_task_factory(custom_task_constructor):

        def factory(loop, coro, *, name=None, context=None):
            return custom_task_constructor(coro, loop=loop, name=name, context=context, eager_start=True)

        return factory

    eager_task_factory = create_eager_task_factory(Task)

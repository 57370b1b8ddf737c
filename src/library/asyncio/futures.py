"""Futures, and the bridge between those of the loop and those of threads."""

import _kernel

from .exceptions import CancelledError, InvalidStateError

Future = _kernel.Future


def isfuture(value):
    return isinstance(value, Future)


def copy_to_loop(source, target):
    """Ends `target`, a future of the loop, as `source` ended."""
    if target.cancelled():
        return
    if source.cancelled():
        target.cancel()
        return
    exception = source.exception()
    if exception is None:
        target.set_result(source.result())
    else:
        target.set_exception(_translate(exception))


def copy_to_thread(source, target):
    """Ends `target`, a future of threads, as `source` ended."""
    if source.cancelled():
        target.cancel()
    if not target.set_running_or_notify_cancel():
        return
    exception = source.exception()
    if exception is None:
        target.set_result(source.result())
    else:
        target.set_exception(_translate(exception))


def _translate(exception):
    from concurrent.futures import CancelledError as Cancelled, InvalidStateError as Invalid
    kind = type(exception)
    if kind is Cancelled:
        return CancelledError(*exception.args)
    if kind is Invalid:
        return InvalidStateError(*exception.args)
    return exception


# Functions that reprs show have CPython's names.

def _chain_future(source, target):
    """Ends `target` when `source` ends; cancelling `target` cancels `source`. One of them belongs to threads, one to a
    loop: the loop's is only touched from its own thread."""
    source_loop = source.get_loop() if isfuture(source) else None
    target_loop = target.get_loop() if isfuture(target) else None

    def _set_state(target, source):
        (copy_to_thread if target_loop is None else copy_to_loop)(source, target)

    def _call_check_cancel(target):
        if target.cancelled():
            if source_loop is None or source_loop is target_loop:
                source.cancel()
            else:
                source_loop.call_soon_threadsafe(source.cancel)

    def _call_set_state(source):
        if target_loop is None or target_loop is source_loop:
            _set_state(target, source)
        elif not target_loop.is_closed():
            target_loop.call_soon_threadsafe(_set_state, target, source)

    target.add_done_callback(_call_check_cancel)
    source.add_done_callback(_call_set_state)


def wrap_future(future, *, loop=None):
    """A future of the loop that ends when this future of threads ends."""
    if isfuture(future):
        return future
    if not hasattr(future, "set_running_or_notify_cancel"):
        raise AssertionError(f"concurrent.futures.Future is expected, got {future!r}")
    if loop is None:
        from .loops import get_event_loop
        loop = get_event_loop()
    wrapped = _kernel.waiter(loop, "thread", None)
    _chain_future(future, wrapped)
    return wrapped

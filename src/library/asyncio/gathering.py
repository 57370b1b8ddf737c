"""gather and shield: futures that stand for others."""

import _kernel

from .loops import get_event_loop
from .tasks import ensure_future, future_of


outcome = _kernel.outcome
adopt = _kernel.adopt
more_to_come = _kernel.more_to_come

# From 3.12 on, what is done already (eager tasks) is not sent through the loop again.
_LEAVES_OUT_DONE = _kernel.VERSION >= (3, 12)


def gather(*coros_or_futures, return_exceptions=False):
    """The results of all, in the order given. The first exception ends it early, and the others go on."""
    if not coros_or_futures:
        outer = get_event_loop().create_future()
        outer.set_result([])
        return outer

    outer = None
    by_argument = {}
    children = []
    already_done = []
    loop = None

    def _done_callback(child):
        if outer is not None and more_to_come(outer, child, return_exceptions):
            return
        if outer is None or outer.done():
            if not child.cancelled():
                # It counts as retrieved, though nobody will see it.
                child.exception()
            return
        if not return_exceptions:
            if child.cancelled():
                outer.set_exception(child._make_cancelled_error())
                return
            exception = child.exception()
            if exception is not None:
                outer.set_exception(exception)
                return
        results = [outcome(each) for each in children]
        if outer._cancel_requested:
            # Whoever cancelled the outer future shall see a cancellation, whatever the children made of it.
            outer.set_exception(children[-1]._make_cancelled_error())
        else:
            outer.set_result(results)

    for argument in coros_or_futures:
        if adopt(argument, loop, by_argument, children, _done_callback):
            continue
        if argument in by_argument:
            child = by_argument[argument]
        else:
            child = future_of(argument, loop)
            if loop is None:
                loop = child.get_loop()
            if child is not argument:
                child._log_destroy_pending = False
            by_argument[argument] = child
            if _LEAVES_OUT_DONE and child.done():
                already_done.append(child)
            else:
                child.add_done_callback(_done_callback)
        children.append(child)

    outer = _kernel.gathering(loop, children, len(by_argument))
    for child in already_done:
        _done_callback(child)
    return outer


def shield(arg):
    """Cancelling the future this returns does not cancel the inner one."""
    inner = ensure_future(arg)
    if inner.done():
        return inner
    outer = _kernel.waiter(inner.get_loop(), "task", inner)

    def _inner_done_callback(inner):
        if outer.cancelled():
            if not inner.cancelled():
                inner.exception()
            return
        if inner.cancelled():
            outer.cancel()
            return
        exception = inner.exception()
        if exception is None:
            outer.set_result(inner.result())
        else:
            outer.set_exception(exception)

    def _outer_done_callback(outer):
        if not inner.done():
            inner.remove_done_callback(_inner_done_callback)

    inner.add_done_callback(_inner_done_callback)
    outer.add_done_callback(_outer_done_callback)
    return outer

"""Futures of threads: waiting for one blocks the thread."""

import _kernel
from threading import Event, Monitor

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"


class Error(Exception):
    """What goes wrong with futures."""


class CancelledError(Error):
    """The future was cancelled."""


class InvalidStateError(Error):
    """The future is not in a state for this."""


class BrokenExecutor(RuntimeError):
    """The executor cannot work any more."""


TimeoutError = TimeoutError


class Future:

    def __init__(self):
        self._thing = _kernel.thing("future")
        self._changed = Monitor("future", self._thing, _kernel.quiet_rlock(self._thing))
        # pending, running, cancelled, notified (its waiters know of the cancellation), finished
        self._state = "pending"
        self._result = None
        self._exception = None
        self._waiters = []
        self._callbacks = []

    def __repr__(self):
        with self._changed:
            state = "cancelled" if self._state == "notified" else self._state
            text = f"<{type(self).__name__} at {id(self):#x} state={state}"
            if state == "finished":
                if self._exception:
                    text += f" raised {type(self._exception).__name__}"
                else:
                    text += f" returned {type(self._result).__name__}"
            return text + ">"

    def _ended(self):
        return self._state in ("cancelled", "notified", "finished")

    def cancel(self):
        with self._changed:
            if self._state in ("running", "finished"):
                return False
            if self._state != "pending":
                return True
            self._state = "cancelled"
            self._changed.notify_all()
        self._call_back()
        return True

    def cancelled(self):
        with self._changed:
            return self._state in ("cancelled", "notified")

    def running(self):
        with self._changed:
            return self._state == "running"

    def done(self):
        with self._changed:
            return self._ended()

    def add_done_callback(self, fn):
        with self._changed:
            if not self._ended():
                self._callbacks.append(fn)
                return
        self._call(fn)

    def _call_back(self):
        for callback in self._callbacks:
            self._call(callback)

    def _call(self, callback):
        try:
            callback(self)
        except Exception as error:
            _kernel.report_error(f"exception calling callback for {self!r}", error)

    def _wait(self, timeout):
        if not self._ended():
            self._changed.wait(timeout)
        if self._state in ("cancelled", "notified"):
            raise CancelledError()
        if self._state != "finished":
            raise TimeoutError()

    def result(self, timeout=None):
        with self._changed:
            self._wait(timeout)
            if self._exception:
                try:
                    raise self._exception
                finally:
                    self = None
            return self._result

    def exception(self, timeout=None):
        with self._changed:
            self._wait(timeout)
            return self._exception

    # For executors.

    def set_running_or_notify_cancel(self):
        with self._changed:
            if self._state == "cancelled":
                self._state = "notified"
                for waiter in self._waiters:
                    waiter.add(self, False)
                return False
            if self._state == "pending":
                self._state = "running"
                return True
            _kernel.report_error(f"Future {id(self)} in unexpected state: {self._state.upper()}", None)
            raise RuntimeError("Future in unexpected state")

    def set_result(self, result):
        self._finish(result, None)

    def set_exception(self, exception):
        self._finish(None, exception)

    def _finish(self, result, exception):
        with self._changed:
            if self._ended():
                raise InvalidStateError(f"{'CANCELLED_AND_NOTIFIED' if self._state == 'notified' else self._state.upper()}: {self!r}")
            self._result = result
            self._exception = exception
            self._state = "finished"
            for waiter in self._waiters:
                waiter.add(self, exception is not None)
            self._changed.notify_all()
        self._call_back()


class _Waiter:
    """Collects those that end, and wakes who waits for `count` of them or, if asked, for the first failure."""

    def __init__(self, thing, count, stop_on_exception):
        self.event = Monitor("future", thing)
        self.woken = False
        self.ended = []
        self._count = count
        self._stop_on_exception = stop_on_exception

    def add(self, future, failed):
        with self.event:
            self.ended.append(future)
            self._count -= 1
            if self._count <= 0 or failed and self._stop_on_exception:
                self.woken = True
                self.event.notify_all()

    def wait(self, timeout):
        with self.event:
            if not self.woken:
                self.event.wait(timeout)


def _over(future):
    return future._state in ("notified", "finished")


def _lock_all(futures):
    for future in futures:
        future._changed.acquire()


def _unlock_all(futures):
    for future in futures:
        future._changed.release()


def _forget(futures, waiter):
    for future in futures:
        with future._changed:
            if waiter in future._waiters:
                future._waiters.remove(waiter)


class DoneAndNotDoneFutures:

    def __init__(self, done, not_done):
        self.done = done
        self.not_done = not_done

    def __repr__(self):
        return f"DoneAndNotDoneFutures(done={self.done!r}, not_done={self.not_done!r})"

    def __iter__(self):
        yield self.done
        yield self.not_done

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return (self.done, self.not_done)[index]


def _split(futures):
    done = set()
    not_done = set()
    for future in futures:
        if _over(future):
            done.add(future)
        else:
            not_done.add(future)
    return DoneAndNotDoneFutures(done, not_done)


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    fs = list(dict.fromkeys(fs))
    # Nobody ends while we look.
    _lock_all(fs)
    try:
        now = _split(fs)
        if return_when == FIRST_COMPLETED and now.done:
            return now
        if return_when == FIRST_EXCEPTION:
            for future in now.done:
                if not future.cancelled() and future.exception() is not None:
                    return now
        if not now.not_done:
            return now
        if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
            raise ValueError("Invalid return condition: %r" % return_when)
        count = 1 if return_when == FIRST_COMPLETED else len(now.not_done)
        waiter = _Waiter(fs[0]._thing, count, return_when == FIRST_EXCEPTION)
        for future in fs:
            future._waiters.append(waiter)
    finally:
        _unlock_all(fs)
    waiter.wait(timeout)
    _forget(fs, waiter)
    done = now.done
    done.update(waiter.ended)
    return DoneAndNotDoneFutures(done, set(future for future in fs if future not in done))


def as_completed(fs, timeout=None):
    end = None if timeout is None else timeout + _kernel.now()
    fs = list(dict.fromkeys(fs))
    total = len(fs)
    if not fs:
        return
    _lock_all(fs)
    try:
        ready = [future for future in fs if _over(future)]
        pending = {}
        for future in fs:
            if not _over(future):
                pending[future] = None
        waiter = _Waiter(fs[0]._thing, 1, False)
        for future in fs:
            future._waiters.append(waiter)
    finally:
        _unlock_all(fs)
    try:
        # Those that were done already come in no particular order.
        while ready:
            future = ready.pop()
            _forget((future,), waiter)
            yield future
            future = None
        while pending:
            left = None
            if end is not None:
                left = end - _kernel.now()
                if left < 0:
                    raise TimeoutError("%d (of %d) futures unfinished" % (len(pending), total))
            waiter.wait(left)
            with waiter.event:
                ready = waiter.ended
                waiter.ended = []
                waiter.woken = False
            for future in ready:
                del pending[future]
                _forget((future,), waiter)
                yield future
    finally:
        _forget(fs, waiter)


def _result_or_cancel(future, timeout=None):
    try:
        try:
            return future.result(timeout)
        finally:
            future.cancel()
    finally:
        del future


class Executor:

    def submit(self, fn, /, *args, **kwargs):
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        end = None if timeout is None else timeout + _kernel.now()
        futures = [self.submit(fn, *args) for args in zip(*iterables)]

        # The futures are submitted at once, not when the first result is asked for.
        def result_iterator():
            try:
                futures.reverse()
                while futures:
                    if end is None:
                        yield _result_or_cancel(futures.pop())
                    else:
                        yield _result_or_cancel(futures.pop(), end - _kernel.now())
            finally:
                for future in futures:
                    future.cancel()

        return result_iterator()

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, traceback):
        self.shutdown(wait=True)
        return False

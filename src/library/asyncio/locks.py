"""Locks, events, conditions, semaphores and barriers between the tasks of one loop.

All wake their waiters through futures, so somebody woken runs one iteration of the loop later; what may happen in
between is why each says exactly who may pass whom.
"""

import _kernel
from collections import deque

from .exceptions import BrokenBarrierError, CancelledError
from .mixins import LoopBound


class _Held:
    """`async with` for what is acquired and released."""

    async def __aenter__(self):
        await self.acquire()

    async def __aexit__(self, kind, exception, traceback):
        self.release()


class Lock(_Held, LoopBound):

    def __init__(self):
        self._open(_kernel.thing("lock"), True)

    def _open(self, thing, shown):
        """`shown`: taking it and giving it back is part of the trace."""
        self._thing = thing
        self._held = thing if shown else None
        self._locked = False
        self._waiters = deque()

    def __repr__(self):
        state = "locked" if self._locked else "unlocked"
        if self._waiters:
            state += f", waiters:{len(self._waiters)}"
        return f"<{object.__repr__(self)[1:-1]} [{state}]>"

    def locked(self):
        return self._locked

    def _may_pass(self):
        """It is free, and nobody who still wants it came earlier."""
        if self._locked:
            return False
        for waiter in self._waiters:
            if not waiter.cancelled():
                return False
        return True

    async def acquire(self):
        if not self._may_pass():
            waiter = self._wait_as("lock")
            self._waiters.append(waiter)
            try:
                try:
                    await waiter
                finally:
                    self._waiters.remove(waiter)
            except CancelledError:
                # We may have been woken already: then it is the next one's turn.
                if not self._locked:
                    self._wake_first()
                raise
        self._locked = True
        _kernel.acquired(self._held)
        return True

    def release(self):
        if not self._locked:
            raise RuntimeError("Lock is not acquired.")
        self._locked = False
        _kernel.released(self._held)
        self._wake_first()

    def _wake_first(self):
        # The first one may be woken already and not have run yet. It stays the first.
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(True)
            return


class _InnerLock(Lock):
    """The lock inside another primitive, shown under that one's name."""

    def __init__(self, thing, shown):
        self._open(thing, shown)


class Event(LoopBound):

    def __init__(self):
        self._thing = _kernel.thing("event")
        self._waiters = deque()
        self._value = False

    def __repr__(self):
        state = "set" if self._value else "unset"
        if self._waiters:
            state += f", waiters:{len(self._waiters)}"
        return f"<{object.__repr__(self)[1:-1]} [{state}]>"

    def is_set(self):
        return self._value

    def set(self):
        _kernel.operate(self._thing, "set")
        if not self._value:
            self._value = True
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(True)

    def clear(self):
        _kernel.operate(self._thing, "clear")
        self._value = False

    async def wait(self):
        if self._value:
            return True
        waiter = self._wait_as("event")
        self._waiters.append(waiter)
        try:
            await waiter
            return True
        finally:
            self._waiters.remove(waiter)


class Condition(_Held, LoopBound):
    _kind = "condition"

    def __init__(self, lock=None):
        thing = _kernel.thing("condition")
        self._open(thing, lock if lock is not None else _InnerLock(thing, True))

    def _open(self, thing, lock):
        self._thing = thing
        self._lock = lock
        self.locked = lock.locked
        self.acquire = lock.acquire
        self.release = lock.release
        self._waiters = deque()

    def __repr__(self):
        state = "locked" if self.locked() else "unlocked"
        if self._waiters:
            state += f", waiters:{len(self._waiters)}"
        return f"<{object.__repr__(self)[1:-1]} [{state}]>"

    if _kernel.VERSION >= (3, 13):

        async def wait(self):
            if not self.locked():
                raise RuntimeError("cannot wait on un-acquired lock")
            waiter = self._wait_as(self._kind)
            self.release()
            try:
                try:
                    self._waiters.append(waiter)
                    try:
                        await waiter
                        return True
                    finally:
                        self._waiters.remove(waiter)
                finally:
                    # The lock is taken back even so; a cancellation meanwhile is raised afterwards, the latest one.
                    error = None
                    while True:
                        try:
                            await self.acquire()
                            break
                        except CancelledError as again:
                            error = again
                    if error is not None:
                        try:
                            raise error
                        finally:
                            error = None
            except BaseException:
                # We may have used up a notification: it goes to somebody else.
                self._notify(1)
                raise

    else:

        async def wait(self):
            if not self.locked():
                raise RuntimeError("cannot wait on un-acquired lock")
            self.release()
            try:
                waiter = self._wait_as(self._kind)
                self._waiters.append(waiter)
                try:
                    await waiter
                    return True
                finally:
                    self._waiters.remove(waiter)
            finally:
                # The lock is taken back even so; a cancellation meanwhile is raised afterwards.
                cancelled = False
                while True:
                    try:
                        await self.acquire()
                        break
                    except CancelledError:
                        cancelled = True
                if cancelled:
                    raise CancelledError

    async def wait_for(self, predicate):
        result = predicate()
        while not result:
            await self.wait()
            result = predicate()
        return result

    def notify(self, n=1):
        if not self.locked():
            raise RuntimeError("cannot notify on un-acquired lock")
        self._notify(n)

    def _notify(self, n):
        if self._kind == "condition":
            _kernel.operate(self._thing, "notify")
        for waiter in self._waiters:
            if n <= 0:
                break
            if not waiter.done():
                n -= 1
                waiter.set_result(False)

    def notify_all(self):
        self.notify(len(self._waiters))


class _BarrierCondition(Condition):
    _kind = "barrier"

    def __init__(self, thing):
        self._open(thing, _InnerLock(thing, False))


class Semaphore(_Held, LoopBound):

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("Semaphore initial value must be >= 0")
        self._thing = _kernel.thing("semaphore")
        self._waiters = deque()
        self._value = value

    def __repr__(self):
        state = "locked" if self.locked() else f"unlocked, value:{self._value}"
        if self._waiters:
            state += f", waiters:{len(self._waiters)}"
        return f"<{object.__repr__(self)[1:-1]} [{state}]>"

    def locked(self):
        """No slot is free, or somebody who still wants one came earlier."""
        if self._value == 0:
            return True
        for waiter in self._waiters:
            if not waiter.cancelled():
                return True
        return False

    if _kernel.VERSION >= (3, 13):

        async def acquire(self):
            if not self.locked():
                self._value -= 1
                _kernel.acquired(self._thing)
                return True
            waiter = self._wait_as("semaphore")
            self._waiters.append(waiter)
            try:
                try:
                    await waiter
                finally:
                    self._waiters.remove(waiter)
            except CancelledError:
                # The slot that was given to us goes back.
                if waiter.done() and not waiter.cancelled():
                    self._value += 1
                raise
            finally:
                # Some who came meanwhile had to queue behind us although there were slots.
                while self._value > 0:
                    if not self._wake_next():
                        break
            _kernel.acquired(self._thing)
            return True

    else:

        async def acquire(self):
            if not self.locked():
                self._value -= 1
                _kernel.acquired(self._thing)
                return True
            waiter = self._wait_as("semaphore")
            self._waiters.append(waiter)
            try:
                try:
                    await waiter
                finally:
                    self._waiters.remove(waiter)
            except CancelledError:
                # The slot that was given to us goes back.
                if not waiter.cancelled():
                    self._value += 1
                    self._wake_next()
                raise
            if self._value > 0:
                self._wake_next()
            _kernel.acquired(self._thing)
            return True

    def release(self):
        self._value += 1
        _kernel.released(self._thing)
        self._wake_next()

    def _wake_next(self):
        """Gives a slot to the first who was not given one yet. Whether there was one."""
        for waiter in self._waiters:
            if not waiter.done():
                self._value -= 1
                waiter.set_result(True)
                return True
        return False


class BoundedSemaphore(Semaphore):

    def __init__(self, value=1):
        self._bound_value = value
        super().__init__(value)

    def release(self):
        if self._value >= self._bound_value:
            raise ValueError("BoundedSemaphore released too many times")
        super().release()


class Barrier(LoopBound):
    """Filling until all parties are there, then draining until all have left; only then it fills again."""

    def __init__(self, parties):
        if parties < 1:
            raise ValueError("parties must be > 0")
        self._thing = _kernel.thing("barrier")
        self._changed = _BarrierCondition(self._thing)
        self._parties = parties
        self._state = "filling"
        self._count = 0

    def __repr__(self):
        state = self._state
        if not self.broken:
            state += f", waiters:{self.n_waiting}/{self.parties}"
        return f"<{object.__repr__(self)[1:-1]} [{state}]>"

    async def __aenter__(self):
        return await self.wait()

    async def __aexit__(self, kind, exception, traceback):
        pass

    async def wait(self):
        async with self._changed:
            await self._changed.wait_for(self._may_enter)
            if self._state == "broken":
                raise BrokenBarrierError("Barrier aborted")
            try:
                index = self._count
                self._count += 1
                if index + 1 == self._parties:
                    self._state = "draining"
                    self._changed.notify_all()
                else:
                    await self._changed.wait_for(self._may_leave)
                    if self._state == "broken" or self._state == "resetting":
                        raise BrokenBarrierError("Abort or reset of barrier")
                return index
            finally:
                self._count -= 1
                if self._count == 0:
                    # The last one out lets the next round in.
                    if self._state == "resetting" or self._state == "draining":
                        self._state = "filling"
                    self._changed.notify_all()

    def _may_enter(self):
        return self._state != "draining" and self._state != "resetting"

    def _may_leave(self):
        return self._state != "filling"

    async def reset(self):
        async with self._changed:
            self._state = "resetting" if self._count > 0 else "filling"
            self._changed.notify_all()

    async def abort(self):
        async with self._changed:
            self._state = "broken"
            self._changed.notify_all()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._count if self._state == "filling" else 0

    @property
    def broken(self):
        return self._state == "broken"

import _kernel
import threading
from threading import get_ident

from . import process

_MOST = 2147483647


class SemLock:
    """A semaphore of the operating system. Its count lies outside of all processes."""

    def __init__(self, kind, value, limit, thing=None):
        shown = thing is None
        self._thing = _kernel.thing(kind) if shown else thing
        self._id = _kernel.semaphore(kind, self._thing, value, limit, shown)
        self._held = 0
        self._owner = None

    def __getstate__(self):
        process._check_spawning(self)
        return {**self.__dict__, "_held": 0, "_owner": None}

    def _me(self):
        return process._current.name, _kernel.process(), get_ident()

    def _is_mine(self):
        return self._held > 0 and self._owner == self._me()

    def _value(self):
        return _kernel.semaphore_value(self._id)

    def acquire(self, block=True, timeout=None):
        if not _kernel.semaphore_acquire(self._id, block, timeout):
            return False
        self._held += 1
        self._owner = self._me()
        return True

    def release(self):
        self._held -= 1
        if not _kernel.semaphore_release(self._id):
            self._held += 1
            raise ValueError("semaphore or lock released too many times")

    def __enter__(self):
        return self.acquire()

    def __exit__(self, kind, exception, traceback):
        self.release()

    def _owner_name(self):
        if self._is_mine():
            name = process._current.name
            thread = threading.current_thread().name
            return name if thread == "MainThread" else f"{name}|{thread}"
        if self._value() == 1:
            return "None"
        return "SomeOtherThread" if self._held > 0 else "SomeOtherProcess"


class Semaphore(SemLock):

    def __init__(self, value=1):
        super().__init__("semaphore", value, _MOST)

    def get_value(self):
        return self._value()

    def __repr__(self):
        return f"<{type(self).__name__}(value={self._value()})>"


class BoundedSemaphore(Semaphore):

    def __init__(self, value=1):
        SemLock.__init__(self, "semaphore", value, value)
        self._limit = value

    def __repr__(self):
        return f"<{type(self).__name__}(value={self._value()}, maxvalue={self._limit})>"


class Lock(SemLock):

    def __init__(self, thing=None, kind="lock"):
        super().__init__(kind, 1, 1, thing)

    def __repr__(self):
        return f"<Lock(owner={self._owner_name()})>"


class RLock(SemLock):

    def __init__(self, thing=None):
        super().__init__("rlock", 1, 1, thing)

    def acquire(self, block=True, timeout=None):
        if self._is_mine():
            self._held += 1
            return True
        return super().acquire(block, timeout)

    def release(self):
        assert self._is_mine(), "attempt to release recursive lock not owned by thread"
        if self._held > 1:
            self._held -= 1
        else:
            super().release()

    def __repr__(self):
        name = self._owner_name()
        count = self._held if self._is_mine() else 0 if name == "None" else "nonzero"
        return f"<RLock({name}, {count})>"


class Condition:

    def __init__(self, lock=None, kind="condition", thing=None):
        thing = thing or _kernel.thing(kind)
        self._lock = lock or RLock(thing)
        self._sleeping = SemLock(kind, 0, _MOST, thing)
        self._woken = SemLock(kind, 0, _MOST, thing)
        self._signal = SemLock(kind, 0, _MOST, thing)
        self._thing = thing
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __getstate__(self):
        process._check_spawning(self)
        return self._lock, self._sleeping, self._woken, self._signal, self._thing

    def __setstate__(self, state):
        self._lock, self._sleeping, self._woken, self._signal, self._thing = state
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, kind, exception, traceback):
        return self._lock.__exit__(kind, exception, traceback)

    def __repr__(self):
        return f"<Condition({self._lock}, {self._sleeping._value() - self._woken._value()})>"

    def wait(self, timeout=None):
        assert self._lock._is_mine(), "must acquire() condition before using wait()"
        self._sleeping.release()
        count = self._lock._held
        for _ in range(count):
            self._lock.release()
        try:
            return self._signal.acquire(True, timeout)
        finally:
            self._woken.release()
            for _ in range(count):
                self._lock.acquire()

    def notify(self, n=1):
        assert self._lock._is_mine(), "lock is not owned"
        _kernel.operate(self._thing, "notify")
        # Those whose time ran out are no sleepers any more.
        while self._woken.acquire(False):
            self._sleeping.acquire(False)
        sleepers = 0
        while sleepers < n and self._sleeping.acquire(False):
            self._signal.release()
            sleepers += 1
        if sleepers:
            for _ in range(sleepers):
                self._woken.acquire()
            while self._signal.acquire(False):
                pass

    def notify_all(self):
        self.notify(_MOST)

    wait_for = threading.Condition.wait_for


class Event:

    def __init__(self):
        thing = self._thing = _kernel.thing("event")
        self._cond = Condition(Lock(thing), "event", thing)
        self._flag = SemLock("event", 0, _MOST, thing)

    def is_set(self):
        with self._cond:
            if self._flag.acquire(False):
                self._flag.release()
                return True
            return False

    def set(self):
        with self._cond:
            self._flag.acquire(False)
            self._flag.release()
            _kernel.operate(self._thing, "set")
            self._cond.notify_all()

    def clear(self):
        with self._cond:
            self._flag.acquire(False)

    def wait(self, timeout=None):
        with self._cond:
            if not self._flag.acquire(False):
                self._cond.wait(timeout)
                if not self._flag.acquire(False):
                    return False
            self._flag.release()
            return True

    def __repr__(self):
        return f"<{type(self).__qualname__} at {id(self):#x} {'set' if self.is_set() else 'unset'}>"


class Barrier(threading.Barrier):

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1 and _kernel.VERSION >= (3, 13):
            raise ValueError("parties must be > 0")
        self._thing = _kernel.thing("barrier")
        self._changed = Condition(None, "barrier", self._thing)
        self._action = action
        self._timeout = timeout
        self._parties = parties
        self._cells = _kernel.cells(("filling", 0))

    @property
    def _state(self):
        return _kernel.cell_get(self._cells, 0, "")

    @_state.setter
    def _state(self, state):
        _kernel.cell_set(self._cells, 0, "", state)

    @property
    def _count(self):
        return _kernel.cell_get(self._cells, 1, "")

    @_count.setter
    def _count(self, count):
        _kernel.cell_set(self._cells, 1, "", count)

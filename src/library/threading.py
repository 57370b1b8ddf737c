"""threading of CPython 3.11 to 3.13.

Every primitive is built from plain locks as CPython builds it, because that decides who runs when: waking somebody is
releasing the lock that this one waits at, and the woken thread still has to take the primitive's own lock.
"""

import _kernel
from collections import deque

Lock = _kernel.Lock
RLock = _kernel.RLock
get_ident = get_native_id = _kernel.thread_ident
ThreadError = RuntimeError
TIMEOUT_MAX = 9223372036.0


_get = object.__getattribute__
_set = object.__setattr__


def _own(self):
    """The attributes that this thread has; one that comes here first is initialized as the one that made the object."""
    of_threads, args, kwargs = _get(self, "_local__args")
    ident = _kernel.thread_ident()
    own = of_threads.get(ident)
    if own is None:
        own = of_threads[ident] = {}
        self.__init__(*args, **kwargs)
    return own


def _of_class(self, name):
    """Whether the class says itself what reading, setting and deleting an attribute of this name does."""
    value = getattr(type(self), name, None)
    return hasattr(type(value), "__set__") or isinstance(value, property)


def _writable(self, name):
    if name == "__dict__":
        raise AttributeError(f"'{_kind(self)}' object attribute '__dict__' is read-only")
    return _own(self)


def _kind(self):
    kind = type(self)
    return "_thread._local" if kind is local else kind.__name__


class _local:
    """Attributes that every thread has for itself (CPython 3.12, Modules/_threadmodule.c, local_getattro)."""

    def __new__(cls, /, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        _set(self, "_local__args", ({_kernel.thread_ident(): {}}, args, kwargs))
        return self

    def __getattribute__(self, name):
        own = _own(self)
        if name == "__dict__":
            return own
        if name in own and not _of_class(self, name):
            return own[name]
        try:
            return _get(self, name)
        except AttributeError as error:
            raise _missing(self, name) if type(self) is local else error from None

    def __setattr__(self, name, value):
        own = _writable(self, name)
        if _of_class(self, name):
            _set(self, name, value)
        else:
            own[name] = value

    def __delattr__(self, name):
        own = _writable(self, name)
        if _of_class(self, name):
            object.__delattr__(self, name)
        elif name in own:
            del own[name]
        else:
            raise _missing(self, name)


def _missing(self, name):
    return AttributeError(f"'{_kind(self)}' object has no attribute '{name}'", name=name, obj=self)


local = _local


class Condition:
    _kind = "condition"

    def __init__(self, lock=None):
        self._thing = _kernel.thing("condition")
        self._use(lock if lock is not None else _kernel.rlock_of(self._thing))

    def _use(self, lock):
        self._lock = lock
        self.acquire = lock.acquire
        self.release = lock.release
        # A reentrant lock is given back as a whole, however often it was taken.
        if hasattr(lock, "_release_save"):
            self._release_save = lock._release_save
        if hasattr(lock, "_acquire_restore"):
            self._acquire_restore = lock._acquire_restore
        if hasattr(lock, "_is_owned"):
            self._is_owned = lock._is_owned
        self._waiters = deque()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, kind, exception, traceback):
        return self._lock.__exit__(kind, exception, traceback)

    def __repr__(self):
        return "<Condition(%s, %d)>" % (self._lock, len(self._waiters))

    def _release_save(self):
        self._lock.release()

    def _acquire_restore(self, saved):
        self._lock.acquire()

    def _is_owned(self):
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True

    def wait(self, timeout=None):
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = _kernel.waiter_lock(self._kind, self._thing)
        waiter.acquire()
        self._waiters.append(waiter)
        saved = self._release_save()
        woken = False
        try:
            if timeout is None:
                waiter.acquire()
                woken = True
            elif timeout > 0:
                woken = waiter.acquire(True, timeout)
            else:
                woken = waiter.acquire(False)
            return woken
        finally:
            self._acquire_restore(saved)
            if not woken:
                try:
                    self._waiters.remove(waiter)
                except ValueError:
                    pass

    def wait_for(self, predicate, timeout=None):
        end = None
        left = timeout
        result = predicate()
        while not result:
            if left is not None:
                if end is None:
                    end = _kernel.now() + left
                else:
                    left = end - _kernel.now()
                    if left <= 0:
                        break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n=1):
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        if self._kind == "condition":
            _kernel.operate(self._thing, "notify")
        waiters = self._waiters
        while waiters and n > 0:
            waiter = waiters[0]
            waiter.release()
            n -= 1
            # It may have given up in between and removed itself.
            try:
                waiters.remove(waiter)
            except ValueError:
                pass

    def notify_all(self):
        self.notify(len(self._waiters))

    notifyAll = notify_all


class Monitor(Condition):
    """The condition inside another primitive: waiting at it is shown as waiting for that one."""

    def __init__(self, kind, thing, lock=None):
        self._kind = kind
        self._thing = thing
        self._use(lock if lock is not None else _kernel.waiter_lock("lock", thing))


class Semaphore:

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._thing = _kernel.thing("semaphore")
        self._changed = Monitor("semaphore", self._thing)
        self._value = value

    def __repr__(self):
        kind = type(self)
        return f"<{kind.__module__}.{kind.__qualname__} at {id(self):#x}: value={self._value}>"

    def acquire(self, blocking=True, timeout=None):
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        end = None
        with self._changed:
            while self._value == 0:
                if not blocking:
                    return False
                if timeout is not None:
                    if end is None:
                        end = _kernel.now() + timeout
                    else:
                        timeout = end - _kernel.now()
                        if timeout <= 0:
                            return False
                self._changed.wait(timeout)
            self._value -= 1
            _kernel.acquired(self._thing)
            return True

    __enter__ = acquire

    def __exit__(self, kind, exception, traceback):
        self.release()

    def release(self, n=1):
        if n < 1:
            raise ValueError("n must be one or more")
        with self._changed:
            self._give_back(n)

    def _give_back(self, n):
        self._value += n
        for _ in range(n):
            _kernel.released(self._thing)
        self._changed.notify(n)


class BoundedSemaphore(Semaphore):

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def __repr__(self):
        kind = type(self)
        return f"<{kind.__module__}.{kind.__qualname__} at {id(self):#x}: value={self._value}/{self._initial_value}>"

    def release(self, n=1):
        if n < 1:
            raise ValueError("n must be one or more")
        with self._changed:
            if self._value + n > self._initial_value:
                raise ValueError("Semaphore released too many times")
            self._give_back(n)


class Event:

    def __init__(self):
        self._thing = _kernel.thing("event")
        self._changed = Monitor("event", self._thing)
        self._flag = False

    def __repr__(self):
        kind = type(self)
        state = "set" if self._flag else "unset"
        return f"<{kind.__module__}.{kind.__qualname__} at {id(self):#x}: {state}>"

    def is_set(self):
        return self._flag

    isSet = is_set

    def set(self):
        with self._changed:
            self._flag = True
            _kernel.operate(self._thing, "set")
            self._changed.notify_all()

    def clear(self):
        with self._changed:
            self._flag = False
            _kernel.operate(self._thing, "clear")

    def wait(self, timeout=None):
        with self._changed:
            if self._flag:
                return True
            return self._changed.wait(timeout)


class BrokenBarrierError(RuntimeError):
    """The barrier was broken or reset while somebody waited at it."""


class Barrier:
    """Filling until all parties are there, then draining until all have left; only then it fills again."""

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1 and _kernel.VERSION >= (3, 13):
            raise ValueError("parties must be > 0")
        self._thing = _kernel.thing("barrier")
        self._changed = Monitor("barrier", self._thing)
        self._action = action
        self._timeout = timeout
        self._parties = parties
        self._state = "filling"
        self._count = 0

    def __repr__(self):
        kind = type(self)
        where = f"<{kind.__module__}.{kind.__qualname__} at {id(self):#x}:"
        if self.broken:
            return where + " broken>"
        return f"{where} waiters={self.n_waiting}/{self.parties}>"

    def wait(self, timeout=None):
        if timeout is None:
            timeout = self._timeout
        with self._changed:
            while self._state == "draining" or self._state == "resetting":
                self._changed.wait()
            if self._state == "broken":
                raise BrokenBarrierError
            index = self._count
            self._count += 1
            try:
                if index + 1 == self._parties:
                    self._open()
                else:
                    self._wait_until_open(timeout)
                return index
            finally:
                self._count -= 1
                # The last one out lets the next round in.
                if self._count == 0 and (self._state == "draining" or self._state == "resetting"):
                    self._state = "filling"
                    self._changed.notify_all()

    def _open(self):
        try:
            if self._action:
                self._action()
            self._state = "draining"
            self._changed.notify_all()
        except:
            self._break()
            raise

    def _wait_until_open(self, timeout):
        if not self._changed.wait_for(self._may_leave, timeout):
            # One who gives up breaks it for all.
            self._break()
            raise BrokenBarrierError
        if self._state == "broken" or self._state == "resetting":
            raise BrokenBarrierError

    def _may_leave(self):
        return self._state != "filling"

    def _break(self):
        self._state = "broken"
        self._changed.notify_all()

    def reset(self):
        with self._changed:
            if self._count == 0:
                self._state = "filling"
            elif self._state != "draining":
                self._state = "resetting"
            self._changed.notify_all()

    def abort(self):
        with self._changed:
            self._break()

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return self._count if self._state == "filling" else 0

    @property
    def broken(self):
        return self._state == "broken"


_names = 0
# By ident, in the order in which they began to run.
_active = {}
# Those whose `start` was called and that did not begin to run.
_starting = {}
# What threads that the program's end waits for hold until they have ended.
_ends = {}
_exit_calls = []
# After all threads have ended.
_final_calls = []
_shutting_down = False


def _new_number():
    global _names
    _names += 1
    return _names


class Thread:
    _initialized = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        if excepthook is None:
            raise RuntimeError("threading.excepthook is None")
        if name:
            name = str(name)
        else:
            name = f"Thread-{_new_number()}"
            if target is not None and _kernel.VERSION >= (3, 10):
                try:
                    name += f" ({target.__name__})"
                except AttributeError:
                    pass
        self._target = target
        self._name = name
        self._args = args
        self._kwargs = {} if kwargs is None else kwargs
        self._daemonic = daemon if daemon is not None else current_thread().daemon
        self._ident = None
        self._started = False
        # Both are held until that has happened.
        self._begun_lock = None
        self._ended_lock = None
        self._initialized = True

    def __repr__(self):
        assert self._initialized, "Thread.__init__() was not called"
        state = "initial"
        if self._started:
            state = "started" if self.is_alive() else "stopped"
        if self._daemonic:
            state += " daemon"
        if self._ident is not None:
            state += f" {self._ident}"
        return f"<{type(self).__name__}({self._name}, {state})>"

    def start(self):
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        if self._started:
            raise RuntimeError("threads can only be started once")
        self._begun_lock = _kernel.waiter_lock("start", self)
        self._begun_lock.acquire()
        self._ended_lock = _kernel.waiter_lock("join", self)
        self._ended_lock.acquire()
        _kernel.set_thread_name(self, self._name, self._describe_call())
        _starting[self] = self
        _kernel.start_thread(self._bootstrap, self, self._daemonic, self._ended_lock)
        self._begun_lock.acquire()

    def _describe_call(self, run=None):
        """The call that the thread is, as far as it is short and has no surprises."""
        if type(self).run is not (run or Thread.run):
            return type(self).__name__
        name = getattr(self._target, "__name__", None)
        if name is None or not isinstance(self._args, (tuple, list)):
            return self._name
        shown = []
        for value in self._args:
            if value is None or type(value) in (int, float, bool, str):
                shown.append(repr(value))
            else:
                shown.append("…")
        return f"{name}({', '.join(shown)})"

    def run(self):
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            # What the thread worked on lives no longer than its work.
            del self._target, self._args, self._kwargs

    def _bootstrap(self):
        ident = self._ident = _kernel.thread_ident()
        if not self._daemonic:
            _ends[self._ended_lock] = None
        self._started = True
        self._begun_lock.release()
        _active[ident] = self
        del _starting[self]
        try:
            self.run()
        except BaseException as exception:
            self._report_exception(exception)
        finally:
            del _active[ident]

    def _report_exception(self, exception):
        try:
            excepthook(ExceptHookArgs((type(exception), exception, exception.__traceback__, self)))
        except Exception as error:
            error.__suppress_context__ = True
            _kernel.write("Exception in threading.excepthook:\n" + _kernel.uncaught(error), True)

    def join(self, timeout=None):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if not self._started:
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        if timeout is None:
            ended = self._ended_lock.acquire()
        else:
            ended = self._ended_lock.acquire(True, max(timeout, 0))
        if ended:
            # Others may be waiting for the same end.
            self._ended_lock.release()
            _ends.pop(self._ended_lock, None)

    def is_alive(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._started and self._ended_lock.locked()

    @property
    def name(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._name

    @name.setter
    def name(self, name):
        assert self._initialized, "Thread.__init__() not called"
        self._name = str(name)
        if self._begun_lock is not None:
            _kernel.set_thread_name(self, self._name, self._name)

    @property
    def ident(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._ident

    native_id = ident

    @property
    def daemon(self):
        assert self._initialized, "Thread.__init__() not called"
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if self._started:
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic

    def isDaemon(self):
        return self.daemon

    def setDaemon(self, daemonic):
        self.daemon = daemonic

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name


class _ExceptHookArgs(tuple):
    exc_type, exc_value, exc_traceback, thread = [property(lambda self, at=at: self[at]) for at in range(4)]


ExceptHookArgs = _ExceptHookArgs


def excepthook(args, /):
    if not isinstance(args, ExceptHookArgs):
        raise TypeError("_thread.excepthook argument type must be ExceptHookArgs")
    if args.exc_type is not SystemExit:
        name = args.thread.name if args.thread is not None else str(get_ident())
        _kernel.thread_excepthook(args.exc_value, name)


__excepthook__ = excepthook


class Timer(Thread):

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval = interval
        self.function = function
        self.args = args if args is not None else []
        self.kwargs = kwargs if kwargs is not None else {}
        self.finished = Event()

    def cancel(self):
        self.finished.set()

    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()


class _MainThread(Thread):

    def __init__(self):
        super().__init__(name="MainThread", daemon=False)
        self._started = True
        self._ident = _kernel.thread_ident()
        self._ended_lock = _kernel.waiter_lock("join", self)
        self._ended_lock.acquire()
        _active[self._ident] = self
        _kernel.set_thread_object(self)


def current_thread():
    return _kernel.thread_object()


def main_thread():
    return _main_thread


def active_count():
    return len(_active) + len(_starting)


def enumerate():
    return list(_active.values()) + list(_starting.values())


currentThread = current_thread
activeCount = active_count


def _register_atexit(func, *args, **kwargs):
    """Calls it before the program's end waits for the threads."""
    if _shutting_down:
        raise RuntimeError("can't register atexit after shutdown")
    _exit_calls.append(lambda: func(*args, **kwargs))


def _shutdown():
    """The end of the program: waits for all threads but daemons, those that they start meanwhile included."""
    global _shutting_down
    _shutting_down = True
    while _exit_calls:
        _exit_calls.pop()()
    _main_thread._ended_lock.release()
    while _ends:
        for end in list(_ends):
            _ends.pop(end, None)
            end.acquire()
            end.release()
    while _final_calls:
        _final_calls.pop()()


def _after_fork():
    """In a forked process: only the thread that forked is there, and it is the main one."""
    global _main_thread
    _main_thread = me = current_thread()
    for thread in enumerate():
        if thread is not me:
            thread._ended_lock = _kernel.waiter_lock("join", thread)
    _active.clear()
    _starting.clear()
    _ends.clear()
    _final_calls.clear()
    _active[get_ident()] = me


_main_thread = _MainThread()

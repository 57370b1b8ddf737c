"""The module `_kernel` for real CPython, so that src/library runs there and can be compared with the standard library.

The clock is virtual (it jumps to the next timer) unless REAL_TIME is set, which programs with threads need.
"""

import _asyncio
import _thread
import asyncio.coroutines
import asyncio.futures
import asyncio.tasks
import contextvars
import heapq
import inspect
import sys
import time
import traceback
import types
import weakref
from collections import deque

VERSION = sys.version_info[:2]
REAL_TIME = False


class Deadlock(BaseException):
    pass


class Limit(BaseException):
    pass


# Times

virtual_now = 0.0


def now():
    return time.monotonic() if REAL_TIME else virtual_now


def now_ns():
    return int(now() * 1e9)


sleep = time.sleep


def cpu_count():
    return 4


# Things: reports are recorded only to check that they balance.

class Thing:
    def __init__(self, kind):
        assert kind in ("lock", "rlock", "event", "condition", "semaphore", "barrier", "queue", "future", "group"), kind
        self.kind = kind
        self.held = 0


def thing(kind):
    return Thing(kind)


def acquired(thing):
    if thing is not None:
        thing.held += 1


def released(thing):
    if thing is not None:
        thing.held -= 1


def operate(thing, name, value=None):
    assert isinstance(thing, Thing), thing


def report_error(text, exception):
    report(text, exception)


def report(text, exception):
    print(text, file=sys.stderr)
    if exception is not None:
        traceback.print_exception(exception)


# Threads

Lock = _thread.allocate_lock if VERSION < (3, 13) else _thread.lock
RLock = _thread.RLock
Local = _thread._local
thread_ident = _thread.get_ident
_objects = {}


def rlock_of(thing):
    return RLock()


quiet_rlock = rlock_of
KINDS = ("sleep", "lock", "event", "condition", "semaphore", "barrier", "get", "put", "drain", "task", "tasks", "future",
         "reply", "thread", "join", "start")


def waiter_lock(kind, thing):
    assert kind in KINDS, kind
    return _thread.allocate_lock()


def start_thread(function, thread, daemon, ended):
    def run():
        _objects[thread_ident()] = thread
        try:
            function()
        finally:
            del _objects[thread_ident()]
            ended.release()
    _thread.start_new_thread(run, ())


def thread_object():
    return _objects.get(thread_ident())


def set_thread_object(thread):
    _objects[thread_ident()] = thread


def set_thread_name(thread, name, label):
    pass


def thread_excepthook(exception, name):
    print(f"Exception in thread {name}: {exception!r}", file=sys.stderr)


# Coroutines

CancelledError = asyncio.exceptions.CancelledError
InvalidStateError = asyncio.exceptions.InvalidStateError
is_coroutine = asyncio.coroutines.iscoroutine
is_coroutine_function = asyncio.coroutines.iscoroutinefunction
is_awaitable = inspect.isawaitable


@types.coroutine
def bare_yield():
    yield


# Futures and tasks

Future = _asyncio.Future
Task = _asyncio.Task


class _GatheringFuture(_asyncio.Future):
    def cancel(self, msg=None):
        if self.done():
            return False
        any_child = False
        for child in self.children:
            if child.cancel(msg=msg):
                any_child = True
        if any_child:
            self._cancel_requested = True
        return any_child


def gathering(loop, children):
    future = _GatheringFuture(loop=loop)
    future.children = children
    future._cancel_requested = False
    return future


def waiter(loop, kind, thing):
    assert kind in KINDS, kind
    return loop.create_future()


current_task = asyncio.tasks.current_task


def set_result_unless_cancelled(future, result):
    if not future.cancelled():
        future.set_result(result)


def keep_order(make_set):
    """Lets the interpreter's own sets of tasks remember the order."""
    for name in ("_all_tasks", "_scheduled_tasks"):
        tasks = getattr(asyncio.tasks, name, None)
        if tasks is not None:
            tasks.data = make_set()


_all = asyncio.tasks._all_tasks if VERSION < (3, 12) else asyncio.tasks._scheduled_tasks
_eager = asyncio.tasks.__dict__.get("_eager_tasks", ())


def all_tasks(loop):
    return [task for task in [*_all, *_eager] if task.get_loop() is loop and not task.done()]


def quiet_task(coro, loop):
    return Task(coro, loop=loop)


running_loop = _asyncio._get_running_loop
get_running_loop = _asyncio.get_running_loop
Handle = asyncio.Handle
TimerHandle = asyncio.TimerHandle


class Loop:
    """What the machine's own loop does, in Python."""

    def __init__(self):
        self._ready = deque()
        self._timers = []
        self._cancelled_timers = 0
        self._stopping = False
        self._closed = False
        self._running = False
        self._factory = None
        self._generators = {}
        self._wake = _thread.allocate_lock()
        self._wake.acquire()
        self.iterations = 0

    def get_debug(self):
        return False

    def set_debug(self, enabled):
        pass

    def time(self):
        return now()

    def is_running(self):
        return self._running

    def is_closed(self):
        return self._closed

    def stop(self):
        self._stopping = True

    def create_future(self):
        return Future(loop=self)

    def get_task_factory(self):
        return self._factory

    def set_task_factory(self, factory):
        self._factory = factory

    def create_task(self, coro, *, name=None, context=None):
        self._check()
        if self._factory is not None:
            return self._make_task(coro, name, context)
        return Task(coro, loop=self, name=name, context=context)

    def _check(self):
        if self._closed:
            raise RuntimeError("Event loop is closed")

    def call_soon(self, callback, *args, context=None):
        self._check()
        handle = Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_soon_threadsafe(self, callback, *args, context=None):
        handle = self.call_soon(callback, *args, context=context)
        try:
            self._wake.release()
        except RuntimeError:
            pass
        return handle

    def call_later(self, delay, callback, *args, context=None):
        if delay is None:
            raise TypeError("delay must not be None")
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        self._check()
        timer = TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, timer)
        timer._scheduled = True
        return timer

    def _timer_handle_cancelled(self, handle):
        if handle._scheduled:
            self._cancelled_timers += 1

    def run_forever(self):
        self._check()
        if self._running:
            raise RuntimeError("This event loop is already running")
        if running_loop() is not None:
            raise RuntimeError("Cannot run the event loop while another loop is running")
        self._running = True
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._first, finalizer=self._final)
        _asyncio._set_running_loop(self)
        try:
            while True:
                self._iterate()
                if self._stopping:
                    break
        finally:
            self._stopping = False
            self._running = False
            _asyncio._set_running_loop(None)
            sys.set_asyncgen_hooks(*hooks)

    def _first(self, generator):
        self._generators[weakref.ref(generator)] = None

    def _final(self, generator):
        if not self._closed:
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    def _iterate(self):
        global virtual_now
        self.iterations += 1
        if self.iterations > 20000:
            raise Limit
        timers = self._timers
        if len(timers) > 100 and self._cancelled_timers / len(timers) > 0.5:
            kept = [timer for timer in timers if not timer._cancelled]
            heapq.heapify(kept)
            self._timers = timers = kept
            self._cancelled_timers = 0
        else:
            while timers and timers[0]._cancelled:
                self._cancelled_timers -= 1
                heapq.heappop(timers)._scheduled = False
        if not self._ready and not self._stopping:
            if REAL_TIME:
                self._wake.acquire(True, max(0, timers[0]._when - now()) if timers else -1)
            elif timers:
                virtual_now = max(virtual_now, timers[0]._when)
            else:
                raise Deadlock
        end = self.time() + 1e-9
        while timers and timers[0]._when < end:
            timer = heapq.heappop(timers)
            timer._scheduled = False
            self._ready.append(timer)
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle._cancelled:
                handle._run()


def close_loop(loop):
    loop._closed = True
    loop._ready.clear()
    loop._timers.clear()


def open_asyncgens(loop):
    generators = [g for ref in loop._generators if (g := ref()) is not None and g.ag_frame is not None]
    loop._generators.clear()
    return generators


def attach(name, function):
    setattr(Loop, name, function)


def work(text, seconds, holds_gil):
    time.sleep(seconds)


def reply(text, seconds):
    time.sleep(seconds)


# For the prelude. It is told that nothing can be sorted natively, so that its own way is tested.

def index(value):
    import operator
    return operator.index(value)


def sort(keys, values):
    return False

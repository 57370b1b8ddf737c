"""queue of CPython 3.11 to 3.13: queues between threads."""

import _kernel
from collections import deque
from heapq import heappop, heappush
from threading import Monitor


class Empty(Exception):
    """There is nothing to get at once."""

    # Tracebacks name the module of C that has it.
    __module__ = "_queue"


class Full(Exception):
    """There is no room at once."""


if _kernel.VERSION >= (3, 13):

    class ShutDown(Exception):
        """The queue takes or gives nothing any more."""


class Queue:
    # Without `shutdown`, which came with 3.13, it stays false.
    is_shutdown = False

    def __init__(self, maxsize=0):
        self._thing = thing = _kernel.thing("queue")
        self.maxsize = maxsize
        self._init(maxsize)
        # One lock for everything, and three reasons to wait.
        self.mutex = mutex = _kernel.waiter_lock("lock", thing)
        self.not_empty = Monitor("get", thing, mutex)
        self.not_full = Monitor("put", thing, mutex)
        self.all_tasks_done = Monitor("drain", thing, mutex)
        self.unfinished_tasks = 0

    def task_done(self):
        with self.all_tasks_done:
            unfinished = self.unfinished_tasks - 1
            if unfinished < 0:
                raise ValueError("task_done() called too many times")
            _kernel.operate(self._thing, "task_done")
            if unfinished == 0:
                self.all_tasks_done.notify_all()
            self.unfinished_tasks = unfinished

    def join(self):
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def qsize(self):
        with self.mutex:
            return self._qsize()

    def empty(self):
        with self.mutex:
            return not self._qsize()

    def full(self):
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def put(self, item, block=True, timeout=None):
        with self.not_full:
            if self.is_shutdown:
                raise ShutDown
            if self.maxsize > 0:
                if not block:
                    if self._qsize() >= self.maxsize:
                        raise Full
                elif timeout is None:
                    while self._qsize() >= self.maxsize:
                        self.not_full.wait()
                        if self.is_shutdown:
                            raise ShutDown
                elif timeout < 0:
                    raise ValueError("'timeout' must be a non-negative number")
                else:
                    end = _kernel.now() + timeout
                    while self._qsize() >= self.maxsize:
                        left = end - _kernel.now()
                        if left <= 0.0:
                            raise Full
                        self.not_full.wait(left)
                        if self.is_shutdown:
                            raise ShutDown
            self._put(item)
            self.unfinished_tasks += 1
            _kernel.operate(self._thing, "put", item)
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        with self.not_empty:
            if self.is_shutdown and not self._qsize():
                raise ShutDown
            if not block:
                if not self._qsize():
                    raise Empty
            elif timeout is None:
                while not self._qsize():
                    self.not_empty.wait()
                    if self.is_shutdown and not self._qsize():
                        raise ShutDown
            elif timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            else:
                end = _kernel.now() + timeout
                while not self._qsize():
                    left = end - _kernel.now()
                    if left <= 0.0:
                        raise Empty
                    self.not_empty.wait(left)
                    if self.is_shutdown and not self._qsize():
                        raise ShutDown
            item = self._get()
            _kernel.operate(self._thing, "get", item)
            self.not_full.notify()
            return item

    def put_nowait(self, item):
        return self.put(item, block=False)

    def get_nowait(self):
        return self.get(block=False)

    if _kernel.VERSION >= (3, 13):

        def shutdown(self, immediate=False):
            with self.mutex:
                self.is_shutdown = True
                _kernel.operate(self._thing, "shutdown")
                if immediate:
                    while self._qsize():
                        self._get()
                        if self.unfinished_tasks > 0:
                            self.unfinished_tasks -= 1
                    self.all_tasks_done.notify_all()
                # Whoever waits looks again and finds it shut.
                self.not_empty.notify_all()
                self.not_full.notify_all()

    # Subclasses keep the items in another order by overriding these four.

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()


class PriorityQueue(Queue):

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heappush(self.queue, item)

    def _get(self):
        return heappop(self.queue)


class LifoQueue(Queue):

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.pop()


class SimpleQueue:
    """What both kinds of SimpleQueue have in common. In CPython they are C, so nobody sees the lock in here."""

    def __init__(self):
        self._thing = _kernel.thing("queue")
        self._mutex = _kernel.waiter_lock("lock", self._thing)
        self._items = deque()
        self._open()

    def put_nowait(self, item):
        return self.put(item)

    def get_nowait(self):
        return self.get(False)

    def empty(self):
        return not self._items

    def qsize(self):
        return len(self._items)

    def _take(self):
        item = self._items.popleft()
        _kernel.operate(self._thing, "get", item)
        return item


if _kernel.VERSION >= (3, 13):

    class SimpleQueue(SimpleQueue):
        """An item that arrives is handed to the getter who has waited longest."""

        __module__ = "_queue"

        def _open(self):
            self._getters = deque()

        def put(self, item, block=True, timeout=None):
            with self._mutex:
                _kernel.operate(self._thing, "put", item)
                if self._getters:
                    getter = self._getters.popleft()
                    getter.append(item)
                    getter[0].release()
                else:
                    self._items.append(item)

        def get(self, block=True, timeout=None):
            if block and timeout is not None and timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            with self._mutex:
                if self._items:
                    return self._take()
                if not block:
                    raise Empty
                lock = _kernel.waiter_lock("get", self._thing)
                lock.acquire()
                getter = [lock]
                self._getters.append(getter)
            if not lock.acquire(True, -1 if timeout is None else timeout):
                with self._mutex:
                    # The item may have come just after the end of our patience.
                    if len(getter) == 1:
                        self._getters.remove(getter)
                        raise Empty
            item = getter[1]
            _kernel.operate(self._thing, "get", item)
            return item

else:

    class SimpleQueue(SimpleQueue):
        """All getters wait at one lock. Who gets it and finds nothing queues up again, behind the others."""

        __module__ = "_queue"

        def _open(self):
            self._signal = _kernel.waiter_lock("get", self._thing)
            # A getter took the signal and nothing has come since.
            self._expecting = False

        def put(self, item, block=True, timeout=None):
            with self._mutex:
                _kernel.operate(self._thing, "put", item)
                self._items.append(item)
                self._pass_on()

        def _pass_on(self):
            if self._expecting:
                self._expecting = False
                self._signal.release()

        def get(self, block=True, timeout=None):
            if block and timeout is not None and timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            end = None if timeout is None else _kernel.now() + timeout
            while True:
                with self._mutex:
                    if self._items:
                        item = self._take()
                        self._pass_on()
                        return item
                    taken = self._signal.acquire(False)
                    if taken:
                        self._expecting = True
                if not taken:
                    if not block or timeout is not None and timeout <= 0:
                        raise Empty
                    if not self._signal.acquire(True, -1 if timeout is None else timeout):
                        raise Empty
                    self._expecting = True
                if end is not None:
                    timeout = max(end - _kernel.now(), 0)

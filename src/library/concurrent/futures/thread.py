"""A pool of threads that take calls from a queue. A new thread starts with a call as long as none is idle."""

import _kernel
from queue import Empty, SimpleQueue
from threading import Thread, _register_atexit

from ._base import BrokenExecutor, Executor, Future

_pools = 0
# The queue of each worker, in the order in which they started.
_queues = {}
_exiting = False
_exit_lock = _kernel.waiter_lock("lock", None)


class BrokenThreadPool(BrokenExecutor):
    """The initializer of a worker failed."""


def _exit():
    global _exiting
    with _exit_lock:
        _exiting = True
    for queue in list(_queues.values()):
        queue.put(None)
    for thread in list(_queues):
        thread.join()


_register_atexit(_exit)


class _Call:

    def __init__(self, future, function, args, kwargs):
        self.future = future
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.function(*self.args, **self.kwargs)
        except BaseException as exception:
            self.future.set_exception(exception)
            self = None
        else:
            self.future.set_result(result)


class ThreadPoolExecutor(Executor):

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        global _pools
        if max_workers is None:
            max_workers = min(32, _kernel.cpu_count() + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._work_queue = SimpleQueue()
        self._idle = 0
        self._idle_lock = _kernel.waiter_lock("lock", None)
        self._threads = []
        self._broken = None
        self._closed = False
        self._lock = _kernel.waiter_lock("lock", None)
        if not thread_name_prefix:
            thread_name_prefix = f"ThreadPoolExecutor-{_pools}"
            _pools += 1
        self._prefix = thread_name_prefix
        self._initializer = initializer
        self._initargs = initargs

    def submit(self, fn, /, *args, **kwargs):
        with self._lock, _exit_lock:
            if self._broken:
                raise BrokenThreadPool(self._broken)
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if _exiting:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            future = Future()
            self._work_queue.put(_Call(future, fn, args, kwargs))
            self._provide_worker()
            return future

    def _provide_worker(self):
        with self._idle_lock:
            if self._idle:
                self._idle -= 1
                return
        number = len(self._threads)
        if number < self._max_workers:
            thread = Thread(name=f"{self._prefix}_{number}", target=self._work)
            thread.start()
            self._threads.append(thread)
            _queues[thread] = self._work_queue

    def _work(self):
        if self._initializer is not None:
            try:
                self._initializer(*self._initargs)
            except BaseException as exception:
                _kernel.report_error("Exception in initializer:", exception)
                self._break()
                return
        while True:
            call = self._take()
            if call is None:
                # Told to look whether this is the end.
                if _exiting or self._closed:
                    self._closed = True
                    self._work_queue.put(None)
                    return
            else:
                call.run()
                del call
                if _kernel.VERSION < (3, 12):
                    self._count_idle()

    if _kernel.VERSION >= (3, 12):

        def _take(self):
            # Idle means to have found nothing.
            try:
                return self._work_queue.get_nowait()
            except Empty:
                self._count_idle()
                return self._work_queue.get()

    else:

        def _take(self):
            # Idle means to have done something: a worker counts itself after each call.
            return self._work_queue.get()

    def _count_idle(self):
        with self._idle_lock:
            self._idle += 1

    def _break(self):
        with self._lock:
            self._broken = "A thread initializer failed, the thread pool is not usable anymore"
            for call in self._drain():
                call.future.set_exception(BrokenThreadPool(self._broken))

    def _drain(self):
        calls = []
        while True:
            try:
                call = self._work_queue.get_nowait()
            except Empty:
                return calls
            if call is not None:
                calls.append(call)

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._lock:
            self._closed = True
            if cancel_futures:
                for call in self._drain():
                    call.future.cancel()
            self._work_queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

import _kernel
import queue
import threading
from traceback import format_exc

from . import process
from .context import TimeoutError
from .queues import SimpleQueue

_new_job = 0


class RemoteTraceback(Exception):

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


class MaybeEncodingError(Exception):

    def __init__(self, exc, value):
        self.exc = repr(exc)
        self.value = repr(value)
        super().__init__(self.exc, self.value)

    def __str__(self):
        return f"Error sending result: '{self.value}'. Reason: '{self.exc}'"


def _failure(error, kind=RemoteTraceback):
    """The exception with its traceback as text: frames stay in their process."""
    text = f'\n"""\n{format_exc()}"""'
    return error, kind(text)


def _mapstar(function, items):
    return [function(x) for x in items]


def _starmapstar(function, items):
    return [function(*x) for x in items]


def _work(tasks, results, initializer, initargs):
    if initializer is not None:
        initializer(*initargs)
    while True:
        task = tasks.get()
        if task is None:
            return
        job, place, function, args, kwargs = task
        try:
            result = (True, function(*args, **kwargs))
        except Exception as error:
            result = (False, _failure(error))
        try:
            results.put((job, place, result))
        except Exception as error:
            results.put((job, place, (False, (MaybeEncodingError(error, result[1]), None))))


class Pool:
    """Worker processes take tasks from one pipe and put results into another; a thread feeds the one, a thread reads the other."""

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        if maxtasksperchild is not None:
            _kernel.reject("maxtasksperchild is not supported", "leave it out: the workers stay")
        if processes is None:
            processes = _kernel.cpu_count()
        if processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._state = "RUN"
        self._jobs = {}
        self._waiting = queue.SimpleQueue()
        self._tasks = SimpleQueue()
        self._results = SimpleQueue()
        self._pool = []
        for _ in range(processes):
            worker = context.Process(target=_work, args=(self._tasks, self._results, initializer, initargs))
            worker.name = worker.name.replace("Process", "PoolWorker")
            worker.daemon = True
            worker.start()
            self._pool.append(worker)
        # CPython has a third one, which replaces workers that ended.
        threading._new_number()
        self._feeder = threading.Thread(target=self._handle_tasks, daemon=True)
        self._reader = threading.Thread(target=self._handle_results, daemon=True)
        self._feeder.start()
        self._reader.start()
        process._exit_calls.append(self._terminate_rest)

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} state={self._state} pool_size={len(self._pool)}>"

    def _handle_tasks(self):
        while True:
            batch = self._waiting.get()
            if batch is None:
                break
            for task in batch:
                try:
                    self._tasks.put(task)
                except Exception as error:
                    self._set(task[0], task[1], (False, (error, None)))
        for _ in self._pool:
            self._tasks.put(None)
        self._results.put(None)

    def _handle_results(self):
        ended = False
        while not ended or self._jobs:
            result = self._results.get()
            if result is None:
                ended = True
            else:
                self._set(*result)

    def _set(self, job, place, result):
        found = self._jobs.get(job)
        if found is not None:
            ok, value = result
            if not ok:
                value, cause = value
                if cause is not None:
                    value.__cause__ = cause
            found._set(place, ok, value)

    def _check_running(self):
        if self._state != "RUN":
            raise ValueError("Pool not running")

    def apply(self, func, args=(), kwds={}):
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        self._check_running()
        result = ApplyResult(self, callback, error_callback)
        self._waiting.put([(result._job, 0, func, args, kwds)])
        return result

    def map(self, func, iterable, chunksize=None):
        return self.map_async(func, iterable, chunksize).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map(func, iterable, _mapstar, chunksize, callback, error_callback)

    def starmap(self, func, iterable, chunksize=None):
        return self.starmap_async(func, iterable, chunksize).get()

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self._map(func, iterable, _starmapstar, chunksize, callback, error_callback)

    def _map(self, func, iterable, mapper, chunksize, callback, error_callback):
        self._check_running()
        items = list(iterable)
        if chunksize is None:
            chunksize, extra = divmod(len(items), len(self._pool) * 4)
            if extra:
                chunksize += 1
        if not items:
            chunksize = 0
        result = MapResult(self, chunksize, len(items), callback, error_callback)
        if items:
            chunks = [items[i : i + chunksize] for i in range(0, len(items), chunksize)]
            self._waiting.put([(result._job, i, mapper, (func, tuple(chunk)), {}) for i, chunk in enumerate(chunks)])
        return result

    def imap(self, func, iterable, chunksize=1):
        return self._imap(IMapIterator, func, iterable, chunksize)

    def imap_unordered(self, func, iterable, chunksize=1):
        return self._imap(IMapUnorderedIterator, func, iterable, chunksize)

    def _imap(self, kind, func, iterable, chunksize):
        self._check_running()
        if chunksize < 1:
            raise ValueError(f"Chunksize must be 1+, not {chunksize:n}")
        result = kind(self)
        self._waiting.put(result._make_tasks(func, iterable, chunksize))
        if chunksize == 1:
            return result
        return (item for chunk in result for item in chunk)

    def close(self):
        if self._state == "RUN":
            self._state = "CLOSE"
            self._waiting.put(None)

    def terminate(self):
        if self._state != "TERMINATE":
            self._state = "TERMINATE"
            for worker in self._pool:
                worker.terminate()
            for worker in self._pool:
                worker.join()

    def _terminate_rest(self):
        if self._state == "RUN":
            self.terminate()

    def join(self):
        if self._state == "RUN":
            raise ValueError("Pool is still running")
        if self._state == "CLOSE":
            self._feeder.join()
            self._reader.join()
        for worker in self._pool:
            worker.join()

    def __enter__(self):
        self._check_running()
        return self

    def __exit__(self, kind, exception, traceback):
        self.terminate()


class ApplyResult:

    def __init__(self, pool, callback, error_callback):
        global _new_job
        self._job = _new_job
        _new_job += 1
        self._pool = pool
        self._event = threading.Event()
        self._callback = callback
        self._error_callback = error_callback
        pool._jobs[self._job] = self

    def ready(self):
        return self._event.is_set()

    def successful(self):
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._success

    def wait(self, timeout=None):
        self._event.wait(timeout)

    def get(self, timeout=None):
        self.wait(timeout)
        if not self.ready():
            raise TimeoutError
        if self._success:
            return self._value
        raise self._value

    def _set(self, place, ok, value):
        self._success, self._value = ok, value
        callback = self._callback if ok else self._error_callback
        if callback:
            callback(value)
        self._event.set()
        self._pool._jobs.pop(self._job, None)


AsyncResult = ApplyResult


class MapResult(ApplyResult):

    def __init__(self, pool, chunksize, length, callback, error_callback):
        super().__init__(pool, callback, error_callback)
        self._success = True
        self._values = [None] * length
        self._chunksize = chunksize
        if chunksize <= 0:
            self._left = 0
            super()._set(0, True, [])
        else:
            self._left = -(-length // chunksize)

    def _set(self, place, ok, value):
        self._left -= 1
        if ok:
            self._values[place * self._chunksize : (place + 1) * self._chunksize] = value
        elif self._success:
            # The first failure counts, but all chunks are waited for.
            self._success, self._error = False, value
        if self._left == 0:
            super()._set(0, self._success, self._values if self._success else self._error)


class IMapIterator:

    def __init__(self, pool):
        global _new_job
        self._job = _new_job
        _new_job += 1
        self._pool = pool
        self._changed = threading.Condition(threading.Lock())
        self._items = {}
        self._next = 0
        self._length = None
        pool._jobs[self._job] = self

    def _make_tasks(self, func, iterable, chunksize):
        """The task thread goes over the iterable, not the caller."""
        count = 0
        try:
            chunk = []
            for item in iterable:
                if chunksize == 1:
                    yield self._job, count, func, (item,), {}
                    count += 1
                    continue
                chunk.append(item)
                if len(chunk) == chunksize:
                    yield self._job, count, _mapstar, (func, tuple(chunk)), {}
                    count += 1
                    chunk = []
            if chunk:
                yield self._job, count, _mapstar, (func, tuple(chunk)), {}
                count += 1
        except Exception as error:
            self._set(count, False, error)
            count += 1
        with self._changed:
            self._length = count
            self._finish()

    def _finish(self):
        if self._length is not None and self._next + len(self._items) == self._length:
            self._pool._jobs.pop(self._job, None)
        self._changed.notify()

    def _set(self, place, ok, value):
        with self._changed:
            self._items[self._place(place)] = (ok, value)
            self._finish()

    def _place(self, place):
        return place

    def __iter__(self):
        try:
            while True:
                yield self.next()
        except StopIteration:
            pass

    def next(self, timeout=None):
        with self._changed:
            if self._next not in self._items and self._next != self._length:
                self._changed.wait_for(lambda: self._next in self._items or self._next == self._length, timeout)
            if self._next in self._items:
                ok, value = self._items.pop(self._next)
            elif self._next == self._length:
                raise StopIteration
            else:
                raise TimeoutError
            self._next += 1
        if ok:
            return value
        raise value

    __next__ = next


class IMapUnorderedIterator(IMapIterator):

    def _place(self, place):
        # In the order in which they come.
        return self._next + len(self._items)

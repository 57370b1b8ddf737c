"""A pool of processes. A thread hands them calls and takes their results; if one dies, the pool is broken."""

import _kernel
import multiprocessing
from multiprocessing.queues import Queue, SimpleQueue
from threading import Thread, _register_atexit
from traceback import format_exc

from ._base import BrokenExecutor, Executor, Future

_exiting = False
_managers = {}


class BrokenProcessPool(BrokenExecutor):
    """A process of the pool ended before its time."""


class _RemoteTraceback(Exception):

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


def _exit():
    global _exiting
    _exiting = True
    for manager, executor in list(_managers.items()):
        executor._wake()
        manager.join()


_register_atexit(_exit)


def _remote():
    return _RemoteTraceback(f'\n"""\n{format_exc()}"""')


def _process_chunk(fn, chunk):
    return [fn(*args) for args in chunk]


def _work(calls, results, initializer, initargs):
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException as error:
            _kernel.report_error("Exception in initializer:", error)
            return
    while True:
        call = calls.get()
        if call is None:
            results.put((None, None, _kernel.process()))
            return
        number, fn, args, kwargs = call
        try:
            answer = (number, True, fn(*args, **kwargs))
        except BaseException as error:
            answer = (number, False, (error, _remote()))
        try:
            results.put(answer)
        except BaseException as error:
            results.put((number, False, (error, _remote())))
        del call, args, kwargs, answer


class _Calls(Queue):

    def _report(self, error, call):
        future = self._executor._pending.pop(call[0])[0]
        error.__cause__ = _remote()
        future.set_exception(error)
        self._executor._wake()


class ProcessPoolExecutor(Executor):

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        if max_tasks_per_child is not None:
            _kernel.reject("max_tasks_per_child is not supported", "leave it out: the workers stay")
        if max_workers is None:
            max_workers = _kernel.cpu_count()
        elif max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._context = mp_context or multiprocessing.get_context()
        self._initializer = initializer
        self._initargs = initargs
        self._processes = {}
        self._pending = {}
        self._waiting = []
        self._count = 0
        self._idle = 0
        self._broken = False
        self._closed = False
        self._cancels = False
        self._manager = None
        self._lock = _kernel.waiter_lock("lock", None)
        self._calls = _Calls(max_workers + 1)
        self._calls._executor = self
        self._results = SimpleQueue()

    def submit(self, fn, /, *args, **kwargs):
        with self._lock:
            if self._broken:
                raise BrokenProcessPool(self._broken)
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if _exiting:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            future = Future()
            self._pending[self._count] = (future, fn, args, kwargs)
            self._waiting.append(self._count)
            self._count += 1
            self._wake()
            # Forking once threads are there is not safe: all are forked at the first call.
            if self._context._name != "fork":
                if self._idle:
                    self._idle -= 1
                elif len(self._processes) < self._max_workers:
                    self._add_process()
            if self._manager is None:
                if self._context._name == "fork":
                    for _ in range(self._max_workers):
                        self._add_process()
                self._manager = Thread(target=self._manage)
                _managers[self._manager] = self
                self._manager.start()
            return future

    def _wake(self):
        self._results._writer._send(None)

    def _add_process(self):
        process = self._context.Process(
            target=_work, args=(self._calls, self._results, self._initializer, self._initargs)
        )
        process.start()
        self._processes[process._number] = process
        _kernel.tell_end(process._number, self._results._writer._handle)

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        rows = list(zip(*iterables))
        chunks = [tuple(rows[i : i + chunksize]) for i in range(0, len(rows), chunksize)]
        results = super().map(_process_chunk, [fn] * len(chunks), chunks, timeout=timeout)
        return (value for chunk in results for value in chunk)

    def _manage(self):
        while True:
            self._hand_out()
            message = self._results.get()
            if message is not None:
                number, ok, value = message
                if ok is None and number is None:
                    self._processes.pop(value)
                elif number == "end":
                    if value in self._processes:
                        return self._break()
                elif number in self._pending:
                    self._finish(number, ok, value)
            if self._closed or _exiting:
                if self._cancels:
                    self._cancels = False
                    for number in self._waiting:
                        self._pending.pop(number)[0].cancel()
                    self._waiting.clear()
                if not self._pending:
                    return self._end()

    def _hand_out(self):
        while self._waiting and not self._calls.full():
            number = self._waiting.pop(0)
            future, fn, args, kwargs = self._pending[number]
            if future.set_running_or_notify_cancel():
                self._calls.put((number, fn, args, kwargs))
            else:
                del self._pending[number]

    def _finish(self, number, ok, value):
        future = self._pending.pop(number)[0]
        if ok:
            future.set_result(value)
        else:
            error, error.__cause__ = value[0], value[1]
            future.set_exception(error)
        with self._lock:
            self._idle += 1

    def _break(self):
        self._broken = "A child process terminated abruptly, the process pool is not usable anymore"
        pending, self._pending = self._pending, {}
        for future, _, _, _ in pending.values():
            future.set_exception(
                BrokenProcessPool(
                    "A process in the process pool was terminated abruptly while the future was running or pending."
                )
            )
        for process in self._processes.values():
            process.terminate()
        self._join()

    def _end(self):
        for _ in range(len(self._processes)):
            self._calls.put(None)
        self._join()

    def _join(self):
        self._calls.close()
        for process in list(self._processes.values()):
            process.join()
        _managers.pop(self._manager, None)

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._lock:
            self._cancels = cancel_futures
            self._closed = True
            manager = self._manager
            if manager is not None and manager.is_alive():
                self._wake()
        if manager is not None and wait:
            manager.join()

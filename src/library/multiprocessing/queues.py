import _kernel
import threading

from collections import deque
from queue import Empty, Full
from time import monotonic
from traceback import print_exc

from . import process
from .connection import Pipe
from .reduction import dumps, loads
from .synchronize import _MOST, Condition, Lock, SemLock

_end = object()


class Queue:
    """A pipe with a lock at each end. A thread of each putting process feeds it, so that `put` does not wait for the pipe."""

    def __init__(self, maxsize=0):
        if maxsize <= 0:
            maxsize = _MOST
        thing = self._thing = _kernel.thing("queue")
        self._maxsize = maxsize
        self._reader, self._writer = Pipe(False, thing)
        self._read_lock = Lock(thing, "get")
        self._write_lock = Lock(thing, "put")
        self._room = SemLock("put", maxsize, maxsize, thing)
        self._reset()

    def _reset(self):
        self._process = _kernel.process()
        self._closed = False
        self._thread = None
        self._joins = True
        self._buffer = deque()
        self._filled = threading.Monitor("get", self._thing)

    def __getstate__(self):
        process._check_spawning(self)
        names = ("_thing", "_maxsize", "_reader", "_writer", "_read_lock", "_write_lock", "_room")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state):
        for name, value in state.items():
            setattr(self, name, value)
        self._reset()

    def _check(self):
        if self._process != _kernel.process():
            # Forked: the thread and what it was to send stayed with the parent.
            self._reset()
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")

    def put(self, obj, block=True, timeout=None):
        self._check()
        if not self._room.acquire(block, timeout):
            raise Full
        _kernel.operate(self._thing, "put", obj)
        with self._filled:
            self._give(obj)

    def _give(self, obj):
        if self._thread is None:
            self._buffer.clear()
            self._thread = threading.Thread(target=self._feed, name="QueueFeederThread", daemon=True)
            process._exit_calls.append(self._finish)
            process._last_calls.append(self._join)
            self._thread.start()
        self._buffer.append(obj)
        self._filled.notify()

    def _feed(self):
        while True:
            with self._filled:
                while not self._buffer:
                    self._filled.wait()
                obj = self._buffer.popleft()
            if obj is _end:
                self._reader.close()
                self._writer.close()
                return
            try:
                parcel = dumps(obj)
                with self._write_lock:
                    self._writer._send(parcel)
            except Exception as error:
                self._room.release()
                self._report(error, obj)

    def _report(self, error, obj):
        print_exc()

    def get(self, block=True, timeout=None):
        self._check()
        if block and timeout is None:
            with self._read_lock:
                parcel = self._reader._recv()
        else:
            if block:
                deadline = monotonic() + timeout
            if not self._read_lock.acquire(block, timeout):
                raise Empty
            try:
                if not self._reader.poll(max(deadline - monotonic(), 0) if block else 0):
                    raise Empty
                parcel = self._reader._recv()
            finally:
                self._read_lock.release()
        self._room.release()
        obj = loads(parcel)
        _kernel.operate(self._thing, "get", obj)
        return obj

    def put_nowait(self, obj):
        return self.put(obj, False)

    def get_nowait(self):
        return self.get(False)

    def qsize(self):
        return self._maxsize - self._room._value()

    def empty(self):
        return not self._reader.poll()

    def full(self):
        return self._room._value() == 0

    def close(self):
        self._closed = True
        self._finish()

    def _finish(self):
        if self._thread is not None and self._process == _kernel.process():
            with self._filled:
                self._buffer.append(_end)
                self._filled.notify()

    def join_thread(self):
        assert self._closed, f"Queue {self!r} not closed"
        self._join()

    def _join(self):
        if self._thread is not None and self._joins and self._process == _kernel.process():
            self._thread.join()

    def cancel_join_thread(self):
        self._joins = False


class JoinableQueue(Queue):

    def __init__(self, maxsize=0):
        super().__init__(maxsize)
        self._unfinished = SemLock("drain", 0, _MOST, self._thing)
        self._cond = Condition(None, "drain", self._thing)

    def __getstate__(self):
        return {**super().__getstate__(), "_unfinished": self._unfinished, "_cond": self._cond}

    def _give(self, obj):
        with self._cond:
            super()._give(obj)
            self._unfinished.release()

    def task_done(self):
        with self._cond:
            if not self._unfinished.acquire(False):
                raise ValueError("task_done() called too many times")
            if self._unfinished._value() == 0:
                self._cond.notify_all()

    def join(self):
        with self._cond:
            if self._unfinished._value():
                self._cond.wait()


class SimpleQueue:

    def __init__(self):
        thing = self._thing = _kernel.thing("queue")
        self._reader, self._writer = Pipe(False, thing)
        self._read_lock = Lock(thing, "get")
        self._write_lock = Lock(thing, "put")

    def __getstate__(self):
        process._check_spawning(self)
        return dict(self.__dict__)

    def empty(self):
        return not self._reader.poll()

    def get(self):
        with self._read_lock:
            parcel = self._reader._recv()
        obj = loads(parcel)
        _kernel.operate(self._thing, "get", obj)
        return obj

    def put(self, obj):
        parcel = dumps(obj)
        _kernel.operate(self._thing, "put", obj)
        with self._write_lock:
            self._writer._send(parcel)

    def close(self):
        self._reader.close()
        self._writer.close()

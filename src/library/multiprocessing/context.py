import _kernel

from . import process


class ProcessError(Exception):
    pass


class BufferTooShort(ProcessError):
    pass


class TimeoutError(ProcessError):
    pass


class AuthenticationError(ProcessError):
    pass


class BaseContext:
    ProcessError = ProcessError
    BufferTooShort = BufferTooShort
    TimeoutError = TimeoutError
    AuthenticationError = AuthenticationError
    current_process = staticmethod(process.current_process)
    parent_process = staticmethod(process.parent_process)
    active_children = staticmethod(process.active_children)

    def cpu_count(self):
        return _kernel.cpu_count()

    def freeze_support(self):
        pass

    def Pipe(self, duplex=True):
        from .connection import Pipe
        return Pipe(duplex)

    def Lock(self):
        self.get_context()
        from .synchronize import Lock
        return Lock()

    def RLock(self):
        self.get_context()
        from .synchronize import RLock
        return RLock()

    def Condition(self, lock=None):
        self.get_context()
        from .synchronize import Condition
        return Condition(lock)

    def Semaphore(self, value=1):
        self.get_context()
        from .synchronize import Semaphore
        return Semaphore(value)

    def BoundedSemaphore(self, value=1):
        self.get_context()
        from .synchronize import BoundedSemaphore
        return BoundedSemaphore(value)

    def Event(self):
        self.get_context()
        from .synchronize import Event
        return Event()

    def Barrier(self, parties, action=None, timeout=None):
        self.get_context()
        from .synchronize import Barrier
        return Barrier(parties, action, timeout)

    def Queue(self, maxsize=0):
        self.get_context()
        from .queues import Queue
        return Queue(maxsize)

    def JoinableQueue(self, maxsize=0):
        self.get_context()
        from .queues import JoinableQueue
        return JoinableQueue(maxsize)

    def SimpleQueue(self):
        self.get_context()
        from .queues import SimpleQueue
        return SimpleQueue()

    def Pool(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None):
        from .pool import Pool
        return Pool(processes, initializer, initargs, maxtasksperchild, self.get_context())

    def RawValue(self, typecode_or_type, *args):
        from .sharedctypes import RawValue
        return RawValue(typecode_or_type, *args)

    def RawArray(self, typecode_or_type, size_or_initializer):
        from .sharedctypes import RawArray
        return RawArray(typecode_or_type, size_or_initializer)

    def Value(self, typecode_or_type, *args, lock=True):
        self.get_context()
        from .sharedctypes import Value
        return Value(typecode_or_type, *args, lock=lock)

    def Array(self, typecode_or_type, size_or_initializer, *, lock=True):
        self.get_context()
        from .sharedctypes import Array
        return Array(typecode_or_type, size_or_initializer, lock=lock)

    def get_context(self, method=None):
        if method is None:
            return self
        try:
            return _contexts[method]
        except KeyError:
            raise ValueError("cannot find context for %r" % method) from None

    def get_start_method(self, allow_none=False):
        return self._name

    def set_start_method(self, method, force=False):
        raise ValueError("cannot set start method of concrete context")


class Process(process.BaseProcess):
    pass


class ForkProcess(process.BaseProcess):
    _start_method = "fork"


class SpawnProcess(process.BaseProcess):
    _start_method = "spawn"


class ForkServerProcess(process.BaseProcess):
    _start_method = "forkserver"


class _DefaultContext(BaseContext):
    Process = Process

    def get_context(self, method=None):
        # Whoever asks for the default settles what it is.
        return _contexts[self.get_start_method()] if method is None else super().get_context(method)

    def set_start_method(self, method, force=False):
        if process._method_name is not None and not force:
            raise RuntimeError("context has already been set")
        process._method_name = method if method is None and force else self.get_context(method)._name

    def get_start_method(self, allow_none=False):
        return process._method_name if allow_none else process._default_method()

    def get_all_start_methods(self):
        return ["fork", "spawn", "forkserver"]


class ForkContext(BaseContext):
    _name = "fork"
    Process = ForkProcess


class SpawnContext(BaseContext):
    _name = "spawn"
    Process = SpawnProcess


class ForkServerContext(BaseContext):
    _name = "forkserver"
    Process = ForkServerProcess


_contexts = {"fork": ForkContext(), "spawn": SpawnContext(), "forkserver": ForkServerContext()}

"""Processes of CPython 3.11 to 3.13. A forked one begins with a copy of this memory, a spawned one with the program run anew."""

import _kernel
import threading
from os import getpid
from sys import stderr
from traceback import print_exc

from .reduction import dumps

_PID = 4242
_SIGNALS = {-15: "-SIGTERM", -9: "-SIGKILL"}
_count = 0
_children = set()
# Before children are waited for, and after.
_exit_calls = []
_last_calls = []
_spawning = False


def _check_spawning(x):
    """What lies outside of all processes goes to a new one only."""
    if not _spawning:
        name = type(x).__name__
        raise RuntimeError(f"{name} objects should only be shared between processes through inheritance")


class BaseProcess:
    _start_method = None

    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        assert group is None, "group argument must be None for now"
        global _count
        _count += 1
        self._identity = _current._identity + (_count,)
        self._config = _current._config.copy()
        self._parent_pid = getpid()
        self._parent_name = _current.name
        self._number = None
        self._closed = False
        self._target = target
        self._args = tuple(args)
        self._kwargs = dict(kwargs)
        self._name = name or type(self).__name__ + "-" + ":".join(str(i) for i in self._identity)
        if daemon is not None:
            self.daemon = daemon

    def _check_closed(self):
        if self._closed:
            raise ValueError("process object is closed")

    def _check_child(self, what):
        self._check_closed()
        assert self._parent_pid == getpid(), what

    def run(self):
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self):
        global _spawning
        self._check_closed()
        assert self._number is None, "cannot start a process twice"
        assert self._parent_pid == getpid(), "can only start a process object created by current process"
        assert not _current._config.get("daemon"), "daemonic processes are not allowed to have children"
        _clean_up()
        method = self._start_method or _default_method()
        if method == "fork":
            self._number = _kernel.fork(self._launch, self._name, self._describe_call())
        else:
            if getattr(_current, "_inheriting", False):
                raise RuntimeError(_TOO_EARLY)
            _spawning = True
            try:
                parcel = dumps((self, _method_name))
            finally:
                _spawning = False
            self._number = _kernel.spawn(parcel, self._name, self._describe_call())
        # What the process works on lives on there only.
        del self._target, self._args, self._kwargs
        _children.add(self)

    def _describe_call(self):
        return threading.Thread._describe_call(self, BaseProcess.run)

    def _launch(self):
        threading._after_fork()
        random = _kernel.module("random", False)
        if random is not None:
            random.seed(random.getrandbits(32) << 32 | _kernel.process())
        _kernel.exit_process(self._bootstrap())

    def _bootstrap(self):
        global _current, _parent, _count
        _count = 0
        _children.clear()
        _exit_calls.clear()
        _last_calls.clear()
        _parent = _ParentProcess(self._parent_name, _kernel.parent_process())
        _current = self
        try:
            try:
                self.run()
                code = 0
            finally:
                _at_exit()
        except SystemExit as error:
            code = error.code
            if code is None:
                code = 0
            elif not isinstance(code, int):
                stderr.write(f"{code}\n")
                code = 1
        except:
            code = 1
            stderr.write(f"Process {self.name}:\n")
            print_exc()
        finally:
            threading._shutdown()
        return code

    def terminate(self):
        self._signal("terminate", 15)

    def kill(self):
        self._signal("kill", 9)

    def _signal(self, name, number):
        self._check_closed()
        if self._number is None:
            raise AttributeError(f"'NoneType' object has no attribute '{name}'")
        if self._code() is None:
            _kernel.kill(self._number, number)

    def _code(self):
        return None if self._number is None else _kernel.exit_code(self._number)

    def _is_over(self):
        """As `_code`, of no consequence for the order in which things happen."""
        return self._number is not None and _kernel.is_over(self._number)

    def join(self, timeout=None):
        self._check_child("can only join a child process")
        assert self._number is not None, "can only join a started process"
        if self._wait(timeout):
            _children.discard(self)

    def _wait(self, timeout=None):
        if not self._is_over():
            if timeout is not None and timeout <= 0:
                return False
            return _kernel.shared_wait(_kernel.process_end(self._number), 0, timeout)
        return True

    def is_alive(self):
        self._check_closed()
        if self is _current:
            return True
        assert self._parent_pid == getpid(), "can only test a child process"
        if self._number is None:
            return False
        alive = self._code() is None
        if not alive:
            _children.discard(self)
        return alive

    def close(self):
        if self._number is not None and self._code() is None:
            raise ValueError(
                "Cannot close a process while it is still running. You should first call join() or terminate()."
            )
        _children.discard(self)
        self._closed = True

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        assert isinstance(name, str), "name must be a string"
        self._name = name

    @property
    def daemon(self):
        return self._config.get("daemon", False)

    @daemon.setter
    def daemon(self, daemonic):
        assert self._number is None, "process has already started"
        self._config["daemon"] = daemonic

    @property
    def exitcode(self):
        self._check_closed()
        return self._code()

    @property
    def ident(self):
        self._check_closed()
        if self is _current:
            return getpid()
        return None if self._number is None else _PID + self._number

    pid = ident

    @property
    def sentinel(self):
        self._check_closed()
        if self._number is None:
            raise ValueError("process not started")
        return _kernel.process_end(self._number) + 3

    def __repr__(self):
        code = None
        if self is _current:
            state = "started"
        elif self._closed:
            state = "closed"
        elif self._parent_pid != getpid():
            state = "unknown"
        elif self._number is None:
            state = "initial"
        else:
            code = self._code()
            state = "started" if code is None else "stopped"
        text = f"<{type(self).__name__} name={self._name!r}"
        if self._number is not None:
            text += f" pid={_PID + self._number}"
        text += f" parent={self._parent_pid} {state}"
        if code is not None:
            text += f" exitcode={_SIGNALS.get(code, code)}"
        if self.daemon:
            text += " daemon"
        return text + ">"


_TOO_EARLY = """
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        This probably means that you are not using fork to start your
        child processes and you have forgotten to use the proper idiom
        in the main module:

            if __name__ == '__main__':
                freeze_support()
                ...

        The "freeze_support()" line can be omitted if the program
        is not going to be frozen to produce an executable."""
if _kernel.VERSION >= (3, 12):
    _TOO_EARLY += """

        To fix this issue, refer to the "Safe importing of main module"
        section in https://docs.python.org/3/library/multiprocessing.html
        """
else:
    _TOO_EARLY += "\n"


class _MainProcess(BaseProcess):

    def __init__(self):
        self._identity = ()
        self._name = "MainProcess"
        self._parent_pid = None
        self._number = None
        self._config = {}
        self._closed = False

    def close(self):
        pass


class _ParentProcess(BaseProcess):

    def __init__(self, name, number):
        self._identity = ()
        self._name = name
        self._number = number
        self._parent_pid = None
        self._config = {}
        self._closed = False

    def is_alive(self):
        return self._code() is None

    def join(self, timeout=None):
        self._wait(timeout)


_parent = None
_current = _MainProcess()
_method_name = None


def current_process():
    return _current


def parent_process():
    return _parent


def _clean_up():
    for process in list(_children):
        if process._is_over():
            _children.discard(process)
    return list(_children)


def active_children():
    for process in _children:
        process._code()
    return _clean_up()


def _default_method():
    global _method_name
    _method_name = _method_name or "fork"
    return _method_name


def _at_exit():
    """Daemons do not outlive their parent, others are waited for."""
    while _exit_calls:
        _exit_calls.pop()()
    for process in _clean_up():
        if process.daemon:
            process.terminate()
    for process in _clean_up():
        process.join()
    while _last_calls:
        _last_calls.pop()()


threading._final_calls.append(_at_exit)

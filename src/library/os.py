"""os: what programs about concurrency use of it."""

import _kernel

name = "posix"
sep = "/"
linesep = "\n"
cpu_count = _kernel.cpu_count
environ = {}


def getpid():
    return 4242


def getppid():
    return 1


def getenv(key, default=None):
    return environ.get(key, default)


def kill(pid, signal, /):
    if pid != getpid():
        _kernel.reject("there is no other process to send a signal to", "send it to os.getpid()")
    if signal:
        _kernel.raise_signal(int(signal), True)

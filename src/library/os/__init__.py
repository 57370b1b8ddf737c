"""os: processes, and files of the simulated file system."""

import _kernel
from _files import _missing, _open, _path
from _files import open as _open_file

from . import path

cpu_count = process_cpu_count = _kernel.cpu_count
_exit = _kernel.exit_process
name = "posix"
sep = "/"
linesep = "\n"
environ = {}
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0, 1, 2, 64, 128, 512, 1024

if _kernel.VERSION < (3, 13):
    del process_cpu_count


def getpid():
    return 4242 + _kernel.process()


def getppid():
    return 4242 + _kernel.parent_process() if _kernel.process() else 1


def getenv(key, default=None):
    return environ.get(key, default)


def kill(pid, signal, /):
    if pid != getpid() or _kernel.process():
        _kernel.reject("only the first process gets signals, and only from itself", "send it to os.getpid()")
    if signal:
        _kernel.raise_signal(int(signal), True)


def open(path, flags, mode=0o777):
    exclusive = flags & O_CREAT and flags & O_EXCL
    return _open(path, flags & O_CREAT, exclusive, flags & O_TRUNC, flags & O_APPEND)


def fdopen(fd, mode="r"):
    return _open_file(fd, mode, None, None, None, None, None, None)


def close(fd):
    _kernel.file_close(fd)


def read(fd, n):
    data = _kernel.file_read(fd, n)
    _kernel.system_call()
    return data


def write(fd, data):
    count = _kernel.file_write(fd, bytes(data))
    _kernel.system_call()
    return count


def remove(path):
    if not _kernel.path_remove(_path(path)):
        raise _missing(path)
    _kernel.system_call()


unlink = remove


def rename(src, dst):
    if not _kernel.path_rename(_path(src), _path(dst)):
        raise _missing(src, dst)
    _kernel.system_call()


replace = rename


def listdir(path="."):
    if path is not None and _path(path) not in ("", "."):
        _kernel.reject("there is one directory here", "list it by os.listdir()")
    return _kernel.paths()


def fsync(fd):
    _kernel.system_call()

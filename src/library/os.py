"""os: processes, and files of the simulated file system."""

import _kernel

cpu_count = _kernel.cpu_count
_exit = _kernel.exit_process
name = "posix"
sep = "/"
linesep = "\n"
environ = {}


def getpid():
    return 4000 + _kernel.process()


def getppid():
    return 4000 + _kernel.parent_process() if _kernel.process() else 1

import _kernel
from _kernel import (
    handled as exception,
    recursion_limit as getrecursionlimit,
    set_recursion_limit as setrecursionlimit,
)

maxsize = 9223372036854775807
maxunicode = 1114111
byteorder = "little"
platform = "linux"
executable = "/usr/bin/python3"
copyright = "Copyright (c) 2001-2023 Python Software Foundation."
argv = [_kernel.file_name()]
hexversion = _kernel.VERSION[0] << 24 | _kernel.VERSION[1] << 16 | 0xF0


class _Record(tuple):
    _name = ""
    _names = ()

    def __getattr__(self, name):
        if name in self._names:
            return self[self._names.index(name)]
        raise AttributeError(f"'{self._name}' object has no attribute '{name}'")

    def __repr__(self):
        parts = [f"{n}={v!r}" for n, v in zip(self._names, self)]
        return f"{self._name}({', '.join(parts)})"


class _Version(_Record):
    _name = "sys.version_info"
    _names = ("major", "minor", "micro", "releaselevel", "serial")


version_info = _Version((_kernel.VERSION[0], _kernel.VERSION[1], 0, "final", 0))
version = f"{_kernel.VERSION[0]}.{_kernel.VERSION[1]}.0 (main) [simulated]"


class _Flags(_Record):
    _name = "sys.flags"
    _names = (
        "debug inspect interactive optimize dont_write_bytecode no_user_site no_site ignore_environment verbose "
        "bytes_warning quiet hash_randomization isolated dev_mode utf8_mode warn_default_encoding safe_path "
        "int_max_str_digits"
    ).split()


flags = _Flags((0,) * 11 + (1, 0, False, 0, 0, False, 4300))


class _Implementation:
    name = "cpython"
    cache_tag = f"cpython-{_kernel.VERSION[0]}{_kernel.VERSION[1]}"
    version = version_info
    hexversion = hexversion
    _multiarch = "x86_64-linux-gnu"

    def __repr__(self):
        names = "name", "cache_tag", "version", "hexversion", "_multiarch"
        return f"namespace({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"


implementation = _Implementation()


class _Stream:
    encoding = "utf-8"

    def __init__(self, name, stderr):
        self.name = name
        self._stderr = stderr

    def write(self, s):
        if not isinstance(s, str):
            raise TypeError(f"write() argument must be str, not {type(s).__name__}")
        _kernel.write(s, self._stderr)
        return len(s)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        return 2 if self._stderr else 1


stdout = __stdout__ = _Stream("<stdout>", False)
stderr = __stderr__ = _Stream("<stderr>", True)


def exit(status=None, /):
    raise SystemExit if status is None else SystemExit(status)


def exc_info():
    e = _kernel.handled()
    return (None, None, None) if e is None else (type(e), e, e.__traceback__)


def excepthook(exctype, value, traceback, /):
    stderr.write(_kernel.uncaught(value))


__excepthook__ = excepthook


def _call_hook(e):
    """Calls the program's hook; what is to be printed after it."""
    try:
        hook = excepthook
    except NameError:
        return "sys.excepthook is missing\n" + _kernel.uncaught(e)
    try:
        hook(type(e), e, e.__traceback__)
    except SystemExit as exit:
        return "" if isinstance(exit.code, (int, type(None))) else f"{exit.code}\n"
    except BaseException as error:
        told = _kernel.uncaught(error)
        return f"Error in sys.excepthook:\n{told}\nOriginal exception was:\n{_kernel.uncaught(e)}"
    return ""


def setswitchinterval(interval, /):
    if not isinstance(interval, (int, float)):
        raise TypeError(f"must be real number, not {type(interval).__name__}")
    if interval <= 0:
        raise ValueError("switch interval must be strictly positive")
    _kernel.set_switch_interval(interval)


def getswitchinterval():
    return _kernel.switch_interval()


_check_interval = 100


def setcheckinterval(n, /):
    global _check_interval
    if _kernel.VERSION >= (3, 2):
        _kernel.reject("`sys.setcheckinterval` does nothing since CPython 3.2", "is `sys.setswitchinterval` meant?")
    if not isinstance(n, int):
        raise TypeError("an integer is required")
    _check_interval = n
    _kernel.set_check_interval(n)


def getcheckinterval():
    if _kernel.VERSION >= (3, 2):
        _kernel.reject("`sys.getcheckinterval` means nothing since CPython 3.2", "is `sys.getswitchinterval` meant?")
    return _check_interval


def intern(string, /):
    if type(string) is not str:
        what = "can't intern" if isinstance(string, str) else "intern() argument must be str, not"
        raise TypeError(f"{what} {type(string).__name__}")
    return string


def is_finalizing():
    return False


def getdefaultencoding():
    return "utf-8"


def _is_gil_enabled():
    return not _kernel.is_free_threaded()


if _kernel.VERSION >= (3, 9):
    del setcheckinterval, getcheckinterval
if _kernel.VERSION < (3, 13):
    del _is_gil_enabled
if _kernel.VERSION < (3, 11):
    del exception

"""Files of the simulated file system, as `open` gives them. CPython 3.11 to 3.13, Lib/_pyio.py.

Every read and write of the operating system is a call at which the thread can be switched; what is written waits in the
file's own buffer until it is flushed.
"""

import _kernel

_BUFFER = 8192


class UnsupportedOperation(OSError, ValueError):
    __module__ = "io"


def _missing(path, *other):
    error = FileNotFoundError(2, "No such file or directory")
    error.filename = path
    if other:
        error.filename2 = other[0]
    return error


def _path(file):
    if hasattr(file, "__fspath__"):
        file = file.__fspath__()
    if not isinstance(file, str):
        _kernel.reject("a file is opened by its name here", "pass its path, a str")
    while file.startswith("./"):
        file = file[2:]
    return file


def _open(path, create, exclusive, truncate, append):
    name = _path(path)
    if "\0" in name:
        raise ValueError("embedded null byte")
    # The directories that lead here, or what is asked to be one.
    if path and (not name.strip("./") or create and name.endswith("/")):
        raise OSError(21, "Is a directory", path)
    if not path:
        raise _missing(path)
    number = _kernel.file_open(name, create, exclusive, truncate, append)
    _kernel.system_call()
    if number is None:
        raise _missing(path)
    if number is False:
        error = FileExistsError(17, "File exists")
        error.filename = path
        raise error
    return number


def open(file, mode, buffering, encoding, errors, newline, closefd, opener):
    mode = "r" if mode is None else mode
    kinds = [c for c in mode if c in "rwax"]
    if set(mode) - set("rwaxbt+") or len(set(mode)) != len(mode):
        raise ValueError(f"invalid mode: {mode!r}")
    if len(kinds) != 1:
        if not mode.strip("bt+"):
            raise ValueError(
                "Must have exactly one of create/read/write/append mode and at most one plus"
            )
        raise ValueError("must have exactly one of create/read/write/append mode")
    if newline not in (None, "\n") or errors not in (None, "strict") or opener is not None:
        _kernel.reject("newline, errors and opener are not supported", "leave them out")
    if encoding is not None and encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii"):
        _kernel.reject(f"the encoding {encoding!r} is not supported", "use utf-8")
    kind = kinds[0]
    if isinstance(file, int):
        number = file
    else:
        number = _open(file, kind != "r", kind == "x", kind == "w", kind == "a")
    return TextIOWrapper(file, mode, number, kind == "r" or "+" in mode, kind != "r" or "+" in mode, "b" in mode, buffering)


class TextIOWrapper:
    __module__ = "_io"
    encoding = "UTF-8"

    def __init__(self, name, mode, number, readable, writable, binary, buffering):
        self.name = name
        self.mode = mode
        self._number = number
        self._readable = readable
        self._writable = writable
        self._binary = binary
        self._nothing = b"" if binary else ""
        self._by_line = buffering == 1 and not binary
        self._room = 0 if buffering == 0 else _BUFFER
        # What was read from the file and not yet taken; what was given and not yet written.
        self._read = self._nothing
        self._written = b""

    def __del__(self):
        if self._number is not None:
            self.close()

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding='UTF-8'>"

    def __reduce__(self):
        if _kernel.VERSION >= (3, 12):
            raise TypeError("cannot pickle 'TextIOWrapper' instances")
        raise TypeError("cannot pickle '_io.TextIOWrapper' object")

    @property
    def closed(self):
        return self._number is None

    def _check(self, allowed=True, what=""):
        if self._number is None:
            raise ValueError("I/O operation on closed file.")
        if not allowed:
            raise UnsupportedOperation(what)

    def readable(self):
        self._check()
        return self._readable

    def writable(self):
        self._check()
        return self._writable

    def seekable(self):
        self._check()
        return True

    def fileno(self):
        self._check()
        return self._number

    def isatty(self):
        return False

    def write(self, s):
        self._check(self._writable, "not writable")
        if self._binary:
            data = bytes(s)
        elif isinstance(s, str):
            data = s.encode()
        else:
            raise TypeError(f"write() argument must be str, not {type(s).__name__}")
        self._read = self._nothing
        self._written += data
        if len(self._written) > self._room or self._by_line and "\n" in s:
            self.flush()
        return len(s)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self._check()
        if self._written:
            data, self._written = self._written, b""
            _kernel.file_write(self._number, data)
            _kernel.system_call()

    def close(self):
        if self._number is not None:
            self.flush()
            _kernel.file_close(self._number)
            self._number = None

    def _fill(self):
        self._check(self._readable, "not readable")
        self.flush()
        data = _kernel.file_read(self._number, -1)
        _kernel.system_call()
        self._read += data if self._binary else data.decode()

    def _take(self, count):
        found, self._read = self._read[:count], self._read[count:]
        return found

    def read(self, size=-1):
        self._fill()
        return self._take(len(self._read) if size is None or size < 0 else size)

    def readline(self, size=-1):
        newline = b"\n" if self._binary else "\n"
        self._check(self._readable, "not readable")
        if newline not in self._read:
            self._fill()
        end = self._read.find(newline) + 1 or len(self._read)
        return self._take(end if size is None or size < 0 else min(end, size))

    def readlines(self):
        return list(self)

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def tell(self):
        self._check()
        self.flush()
        rest = self._read if self._binary else self._read.encode()
        return _kernel.file_seek(self._number, 0, 1) - len(rest)

    def seek(self, cookie, whence=0):
        self._check()
        self.flush()
        if whence and cookie and not self._binary:
            which = "cur" if whence == 1 else "end"
            raise UnsupportedOperation(f"can't do nonzero {which}-relative seeks")
        if whence == 1:
            cookie, whence = self.tell() + cookie, 0
        self._read = self._nothing
        at = _kernel.file_seek(self._number, cookie, whence)
        if at is False:
            raise OSError(22, "Invalid argument")
        return at

    def truncate(self, size=None):
        self._check(self._writable, "not writable")
        self.flush()
        if size is None:
            size = self.tell()
        _kernel.file_truncate(self._number, size)
        _kernel.system_call()
        return size

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, exception, traceback):
        self.close()

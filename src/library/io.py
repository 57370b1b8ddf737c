from _kernel import reject as _reject
from operator import index as _index


def _size(size):
    if size is None:
        return -1
    if not hasattr(type(size), "__index__"):
        raise TypeError(f"argument should be integer or None, not '{type(size).__name__}'")
    return _index(size)


class StringIO:
    __module__ = "_io"

    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError(
                f"initial_value must be str or None, not {type(initial_value).__name__}"
            )
        if newline != "\n":
            _reject("`newline` of StringIO is not supported", "leave it out")
        self._text = initial_value or ""
        self._at = 0
        self.closed = False

    def _check(self, end=""):
        if self.closed:
            raise ValueError("I/O operation on closed file" + end)
        return True

    readable = writable = seekable = _check

    def isatty(self):
        return not self._check()

    def write(self, s):
        self._check()
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got '{type(s).__name__}'")
        text, at = self._text, self._at
        if at == len(text):
            self._text = text + s
        else:
            self._text = text[:at].ljust(at, "\0") + s + text[at + len(s) :]
        self._at = at + len(s)
        return len(s)

    def writelines(self, lines):
        self._check(".")
        for line in lines:
            self.write(line)

    def read(self, size=-1):
        self._check()
        size = _size(size)
        end = len(self._text) if size < 0 else self._at + size
        found = self._text[self._at : end]
        self._at += len(found)
        return found

    def readline(self, size=-1):
        self._check()
        end = self._text.find("\n", self._at) + 1
        if end <= 0:
            end = len(self._text)
        size = _size(size)
        if size >= 0:
            end = min(end, self._at + size)
        found = self._text[self._at : end]
        self._at += len(found)
        return found

    def readlines(self, hint=None, /):
        self._check(".")
        hint = _size(hint)
        if hint <= 0:
            return list(self)
        lines, count = [], 0
        for line in self:
            lines.append(line)
            count += len(line)
            if count >= hint:
                break
        return lines

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def seek(self, pos, whence=0):
        self._check()
        pos = _index(pos)
        if whence not in (0, 1, 2):
            raise ValueError(f"Invalid whence ({whence}, should be 0, 1 or 2)")
        if whence and pos:
            raise OSError(f"Can't do nonzero {('cur', 'end')[whence - 1]}-relative seeks")
        if pos < 0:
            raise ValueError(f"Negative seek position {pos}")
        self._at = (pos, self._at, len(self._text))[whence]
        return self._at

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None):
        self._check()
        size = self._at if size is None else _size(size)
        if size < 0:
            raise ValueError(f"Negative size value {size}")
        self._text = self._text[:size]
        return size

    def getvalue(self):
        self._check()
        return self._text

    def flush(self):
        self._check()

    def close(self):
        self.closed = True

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc_info):
        self.close()

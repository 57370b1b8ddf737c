from operator import index as _index


class StringIO:
    __module__ = "_io"

    def __init__(self, initial_value="", newline="\n"):
        self._text = initial_value or ""
        self._at = 0
        self.closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")
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
        for line in lines:
            self.write(line)

    def read(self, size=-1):
        self._check()
        end = len(self._text) if size is None or size < 0 else self._at + size
        found = self._text[self._at : end]
        self._at += len(found)
        return found

    def readline(self, size=-1):
        self._check()
        end = self._text.find("\n", self._at) + 1
        if end <= 0:
            end = len(self._text)
        if size is not None and size >= 0:
            end = min(end, self._at + size)
        found = self._text[self._at : end]
        self._at += len(found)
        return found

    def readlines(self):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def seek(self, pos, whence=0):
        self._check()
        self._at = len(self._text) if whence == 2 else _index(pos)
        return self._at

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None):
        self._check()
        size = self._at if size is None else size
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

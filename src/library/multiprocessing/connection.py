import _kernel

from .reduction import dumps, loads


class Connection:

    def __init__(self, handle, readable=True, writable=True):
        self._handle = handle
        self._readable = readable
        self._writable = writable

    def __del__(self):
        if self._handle is not None:
            _kernel.file_close(self._handle)

    def __reduce__(self):
        return _adopt, (_kernel.file_hold(self._handle), self._readable, self._writable)

    def _check(self, allowed=True, other=""):
        if self._handle is None:
            raise OSError("handle is closed")
        if not allowed:
            raise OSError(f"connection is {other}-only")

    @property
    def closed(self):
        return self._handle is None

    @property
    def readable(self):
        return self._readable

    @property
    def writable(self):
        return self._writable

    def fileno(self):
        self._check()
        return self._handle + 3

    def close(self):
        if self._handle is not None:
            _kernel.file_close(self._handle)
            self._handle = None

    def send(self, obj):
        self._check(self._writable, "read")
        self._send(dumps(obj))

    def _send(self, parcel):
        # What does not fit into the pipe waits for its reader.
        _kernel.pipe_wait(self._handle, 1, None)
        if not _kernel.pipe_send(self._handle, parcel):
            raise BrokenPipeError(32, "Broken pipe")
        _kernel.pipe_wait(self._handle, 1, None)

    def recv(self):
        self._check(self._readable, "write")
        return loads(self._recv())

    def _recv(self):
        while True:
            message = _kernel.pipe_receive(self._handle)
            if message:
                return message[0]
            if message is not None:
                raise EOFError
            _kernel.pipe_wait(self._handle, 0, None)

    def send_bytes(self, buf, offset=0, size=None):
        self._check(self._writable, "read")
        self._send(bytes(buf)[offset:] if size is None else bytes(buf)[offset : offset + size])

    def recv_bytes(self, maxlength=None):
        self._check(self._readable, "write")
        return self._recv()

    def poll(self, timeout=0.0):
        self._check(self._readable, "write")
        return _kernel.pipe_wait(self._handle, 0, timeout)

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, traceback):
        self.close()


def _adopt(sides, readable, writable):
    return Connection(_kernel.file_adopt(*sides), readable, writable)


def Pipe(duplex=True, _thing=None):
    first, second = _kernel.pipe(_thing or _kernel.thing("queue"), duplex)
    return Connection(first, writable=duplex), Connection(second, readable=duplex)

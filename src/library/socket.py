"""socket: TCP in the simulated network, which is one computer with the addresses 127.x.x.x."""

import _kernel

AF_UNSPEC = 0
AF_UNIX = 1
AF_INET = 2
AF_INET6 = 10
SOCK_STREAM = 1
SOCK_DGRAM = 2
SOL_SOCKET = 1
SO_REUSEADDR = 2
SO_ERROR = 4
SO_SNDBUF = 7
SO_RCVBUF = 8
SO_KEEPALIVE = 9
SO_REUSEPORT = 15
IPPROTO_TCP = 6
TCP_NODELAY = 1
SHUT_RD = 0
SHUT_WR = 1
SHUT_RDWR = 2
SOMAXCONN = 4096
MSG_PEEK = 2
AI_PASSIVE = 1
INADDR_ANY = 0
has_ipv6 = False
_READ = 1
_WRITE = 2

error = OSError
timeout = TimeoutError
_default_timeout = None

_ERRORS = {
    2: "No such file or directory",
    9: "Bad file descriptor",
    11: "Resource temporarily unavailable",
    22: "Invalid argument",
    32: "Broken pipe",
    98: "Address already in use",
    99: "Cannot assign requested address",
    104: "Connection reset by peer",
    106: "Transport endpoint is already connected",
    107: "Transport endpoint is not connected",
    110: "Connection timed out",
    111: "Connection refused",
    114: "Operation already in progress",
    115: "Operation now in progress",
}


def _error(number, text=None):
    return OSError(number, _ERRORS.get(number, "Error") if text is None else text)


class gaierror(OSError):
    """A name that nobody knows."""


gaierror.__module__ = "socket"


def _pack(host):
    """The address of a host as a number, None if it is none."""
    if host in ("", "0.0.0.0"):
        return 0
    if host == "localhost":
        host = "127.0.0.1"
    parts = host.split(".")
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        return None
    number = 0
    for part in parts:
        number = number << 8 | int(part)
    return number


def _need_address(host):
    number = _pack(host)
    if number is None or number and number >> 24 != 127:
        _kernel.reject(f"there is no host {host!r} in the simulated network", "it is one computer: connect to 'localhost' or '127.0.0.1'")
    return number


def _unpack(number):
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def _check_address(address, function):
    if not isinstance(address, tuple):
        raise TypeError(f"{function}(): AF_INET address must be tuple, not {type(address).__name__}")
    if len(address) != 2:
        raise TypeError("AF_INET address must be a pair (host, port)")
    host, port = address
    if not 0 <= port <= 65535:
        raise OverflowError(f"{function}(): port must be 0-65535.")
    return _need_address(host), port


class socket:
    _file = -1

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        if family not in (-1, AF_INET) or type not in (-1, SOCK_STREAM) or fileno is not None:
            _kernel.reject("only TCP over IPv4 is simulated", "use socket.AF_INET and socket.SOCK_STREAM, or socket.socketpair()")
        self._open(_kernel.socket_open(), AF_INET)
        self._timeout = _default_timeout

    def _open(self, file, family, name="socket"):
        self._file = file
        self.family = family
        self.type = SOCK_STREAM
        self.proto = 0
        self._timeout = None
        self._thing = _kernel.thing("reply")
        self._name(name)

    def _name(self, name):
        _kernel.rename_thing(self._thing, name)

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, traceback):
        self.close()

    def __repr__(self):
        kind = type(self)
        text = f"<{kind.__module__}.{kind.__qualname__} fd={self._file}, family={int(self.family)}, type=1, proto={self.proto}"
        if self._file >= 0 and self.family == AF_INET:
            text += f", laddr={self.getsockname()!r}"
            try:
                text += f", raddr={self.getpeername()!r}"
            except OSError:
                pass
        return text + ">"

    def __del__(self):
        self.close()

    def fileno(self):
        return self._file

    def close(self):
        file = self._file
        if file >= 0:
            self._file = -1
            _kernel.socket_close(file)

    def detach(self):
        file = self._file
        self._file = -1
        return file

    def settimeout(self, value):
        if value is not None:
            value = float(value)
            if value < 0:
                raise ValueError("Timeout value out of range")
        self._timeout = value

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        self._timeout = None if flag else 0.0

    def getblocking(self):
        return self._timeout != 0

    def _wait(self, mask, deadline):
        if not _kernel.socket_wait(self._file, mask, self._thing, deadline):
            raise TimeoutError("timed out")

    def _deadline(self):
        return _kernel.now() + self._timeout if self._timeout else None

    def _call(self, mask, function, *args):
        """A call that may have to wait."""
        deadline = self._deadline()
        while True:
            result = function(self._file, *args)
            if type(result) is not int or result >= 0:
                return result
            if result != -11 or self._timeout == 0:
                raise _error(-result)
            self._wait(mask, deadline)

    def _now(self, function, *args):
        """A call that never waits."""
        result = function(self._file, *args)
        if type(result) is int and result < 0:
            raise _error(-result)
        return result

    def bind(self, address):
        self._now(_kernel.socket_bind, *_check_address(address, "bind"))

    def listen(self, backlog=128):
        self._now(_kernel.socket_listen, max(backlog, 0))
        self._name(f"port {self.getsockname()[1]}")

    def accept(self):
        file, host, port = self._call(_READ, _kernel.socket_accept)
        connection = object.__new__(type(self))
        connection._open(file, AF_INET, f"connection from port {port}")
        connection._timeout = _default_timeout
        return connection, (_unpack(host), port)

    def _connect(self, address):
        host, port = _check_address(address, "connect")
        self._name(f"connection to port {port}")
        deadline = self._deadline()
        result = _kernel.socket_connect(self._file, host, port)
        if result == -115 and self._timeout != 0:
            self._wait(_WRITE, deadline)
            return _kernel.socket_error(self._file)
        return -result

    def connect(self, address):
        number = self._connect(address)
        if number:
            raise _error(number)

    def connect_ex(self, address):
        return self._connect(address)

    def send(self, data, flags=0):
        return self._call(_WRITE, _kernel.socket_send, bytes(_bytes(data)))

    def sendall(self, data, flags=0):
        data = bytes(_bytes(data))
        deadline = self._deadline()
        while data:
            count = _kernel.socket_send(self._file, data)
            if count >= 0:
                data = data[count:]
            elif count != -11 or self._timeout == 0:
                raise _error(-count)
            else:
                self._wait(_WRITE, deadline)

    def recv(self, bufsize, flags=0):
        if bufsize < 0:
            raise ValueError("negative buffersize in recv")
        return self._call(_READ, _kernel.socket_receive, bufsize, flags & MSG_PEEK != 0)

    def recv_into(self, buffer, nbytes=0, flags=0):
        data = self.recv(nbytes or len(buffer), flags)
        buffer[:len(data)] = data
        return len(data)

    def shutdown(self, how):
        if how not in (SHUT_RD, SHUT_WR, SHUT_RDWR):
            raise _error(22)
        self._now(_kernel.socket_shutdown, how != SHUT_WR, how != SHUT_RD)

    def _address(self, remote):
        host, port = self._now(_kernel.socket_name, remote)
        return "" if self.family == AF_UNIX else (_unpack(host), port)

    def getsockname(self):
        return self._address(False)

    def getpeername(self):
        return self._address(True)

    def setsockopt(self, level, optname, value):
        # Ports are free as soon as they are closed, and no packet waits for another.
        if (level, optname) in ((SOL_SOCKET, SO_SNDBUF), (SOL_SOCKET, SO_RCVBUF)):
            _kernel.reject("the size of one connection's buffer cannot be set", "set network-buffer for all of them")

    def getsockopt(self, level, optname):
        if (level, optname) == (SOL_SOCKET, SO_ERROR):
            return self._now(_kernel.socket_error)
        return 0

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        return _File(self, mode)


SocketType = socket


def _bytes(data):
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
    return data


class _File:
    """What `makefile` gives: lines of a connection."""

    def __init__(self, socket, mode):
        self._socket = socket
        self._text = "b" not in mode
        self._buffer = bytearray()
        self._out = []
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, kind, exception, traceback):
        self.close()

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _fill(self):
        data = self._socket.recv(8192)
        self._buffer += data
        return data

    def _take(self, count):
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data.decode() if self._text else data

    def readline(self):
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                return self._take(end + 1)
            if not self._fill():
                return self._take(len(self._buffer))

    def readlines(self):
        return list(self)

    def read(self, size=-1):
        while (size < 0 or len(self._buffer) < size) and self._fill():
            pass
        return self._take(len(self._buffer) if size < 0 else size)

    def write(self, data):
        self._out.append(data.encode() if self._text else bytes(data))
        return len(data)

    def flush(self):
        out = b"".join(self._out)
        self._out.clear()
        self._socket.sendall(out)

    def close(self):
        if not self.closed:
            self.closed = True
            self.flush()


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    pair = []
    for file in _kernel.socket_pair():
        end = object.__new__(socket)
        end._open(file, AF_UNIX, "socketpair")
        end._timeout = _default_timeout
        pair.append(end)
    return tuple(pair)


def create_connection(address, timeout=..., source_address=None, *, all_errors=False):
    connection = socket()
    try:
        if timeout is not ...:
            connection.settimeout(timeout)
        if source_address:
            connection.bind(source_address)
        connection.connect(address)
    except OSError as error:
        connection.close()
        if all_errors:
            raise ExceptionGroup("create_connection failed", [error])
        raise
    return connection


def create_server(address, *, family=AF_INET, backlog=None, reuse_port=False, dualstack_ipv6=False):
    server = socket(family)
    try:
        try:
            server.bind(address)
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror} (while attempting to bind on address {address!r})") from None
        server.listen(128 if backlog is None else backlog)
    except OSError:
        server.close()
        raise
    return server


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    if host is None:
        number = 0 if flags & AI_PASSIVE else 0x7F000001
    else:
        number = _need_address(host)
    return [(AF_INET, SOCK_STREAM, IPPROTO_TCP, "", (_unpack(number), int(port or 0)))]


def gethostbyname(hostname):
    return _unpack(_need_address(hostname))


def gethostname():
    return "localhost"


def getdefaulttimeout():
    return _default_timeout


def setdefaulttimeout(timeout):
    global _default_timeout
    _default_timeout = timeout


def inet_aton(ip_string):
    number = _pack(ip_string)
    if number is None:
        raise OSError("illegal IP address string passed to inet_aton")
    return number.to_bytes(4, "big")


def inet_ntoa(packed_ip):
    return _unpack(int.from_bytes(packed_ip, "big"))

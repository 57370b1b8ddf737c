"""What the event loop does about connections: callbacks of files that are ready, and the calls on top of them."""

import _kernel
import socket
from socket import AF_INET, SOCK_STREAM

from .coroutines import iscoroutinefunction
from .servers import Server
from .tasks import create_task
from .timeouts import sleep
from .transports import _SelectorSocketTransport

_READ = 1
_WRITE = 2
# Not for a file that is new to the operating system's poll.
_MODIFY = 4


def _file(fd):
    try:
        return fd if isinstance(fd, int) else int(fd.fileno())
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"Invalid file object: {fd!r}") from None


def _mask(reader, writer):
    return (_READ if reader is not None else 0) | (_WRITE if writer is not None else 0)


def _watch(loop, fd, reader, writer):
    """The operating system forgets a file that is closed, the loop's selector remembers it until it is told: a new file of that number is
    then unknown to the one and known to the other. CPython 3.12, Lib/selectors.py, _PollLikeSelector."""
    before = _mask(*_kernel.watched(loop, fd))
    mask = _mask(reader, writer)
    if before != mask:
        result = _kernel.socket_watch(loop, fd, mask | _MODIFY if before and mask else mask)
        if result < 0 and mask:
            _kernel.watch(loop, fd, None, None)
            raise socket._error(-result)
    _kernel.watch(loop, fd, reader, writer)


def _add_reader(self, fd, callback, *args):
    handle = _kernel.handle(self, callback, *args)
    reader, writer = _kernel.watched(self, fd)
    _watch(self, fd, handle, writer)
    if reader is not None:
        reader.cancel()
    return handle


def _add_writer(self, fd, callback, *args):
    handle = _kernel.handle(self, callback, *args)
    reader, writer = _kernel.watched(self, fd)
    _watch(self, fd, reader, handle)
    if writer is not None:
        writer.cancel()
    return handle


def _remove_reader(self, fd):
    if self.is_closed():
        return False
    reader, writer = _kernel.watched(self, fd)
    if reader is None:
        return False
    _watch(self, fd, None, writer)
    reader.cancel()
    return True


def _remove_writer(self, fd):
    if self.is_closed():
        return False
    reader, writer = _kernel.watched(self, fd)
    if writer is None:
        return False
    _watch(self, fd, reader, None)
    writer.cancel()
    return True


# Calls on sockets of one's own.

async def _when_ready(loop, sock, attempt, add, remove):
    """Tries once, and again whenever the socket is ready."""
    try:
        return attempt()
    except (BlockingIOError, InterruptedError):
        pass
    return await _next_time(loop, sock, attempt, add, remove)


async def _next_time(loop, sock, attempt, add, remove):
    future = _kernel.waiter(loop, "io", sock._thing)
    fd = sock.fileno()

    def again():
        if future.done():
            return
        try:
            result = attempt()
        except (BlockingIOError, InterruptedError):
            return
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    handle = add(loop, fd, again)

    def done(_):
        if not handle.cancelled():
            remove(loop, fd)

    future.add_done_callback(done)
    return await future


# Names.

async def _resolve(loop, host, port, flags=0):
    """Addresses are known at once; a thread looks names up."""
    if host is not None and host[:1].isdigit():
        return socket._unpack(socket._need_address(host)), int(port or 0)
    if host is not None:
        # A name that nobody knows is rejected here, not in the thread.
        socket._need_address(host)
    return (await BaseEventLoop.getaddrinfo(loop, host, port, flags=flags))[0][4]


# Connections and servers.

def _check(ssl, family=0, sock=None, **others):
    if ssl:
        _kernel.reject("connections are not encrypted in the simulated network", "leave ssl= out")
    if family not in (0, AF_INET):
        _kernel.reject("the simulated network knows only IPv4", "leave family= out")


async def _with_transport(self, sock, protocol_factory, extra=None, server=None):
    sock.setblocking(False)
    protocol = protocol_factory()
    waiter = _kernel.waiter(self, "io", sock._thing)
    transport = _SelectorSocketTransport(self, sock, protocol, waiter, extra, server)
    try:
        await waiter
    except:
        transport.close()
        raise
    return transport, protocol


def _task(loop, coro):
    """A task of the library's own, which nobody needs to see."""
    return _kernel.quiet_task(coro, loop) if loop.get_task_factory() is None else loop.create_task(coro)


def _start_serving(self, protocol_factory, sock, server, backlog):
    _add_reader(self, sock.fileno(), _accept_connection, self, protocol_factory, sock, server, backlog)


def _accept_connection(self, protocol_factory, sock, server, backlog):
    """All that wait, in one turn."""
    for _ in range(backlog):
        try:
            connection, address = sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        _task(self, BaseSelectorEventLoop._accept_connection2(self, protocol_factory, connection, {"peername": address}, server))


# Signals. Their numbers come through a pair of sockets, as everything else that wakes the loop.

def _check_signal(sig):
    if not isinstance(sig, int):
        raise TypeError(f"sig must be an int, not {sig!r}")
    if not 1 <= sig < 65:
        raise ValueError(f"invalid signal number {sig}")


def _sighandler_noop(signum, frame):
    """The loop calls the handler itself."""


def _read_signals(self):
    while True:
        try:
            numbers = self._signals_in.recv(4096)
        except BlockingIOError:
            return
        for number in numbers:
            handle = self._signal_handlers.get(number)
            if handle is None:
                continue
            if handle.cancelled():
                _UnixSelectorEventLoop.remove_signal_handler(self, number)
            else:
                _kernel.make_ready(self, handle)


def close_connections(self):
    """The loop is closed: its handlers of signals end with it."""
    if self._signal_handlers is not None:
        for sig in list(self._signal_handlers):
            _UnixSelectorEventLoop.remove_signal_handler(self, sig)
        _remove_reader(self, self._signals_in.fileno())
        self._signals_in.close()
        self._signals_out.close()


# What there is none of.

def _none(what, hint):
    async def method(self, *args, **kwargs):
        _kernel.reject(what, hint)
    return method


# The methods, in the classes that messages and tasks name with them.

class BaseEventLoop:

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        return await self.run_in_executor(None, socket.getaddrinfo, host, port, family, type, proto, flags)

    async def create_connection(
            self, protocol_factory, host=None, port=None, *, ssl=None, family=0, proto=0, flags=0, sock=None, local_addr=None,
            server_hostname=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None, happy_eyeballs_delay=None, interleave=None,
            all_errors=False):
        _check(ssl, family)
        if host is not None or port is not None:
            if sock is not None:
                raise ValueError("host/port and sock can not be specified at the same time")
            address = await _resolve(self, host, port)
            sock = socket.socket(AF_INET, SOCK_STREAM)
            try:
                sock.setblocking(False)
                if local_addr is not None:
                    sock.bind(await _resolve(self, *local_addr))
                await BaseSelectorEventLoop.sock_connect(self, sock, address)
            except OSError as error:
                sock.close()
                if all_errors:
                    raise ExceptionGroup("create_connection failed", [error])
                raise
            except:
                sock.close()
                raise
        elif sock is None:
            raise ValueError("host and port was not specified and no sock specified")
        return await _with_transport(self, sock, protocol_factory)

    async def connect_accepted_socket(
            self, protocol_factory, sock, *, ssl=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None):
        _check(ssl)
        return await _with_transport(self, sock, protocol_factory)

    async def create_server(
            self, protocol_factory, host=None, port=None, *, family=0, flags=1, sock=None, backlog=100, ssl=None, reuse_address=None,
            reuse_port=None, keep_alive=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None, start_serving=True):
        _check(ssl, family)
        if host is not None or port is not None:
            if sock is not None:
                raise ValueError("host/port and sock can not be specified at the same time")
            hosts = [None] if host == "" else [host] if host is None or isinstance(host, str) else host
            # Looked up by tasks, which use up numbers and turns.
            from .gathering import gather
            addresses = await gather(*[_task(self, _resolve(self, host, port, 1)) for host in hosts])
            sockets = []
            try:
                for address in dict.fromkeys(addresses):
                    sock = socket.socket(AF_INET, SOCK_STREAM)
                    sockets.append(sock)
                    try:
                        sock.bind(address)
                    except OSError as error:
                        why = str(error) if _kernel.VERSION >= (3, 13) else error.strerror
                        raise OSError(error.errno, f"error while attempting to bind on address {address!r}: {why.lower()}") from None
            except:
                for sock in sockets:
                    sock.close()
                raise
        elif sock is None:
            raise ValueError("Neither host/port nor sock were specified")
        else:
            sockets = [sock]
        for sock in sockets:
            sock.setblocking(False)
        server = Server(self, sockets, protocol_factory, backlog)
        if start_serving:
            server._start_serving()
            await sleep(0)
        return server

    subprocess_exec = subprocess_shell = _none(
        "there are no other programs to run in the simulated computer", "simulate the work: await asyncio.sleep(...), or asyncio.to_thread")
    create_unix_connection = create_unix_server = _none(
        "Unix sockets are not simulated", "use open_connection and start_server with 127.0.0.1")
    create_datagram_endpoint = _none("UDP is not simulated", "use open_connection and start_server")
    start_tls = _none("connections are not encrypted in the simulated network", "leave it out")
    connect_read_pipe = connect_write_pipe = _none("pipes are not simulated", "use open_connection and start_server")


class BaseSelectorEventLoop(BaseEventLoop):

    _add_reader, _add_writer, _remove_reader, _remove_writer = _add_reader, _add_writer, _remove_reader, _remove_writer
    _start_serving = _start_serving

    def add_reader(self, fd, callback, *args):
        _add_reader(self, _file(fd), callback, *args)

    def add_writer(self, fd, callback, *args):
        _add_writer(self, _file(fd), callback, *args)

    def remove_reader(self, fd):
        return _remove_reader(self, _file(fd))

    def remove_writer(self, fd):
        return _remove_writer(self, _file(fd))

    async def sock_recv(self, sock, n):
        return await _when_ready(self, sock, lambda: sock.recv(n), _add_reader, _remove_reader)

    async def sock_recv_into(self, sock, buf):
        return await _when_ready(self, sock, lambda: sock.recv_into(buf), _add_reader, _remove_reader)

    async def sock_accept(self, sock):

        def attempt():
            connection, address = sock.accept()
            connection.setblocking(False)
            return connection, address

        # Even what is there already is taken in a turn of the loop.
        future = _kernel.waiter(self, "io", sock._thing)
        try:
            future.set_result(attempt())
        except (BlockingIOError, InterruptedError):
            return await _next_time(self, sock, attempt, _add_reader, _remove_reader)
        return await future

    async def sock_sendall(self, sock, data):
        left = bytearray(data)

        def attempt():
            del left[:sock.send(left)]
            if left:
                raise BlockingIOError

        if left:
            await _when_ready(self, sock, attempt, _add_writer, _remove_writer)

    async def sock_connect(self, sock, address):
        address = await _resolve(self, *address)
        try:
            return sock.connect(address)
        except (BlockingIOError, InterruptedError):
            pass

        def attempt():
            number = sock.getsockopt(1, 4)
            if number:
                raise socket._error(number, f"Connect call failed {address}")

        return await _next_time(self, sock, attempt, _add_writer, _remove_writer)

    async def _accept_connection2(self, protocol_factory, connection, extra, server):
        try:
            await _with_transport(self, connection, protocol_factory, extra, server)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if self.get_debug():
                self.call_exception_handler({
                    "message": "Error on transport creation for incoming connection",
                    "exception": error,
                })


class _UnixSelectorEventLoop(BaseSelectorEventLoop):

    def add_signal_handler(self, sig, callback, *args):
        import signal
        if _kernel.is_coroutine(callback) or iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        _check_signal(sig)
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        if self._signal_handlers is None:
            self._signal_handlers = {}
            self._signals_in, self._signals_out = socket.socketpair()
            self._signals_in.setblocking(False)
            self._signals_out.setblocking(False)
            _add_reader(self, self._signals_in.fileno(), _read_signals, self)
        try:
            signal.set_wakeup_fd(self._signals_out.fileno())
        except ValueError as error:
            raise RuntimeError(str(error))
        self._signal_handlers[sig] = _kernel.handle(self, callback, *args)
        try:
            signal.signal(sig, _sighandler_noop)
        except OSError as error:
            del self._signal_handlers[sig]
            if not self._signal_handlers:
                signal.set_wakeup_fd(-1)
            if error.errno == 22:
                raise RuntimeError(f"sig {sig} cannot be caught")
            raise

    def remove_signal_handler(self, sig):
        import signal
        _check_signal(sig)
        handlers = self._signal_handlers
        if not handlers or sig not in handlers:
            return False
        del handlers[sig]
        signal.signal(sig, signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL)
        if not handlers:
            signal.set_wakeup_fd(-1)
        return True

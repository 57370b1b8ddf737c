"""Transports: a connection, the buffer before it, and the calls of the protocol."""

import _kernel
from collections import deque

from .protocols import BufferedProtocol

_VERSION = _kernel.VERSION
# Writes after the connection was lost are told of from the fifth on.
_LOG_THRESHOLD = 5


class BaseTransport:

    def __init__(self, extra=None):
        self._extra = {} if extra is None else extra

    def get_extra_info(self, name, default=None):
        return self._extra.get(name, default)

    def is_closing(self):
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def set_protocol(self, protocol):
        raise NotImplementedError

    def get_protocol(self):
        raise NotImplementedError


class ReadTransport(BaseTransport):

    def is_reading(self):
        raise NotImplementedError

    def pause_reading(self):
        raise NotImplementedError

    def resume_reading(self):
        raise NotImplementedError


class WriteTransport(BaseTransport):

    def write(self, data):
        raise NotImplementedError

    def writelines(self, list_of_data):
        self.write(b"".join(list_of_data))

    def write_eof(self):
        raise NotImplementedError

    def can_write_eof(self):
        raise NotImplementedError

    def abort(self):
        raise NotImplementedError


class Transport(ReadTransport, WriteTransport):
    pass


class _SelectorTransport(Transport):
    _sock = None

    def __repr__(self):
        info = [type(self).__name__]
        if self._sock is None:
            info.append("closed")
        elif self._closing:
            info.append("closing")
        info.append(f"fd={self._sock_fd}")
        if self._loop is not None and not self._loop.is_closed():
            reader, writer = _kernel.watched(self._loop, self._sock_fd)
            info.append("read=idle" if reader is None else "read=polling")
            info.append(f"write=<{'idle' if writer is None else 'polling'}, bufsize={self.get_write_buffer_size()}>")
        return f"<{' '.join(info)}>"

    def __del__(self):
        if self._sock is not None:
            self._sock.close()

    def set_protocol(self, protocol):
        self._protocol = protocol
        self._buffered = isinstance(protocol, BufferedProtocol)

    def get_protocol(self):
        return self._protocol

    def is_closing(self):
        return self._closing

    # Flow control.

    def _set_limits(self, high, low):
        if high is None:
            high = 64 * 1024 if low is None else 4 * low
        if low is None:
            low = high // 4
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._high_water = high
        self._low_water = low

    def set_write_buffer_limits(self, high=None, low=None):
        self._set_limits(high, low)
        self._maybe_pause_protocol()

    def get_write_buffer_limits(self):
        return self._low_water, self._high_water

    def _maybe_pause_protocol(self):
        if self.get_write_buffer_size() > self._high_water and not self._protocol_paused:
            self._protocol_paused = True
            self._tell_protocol("pause_writing", self._protocol.pause_writing)

    def _maybe_resume_protocol(self):
        if self._protocol_paused and self.get_write_buffer_size() <= self._low_water:
            self._protocol_paused = False
            self._tell_protocol("resume_writing", self._protocol.resume_writing)

    def _tell_protocol(self, name, method):
        try:
            method()
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._loop.call_exception_handler({
                "message": f"protocol.{name}() failed",
                "exception": error,
                "transport": self,
                "protocol": self._protocol,
            })

    # Reading.

    def is_reading(self):
        return not self._closing and not self._paused

    def pause_reading(self):
        if self.is_reading():
            self._paused = True
            self._loop._remove_reader(self._sock_fd)

    def resume_reading(self):
        if not self._closing and self._paused:
            self._paused = False
            self._add_reader(self._sock_fd, self._read_ready)

    def _add_reader(self, fd, callback):
        if self.is_reading():
            self._loop._add_reader(fd, callback)

    # The end.

    def close(self):
        if self._closing:
            return
        self._closing = True
        self._loop._remove_reader(self._sock_fd)
        if not self._buffer:
            self._conn_lost += 1
            self._loop._remove_writer(self._sock_fd)
            self._loop.call_soon(self._call_connection_lost, None)

    def abort(self):
        self._force_close(None)

    def _fatal_error(self, exc, message="Fatal error on transport"):
        if not isinstance(exc, OSError):
            self._loop.call_exception_handler({
                "message": message,
                "exception": exc,
                "transport": self,
                "protocol": self._protocol,
            })
        self._force_close(exc)

    def _force_close(self, exc):
        if self._conn_lost:
            return
        if self._buffer:
            self._buffer.clear()
            self._loop._remove_writer(self._sock_fd)
        if not self._closing:
            self._closing = True
            self._loop._remove_reader(self._sock_fd)
        self._conn_lost += 1
        self._loop.call_soon(self._call_connection_lost, exc)


class _SelectorSocketTransport(_SelectorTransport):
    max_size = 256 * 1024

    def __init__(self, loop, sock, protocol, waiter=None, extra=None, server=None):
        super().__init__(extra)
        self._loop = loop
        self._protocol_paused = False
        self._set_limits(None, None)
        self._extra["socket"] = sock
        self._extra["sockname"] = sock.getsockname()
        if "peername" not in self._extra:
            try:
                self._extra["peername"] = sock.getpeername()
            except OSError:
                self._extra["peername"] = None
        self._sock = sock
        self._sock_fd = sock.fileno()
        self._thing = sock._thing
        self.set_protocol(protocol)
        self._server = server
        self._buffer = deque() if _VERSION >= (3, 12) else bytearray()
        # Counts the end of the connection and writes after it.
        self._conn_lost = 0
        self._closing = False
        self._paused = False
        self._eof = False
        if server is not None:
            server._attach(self)
        if _VERSION >= (3, 12):
            self._write_ready = self._write_sendmsg
        loop.call_soon(self._protocol.connection_made, self)
        loop.call_soon(self._add_reader, self._sock_fd, self._read_ready)
        if waiter is not None:
            loop.call_soon(_kernel._set_result_unless_cancelled, waiter, None)

    def set_protocol(self, protocol):
        super().set_protocol(protocol)
        self._read_ready_cb = self._read_ready__get_buffer if self._buffered else self._read_ready__data_received

    def _read_ready(self):
        self._read_ready_cb()

    def _read_ready__get_buffer(self):
        if not self._conn_lost:
            self._received(self._receive_into_buffer(), "buffer_updated")

    def _read_ready__data_received(self):
        if not self._conn_lost:
            self._received(self._receive(self._sock.recv, self.max_size), "data_received")

    def _received(self, data, name):
        if data is None:
            return
        if not data:
            return self._end_of_data()
        try:
            getattr(self._protocol, name)(data)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fatal_error(error, f"Fatal error: protocol.{name}() call failed.")

    def _receive(self, receive, argument):
        try:
            return receive(argument)
        except (BlockingIOError, InterruptedError):
            return None
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fatal_error(error, "Fatal read error on socket transport")
            return None

    def _receive_into_buffer(self):
        try:
            buffer = self._protocol.get_buffer(-1)
            if not len(buffer):
                raise RuntimeError("get_buffer() returned an empty buffer")
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.get_buffer() call failed.")
            return None
        return self._receive(self._sock.recv_into, buffer)

    def _end_of_data(self):
        try:
            keep_open = self._protocol.eof_received()
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.eof_received() call failed.")
            return
        if keep_open:
            self._loop._remove_reader(self._sock_fd)
        else:
            self.close()

    # Writing.

    def write(self, data):
        if not isinstance(data, (bytes, bytearray)):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not data:
            return
        if self._conn_lost:
            if self._conn_lost >= _LOG_THRESHOLD:
                _kernel.report_error("socket.send() raised exception.", None)
            self._conn_lost += 1
            return
        if not self._buffer:
            try:
                count = self._sock.send(data)
            except (BlockingIOError, InterruptedError):
                pass
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                self._fatal_error(error, "Fatal write error on socket transport")
                return
            else:
                data = data[count:]
                if not data:
                    return
            self._loop._add_writer(self._sock_fd, self._write_ready)
        self._keep(data)
        self._maybe_pause_protocol()

    if _VERSION >= (3, 12):

        def get_write_buffer_size(self):
            return sum(map(len, self._buffer))

        def _keep(self, data):
            self._buffer.append(data)

        def _send(self):
            """Sends what is possible and takes it off the buffer; an empty piece stays until something is sent."""
            count = self._sock.send(b"".join(self._buffer))
            while count:
                data = self._buffer.popleft()
                if len(data) > count:
                    self._buffer.appendleft(data[count:])
                    break
                count -= len(data)

        def writelines(self, list_of_data):
            if self._eof:
                raise RuntimeError("Cannot call writelines() after write_eof()")
            if not list_of_data:
                return
            for data in list_of_data:
                if not isinstance(data, (bytes, bytearray)):
                    raise TypeError(f"memoryview: a bytes-like object is required, not {type(data).__name__!r}")
            self._buffer.extend(list_of_data)
            # That the buffer may be over its mark now is not looked at.
            self._write_ready()
            if self._buffer:
                self._loop._add_writer(self._sock_fd, self._write_ready)

        def _write_sendmsg(self):
            self._write_on()

        def close(self):
            # Who writes lines afterwards finds None.
            self._read_ready_cb = None
            self._write_ready = None
            super().close()

    else:

        def get_write_buffer_size(self):
            return len(self._buffer)

        def _keep(self, data):
            self._buffer += data

        def _send(self):
            del self._buffer[:self._sock.send(self._buffer)]

        def _write_ready(self):
            self._write_on()

    def _write_on(self):
        assert self._buffer, "Data should not be empty"
        if self._conn_lost:
            return
        try:
            self._send()
        except (BlockingIOError, InterruptedError):
            return
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            self._loop._remove_writer(self._sock_fd)
            self._buffer.clear()
            self._fatal_error(error, "Fatal write error on socket transport")
            return
        self._maybe_resume_protocol()
        if not self._buffer:
            self._loop._remove_writer(self._sock_fd)
            if self._closing:
                self._call_connection_lost(None)
            elif self._eof:
                self._sock.shutdown(1)

    def write_eof(self):
        if self._closing or self._eof:
            return
        self._eof = True
        if not self._buffer:
            self._sock.shutdown(1)

    def can_write_eof(self):
        return True

    def _call_connection_lost(self, exc):
        try:
            self._protocol.connection_lost(exc)
        finally:
            self._sock.close()
            self._sock = None
            self._protocol = None
            self._loop = None
            server = self._server
            if server is not None:
                server._detach(self)
                self._server = None

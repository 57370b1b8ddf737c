"""The names of asyncio that have to do with connections: loaded when a program first uses one of them."""

from .protocols import BaseProtocol, BufferedProtocol, Protocol
from .servers import AbstractServer, Server
from .streams import (
    StreamReader, StreamReaderProtocol, StreamWriter, create_subprocess_exec, create_subprocess_shell, open_connection,
    open_unix_connection, start_server, start_unix_server,
)
from .transports import BaseTransport, ReadTransport, Transport, WriteTransport

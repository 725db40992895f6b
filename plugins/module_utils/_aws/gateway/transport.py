# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes to AWS and back: connections that are kept, found again, timed and given up.

Built for many small calls: one buffer for all reads, no task and no timer per call, and the connection used last is used first.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from typing import Callable, Dict, List, Optional, Set, Tuple

from ..http1 import MalformedResponse, ResponseParser, TruncatedResponse, request_bytes
from ..model import Endpoint
from .session import Proxy
from .tls import TlsLayer

_IDLE = (
    30.0  # seconds after which an unused connection is not trusted any more: something on the way may have forgotten it
)
_RESOLVED = 30.0  # seconds for which an address is good
_SLOWEST_UPLOAD = 32 * 1024  # bytes per second: what a request may take to be sent, on top of the timeout
_AHEAD = 1024 * 1024  # bytes of a streamed body that are read ahead of their reader
_READ = 64 * 1024  # bytes


class TransportError(Exception):
    """No answer: ``code`` is Timeout, ConnectionError, DNSError, TLSError, ProxyError, TruncatedResponse or MalformedResponse."""

    def __init__(self, code: str, message: str, retryable: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class StaleConnection(TransportError):
    """A kept connection turned out to be closed before anything was answered: the request goes out again on another."""


class Connection(asyncio.BufferedProtocol):
    """One connection; at most one request at a time."""

    __slots__ = (
        "closed",
        "idle_since",
        "deadline",
        "tls",
        "_pool",
        "_transport",
        "_parser",
        "_waiter",
        "_error",
        "_streaming",
        "_used",
        "_paused",
    )

    def __init__(self, pool: "Pool") -> None:
        self.closed = False
        self.idle_since = 0.0
        self.deadline = 0.0  # by the clock of the loop; 0: nothing is awaited
        self.tls: Optional[TlsLayer] = None
        self._pool = pool
        self._transport: asyncio.Transport
        self._parser: Optional[ResponseParser] = None
        self._waiter: Optional[asyncio.Future[None]] = None
        self._error: Optional[TransportError] = None
        self._streaming = False
        self._used = False
        self._paused = False

    # Our side

    def start(self, data: bytes, parser: ResponseParser, streaming: bool = False) -> "asyncio.Future[None]":
        """Send a request; the future is done when the response is, or when a ``streaming`` one has its head.

        The future raises :class:`TransportError`.
        """
        pool = self._pool
        waiter = self._waiter = pool.loop.create_future()
        self._parser = parser
        self._streaming = streaming
        seconds = pool.read_timeout
        self.deadline = pool.loop.time() + (seconds if len(data) < 4096 else seconds + len(data) / _SLOWEST_UPLOAD)
        self._transport.write(data if self.tls is None else self.tls.encrypt(data))
        return waiter

    def more(self) -> "asyncio.Future[None]":
        """For a streaming response: done when more of the body is there, or all of it."""
        waiter = self._waiter = self._pool.loop.create_future()
        if self._error is not None:
            self._fail(self._error)
            return waiter
        self.deadline = self._pool.loop.time() + self._pool.read_timeout
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return waiter

    def finish(self) -> bool:
        """The response has been dealt with; true when the connection can be used again, else it is closed."""
        parser, self._parser = self._parser, None
        self.deadline = 0.0
        if parser is not None and parser.done and parser.keep_alive and not self.closed:
            self._used = True
            return True
        self.abort()
        return False

    def abort(self) -> None:
        """Close at once."""
        self.closed = True
        self._transport.abort()

    def timed_out(self) -> None:
        """The deadline has passed."""
        self._fail(TransportError("Timeout", f"no answer within {self._pool.read_timeout:g} seconds"))

    async def tunnel(self, proxy: Proxy, authority: str) -> None:
        """Ask the proxy for a connection to ``host:port``.

        :raises TransportError: when it does not give one.
        """
        lines = f"host: {authority}\r\n"
        if proxy.authorization:
            lines += f"proxy-authorization: {proxy.authorization}\r\n"
        parser = ResponseParser("CONNECT")
        await self.start(request_bytes("CONNECT", authority, lines, b""), parser)
        self._parser = None
        if not 200 <= parser.status < 300:
            what = f"the proxy {proxy.host}:{proxy.port} refused a connection to {authority}: status {parser.status}"
            raise TransportError("ProxyError", what, retryable=parser.status >= 500)

    async def start_tls(self, context: ssl.SSLContext, hostname: str, session: Optional[ssl.SSLSession]) -> None:
        """Make the connection a TLS one.

        :raises TransportError: when the handshake fails.
        """
        tls = self.tls = TlsLayer(context, hostname, session, self._pool.buffer)
        waiter = self._waiter = self._pool.loop.create_future()
        tls.handshake()
        self._transport.write(tls.outgoing())
        await waiter

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise AssertionError("not a stream")
        self._transport = transport
        self._pool.opened(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._pool.buffer

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._pool.buffer[:nbytes])
        tls = self.tls
        if tls is None:
            self._received(data)
            return
        try:
            if tls.established:
                data = tls.decrypt(data)
            elif tls.handshake(data):
                data = tls.decrypt(b"")
                self._resolve()
            else:
                data = b""
            answer = tls.outgoing()
            if answer:
                self._transport.write(answer)
        except ssl.SSLCertVerificationError as error:
            self._fail(
                TransportError("TLSError", f"its certificate is not trusted: {error.verify_message}", retryable=False)
            )
            return
        except ssl.SSLError as error:
            self._fail(TransportError("TLSError", str(error.reason or error), retryable=tls.established))
            return
        if data:
            self._received(data)
        if tls.closed:
            self._lost(None)

    def eof_received(self) -> bool:
        self._lost(None)
        return False  # nor do we have anything more to say

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._pool.connections.discard(self)
        self._lost(exc)

    # Between the two

    def _received(self, data: bytes) -> None:
        parser = self._parser
        if parser is None:
            self.abort()  # bytes that nobody asked for: a good-bye, or a broken server
            return
        try:
            if parser.feed(data):
                self._resolve()
                return
        except MalformedResponse as error:
            self._fail(TransportError("MalformedResponse", str(error)))
            return
        if self._streaming and parser.head_done:
            self._resolve()
            if parser.unread > _AHEAD and not self._paused:
                self._paused = True
                self._transport.pause_reading()

    def _resolve(self) -> None:
        waiter, self._waiter = self._waiter, None
        self.deadline = 0.0
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, error: TransportError) -> None:
        waiter, self._waiter = self._waiter, None
        self.deadline = 0.0
        if waiter is None:
            self._error = error
        elif not waiter.done():
            waiter.set_exception(error)
        self.abort()

    def _lost(self, exc: Optional[Exception]) -> None:
        self.closed = True
        parser = self._parser
        if parser is None:
            if self._waiter is not None:
                self._fail(TransportError("ConnectionError", f"closed during the TLS handshake{_because(exc)}"))
            return
        if parser.done or self._error is not None:
            return
        if parser.untouched:
            kind = StaleConnection if self._used else TransportError
            self._fail(kind("ConnectionError", f"the connection was closed before the answer{_because(exc)}"))
            return
        try:
            if exc is not None or (self.tls is not None and not self.tls.closed):
                # Without a proper good-bye an end is no end, but perhaps of somebody's making.
                raise TruncatedResponse(
                    f"the connection broke after {parser.received} bytes of the body{_because(exc)}"
                )
            parser.feed_eof()
        except TruncatedResponse as error:
            self._fail(TransportError("TruncatedResponse", str(error)))
        else:
            self._resolve()


class Host:
    """The connections to one server, the one used last on top."""

    __slots__ = ("idle", "prefix", "lines", "_pool", "_endpoint", "_proxy", "_tls_session")

    def __init__(self, pool: "Pool", endpoint: Endpoint, proxy: Optional[Proxy]) -> None:
        self.idle: List[Connection] = []
        self.prefix = ""  # of request targets
        self.lines = ""  # headers for the proxy
        self._pool = pool
        self._endpoint = endpoint
        self._proxy = proxy
        self._tls_session: Optional[ssl.SSLSession] = None
        if proxy is not None and endpoint.scheme == "http":
            self.prefix = f"http://{endpoint.host}:{endpoint.port}"
            if proxy.authorization:
                self.lines = f"proxy-authorization: {proxy.authorization}\r\n"

    def take(self) -> Optional[Connection]:
        """A kept connection that can be expected to work."""
        idle = self.idle
        while idle:
            connection = idle.pop()
            if not connection.closed:
                if self._pool.loop.time() - connection.idle_since < _IDLE:
                    return connection
                connection.abort()
        return None

    def give_back(self, connection: Connection) -> None:
        """Keep a connection whose response has been dealt with, if it is still good."""
        if connection.finish():
            connection.idle_since = self._pool.loop.time()
            self.idle.append(connection)
            if self._tls_session is None and connection.tls is not None:
                self._tls_session = connection.tls.object.session

    async def open(self) -> Connection:
        """A new connection.

        :raises TransportError: when there is none to be had.
        """
        self._pool.make_room()
        try:
            return await asyncio.wait_for(self._open(), self._pool.connect_timeout)
        except asyncio.TimeoutError:
            what = f"no connection to {self._endpoint.host} within {self._pool.connect_timeout:g} seconds"
            raise TransportError("Timeout", what) from None

    async def _open(self) -> Connection:
        endpoint, proxy = self._endpoint, self._proxy
        if proxy is None:
            connection = await self._pool.connect(endpoint.host, endpoint.port)
        else:
            connection = await self._pool.connect(proxy.host, proxy.port)
        if endpoint.scheme == "https":
            try:
                if proxy is not None:
                    await connection.tunnel(proxy, f"{endpoint.host}:{endpoint.port}")
                await connection.start_tls(self._pool.tls_context(), endpoint.host, self._tls_session)
            except TransportError as error:
                connection.abort()
                raise TransportError(error.code, f"{endpoint.host}: {error}", error.retryable) from None
            except BaseException:
                connection.abort()
                raise
        return connection


class Pool:
    """All connections of a client. Timeouts are in seconds: one to connect, one for each answer."""

    def __init__(
        self,
        *,
        most: int,
        connect_timeout: float,
        read_timeout: float,
        tls_context: Callable[[], ssl.SSLContext],
    ) -> None:
        self.loop = asyncio.get_running_loop()
        # For every read of every connection: asyncio fills it and we empty it in one step. Of this loop alone: a pool
        # of another thread fills its own at the same time.
        self.buffer = memoryview(bytearray(_READ))
        self.connections: Set[Connection] = set()
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self.tls_context = tls_context
        self._most = most
        self._hosts: Dict[Tuple[str, str, int], Host] = {}
        self._addresses: Dict[Tuple[str, int], Tuple[float, asyncio.Task[List[str]]]] = {}
        self._turn = 0
        self._timer: Optional[asyncio.TimerHandle] = None

    def host(self, endpoint: Endpoint, proxy: Optional[Proxy]) -> Host:
        """The connections to an endpoint.

        :raises Day2Error: when it needs TLS, and the CA bundle cannot be read.
        """
        if endpoint.scheme == "https":
            self.tls_context()
        key = (endpoint.scheme, endpoint.host, endpoint.port)
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = Host(self, endpoint, proxy)
        return host

    def close(self) -> None:
        """Close everything."""
        for connection in tuple(self.connections):
            connection.abort()
        for _until, task in self._addresses.values():
            task.cancel()
        if self._timer is not None:
            self._timer.cancel()

    def opened(self, connection: Connection) -> None:
        """A connection has come about."""
        self.connections.add(connection)
        if self._timer is None:
            self._timer = self.loop.call_later(self._tick, self._sweep)

    def make_room(self) -> None:
        """Before one more is opened: with as many connections as there may be, close the one unused for longest."""
        if len(self.connections) < self._most:
            return
        for host in self._hosts.values():
            host.idle = [connection for connection in host.idle if not connection.closed]
        idle = [host.idle for host in self._hosts.values() if host.idle]
        if idle:
            min(idle, key=lambda connections: connections[0].idle_since).pop(0).abort()

    async def connect(self, host: str, port: int) -> Connection:
        """A TCP connection; the addresses of a name take turns.

        :raises TransportError: when no address accepts one.
        """
        addresses = await self._resolve(host, port)
        self._turn += 1
        cause = "no address"
        for index in range(len(addresses)):
            address = addresses[(self._turn + index) % len(addresses)]
            try:
                return (await self.loop.create_connection(lambda: Connection(self), address, port))[1]
            except OSError as error:
                cause = os.strerror(error.errno) if error.errno else str(error)
        self._addresses.pop((host, port), None)
        raise TransportError("ConnectionError", f"cannot connect to {host}:{port}: {cause}")

    @property
    def _tick(self) -> float:
        return min(1.0, self.read_timeout / 4)

    def _sweep(self) -> None:
        """The one timer: looks for what has taken too long, once a second and not once a call."""
        now = self.loop.time()
        for connection in tuple(self.connections):
            if 0.0 < connection.deadline < now:
                connection.timed_out()
        self._timer = self.loop.call_later(self._tick, self._sweep) if self.connections else None

    async def _resolve(self, host: str, port: int) -> List[str]:
        """The addresses of a name: asked once for all who want to connect at the same time."""
        if _is_address(host):
            return [host]
        until, task = self._addresses.get((host, port), (0.0, None))
        if task is None or until < self.loop.time():
            task = self.loop.create_task(self._look_up(host, port))
            self._addresses[host, port] = (self.loop.time() + _RESOLVED, task)
        try:
            return await asyncio.shield(task)
        except TransportError:
            self._addresses.pop((host, port), None)
            raise

    async def _look_up(self, host: str, port: int) -> List[str]:
        try:
            found = await self.loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            again = error.errno == socket.EAI_AGAIN
            raise TransportError("DNSError", f"cannot resolve {host}: {error.strerror}", retryable=again) from None
        except (OSError, UnicodeError) as error:
            raise TransportError("DNSError", f"cannot resolve {host}: {error}", retryable=False) from None
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
            return True
        except OSError:
            pass
    return False


def _because(exc: Optional[Exception]) -> str:
    return f" ({exc})" if exc is not None else ""

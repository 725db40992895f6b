# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes to requests and back: an HTTP/1.1 server side that keeps connections alive and takes pipelined requests.

One request of a connection is answered at a time, in order. Nothing here knows S3.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import Awaitable, Dict, List, Optional, Protocol, Tuple, Union, cast

HEAD_LIMIT = 64 * 1024  # bytes
BODY_LIMIT = 64 * 1024 * 1024  # bytes
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close() sends RST
_GARBAGE = b"\x16\x03\x01\x02\x00 this is not HTTP \x00\xff\r\n\r\n"


class BadRequest(Exception):
    """The bytes are not an HTTP request that this server takes; the message says why."""


class HttpRequest:
    """One request; header names are lower case, ``target`` is as sent."""

    __slots__ = (
        "access_key",
        "account",
        "action",
        "body",
        "bucket",
        "headers",
        "key",
        "method",
        "query",
        "region",
        "secure",
        "service",
        "target",
        "unexpected",
    )  # fmt: skip

    def __init__(self, method: str, target: str, headers: Dict[str, str], body: bytes, secure: bool = False) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.secure = secure
        # Filled in by whoever answers, as it learns what the request is:
        self.service = ""
        self.action = ""
        self.bucket = ""
        self.key = ""
        self.query: Dict[str, str] = {}
        self.region = ""
        self.access_key = ""
        self.account = ""
        self.unexpected = ""


class Fault:
    """What goes wrong with one answer; ``kind`` is empty when only the delay applies."""

    __slots__ = ("delay", "error", "kind")

    def __init__(self, kind: str = "", delay: float = 0.0, error: Optional[Exception] = None) -> None:
        self.kind = kind
        self.delay = delay
        self.error = error


class Application(Protocol):
    """What the connections of a server share."""

    connections: int
    max_connections: int
    connections_made: int
    in_flight: int
    max_in_flight: int

    def begin(self, request: HttpRequest) -> Fault:
        """Learn what the request is; say how long to wait and what to break."""

    def answer(self, request: HttpRequest, fault: Fault) -> Union[bytes, Awaitable[bytes]]:
        """The whole answer, head and body."""

    def refuse(self, reason: str) -> bytes:
        """The answer to bytes that are no request."""


def split_head(head: bytes) -> Tuple[str, str, Dict[str, str]]:
    """Method, target and headers of a request head without its empty line.

    :raises BadRequest: for anything that RFC 9112 does not allow a client to send.
    """
    lines = head.decode("latin-1").split("\r\n")
    first = lines[0].split(" ")
    if len(first) != 3 or first[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest(f"request line {lines[0][:80]!r}")
    headers: Dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name[-1] in " \t" or name[0] in " \t":
            raise BadRequest(f"header line {line[:80]!r}")
        name = name.lower()
        if name in headers:
            if name in ("content-length", "host", "authorization"):
                raise BadRequest(f"{name} twice")
            headers[name] = f"{headers[name]},{value.strip()}"
        else:
            headers[name] = value.strip()
    if "host" not in headers:
        raise BadRequest("no Host header")
    return first[0], first[1], headers


def read_chunked(buffer: bytearray, start: int) -> Optional[Tuple[bytes, int]]:
    """Body and the position after it, or ``None`` when more bytes are needed.

    :raises BadRequest: when a chunk is not what its size says.
    """
    parts: List[bytes] = []
    size = 0
    position = start
    while True:
        end = buffer.find(b"\r\n", position)
        if end < 0:
            return None
        digits = bytes(buffer[position:end]).split(b";", 1)[0].strip()
        try:
            length = int(digits, 16)
        except ValueError:
            raise BadRequest(f"chunk size {digits[:20]!r}") from None
        position = end + 2
        if length == 0:
            while True:  # trailers, up to the empty line
                end = buffer.find(b"\r\n", position)
                if end < 0:
                    return None
                if end == position:
                    return b"".join(parts), end + 2
                position = end + 2
        size += length
        if size > BODY_LIMIT:
            raise BadRequest("body too large")
        if len(buffer) < position + length + 2:
            return None
        parts.append(bytes(buffer[position : position + length]))
        position += length
        if buffer[position : position + 2] != b"\r\n":
            raise BadRequest("chunk longer than its size")
        position += 2


def status_line(status: int) -> str:
    """``HTTP/1.1 200 OK``."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"HTTP/1.1 {status} {phrase}"


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, app: Application, secure: bool, keep_alive_requests: int = 0) -> None:
        self._app = app
        self._secure = secure
        self._left = keep_alive_requests  # 0: without end
        self._buffer = bytearray()
        self._transport: Optional[asyncio.Transport] = None
        self._request: Optional[HttpRequest] = None
        self._continued = False
        self._pumping = False
        self._paused = False
        self._eof = False
        self._task: Optional["asyncio.Future[bytes]"] = None
        self._timer: Optional[asyncio.TimerHandle] = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass of it
        app = self._app
        app.connections += 1
        app.connections_made += 1
        app.max_connections = max(app.max_connections, app.connections)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._transport = None
        self._app.connections -= 1
        if self._request is not None:
            self._app.in_flight -= 1
            self._request = None
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._request is None:
            self._pump()
        elif len(self._buffer) > HEAD_LIMIT and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self._eof = True
        return self._request is not None  # a client that half-closes still gets the answer it waits for

    def _pump(self) -> None:
        """Answer what the buffer holds; iterative, because a client may pipeline thousands."""
        if self._pumping:
            return
        self._pumping = True
        try:
            while self._request is None and self._transport is not None and self._buffer:
                request = self._next()
                if request is None:
                    return
                self._start(request)
        except BadRequest as error:
            if self._transport is not None:
                self._transport.write(self._app.refuse(str(error)))
                self._transport.close()
            self._buffer.clear()
        finally:
            self._pumping = False

    def _next(self) -> Optional[HttpRequest]:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > HEAD_LIMIT:
            if max(end, len(self._buffer)) > HEAD_LIMIT:
                raise BadRequest("head too large")
            return None
        method, target, headers = split_head(bytes(self._buffer[:end]))
        start = end + 4
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
                raise BadRequest("transfer-encoding")
            chunked = read_chunked(self._buffer, start)
            if chunked is None:
                self._continue(headers)
                return None
            body, stop = chunked
        else:
            digits = headers.get("content-length", "0")
            if not digits.isdigit() or int(digits) > BODY_LIMIT:
                raise BadRequest("content-length")
            stop = start + int(digits)
            if len(self._buffer) < stop:
                self._continue(headers)
                return None
            body = bytes(self._buffer[start:stop])
        del self._buffer[:stop]
        self._continued = False
        return HttpRequest(method, target, headers, body, self._secure)

    def _continue(self, headers: Dict[str, str]) -> None:
        if not self._continued and headers.get("expect", "").lower() == "100-continue":
            self._continued = True
            if self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _start(self, request: HttpRequest) -> None:
        app = self._app
        self._request = request
        app.in_flight += 1
        if app.in_flight > app.max_in_flight:
            app.max_in_flight = app.in_flight
        fault = app.begin(request)
        if fault.delay > 0:
            self._timer = asyncio.get_running_loop().call_later(fault.delay, self._complete, request, fault)
        else:
            self._complete(request, fault)

    def _complete(self, request: HttpRequest, fault: Fault) -> None:
        if self._transport is None:
            return
        answer = self._app.answer(request, fault)
        if isinstance(answer, bytes):
            self._finish(answer, fault)
        else:
            self._task = asyncio.ensure_future(answer)
            self._task.add_done_callback(lambda task: None if task.cancelled() else self._finish(task.result(), fault))

    def _finish(self, answer: bytes, fault: Fault) -> None:
        request, transport = self._request, self._transport
        self._request = self._task = None
        if request is None or transport is None:
            return
        self._app.in_flight -= 1
        if fault.kind == "cut":
            answer = _cut(answer)
        elif fault.kind and fault.kind != "error":
            _break(transport, answer, fault.kind)
            return
        close = request.headers.get("connection", "").lower() == "close"
        if self._left:
            self._left -= 1
            close = close or self._left == 0
        close = close or (self._eof and not self._buffer)
        if close:
            answer = answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        transport.write(answer)
        if close:
            transport.close()
            return
        if self._paused:
            self._paused = False
            transport.resume_reading()
        self._pump()


def _cut(answer: bytes) -> bytes:
    """The answer with half of its body and a length that says so: HTTP is sound, the document is not."""
    head, _unused, body = answer.partition(b"\r\n\r\n")
    chunked = read_chunked(bytearray(body), 0) if b"Transfer-Encoding: chunked" in head else None
    body = chunked[0] if chunked else body
    body = body[: len(body) // 2]
    lines = [
        line for line in head.split(b"\r\n") if not line.lower().startswith((b"transfer-encoding:", b"content-length:"))
    ]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def _break(transport: asyncio.Transport, answer: bytes, kind: str) -> None:
    """Send the answer in the way that ``kind`` of :data:`rules.KINDS` says, and end the connection."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    if kind == "reset":
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()
        return
    if kind == "truncate":  # the head promises the whole body
        transport.write(head + gap + body[: len(body) // 2])
    elif kind == "truncate_head":
        transport.write(head[: len(head) // 2])
    elif kind == "garbage":
        transport.write(_GARBAGE)
    elif kind == "close_after":  # no notice in the head: the client finds out with its next request
        transport.write(answer)
    elif kind == "half_close" and transport.can_write_eof():
        transport.write_eof()  # FIN without an answer; the client's side stays open
        return
    transport.close()

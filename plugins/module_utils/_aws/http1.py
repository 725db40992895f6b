# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP/1.1 as a client needs it: bytes in, a response out, and no I/O (RFC 9112)."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Mapping, Optional

from .._common.errors import Day2Error

MAX_HEAD = 64 * 1024
MAX_BODY = 64 * 1024 * 1024
_MAX_CHUNK_LINE = 1024

_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9][0-9])(?: |\r\n|\Z)")
_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding|connection)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?\Z", re.DOTALL)

# What the parser waits for.
_HEAD, _LENGTH, _CLOSE, _CHUNK_SIZE, _CHUNK_DATA, _CHUNK_END, _TRAILERS, _DONE = range(8)


class MalformedResponse(Day2Error):
    """The answer is not HTTP, or larger than we accept."""


class TruncatedResponse(Day2Error):
    """The connection ended before the answer did."""


def request_bytes(method: str, target: str, lines: str, body: bytes) -> bytes:
    """A request as it is sent; ``lines`` are header lines with their line ends, without ``content-length``."""
    if body or method in ("PUT", "POST"):
        lines = f"{lines}content-length: {len(body)}\r\n"
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


class Headers(Mapping[str, str]):
    """The headers of a response by their names in lower case; taken apart when somebody asks, which is seldom."""

    __slots__ = ("_head", "_parsed")

    def __init__(self, head: bytes = b"") -> None:
        self._head = head
        self._parsed: Optional[Dict[str, str]] = None

    def __getitem__(self, name: str) -> str:
        return self._dict()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict())

    def __len__(self) -> int:
        return len(self._dict())

    def __repr__(self) -> str:
        return f"Headers({self._dict()!r})"

    def _dict(self) -> Dict[str, str]:
        parsed = self._parsed
        if parsed is None:
            parsed = self._parsed = {}
            for line in self._head.decode("latin-1").split("\r\n")[1:]:
                name, _colon, value = line.partition(":")
                name, value = name.strip().lower(), value.strip()
                parsed[name] = f"{parsed[name]}, {value}" if name in parsed else value
        return parsed


_NO_HEADERS = Headers()


class ResponseParser:
    """One response, fed as the bytes arrive, in pieces of any size.

    ``status`` and ``headers`` (names in lower case) hold once ``head_done``; the body comes from :meth:`take`.
    ``keep_alive`` tells, once ``done``, whether the connection can serve another request.
    """

    __slots__ = (
        "status",
        "headers",
        "head_done",
        "done",
        "keep_alive",
        "received",
        "_bodiless",
        "_max_body",
        "_state",
        "_pending",
        "_left",
        "_body",
    )

    def __init__(self, method: str, max_body: int = MAX_BODY) -> None:
        """``max_body`` bounds the body in bytes; 0: no bound, for a reader that takes it piece by piece."""
        self.status = 0
        self.headers: Mapping[str, str] = _NO_HEADERS
        self.head_done = False
        self.done = False
        self.keep_alive = False
        self.received = 0  # bytes of the body so far
        self._bodiless = method in ("HEAD", "CONNECT")
        self._max_body = max_body
        self._state = _HEAD
        self._pending = b""  # bytes of an unfinished head, chunk size or trailer
        self._left = 0  # bytes still to come of the body or of the chunk
        self._body: List[bytes] = []

    def feed(self, data: bytes) -> bool:
        """Take what arrived; true once the response is complete.

        :raises MalformedResponse: when it cannot become a response; the connection is then of no more use.
        """
        if self._state == _HEAD:
            data = self._feed_head(data)
        while data:
            state = self._state
            if state in (_LENGTH, _CHUNK_DATA):
                if len(data) < self._left:
                    self._left -= len(data)
                    self._keep(data)
                    break
                self._keep(data[: self._left] if len(data) > self._left else data)
                data = data[self._left :]
                self._state = _DONE if state == _LENGTH else _CHUNK_END
            elif state == _CLOSE:
                self._keep(data)
                break
            elif state == _DONE:
                self.keep_alive = False  # more than was announced: what follows cannot be trusted
                break
            else:
                data = self._feed_chunk_frame(data)
        self.done = self._state == _DONE
        return self.done

    def feed_eof(self) -> None:
        """The other side has closed: that ends a body without a stated length.

        :raises TruncatedResponse: when more should have come.
        """
        self.keep_alive = False
        if self._state == _CLOSE:
            self._state = _DONE
            self.done = True
        elif self._state == _HEAD:
            raise TruncatedResponse("the connection was closed before the answer")
        elif self._state != _DONE:
            raise TruncatedResponse(f"the connection was closed after {self.received} bytes of an unfinished body")

    @property
    def untouched(self) -> bool:
        """Whether not one byte has arrived."""
        return self._state == _HEAD and not self._pending and not self.status

    @property
    def unread(self) -> int:
        """Bytes of the body that :meth:`take` would give."""
        return sum(map(len, self._body))

    def take(self) -> bytes:
        """The body received since the last call."""
        body = self._body
        if not body:
            return b""
        self._body = []
        return body[0] if len(body) == 1 else b"".join(body)

    def _keep(self, data: bytes) -> None:
        self.received += len(data)
        if self._max_body and self.received > self._max_body:
            raise MalformedResponse(f"the answer is larger than {self._max_body} bytes")
        self._body.append(data)

    def _feed_head(self, data: bytes) -> bytes:
        if self._pending:
            # Only the seam needs another look, so that a head that trickles in stays linear.
            start = max(0, len(self._pending) - 3)
            data = self._pending + data
        else:
            start = 0
        while True:
            end = data.find(b"\r\n\r\n", start)
            if end < 0:
                if data and not b"HTTP/1.".startswith(data[:7]):
                    raise MalformedResponse(f"not an HTTP/1 answer: {data[:40]!r}")
                if len(data) > MAX_HEAD:
                    raise MalformedResponse(f"the head of the answer is larger than {MAX_HEAD} bytes")
                self._pending = data
                return b""
            if end > MAX_HEAD:
                raise MalformedResponse(f"the head of the answer is larger than {MAX_HEAD} bytes")
            self._parse_head(data[:end])
            data = data[end + 4 :]
            self._pending = b""
            if self.status >= 200:
                self.head_done = True
                return data
            start = 0  # an interim response: the real one follows

    def _parse_head(self, head: bytes) -> None:
        found = _STATUS.match(head)
        if found is None:
            raise MalformedResponse(f"not an HTTP/1 answer: {head[:40]!r}")
        status = self.status = int(found.group(2))
        if status < 200:
            if status == 101:
                raise MalformedResponse("the server switched to a protocol that nobody asked for")
            return
        self.headers = Headers(head)
        keep_alive = found.group(1) == b"1"
        length = coding = None
        for name, value in _FRAMING.findall(head):
            size = len(name)  # tells the three names apart
            if size == len("content-length"):
                length = value if length is None else length + b"," + value
            elif size == len("connection"):
                keep_alive = keep_alive and b"close" not in value.lower()
            else:
                coding = value if coding is None else coding + b"," + value
        if self._bodiless or status == 204 or status == 304:
            self._state = _DONE
        elif coding is not None:
            if coding.strip().lower() != b"chunked":
                raise MalformedResponse(f"unknown transfer-encoding: {coding[:40]!r}")
            if length is not None:
                keep_alive = False  # two lengths: believe chunked, and nothing after it (RFC 9112 6.3)
            self._state = _CHUNK_SIZE
        elif length is not None:
            self._left = _length(length)
            if self._max_body and self._left > self._max_body:
                raise MalformedResponse(f"the answer is larger than {self._max_body} bytes")
            self._state = _LENGTH if self._left else _DONE
        else:
            keep_alive = False
            self._state = _CLOSE
        self.keep_alive = keep_alive

    def _feed_chunk_frame(self, data: bytes) -> bytes:
        """Chunk sizes, the line ends after chunks, and trailers: everything that is a line."""
        data = self._pending + data
        end = data.find(b"\r\n")
        if end < 0:
            if len(data) > _MAX_CHUNK_LINE:
                raise MalformedResponse(f"a chunk line is longer than {_MAX_CHUNK_LINE} bytes")
            self._pending = data
            return b""
        self._pending = b""
        line = data[:end]
        if self._state == _CHUNK_SIZE:
            found = _SIZE.match(line)
            if found is None:
                raise MalformedResponse(f"not a chunk size: {line[:40]!r}")
            self._left = int(found.group(1), 16)
            self._state = _CHUNK_DATA if self._left else _TRAILERS
        elif self._state == _CHUNK_END:
            if line:
                raise MalformedResponse(f"a chunk is longer than it said: {line[:40]!r}")
            self._state = _CHUNK_SIZE
        elif not line:
            self._state = _DONE
        else:
            self._left += len(line)
            if self._left > MAX_HEAD:
                raise MalformedResponse(f"the trailers of the answer are larger than {MAX_HEAD} bytes")
        return data[end + 2 :]


def _length(value: bytes) -> int:
    """The length that ``content-length`` states; a repeated header must repeat the value."""
    value = value.strip()
    if b"," in value:
        parts = {part.strip() for part in value.split(b",")}
        value = parts.pop() if len(parts) == 1 else b""
    if not value.isdigit() or len(value) > 15:
        raise MalformedResponse(f"not a content-length: {value[:40]!r}")
    return int(value)

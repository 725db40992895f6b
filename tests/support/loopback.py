# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on loopback that misbehave on cue, and a clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, AsyncIterator, Callable, Coroutine, Dict, Iterable, List, Optional, TypeVar, Union

from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.client import Client
from ansible_collections.day2.ops.plugins.module_utils._aws.gateway.session import Session
from ansible_collections.day2.ops.tests.support.aws.certificates import Certificates

T = TypeVar("T")
_LONGEST = 30.0  # seconds for one test


class Step(Enum):
    """What a server can do besides sending bytes."""

    CLOSE = "close"  # both directions, in good order
    END = "end"  # half: nothing more is sent, but what comes is still read
    RESET = "reset"
    HANG = "hang"  # say nothing until the client goes away
    DRIP = "drip"  # a byte now and then until the client goes away


@dataclass
class Received:
    """A request as it came in; header names in lower case."""

    method: str
    target: str
    headers: Dict[str, str]
    body: bytes
    connection: int  # from 0, in the order in which they were accepted


Answer = Callable[[Received, int], Iterable[Union[bytes, Step]]]


@dataclass
class Loopback:
    """What happened to a server."""

    port: int = 0
    scheme: str = "http"
    connections: int = 0
    resumed: int = 0  # TLS connections that went on with an earlier session
    in_flight: int = 0
    most_in_flight: int = 0
    requests: List[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For ``endpoint_url``."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


def ok(body: bytes = b"<x/>", *headers: str) -> bytes:
    """A success that keeps the connection."""
    return reply(200, body, *headers)


def reply(status: int, body: bytes = b"", *headers: str) -> bytes:
    """A response of any status."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def error(status: int, code: str, *headers: str, extra: str = "") -> bytes:
    """S3's way to say no."""
    return reply(status, f"<Error><Code>{code}</Code><Message>because</Message>{extra}</Error>".encode(), *headers)


@asynccontextmanager
async def serving(answer: Answer, tls: Optional[Certificates] = None) -> AsyncIterator[Loopback]:
    """Serve ``answer(request, number of the request)`` to every request."""
    state = Loopback(scheme="http" if tls is None else "https")
    writers: List[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = state.connections
        state.connections += 1
        tls_object = writer.get_extra_info("ssl_object")
        state.resumed += bool(tls_object is not None and tls_object.session_reused)
        writers.append(writer)
        try:
            while True:
                request = await _read(reader, number)
                if request is None:
                    return
                state.requests.append(request)
                state.in_flight += 1
                state.most_in_flight = max(state.most_in_flight, state.in_flight)
                await asyncio.sleep(0)
                try:
                    for step in answer(request, len(state.requests) - 1):
                        if not await _take(step, reader, writer):
                            return
                finally:
                    state.in_flight -= 1
        except (ConnectionError, ssl.SSLError):
            pass  # the client had enough
        finally:
            writer.close()

    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.chain, tls.key)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, limit=2**20, backlog=256)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader, number: int) -> Optional[Received]:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head[:-4].split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.lower(): value.strip() for name, _unused, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body, number)


async def _take(step: Union[bytes, Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """One step; false when the connection is over."""
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
        return True
    if step is Step.HANG:
        await reader.read()
    elif step is Step.DRIP:
        while not reader.at_eof():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.005)
    elif step is Step.END:
        writer.write_eof()
        await reader.read()
    elif step is Step.RESET:
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    return False


class FakeClock:
    """Moves when :meth:`sleep` is awaited or :meth:`pass_time` is called."""

    def __init__(self, start: datetime = datetime(2026, 12, 1, 12, 0, 0, tzinfo=timezone.utc)) -> None:
        self.slept: List[float] = []
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    async def sleep(self, seconds: float) -> None:
        """Instead of ``asyncio.sleep``."""
        self.slept.append(seconds)
        self.pass_time(seconds)
        await asyncio.sleep(0)


def access(url: str, **options: Any) -> Access:
    """Access with keys of its own to an endpoint."""
    given = {"access_key": "AKIDEXAMPLE", "secret_key": "secret", "region": "eu-west-1", "endpoint_url": url}
    return Access.from_options({**given, **options})


def client(to: Access, clock: FakeClock, **options: Any) -> Client:
    """A client whose time is ``clock``'s."""
    settings = {"rng": random.Random(7), "clock": clock, "sleep": clock.sleep, "timeout": 10.0, **options}
    return Client(Session.open(to, clock), **settings)


def run(test: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine; a hang is a failure."""
    return asyncio.run(asyncio.wait_for(test, _LONGEST))

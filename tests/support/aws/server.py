# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on loopback: in a thread for tests, or as the work of a process. What it answers is its application's affair."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import ssl
import sys
import threading
from typing import Any, Callable, Dict, Optional, TypeVar

from .wire import Application, Connection

T = TypeVar("T")
S = TypeVar("S", bound="Server")


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's when it is installed: it doubles the rate."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


class Server:
    """One server of one application."""

    def __init__(self, app: Application, host: str, port: int, tls: Optional[ssl.SSLContext] = None) -> None:
        self.port = port
        self._app = app
        self._host = host
        self._tls = tls
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._thread: Optional[threading.Thread] = None
        self._server: Optional[asyncio.Server] = None

    @property
    def keep_alive_requests(self) -> int:
        """Answers on a connection before it ends with notice; 0: without end."""
        return 0

    async def serve(self) -> None:
        """Listen; returns at once."""
        loop = asyncio.get_running_loop()
        secure = self._tls is not None
        self._server = await loop.create_server(
            lambda: Connection(self._app, secure, self.keep_alive_requests),
            self._host,
            self.port,
            ssl=self._tls,
            backlog=2048,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def start(self: S) -> S:
        """Serve from a thread with a loop of its own."""
        loop = self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, args=(loop,), name="fake-aws", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.serve(), loop).result(10)
        return self

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            pending = asyncio.all_tasks(loop)
            for task in pending:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
            loop.close()

    def stop(self) -> None:
        """End the server and all its connections."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        self._loop = self._thread = None
        if self._server is not None:
            loop.call_soon_threadsafe(self._server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)

    def __enter__(self: S) -> S:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def run(self, function: Callable[[], T]) -> T:
        """The result of a function called in the server's thread: for changes that requests must not see half done."""
        assert self._loop is not None

        async def call() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(10)

    @property
    def url(self) -> str:
        """The endpoint. With TLS it is ``localhost``, which every certificate of ours names."""
        return f"https://localhost:{self.port}" if self._tls else f"http://{self._host}:{self.port}"


def serve_until_told(server: Server, line: Callable[[], Dict[str, Any]], until_eof: bool) -> None:
    """Serve until SIGTERM or SIGINT come, or stdin ends; says its URL, and what ``line`` gives, on stdout first."""
    loop = new_loop()
    loop.run_until_complete(_serve(server, line, until_eof))
    loop.close()


async def _serve(server: Server, line: Callable[[], Dict[str, Any]], until_eof: bool) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    await server.serve()
    # What was seeded lives as long as the process: the collector need not look at it again and again.
    gc.freeze()
    sys.stdout.write(json.dumps({"url": server.url, **line()}) + "\n")
    sys.stdout.flush()
    if until_eof:
        threading.Thread(target=_until_eof, args=(loop, done), daemon=True).start()
    await done.wait()


def _until_eof(loop: asyncio.AbstractEventLoop, done: asyncio.Event) -> None:
    """A parent that dies closes our stdin: then we end too, so that nothing is left behind."""
    while os.read(0, 4096):  # unbuffered: a lock of sys.stdin would be in the way of our own end
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(done.set)

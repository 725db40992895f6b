# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy on loopback that leads every CONNECT to one port of this machine, whatever host it names.

Requests in absolute form (plain HTTP through a proxy) need no proxy here: the fake answers them itself.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from typing import List, Optional

_TIMEOUT = 30.0  # seconds without a byte


class ConnectProxy:
    """One proxy; ``asked`` are the host:port pairs of the CONNECT requests that it let pass.

    :param port: where all connections lead.
    :param user: when given, ``user:password`` that clients must know; others get a 407.
    """

    def __init__(self, port: int, user: str = "") -> None:
        self.asked: List[str] = []
        self.refused = 0
        self._to = port
        self._authorization = f"Basic {base64.b64encode(user.encode()).decode()}" if user else ""
        self._server: Optional[socket.socket] = None

    @property
    def url(self) -> str:
        """For HTTPS_PROXY."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> "ConnectProxy":
        self._server = socket.create_server(("127.0.0.1", 0), backlog=256)
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            self._server.close()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _unused = server.accept()
                client.settimeout(_TIMEOUT)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head and len(head) < 65536:
                more = client.recv(65536)
                if not more:
                    return
                head += more
            lines = head.decode("latin-1").split("\r\n")
            method, target, _unused = lines[0].split(" ")
            headers = {
                name.lower(): value.strip() for name, _unused, value in (line.partition(":") for line in lines[1:])
            }
            if method != "CONNECT":
                client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                return
            if self._authorization and headers.get("proxy-authorization") != self._authorization:
                self.refused += 1
                client.sendall(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=test\r\n"
                    b"Content-Length: 0\r\n\r\n"
                )
                return
            self.asked.append(target)
            with socket.create_connection(("127.0.0.1", self._to), timeout=_TIMEOUT) as upstream:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_copy, args=(upstream, client), daemon=True)
                back.start()
                _copy(client, upstream)
                back.join(_TIMEOUT)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS between a connection and its bytes.

asyncio's own TLS keeps a buffer of 256 KiB for each connection, which is 32 MB for 128 of them, and cannot resume sessions; this layer
over ``ssl.SSLObject`` shares one buffer and resumes.
"""

from __future__ import annotations

import ssl
from typing import Optional


class TlsLayer:
    """One TLS connection without its socket: ciphertext and plaintext are passed in and out as bytes.

    :param buffer: holds plaintext while it is copied out; for all connections of an event loop, which does one thing at
        a time, but not for those of another thread.
    """

    __slots__ = ("object", "established", "closed", "_buffer", "_incoming", "_outgoing")

    def __init__(
        self, context: ssl.SSLContext, hostname: str, session: Optional[ssl.SSLSession], buffer: memoryview
    ) -> None:
        self._buffer = buffer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname, session=session)
        self.established = False
        self.closed = False  # the other side has said that nothing more will come

    def handshake(self, data: bytes = b"") -> bool:
        """Go on with the handshake as far as what the other side sent allows; true once the connection is established.

        :raises ssl.SSLError: when it cannot succeed.
        """
        if data:
            self._incoming.write(data)
        try:
            self.object.do_handshake()
            self.established = True
        except ssl.SSLWantReadError:
            pass
        return self.established

    def decrypt(self, data: bytes) -> bytes:
        """The plaintext that ``data`` completes; may be empty.

        :raises ssl.SSLError: when it was tampered with.
        """
        self._incoming.write(data)
        plain = b""
        tls, buffer = self.object, self._buffer
        try:
            # A read without a whole record raises, which costs more than to ask first whether there is anything to read.
            while self._incoming.pending or tls.pending():
                count: int = tls.read(len(buffer), buffer)  # type: ignore[assignment]
                if not count:
                    self.closed = True
                    break
                plain += buffer[:count]
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.closed = True
        return plain

    def encrypt(self, data: bytes) -> bytes:
        """What to send for ``data``."""
        sent = self.object.write(data)
        while sent < len(data):
            sent += self.object.write(data[sent:])
        return self._outgoing.read()

    def outgoing(self) -> bytes:
        """What TLS itself has to send: handshake messages, alerts, key updates."""
        return self._outgoing.read()

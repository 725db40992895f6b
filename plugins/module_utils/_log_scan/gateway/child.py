# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that writes to us: its output as it comes, its complaints, its end; bounded in memory and time."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from typing import IO, Any, Iterator, Mapping, Optional, Sequence, Union

from ..._common.errors import GatewayError

CHUNK = 1 << 20
_COMPLAINTS = 4096  # bytes kept of what a program says to stderr: the end of it
_FAREWELL = 2.0  # seconds for a program that has closed its output


class Child:
    """A started program in a process group of its own, which ends with :meth:`close` at the latest.

    Use as a context. It reads nothing from us but ``stdin``, if given, an open file.

    :param merged: what it says to stderr is output, too, in its place.
    :param seconds: a time limit for all of it; None: no limit.
    :raises GatewayError: when it cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str],
        action: str,
        stdin: Optional[Union[int, IO[Any]]] = None,
        merged: bool = False,
        seconds: Optional[float] = None,
        environment: Optional[Mapping[str, str]] = None,
        directory: Optional[str] = None,
    ) -> None:
        from .process import DEVNULL, PIPE, STDOUT, Expired, Process

        if not argv:
            raise GatewayError(action, "", "there is no command")
        self._expired = Expired
        self._until = None if seconds is None else time.monotonic() + seconds
        self.timed_out = False
        self._complaints = b""
        try:
            self._process = Process(
                list(argv),
                stdin=DEVNULL if stdin is None else stdin,
                stdout=PIPE,
                stderr=STDOUT if merged else PIPE,
                env={**os.environ, **(environment or {})},
                cwd=directory,
                start_new_session=True,  # so that its own children end with it
            )
        except (OSError, ValueError) as error:
            cause = getattr(error, "strerror", None) or str(error)
            raise GatewayError(action, argv[0], cause) from error

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    @property
    def complaints(self) -> str:
        """The end of what it said to stderr."""
        return self._complaints.decode("utf-8", "replace").strip()

    def chunks(self) -> Iterator[bytes]:
        """Its output as it comes, until it ends or its time is over, which ``timed_out`` then says."""
        output, errors = self._process.stdout, self._process.stderr
        poll = select.poll()
        streams = {stream.fileno(): stream for stream in (output, errors) if stream is not None}
        for descriptor in streams:
            poll.register(descriptor, select.POLLIN | select.POLLHUP)
        while streams:
            left = None if self._until is None else self._until - time.monotonic()
            if left is not None and left <= 0:
                self.timed_out = True
                self.close()
                return
            for descriptor, _event in poll.poll(None if left is None else left * 1000 + 1):
                data = os.read(descriptor, CHUNK)
                if not data:
                    poll.unregister(descriptor)
                    del streams[descriptor]
                elif output is not None and descriptor == output.fileno():
                    yield data
                    if output.closed:  # by the reader, in the meantime
                        return
                else:
                    self._complaints = (self._complaints + data)[-_COMPLAINTS:]

    def end(self) -> int:
        """Its exit code, as shells have it: 128 and the number of a signal. It has closed its output, or is ended."""
        left = _FAREWELL if self._until is None else max(0.0, self._until - time.monotonic())
        try:
            self._process.wait(left)
        except self._expired:
            self.timed_out = self._until is not None
            self.close()
        code = self._process.returncode
        return code if code is None or code >= 0 else 128 - code

    def close(self) -> None:
        """End it and what it started."""
        if self._process.returncode is None:  # not yet waited for: the number is still its own
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._process.wait()

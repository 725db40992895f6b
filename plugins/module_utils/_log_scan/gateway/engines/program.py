# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that searches a part of a file: it is fed through a pipe, and tells the offsets of what it finds."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import suppress
from typing import IO, Any, Generator, Iterator, List, Mapping, Optional, Sequence

from ...._common.errors import GatewayError

CHUNK = 1 << 20
_MEMORY = 128 << 20  # of addresses: a line without an end must not take the machine's memory
_ARGUMENTS = 64 << 10  # bytes of expressions; the system takes 128 KiB in one argument
_SECONDS = 10  # for a program to say its version


def first_line(command: Sequence[str]) -> str:
    """What a program says of itself; empty when it cannot be started."""
    from ..process import DEVNULL, PIPE, Expired, Process

    try:
        with Process(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL) as process:
            try:
                said, _nothing = process.communicate(timeout=_SECONDS)
            except Expired:
                process.kill()
                return ""
    except OSError:
        return ""
    return said.decode("utf-8", "replace").partition("\n")[0]


class Program:
    """A program with the interface of grep, that gives ``offset:what was found`` for each find.

    :param expressions: what it searches for.
    :raises GatewayError: when an expression cannot be an argument, or all together are too long for one.
    """

    def __init__(
        self, command: Sequence[str], expressions: Sequence[bytes], environment: Optional[Mapping[str, str]] = None
    ) -> None:
        if any(b"\0" in each for each in expressions) or sum(map(len, expressions)) > _ARGUMENTS:
            raise GatewayError("use engine", command[0], "the patterns cannot be passed to it as arguments")
        self._command: List[Any] = list(command)
        for each in expressions:
            self._command += ["-e", each]
        self.searches = bool(expressions)
        self._environment = dict(environment or {})

    def offsets(self, descriptor: int, start: int, end: int) -> Generator[int, None, None]:
        """The offsets of what is found between ``start`` and ``end``, in order.

        The program ends with the iterator, and with us: it reads from a pipe, which then is closed. The position of
        the descriptor stays as it is.

        :raises GatewayError: when it fails, or the file cannot be read; what was given before is right.
        """
        if not self.searches or start >= end:
            return
        search = _Search(self._command, {**os.environ, **self._environment}, descriptor, start, end)
        try:
            yield from search.finds()
        finally:
            search.close()


class _Search:
    """A running program, and the thread that feeds it."""

    def __init__(
        self, command: Sequence[Any], environment: Mapping[str, str], descriptor: int, start: int, end: int
    ) -> None:
        from ..process import PIPE, Process

        self._name = os.path.basename(str(command[0]))
        self._start = start
        self._problem: Optional[OSError] = None
        try:
            self._process = Process(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment)
        except OSError as error:
            raise GatewayError("start", self._name, error.strerror or str(error)) from error
        _bound(self._process.pid)
        self._feeder = threading.Thread(target=self._feed, args=(descriptor, start, end), daemon=True)
        self._feeder.start()

    def finds(self) -> Iterator[int]:
        output = self._process.stdout
        rest = b""
        while output is not None:
            data = os.read(output.fileno(), CHUNK)
            if not data:
                break
            lines = (rest + data).split(b"\n")
            rest = lines.pop()
            for line in lines:
                yield self._start + int(line[: line.index(b":")])
        self._feeder.join()
        code = self._process.wait()
        if self._problem is not None:
            raise GatewayError("read for", self._name, self._problem.strerror or str(self._problem))
        if code not in (0, 1):  # 1: nothing found
            said = _text(self._process.stderr)
            raise GatewayError("search with", self._name, said or f"it ended with {code}")

    def close(self) -> None:
        """End it, wherever it is."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._feeder.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _feed(self, descriptor: int, start: int, end: int) -> None:
        stdin = self._process.stdin
        if stdin is None:
            return
        pipe = stdin.fileno()
        _widen(pipe)
        try:
            copy = True  # by the kernel, from the cache of the file system into the pipe
            while start < end:
                if copy:
                    try:
                        sent = os.sendfile(pipe, descriptor, start, min(CHUNK, end - start))
                    except OSError as error:
                        if error.errno not in (errno.EINVAL, errno.ENOSYS):
                            raise
                        copy = False
                        continue
                else:
                    sent = os.write(pipe, os.pread(descriptor, min(CHUNK, end - start), start))
                if not sent:  # shorter than it was
                    break
                start += sent
        except BrokenPipeError:
            pass  # it has ended: its exit code says why
        except OSError as error:
            self._problem = error
        finally:
            with suppress(OSError):
                stdin.close()


def _bound(process: int) -> None:
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _widen(pipe: int) -> None:
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(pipe, getattr(fcntl, "F_SETPIPE_SZ", 1031), CHUNK)


def _text(stream: Optional[IO[bytes]]) -> str:
    return "" if stream is None else stream.read(4096).decode("utf-8", "replace").strip()

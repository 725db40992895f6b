# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command's output as a log: read once, from its beginning to its end, without state."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional, Sequence

from .child import Child


class Command:
    """A command that runs while its output is read. Use as a context; leaving it ends the command.

    What it says to stderr is part of its output. It reads nothing, runs in no shell, and is ended, with what it
    started, after ``seconds``.

    :raises GatewayError: when it cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str],
        seconds: float,
        environment: Optional[Mapping[str, str]] = None,
        directory: Optional[str] = None,
    ) -> None:
        self._child = Child(argv, "run", merged=True, seconds=seconds, environment=environment, directory=directory)
        self.exit_code: Optional[int] = None  # as shells have it; None until the output was read to its end

    def __enter__(self) -> "Command":
        return self

    def __exit__(self, *_unused: object) -> None:
        self._child.close()

    @property
    def timed_out(self) -> bool:
        """Whether it was ended because its time was over: its output is not complete."""
        return self._child.timed_out

    def blocks(self) -> Iterator[bytes]:
        """Its output as it comes, no more than 1 MiB at a time; afterwards ``exit_code`` is known."""
        yield from self._child.chunks()
        self.exit_code = self._child.end()

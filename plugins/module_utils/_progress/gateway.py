# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress file: where a job on the target leaves word of how far it is."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import Callable, Optional

from .model import Progress, encode

EVERY_SECONDS = 0.4


class ProgressFile:
    """Appends at most one line every ``EVERY_SECONDS`` to a 0600 file that must not exist yet.

    The first line, without a stage, only says which process it is. Without a path it does nothing. It never fails the
    job it reports on: a full disk costs the progress only.
    """

    def __init__(self, path: Optional[str], monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._next = 0.0
        self._stage = ""
        self._descriptor: Optional[int] = None
        if path:
            try:
                self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            except OSError:
                self._descriptor = None
        self._write(Progress("", 0, None, ""))

    def report(self, progress: Progress) -> None:
        """Leave word, unless something was said a moment ago; a new stage and an end are always said."""
        if self._descriptor is None:
            return
        now = self._monotonic()
        if now < self._next and progress.stage == self._stage and progress.done != progress.total:
            return
        self._next, self._stage = now + EVERY_SECONDS, progress.stage
        self._write(progress)

    def _write(self, progress: Progress) -> None:
        if self._descriptor is None:
            return
        try:
            os.write(self._descriptor, encode(replace(progress, pid=os.getpid())))
        except OSError:
            self.close()

    def close(self) -> None:
        """Close the file; later reports are dropped."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a long job is, as one line: what the target writes and the controller reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Progress:
    """One report of a job under way.

    ``total`` is ``None`` while nobody knows it; ``pid`` is the job's process. One without a ``stage`` says no more.
    """

    stage: str
    done: int
    total: Optional[int]
    unit: str
    note: str = ""
    pid: int = 0

    def sentence(self) -> str:
        """For people: ``audit: 120 of 1,000 buckets (12 %), 3 failing``."""
        text = f"{self.stage}: {self.done:,}"
        if self.total is not None:
            text += f" of {self.total:,}"
        text += f" {self.unit}"
        if self.total:
            text += f" ({100 * self.done // self.total} %)"
        return f"{text}, {self.note}" if self.note else text


def encode(progress: Progress) -> bytes:
    """One line of JSON."""
    return json.dumps(progress.__dict__, separators=(",", ":")).encode() + b"\n"


def decode(line: str) -> Optional[Progress]:
    """What ``encode`` wrote; ``None`` for anything else: progress is a courtesy, and a garbled line no error."""
    try:
        value = json.loads(line)
        return Progress(
            stage=str(value["stage"]),
            done=int(value["done"]),
            total=None if value["total"] is None else int(value["total"]),
            unit=str(value["unit"]),
            note=str(value["note"]),
            pid=int(value["pid"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None

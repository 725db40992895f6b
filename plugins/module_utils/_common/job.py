# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a subject is given to do, and what it comes to: the seam between a face and the rooms behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Callable, Dict, Mapping, Optional, Protocol

from .plan import Plan


class Clock(Protocol):
    """The time, as it is handed in."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never jump back."""


@dataclass(frozen=True)
class Job:
    """One task: its options, how it is run, and what stands for the outside world."""

    options: Mapping[str, Any]
    check_mode: bool
    clock: Clock
    rng: Random
    warn: Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a body comes to.

    ``plan`` is what was changed, or in check mode would be; ``failure`` is why the task is to fail although
    it did its work (``fail_on``): the full result is returned all the same.
    """

    result: Dict[str, Any]
    plan: Plan = field(default_factory=Plan)
    failure: Optional[str] = None

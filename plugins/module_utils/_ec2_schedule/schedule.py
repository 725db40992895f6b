# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schedule as a value: rules of local days and times, a time zone, and calendars that narrow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import FrozenSet, Optional, Tuple

DAY = 24 * 60  # minutes


class Mode(str, Enum):
    """What kind of schedule it is."""

    WINDOWS = "windows"  # runs in its windows, and is stopped outside of them
    STOP_ONLY = "stop-only"  # stops at its times, and never starts
    START_ONLY = "start-only"  # starts at its times, and never stops
    ALWAYS = "always"
    NEVER = "never"
    IGNORE = "ignore"


CONSTANT = frozenset((Mode.ALWAYS, Mode.NEVER, Mode.IGNORE))
ONE_SIDED = frozenset((Mode.STOP_ONLY, Mode.START_ONLY))


@dataclass(frozen=True)
class Days:
    """Which local days: those that fit all that is given. What is empty narrows nothing.

    Weekdays count from 0, Monday. ``nth`` are pairs of a number (1 to 5, -1 for the last) and a weekday; ``monthdays``
    below zero count from the end of the month. ``dates`` are ranges, both ends included.
    """

    dates: Tuple[Tuple[date, date], ...] = ()
    months: FrozenSet[int] = frozenset()
    monthdays: FrozenSet[int] = frozenset()
    nth: FrozenSet[Tuple[int, int]] = frozenset()
    weekdays: FrozenSet[int] = frozenset()


@dataclass(frozen=True)
class Rule:
    """Spans of local time on some days, in minutes from midnight; one that ends after 1440 reaches into the next day.

    Of a schedule that only stops or only starts, a span is the moment at which it does: both ends are the same.
    """

    days: Days
    spans: Tuple[Tuple[int, int], ...]


@dataclass(frozen=True)
class Schedule:
    """A schedule, as the grammar has it. ``zone`` is an IANA name; ``without`` and ``only`` are names of calendars."""

    mode: Mode
    rules: Tuple[Rule, ...] = ()
    zone: str = "UTC"
    without: Tuple[str, ...] = ()
    only: Tuple[str, ...] = ()

    @property
    def calendars(self) -> FrozenSet[str]:
        """The names of the calendars that it needs."""
        return frozenset((*self.without, *self.only))


@dataclass(frozen=True)
class Named:
    """A schedule under its name, with what it says otherwise than the run; ``None`` is "as the run says"."""

    name: str
    schedule: Schedule
    enforce: Optional[bool] = None
    retain_running: Optional[bool] = None
    hibernate: Optional[bool] = None
    description: str = ""


def calendars_needed(schedule: Schedule) -> FrozenSet[str]:
    """The names of the calendars without which a schedule cannot be followed."""
    return schedule.calendars

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wall time and instants: what a clock on the wall of a zone shows, and when that is.

A wall time that a zone skips means the first instant after the gap. One that it has twice means the first of both for a
start and the second for a stop: so a window never shrinks, and nothing happens twice. Both keep the order of wall times,
which is why windows may be joined by the clock on the wall before anybody asks for their instants.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Dict, FrozenSet
from zoneinfo import ZoneInfo, available_timezones

from .._common.errors import Day2Error
from .schedule import DAY

UTC = "UTC"

_ZERO = datetime.combine(date.min, time())  # of a wall, which is in no zone yet
_FIRST_DAY = date.min.toordinal()


@lru_cache(maxsize=1)
def _zones() -> Dict[str, str]:
    names: FrozenSet[str] = frozenset(available_timezones())
    if not names:
        raise Day2Error(
            "there is no time zone data on this machine: install the package tzdata, of the system or of Python"
            " (python -m pip install tzdata)"
        )
    return {name.casefold(): name for name in names}


def zone_name(text: str) -> str:
    """The IANA name of a zone in its own spelling; empty when there is no such zone.

    :raises Day2Error: when this machine knows no zones at all, and it is not UTC that is asked for.
    """
    return UTC if text.upper() == UTC else _zones().get(text.casefold(), "")


def zone_names() -> FrozenSet[str]:
    """All zones that this machine knows."""
    return frozenset(_zones().values())


@cache  # as many as there are zones
def zone_of(name: str) -> tzinfo:
    """A zone by its name; UTC is there on machines that know no others.

    :raises Day2Error: when there is none of that name.
    """
    found = zone_name(name)
    if not found:
        raise Day2Error(f"{name!r} is not a time zone (one looks like Europe/Madrid)")
    return timezone.utc if found == UTC else ZoneInfo(found)


def instant(day: date, minutes: int, zone: tzinfo, stop: bool = False) -> datetime:
    """The instant (UTC) of so many minutes after midnight of a local day, by the clock on the wall.

    :param stop: whether something ends then, which of two instants takes the second.
    :raises OverflowError: at the ends of the calendar.
    """
    return instant_of((day.toordinal() - _FIRST_DAY) * DAY + minutes, zone, stop)


def wall_minutes(day: int) -> int:
    """The first minute of a day, given as its ordinal, as ``instant_of`` counts them."""
    return (day - _FIRST_DAY) * DAY


def instant_of(minutes: int, zone: tzinfo, stop: bool = False) -> datetime:
    """The same for minutes since the first day of the calendar, which are quicker to reckon with."""
    wall = (_ZERO + timedelta(minutes=minutes)).replace(tzinfo=zone)
    first = wall.astimezone(timezone.utc)
    if zone is timezone.utc:
        return first
    second = wall.replace(fold=1).astimezone(timezone.utc)
    if first == second:
        return first
    if first < second:  # the clock was put back
        return second if stop else first
    return _after_gap(second, first, zone)


def _after_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The instant at which the offset of a zone changes between two instants, to the second."""
    old = before.astimezone(zone).utcoffset()
    seconds = int((after - before).total_seconds())  # offsets are whole seconds
    least, most = 0, seconds  # the offset is the old one at the first, another at the second
    while most - least > 1:
        middle = (least + most) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            least = middle
        else:
            most = middle
    return before + timedelta(seconds=most)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wall time and instants: what a clock on the wall of a zone shows, and when that is.

A wall time that a zone skips means the first instant after the gap. One that it has twice means the first of both for a
start and the second for a stop: so a window never shrinks, and nothing happens twice.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import FrozenSet
from zoneinfo import ZoneInfo, available_timezones

from .._common.errors import Day2Error

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1)
def _zones() -> "dict[str, str]":
    names: FrozenSet[str] = frozenset(available_timezones())
    if not names:
        raise Day2Error(
            "there is no time zone data on this machine: install the package tzdata, of the system or of Python"
            " (python -m pip install tzdata)"
        )
    return {name.casefold(): name for name in names}


def zone_name(text: str) -> str:
    """The IANA name of a zone in its own spelling; empty when there is no such zone.

    :raises Day2Error: when this machine knows no zones at all.
    """
    return _zones().get(text.casefold(), "")


def zone_names() -> FrozenSet[str]:
    """All zones that this machine knows."""
    return frozenset(_zones().values())


@cache  # as many as there are zones
def zone_of(name: str) -> ZoneInfo:
    """A zone by its name.

    :raises Day2Error: when there is none of that name.
    """
    found = zone_name(name)
    if not found:
        raise Day2Error(f"{name!r} is not a time zone (one looks like Europe/Madrid)")
    return ZoneInfo(found)


def instant(day: date, minutes: int, zone: tzinfo, stop: bool = False) -> datetime:
    """The instant (UTC) of so many minutes after midnight of a local day, by the clock on the wall.

    :param stop: whether something ends then, which of two instants takes the second.
    :raises OverflowError: at the ends of the calendar.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
    if first == second:
        return first
    if first < second:
        return second if stop else first  # the clock was put back
    return _after_gap(second, first, zone)


def _after_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The instant at which the offset of a zone changes between two instants, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after

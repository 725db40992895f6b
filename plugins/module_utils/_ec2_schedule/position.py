# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a schedule stands at an instant: what it wants, since when, and what comes next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Iterator, Mapping, Optional, Tuple

from .._common.errors import Day2Error
from .calendars import Calendar
from .intervals import FIRST, LAST, bounded, edges, windows
from .model import Edge, Position, Wanted
from .schedule import Days, Mode, Schedule

# Most schedules turn every few days. The 29th of February, and the fifth Monday of one, are years away; what depends on
# the weekday alone has turned within weeks, or never does.
_WEEKS = (timedelta(days=4), timedelta(days=40))
_YEARS = (*_WEEKS, timedelta(days=400), timedelta(days=12 * 366))
_INSTANT = timedelta(microseconds=1)


def position(schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime) -> Position:
    """Where a schedule stands at ``now`` (aware).

    Edges are looked for up to twelve years away, and not where a calendar of the schedule is not known any more.

    :raises Day2Error: when a calendar is missing, or does not reach to ``now``.
    """
    now = bounded(now)
    if schedule.mode is Mode.ALWAYS:
        return Position(Wanted.RUNNING, None, None)
    if schedule.mode is Mode.NEVER:
        return Position(Wanted.STOPPED, None, None)
    if schedule.mode is Mode.IGNORE:
        return Position(Wanted.ANY, None, None)
    least, most = _known(schedule, calendars, now)
    last = _last(schedule, calendars, now, least)
    coming = _next(schedule, calendars, now, most)
    if schedule.mode is not Mode.WINDOWS:
        return Position(Wanted.ANY, last, coming, once=True)
    runs = windows(schedule, calendars, now, now + _INSTANT)
    return Position(Wanted.RUNNING if runs else Wanted.STOPPED, last, coming)


def _last(schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime, least: datetime) -> Optional[Edge]:
    for start in _away(now, least, _horizons(schedule), -1):
        found = edges(schedule, calendars, start, now)
        if found:
            return found[-1]
    return None


def _next(schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime, most: datetime) -> Optional[Edge]:
    for stop in _away(now, most, _horizons(schedule), 1):
        found = edges(schedule, calendars, now, stop)
        if found:
            return found[0]
    return None


def _horizons(schedule: Schedule) -> Tuple[timedelta, ...]:
    weekly = not schedule.calendars and all(rule.days == Days(weekdays=rule.days.weekdays) for rule in schedule.rules)
    return _WEEKS if weekly else _YEARS


def _away(now: datetime, end: datetime, horizons: Tuple[timedelta, ...], direction: int) -> Iterator[datetime]:
    """Instants further and further away, the last of them no further than ``end``."""
    for horizon in horizons:
        there = FIRST if direction < 0 else LAST
        if abs(there - now) > horizon:
            there = now + direction * horizon
        if (there - end) * direction >= timedelta(0):
            yield end
            return
        yield there


def _known(schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime) -> Tuple[datetime, datetime]:
    """The range in which all calendars of the schedule are known."""
    least, most = FIRST, LAST
    for name in sorted(schedule.calendars):
        calendar = calendars.get(name)
        if calendar is None or calendar.known is None:
            continue
        first, last = (_midnight(day) for day in calendar.known)
        if not first <= now <= last:
            raise Day2Error(f"the calendar {name} is known from {calendar.known[0]} to {calendar.known[1]} only")
        least, most = max(least, first), min(most, last)
    return least, most


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.utc)

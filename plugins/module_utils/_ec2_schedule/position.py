# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a schedule stands at an instant: what it wants, since when, and what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Iterator, Mapping, Optional, Tuple

from .calendars import Calendar
from .intervals import FIRST, LAST, NotKnown, bounded, edges_of, known_range, spans_around
from .model import Edge, Position, Wanted
from .schedule import Mode, Schedule

# Days on both sides. Most schedules turn every few days; the 29th of February is up to eight years away.
_STEPS = (4, 40, 400, 12 * 366)
_MOST = 100 * 366
"""How far dates with a year are looked for."""

_INSTANT = timedelta(microseconds=1)
_CONSTANT = {Mode.ALWAYS: Wanted.RUNNING, Mode.NEVER: Wanted.STOPPED, Mode.IGNORE: Wanted.ANY}


def position(schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime) -> Position:
    """Where a schedule stands at ``now`` (aware).

    Edges are looked for up to twelve years away (dates with a year: a hundred), and not where a calendar of the schedule is
    not known any more: then there is none, as there is none of a schedule that never turns.

    :raises Day2Error: when a calendar is missing; ``NotKnown`` when one does not reach to ``now``.
    """
    if schedule.mode in _CONSTANT:
        return Position(_CONSTANT[schedule.mode], None, None)
    now = bounded(now)
    least, most, said = known_range(schedule, calendars)
    if not least <= now < most:
        raise NotKnown(f"{now.date()} is outside of what the calendars of the schedule are known for: {said}")
    last, coming, wanted = _near(schedule, calendars, now, (least, most - _INSTANT))
    if schedule.mode is not Mode.WINDOWS:
        return Position(Wanted.ANY, last, coming, once=True)
    return Position(wanted, last, coming)


def _near(
    schedule: Schedule, calendars: Mapping[str, Calendar], now: datetime, bounds: Tuple[datetime, datetime]
) -> Tuple[Optional[Edge], Optional[Edge], Wanted]:
    """The edges around an instant, and whether it lies in a window."""
    back, ahead = _steps(schedule, now, bounds[0], -1), _steps(schedule, now, bounds[1], 1)
    (_other, start), (_other, stop) = next(back), next(ahead)
    spans = spans_around(schedule, calendars, start, stop)
    found = edges_of(schedule, spans, start, stop)
    wanted = Wanted.RUNNING if any(first <= now < last for first, last in spans) else Wanted.STOPPED
    last = next((edge for edge in reversed(found) if edge.at <= now), None)
    coming = next((edge for edge in found if edge.at > now), None)
    while last is None:
        stop, start = next(back, (now, now))
        if start >= stop:
            break
        last = next(reversed(edges_of(schedule, spans_around(schedule, calendars, start, stop), start, stop)), None)
    while coming is None:
        start, stop = next(ahead, (now, now))
        if start >= stop:
            break
        coming = next(iter(edges_of(schedule, spans_around(schedule, calendars, start, stop), start, stop)), None)
    return last, coming, wanted


def _steps(schedule: Schedule, now: datetime, end: datetime, way: int) -> Iterator[Tuple[datetime, datetime]]:
    """Stretches of time further and further away, each from where the one before ended, none beyond ``end``."""
    here = now
    for days in (*_STEPS, _dated(schedule, now)):
        limit = FIRST if way < 0 else LAST
        there = limit if abs(limit - now) <= timedelta(days=days) else now + way * timedelta(days=days)
        there = max(there, end) if way < 0 else min(there, end)
        if here == now or (there - here) * way > timedelta(0):
            yield here, there
            here = there


def _dated(schedule: Schedule, now: datetime) -> int:
    """How many days away the furthest date is that the schedule names."""
    ends = [day for rule in schedule.rules for span in rule.days.dates for day in span]
    return min(max((abs(day.toordinal() - now.toordinal()) + 2 for day in ends), default=0), _MOST)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The windows of a schedule within a range of time: intervals between two instants, and the edges between them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Iterable, Iterator, List, Mapping, NamedTuple, Sequence, Tuple

from .._common.errors import Day2Error
from .calendars import Calendar, Span, merged
from .civil import instant, zone_of
from .dates import matches
from .model import Edge, Wanted
from .schedule import Mode, Schedule

FIRST = datetime(1, 1, 4, tzinfo=timezone.utc)
"""Before this and after :data:`LAST` nothing is worked out: no zone may lead over the ends of the calendar."""
LAST = datetime(9999, 12, 28, tzinfo=timezone.utc)

# A window begins on its own day and may end on the next, and a wall time is at most a day away from its instant.
_MARGIN = timedelta(days=3)


class Window(NamedTuple):
    """A time in which a resource runs, from ``start`` up to ``stop`` (UTC), which is no part of it."""

    start: datetime
    stop: datetime


def bounded(at: datetime) -> datetime:
    """An instant in UTC, within the ends of the calendar."""
    if at.year < 2 or at.year > 9998:  # an offset could lead over the end
        return FIRST if at.year < 2 else LAST
    return at.astimezone(timezone.utc)


def windows(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> List[Window]:
    """The windows from ``start`` to ``stop`` (aware), cut off there; those that touch are one.

    A schedule that only stops or only starts has none, nor has ``never`` or ``ignore``; ``always`` has one.

    :raises Day2Error: when a calendar is missing.
    """
    start, stop = bounded(start), bounded(stop)
    if start >= stop:
        return []
    if schedule.mode is Mode.ALWAYS:
        return [Window(start, stop)]
    if schedule.mode is not Mode.WINDOWS:
        return []
    return [
        Window(max(first, start), min(last, stop))
        for first, last in _spans(schedule, calendars, start, stop)
        if first < stop and last > start
    ]


def edges(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> List[Edge]:
    """The edges after ``start``, up to and at ``stop``, in their order.

    :raises Day2Error: when a calendar is missing.
    """
    start, stop = bounded(start), bounded(stop)
    if start >= stop or schedule.mode in (Mode.ALWAYS, Mode.NEVER, Mode.IGNORE):
        return []
    spans = _spans(schedule, calendars, start - _MARGIN, stop + _MARGIN)
    if schedule.mode is not Mode.WINDOWS:
        to = Wanted.STOPPED if schedule.mode is Mode.STOP_ONLY else Wanted.RUNNING
        return [Edge(at, to) for at, _same in spans if start < at <= stop]
    both = (edge for first, last in spans for edge in (Edge(first, Wanted.RUNNING), Edge(last, Wanted.STOPPED)))
    return [edge for edge in both if start < edge.at <= stop]


def _spans(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> Sequence[Span]:
    """All that begins within a margin around the range, merged; of one-sided schedules the moments, twice each."""
    without = [_calendar(calendars, name) for name in schedule.without]
    only = [_calendar(calendars, name) for name in schedule.only]
    found = list(_days(schedule, start, stop))
    moments = schedule.mode is not Mode.WINDOWS
    kept = [span for day, span in found if not any(calendar.has(day) for calendar in without)]
    if only:
        dated = [
            span
            for day, span in found
            if any(calendar.has(day) for calendar in only) and not any(calendar.has(day) for calendar in without)
        ]
        timed = merged(span for calendar in only for span in calendar.spans)
        kept = dated + (_within(kept, timed) if moments else _common(kept, timed))
    closed = merged(span for calendar in without for span in calendar.spans)
    if moments:
        inside = set(_within(kept, closed))
        return sorted(set(kept) - inside)
    return _less(merged(kept), closed) if closed else merged(kept)


def _calendar(calendars: Mapping[str, Calendar], name: str) -> Calendar:
    if name not in calendars:
        known = f"; there are {', '.join(sorted(calendars))}" if calendars else ""
        raise Day2Error(f"there is no calendar {name!r}{known}")
    return calendars[name]


def _days(schedule: Schedule, start: datetime, stop: datetime) -> Iterator[Tuple[date, Span]]:
    """What the rules say, with the local day on which each begins."""
    zone = zone_of(schedule.zone)
    day = max(start - _MARGIN, FIRST - _MARGIN).date()
    last = min(stop + _MARGIN, LAST + timedelta(days=2)).date()
    stops = schedule.mode is Mode.STOP_ONLY
    while day <= last:
        for rule in schedule.rules:
            if matches(rule.days, day):
                for first, second in rule.spans:
                    begins = instant(day, first, zone, stop=stops)
                    yield day, (begins, begins if first == second else instant(day, second, zone, stop=True))
        day += timedelta(days=1)


def _within(moments: Iterable[Span], spans: Sequence[Span]) -> List[Span]:
    return [span for span in moments if any(first <= span[0] < last for first, last in spans)]


def _common(spans: Iterable[Span], others: Sequence[Span]) -> List[Span]:
    """The time that both have."""
    return [
        (max(first, start), min(last, stop))
        for first, last in spans
        for start, stop in others
        if max(first, start) < min(last, stop)
    ]


def _less(spans: Sequence[Span], closed: Sequence[Span]) -> Tuple[Span, ...]:
    """The time of ``spans`` that is not in ``closed``."""
    left: List[Span] = []
    for first, last in spans:
        for start, stop in closed:
            if stop <= first or start >= last:
                continue
            if start > first:
                left.append((first, start))
            first = max(first, stop)
        if first < last:
            left.append((first, last))
    return tuple(left)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The windows of a schedule within a range of time: intervals between two instants, and the edges between them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .calendars import Calendar, Span, merged
from .civil import instant_of, wall_minutes, zone_of
from .dates import days_within
from .model import Edge, Wanted
from .schedule import Mode, Schedule

FIRST = datetime(1, 1, 4, tzinfo=timezone.utc)
"""Before this and after :data:`LAST` nothing is worked out: no zone may lead over the ends of the calendar."""
LAST = datetime(9999, 12, 28, tzinfo=timezone.utc)

_FIRST_DAY, _LAST_DAY = FIRST.toordinal() - 2, LAST.toordinal() + 1
# A window begins on its own day and ends by the end of the next; a wall time is at most a day away from its instant.
_BEFORE, _AFTER = 4, 2
_INSTANT = timedelta(microseconds=1)
_Minutes = List[Tuple[int, int]]


class Window(NamedTuple):
    """A time in which a resource runs, from ``start`` up to ``stop`` (UTC), which is no part of it."""

    start: datetime
    stop: datetime


class NotKnown(Day2Error):
    """A calendar of the schedule does not reach that far."""


def bounded(at: datetime) -> datetime:
    """An instant in UTC, within the ends of the calendar."""
    try:
        return min(max(at.astimezone(timezone.utc), FIRST), LAST)
    except OverflowError:
        return FIRST if at.year < 5000 else LAST


def windows(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> List[Window]:
    """The windows from ``start`` to ``stop`` (aware), cut off there; those that touch are one.

    A schedule that only stops or only starts has none, nor has ``never`` or ``ignore``; ``always`` has one.

    :raises Day2Error: when a calendar is missing; ``NotKnown`` when one does not reach that far.
    """
    start, stop = bounded(start), bounded(stop)
    if start >= stop:
        return []
    if schedule.mode is Mode.ALWAYS:
        return [Window(start, stop)]
    if schedule.mode is not Mode.WINDOWS:
        return []
    _refuse_unknown(schedule, calendars, start, stop - _INSTANT)
    return [
        Window(max(first, start), min(last, stop))
        for first, last in spans_around(schedule, calendars, start, stop)
        if first < stop and last > start
    ]


def edges(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> List[Edge]:
    """The edges after ``start``, up to and at ``stop``, in their order.

    :raises Day2Error: when a calendar is missing; ``NotKnown`` when one does not reach that far.
    """
    start, stop = bounded(start), bounded(stop)
    if start >= stop or not schedule.rules:
        return []
    _refuse_unknown(schedule, calendars, start, stop)
    return edges_of(schedule, spans_around(schedule, calendars, start, stop), start, stop)


def edges_of(schedule: Schedule, spans: Iterable[Span], start: datetime, stop: datetime) -> List[Edge]:
    """The edges in (start, stop] of what ``spans_around`` has found for that range."""
    if schedule.mode is not Mode.WINDOWS:
        to = Wanted.STOPPED if schedule.mode is Mode.STOP_ONLY else Wanted.RUNNING
        return [Edge(at, to) for at, _same in spans if start < at <= stop]
    both = (edge for first, last in spans for edge in (Edge(first, Wanted.RUNNING), Edge(last, Wanted.STOPPED)))
    return [edge for edge in both if start < edge.at <= stop]


def spans_around(
    schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime
) -> Sequence[Span]:
    """The windows in their order, joined, none cut; of schedules that only stop or only start the moments, twice each.

    What lies from ``start`` to ``stop`` is right, ends included. The list goes on a little on both sides, where it is not.
    """
    zone = zone_of(schedule.zone)
    without, only = (_given(calendars, names) for names in (schedule.without, schedule.only))
    closed, opened = _timed(without), _timed(only)
    first = max(start.toordinal() - _BEFORE, _FIRST_DAY)
    last = min(stop.toordinal() + _AFTER, _LAST_DAY)
    free: _Minutes = []  # of days that are given, or not narrowed
    bound: _Minutes = []  # to the spans of time in ``opened``
    places: Dict[int, Optional[_Minutes]] = {}  # where to put what begins on a day
    for rule in schedule.rules:
        for day in days_within(rule.days, first, last):
            begun: Optional[_Minutes] = free
            if without or only:
                begun = places[day] if day in places else _place(day, without, only, opened, free, bound)
                places[day] = begun
            if begun is not None:
                begun += [(wall_minutes(day) + begin, wall_minutes(day) + end) for begin, end in rule.spans]
    if schedule.mode is not Mode.WINDOWS:
        return _moments(schedule, zone, (free, bound), closed, opened)
    found = _instants(free, zone)
    if bound:
        found = merged((*found, *_common(_instants(bound, zone), opened)))
    return _less(found, closed) if closed else found


def known_range(schedule: Schedule, calendars: Mapping[str, Calendar]) -> Tuple[datetime, datetime, str]:
    """Between which instants the calendars of a schedule say all of it, and what they are called and know.

    At the first of them and up to the second the state is certain; edges are so in between, ends excluded.

    :raises Day2Error: when a calendar is missing.
    """
    least, most, said = FIRST, LAST + _INSTANT, ""
    longest = max((end for rule in schedule.rules for _begin, end in rule.spans), default=0)
    for calendar in _given(calendars, (*schedule.without, *schedule.only)):
        if calendar.known is None:
            continue
        zone = zone_of(schedule.zone)
        begin, end = (min(max(day.toordinal(), _FIRST_DAY + 1), _LAST_DAY - 2) for day in calendar.known)
        # Windows of the day before, of which nobody knows, have ended by then; those of the day after have not begun.
        least = max(least, instant_of(wall_minutes(begin - 1) + longest, zone, stop=True))
        least = max(least, instant_of(wall_minutes(begin), zone))
        until = instant_of(wall_minutes(end + 1), zone)
        if until < most:
            most = until
        said = f"{said}{' and ' if said else ''}{calendar.name} from {calendar.known[0]} to {calendar.known[1]}"
    return least, most, said


def _refuse_unknown(schedule: Schedule, calendars: Mapping[str, Calendar], start: datetime, stop: datetime) -> None:
    least, most, said = known_range(schedule, calendars)
    if said and not (least <= start and stop < most):
        raise NotKnown(
            f"from {start.date()} to {stop.date()} is further than the calendars of the schedule are known: {said}"
        )


def _given(calendars: Mapping[str, Calendar], names: Iterable[str]) -> List[Calendar]:
    found = []
    for name in names:
        if name not in calendars:
            known = f"; there are {', '.join(sorted(calendars))}" if calendars else ""
            raise Day2Error(f"there is no calendar {name!r}{known}")
        found.append(calendars[name])
    return found


def _timed(calendars: Sequence[Calendar]) -> Tuple[Span, ...]:
    if len(calendars) == 1:
        return calendars[0].spans
    return merged(span for calendar in calendars for span in calendar.spans)


def _place(
    day: int,
    without: Sequence[Calendar],
    only: Sequence[Calendar],
    opened: Sequence[Span],
    free: _Minutes,
    bound: _Minutes,
) -> Optional[_Minutes]:
    """The list for what begins on a day; none when a calendar leaves the day out."""
    here = date.fromordinal(day)
    if any(calendar.has(here) for calendar in without):
        return None
    if not only or any(calendar.has(here) for calendar in only):
        return free
    return bound if opened and _near(opened, day) else None


def _near(spans: Sequence[Span], day: int) -> bool:
    """Whether what begins on a day may come into one of the spans."""
    far = datetime.fromordinal(min(day + _BEFORE, date.max.toordinal())).replace(tzinfo=timezone.utc)
    index = bisect_right(spans, (far, far))
    return index > 0 and spans[index - 1][1].toordinal() >= day - _AFTER


def _instants(found: _Minutes, zone: tzinfo) -> Tuple[Span, ...]:
    """Windows by the clock on the wall as instants. They are joined before, since instants are dear."""
    joined: _Minutes = []
    for begin, end in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    # What lies within a gap of the clock is empty now, and what lies around one may touch.
    return merged((instant_of(begin, zone), instant_of(end, zone, stop=True)) for begin, end in joined)


def _moments(
    schedule: Schedule, zone: tzinfo, found: Tuple[_Minutes, _Minutes], closed: Sequence[Span], opened: Sequence[Span]
) -> List[Span]:
    stop = schedule.mode is Mode.STOP_ONLY
    free, bound = ({instant_of(begin, zone, stop) for begin, _end in part} for part in found)
    kept = free | {at for at in bound if _inside(at, opened)}
    return [(at, at) for at in sorted(kept) if not _inside(at, closed)]


def _inside(at: datetime, spans: Sequence[Span]) -> bool:
    index = bisect_right(spans, (at, LAST))
    return index > 0 and at < spans[index - 1][1]


def _common(spans: Sequence[Span], others: Sequence[Span]) -> List[Span]:
    """The time that both have."""
    found: List[Span] = []
    for first, last in spans:
        for index in range(_from(others, first), len(others)):
            start, stop = others[index]
            if start >= last:
                break
            if max(first, start) < min(last, stop):
                found.append((max(first, start), min(last, stop)))
    return found


def _less(spans: Sequence[Span], closed: Sequence[Span]) -> Tuple[Span, ...]:
    """The time of ``spans`` that is not in ``closed``."""
    left: List[Span] = []
    for first, last in spans:
        for index in range(_from(closed, first), len(closed)):
            start, stop = closed[index]
            if start >= last:
                break
            if start > first:
                left.append((first, start))
            first = stop
        if first < last:
            left.append((first, last))
    return tuple(left)


def _from(spans: Sequence[Span], at: datetime) -> int:
    """The index of the first span that ends after an instant."""
    index = bisect_right(spans, (at, LAST))
    return index - 1 if index and spans[index - 1][1] > at else index

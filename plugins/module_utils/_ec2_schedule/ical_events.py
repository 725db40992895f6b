# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the events of a calendar come to: the days and the spans of time that they cover, in a range of days.

Times on the wall are kept apart from the zone that they are meant in, because rules repeat what the clock on the wall
shows. A time that the clock skips or has twice is taken as RFC 5545 has it: with the offset from before the change.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Dict, FrozenSet, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple, Union

from .._common.errors import Day2Error
from .calendars import Calendar, Span, merged
from .ical_text import IcalError
from .recurrence import Budget, Rule, RuleError, occurrences

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_MARGIN = timedelta(days=2)  # no zone is further from UTC than that
_YEARS = timedelta(days=800)  # zones that change at all do so every year


class EventError(Day2Error):
    """An event that says nothing that could be."""


class Observance(NamedTuple):
    """Since when a zone of the calendar's own has which offset. ``starts`` are wall times; the rule repeats the first."""

    starts: Tuple[datetime, ...]
    before: timedelta  # the offset until then
    offset: timedelta
    rule: Optional[Rule] = None


class OwnZone:
    """A zone that the calendar itself defines, with its changes around a range of days."""

    def __init__(self, observances: Sequence[Observance], first: date, last: date, budget: Budget) -> None:
        start = _shifted(_midnight(first), -_YEARS)
        stop = _shifted(_midnight(last), _MARGIN)
        changes: List[Tuple[datetime, timedelta]] = []
        for each in observances:
            changes += [(onset, each.offset) for onset in each.starts]
            if each.rule is not None:
                until = each.rule.until
                if until is not None and until.tzinfo is not None:
                    until = _shifted(until.replace(tzinfo=None), each.before)
                rule = replace(each.rule, until=until)
                changes += [(onset, each.offset) for onset in occurrences(rule, each.starts[0], start, stop, budget)]
        changes.sort()
        self._onsets = [onset for onset, _offset in changes]
        self._offsets = [offset for _onset, offset in changes]
        earliest = min(observances, key=lambda each: each.starts[0], default=None)
        self._before = _NOTHING if earliest is None else earliest.before

    def offset(self, wall: datetime) -> timedelta:
        """How much later than in UTC it is, at a wall time."""
        index = bisect_right(self._onsets, wall) - 1
        return self._before if index < 0 else self._offsets[index]


AnyZone = Union[tzinfo, OwnZone]


class Moment(NamedTuple):
    """A time on the wall of a zone; without a zone a day, as its midnight."""

    wall: datetime
    zone: Optional[AnyZone] = None

    @property
    def instant(self) -> datetime:
        """When that is, in UTC; for a day its midnight there. At the ends of time what is nearest."""
        try:
            if isinstance(self.zone, OwnZone):
                return (self.wall - self.zone.offset(self.wall)).replace(tzinfo=timezone.utc)
            return self.wall.replace(tzinfo=self.zone or timezone.utc).astimezone(timezone.utc)
        except OverflowError:
            return self.wall.replace(tzinfo=timezone.utc)


class Extent(NamedTuple):
    """How long an event is: days on the wall, and then some time that runs everywhere alike."""

    days: int
    rest: timedelta = _NOTHING


class Event(NamedTuple):
    """One event; ``extra`` are its RDATEs, ``without`` its EXDATEs, ``replaces`` its RECURRENCE-ID."""

    line: int
    uid: str
    start: Moment
    extent: Extent
    rules: Tuple[Rule, ...] = ()
    extra: Tuple[Tuple[Moment, Extent], ...] = ()
    without: Tuple[Moment, ...] = ()
    replaces: Optional[Moment] = None
    cancelled: bool = False


def extent(start: Moment, end: Optional[Moment], duration: Optional[timedelta]) -> Extent:
    """How long an event is that ends then, or lasts so long. With neither a day is a day and a time is nothing.

    :raises EventError: when it ends before it begins, or days and times are mixed.
    """
    if duration is not None:
        if duration < _NOTHING:
            raise EventError(f"it lasts {duration}, which is less than nothing")
        if start.zone is None:
            return Extent(max(1, -(-duration // _DAY)))
        return Extent(duration.days, duration - timedelta(days=duration.days))
    if end is None:
        return Extent(1 if start.zone is None else 0)
    if (end.zone is None) != (start.zone is None):
        raise EventError("of its beginning and its end one is a day and the other a time")
    length = end.wall - start.wall if start.zone is None else end.instant - start.instant
    if length < _NOTHING:
        raise EventError("it ends before it begins")
    return Extent(max(1, length.days)) if start.zone is None else Extent(0, length)


def calendar_of_events(name: str, events: Iterable[Event], first: date, last: date, budget: Budget) -> Calendar:
    """The calendar of these events for the days from ``first`` to ``last``, both included.

    :raises IcalError: naming the line of an event that costs more than the budget has.
    """
    days: Set[date] = set()
    spans: List[Span] = []
    known = list(events)
    replaced = _replaced(known)
    for event in known:
        if event.cancelled:
            continue
        try:
            for moment, length in _instances(event, replaced.get(event.uid, frozenset()), first, last, budget):
                if moment.zone is None:
                    days.update(_days(moment, length, first, last, budget))
                else:
                    budget.keep()
                    spans.append((moment.instant, _end(moment, length)))
        except RuleError as error:
            raise IcalError(event.line, str(error)) from None
    begin, until = (
        _shifted(_midnight(day), by).replace(tzinfo=timezone.utc) for day, by in ((first, -_MARGIN), (last, _MARGIN))
    )
    inside = ((max(start, begin), min(end, until)) for start, end in spans)
    return Calendar(name, frozenset(days), merged(inside), known=(first, last))


def _replaced(events: Sequence[Event]) -> Mapping[str, FrozenSet[datetime]]:
    """By UID the occurrences that events of their own stand for."""
    found: Dict[str, Set[datetime]] = {}
    for event in events:
        if event.replaces is not None:
            found.setdefault(event.uid, set()).add(event.replaces.instant)
    return {uid: frozenset(instants) for uid, instants in found.items()}


def _instances(
    event: Event, replaced: FrozenSet[datetime], first: date, last: date, budget: Budget
) -> Iterator[Tuple[Moment, Extent]]:
    """All occurrences that may reach into the range, each once."""
    if event.replaces is not None:
        yield event.start, event.extent
        return
    gone = replaced.union(moment.instant for moment in event.without)
    gone_days = frozenset(moment.wall.date() for moment in event.without if moment.zone is None)
    zone = event.start.zone
    seen: Set[datetime] = set()
    for moment, length in ((event.start, event.extent), *event.extra):
        budget.spend()
        if moment.wall not in seen and moment.instant not in gone and moment.wall.date() not in gone_days:
            yield moment, length
        seen.add(moment.wall)
    back = timedelta(days=event.extent.days) + event.extent.rest + _MARGIN
    start, stop = _shifted(_midnight(first), -back), _shifted(_midnight(last), _MARGIN)
    for rule in event.rules:
        for wall in occurrences(_on_the_wall(rule, zone), event.start.wall, start, stop, budget):
            moment = Moment(wall, zone)
            if wall not in seen and moment.instant not in gone and wall.date() not in gone_days:
                yield moment, event.extent
            seen.add(wall)


def _on_the_wall(rule: Rule, zone: Optional[AnyZone]) -> Rule:
    """The rule with an end on the wall of the zone instead of an instant."""
    until = rule.until
    if until is None or until.tzinfo is None:
        return rule
    wall = until.replace(tzinfo=None)
    try:
        if isinstance(zone, OwnZone):
            wall += zone.offset(wall)
        elif zone is not None:
            wall = until.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        pass  # at the ends of time, where nothing is
    return replace(rule, until=wall)


def _days(moment: Moment, length: Extent, first: date, last: date, budget: Budget) -> List[date]:
    begin = moment.wall.toordinal()
    ordinals = range(max(begin, first.toordinal()), min(begin + length.days, last.toordinal() + 1))
    budget.spend(len(ordinals))
    return [date.fromordinal(ordinal) for ordinal in ordinals]


def _end(moment: Moment, length: Extent) -> datetime:
    end = moment._replace(wall=_shifted(moment.wall, timedelta(days=length.days))) if length.days else moment
    return _shifted(end.instant, length.rest)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _shifted(at: datetime, by: timedelta) -> datetime:
    """A time moved, no further than time goes."""
    try:
        return at + by
    except OverflowError:
        return datetime.combine(*((date.min, time.min) if by < _NOTHING else (date.max, time.max)), tzinfo=at.tzinfo)

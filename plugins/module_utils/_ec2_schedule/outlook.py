# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to come: per resource the windows of the next days, with overrides and the days that calendars leave out.

Resources with the same schedule and the same override have one :class:`Pattern`, made once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple
from zoneinfo import ZoneInfo

from .._common.errors import Day2Error
from .calendars import Calendar
from .decide import LookUp
from .grammar import format_schedule
from .intervals import edges, windows
from .model import Decision, Edge, Wanted
from .override import Override, parse_override
from .schedule import Mode, Schedule
from .state import tag_names

_CONSTANT = frozenset((Mode.ALWAYS, Mode.NEVER, Mode.IGNORE))  # they have no clock, and so no zone of their own
ONE_SIDED = frozenset((Mode.STOP_ONLY, Mode.START_ONLY))


class Bar(NamedTuple):
    """A time in which it is to run; ``by_override`` when a person's override says so."""

    start: datetime
    stop: datetime
    by_override: bool = False


class DayOff(NamedTuple):
    """A time that a calendar leaves out of the schedule."""

    start: datetime
    stop: datetime
    calendar: str


@dataclass(frozen=True)
class Pattern:
    """What a schedule and an override come to. ``why`` tells why nothing is to be shown: the schedule cannot be read.

    ``bars`` begin with the day, ``edges`` after now. ``override`` is the one in force.
    """

    schedule: str  # as the tag says
    says: str = ""  # as we understand it
    zone: str = "UTC"
    mode: Optional[Mode] = None
    bars: Tuple[Bar, ...] = ()
    edges: Tuple[Edge, ...] = ()
    off: Tuple[DayOff, ...] = ()
    override: Optional[Override] = None
    why: str = ""


class Row(NamedTuple):
    """One resource, by the decision about it."""

    decision: Decision
    pattern: Pattern

    @property
    def left_alone(self) -> bool:
        """Whether nothing will come of the pattern: the resource is never touched."""
        return bool(self.decision.not_touched) and self.decision.next is None


@dataclass(frozen=True)
class Outlook:
    """The days to come, from the beginning of today in ``zone``: the one in which most resources live."""

    start: datetime
    now: datetime
    stop: datetime
    zone: str
    rows: Tuple[Row, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)  # of the values of tags that can be read

    def zone_of(self, schedule: str) -> str:
        """The zone in which people think of the schedule of that tag."""
        return self.zones.get(schedule, self.zone)


def outlook(
    decisions: Iterable[Decision],
    look_up: LookUp,
    calendars: Mapping[str, Calendar],
    tag: str,
    now: datetime,
    days: int,
    zone: str = "UTC",
) -> Outlook:
    """What is to come from now on, and what was due today before.

    :param zone: that of schedules which name none; the outlook's own where there are no others.
    """
    all_decisions = list(decisions)
    now = now.astimezone(timezone.utc)
    zones: Counter[str] = Counter()
    for value, number in Counter(decision.schedule for decision in all_decisions).items():
        try:
            schedule = look_up(value).schedule
        except Day2Error:
            continue
        if schedule.mode not in _CONSTANT:
            zones[schedule.zone] += number
    usual = zones.most_common(1)[0][0] if zones else zone
    start, stop = _midnight(now.astimezone(ZoneInfo(usual)).date(), usual), now + timedelta(days=days)
    maker = _Maker(look_up, calendars, start, now, stop, usual)
    name = tag_names(tag).override
    rows = tuple(Row(one, maker.pattern(one.schedule, one.resource.tags.get(name, ""))) for one in all_decisions)
    return Outlook(start, now, stop, usual, rows, {row.pattern.schedule: row.pattern.zone for row in rows})


class _Maker:
    def __init__(
        self,
        look_up: LookUp,
        calendars: Mapping[str, Calendar],
        start: datetime,
        now: datetime,
        stop: datetime,
        zone: str,
    ) -> None:
        self._look_up, self._calendars = look_up, calendars
        self._start, self._now, self._stop = start, now, stop
        self._zone = zone
        self._made: Dict[Tuple[str, str], Pattern] = {}

    def pattern(self, value: str, overriding: str) -> Pattern:
        found = self._made.get((value, overriding))
        if found is None:
            try:
                found = self._pattern(value, overriding)
            except Day2Error as error:
                found = Pattern(value, zone=self._zone, why=str(error))
            self._made[(value, overriding)] = found
        return found

    def _pattern(self, value: str, overriding: str) -> Pattern:
        schedule = self._look_up(value).schedule
        override = parse_override(overriding)
        if override is not None and override.until <= self._now:
            override = None
        if schedule.mode is Mode.IGNORE:
            return Pattern(value, format_schedule(schedule), self._zone, schedule.mode)
        bars = self._bars(schedule, override)
        return Pattern(
            schedule=value,
            says=format_schedule(schedule),
            zone=self._zone if schedule.mode in _CONSTANT else schedule.zone,
            mode=schedule.mode,
            bars=tuple(bars),
            edges=tuple(self._edges(schedule, override, bars)),
            off=tuple(self._off(schedule)),
            override=override,
        )

    def _bars(self, schedule: Schedule, override: Optional[Override]) -> List[Bar]:
        planned = [Bar(*window) for window in windows(schedule, self._calendars, self._start, self._stop)]
        if override is None:
            return planned
        until = min(override.until, self._stop)
        bars = [stripe._replace(stop=min(stripe.stop, self._now)) for stripe in planned if stripe.start < self._now]
        if override.wanted is Wanted.RUNNING:
            bars.append(Bar(self._now, until, True))
        bars += [stripe._replace(start=max(stripe.start, until)) for stripe in planned if stripe.stop > until]
        return [stripe for stripe in bars if stripe.start < stripe.stop]

    def _edges(self, schedule: Schedule, override: Optional[Override], bars: List[Bar]) -> List[Edge]:
        if schedule.mode in ONE_SIDED:
            begin = self._now if override is None else min(override.until, self._stop)
            return edges(schedule, self._calendars, begin, self._stop)
        found: List[Edge] = []
        for stripe in bars:
            if found and found[-1].at == stripe.start:  # an override that ends within a window changes nothing
                found.pop()
            else:
                found.append(Edge(stripe.start, Wanted.RUNNING))
            found.append(Edge(stripe.stop, Wanted.STOPPED))
        return [edge for edge in found if self._now < edge.at < self._stop]

    def _off(self, schedule: Schedule) -> Iterable[DayOff]:
        zone = ZoneInfo(schedule.zone)
        first, last = self._start.astimezone(zone).date(), self._stop.astimezone(zone).date()
        for name in schedule.without:
            calendar = self._calendars.get(name)
            if calendar is None:
                continue
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                if calendar.has(day):
                    yield DayOff(_midnight(day, schedule.zone), _midnight(day + timedelta(days=1), schedule.zone), name)
            for start, stop in calendar.spans:
                if start < self._stop and stop > self._start:
                    yield DayOff(start, stop, name)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(timezone.utc)

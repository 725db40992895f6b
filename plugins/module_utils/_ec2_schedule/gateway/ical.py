# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""iCalendar texts, read with the library icalendar. It is given one event at a time, of which only the lines that matter;
time zones and rules it does not see: those it would hand to dateutil, which works on a hostile one for ever.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Dict, List, Optional, Tuple

from ..._common.errors import Day2Error
from ..calendars import Calendar
from ..civil import zone_of
from ..ical_events import (
    AnyZone,
    Event,
    EventError,
    Extent,
    Moment,
    Observance,
    OwnZone,
    calendar_of_events,
    extent,
)
from ..ical_text import Block, Document, IcalError, Zone, cut
from ..recurrence import Budget, Rule, RuleError, parse_rule


def read_ical(
    name: str, content: bytes, first: date, last: date, timezone_name: str, budget: Optional[Budget] = None
) -> Calendar:
    """The calendar of an iCalendar text for the days from ``first`` to ``last``, both included.

    Events that are days give days; those with times give spans. Cancelled ones are left out. Times without a zone are meant
    in ``timezone_name``. AWS Change Calendar writes whether it is open or closed between its events (``X-CALENDAR-TYPE``);
    to us a calendar is always its events: of one that is open by default they are the closed times, to be used with ``not``,
    and of one that is closed by default the open ones, to be used with ``only``.

    :raises Day2Error: naming the calendar and the line: without the library, or when anything in the text cannot be read:
        half a calendar would start what should stand still.
    """
    try:
        document = cut(content)
        component = _library(name)
        budget = budget or Budget()
        reader = _Reader(component, document, zone_of(timezone_name), first, last, budget)
        return calendar_of_events(name, reader.events(), first, last, budget)
    except IcalError as error:
        raise Day2Error(f"calendar {name}: {error}") from None


def _library(name: str) -> Any:
    try:
        from icalendar.cal import Component
    except ImportError as error:
        raise Day2Error(
            f"calendars.{name}: the Python package icalendar is needed to read iCalendar texts (ical and ssm of the option calendars)"
            f" and cannot be imported ({error}): install it for the interpreter that runs this task (python -m pip install icalendar),"
            " or give the days as dates"
        ) from None
    return Component


class _Reader:
    def __init__(
        self, component: Any, document: Document, floating: tzinfo, first: date, last: date, budget: Budget
    ) -> None:
        self._component = component
        self._blocks = document.events
        self._floating = floating
        self._range = (first, last)
        self._budget = budget
        self._zones = {zone.name: zone for zone in document.zones}
        self._own: Dict[str, OwnZone] = {}

    def events(self) -> List[Event]:
        return [self._event(block) for block in self._blocks]

    def _parsed(self, block: Block) -> Any:
        """The component of a block, without the lines that are ours to read."""
        try:
            parsed = self._component.from_ical(block.text)
        except Exception as error:  # whatever a text makes of a library, it is the text that is wrong
            raise IcalError(block.line, f"cannot be read: {_first_line(error)}") from None
        for wrong, message in parsed.errors:
            raise IcalError(block.line, f"{wrong}: {_first_line(message)}")
        return parsed

    def _event(self, block: Block) -> Event:
        parsed = self._parsed(block)
        title = _text(parsed, "SUMMARY")
        try:
            return self._event_of(block, parsed)
        except (EventError, RuleError) as error:
            named = f" ({title[:60]!r})" if title else ""
            raise IcalError(block.line, f"{error}{named}") from None

    def _event_of(self, block: Block, parsed: Any) -> Event:
        if "EXRULE" in parsed:
            raise EventError("EXRULE is not read: RFC 5545 has none; write EXDATE")
        start = self._only(parsed, "DTSTART")
        if start is None:
            raise EventError("DTSTART is missing")
        replaces = self._only(parsed, "RECURRENCE-ID")
        if replaces is not None and "RANGE" in parsed["RECURRENCE-ID"].params:
            raise EventError(
                "RECURRENCE-ID with RANGE=THISANDFUTURE is not read: give the rest of the series a UID of its own"
            )
        duration = _duration(parsed)
        length = extent(start, self._only(parsed, "DTEND"), duration)
        return Event(
            line=block.line,
            uid=_text(parsed, "UID"),
            start=start,
            extent=length,
            rules=_rules(block),
            extra=tuple(self._extra(start, length, each) for each in self._each(parsed, "RDATE")),
            without=tuple(self._moment(value, zone) for value, zone in self._each(parsed, "EXDATE")),
            replaces=replaces,
            cancelled=_text(parsed, "STATUS").upper() == "CANCELLED",
        )

    def _only(self, parsed: Any, name: str) -> Optional[Moment]:
        found = parsed.get(name)
        if found is None:
            return None
        if isinstance(found, list) or not hasattr(found, "dt"):
            raise EventError(f"{name} stands there more than once")
        return self._moment(found.dt, str(found.params.get("TZID", "")))

    def _each(self, parsed: Any, name: str) -> List[Tuple[Any, str]]:
        found = parsed.get(name)
        if found is None:
            return []
        return [
            (value.dt, str(each.params.get("TZID", "")))
            for each in (found if isinstance(found, list) else [found])
            for value in getattr(each, "dts", ())
        ]

    def _extra(self, start: Moment, length: Extent, given: Tuple[Any, str]) -> Tuple[Moment, Extent]:
        value, zone = given
        if not isinstance(value, tuple):
            return self._moment(value, zone), length
        begin = self._moment(value[0], zone)
        if isinstance(value[1], timedelta):
            return begin, extent(begin, None, value[1])
        return begin, extent(begin, self._moment(value[1], zone), None)

    def _moment(self, value: Any, zone: str) -> Moment:
        if isinstance(value, datetime):
            wall = value.replace(tzinfo=None)
            if value.tzinfo is not None:
                return Moment(wall, value.tzinfo)
            return Moment(wall, self._zone(zone) if zone else self._floating)
        if isinstance(value, date):
            return Moment(datetime.combine(value, time()))
        raise EventError(f"{str(value)[:40]!r} is neither a day nor a time")

    def _zone(self, name: str) -> AnyZone:
        """A zone that the library does not know: the calendar must define it."""
        found = self._own.get(name)
        if found is None:
            if name not in self._zones:
                raise EventError(f"the time zone {name[:60]!r} is neither known nor defined in the calendar")
            found = self._own[name] = OwnZone(self._observances(self._zones[name]), *self._range, self._budget)
        return found

    def _observances(self, zone: Zone) -> List[Observance]:
        if not zone.observances:
            raise EventError(f"the time zone {zone.name[:60]!r} is defined without STANDARD or DAYLIGHT")
        return [self._observance(block) for block in zone.observances]

    def _observance(self, block: Block) -> Observance:
        parsed = self._parsed(block)
        starts = (_naive(parsed, "DTSTART"), *(_wall(value, "RDATE") for value, _zone in self._each(parsed, "RDATE")))
        rules = _rules(block)
        if len(rules) > 1:
            raise EventError("a time zone with more than one RRULE is not read")
        before, offset = (_offset(parsed, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
        return Observance(starts, before, offset, rules[0] if rules else None)


def _rules(block: Block) -> Tuple[Rule, ...]:
    return tuple(parse_rule(text) for text in block.rules)


def _naive(parsed: Any, name: str) -> datetime:
    """The beginning of an observance, which is a time without a zone."""
    found = parsed.get(name)
    return _wall(getattr(found, "dt", None), name)


def _wall(value: Any, name: str) -> datetime:
    if not isinstance(value, datetime):
        raise EventError(f"{name} of a time zone is not a time")
    return value.replace(tzinfo=None)


def _offset(parsed: Any, name: str) -> timedelta:
    found = getattr(parsed.get(name), "td", None)
    if not isinstance(found, timedelta):
        raise EventError(f"{name} of a time zone is missing")
    return found


def _duration(parsed: Any) -> Optional[timedelta]:
    found = parsed.get("DURATION")
    if found is None:
        return None
    length = getattr(found, "dt", None)
    if not isinstance(length, timedelta):
        raise EventError("DURATION is not a length of time such as PT8H")
    return length


def _text(parsed: Any, name: str) -> str:
    found = parsed.get(name)
    return str(found[0] if isinstance(found, list) and found else found or "").strip()


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or ["no reason is given"])[0][:200]

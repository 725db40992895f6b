# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedules and calendars of a run by their names, and what is wrong with those that cannot be used."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple, Union

from .._common.errors import Day2Error
from .calendars import Calendar
from .grammar import ScheduleError, parse_schedule
from .schedule import Named, calendars_needed
from .structured import parse_named
from .words import near

OPTION = "the option schedules"


class Source(NamedTuple):
    """Schedules as they were found at one place, not yet read."""

    place: str
    schedules: Mapping[str, Any]


class Schedules(NamedTuple):
    """Schedules by name, and why some names cannot be used."""

    named: Mapping[str, Named]
    problems: Mapping[str, str]


def read_schedules(option: Mapping[str, Any], sources: Sequence[Source], timezone: str) -> Schedules:
    """All schedules by name.

    :raises Day2Error: when one of the option itself is wrong, or a name stands at two places.
    """
    named: Dict[str, Named] = {}
    problems: Dict[str, str] = {}
    places: Dict[str, str] = {}
    for place, schedules in (Source(OPTION, option), *sources):
        for name, value in schedules.items():
            if name in places:
                raise Day2Error(f"the schedule {name!r} is defined twice: in {places[name]} and in {place}")
            places[name] = place
            try:
                _check_name(name, timezone)
                named[name] = parse_named(name, value, timezone)
            except Day2Error as error:
                if place == OPTION:
                    raise
                problems[name] = f"{place}: {error}"
    return Schedules(named, problems)


def _check_name(name: str, timezone: str) -> None:
    if not name or name != name.strip() or len(name) > 256:
        raise Day2Error(f"schedules: {name!r} is not a name: a tag has 1 to 256 characters, without spaces around them")
    try:
        parse_schedule(name, timezone)
    except ScheduleError:
        return
    raise Day2Error(f"schedules.{name}: this is a schedule by itself, and a name may not change what it means")


NOTHING: Mapping[str, str] = MappingProxyType({})


class Catalog:
    """What the tags of resources mean. Every text is looked up once, however many resources carry it."""

    def __init__(
        self,
        named: Mapping[str, Named],
        calendars: Mapping[str, Calendar],
        timezone: str = "UTC",
        problems: Mapping[str, str] = NOTHING,
        calendar_problems: Mapping[str, str] = NOTHING,
    ) -> None:
        """``problems`` and ``calendar_problems`` say of names why they cannot be used."""
        self.calendars = calendars
        self._named = named
        self._timezone = timezone
        self._problems = problems
        self._calendar_problems = calendar_problems
        self._found: Dict[str, Union[Named, str]] = {}

    def look_up(self, text: str) -> Named:
        """The schedule of a tag's value: of that name, or written in the value itself.

        :raises Day2Error: saying why there is none, or why it cannot be followed.
        """
        found = self._found.get(text)
        if found is None:
            try:
                found = self._find(text)
            except Day2Error as error:
                found = str(error)
            self._found[text] = found
        if isinstance(found, str):
            raise Day2Error(found)  # a new one each time: an error that is raised again keeps all who ever caught it
        return found

    @property
    def problems(self) -> Tuple[str, ...]:
        """What is wrong with schedules and calendars, whether a resource uses them or not."""
        return (*self._problems.values(), *self._calendar_problems.values())

    def _find(self, text: str) -> Named:
        name = text.strip()
        found = self._named.get(name)
        if found is None:
            if name in self._problems:
                raise Day2Error(self._problems[name])
            found = Named(name, self._parsed(text, name))
        for calendar in sorted(calendars_needed(found.schedule)):
            if calendar in self._calendar_problems:
                raise Day2Error(self._calendar_problems[calendar])
            if calendar not in self.calendars:
                raise Day2Error(f"{_shown(name)}: {self._unknown(calendar)}")
        return found

    def _parsed(self, text: str, name: str) -> Any:
        try:
            return parse_schedule(text, self._timezone)
        except ScheduleError as error:
            names: List[str] = sorted((*self._named, *self._problems))
            if not names or len(name.split()) != 1 or error.position > len(text) - len(text.lstrip()):
                raise  # somebody was writing a schedule
            raise Day2Error(
                f"{_shown(name)} is neither the name of a schedule ({_some(names)}) nor one by itself,"
                f" such as Mon-Fri 07:00-19:00{near(name, names)}"
            ) from None

    def _unknown(self, calendar: str) -> str:
        known = sorted((*self.calendars, *self._calendar_problems))
        if not known:
            return f"there is no calendar {calendar!r}: the option calendars is empty"
        return f"there is no calendar {calendar!r} ({_some(known)}){near(calendar, known)}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{', '.join(names[:10])}{more}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")

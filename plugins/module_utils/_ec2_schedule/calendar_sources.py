# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options ``calendars`` and ``schedules_from`` ask for, as values: nothing is read here."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from .._common.errors import Day2Error
from .._common.place import s3_object
from .calendars import Calendar, calendar_of_dates

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/=-]*", re.ASCII)  # as the grammar has it
_KEYS = ("dates", "ical", "ssm")
SSM = "ssm:"
DYNAMODB = "dynamodb:"


class CalendarSource(NamedTuple):
    """A calendar as the option has it: the days that are written there, and where there are more.

    ``icals`` are places of iCalendar texts, ``changes`` names of change calendars.
    """

    name: str
    days: Calendar
    icals: Tuple[str, ...] = ()
    changes: Tuple[str, ...] = ()


def parse_calendars(option: Mapping[str, Any]) -> List[CalendarSource]:
    """The calendars of the option.

    :raises Day2Error: naming the calendar and the key.
    """
    return [_calendar(name, value) for name, value in option.items()]


def _calendar(name: str, value: Any) -> CalendarSource:
    where = f"calendars.{name}"
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Day2Error(
            f"{where}: the name of a calendar has letters, digits and _ . : / = - (@ stands before it in schedules)"
        )
    given: Dict[str, Any] = {"dates": value} if isinstance(value, list) else value
    if not isinstance(given, dict) or not given:
        raise Day2Error(f"{where}: a list of dates, or a mapping with {', '.join(_KEYS)}, is expected")
    for key in given:
        if key not in _KEYS:
            raise Day2Error(f"{where}: there is no key {key!r} ({', '.join(_KEYS)} are)")
    dates = given.get("dates") or []
    if not isinstance(dates, list) or not all(isinstance(each, (str, date)) for each in dates):
        raise Day2Error(f"{where}.dates: a list of dates such as '2026-12-25' is expected")
    icals = _texts(f"{where}.ical", given.get("ical"))
    for place in icals:
        _check_place(f"{where}.ical", place)
    return CalendarSource(name, calendar_of_dates(name, dates), icals, _texts(f"{where}.ssm", given.get("ssm")))


def _texts(where: str, value: Any) -> Tuple[str, ...]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str) and item.strip() for item in items):
        raise Day2Error(f"{where}: a text, or a list of texts, is expected")
    return tuple(item.strip() for item in items)


def _check_place(where: str, place: str) -> None:
    """
    :raises Day2Error: for a place that can be seen to be none.
    """
    if place.lower().startswith("http://"):
        raise Day2Error(f"{where}: {place.partition('?')[0]}: only https:// is fetched")
    try:
        s3_object(place)
    except Day2Error as error:
        raise Day2Error(f"{where}: {error}") from None


class ScheduleSources(NamedTuple):
    """The places of ``schedules_from`` by what they are, with their own texts."""

    documents: Tuple[str, ...]
    parameters: Mapping[str, str]  # place: name of the parameter
    tables: Mapping[str, str]  # place: name of the table


def parse_sources(places: Sequence[str]) -> ScheduleSources:
    """The places of the option ``schedules_from``.

    :raises Day2Error: naming the entry.
    """
    documents: List[str] = []
    parameters: Dict[str, str] = {}
    tables: Dict[str, str] = {}
    for index, given in enumerate(places):
        where, place = f"schedules_from[{index}]", given.strip()
        if place in documents or place in parameters or place in tables:
            raise Day2Error(f"{where}: {place} is there twice")
        for prefix, found in ((SSM, parameters), (DYNAMODB, tables)):
            if place.lower().startswith(prefix):
                found[place] = place[len(prefix) :].strip()
                if not found[place]:
                    raise Day2Error(
                        f"{where}: {place} names nothing (ssm:/ops/schedules and dynamodb:schedules are examples)"
                    )
                break
        else:
            if not place:
                raise Day2Error(f"{where}: the place is empty")
            _check_place(where, place)
            documents.append(place)
    return ScheduleSources(tuple(documents), parameters, tables)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Named days and spans of time: holidays, freezes, releases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple, Union

from .._common.errors import Day2Error

Span = Tuple[datetime, datetime]

_YEARLY = re.compile(r"([0-9]{2}-[0-9]{2})(?:\.\.([0-9]{2}-[0-9]{2}))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEAP = 2000  # the 29th of February may be a day of every year
_MOST_DAYS = 20_000  # of one range: more than fifty years is a slip of the pen


@dataclass(frozen=True)
class Calendar:
    """Days, and spans of time (UTC, sorted, apart from each other).

    ``yearly`` are month and day of every year. ``known`` is the range of days for which it was worked out, both
    included: of other days nobody knows. Without it the calendar says all that it will ever say.
    """

    name: str
    dates: FrozenSet[date] = frozenset()
    spans: Tuple[Span, ...] = ()
    yearly: FrozenSet[Tuple[int, int]] = frozenset()
    known: Optional[Tuple[date, date]] = None

    def has(self, day: date) -> bool:
        """Whether a local day is one of its days."""
        return day in self.dates or (day.month, day.day) in self.yearly


def calendar_of_dates(name: str, entries: Sequence[Union[str, date]]) -> Calendar:
    """A calendar of ``2026-12-25``, ``2026-12-24..2027-01-01`` (both included) and ``12-25`` (every year).

    Days of every year may be a range too, also around New Year: ``12-24..01-02``.

    :raises Day2Error: naming the entry.
    """
    days: Set[date] = set()
    yearly: Set[Tuple[int, int]] = set()
    for index, entry in enumerate(entries):
        text = entry.isoformat()[:10] if isinstance(entry, date) else str(entry).strip()
        try:
            found = _YEARLY.fullmatch(text)
            if found is None:
                days.update(_range(*_ends(text)))
            else:
                yearly.update((day.month, day.day) for day in _yearly(found[1], found[2] or found[1]))
        except ValueError as error:
            raise Day2Error(
                f"calendars.{name}[{index}]: {text[:60]!r} is not a date such as 2026-12-25, a range such as"
                f" 2026-12-24..2027-01-01, or a day of every year such as 12-25{_said(error)}"
            ) from None
    return Calendar(name, frozenset(days), (), frozenset(yearly))


class _Said(ValueError):
    """What is wrong with an entry beside its form."""


def _said(error: ValueError) -> str:
    return f": {error}" if isinstance(error, _Said) else ""


def _ends(text: str) -> Tuple[date, date]:
    first, dots, last = text.partition("..")
    return _date(first), _date(last if dots else first)


def _date(text: str, year: str = "") -> date:
    if not _DATE.fullmatch(year + text.strip()):  # newer Pythons read more
        raise ValueError(text)
    try:
        return date.fromisoformat(year + text.strip())
    except ValueError:
        raise _Said(f"there is no day {text.strip()}") from None


def _yearly(first: str, last: str) -> List[date]:
    start, stop = _date(first, f"{_LEAP}-"), _date(last, f"{_LEAP}-")
    if stop < start:  # around New Year
        return _range(start, date(_LEAP, 12, 31)) + _range(date(_LEAP, 1, 1), stop)
    return _range(start, stop)


def _range(start: date, stop: date) -> List[date]:
    count = (stop - start).days + 1
    if count < 1:
        raise _Said("it ends before it begins")
    if count > _MOST_DAYS:
        raise _Said(f"it has more than {_MOST_DAYS} days")
    return [start + timedelta(days=number) for number in range(count)]


def united(name: str, calendars: Iterable[Calendar]) -> Calendar:
    """Several calendars as one; it is known where all of them are."""
    parts = list(calendars)
    known = [part.known for part in parts if part.known is not None]
    return Calendar(
        name,
        frozenset(day for part in parts for day in part.dates),
        merged(span for part in parts for span in part.spans),
        frozenset(pair for part in parts for pair in part.yearly),
        (max(first for first, _last in known), min(last for _first, last in known)) if known else None,
    )


def merged(spans: Iterable[Span]) -> Tuple[Span, ...]:
    """Spans in their order, those that overlap or touch as one; empty ones are left out."""
    result: List[Span] = []
    for start, stop in sorted(spans):
        if start >= stop:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return tuple(result)

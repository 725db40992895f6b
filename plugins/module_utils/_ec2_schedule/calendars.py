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

_YEARLY = re.compile(r"([0-9]{2})-([0-9]{2})")
_MOST_DAYS = 20_000  # of one range: more than fifty years is a slip of the pen


@dataclass(frozen=True)
class Calendar:
    """Days, and spans of time (UTC, sorted, apart from each other).

    ``yearly`` are month and day of every year. ``known`` is the range of days for which it was worked out, both included; without it the
    calendar says all that it will ever say.
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

    :raises Day2Error: naming the entry.
    """
    days: Set[date] = set()
    yearly: Set[Tuple[int, int]] = set()
    for index, entry in enumerate(entries):
        text = entry.isoformat()[:10] if isinstance(entry, date) else str(entry).strip()
        try:
            found = _YEARLY.fullmatch(text)
            if found is not None:
                month, day = int(found[1]), int(found[2])
                date(2000, month, day)  # a leap year: the 29th of February may be one
                yearly.add((month, day))
            else:
                days.update(_range(text))
        except ValueError:
            raise Day2Error(
                f"calendars.{name}[{index}]: {text!r} is not a date such as 2026-12-25, a range such as"
                " 2026-12-24..2027-01-01, or a day of every year such as 12-25"
            ) from None
    return Calendar(name, frozenset(days), (), frozenset(yearly))


def _range(text: str) -> List[date]:
    first, _dots, last = text.partition("..")
    start = date.fromisoformat(first)
    stop = date.fromisoformat(last) if last else start
    count = (stop - start).days + 1
    if not 1 <= count <= _MOST_DAYS:
        raise ValueError(text)
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

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which local days a rule is about, a month at a time: years of days are looked through where edges are rare."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import FrozenSet, Iterator, Tuple

from .schedule import Days

_Numbers = FrozenSet[int]
_Pairs = FrozenSet[Tuple[int, int]]

_LENGTHS = {2: (28, 29), **dict.fromkeys((4, 6, 9, 11), (30,))}
_LONG = 3660


def days_within(days: Days, first: int, last: int) -> Iterator[int]:
    """The days that fit all that is given, from ``first`` to ``last`` (both included), as ordinals in their order.

    A day of two ranges of dates that overlap comes twice.
    """
    if not days.dates:
        yield from _fitting(days, first, last)
    for begin, end in days.dates:
        yield from _fitting(days, max(first, begin.toordinal()), min(last, end.toordinal()))


def _fitting(days: Days, first: int, last: int) -> Iterator[int]:
    if first > last:
        return
    if not (days.months or days.monthdays or days.nth or days.weekdays):
        yield from range(first, last + 1)
        return
    begin, end = date.fromordinal(first), date.fromordinal(last)
    for month in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month):
        year, index = divmod(month, 12)
        if days.months and index + 1 not in days.months:
            continue
        weekday, length = monthrange(year, index + 1)
        start = date(year, index + 1, 1).toordinal() - 1
        for number in _numbers(days.monthdays, days.nth, days.weekdays, weekday, length):
            if first <= start + number <= last:
                yield start + number


@lru_cache(maxsize=1024)
def _numbers(monthdays: _Numbers, nth: _Pairs, weekdays: _Numbers, weekday: int, length: int) -> Tuple[int, ...]:
    """The days of a month that begins on a weekday and has that length: there are 28 kinds of months."""
    found = []
    for day in range(1, length + 1):
        here = (weekday + day - 1) % 7
        if weekdays and here not in weekdays:
            continue
        if monthdays and day not in monthdays and day - length - 1 not in monthdays:
            continue
        if nth and ((day - 1) // 7 + 1, here) not in nth and not (day + 7 > length and (-1, here) in nth):
            continue
        found.append(day)
    return tuple(found)


def possible(days: Days) -> bool:
    """Whether there is ever a day that fits; of dates that go on for more than ten years, whether there may be one."""
    if not days.dates:
        return _fits_some_month(days)
    ranges = [(begin.toordinal(), end.toordinal()) for begin, end in days.dates]
    return any(end - begin > _LONG or any(True for _day in _fitting(days, begin, end)) for begin, end in ranges)


def _fits_some_month(days: Days) -> bool:
    if not (days.months and days.monthdays) and not days.nth:
        return True
    lengths = {length for month in days.months or range(1, 13) for length in _LENGTHS.get(month, (31,))}
    return any(
        _numbers(days.monthdays, days.nth, days.weekdays, weekday, length)
        for length in sorted(lengths, reverse=True)
        for weekday in range(7)
    )

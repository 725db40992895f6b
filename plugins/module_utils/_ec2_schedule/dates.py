# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which local days a rule is about."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from .schedule import Days


def matches(days: Days, day: date) -> bool:
    """Whether a day fits all that is given."""
    if days.weekdays and day.weekday() not in days.weekdays:
        return False
    if days.months and day.month not in days.months:
        return False
    if days.dates and not any(first <= day <= last for first, last in days.dates):
        return False
    if days.monthdays and not _is_monthday(days, day):
        return False
    return not days.nth or _is_nth(days, day)


def _is_monthday(days: Days, day: date) -> bool:
    return day.day in days.monthdays or day.day - _length(day) - 1 in days.monthdays


def _is_nth(days: Days, day: date) -> bool:
    number, weekday = (day.day - 1) // 7 + 1, day.weekday()
    return (number, weekday) in days.nth or ((-1, weekday) in days.nth and day.day + 7 > _length(day))


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recurrence rules of RFC 5545: which wall times a rule gives in a range.

Expanded here and not by dateutil: that goes on to the year 9999 for the next date of a rule that has none, and nobody can
tell it to stop. Here every day or time that is looked at is paid for, and what costs too much is an error. Nothing before
the range is looked at unless the rule counts its occurrences.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import product
from typing import Dict, FrozenSet, Iterator, List, Mapping, Optional, Set, Tuple, Union

from .._common.errors import Day2Error

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = date.max.toordinal()
_BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?", re.ASCII)
_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_FREQUENCIES = frozenset(("YEARLY", "MONTHLY", "WEEKLY", "DAILY", *_SECONDS))
# name: the lowest and the highest number; a lowest that is negative stands for numbers from the end, without zero
_NUMBERS: Mapping[str, Tuple[int, int]] = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
    "BYSETPOS": (-366, 366),
}


class RuleError(Day2Error):
    """A rule that RFC 5545 does not know, or that nobody can afford."""


class Budget:
    """How much work, and how many occurrences, the calendars of one source may cost."""

    def __init__(self, steps: int = 500_000, found: int = 50_000) -> None:
        self._steps = self._left = steps
        self._found = self._room = found

    def spend(self, steps: int = 1) -> None:
        """Pay for days or times that are looked at.

        :raises RuleError: when there is nothing left.
        """
        self._left -= steps
        if self._left < 0:
            raise RuleError(f"its rules take too long: more than {self._steps:,} days and times to look at")

    def keep(self) -> None:
        """Pay for an occurrence.

        :raises RuleError: when there are too many.
        """
        self._room -= 1
        if self._room < 0:
            raise RuleError(f"more than {self._found:,} occurrences from a year ago to three years ahead")


@dataclass(frozen=True)
class Rule:
    """A rule as written; empty sets were not given.

    ``until`` is a wall time, or an instant when it is aware.
    """

    frequency: str
    interval: int = 1
    count: Optional[int] = None
    until: Optional[datetime] = None
    week_start: int = 0
    days: Tuple[Tuple[int, int], ...] = ()  # (n, weekday), n = 0 for every
    months: FrozenSet[int] = frozenset()
    weeks: FrozenSet[int] = frozenset()
    year_days: FrozenSet[int] = frozenset()
    month_days: FrozenSet[int] = frozenset()
    hours: FrozenSet[int] = frozenset()
    minutes: FrozenSet[int] = frozenset()
    seconds: FrozenSet[int] = frozenset()
    positions: FrozenSet[int] = frozenset()


def parse_rule(text: str) -> Rule:
    """A rule from ``FREQ=MONTHLY;BYDAY=-1FR``.

    :raises RuleError: when it is none, naming the part.
    """
    parts: Dict[str, str] = {}
    for part in text.strip().strip(";").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise RuleError(f"RRULE: {part[:40]!r} is no part of a rule (FREQ=WEEKLY;BYDAY=MO is one)")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise RuleError(f"RRULE: FREQ must be one of {', '.join(sorted(_FREQUENCIES))}, not {frequency[:20]!r}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleError("RRULE: COUNT and UNTIL exclude each other")
    numbers = {name: _numbers(name, parts.pop(name)) for name in _NUMBERS if name in parts}
    count = parts.pop("COUNT", None)
    until = parts.pop("UNTIL", None)
    rule = Rule(
        frequency=frequency,
        interval=_positive("INTERVAL", parts.pop("INTERVAL", "1")),
        count=None if count is None else _positive("COUNT", count),
        until=None if until is None else _until(until),
        week_start=_week_start(parts.pop("WKST", "MO")),
        days=tuple(_by_day(day) for day in parts.pop("BYDAY", "").split(",") if day),
        months=numbers.get("BYMONTH", frozenset()),
        weeks=numbers.get("BYWEEKNO", frozenset()),
        year_days=numbers.get("BYYEARDAY", frozenset()),
        month_days=numbers.get("BYMONTHDAY", frozenset()),
        hours=numbers.get("BYHOUR", frozenset()),
        minutes=numbers.get("BYMINUTE", frozenset()),
        seconds=frozenset(min(second, 59) for second in numbers.get("BYSECOND", ())),
        positions=numbers.get("BYSETPOS", frozenset()),
    )
    if parts:
        raise RuleError(f"RRULE: {next(iter(parts))[:20]} is not known")
    if any(n for n, _weekday in rule.days) and (frequency not in ("YEARLY", "MONTHLY") or rule.weeks):
        raise RuleError("RRULE: a numbered weekday (2MO) belongs to months and years (and not to BYWEEKNO)")
    if rule.weeks and frequency != "YEARLY":
        raise RuleError("RRULE: BYWEEKNO belongs to FREQ=YEARLY")
    return rule


def _numbers(name: str, text: str) -> FrozenSet[int]:
    lowest, highest = _NUMBERS[name]
    found = set()
    for each in text.split(","):
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", each, re.ASCII):
            raise RuleError(f"RRULE: {name}: {each[:20]!r} is not a number")
        number = int(each)
        if not lowest <= number <= highest or (lowest < 0 and number == 0):
            raise RuleError(f"RRULE: {name}: {number} is not between {lowest} and {highest}, or is zero")
        found.add(number)
    return frozenset(found)


def _positive(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or int(text) < 1:
        raise RuleError(f"RRULE: {name}: {text[:20]!r} is not a number from 1 on")
    return int(text)


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise RuleError(f"RRULE: WKST: {text[:20]!r} is not one of {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(text)


def _by_day(text: str) -> Tuple[int, int]:
    match = _BY_DAY.fullmatch(text)
    number = int(match.group(1) or 0) if match else 0
    if match is None or abs(number) > 53 or (match.group(1) and not number):
        raise RuleError(f"RRULE: BYDAY: {text[:20]!r} is not a weekday like MO, 2TU or -1FR")
    return number, _WEEKDAYS.index(match.group(2))


def _until(text: str) -> datetime:
    try:
        if not _UNTIL.fullmatch(text):
            raise ValueError
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        if len(text) == 8:  # the whole of that day
            return datetime.combine(day, time(23, 59, 59))
        until = datetime.combine(day, time(int(text[9:11]), int(text[11:13]), min(int(text[13:15]), 59)))
    except ValueError:
        raise RuleError(
            f"RRULE: UNTIL: {text[:20]!r} is neither a date nor a time (20261231 or 20261231T235959Z)"
        ) from None
    return until.replace(tzinfo=timezone.utc) if text.endswith("Z") else until


def occurrences(rule: Rule, first: datetime, start: datetime, stop: datetime, budget: Budget) -> Iterator[datetime]:
    """The wall times of an event that begins with ``first``, those in [start, stop), in their order.

    All are naive. ``rule.until`` must be a wall time by now. ``first`` itself is only among them when it follows the rule.

    :raises RuleError: when that costs more than the budget has.
    """
    filled = _filled(rule, first)
    limit = stop if rule.until is None or rule.until >= stop else rule.until + timedelta(seconds=1)
    left = rule.count
    number = 0 if left is not None else _skipped(filled, first, start)
    for candidates in _periods(filled, first, number, limit, budget):
        for at in candidates:
            if at < first:
                continue
            if at >= limit:
                return
            if at >= start:
                yield at
            if left is not None:
                left -= 1
                if not left:
                    return


def _filled(rule: Rule, first: datetime) -> Rule:
    """The rule with what it leaves to the event's beginning."""
    given: Dict[str, Union[FrozenSet[int], Tuple[Tuple[int, int], ...]]] = {}
    if rule.frequency == "YEARLY" and not (rule.year_days or rule.month_days or rule.days):
        if rule.weeks:
            given["days"] = ((0, first.weekday()),)
        else:
            given["month_days"] = frozenset((first.day,))
            given["months"] = rule.months or frozenset((first.month,))
    elif rule.frequency == "MONTHLY" and not (rule.year_days or rule.month_days or rule.days):
        given["month_days"] = frozenset((first.day,))
    elif rule.frequency == "WEEKLY" and not rule.days:
        given["days"] = ((0, first.weekday()),)
    unit = _SECONDS.get(rule.frequency, 86400)
    if unit > 3600 and not rule.hours:
        given["hours"] = frozenset((first.hour,))
    if unit > 60 and not rule.minutes:
        given["minutes"] = frozenset((first.minute,))
    if unit > 1 and not rule.seconds:
        given["seconds"] = frozenset((first.second,))
    return Rule(**{**rule.__dict__, **given})


def _skipped(rule: Rule, first: datetime, start: datetime) -> int:
    """How many periods end before the range: they need not be looked at."""
    if start <= first:
        return 0
    if rule.frequency == "YEARLY":
        apart = start.year - first.year
    elif rule.frequency == "MONTHLY":
        apart = (start.year - first.year) * 12 + start.month - first.month
    elif rule.frequency in _SECONDS:
        apart = int((start - first).total_seconds()) // _SECONDS[rule.frequency]
    else:
        apart = (start - first).days // (7 if rule.frequency == "WEEKLY" else 1)
    return max(0, apart // rule.interval - 1)


def _periods(rule: Rule, first: datetime, number: int, limit: datetime, budget: Budget) -> Iterator[List[datetime]]:
    """What each period gives, sorted, from the period with that number on."""
    if rule.frequency in _SECONDS:
        yield from _moments(rule, first, number, limit, budget)
        return
    clock = product(sorted(rule.hours), sorted(rule.minutes), sorted(rule.seconds))
    times = [time(hour, minute, second) for hour, minute, second in clock]
    for days in _day_sets(rule, first.date(), number, limit.date(), budget):
        budget.spend(len(days) * len(times))
        yield _chosen(rule, [datetime.combine(day, at) for day in days for at in times])


def _chosen(rule: Rule, found: List[datetime]) -> List[datetime]:
    if not rule.positions:
        return found
    size = len(found)
    wanted = {position - 1 if position > 0 else size + position for position in rule.positions}
    return [found[index] for index in sorted(wanted) if 0 <= index < size]


def _moments(rule: Rule, first: datetime, number: int, limit: datetime, budget: Budget) -> Iterator[List[datetime]]:
    """Of rules by the hour, the minute or the second: every period is one of these."""
    unit = _SECONDS[rule.frequency]
    step = timedelta(seconds=unit * rule.interval)
    minutes = sorted(rule.minutes) if unit == 3600 else [0]
    seconds = sorted(rule.seconds) if unit >= 60 else [0]
    base = first.replace(second=0) if unit == 60 else first.replace(minute=0, second=0) if unit == 3600 else first
    at = base + number * step
    while at < limit:
        budget.spend()
        hit = (
            (not rule.hours or at.hour in rule.hours)
            and (unit == 3600 or not rule.minutes or at.minute in rule.minutes)
            and (unit >= 60 or not rule.seconds or at.second in rule.seconds)
            and _fits(rule, at.date())
        )
        if hit:
            budget.spend(len(minutes) * len(seconds))
            yield _chosen(rule, [at + timedelta(minutes=m, seconds=s) for m in minutes for s in seconds])
        if limit - at <= step:  # also where time ends
            return
        at += step


def _day_sets(rule: Rule, first: date, number: int, last: date, budget: Budget) -> Iterator[List[date]]:
    """The days of each period; none after the period of ``last``."""
    frequency, step = rule.frequency, rule.interval
    if frequency == "YEARLY":
        for year in range(first.year + number * step, last.year + 1, step):
            yield _days_of_year(rule, year, budget)
    elif frequency == "MONTHLY":
        begin = first.year * 12 + first.month - 1
        for month in range(begin + number * step, last.year * 12 + last.month, step):
            yield _days_of_month(rule, month // 12, month % 12 + 1, budget)
    elif frequency == "WEEKLY":
        begin = first.toordinal() - (first.weekday() - rule.week_start) % 7
        offsets = sorted({(weekday - rule.week_start) % 7 for _n, weekday in rule.days})
        for week in range(begin + number * step * 7, last.toordinal() + 1, step * 7):
            budget.spend(len(offsets))
            ordinals = (week + offset for offset in offsets if 1 <= week + offset <= _LAST)
            yield [day for day in map(date.fromordinal, ordinals) if _fits(rule, day)]
    else:
        for ordinal in range(first.toordinal() + number * step, last.toordinal() + 1, step):
            budget.spend()
            day = date.fromordinal(ordinal)
            yield [day] if _fits(rule, day) else []


def _days_of_year(rule: Rule, year: int, budget: Budget) -> List[date]:
    if rule.weeks:
        return _days_of_weeks(rule, year, budget)
    if rule.months or not any(n for n, _weekday in rule.days):
        months = sorted(rule.months) or range(1, 13)
        return [day for month in months for day in _days_of_month(rule, year, month, budget)]
    budget.spend(366)
    begin = date(year, 1, 1).toordinal()
    length = 366 if isleap(year) else 365
    days = (date.fromordinal(begin + index) for index in range(length))
    return [day for index, day in enumerate(days) if _fits(rule, day, index, length)]


def _days_of_month(rule: Rule, year: int, month: int, budget: Budget) -> List[date]:
    if rule.months and month not in rule.months:
        budget.spend()
        return []
    length = monthrange(year, month)[1]
    if rule.month_days:
        numbers = sorted({day if day > 0 else length + 1 + day for day in rule.month_days})
    else:
        numbers = list(range(1, length + 1))
    budget.spend(len(numbers) + 1)
    days = (date(year, month, number) for number in numbers if 1 <= number <= length)
    return [day for day in days if _fits(rule, day, day.day - 1, length)]


def _days_of_weeks(rule: Rule, year: int, budget: Budget) -> List[date]:
    """The days of the calendar year that lie in these weeks; week 1 of a year is the first with four days of it."""
    budget.spend(380)
    begin, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    ordinals: Set[int] = set()
    for owner in range(year - 1, year + 2):  # the first and last days of a year may lie in the weeks of its neighbours
        one = _week_one(owner, rule.week_start)
        count = (_week_one(owner + 1, rule.week_start) - one) // 7
        for week in rule.weeks:
            number = week if week > 0 else count + 1 + week
            if 1 <= number <= count:
                ordinals.update(range(one + (number - 1) * 7, one + number * 7))
    days = (date.fromordinal(ordinal) for ordinal in sorted(ordinals) if begin <= ordinal <= end)
    return [day for day in days if _fits(rule, day)]


def _week_one(year: int, week_start: int) -> int:
    """The day (ordinal) on which the weeks of a year begin; for years just outside of the calendar too."""
    fourth = 365 * (year - 1) + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 + 4
    return fourth - (fourth - 1 - week_start) % 7


def _fits(rule: Rule, day: date, index: int = 0, length: int = 0) -> bool:
    """Whether a day is in all sets that were given; ``index`` and ``length`` are those of the month or year that counts."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and not (
        day.day in rule.month_days or day.day - monthrange(day.year, day.month)[1] - 1 in rule.month_days
    ):
        return False
    if rule.year_days:
        number = day.toordinal() - date(day.year, 1, 1).toordinal() + 1
        if number not in rule.year_days and number - (367 if isleap(day.year) else 366) not in rule.year_days:
            return False
    if not rule.days:
        return True
    weekday = day.weekday()
    return any(
        weekday == wanted and (not n or n == index // 7 + 1 or n == -((length - 1 - index) // 7 + 1))
        for n, wanted in rule.days
    )

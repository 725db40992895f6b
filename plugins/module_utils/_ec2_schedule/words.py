# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the grammar and what they stand for, one token at a time; and how such values are written.

A token that is a list joins its parts with ``+``. Where something is wrong, :class:`Wrong` says at which character of it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from difflib import get_close_matches
from typing import FrozenSet, Iterable, Iterator, List, Sequence, Tuple

from .schedule import DAY

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GROUPS = {"weekdays": frozenset(range(5)), "weekends": frozenset((5, 6)), "daily": frozenset(range(7))}
NUMBERS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
_LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_DASHED = re.compile(r"([0-9]{1,2})(-)([0-9]{1,2}|last)", re.ASCII | re.IGNORECASE)
_MONTHDAY = re.compile(r"([0-9]{1,2})|last(?:-([0-9]{1,2}))?", re.ASCII)


class Wrong(Exception):
    """What is wrong with a token: at which of its characters, and what is expected there."""

    def __init__(self, offset: int, found: str, expected: str) -> None:
        super().__init__(f"{found!r}: {expected}")
        self.offset = offset
        self.found = found
        self.expected = expected


def near(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest known word, or nothing."""
    spelling = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold()[:40], list(spelling), 1, 0.6)
    return f"; did you mean {spelling[close[0]]}?" if close else ""


def _parts(token: str, separator: str = "+") -> Iterator[Tuple[int, str]]:
    offset = 0
    for part in token.split(separator):
        yield offset, part
        offset += len(part) + len(separator)


# --- weekdays and months ------------------------------------------------------------------------------------------------


def _index(word: str, short: Sequence[str], long: Sequence[str]) -> int:
    """The place of a name in its list, -1 when it is not there. ``Monday`` is as good as ``Mon``."""
    folded = word.casefold()
    for number, (one, other) in enumerate(zip(short, long)):
        if folded in (one.casefold(), other):
            return number
    return -1


def weekday_index(word: str) -> int:
    """0 for ``Mon``, -1 for what is no weekday."""
    return _index(word, WEEKDAYS, _LONG_WEEKDAYS)


def month_index(word: str) -> int:
    """0 for ``Jan``, -1 for what is no month."""
    return _index(word, MONTHS, _LONG_MONTHS)


def parse_names(token: str, kind: str) -> FrozenSet[int]:
    """``Mon-Fri+Sun`` (``kind`` weekday) or ``Nov-Feb`` (month) as numbers from 0; a range may go around the end.

    :raises Wrong: where a name is unknown.
    """
    names = WEEKDAYS if kind == "weekday" else MONTHS
    index = weekday_index if kind == "weekday" else month_index
    found: List[int] = []
    for offset, part in _parts(token):
        first, dash, last = part.partition("-")
        start = _known(first, offset, index(first), kind, names)
        stop = _known(last, offset + len(first) + 1, index(last), kind, names) if dash else start
        found += [(start + step) % len(names) for step in range((stop - start) % len(names) + 1)]
    return frozenset(found)


def _known(word: str, offset: int, number: int, kind: str, names: Sequence[str]) -> int:
    if number < 0:
        raise Wrong(offset, word, f"is not a {kind}: {', '.join(names)} are{near(word, names)}")
    return number


def format_names(numbers: FrozenSet[int], kind: str) -> str:
    """The canonical spelling: ranges from three on, in the order of the week or the year, around its end if need be."""
    names = WEEKDAYS if kind == "weekday" else MONTHS
    if kind == "weekday":
        for word, group in GROUPS.items():
            if numbers == group and word != "weekdays":
                return word
    count = len(names)
    if len(numbers) == count:
        return f"{names[0]}-{names[-1]}"
    starts = sorted(number for number in numbers if (number - 1) % count not in numbers)
    parts: List[str] = []
    for start in starts:
        length = 1
        while (start + length) % count in numbers:
            length += 1
        run = [names[(start + step) % count] for step in range(length)]
        parts.append(f"{run[0]}-{run[-1]}" if length > 2 else "+".join(run))
    return "+".join(parts)


# --- days of the month and nth weekdays ---------------------------------------------------------------------------------


def parse_nth(token: str) -> FrozenSet[Tuple[int, int]]:
    """``2nd-Tue+last-Fri`` as pairs of a number and a weekday.

    :raises Wrong: where it is none.
    """
    found = []
    for offset, part in _parts(token):
        number, dash, weekday = part.partition("-")
        if number.casefold() not in NUMBERS or not dash:
            raise Wrong(offset, part, f"is not like 2nd-Tue or last-Fri ({', '.join(NUMBERS)} are the numbers)")
        where = offset + len(number) + 1
        found.append((NUMBERS[number.casefold()], _known(weekday, where, weekday_index(weekday), "weekday", WEEKDAYS)))
    return frozenset(found)


def format_nth(pairs: FrozenSet[Tuple[int, int]]) -> str:
    """The canonical spelling: by number, the last ones last."""
    words = {number: word for word, number in NUMBERS.items()}
    ordered = sorted(pairs, key=lambda pair: (pair[0] < 0, pair))
    return "+".join(f"{words[number]}-{WEEKDAYS[weekday]}" for number, weekday in ordered)


def parse_monthdays(token: str) -> FrozenSet[int]:
    """``day-1``, ``day-1..5+15``, ``day-last``, ``day-last-2`` (the third from the end) as numbers; -1 is the last.

    :raises Wrong: where it is none.
    """
    found: List[int] = []
    for offset, part in _parts(token[4:]):
        habit = _DASHED.fullmatch(part)
        first, dots, last = habit.groups() if habit else part.partition("..")
        start = _monthday(first, offset + 4)
        stop = _monthday(last, offset + 4 + len(first) + len(dots)) if dots else start
        if stop == -1 and start > 0:
            stop = 31  # there is no day of a month after its last
        if start > stop or (start < 0) != (stop < 0):
            raise Wrong(offset + 4, part, "is a range that ends before it begins; write two, such as day-28..31+1")
        found += range(start, stop + 1)
    return frozenset(found)


def _monthday(word: str, offset: int) -> int:
    found = _MONTHDAY.fullmatch(word.casefold())
    if found is not None:
        number = int(found[1]) if found[1] else -1 - int(found[2] or 0)
        if 1 <= abs(number) <= 31:
            return number
    raise Wrong(offset, word, "is not a day of the month: 1 to 31, last, or last-1 for the one before it")


def format_monthdays(days: FrozenSet[int]) -> str:
    """The canonical spelling: ranges from three on, those from the end behind."""
    parts: List[str] = []
    ordered = sorted(days, key=lambda day: (day < 0, day))
    index = 0
    while index < len(ordered):
        length = 1
        while index + length < len(ordered) and ordered[index + length] == ordered[index] + length != 0:
            length += 1
        run = [_monthday_text(day) for day in ordered[index : index + length]]
        parts += [f"{run[0]}..{run[-1]}"] if length > 2 else run
        index += length
    return "day-" + "+".join(parts)


def _monthday_text(day: int) -> str:
    return str(day) if day > 0 else "last" if day == -1 else f"last-{-1 - day}"


# --- dates --------------------------------------------------------------------------------------------------------------


def parse_dates(token: str) -> Tuple[Tuple[date, date], ...]:
    """``2026-12-24..2027-01-02+2027-05-01`` as ranges with both ends.

    :raises Wrong: where it is none.
    """
    found: List[Tuple[date, date]] = []
    for offset, part in _parts(token):
        first, dots, last = part.partition("..")
        start = _date(first, offset)
        stop = _date(last, offset + len(first) + 2) if dots else start
        if stop < start:
            raise Wrong(offset, part, "ends before it begins")
        found.append((start, stop))
    return _joined(found)


def _joined(ranges: Iterable[Tuple[date, date]]) -> Tuple[Tuple[date, date], ...]:
    """In their order, those that overlap or follow each other as one."""
    found: List[Tuple[date, date]] = []
    for start, stop in sorted(ranges):
        if found and start.toordinal() <= found[-1][1].toordinal() + 1:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return tuple(found)


def _date(word: str, offset: int) -> date:
    found = _DATE.fullmatch(word)
    if found is None:
        raise Wrong(offset, word, "is not a date such as 2026-12-24, or a range such as 2026-12-24..2027-01-02")
    year, month, day = (int(number) for number in found.groups())
    if not is_date(year, month, day):
        raise Wrong(offset, word, "is not a day of the calendar")
    return date(year, month, day)


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def format_dates(ranges: Tuple[Tuple[date, date], ...]) -> str:
    """The canonical spelling."""
    return "+".join(first.isoformat() if first == last else f"{first}..{last}" for first, last in ranges)


# --- times --------------------------------------------------------------------------------------------------------------


def parse_spans(token: str) -> Tuple[Tuple[int, int], ...]:
    """``07:30-12:00+13:00-19:00`` as minutes of the day. A span whose end is not after its start reaches into the next day.

    :raises Wrong: where it is none.
    """
    found: List[Tuple[int, int]] = []
    for offset, part in _parts(token):
        first, dash, last = part.partition("-")
        start = _minutes(first, offset, DAY - 1)
        if not dash:
            raise Wrong(offset, part, "is one time, and a window has two: when it begins and when it ends")
        stop = _minutes(last, offset + len(first) + 1, DAY)
        found.append((start, stop if stop > start else stop + DAY))
    return tuple(sorted(set(found)))


def parse_times(token: str) -> Tuple[Tuple[int, int], ...]:
    """``19:00+23:00`` as moments.

    :raises Wrong: where it is none.
    """
    found: List[int] = []
    for offset, part in _parts(token):
        if "-" in part:
            raise Wrong(
                offset, part, f"is a window; stop-only and start-only take moments, such as {part.split('-')[0]}"
            )
        found.append(_minutes(part, offset, DAY - 1))
    return tuple((minutes, minutes) for minutes in sorted(set(found)))


def _minutes(word: str, offset: int, most: int) -> int:
    found = _TIME.fullmatch(word)
    if found is not None and int(found[2]) < 60 and int(found[1]) * 60 + int(found[2]) <= most:
        return int(found[1]) * 60 + int(found[2])
    raise Wrong(offset, word, f"is not a time from 00:00 to {'24:00' if most == DAY else '23:59'}")


def format_spans(spans: Tuple[Tuple[int, int], ...]) -> str:
    """The canonical spelling."""
    return "+".join(
        time_text(start) if start == stop else f"{time_text(start)}-{_end_text(stop)}" for start, stop in spans
    )


def time_text(minutes: int) -> str:
    """``07:30``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _end_text(minutes: int) -> str:
    return time_text(minutes) if minutes <= DAY else time_text(minutes - DAY)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An oracle of schedules: it looks at a clock on a wall minute by minute, and knows no way from wall time to instants.

A start at a wall time has come at the first instant at which the clock has shown it, or more. A stop has come as soon as the
clock will not show less any more. So an instant lies in a window when the most that the clock has shown reaches the
window's start, and the least that it will show does not reach its stop: in a gap and in an overlap as everywhere else.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate
from typing import Dict, Iterable, Iterator, List, Mapping, NamedTuple, Sequence, Tuple
from zoneinfo import ZoneInfo

from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.calendars import Calendar
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.schedule import Days, Schedule
from hypothesis import strategies as st

ZONES = (
    "America/New_York",
    "Europe/Madrid",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "America/St_Johns",
    "Asia/Tehran",
    "Antarctica/Troll",
    "Pacific/Auckland",
)

_ZERO = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MINUTE = timedelta(minutes=1)
_SLACK = 26 * 60  # no clock has ever been put back or forward by more


class Tick(NamedTuple):
    """An instant, and what the clock has shown at most and will show at least; all in minutes since 1970."""

    at: int
    most: int
    least: int


def minutes_of(at: datetime) -> int:
    """An instant in minutes since 1970."""
    return (at - _ZERO) // _MINUTE


def instant_of(tick: Tick) -> datetime:
    """The instant of a tick."""
    return _ZERO + tick.at * _MINUTE


def ticks(zone: str, start: datetime, stop: datetime, step: int = 1) -> List[Tick]:
    """A clock from one instant to another, every ``step`` minutes."""
    slack = _SLACK // step
    times = range(minutes_of(start) - slack * step, minutes_of(stop) + slack * step, step)
    offsets = _offsets(zone, times)
    shown = [at + offset for at, offset in zip(times, offsets)]
    most = list(accumulate(shown, max))
    least = list(accumulate(reversed(shown), min))[::-1]
    return list(map(Tick._make, zip(times, most, least)))[slack:-slack]


def _offsets(zone: str, times: Sequence[int]) -> List[int]:
    """How far the clock is ahead of UTC. It is asked every six hours, and always when it was changed in between."""
    info = ZoneInfo(zone)

    def offset(at: int) -> int:
        found = (_ZERO + at * _MINUTE).astimezone(info).utcoffset()
        return (found or timedelta()) // _MINUTE

    found: List[int] = []
    block = max(1, 360 // (times[1] - times[0]))
    for begin in range(0, len(times), block):
        part = times[begin : begin + block]
        first, last = offset(part[0]), offset(part[-1])
        found += [first] * len(part) if first == last else [offset(at) for at in part]
    return found


class Oracle:
    """Whether a schedule of windows runs, by looking at all windows of the days around."""

    def __init__(self, schedule: Schedule, calendars: Mapping[str, Calendar]) -> None:
        self._schedule = schedule
        self._without = [calendars[name] for name in schedule.without]
        self._only = [calendars[name] for name in schedule.only]
        self._closed, self._opened = _timed(self._without), _timed(self._only)
        self._days: Dict[int, Sequence[Tuple[int, int, bool]]] = {}

    def runs(self, tick: Tick) -> bool:
        """Whether it runs at an instant of its zone's clock."""
        at, most, least = tick
        for day in range(least // 1440 - 1, most // 1440 + 1):
            windows = self._days.get(day)
            if windows is None:
                windows = self._days[day] = tuple(self._windows(day))
            for begin, end, everywhere in windows:
                if begin <= most and least < end and (everywhere or _inside(at, self._opened)):
                    return not _inside(at, self._closed)
        return False

    def _windows(self, number: int) -> Iterator[Tuple[int, int, bool]]:
        day = date(1970, 1, 1) + timedelta(days=number)
        if any(_on(calendar, day) for calendar in self._without):
            return
        everywhere = not self._only or any(_on(calendar, day) for calendar in self._only)
        for rule in self._schedule.rules:
            if chosen(rule.days, day):
                for begin, end in rule.spans:
                    yield number * 1440 + begin, number * 1440 + end, everywhere


def _timed(calendars: Iterable[Calendar]) -> List[Tuple[int, int]]:
    return [(minutes_of(begin), minutes_of(end)) for calendar in calendars for begin, end in calendar.spans]


def _inside(at: int, spans: Iterable[Tuple[int, int]]) -> bool:
    return any(begin <= at < end for begin, end in spans)


def _on(calendar: Calendar, day: date) -> bool:
    return day in calendar.dates or (day.month, day.day) in calendar.yearly


def chosen(days: Days, day: date) -> bool:
    """Whether all selectors choose a day, said as plainly as can be."""
    length = monthrange(day.year, day.month)[1]
    same = [number for number in range(1, length + 1) if date(day.year, day.month, number).weekday() == day.weekday()]
    numbers = {(same.index(day.day) + 1, day.weekday())} | ({(-1, day.weekday())} if same[-1] == day.day else set())
    return (
        (not days.weekdays or day.weekday() in days.weekdays)
        and (not days.months or day.month in days.months)
        and (not days.monthdays or bool({day.day, day.day - length - 1} & days.monthdays))
        and (not days.nth or bool(numbers & days.nth))
        and (not days.dates or any(first <= day <= last for first, last in days.dates))
    )


def instants(zone: str, around: Iterable[datetime], hours: int) -> Iterator[Tick]:
    """Every minute of some hours around each of the instants."""
    for at in around:
        yield from ticks(zone, at - timedelta(hours=hours), at + timedelta(hours=hours))


def transitions(zone: str, start: datetime, stop: datetime) -> List[datetime]:
    """The hours after which the clock of a zone is ahead or behind of what it was."""
    info = ZoneInfo(zone)
    found, at = [], start
    while at < stop:
        after = at + timedelta(hours=12)
        if at.astimezone(info).utcoffset() != after.astimezone(info).utcoffset():
            found.append(at)
        at = after
    return found


# --- texts of the language ----------------------------------------------------------------------------------------------

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _lists(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(part, min_size=1, max_size=3).map("+".join)


def _ranges(names: Sequence[str], dash: str = "-") -> st.SearchStrategy[str]:
    one = st.sampled_from(names)
    return _lists(one | st.tuples(one, one).map(dash.join))


_TIMES = st.integers(0, 24 * 12 - 1).map(lambda five: f"{five // 12:02}:{five % 12 * 5:02}")
_SPANS = st.tuples(_TIMES, _TIMES | st.just("24:00")).map("-".join)
_DATES = st.dates(date(2024, 1, 1), date(2029, 12, 31))
_NTH = st.tuples(st.sampled_from(("1st", "2nd", "3rd", "4th", "5th", "last")), st.sampled_from(_WEEKDAYS)).map("-".join)
_MONTHDAYS = st.one_of(
    st.integers(1, 31).map(str),
    st.tuples(st.integers(1, 31), st.integers(1, 31)).map(lambda pair: f"{min(pair)}..{max(pair)}"),
    st.integers(1, 31).map(lambda day: f"{day}..last"),
    st.sampled_from(("last", "last-1", "last-6", "last-2..last")),
)
_SELECTORS = (
    _lists(st.tuples(_DATES, _DATES).map(lambda pair: f"{min(pair)}..{max(pair)}") | _DATES.map(str)),
    _ranges(_MONTHS),
    _lists(_MONTHDAYS).map("day-".__add__),
    _lists(_NTH),
    _ranges(_WEEKDAYS) | st.sampled_from(("weekdays", "weekends", "daily")),
)
_CALENDARS = _lists(st.sampled_from(("@holidays", "@release-days", "@freeze")))


@st.composite
def texts(draw: st.DrawFn, zones: Sequence[str] = ZONES, windows: bool = False) -> str:
    """Schedules as people may write them; some say of days that there are none."""
    kind = "windows" if windows else draw(st.sampled_from(("windows",) * 6 + ("stop-only", "start-only", "always")))
    if kind == "always":
        return draw(st.sampled_from(("always", "never", "ignore", "Always Europe/Madrid", "NEVER tz=asia/tokyo")))
    rules = []
    for _other in range(draw(st.integers(1, 3))):
        chosen_ones = draw(st.lists(st.sampled_from(range(5)), max_size=2, unique=True))
        parts = [draw(_SELECTORS[number]) for number in chosen_ones]
        if kind != "windows":
            parts.append(draw(_lists(_TIMES)))
        elif not parts or draw(st.integers(0, 4)):
            parts.append(draw(_lists(_SPANS)))
        rules.append(" ".join(parts))
    words = [] if kind == "windows" else [kind]
    words.append(draw(st.sampled_from((" and ", "; ", ";"))).join(rules))
    for word in ("not", "only"):
        if draw(st.integers(0, 3)) == 0:
            words += [word, draw(_CALENDARS)]
    if draw(st.booleans()):
        words.append(draw(st.sampled_from(("", "tz="))) + draw(st.sampled_from(list(zones))))
    return " ".join(words)

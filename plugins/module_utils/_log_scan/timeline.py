# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts over time in a bounded number of buckets, whose widths are those of a clock: seconds, minutes, hours, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Generic, Hashable, Iterable, List, Mapping, Tuple, TypeVar

from .._common.errors import Day2Error

MOST_BUCKETS = 120
# Each width divides the next one, so that narrow buckets go into wide ones as they are; from a week on they double.
_WIDTHS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 604800)
_MONDAY = 4 * 86400  # weeks begin on Mondays; the first one is four days after the epoch
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WRONG_CLOCK = 400 * 86400  # a time this far from nearly all others is not drawn, but counted
_FEW = 100  # one in so many may be left out

Key = TypeVar("Key", bound=Hashable)


def wider(width: int) -> int:
    """The next wider bucket, in seconds."""
    return next((each for each in _WIDTHS if each > width), width * 2)


def aligned(second: int, width: int) -> int:
    """The start of the bucket that a second is in."""
    return (second - _MONDAY) // width * width + _MONDAY


def moment(second: int) -> datetime:
    """The instant that is so many seconds after the epoch; the ends of time where there is none."""
    try:
        return _EPOCH + timedelta(seconds=second)
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.utc, microsecond=0) if second > 0 else _first()


def _first() -> datetime:
    return datetime.min.replace(tzinfo=timezone.utc)


def iso(second: int) -> str:
    """``2026-11-28T19:20:00Z``."""
    return f"{moment(second).replace(tzinfo=None).isoformat()}Z"


class Buckets:
    """Counts by time. Only buckets with something in them count for the bound, so that one wrong clock widens none."""

    def __init__(self, width: int = 1, most: int = MOST_BUCKETS) -> None:
        self.width = width
        self.undated = 0
        self._most = most
        self._counts: Dict[int, int] = {}

    def add(self, second: int, count: int = 1) -> None:
        """Count something at that second after the epoch."""
        slot = (second - _MONDAY) // self.width
        counts = self._counts
        counts[slot] = counts.get(slot, 0) + count
        while len(counts) > self._most:
            self.widen(wider(self.width))
            counts = self._counts

    def widen(self, width: int) -> None:
        """Make the buckets that wide; it has to be one of the widths."""
        if width > self.width:
            before = list(self.points())
            self.width = width
            self._counts = {}
            for second, count in before:
                slot = (second - _MONDAY) // width
                self._counts[slot] = self._counts.get(slot, 0) + count

    def merge(self, other: "Buckets") -> None:
        """Take in the counts of others, which stay as they are."""
        self.widen(other.width)
        self.undated += other.undated
        for second, count in other.points():
            self.add(second, count)

    def points(self) -> Iterable[Tuple[int, int]]:
        """The start of each bucket that has something in it, and how much, in the order of time."""
        return [(slot * self.width + _MONDAY, count) for slot, count in sorted(self._counts.items())]

    @property
    def dated(self) -> int:
        """How many have a time."""
        return sum(self._counts.values())

    def as_dict(self) -> Dict[str, Any]:
        """The ``timeline`` of a match."""
        return {
            "width_seconds": self.width,
            "buckets": [{"start": iso(start), "count": count} for start, count in self.points()],
            "undated": self.undated,
        }

    @classmethod
    def of(cls, value: Any, most: int = MOST_BUCKETS) -> "Buckets":
        """A ``timeline`` read back.

        :raises Day2Error: for what is none.
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("buckets"), list):
            raise Day2Error("a timeline has width_seconds, buckets and undated")
        width, undated = _whole(value.get("width_seconds"), 1), _whole(value.get("undated", 0), 0)
        found = cls(1, most)
        while found.width < width:
            found.width = wider(found.width)
        found.undated = undated
        for bucket in value["buckets"]:
            if not isinstance(bucket, Mapping):
                raise Day2Error("a bucket of a timeline has a start and a count")
            found.add(second_of(bucket.get("start")), _whole(bucket.get("count"), 0))
        return found


def second_of(written: Any) -> int:
    """The second after the epoch of a time as results write it.

    :raises Day2Error: for what is none.
    """
    try:
        at = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
        return int((at.replace(tzinfo=at.tzinfo or timezone.utc) - _EPOCH).total_seconds() // 1)
    except (ValueError, OverflowError) as error:
        raise Day2Error(f"{str(written)[:60]!r} is not a time such as 2027-03-31T18:00:00Z") from error


def _whole(value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Day2Error(f"{str(value)[:60]!r} is not a whole number from {least} on")
    return value


@dataclass(frozen=True)
class Spread(Generic[Key]):
    """Counts of several kinds side by side, in columns of one width."""

    start: int  # seconds after the epoch
    width: int
    columns: int
    counts: Mapping[Key, List[int]]
    earlier: int = 0  # too far away to be drawn: a wrong clock
    later: int = 0
    undated: int = 0

    @property
    def stop(self) -> int:
        """The end of the last column."""
        return self.start + self.width * self.columns

    def column(self, number: int) -> Dict[Key, int]:
        """What is in a column, by kind."""
        return {key: counts[number] for key, counts in self.counts.items() if counts[number]}

    @property
    def highest(self) -> int:
        """The height of the highest column."""
        return max((sum(each) for each in zip(*self.counts.values())), default=0)


def spread(series: Mapping[Key, Buckets], most: int) -> Spread[Key]:
    """All series on one axis of at most ``most`` columns; one without a column when nothing has a time."""
    undated = sum(buckets.undated for buckets in series.values())
    points = sorted((second, count) for buckets in series.values() for second, count in buckets.points())
    width = max((buckets.width for buckets in series.values()), default=1)
    if not points:
        return Spread(0, width, 0, {key: [] for key in series}, undated=undated)
    low, high = _bulk(points)
    while (high - _MONDAY) // width - (low - _MONDAY) // width + 1 > most:
        width = wider(width)
    first = (low - _MONDAY) // width
    columns = (high - _MONDAY) // width - first + 1
    counts: Dict[Key, List[int]] = {}
    for key, buckets in series.items():
        counts[key] = [0] * columns
        for second, count in buckets.points():
            if low <= second <= high:
                counts[key][(second - _MONDAY) // width - first] += count
    earlier = sum(count for second, count in points if second < low)
    later = sum(count for second, count in points if second > high)
    return Spread(first * width + _MONDAY, width, columns, counts, earlier, later, undated)


def _bulk(points: List[Tuple[int, int]]) -> Tuple[int, int]:
    """The first and the last time to draw. A log's year is often inferred, and a clock may have been wrong: the few
    times that are more than a year away from nearly all others are left out."""
    low, high = points[0][0], points[-1][0]
    if high - low <= _WRONG_CLOCK:
        return low, high
    total = sum(count for _second, count in points)
    passed, middle = 0, points[-1][0]
    for second, count in points:
        passed += count
        if passed * 2 >= total:
            middle = second
            break
    near = [(second, count) for second, count in points if abs(second - middle) <= _WRONG_CLOCK]
    far = total - sum(count for _second, count in near)
    if far > max(total // _FEW, 1 if total > 2 else 0):
        return low, high
    return near[0][0], near[-1][0]

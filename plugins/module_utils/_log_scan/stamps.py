# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a line was written, by its own time stamp.

A stamp is looked for where writers put it: near the start of a line, in the brackets of an access log, under a known
key of JSON. The first one in a line counts, as later ones are what the message speaks of. What a stamp does not say,
its year or its zone, is inferred, and ``Stamps.stated`` says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Dict, List, Match, Optional, Tuple

from .stamp_formats import ABBREVIATIONS, MONTHS, Format, formats, json_key

NEAR = 128
"""A stamp begins within so many bytes of a line."""

_HEAD = 512  # so many bytes of a line are looked at
_JSON_HEAD = 8192
_FUTURE = timedelta(days=1)  # clocks and zones differ: a stamp may be so much ahead of the time it is reckoned from
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST, _LAST = 946_684_800, 4_102_444_800  # the years 2000 to 2099: other numbers are no times


class Stamps:
    """Reads the time stamps of one log; every time is given in UTC.

    A wall time that a zone has twice, when its clock is put back, is taken for the first of both; one that it skips is
    reckoned with the offset from before. So a time depends on its line alone.

    :param now: aware; no stamp lies more than a day after it.
    :param zone: in which stamps are read that name none.
    :param written: when the log was last written to, which is what years are inferred from; ``now`` without it.
    """

    def __init__(self, now: datetime, zone: tzinfo, written: Optional[datetime] = None) -> None:
        self._zone = zone
        self._latest = min(now, written or now) + _FUTURE
        self._last: Optional[Format] = None  # the format found last, and where in the line
        self._place = 0
        self._zones: Dict[str, Optional[tzinfo]] = {}
        self._without_year = self._without_zone = False

    def of(self, line: bytes) -> Optional[datetime]:
        """The time of a line, in UTC; None when it has none. Indented lines have none: they belong to another."""
        first = line[:1]
        if first == b"{":
            return self._of_json(line[:_JSON_HEAD])
        if first in (b" ", b"\t", b""):
            return None
        head = line[:_HEAD]
        if self._last is not None:
            match = self._last.regex.search(head)
            if match is not None and match.start() == self._place:
                when = self._read(match)
                if when is not None:
                    return when
        return self._of_any(head, NEAR)

    @property
    def stated(self) -> str:
        """What was inferred so far, in a sentence; empty when nothing was."""
        parts: List[str] = []
        if self._without_year:
            when = (self._latest - _FUTURE).astimezone(self._zone)
            parts.append(f"years are inferred: none is later than {when:%Y-%m-%d} and a day")
        if self._without_zone:
            parts.append(f"times without a zone are taken to be in {_name(self._zone, self._latest)}")
        text = "; ".join(parts)
        return text[:1].upper() + text[1:] + "." if text else ""

    def _of_json(self, head: bytes) -> Optional[datetime]:
        for match in json_key().finditer(head):
            text = match["text"]
            when = self._of_number(match["epoch"]) if text is None else self._of_any(text, 0)
            if when is not None:
                return when
        return None

    def _of_any(self, head: bytes, near: int) -> Optional[datetime]:
        """By the format whose stamp is the first in the line."""
        found: List[Tuple[int, int, Format, Match[bytes]]] = []
        for number, each in enumerate(formats()):
            match = each.regex.search(head)
            if match is not None and (each.anywhere or match.start() <= max(near, 8)):
                found.append((match.start(), number, each, match))
        for place, _number, each, match in sorted(found, key=lambda item: item[:2]):
            when = self._read(match)
            if when is not None:
                if near:
                    self._last, self._place = each, place
                return when
        return None

    def _read(self, match: Match[bytes]) -> Optional[datetime]:
        parts = match.groupdict()
        if parts.get("epoch"):
            return self._of_number(parts["epoch"])
        name = parts["month"]
        month, day = MONTHS.get(name) or int(name), int(parts["day"])
        year = parts.get("year") or parts.get("late_year")
        fraction = parts.get("fraction") or b""
        # A leap second is the last of its minute.
        clock = (
            int(parts["hour"]),
            int(parts["minute"]),
            min(int(parts["second"]), 59),
            int(fraction[:6].ljust(6, b"0")),
        )
        try:
            if year:
                wall = datetime(int(year) if len(year) == 4 else 2000 + int(year), month, day, *clock)  # noqa: DTZ001
                return self._placed(wall, parts)
            return self._in_some_year(month, day, clock, parts)
        except (ValueError, OverflowError):
            return None

    def _in_some_year(
        self, month: int, day: int, clock: Tuple[int, int, int, int], parts: Dict[str, bytes]
    ) -> Optional[datetime]:
        """The latest year in which it is a date, and not in the future."""
        newest = self._latest.year + 1
        for year in range(newest, newest - 10, -1):  # between two leap days there are eight years at the most
            try:
                when = self._placed(datetime(year, month, day, *clock), parts)  # noqa: DTZ001
            except ValueError:  # February 29
                continue
            if when <= self._latest:
                self._without_year = True
                return when
        return None

    def _placed(self, wall: datetime, parts: Dict[str, bytes]) -> datetime:
        offset, named = parts.get("offset"), parts.get("named")
        if offset:
            return wall.replace(tzinfo=_fixed(offset)).astimezone(timezone.utc)
        if named:
            for fold in (0, 1):  # of an hour that is there twice the name tells which
                here = wall.replace(tzinfo=self._zone, fold=fold)
                if here.tzname() == named.decode():
                    return here.astimezone(timezone.utc)
            zone = self._zone_named(named.decode())
            if zone is not None:
                return wall.replace(tzinfo=zone).astimezone(timezone.utc)
        self._without_zone = True
        return wall.replace(tzinfo=self._zone).astimezone(timezone.utc)

    def _zone_named(self, name: str) -> Optional[tzinfo]:
        """A zone by its name; None for what is none, as the level of a message may stand in its place."""
        if name not in self._zones:
            hours = ABBREVIATIONS.get(name)
            zone: Optional[tzinfo] = None if hours is None else timezone(timedelta(hours=hours))
            if zone is None and "/" in name:
                from zoneinfo import ZoneInfo  # few logs need it

                try:
                    zone = ZoneInfo(name)
                except (KeyError, ValueError, OSError):  # not known on this machine
                    zone = None
            self._zones[name] = zone
        return self._zones[name]

    @staticmethod
    def _of_number(text: bytes) -> Optional[datetime]:
        """Seconds since 1970, or thousandths, millionths, billionths of them: their size tells."""
        value = float(text)
        for unit in (1.0, 1e3, 1e6, 1e9):
            if _FIRST <= value / unit < _LAST:
                return _EPOCH + timedelta(seconds=value / unit)
        return None


def _fixed(offset: bytes) -> tzinfo:
    if offset == b"Z":
        return timezone.utc
    digits = offset[1:].replace(b":", b"")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or b"0"))
    return timezone(-delta if offset[:1] == b"-" else delta)


def _name(zone: tzinfo, when: datetime) -> str:
    key = getattr(zone, "key", None)
    return str(key) if key else (zone.tzname(when) or "the zone of this machine")

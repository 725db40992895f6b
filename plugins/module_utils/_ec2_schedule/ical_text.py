# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An iCalendar text, cut into its events before anybody reads them: so that errors can name a line, and a hostile text is
refused while it is still a text.

Only the lines that say when an event is are kept. Descriptions, attendees, attachments and alarms are most of a calendar,
and nothing to us.
"""

from __future__ import annotations

import re
from typing import Iterator, List, NamedTuple, Tuple

from .._common.errors import Day2Error

LARGEST = 4 << 20  # bytes
_MOST_EVENTS = 10_000
_MOST_ZONES = 500  # also of what they observe
_LONGEST = 1 << 16  # characters of a line that we read
_DEEPEST = 8
_NAME = re.compile(r"[A-Za-z0-9-]{1,40}")
_COMPONENT = re.compile(r"[A-Z0-9-]{1,40}")
_KEPT = frozenset(
    (
        *("UID", "SUMMARY", "STATUS", "DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE"),
        *("EXRULE", "RECURRENCE-ID", "TZOFFSETFROM", "TZOFFSETTO"),
    )
)
_OBSERVANCES = frozenset(("STANDARD", "DAYLIGHT"))


class IcalError(Day2Error):
    """What is wrong with a calendar; ``line`` is where, 0 when that cannot be said."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}" if line else what)
        self.line = line


class Block(NamedTuple):
    """One component: where it begins, the lines of it that matter, as a text of iCalendar, and its RRULEs, which are not
    in that text."""

    line: int
    text: str
    rules: Tuple[str, ...] = ()


class Zone(NamedTuple):
    """A time zone as the calendar defines it."""

    name: str
    observances: Tuple[Block, ...]


class Document(NamedTuple):
    """The events and the time zones of a calendar."""

    events: Tuple[Block, ...]
    zones: Tuple[Zone, ...]


class _Open:
    """A component whose end has not come yet."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.lines: List[str] = []
        self.rules: List[str] = []
        self.zone = ""
        self.observances: List[Block] = []

    def block(self) -> Block:
        text = "\r\n".join((f"BEGIN:{self.name}", *self.lines, f"END:{self.name}", ""))
        return Block(self.line, text, tuple(self.rules))


def cut(content: bytes) -> Document:
    """The events and time zones of an iCalendar text; several calendars in it are one.

    :raises IcalError: when it is none, or larger than calendars are.
    """
    if len(content) > LARGEST:
        raise IcalError(0, f"a calendar of more than {LARGEST >> 20} MiB is refused")
    events: List[Block] = []
    zones: List[Zone] = []
    stack: List[_Open] = []
    found = False
    count = 0
    for line, text in _unfolded(content.decode("utf-8-sig", "replace")):
        match = _NAME.match(text)
        name = match.group().upper() if match else ""
        if name == "BEGIN":
            opened = _Open(_component(line, text), line)
            if not stack and opened.name != "VCALENDAR":
                raise IcalError(line, f"BEGIN:VCALENDAR is expected, not BEGIN:{opened.name}")
            if len(stack) >= _DEEPEST:
                raise IcalError(line, "components lie too deep in each other")
            found = True
            stack.append(opened)
        elif name == "END":
            ended = _component(line, text)
            if not stack or stack[-1].name != ended:
                raise IcalError(line, f"END:{ended} ends nothing that has begun")
            closed = stack.pop()
            if len(stack) == 1 and ended == "VEVENT":
                events.append(closed.block())
            elif len(stack) == 1 and ended == "VTIMEZONE":
                zones.append(Zone(closed.zone, tuple(closed.observances)))
            elif len(stack) == 2 and stack[-1].name == "VTIMEZONE" and ended in _OBSERVANCES:
                stack[-1].observances.append(closed.block())
                count += 1
            if len(events) > _MOST_EVENTS or len(zones) > _MOST_ZONES or count > _MOST_ZONES:
                raise IcalError(line, f"more than {_MOST_EVENTS:,} events or {_MOST_ZONES} time zones are refused")
        elif not stack:
            raise IcalError(line, f"BEGIN:VCALENDAR is expected, not {text[:40]!r}")
        elif name in _KEPT or name == "RRULE":
            if len(text) > _LONGEST:
                raise IcalError(line, f"{name} is longer than {_LONGEST} characters")
            if name == "RRULE":
                stack[-1].rules.append(text.partition(":")[2])
            else:
                stack[-1].lines.append(text)
        elif name == "TZID" and stack[-1].name == "VTIMEZONE":
            stack[-1].zone = text.partition(":")[2].strip()
    if stack:
        raise IcalError(stack[-1].line, f"{stack[-1].name} begins here and does not end: the text is cut short")
    if not found:
        raise IcalError(0, "it is empty: BEGIN:VCALENDAR is expected")
    return Document(tuple(events), tuple(zones))


def _component(line: int, text: str) -> str:
    name = text.partition(":")[2].strip().upper()
    if not _COMPONENT.fullmatch(name):
        raise IcalError(line, f"{text[:40]!r} names no component")
    return name


def _unfolded(text: str) -> Iterator[Tuple[int, str]]:
    """The lines with those that go on with them, and where they begin; empty ones are left out."""
    parts: List[str] = []
    begin = 0
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begin, "".join(parts)
        parts, begin = ([line], number) if line.strip() else ([], number)
    if parts:
        yield begin, "".join(parts)

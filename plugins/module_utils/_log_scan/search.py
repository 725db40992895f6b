# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in a block a pattern may match: the engine that needs nothing but the standard library.

Every record that a pattern matches has at least one of the positions inside it. Most of them are true, none is a promise.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable, Iterator, List, Optional, Sequence, Tuple
from typing import Pattern as Regex

from .literals import Fragment, as_regex
from .triggers import Triggers
from .units import STRIDE, Units, as_units

PIECE = 1 << 16
_LOOKED_AT = 1 << 12
_BYTE = re.compile(rb"\\x([0-9a-f]{2})")  # as ``as_regex`` writes it
Check = Optional[Callable[[bytes, int], Any]]


def occurrences(text: bytes, needle: bytes) -> Iterator[int]:
    """Where a needle stands, without overlaps."""
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + len(needle))


class Search:
    """Finds triggers in blocks."""

    name = "stdlib"

    def __init__(self, triggers: Triggers) -> None:
        self._triggers = triggers
        self._units: Optional[_UnitSearch] = None

    def positions(self, data: bytes) -> Sequence[int]:
        """Candidate places in a block of whole lines, in order."""
        triggers = self._triggers
        found: List[int] = []
        if triggers.units is not None:
            if self._units is None:
                self._units = _UnitSearch(triggers.units)
            found.extend(self._units.positions(data))
        for needle in triggers.needles:
            found.extend(occurrences(data, needle))
        if triggers.folded:
            lower = data.lower()
            for needle in triggers.folded:
                found.extend(occurrences(lower, needle))
        for shape in triggers.shapes:
            found.extend(_shaped(data, shape))
        if triggers.own:
            # Tried where an expression that does not come to an end is stopped, and that is not here.
            found.extend(_starts(data))
        found.sort()
        return found


def _shaped(data: bytes, shape: "Regex[bytes]") -> Iterator[int]:
    first = _BYTE.match(shape.pattern)
    byte = bytes((int(first.group(1), 16),)) if first else b""
    # To find a rare byte is several times as quick as to have ``re`` find what begins with it.
    if not byte or data.count(byte, 0, _LOOKED_AT) > _LOOKED_AT // 500:
        for match in shape.finditer(data):
            yield match.start()
        return
    at = data.find(byte)
    while at >= 0:
        if shape.match(data, at):
            yield at
        at = data.find(byte, at + 1)


def _starts(data: bytes) -> Iterator[int]:
    start = 0
    while start < len(data):
        yield start
        start = data.find(b"\n", start) + 1 or len(data)


class _UnitSearch:
    """The one pass for many fragments."""

    def __init__(self, units: Units) -> None:
        self._table = units.table
        checks = [_check(fragment) for fragment in units.fragments]
        self._found = {
            unit: tuple((each.before, *checks[each.fragment]) for each in found) for unit, found in units.found.items()
        }
        # ``re`` jumps to the set that an expression starts with, and looks at the rest of it there only.
        wanted = _set(units.found)
        if units.followed:
            ways = f"(?={_set(units.followed)})"
            wanted += f"(?:(?<={_set(units.alone)})|{ways})" if units.alone else ways
        self._units = re.compile(wanted)

    def positions(self, data: bytes) -> Iterator[int]:
        """Where the fragments stand."""
        found, find, table = self._found, self._units.finditer, self._table
        # In pieces that stay in the processor's cache, each with the first unit of the next one, which may be looked at.
        for start in range(0, len(data), PIECE):
            for match in find(as_units(data[start : start + PIECE + STRIDE], table)):
                place = start + match.start() * STRIDE
                for before, check, wanted in found[match.group()]:
                    at = place - before
                    if at >= 0 and (data.startswith(wanted, at) if check is None else check(data, at)):
                        yield at
                        break


def _check(fragment: Fragment) -> Tuple[Check, bytes]:
    if all(len(place) == 1 for place in fragment):
        return None, b"".join(fragment)
    return re.compile(as_regex(fragment)).match, b""


def _set(units: Iterable[str]) -> str:
    return f"[{''.join(f'{chr(92)}u{ord(unit):04x}' for unit in units)}]"

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which patterns a record matches: Python's ``re`` decides, whatever found the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

from .expressions import groups_of
from .literals import needs
from .model import Hit, LogPattern


@dataclass(frozen=True)
class _Entry:
    pattern: LogPattern
    literals: Tuple[bytes, ...]  # none: the pattern is always tried
    folded: bool


class Verifier:
    """Tries patterns on records.

    ``trying`` is the name of the pattern whose expressions are at work, for whoever stops one that does not end.
    """

    def __init__(self, patterns: Sequence[LogPattern]) -> None:
        self.patterns = tuple(patterns)
        self.trying = ""
        self._ready: Optional[Tuple[_Entry, ...]] = None

    def without(self, name: str) -> "Verifier":
        """The same without a pattern."""
        return Verifier([each for each in self.patterns if each.name != name])

    def prepare(self) -> Tuple[_Entry, ...]:
        """Find out what the patterns need; not before there is something to verify, since mostly there is nothing."""
        if self._ready is None:
            self._ready = tuple(map(_entry, self.patterns))
        return self._ready

    def by_literals(self, record: bytes) -> List[LogPattern]:
        """The patterns that may match a record: it has what they need."""
        lower = record.lower()
        found: List[LogPattern] = []
        for entry in self.prepare():
            text = lower if entry.folded else record
            for literal in entry.literals:
                if literal in text:
                    found.append(entry.pattern)
                    break
            else:
                if not entry.literals:
                    found.append(entry.pattern)
        return found

    def hits(self, record: bytes, offset: int, cut: int = 0) -> List[Hit]:
        """What a record matches, in the order of the patterns.

        :param record: one without its last newline.
        :param cut: bytes of it that are not there.
        """
        found: List[Hit] = []
        for pattern in self.by_literals(record):
            self.trying = pattern.name
            match = pattern.regex.search(record)
            if match is not None and not any(each.search(record) for each in pattern.exclude):
                fields: Dict[str, str] = dict(pattern.fields)
                fields.update((name, decoded(value)) for name, value in groups_of(match).items())
                found.append(Hit(pattern.name, offset, record, fields, cut))
        self.trying = ""
        return found


def decoded(text: bytes) -> str:
    """As UTF-8, or as Latin-1, which is never wrong about ASCII and never fails."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _entry(pattern: LogPattern) -> _Entry:
    needed = needs(pattern.regex.pattern, pattern.regex.flags)
    if needed is None:
        return _Entry(pattern, (), False)
    return _Entry(pattern, tuple(sorted(needed.literals)), needed.folded)

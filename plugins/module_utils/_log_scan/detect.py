# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From blocks of records to hits: an engine says where to look, the expressions themselves decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, ContextManager, Dict, List, Protocol, Sequence, Tuple

from .._common.errors import Day2Error
from .lines import Places
from .model import Block, Hit, LogPattern
from .multiline import Finder, RecordRule, rule_of, together
from .verify import Verifier

LIMIT_SECONDS = 2.0
"""So long the expressions of a block may take; a block is about 1 MiB, and takes some milliseconds."""


class Engine(Protocol):
    """What finds candidates."""

    name: str

    def positions(self, data: bytes) -> Sequence[int]:
        """Places in a block, in order: in every record that a pattern matches lies one of them."""


class TooLong(Day2Error):
    """An expression did not come to an end in time."""


@dataclass(frozen=True)
class Match:
    """A hit, and where its record lies in the block."""

    hit: Hit
    start: int
    end: int


class Detector:
    """Finds the records that patterns match.

    ``rule`` is what joins lines to the records that blocks must hold whole.

    :param limit: a context that raises :class:`TooLong` in its body after so many seconds.
    """

    def __init__(
        self, patterns: Sequence[LogPattern], engine: Engine, limit: Callable[[float], ContextManager[None]]
    ) -> None:
        self.engine = engine
        self._limit = limit
        by_rule: Dict[str, List[LogPattern]] = {}
        for pattern in patterns:
            by_rule.setdefault(pattern.multiline, []).append(pattern)
        self._groups: List[Tuple[RecordRule, Verifier]] = [
            (rule_of(text), Verifier(some)) for text, some in by_rule.items()
        ]
        self.rule = together([rule for rule, _verifier in self._groups])
        self.disabled: List[str] = []  # patterns that took too long

    def matches(self, block: Block) -> List[Match]:
        """What the patterns match in a block, in the order of the records.

        A pattern that does not come to an end is left out from then on, and named in ``disabled``.
        """
        positions = self.engine.positions(block.data)
        if not positions:
            return []
        while True:
            for _rule, verifier in self._groups:
                verifier.prepare()  # which takes its time, and is nobody's fault
            try:
                with self._limit(LIMIT_SECONDS):
                    return self._verified(block, positions)
            except TooLong:
                self._disable()

    def _verified(self, block: Block, positions: Sequence[int]) -> List[Match]:
        data = block.data
        finder, places = Finder(data, self.rule), Places(block)
        found: List[Match] = []
        seen = [0] * len(self._groups)  # up to where the records of each group have been looked at
        for position in positions:
            for number, (rule, verifier) in enumerate(self._groups):
                if position < seen[number]:
                    continue
                start, end = finder.at(position, rule)
                seen[number] = end
                record = data[start : end - 1 if data.endswith(b"\n", start, end) else end]
                if record.endswith(b"\r"):
                    record = record[:-1]
                for hit in verifier.hits(record, places.at(start), block.cut):
                    found.append(Match(hit, start, end))
        return found

    def _disable(self) -> None:
        for number, (rule, verifier) in enumerate(self._groups):
            if verifier.trying:
                self.disabled.append(verifier.trying)
                self._groups[number] = (rule, verifier.without(verifier.trying))
                return
        raise TooLong("looking for patterns took too long, and none of them can be blamed")

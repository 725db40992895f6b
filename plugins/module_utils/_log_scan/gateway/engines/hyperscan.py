# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hyperscan: all triggers in one pass, with the vector instructions of the processor."""

from __future__ import annotations

from importlib import import_module
from typing import Any, List, Sequence

from ...._common.errors import GatewayError
from ...search import Search
from ...triggers import Triggers
from .written import as_hex

NAME = "hyperscan"


class Hyperscan:
    """Finds triggers in blocks.

    :raises GatewayError: when the package is missing or does not take the expressions.
    """

    def __init__(self, triggers: Triggers) -> None:
        self.name = NAME
        self._own = Search(Triggers(own=triggers.own)) if triggers.own else None
        self._database: Any = None
        try:
            hyperscan = import_module("hyperscan")
        except ImportError as error:
            raise GatewayError("use engine", NAME, "install the Python package hyperscan") from error
        literal = not triggers.shapes
        plain = [each if literal else as_hex(each) for each in triggers.needles]
        folded = [each if literal else as_hex(each) for each in triggers.folded]
        expressions = plain + folded + [each.pattern for each in triggers.shapes]
        if not expressions:
            return
        flags = [
            hyperscan.HS_FLAG_CASELESS if at in range(len(plain), len(plain + folded)) else 0
            for at in range(len(expressions))
        ]
        try:
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(
                expressions=expressions,
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=flags,
                literal=literal,
            )
        except hyperscan.error as error:
            raise GatewayError("use engine", NAME, str(error)) from error

    def positions(self, data: bytes) -> Sequence[int]:
        """Candidate places in a block of whole lines, in order: the last byte of each find."""
        found: List[int] = []
        add = found.append

        def met(_number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add(end - 1)

        if self._database is not None:
            self._database.scan(data, match_event_handler=met)
        if self._own is not None:
            found.extend(self._own.positions(data))
        found.sort()
        return found

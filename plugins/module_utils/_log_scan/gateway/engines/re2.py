# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RE2: all triggers as one expression, in one pass and in linear time."""

from __future__ import annotations

from importlib import import_module
from typing import Any, List, Sequence

from ...._common.errors import GatewayError
from ...search import Search
from ...triggers import Triggers
from .written import expressions

NAME = "re2"
_MEMORY = 32 << 20  # for its automata; it makes them anew when that is not enough


class Re2:
    """Finds triggers in blocks.

    :raises GatewayError: when the package is missing or does not take the expressions.
    """

    def __init__(self, triggers: Triggers) -> None:
        self.name = NAME
        self._own = Search(Triggers(own=triggers.own)) if triggers.own else None
        self._regex: Any = None
        try:
            re2 = import_module("re2")
        except ImportError as error:
            raise GatewayError("use engine", NAME, "install the Python package google-re2") from error
        written = expressions(triggers, "(?i:%s)")
        if not written:
            return
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1  # bytes
        options.never_capture = True
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._regex = re2.compile(b"|".join(written), options)
        except re2.error as error:
            raise GatewayError("use engine", NAME, str(error)) from error

    def positions(self, data: bytes) -> Sequence[int]:
        """Candidate places in a block of whole lines, in order: the first byte of each find."""
        found: List[int] = [] if self._regex is None else [match.start() for match in self._regex.finditer(data)]
        if self._own is not None:
            found.extend(self._own.positions(data))
            found.sort()
        return found

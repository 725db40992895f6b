# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ripgrep: the triggers as expressions over bytes."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from dataclasses import replace
from heapq import merge
from typing import Iterator, Optional

from ...._common.errors import GatewayError
from ...triggers import Triggers
from .program import Program, first_line
from .written import expressions

NAME = "rg"
_OLDEST = 12  # which learned to leave the encoding alone
_HOW = ("--no-config", "--color=never", "--encoding=none", "--no-unicode", "--text", "--no-filename", "--no-heading")
_WHAT = ("--no-line-number", "--byte-offset", "--only-matching", "--threads=1", "--no-messages")


class Ripgrep:
    """Finds triggers in a file.

    :raises GatewayError: when there is no ripgrep on the path, or it is too old.
    """

    def __init__(self, triggers: Triggers) -> None:
        self.name = NAME
        where = shutil.which(NAME)
        version = _version(where) if where else None
        if where is None or version is None:
            raise GatewayError("use engine", NAME, "install ripgrep, so that rg is on the path")
        if version < _OLDEST:
            raise GatewayError("use engine", NAME, f"ripgrep {version} is too old, {_OLDEST} is needed")
        # One expression that begins with a common byte takes the speed from hundreds of literals: they go apart.
        literals, shapes = replace(triggers, shapes=()), Triggers(shapes=triggers.shapes)
        self._programs = [Program((where, *_HOW, *_WHAT), expressions(each, "(?i:%s)")) for each in (literals, shapes)]

    def offsets(self, descriptor: int, start: int, end: int) -> Iterator[int]:
        """Where the triggers stand between two offsets, which are starts of lines, in order."""
        with ExitStack() as stack:
            runs = [each.offsets(descriptor, start, end) for each in self._programs if each.searches]
            for run in runs:
                stack.enter_context(closing(run))
            yield from merge(*runs)


def _version(where: str) -> Optional[int]:
    words = first_line((where, "--version")).split()
    if len(words) < 2 or words[0] != "ripgrep":
        return None
    number = words[1].split(".")[0]
    return int(number) if number.isdigit() else None

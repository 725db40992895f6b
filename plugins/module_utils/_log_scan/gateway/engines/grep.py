# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GNU grep: the triggers as one extended expression, over bytes by ``LC_ALL=C``.

``-E`` makes one automaton of them; ``-F`` with more than a few strings takes twice the time.
"""

from __future__ import annotations

import re
import shutil
from typing import Iterator, List

from ...._common.errors import GatewayError
from ...triggers import Triggers
from .program import Program, first_line

NAME = "grep"
_SPECIAL = b".[()*+?{|^$\\"
_HOW = ("--text", "--byte-offset", "--only-matching", "--no-messages", "--color=never", "--extended-regexp")


class Grep:
    """Finds triggers in a file.

    :raises GatewayError: when there is no GNU grep on the path; those of BusyBox and BSD count and buffer in other ways.
    """

    def __init__(self, triggers: Triggers) -> None:
        self.name = NAME
        where = shutil.which(NAME)
        if where is None or "GNU grep" not in first_line((where, "--version")):
            raise GatewayError("use engine", NAME, "install GNU grep, so that grep is on the path")
        self._program = Program(
            (where, *_HOW), _extended(triggers), {"LC_ALL": "C", "GREP_OPTIONS": "", "GREP_COLORS": ""}
        )

    def offsets(self, descriptor: int, start: int, end: int) -> Iterator[int]:
        """Where the triggers stand between two offsets, which are starts of lines, in order."""
        return self._program.offsets(descriptor, start, end)


def _extended(triggers: Triggers) -> List[bytes]:
    found = [_places(each) for each in triggers.needles]
    found += [_places(each, folded=True) for each in triggers.folded]
    return found + [b"".join(map(_place, _members(each.pattern))) for each in triggers.shapes]


def _places(literal: bytes, folded: bool = False) -> bytes:
    codes = (bytes((code,)) for code in literal)
    return b"".join(_place(each.upper() + each if folded and each.isalpha() else each) for each in codes)


def _members(shape: bytes) -> List[bytes]:
    """The bytes that may stand at each place of a shape, which is written as ``literals.as_regex`` does."""
    found = []
    for one, several in re.findall(rb"\\x([0-9a-f]{2})|\[([^]]+)\]", shape):
        found.append(bytes.fromhex((one or several.replace(b"\\x", b"")).decode()))
    return found


def _place(members: bytes) -> bytes:
    if len(members) == 1:
        return b"\\" + members if members in _SPECIAL else members
    # In brackets a backslash is itself, and what means something means nothing at the right place.
    plain = bytes(code for code in members if code not in b"][^-")
    ordered = b"".join((b"]" * (93 in members), plain, b"[" * (91 in members), b"^" * (94 in members)))
    ordered = b"-" + ordered if ordered[:1] == b"^" else ordered + b"-" * (45 in members)
    return b"[" + ordered + b"]"

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers of lines, as long as they can be had at a price that nobody minds."""

from __future__ import annotations

from typing import Callable, Iterable, Optional

from .model import Block

COUNTED = 128 << 20
"""So many bytes of a generation are counted in one run, in a tenth of a second; what lies behind has only an offset."""

Reread = Callable[[int, int], Iterable[bytes]]


class LineCount:
    """The number of the line at ``offset``; None where it is not known.

    :param reread: the text between two offsets, for blocks without data.
    """

    def __init__(self, line: Optional[int], offset: int, reread: Optional[Reread] = None) -> None:
        self.line = line
        self.offset = offset
        self._reread = reread
        self._left = COUNTED

    def at(self, block: Block, start: int) -> Optional[int]:
        """The number of the line at a place of a block."""
        if self.line is None or self.offset != block.offset:
            return None
        return self.line + block.data.count(b"\n", 0, start)

    def pass_over(self, block: Block) -> None:
        """Go on to the end of a block."""
        if self.line is None:
            return
        self._left -= block.consumed
        if self.offset != block.offset or self._left < 0:
            self.line = None
            return
        end = block.offset + block.consumed
        if block.data:
            self.line += block.data.count(b"\n")
        elif self._reread is not None:
            self.line += sum(piece.count(b"\n") for piece in self._reread(block.offset, end))
        self.offset = end

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks of a file of which a program has found the candidates: only what is around them is read by us."""

from __future__ import annotations

from typing import Iterator, Protocol

from ...._common.errors import GatewayError
from ...lines import Cutter, encoding_of
from ...model import Block

WINDOW = 128 << 20  # searched by one program: between two of them the caller looks at its budget
_LOOK = 1 << 20  # how far back from the end of a window a newline is looked for
_NEAR = 1024  # candidates so near to each other are in one block
_STEP = 4096  # bytes read at once to find the ends of a line
_LARGEST = 1 << 20  # of a block


class FileEngine(Protocol):
    """A program that searches files."""

    name: str

    def offsets(self, descriptor: int, start: int, end: int) -> Iterator[int]:
        """Places between two offsets, which are starts of lines, in order: each matching line has one of them."""


class Readable(Protocol):
    """An open plain file."""

    descriptor: int

    def read(self, start: int, length: int) -> bytes:
        """Its text from ``start``, less than ``length`` bytes at its end only."""


class Sparse:
    """A file as blocks that follow each other without a hole; those without data are text in which nothing was found.

    Every block with data has whole lines. They end at ``offset``: at the last line's end, or where the program is of
    no use any more (``problem`` says why, if it failed). What comes from there on is to be read in the ordinary way. For
    text in UTF-8 or ASCII, patterns whose records are single lines, and logs that nothing is wrapped around.
    """

    def __init__(self, engine: FileEngine, text: Readable, start: int, end: int, window: int = WINDOW) -> None:
        """
        :param start: the start of a line.
        :param end: not read beyond.
        """
        self.offset = start
        self.problem = ""
        self._engine = engine
        self._text = text
        self._end = end
        self._window = window
        self._head = text.read(0, 4)

    def blocks(self) -> Iterator[Block]:
        """The blocks. ``offset`` is right at any time, also when somebody stops half way."""
        if encoding_of(self._head)[0] != "utf-8":
            return
        try:
            while self.offset < self._end:
                stop = self._last_line_end(min(self.offset + self._window, self._end))
                if stop <= self.offset:
                    return  # no line ends here, or a very long one does
                for block in self._searched(stop):
                    self.offset = block.offset + block.consumed
                    yield block
        except GatewayError as error:
            self.problem = str(error)

    def _last_line_end(self, stop: int) -> int:
        begin = max(self.offset, stop - _LOOK)
        return begin + self._text.read(begin, stop - begin).rfind(b"\n") + 1

    def _searched(self, stop: int) -> Iterator[Block]:
        begin = end = self.offset  # of the lines to give out next
        for candidate in self._engine.offsets(self._text.descriptor, self.offset, stop):
            if candidate < end:
                continue
            if candidate - end > _NEAR or end - begin > _LARGEST or begin == end:
                yield from self._given(begin, end)
                begin = self._line_start(candidate, end)
            end = self._line_end(candidate, stop)
        yield from self._given(begin, end)
        if self.offset < stop:
            yield Block(self.offset, b"", stop - self.offset)

    def _given(self, begin: int, end: int) -> Iterator[Block]:
        """Whole lines, and before them a block for what lies between."""
        if begin == end:
            return
        if begin > self.offset:
            yield Block(self.offset, b"", begin - self.offset)
        cutter = Cutter(begin, self._head)
        while begin < end:
            data = self._text.read(begin, min(_LARGEST, end - begin))
            if not data:
                raise GatewayError("read", "a log", "it was cut while it was read")
            begin += len(data)
            yield from cutter.feed(data)

    def _line_start(self, place: int, floor: int) -> int:
        """The start of the line at a place, which is not before ``floor``."""
        step = _STEP
        while place > floor:
            begin = max(floor, place - step)
            found = self._text.read(begin, place - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            place, step = begin, min(2 * step, _LARGEST)
        return floor

    def _line_end(self, place: int, ceiling: int) -> int:
        step = _STEP
        while place < ceiling:
            data = self._text.read(place, min(step, ceiling - place))
            found = data.find(b"\n")
            if found >= 0:
                return place + found + 1
            if not data:
                break
            place, step = place + len(data), min(2 * step, _LARGEST)
        return ceiling

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in a big log a time begins, by binary search instead of reading it all."""

from __future__ import annotations

from datetime import datetime
from typing import Callable, Iterator, NamedTuple, Optional, Tuple

from .lines import Cutter, encoding_of, offset_at

CHUNK = 1 << 16
"""So much is read at a time; below it lines are simply looked through."""

_UNIT = 4  # bytes: the smallest piece of the widest encoding, and the longest byte order mark


def offset_of(
    read: Callable[[int, int], bytes],
    size: int,
    at: datetime,
    stamp_of: Callable[[bytes], Optional[datetime]],
    encoding: str = "",
) -> int:
    """The start of the first line whose time is not before ``at``.

    Lines without a time belong to the one before them. When there is no such line it is where the last, unfinished
    line begins, or the end. Lines are taken to be in the order of their times: where they are not, it is the start of
    some line that is late enough.

    :param read: bytes of the text from an offset on, as many as asked for unless the text ends.
    :param size: of the text.
    """
    text = _Text(read, size, encoding)
    low, high = 0, size  # the line begins in between, or nowhere
    found = -1
    while high - low > CHUNK:
        middle = (low + high) // 2
        line, when = _first_stamped(text, middle, high, stamp_of)
        if line is None or when is None:
            high = middle  # nothing from there on has a time
        elif when >= at:
            high, found = line.start, line.origin
        else:
            low = line.end
    for line in text.lines(low, high):
        when = stamp_of(line.text)
        if when is not None and when >= at:
            return line.origin
    return found if found >= 0 else text.unfinished()


def unfinished_at(read: Callable[[int, int], bytes], size: int, encoding: str = "") -> int:
    """Where the last line begins, if it has no newline yet, else the end: both are starts of lines."""
    return _Text(read, size, encoding).unfinished()


def _first_stamped(
    text: "_Text", start: int, stop: int, stamp_of: Callable[[bytes], Optional[datetime]]
) -> Tuple[Optional["_Line"], Optional[datetime]]:
    """The first line with a time that begins in a range, and that time."""
    # From a little before the range, as a line may begin right with it; what comes first is a piece of a line.
    lines = text.lines(start - start % _UNIT - _UNIT, stop)
    next(lines, None)
    for line in lines:
        when = stamp_of(line.text) if line.start >= start else None
        if when is not None:
            return line, when
    return None, None


class _Line(NamedTuple):
    start: int
    origin: int  # of its text: behind its start when there are zero bytes before it, or a byte order mark
    end: int
    text: bytes


class _Text:
    """The lines of a text that is read piece by piece."""

    def __init__(self, read: Callable[[int, int], bytes], size: int, encoding: str) -> None:
        self._read = read
        self._size = size
        self._encoding = encoding
        self._head = read(0, min(size, _UNIT))

    def lines(self, start: int, stop: int) -> Iterator[_Line]:
        """The ended lines that begin in a range, of which the first may be a piece of one."""
        cutter = Cutter(start, self._head, self._encoding)
        where = start
        while where < self._size:
            chunk = self._read(where, min(CHUNK, self._size - where))
            if not chunk:
                return
            where += len(chunk)
            for block in cutter.feed(chunk):
                position = 0
                while position < len(block.data):
                    origin = offset_at(block, position)
                    start = origin if position else block.offset
                    if start >= stop:
                        return
                    after = block.data.index(b"\n", position) + 1
                    ended = after == len(block.data)
                    end = block.offset + block.consumed if ended else offset_at(block, after)
                    yield _Line(start, origin, end, block.data[position : after - 1])
                    position = after
            if cutter.offset >= stop:
                return

    def unfinished(self) -> int:
        """Where the last line begins, if it has no newline yet, else the end."""
        name, _mark = encoding_of(self._head, self._encoding)
        newline = "\n".encode(name)
        # Pieces end where units do.
        stop = self._size - self._size % len(newline)
        while stop > 0:
            start = max(stop - CHUNK, 0)
            chunk = self._read(start, stop - start)
            found = chunk.rfind(newline)
            while found % len(newline) and found >= 0:
                found = chunk.rfind(newline, 0, found + len(newline) - 1)
            if found >= 0:
                return start + found + len(newline)
            stop = start
        return 0

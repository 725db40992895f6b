# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From bytes as they are read to blocks of whole lines, whatever the bytes are.

Plain text goes through by the block: no line of it is touched one by one. What needs more care is a block of its own:

- a line longer than ``LONGEST``, of which only the head is kept, while the rest is counted;
- a line behind bytes that are no text: a byte order mark, or the zero bytes that a writer leaves in front of its next
  line when its file was cut under it (copytruncate);
- text in another encoding, which is given as UTF-8, with the origin of every line.

Blocks follow each other without a hole: ``offset + consumed`` of one is the ``offset`` of the next.
A carriage return before the newline is left where it is, since blocks are byte for byte; who looks at lines drops it.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Iterator, List, Optional, Sequence, Tuple

from .._common.errors import Day2Error
from .model import Block

LONGEST = 65536
"""So many bytes of a line are looked at."""

BLOCK = 1 << 20
"""A block is about so long."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),  # before utf-16, whose mark it begins with
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_NEWLINES = {"\n".encode(name): name for _mark, name in _MARKS}
_AS_IT_IS = frozenset(("utf-8", "ascii"))


def encoding_of(head: bytes, asked: str = "") -> Tuple[str, int]:
    """The encoding of a text that begins with these bytes, and the length of its byte order mark.

    A mark is believed more than what was asked for; with neither, text is UTF-8.

    :raises Day2Error: when the encoding asked for is unknown, or is none in which lines can be found.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    return (encoding_asked(asked) if asked else "utf-8"), 0


def encoding_asked(name: str) -> str:
    """The encoding of that name, by the name that is used here.

    :raises Day2Error: when it is unknown, or is none in which lines can be found.
    """
    import codecs

    try:
        found = codecs.lookup(name).name
        found = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(found, found)
        newline = "\n".encode(found)
    except (LookupError, ValueError):  # base64 and the like are codecs, and no encodings
        raise Day2Error(f"{name!r} is not an encoding (one looks like utf-8, utf-16, latin-1 or cp1252)") from None
    if newline not in _NEWLINES:
        raise Day2Error(f"logs in the encoding {name!r} cannot be read: its lines do not end with a newline")
    return found


class Cutter:
    """Chunks of a generation's text, in order and cut anywhere, to blocks of whole lines.

    Bounded memory: beside the chunk at hand it holds at most ``LONGEST`` bytes. ``offset`` is where the line begins
    that is not ended yet; the next run begins there.

    :param offset: of the first byte that will be fed; the start of a line.
    :param head: the first bytes of the generation, whose byte order mark holds for all of it.
    :param encoding: as asked for; empty: UTF-8, unless the mark says otherwise.
    """

    def __init__(self, offset: int, head: bytes, encoding: str = "") -> None:
        name, mark = encoding_of(head, encoding)
        self._codec = "" if name in _AS_IT_IS else name
        self._newline = "\n".encode(name)
        self._width = len(self._newline)  # of the smallest unit, as newlines stand in whole ones only
        self.offset = offset
        self._end = offset  # of what was fed
        # Bytes to pass over first: the rest of the mark, or of a unit that an earlier run had to cut.
        self._skip = max(mark - offset, 0) or -offset % self._width
        self._rest = b""  # the beginning of a unit
        # The line that is not ended yet: bytes before it that are no text, its own, and how many were too many.
        self._ignored = 0
        self._parts: List[bytes] = []
        self._held = 0
        self._lost = 0

    @property
    def pending(self) -> int:
        """Bytes fed that are in no block yet."""
        return self._end - self.offset

    def feed(self, chunk: bytes) -> Iterator[Block]:
        """The blocks that these bytes make complete. Exhaust them before more is fed."""
        self._end += len(chunk)
        if self._skip:
            passed = min(self._skip, len(chunk))
            self._skip -= passed
            self._ignored += passed
            chunk = chunk[passed:]
        if self._width > 1:
            chunk = self._rest + chunk
            whole = len(chunk) - len(chunk) % self._width
            self._rest = chunk[whole:]
            chunk = chunk[:whole]
        for start in range(0, len(chunk), BLOCK):
            yield from self._cut(chunk[start : start + BLOCK])

    def finish(self, settled: bool) -> Iterator[Block]:
        """At the end of what is there.

        :param settled: that nothing will come any more: what is left is a line. Else it stays pending, and more may
            be fed.
        """
        if settled and self.pending:
            self._lost += len(self._rest)  # half a unit is no text
            if self._held + self._lost <= LONGEST:
                self._lost = 0
            self._rest = b""
            yield self._special(b"", self.pending)

    def _cut(self, piece: bytes) -> Iterator[Block]:
        size, begin = len(piece), 0
        noisy = not self._codec and b"\0" in piece
        while begin < size:
            if noisy and not self._held:
                begin = self._past_zeros(piece, begin)
            if not self._ignored and not self._lost:
                end = self._ordinary(piece, begin, noisy)
                if end > begin:
                    yield self._block(piece, begin, end)
                    begin = end
                    continue
            newline = self._find(piece, begin)
            if newline < 0:
                self._keep(piece[begin : begin + LONGEST], size - begin)
                return
            after = newline + self._width
            self._keep(piece[begin : min(newline, begin + LONGEST)], newline - begin)
            consumed = self._ignored + self._held + self._lost + self._width
            yield self._special(self._newline, consumed)
            begin = after

    def _past_zeros(self, piece: bytes, begin: int) -> int:
        """Zero bytes at the start of a line are no text."""
        if piece[begin]:
            return begin
        rest = piece[begin:].lstrip(b"\0")
        after = len(piece) - len(rest)
        self._ignored += after - begin
        return after

    def _ordinary(self, piece: bytes, begin: int, noisy: bool) -> int:
        """The end of the lines from there that can stand in one block."""
        stop = len(piece)
        if noisy:
            zeros = piece.find(b"\n\0", begin)
            stop = zeros + 1 if zeros >= 0 else stop
        room = LONGEST - self._held
        end = begin
        while end < stop:
            # From a line's start to the last newline within reach there is no line that is too long.
            newline = self._rfind(piece, end, min(end + room + self._width, stop))
            if newline < 0:
                break
            end, room = newline + self._width, LONGEST
        return end

    def _find(self, piece: bytes, start: int) -> int:
        found = piece.find(self._newline, start)
        while found % self._width and found >= 0:
            found = piece.find(self._newline, found + 1)
        return found

    def _rfind(self, piece: bytes, start: int, stop: int) -> int:
        found = piece.rfind(self._newline, start, stop)
        while found % self._width and found >= 0:
            found = piece.rfind(self._newline, start, found + self._width - 1)
        return found

    def _keep(self, part: bytes, size: int) -> None:
        """More of the line that is not ended; ``part`` is the beginning of ``size`` bytes."""
        part = part[: LONGEST - self._held]
        if part:
            self._parts.append(part)
            self._held += len(part)
        self._lost += size - len(part)

    def _block(self, piece: bytes, begin: int, end: int) -> Block:
        if self._parts:
            data = b"".join((*self._parts, memoryview(piece)[begin:end]))
            self._parts.clear()
            self._held = 0
        else:
            data = piece[begin:end]
        offset = self.offset
        self.offset += len(data)
        if self._codec:
            text, starts = self._transcoded(data)
            return Block(offset, text, len(data), [offset + start for start in starts])
        return Block(offset, data, len(data))

    def _special(self, newline: bytes, consumed: int) -> Block:
        """The line at hand as a block of its own."""
        data = b"".join((*self._parts, newline))
        if self._codec:
            data = self._decoded(data[: len(data) - len(newline)]) + b"\n"
        elif not newline:
            data += b"\n"
        origins = (self.offset + self._ignored,) if self._ignored or self._codec else None
        block = Block(self.offset, data, consumed, origins, self._lost)
        self.offset += consumed
        self._ignored = self._held = self._lost = 0
        self._parts.clear()
        return block

    def _transcoded(self, raw: bytes) -> Tuple[bytes, Sequence[int]]:
        """Whole lines as UTF-8, and where each of them begins in ``raw``."""
        lines: List[bytes] = []
        begin = 0
        while begin < len(raw):
            end = self._find(raw, begin)
            lines.append(raw[begin:end])
            begin = end + self._width
        starts = [0, *accumulate(len(line) + self._width for line in lines)]
        text = self._decoded(raw)
        if text.count(b"\n") != len(lines):  # something damaged took a newline with it
            text = b"".join(self._decoded(line).replace(b"\n", b" ") + b"\n" for line in lines)
        return text, starts[:-1]

    def _decoded(self, raw: bytes) -> bytes:
        return raw.decode(self._codec, "replace").encode("utf-8", "replace")


def offset_at(block: Block, position: int) -> int:
    """Where in the generation's text the line stands that begins at a position of the block's data."""
    if block.origins is None:
        return block.offset + position
    return block.origins[block.data.count(b"\n", 0, position)]


class Places:
    """The same for many lines of a block, which is quick as long as they are asked for in order."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._position = self._line = 0

    def at(self, position: int) -> int:
        """Where the line stands that begins at a position of the block's data."""
        block = self._block
        if block.origins is None:
            return block.offset + position
        if position < self._position:
            self._position = self._line = 0
        self._line += block.data.count(b"\n", self._position, position)
        self._position = position
        return block.origins[self._line]


def split(block: Block, position: int) -> Tuple[Block, Block]:
    """The block in two at the start of a line, neither the first nor behind the last."""
    if block.origins is None:
        boundary = block.offset + position
        before: Optional[Sequence[int]] = None
        after: Optional[Sequence[int]] = None
    else:
        lines = block.data.count(b"\n", 0, position)
        boundary = block.origins[lines]
        before, after = block.origins[:lines], block.origins[lines:]
    return (
        Block(block.offset, block.data[:position], boundary - block.offset, before),
        Block(boundary, block.data[position:], block.offset + block.consumed - boundary, after, block.cut),
    )


def joined(first: Block, second: Block) -> Block:
    """Two blocks that follow each other as one. Neither has a line that was cut."""
    origins: Optional[Sequence[int]] = None
    if first.origins is not None or second.origins is not None:
        origins = [*_origins(first), *_origins(second)]
    return Block(first.offset, first.data + second.data, first.consumed + second.consumed, origins)


def _origins(block: Block) -> Sequence[int]:
    if block.origins is not None:
        return block.origins
    starts = accumulate((len(line) + 1 for line in block.data.split(b"\n")[:-1]), initial=block.offset)
    return list(starts)[:-1]

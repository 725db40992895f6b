# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs of containers: the text that a program wrote, out of what its runtime wrapped around it.

Docker's JSON files and the format of the Container Runtime Interface (CRI) both cut long lines into pieces, which are
joined again here. The pieces of both streams of a container may lie between each other. Such lines belong together:
they come at once, in the order in which they begin and with the origin of the first, since nobody can begin to read
between them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import deque
from functools import cache
from typing import Deque, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple
from typing import Pattern as Regex

from .json_lines import fields_of
from .lines import LONGEST
from .model import Block

TEXT, JSON, DOCKER, CRI = "text", "json", "docker", "cri"

# Lines, and bytes of them, that lie between the pieces of another one: with more, those that miss pieces are given out
# as they are.
_MOST_WAITING = 500
_MOST_BYTES = 1 << 20
_REMEMBERED = 1000  # lines whose fields are known beyond the last block: a record that is held back has fewer
_DOCKER_START = b'{"log":"'
_STREAMS = (b"stdout", b"stderr")


def format_of(head: bytes) -> str:
    """``docker``, ``cri``, ``json`` or ``text``, by the first bytes of a log; the last line in them may be cut off."""
    lines = [line for line in head.split(b"\n")[:8] if line.strip()]
    if not lines:
        return TEXT
    if all(line.startswith(_DOCKER_START) for line in lines) and any(_is_docker(line) for line in lines):
        return DOCKER
    if all(_cri(line, 0) is not None for line in lines[: max(len(lines) - 1, 1)]):
        return CRI
    whole = lines[:-1] or lines
    if all(line.lstrip()[:1] == b"{" for line in lines) and (
        all(fields_of(line) for line in whole) or (len(lines) == 1 and lines[0].startswith(b'{"'))
    ):
        return JSON
    return TEXT


def _is_docker(line: bytes) -> bool:
    fields = fields_of(line)
    if fields:
        return {"log", "stream", "time"} <= fields.keys()
    # Cut off: what cannot be told apart by its end is what Docker writes far more often than anybody else.
    return not line.rstrip().endswith(b"}")


class _Piece(NamedTuple):
    text: bytes  # without its newline
    stream: bytes
    time: bytes
    ended: bool  # the line ends with it
    cut: int = 0


class _Line:
    """A line of a program, as far as its pieces are known."""

    __slots__ = ("origin", "stream", "time", "parts", "size", "lost", "open")

    def __init__(self, origin: int, stream: bytes, time: bytes) -> None:
        self.origin = origin
        self.stream = stream
        self.time = time
        self.parts: List[bytes] = []
        self.size = 0
        self.lost = 0
        self.open = True

    def add(self, piece: _Piece) -> None:
        part = piece.text[: LONGEST - self.size]
        if part:
            self.parts.append(part)
        self.size += len(part)
        self.lost += len(piece.text) - len(part) + piece.cut
        self.open = not piece.ended


class _Group:
    """Lines that make a block: what they are, where they begin, what is known of each."""

    __slots__ = ("texts", "origins", "fields", "lost")

    def __init__(self) -> None:
        self.texts: List[bytes] = []
        self.origins: List[int] = []
        self.fields: List[Tuple[bytes, bytes]] = []
        self.lost = 0

    def add(self, line: _Line, origin: int) -> None:
        self.texts.append(b"".join(line.parts))
        self.origins.append(origin)
        self.fields.append((line.stream, line.time))
        self.lost = line.lost


class Unwrapper:
    """Blocks of a container's log to blocks of the text in it, with the origin of every line.

    Lines that are not wrapped as they should be go through as they are. ``offset`` is where the first line begins that
    is not given out yet; None when there is none.

    :param kind: ``docker`` or ``cri``.
    """

    def __init__(self, kind: str) -> None:
        self._read = _docker if kind == DOCKER else _cri
        self._simple = _simple(kind)
        self._text_first = kind == DOCKER  # and the time last; the other way round in CRI
        self._waiting: List[_Line] = []  # lines that are open, and those between their pieces
        self._open: Dict[bytes, _Line] = {}  # by their stream; there are some if anything waits
        self._begin = self._end = -1  # of what came in and is not given out
        self._size = 0  # bytes of what waits
        self._known: Deque[_Group] = deque()
        self._remembered = 0  # lines in there

    @property
    def offset(self) -> Optional[int]:
        """Where the next run begins on account of what is held back."""
        return self._begin if self._waiting else None

    @property
    def pending(self) -> int:
        """Bytes of the generation's text that are held back."""
        return self._end - self._begin if self._waiting else 0

    def feed(self, block: Block) -> Iterator[Block]:
        """The blocks that this makes complete. Exhaust them before more is fed."""
        if not self._waiting:
            self._begin = block.offset
        groups = [_Group()]
        group = groups[0]
        where = block.offset
        # One regex goes over all of the block: lines as nearly all of them are cost no more than that.
        for index, (raw, first, stream, last) in enumerate(self._simple.findall(block.data)):
            origin = where if block.origins is None else block.origins[index]
            where += len(raw) + 1
            if stream and not self._waiting and not block.cut:
                group.texts.append(first if self._text_first else last)
                group.origins.append(origin)
                group.fields.append((stream, last if self._text_first else first))
                continue
            self._take(raw, origin, block.cut, groups)
            group = groups[-1]
        self._end = block.offset + block.consumed
        yield from self._blocks(groups)

    def finish(self, settled: bool) -> Iterator[Block]:
        """At the end of what is there.

        :param settled: that nothing will come any more, so that lines whose last piece is missing are given out.
        """
        if settled:
            groups = [_Group()]
            self._release(groups)
            yield from self._blocks(groups)

    def fields_of(self, origin: int) -> Mapping[str, str]:
        """``stream`` and ``time`` of the line with that origin, of the last block or shortly before.

        Of several with one origin only what they have in common.
        """
        for known in reversed(self._known):
            first, behind = bisect_left(known.origins, origin), bisect_right(known.origins, origin)
            if first < behind:
                some = [_named(values) for values in known.fields[first:behind]]
                return {name: value for name, value in some[0].items() if all(each.get(name) == value for each in some)}
        return {}

    def _take(self, raw: bytes, origin: int, cut: int, groups: List[_Group]) -> None:
        piece = self._read(raw, cut) or _Piece(raw, b"", b"", True, cut)
        line = self._open.get(piece.stream) if piece.stream else None
        # A line that is too long is alone in its block, so it cannot be one of several that belong together.
        size = (line.size if line is not None else 0) + len(piece.text) + piece.cut
        lost = size > LONGEST or (line is None and bool(self._waiting) and self._waiting[0].lost > 0)
        if lost and len(self._waiting) > (0 if line is None else 1):
            self._release(groups)
            line = None
        if line is None:
            line = _Line(origin, piece.stream, piece.time)
            self._waiting.append(line)
        self._size -= line.size
        line.add(piece)
        self._size += line.size
        if line.open:
            self._open[line.stream] = line
        else:
            self._open.pop(line.stream, None)
        many = len(self._waiting) > 1 and (len(self._waiting) > _MOST_WAITING or self._size > _MOST_BYTES)
        if many or not self._open:
            self._release(groups)

    def _release(self, groups: List[_Group]) -> None:
        """What waits is done; of a line that misses pieces, what follows is a line of its own."""
        for line in self._waiting:
            if line.lost and groups[-1].origins:
                groups.append(_Group())
            groups[-1].add(line, self._waiting[0].origin)
            if line.lost:
                groups.append(_Group())
        self._waiting.clear()
        self._open.clear()
        self._size = 0

    def _blocks(self, groups: Sequence[_Group]) -> Iterator[Block]:
        """Lines as blocks, each of which reaches to where the next one begins."""
        some = [group for group in groups if group.origins]
        last = self._waiting[0].origin if self._waiting else self._end
        for group, stop in zip(some, [*(group.origins[0] for group in some[1:]), last]):
            self._known.append(group)
            self._remembered += len(group.origins)
            while self._remembered - len(self._known[0].origins) - len(group.origins) > _REMEMBERED:
                self._remembered -= len(self._known.popleft().origins)
            block = Block(self._begin, b"\n".join((*group.texts, b"")), stop - self._begin, group.origins, group.lost)
            group.texts = []
            self._begin = stop
            yield block


@cache
def _simple(kind: str) -> "Regex[bytes]":
    """Every line; in groups what is in it, if it is a whole line that needs no more care."""
    docker = (
        rb'\{"log":"([^"\\\n]*)\\n","stream":"(stdout|stderr)"(?:,"attrs":\{[^}\\\n]*\})?'
        rb',"time":"([^"\\\n]*)"\}(?=\n)'
    )
    cri = rb"([^\s]+T[^\s]+) (stdout|stderr) F(?::[^\s]*)? ([^\n]*)"
    return re.compile(rb"(" + (docker if kind == DOCKER else cri) + rb"|[^\n]*)\n")


def _named(values: Tuple[bytes, bytes]) -> Mapping[str, str]:
    return {name: value.decode("utf-8", "replace") for name, value in zip(("stream", "time"), values) if value}


def _docker(raw: bytes, cut: int) -> Optional[_Piece]:
    """A line of Docker's JSON files; None when it is none."""
    if not raw.startswith(_DOCKER_START):
        return None
    try:
        value = (
            json.loads(raw.decode("utf-8", "replace"))
            if not cut
            else {"log": _head_of(raw[len(_DOCKER_START) :]) + "\n"}
        )
    except (ValueError, RecursionError):
        return None
    log = value.get("log")
    if not isinstance(log, str):
        return None
    ended = log.endswith("\n")
    # A line cannot have another one in it: that would be half a line to whoever begins to read there.
    text = (log[:-1] if ended else log).encode("utf-8", "replace").replace(b"\n", b" ")
    stream, time = (str(value.get(name) or "").encode("utf-8", "replace") for name in ("stream", "time"))
    return _Piece(text, stream, time, ended or not stream, cut)


def _head_of(body: bytes) -> str:
    """The text of a JSON string whose end is missing."""
    for missing in range(13):  # of an escape, or of two that make one character
        try:
            return str(json.loads(b'"' + body[: len(body) - missing] + b'"'))
        except ValueError:
            continue
    return body.decode("utf-8", "replace")


def _cri(raw: bytes, cut: int) -> Optional[_Piece]:
    """A line in the format of the Container Runtime Interface; None when it is none."""
    parts = raw.split(b" ", 3)
    if len(parts) < 3 or parts[1] not in _STREAMS or parts[0][10:11] != b"T":
        return None
    tag = parts[2].partition(b":")[0]
    if tag not in (b"F", b"P"):
        return None
    text = parts[3] if len(parts) == 4 else b""
    return _Piece(text, parts[1], parts[0], tag == b"F", cut)

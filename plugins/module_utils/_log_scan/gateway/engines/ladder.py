# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which engine searches: the fastest that is there, or the one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Callable, Dict, List, Optional, Protocol, Sequence, Tuple

from ...._common.errors import GatewayError
from ...model import LogPattern, Segment
from ...search import Search
from ...triggers import LARGE, Triggers
from ...triggers import choose as choose_triggers
from ..reading import Text
from .selected import select
from .sparse import FileEngine

# For less than this it takes longer to load an engine than to do without it.
_FROM: Dict[str, int] = {"hyperscan": 4 << 20, "rg": 8 << 20, "re2": 2 << 20, "grep": 16 << 20}
_SAMPLES = 8  # logs of which the sample is taken
_SAMPLE = 1 << 17  # bytes of each
_SIMPLE = 1 << 16  # bytes of a block
_FEW = 4  # lines


class BlockEngine(Protocol):
    """What finds candidates in memory."""

    name: str

    def positions(self, data: bytes) -> Sequence[int]:
        """Places in a block of whole lines, in order: in every record that a pattern matches lies one of them."""


@dataclass(frozen=True)
class Chosen:
    """``file`` searches plain files, if it is there and may be used; ``block`` everything else."""

    block: BlockEngine
    file: Optional[FileEngine]
    name: str  # of the one that does most of the work
    warnings: Tuple[str, ...] = ()


def choose(asked: str, patterns: Sequence[LogPattern], segments: Sequence[Segment] = (), size: int = 0) -> Chosen:
    """The engine for these patterns.

    :param asked: ``auto`` or the name of one.
    :param segments: what will be read, of which a sample is taken.
    :param size: bytes to read, as far as it is known.
    :raises GatewayError: when an engine is asked for that is not there, saying what to install.
    """
    return choose_for(asked, patterns, sample_of(segments) if size else b"", size)


def choose_for(asked: str, patterns: Sequence[LogPattern], sample: bytes, size: int = LARGE) -> Chosen:
    """The engine for these patterns, by a sample of the text."""
    makers = _Makers(patterns, sample, size)
    if asked != "auto":
        return makers.asked(asked)
    for name, least in _FROM.items():
        if size >= least and (name not in _BLOCK or find_spec(name) is not None):
            try:
                return makers.asked(name, strict=True)
            except GatewayError:
                continue
    return makers.asked("stdlib")


def sample_of(segments: Sequence[Segment]) -> bytes:
    """Some of the text that will be read, from the largest plain files; empty when none can be read."""
    plain = [each for each in segments if not each.compression and (each.size or 0) > each.start]
    plain.sort(key=lambda each: (each.size or 0) - each.start, reverse=True)
    parts: List[bytes] = []
    for each in plain[:_SAMPLES]:
        left = (each.size or 0) - each.start
        length = min(_SAMPLE, left)
        try:
            with Text(each.path) as text:
                parts.append(text.read(each.start, length))
                if left > 2 * length:  # logs change their subject
                    parts.append(text.read(each.start + left // 2, length))
        except GatewayError:
            continue  # whoever reads it tells
    return b"".join(parts)


def _hyperscan(triggers: Triggers) -> BlockEngine:
    from .hyperscan import Hyperscan

    return Hyperscan(triggers)


def _re2(triggers: Triggers) -> BlockEngine:
    from .re2 import Re2

    return Re2(triggers)


def _ripgrep(triggers: Triggers) -> FileEngine:
    from .ripgrep import Ripgrep

    return Ripgrep(triggers)


def _grep(triggers: Triggers) -> FileEngine:
    from .grep import Grep

    return Grep(triggers)


_BLOCK: Dict[str, Callable[[Triggers], BlockEngine]] = {"hyperscan": _hyperscan, "re2": _re2}
_FILE: Dict[str, Callable[[Triggers], FileEngine]] = {"rg": _ripgrep, "grep": _grep}


class _Beside:
    """What goes with a program: few lines are searched simply, and what it cannot read (archives, journals) as usual.

    To choose triggers for large texts takes so long as to search some megabytes; mostly it is not needed.
    """

    name = "stdlib"

    def __init__(self, simple: BlockEngine, make: Callable[[], BlockEngine]) -> None:
        self._simple = simple
        self._make = make
        self._made: Optional[BlockEngine] = None

    def positions(self, data: bytes) -> Sequence[int]:
        """Candidate places in a block of whole lines, in order."""
        if len(data) < _SIMPLE:
            if data.count(b"\n") > _FEW:
                return self._simple.positions(data)
            starts = [0]  # the program has found something in one of them: it is told again when they are verified
            while len(starts) < _FEW and data.find(b"\n", starts[-1]) + 1 not in (0, len(data)):
                starts.append(data.index(b"\n", starts[-1]) + 1)
            return starts
        if self._made is None:
            self._made = self._make()
        return self._made.positions(data)


class _Makers:
    """Makes engines for one set of patterns."""

    def __init__(self, patterns: Sequence[LogPattern], sample: bytes, size: int) -> None:
        self._patterns = patterns
        self._sample = sample
        self._size = size

    def asked(self, name: str, strict: bool = False) -> Chosen:
        """An engine by its name.

        :param strict: nothing but that one.
        """
        if name in _BLOCK:
            return Chosen(_BLOCK[name](select(self._patterns, self._sample)), None, name)
        if name in _FILE:
            return self._with_file(name, strict)
        return Chosen(self._search(), None, "stdlib")

    def _with_file(self, name: str, strict: bool) -> Chosen:
        triggers = select(self._patterns, self._sample)
        engine = _FILE[name](triggers)
        why = ""
        if triggers.own:
            why = f"the pattern {triggers.own[0].name} needs no literal text"
        joined = next((each.name for each in self._patterns if each.multiline), "")
        if joined:
            why = f"the records of the pattern {joined} are of several lines"
        if not why:
            beside = _Beside(Search(triggers), self._search)
            return Chosen(beside, engine, name)
        if strict:
            raise GatewayError("use engine", name, why)
        block = self._search()
        return Chosen(block, None, block.name, (f"engine {name} is not used, since {why}",))

    def _search(self) -> Search:
        return Search(choose_triggers(self._patterns, self._sample, self._size))

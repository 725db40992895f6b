# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory of logs in memory, with a daemon that writes, the tools that rotate, and an account of every byte.

Each byte that the daemon writes has a place in one endless stream, and a file is a list of such places. So a copy, an
archive and what is left after a cut can be told apart byte by byte, without the code that is under test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Set, Tuple

from ansible_collections.day2.ops.plugins.module_utils._log_scan import identity
from ansible_collections.day2.ops.plugins.module_utils._log_scan.family import compression_of, families
from ansible_collections.day2.ops.plugins.module_utils._log_scan.follow import FirstRun, advance, decide
from ansible_collections.day2.ops.plugins.module_utils._log_scan.ledger import ledger
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import (
    Cause,
    Ledger,
    LogState,
    Observed,
    Read,
    Reading,
    Segment,
)

LIVE = "/log/app.log"
OLD = "/log/old"


@dataclass(eq=False)
class File:
    """A file: places in the stream, of which ``cut`` at the end are not there yet in an archive in the making."""

    inode: int
    places: List[int] = field(repr=False)
    modified: int
    compression: str = ""
    half: bool = False
    unreadable: bool = False


@dataclass
class Run:
    """What a run came to."""

    reading: Reading
    account: Ledger
    given: List[bytes] = field(default_factory=list)  # lines, in the order in which they were given out

    @property
    def causes(self) -> Set[Cause]:
        """Of its events."""
        return {each.cause for each in self.account.events}


class Directory:
    """The world of one log."""

    def __init__(self, reuse: bool = True, late_window: float = 60.0) -> None:
        self.files: Dict[str, File] = {}
        self.stream = bytearray()
        self.now = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
        self.reuse = reuse
        self.late_window = late_window
        self.device = 7
        self.state: Optional[LogState] = None
        self.reads: Dict[int, int] = {}  # place in the stream → how often it was read
        self._last_inode = 100
        self._fresh = 20_000

    # --- the file system ---

    def create(self, path: str, places: Iterable[int] = (), modified: Optional[int] = None) -> File:
        """A new file at ``path``; the lowest free inode, as many file systems do, or a fresh one."""
        taken = {each.inode for each in self.files.values()}
        if self.reuse:
            inode = next(each for each in range(100, 10_000) if each not in taken)
        else:
            self._last_inode += 1
            inode = self._last_inode
        made = File(inode, list(places), self.stamp() if modified is None else modified, compression_of(path))
        self.files[path] = made
        return made

    def fresh_inode(self, file: File) -> None:
        """Give it an inode that nothing has ever had."""
        self._fresh += 1
        file.inode = self._fresh

    def stamp(self) -> int:
        """The time, as files have it."""
        return int((self.now - datetime(1970, 1, 1, tzinfo=timezone.utc)) / timedelta(microseconds=1)) * 1000

    def path_of(self, file: File) -> Optional[str]:
        """Where it lies; None for one that was removed."""
        return next((path for path, each in self.files.items() if each is file), None)

    def append(self, file: File, data: bytes) -> None:
        """The daemon writes."""
        file.places.extend(range(len(self.stream), len(self.stream) + len(data)))
        self.stream += data
        file.modified = self.stamp()

    def text(self, file: File) -> bytes:
        """What a reader gets; of an archive in the making, half."""
        places = file.places[: len(file.places) // 2] if file.half else file.places
        return bytes(self.stream[each] for each in places)

    # --- a run ---

    def observe(self) -> List[Observed]:
        """As the gateway does, in the words of the contract."""
        names = {path: path.rpartition("/")[2] for path in self.files}
        family = set(families(names.values()).get(LIVE.rpartition("/")[2], ()))
        paths = [path for path in sorted(names) if path == LIVE or names[path] in family]
        return [self._look(path, self.files[path]) for path in paths]

    def _look(self, path: str, file: File) -> Observed:
        if file.unreadable:
            return Observed(path, 0, 0, 0, 0, unreadable="Permission denied")
        text, heads, tails = self.text(file), [], []
        for index, one in enumerate(self.state.generations if self.state is not None else ()):
            (head, head_length), (tail, tail_length) = identity.wanted(one.mark)
            if identity.same_head(one.mark, text[head : head + head_length]):
                heads.append(index)
                if len(text) >= one.mark.offset and identity.same_tail(one.mark, text[tail : tail + tail_length]):
                    tails.append(index)
        size = 20 + len(text) // 3 if file.compression else len(text)
        return Observed(
            path,
            self.device,
            file.inode,
            size,
            file.modified,
            file.compression,
            tuple(heads),
            tuple(tails),
            opening=text[: identity.HEAD],
        )

    def run(self, first: FirstRun = lambda each: 0, budget: int = 1 << 30, killed: bool = False) -> Run:
        """Look, decide, read; commit unless it is killed before."""
        reading = decide(self.state, LIVE, self.observe(), first, self.late_window, self.now)
        given: List[bytes] = []
        read: List[int] = []
        results: List[Optional[Read]] = []
        for segment in reading.segments:
            result, places = self._read(segment, budget, given)
            budget -= len(places)
            read += places
            results.append(result)
        run = Run(reading, ledger(reading, results), given)
        if not killed:
            self.state = advance(reading, results)
            for place in read:
                self.reads[place] = self.reads.get(place, 0) + 1
        return run

    def _read(self, segment: Segment, budget: int, given: List[bytes]) -> Tuple[Read, List[int]]:
        file = self.files[segment.path]
        text = self.text(file)
        start = offset = min(segment.start, len(text))
        cause: Optional[Cause] = None
        while offset < len(text):
            end = text.find(b"\n", offset) + 1
            if not end and not (segment.settled and not file.half):
                break
            if offset - start >= budget:
                cause = Cause.BUDGET
                break
            end = end or len(text)
            given.append(text[offset:end])
            offset = end
        ended = cause is None and not file.half
        tail = text[max(0, offset - identity.TAIL) : offset]
        mark = identity.mark(self.device, file.inode, offset, text[: identity.HEAD], tail)
        return Read(mark, len(text), file.modified, ended, cause), file.places[start:offset]

    def present(self) -> Set[int]:
        """The places of all bytes that lie in a file of the log."""
        return {place for each in self.files.values() if not each.half for place in each.places}


def lines_of(run: Run) -> List[str]:
    """The lines a run gave out, as text."""
    return [each.decode().rstrip("\n") for each in run.given]


def ends(first: Callable[[Observed], Optional[int]], paths: Sequence[str]) -> FirstRun:
    """A first run that passes over all but ``paths``."""
    return lambda each: first(each) if each.path in paths else None

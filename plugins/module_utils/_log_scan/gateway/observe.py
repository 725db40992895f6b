# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a log there is now: its file and all that may be generations of it, each opened first and then looked at."""

from __future__ import annotations

import os
from typing import Dict, Iterator, List, Optional, Sequence, Set, Tuple

from ..._common.errors import GatewayError
from ..family import compression_of
from ..identity import HEAD, same_head, same_tail, wanted
from ..model import Generation, LogState, Observed
from .directories import DIRECTORY, Directories, not_answering
from .reading import Text

_Window = Tuple[int, int]  # start, length
_Compared = Tuple[Tuple[int, ...], Tuple[int, ...], bytes]  # same heads, same tails, the opening


def observe(
    path: str, olddirs: Sequence[str], state: Optional[LogState], directories: Optional[Directories] = None
) -> List[Observed]:
    """The file at ``path``, if there is one, and the members of its family, beside it and in ``olddirs``.

    Relative ``olddirs`` are seen from the log's directory. Where ``path`` is a link, what it leads to is the log, and
    its relatives in its own directory belong to the family. A file appears once, under its first name: the log's own,
    then by directory and name. Nothing raises: what cannot be read says why, a directory in its own name.
    """
    directories = directories or Directories()
    hung = directories.mounts.hung(path)
    if hung:
        return [_unreadable(path, not_answering(hung))]
    generations = state.generations if state is not None else ()
    found, places, stale = _look_at_all(path, olddirs, generations, directories)
    moved = stale or _is_missing(generations, found) or _is_another(path, generations, found)
    if moved and [each for each in places if directories.refreshed(each)]:
        # It was renamed, or copied and cut, after its directory was listed: a rotation in this very moment.
        found, places, stale = _look_at_all(path, olddirs, generations, directories)
    return found


def _is_missing(generations: Sequence[Generation], found: Sequence[Observed]) -> bool:
    return any(
        one.mark.inode and not one.finished and not any(_is_there(one, index, each) for each in found)
        for index, one in enumerate(generations)
    )


def _is_another(path: str, generations: Sequence[Generation], found: Sequence[Observed]) -> bool:
    """Whether the file at the log's path is new: there may be generations between it and the last one known."""
    last = generations[-1].mark.inode if generations else 0
    return any(each.path == path and each.inode != last for each in found)


def _is_there(one: Generation, index: int, each: Observed) -> bool:
    """Whether it may lie in that file, as it did. One that was cut does not: there may be a copy of it."""
    if each.inode != one.mark.inode:
        return False
    return bool(each.unreadable) or index in each.same_tail or one.mark.head_length == 0


def _look_at_all(
    path: str, olddirs: Sequence[str], generations: Sequence[Generation], directories: Directories
) -> Tuple[List[Observed], Set[str], bool]:
    """The files, the directories that they were looked for in, and whether one of these has changed since it was listed.

    The log comes first and then what it may become: what is renamed in the meantime is met twice, not missed.
    """
    seen: Set[Tuple[int, int]] = set()
    found: List[Observed] = []
    places: Set[str] = set()
    missing: List[str] = []
    for candidate, live in _candidates(path, olddirs, directories, found, places):
        observed = _look(candidate, compression_of(candidate), generations, live, directories)
        if observed is None:
            missing.append(candidate)
        elif (observed.device, observed.inode) not in seen:
            if observed.inode:
                seen.add((observed.device, observed.inode))
            found.append(observed)
    return found, places, any(_was_listed(each, directories) and not os.path.lexists(each) for each in missing)


def _was_listed(path: str, directories: Directories) -> bool:
    directory, name = os.path.split(path)
    return name in directories.listing(directory).kinds


def _candidates(
    path: str, olddirs: Sequence[str], directories: Directories, found: List[Observed], visited: Set[str]
) -> Iterator[Tuple[str, bool]]:
    """Paths to look at, and whether it is the log's own; directories that cannot be listed go to ``found``."""
    yield path, True
    places = [path]
    if os.path.islink(path):
        places.append(os.path.realpath(path))
    home = os.path.dirname(path)
    done: Set[Tuple[str, str]] = set()
    for place in places:
        directory, name = os.path.split(place)
        for each in (directory, *(os.path.normpath(os.path.join(home, olddir)) for olddir in olddirs)):
            if (each, name) in done:
                continue
            done.add((each, name))
            visited.add(each)
            listing = directories.listing(each)
            if listing.problem:
                found.append(_unreadable(each, f"cannot list it: {listing.problem}"))
            for member in directories.family(each, name):
                member_path = os.path.join(each, member)
                if listing.kinds.get(member) != DIRECTORY and member_path != path:
                    yield member_path, False


def _look(
    path: str, compression: str, generations: Sequence[Generation], live: bool, directories: Directories
) -> Optional[Observed]:
    """One file; None if it is gone, or a member that is no file at all."""
    if not live:
        hung = directories.mounts.hung(path)  # a link
        if hung:
            return _unreadable(path, not_answering(hung))
    try:
        text = Text(path, compression)
    except GatewayError as error:
        if isinstance(error.__cause__, (FileNotFoundError, NotADirectoryError)):
            return None
        if isinstance(error.__cause__, PermissionError):
            return _closed(path, error.cause, compression)
        return _unreadable(path, error.cause) if live else None
    with text:
        heads: Tuple[int, ...] = ()
        tails: Tuple[int, ...] = ()
        opening, unreadable = b"", ""
        try:
            if compression:
                heads, tails, opening = _compare_compressed(text, generations)
            else:
                heads, tails, opening = _compare(text, generations)
        except GatewayError as error:
            unreadable = error.cause
        return Observed(
            path,
            text.device,
            text.inode,
            text.file_size,
            text.modified,
            compression,
            heads,
            tails,
            unreadable,
            opening,
        )


def _compare(text: Text, generations: Sequence[Generation]) -> _Compared:
    """Which generations the text carries on, by its beginning and by what lies before their offset; and how it begins."""
    opening = text.read(0, HEAD)
    heads, tails = [], []
    for index, one in enumerate(generations):
        (_begin, length), (start, tail_length) = wanted(one.mark)
        if not length or len(opening) < length or not same_head(one.mark, opening):
            continue
        heads.append(index)
        if text.file_size >= one.mark.offset and same_tail(one.mark, text.read(start, tail_length)):
            tails.append(index)
    return tuple(heads), tuple(tails), opening


def _compare_compressed(text: Text, generations: Sequence[Generation]) -> _Compared:
    """As above, unpacking no more than it takes.

    An archive that the state knows by device, inode and time is not unpacked again: nobody writes into one.
    """
    same = [
        index
        for index, one in enumerate(generations)
        if (one.mark.device, one.mark.inode, one.modified) == (text.device, text.inode, text.modified)
    ]
    if same:
        compared = tuple(index for index in same if generations[index].mark.head_length)
        return compared, compared, b""
    opening = _windows(text, [(0, HEAD)])[0]
    heads = [index for index, one in enumerate(generations) if one.mark.head_length and same_head(one.mark, opening)]
    if not heads:
        return (), (), opening
    pieces = _windows(text, [wanted(generations[index].mark)[1] for index in heads])
    tails = [index for index, piece in zip(heads, pieces) if same_tail(generations[index].mark, piece)]
    return tuple(heads), tuple(tails), opening


def _windows(text: Text, windows: Sequence[_Window]) -> List[bytes]:
    """Pieces of a compressed text; shorter where it ends before, or is damaged."""
    found: Dict[_Window, bytearray] = {window: bytearray() for window in windows}
    begin = min(start for start, _length in found)
    end = max(start + length for start, length in found)
    position = begin
    blocks = text.blocks(begin, end)
    while position < end:
        try:
            block = next(blocks, b"")
        except GatewayError:
            break  # half written, maybe: what it has is compared, and reading it says so
        if not block:
            break
        for (start, length), piece in found.items():
            first = max(start, position)
            last = min(start + length, position + len(block))
            if first < last:
                piece += block[first - position : last - position]
        position += len(block)
    return [bytes(found[window]) for window in windows]


def _closed(path: str, reason: str, compression: str) -> Observed:
    """A file that may be seen, and not be opened."""
    try:
        status = os.stat(path)
    except OSError:
        return _unreadable(path, reason)
    return Observed(
        path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, compression, unreadable=reason
    )


def _unreadable(path: str, reason: str) -> Observed:
    return Observed(path, 0, 0, 0, 0, unreadable=reason)

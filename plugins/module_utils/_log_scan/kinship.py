# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which file each known generation of a log lies now.

Names say nothing here, since every rotation renames. Two things do: the inode, and the text (its head, and what stood
before the place that was read up to). Either alone deceives: inodes are used again, and texts are copied.
"""

from __future__ import annotations

from functools import partial
from typing import Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Set, Tuple

from . import identity
from .family import compression_of, uncompressed
from .model import Generation, Observed


class Homes(NamedTuple):
    """Where the generations of a log are, by their index in the state."""

    of: Dict[int, Observed]
    short: FrozenSet[int]  # those whose file holds less than what was read of it
    strangers: Tuple[Observed, ...]  # readable files that no generation lies in
    hidden: FrozenSet[int]  # those at whose last path lies what cannot be read: they may be there


def homes(known: Sequence[Generation], path: str, observed: Sequence[Observed]) -> Homes:
    """Find each generation's file. A file is home to one generation, and a generation has one home.

    The strongest evidence takes its pick first, for all generations, before weaker evidence is asked.
    """
    free = {each.path: each for each in observed if not each.unreadable}
    unreadable = {each.path for each in observed if each.unreadable}
    found: Dict[int, Observed] = {}
    short: Set[int] = set()

    def settle(index: int, choices: List[Observed]) -> bool:
        if choices:
            found[index] = choices[0]
            del free[choices[0].path]
        return bool(choices)

    # 1. The same inode and the same text: it is the file itself, whatever it is called now. The newest first, since
    #    an inode that two generations have had belongs to the later one. A device number may change at a reboot.
    by_inode: Dict[int, List[Observed]] = {}
    for each in free.values():
        by_inode.setdefault(each.inode, []).append(each)
    own = [index for index, one in enumerate(known) if not one.copied]
    for index in reversed(own):
        same = by_inode.get(known[index].mark.inode or -1, ())
        itself = [each for each in same if each.path in free and _is_itself(known, index, each)]
        settle(index, sorted(itself, key=lambda each: each.device != known[index].mark.device))
    # Whoever may still lie where it lay, unreadable for now, is not taken for moved on the strength of a copy.
    hidden = {index for index, one in enumerate(known) if one.path in unreadable and index not in found}
    lost = [(index, known[index]) for index in own if index not in found and index not in hidden]
    # 2. The same text under another inode: compressed, copied before it was cut, moved to another file system, restored.
    for index, one in lost:
        if index not in found:
            copies = [each for each in free.values() if _has_text(index, each) and _is_likely(one, each)]
            settle(index, sorted(copies, key=lambda each: _doubt(known, index, path, each)))
    # 3. The same head, and an end before the place that was read up to: a copy that was made a little before, or the
    #    text with its end cut off. Only a long head tells this from a new log that begins alike.
    for index, one in lost:
        if index not in found and identity.is_strong(one.mark):
            cut = [each for each in free.values() if is_shorter(one, index, each)]
            if settle(index, sorted(cut, key=lambda each: _doubt(known, index, path, each))):
                short.add(index)
    # 4. A copy that was being made when it was seen is where the log's text is, once the log was cut. Of several it is
    #    the one that has most of it; while one of them cannot be looked at, nobody can say.
    begun = sorted((index for index, one in enumerate(known) if one.copied), key=lambda index: -known[index].size)
    for index in begun:
        made = [each for each in free.values() if index not in hidden and _is_copy(known[index], index, each)]
        made.sort(key=partial(_has_other_inode, known[index]))
        cut_off = [other for other, each in lost if each.path == path and other not in found]
        if made and made[0].size and cut_off and hidden.isdisjoint(begun):
            settle(cut_off[-1], made)
            if not made[0].compression and made[0].size < known[cut_off[-1]].mark.offset:
                short.add(cut_off[-1])
        else:  # it stays what it was, as long as it is the same file
            settle(index, [each for each in made if each.inode == known[index].mark.inode and not each.compression])
    return Homes(found, frozenset(short), tuple(free.values()), frozenset(hidden))


def original_of(stranger: Observed, known: Sequence[Generation], path: str, there: Homes) -> Optional[int]:
    """The generation that a file is a copy of, though that lies elsewhere; None for a text of its own."""
    for index in there.hidden:
        if stranger.path != path and (_has_text(index, stranger) or is_shorter(known[index], index, stranger)):
            return index  # until the generation can be looked at again, what looks like it is not read
    for index, home in there.of.items():
        at_live, beside = home.path == path, is_beside(stranger.path, home.path)
        strong = identity.is_strong(known[index].mark)
        # A short text may be there twice because a daemon writes the same few lines whenever it starts. It is a copy
        # where copies are made: of the live log, before it is cut; and of a plain one, while it is compressed.
        if _has_text(index, stranger) and (strong or (stranger.path != path and (at_live or beside))):
            return index
        if is_shorter(known[index], index, stranger) and strong and (at_live or beside) and stranger.path != path:
            return index  # a copy in the making
    return None


def seen_of(one: Generation, index: int, there: Homes) -> int:
    """How much of a generation that cannot be looked at has been seen, be it in a copy."""
    copies = [each.size for each in there.strangers if not each.compression and _has_text(index, each)]
    return max([one.size, *copies])


def is_being_copied(stranger: Observed, live: Optional[Observed]) -> bool:
    """Whether a file that nobody knows is a copy of the log that is being made, before the log is cut (copytruncate).

    What it holds is still in the log, and more may come into it. Once the log is cut it is known by what was read.
    """
    if live is None or live.unreadable or live.compression or stranger.compression or stranger.path == live.path:
        return False
    if stranger.size and not stranger.opening:
        return False  # nobody looked
    return live.size >= stranger.size and live.opening[: len(stranger.opening)] == stranger.opening


def is_beside(one: str, other: str) -> bool:
    """Whether two files have one name but for their compression."""
    return one != other and uncompressed(one) == uncompressed(other)


def is_shorter(one: Generation, index: int, each: Observed) -> bool:
    """Whether a file begins as the generation did and ends before the place that was read up to.

    Of an archive its size does not tell; that the place is not in it does.
    """
    if index not in each.same_head or index in each.same_tail:
        return False
    return bool(each.compression) or each.size < one.mark.offset


def _has_text(index: int, each: Observed) -> bool:
    return index in each.same_head and index in each.same_tail


def _is_itself(known: Sequence[Generation], index: int, each: Observed) -> bool:
    one = known[index]
    if _has_text(index, each):
        return True
    if one.finished:  # untouched since: nobody need unpack it again to know it
        return each.modified == one.modified and (bool(each.compression) or each.size == one.size)
    # Empty when it was seen: nothing to compare, and nothing to lose. An archive in its inode is none the less another.
    return one.mark.head_length == 0 and each.compression == compression_of(one.path)


def _has_other_inode(one: Generation, each: Observed) -> bool:
    return each.inode != one.mark.inode


def _is_copy(one: Generation, index: int, each: Observed) -> bool:
    return _has_text(index, each) or (one.mark.head_length == 0 and each.inode == one.mark.inode)


def _is_likely(one: Generation, each: Observed) -> bool:
    """Whether equal text means the same text: a short one that is over may well have been written again,
    though not as an archive: what is known is packed sooner or later."""
    if identity.is_strong(one.mark) or not one.finished:
        return True
    return each.modified == one.modified or bool(each.compression)


def _doubt(known: Sequence[Generation], index: int, path: str, each: Observed) -> Tuple[int, bool, bool, int, str]:
    """Which of several copies a generation lives on in: the least doubtful first."""
    one = known[index]
    if each.path == path:
        # The log's own path, if all of the text is there; but a new log may have begun with the same few lines.
        place = 0 if index == len(known) - 1 and identity.is_strong(one.mark) and each.size >= one.size else 2
    else:
        place = 1
    return place, not is_beside(each.path, one.path), bool(each.compression), each.modified, each.path

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All fragments in one pass: four bytes of text as one character, of which a set is looked for.

``bytes.find`` walks the text once for every literal. ``re`` finds a character of any set at one speed, however large the
set is, but a set of bytes that begins hundreds of literals is met everywhere. So the bytes are put into 15 classes that
are about equally frequent, a class is a hexadecimal digit, four digits are the two bytes of a UTF-16 character, and that
is looked for: as selective as four letters of a literal, at a quarter of the steps. A fragment covers, wherever it
starts, one such unit or most of one; for each of the four ways to fall on the units, the one that is rarest in a sample
is taken.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import Dict, FrozenSet, List, Mapping, Sequence, Set, Tuple

from .literals import Fragment, as_regex

STRIDE = 4  # bytes that are a unit
# Without d: two bytes d8 to df would be a surrogate, which is an error or a character of two units.
_DIGITS = b"0123456789abcef"
_VALUES = {digit: int(chr(digit), 16) for digit in _DIGITS}
_RARE = 2000  # bytes that are less than one in so many share a class
_WIDEST = 1024  # units that one place of a fragment may stand for
_FOLLOWING = 256  # units that one unit may be followed by, to be worth a look
_BY_CHANCE = 0.15  # how often one of all those follows without being meant
_NONE: Tuple[int, ...] = ()
_UNKNOWN = (_DIGITS,) * STRIDE
_COUNTED = 1e-5  # of a fragment that may be more frequent it is counted how often it occurs
Place = Tuple[bytes, ...]  # the classes that are possible for each byte of a unit


@dataclass(frozen=True)
class Found:
    """A fragment that may be where a unit is."""

    fragment: int  # its index
    before: int  # bytes of it before the unit; negative: it starts inside


@dataclass(frozen=True)
class Units:
    """What to look for, and for each which fragments may be there."""

    fragments: Tuple[Fragment, ...]
    table: bytes  # the class of each byte
    found: Mapping[str, Tuple[Found, ...]]
    alone: FrozenSet[str]  # of them, those that are enough
    followed: FrozenSet[str]  # what stands after one of the others
    # What each of the fragments costs, in nanoseconds for a unit of text. Infinite: units do not find it.
    costs: Tuple[float, ...]


@dataclass(frozen=True)
class Costs:
    """Nanoseconds: of a unit that is in the set, and of looking whether a fragment is there."""

    seen: float = 100.0
    met: float = 900.0


UNIT_COSTS = Costs()


class Sample:
    """Which bytes and units are frequent.

    :param digits: those that shall be told from the others.
    """

    def __init__(self, text: bytes, digits: bytes = b"") -> None:
        self._text = text
        self._occurrences: Dict[Fragment, float] = {}
        met = Counter(text)
        counts = [met[code] for code in range(256)]
        self.table = _table(counts, digits)
        self._counts: Dict[int, int] = {ord(each): n for each, n in Counter(as_units(text, self.table)).items()}
        self._total = max(1, sum(self._counts.values()))
        self._bytes = [count / max(1, len(text)) for count in counts]
        self._classes: Dict[bytes, bytes] = {}
        self._rates: Dict[Place, Tuple[Tuple[int, ...], float]] = {}

    def rate(self, unit: int) -> float:
        """The share of the units that are this one."""
        return self._counts.get(unit, 0) / self._total

    def classes(self, fragment: Fragment) -> Place:
        """The classes that are possible for each byte of a fragment."""
        for place in fragment:
            if place not in self._classes:
                self._classes[place] = bytes(sorted(set(place.translate(self.table))))
        return tuple(map(self._classes.__getitem__, fragment))

    def of_place(self, place: Place) -> Tuple[Tuple[int, ...], float]:
        """The units that four bytes of these classes may be, and their share; none if they are too many."""
        known = self._rates.get(place)
        if known is None:
            first, second, third, fourth = place
            if len(first) * len(second) * len(third) * len(fourth) > _WIDEST:
                known = ((), 1.0)
            else:
                value, seen = _VALUES, self._counts
                low = [value[one] << 4 | value[two] for one in first for two in second]
                high = [value[one] << 12 | value[two] << 8 for one in third for two in fourth]
                units = tuple(one | two for one in low for two in high)
                known = (units, sum(seen[unit] for unit in units if unit in seen) / self._total)
            self._rates[place] = known
        return known

    def of_byte(self, code: int) -> float:
        """The share of the bytes that are this one."""
        return self._bytes[code]

    def of_fragment(self, fragment: Fragment) -> float:
        """Occurrences per byte: counted, unless four bytes of it tell that there are next to none."""
        known = self._occurrences.get(fragment)
        if known is None:
            places = self.classes(fragment)
            known = min(
                (self.of_place(places[at : at + STRIDE])[1] for at in range(len(places) - STRIDE + 1)), default=1.0
            )
            if known > _COUNTED:
                known = self._counted(fragment) / max(1, len(self._text))
            self._occurrences[fragment] = known
        return known

    def _counted(self, fragment: Fragment) -> int:
        if all(len(place) == 1 for place in fragment):
            return self._text.count(b"".join(fragment))
        return sum(1 for _each in re.finditer(as_regex(fragment), self._text))


def as_units(text: bytes, table: bytes) -> str:
    """Four bytes as one character; missing bytes at the end are zero."""
    if len(text) % STRIDE:
        text += bytes(-len(text) % STRIDE)
    return unhexlify(text.translate(table)).decode("utf-16-le")


def plan(fragments: Sequence[Fragment], sample: Sample, costs: Costs) -> Units:
    """The cheapest units that find every fragment; the cost of one that is too short or too vague is infinite."""
    chosen: Dict[int, List[Found]] = {}
    alone: Set[int] = set()
    followed: Set[int] = set()
    brought = [0.0] * len(fragments)
    # Who has the least to choose from goes first; what it takes costs the others nothing.
    for index in sorted(range(len(fragments)), key=lambda each: len(fragments[each])):
        length = len(fragments[index])
        places = (*_UNKNOWN, *sample.classes(fragments[index]), *_UNKNOWN)
        for start in range(STRIDE):
            # Those that lie inside, or else those that overlap.
            ways = range(start, length - STRIDE + 1, STRIDE) or range(start - STRIDE, length, STRIDE)
            best: Tuple[int, ...] = ()
            best_next: Tuple[int, ...] = ()
            best_at, least = start, inf
            for at in ways:
                units, rate = sample.of_place(places[at + STRIDE : at + 2 * STRIDE])
                if not units:
                    continue
                if rate and len(units) <= 32:
                    rate = sum(sample.rate(unit) for unit in units if unit not in alone)
                cost, after = rate * costs.met + 1e-4 * len(units), _NONE
                if rate and length - at - STRIDE >= 2:
                    after, next_rate = sample.of_place(places[at + 2 * STRIDE : at + 3 * STRIDE])
                    if after and len(after) <= _FOLLOWING:
                        cost = rate * (costs.seen + costs.met * _BY_CHANCE) + next_rate
                    else:
                        after = _NONE
                if cost < least:
                    best, best_next, best_at, least = units, after, at, cost
            brought[index] += least
            followed.update(best_next)
            if not best_next:
                alone.update(best)
            for unit in best:
                chosen.setdefault(unit, []).append(Found(index, best_at))
    return Units(
        tuple(fragments),
        sample.table,
        {chr(unit): tuple(each) for unit, each in chosen.items()},
        frozenset(map(chr, alone)),
        frozenset(map(chr, followed)),
        tuple(brought),
    )


def _table(counts: Sequence[int], digits: bytes) -> bytes:
    """The class of each byte: one for what is rare, one or two for digits, the others equally frequent."""
    total = sum(counts)
    table = bytearray(_DIGITS[1:2] * 256)
    table[48:58] = _DIGITS[:1] * 10
    left = _DIGITS[2:]
    if digits:
        for code in digits:
            table[code] = left[0]
        left = left[1:]
    loads = dict.fromkeys(left, 0)
    for code in sorted(range(256), key=lambda each: -counts[each]):
        if counts[code] * _RARE > total and not 48 <= code <= 57:
            digit = min(loads, key=lambda each: loads[each])
            loads[digit] += counts[code]
            table[code] = digit
    return bytes(table)

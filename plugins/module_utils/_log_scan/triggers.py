# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to search a log for, so that every record that a pattern matches is found: the cheapest way, by a sample.

The costs are measured ones, in nanoseconds; only their ratios matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Set, Tuple
from typing import Pattern as Regex

from .literals import Choice, Fragment, as_regex, choices_of, literal_of
from .model import LogPattern
from .units import STRIDE, UNIT_COSTS, Costs, Sample, Units, plan

SAMPLED = 1 << 17  # bytes of the sample that are counted
SMALL = 1 << 17  # a text for which choosing would cost more than it saves
LARGE = 1 << 26


@dataclass(frozen=True)
class Speeds:
    """What the steps of a search cost."""

    find: float = 0.75  # a byte, for one needle
    found: float = 250.0  # an occurrence of it
    lower: float = 0.8  # a byte
    units: float = 1.5  # a byte that is made a quarter of a unit
    unit: float = 6.5  # a unit that is looked at
    met: Costs = UNIT_COSTS  # one that is in the set
    setup: float = 2e4  # a fragment that is made units of
    shape: float = 8.0  # a byte, for an expression that starts with a set
    byte: float = 0.15  # a byte, for an expression that starts with a single one
    begun: float = 300.0  # an occurrence of that one
    tried: float = 5000.0  # a record that has what a pattern needs


SPEEDS = Speeds()


@dataclass(frozen=True)
class Triggers:
    """Wherever a pattern matches, one of these is found in the record."""

    needles: Tuple[bytes, ...] = ()  # in the text
    folded: Tuple[bytes, ...] = ()  # in its lower case
    shapes: Tuple["Regex[bytes]", ...] = ()  # anywhere in the text, never across a newline
    units: Optional[Units] = None
    own: Tuple[LogPattern, ...] = ()  # patterns that need nothing in particular: every record is tried
    cost: float = 0.0  # nanoseconds for a byte, as estimated


def choose(patterns: Sequence[LogPattern], sample: bytes, size: int = LARGE, units: bool = True) -> Triggers:
    """The triggers that find every record which one of the patterns matches, at the least cost for a text like the sample.

    :param size: how much there is to search; for little, there is no use in choosing.
    :param units: whether the search can look for units.
    """
    own = tuple(each for each in patterns if not _choices(each))
    size = max(size, len(sample))
    if size <= SMALL:
        fragments = _distinct([_choices(each)[0] for each in patterns if _choices(each)])
        return _found_alone(fragments, own, None, size)
    known = Sample(_thinned(sample), _digits(patterns))
    fragments = _distinct([_rarest(_choices(each), known) for each in patterns if _choices(each)])
    best = _found_alone(fragments, own, known, size)
    if not units or not fragments:
        return best
    # Fragments that are common by all of their units are cheaper to find by themselves.
    planned = plan(fragments, known, SPEEDS.met)
    fitting = [each for each, cost in zip(fragments, planned.costs) if cost < STRIDE * SPEEDS.find]
    if len(fitting) < len(fragments):
        planned = plan(fitting, known, SPEEDS.met)
    within = frozenset(fitting)
    alone = _found_alone([each for each in fragments if each not in within], own, known, size)
    cost = SPEEDS.units + (SPEEDS.unit + sum(planned.costs)) / STRIDE + len(fitting) * SPEEDS.setup / size
    if fitting and cost + alone.cost < best.cost:
        return Triggers(alone.needles, alone.folded, alone.shapes, planned, own, cost + alone.cost)
    return best


def _choices(pattern: LogPattern) -> Tuple[Choice, ...]:
    return choices_of(pattern.regex.pattern, pattern.regex.flags)


def _digits(patterns: Sequence[LogPattern]) -> bytes:
    """Digits that short fragments have, as a status of 500 has: they are told from those of time stamps if they are few."""
    found: Set[bytes] = set()
    for each in patterns:
        for choice in _choices(each):
            for fragment in choice:
                if len(fragment) < 8:
                    found.update(place for place in fragment if len(place) == 1 and place.isdigit())
    return b"".join(sorted(found)) if len(found) <= 2 else b""


def _thinned(sample: bytes) -> bytes:
    """Pieces from all over the sample: logs change their subject every few kilobytes."""
    if len(sample) <= SAMPLED:
        return sample
    piece = SAMPLED // 32
    return b"".join(sample[at : at + piece] for at in range(0, len(sample) - piece, len(sample) // 32))


def _rarest(choices: Sequence[Choice], known: Sample) -> Choice:
    """The choice that is met least often; the better one to the eye where the sample has none of them."""

    def rate(choice: Choice) -> float:
        return sum(map(known.of_fragment, choice)) + 1e-6 * len(choice)

    return min(choices, key=rate)


def _distinct(choices: Sequence[Choice]) -> List[Fragment]:
    """Every fragment once, without those that contain another one."""
    found = dict.fromkeys(fragment for choice in choices for fragment in choice)
    keys: List[bytes] = []  # no place has a newline
    kept: List[Fragment] = []
    for fragment in sorted(found, key=len):
        key = b"\n%s\n" % b"\n".join(fragment)
        if not any(other in key for other in keys):
            keys.append(key)
            kept.append(fragment)
    return kept


# --- each fragment by a search of its own ---


def _found_alone(
    fragments: Sequence[Fragment], own: Tuple[LogPattern, ...], known: Optional[Sample], size: int
) -> Triggers:
    import re

    needles: List[bytes] = []
    folded: List[bytes] = []
    shapes: List[Fragment] = []
    for fragment in fragments:
        text, fold = literal_of(fragment)
        if len(text) < 2:
            shapes.append(_from_its_byte(fragment))
        else:
            (folded if fold else needles).append(text)
    plain, small = _shared(needles, known), _shared(folded, known)
    cost = sum(_cost(each, known) for each in plain + small) + (SPEEDS.lower if small else 0.0)
    for shape in shapes:
        if len(shape[0]) > 1:
            cost += SPEEDS.shape
        else:
            cost += SPEEDS.byte + (SPEEDS.begun * known.of_byte(shape[0][0]) if known else 0.0)
    compiled = tuple(re.compile(as_regex(each)) for each in shapes)
    return Triggers(plain, small, compiled, None, own, cost)


def _from_its_byte(fragment: Fragment) -> Fragment:
    """From the first place on that is one byte: ``re`` finds that quickly."""
    singles = [at for at, place in enumerate(fragment) if len(place) == 1]
    return fragment[singles[0] :] if singles else fragment


def _cost(needle: bytes, known: Optional[Sample]) -> float:
    return SPEEDS.find + ((SPEEDS.found + SPEEDS.tried) * known.of_fragment(_places(needle)) if known else 0.0)


def _places(needle: bytes) -> Fragment:
    return tuple(needle[at : at + 1] for at in range(len(needle)))


def _shared(needles: Sequence[bytes], known: Optional[Sample]) -> Tuple[bytes, ...]:
    """Fewer needles that find the same: one substring instead of several needles, where it is rare enough."""
    left = sorted(set(needles), key=len)
    left = [each for at, each in enumerate(left) if not any(other in each for other in left[:at])]
    if known is None or len(left) > 24:
        return tuple(left)
    while True:
        holders: Dict[bytes, int] = {}
        for each in left:
            parts = {each[at:end] for at in range(len(each) - 2) for end in range(at + 3, min(len(each), at + 12) + 1)}
            for part in parts:
                holders[part] = holders.get(part, 0) + 1
        best, saved = b"", 0.0
        for part, number in holders.items():
            if number > 1:
                gain = (number - 1) * SPEEDS.find - (SPEEDS.found + SPEEDS.tried) * known.of_fragment(_places(part))
                if (gain, len(part), part) > (saved, len(best), best):
                    best, saved = part, gain
        if not best:
            return tuple(left)
        left = [each for each in left if best not in each] + [best]

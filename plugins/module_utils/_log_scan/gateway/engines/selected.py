# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The triggers for engines that look for any number of them in one pass: as rare as they can be, however many."""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Tuple

from ...literals import Choice, Fragment, as_regex, choices_of, literal_of
from ...model import LogPattern
from ...triggers import Triggers

_SHORTEST = 3  # bytes of a literal that is looked for by itself, not with what surrounds it
_SAMPLED = 1 << 16  # bytes of the sample that are counted
_PIECES = 16
_RARE = 2  # in the sample: better than that does not matter


def select(patterns: Sequence[LogPattern], sample: bytes) -> Triggers:
    """Of each pattern the choice that is rarest in the sample, whole and not shared with others.

    Between choices that the sample does not have, the one that seems rarest to the eye.
    """
    counts = _Counts(_thinned(sample))
    own: List[LogPattern] = []
    fragments: Dict[Fragment, None] = {}
    for pattern in patterns:
        choices = choices_of(pattern.regex.pattern, pattern.regex.flags)
        if choices:
            fragments.update(dict.fromkeys(counts.rarest(choices)))
        else:
            own.append(pattern)
    needles: Dict[bytes, None] = {}
    folded: Dict[bytes, None] = {}
    shapes: Dict[bytes, None] = {}
    for fragment in fragments:
        text, fold = literal_of(fragment)
        if len(text) < _SHORTEST:
            shapes[as_regex(fragment)] = None
        else:
            (folded if fold else needles)[text] = None
    return Triggers(
        _without_longer(list(needles)),
        _without_longer(list(folded)),
        tuple(re.compile(each) for each in shapes),
        own=tuple(own),
    )


class _Counts:
    """How often things stand in a sample."""

    def __init__(self, sample: bytes) -> None:
        self._sample = sample
        self._lower = sample.lower()

    def rarest(self, choices: Sequence[Choice]) -> Choice:
        """The first choice that is rare, else the one that is met least often."""
        best, least = choices[0], -1
        for choice in choices:
            met = sum(map(self._met, choice))
            if met <= _RARE:
                return choice
            if least < 0 or met < least:
                best, least = choice, met
        return best

    def _met(self, fragment: Fragment) -> int:
        text, fold = literal_of(fragment)
        if len(text) < _SHORTEST:
            return len(re.findall(as_regex(fragment), self._sample))
        return (self._lower if fold else self._sample).count(text)


def _thinned(sample: bytes) -> bytes:
    """Pieces from all over the sample."""
    if len(sample) <= _SAMPLED:
        return sample
    piece = _SAMPLED // _PIECES
    return b"".join(sample[at : at + piece] for at in range(0, len(sample) - piece, len(sample) // _PIECES))


def _without_longer(literals: Sequence[bytes]) -> Tuple[bytes, ...]:
    """Those that contain no other one: what contains it is found by it."""
    return tuple(each for each in literals if not any(other in each for other in literals if other != each))

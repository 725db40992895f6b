# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does a set of boxes fill a finite space? If not, what is left?

A space is a product of dimensions, each a set of points written as the bits of a number. A box gives, for some
dimensions, the points it covers; in the others it covers all. This is how Deny statements cover requests.
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, Sequence, Tuple

from .budget import Budget

Box = Mapping[int, int]  # dimension → its points that the box covers


def uncovered(sizes: Sequence[int], boxes: Sequence[Box], budget: Budget) -> Iterator[Tuple[int, ...]]:
    """Parts of the space that no box covers, each as a mask of points per dimension; none when the boxes fill it.

    The parts do not overlap and together are everything that is left.

    :param sizes: the number of points of each dimension.
    :raises TooComplex: when that takes more steps than the budget has.
    """
    stack: List[Tuple[List[int], Sequence[Box]]] = [([(1 << size) - 1 for size in sizes], boxes)]
    while stack:
        part, rest = stack.pop()
        while True:
            narrowest: List[int] = []
            chosen: Box = {}
            touching: List[Box] = []
            covered = False
            for box in rest:
                budget.spend(1 + len(box))
                if not all(part[at] & points for at, points in box.items()):
                    continue  # it lies beside this part
                touching.append(box)
                sticks_out = [at for at, points in box.items() if part[at] & ~points]
                if not sticks_out:
                    covered = True
                    break
                if not narrowest or len(sticks_out) < len(narrowest):
                    narrowest, chosen = sticks_out, box
            if covered:
                break
            if not touching:
                yield tuple(part)
                break
            rest = touching
            if len(narrowest) == 1:  # what is left can only be outside in this one dimension
                part[narrowest[0]] &= ~chosen[narrowest[0]]
                continue
            for count in range(len(narrowest) - 1, -1, -1):
                smaller = list(part)
                for at in narrowest[:count]:
                    smaller[at] &= chosen[at]
                smaller[narrowest[count]] &= ~chosen[narrowest[count]]
                stack.append((smaller, rest))
            break

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Boxes against counting every point."""

from __future__ import annotations

import itertools
from typing import Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.boxes import uncovered
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.budget import Budget, TooComplex
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import event, given, settings
from hypothesis import strategies as st

SIZES = (3, 2, 4)
boxes = st.lists(
    st.dictionaries(st.sampled_from([0, 1, 2]), st.integers(0, 15), max_size=3).map(
        lambda box: {at: mask & ((1 << SIZES[at]) - 1) for at, mask in box.items()}
    ),
    max_size=8,
)


@given(boxes)
@settings(derandomize=True, max_examples=tries(200))
def test_what_is_left_is_what_no_box_has(found: List[Dict[int, int]]) -> None:
    points = set(itertools.product(*map(range, SIZES)))
    covered = {point for point in points for box in found if all(mask >> point[at] & 1 for at, mask in box.items())}
    left: List[tuple[int, ...]] = []
    for part in uncovered(SIZES, found, Budget(100_000)):
        left += [point for point in points if all(mask >> at & 1 for mask, at in zip(part, point))]
    event("all covered" if not left else "something left")
    assert len(left) == len(set(left)), "parts overlap"
    assert set(left) == points - covered


def test_a_search_that_takes_too_long_ends() -> None:
    """Every pair of switches may not both be on, and so on: a puzzle, not a policy."""
    pigeons = [
        {hole * 9 + pigeon: 2 for pigeon in pair} for hole in range(8) for pair in itertools.combinations(range(9), 2)
    ]
    pigeons += [{hole * 9 + pigeon: 1 for hole in range(8)} for pigeon in range(9)]
    with pytest.raises(TooComplex):
        next(uncovered([2] * 72, pigeons, Budget(60_000)))

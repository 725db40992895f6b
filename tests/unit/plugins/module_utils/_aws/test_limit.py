# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.limit import AdaptiveLimit
from hypothesis import given, settings
from hypothesis import strategies as st


def _storm(limit: AdaptiveLimit, answers: int) -> None:
    for _answer in range(answers):
        limit.refused()


def test_a_storm_narrows_it_fast() -> None:
    limit = AdaptiveLimit(64)
    _storm(limit, 64)
    assert limit.value == 32
    _storm(limit, 32 + 16 + 10)
    assert limit.value == 4  # a sixteenth: never so few that a recovery goes unnoticed
    _storm(limit, 1000)
    assert limit.value == 4


def test_it_recovers_by_steps() -> None:
    limit = AdaptiveLimit(64)
    _storm(limit, 64)
    seen = []
    for _answer in range(600):
        limit.answered()
        seen.append(limit.value)
    assert seen[31] == 36  # one window of 32, one step of a sixteenth
    assert seen[-1] == 64
    assert sorted(seen) == seen


def test_the_odd_503_does_not_narrow_it() -> None:
    limit = AdaptiveLimit(128)
    for number in range(10_000):
        (limit.refused if number % 100 == 0 else limit.answered)()
        assert limit.value == 128


def test_a_service_with_room_for_ten_is_found() -> None:
    # The service answers ten calls of those in flight and throttles the rest.
    limit = AdaptiveLimit(64)
    values = []
    for _round in range(200):
        in_flight = limit.value
        for number in range(in_flight):
            (limit.answered if number < 10 else limit.refused)()
        values.append(limit.value)
    settled = values[50:]
    assert min(settled) >= 4 and max(settled) <= 16
    assert sum(settled) / len(settled) > 7


@settings(derandomize=True)
@given(most=st.integers(1, 300), answers=st.lists(st.booleans(), max_size=2000))
def test_it_stays_within_its_bounds(most: int, answers: List[bool]) -> None:
    limit = AdaptiveLimit(most)
    for served in answers:
        (limit.answered if served else limit.refused)()
        assert max(1, most // 16) <= limit.value <= most


def test_nothing_may_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least one"):
        AdaptiveLimit(0)

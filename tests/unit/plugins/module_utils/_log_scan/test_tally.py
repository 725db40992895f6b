# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting with a bound: what is said to be certain is, and what is said to be possible covers the truth."""

from __future__ import annotations

from collections import Counter
from typing import List, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import tally
from ansible_collections.day2.ops.plugins.module_utils._log_scan.tally import MOST_CARRIED, MOST_TIMES, Top, Window
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

VALUES = st.lists(st.integers(0, 30).map(str), max_size=200)
TIMES = st.lists(st.integers(0, 3000), max_size=60)


def topped(values: Sequence[str], most: int = 4) -> Top:
    top = Top(most)
    for value in values:
        top.add(value)
    return top


def bounded(top: Top, values: Sequence[str]) -> None:
    truth = Counter(values)
    for value, least, most in top.ranked():
        assert least <= truth[value] <= most
    said = {value for value, _least, _most in top.ranked()}
    assert all(truth[value] <= top._lost for value in truth if value not in said)


@settings(derandomize=True, max_examples=tries(30))
@given(VALUES)
def test_the_truth_lies_between_what_is_certain_and_what_is_possible(values: List[str]) -> None:
    top = topped(values)
    bounded(top, values)
    assert len(top.ranked()) <= 8


@settings(derandomize=True, max_examples=tries(30))
@given(st.lists(st.integers(0, 7).map(str)))
def test_few_values_are_counted_exactly(values: List[str]) -> None:
    assert {value: (least, most) for value, least, most in topped(values).ranked()} == {
        value: (count, count) for value, count in Counter(values).items()
    }


def test_what_is_frequent_stays_whatever_else_comes() -> None:
    top = Top()
    for number in range(20_000):
        top.add("frequent" if number % 4 == 0 else f"once-{number}")
    assert top.ranked()[0][:2] == ("frequent", 5_000)


def densest(times: Sequence[int], span: int, new: Sequence[int]) -> int:
    """The most times in any [start, start + span) that has a new one in it, the slow way."""
    counts = [
        sum(1 for at in times if start <= at < start + span)
        for start in times
        if any(start <= at < start + span for at in new)
    ]
    return max(counts, default=0)


@settings(derandomize=True, max_examples=tries(30))
@given(TIMES, st.integers(1, 800))
def test_the_densest_span_is_found_in_any_order(times: List[int], span: int) -> None:
    window = Window(span / 1000)
    for at in times:
        window.add(at)
    assert window.peak()[0] == densest(times, span, times)


@settings(derandomize=True, max_examples=tries(30))
@given(TIMES, TIMES, st.integers(1, 800))
def test_a_span_may_lie_over_two_runs(first: List[int], second: List[int], span: int) -> None:
    """Also when the second one is later only, as runs are: then nothing of it is missed."""
    later = [at + 3000 for at in second]
    earlier = Window(span / 1000)
    for at in first:
        earlier.add(at)
    window = Window(span / 1000, earlier.recent())
    for at in later:
        window.add(at)
    assert window.peak()[0] == densest(first + later, span, later)


def test_what_was_told_before_is_not_told_again() -> None:
    window = Window(60, [[0, 50]])
    assert window.peak()[0] == 0
    window.add(600_000)
    assert window.peak()[0] == 1
    window.add(59_999)
    assert window.peak() == (51, 0)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_many_times_take_no_more_memory_and_never_tell_too_much(step: int) -> None:
    window = Window(10)
    times = [number * step for number in range(3 * MOST_TIMES)]
    for at in times:
        window.add(at)
    truth = min(len(times), -(-10_000 // step))
    assert 0.9 * truth <= window.peak()[0] <= truth
    assert len(window._times) <= MOST_TIMES
    assert len(window.recent()) <= MOST_CARRIED


@settings(derandomize=True, max_examples=tries(30))
@given(st.lists(st.integers(0, 400), min_size=20, max_size=150), st.integers(64, 300))
def test_rounded_it_is_never_too_many(times: List[int], span: int) -> None:
    known, tally.MOST_TIMES = tally.MOST_TIMES, 10
    try:
        window = Window(span / 1000)
        for at in times:
            window.add(at)
        assert window.peak()[0] <= densest(times, span, times)
        assert len(window._times) <= 10
    finally:
        tally.MOST_TIMES = known

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts over time: none is lost, whatever the width becomes, and all are drawn on one axis."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Sequence

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.timeline import (
    Buckets,
    aligned,
    iso,
    moment,
    second_of,
    spread,
    wider,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.timeline_text import draw, sparkline
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

NOON = int(datetime(2026, 11, 28, 12, tzinfo=timezone.utc).timestamp())
SECONDS = st.lists(st.integers(NOON - 90_000_000, NOON) | st.integers(NOON - 4000, NOON), max_size=80)


def counted(seconds: Sequence[int], most: int = 8) -> Buckets:
    buckets = Buckets(most=most)
    for second in seconds:
        buckets.add(second)
    return buckets


@settings(derandomize=True, max_examples=tries(30))
@given(SECONDS)
def test_nothing_is_lost_and_the_bound_holds(seconds: List[int]) -> None:
    buckets = counted(seconds)
    assert buckets.dated == len(seconds)
    points = list(buckets.points())
    assert len(points) <= 8
    for start, count in points:
        assert count == sum(1 for second in seconds if start <= second < start + buckets.width)


@settings(derandomize=True, max_examples=tries(30))
@given(SECONDS, SECONDS)
def test_two_put_together_are_as_one(first: List[int], second: List[int]) -> None:
    together = counted(first)
    together.merge(counted(second))
    one = counted(first + second)
    one.widen(together.width)
    together.widen(one.width)
    assert list(together.points()) == list(one.points())


@settings(derandomize=True, max_examples=tries(30))
@given(SECONDS, st.integers(0, 9))
def test_it_can_be_read_back(seconds: List[int], undated: int) -> None:
    buckets = counted(seconds)
    buckets.undated = undated
    assert Buckets.of(buckets.as_dict()).as_dict() == buckets.as_dict()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"buckets": 3},
        {"width_seconds": 0, "buckets": []},
        {"width_seconds": True, "buckets": []},
        {"width_seconds": 1, "buckets": [3]},
        {"width_seconds": 1, "buckets": [{"start": "yesterday", "count": 1}]},
        {"width_seconds": 1, "buckets": [{"start": "2026-11-28T12:00:00Z", "count": -1}]},
        {"width_seconds": 1, "buckets": [{"start": "2026-11-28T12:00:00Z", "count": "1"}]},
        {"width_seconds": 1, "buckets": [], "undated": 1.5},
    ],
)
def test_what_is_no_timeline_is_refused(value: Any) -> None:
    with pytest.raises(Day2Error):
        Buckets.of(value)


@pytest.mark.parametrize("width", [1, 60, 86400, 604800, 4 * 604800])
def test_narrow_buckets_lie_within_wide_ones(width: int) -> None:
    for second in range(NOON - 3 * width, NOON, max(1, width // 7)):
        assert aligned(aligned(second, width), wider(width)) == aligned(second, wider(width))


def test_weeks_begin_on_mondays_and_days_at_midnight() -> None:
    assert moment(aligned(NOON, 604800)).isoweekday() == 1
    assert iso(aligned(NOON, 86400)) == "2026-11-28T00:00:00Z"


@pytest.mark.parametrize(
    "written, second",
    [
        ("2026-11-28T12:00:00Z", NOON),
        ("2026-11-28T13:30:00+01:30", NOON),
        ("2026-11-28T12:00:00", NOON),
        ("2026-11-28T12:00:00.999+00:00", NOON),
        ("1969-12-31T23:59:59.500+00:00", -1),
    ],
)
def test_times_are_read_as_they_are_written(written: str, second: int) -> None:
    assert second_of(written) == second


@pytest.mark.parametrize("second", [-(10**18), 10**18])
def test_there_is_a_moment_for_any_second(second: int) -> None:
    assert iso(second).endswith("Z")


@settings(derandomize=True, max_examples=tries(30))
@given(st.dictionaries(st.sampled_from("abc"), SECONDS, max_size=3), st.integers(1, 60))
def test_every_count_is_on_the_axis_or_said_to_be_off_it(given_: Dict[str, List[int]], most: int) -> None:
    series = {name: counted(seconds) for name, seconds in given_.items()}
    drawn = spread(series, most)
    assert drawn.columns <= most
    on = sum(sum(counts) for counts in drawn.counts.values())
    assert on + drawn.earlier + drawn.later == sum(len(seconds) for seconds in given_.values())
    assert all(len(counts) == drawn.columns for counts in drawn.counts.values())
    if drawn.columns:
        assert drawn.highest <= on and drawn.start <= NOON < drawn.stop + 90_000_000


def test_one_wrong_clock_does_not_squeeze_the_others() -> None:
    seconds = [*range(NOON - 3600, NOON, 60), 0, NOON]
    drawn = spread({"all": counted(seconds, 120)}, 60)
    assert (drawn.earlier, drawn.later) == (1, 0)
    assert drawn.width == 300 and sum(drawn.counts["all"]) == 61


def test_years_of_messages_are_drawn_as_years() -> None:
    drawn = spread({"all": counted(range(NOON - 10 * 31_536_000, NOON, 31_536_000), 120)}, 60)
    assert drawn.earlier == drawn.later == 0


def test_what_is_rare_can_be_seen_beside_what_is_frequent() -> None:
    assert sparkline([0, 1, 500, 1000]) == " ▁▄█"
    assert sparkline([]) == ""


def test_the_text() -> None:
    late = counted([NOON - 60, NOON - 60, NOON])
    late.undated = 2
    assert draw({"later": late, "first\nline": counted([NOON - 600])}, 12).splitlines() == [
        f"later       5  {'':9}█▄",
        f"first line  1  █{'':10}",
        "               28 Nov 11:50  28 Nov 12:01 UTC",
        "               a column is 1 minute; 2 without a time",
    ]


def test_the_text_without_times() -> None:
    nothing = Buckets()
    nothing.undated = 3
    assert draw({"a": nothing}) == "a  3\nno times are known"
    assert draw({}) == "nothing was found"

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.compare import Comparison
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "before, now, mark",
    [
        ("fail", "pass", "fixed"),
        ("fail", "fail", "open"),
        ("fail", "exempt", "open"),  # somebody decided, nobody fixed
        ("fail", "unknown", None),
        ("pass", "fail", "new"),
        ("unknown", "fail", "new"),
        ("exempt", "fail", "new"),
        (None, "fail", "new"),
        ("pass", "pass", None),
        ("pass", "unknown", None),
        ("exempt", "exempt", None),
        (None, "exempt", None),
    ],
)
def test_marks(before, now, mark):
    comparison = Comparison([("x", before)] if before else [])
    assert comparison.mark("x", Status(now)) == mark
    expected = dict.fromkeys(("new", "fixed", "open", "not_seen"), 0)
    if mark:
        expected[mark] = 1
    elif before == "fail":
        expected["not_seen"] = 1
    assert comparison.counts() == expected


def test_what_is_absent_now_was_not_seen():
    comparison = Comparison(iter([("a", "fail"), ("b", "fail"), ("b", "fail"), ("c", "pass")]))
    comparison.mark("a", Status.FAIL)
    assert comparison.counts() == {"new": 0, "fixed": 0, "open": 1, "not_seen": 1}


runs = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(Status))


@settings(derandomize=True)
@given(runs, runs)
def test_counts_add_up(before, now):
    comparison = Comparison((id, status.value) for id, status in before.items())
    marks = [comparison.mark(id, status) for id, status in now.items()]
    counts = comparison.counts()
    assert {mark: marks.count(mark) for mark in ("new", "fixed", "open")} == {
        mark: counts[mark] for mark in ("new", "fixed", "open")
    }
    assert counts["fixed"] + counts["open"] + counts["not_seen"] == list(before.values()).count(Status.FAIL)


def test_200_000_failures_take_little_memory():
    tracemalloc.start()
    try:
        comparison = Comparison((f"aws:111122223333:bucket-{n}:check", "fail") for n in range(200_000))
        size, _unused = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size < 2_500_000
    assert comparison.mark("aws:111122223333:bucket-199999:check", Status.PASS) == "fixed"
    assert comparison.mark("aws:111122223333:bucket-200000:check", Status.PASS) is None

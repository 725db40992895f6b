# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.plan import MAX_DIFF, Change, Plan
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def test_an_empty_plan_is_false() -> None:
    assert not Plan() and len(Plan()) == 0 and Plan().as_diff() == []
    assert Plan((Change("a", "policy", None, None),))


@pytest.mark.parametrize(
    "value, shown",
    [
        (None, ""),
        ("", "\n"),
        ("text", "text\n"),
        ("text\n", "text\n"),
        ({"b": 1, "a": "ü"}, '{\n  "a": "ü",\n  "b": 1\n}\n'),
        ([], "[]\n"),
        (False, "false\n"),
        (0, "0\n"),
    ],
)
def test_what_a_diff_shows(value: Any, shown: str) -> None:
    (entry,) = Plan((Change("bucket-a", "policy", value, None),)).as_diff()
    assert entry == {
        "before_header": "bucket-a (policy)",
        "after_header": "bucket-a (policy)",
        "before": shown,
        "after": "",
    }


@settings(derandomize=True)
@given(before=JSON, after=JSON)
def test_a_diff_is_text_that_ends_with_its_line(before: Any, after: Any) -> None:
    change = Change("r", "a", before, after, "why")
    (entry,) = Plan((change,)).as_diff()
    for side, value in (("before", before), ("after", after)):
        assert entry[side] == "" if value is None else entry[side].endswith("\n")
        if value is not None and not isinstance(value, str):
            assert json.loads(entry[side]) == value


def test_a_diff_is_bounded_and_says_what_it_leaves_out() -> None:
    policy = {"Statement": ["x" * 10_000]}
    diff = Plan(tuple(Change(f"b-{number}", "policy", None, policy) for number in range(2000))).as_diff()
    shown = len(diff) - 1
    assert 0 < shown * 10_000 < MAX_DIFF
    assert len(json.dumps(diff)) < MAX_DIFF + 20_000
    assert diff[-1] == {
        "prepared": f"{2000 - shown} of 2000 changes are not shown: a diff has at most 262144 characters\n"
    }


def test_what_is_too_long_for_a_diff_hides_nothing_else() -> None:
    long, short = Change("a", "policy", "", "x" * MAX_DIFF), Change("b", "policy", "", "x")
    first, rest = Plan((long, short)).as_diff()
    assert first["after_header"] == "b (policy)"
    assert rest["prepared"].startswith("1 of 2 changes")

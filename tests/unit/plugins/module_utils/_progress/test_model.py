# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.day2.ops.plugins.module_utils._progress.model import Progress, decode, encode
from hypothesis import given, settings
from hypothesis import strategies as st

REPORTS = st.builds(
    Progress,
    stage=st.text(max_size=20),
    done=st.integers(0, 10**9),
    total=st.none() | st.integers(0, 10**9),
    unit=st.text(max_size=10),
    note=st.text(max_size=30),
    pid=st.integers(0, 2**22),
)
WHOLE = '{"stage":"a","done":%s,"total":1,"unit":"b","note":"","pid":1}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    "progress, sentence",
    [
        (Progress("audit", 0, None, "buckets"), "audit: 0 buckets"),
        (Progress("audit", 120, 1000, "buckets", "3 fail"), "audit: 120 of 1,000 buckets (12 %), 3 fail"),
        (Progress("audit", 999, 1000, "buckets"), "audit: 999 of 1,000 buckets (99 %)"),  # not 100 before it is done
        (Progress("audit", 0, 0, "buckets"), "audit: 0 of 0 buckets"),
    ],
)
def test_sentence(progress: Progress, sentence: str) -> None:
    assert progress.sentence() == sentence


@settings(derandomize=True)
@given(progress=REPORTS)
def test_a_report_is_one_line_and_comes_back(progress: Progress) -> None:
    line = encode(progress)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert decode(line.decode()) == progress


@settings(derandomize=True)
@given(
    line=st.text()
    | JSON.map(json.dumps)
    | REPORTS.flatmap(lambda one: st.integers(0, 200).map(lambda end: encode(one).decode()[:end]))
    | st.dictionaries(st.sampled_from(["stage", "done", "total", "unit", "note", "pid"]), JSON).map(json.dumps)
)
def test_garbage_is_no_report_and_no_error(line: str) -> None:
    found = decode(line)
    assert found is None or found.sentence()


@pytest.mark.parametrize(
    "line", ["", "null", "[]", "7", '"stage"', "{}", "[" * 100_000, WHOLE % "1e999", WHOLE % "NaN"]
)
def test_hostile_lines(line: str) -> None:
    assert decode(line) is None
